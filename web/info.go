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
	Params  []tenor.Param
	Columns []column
	Totals  tenor.Totals
	Sets    []measured
	Judged  []tenor.Judged
}

// column is a line of the data dictionary.
type column struct{ Name, Meaning string }

// columns explain the CSV of quotes, in its order; JSON uses the same names but
// "id" for quote_id and "speaker" for analyst.
var columns = []column{
	{"quote_id", "identifier: the same when the article is tagged again"},
	{"published", "when the article was published, no more exact than it is known"},
	{"published_precision", "time, day, month, year, or empty when unknown"},
	{"analyst", "who speaks, by the fullest name that the article gives"},
	{"speaker_type", "analyst, official, executive, institution or other"},
	{"firm", "the organisation that the article gives for the speaker, as written"},
	{"role", "the speaker’s title, likewise"},
	{"stance", "bullish, neutral or fragile"},
	{"confidence", "of the stance, from 0 to 1"},
	{"horizon", "near (to a few months), year, long, or empty when none is given"},
	{"subject", "the market that the stance is about"},
	{"themes", "the arguments that the quote makes, joined by |"},
	{"kind", "direct, indirect, mixed or block"},
	{"quote", "the words, segments joined by a space"},
	{"outlet", "who published the article"},
	{"title", "its headline"},
	{"url", "its address"},
	{"cluster_id", "equal for reports of one utterance"},
	{"copies", "reports of the utterance, this one included"},
	{"known_at", "when the quote was first collected, or its label last changed; UTC"},
	{"label_source", "model, or human for a correction"},
	{"tagger", "version of the tagger that made the labels"},
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
		Columns: columns, Totals: totals, Sets: sets, Judged: judged,
	})
}
