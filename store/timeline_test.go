package store

import (
	"testing"

	"tenor"
)

func TestTimeline(t *testing.T) {
	s := newStore(t)
	for _, st := range []struct {
		url, outlet, published string
		quote                  said
	}{
		{"1", "The Ledger", "2025-03-03", said{speaker: "Ines Okafor", firm: "Halden", words: "we like them", stance: tenor.Bullish}},
		{"2", "The Gazette", "2025-03-05", said{speaker: "Inés B. Okafor", firm: "Halden", words: "We like them", stance: tenor.Bullish}}, // a copy
		{"3", "The Ledger", "2025-03-04", said{speaker: "Tomas Rehn", firm: "Norrgate", words: "avoid them", stance: tenor.Fragile}},
		{"4", "The Ledger", "2025-03-04", said{speaker: "Ada Voss", words: "no comment", as: tenor.Official}},
		{"5", "The Ledger", "2025-03-10", said{speaker: "Lena Brandt", firm: "Oakmoor", words: "wait for rates", themes: "rates"}},
		{"6", "The Ledger", "2025-03-20", said{speaker: "Ines Okafor", firm: "Halden", words: "we are out", stance: tenor.Fragile}},
		{"7", "The Ledger", "", said{speaker: "Kofi Lund", words: "undated"}},
	} {
		a, quotes := newArticle(t, "https://site.example/"+st.url, st.outlet, "Caps", st.published, st.quote)
		save(t, s, a, quotes)
	}
	day := func(text string) *tenor.Day {
		d, err := tenor.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	for _, test := range []struct {
		name   string
		f      tenor.Filter
		at     string
		want   tenor.Tally
		quotes int
	}{
		{"copies are one voice", tenor.Filter{}, "2025-03-12", tenor.Tally{Bullish: 1, Neutral: 1, Fragile: 1}, 4},
		{"the latest view counts", tenor.Filter{}, "2025-03-20", tenor.Tally{Neutral: 1, Fragile: 2}, 3},
		{"views from before the first day stand on it", tenor.Filter{From: day("2025-03-12"), To: day("2025-03-13")},
			"2025-03-12", tenor.Tally{Bullish: 1, Neutral: 1, Fragile: 1}, 4},
		{"a person by any spelling", tenor.Filter{Analysts: []string{"ines okafor"}}, "2025-03-05", tenor.Tally{Bullish: 1}, 2},
		{"a stance is that of the view", tenor.Filter{Stances: []tenor.Stance{tenor.Bullish}}, "2025-03-21", tenor.Tally{}, 0},
		{"words", tenor.Filter{Query: "like"}, "2025-03-21", tenor.Tally{Bullish: 1}, 2},
		{"a theme", tenor.Filter{Themes: []tenor.Theme{"rates"}}, "2025-03-21", tenor.Tally{Neutral: 1}, 1},
		{"a firm", tenor.Filter{Firms: []string{"Norrgate Ltd"}}, "2025-03-21", tenor.Tally{Fragile: 1}, 1},
		{"before anything was known", tenor.Filter{AsOf: day("2026-02-28")}, "2025-03-12", tenor.Tally{}, 0},
	} {
		line, err := s.Timeline(t.Context(), test.f)
		if err != nil {
			t.Fatal(err)
		}
		p := line.At(*day(test.at))
		if p.Tally != test.want || p.Quotes != test.quotes {
			t.Errorf("%s: %+v with %d quotes, want %+v with %d", test.name, p.Tally, p.Quotes, test.want, test.quotes)
		}
		if got, want := line.Filter.Values().Encode(), test.f.Values().Encode(); got != want {
			t.Errorf("%s: its filter is %q, want %q", test.name, got, want)
		}
		if test.f.From != nil && (len(line.Points) != 2 || line.Points[0].Day != *test.f.From) {
			t.Errorf("%s: %d points", test.name, len(line.Points))
		}
	}
	if line, err := s.Timeline(t.Context(), tenor.Filter{}); err != nil || line.Undated != 1 {
		t.Errorf("%d undated (%v), want 1", line.Undated, err)
	}
}
