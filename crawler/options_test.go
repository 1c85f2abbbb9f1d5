package crawler

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tenor"
)

const awkward = `<!doctype html><html lang="en"><head><title>Small caps wake up | Harbor</title>
<meta property="article:published_time" content="2025-01-02T00:00:00Z"></head><body>
<div class="teasers"><p>Five funds to hold for ever, and why our readers like them so much that they wrote to us about it again and again this summer.</p>
<p>Another teaser that is longer than the story and stands above it, full of words that say nothing about the markets of the day at all.</p></div>
<div class="column"><div class="story"><p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.</p>
<p class="promo">Read more of this in our weekly letter, which costs nothing.</p>
<div class="story"><p>She expects the gains to last well into the next year, as rates fall and margins recover.</p></div></div></div>
<p class="stamp">Brought to you on <b>September 18, 2025, 14:30 GMT</b></p><time class="iso" datetime="2025-09-18T16:30:00+02:00">today</time></body></html>`

func TestPagesAreReadByTheRulesOfTheirSource(t *testing.T) {
	page := &tenor.Page{URL: "https://harbor.example/1", Body: []byte(awkward), FetchedAt: importedAt}
	text := func(s Source) string {
		t.Helper()
		a, err := s.Extract(page)
		if err != nil {
			t.Fatal(err)
		}
		return a.Text
	}
	kept := text(Source{Keep: []string{"aside.none", ".story"}, Drop: []string{".promo"}})
	if want := "“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.\n\n" +
		"She expects the gains to last well into the next year, as rates fall and margins recover."; kept != want {
		t.Errorf("kept %q, want %q", kept, want)
	}
	if usual := text(Source{}); text(Source{Keep: []string{".nothing"}}) != usual {
		t.Error("a selector that chooses nothing changes the text")
	}
	if dropped := text(Source{Drop: []string{".teasers, p.promo"}}); strings.Contains(dropped, "Five funds") || strings.Contains(dropped, "weekly letter") {
		t.Errorf("what is dropped is in the text: %q", dropped)
	}
	for selector, want := range map[string]string{
		"":                     "2025-01-02",
		".stamp":               "2025-09-18T14:30:00Z",
		"time.iso":             "2025-09-18T16:30:00+02:00",
		".story":               "2025-01-02", // holds no date
		".none":                "2025-01-02",
		".teasers p, .stamp b": "2025-09-18T14:30:00Z",
	} {
		a, err := Source{Date: selector}.Extract(page)
		if err != nil || a.Published.String() != want || (a.Published.Source == "selector") != (want != "2025-01-02") {
			t.Errorf("date by %q: %s from %s (%v), want %s", selector, a.Published, a.Published.Source, err, want)
		}
	}
	if _, err := (Source{Name: "x", Drop: []string{"p["}}).Extract(page); err == nil {
		t.Error("a broken selector is not told")
	}
}

// H1: the exception is for one source and its own site. Others on the same host, and
// other sites that it links to, are asked for their robots.txt.
func TestRobotsExceptionIsForOneSourceOnly(t *testing.T) {
	elsewhere := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": says("User-agent: *\nDisallow: /\n"), "/story": says(article),
	})
	links := ""
	for n := range 1000 {
		links += fmt.Sprintf("<url><loc>SELF/forbidden/%d</loc></url>", n)
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": says("User-agent: *\nDisallow: /\nAllow: /map.xml\n"),
		"/own.xml":    says(`<?xml version="1.0"?><rss version="2.0"><channel><item><link>SELF/own</link></item><item><link>` + elsewhere.URL + `/story</link></item><item><link>/away</link></item></channel></rss>`),
		"/own":        says(article),
		"/away": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/story", http.StatusFound)
		},
		"/map.xml":     says(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + links + `</urlset>`),
		"/forbidden/*": says(article),
	})
	m := newMemory()
	cfg := quick(s, elsewhere)
	cfg.MaxPages = 2000
	c := newCrawler(t, cfg, m, nil)
	sources := []Source{{Name: "own", URL: s.URL + "/own.xml", Robots: RobotsIgnore}, {Name: "strangers", URL: s.URL + "/map.xml"}}
	if _, err := c.Run(t.Context(), sources); err != nil {
		t.Fatal(err)
	}
	wantOutcome(t, m.get(t, s.URL+"/own"), tenor.Done, "")
	wantOutcome(t, m.get(t, elsewhere.URL+"/story"), tenor.Skipped, "refused by robots.txt")
	wantOutcome(t, m.get(t, s.URL+"/away"), tenor.Skipped, "refused by robots.txt")
	hits := elsewhere.count("/story")
	for n := range 1000 {
		hits += s.count(fmt.Sprint("/forbidden/", n))
	}
	if hits != 0 {
		t.Errorf("%d disallowed addresses were asked for", hits)
	}
	if said := c.Exceptions(sources); len(said) != 1 || !strings.Contains(said[0], "source own: robots.txt of "+s.host()+" is not asked") {
		t.Errorf("the report says %q", said)
	}
}

