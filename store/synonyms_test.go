package store

import (
	"fmt"
	"strings"
	"testing"

	"tenor"
)

// What means the same is found too, and said, unless the words are to stand as they are.
func TestSynonyms(t *testing.T) {
	s := newStore(t)
	for i, text := range []string{
		"the Russell 2000 looks cheap", "we like SMID names", "small-cap earnings", "smaller companies borrow", "caps on prices, small ones", "big banks", "the cap is small change",
	} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "News", "2025-09-18", said{speaker: "Ines Okafor", words: text})
		save(t, s, a, quotes)
	}
	for _, test := range []struct {
		f    tenor.Filter
		want int
		also string
	}{
		{tenor.Filter{Query: "small caps"}, 6, "small caps: smaller companies, russell 2000, smid"},
		{tenor.Filter{Query: "Small-Cap"}, 4, "Small-Cap: smaller companies, russell 2000, smid"}, // hyphens hold words together
		{tenor.Filter{Query: "russell 2000 cheap"}, 1, "russell 2000: small caps, smaller companies, smid"},
		{tenor.Filter{Query: "cheap russell 2000 -looks"}, 0, "russell 2000: small caps, smaller companies, smid"},
		{tenor.Filter{Query: "small caps", Exact: true}, 3, ""},
		{tenor.Filter{Query: `"small caps"`}, 1, ""},
		{tenor.Filter{Query: "-smid"}, 6, ""},
		{tenor.Filter{Query: "smi*"}, 1, ""},
		{tenor.Filter{Query: "banks"}, 1, ""},
	} {
		res := must[tenor.Results](t)(s.Search(t.Context(), test.f, "", 0))
		var also []string
		for _, synonym := range res.Also {
			also = append(also, synonym.Words+": "+strings.Join(synonym.Added, ", "))
		}
		if res.Total != test.want || strings.Join(also, "; ") != test.also {
			t.Errorf("%v: %d quotes, also %q; want %d, %q", test.f.Values(), res.Total, also, test.want, test.also)
		}
		checkResults(t, s, test.f, drain(t, s.Records(t.Context(), test.f)))
	}
}

// Each synonym is found by the search for it.
func TestSynonymListIsSound(t *testing.T) {
	for key, others := range synonyms() {
		if n := len(strings.Fields(key)); n == 0 || n > mostSynonymWords {
			t.Errorf("%q can never be found: an entry has 1 to %d words", key, mostSynonymWords)
		}
		seen := map[string]bool{key: true}
		for _, other := range others {
			if k := plainWords(other); seen[k] {
				t.Errorf("%q stands twice beside %q", other, key)
			} else {
				seen[k] = true
			}
		}
	}
}
