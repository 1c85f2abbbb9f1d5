package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is imported again in other words keeps the old ones, and says which quotes
// went, came, or were reworded.
func TestHistoryOfAnImport(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	path := writeFile(t, "story.txt", story)
	wants(t, exitDone, "import", path, "--db", db)
	stdout, _ := wants(t, exitDone, "history", path, "--db", db)
	if strings.Count(stdout, "\nversion ") != 1 {
		t.Errorf("of one version:\n%s", stdout)
	}
	changed := strings.Replace(story, "the rally has room to run", "the rally has little room to run", 1)
	changed = strings.Replace(changed, "Bo Reed, an economist at Marsh Bank, warned that falling profits could end the rebound.\n", "", 1)
	if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	wants(t, exitDone, "import", path, "--db", db)
	wants(t, exitDone, "import", path, "--db", db) // nothing new
	stdout, _ = wants(t, exitDone, "history", "1", "--db", db)
	for _, want := range []string{"version 2, collected 2026-01-15 12:00 UTC: ", "rally has {+little+} room to run", "quote reworded: Ada Quill", "quote gone: ▼ fragile  Bo Reed, Marsh Bank"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout, "version 3") {
		t.Errorf("the same words again are a version:\n%s", stdout)
	}
	exported, _ := wants(t, exitDone, "export", "--dialect", "raw", "--db", db)
	if strings.Contains(exported, "Bo Reed") || strings.Contains(exported, "has room to run") {
		t.Errorf("what is gone is exported:\n%s", exported)
	}
	wants(t, exitUsage, "history", "--db", db)
	if _, stderr := wants(t, exitFailed, "history", "nowhere.txt", "--db", db); !strings.Contains(stderr, "article nowhere.txt: not found") {
		t.Error(stderr)
	}
}
