package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenor/crawler"
	"tenor/store"
)

var longCrawl = flag.Int("crawl-pages", 0, "pages of the crawl whose memory TestMemoryOfALongCrawl looks at, such as 20000; 0 skips it")

// market is a site of invented market stories of 7.4 KB with 21 links each, all of them in
// its sitemap.
type market struct {
	*httptest.Server
	pages    int
	requests atomic.Int64
	at       func(request int64) // called with each request for a story
}

func newMarket(tb testing.TB, pages int) *market {
	m := &market{pages: pages, at: func(int64) {}}
	var links strings.Builder
	for i := range 21 {
		fmt.Fprintf(&links, `<li><a href="/markets/%d/small-caps-rose-again">Small caps, part %d</a></li>`, i, i)
	}
	// What makes stories differ, so that they are no copies of each other.
	names := strings.Fields("Okafor Rehn Quill Marsh Penn Tolliver Ambrose Castell Varga Holm Adeyemi Brandt Sorrel Whitlock Nakano Duval")
	firms := strings.Fields("Larkspur Meadow Harbour Terrace Kelvin Orchard Brightwater")
	filler := strings.Repeat("<p>Trading was thin in the afternoon, and the index of smaller companies ended the day where it had begun it.</p>\n", 44)
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		switch _, err := fmt.Sscanf(r.URL.Path, "/markets/%d/", &i); {
		case r.URL.Path == "/sitemap.txt":
			w.Header().Set("Content-Type", "text/plain")
			for i := range m.pages {
				fmt.Fprintf(w, "%s/markets/%d/small-caps-rose-again\n", m.URL, i)
			}
		case err != nil:
			http.NotFound(w, r)
		default:
			m.at(m.requests.Add(1))
			name, firm := names[i%len(names)], firms[i%len(firms)]
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Small caps, part %d</title><meta property="article:published_time" content="2025-%02d-%02dT09:00:00Z">
				<ul>%s</ul><article><h1>Small caps rose again, part %d</h1>
				<p>“Small caps are cheap and the rally has room to run for %d more weeks,” said Ada %s, chief strategist at %s Research.</p>
				<p>Bo %s, an economist at %s Bank, warned that falling profits could end the rebound after %d points.</p>%s</article></html>`,
				i, i%12+1, i%28+1, &links, i, i, name, firm, name, firm, i, filler)
		}
	}))
	tb.Cleanup(m.Close)
	return m
}

func (m *market) config() crawler.Config {
	return crawler.Config{Delay: crawler.NoDelay, Connections: 16, MaxPages: m.pages, AllowPrivate: []string{m.Listener.Addr().String()},
		Sources: []crawler.Source{{Name: "market", URL: m.URL + "/sitemap.txt", Kind: "sitemap"}}}
}

func crawlMarket(ctx context.Context, tb testing.TB, m *market) error {
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: testClock}
	s, err := store.Open(tb.Context(), filepath.Join(tb.TempDir(), "t.db"), store.Options{Create: true, Now: a.now})
	if err != nil {
		tb.Fatal(err)
	}
	defer s.Close()
	return a.crawlInto(ctx, s, m.config(), m.config().Sources)
}

// BenchmarkCrawlWhole is a crawl with everything on: extraction, tagging, storing.
func BenchmarkCrawlWhole(b *testing.B) {
	m := newMarket(b, 2000)
	for b.Loop() {
		if err := crawlMarket(b.Context(), b, m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(m.requests.Load())/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkCrawlCancel is how long a crawl takes to end when it is told to: with
// servers that do not answer, and in the middle of its work. Either way a thousand
// addresses go back into the queue.
func BenchmarkCrawlCancel(b *testing.B) {
	for name, hang := range map[string]bool{"hanging": true, "working": false} {
		b.Run(name, func(b *testing.B) {
			m := newMarket(b, 2000)
			release := make(chan struct{})
			defer close(release)
			var total, worst time.Duration
			for b.Loop() {
				ctx, cancel := context.WithCancel(b.Context())
				var told time.Time
				var once sync.Once
				stop := int64(16)
				if !hang {
					stop = 200
				}
				m.requests.Store(0)
				m.at = func(n int64) {
					if n >= stop {
						once.Do(func() {
							told = time.Now()
							cancel()
						})
					}
					if hang {
						<-release
					}
				}
				if err := crawlMarket(ctx, b, m); !errors.Is(err, context.Canceled) {
					b.Fatal(err)
				}
				total, worst = total+time.Since(told), max(worst, time.Since(told))
			}
			b.ReportMetric(float64(total.Milliseconds())/float64(b.N), "ms/cancel")
			b.ReportMetric(float64(worst.Milliseconds()), "ms-worst")
		})
	}
}

// The memory of a crawl does not grow with what it has done. This runs the program
// itself and looks at what the system gave it, at a tenth of the way and at the end.
func TestMemoryOfALongCrawl(t *testing.T) {
	if *longCrawl == 0 {
		t.Skip("long: go test -run MemoryOfALongCrawl ./cmd/tenor -crawl-pages 20000 -v")
	}
	m := newMarket(t, *longCrawl)
	dir := t.TempDir()
	config := filepath.Join(dir, "tenor.toml")
	text := fmt.Sprintf("[crawl]\ndelay = \"0s\"\nconnections = 16\nmax_pages = %d\nallow_private = [%q]\n[[source]]\nname = \"market\"\nkind = \"sitemap\"\nurl = %q\n",
		m.pages, m.Listener.Addr().String(), m.URL+"/sitemap.txt")
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	c := exec.CommandContext(t.Context(), os.Args[0], "crawl", "--config", config, "--db", filepath.Join(dir, "t.db"))
	c.Env = append(os.Environ(), asProgram+"=1")
	c.Stdout, c.Stderr = &output, &output
	var mu sync.Mutex
	rss := map[int64]int{}
	early, late := int64(m.pages/10), int64(m.pages*99/100)
	m.at = func(n int64) {
		if n%(int64(m.pages)/20) != 0 && n != early && n != late {
			return
		}
		statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", c.Process.Pid))
		if err != nil {
			return
		}
		pages, _ := strconv.Atoi(strings.Fields(string(statm))[1])
		threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", c.Process.Pid))
		mu.Lock()
		defer mu.Unlock()
		rss[n] = pages * os.Getpagesize() >> 20
		t.Logf("%d pages: %d MiB, %d threads", n, rss[n], len(threads))
	}
	start := time.Now()
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	t.Logf("%.0f pages/s", float64(m.requests.Load())/time.Since(start).Seconds())
	if rss[early] == 0 {
		t.Skip("there is no /proc here to see memory in")
	}
	if rss[late] > rss[early]*6/5 {
		t.Errorf("%d MiB after %d pages, %d MiB after %d", rss[early], early, rss[late], late)
	}
}
