package web

import (
	"net/http"
	"strconv"
	"time"

	"tenor"
)

type sourcesPage struct {
	chrome
	Sources []sourceRow
	Totals  tenor.Totals
}

// sourceRow is a source with its state, and why in a sentence unless that is among the
// reasons, and the articles and quotes that come from it a day.
type sourceRow struct {
	tenor.SourceHealth
	State            tenor.SourceState
	Why              string
	ArticlesADay     string
	QuotesADay       string
	Next             string
	NeedsExplanation bool
}

func newSourceRow(s tenor.SourceHealth, now time.Time) sourceRow {
	row := sourceRow{SourceHealth: s}
	row.State, _ = s.State()
	row.Why = s.Untold()
	articles, quotes := s.Rates(now)
	row.ArticlesADay, row.QuotesADay = strconv.FormatFloat(articles, 'f', 1, 64), strconv.FormatFloat(quotes, 'f', 1, 64)
	switch next, due := s.NextVisit(now); {
	case due:
		row.Next = "now due"
	case !next.IsZero():
		row.Next = stamp(next)
	}
	row.NeedsExplanation = row.Why != "" || len(s.Reasons) > 0 || s.RobotsIgnore
	return row
}

// sources shows how each source fares, and why pages were not taken.
func (v *view) sources(w http.ResponseWriter, r *http.Request) error {
	list, err := v.store.Sources(r.Context())
	if err != nil {
		return err
	}
	totals, err := v.store.Totals(r.Context())
	if err != nil {
		return err
	}
	page := &sourcesPage{chrome: chrome{Title: "Sources", Nav: "/sources"}, Totals: totals}
	for _, s := range list {
		page.Sources = append(page.Sources, newSourceRow(s, v.now()))
	}
	return v.render(w, http.StatusOK, "sources", page)
}

type aboutPage struct {
	chrome
	Params []tenor.Param
	Tables []tenor.Table
	Totals tenor.Totals
	Sets   []measured
	Judged []tenor.Judged
}

// about explains the figures.
func (v *view) about(w http.ResponseWriter, r *http.Request) error {
	totals, err := v.store.Totals(r.Context())
	if err != nil {
		return err
	}
	sets, err := v.accuracy(r.Context())
	if err != nil {
		return err
	}
	judged, err := v.store.Judged(r.Context())
	if err != nil {
		return err
	}
	return v.render(w, http.StatusOK, "about", &aboutPage{
		chrome: chrome{Title: "About", Nav: "/about"}, Params: tenor.Params(v.topics),
		Tables: tenor.Dictionary(v.topics), Totals: totals, Sets: sets, Judged: judged,
	})
}
