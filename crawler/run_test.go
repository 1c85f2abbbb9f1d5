package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenor"
)

func TestRunCollectsEveryKindOfSource(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
			<item><title>Calm before the cut</title><link>SELF/feed-story?utm_source=rss</link><pubDate>Thu, 18 Sep 2025 14:30:00 -0400</pubDate></item>
			<item><title>Gone</title><link>/gone</link></item></channel></rss>`),
		"/sitemap.xml": says(`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>SELF/part.xml</loc></sitemap></sitemapindex>`),
		"/part.xml": says(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
			<url><loc>SELF/mapped-story</loc><lastmod>2025-09-20</lastmod><news:news><news:publication_date>2025-09-18T09:00:00+02:00</news:publication_date><news:title>Mapped</news:title></news:news></url>
			<url><loc>https://elsewhere.example/story</loc></url></urlset>`),
		"/markets":             says(`<html><a href="/markets/small-caps-find-a-floor">x</a><a href="/about">About</a><a rel="next" href="/markets?page=2">More</a></html>`),
		"/markets/*":           says(article),
		"/feed-story":          says(article),
		"/mapped-story":        says(article),
		"/single":              says(article),
		"/about":               says(`<html>About us</html>`),
		"/robots.txt":          says("User-agent: *\nDisallow:\n"),
		"/markets/deep/*":      says(`<html>nothing</html>`),
		"/nothing-but-a-shell": says(`<html></html>`),
	})
	m := newMemory()
	var delivered sync.Map
	deliver := func(ctx context.Context, f tenor.Fetch, p *tenor.Page) error {
		delivered.Store(f.URL, f)
		return asArticle(ctx, f, p)
	}
	sum := crawl(t, quick(s), m, deliver, s.URL+"/feed.xml", s.URL+"/sitemap.xml", s.URL+"/markets", s.URL+"/single", "page "+s.URL+"/nothing-but-a-shell")
	if sum.Articles != 4 || sum.Failed != 1 || sum.Skipped != 1 || sum.Queued != 0 {
		t.Errorf("summary %+v", sum)
	}
	for path, want := range map[string]int{"/feed-story": 1, "/mapped-story": 1, "/markets/small-caps-find-a-floor": 1, "/single": 1, "/about": 0, "/markets?page=2": 1, "/robots.txt": 1} {
		if got := s.count(path); got != want {
			t.Errorf("%s was fetched %d times, want %d", path, got, want)
		}
	}
	wantOutcome(t, m.get(t, s.URL+"/gone"), tenor.Failed, "404")
	wantOutcome(t, m.get(t, s.URL+"/nothing-but-a-shell"), tenor.Skipped, "no article")

	f, _ := delivered.Load(s.URL + "/feed-story")
	if f := f.(tenor.Fetch); f.Title != "Calm before the cut" || f.Published.String() != "2025-09-18T14:30:00-04:00" || f.Published.Source != "feed" {
		t.Errorf("the feed's words are lost: %q, %s from %s", f.Title, f.Published, f.Published.Source)
	}
	f, _ = delivered.Load(s.URL + "/mapped-story")
	if f := f.(tenor.Fetch); f.Title != "Mapped" || f.Published.String() != "2025-09-18T09:00:00+02:00" || f.Published.Source != "sitemap" {
		t.Errorf("the sitemap's words are lost: %q, %s from %s", f.Title, f.Published, f.Published.Source)
	}

	// A second run reads the lists again and no article.
	before := s.count("/feed-story") + s.count("/mapped-story") + s.count("/markets/small-caps-find-a-floor")
	crawl(t, quick(s), m, deliver, s.URL+"/feed.xml", s.URL+"/sitemap.xml", s.URL+"/markets")
	if s.count("/feed.xml") != 2 || s.count("/part.xml") != 2 || s.count("/markets") != 2 {
		t.Error("a list was not read again")
	}
	if after := s.count("/feed-story") + s.count("/mapped-story") + s.count("/markets/small-caps-find-a-floor"); after != before {
		t.Errorf("articles were fetched again: %d times", after-before)
	}
}

