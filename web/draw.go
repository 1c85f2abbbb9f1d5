package web

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// Measures of a picture in its own units. The rows stand below each other on one axis of
// time, as in the chart.
const (
	pictureWidth  = 960
	pictureHeight = 600
	plotLeft      = 48
	plotRight     = 900
	plotTop       = 92
)

var (
	netRow       = strip{plotTop, 240, -100, 100}
	sharesRow    = strip{360, 70, 0, 100}
	agreementRow = strip{456, 36, 0, 1}
)

// strip is a row of a picture: from its top, how high, between which values.
type strip struct{ top, height, low, high float64 }

func (s strip) y(value float64) float64 {
	return s.top + (s.high-value)/(s.high-s.low)*s.height
}

func (s strip) bottom() float64 { return s.top + s.height }

// picture is an SVG in the making. Text is escaped where it enters.
type picture struct {
	title, about  string
	width, height float64
	from          tenor.Day
	days          float64
	b             strings.Builder
}

func newPicture(title, about string) *picture {
	return &picture{title: title, about: about, width: pictureWidth, height: pictureHeight}
}

// writeTo writes a whole file.
func (p *picture) writeTo(w io.Writer, style string) error {
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]g" height="%[2]g" viewBox="0 0 %[1]g %[2]g" role="img" aria-labelledby="t d">`+
		`<title id="t">%[3]s</title><desc id="d">%[4]s</desc><style>%[5]s</style><rect class="ground" width="%[1]g" height="%[2]g"/>`+
		`<text class="title" x="20" y="32">%[3]s</text><text x="20" y="52">%[4]s</text>%[6]s</svg>`,
		p.width, p.height, html.EscapeString(cut(p.title, 110)), html.EscapeString(cut(p.about, 160)), style, p.b.String())
	return err
}

// cut shortens a text to so many letters.
func cut(s string, most int) string {
	letters := []rune(s)
	if len(letters) <= most {
		return s
	}
	return string(letters[:most-1]) + "…"
}

func (p *picture) span(from, to tenor.Day) { p.from, p.days = from, float64(to-from+1) }

// x is where a day begins; half past it is its middle.
func (p *picture) x(day float64) float64 {
	return plotLeft + (day-float64(p.from))/p.days*(plotRight-plotLeft)
}

func num(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
}

func (p *picture) text(x, y float64, anchor, class, content string) {
	fmt.Fprintf(&p.b, `<text x="%s" y="%s"`, num(x), num(y))
	if anchor != "" {
		fmt.Fprintf(&p.b, ` text-anchor="%s"`, anchor)
	}
	if class != "" {
		fmt.Fprintf(&p.b, ` class="%s"`, class)
	}
	fmt.Fprintf(&p.b, ">%s</text>", html.EscapeString(content))
}

func (p *picture) path(class, d string) {
	if d != "" {
		fmt.Fprintf(&p.b, `<path class="%s" d="%s"/>`, class, d)
	}
}

func (p *picture) line(class string, x0, y0, x1, y1 float64) {
	fmt.Fprintf(&p.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, num(x0), num(y0), num(x1), num(y1))
}

// consensus draws the chart.
func (p *picture) consensus(points []tenor.Point, n noun, o *tenor.Overlay, curve *tenor.Curve, log bool) {
	first, last := points[0].Day, points[len(points)-1].Day
	p.span(first, last)
	rows := runs(points)
	most := 1
	for _, r := range rows {
		most = max(most, r.N())
	}
	votesRow := strip{516, 36, 0, float64(most)}
	p.frame(netRow, "net, 90 % interval", map[float64]string{-100: "−100", -50: "−50", 0: "0", 50: "+50", 100: "+100"})
	p.frame(sharesRow, "stance shares, %", map[float64]string{0: "0", 50: "50", 100: "100"})
	p.frame(agreementRow, "agreement", map[float64]string{0: "0", 1: "1"})
	p.frame(votesRow, n.Many, map[float64]string{0: "0", float64(most): count(most)})
	p.dates(first, last, votesRow.bottom())
	p.events(o.Events, first, last)
	p.index(rows)
	if curve != nil {
		p.curve(curve, first, last, log)
	}
	for i, s := range tenor.Stances() {
		fmt.Fprintf(&p.b, `<text class="name %s" x="%d" y="351" text-anchor="end">%s %s</text>`, s, plotRight-180+90*i, shape(s), s)
	}
	p.area("n", votesRow, rows, func(r *row) bool { return r.N() > 0 }, func(r *row) (float64, float64) { return 0, float64(r.N()) })
	p.text(plotLeft, p.height-14, "", "", "Dashed and hollow: three or four "+n.Many+". A gap: fewer than three. Dotted: where the net would lie with the disputed ones.")
}

// frame is a row's name, lines and figures.
func (p *picture) frame(s strip, name string, ticks map[float64]string) {
	p.text(plotLeft, s.top-7, "", "name", name)
	for value, label := range ticks {
		class := "grid"
		if value == 0 {
			class = "zero"
		}
		p.line(class, plotLeft, s.y(value), plotRight, s.y(value))
		p.text(plotLeft-7, s.y(value)+4, "end", "", label)
	}
}

