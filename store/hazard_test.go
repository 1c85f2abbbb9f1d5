package store

import (
	"math/rand/v2"
	"strings"
	"testing"

	"tenor"
	"tenor/internal/race"
)

// H16: of 100,000 random inputs none is an error to FTS5; every hundredth is also listed,
// streamed and ranked. TestSearchSyntax has what each sign means.
func TestH16SearchSyntax(t *testing.T) {
	inputs := 100_000 / race.Nth(5)
	s := newsroom(t)
	fast := openResident(t, s.path)
	find, err := s.read.Prepare("SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH ?")
	if err != nil {
		t.Fatal(err)
	}
	defer find.Close()
	r := rand.New(rand.NewPCG(16, 100))
	asked := 0
	for i := range inputs {
		q := randomQuery(r)
		match, _, _, err := matchQuery(q, i%2 == 0)
		if err != nil {
			t.Fatalf("%q: %v", q, err) // they are too short to hold too many words
		}
		if i%100 == 0 {
			checkQuery(t, s, fast, q)
		}
		if match == "" {
			continue
		}
		asked++
		var n int
		if err := find.QueryRow(match).Scan(&n); err != nil {
			t.Fatalf("%q became %q: %v", q, match, err)
		}
	}
	t.Logf("%d inputs, of which %d have words: 0 errors", inputs, asked)
	total := func(q string) int {
		res, err := s.Search(t.Context(), tenor.Filter{Query: q}, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return res.Total
	}
	if a, b := total("small-cap"), total("small cap"); a != b || a == 0 {
		t.Errorf("small-cap finds %d, small cap %d", a, b)
	}
	if total("S&P") == 0 || total("it's") == 0 {
		t.Error("S&P or it's finds nothing")
	}
}

// randomQuery is what somebody, or something, might type: words, signs, and any rune.
func randomQuery(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(8) {
		b.WriteString(queryPieces[r.IntN(len(queryPieces))])
		if r.IntN(2) == 0 {
			b.WriteByte(' ')
		}
		if r.IntN(10) == 0 {
			b.WriteRune(rune(r.IntN(0x11000)))
		}
	}
	return b.String()
}

var queryPieces = append(strings.Fields("a soft landing tariff rates the \" \" ( ) * - : ^ { } + NEAR AND OR NOT , ; ' ` ~ \\ / % _ é ß İ 市 🚀 500 S&P it's small-cap quote: title:"), queries...)
