package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

// fill saves articles until the store says that it is full, and says how many it saved.
func fill(t *testing.T, s *Store, from int, stop func() bool) (saved int) {
	t.Helper()
	for i := from; ; i++ {
		a, quotes := newArticle(t, fmt.Sprintf("https://ledger.example/%d", i), "The Ledger", "Caps", "2026-02-20",
			said{speaker: "Ines Okafor", words: fmt.Sprintf("caps number %d %s", i, strings.Repeat("and on ", 400))})
		if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "t", "ledger"); errors.Is(err, tenor.ErrDiskFull) {
			return saved
		} else if err != nil {
			t.Fatal(err)
		}
		if saved++; stop() {
			return saved
		}
	}
}

// whole fails where the file is damaged or does not hold these many articles.
func whole(t *testing.T, s *Store, articles int) {
	t.Helper()
	var c CheckResult // twice on one open store, in some tests
	if err := s.examineStructure(t.Context(), &c, nil); err != nil || c.Wrong > 0 {
		t.Errorf("structure: %+v (%v)", c, err)
	}
	if n := must[tenor.Totals](t)(s.Totals(t.Context())).Articles; n != articles {
		t.Errorf("%d articles, want %d", n, articles)
	}
}

func limitPages(t *testing.T, s *Store, more int) {
	t.Helper()
	var pages int
	if err := s.write.QueryRow(`PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+more)); err != nil {
		t.Fatal(err)
	}
}

// On a full disk writing waits, reading goes on, and it goes on by itself: the user
// is told once of each.
func TestFullDiskPausesWriting(t *testing.T) {
	var s *Store
	var told []bool
	saved := 0
	path := filepath.Join(t.TempDir(), "t.db")
	s, err := Open(t.Context(), path, Options{Create: true, OnFull: func(full bool) {
		told = append(told, full)
		if full {
			whole(t, s, saved) // reading goes on
			limitPages(t, s, 4000)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.room.again = time.Millisecond
	limitPages(t, s, 50)
	count := func() bool { saved++; return len(told) == 2 }
	if n := fill(t, s, 0, count); n != saved || len(told) != 2 || !told[0] || told[1] {
		t.Errorf("%d articles, told %v", saved, told)
	}
	whole(t, s, saved)
	checkIndex(t, s)
}

// incompressible is text of n letters that a store keeps as long as it is.
func incompressible(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	text := make([]rune, n/2)
	for i := range text {
		text[i] = rune(0x100 + r.IntN(0x600))
	}
	return string(text)
}

// Where nobody waits, as in a short command, it is one sentence; and the end of the
// program ends waiting.
func TestFullDiskIsASentence(t *testing.T) {
	s := newStore(t)
	limitPages(t, s, 50)
	n := fill(t, s, 0, func() bool { return false })
	whole(t, s, n)
	_, err := s.SaveArticle(t.Context(), &tenor.Article{URL: "https://ledger.example/x", Text: incompressible(1 << 20)}, nil, nil, "t", "")
	if !errors.Is(err, tenor.ErrDiskFull) || !strings.Contains(err.Error(), "free some space where "+s.path) {
		t.Error(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	waiting, err := Open(ctx, s.path, Options{OnFull: func(bool) { cancel() }})
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	limitPages(t, waiting, 0)
	// The context of Finish outlives that of the crawl.
	err = waiting.LeftOut(context.WithoutCancel(ctx), strings.Repeat("s", 1<<20), nil, false)
	if !errors.Is(err, tenor.ErrDiskFull) {
		t.Error(err)
	}
}
