package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tenor"
)

// chartRows is the height of the chart: one row for every 25 points of net and
// one for zero.
const chartRows = 9

// drawChart draws the timeline in characters: net as ●, hollow ○ where three or
// four voices stand, │ for its 90 % interval, nothing where there is no number;
// beneath it how many voices stand.
func drawChart(w io.Writer, t *tenor.Timeline, width int) error {
	if width <= 0 {
		width = defaultWidth
	}
	columns := pick(t.Points, min(max(width-8, 20), 160))
	rows := make([][]rune, chartRows)
	for i := range rows {
		rows[i] = []rune(strings.Repeat(" ", len(columns)))
	}
	row := func(net float64) int { return int(math.Round((100 - net) / 200 * (chartRows - 1))) }
	for x := range columns {
		rows[row(0)][x] = '·'
	}
	for x, p := range columns {
		if !p.Number {
			continue
		}
		for y := row(p.High); y <= row(p.Low); y++ {
			rows[y][x] = '│'
		}
		rows[row(p.Net)][x] = '●'
		if p.Hollow {
			rows[row(p.Net)][x] = '○'
		}
	}
	var b strings.Builder
	for y, r := range rows {
		fmt.Fprintf(&b, "%+5.0f %s\n", 100-float64(y)*200/(chartRows-1), strings.TrimRight(string(r), " "))
	}
	fmt.Fprintf(&b, "voices%s\n", voicesStrip(columns))
	fmt.Fprintf(&b, "      %s\n", dateStrip(columns))
	b.WriteString("● net, ○ with 3 or 4 voices, │ its 90 % interval; blank: fewer than 3 voices.\n\n")
	writeTurns(&b, t)
	_, err := io.WriteString(w, b.String())
	return err
}

// pick chooses days evenly, one a column; each is a true day of the series.
func pick(points []tenor.Point, columns int) []tenor.Point {
	if len(points) <= columns {
		return points
	}
	chosen := make([]tenor.Point, columns)
	for i := range chosen {
		chosen[i] = points[i*(len(points)-1)/(columns-1)]
	}
	return chosen
}

// voicesStrip shows how many voices stand: a digit a column, + for ten and more.
func voicesStrip(columns []tenor.Point) string {
	var b strings.Builder
	for _, p := range columns {
		switch n := p.N(); {
		case n == 0:
			b.WriteByte(' ')
		case n > 9:
			b.WriteByte('+')
		default:
			b.WriteByte(byte('0' + n))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// dateStrip writes dates under the columns, as many as fit.
func dateStrip(columns []tenor.Point) string {
	const gap = 14
	var b strings.Builder
	for x := 0; x < len(columns); x += gap {
		fmt.Fprintf(&b, "%-*s", gap, columns[x].Day)
	}
	return strings.TrimRight(b.String(), " ")
}

// writeTurns lists the last days on which the count changed, newest last.
func writeTurns(b *strings.Builder, t *tenor.Timeline) {
	const most = 12
	var turns []tenor.Point
	for i, p := range t.Points {
		if i == 0 || p.Tally != t.Points[i-1].Tally {
			turns = append(turns, p)
		}
	}
	turns = turns[max(0, len(turns)-most):]
	fmt.Fprintf(b, "%-10s  %6s  ▲ %-3s ● %-3s ▼ %-3s  %6s  %-17s  %s\n", "date", "voices", "", "", "", "net", "90 % interval", "agreement")
	for _, p := range turns {
		fmt.Fprintf(b, "%s  %6d  ▲ %-3d ● %-3d ▼ %-3d", p.Day, p.N(), p.Bullish, p.Neutral, p.Fragile)
		if p.Number {
			fmt.Fprintf(b, "  %+6.1f  [%+.1f, %+.1f]  %.2f", p.Net, p.Low, p.High, p.Agreement)
		}
		b.WriteByte('\n')
	}
	if t.Undated > 0 {
		fmt.Fprintf(b, "%s without a date left out.\n", plural(t.Undated, "quote"))
	}
}