func TestOneBrokenSourceDoesNotStopTheOthers(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/broken.xml": says(`<?xml version="1.0"?><rss><channel><item><title>cut off`),
		"/page.xml":   says(`<!doctype html><html><body>moved</body></html>`),
		"/laughs.xml": says(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>`),
		"/deep.xml":   says(`<?xml version="1.0"?><rss><channel>` + strings.Repeat("<a>", 100_000)),
		"/many.xml":   says(`<?xml version="1.0"?><rss><channel>` + strings.Repeat("<item><link>/a</link></item>", 20_000) + `</channel></rss>`),
		"/empty.xml":  says(`<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>`),
		"/good.xml":   says(`<?xml version="1.0"?><rss version="2.0"><channel><item><link>/story</link></item></channel></rss>`),
		"/json.feed":  says(`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","url":"SELF/json-story","title":"J","date_published":"2025-09-18T10:00:00Z"}]}`),
		"/map.xml":    says(`<html>no map</html>`),
		"/story":      says(article),
		"/json-story": says(article),
	})
	m := newMemory()
	u := s.URL
	sum := crawl(t, quick(s), m, nil, "feed "+u+"/broken.xml", "feed "+u+"/page.xml", "feed "+u+"/laughs.xml", "feed "+u+"/deep.xml",
		"feed "+u+"/many.xml", "feed "+u+"/empty.xml", "feed "+u+"/gone.xml", "sitemap "+u+"/map.xml", "feed "+u+"/good.xml", u+"/json.feed")
	for path, reason := range map[string]string{
		"/broken.xml": "not a feed that can be read", "/page.xml": "HTML page", "/laughs.xml": "entities",
		"/deep.xml": "nests", "/many.xml": "more than 5000 items", "/gone.xml": "404", "/map.xml": "not a sitemap",
	} {
		f := m.get(t, u+path)
		wantOutcome(t, f, tenor.Failed, reason)
		if !strings.Contains(f.Reason, f.Source) || strings.ContainsAny(f.Reason, "\n\t") {
			t.Errorf("the reason does not name its source in one line: %q", f.Reason)
		}
	}
	wantOutcome(t, m.get(t, u+"/empty.xml"), tenor.Done, "empty")
	if sum.Articles != 2 || sum.Failed != 7 {
		t.Errorf("%d articles, %d failed\n%s", sum.Articles, sum.Failed, reasons(sum))
	}
}

