package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// Takedown from the terminal: asked first, gone from search, never taken again by a crawl
// or an import, listed, and undone.
func TestForgetAndUndo(t *testing.T) {
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/story" {
			http.NotFound(w, r)
			return
		}
		hits.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		paragraphs := strings.Split(strings.TrimSpace(story), "\n\n")
		fmt.Fprintf(w, "<!doctype html><title>%s</title><article><h1>%[1]s</h1><p>%s</p></article>", paragraphs[0], strings.Join(paragraphs[2:], "</p><p>"))
	}))
	defer server.Close()
	t.Chdir(t.TempDir())
	db := filepath.Join(t.TempDir(), "t.db")
	address := server.URL + "/story"
	crawl := []string{"crawl", address, "--allow-private", strings.TrimPrefix(server.URL, "http://"), "--delay", "1ms", "--db", db}
	wants(t, exitDone, crawl...)
	if _, stderr, code := tenorRun(t, "no\n", "forget", address, "--db", db); code != exitFailed || !strings.Contains(stderr, "(Small caps wake up): 1 article with ") || !strings.Contains(stderr, "nothing was removed") {
		t.Errorf("status %d: %s", code, stderr)
	}
	if _, stderr, code := tenorRun(t, "yes\n", "forget", "1", "--reason", "the publisher asked", "--db", db); code != exitDone || !strings.Contains(stderr, "no byte of it is left") {
		t.Errorf("status %d: %s", code, stderr)
	}
	if stdout, _ := wants(t, exitDone, "search", "rally", "--db", db); strings.Contains(stdout, "Ada Quill") {
		t.Errorf("it is still found:\n%s", stdout)
	}
	for _, file := range []string{db, db + "-wal", db + "-shm"} {
		if content, _ := os.ReadFile(file); strings.Contains(strings.ToLower(string(content)), "ada quill") || strings.Contains(string(content), "rebound") {
			t.Errorf("%s still holds words of it", file)
		}
	}
	asked := hits.Load()
	tenorRun(t, "", crawl...)
	if hits.Load() != asked {
		t.Error("it was asked for again")
	}
	saved := writeFile(t, "saved.jsonl", fmt.Sprintf(`{"url":%q,"title":"Small caps","published":"2025-09-18","text":"“We are buyers,” said Ada Quill, chief strategist at Quill Research."}`, address))
	if _, stderr := wants(t, exitDone, "import", saved, "--db", db); !strings.Contains(stderr, "was taken down here") || !strings.Contains(stderr, "1 skipped, 0 failed") {
		t.Errorf("imported: %s", stderr)
	}
	stdout, _ := wants(t, exitDone, "forget", "--list", "--db", db)
	if !strings.Contains(stdout, address+"  the publisher asked") {
		t.Errorf("the list:\n%s", stdout)
	}
	wants(t, exitDone, "forget", address, "--yes", "--db", db) // again, as when the first was broken off
	wants(t, exitDone, "forget", "--undo", address, "--db", db)
	wants(t, exitFailed, "forget", "--undo", address, "--db", db)
	wants(t, exitDone, crawl...)
	if stdout, _ := wants(t, exitDone, "search", "rally", "--db", db); !strings.Contains(stdout, "Ada Quill") {
		t.Error("it is not collected after the undo")
	}
	for _, bad := range [][]string{{"forget"}, {"forget", "--list", "1"}, {"forget", "1", "--outlet", "x"}} {
		wants(t, exitUsage, append(bad, "--db", db)...)
	}
}
