package tenor

import (
	"fmt"
	"time"
)

// Accuracy is how well a tagger did on a set of labelled articles.
type Accuracy struct {
	Set      string    `json:"set"` // its name
	At       time.Time `json:"at"`  // when it was measured
	Tagger   string    `json:"tagger"`
	Articles int       `json:"articles"`
	Quotes   int       `json:"quotes"` // labelled, optional ones left out
	Measures []Measure `json:"measures"`
}

// Measure is a figure from 0 to 1 with the 95 % interval in which it would lie on other
// articles like these.
type Measure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Check is an ErrUsage where a measurement cannot be one.
func (a *Accuracy) Check() error {
	if err := checkLine("set", a.Set, maxValue); err != nil || a.Set == "" {
		return fmt.Errorf("set: a measurement names its set in one line (%w)", ErrUsage)
	}
	for _, m := range a.Measures {
		if !(0 <= m.Low && m.Low <= m.Value && m.Value <= m.High && m.High <= 1) {
			return fmt.Errorf("%s of %s: %v to %v around %v are no shares (%w)", m.Name, a.Set, m.Low, m.High, m.Value, ErrUsage)
		}
	}
	return nil
}

// Judged is how often people who judged a field changed what the tagger had said.
type Judged struct {
	Field   string
	Quotes  int // of which somebody said what the field is
	Changed int // and where that is not what the tagger had said
}
