package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tenor"
)

// Overlay gives what users draw beside the consensus, from their own CSV. It is asked for
// each page and must be quick. With an error it gives what it last read well.
type Overlay func() (tenor.Overlay, error)

// overlayPart is what of the overlay stands on the consensus page.
type overlayPart struct {
	Problem string   // why the files cannot be read as they are now
	Series  []choice // which curve is drawn beside the net
	Scales  []choice
	Curve   *tenor.Curve
	Days    period        // of the series
	Events  []tenor.Event // within its days, the latest first
	Earlier int           // events left out
	Day     []tenor.Event // those of the chosen day
	Data    string        // address of the curves and events as JSON; empty where there are none
	Drawn   string        // the same of what the chart draws
}

// maxEvents bounds the events listed under the chart.
const maxEvents = 200

// overlay reads what is to be drawn beside the net, and what of it the look asks for.
func (v *view) overlay(l look) (o tenor.Overlay, shown *tenor.Curve, problem string, err error) {
	if v.overlaid == nil {
		return o, nil, "", nil
	}
	o, failed := v.overlaid()
	if failed != nil {
		problem = strings.TrimPrefix(failed.Error(), tenor.ErrUsage.Error()+": ")
	}
	shown, err = l.beside(&o)
	return o, shown, problem, err
}

// newOverlayPart is the part of a page whose address with the filter is here.
func newOverlayPart(o *tenor.Overlay, shown *tenor.Curve, l look, here string, t *tenor.Timeline, day tenor.Day) overlayPart {
	first, last := t.Points[0].Day, t.Points[len(t.Points)-1].Day
	p := overlayPart{
		Series: seriesChoices(here, l, o, shown), Scales: scaleChoices(here, l, shown), Curve: shown,
		Days: period{first, last}, Day: o.On(day),
	}
	if len(o.Curves)+len(o.Events) > 0 {
		p.Data, p.Drawn = "/api/v1/overlay", "/overlay.json"
		if l.Series != "" {
			p.Drawn = address(p.Drawn, url.Values{"series": {l.Series}})
		}
	}
	for i := len(o.Events) - 1; i >= 0; i-- {
		switch e := o.Events[i]; {
		case e.Day < first || e.Day > last:
		case len(p.Events) == maxEvents:
			p.Earlier++
		default:
			p.Events = append(p.Events, e)
		}
	}
	return p
}

// Figure is the curve's last figure in a row of the table, as its file has it.
func (p *overlayPart) Figure(r row) string {
	if value, ok := p.Curve.Last(r.Day, r.Last); ok {
		return figure(value)
	}
	return ""
}

// figure writes a number of a user's file as short as it can be.
func figure(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// apiOverlay is /api/v1/overlay: the curves and events that are drawn beside the net.
func (v *view) apiOverlay(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	o, _, problem, err := v.overlay(look{})
	if err != nil {
		return err
	}
	if o.Curves == nil {
		o.Curves = []tenor.Curve{}
	}
	if o.Events == nil {
		o.Events = []tenor.Event{}
	}
	writeJSON(w, http.StatusOK, struct {
		Series  []tenor.Curve `json:"series"`
		Events  []tenor.Event `json:"events"`
		Problem string        `json:"problem"` // why the files cannot be read as they are now, or empty
	}{o.Curves, o.Events, problem})
	return nil
}
