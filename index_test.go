package tenor

import (
	"math"
	"testing"
)

// The figures that the definition of the index was checked against.
func TestTallyFigures(t *testing.T) {
	for _, want := range []struct {
		tally                     Tally
		net, low, high, agreement float64
	}{
		{Tally{3, 1, 2}, +16.7, -36.6, +63.2, 0.17},
		{Tally{17, 1, 3}, +66.7, +37.1, +87.3, 0.39},
		{Tally{3, 0, 0}, +100, +19.9, +100, 1.00},
		{Tally{3, 0, 3}, 0, -54.5, +54.5, 0.00},
		{Tally{0, 6, 0}, 0, -20.6, +20.6, 1.00},
		{Tally{4, 0, 1}, +60.0, -4.5, +96.8, 0.28},
	} {
		low, high := want.tally.Interval()
		near := func(name string, got, want, tolerance float64) {
			if !(math.Abs(got-want) <= tolerance) {
				t.Errorf("%s is %.3f, want %.3f", name, got, want)
			}
		}
		t.Run("", func(t *testing.T) {
			near("net", want.tally.Net(), want.net, 0.05)
			near("low", low, want.low, 0.05)
			near("high", high, want.high, 0.05)
			near("agreement", want.tally.Agreement(), want.agreement, 0.005)
		})
	}
}

func TestTallyProperties(t *testing.T) {
	for b := range 25 {
		for n := range 25 {
			for f := range 25 {
				tally := Tally{b, n, f}
				if tally.N() == 0 {
					continue
				}
				net := tally.Net()
				low, high := tally.Interval()
				if net < low || net > high {
					t.Errorf("%v: net %.2f lies outside its interval [%.2f, %.2f]", tally, net, low, high)
				}
				if flipped := (Tally{f, n, b}).Net(); flipped != -net {
					t.Errorf("%v: flipping every label gives %.2f, not %.2f", tally, flipped, -net)
				}
				if calmer := (Tally{b, n + 1, f}).Net(); math.Abs(calmer) > math.Abs(net) {
					t.Errorf("%v: a neutral voice moved net from %.2f to %.2f, away from 0", tally, net, calmer)
				}
				if a := tally.Agreement(); a < -1e-9 || a > 1+1e-9 {
					t.Errorf("%v: agreement %.3f is not within 0 and 1", tally, a)
				}
			}
		}
	}
}

func TestTallyOfNobodyHasNoNet(t *testing.T) {
	if net, agreement := (Tally{}).Net(), (Tally{}).Agreement(); !math.IsNaN(net) || !math.IsNaN(agreement) {
		t.Errorf("net %v and agreement %v of nobody, want NaN", net, agreement)
	}
}
