package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tenor"
)

// BenchmarkCrawl fetches pages of 7.4 KB from ten hosts on loopback, without
// pauses: what the crawler itself costs beside a request.
func BenchmarkCrawl(b *testing.B) {
	const hosts, each = 10, 100
	body := article + strings.Repeat("<p>Small caps rose, and then some of them fell again.</p>\n", 128)
	cfg := Config{Delay: NoDelay, AllowPrivate: []string{"127.0.0.0/8"}}
	var sources []Source
	for range hosts {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/robots.txt":
				http.NotFound(w, r)
			case "/sitemap.txt":
				w.Header().Set("Content-Type", "text/plain")
				for i := range each {
					fmt.Fprintf(w, "http://%s/story/%d\n", r.Host, i)
				}
			default:
				w.Header().Set("Content-Type", "text/html")
				w.Write([]byte(body))
			}
		}))
		b.Cleanup(s.Close)
		source, err := SourceFromArgument(s.URL + "/sitemap.txt")
		if err != nil {
			b.Fatal(err)
		}
		source.Kind = "sitemap"
		sources = append(sources, source)
	}
	pages := 0
	for b.Loop() {
		c, err := New(cfg, newMemory(), func(context.Context, tenor.Fetch, *tenor.Page) error { return nil }, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		sum, err := c.Run(b.Context(), sources)
		if err != nil || sum.Articles != hosts*each {
			b.Fatalf("%+v, %v", sum, err)
		}
		pages += sum.Articles
		c.Close()
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
