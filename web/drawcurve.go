package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tenor"
)

// curve draws a figure of the user's own over the net, on an axis of its own at the right.
func (p *picture) curve(c *tenor.Curve, first, last tenor.Day, log bool) {
	scale := func(x float64) float64 { return x }
	if log {
		scale = math.Log
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, point := range c.Points {
		if !point.Gap && first <= point.Day && point.Day <= last {
			low, high = min(low, scale(point.Value)), max(high, scale(point.Value))
		}
	}
	if low > high {
		return // nothing of it in sight
	}
	ticks := axisTicks(low, high, log)
	s := strip{netRow.top, netRow.height, ticks[0], ticks[len(ticks)-1]}
	for _, t := range ticks {
		label := t
		if log {
			label = math.Exp(t)
		}
		p.text(plotRight+7, s.y(t)+4, "", "", tickLabel(label))
	}
	name := c.Name
	if log {
		name += " (log)"
	}
	p.text(pictureWidth-12, netRow.top-7, "end", "name", cut(name, 60))
	var d strings.Builder
	for _, run := range c.Runs() {
		pen, drawn := "M", 0
		var x, y float64
		for _, point := range run {
			if point.Day < first || point.Day > last {
				continue
			}
			x, y = p.x(float64(point.Day)+.5), s.y(scale(point.Value))
			fmt.Fprintf(&d, "%s%s %s", pen, num(x), num(y))
			pen = "L"
			drawn++
		}
		if drawn == 1 { // a line of one point is none
			fmt.Fprintf(&p.b, `<circle class="curve-dot" cx="%s" cy="%s" r="2"/>`, num(x), num(y))
		}
	}
	p.path("curve", d.String())
}

// axisTicks are five figures at equal distance that hold all between low and high; round
// ones unless they are logarithms.
func axisTicks(low, high float64, log bool) []float64 {
	const parts = 4
	if high-low < 1e-9*math.Max(1, math.Abs(high)) {
		pad := math.Max(math.Abs(low)*.01, 1e-6)
		low, high = low-pad, high+pad
	}
	step := (high - low) / parts
	if !log {
		unit := math.Pow(10, math.Floor(math.Log10(step)))
	search:
		for ; ; unit *= 10 {
			for _, times := range []float64{1, 2, 2.5, 5} {
				if step = times * unit; math.Floor(low/step)*step+parts*step >= high {
					low = math.Floor(low/step) * step
					break search
				}
			}
		}
	}
	ticks := make([]float64, parts+1)
	for i := range ticks {
		ticks[i] = low + float64(i)*step
	}
	return ticks
}

// tickLabel is a figure at an axis: four digits, no exponent where it can be.
func tickLabel(x float64) string {
	if a := math.Abs(x); a >= 1e7 || a > 0 && a < 1e-4 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	digits := 0
	if a := math.Abs(x); a > 0 && a < 1000 {
		digits = 3 - int(math.Floor(math.Log10(a)))
	}
	s := strconv.FormatFloat(x, 'f', max(0, digits), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}
