package store

import (
	"database/sql"
	"os"
	"os/exec"
	"testing"

	"tenor"
)

func writeFile(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, to, content)
}

// execFile runs SQL on a file with no help of this package.
func execFile(t testing.TB, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// A store that is open twice in one process keeps its locks: another program that comes
// and goes leaves the log where it is.
func TestAnotherProgramLeavesTheLog(t *testing.T) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("sqlite3 is not installed")
	}
	s := newsroom(t)
	again := open(t, s.path)
	open(t, s.path).Close()
	if out, err := exec.Command("sqlite3", s.path, "SELECT count(*) FROM quotes").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	a, quotes := newArticle(t, "https://ledger.example/late", "The Ledger", "Caps", "2025-09-18", said{speaker: "Ines Okafor", words: "one more tariff"})
	save(t, s, a, quotes)
	if res, err := again.Search(t.Context(), tenor.Filter{Query: "tariff"}, "", 0); err != nil || res.Total < 1 {
		t.Errorf("%d quotes (%v), want those of the late article", res.Total, err)
	}
}
