package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenor"
)

// Whoever has the quotes as JSON Lines finds their words in the articles, byte for byte, and
// another store makes the same quotes of these articles.
func TestExportArticles(t *testing.T) {
	db := archivedStore(t)
	file := filepath.Join(t.TempDir(), "articles.jsonl")
	wants(t, exitDone, "export", "--db", db, "--articles", "--out", file)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	texts := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var a tenor.ArticleJSON
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		texts[a.URL+a.File] = a.Text
	}
	quotes, _ := wants(t, exitDone, "export", "--db", db, "--format", "jsonl")
	n := 0
	for line := range strings.Lines(quotes) {
		var q struct {
			URL, File string
			Segments  []string
			Spans     []tenor.Span
		}
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		for i, span := range q.Spans {
			if text := texts[q.URL+q.File]; span.End() > len(text) || span.In(text) != q.Segments[i] {
				t.Errorf("%s: no %q at %v", q.URL+q.File, q.Segments[i], span)
			}
			n++
		}
	}
	if n == 0 || len(texts) == 0 {
		t.Fatalf("%d segments in %d articles", n, len(texts))
	}
	other := filepath.Join(t.TempDir(), "other.db")
	wants(t, exitDone, "import", "--db", other, file)
	again := said(t, other)
	for _, quote := range said(t, db) {
		if !slices.Contains(again, quote) {
			t.Errorf("imported again, %q is missing from %q", quote, again)
		}
	}
	wants(t, exitUsage, "export", "--db", db, "--articles", "--stance", "fragile")
	wants(t, exitUsage, "export", "--db", db, "--articles", "--format", "csv")
	wants(t, exitUsage, "export", "--db", db, "--articles", "--dictionary")
}

// said are the quotes of a store.
func said(t *testing.T, db string) (list []string) {
	t.Helper()
	out, _ := wants(t, exitDone, "export", "--db", db, "--format", "jsonl")
	for line := range strings.Lines(out) {
		var q struct{ Speaker, Text string }
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		list = append(list, q.Speaker+": "+q.Text)
	}
	return list
}
