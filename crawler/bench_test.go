//go:build unix

package crawler

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// A site whose pages are found by following links: 2,000 of 7.4 KB with 21 links
// each, seven of them the menu that stands on all pages.
const (
	sitePages = 2000
	siteLinks = 21
)

func linkedSite(b *testing.B) *httptest.Server {
	text := strings.Repeat("<p>Small caps rose, and then some of them fell again, said a man who had sold his.</p>\n", 66)
	path := func(i int) string { return fmt.Sprintf("/markets/%d/small-caps-rose-again", i%sitePages) }
	pages := map[string][]byte{}
	for i := range sitePages {
		var page bytes.Buffer
		page.WriteString("<!doctype html><title>Small caps</title>")
		for n := range siteLinks {
			to := n // the menu
			if n >= 7 {
				to = 2*i + n - 6 + n/9*i
			}
			fmt.Fprintf(&page, `<a href="%s?utm_source=menu#top">Small caps, part %d</a>`, path(to), n)
		}
		page.WriteString(text)
		pages[path(i)] = page.Bytes()
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	b.Cleanup(s.Close)
	return s
}

// plainCrawl is the least that a crawl of a site can be: net/http, goquery, a set of
// addresses, sixteen workers. No rules, no limits, nothing kept.
func plainCrawl(b *testing.B, start string) (pages int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	seen := map[string]bool{start: true}
	queue := make(chan string, 2*sitePages)
	var open sync.WaitGroup
	open.Add(1)
	queue <- start
	visit := func(address string) {
		defer open.Done()
		resp, err := client.Get(address)
		if err != nil {
			b.Error(err)
			return
		}
		defer resp.Body.Close()
		doc, err := goquery.NewDocumentFromReader(resp.Body)
		if err != nil {
			b.Error(err)
			return
		}
		readLikeAnyone(doc)
		base := resp.Request.URL
		doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			u, err := base.Parse(a.AttrOr("href", ""))
			if err != nil {
				return
			}
			u.Fragment, u.RawQuery = "", ""
			to := u.String()
			mu.Lock()
			defer mu.Unlock()
			if !seen[to] {
				seen[to] = true
				open.Add(1)
				queue <- to
			}
		})
	}
	for range 16 {
		go func() {
			for address := range queue {
				visit(address)
			}
		}()
	}
	open.Wait()
	close(queue)
	return len(seen)
}

func readLikeAnyone(doc *goquery.Document) int { return len(doc.Find("p").Text()) }

// tenorCrawl does the same with the crawler, without tagging or keeping.
func tenorCrawl(b *testing.B, start string) (pages int) {
	u, err := url.Parse(start)
	if err != nil {
		b.Fatal(err)
	}
	cfg := Config{Delay: NoDelay, Connections: 16, MaxPages: 2 * sitePages, Depth: 100, AllowPrivate: []string{u.Host}}
	read := func(_ context.Context, _ tenor.Fetch, p *tenor.Page) error {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
		if err != nil {
			return err
		}
		readLikeAnyone(doc)
		return tenor.ErrNoArticle // so that its links are followed
	}
	c, err := New(cfg, newMemory(), read, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	sum, err := c.Run(b.Context(), []Source{{URL: start, Kind: "listing"}})
	if err != nil || sum.Failed > 0 {
		b.Fatalf("%+v, %v", sum, err)
	}
	return sum.Fetched + sum.Skipped
}

// BenchmarkCrawl crawls the site with Tenor and without, in turn, so that whatever
// else the machine does meets both: x/plain is how Tenor's pages a second compare, and
// x/plain-cpu how its pages a CPU second do, the server's and collector's work included,
// which is what pages a second come to where nobody else is at work.
func BenchmarkCrawl(b *testing.B) {
	start := linkedSite(b).URL + "/markets/0/small-caps-rose-again"
	var plain, ours, plainCPU, oursCPU time.Duration
	rounds := 0
	runtime.GC()
	for b.Loop() {
		rounds++
		at, cpu := time.Now(), cpuTime()
		if n := plainCrawl(b, start); n != sitePages {
			b.Fatalf("%d pages without Tenor", n)
		}
		plain, plainCPU = plain+time.Since(at), plainCPU+cpuTime()-cpu
		at, cpu = time.Now(), cpuTime()
		if n := tenorCrawl(b, start); n != sitePages {
			b.Fatalf("%d pages with Tenor", n)
		}
		ours, oursCPU = ours+time.Since(at), oursCPU+cpuTime()-cpu
	}
	pages := float64(rounds * sitePages)
	b.ReportMetric(pages/plain.Seconds(), "plain-pages/s")
	b.ReportMetric(pages/ours.Seconds(), "pages/s")
	b.ReportMetric(plain.Seconds()/ours.Seconds(), "x/plain")
	b.ReportMetric(plainCPU.Seconds()/oursCPU.Seconds(), "x/plain-cpu")
	b.ReportMetric(0, "ns/op")
}

// cpuTime is what the program has used of the processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
