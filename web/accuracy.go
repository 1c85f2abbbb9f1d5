package web

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tenor"
)

// measured is how well the tagger did on a set of labelled articles.
type measured struct {
	tenor.Accuracy
	Own   bool // somebody measured it into this store
	Stale bool // with another tagger than the one at hand
}

// measureNames are what readers call the figures of tenor eval, in the order in which they
// are shown.
var measureNames = []struct{ Name, Label string }{
	{"attribution_f1", "quote found, right speaker (F1)"},
	{"attribution_precision", "found ones that are quotes of that speaker"},
	{"attribution_recall", "quotes that are found"},
	{"firm_accuracy", "firm"},
	{"stance_accuracy", "stance"},
	{"stance_macro_f1", "stance, mean F1 of the three"},
	{"theme_micro_f1", "themes (F1)"},
	{"subject_accuracy", "subject"},
	{"end_to_end_f1", "quote, speaker and stance all right (F1)"},
}

// Rows are the figures with their labels; one that has none keeps its name.
func (m *measured) Rows() []tenor.Measure {
	rows := slices.Clone(m.Measures)
	place := func(name string) int {
		for i, known := range measureNames {
			if known.Name == name {
				return i
			}
		}
		return len(measureNames)
	}
	slices.SortStableFunc(rows, func(a, b tenor.Measure) int { return cmp.Compare(place(a.Name), place(b.Name)) })
	for i := range rows {
		if at := place(rows[i].Name); at < len(measureNames) {
			rows[i].Name = measureNames[at].Label
		}
	}
	return rows
}

// accuracy is what is known of the tagger: of each set what was measured into the store,
// or else what came with the program.
func (v *view) accuracy(ctx context.Context) ([]measured, error) {
	own, err := v.store.Accuracy(ctx)
	if err != nil {
		return nil, err
	}
	var list []measured
	add := func(a tenor.Accuracy, own bool) {
		if !slices.ContainsFunc(list, func(m measured) bool { return m.Set == a.Set }) {
			list = append(list, measured{a, own, v.tagger != "" && !sameTagger(a.Tagger, v.tagger)})
		}
	}
	for _, a := range own {
		add(a, true)
	}
	for _, a := range v.shipped {
		add(a, false)
	}
	return list, nil
}

// sameTagger reports whether two versions differ in the user's own topics at most, which
// follow a "+".
func sameTagger(a, b string) bool {
	a, _, _ = strings.Cut(a, "+")
	b, _, _ = strings.Cut(b, "+")
	return a == b
}

// fewArticles is below how many articles an interval is rough: it is drawn from them alone.
const fewArticles = 20

// Rough reports whether the intervals tell little.
func (m *measured) Rough() bool { return m.Articles < fewArticles }
