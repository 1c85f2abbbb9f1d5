package web

import (
	"net/http"
	"strconv"
	"strings"

	"tenor"
)

// changed is what a version of an article made of the one before.
type changed struct {
	tenor.Revision
	Quotes []changedQuote
}

// changedQuote is a quote that is gone (no New), new (no Old) or reworded (both).
type changedQuote struct {
	What, Speaker string
	Old, New      *tenor.Quote
	Words         []tenor.Edit
}

// Past reports whether the page shows an earlier version.
func (p *articlePage) Past() bool { return len(p.Versions) > 0 && p.Version < len(p.Versions) }

// versions adds the versions of an article to its page, where there are any, and puts
// the one that the address asks for in the article's place. It gives the quotes of it.
func (v *view) versions(r *http.Request, page *articlePage, a *tenor.Article, quotes []tenor.Record) ([]tenor.Record, error) {
	all, err := v.store.Versions(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	number := len(all)
	if asked := r.URL.Query().Get("version"); asked != "" {
		if number, err = strconv.Atoi(asked); err != nil || number < 1 || number > len(all) {
			return nil, &httpError{status: http.StatusNotFound, sentence: "This article has no such version: it has " + plural(len(all), "version", "versions") + "."}
		}
	}
	if len(all) == 1 {
		return quotes, nil
	}
	page.Versions, page.Version = all, number
	shown := &all[number-1]
	if number > 1 {
		page.Changed = newChanged(&all[number-2], shown)
	}
	if !page.Past() {
		return quotes, nil
	}
	a.Title, a.Text, a.Published, a.KnownAt = shown.Title, shown.Text, shown.Published, shown.KnownAt
	quotes = make([]tenor.Record, len(shown.Quotes))
	for i, q := range shown.Quotes {
		if q.SpeakerType = tenor.Analyst; q.Speaker == q.Firm {
			q.SpeakerType = tenor.Institution
		}
		quotes[i] = tenor.NewRecord(a, q, shown.Tagger)
		quotes[i].Version, quotes[i].Until = shown.Number, shown.Until
	}
	return quotes, nil
}

func newChanged(before, after *tenor.Version) *changed {
	c := &changed{Revision: tenor.Compare(before, after)}
	if c.Empty() {
		return nil
	}
	words := func(q *tenor.Quote, v *tenor.Version) string { return strings.Join(q.Segments(v.Text), " … ") }
	for i := range c.Reworded {
		old, now := &c.Reworded[i][0], &c.Reworded[i][1]
		c.Quotes = append(c.Quotes, changedQuote{"quote reworded", now.Speaker, old, now, tenor.DiffWords(words(old, before), words(now, after))})
	}
	for i := range c.Gone {
		q := &c.Gone[i]
		c.Quotes = append(c.Quotes, changedQuote{"quote gone", q.Speaker, q, nil, []tenor.Edit{{Op: tenor.Deleted, Text: words(q, before)}}})
	}
	for i := range c.New {
		q := &c.New[i]
		c.Quotes = append(c.Quotes, changedQuote{"quote new", q.Speaker, nil, q, []tenor.Edit{{Op: tenor.Inserted, Text: words(q, after)}}})
	}
	return c
}
