package store

import (
	"database/sql"
	"os"
	"os/exec"
	"testing"
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
	open(t, s.path)
	if out, err := exec.Command("sqlite3", s.path, "SELECT count(*) FROM quotes").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, err := os.Stat(s.path + "-wal"); err != nil {
		t.Errorf("the log is gone: %v", err)
	}
}
