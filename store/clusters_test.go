package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tenor"
)

// Which reports are copies must not depend on which was collected first.
func TestClustersDoNotDependOnOrder(t *testing.T) {
	type story struct{ url, outlet, published, words string }
	stories := []story{
		{"1", "The Ledger", "2025-09-10", "We would not chase this rally"},
		{"2", "The Gazette", "2025-09-12", "“We would not chase this rally.”"},
		{"3", "Dockside Wire", "2025-09-17", "we would not chase this rally"},
		{"4", "Dockside Wire", "2025-09-18", "we would not chase this rally"}, // the eighth day: said again
		{"5", "Old Exchange", "", "We would not chase this rally"},            // undated
		{"6", "The Gazette", "2025-09-11", "We would chase this rally"},
	}
	var want map[string]string
	for trial := range 12 {
		order := rand.New(rand.NewPCG(uint64(trial), 7)).Perm(len(stories))
		s := newStore(t)
		articles := map[string]int64{}
		for _, i := range order {
			st := stories[i]
			a, quotes := newArticle(t, "https://site.example/"+st.url, st.outlet, "Caps "+st.url, st.published,
				said{speaker: "Ines Okafor", words: strings.Trim(st.words, "“”")})
			articles[st.url] = save(t, s, a, quotes)
		}
		// One is corrected and one retracted and put back, in the middle of it all.
		if trial%2 == 1 {
			a, quotes := newArticle(t, "https://site.example/1", "The Ledger", "Caps 1", "2025-09-10",
				said{speaker: "Ines Okafor", words: "We would not chase this rally"})
			if err := s.ReplaceQuotes(t.Context(), articles["1"], nil, "test-1"); err != nil {
				t.Fatal(err)
			}
			save(t, s, a, quotes)
		}
		got := map[string]string{}
		urls := map[string]string{}
		records := drain(t, s.Records(t.Context(), tenor.Filter{}))
		for _, r := range records {
			urls[r.ID] = r.URL
		}
		for _, r := range records {
			got[r.URL] = fmt.Sprintf("%s ×%d", urls[r.Cluster], r.Copies)
		}
		if want == nil {
			want = got
			if fmt.Sprint(got) != "map[https://site.example/1:https://site.example/1 ×4 https://site.example/2:https://site.example/1 ×4 "+
				"https://site.example/3:https://site.example/1 ×4 https://site.example/4:https://site.example/4 ×1 "+
				"https://site.example/5:https://site.example/1 ×4 https://site.example/6:https://site.example/6 ×1]" {
				t.Fatalf("clusters %v", got)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("order %v: %v, want %v", order, got, want)
		}
	}
}

// Names must not depend on the order of collection either.
func TestPeopleAndFirms(t *testing.T) {
	quotes := []said{
		{speaker: "Inés Okafor", firm: "Halden Research LLC", words: "one"},
		{speaker: "Dr. Ines B. Okafor", firm: "Halden Research", words: "two"},
		{speaker: "INES OKAFOR", firm: "HALDEN RESEARCH", words: "three"},
		{speaker: "Okafor", firm: "Halden Research", words: "four"}, // could be anybody
		{speaker: "Halden Research", words: "five", as: tenor.Institution},
		{speaker: "", words: "six"},
	}
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 0, 4, 1, 5, 3}} {
		s := newStore(t)
		for _, i := range order {
			a, list := newArticle(t, fmt.Sprintf("https://ledger.example/%d", i), "The Ledger", "Caps", "2025-09-18", quotes[i])
			save(t, s, a, list)
		}
		analysts := must[[]string](t)(s.Values(t.Context(), "analyst", 0))
		if want := []string{"Dr. Ines B. Okafor", "Halden Research", "Okafor"}; !slices.Equal(analysts, want) {
			t.Errorf("analysts %q, want %q", analysts, want)
		}
		if firms := must[[]string](t)(s.Values(t.Context(), "firm", 1)); !slices.Equal(firms, []string{"Halden Research"}) {
			t.Errorf("firms %q", firms)
		}
		if total := must[tenor.Totals](t)(s.Totals(t.Context())); total.People != 2 || total.Firms != 1 {
			t.Errorf("totals %+v: two persons, one of them a bare surname, at one firm", total)
		}
		for name, n := range map[string]int{"ines okafor": 3, "Inés B. Okafor": 3, "Ines Q. Okafor": 3, "okafor": 1, "HALDEN RESEARCH": 1, "Halden Research Inc.": 1, "Ines": 0} {
			f := tenor.Filter{Analysts: []string{name}}
			if got := len(drain(t, s.Records(t.Context(), f))); got != n {
				t.Errorf("analyst %q: %d quotes, want %d", name, got, n)
			}
		}
	}
}

// The copies of a quote are its cluster and no more, the report that names it first.
func TestCopies(t *testing.T) {
	s := newStore(t)
	ids := map[string]string{}
	for _, st := range []struct{ url, published, words string }{
		{"late", "2025-09-15", "We would not chase this rally"},
		{"undated", "", "We would not chase this rally"},
		{"first", "2025-09-10", "We would not chase this rally"},
		{"again", "2025-09-28", "We would not chase this rally"},
		{"other", "2025-09-10", "We like them"},
	} {
		a, quotes := newArticle(t, "https://site.example/"+st.url, "The Ledger", "Caps "+st.url, st.published, said{speaker: "Ines Okafor", words: st.words})
		save(t, s, a, quotes)
		ids[st.url] = quotes[0].ID
	}
	for _, c := range []struct {
		of    string
		limit int
		want  string
	}{
		{"first", 9, "first late undated"}, {"undated", 9, "first late undated"}, {"late", 2, "first late"},
		{"again", 9, "again"}, {"other", 9, "other"}, {"none", 9, ""},
	} {
		records, err := s.Copies(t.Context(), ids[c.of], c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range records {
			got = append(got, strings.TrimPrefix(r.URL, "https://site.example/"))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("copies of %s: %v, want %s", c.of, got, c.want)
		}
	}
}
