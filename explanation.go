package tenor

import (
	"cmp"
	"math"
	"slices"
)

// Explanation is why a quote has the labels that it has, as its tagger sees it.
type Explanation struct {
	Quote  Quote
	Labels []LabelReasons
}

// LabelReasons are what spoke for a label, and against.
type LabelReasons struct {
	Label    string // stance, subject or theme
	Value    string
	Share    float64 // how likely the value is among those that it was chosen from, 0 to 1
	RunnerUp string  // the next likeliest; empty for a theme, which is or is not
	Second   float64 // and how likely that is
	Reasons  []Reason
	Rest     float64 // what all else weighs for the value, against the runner-up
}

// Reason is a stretch of the text with what it weighs for a value, against the
// runner-up: in units of log odds, below zero where it speaks against.
type Reason struct {
	Span   Span
	Weight float64
}

// With gives a label its reasons: the stretches that weigh most, either way, in the
// order of the text. What the others weigh is added to the rest.
func (r LabelReasons) With(spans map[Span]float64, most int) LabelReasons {
	r.Reasons = nil
	for span, weight := range spans {
		r.Reasons = append(r.Reasons, Reason{span, weight})
	}
	slices.SortFunc(r.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), slices.Compare(a.Span[:], b.Span[:]))
	})
	for len(r.Reasons) > most {
		last := len(r.Reasons) - 1
		r.Rest += r.Reasons[last].Weight
		r.Reasons = r.Reasons[:last]
	}
	slices.SortFunc(r.Reasons, func(a, b Reason) int { return slices.Compare(a.Span[:], b.Span[:]) })
	return r
}
