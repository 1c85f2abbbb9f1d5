package store

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tenor"
)

// Two names of a firm are one because one person was heard at both, and no longer when the
// article that had him at the second is tagged otherwise.
func TestFirmsPartWhenTheirPersonLeaves(t *testing.T) {
	s := newStore(t)
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", firm: "Quill", words: "one"})
	put(t, s, 2, "2025-04-01", said{speaker: "Ada Marsh", firm: "Quill Securities", words: "two"})
	put(t, s, 3, "2025-05-01", said{speaker: "Bo Reed", firm: "Quill Securities", words: "three"})
	if got := must[map[string]string](t)(joinedKeys(t.Context(), s.read, tenor.KindFirm)); len(got) != 1 {
		t.Fatal("they are two firms")
	}
	put(t, s, 2, "2025-04-01", said{speaker: "Nell Oakes", firm: "Reed Bank", words: "two"})
	if got := must[map[string]string](t)(joinedKeys(t.Context(), s.read, tenor.KindFirm)); len(got) > 0 {
		t.Errorf("still one firm: %v", got)
	}
	if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("%+v", d.Checks)
	}
}

// Articles come, are tagged otherwise and move to other days, and what is kept of names and
// firms, of which little is looked at again, stays what a recount gives.
func TestWhatIsKnownOfNamesIsARecount(t *testing.T) {
	speakers := []string{
		"Mike Marsh", "Michael Marsh", "M. Marsh", "Mary Marsh", "Maria Marsh", "Dora Hallowith", "Dora Halloweth", "D. Hallowith", "Dora Ann Hallowith",
		"Chris Marsh", "Christine Marsh", "Marsh", "Hallowith",
	}
	firms := []string{"Quill", "Quill Capital LLC", "Quill Securities", "Reed Bank", "Reed", "Harbor Fund", ""}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 99))
		names, at := speakers, firms
		if seed%3 > 0 { // full names at firms alone: of these more is remembered
			names, at = names[:11], at[:6]
		}
		s := newStore(t)
		for step := range 24 {
			var quotes []said
			for range 1 + r.IntN(3) {
				quotes = append(quotes, said{
					speaker: names[r.IntN(len(names))], firm: at[r.IntN(len(at))],
					words: retold[r.IntN(2)][r.IntN(2)], subject: []tenor.Subject{"bonds", "gold"}[r.IntN(2)],
				})
			}
			day := fmt.Sprintf("20%d-%02d-%02d", 20+r.IntN(3), 1+r.IntN(12), 1+r.IntN(28))
			if r.IntN(10) == 0 {
				day = ""
			}
			put(t, s, r.IntN(9), day, quotes...)
			if step%6 != 5 {
				continue
			}
			if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
				t.Fatalf("seed %d, step %d: %+v", seed, step, d.Checks)
			}
			records := drain(t, s.Records(t.Context(), tenor.Filter{}))
			got := whose(records)
			for i := range records {
				records[i].Voice = ""
			}
			tenor.JoinVoices(records, must[tenor.Decided](t)(s.Decided(t.Context())))
			tenor.FoldCopies(records)
			if all := whose(records); all != got {
				t.Fatalf("seed %d, step %d: one by one\n%s\nall at once\n%s", seed, step, got, all)
			}
		}
		s.Close()
	}
}
