package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenor"
	"tenor/cmd/tenor/newsroom"
	"tenor/store"
)

func TestDemoCollectsTheNewsroom(t *testing.T) {
	db := filepath.Join(t.TempDir(), "demo.db")
	_, stderr := wants(t, exitDone, "demo", "--no-serve", "--db", db)
	if !strings.Contains(stderr, "Collected in") {
		t.Errorf("it says %q", stderr)
	}
	s, err := store.Open(t.Context(), db, store.Options{ReadOnly: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	totals, err := s.Totals(t.Context())
	if err != nil || totals.Articles < 40 || totals.People < 25 || totals.Quotes < 150 {
		t.Errorf("the store holds %+v (%v)", totals, err)
	}
	line, err := s.Timeline(t.Context(), tenor.Filter{Subjects: []tenor.Subject{"small-caps"}})
	if err != nil {
		t.Fatal(err)
	}
	numbers, gaps := 0, 0
	for _, p := range line.Points {
		if p.Number {
			numbers++
		}
		if p.N() == 0 {
			gaps++
		}
	}
	if numbers < 200 || gaps == 0 {
		t.Errorf("the series has a net on %d days and %d days of gap", numbers, gaps)
	}
	results, err := s.Search(t.Context(), tenor.Filter{}, "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results.Records {
		for _, name := range newsroom.NeverQuoted() {
			if strings.Contains(r.Speaker, name) {
				t.Errorf("%s is quoted: hidden text, or a page closed to robots, was read", name)
			}
		}
	}
	wants(t, exitUsage, "demo", "--db", db)
}

// newsroomServer serves the newsroom on loopback and writes a configuration for
// it, with a pause of nothing between requests.
func newsroomServer(t *testing.T, served func(path string)) (config string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + listener.Addr().String()
	news := newsroom.Handler(base)
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served(r.URL.Path)
		news.ServeHTTP(w, r)
	})}}
	server.Start()
	t.Cleanup(server.Close)
	return writeFile(t, "tenor.toml", newsroom.Config(base))
}

// isStory reports whether a path of the newsroom is an article's.
func isStory(path string) bool { return strings.HasPrefix(path, "/harbor-ledger/20") }

func TestStoppedCrawlGoesOnAndFetchesNothingTwice(t *testing.T) {
	var mu sync.Mutex
	hits := map[string]int{}
	var stories atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	config := newsroomServer(t, func(path string) {
		mu.Lock()
		hits[path]++
		mu.Unlock()
		if isStory(path) && stories.Add(1) == 3 {
			stop()
		}
	})
	db := filepath.Join(t.TempDir(), "t.db")
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: testClock}
	if code := run(ctx, a, []string{"crawl", "-c", config, "--db", db}); code != exitFailed || !strings.Contains(errs.String(), "Run the same command again to go on") {
		t.Fatalf("the stopped crawl ended with %d: %s", code, &errs)
	}
	_, stderr := wants(t, exitDone, "crawl", "-c", config, "--db", db)
	s, err := store.Open(t.Context(), db, store.Options{ReadOnly: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if totals, err := s.Totals(t.Context()); err != nil || totals.Articles < 40 {
		t.Errorf("after going on the store holds %+v (%v)\n%s", totals, err, stderr)
	}
	wants(t, exitDone, "crawl", "-c", config, "--db", db)
	mu.Lock()
	defer mu.Unlock()
	for path, n := range hits {
		// What was in the air when the crawl was stopped may be asked for once more.
		if isStory(path) && n > 2 {
			t.Errorf("%s was fetched %d times in three runs", path, n)
		}
	}
}

func TestCrawlRefusesPrivateAddressesAndGoesOn(t *testing.T) {
	t.Chdir(t.TempDir())
	var hit atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hit.Store(true) }))
	defer server.Close()
	_, stderr := wants(t, exitFailed, "crawl", server.URL, "--db", "t.db")
	if !strings.Contains(stderr, "--allow-private") || hit.Load() {
		t.Errorf("asked %v, and it says %q", hit.Load(), stderr)
	}
}

func TestMalformedConfigurationNamesItsLine(t *testing.T) {
	config := writeFile(t, "tenor.toml", "[[source]]\nname = \"ledger\"\nurl = \n")
	_, stderr := wants(t, exitUsage, "crawl", "-c", config, "--db", filepath.Join(t.TempDir(), "t.db"))
	if !strings.Contains(stderr, "tenor.toml, line 3") {
		t.Errorf("it says %q", stderr)
	}
}

// The store is not opened before the configuration is read: a mistake leaves no
// empty file behind.
func TestMistakesLeaveNoStoreBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	wants(t, exitUsage, "crawl", "-c", writeFile(t, "tenor.toml", "nonsense"), "--db", "t.db")
	if _, err := os.Stat("t.db"); err == nil {
		t.Error("a store was made")
	}
}

func TestServeShowsWhatWasImported(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	wants(t, exitDone, "import", writeFile(t, "story.txt", story), "--db", db)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		a := &app{stdin: strings.NewReader(""), stdout: writer, stderr: io.Discard, now: testClock}
		ended <- run(ctx, a, []string{"serve", "--db", db, "--addr", "127.0.0.1:0"})
	}()
	address, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"": "Consensus", "quotes?q=rebound": "Bo Reed", "quotes.csv?dialect=raw": "quote_id,published",
		"quotes.jsonl": `"speaker":"Ada Quill"`, "articles/1": "Small caps wake up", "articles/1#why": `class="weights"`, "sources": "import",
	} {
		response, err := http.Get(strings.TrimSpace(address) + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("/%s answers %s without %q", path, response.Status, want)
		}
		if response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("/%s has no Content-Security-Policy", path)
		}
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("stopping the server gave status %d", code)
	}
	wants(t, exitUsage, "serve", "--db", db, "--addr", "0.0.0.0:0")
}

// The newsroom declares its quotes, so the tagger can be held to them where no
// other labelled articles are at hand.
func TestTaggerOnTheNewsroom(t *testing.T) {
	var gold bytes.Buffer
	if err := newsroom.WriteGold(&gold, "http://127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	stdout, _ := wants(t, exitDone, "eval", writeFile(t, "newsroom.jsonl", gold.String()))
	for name, floor := range map[string]float64{
		"attribution_precision": 0.82, "attribution_f1": 0.76, "firm_accuracy": 0.80, "stance_accuracy": 0.68,
	} {
		_, rest, found := strings.Cut(stdout, name)
		value, err := strconv.ParseFloat(strings.Fields(rest + " x")[0], 64)
		if !found || err != nil || value < floor {
			t.Errorf("%s is %v, it was %.2f:\n%s", name, value, floor, stdout)
		}
	}
}
