package web

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

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
