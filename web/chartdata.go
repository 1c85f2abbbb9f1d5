package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// chartData is /timeline.json, what the page's chart draws: what /api/v1/timeline holds, in
// columns of differences, since small numbers compress well, and with no more digits than can
// be seen. A decade in which every day differs weighs a tenth of it. The chart alone reads
// it, and it changes as the chart does.
type chartData struct {
	First string `json:"first"` // day of the first figures; a day each follows
	// By how much a day differs from the day before, the first from nothing.
	Bullish  []int `json:"bullish"`
	Neutral  []int `json:"neutral"`
	Fragile  []int `json:"fragile"`
	Disputed []int `json:"disputed"`
	// The figures of a day follow from its bullish, neutral and fragile votes. Here they
	// stand once for all days that have the same, in the order of the first such days; null
	// without a number, else by how much they differ from the number before.
	Net       []*int      `json:"net"`       // in tenths
	Below     []*int      `json:"below"`     // the interval's low end below the net, in tenths
	Above     []*int      `json:"above"`     // its high end above it
	Agreement []*int      `json:"agreement"` // in hundredths
	Who       [][2]string `json:"who"`       // speaker, firm
	Views     viewColumns `json:"views"`
	Left      int         `json:"left"` // earlier views that are left out
}

// viewColumns are the single views.
type viewColumns struct {
	After []int `json:"after"` // days since the view before, the first since chartData.First
	Who   []int `json:"who"`   // place in chartData.Who
	Kind  []int `json:"kind"`  // place in tenor.Stances, and three times its marks
}

// Marks of a view, added up.
const (
	viewSplit     = 1
	viewDisputed  = 2
	viewMonthOnly = 4
)

func (v *view) timelineJSON(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r)
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, newChartData(t))
	return nil
}

func newChartData(t *tenor.Timeline) *chartData {
	n := len(t.Points)
	d := &chartData{
		Bullish: make([]int, n), Neutral: make([]int, n), Fragile: make([]int, n), Disputed: make([]int, n),
		Net: []*int{}, Below: []*int{}, Above: []*int{}, Agreement: []*int{},
		Who: [][2]string{}, Views: viewColumns{[]int{}, []int{}, []int{}},
	}
	if n == 0 {
		return d
	}
	first, last := t.Points[0].Day, t.Points[n-1].Day
	d.First = first.String()
	var before tenor.Point
	var net, below, above, agreement running
	told := map[tenor.Tally]bool{}
	for i, p := range t.Points {
		d.Bullish[i], d.Neutral[i], d.Fragile[i] = p.Bullish-before.Bullish, p.Neutral-before.Neutral, p.Fragile-before.Fragile
		d.Disputed[i] = p.Disputed - before.Disputed
		before = p
		if told[p.Tally] {
			continue
		}
		told[p.Tally] = true
		at := inDigits(p.Net, 1)
		d.Net = append(d.Net, net.to(at, p.Number))
		d.Below = append(d.Below, below.to(at-inDigits(p.Low, 1), p.Number))
		d.Above = append(d.Above, above.to(inDigits(p.High, 1)-at, p.Number))
		d.Agreement = append(d.Agreement, agreement.to(inDigits(p.Agreement, 2), p.Number))
	}
	d.addViews(t, first, last)
	return d
}

func (d *chartData) addViews(t *tenor.Timeline, first, last tenor.Day) {
	views, left := t.Latest(first, last, maxViews)
	d.Left = left
	who := map[[2]string]int{}
	before := first
	for i := range views {
		x := &views[i]
		name := [2]string{x.Speaker, x.Firm}
		at, known := who[name]
		if !known {
			at = len(d.Who)
			who[name] = at
			d.Who = append(d.Who, name)
		}
		marks := 0
		if x.Split {
			marks += viewSplit
		}
		if x.Disputed {
			marks += viewDisputed
		}
		if x.Quote.Published.Precision == tenor.PrecisionMonth {
			marks += viewMonthOnly
		}
		stances := tenor.Stances()
		d.Views.After = append(d.Views.After, int(x.Published-before))
		d.Views.Who = append(d.Views.Who, at)
		d.Views.Kind = append(d.Views.Kind, slices.Index(stances, x.Stance)+len(stances)*marks)
		before = x.Published
	}
}

// running is a column's last number.
type running int

// to is by how much the next number differs; nil where there is none.
func (d *running) to(next int, any bool) *int {
	if !any {
		return nil
	}
	by := next - int(*d)
	*d = running(next)
	return &by
}

func whole(x float64) int { return int(math.Round(x)) }

// inDigits is a figure with so many digits as the page and the CSV write it, in units of the
// last: of 5 in 16 all say 31.2, where rounding by arithmetic says 31.3.
func inDigits(x float64, digits int) int {
	n, _ := strconv.Atoi(strings.Replace(strconv.FormatFloat(x, 'f', digits, 64), ".", "", 1)) // none is over 100
	return n
}