func TestPauseOfAHostIsThatOfItsSource(t *testing.T) {
	delay := func(d time.Duration) *time.Duration { return &d }
	pauses := ownPauses([]Source{
		{URL: "https://slow.example/a", Delay: delay(3 * time.Second)}, {URL: "https://slow.example/b", Delay: delay(0)},
		{URL: "https://own.example/", Delay: delay(0)}, {URL: "https://usual.example/"},
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Second, 1)
		p.setOwn(pauses)
		p.slow("own.example", 2*time.Second)
		for host, want := range map[string]time.Duration{"slow.example": 3 * time.Second, "usual.example": time.Second, "own.example": 2 * time.Second, "other.example": time.Second} {
			release, err := p.acquire(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			release()
			if got := time.Until(p.readyAt(host)); got != want {
				t.Errorf("%s is left alone for %s, want %s", host, got, want)
			}
		}
	})
	c, err := New(Config{}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if said := c.Exceptions([]Source{{Name: "own", URL: "https://own.example/", Delay: delay(0)}, {Name: "slow", URL: "https://slow.example/", Delay: delay(3 * time.Second)}}); len(said) != 1 ||
		said[0] != "source own: own.example is asked every 0s, more often than the usual 1s (delay)" {
		t.Errorf("the report says %q", said)
	}
}

func TestPausedSourceKeepsItsQueue(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/left": says(article), "/single": says(article), "/robots.txt": says("")})
	m := newMemory()
	if _, err := m.Enqueue(t.Context(), tenor.Fetch{URL: s.URL + "/left", Source: "resting", Kind: tenor.FetchPage, Depth: 1}); err != nil {
		t.Fatal(err)
	}
	cfg := quick(s)
	resting := Source{Name: "resting", URL: s.URL + "/single", Kind: "page", Paused: true}
	cfg.Sources = []Source{resting}
	crawl(t, cfg, m, nil)
	if f := m.get(t, s.URL+"/left"); f.State != tenor.Queued || s.count("/left") != 0 {
		t.Errorf("%+v was asked for %d times", f, s.count("/left"))
	}
	if _, err := newCrawler(t, cfg, m, nil).Run(t.Context(), cfg.Sources); err != nil { // by name
		t.Fatal(err)
	}
	wantOutcome(t, m.get(t, s.URL+"/left"), tenor.Done, "")
	wantOutcome(t, m.get(t, s.URL+"/single"), tenor.Done, "")
}

// A run that is to stop soon finishes what it has begun, begins nothing, and leaves
// the rest queued.
func TestStopSoonFinishesWhatIsBegun(t *testing.T) {
	var c *Crawler
	begun := make(chan struct{})
	list := ""
	for n := range 50 {
		list += fmt.Sprintf("<item><link>SELF/story/%d</link></item>", n)
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml": says(`<?xml version="1.0"?><rss version="2.0"><channel>` + list + `</channel></rss>`),
		"/story/*":  says(article), "/robots.txt": says(""),
	})
	m := newMemory()
	c = newCrawler(t, quick(s), m, func(ctx context.Context, f tenor.Fetch, p *tenor.Page) error {
		if strings.HasSuffix(f.URL, "/story/3") {
			c.StopSoon()
			c.StopSoon() // twice is once
			close(begun)
		}
		return nil
	})
	sum, err := c.Run(t.Context(), sourcesOf(t, s.URL+"/feed.xml"))
	<-begun
	if err != nil || sum.Articles < 4 || sum.Articles > 6 || sum.Failed+sum.Skipped > 0 || sum.Queued != 50-sum.Articles {
		t.Errorf("%v, %+v", err, sum)
	}
	c.StopSoon() // says nothing to the next run
	if sum, err = c.Run(t.Context(), nil); err != nil || sum.Queued != 0 {
		t.Errorf("the next run: %v, %+v", err, sum)
	}
	wantOutcome(t, m.get(t, s.URL+"/story/49"), tenor.Done, "")
}