// index draws what has a number: net and interval, agreement, shares; and where disputed
// voices would move the net.
func (p *picture) index(rows []row) {
	var net, few, dots, agreement, disputed strings.Builder
	for i, r := range rows {
		x0, x1 := p.x(float64(r.Day)), p.x(float64(r.Last+1))
		if r.Disputed > 0 && r.N()+r.Disputed >= 3 {
			low, high := r.DisputedNet()
			fmt.Fprintf(&disputed, "M%s %sH%sM%s %sH%s", num(x0), num(netRow.y(low)), num(x1), num(x0), num(netRow.y(high)), num(x1))
		}
		if !r.Number {
			continue
		}
		line := &net
		if r.Hollow {
			line = &few
			fmt.Fprintf(&dots, `<circle class="hollow" cx="%s" cy="%s" r="3.5"/>`, num((p.x(float64(r.Day))+p.x(float64(r.Day+1)))/2), num(netRow.y(r.Net)))
		}
		joined := i > 0 && rows[i-1].Number
		stepTo(line, joined, x0, x1, netRow.y(r.Net), func() float64 { return netRow.y(rows[i-1].Net) })
		stepTo(&agreement, joined, x0, x1, agreementRow.y(r.Agreement), func() float64 { return agreementRow.y(rows[i-1].Agreement) })
	}
	number := func(r *row) bool { return r.Number }
	p.area("band", netRow, rows, number, func(r *row) (float64, float64) { return r.Low, r.High })
	share := func(part, of int) float64 { return 100 * float64(part) / float64(of) }
	p.area("bullish", sharesRow, rows, number, func(r *row) (float64, float64) { return 0, share(r.Bullish, r.N()) })
	p.area("neutral", sharesRow, rows, number, func(r *row) (float64, float64) { return share(r.Bullish, r.N()), share(r.Bullish+r.Neutral, r.N()) })
	p.area("fragile", sharesRow, rows, number, func(r *row) (float64, float64) { return share(r.Bullish+r.Neutral, r.N()), 100 })
	p.path("disputed", disputed.String())
	p.path("net", net.String())
	p.path("few", few.String())
	p.b.WriteString(dots.String())
	p.path("agreement", agreement.String())
}

// stepTo adds a level stretch to a line, with the step up or down to it where the row
// before has a number too.
func stepTo(b *strings.Builder, joined bool, x0, x1, y float64, before func() float64) {
	if joined {
		fmt.Fprintf(b, "M%s %sV%sH%s", num(x0), num(before()), num(y), num(x1))
	} else {
		fmt.Fprintf(b, "M%s %sH%s", num(x0), num(y), num(x1))
	}
}

// area fills between two values of the rows that are in, a shape for those that follow
// without a gap.
func (p *picture) area(class string, s strip, rows []row, in func(*row) bool, between func(*row) (low, high float64)) {
	var d, back strings.Builder
	for i := 0; i < len(rows); i++ {
		if !in(&rows[i]) {
			continue
		}
		start := i
		for i+1 < len(rows) && in(&rows[i+1]) {
			i++
		}
		fmt.Fprintf(&d, "M%s ", num(p.x(float64(rows[start].Day))))
		for j := start; j <= i; j++ {
			_, high := between(&rows[j])
			if j > start {
				d.WriteByte('V')
			}
			fmt.Fprintf(&d, "%sH%s", num(s.y(high)), num(p.x(float64(rows[j].Last+1))))
		}
		back.Reset()
		for j := i; j >= start; j-- {
			low, _ := between(&rows[j])
			fmt.Fprintf(&back, "V%sH%s", num(s.y(low)), num(p.x(float64(rows[j].Day))))
		}
		d.WriteString(back.String() + "Z")
	}
	p.path(class, d.String())
}

// dates are lines and dates below, no more than fit.
func (p *picture) dates(first, last tenor.Day, bottom float64) {
	for _, tick := range dateTicks(first, last) {
		x := p.x(float64(tick.day))
		p.line("grid", x, plotTop, x, bottom)
		p.text(x, bottom+16, "middle", "", tick.label)
	}
}

type dateTick struct {
	day   tenor.Day
	label string
}

// dateTicks are days to name between two: firsts of a year, quarter or month or, of a
// short stretch, every few days.
func dateTicks(first, last tenor.Day) (ticks []dateTick) {
	const most = 9
	days := int(last-first) + 1
	if days <= 62 {
		step := max(1, (days+most-1)/most)
		for d := first; d <= last; d += tenor.Day(step) {
			ticks = append(ticks, dateTick{d, d.Time().Format("Jan 2")})
		}
		return ticks
	}
	step := 1
	for _, months := range []int{1, 3, 6, 12, 24, 60, 120, 240} {
		if step = months; days/30/months <= most {
			break
		}
	}
	start := first.Time()
	at := time.Date(start.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	if step > 12 {
		at = time.Date(start.Year()/(step/12)*(step/12), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for ; tenor.DayOf(at) <= last; at = at.AddDate(0, step, 0) {
		switch d := tenor.DayOf(at); {
		case d < first:
		case at.Month() == time.January:
			ticks = append(ticks, dateTick{d, at.Format("2006")})
		default:
			ticks = append(ticks, dateTick{d, at.Format("Jan 2006")})
		}
	}
	return ticks
}

// events are lines through the days of events; their labels where there is room.
func (p *picture) events(events []tenor.Event, first, last tenor.Day) {
	free := [2]float64{}
	for _, e := range events {
		if e.Day < first || e.Day > last {
			continue
		}
		x := p.x(float64(e.Day) + .5)
		fmt.Fprintf(&p.b, `<g><title>%s %s</title>`, e.Day, html.EscapeString(e.Label))
		p.line("event", x, netRow.top, x, netRow.bottom())
		label := cut(e.Label, 28)
		width := 6.2 * float64(len([]rune(label)))
		for i, end := range free {
			if start := min(x+3, plotRight-width); start > end {
				p.text(start, netRow.top+11+13*float64(i), "", "event-name", label)
				free[i] = start + width + 8
				break
			}
		}
		p.b.WriteString("</g>")
	}
}
