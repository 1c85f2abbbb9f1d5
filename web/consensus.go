package web

import (
	"net/http"
	"slices"

	"tenor"
)

// maxRows bounds the table under the chart; the CSV has every day. maxVoices bounds the
// voices of a stance that are listed: over a million quotes thousands stand on a day.
const (
	maxRows   = 400
	maxVoices = 50
)

type consensusPage struct {
	chrome
	Filter tenor.Filter
	Chips  []chip
	Form   []field
	Keep   []hidden // filters that the form does not show
	Totals tenor.Totals

	Windows, Counts []choice
	Look            look
	Overlay         overlayPart
	Caption         caption
	NoNumber        bool // no day of the series has a number

	HasChart  bool
	Picture   string // address of the chart as a picture
	ChartURL  string // the chart's data
	DataURL   string // the same for programs
	CSVURL    string
	QuotesURL string
	QuotesCSV string

	VoicesCSV  string
	VoicesJSON string // disputed ones as well

	Any       bool   // there is a series
	Outside   bool   // the chosen day is not in it
	First     choice // day of the series
	Final     choice
	Undated   int
	Unknown   []string    // why nothing is there, where that is known
	Point     tenor.Point // of the chosen day
	Low, High float64     // of the net if disputed voices counted
	Shares    []share
	Earlier   string // address of the last day before on which something was different
	Later     string
	Latest    bool // the chosen day is the last of the series
	Lapsed    bool // it is, and no view stands today
	Voices    []voice
	Disputed  []voice
	// Left out of each; the CSV has all that count.
	MoreVoices, MoreDisputed int
	Since                    []choice // who moved it until the chosen day
	Between                  period   // the days that the form of who moved it offers
	Here                     []hidden // the filter, day and look, for that form
	Moved                    *movedPart
	Rows                     []row
	More                     int // rows left out
	Noun                     noun
}

// noun is what one vote is called.
type noun struct{ One, Many string }

func nounOf(c tenor.Count) noun {
	switch c {
	case tenor.CountQuotes:
		return noun{"quote", "quotes"}
	case tenor.CountArticles:
		return noun{"voice per article", "voices per article"}
	}
	return noun{"voice", "voices"}
}

// share is one stance's part of the votes of a day.
type share struct {
	Stance tenor.Stance
	Votes  int
}

// row is a run of days on which nothing changed.
type row struct {
	tenor.Point
	Last tenor.Day
	Href string
}

// consensus shows the chart, the figures of a day and the voices behind it.
func (v *view) consensus(w http.ResponseWriter, r *http.Request) error {
	if tidy(w, r) || joinMoved(w, r) {
		return nil
	}
	req, err := v.parse(r, append([]string{"day", "moved"}, lookParams...)...)
	if err != nil {
		return err
	}
	f := req.Filter
	over, curve, problem, err := v.overlay(req.Look)
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), f)
	if err != nil {
		return err
	}
	totals, err := v.store.Totals(r.Context())
	if err != nil {
		return err
	}
	form, keep, err := v.form(r.Context(), f)
	if err != nil {
		return err
	}
	page := &consensusPage{
		chrome: chrome{Title: "Consensus", Nav: "/", Chart: true},
		Filter: f, Chips: chips("/", f), Form: form, Keep: keep, Totals: totals,
		Windows: windows(f, req.Day), Counts: counts(f, req.Day), Look: req.Look,
		HasChart:  v.assets.path(chartBundle) != "",
		ChartURL:  address("/timeline.json", f.Values()),
		DataURL:   address("/api/v1/timeline", f.Values()),
		CSVURL:    address("/timeline.csv", f.Values()),
		QuotesURL: address("/quotes", forQuotes(f).Values()),
		QuotesCSV: address("/quotes.csv", forQuotes(f).Values()),
		Undated:   t.Undated, Noun: nounOf(f.Count),
	}
	page.Caption = newCaption(f, sight(t.Points, req.Look.Zoom))
	page.Picture = pictureAddress(f, req.Look)
	if len(t.Points) == 0 {
		if page.Unknown, err = v.store.Unknown(r.Context(), f); err != nil {
			return err
		}
	}
	if page.Any = len(t.Points) > 0; page.Any {
		fill := func(views []tenor.View) error { return v.store.Fill(r.Context(), views) }
		if err := page.show(t, req.Day, fill); err != nil {
			return err
		}
		page.Since = since(t, page.Point.Day, f)
		page.Between = between(t, page.Point.Day, req)
		page.Here = append(fieldsOf(f, page.Point.Day), req.Look.hidden()...)
		page.Overlay = newOverlayPart(&over, curve, req.Look, lookedAt(f, req.Day, req.Moved), t, page.Point.Day)
		page.NoNumber = !slices.ContainsFunc(t.Points, func(p tenor.Point) bool { return p.Number })
		if req.Moved != nil {
			page.Moved = newMovedPart(t, *req.Moved, f)
		}
		page.Lapsed = page.Latest && f.To == nil && page.Point.Day < v.today()
	}
	page.Overlay.Problem = problem
	page.keepLook()
	return v.render(w, http.StatusOK, "consensus", page)
}