func TestProbeSaysWhatACrawlWouldMakeOfASource(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/feed.xml":   says(`<?xml version="1.0"?><rss version="2.0"><channel><item><title>One</title><link>SELF/markets/one</link><pubDate>Thu, 18 Sep 2025 14:30:00 GMT</pubDate></item><item><link>SELF/sport/two</link></item></channel></rss>`),
		"/empty.xml":  says(`<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>`),
		"/markets":    says(`<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><a href="/markets/small-caps-find-a-floor">x</a><a href="/about">x</a><a href="https://other.example/a-story-of-many-words">x</a><a href="/chart.pdf">x</a><a rel="next" href="/markets?page=2">More</a></html>`),
		"/story":      says(awkward),
		"/robots.txt": says("User-agent: *\nDisallow: /private\n"),
		"/private":    says(article),
	})
	c := newCrawler(t, quick(s), nil, nil)
	probe := func(source Source) (*Probe, error) {
		t.Helper()
		source.URL = s.URL + source.URL
		return c.Probe(t.Context(), source)
	}
	p, err := probe(Source{URL: "/feed.xml", Links: "/markets/"})
	if err != nil || p.Kind != tenor.FetchFeed || len(p.Links) != 2 || p.Links[0].LeftOut != "" || p.Links[0].Title != "One" ||
		p.Links[0].Published.String() != "2025-09-18T14:30:00Z" || p.Links[1].LeftOut != "does not match links" {
		t.Errorf("feed: %+v, %v", p, err)
	}
	if p, err = probe(Source{URL: "/empty.xml"}); err != nil || p.Note != "the feed is empty" {
		t.Errorf("empty feed: %+v, %v", p, err)
	}
	p, err = probe(Source{URL: "/markets"})
	if err != nil || p.Kind != tenor.FetchListing || p.Next != s.URL+"/markets?page=2" || p.Feed != s.URL+"/feed.xml" || !strings.Contains(p.Note, "so it is read as a listing") {
		t.Fatalf("listing: %+v, %v", p, err)
	}
	reasons := map[string]string{}
	for _, l := range p.Links {
		reasons[strings.TrimPrefix(l.URL, s.URL)] = l.LeftOut
	}
	for link, want := range map[string]string{
		"/markets/small-caps-find-a-floor": "", "/about": "does not look like an article's address", "/chart.pdf": "a file, not a page",
		"https://other.example/a-story-of-many-words": "on another site",
	} {
		if got, there := reasons[link]; !there || got != want {
			t.Errorf("%s is left out because %q, want %q", link, got, want)
		}
	}
	p, err = probe(Source{URL: "/story", Keep: []string{".story"}, Date: ".stamp"})
	if err != nil || p.Kind != tenor.FetchPage || p.Err != nil || p.Article.Published.Source != "selector" || !strings.HasPrefix(p.Article.Text, "“Small caps are cheap") {
		t.Errorf("page: %+v, %v", p, err)
	}
	if p, err = probe(Source{URL: "/private"}); err == nil || !strings.Contains(err.Error(), "refused by robots.txt") {
		t.Errorf("a page that robots.txt forbids: %+v, %v", p, err)
	}
	if s.count("/markets/one")+s.count("/markets/small-caps-find-a-floor")+s.count("/private") > 0 {
		t.Error("a probe followed a link, or asked for what is forbidden")
	}
}
