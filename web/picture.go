package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"tenor"
)

// timelineSVG is /timeline.svg: the chart as a picture for readers without scripts, for
// paper and for other people's pages. It says what it counts, as whoever meets it alone
// must know.
func (v *view) timelineSVG(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, lookParams...)
	if err != nil {
		return err
	}
	o, shown, _, err := v.overlay(req.Look)
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	points := sight(t.Points, req.Look.Zoom)
	c := newCaption(req.Filter, points)
	p := newPicture(c.Title, c.About)
	if len(points) == 0 {
		p.text(pictureWidth/2, 300, "middle", "", "No voice stands under these filters.")
	} else {
		p.consensus(points, nounOf(req.Filter.Count), &o, shown, req.Look.Log && shown != nil && positive(shown))
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Disposition", `inline; filename="`+c.file(points)+`.svg"`)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; style-src '"+v.pictureHash+"'")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		p.writeTo(w, v.pictureStyle)
	}
	return nil
}

// sight are the points of the days in sight.
func sight(points []tenor.Point, zoom *period) []tenor.Point {
	if zoom == nil || len(points) == 0 {
		return points
	}
	first := points[0].Day
	from, to := max(0, int(zoom.From-first)), min(len(points), int(zoom.To-first)+1)
	if from >= to {
		return nil
	}
	return points[from:to]
}

// caption says in a saved picture what it shows.
type caption struct {
	Title string // the filter
	About string // what is counted, over which days, how many
	Rule  string // About without days and number, for the page to add those in sight
	Name  string // of the file, without days
}

func newCaption(f tenor.Filter, points []tenor.Point) caption {
	var c caption
	title, name := []string{}, []string{"tenor", "consensus"}
	for _, one := range chips("/", f) {
		title = append(title, one.Name+" "+one.Value)
		name = append(name, slug(one.Value))
	}
	c.Title = "Consensus of all voices"
	if len(title) > 0 {
		c.Title = "Consensus: " + strings.Join(title, " · ")
	}
	window := f.Window
	if window == 0 {
		window = tenor.DefaultWindow
	} else {
		name = append(name, fmt.Sprint(window, "d"))
	}
	how := "one voice per analyst"
	switch f.Count {
	case tenor.CountQuotes:
		how, name = "every quote counted, copies too", append(name, "quotes")
	case tenor.CountArticles:
		how, name = "one voice per analyst and article", append(name, "articles")
	}
	c.Rule = fmt.Sprintf("%s, for as long as it stands: %d days", how, window)
	c.About = c.Rule
	if len(points) > 0 {
		least, most := points[0].N(), 0
		for _, p := range points {
			least, most = min(least, p.N()), max(most, p.N())
		}
		n := fmt.Sprintf("n = %d", least)
		if least != most {
			n = fmt.Sprintf("n = %d to %d", least, most)
		}
		c.About += fmt.Sprintf(" · %s to %s · %s", points[0].Day, points[len(points)-1].Day, n)
	}
	c.Name = strings.Join(name, "-")
	if len(c.Name) > 100 {
		c.Name = strings.Trim(c.Name[:100], "-")
	}
	return c
}

// file is the name of the picture's file, without its ending.
func (c *caption) file(points []tenor.Point) string {
	if len(points) == 0 {
		return c.Name
	}
	return fmt.Sprintf("%s-%s-%s", c.Name, points[0].Day, points[len(points)-1].Day)
}

var noSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a value as it may stand in the name of a file, on every system.
func slug(s string) string {
	return strings.Trim(noSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
}

// pictureAddress is the picture of a filter as it is looked at.
func pictureAddress(f tenor.Filter, l look) string { return l.on(address("/timeline.svg", f.Values())) }

// pictureRules are the styles of a picture. $name is a colour of the stylesheet, written
// out: a picture leaves the page, and many programs that show it know no variables.
const pictureRules = `text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;fill:$soft}` +
	`.title{font-size:16px;font-weight:650;fill:$ink}.name{font-weight:600}.ground{fill:$raised}` +
	`.grid{stroke:$line}.zero{stroke:$soft}path{fill:none}` +
	`.net,.few{stroke:$accent;stroke-width:2.25}.few{stroke-width:1.25;stroke-dasharray:4 3}.hollow{fill:$raised;stroke:$accent;stroke-width:1.5}` +
	`.band{fill:$accent;fill-opacity:.15}.disputed{stroke:$accent;stroke-dasharray:1 3}` +
	`.n{fill:$soft;fill-opacity:.25;stroke:$soft}.agreement{stroke:$accent;stroke-width:1.25}` +
	`.curve{stroke:$ink;stroke-width:1.25;stroke-opacity:.75}.curve-dot{fill:$ink;fill-opacity:.75}.event{stroke:$warn;stroke-dasharray:2 2}.event-name{fill:$warn}` +
	`.bullish{fill:$bullish}.neutral{fill:$neutral}.fragile{fill:$fragile}path.neutral{fill-opacity:.5}path.bullish,path.fragile{fill-opacity:.8}`

var (
	colourRule = regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`)
	colourName = regexp.MustCompile(`\$[a-z]+`)
)

// pictureStyle is the stylesheet of a picture: the colours of css, light and dark.
func pictureStyle(css string) (style, hash string, err error) {
	light, dark := map[string]string{}, map[string]string{}
	before, after, found := strings.Cut(css, "(prefers-color-scheme: dark)")
	if !found {
		return "", "", fmt.Errorf("the stylesheet has no dark colours")
	}
	for _, m := range colourRule.FindAllStringSubmatch(before, -1) {
		light["$"+m[1]], dark["$"+m[1]] = m[2], m[2]
	}
	after, _, _ = strings.Cut(after, "\n}")
	for _, m := range colourRule.FindAllStringSubmatch(after, -1) {
		dark["$"+m[1]] = m[2]
	}
	of := func(colours map[string]string) string {
		return colourName.ReplaceAllStringFunc(pictureRules, func(name string) string { return colours[name] })
	}
	style = of(light) + "@media screen and (prefers-color-scheme:dark){" + of(dark) + "}"
	sum := sha256.Sum256([]byte(style))
	return style, "sha256-" + base64.StdEncoding.EncodeToString(sum[:]), nil
}

// lookedAt is the page's own address: its filter, and the day where one was asked for.
func lookedAt(f tenor.Filter, day *tenor.Day, moved *period) string {
	values := url.Values(f.Values())
	if day != nil {
		values.Set("day", day.String())
	}
	if moved != nil {
		values.Set("moved", moved.String())
	}
	return address("/", values)
}
