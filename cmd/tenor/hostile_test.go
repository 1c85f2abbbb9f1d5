package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tenor/store"
)

// A page beyond the size limit is kept, holds no quotes, and the user is told once.
func TestCutPageIsKeptAndNotTagged(t *testing.T) {
	said := "<p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.</p>\n"
	page := "<!doctype html><title>Small caps wake up</title><article><h1>Small caps wake up</h1>" +
		strings.Repeat(said, 40) + "<script>" + strings.Repeat("// nothing\n", 12<<20/11) + "</script>" + said + "</article>"
	db, stderr := crawlOne(t, page)
	s, err := store.Open(t.Context(), db, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	totals, err := s.Totals(t.Context())
	if err != nil || totals.Articles != 1 || totals.Quotes != 0 {
		t.Errorf("the store holds %+v (%v)", totals, err)
	}
	if strings.Count(stderr, "1 skipped  cut at 10 MiB: kept, not tagged") != 1 {
		t.Errorf("it says:\n%s", stderr)
	}
	health, err := s.Sources(t.Context())
	if err != nil || len(health) != 1 || health[0].Skipped != 1 {
		t.Errorf("%+v, %v", health, err)
	}
}

// Words of a page cannot forge lines of the log, drive a terminal, or show passwords,
// whatever is printed of them.
func TestWordsOfPagesAreOneLine(t *testing.T) {
	forged := "Caps\x1b[2J\x1b]0;owned\x07 up\r\ntime=2026 level=ERROR msg=forged\u2028\u202etxt"
	page := "<!doctype html><title>" + forged + "</title><meta name=author content=\"" + forged + "\"><meta property=\"og:site_name\" content=\"" + forged + "\">" +
		"<article><h1>" + forged + "</h1>" + strings.Repeat("<p>“"+forged+" small caps are cheap and the rally has room to run,” said Ada\x1b[31m Quill, chief strategist at Quill\n\nResearch.</p>", 4) + "</article>"
	db, stderr := crawlOne(t, page)
	searched, _ := wants(t, exitDone, "search", "small caps", "--db", db)
	sources, _ := wants(t, exitDone, "sources", "--db", db)
	for name, text := range map[string]string{"crawl": stderr, "search": searched, "sources": sources} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == '\u2028' || r == '\u202e' || r == 0x7f }); i >= 0 {
			t.Errorf("%s prints %q", name, text[max(0, i-40):min(len(text), i+40)])
		}
		if forgedLine.MatchString(text) {
			t.Errorf("%s prints a forged line:\n%s", name, text)
		}
	}
}

var forgedLine = regexp.MustCompile(`(?m)^time=2026 level=ERROR`)

// crawlOne crawls a site of one page, and a link that holds a password.
func crawlOne(t *testing.T, page string) (db, stderr string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/story":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
		case "/secret":
			http.Redirect(w, r, "http://user:hunter2@"+r.Host+"/story", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	db = filepath.Join(t.TempDir(), "t.db")
	allow := strings.TrimPrefix(server.URL, "http://")
	config := writeFile(t, "tenor.toml", fmt.Sprintf("[crawl]\ndelay = \"0s\"\nallow_private = [%q]\n[[source]]\nname = \"one\"\nkind = \"page\"\nurl = %q\n", allow, server.URL+"/story"))
	_, stderr, _ = tenorRun(t, "", "crawl", "--config", config, "--db", db, "--verbose")
	_, secret, code := tenorRun(t, "", "crawl", server.URL+"/secret", "--allow-private", allow, "--delay", "1ms", "--config", config, "--db", filepath.Join(t.TempDir(), "s.db"), "--verbose")
	if code != exitFailed || strings.Contains(secret, "hunter2") {
		t.Errorf("status %d:\n%s", code, secret)
	}
	return db, stderr
}
