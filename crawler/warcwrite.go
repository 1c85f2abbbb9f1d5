package crawler

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"tenor"
)

// WARCWriter writes pages as WARC/1.1, a gzip member a record. The same pages give
// the same bytes.
type WARCWriter struct {
	w     io.Writer
	zip   *gzip.Writer
	info  string // the identifier of the record that describes the file
	field bytes.Buffer
	block bytes.Buffer
}

// NewWARCWriter begins a file. at is the day that it bears: that of its latest page.
// name is the file's own, "" for standard output.
func NewWARCWriter(w io.Writer, name string, at time.Time) (*WARCWriter, error) {
	out := &WARCWriter{w: w, zip: gzip.NewWriter(w)}
	out.block.WriteString("software: " + strings.Fields(UserAgent)[0] + "\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n")
	id, err := out.record("warcinfo", "", at, "application/warc-fields", 0, [][2]string{{"WARC-Filename", name}})
	out.info = id
	return out, err
}

// Page writes a page: the server's answer, or the file itself where the page was
// read from one. The body is unpacked, so that the fields of the header that told
// how it was packed get the names that Common Crawl gives them. What its article
// knows from elsewhere than the page (a feed's date, a configured outlet) stands in
// fields of Tenor's own, which other readers pass over and Import reads.
func (w *WARCWriter) Page(p *tenor.Page, a *tenor.Article) error {
	kind, media, target, form, head := "response", "application/http; msgtype=response", p.URL, "", 0
	w.block.Reset()
	if p.Status > 0 {
		writeAnswer(&w.block, p)
		head = w.block.Len()
	} else {
		kind, form = "resource", cmp.Or(importForm(a.File), sniffForm(p.Body))
		if json.Valid(p.Body) { // a line of JSON Lines, which may name any file
			form = "jsonl"
		}
		media = map[string]string{"html": "text/html", "jsonl": "application/json"}[form]
		media = cmp.Or(media, "text/plain")
		if target == "" {
			target = (&url.URL{Scheme: "file", Opaque: cmp.Or((&url.URL{Path: a.File}).EscapedPath(), "-")}).String()
		}
	}
	w.block.Write(p.Body)
	fields := [][2]string{
		{"WARC-Warcinfo-ID", w.info}, {"WARC-Identified-Payload-Type", mediaType(p.Header.Get("Content-Type"))},
		{"Tenor-Form", form}, {"Tenor-File", a.File}, {"Tenor-Outlet", a.Outlet}, {"Tenor-Title", a.Title},
	}
	if a.Published.Known() {
		fields = append(fields, [2]string{"Tenor-Published", a.Published.Source + " " + a.Published.String()})
	}
	if p.Truncated {
		fields = append(fields, [2]string{"WARC-Truncated", "length"})
	}
	_, err := w.record(kind, target, p.FetchedAt, media, head, fields)
	return err
}

// writeAnswer writes the status line and header of a page.
func writeAnswer(b *bytes.Buffer, p *tenor.Page) {
	fmt.Fprintf(b, "HTTP/1.1 %d %s\r\n", p.Status, http.StatusText(p.Status))
	var lines []string
	for name, values := range p.Header {
		as := name
		switch name {
		case "Content-Encoding", "Transfer-Encoding", "Content-Length":
			as = "X-Crawl-" + name
			if p.Header.Get(as) != "" { // it came from an archive already
				continue
			}
		}
		for i, value := range values {
			if name != "Content-Length" || value != fmt.Sprint(len(p.Body)) {
				lines = append(lines, fmt.Sprintf("%s\x00%06d%s: %s\r\n", as, i, as, fieldValue(value)))
			}
		}
	}
	slices.Sort(lines) // by name, and values of one name as they came
	for _, line := range lines {
		_, line, _ = strings.Cut(line, "\x00")
		b.WriteString(line[6:])
	}
	fmt.Fprintf(b, "Content-Length: %d\r\n\r\n", len(p.Body))
}

// fieldValue keeps outside words on one line of a header.
func fieldValue(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s))
}

// record writes w.block, whose payload begins at head, and returns its identifier,
// which is made of what the record holds. Fields without a value are left out.
func (w *WARCWriter) record(kind, target string, at time.Time, media string, head int, fields [][2]string) (id string, err error) {
	block := w.block.Bytes()
	date := at.UTC().Format("2006-01-02T15:04:05Z")
	payload := digestOf(block[head:])
	id = "<urn:uuid:" + nameUUID(kind, target, date, digestOf(block)) + ">"
	w.field.Reset()
	w.field.WriteString("WARC/1.1\r\n")
	all := slices.Concat([][2]string{
		{"WARC-Type", kind}, {"WARC-Record-ID", id}, {"WARC-Date", date}, {"WARC-Target-URI", target},
	}, fields, [][2]string{{"WARC-Block-Digest", digestOf(block)}})
	if kind != "warcinfo" {
		all = append(all, [2]string{"WARC-Payload-Digest", payload})
	}
	all = append(all, [2]string{"Content-Type", media}, [2]string{"Content-Length", fmt.Sprint(len(block))})
	for _, f := range all {
		if value := fieldValue(f[1]); value != "" {
			w.field.WriteString(f[0] + ": " + value + "\r\n")
		}
	}
	w.field.WriteString("\r\n")
	w.zip.Reset(w.w)
	for _, part := range [][]byte{w.field.Bytes(), block, []byte("\r\n\r\n")} {
		if _, err := w.zip.Write(part); err != nil {
			return "", err
		}
	}
	return id, w.zip.Close()
}

// digestOf is written as most archives have it and every tool checks it.
func digestOf(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// nameUUID is a UUID of version 5 in the namespace of URLs (RFC 9562).
func nameUUID(parts ...string) string {
	h := sha1.New()
	h.Write([]byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"))
	io.WriteString(h, strings.Join(parts, "\n"))
	u := h.Sum(nil)
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
