package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor/store"
)

func collected(t *testing.T) (db string) {
	t.Helper()
	db = filepath.Join(t.TempDir(), "tenor.db")
	wants(t, exitDone, "import", writeFile(t, "story.txt", story), "--db", db)
	return db
}

func TestBackupRestoreDoctor(t *testing.T) {
	db := collected(t)
	before, _ := wants(t, exitDone, "export", "--db", db)
	out, said := wants(t, exitDone, "backup", "--db", db)
	backup := filepath.Join(filepath.Dir(db), "tenor-2026-01-15T1200.backup.db")
	if out != backup+"\n" || !strings.Contains(said, "1 article and 2 quotes, checked.") {
		t.Errorf("stdout %q, stderr %q", out, said)
	}
	_, said = wants(t, exitFailed, "backup", "--db", db, "--out", backup)
	if !strings.Contains(said, backup+" is there already; name another file") {
		t.Error(said)
	}
	_, said = wants(t, exitFailed, "restore", backup, "--db", db)
	if !strings.Contains(said, "tenor: "+db+" is there already: name another store with --db, or give --force to move this one aside\n") {
		t.Error(said)
	}
	out, _ = wants(t, exitDone, "doctor", "--db", db)
	for _, want := range []string{"quotes 2", "structure        well", "full-text index  well", "The last good backup is " + backup + ", of 2026-01-15 12:00 UTC, with 1 article and 2 quotes."} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor lacks %q:\n%s", want, out)
		}
	}

	half := filepath.Join(filepath.Dir(db), ".tenor-2026-01-14T1200.backup.db.123.tmp")
	damage(t, half, `CREATE TABLE half (way TEXT)`)
	if out, _ = wants(t, exitDone, "doctor", "--db", db); !strings.Contains(out, half+" is left of a backup or restore that was killed") {
		t.Error(out)
	}
	os.Remove(half)

	damage(t, db, `UPDATE quotes SET text = 'X' || substr(text, 2)`)
	_, said = wants(t, exitFailed, "search", "--db", db)
	for _, want := range []string{"its words, its speaker or its article are not those that were stored", "comes back with: tenor restore " + backup} {
		if !strings.Contains(said, want) {
			t.Errorf("search of a damaged store lacks %q: %s", want, said)
		}
	}
	out, said = wants(t, exitFailed, "doctor", "--db", db)
	if !strings.Contains(out, "quotes           2 wrong; --repair writes the words anew") || !strings.Contains(said, "the store is not well: tenor doctor --repair --db "+db+" mends it") {
		t.Errorf("%s%s", out, said)
	}
	var d store.Diagnosis
	out, _ = wants(t, exitFailed, "doctor", "--db", db, "--format", "json")
	if err := json.Unmarshal([]byte(out), &d); err != nil || d.Well() || d.Rows["quotes"] != 2 || d.Manifest.Rows["quotes"] != 2 {
		t.Errorf("%v: %s", err, out)
	}
	_, said = wants(t, exitDone, "doctor", "--db", db, "--repair")
	if !strings.Contains(said, "The file as it was: ") || !strings.Contains(said, "Repaired: wrote 2 quotes anew") {
		t.Error(said)
	}
	if after, _ := wants(t, exitDone, "export", "--db", db); after != before {
		t.Errorf("repaired:\n%s\nwant:\n%s", after, before)
	}

	damage(t, db, `UPDATE quotes SET speaker = 'Nobody'`)
	out, said = wants(t, exitFailed, "doctor", "--db", db, "--repair")
	if !strings.Contains(out, "2 wrong; cannot be repaired") || !strings.Contains(said, "the last good backup comes back with tenor restore "+backup) {
		t.Errorf("%s%s", out, said)
	}
	_, said = wants(t, exitDone, "restore", backup, "--db", db, "--force")
	if !strings.Contains(said, db+" now has 1 article and 2 quotes.") || !strings.Contains(said, "The store that was there is now "+filepath.Join(filepath.Dir(db), "tenor-2026-01-15T120000.replaced.db")) {
		t.Error(said)
	}
	if after, _ := wants(t, exitDone, "export", "--db", db); after != before {
		t.Errorf("restored:\n%s\nwant:\n%s", after, before)
	}
	os.Remove(backup + ".json")
	_, said = wants(t, exitDone, "restore", backup, "--db", filepath.Join(t.TempDir(), "new.db"))
	if !strings.Contains(said, "It has no manifest") {
		t.Error(said)
	}
}

func damage(t *testing.T, path, query string) {
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

func TestBackupMistakes(t *testing.T) {
	db := collected(t)
	for want, args := range map[string][]string{
		"name one backup":                  {"restore"},
		"--keep is how many backups stay":  {"backup", "--keep", "0"},
		"--keep is how many backups":       {"backup", "--keep", "2", "--out", "x.db"},
		`--format: "csv"`:                  {"doctor", "--format", "csv"},
		"takes no arguments":               {"backup", "x.db"},
		`"x": this command takes no argum`: {"doctor", "x"},
	} {
		_, said := wants(t, exitUsage, append(args, "--db", db)...)
		if !strings.Contains(said, want) {
			t.Errorf("tenor %s: %s", strings.Join(args, " "), said)
		}
	}
	_, said := wants(t, exitFailed, "backup", "--db", filepath.Join(t.TempDir(), "none.db"))
	if !strings.Contains(said, "does not exist") {
		t.Error(said)
	}
	if entries, err := os.ReadDir(filepath.Dir(db)); err != nil || len(entries) != 1 {
		t.Errorf("mistakes left files behind: %v (%v)", entries, err)
	}
}

// Old backups go when there are new ones, and only those.
func TestBackupKeep(t *testing.T) {
	db := collected(t)
	named := filepath.Join(filepath.Dir(db), "before-holiday.db")
	wants(t, exitDone, "backup", "--db", db, "--out", named)
	wants(t, exitDone, "backup", "--db", db)
	out, said := wants(t, exitDone, "backup", "--db", db, "--keep", "1")
	if !strings.HasSuffix(out, "tenor-2026-01-15T120000.backup.db\n") || strings.Count(said, "Removed ") != 1 {
		t.Errorf("%s%s", out, said)
	}
	if _, err := os.Stat(named); err != nil {
		t.Error(err)
	}
}

// A stopped backup says so and leaves nothing.
func TestBackupStopped(t *testing.T) {
	db := collected(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var said strings.Builder
	a := &app{stdin: strings.NewReader(""), stdout: &said, stderr: &said, now: testClock}
	if code := run(ctx, a, []string{"backup", "--db", db}); code != exitFailed || !strings.Contains(said.String(), "tenor: stopped") {
		t.Errorf("status %d: %s", code, said.String())
	}
	if entries, err := os.ReadDir(filepath.Dir(db)); err != nil || len(entries) != 1 {
		t.Errorf("files: %v (%v)", entries, err)
	}
}
