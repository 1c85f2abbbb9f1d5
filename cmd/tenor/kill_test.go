package main

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"tenor/cmd/tenor/newsroom"
)

var kills = flag.Int("kills", 3, "how often TestKilledCrawlLosesAndDoublesNothing kills a crawl")

// asProgram in the environment makes the test binary be tenor itself, so that a
// test can kill it.
const asProgram = "TENOR_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(context.Background(), newApp(), os.Args[1:]))
	}
	flag.Parse()
	os.Exit(m.Run())
}

// countedSite passes requests on and counts them; killAt is called with the n-th.
type countedSite struct {
	http.Handler
	mu       sync.Mutex
	requests int
	killAt   int
	kill     func()
}

func (w *countedSite) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	if w.requests++; w.requests == w.killAt {
		w.kill()
	}
	w.mu.Unlock()
	w.Handler.ServeHTTP(rw, r)
}

func (w *countedSite) begin(killAt int, kill func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.killAt, w.kill = 0, killAt, kill
}

// A crawl that is killed at random moments and begun again ends with the store of a
// crawl that nobody disturbed, row for row (hazard H25). go test -run Killed
// ./cmd/tenor -kills 100 does it thoroughly.
func TestKilledCrawlLosesAndDoublesNothing(t *testing.T) {
	site := &countedSite{}
	server := httptest.NewServer(site)
	defer server.Close()
	site.Handler = newsroom.Handler(server.URL)
	dir := t.TempDir()
	config := filepath.Join(dir, "tenor.toml")
	text := strings.Replace(newsroom.Config(server.URL), `delay = "10ms"`, `delay = "0s"`, 1)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	// crawl reports whether the program came to its end.
	crawl := func(db string, killAt int, delay time.Duration) bool {
		var output bytes.Buffer
		c := exec.CommandContext(t.Context(), os.Args[0], "crawl", "--config", config, "--db", db)
		c.Env = append(os.Environ(), asProgram+"=1")
		c.Stdout, c.Stderr = &output, &output
		started, killed := make(chan struct{}), make(chan struct{})
		site.begin(killAt, func() {
			time.AfterFunc(delay, func() {
				<-started // it may ask before Start has come back here
				c.Process.Kill()
				close(killed)
			})
		})
		err := c.Start()
		close(started)
		if err == nil {
			err = c.Wait()
		}
		select {
		case <-killed: // perhaps when it had ended by itself
			return err == nil
		default:
		}
		if err != nil {
			t.Fatalf("crawl: %v\n%s", err, output.String())
		}
		return true
	}
	undisturbed := filepath.Join(dir, "undisturbed.db")
	crawl(undisturbed, 0, 0)
	want := rows(t, undisturbed)
	requests := site.requests
	if requests < 60 || len(want) < 200 {
		t.Fatalf("%d requests, %d rows: the newsroom is not what this test was made for", requests, len(want))
	}

	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for done, round := 0, 0; done < *kills; round++ {
		db := filepath.Join(dir, fmt.Sprintf("killed-%d.db", round))
		for ended := false; !ended; {
			killAt := 0
			if done < *kills {
				killAt = 1 + random.IntN(requests)
			}
			if ended = crawl(db, killAt, time.Duration(random.IntN(30))*time.Millisecond); !ended {
				done++
			}
		}
		got := rows(t, db)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d, store %d, after %d kills:\n%s", seed, round, done, difference(got, want))
		}
		for _, path := range []string{db, db + "-wal", db + "-shm"} {
			os.Remove(path)
		}
	}
}

// rows are all rows of a store that say something of what was collected, in an order
// of their own: without row numbers and times of the clock.
func rows(t *testing.T, path string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, query := range map[string]string{
		"sources": `SELECT name, last_success IS NULL, last_error, error_streak > 0 FROM sources`,
		"fetches": `SELECT url, source, kind, depth, entry, state, reason, status, bytes, title, published, published_source FROM fetches WHERE entry = 0`,
		// A crawl that is begun again asks for the lists again, and may find them unchanged.
		"lists":    `SELECT url, source, depth, state, iif(status = 304, 200, status), iif(status = 304, '', reason) FROM fetches WHERE entry = 1`,
		"articles": `SELECT key, url, outlet, title, authors, published, published_precision, page_type, language, forwarded, truncated, source, text, hex(packed) FROM articles`,
		"pages":    `SELECT a.key, p.url, p.status, p.truncated, p.sha256, p.size FROM pages p JOIN articles a ON a.id = p.article_id`,
		"quotes": `SELECT a.key, q.id, p.name, f.name, q.kind, q.speaker_type, q.stance, q.claim, q.horizon, q.subject, q.themes, q.confidence, q.copies,
			q.label_source, q.cluster_id, q.copy_key, q.speaker, q.firm, q.role, q.spans, q.evidence, q.text, q.resolved, q.attribution
			FROM quotes q JOIN articles a ON a.id = q.article_id LEFT JOIN people p ON p.id = q.person_id LEFT JOIN firms f ON f.id = q.firm_id`,
		"themes":   `SELECT q.id, t.theme FROM quote_themes t JOIN quotes q ON q.seq = t.seq`,
		"index":    `SELECT count(*) FROM quotes_fts`,
		"found":    `SELECT q.id FROM quotes_fts JOIN quotes q ON q.seq = quotes_fts.rowid WHERE quotes_fts MATCH 'market OR caps OR rates'`,
		"people":   `SELECT name, institution FROM people`,
		"firms":    `SELECT name FROM firms`,
		"left out": `SELECT source, reason, count FROM left_out`,
		"check":    `SELECT integrity_check FROM pragma_integrity_check`,
	} {
		all = append(all, table(t, db, name, query)...)
	}
	slices.Sort(all)
	return all
}

func table(t *testing.T, db *sql.DB, name, query string) (list []string) {
	t.Helper()
	result, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer result.Close()
	columns, err := result.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for result.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := result.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var line strings.Builder
		line.WriteString(name)
		for _, v := range values {
			fmt.Fprintf(&line, " | %v", *v.(*any))
		}
		list = append(list, line.String())
	}
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// difference shows the first rows that only one of two sorted lists has.
func difference(got, want []string) string {
	var b strings.Builder
	show := func(mark string, list, other []string) {
		n := 0
		for _, row := range list {
			if _, ok := slices.BinarySearch(other, row); !ok && n < 5 {
				fmt.Fprintf(&b, "%s %.400s\n", mark, row)
				n++
			}
		}
	}
	show("only after kills:", got, want)
	show("only undisturbed:", want, got)
	fmt.Fprintf(&b, "%d rows, %d undisturbed\n", len(got), len(want))
	return b.String()
}
