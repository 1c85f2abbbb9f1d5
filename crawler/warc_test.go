package crawler

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"tenor"
)

// record is one record of a WARC file, with its trailing line ends.
func record(kind, target, fields, block string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "WARC/1.0\r\nWARC-Type: %s\r\n", kind)
	if target != "" {
		fmt.Fprintf(&b, "WARC-Target-URI: %s\r\n", target)
	}
	if !strings.Contains(fields, "WARC-Date") {
		b.WriteString("WARC-Date: 2025-03-12T08:00:00Z\r\n")
	}
	if kind == "response" && !strings.Contains(fields, "Content-Type") {
		b.WriteString("Content-Type: application/http; msgtype=response\r\n")
	}
	fmt.Fprintf(&b, "WARC-Record-ID: <urn:uuid:6f3c%d>\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n", len(block), fields, len(block), block)
	return b.String()
}

// story is a page whose headline is title.
func story(title string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>` + title + `</title><meta property="article:published_time" content="2025-03-11T07:30:00Z"></head>
<body><article><h1>` + title + `</h1>
<p>Shares of the smallest companies rose on Tuesday for the fifth day in a row, as yields slipped again and money moved out of the giants.</p>
<p>“It is early,” said Orla Penn, a strategist at Marsh Lane. “We would not chase the little ones here, and we have told every client so.”</p>
</article></body></html>`
}

func answerOf(fields, body string) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + fields + "\r\n" + body
}

func pageRecord(n int) string {
	return record("response", fmt.Sprintf("https://ledger.example/%d", n), "", answerOf("", story(fmt.Sprintf("Minnows swim upstream, part %d", n))))
}

func packed(pieces ...string) string {
	var b bytes.Buffer
	for _, p := range pieces {
		z := gzip.NewWriter(&b)
		io.WriteString(z, p)
		z.Close()
	}
	return b.String()
}

func packedBy(new func(io.Writer) io.WriteCloser, text string) string {
	var b bytes.Buffer
	w := new(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func chunks(text string) string {
	var b strings.Builder
	for part := range slices.Chunk([]byte(text), 300) {
		fmt.Fprintf(&b, "%x;note=1\r\n%s\r\n", len(part), part)
	}
	return b.String() + "0\r\n\r\n"
}

// importWARC imports a file of this name and content: a line for each article or
// error, in order, and what was left out.
func importWARC(t testing.TB, name, content string) (lines []string, items []Imported, left []tenor.ReasonCount) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	report := &ImportReport{}
	for item, err := range Import(context.Background(), []string{path}, nil, importedAt, report) {
		line := item.Article.URL
		if err != nil {
			line = strings.TrimPrefix(err.Error(), path+": ")
		}
		lines, items = append(lines, line), append(items, item)
	}
	if report.Read.Load() < int64(len(content)) || report.Total.Load() != int64(len(content)) {
		t.Errorf("read %d of %d bytes, told %d", report.Read.Load(), len(content), report.Total.Load())
	}
	return lines, items, report.LeftOut()
}

// All kinds of records of a news crawl, packed and not, in one file.
func TestImportWARC(t *testing.T) {
	records := []string{
		record("warcinfo", "", "Content-Type: application/warc-fields\r\n", "software: Fern Crawler\r\nformat: WARC File Format 1.0\r\n"),
		record("request", "https://ledger.example/1", "Content-Type: application/http; msgtype=request\r\n", "GET /1 HTTP/1.1\r\nHost: ledger.example\r\n\r\n"),
		pageRecord(1),
		record("metadata", "https://ledger.example/1", "Content-Type: application/warc-fields\r\n", "fetchTimeMs: 120\r\n"),
		record("response", "https://ledger.example/logo.png", "", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
		record("response", "https://ledger.example/gone", "", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"+story("Gone")),
		record("response", "https://ledger.example/lost", "", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"+story("Lost")),
		record("response", "dns:ledger.example", "Content-Type: text/dns\r\n", "ledger.example. 300 IN A 192.0.2.1"),
		record("revisit", "https://ledger.example/1", "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\nContent-Type: application/http; msgtype=response\r\n", "HTTP/1.1 200 OK\r\n\r\n"),
		record("conversion", "https://ledger.example/1", "Content-Type: text/plain\r\n", "Shares rose."),
		record("resource", "https://ledger.example/2?utm_source=x", "Content-Type: text/html\r\n", story("A file by itself")),
		record("continuation", "https://ledger.example/3", "WARC-Segment-Number: 2\r\n", "the rest"),
		strings.Replace(pageRecord(4), "WARC/1.0", "WARC/1.1", 1),
		record("response", "<https://ledger.example/5>", "", answerOf("", story("In angle brackets"))),
	}
	want := []string{"https://ledger.example/1", "https://ledger.example/2", "https://ledger.example/4", "https://ledger.example/5"}
	all := strings.Join(records, "")
	for name, content := range map[string]string{
		"plain.warc": all, "each.warc.gz": packed(records...), "one.warc.gz": packed(all),
		"pieces.warc.gz": packed(all[:700], all[700:1500], all[1500:1507], all[1507:]), // members that end anywhere
	} {
		lines, items, left := importWARC(t, name, content)
		if !slices.Equal(lines, want) {
			t.Errorf("%s: got %q", name, lines)
			continue
		}
		a, p := items[0].Article, items[0].Page
		if a.Title != "Minnows swim upstream, part 1" || !strings.Contains(a.Text, "“It is early,” said Orla Penn") || a.File != "" ||
			!a.KnownAt.Equal(importedAt) || a.Published.String() != "2025-03-11T07:30:00Z" {
			t.Errorf("%s: %+v", name, a)
		}
		if p.Status != 200 || p.FetchedAt.Format(time.RFC3339) != "2025-03-12T08:00:00Z" || p.Header.Get("Content-Type") != "text/html; charset=utf-8" || p.URL != a.URL {
			t.Errorf("%s: page %+v", name, p)
		}
		var got []string
		for _, c := range left {
			got = append(got, fmt.Sprintf("%d %s %s", c.Count, c.Reason, c.Example))
		}
		if want := []string{
			"2 the server had answered 404 Not Found https://ledger.example/gone",
			"1 a converted copy of a page (conversion record) https://ledger.example/1",
			"1 not HTML (image) https://ledger.example/logo.png",
			"1 not an answer over HTTP (text/dns) dns:ledger.example",
			"1 the continuation of a record in pieces https://ledger.example/3",
			"1 the page had not changed since an earlier visit (revisit record) https://ledger.example/1",
		}; !slices.Equal(got, want) {
			t.Errorf("%s: left out %q", name, got)
		}
	}
	if _, errs := importAll(t, packed(records...), "-"); len(errs) != 4 || errors.Join(errs...) != nil {
		t.Errorf("from standard input: %v", errs)
	}
}

// The body is found whatever it was packed in, and also where the header says that
// it is packed and the archive's writer had unpacked it.
func TestImportWARCBodies(t *testing.T) {
	text := story("Minnows swim upstream")
	zipped := packed(text)
	for name, answer := range map[string]string{
		"plain":             answerOf("", text),
		"chunked":           answerOf("Transfer-Encoding: chunked\r\n", chunks(text)),
		"gzip":              answerOf("Content-Encoding: gzip\r\n", zipped),
		"gzip in chunks":    answerOf("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunks(zipped)),
		"zlib":              answerOf("Content-Encoding: deflate\r\n", packedBy(func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, text)),
		"brotli":            answerOf("Content-Encoding: br\r\n", packedBy(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, text)),
		"zstd":              answerOf("Content-Encoding: zstd\r\n", packedBy(func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }, text)),
		"said to be gzip":   answerOf("Content-Encoding: gzip\r\n", text),
		"said to be brotli": answerOf("Content-Encoding: br\r\n", "\n"+text),
		"said to be chunks": answerOf("Transfer-Encoding: chunked\r\n", text),
		"bare line feeds":   strings.ReplaceAll(answerOf("X-Note: one\r\n  two\r\nno field\r\n", ""), "\r\n", "\n") + text,
		"no status text":    strings.Replace(answerOf("", text), "200 OK", "200", 1),
		"long header":       answerOf("Set-Cookie: "+strings.Repeat("x", 20_000)+"\r\n", text),
	} {
		lines, items, left := importWARC(t, "one.warc.gz", packed(record("response", "https://ledger.example/1", "", answer)))
		if len(lines) != 1 || lines[0] != "https://ledger.example/1" || items[0].Article.Title != "Minnows swim upstream" || strings.TrimSpace(string(items[0].Page.Body)) != text || items[0].Page.Truncated {
			t.Errorf("%s: %q, left out %v", name, lines, left)
		}
	}
}

// A page that was cut is kept as cut, by whoever cut it.
func TestImportWARCCut(t *testing.T) {
	text := story("Minnows swim upstream")
	zipped := packed(strings.Repeat(text, 30))
	bomb := answerOf("Content-Encoding: gzip\r\n", packed(text+strings.Repeat(" ", 64<<20)))
	for name, r := range map[string]string{
		"the writer says so":    record("response", "https://ledger.example/1", "WARC-Truncated: length\r\n", answerOf("", text)),
		"first of two segments": record("response", "https://ledger.example/1", "WARC-Segment-Number: 1\r\n", answerOf("", text)),
		"half of a gzip body":   record("response", "https://ledger.example/1", "", answerOf("Content-Encoding: gzip\r\n", zipped[:len(zipped)-6])),
		"last chunk missing":    record("response", "https://ledger.example/1", "", answerOf("Transfer-Encoding: chunked\r\n", strings.TrimSuffix(chunks(text), "0\r\n\r\n"))),
		"a bomb":                record("response", "https://ledger.example/1", "", bomb),
		"larger than a page":    record("response", "https://ledger.example/1", "", answerOf("", text+strings.Repeat(" ", 11<<20))),
	} {
		lines, items, left := importWARC(t, "cut.warc.gz", packed(r, pageRecord(2)))
		if len(lines) != 2 || lines[1] != "https://ledger.example/2" {
			t.Errorf("%s: %q, left out %v", name, lines, left)
			continue
		}
		if p := items[0].Page; !p.Truncated || !items[0].Article.Truncated || len(p.Body) > maxImportBytes || items[1].Page.Truncated {
			t.Errorf("%s: truncated %v, %d bytes", name, p.Truncated, len(p.Body))
		}
	}
}

// What is damaged is told with its place, and everything around it is read.
func TestImportWARCDamage(t *testing.T) {
	members := []string{packed(pageRecord(1)), packed(pageRecord(2)), packed(pageRecord(3))}
	at := len(members[0])
	flipped := []byte(members[1])
	for i := 60; i < 90; i++ {
		flipped[i] ^= 0x5a
	}
	checksum := []byte(members[1])
	checksum[len(checksum)-7] ^= 1
	plain := len(pageRecord(1))
	url := func(n int) string { return fmt.Sprintf("https://ledger.example/%d", n) }
	for name, test := range map[string]struct {
		file, content string
		want          []string
	}{
		"flipped bytes":    {"x.warc.gz", members[0] + string(flipped) + members[2], []string{url(1), fmt.Sprintf("at byte %d: the record is damaged", at), url(3)}},
		"checksum":         {"x.warc.gz", members[0] + string(checksum) + members[2], []string{url(1), fmt.Sprintf("at byte %d: the record is damaged (its checksum", at), url(3)}},
		"garbage between":  {"x.warc.gz", members[0] + strings.Repeat("\x1f\x8b\x08\x00garbage", 30) + members[2], []string{url(1), fmt.Sprintf("at byte %d: ", at), url(3)}},
		"zeros at the end": {"x.warc.gz", members[0] + strings.Repeat("\x00", 9000), []string{url(1), fmt.Sprintf("at byte %d: no gzip member begins here", at)}},
		"cut in a member":  {"x.warc.gz", members[0] + members[1][:200], []string{url(1), fmt.Sprintf("at byte %d: the file ends in the middle of a record", at)}},
		// As what it is seen depends on where it is cut.
		"cut member inside": {"x.warc.gz", members[0] + members[1][:200] + members[2], []string{url(1), fmt.Sprintf("at byte %d: ", at), url(3)}},
		"a record cut short before it was packed": {"x.warc.gz", members[0] + packed(pageRecord(2)[:500]) + members[2],
			[]string{url(1), fmt.Sprintf("at byte %d: the record ends too early", at), url(3)}},
		"a length that is too small": {"x.warc.gz", members[0] + packed(strings.Replace(pageRecord(2), "Content-Length: ", "Content-Length: 1\r\nX: ", 1)) + members[2],
			[]string{url(1), fmt.Sprintf("at byte %d: no WARC record begins here", at), url(3)}},
		"no length": {"x.warc", pageRecord(1) + strings.Replace(pageRecord(2), "Content-Length", "Content-Size", 1) + pageRecord(3),
			[]string{url(1), fmt.Sprintf("at byte %d: the record does not tell its length", plain), url(3)}},
		"a length that is no number": {"x.warc", pageRecord(1) + strings.Replace(pageRecord(2), "Content-Length: ", "Content-Length: -", 1) + pageRecord(3),
			[]string{url(1), fmt.Sprintf("at byte %d: the length of the record", plain), url(3)}},
		"an endless line": {"x.warc", pageRecord(1) + "WARC/1.0\r\nWARC-Type: " + strings.Repeat("x", 200_000) + "\r\n\r\n" + pageRecord(3),
			[]string{url(1), fmt.Sprintf("at byte %d: a line of its header is too long", plain), url(3)}},
		"an endless header": {"x.warc", pageRecord(1) + "WARC/1.0\r\n" + strings.Repeat("X-Note: "+strings.Repeat("x", 100)+"\r\n", 2000) + "\r\n" + pageRecord(3),
			[]string{url(1), fmt.Sprintf("at byte %d: the header of the record is larger than 64 KiB", plain), url(3)}},
		"text between":  {"x.warc", pageRecord(1) + "What is this?\nWARC/\n" + pageRecord(3), []string{url(1), fmt.Sprintf("at byte %d: no WARC record begins here", plain), url(3)}},
		"cut":           {"x.warc", pageRecord(1) + pageRecord(2)[:600], []string{url(1), fmt.Sprintf("at byte %d: the file ends in the middle of a record", plain)}},
		"cut in header": {"x.warc", pageRecord(1) + pageRecord(2)[:60], []string{url(1), fmt.Sprintf("at byte %d: the file ends in the middle of a record", plain)}},
		"not a WARC":    {"x.warc", note, []string{"it is not a WARC file"}},
		"empty":         {"x.warc.gz", "", []string{"it is empty"}},
	} {
		lines, items, _ := importWARC(t, test.file, test.content)
		place := func(a, b string) bool { // one damaged place can be told as two things
			a, _, _ = strings.Cut(a, ": ")
			return strings.HasPrefix(a, "at byte") && strings.HasPrefix(b, a)
		}
		lines = slices.CompactFunc(lines, place)
		ok := len(lines) == len(test.want)
		for i := range lines {
			ok = ok && strings.HasPrefix(lines[i], test.want[i])
		}
		if !ok {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(lines, "\n"), strings.Join(test.want, "\n"))
		}
		for _, item := range items {
			if item.Page != nil && !strings.HasPrefix(item.Article.Title, "Minnows swim upstream, part") {
				t.Errorf("%s: half a page was taken: %q", name, item.Article.Title)
			}
		}
	}
}

// A visit that a wrong clock dates into the future is one of today.
func TestImportWARCClock(t *testing.T) {
	late := strings.Replace(story("Minnows swim"), "2025-03-11", "2031-03-11", 1)
	_, items, _ := importWARC(t, "x.warc", record("response", "https://ledger.example/1", "WARC-Date: 2031-03-12T00:00:00Z\r\n", answerOf("", late))+
		record("response", "https://ledger.example/2", "WARC-Date: 2025-03-01T00:00:00Z\r\n", answerOf("", story("Minnows swim")))+
		record("response", "https://ledger.example/3", "WARC-Date: yesterday\r\n", answerOf("", story("Minnows swim"))))
	for i, want := range []string{"", "", "2025-03-11T07:30:00Z"} {
		if got := items[i].Article.Published.String(); got != want {
			t.Errorf("page %d: published %q, want %q", i+1, got, want)
		}
	}
	if !items[0].Page.FetchedAt.Equal(importedAt) || !items[2].Page.FetchedAt.Equal(importedAt) {
		t.Errorf("fetched at %s and %s", items[0].Page.FetchedAt, items[2].Page.FetchedAt)
	}
}

// A file with endless damage is told of in few lines.
func TestImportWARCMuchDamage(t *testing.T) {
	bad := []byte(packed(pageRecord(2)))
	bad[len(bad)-6] ^= 1 // the checksum
	content := packed(pageRecord(1)) + strings.Repeat(string(bad), 500) + packed(pageRecord(3))
	lines, _, left := importWARC(t, "x.warc.gz", content)
	if len(lines) != maxDamage+2 || lines[len(lines)-1] != "https://ledger.example/3" || len(left) != 1 || left[0].Count != 500-maxDamage {
		t.Errorf("%d lines, left out %v", len(lines), left)
	}
}

// Stopping in the middle ends the reading: after a break, and after a cancel while
// standard input is silent.
func TestImportWARCStops(t *testing.T) {
	before := runtime.NumGoroutine()
	for range Import(context.Background(), []string{"-"}, strings.NewReader(strings.Repeat(pageRecord(1), 50)), importedAt, nil) {
		break
	}
	silent, w := io.Pipe()
	go io.WriteString(w, pageRecord(1)+pageRecord(2)+strings.Repeat(" ", 2*warcBuffer))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for item, err := range Import(ctx, []string{"-"}, silent, importedAt, nil) {
		if n++; n == 2 {
			cancel()
		}
		if n == 3 && !errors.Is(err, context.Canceled) || n > 3 {
			t.Errorf("%d: %s, %v", n, item.Article.URL, err)
		}
	}
	if n != 3 {
		t.Errorf("%d items, want two pages and the cancel", n)
	}
	w.Close()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// However many records a file has, no more than a few pages are held.
func TestImportWARCMemory(t *testing.T) {
	filler := packed(record("response", "https://ledger.example/film.mp4", "", "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"+strings.Repeat("film", 256<<10)))
	r, w := io.Pipe()
	go func() {
		for i := range 200 {
			io.WriteString(w, filler+packed(pageRecord(i)))
		}
		w.Close()
	}()
	var peak, start runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&start)
	n := 0
	for range Import(context.Background(), []string{"-"}, r, importedAt, nil) {
		if n++; n%50 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&peak)
			if grown := int64(peak.HeapAlloc) - int64(start.HeapAlloc); grown > 16<<20 {
				t.Errorf("after %d pages the heap has grown by %d MiB", n, grown>>20)
			}
		}
	}
	if n != 200 {
		t.Errorf("%d pages", n)
	}
}

func FuzzWARC(f *testing.F) {
	f.Add([]byte(pageRecord(1) + pageRecord(2)))
	f.Add([]byte(packed(pageRecord(1), pageRecord(2))))
	f.Add([]byte(packed(pageRecord(1)) + packed(pageRecord(2))[:100] + packed(pageRecord(3))))
	f.Add([]byte(packed(pageRecord(1)+pageRecord(2)[:300], pageRecord(2)[300:])))
	f.Add([]byte(record("response", "https://ledger.example/1", "", answerOf("Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n", chunks(packedBy(func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }, "<p>x"))))))
	f.Add([]byte("WARC/1.0\r\nContent-Length: 99999999999999999\r\n\r\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		warc, err := newWARCReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		pages := pageReader{warcReader: warc}
		for steps := 0; ; steps++ {
			if steps > 2*len(content)+10 {
				t.Fatal("the reader does not get on")
			}
			h, err := warc.next()
			var d *warcDamage
			switch {
			case err == io.EOF:
				return
			case errors.As(err, &d):
				if d.offset < 0 || d.offset > int64(len(content)) {
					t.Fatalf("damage at %d of %d", d.offset, len(content))
				}
				continue
			case err != nil:
				t.Fatal(err)
			}
			if p, _ := pages.page(h, importedAt); p != nil && (p.URL == "" || len(p.Body) > maxImportBytes || p.FetchedAt.After(importedAt)) {
				t.Fatalf("%q, %d bytes, %s", p.URL, len(p.Body), p.FetchedAt)
			}
		}
	})
}

// Any single flipped byte costs no more than the record that it is in and the one behind it.
func TestImportWARCAnyByteFlipped(t *testing.T) {
	var members []string
	for i := range 6 {
		members = append(members, packed(pageRecord(i)))
	}
	whole := strings.Join(members, "")
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		content := []byte(whole)
		at := random.IntN(len(content))
		content[at] ^= byte(1 + random.IntN(255))
		warc, err := newWARCReader(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if !warc.packed { // the first two bytes: then it is no longer told to be packed
			continue
		}
		n := 0
		for {
			_, err := warc.next()
			if err == io.EOF {
				break
			}
			if err == nil {
				n++
			}
		}
		if n < 5 {
			t.Errorf("byte %d of %d flipped: %d of 6 records read", at, len(content), n)
		}
	}
}
