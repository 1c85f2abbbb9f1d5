package store

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tenor"
)

func TestReprints(t *testing.T) {
	s := newStore(t)
	r := rand.New(rand.NewPCG(5, 6))
	text := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("%s%d", words[r.IntN(len(words))], r.IntN(20))
		}
		return strings.Join(list, " ")
	}
	story, other := text(400), text(400)
	ids := map[string]int64{}
	for _, st := range []struct{ outlet, published, text string }{
		{"The Gazette", "2025-09-16", story + " Printed again by permission."}, {"The Ledger", "2025-09-15", story},
		{"Dockside Wire", "2025-09-15", other}, {"Old Exchange", "", story}, {"Scrambled Daily", "2025-09-15", reversed(story)},
		{"Stub", "2025-09-15", "Members only"}, {"Stub Two", "2025-09-15", "Members only"},
	} {
		a := &tenor.Article{URL: "https://site.example/" + st.outlet, Outlet: st.outlet, Title: "Caps", Text: st.text}
		var err error
		if a.Published, err = tenor.ParseDate(st.published, "json-ld"); err != nil {
			t.Fatal(err)
		}
		ids[st.outlet] = save(t, s, a, nil)
	}
	for outlet, want := range map[string]string{
		"The Ledger": "The Gazette, Old Exchange", "Old Exchange": "The Ledger, The Gazette",
		"Dockside Wire": "", "Stub": "", "Scrambled Daily": "",
	} {
		var got []string
		for _, r := range must[[]tenor.Reprint](t)(s.Reprints(t.Context(), ids[outlet])) {
			got = append(got, r.Outlet)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: also printed by %v, want %s", outlet, got, want)
		}
	}
	if _, err := s.Reprints(t.Context(), 99); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("an article that is not here: %v", err)
	}
	plan := explain(t, s, `SELECT id FROM articles WHERE simhash IS NOT NULL AND (simhash & 65535 = 7 OR simhash >> 48 & 65535 = 7)`)
	if !strings.Contains(plan, "articles_by_simhash_0") || !strings.Contains(plan, "articles_by_simhash_3") {
		t.Errorf("fingerprints are looked up by %s", plan)
	}
}

func reversed(text string) string {
	list := strings.Fields(text)
	slices.Reverse(list)
	return strings.Join(list, " ")
}

func explain(t *testing.T, s *Store, query string) string {
	rows, err := s.read.Query(`EXPLAIN QUERY PLAN ` + query)
	lines, err := collect(rows, err, func(r *sql.Rows, line *string) error {
		var a, b, c int
		return r.Scan(&a, &b, &c, line)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "; ")
}
