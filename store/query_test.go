package store

import (
	"errors"
	"flag"
	"math/rand/v2"
	"testing"

	"tenor"
)

// queries are what a fuzzed search begins with, and pieces of what it tries.
var queries = []string{
	`S&P`, `"a b" -c d*`, `-"x`, "\x00\"", "““”", `a"b"c`, "-*", "\u0301", "𞤀 fund", "NEAR(", "١٢", "small caps", "-small caps*", "russell 2000", "it's",
}

func FuzzSearchQuery(f *testing.F) {
	for _, q := range queries {
		f.Add(q)
	}
	s := newsroom(f)
	fast := openResident(f, s.path)
	f.Fuzz(func(t *testing.T, q string) { checkQuery(t, s, fast, q) })
}

// checkQuery fails when a query is an error, or is not counted as it is listed.
func checkQuery(t *testing.T, s, fast *Store, q string) {
	filter := tenor.Filter{Query: q}
	res, err := s.Search(t.Context(), filter, "", 500)
	if errors.Is(err, tenor.ErrUsage) && len(q) > maxTerms {
		return
	}
	if err != nil {
		t.Fatalf("%q: %v", q, err)
	}
	if records := drain(t, s.Records(t.Context(), filter)); len(records) != res.Total || len(res.Records) != res.Total {
		t.Errorf("%q: total %d, listed %d, streamed %d", q, res.Total, len(res.Records), len(records))
	}
	other, err := fast.Search(t.Context(), filter, "", 500)
	if err != nil || other.Total != res.Total || len(other.Records) != res.Total {
		t.Errorf("%q: total %d, and %d with columns (%v)", q, res.Total, other.Total, err)
	}
	filter.Sort = tenor.SortRelevance
	if ranked, err := s.Search(t.Context(), filter, "", 500); err != nil || len(ranked.Records) != res.Total {
		t.Errorf("%q by relevance: %d of %d (%v)", q, len(ranked.Records), res.Total, err)
	}
}

var manyQueries = flag.Int("queries", 1500, "how many random queries TestRandomQueries asks")

// Nobody's typing is an error.
func TestRandomQueries(t *testing.T) {
	s := newsroom(t)
	fast := openResident(t, s.path)
	r := rand.New(rand.NewPCG(9, 9))
	for range *manyQueries {
		checkQuery(t, s, fast, randomQuery(r))
	}
}
