package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
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
		{"6", "The Gazette", "2025-09-11", "We would chase this rally"},       // lost its "not"
		{"7", "Old Exchange", "2025-09-16", "I will not be chasing the rebound here"},
		{"8", "Old Exchange", "2025-09-20", "Freight is where the money is"},
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
			if fmt.Sprint(got) != "map[https://site.example/1:https://site.example/1 ×6 https://site.example/2:https://site.example/1 ×6 "+
				"https://site.example/3:https://site.example/1 ×6 https://site.example/4:https://site.example/4 ×1 "+
				"https://site.example/5:https://site.example/1 ×6 https://site.example/6:https://site.example/1 ×6 "+
				"https://site.example/7:https://site.example/1 ×6 https://site.example/8:https://site.example/8 ×1]" {
				t.Fatalf("clusters %v", got)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("order %v: %v, want %v", order, got, want)
		}
	}
}

// retold are ways to say three things, as rewriters and translators do.
var retold = [][]string{
	{"Lower borrowing costs should lift the profits of small firms before summer", "Cheaper loans ought to boost small-company earnings ahead of summer"},
	{"there is a six-in-ten chance of a world recession", "the odds of a global slump are 60%", "the risk of a global recession went from 40% to 60%"},
	{"We would not chase this rally", "I will not be chasing the rebound here", "this rally is one to chase"},
}

// However articles come, go and change, the store's clusters are those that folding
// all quotes at once gives.
func TestClustersAreThoseOfAllQuotesAtOnce(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 21))
		s := newStore(t)
		for range 70 {
			n := r.IntN(40)
			var quotes []said
			for range r.IntN(4) {
				way := retold[r.IntN(len(retold))]
				q := said{speaker: []string{"Ines Okafor", "INES OKAFOR", "Tomas Rehn", ""}[r.IntN(4)], words: way[r.IntN(len(way))]}
				quotes = append(quotes, q)
			}
			published := fmt.Sprintf("2025-09-%02d", 1+r.IntN(28)) // a correction may bring another day
			if r.IntN(6) == 0 {
				published = ""
			}
			a, list := newArticle(t, fmt.Sprintf("https://site.example/%d", n), fmt.Sprint("Outlet ", n%5), "Caps", published, quotes...)
			save(t, s, a, list)
		}
		got := drain(t, s.Records(t.Context(), tenor.Filter{}))
		want := slices.Clone(got)
		tenor.FoldCopies(want)
		for i := range got {
			if got[i].Cluster != want[i].Cluster || got[i].Copies != want[i].Copies {
				t.Fatalf("seed %d: %s, %s: %q is one of %d in %s, want %d in %s", seed, got[i].ID, got[i].Published, got[i].Text(),
					got[i].Copies, got[i].Cluster, want[i].Copies, want[i].Cluster)
			}
		}
	}
}

// Who is found to be one person copies as one.
func TestPeopleWhoAreMergedFoldTogether(t *testing.T) {
	s := newStore(t)
	for i, name := range []string{"Ada Marsh", "Nell Reed"} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "Caps", fmt.Sprintf("2025-09-1%d", i), said{speaker: name, words: retold[0][i]})
		save(t, s, a, quotes)
	}
	var people []int64
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{})) {
		if r.Copies != 1 {
			t.Fatalf("%s has %d reports before", r.Speaker, r.Copies)
		}
		id, err := strconv.ParseInt(r.Voice, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, id)
	}
	err := s.tx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE quotes SET person_id = ?`, people[0]); err != nil {
			return err
		}
		return refoldPeople(ctx, tx, people)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{})) {
		if r.Copies != 2 {
			t.Errorf("%s has %d reports after the merge, want 2", r.Speaker, r.Copies)
		}
	}
}

// Names must not depend on the order of collection either.
func TestPeopleAndFirms(t *testing.T) {
	quotes := []said{
		{speaker: "Inés Okafor", firm: "Halden Research LLC", words: "one"},
		{speaker: "Dr. Ines B. Okafor", firm: "Halden Research", words: "two"},
		{speaker: "INES OKAFOR", firm: "HALDEN RESEARCH", words: "three"},
		{speaker: "Okafor", firm: "Halden Research", words: "four"}, // the one who is there
		{speaker: "Okafor", firm: "Reed Bank", words: "seven"},      // could be anybody
		{speaker: "Halden Research", words: "five", as: tenor.Institution},
		{speaker: "", words: "six"},
	}
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1, 0}, {2, 0, 4, 6, 1, 5, 3}} {
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
		if total := must[tenor.Totals](t)(s.Totals(t.Context())); total.People != 2 || total.Firms != 2 {
			t.Errorf("totals %+v: two persons, one of them a bare surname, at two firms", total)
		}
		for name, n := range map[string]int{"ines okafor": 4, "Inés B. Okafor": 4, "Ines Q. Okafor": 4, "okafor": 5, "HALDEN RESEARCH": 1, "Halden Research Inc.": 1, "Ines": 0} {
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
		{"reworded", "2025-09-16", "I will not be chasing the rebound here"},
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
		{"first", 9, "first late reworded undated"}, {"undated", 9, "first late reworded undated"}, {"late", 2, "first late"},
		{"reworded", 9, "first late reworded undated"},
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

// What a copy leaves out is found in the article that it copied from.
func TestChainOfTheStore(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://site.example/long", "The Ledger", "Caps", "2025-09-15",
		said{speaker: "Ines Okafor", words: retold[0][0], stance: tenor.Bullish},
		said{speaker: "Ines Okafor", words: "Tariffs hurt the thin margins of such companies, so I stay careful", stance: tenor.Fragile},
		said{speaker: "Tomas Rehn", words: "It is all a bubble", stance: tenor.Fragile})
	save(t, s, a, quotes)
	short, copied := newArticle(t, "https://site.example/short", "The Gazette", "Caps", "2025-09-16", said{speaker: "Ines Okafor", words: retold[0][1], stance: tenor.Bullish})
	short.Forwarded = "The Ledger"
	save(t, s, short, copied)
	c := must[tenor.Chain](t)(s.Chain(t.Context(), copied[0].ID, 9))
	if len(c.Links) != 2 || c.Outlets != 2 || c.Original != "The Ledger" || c.Links[1].From != 0 || c.Links[1].Exact {
		t.Errorf("chain %+v", c)
	}
	if c.LeftOut == nil || c.LeftOut.ID != quotes[1].ID || c.LeftOutBy.Outlet != "The Gazette" {
		t.Errorf("left out: %+v", c.LeftOut)
	}
	if c := must[tenor.Chain](t)(s.Chain(t.Context(), "none", 9)); len(c.Links) != 0 {
		t.Errorf("a quote that is not here has %d reports", len(c.Links))
	}
}
