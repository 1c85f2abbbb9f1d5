package web

import (
	"cmp"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tenor"
)

// period is the two days of a tenor.Move.
type period struct{ From, To tenor.Day }

func (p period) String() string { return p.From.String() + ".." + p.To.String() }

// moverRow is a voice that moved the net, as the page lists it.
type moverRow struct {
	tenor.Mover
	Was, Is tenor.Stance // empty: it did not count
}

// movedPart is the part of the consensus page that says who moved the net.
type movedPart struct {
	tenor.Move
	Rows []moverRow
	More int     // movers left out, which moved it least
	Rest float64 // their points
	Data string  // address of all as JSON
}

// maxMovers bounds the movers that the page lists: of a whole store there may be thousands.
const maxMovers = 200

// newMovedPart needs nothing of the movers' quotes that a timeline leaves out.
func newMovedPart(t *tenor.Timeline, p period, f tenor.Filter) *movedPart {
	part := &movedPart{Move: tenor.Moved(t, p.From, t, p.To)}
	if len(part.Movers) > maxMovers {
		slices.SortStableFunc(part.Movers, func(a, b tenor.Mover) int { return cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)) })
		for _, m := range part.Movers[maxMovers:] {
			part.More, part.Rest = part.More+1, part.Rest+m.Points
		}
		part.Movers = part.Movers[:maxMovers]
	}
	for _, m := range part.Movers {
		row := moverRow{Mover: m}
		if m.Before != nil {
			row.Was = m.Before.Stance
		}
		if m.After != nil {
			row.Is = m.After.Stance
		}
		part.Rows = append(part.Rows, row)
	}
	values := f.Values()
	values.Set("moved", p.String())
	part.Data = address("/api/v1/moved", values)
	return part
}

// fillMovers has fill read what a timeline left out of the movers' quotes.
func fillMovers(movers []tenor.Mover, fill func([]tenor.View) error) error {
	var views []tenor.View
	var of []**tenor.View // those that Moved points to may be the timeline's own
	for i := range movers {
		for _, v := range []**tenor.View{&movers[i].Before, &movers[i].After} {
			if *v != nil {
				views, of = append(views, **v), append(of, v)
			}
		}
	}
	if err := fill(views); err != nil {
		return err
	}
	for i := range of {
		*of[i] = &views[i]
	}
	return nil
}

// since are addresses that explain the move up to a day from some time before, as
// far as the series goes back.
func since(t *tenor.Timeline, day tenor.Day, f tenor.Filter) (list []choice) {
	for _, back := range []struct {
		label string
		days  tenor.Day
	}{{"a week", 7}, {"a month", 30}, {"a quarter", 91}, {"a year", 365}} {
		if !inSeries(t, day) || !inSeries(t, day-back.days) {
			break
		}
		values := f.Values()
		values.Set("day", day.String())
		values.Set("moved", period{day - back.days, day}.String())
		list = append(list, choice{Label: back.label, Href: address("/", values) + "#moved"})
	}
	return list
}

// between are the two days that the form offers: those that are explained, those in
// sight, or the quarter before the chosen day.
func between(t *tenor.Timeline, day tenor.Day, req request) period {
	switch {
	case req.Moved != nil:
		return *req.Moved
	case req.Look.Zoom != nil:
		return *req.Look.Zoom
	}
	first, last := t.Points[0].Day, t.Points[len(t.Points)-1].Day
	to := max(first, min(day, last))
	return period{max(first, to-91), to}
}

// fieldsOf are a filter and a day as fields of a form.
func fieldsOf(f tenor.Filter, day tenor.Day) (list []hidden) {
	values := f.Values()
	values.Set("day", day.String())
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			list = append(list, hidden{name, value})
		}
	}
	return list
}

// joinMoved sends the form's address, moved=A&moved=B, to the one that is shared,
// moved=A..B. It reports whether it did.
func joinMoved(w http.ResponseWriter, r *http.Request) bool {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(values["moved"]) != 2 {
		return false
	}
	slices.Sort(values["moved"]) // the earlier day first
	values.Set("moved", strings.Join(values["moved"], ".."))
	http.Redirect(w, r, address("/", values)+"#moved", http.StatusSeeOther)
	return true
}

// movedOf reads the two days from an address's query; nil where it has none.
func movedOf(values url.Values) (*period, error) {
	s := values.Get("moved")
	if s == "" {
		return nil, nil
	}
	from, to, err := tenor.ParseMoved(s)
	if err != nil {
		return nil, err
	}
	return &period{from, to}, nil
}

// apiMoved is /api/v1/moved: who moved the net between two days.
func (v *view) apiMoved(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, "moved")
	if err != nil {
		return err
	}
	if req.Moved == nil {
		return &httpError{status: http.StatusBadRequest, sentence: "Say between which two days, like /api/v1/moved?moved=2025-06-01..2025-06-30."}
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	m := tenor.Moved(t, req.Moved.From, t, req.Moved.To)
	if err := fillMovers(m.Movers, func(views []tenor.View) error { return v.store.Fill(r.Context(), views) }); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, m)
	return nil
}
