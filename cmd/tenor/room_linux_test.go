package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tenor/store"
)

// onWords calls do once, when the words are written.
type onWords struct {
	mu    sync.Mutex
	words string
	do    func()
	bytes.Buffer
}

func (w *onWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.Buffer.Write(p)
	if w.do != nil && strings.Contains(w.Buffer.String(), w.words) {
		w.do()
		w.do = nil
	}
	return n, err
}

// A crawl onto a full disk waits, says so in one sentence, and goes on by itself to the
// last page when there is room; meanwhile what is stored can be read.
func TestCrawlWaitsForAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 62<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	const pages = 40
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/sitemap.txt":
			w.Header().Set("Content-Type", "text/plain")
			for i := range pages {
				fmt.Fprintf(w, "http://%s/story/%d\n", r.Host, i)
			}
		default:
			fmt.Fprintf(w, "<!doctype html><title>Story %s</title><article><h1>Story %[1]s</h1><p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.</p>", r.URL.Path)
			for i := range 80 {
				fmt.Fprintf(w, "<p>The index of small companies rose again on Thursday, for day %d in a row, by %d points.</p>", i, i*7919%977)
			}
			noise := make([]byte, 60<<10) // fills the disk with the page as it was fetched, and nobody has to tag it
			rand.Read(noise)
			fmt.Fprintf(w, "</article><!-- %x -->", noise)
		}
	}))
	defer server.Close()
	t.Chdir(dir)
	db := filepath.Join(dir, "t.db")
	read := 0
	stderr := &onWords{words: "The disk is full", do: func() {
		s, err := store.Open(t.Context(), db, store.Options{ReadOnly: true})
		if err != nil {
			t.Errorf("while the disk is full: %v", err)
		} else {
			if totals, err := s.Totals(t.Context()); err != nil {
				t.Errorf("while the disk is full: %v", err)
			} else {
				read = totals.Articles
			}
			s.Close()
		}
		os.Remove(ballast)
	}}
	a := &app{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: stderr, now: testClock}
	host := strings.TrimPrefix(server.URL, "http://")
	config := writeFile(t, "tenor.toml", fmt.Sprintf("[crawl]\ndelay = \"1ms\"\nallow_private = [%q]\n[[source]]\nname = \"one\"\nkind = \"sitemap\"\nurl = %q\n", host, server.URL+"/sitemap.txt"))
	code := run(t.Context(), a, []string{"crawl", "--config", config, "--db", db})
	said := stderr.String()
	if code != exitDone || strings.Count(said, "The disk is full") != 1 || strings.Count(said, "There is room again") != 1 {
		t.Fatalf("status %d, it says:\n%s", code, said)
	}
	s, err := store.Open(t.Context(), db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	totals, err := s.Totals(t.Context())
	if err != nil || totals.Articles != pages || read == 0 || read >= pages {
		t.Errorf("%d articles, %d of them before the disk was full (%v)\n%s", totals.Articles, read, err, said)
	}
}
