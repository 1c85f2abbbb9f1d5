package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

// archived is a store of pages as a crawl leaves them, and of imported files.
func archivedStore(t *testing.T) (db string) {
	t.Helper()
	dir := t.TempDir()
	db = filepath.Join(dir, "t.db")
	page := func(n int) string {
		return fmt.Sprintf(`<html lang="en"><head><title>Small caps wake up, part %d</title></head><body><article><h1>Small caps wake up, part %d</h1>
<p>Shares of small companies rose for the fifth day in a row on Thursday, and the analysts who had asked for it took a bow.</p>
<p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research. “We are buyers.”</p>
</article></body></html>`, n, n)
	}
	s, err := store.Open(t.Context(), db, store.Options{Create: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := nlp.New()
	if err != nil {
		t.Fatal(err)
	}
	in := newIntake(s, tagger, testClock, crawler.Source{Name: "ledger", Outlet: "The Ledger"})
	for n, header := range []http.Header{
		{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"gzip"}, "Content-Length": {"99"}, "X-Note": {"one", "two"}},
		{"Content-Type": {"text/html"}, "Transfer-Encoding": {"chunked"}},
		nil,
	} {
		published, _ := tenor.ParseDate(fmt.Sprintf("2025-09-%02d", 10+n), "feed")
		f := tenor.Fetch{Source: "ledger", Title: "From the feed", Published: published}
		p := &tenor.Page{URL: fmt.Sprintf("https://ledger.example/%d", n), Status: 200, Header: header, Body: []byte(page(n)),
			FetchedAt: time.Date(2025, 9, 12+n, 8, 0, 0, 0, time.UTC), Truncated: n == 2}
		if err := in.page(t.Context(), f, p); err != nil && n != 2 {
			t.Fatal(err)
		}
	}
	s.Close()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	wants(t, exitDone, "import", "--db", db, write("a story.txt", story), write("b.html", page(7)),
		write("c.jsonl", `{"url":"https://mill.example/1","title":"One","published":"2024-05","text":"“Rates will fall further,” said Ada Quill, chief strategist at Quill Research, on Monday."}`))
	return db
}

// What a store exports, a fresh store makes the same articles and quotes of, and
// exports again in the same bytes.
func TestArchiveRoundTrip(t *testing.T) {
	db := archivedStore(t)
	dir := filepath.Dir(db)
	file := filepath.Join(dir, "pages.warc.gz")
	_, stderr := wants(t, exitDone, "archive", "export", "--db", db, "-o", file)
	if !strings.Contains(stderr, "6 pages.") {
		t.Errorf("it says %q", stderr)
	}
	other := filepath.Join(dir, "other.db")
	wants(t, exitDone, "import", "--db", other, file)
	wants(t, exitDone, "import", "--db", other, file) // twice is once
	list := func(db, format string) string {
		out, _ := wants(t, exitDone, "export", "--db", db, "--format", format)
		lines := strings.Split(out, "\n")
		for i, line := range lines {
			var quote map[string]any
			if json.Unmarshal([]byte(line), &quote) == nil {
				delete(quote, "article_id") // rows are numbered as they come
				text, _ := json.Marshal(quote)
				lines[i] = string(text)
			}
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	if a, b := list(db, "jsonl"), list(other, "jsonl"); a != b || strings.Count(a, "Ada Quill") < 4 {
		t.Errorf("exported\n%s\nimported\n%s", a, b)
	}
	pages, _ := wants(t, exitDone, "archive", "list", "--db", db)
	if again, _ := wants(t, exitDone, "archive", "list", "--db", other); pages != again {
		t.Errorf("pages\n%s\nagain\n%s", pages, again)
	}
	first, _ := os.ReadFile(file)
	for _, db := range []string{db, other} {
		out := filepath.Join(t.TempDir(), "pages.warc.gz")
		wants(t, exitDone, "archive", "export", "--db", db, "--out", out)
		if second, _ := os.ReadFile(out); !bytes.Equal(first, second) {
			a, b := strings.Split(unzipped(t, first), "\n"), strings.Split(unzipped(t, second), "\n")
			for i := range min(len(a), len(b)) {
				if a[i] != b[i] {
					t.Fatalf("%s exports other bytes, from line %d on: %q, not %q", filepath.Base(db), i+1, b[i], a[i])
				}
			}
			t.Errorf("%s exports %d lines, not %d", filepath.Base(db), len(b), len(a))
		}
	}
	out, _ := wants(t, exitDone, "archive", "export", "--db", db, "--source", "ledger", "--from", "2025-09-13", "--to", "2025-09-13")
	if got := unzipped(t, []byte(out)); strings.Count(got, "WARC/1.1") != 2 || !strings.Contains(got, "https://ledger.example/1\r\n") {
		t.Errorf("one day is\n%s", got)
	}
}

func unzipped(t *testing.T, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A reader that takes nothing but what the standard allows.
func TestArchiveIsValidWARC(t *testing.T) {
	db := archivedStore(t)
	out, _ := wants(t, exitDone, "archive", "export", "--db", db)
	in := bufio.NewReader(strings.NewReader(out))
	ids := map[string]bool{}
	var kinds []string
	for {
		if _, err := in.Peek(1); err == io.EOF {
			break
		}
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		z.Multistream(false)
		member, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, ok := strings.Cut(string(member), "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		if !ok || lines[0] != "WARC/1.1" {
			t.Fatalf("a record begins with %q", lines[0])
		}
		fields := map[string]string{}
		for _, line := range lines[1:] {
			name, value, ok := strings.Cut(line, ": ")
			if _, twice := fields[name]; !ok || twice || value == "" || value != strings.TrimSpace(value) {
				t.Errorf("field %q", line)
			}
			fields[name] = value
		}
		block, end := strings.CutSuffix(rest, "\r\n\r\n")
		if !end || fields["Content-Length"] != fmt.Sprint(len(block)) {
			t.Errorf("a block of %d bytes, told %s", len(block), fields["Content-Length"])
		}
		id := fields["WARC-Record-ID"]
		if !regexp.MustCompile(`^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$`).MatchString(id) || ids[id] {
			t.Errorf("identifier %q", id)
		}
		ids[id] = true
		if _, err := time.Parse("2006-01-02T15:04:05Z", fields["WARC-Date"]); err != nil {
			t.Error(err)
		}
		kind, payload := fields["WARC-Type"], block
		kinds = append(kinds, kind)
		switch kind {
		case "warcinfo":
			continue
		case "response":
			r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(block)), nil)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r.Body)
			if err != nil || r.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(string(body), "<html") || !strings.HasSuffix(string(body), "</html>") {
				t.Errorf("%v: %v %q", err, r.Header, body)
			}
			if fields["WARC-Target-URI"] == "https://ledger.example/0" && (r.Header.Get("X-Crawl-Content-Encoding") != "gzip" || len(r.Header["X-Note"]) != 2) {
				t.Errorf("header %v", r.Header)
			}
			if cut := fields["WARC-Truncated"] == "length"; cut != (fields["WARC-Target-URI"] == "https://ledger.example/2") {
				t.Errorf("%s: truncated %v", fields["WARC-Target-URI"], cut)
			}
			payload = string(body)
		}
		for name, of := range map[string]string{"WARC-Block-Digest": block, "WARC-Payload-Digest": payload} {
			sum := sha1.Sum([]byte(of))
			if want := "sha1:" + base32.StdEncoding.EncodeToString(sum[:]); fields[name] != want {
				t.Errorf("%s %q, want %q", name, fields[name], want)
			}
		}
		if fields["WARC-Target-URI"] == "" || !ids[fields["WARC-Warcinfo-ID"]] {
			t.Errorf("fields %v", fields)
		}
	}
	if got := strings.Join(kinds, " "); got != "warcinfo response response response resource resource resource" {
		t.Errorf("records: %s", got)
	}
}

func TestArchiveMistakes(t *testing.T) {
	db := archivedStore(t)
	file := writeFile(t, "kept.warc.gz", "mine")
	_, stderr := wants(t, exitFailed, "archive", "export", "--db", db, "-o", file)
	if kept, _ := os.ReadFile(file); string(kept) != "mine" || !strings.Contains(stderr, "give --force") {
		t.Errorf("%q, and the file holds %q", stderr, kept)
	}
	wants(t, exitDone, "archive", "export", "--db", db, "-o", file, "--force")
	wants(t, exitUsage, "archive", "export", "--db", db, "--from", "today")
	wants(t, exitUsage, "archive", "list", "--db", db, "--from", "2025-02-01", "--to", "2025-01-01")
	none := filepath.Join(filepath.Dir(file), "none.warc.gz")
	wants(t, exitFailed, "archive", "export", "--db", db, "-o", none, "--source", "nobody")
	entries, _ := os.ReadDir(filepath.Dir(file))
	if len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// Of an archive what holds no page is counted with its reason, and what is damaged
// is named with its place; the rest is imported.
func TestImportOfAnArchiveSaysWhatItLeavesOut(t *testing.T) {
	record := func(kind, url, block string) string {
		return fmt.Sprintf("WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2025-09-20T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
			kind, url, len(block), block)
	}
	page := "<html lang=en><title>Small caps wake up</title><article><p>" + strings.Replace(strings.Split(story, "\n\n")[2], "We are", "We are, after a year of waiting, once more", 1) +
		"</p><p>The index of small companies had risen for five days in a row, and nobody whom we asked on Thursday knew why.</p></article>"
	file := writeFile(t, "news.warc", record("request", "https://ledger.example/1", "GET /1 HTTP/1.1\r\n\r\n")+
		record("response", "https://ledger.example/1", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"+page)+
		record("response", "https://ledger.example/2", "HTTP/1.1 301 Moved Permanently\r\n\r\n")+
		record("response", "https://ledger.example/3", "HTTP/1.1 301 Moved Permanently\r\n\r\n")+
		record("response", "https://ledger.example/4", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Short.")[:200])
	db := filepath.Join(t.TempDir(), "t.db")
	_, stderr := wants(t, exitFailed, "import", file, "--db", db)
	for _, want := range []string{
		"news.warc: at byte 1146: the file ends in the middle of a record\n", "1 article with 1 quote; 2 skipped, 1 failed.\n",
		"2 skipped  the server had answered 301 Moved Permanently (such as https://ledger.example/2)\n",
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not among\n%s", want, stderr)
		}
	}
	stdout, _ := wants(t, exitDone, "sources", "--db", db)
	if !strings.Contains(stdout, "the server had answered 301") || !strings.Contains(stdout, "the file ends in the middle") {
		t.Errorf("sources are\n%s", stdout)
	}
	if stdout, stderr = wants(t, exitFailed, "extract", file); !strings.Contains(stdout, "https://ledger.example/1") || !strings.Contains(stderr, "answered 301") {
		t.Errorf("extract gives %s, %s", stdout, stderr)
	}
	if _, stderr = wants(t, exitFailed, "tag", file); !strings.Contains(stderr, "answered 301") {
		t.Errorf("tag says %s", stderr)
	}
}
