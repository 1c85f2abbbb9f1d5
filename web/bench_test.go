package web

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tenor"
	"tenor/store"
)

var benchDB = flag.String("db", "", "the store that BenchmarkClients asks, as serve would; a small one without")

// BenchmarkClients is fifty readers who ask all the time: what each waits, and how many
// are sent away. A query may take its second.
func BenchmarkClients(b *testing.B) {
	var s Store = seeded(b)
	if *benchDB != "" {
		big, err := store.Open(b.Context(), *benchDB, store.Options{ReadOnly: true, Resident: true})
		if err != nil {
			b.Fatal(err)
		}
		defer big.Close()
		time.Sleep(30 * time.Second) // its columns are read
		s = big
	}
	server := httptest.NewServer(handlerOf(b, s, Options{QueryTime: time.Second}))
	defer server.Close()
	addresses := []string{
		"/quotes?q=market&stance=fragile&theme=rates", "/quotes?q=small&subject=small-caps", "/quotes?stance=bullish", "/quotes?q=credit",
		"/api/v1/timeline?subject=small-caps&theme=rates", "/", "/articles/1", "/quotes?q=soft+landing&sort=relevance",
	}
	var mu sync.Mutex
	var took []time.Duration
	failed := map[int]int{}
	work := make(chan string)
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			for address := range work {
				begin := time.Now()
				status := 0
				if res, err := http.Get(server.URL + address); err == nil {
					io.Copy(io.Discard, res.Body)
					res.Body.Close()
					status = res.StatusCode
				}
				mu.Lock()
				if took = append(took, time.Since(begin)); status != http.StatusOK {
					failed[status]++
				}
				mu.Unlock()
			}
		})
	}
	for i := range 50 * max(b.N, 20) {
		work <- addresses[i%len(addresses)]
	}
	close(work)
	clients.Wait()
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
	b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "pages/s")
	for status, n := range failed {
		b.Logf("status %d: %d of %d", status, n, len(took))
	}
}

// BenchmarkEveryPage is what the server works for each page until it is sent, asked for
// something else each time, on the store of -db: make bench-web. The first is apart: it
// has what later ones find in memory.
func BenchmarkEveryPage(b *testing.B) {
	if *benchDB == "" {
		b.Skip("no store named: make bench-web")
	}
	s, err := store.Open(b.Context(), *benchDB, store.Options{ReadOnly: true, Resident: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	asked := somePlaces(b, s, 40)
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(time.Second) {
		if _, err := s.Timeline(b.Context(), tenor.Filter{}); err == nil {
			break // its columns are read
		}
	}
	tagger().Warm() // as serve does
	h := handlerOf(b, s, Options{QueryTime: time.Minute, Explainer: tagger(), Now: time.Now})
	for i, page := range asked[0].scenes() {
		if page.status != 0 {
			continue
		}
		b.Run(page.name, func(b *testing.B) {
			var took []time.Duration
			var first time.Duration
			worked := cpuTime()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+asked[len(took)%len(asked)].scenes()[i].address, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				begin := time.Now()
				if w := send(h, r); w.Code != http.StatusOK {
					b.Fatalf("%s answers %d", r.URL, w.Code)
				}
				if took = append(took, time.Since(begin)); first == 0 {
					first = took[0]
				}
			}
			worked = cpuTime() - worked
			slices.Sort(took)
			b.ReportMetric(first.Seconds()*1e3, "first-ms")
			b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
			b.ReportMetric(took[len(took)*95/100].Seconds()*1e3, "p95-ms")
			b.ReportMetric(worked.Seconds()*1e3/float64(len(took)), "cpu-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// cpuTime is the time that all threads have worked: on a busy machine it says more than
// the clock.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// somePlaces are places of a large store, spread over its days.
func somePlaces(b *testing.B, s *store.Store, n int) []places {
	last, err := s.Search(b.Context(), tenor.Filter{}, "", 1)
	if err != nil || len(last.Records) == 0 {
		b.Fatalf("a store without quotes (%v)", err)
	}
	var list []places
	for i := range n {
		day := last.Records[0].Published.Time.AddDate(0, 0, -90*i)
		until := tenor.DayOf(day)
		found, err := s.Search(b.Context(), tenor.Filter{To: &until, SpeakerTypes: []tenor.SpeakerType{tenor.Analyst}}, "", 5)
		if err != nil {
			b.Fatal(err)
		}
		if len(found.Records) == 0 {
			break
		}
		q := found.Records[i%len(found.Records)]
		list = append(list, places{
			copied: q.ID, contradicted: q.ID, corrected: q.ID, removed: q.ID, article: q.ArticleID, changed: q.ArticleID,
			analyst: q.Speaker, firm: q.Firm, outlet: q.Outlet, subject: string(q.Subject), word: strings.Fields(q.Text())[0],
			day: day.Format(time.DateOnly), moved: day.AddDate(0, -3, 0).Format(time.DateOnly) + ".." + day.Format(time.DateOnly),
		})
	}
	return list
}

func BenchmarkPages(b *testing.B) {
	h := handlerOf(b, seeded(b), Options{})
	for _, address := range []string{"/", "/quotes", "/quotes?q=small&stance=bullish", "/articles/1", "/api/v1/timeline", "/quotes.csv"} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				if w := ask(b, h, address); w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// BenchmarkReasons is what the weights add to the page of an article, of three quotes
// and of the most that are weighed at once.
func BenchmarkReasons(b *testing.B) {
	g := newTagged(b)
	long := g.addLong(b, mostExplained)
	for name, o := range map[string]Options{"without": {}, "with": {Explainer: tagger()}} {
		h := handlerOf(b, g, o)
		for _, id := range []int64{1, long} {
			b.Run(fmt.Sprintf("%s/%d", name, id), func(b *testing.B) {
				for b.Loop() {
					if w := ask(b, h, fmt.Sprintf("/articles/%d", id)); w.Code != 200 {
						b.Fatal(w.Code)
					}
				}
			})
		}
	}
}
