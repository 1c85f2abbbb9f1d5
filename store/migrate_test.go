package store

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tenor"
)

// A step that fails half way leaves the file as it was, and says which it was.
func TestFailedMigrationChangesNothing(t *testing.T) {
	s := newsroom(t)
	before := dump(t, s)
	newest := len(must[[]string](t)(migrations()))
	err := step(t.Context(), s.write, newest, `CREATE TABLE half (way TEXT); DROP VIEW quotes_flat; CREATE nonsense`)
	if err == nil {
		t.Fatal("nonsense was run")
	}
	if at := must[int](t)(schema(t.Context(), s.write)); at != newest {
		t.Errorf("schema %d, want %d", at, newest)
	}
	var left int
	if err := s.read.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'quotes_flat')`).Scan(&left); err != nil || left != 1 {
		t.Errorf("%d of the table half and the view quotes_flat are there (%v), want the view only", left, err)
	}
	if got := dump(t, s); got != before {
		t.Errorf("after:\n%s\nbefore:\n%s", got, before)
	}
}

// A step that another program has already made is not made again.
func TestMigrationRunsOnce(t *testing.T) {
	s := newStore(t)
	steps := must[[]string](t)(migrations())
	for from := range steps {
		if err := step(t.Context(), s.write, from, steps[from]); err != nil {
			t.Errorf("step %d on a file that has it: %v", from+1, err)
		}
	}
}

// Several programs may meet at a new file.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			s, err := Open(t.Context(), path, Options{Create: true})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Enqueue(t.Context(), tenor.Fetch{URL: strings.Repeat("x", i+1), Kind: tenor.FetchPage}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	s := open(t, path)
	if got := must[[]tenor.Fetch](t)(s.Next(t.Context(), 10)); len(got) != 6 {
		t.Errorf("%d addresses queued, want 6", len(got))
	}
}
