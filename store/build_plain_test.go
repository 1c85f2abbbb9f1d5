//go:build !sqlite_fts5 && !fts5

package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Without the build tag there is no store at all, and one sentence that says so.
func TestOpenWithoutFullText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plain.db")
	s, err := Open(t.Context(), path, Options{Create: true})
	if err == nil {
		s.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "go build -tags sqlite_fts5") {
		t.Errorf("Open: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it left a file behind")
	}
}
