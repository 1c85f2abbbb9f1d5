package store

import (
	"fmt"
	"testing"

	"tenor"
)

// Stores without a quote, with none that has a day, and with one that gets and loses its day
// are counted as others are.
func TestColumnsOfLittle(t *testing.T) {
	plain := newStore(t)
	fast := openResident(t, plain.path)
	check := func() {
		t.Helper()
		for _, f := range []tenor.Filter{{}, {Query: "like"}, {Query: "-like"}, {Query: "like", Stances: []tenor.Stance{tenor.Bullish}}} {
			checkSame(t, fast, plain, f)
		}
	}
	check()
	put(t, plain, 1, "", said{speaker: "Ada Marsh", firm: "Quill", words: "we like bonds", stance: tenor.Bullish})
	check()
	fast.resident.found.from = 1
	check()
	for i, day := range []string{"2025-03-01", "1899-01-01", "", "2031-01-01", ""} {
		put(t, plain, 1, day, said{speaker: "Ada Marsh", firm: "Quill", words: "we like bonds", stance: tenor.Bullish})
		check()
		put(t, plain, 10+i, day, said{speaker: "Bo Reed", firm: "Reed Bank", words: fmt.Sprint("we like gold ", i)})
		check()
	}
	if _, err := plain.write.Exec(`DELETE FROM articles`); err != nil {
		t.Fatal(err)
	}
	fast.resident.found.from = halvedFrom // fewer than that are not halved
	check()
}
