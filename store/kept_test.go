package store

import (
	"os"
	"strings"
	"testing"

	"tenor"
)

// keepNow keeps the columns of a store beside it, however fast they were read.
func keepNow(t *testing.T, s *Store) {
	t.Helper()
	tx, c, err := s.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	state, ok, err := stateOf(t.Context(), tx, c.at)
	if err == nil && ok {
		err = c.keep(s.path, state)
	}
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
}

// resumed opens a store with columns, and says whether they came from beside it.
func resumed(t *testing.T, path string) (s *Store, kept bool) {
	t.Helper()
	s = openResident(t, path)
	s.resident.mu.Lock()
	defer s.resident.mu.Unlock()
	return s, s.resident.kept > 0
}

// Columns that were kept answer as SQL does, also when the store went on since; those of
// another history, and those that are damaged, are read anew.
func TestKeptColumns(t *testing.T) {
	plain := newStore(t)
	p := newPaper(400)
	saved := 0
	p.ofQuotes(t, 400, func(a *tenor.Article, quotes []tenor.Quote) bool {
		save(t, plain, a, quotes)
		saved++
		return saved < 30
	})
	writer, err := Open(t.Context(), plain.path, Options{Resident: true})
	if err != nil {
		t.Fatal(err)
	}
	writer.waitForColumns(t.Context())
	keepNow(t, writer)
	writer.Close()
	same := func(want bool) {
		t.Helper()
		fast, kept := resumed(t, plain.path)
		if kept != want {
			t.Errorf("kept columns were used: %v, want %v", kept, want)
		}
		checkSame(t, fast, plain, tenor.Filter{})
		checkSame(t, fast, plain, tenor.Filter{Query: "market", Stances: tenor.Stances()[:1]})
		checkSame(t, fast, plain, tenor.Filter{SpeakerTypes: []tenor.SpeakerType{tenor.Analyst, tenor.Institution}, Outlets: []string{"outlet 3"}})
	}
	same(true)
	newPaper(400).ofQuotes(t, 400, func(a *tenor.Article, quotes []tenor.Quote) bool {
		a.URL += "/later"
		for i := range quotes {
			quotes[i].ID = tenor.QuoteID(a.Key(), quotes[i].Speaker, quotes[i].Segments(a.Text))
		}
		save(t, plain, a, quotes)
		return saved > 0 && func() bool { saved--; return saved > 20 }()
	})
	if _, err := plain.write.Exec(`DELETE FROM articles WHERE id % 7 = 0`); err != nil {
		t.Fatal(err)
	}
	same(true)

	whole, err := os.ReadFile(keptPath(plain.path))
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func([]byte) []byte{
		func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		func(b []byte) []byte { return b[:len(b)-100] },
		func(b []byte) []byte { return b[:10] },
		func([]byte) []byte { return nil },
	} {
		if err := os.WriteFile(keptPath(plain.path), damage([]byte(string(whole))), 0o600); err != nil {
			t.Fatal(err)
		}
		same(false)
	}
	if err := os.WriteFile(keptPath(plain.path), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	same(true)
	if _, err := plain.write.Exec(`UPDATE changes SET seq = 5 WHERE n = (SELECT max(n) - 300 FROM changes)`); err != nil {
		t.Fatal(err)
	}
	if _, err := plain.write.Exec(`UPDATE changes SET seq = coalesce(seq, 0) + 1`); err != nil { // another history
		t.Fatal(err)
	}
	same(false)
}

// Nothing of an article that was taken down is left beside the store.
func TestKeptColumnsAfterATakedown(t *testing.T) {
	plain := newsroom(t)
	s, err := Open(t.Context(), plain.path, Options{Resident: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.waitForColumns(t.Context())
	keepNow(t, s)
	r := must[tenor.Results](t)(s.Search(t.Context(), tenor.Filter{}, "", 1)).Records[0]
	has := func() bool {
		b, _ := os.ReadFile(keptPath(s.path))
		return strings.Contains(string(b), r.ArticleKey)
	}
	if !has() {
		t.Fatal("the kept columns do not name the article")
	}
	if _, err := plain.Forget(t.Context(), tenor.Takedown{Article: r.URL, Reason: "asked to"}); err != nil {
		t.Fatal(err)
	}
	if has() {
		t.Error("the kept columns name the article still")
	}
	keepNow(t, s) // which has followed
	if has() {
		t.Error("columns that are kept later name the article again")
	}
}