// keepLook puts the look on every address that leads back to this page.
func (p *consensusPage) keepLook() {
	l := p.Look
	p.Keep = append(p.Keep, l.hidden()...)
	for i := range p.Chips {
		p.Chips[i].Without = l.on(p.Chips[i].Without)
	}
	l.onAll(p.Windows, p.Counts, p.Since)
	p.Earlier, p.Later = l.on(p.Earlier), l.on(p.Later)
	p.First.Href, p.Final.Href = l.on(p.First.Href), l.on(p.Final.Href)
	for i := range p.Rows {
		p.Rows[i].Href = l.on(p.Rows[i].Href)
	}
}

// show fills the page with the figures and voices of the day, or of the last one; fill
// reads the words of views.
func (p *consensusPage) show(t *tenor.Timeline, day *tenor.Day, fill func([]tenor.View) error) error {
	rows := runs(t.Points)
	last := len(rows) - 1
	if day != nil {
		p.Point = t.At(*day)
	} else {
		p.Point = t.Points[len(t.Points)-1]
	}
	here := p.Filter.Values()
	here.Set("day", p.Point.Day.String())
	p.VoicesCSV, p.VoicesJSON = address("/voices.csv", here), address("/api/v1/voices", here)
	p.Low, p.High = p.Point.DisputedNet()
	for _, s := range tenor.Stances() {
		votes := map[tenor.Stance]int{
			tenor.Bullish: p.Point.Bullish, tenor.Neutral: p.Point.Neutral, tenor.Fragile: p.Point.Fragile,
		}[s]
		p.Shares = append(p.Shares, share{s, votes})
	}
	for i, r := range rows {
		if r.Day <= p.Point.Day && p.Point.Day <= r.Last {
			p.Latest = i == last
			if i > 0 {
				p.Earlier = dayAddress(p.Filter, rows[i-1].Last)
			}
			if i < last {
				p.Later = dayAddress(p.Filter, rows[i+1].Day)
			}
		}
	}
	p.Outside = !inSeries(t, p.Point.Day)
	first, final := rows[0].Day, rows[last].Last
	p.First = choice{Label: first.String(), Href: dayAddress(p.Filter, first)}
	p.Final = choice{Label: final.String(), Href: dayAddress(p.Filter, final)}
	slices.Reverse(rows)
	if len(rows) > maxRows {
		p.More = len(rows) - maxRows
		rows = rows[:maxRows]
	}
	for i := range rows {
		rows[i].Href = dayAddress(p.Filter, rows[i].Day)
	}
	p.Rows = rows

	counted, disputed, more := standing(t, p.Point.Day, maxVoices)
	p.MoreVoices = more
	disputed, p.MoreDisputed = latestOfEach(disputed)
	for _, views := range [][]tenor.View{counted, disputed} {
		if err := fill(views); err != nil {
			return err
		}
	}
	for _, view := range counted {
		p.Voices = append(p.Voices, newVoice(view, p.Point.Day, p.Filter))
	}
	for _, view := range disputed {
		p.Disputed = append(p.Disputed, newVoice(view, p.Point.Day, p.Filter))
	}
	return nil
}

// latestOfEach are the views listed on the page: of each stance the latest. The others are
// counted.
func latestOfEach(views []tenor.View) (listed []tenor.View, more int) {
	if len(views) <= maxVoices {
		return views, 0
	}
	of := map[tenor.Stance]int{}
	for _, view := range views {
		if of[view.Stance]++; of[view.Stance] <= maxVoices {
			listed = append(listed, view)
		}
	}
	return listed, len(views) - len(listed)
}

// runs folds days on which no figure changed into one row, earliest first.
func runs(points []tenor.Point) []row {
	var rows []row
	for _, p := range points {
		if n := len(rows); n > 0 {
			same := rows[n-1].Point
			same.Day = p.Day
			if same == p {
				rows[n-1].Last = p.Day
				continue
			}
		}
		rows = append(rows, row{Point: p, Last: p.Day})
	}
	return rows
}

// dayAddress is the page of a day, at its voices.
func dayAddress(f tenor.Filter, d tenor.Day) string {
	values := f.Values()
	values.Set("day", d.String())
	return address("/", values) + "#day"
}
