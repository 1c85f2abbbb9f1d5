package nlp

import (
	"errors"
	"math"
	"reflect"
	"slices"
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

// TestExplainAll: what is said of each quote of an article is what is said of it alone.
func TestExplainAll(t *testing.T) {
	a := &tenor.Article{Title: "Split opinions", Text: "“Small caps have room to run as rates fall,” said Odo Quill, strategist at Pell Research.\n\n" +
		"“We would not chase this rally, because valuations are stretched,” said Mira Sandoval, chief investment officer at Low Tide Partners.\n\n" +
		"“Gold is cheap and tariffs will lift it,” said Ines Okafor, analyst at Halden Partners."}
	quotes, err := shared.Tag(a)
	if err != nil {
		t.Fatal(err)
	}
	all, err := shared.ExplainAll(a)
	if err != nil || len(all) != len(quotes) || len(all) < 3 {
		t.Fatalf("%d explained of %d quotes (%v)", len(all), len(quotes), err)
	}
	for i, e := range all {
		p := new(passage) // never used for another quote
		p.open(shared.labels.lexicon, a)
		if alone := shared.labels.explain(p, quotes[i]); !reflect.DeepEqual(e.Quote, quotes[i]) || !sameReasons(e.Labels, alone) {
			t.Errorf("quote %d: %v, alone %v", i, e, alone)
		}
	}
	if _, err := shared.ExplainAll(&tenor.Article{Language: "fr", Text: "Bonjour"}); !errors.Is(err, tenor.ErrNotEnglish) {
		t.Errorf("an article that is not tagged: %v", err)
	}
}

// sameReasons compares but for the last digits, since sums run over maps.
func sameReasons(x, y []tenor.LabelReasons) bool {
	return slices.EqualFunc(x, y, func(a, b tenor.LabelReasons) bool {
		return a.Value == b.Value && a.RunnerUp == b.RunnerUp && math.Abs(a.Share-b.Share) < 1e-9 && math.Abs(a.Rest-b.Rest) < 1e-9 &&
			slices.EqualFunc(a.Reasons, b.Reasons, func(r, s tenor.Reason) bool { return r.Span == s.Span && math.Abs(r.Weight-s.Weight) < 1e-9 })
	})
}
