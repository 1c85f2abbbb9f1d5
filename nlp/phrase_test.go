package nlp

import (
	"slices"
	"testing"
)

// TestPhrases shows what a line of a list matches.
func TestPhrases(t *testing.T) {
	for _, c := range []struct {
		line, text string
		want       []string
	}{
		{"rall(y|ies|ied)", "A rally; rallies. Rallied! rallying", []string{"rally", "rallies", "Rallied"}},
		{"small cap(s|)", "Small-cap names, SMALL CAPS and small-\ncaps", []string{"Small-cap", "SMALL CAPS", "small-\ncaps"}},
		{"(the |)worst", "the worst", []string{"the worst", "worst"}},
		{"cheap for _ reason", "cheap for a reason, cheap for good reason, cheap for reason", []string{"cheap for a reason", "cheap for good reason"}},
		{"next 12 months", "the next 6 months and the next six months", []string{"next 6 months"}},
		{"don't like", "I don’t like it, don't\u00a0like it", []string{"don’t like", "don't\u00a0like"}},
		{"fed", "the Fed’s cuts, Fed's, FedEx", []string{"Fed’s", "Fed's"}},
		{"u.s. stocks", "U.S. stocks", []string{"U.S. stocks"}},
		{"s&p 500", "the S&P 500's run", []string{"S&P 500"}},
		{"priced in", "priced, in part. Priced “in” already", []string{"Priced “in"}},
		{"up 12 percent", "up 1,234.5 percent", []string{"up 1,234.5 percent"}},
	} {
		l := &lexicon{words: newVocabulary(), phrases: newPhrases(), subjects: newPhrases()}
		if err := l.addLine(c.line, familyStance, 0, 1, map[string]int{}); err != nil {
			t.Fatal(err)
		}
		l.seal()
		ts := l.words.tokenise(nil, c.text, 0, len(c.text))
		var got []string
		for _, m := range l.phrases.find(nil, ts) {
			got = append(got, c.text[ts[m.first].start:ts[m.last].end])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: %q; want %q", c.line, c.text, got, c.want)
		}
	}
}
