package web

import (
	"net/http"
	"strconv"

	"tenor"
)

type articlePage struct {
	chrome
	Article    tenor.Article
	Paragraphs []paragraph
	Count      int // quotes
	Tally      []share
	JSON       string
}

// article shows an article's text with its quotes marked.
func (v *view) article(w http.ResponseWriter, r *http.Request) error {
	a, quotes, err := v.named(r)
	if err != nil {
		return err
	}
	page := &articlePage{
		chrome: chrome{Title: a.Title, Nav: "/quotes"}, Article: a,
		Paragraphs: markArticle(a.Text, quotes), Count: len(quotes),
		JSON: "/api/v1/articles/" + strconv.FormatInt(a.ID, 10),
	}
	if a.Title == "" {
		page.chrome.Title = "Untitled article"
	}
	for _, s := range tenor.Stances() {
		one := share{Stance: s}
		for i := range quotes {
			if quotes[i].Stance == s {
				one.Votes++
			}
		}
		if one.Votes > 0 {
			page.Tally = append(page.Tally, one)
		}
	}
	return v.render(w, http.StatusOK, "article", page)
}

// named is the article whose number stands in the address, with its quotes.
func (v *view) named(r *http.Request) (tenor.Article, []tenor.Record, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return tenor.Article{}, nil, &httpError{http.StatusNotFound, "Articles have numbers: this address holds none."}
	}
	return v.store.Article(r.Context(), id)
}

// articlePath is the page of the article at the quote.
func articlePath(r *tenor.Record) string {
	return "/articles/" + strconv.FormatInt(r.ArticleID, 10) + "#q-" + r.ID
}
