package web

import (
	"errors"
	"fmt"
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
	Reprints   []tenor.Reprint
	More       int             // reprints left out
	Versions   []tenor.Version // all of them, where there is more than one
	Version    int             // the one that is shown
	Changed    *changed        // from the one before
	Stored     *archived       // the page as it was fetched; nil: none, or not of this version
}

// maxReprints bounds the reprints that an article's page names.
const maxReprints = 8

// article shows an article's text with its quotes marked.
func (v *view) article(w http.ResponseWriter, r *http.Request) error {
	a, quotes, err := v.named(r)
	if err != nil {
		return err
	}
	reprints, err := v.store.Reprints(r.Context(), a.ID)
	if err != nil {
		return err
	}
	named := reprints[:min(len(reprints), maxReprints)]
	page := &articlePage{JSON: "/api/v1/articles/" + strconv.FormatInt(a.ID, 10), Reprints: named, More: len(reprints) - len(named)}
	if quotes, err = v.versions(r, page, &a, quotes); err != nil {
		return err
	}
	page.chrome = chrome{Title: a.Title, Nav: "/quotes"}
	page.Article, page.Count = a, len(quotes)
	page.Paragraphs = markArticle(a.Text, quotes, false)
	if !page.Past() {
		if page.Stored, err = v.captured(r, a.ID); err != nil {
			return err
		}
		page.Paragraphs = v.withReasons(&a, page.Paragraphs, len(quotes))
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

// withReasons tells in the margin why each quote has its labels. Of many quotes the
// weights are left to their own pages.
func (v *view) withReasons(a *tenor.Article, paragraphs []paragraph, quotes int) []paragraph {
	var all map[string]*tenor.Explanation
	if quotes > 0 && quotes <= mostExplained {
		all = v.explained(a)
	}
	for i := range paragraphs {
		for k := range paragraphs[i].Notes {
			one := &paragraphs[i].Notes[k]
			one.Why = newWhy(a, &one.Record, all)
		}
	}
	return paragraphs
}

// named is the article whose number stands in the address, with its quotes.
func (v *view) named(r *http.Request) (tenor.Article, []tenor.Record, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return tenor.Article{}, nil, &httpError{status: http.StatusNotFound, sentence: "Articles have numbers: this address holds none."}
	}
	a, quotes, err := v.store.Article(r.Context(), id)
	if errors.Is(err, tenor.ErrNotFound) {
		err = &httpError{status: http.StatusNotFound, sentence: fmt.Sprintf("No article %d is in this store: it never was, or was taken down.", id)}
	}
	return a, quotes, err
}

// articlePath is the page of the article at the quote.
func articlePath(r *tenor.Record) string { return articlePlace(r.ArticleID, r.Version, r.ID) }

// articlePlace is the place of a quote in a version of an article; 0 is the current one.
func articlePlace(article int64, version int, quote string) string {
	path := "/articles/" + strconv.FormatInt(article, 10)
	if version > 0 {
		path += "?version=" + strconv.Itoa(version)
	}
	return path + "#q-" + quote
}
