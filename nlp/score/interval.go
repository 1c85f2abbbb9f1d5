package score

import (
	"math/rand/v2"
	"slices"

	"tenor"
)

// draws is how often articles are drawn anew for an interval. The figures differ by less
// than 0.01 from draw to draw of a thousand.
const draws = 1000

// Measures are the report's shares under their names, each with its 95 % interval. A
// figure of which nothing is labelled is none, and left out.
func (r *Report) Measures() []tenor.Measure {
	list := slices.DeleteFunc(r.shares(), func(m tenor.Measure) bool { return m.Name == "subject_accuracy" && r.subjects == 0 })
	for i := range list {
		m := &list[i]
		m.Low, m.High = m.Value, m.Value
		if within, ok := r.intervals[m.Name]; ok {
			m.Low, m.High = min(m.Value, within[0]), max(m.Value, within[1])
		}
	}
	return list
}

func (r *Report) shares() []tenor.Measure {
	return []tenor.Measure{
		{Name: "attribution_precision", Value: r.Precision}, {Name: "attribution_recall", Value: r.Recall}, {Name: "attribution_f1", Value: r.F1},
		{Name: "firm_accuracy", Value: r.Firm}, {Name: "stance_accuracy", Value: r.Stance}, {Name: "stance_macro_f1", Value: r.StanceF1},
		{Name: "theme_micro_f1", Value: r.ThemeF1}, {Name: "subject_accuracy", Value: r.Subject}, {Name: "end_to_end_f1", Value: r.EndToEnd},
	}
}

// intervals are in which bounds the middle 95 % of the figures lie when as many articles
// are drawn from these, with repetition (the percentile bootstrap). Quotes of one article
// stand or fall together, so articles are drawn and not quotes. The same articles give the
// same bounds.
func intervals(each []*tally) map[string][2]float64 {
	if len(each) < 2 {
		return nil
	}
	rng := rand.New(rand.NewPCG(1, uint64(len(each))))
	values := map[string][]float64{}
	for range draws {
		t := newTally()
		for range each {
			t.merge(each[rng.IntN(len(each))])
		}
		t.errors = nil
		drawn := t.report()
		for _, m := range drawn.shares() {
			values[m.Name] = append(values[m.Name], m.Value)
		}
	}
	within := map[string][2]float64{}
	for name, list := range values {
		slices.Sort(list)
		within[name] = [2]float64{list[draws/40], list[draws-1-draws/40]}
	}
	return within
}
