package main

import (
	"os"
	"path/filepath"
	"testing"

	"tenor"
	"tenor/store"
)

// The documents that Tenor came from must show voices in July and September 2024,
// a true gap, and voices again from September 2025.
func TestSeedsShowTheirGap(t *testing.T) {
	const seeds = "../../../shared/seeds"
	if _, err := os.Stat(seeds); err != nil {
		t.Skip("the seed documents of ../shared are not here")
	}
	db := filepath.Join(t.TempDir(), "seeds.db")
	wants(t, exitDone, "import", seeds, "--db", db)
	s, err := store.Open(t.Context(), db, store.Options{ReadOnly: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	line, err := s.Timeline(t.Context(), tenor.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	voices := func(day string) int {
		d, err := tenor.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		return line.At(d).N()
	}
	for _, day := range []string{"2024-07-18", "2024-07-31", "2024-09-18", "2025-09-18", "2025-12-17"} {
		if voices(day) < 3 {
			t.Errorf("%d voices on %s, want some", voices(day), day)
		}
	}
	for _, day := range []string{"2024-07-01", "2024-12-20", "2025-01-15", "2025-05-01", "2025-09-17", "2025-12-18"} {
		if voices(day) != 0 {
			t.Errorf("%d voices on %s, want none", voices(day), day)
		}
	}
	// Over the two pieces of September 2025 one voice per analyst gives +16.7.
	september, err := tenor.ParseDay("2025-09-18")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := line.At(september).Tally, (tenor.Tally{Bullish: 3, Neutral: 1, Fragile: 2}); got != want {
		t.Errorf("the voices of %s are %+v, want %+v", september, got, want)
	}
	// They retell eight utterances from each other, in other words.
	retold := map[string]bool{}
	for r, err := range s.Records(t.Context(), tenor.Filter{From: &september}) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Copies == 2 && r.SpeakerType == tenor.Analyst {
			retold[r.Cluster] = true
		}
	}
	if len(retold) != 8 {
		t.Errorf("%d utterances are retold, want 8", len(retold))
	}
	// Counting quotes makes a crowd of the few who were copied, and a happier one.
	quotes, err := s.Timeline(t.Context(), tenor.Filter{Count: tenor.CountQuotes})
	if err != nil {
		t.Fatal(err)
	}
	if by, voices := quotes.At(september), line.At(september); by.N() <= voices.N() || by.Net <= voices.Net {
		t.Errorf("%d quotes give %+.1f, %d voices %+.1f", by.N(), by.Net, voices.N(), voices.Net)
	}
}
