package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"tenor"
)

// overlayData is /overlay.json, what the page's chart draws beside the net: the events, and
// the one curve that is shown, in differences as in chartData. The chart alone reads it.
type overlayData struct {
	Curve  *curveData    `json:"curve"` // null: none
	Events []tenor.Event `json:"events"`
}

type curveData struct {
	Name  string `json:"name"`
	First string `json:"first"` // day of the first figure
	After []int  `json:"after"` // days since the figure before, the first 0
	// Times 10 to the power of Digits, by how much it differs from the figure before; null is a gap.
	Value  []*int `json:"value"`
	Digits int    `json:"digits"`
	// In place of both, where figures have too many digits to be written so.
	Plain []*float64 `json:"plain,omitempty"`
}

// overlayJSON answers for ?series=, as the page's address has it.
func (v *view) overlayJSON(w http.ResponseWriter, r *http.Request) error {
	o, shown, _, err := v.overlay(look{Series: r.URL.Query().Get("series")})
	if err != nil {
		return err
	}
	d := overlayData{Events: o.Events}
	if d.Events == nil {
		d.Events = []tenor.Event{}
	}
	if shown != nil && len(shown.Points) > 0 {
		d.Curve = newCurveData(shown)
	}
	writeJSON(w, http.StatusOK, d)
	return nil
}

func newCurveData(c *tenor.Curve) *curveData {
	d := &curveData{Name: c.Name, First: c.Points[0].Day.String(), Value: []*int{}}
	digits, ok := digitsOf(c)
	d.Digits = digits
	var value running
	before := c.Points[0].Day
	for _, p := range c.Points {
		d.After = append(d.After, int(p.Day-before))
		before = p.Day
		switch {
		case ok:
			d.Value = append(d.Value, value.to(whole(p.Value*math.Pow10(digits)), !p.Gap))
		case p.Gap:
			d.Plain = append(d.Plain, nil)
		default:
			d.Plain = append(d.Plain, &p.Value)
		}
	}
	return d
}

// exact bounds the whole numbers of which a script holds each one.
const exact = 1 << 53

// digitsOf is how many digits behind the point all figures of a curve have at most; not ok
// where a script that divides would not find the same figures again.
func digitsOf(c *tenor.Curve) (digits int, ok bool) {
	for _, p := range c.Points {
		if _, behind, found := strings.Cut(figure(p.Value), "."); found && !p.Gap {
			digits = max(digits, len(behind))
		}
	}
	scale := math.Pow10(digits)
	for _, p := range c.Points {
		at := math.Round(p.Value * scale)
		if !p.Gap && (math.Abs(at) >= exact || strconv.FormatFloat(at/scale, 'g', -1, 64) != strconv.FormatFloat(p.Value, 'g', -1, 64)) {
			return 0, false
		}
	}
	return digits, digits <= 15
}
