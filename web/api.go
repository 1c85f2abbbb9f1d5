package web

import (
	"net/http"

	"tenor"
)

// apiQuotes is /api/v1/quotes: a page of quotes with the total and the cursor of
// the next.
func (v *view) apiQuotes(w http.ResponseWriter, r *http.Request) error {
	req, err := parse(r, "cursor", "limit")
	if err != nil {
		return err
	}
	found, err := v.store.Search(r.Context(), req.Filter, req.Cursor, req.limit())
	if err != nil {
		return err
	}
	facets := map[string]map[string]int{}
	for _, f := range found.Facets {
		facets[f.Name] = map[string]int{}
		for _, value := range f.Values {
			facets[f.Name][value.Value] = value.Count
		}
	}
	quotes := found.Records
	if quotes == nil {
		quotes = []tenor.Record{}
	}
	writeJSON(w, http.StatusOK, struct {
		Total  int                       `json:"total"`
		Next   string                    `json:"next"`
		Quotes []tenor.Record            `json:"quotes"`
		Facets map[string]map[string]int `json:"facets"`
	}{found.Total, found.Next, quotes, facets})
	return nil
}

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

// maxViews bounds the marks of single voices on the chart, the latest kept:
// beyond some thousands they are a smear.
const maxViews = 5000

// apiTimeline is /api/v1/timeline: the days of the chart and the views that make them.
func (v *view) apiTimeline(w http.ResponseWriter, r *http.Request) error {
	req, err := parse(r)
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	points := append([]tenor.Point{}, t.Points...)
	views := []viewJSON{}
	if len(t.Points) > 0 {
		first, last := t.Points[0].Day, t.Points[len(t.Points)-1].Day
		all := t.Views()
		for i := range all {
			if x := &all[i]; x.Published >= first && x.Published <= last {
				views = append(views, viewJSON{
					x.Published.String(), x.Speaker, x.Firm, x.Stance, x.Split, x.Disputed, x.Quote.Published.Precision, x.Quote.ID,
				})
			}
		}
	}
	writeJSON(w, http.StatusOK, struct {
		Points  []tenor.Point `json:"points"`
		Views   []viewJSON    `json:"views"`
		Undated int           `json:"undated"`
	}{points, views[max(0, len(views)-maxViews):], t.Undated})
	return nil
}

// apiArticle is /api/v1/articles/{id}: an article and its quotes.
func (v *view) apiArticle(w http.ResponseWriter, r *http.Request) error {
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
