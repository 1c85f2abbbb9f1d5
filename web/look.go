package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tenor"
)

// look is how the chart is drawn, whatever it counts: the days in sight, and the series
// beside the net. It lives in the address beside the filter, and every link of the page
// keeps it.
type look struct {
	Zoom   *period // nil: all days
	Series string  // the curve's name, noSeries, or empty: the first
	Log    bool    // the curve on a logarithmic scale
}

const noSeries = "none"

// lookParams are what of an address's query is a look.
var lookParams = []string{"zoom", "series", "scale"}

// lookOf reads a look. What it asks of the overlay is checked where that is known.
func lookOf(values url.Values) (l look, err error) {
	if s := values.Get("zoom"); s != "" {
		from, to, err := tenor.ParseMoved(s)
		if err != nil || from > to {
			return l, fmt.Errorf("zoom: %q is not two days like 2025-06-01..2025-06-30, the earlier first (%w)", s, tenor.ErrUsage)
		}
		l.Zoom = &period{from, to}
	}
	l.Series = values.Get("series")
	switch s := values.Get("scale"); s {
	case "", "linear":
	case "log":
		l.Log = true
	default:
		return l, &tenor.ValueError{Name: "scale", Value: s, Allowed: []string{"linear", "log"}}
	}
	return l, nil
}

// hidden are the fields by which a form keeps the look.
func (l look) hidden() (list []hidden) {
	if l.Zoom != nil {
		list = append(list, hidden{"zoom", l.Zoom.String()})
	}
	if l.Series != "" {
		list = append(list, hidden{"series", l.Series})
	}
	if l.Log {
		list = append(list, hidden{"scale", "log"})
	}
	return list
}

// on is an address of ours with the look.
func (l look) on(address string) string {
	added := url.Values{}
	for _, h := range l.hidden() {
		added.Set(h.Name, h.Value)
	}
	if len(added) == 0 || address == "" {
		return address
	}
	rest, fragment, _ := strings.Cut(address, "#")
	mark := "?"
	if strings.Contains(rest, "?") {
		mark = "&"
	}
	if rest += mark + added.Encode(); fragment != "" {
		rest += "#" + fragment
	}
	return rest
}

// onAll puts the look on the addresses of switches.
func (l look) onAll(lists ...[]choice) {
	for _, list := range lists {
		for i := range list {
			list[i].Href = l.on(list[i].Href)
		}
	}
}

// beside is the curve that the look asks for: the first where it names none.
func (l look) beside(o *tenor.Overlay) (*tenor.Curve, error) {
	if l.Series == noSeries || len(o.Curves) == 0 && l.Series == "" {
		return nil, nil
	}
	if l.Series == "" {
		return &o.Curves[0], nil
	}
	if c := o.Curve(l.Series); c != nil {
		return c, nil
	}
	allowed := []string{noSeries}
	for _, c := range o.Curves {
		allowed = append(allowed, c.Name)
	}
	return nil, &tenor.ValueError{Name: "series", Value: l.Series, Allowed: allowed}
}

// seriesChoices are the curves and "none" as links from an address, which has the filter.
func seriesChoices(here string, l look, o *tenor.Overlay, shown *tenor.Curve) (list []choice) {
	for i := range o.Curves {
		one := l
		if one.Series = o.Curves[i].Name; i == 0 {
			one.Series = ""
		}
		list = append(list, choice{o.Curves[i].Name, one.on(here), shown == &o.Curves[i]})
	}
	if len(list) > 0 {
		one := l
		one.Series, one.Log = noSeries, false
		list = append(list, choice{noSeries, one.on(here), shown == nil})
	}
	return list
}

// scaleChoices are the scales of the curve that is shown; none where it has figures that
// no logarithm takes.
func scaleChoices(here string, l look, shown *tenor.Curve) (list []choice) {
	if shown == nil || !positive(shown) {
		return nil
	}
	for _, log := range []bool{false, true} {
		one := l
		one.Log = log
		label := map[bool]string{false: "linear", true: "log"}[log]
		list = append(list, choice{label, one.on(here), l.Log == log})
	}
	return list
}

func positive(c *tenor.Curve) bool {
	return !slices.ContainsFunc(c.Points, func(p tenor.CurvePoint) bool { return !p.Gap && p.Value <= 0 })
}
