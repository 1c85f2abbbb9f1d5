package tenor

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Overlay is what its user draws beside the consensus: figures by day, such as a
// price, and events, read from CSV of the user's own (overlaycsv.go).
type Overlay struct {
	Curves []Curve // in the order in which their files name them
	Events []Event // by day
}

// Curve is a figure by day under its name.
type Curve struct {
	Name   string
	Points []CurvePoint // by day, each day once
}

// CurvePoint is the figure of a day.
type CurvePoint struct {
	Day   Day
	Value float64
	Gap   bool // the day is named and has no figure
}

// Event is something that happened on a day.
type Event struct {
	Day   Day    `json:"-"`
	Label string `json:"label"`
	URL   string `json:"url"` // http or https, or empty
}

// Curve is the one of that name, nil where there is none.
func (o *Overlay) Curve(name string) *Curve {
	for i := range o.Curves {
		if o.Curves[i].Name == name {
			return &o.Curves[i]
		}
	}
	return nil
}

// On are the events of a day.
func (o *Overlay) On(d Day) []Event {
	at, _ := slices.BinarySearchFunc(o.Events, d, func(e Event, d Day) int { return cmp.Compare(e.Day, d) })
	end := at
	for end < len(o.Events) && o.Events[end].Day == d {
		end++
	}
	return o.Events[at:end]
}

// Last is the latest figure between two days, both included.
func (c *Curve) Last(from, to Day) (value float64, ok bool) {
	at, _ := slices.BinarySearchFunc(c.Points, to+1, func(p CurvePoint, d Day) int { return cmp.Compare(p.Day, d) })
	for at--; at >= 0 && c.Points[at].Day >= from; at-- {
		if !c.Points[at].Gap {
			return c.Points[at].Value, true
		}
	}
	return 0, false
}

// leastPause is for how many days a curve may say nothing, a long weekend among
// them, before a line across would be a guess.
const leastPause = 7

// Runs are the stretches to draw as one line. A day without a figure ends one, and
// so does a pause of more than a week and thrice the usual distance of two days:
// monthly figures have other pauses than daily ones.
func (c *Curve) Runs() (runs [][]CurvePoint) {
	steps := make([]Day, 0, len(c.Points))
	for i := 1; i < len(c.Points); i++ {
		steps = append(steps, c.Points[i].Day-c.Points[i-1].Day)
	}
	pause := Day(leastPause)
	if len(steps) > 0 {
		slices.Sort(steps)
		pause = max(pause, 3*steps[len(steps)/2])
	}
	start := 0
	end := func(i int) {
		if start < i {
			runs = append(runs, c.Points[start:i])
		}
	}
	for i, p := range c.Points {
		switch {
		case p.Gap:
			end(i)
			start = i + 1
		case i > start && p.Day-c.Points[i-1].Day > pause:
			end(i)
			start = i
		}
	}
	end(len(c.Points))
	return runs
}

// MarshalJSON writes a point as ["2025-09-18", 4742.83], or with null for a gap.
func (p CurvePoint) MarshalJSON() ([]byte, error) {
	if p.Gap {
		return json.Marshal([]any{p.Day.String(), nil})
	}
	return json.Marshal([]any{p.Day.String(), p.Value})
}

// MarshalJSON writes {"name": …, "points": [["2025-09-18", 4742.83], …]}.
func (c Curve) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string       `json:"name"`
		Points []CurvePoint `json:"points"`
	}{c.Name, c.Points})
}

// MarshalJSON writes {"date": …, "label": …, "url": …}.
func (e Event) MarshalJSON() ([]byte, error) {
	type rest Event
	return json.Marshal(struct {
		Date string `json:"date"`
		rest
	}{e.Day.String(), rest(e)})
}
