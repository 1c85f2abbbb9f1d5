package web

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tenor"
)

// What the chart adds up is what the series says, to the digits that it shows.
func TestChartDataAddsUp(t *testing.T) {
	s := seeded(t)
	series, err := s.Timeline(t.Context(), tenor.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var d chartData
	if err := json.Unmarshal(ask(t, handlerOf(t, s, Options{}), "/timeline.json").Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	var b, n, f, disputed int
	var net, below, above, agreement int
	told := map[tenor.Tally]string{}
	for i, p := range series.Points {
		b, n, f, disputed = b+d.Bullish[i], n+d.Neutral[i], f+d.Fragile[i], disputed+d.Disputed[i]
		tally := tenor.Tally{Bullish: b, Neutral: n, Fragile: f}
		if at := len(told); told[tally] == "" {
			told[tally] = "none"
			if d.Net[at] != nil {
				net, below, above, agreement = net+*d.Net[at], below+*d.Below[at], above+*d.Above[at], agreement+*d.Agreement[at]
				told[tally] = fmt.Sprint(net, net-below, net+above, agreement)
			}
		}
		want := "none"
		if p.Number {
			want = fmt.Sprint(inDigits(p.Net, 1), inDigits(p.Low, 1), inDigits(p.High, 1), inDigits(p.Agreement, 2))
		}
		if tally != p.Tally || disputed != p.Disputed || strings.ReplaceAll(told[tally], "-0", "0") != strings.ReplaceAll(want, "-0", "0") {
			t.Fatalf("%s: %v %s and %d disputed, not %v %s and %d", p.Day, tally, told[tally], disputed, p.Tally, want, p.Disputed)
		}
	}
	if len(told) != len(d.Net) || len(told) < 10 {
		t.Errorf("figures of %d tallies are sent, and %d are used", len(d.Net), len(told))
	}
	views, _ := series.Latest(series.Points[0].Day, series.Points[len(series.Points)-1].Day, maxViews)
	day := series.Points[0].Day
	for i, v := range views {
		day += tenor.Day(d.Views.After[i])
		who, kind := d.Who[d.Views.Who[i]], d.Views.Kind[i]
		if day != v.Published || who != [2]string{v.Speaker, v.Firm} || tenor.Stances()[kind%3] != v.Stance || (kind/3&viewSplit > 0) != v.Split {
			t.Errorf("view %d is of %s by %v, kind %d", i, day, who, kind)
		}
	}
}

// A script finds the figures of a file again, whatever digits they have.
func TestCurveDataAddsUp(t *testing.T) {
	for _, values := range [][]string{
		{"4742.83", "4741", "", "0.1", "-3.25"},
		{"0.000000001", "123456.789"},
		{"0.30000000000000004", "1000000000000000", "", "2.5"},
	} {
		var rows strings.Builder
		rows.WriteString("date,value\n")
		for i, v := range values {
			fmt.Fprintf(&rows, "2025-07-%02d,%s\n", 2*i+1, v)
		}
		curves, err := tenor.ParseCurves("a.csv", "a", []byte(rows.String()))
		if err != nil {
			t.Fatal(err)
		}
		d := newCurveData(&curves[0])
		sum, after := 0, 0
		for i, p := range curves[0].Points {
			after += d.After[i]
			var got *float64
			if d.Plain != nil {
				got = d.Plain[i]
			} else if d.Value[i] != nil {
				sum += *d.Value[i]
				x := float64(sum) / math.Pow10(d.Digits)
				got = &x
			}
			if (got == nil) != p.Gap || got != nil && *got != p.Value || after != 2*i {
				t.Errorf("%v: figure %d is %v", values, i, got)
			}
		}
		if plain := slices.Contains(values, "1000000000000000"); plain != (d.Plain != nil) {
			t.Errorf("%v is sent as plain figures: %v", values, !plain)
		}
	}
}
