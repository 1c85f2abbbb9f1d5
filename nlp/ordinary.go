package nlp

import "strings"

// ordinaryForms are the endings under which an ordinary word is known, with what
// stands in their place in the list.
var ordinaryForms = []struct{ ending, instead string }{
	{"ies", "y"}, {"ied", "y"}, {"ily", "y"}, {"es", ""}, {"s", ""}, {"ed", ""}, {"ed", "e"}, {"ing", ""}, {"ing", "e"},
	{"er", ""}, {"er", "e"}, {"ers", ""}, {"ers", "e"}, {"est", ""}, {"est", "e"}, {"ly", ""},
}

// isOrdinary reports whether a word is one that is written small where it opens no
// sentence: "Traders", "Worrying", but not "Hallmoor".
func (lex *attributionLexicon) isOrdinary(w string) bool {
	w = strings.ToLower(w)
	if first, second, ok := strings.Cut(w, "-"); ok {
		return lex.isOrdinary(first) && lex.isOrdinary(second)
	}
	if cut := strings.IndexAny(w, "'’"); cut > 0 {
		w = w[:cut]
	}
	if lex.ordinary[w] || lex.classOf(w) != 0 {
		return true
	}
	for _, f := range ordinaryForms {
		stem, ok := strings.CutSuffix(w, f.ending)
		if !ok || len(stem) < 2 {
			continue
		}
		last := len(stem) - 1
		if lex.ordinary[stem+f.instead] || f.instead == "" && last > 1 && stem[last] == stem[last-1] && lex.ordinary[stem[:last]] {
			return true
		}
	}
	return false
}
