package web

import (
	"math"
	"net/http"

	"tenor"
)

// chartData is /timeline.json, what the page's chart draws: /api/v1/timeline in columns
// and with no more digits than can be seen, a third of its size. The chart alone reads it,
// and it changes as the chart does.
type chartData struct {
	First     string      `json:"first"` // day of the first figures; a day each follows
	Bullish   []int       `json:"bullish"`
	Neutral   []int       `json:"neutral"`
	Fragile   []int       `json:"fragile"`
	Disputed  []int       `json:"disputed"`
	Net       []*float64  `json:"net"` // null without a number
	Low       []*float64  `json:"low"`
	High      []*float64  `json:"high"`
	Agreement []*float64  `json:"agreement"`
	Who       [][2]string `json:"who"`   // speaker, firm
	Views     [][4]int    `json:"views"` // days since the first, place in who, place in tenor.Stances, marks
	Left      int         `json:"left"`  // earlier views that are left out
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
		Net: make([]*float64, n), Low: make([]*float64, n), High: make([]*float64, n), Agreement: make([]*float64, n),
		Who: [][2]string{}, Views: [][4]int{},
	}
	if n == 0 {
		return d
	}
	first, last := t.Points[0].Day, t.Points[n-1].Day
	d.First = first.String()
	for i, p := range t.Points {
		d.Bullish[i], d.Neutral[i], d.Fragile[i], d.Disputed[i] = p.Bullish, p.Neutral, p.Fragile, p.Disputed
		if p.Number {
			d.Net[i], d.Low[i], d.High[i], d.Agreement[i] = digits(p.Net, 1), digits(p.Low, 1), digits(p.High, 1), digits(p.Agreement, 2)
		}
	}
	views, left := t.Latest(first, last, maxViews)
	who := map[[2]string]int{}
	stances := map[tenor.Stance]int{}
	for i, s := range tenor.Stances() {
		stances[s] = i
	}
	d.Left = left
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
		d.Views = append(d.Views, [4]int{int(x.Published - first), at, stances[x.Stance], marks})
	}
	return d
}

// digits is a number with so many digits behind the point.
func digits(x float64, n int) *float64 {
	scale := math.Pow10(n)
	x = math.Round(x*scale) / scale
	return &x
}
