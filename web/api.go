package web

import (
	"math"
	"net/http"

	"tenor"
)

// apiQuotes is /api/v1/quotes: a page of quotes with the total and the cursor of
// the next.
func (v *view) apiQuotes(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, "cursor", "limit")
	if err != nil {
		return err
	}
	found, err := v.store.Search(r.Context(), req.Filter, req.Cursor, req.limit())
	if err != nil {
		return err
	}
	also := map[string][]string{}
	for _, synonym := range found.Also {
		also[synonym.Words] = synonym.Added
	}
	quotes := found.Records
	if quotes == nil {
		quotes = []tenor.Record{}
	}
	sorted := tenor.SortNewest
	if req.Filter.Sort == tenor.SortRelevance && !found.Unsorted {
		sorted = tenor.SortRelevance
	}
	writeJSON(w, http.StatusOK, struct {
		Total  int                 `json:"total"`
		Next   string              `json:"next"`
		Quotes []tenor.Record      `json:"quotes"`
		Facets facetsJSON          `json:"facets"`
		Also   map[string][]string `json:"also"` // synonyms that were searched for, by the words of the query
		Sort   tenor.Sort          `json:"sort"` // the order that they have
	}{found.Total, found.Next, quotes, newFacetsJSON(found.Facets), also, sorted})
	return nil
}

// apiQuote is /api/v1/quotes/{id}: one quote, as the list has it.
func (v *view) apiQuote(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	record, _, err := v.namedQuote(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, record)
	return nil
}

// reasonsJSON are what speaks for a label: weights in log odds, for the value and
// against the runner-up.
type reasonsJSON struct {
	Label         string       `json:"label"`
	Value         string       `json:"value"`
	Share         float64      `json:"share"`
	RunnerUp      string       `json:"runner_up"`
	RunnerUpShare float64      `json:"runner_up_share"`
	HeldBack      bool         `json:"held_back"`
	Evidence      []placeJSON  `json:"evidence"`
	Reasons       []weightJSON `json:"reasons"`
	Rest          float64      `json:"rest"`
}

type placeJSON struct {
	Span tenor.Span `json:"span"`
	Text string     `json:"text"`
}

type weightJSON struct {
	placeJSON
	Weight float64 `json:"weight"`
}

// apiExplanation is /api/v1/quotes/{id}/explanation: why today's tagger gives a quote
// its labels. Those of the store are in the quote.
func (v *view) apiExplanation(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	record, a, err := v.namedQuote(r)
	if err != nil {
		return err
	}
	all := v.explained(&a)
	e := all[record.ID]
	switch {
	case all == nil:
		return &httpError{status: http.StatusNotFound, sentence: "No explanation is at hand here: tenor explain " + record.ID + " gives it."}
	case e == nil:
		return &httpError{status: http.StatusNotFound, sentence: "Today’s tagger does not find this quote: tenor retag brings the store up to date."}
	}
	labels := []reasonsJSON{}
	for i := range e.Labels {
		l := &e.Labels[i]
		one := reasonsJSON{
			Label: l.Label, Value: l.Value, Share: round(l.Share), RunnerUp: l.RunnerUp, RunnerUpShare: round(l.Second),
			HeldBack: l.HeldBack(), Evidence: []placeJSON{}, Reasons: []weightJSON{}, Rest: round(l.Rest),
		}
		for _, ev := range e.Shown(l) {
			one.Evidence = append(one.Evidence, placeJSON{ev.Span, ev.Span.In(a.Text)})
		}
		for _, reason := range l.Reasons {
			one.Reasons = append(one.Reasons, weightJSON{placeJSON{reason.Span, reason.Span.In(a.Text)}, round(reason.Weight)})
		}
		labels = append(labels, one)
	}
	writeJSON(w, http.StatusOK, struct {
		Quote  tenor.Record  `json:"quote"` // as the store has it
		Labels []reasonsJSON `json:"labels"`
	}{record, labels})
	return nil
}

// round leaves four digits: further ones mean nothing.
func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// viewJSON is a view on the day from which it stands.
type viewJSON struct {
	Date     string       `json:"date"`
	Speaker  string       `json:"speaker"`
	Firm     string       `json:"firm"`
	Stance   tenor.Stance `json:"stance"`
	Split    bool         `json:"split"`
	Disputed bool         `json:"disputed"`
	// Of the deciding quote's date: a view known to the month stands from its last day.
	Precision tenor.Precision `json:"precision"`
	QuoteID   string          `json:"quote_id"`
}

func newViewJSON(x *tenor.View) viewJSON {
	return viewJSON{x.Published.String(), x.Speaker, x.Firm, x.Stance, x.Split, x.Disputed, x.Quote.Published.Precision, x.Quote.ID}
}

// maxViews bounds the marks of single voices on the chart, the latest kept:
// beyond some thousands they are a smear.
const maxViews = 5000

// apiTimeline is /api/v1/timeline: the days of the chart and the views that make them.
func (v *view) apiTimeline(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r)
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	points := append([]tenor.Point{}, t.Points...)
	views, left := []viewJSON{}, 0
	if len(t.Points) > 0 {
		var latest []tenor.View
		latest, left = t.Latest(t.Points[0].Day, t.Points[len(t.Points)-1].Day, maxViews)
		for i := range latest {
			views = append(views, newViewJSON(&latest[i]))
		}
	}
	writeJSON(w, http.StatusOK, struct {
		Points  []tenor.Point `json:"points"`
		Views   []viewJSON    `json:"views"`
		LeftOut int           `json:"views_left_out"` // the earliest, beyond maxViews; each day's are at /api/v1/voices
		Undated int           `json:"undated"`
	}{points, views, left, t.Undated})
	return nil
}

// apiArticle is /api/v1/articles/{id}: an article and its quotes.
func (v *view) apiArticle(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	a, quotes, err := v.named(r)
	if err != nil {
		return err
	}
	if quotes == nil {
		quotes = []tenor.Record{}
	}
	writeJSON(w, http.StatusOK, struct {
		tenor.ArticleJSON
		Quotes []tenor.Record `json:"quotes"`
	}{a.JSON(), quotes})
	return nil
}
