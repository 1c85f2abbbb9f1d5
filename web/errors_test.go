package web

import (
	"net/http"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// A page of an error is headed by what became of the request, in words and not in HTTP's.
func TestErrorPagesAreHeadedInWords(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for address, want := range map[string]string{
		"/quotes?stance=glum": "That address cannot be read", "/?window=0": "That address cannot be read",
		"/nothing/here": "Nothing is here", "/quotes/none": "Nothing is here", "/searches/none": "Nothing is here",
	} {
		w := ask(t, h, address)
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Find("h1").Text(); got != want || w.Code == http.StatusOK {
			t.Errorf("%s answers %d, headed %q", address, w.Code, got)
		}
	}
}
