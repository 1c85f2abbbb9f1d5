package web

import (
	"net/http"
	"strings"
	"testing"

	"tenor"
)

// The form and the facets list a user's themes and subjects, addresses take them, and
// what is stored under a name that is configured no longer is shown without a link
// that would fail.
func TestOwnTopicsInTheView(t *testing.T) {
	topics, err := tenor.NewTopics(
		[]tenor.Topic{{Name: "buybacks", Phrases: []string{"buyback"}, Parent: "earnings"}},
		[]tenor.Topic{{Name: "regional-banks", Phrases: []string{"regional banks"}, Parent: "banks"}})
	if err != nil {
		t.Fatal(err)
	}
	s := emptyStore(t)
	a := tenor.Article{URL: "https://news.example/own", Title: "Own", Published: onDay("2025-09-01"), Text: "“Regional banks buy back,” said Ada Quill."}
	q := quoteOf(a.Text, "Regional banks buy back", people[0], tenor.Bullish)
	q.Subject, q.Themes = "regional-banks", []tenor.Theme{"buybacks", "weather"}
	save(t, s, a, q)
	h := handlerOf(t, s, Options{Topics: topics})

	form := page(t, h, "/")
	for name, value := range map[string]string{"theme": "buybacks", "subject": "regional-banks"} {
		if form.Find(`select[name=`+name+`] option[value=`+value+`]`).Length() != 1 {
			t.Errorf("the form does not offer %s %s", name, value)
		}
	}
	for _, query := range []string{"theme=buybacks", "theme=earnings", "subject=banks", "subject=regional-banks"} {
		doc := page(t, h, "/quotes?"+query)
		if got := doc.Find(".total strong").Text(); got != "1 quote" {
			t.Errorf("%s: %s", query, got)
		}
	}
	facets := page(t, h, "/quotes").Find(".facets")
	if facets.Find(`a[href="/quotes?theme=buybacks"]`).Length() != 1 || facets.Find(`a[href="/quotes?subject=banks"]`).Length() != 1 {
		t.Errorf("facets without the user's topics:\n%s", facets.Text())
	}
	if gone := facets.Find(".gone"); !strings.Contains(gone.Text(), "weather") || facets.Find(`a[href*=weather]`).Length() > 0 {
		t.Errorf("a theme that is configured no longer: %q", gone.Text())
	}
	if w := ask(t, h, "/quotes?theme=weather"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "buybacks") {
		t.Errorf("a theme that is configured no longer, asked for: %d", w.Code)
	}
	if !strings.Contains(page(t, h, "/about").Text(), "regional-banks") {
		t.Error("the page about the filters does not name the user's subject")
	}
}
