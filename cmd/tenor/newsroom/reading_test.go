package newsroom

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tenor"
	"tenor/crawler"
)

// TestTheCrawlerReadsEveryStory holds the six kinds of pages to what the demo
// needs of them: the day, every declared word, and nothing that readers cannot see.
func TestTheCrawlerReadsEveryStory(t *testing.T) {
	s := newSite(testBase)
	for _, a := range s.all.articles {
		path := a.outlet.path(a)
		got, err := crawler.Extract(&tenor.Page{
			URL: testBase + path, Status: http.StatusOK, Body: s.pages[path].body,
			Header:    http.Header{"Content-Type": {s.pages[path].mime}},
			FetchedAt: time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC),
		})
		if err != nil {
			t.Errorf("%s: %v", a.key, err)
			continue
		}
		if !strings.HasPrefix(got.Title, a.title) {
			t.Errorf("%s: title %q, want %q", a.key, got.Title, a.title)
		}
		if day := got.Published.Time.Format(time.DateOnly); day != a.published.Format(time.DateOnly) {
			t.Errorf("%s: published %s by %s, want %s", a.key, day, got.Published.Source, a.published.Format(time.DateOnly))
		}
		if !strings.HasPrefix(got.Language, a.lang) {
			t.Errorf("%s: language %q, want %q", a.key, got.Language, a.lang)
		}
		if a.outlet.Slug == "lantern-markets" && got.Translation != tenor.TranslationMachine {
			t.Errorf("%s: translation %q, though the page says that a machine made it", a.key, got.Translation)
		}
		if key := a.original(); a.outlet.Slug == "ticker-orchard" && got.Forwarded != s.all.byKey[key].outlet.Name {
			t.Errorf("%s: forwarded from %q, want %q", a.key, got.Forwarded, s.all.byKey[key].outlet.Name)
		}
		for _, q := range a.quotes {
			for _, segment := range q.segments {
				if !strings.Contains(got.Text, segment) {
					t.Errorf("%s: the text has lost %q", a.key, segment)
				}
			}
		}
		for _, name := range NeverQuoted() {
			if strings.Contains(got.Text, name) {
				t.Errorf("%s: %s, from outside the story, is in the text", a.key, name)
			}
		}
	}
}
