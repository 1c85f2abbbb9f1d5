package web

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
	"tenor/store"
)

// An article that changed lists its versions, shows each with its quotes, and marks what
// changed; a quote that is gone has its page still, in the words around it then.
func TestArticleShowsItsVersions(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ada, bertil := people[0], people[1]
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	first := "Stocks rose.\n\n“We would not chase this rally,” said Ada Quill.\n\n“We wait for <b>earnings</b>,” said Bertil Okonjo."
	second := "Stocks rose.\n\n“We would now chase this rally,” said Ada Quill."
	a := tenor.Article{URL: "https://news.example/v", Title: "Up <i>", Text: first, KnownAt: day(1)}
	gone := quoteOf(first, "We wait for <b>earnings</b>", bertil, tenor.Neutral)
	id := save(t, s, a, quoteOf(first, "We would not chase this rally", ada, tenor.Fragile), gone)
	h := handlerOf(t, s, Options{})
	if page(t, h, "/articles/1").Find("#versions").Length() != 0 {
		t.Error("an article of one version lists versions")
	}
	a.Text, a.Title, a.KnownAt = second, "Up again", day(5)
	if save(t, s, a, quoteOf(second, "We would now chase this rally", ada, tenor.Bullish)) != id {
		t.Fatal("another article")
	}
	doc := page(t, h, "/articles/1")
	if n := doc.Find("section[aria-labelledby=versions] li").Length(); n != 2 {
		t.Errorf("%d versions", n)
	}
	changed := doc.Find("section[aria-labelledby=changed]")
	for selector, want := range map[string]string{"del": "not", "ins": "now", "li del": "We wait for <b>earnings</b>"} {
		if !strings.Contains(changed.Find(selector).Text(), want) {
			t.Errorf("%s: %q", selector, changed.Find(selector).Text())
		}
	}
	if n := changed.Find("b:not(:has(bdi)), i").Length(); n != 0 {
		t.Errorf("markup of the article is rendered %d times", n)
	}
	old := page(t, h, "/articles/1?version=1")
	if got := old.Find("h1").Text(); got != "Up <i>" {
		t.Errorf("its title is %q", got)
	}
	if old.Find("mark.quoted").Length() != 2 || !strings.Contains(old.Find(".note.warn").Text(), "replaced on 2026-03-05") {
		t.Errorf("the version before has %d quotes and says %q", old.Find("mark.quoted").Length(), old.Find(".note.warn").Text())
	}
	goneID := tenor.QuoteID(a.Key(), bertil.name, gone.Segments(first))
	own := page(t, h, "/quotes/"+goneID)
	if !strings.Contains(own.Find(".context").Text(), "We wait for <b>earnings</b>") ||
		own.Find(`.note.warn a[href="/articles/1?version=1#q-`+goneID+`"]`).Length() != 1 {
		t.Errorf("the page of the quote that is gone:\n%s", own.Find("main").Text())
	}
	if old.Find("#q-"+goneID).Length() != 1 {
		t.Error("its link leads nowhere")
	}
	if n := page(t, h, "/quotes?asof=2026-03-03").Find(`a[href*="version=1"]`).Length(); n == 0 {
		t.Error("as of a day before, the list does not lead to the version")
	}
	for _, bad := range []string{"0", "3", "x", "-1", "99999999999999999999"} {
		if w := ask(t, h, "/articles/1?version="+bad); w.Code != http.StatusNotFound {
			t.Errorf("version %s answers %d", bad, w.Code)
		}
	}
}
