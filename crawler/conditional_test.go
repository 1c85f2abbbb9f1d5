package crawler

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
)

// versioned answers as servers do that know what a client has: by ETag, or by date.
func versioned(etag, modified string, body *atomic.Value, full *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if modified != "" {
			w.Header().Set("Last-Modified", modified)
		}
		if etag != "" && r.Header.Get("If-None-Match") == etag || etag == "" && modified != "" && r.Header.Get("If-Modified-Since") == modified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full.Add(1)
		says(body.Load().(string))(w, r)
	}
}

const (
	feedHead  = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>`
	feedStory = feedHead + `<item><link>/story</link></item></channel></rss>`
)

// A list that has not changed is not sent again; the source fares well all the same.
func TestUnchangedListsAreNotReadAgain(t *testing.T) {
	const modified = "Thu, 18 Sep 2025 14:30:00 GMT"
	for _, test := range []struct{ name, kind, etag, modified, body string }{
		{"feed by ETag", "feed", `"v1"`, "", feedStory},
		{"feed by date", "feed", "", modified, feedStory},
		{"of a kind not given", "", `W/"v1"`, modified, feedStory},
		{"sitemap", "sitemap", `"v1"`, "", `<urlset><url><loc>SELF/story</loc></url></urlset>`},
		{"listing", "listing", `"v1"`, "", `<html><a href="/markets/small-caps-find-a-floor">x</a></html>`},
		{"single page", "", `"v1"`, "", article},
	} {
		t.Run(test.name, func(t *testing.T) {
			var body atomic.Value
			var full atomic.Int64
			body.Store(test.body)
			s := serve(t, map[string]http.HandlerFunc{
				"/robots.txt": status(404), "/entry": versioned(test.etag, test.modified, &body, &full),
				"/story": says(article), "/markets/*": says(article),
				"/moved": redirect("/entry"),
			})
			m := newMemory()
			for _, path := range []string{"/entry", "/moved"} {
				full.Store(0)
				source := strings.TrimSpace(test.kind + " " + s.URL + path)
				if sum := crawl(t, quick(s), m, nil, source); full.Load() != 1 || sum.Failed+sum.Skipped > 0 {
					t.Fatalf("%s: sent %d times; %s", path, full.Load(), reasons(sum))
				}
				sum := crawl(t, quick(s), m, nil, source)
				if full.Load() != 1 || sum.Failed > 0 || sum.Articles > 0 || !sum.Unchanged[sourcesOf(t, source)[0].Name] {
					t.Errorf("%s: sent %d times; %+v", path, full.Load(), sum)
				}
				f := m.get(t, s.URL+path)
				wantOutcome(t, f, tenor.Done, "not changed")
				if f.Status != http.StatusNotModified {
					t.Errorf("status %d", f.Status)
				}
				crawl(t, quick(s), m, nil, source) // and what is known is known for good
				if full.Load() != 1 {
					t.Errorf("%s: sent again after it had not changed", path)
				}
			}
		})
	}
}

// What a list that has not changed may still have to tell is asked for in full.
func TestListsAreReadAgainWhereTheyMatter(t *testing.T) {
	index := `<sitemapindex><sitemap><loc>SELF/part.xml</loc></sitemap></sitemapindex>`
	many := feedHead + `<item><link>/story</link></item><item><link>/story-2</link></item><item><link>/story-3</link></item></channel></rss>`
	other := feedHead + `<item><link>/sport</link></item></channel></rss>`
	for _, test := range []struct {
		name, body    string
		first, second Source
		pages         int
		changed       string // what stands there the second time, under the same ETag, at another address
	}{
		{"another pattern", feedStory, Source{Kind: "feed", Links: "/nothing"}, Source{Kind: "feed", Links: "/story"}, 9, ""},
		{"another kind", feedStory, Source{Kind: "page"}, Source{Kind: "feed"}, 9, ""},
		{"an index", index, Source{Kind: "sitemap"}, Source{Kind: "sitemap"}, 9, ""},
		{"more pages than one crawl takes", many, Source{Kind: "feed"}, Source{Kind: "feed"}, 1, ""},
		{"a redirect that leads elsewhere", feedStory, Source{Kind: "feed"}, Source{Kind: "feed"}, 9, other},
	} {
		t.Run(test.name, func(t *testing.T) {
			var body, elsewhere atomic.Value
			var full atomic.Int64
			body.Store(test.body)
			elsewhere.Store(test.changed)
			to := "/list"
			s := serve(t, map[string]http.HandlerFunc{
				"/robots.txt": status(404), "/list": versioned(`"v1"`, "", &body, &full), "/other": versioned(`"v1"`, "", &elsewhere, &full),
				"/*": says(article), "/part.xml": says(`<urlset></urlset>`),
				"/entry": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) },
			})
			cfg := quick(s)
			cfg.MaxPages = test.pages
			m := newMemory()
			for i, source := range []Source{test.first, test.second} {
				source.Name, source.URL = "ledger", s.URL+"/entry"
				if _, err := newCrawler(t, cfg, m, nil).Run(t.Context(), []Source{source}); err != nil {
					t.Fatal(err)
				}
				if full.Load() != int64(i+1) {
					t.Errorf("after %d crawls the list was sent %d times", i+1, full.Load())
				}
				if test.changed != "" {
					to = "/other"
				}
			}
		})
	}
}

// Pages left in the queue lead on although the list that they come from, of a kind
// that nobody gave, has not changed.
func TestPagesOfAnUnchangedListLeadOn(t *testing.T) {
	var body atomic.Value
	var full atomic.Int64
	body.Store(`<html><a href="/markets/small-caps-find-a-floor">x</a></html>`)
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": status(404), "/list": versioned(`"v1"`, "", &body, &full),
		"/markets/*": says(`<html><a href="/story/rates-turn-the-tide.html">x</a></html>`),
		"/story/*":   says(article),
	})
	m := newMemory()
	ctx, cancel := context.WithCancel(t.Context())
	deliver := func(c context.Context, f tenor.Fetch, _ *tenor.Page) error {
		if f.Depth > 0 { // before its links are read
			cancel()
			return c.Err()
		}
		return tenor.ErrNoArticle
	}
	newCrawler(t, quick(s), m, deliver).Run(ctx, sourcesOf(t, s.URL+"/list"))
	if sum := crawl(t, quick(s), m, nil, s.URL+"/list"); sum.Articles != 1 || full.Load() != 1 {
		t.Errorf("list sent %d times, %+v", full.Load(), sum)
	}
}

// Nobody asked whether it had changed, so this answer is none.
func TestUnaskedNotModifiedIsAFailure(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/feed": status(304)})
	m := newMemory()
	crawl(t, quick(s), m, nil, "feed "+s.URL+"/feed")
	wantOutcome(t, m.get(t, s.URL+"/feed"), tenor.Failed, "304")
}

func TestValidators(t *testing.T) {
	for _, test := range []struct {
		header http.Header
		cut    bool
		want   tenor.Validators
	}{
		{http.Header{"Etag": {`"a"`}}, false, tenor.Validators{ETag: `"a"`, URL: "u"}},
		{http.Header{"Etag": {`unquoted`}}, false, tenor.Validators{}},
		{http.Header{"Etag": {`"` + strings.Repeat("a", 1000) + `"`}}, false, tenor.Validators{}},
		{http.Header{"Etag": {`"a"`}}, true, tenor.Validators{}},
		{http.Header{"Last-Modified": {"yesterday"}}, false, tenor.Validators{}},
		{http.Header{"Last-Modified": {time.Unix(0, 0).UTC().Format(http.TimeFormat)}}, false, tenor.Validators{LastModified: "Thu, 01 Jan 1970 00:00:00 GMT", URL: "u"}},
		{nil, false, tenor.Validators{}},
	} {
		if got := validators(&hopRecord{url: "u", header: test.header, cut: test.cut}); got != test.want {
			t.Errorf("%v: %+v", test.header, got)
		}
	}
}