// A calendar that always has a next month, each day of it new.
// Links that are not followed are counted by source and reason, with one of them.
func TestLinksLeftOutAreCounted(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
			<item><title>One</title><link>SELF/markets/one</link></item><item><title>Two</title><link>SELF/sport/two</link></item>
			<item><title>Three</title><link>SELF/sport/three</link></item></channel></rss>`),
		"/empty.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>`),
		"/markets/*": says(article),
	})
	c, err := New(quick(s), newMemory(), asArticle, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := c.Run(t.Context(), []Source{{Name: "news", URL: s.URL + "/feed.xml", Links: "/markets/"}, {Name: "empty", URL: s.URL + "/empty.xml"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []tenor.ReasonCount{
		{State: tenor.Skipped, Reason: "link left out: it does not match links of source news", Count: 2, Example: s.URL + "/sport/two"},
		{State: tenor.Done, Reason: "the feed is empty", Count: 1, Example: s.URL + "/empty.xml"},
	}
	if sum.Dropped != 2 || !slices.Equal(sum.Reasons, want) || !slices.Equal(sum.LeftOut["news"], want[:1]) || len(sum.LeftOut) != 1 {
		t.Errorf("summary %+v", sum)
	}
}

func TestEndlessCalendarStops(t *testing.T) {
	var n atomic.Int64
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/*": func(w http.ResponseWriter, r *http.Request) {
		i := n.Add(1)
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<a rel=next href="/calendar/%d">next</a>`, i)
		for d := range 20 {
			fmt.Fprintf(w, `<a href="/calendar/what-happens-on-day-%d-%d">x</a><a href="/a/b/a/b/a/b/what-happens-on-%d">x</a>`, i, d, d)
		}
	}})
	cfg := quick(s)
	cfg.MaxPages = 60
	m := newMemory()
	sum := crawl(t, cfg, m, nil, "listing "+s.URL+"/calendar")
	if got := s.total(); got > 1+1+2*60 {
		t.Errorf("%d requests for a limit of 60 pages", got)
	}
	s.mu.Lock()
	for path, count := range s.hits {
		if count > 1 {
			t.Errorf("%s fetched %d times", path, count)
		}
		if strings.HasPrefix(path, "/a/b") {
			t.Errorf("followed %s", path)
		}
	}
	s.mu.Unlock()
	if !strings.Contains(reasons(sum), "limit of 60 pages") || !strings.Contains(reasons(sum), "repeats itself") || sum.Queued == 0 {
		t.Errorf("what was left out is not said: %+v", sum)
	}
	if m.count(tenor.Leased) != 0 {
		t.Error("fetches stayed leased")
	}
}

// What a redirect leads to is known from then on: a list that names it, in this crawl or
// the next, does not have it fetched again.
func TestEndsOfRedirectsAreKnown(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": status(404), "/r/1": redirect("/story-1"), "/story-1": says(article),
		"/feed": says(feedHead + `<item><link>/r/1</link></item></channel></rss>`),
		"/list": says(feedHead + `<item><link>/story-1</link></item></channel></rss>`),
	})
	m := newMemory()
	for _, feed := range []string{"/feed", "/list", "/feed"} {
		crawl(t, quick(s), m, nil, "feed "+s.URL+feed)
	}
	if s.count("/story-1") != 1 {
		t.Errorf("fetched %d times", s.count("/story-1"))
	}
	wantOutcome(t, m.get(t, s.URL+"/story-1"), tenor.Done, "")
}

// What one run leaves because of the limit, the next ones fetch.
func TestPagesOverTheLimitComeInLaterRuns(t *testing.T) {
	var feed strings.Builder
	for i := range 25 {
		fmt.Fprintf(&feed, "<item><link>/story-%d</link></item>", i)
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel>` + feed.String() + `</channel></rss>`),
		"/story-*":  says(article),
	})
	cfg := quick(s)
	cfg.MaxPages = 10
	m := newMemory()
	total := 0
	for _, want := range []int{10, 10, 5, 0} {
		sum := crawl(t, cfg, m, nil, "feed "+s.URL+"/feed.xml")
		if sum.Articles != want {
			t.Errorf("%d articles, want %d", sum.Articles, want)
		}
		total += sum.Articles
	}
	if total != 25 {
		t.Errorf("%d articles in all", total)
	}
}

func TestPagination(t *testing.T) {
	pages := map[string]http.HandlerFunc{"/story/*": says(article)}
	for p := 1; p <= 12; p++ {
		pages[fmt.Sprintf("/list/page/%d", p)] = says(fmt.Sprintf(`<html><a href="/story/a-%[1]d-first-look.html">x</a><a href="/story/b-%[1]d-second-look.html">x</a>
			<a href="/list/page/%[2]d">Older posts →</a><a href="/list/page/1">1</a></html>`, p, p%12+1))
	}
	s := serve(t, pages)
	m := newMemory()
	sum := crawl(t, quick(s), m, nil, "listing "+s.URL+"/list/page/1")
	if sum.Articles != 24 || s.count("/list/page/1") != 1 {
		t.Errorf("%d articles of 24; page 1 read %d times\n%s", sum.Articles, s.count("/list/page/1"), reasons(sum))
	}
	// With nothing new on page 1 the list is not read to its end again.
	crawl(t, quick(s), m, nil, "listing "+s.URL+"/list/page/1")
	if s.count("/list/page/1") != 2 || s.count("/list/page/3") != 1 {
		t.Errorf("page 1 read %d times, page 3 %d times", s.count("/list/page/1"), s.count("/list/page/3"))
	}
}

// Killed after it had queued the articles of page 1 and nothing else, a crawl
// still comes to page 2.
func TestPaginationSurvivesAKill(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/list":        says(`<html><a href="/story/a-first-look.html">x</a><a rel="next" href="/list/page/2">Next</a></html>`),
		"/list/page/2": says(`<html><a href="/story/b-second-look.html">x</a></html>`),
		"/story/*":     says(article),
	})
	m := newMemory()
	list := sourcesOf(t, "listing "+s.URL+"/list")[0]
	story := tenor.Fetch{URL: s.URL + "/story/a-first-look.html", Source: list.Name, Kind: tenor.FetchPage, Depth: 1}
	if _, err := m.Enqueue(t.Context(), list.entry(), story); err != nil {
		t.Fatal(err)
	}
	if sum := crawl(t, quick(s), m, nil, "listing "+s.URL+"/list"); sum.Articles != 2 {
		t.Errorf("%d articles of 2", sum.Articles)
	}
}

func TestCancelPutsEverythingBack(t *testing.T) {
	var feed strings.Builder
	for i := range 200 {
		fmt.Fprintf(&feed, "<item><link>/story-%d</link></item>", i)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var arrived atomic.Int64
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel>` + feed.String() + `</channel></rss>`),
		"/story-*": func(w http.ResponseWriter, r *http.Request) {
			if arrived.Add(1) > 5 { // the sixth page never comes
				cancel()
				<-r.Context().Done()
				return
			}
			says(article)(w, r)
		},
	})
	m := newMemory()
	sum, err := newCrawler(t, quick(s), m, nil).Run(ctx, sourcesOf(t, "feed "+s.URL+"/feed.xml"))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if m.count(tenor.Leased) != 0 || m.count(tenor.Failed) != 0 || m.count(tenor.Queued) != 195 || sum.Queued != 195 {
		t.Errorf("leased %d, failed %d, queued %d; summary %+v", m.count(tenor.Leased), m.count(tenor.Failed), m.count(tenor.Queued), sum)
	}

	// The next run goes on, and fetches nothing twice.
	s2 := s.count("/story-0")
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { says(article)(w, r) })
	sum = crawl(t, quick(s), m, nil)
	if sum.Articles != 195 || m.count(tenor.Done) != 201 || s.count("/story-0") != s2 {
		t.Errorf("resumed: %+v, done %d", sum, m.count(tenor.Done))
	}
}

// A host that asks to be left alone for an hour, and one that is down, keep their
// pages for the next run, and Run ends.
func TestHostsThatFailArePutOff(t *testing.T) {
	var busy, down strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&busy, "http://BUSY/page-%d\n", i)
		fmt.Fprintf(&down, "http://DOWN/page-%d\n", i)
	}
	sitemap := func(list, host string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, strings.ReplaceAll(list, host, r.Host))
		}
	}
	a := serve(t, map[string]http.HandlerFunc{"/map.txt": sitemap(busy.String(), "BUSY"), "/page-*": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(503)
	}})
	b := serve(t, map[string]http.HandlerFunc{"/map.txt": sitemap(down.String(), "DOWN"), "/page-*": func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}})
	cfg := quick(a, b)
	cfg.MaxPages = 3000
	m := newMemory()
	sum := crawl(t, cfg, m, nil, "sitemap "+a.URL+"/map.txt", "sitemap "+b.URL+"/map.txt")
	if sum.Failed != 1+maxFailures || sum.Queued != 4000-sum.Failed || m.count(tenor.Leased) != 0 {
		t.Errorf("%+v", sum)
	}
	if text := reasons(sum); !strings.Contains(text, "asks to be left alone until") || !strings.Contains(text, "failed 5 times in a row") {
		t.Errorf("reasons:\n%s", text)
	}
}

func TestPanicFailsOnePage(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	m := newMemory()
	deliver := func(_ context.Context, f tenor.Fetch, _ *tenor.Page) error {
		if strings.HasSuffix(f.URL, "/bad") {
			panic("index out of range")
		}
		return nil
	}
	sum := crawl(t, quick(s), m, deliver, "page "+s.URL+"/bad", "page "+s.URL+"/good")
	wantOutcome(t, m.get(t, s.URL+"/bad"), tenor.Failed, "fault in the program")
	if sum.Articles != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestDeliverDecides(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	m := newMemory()
	outcomes := map[string]error{
		"/a": nil, "/b": fmt.Errorf("tag https://a.example/1: %w", tenor.ErrNotEnglish), "/c": tenor.ErrTruncated, "/d": errors.New("disk full"),
	}
	deliver := func(_ context.Context, f tenor.Fetch, _ *tenor.Page) error {
		return outcomes[strings.TrimPrefix(f.URL, s.URL)]
	}
	crawl(t, quick(s), m, deliver, "page "+s.URL+"/a", "page "+s.URL+"/b", "page "+s.URL+"/c", "page "+s.URL+"/d")
	wantOutcome(t, m.get(t, s.URL+"/a"), tenor.Done, "")
	if f := m.get(t, s.URL+"/b"); f.State != tenor.Skipped || f.Reason != "not in English" {
		t.Errorf("/b: %s, %q; equal reasons must be equal", f.State, f.Reason)
	}
	wantOutcome(t, m.get(t, s.URL+"/c"), tenor.Skipped, "cut at 10 MiB")
	wantOutcome(t, m.get(t, s.URL+"/d"), tenor.Failed, "disk full")
}
