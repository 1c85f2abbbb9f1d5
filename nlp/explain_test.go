package nlp

import (
	"errors"
	"math"
	"testing"

	"tenor"
)

// TestExplain: the reasons of a label and the rest come to the odds of it, so that
// nothing that decided is left unsaid.
func TestExplain(t *testing.T) {
	a := &tenor.Article{Title: "Small caps at a crossroads", Text: "Small caps at a crossroads\n\n" +
		"“Small caps have room to run, since rate cuts lower their interest costs, but tariffs may hurt margins,” said Odo Quill, strategist at Pell Research."}
	quotes, err := shared.Tag(a)
	if err != nil || len(quotes) != 1 {
		t.Fatalf("%v %v", quotes, err)
	}
	e, err := shared.Explain(a, quotes[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]int{}
	for _, l := range e.Labels {
		labels[l.Label]++
		odds := math.Log(l.Share / l.Second)
		if l.RunnerUp == "" {
			odds = math.Log(l.Share / (1 - l.Share))
		}
		sum := l.Rest
		for _, r := range l.Reasons {
			sum += r.Weight
			if w := r.Span.In(a.Text); w == "" {
				t.Errorf("%s %s: a reason without words", l.Label, l.Value)
			}
		}
		if math.Abs(sum-odds) > 0.01 {
			t.Errorf("%s %s: the reasons come to %.3f, its odds are %.3f", l.Label, l.Value, sum, odds)
		}
		if len(l.Reasons) == 0 {
			t.Errorf("%s %s has no reasons", l.Label, l.Value)
		}
	}
	if labels["stance"] != 1 || labels["subject"] != 1 || labels["theme"] != len(quotes[0].Themes) {
		t.Errorf("explained %v of a quote with themes %v", labels, quotes[0].Themes)
	}
	if _, err := shared.Explain(a, "none"); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("a quote that is not there: %v", err)
	}
}
