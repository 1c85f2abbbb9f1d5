package crawler

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"
)

// warcHeader is what the importer needs of a record's fields.
type warcHeader struct {
	kind      string // WARC-Type, lower case
	target    string // WARC-Target-URI
	date      time.Time
	media     string // Content-Type of the block
	payload   string // WARC-Identified-Payload-Type
	length    int64  // of the block
	truncated bool   // WARC-Truncated is given: the end of the payload was not captured
	segmented bool   // WARC-Segment-Number is given: the rest is in other records

	// What Tenor's own archives say of the article; see WARCWriter.Page.
	form, file, outlet, title, published string
}

// readFields reads the named fields of a record. Folded lines, which WARC/1.0
// allows, are joined only by leaving them out: no field that matters here is folded.
func (w *warcReader) readFields() error {
	h := warcHeader{length: -1}
	for size := 0; ; {
		line, err := w.readLine()
		switch {
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case len(line) == 0:
			if h.length < 0 {
				return w.damage("the record does not tell its length")
			}
			w.header = h
			return nil
		}
		if size += len(line); size > maxWARCHeader {
			return w.damage("the header of the record is larger than %d KiB", maxWARCHeader>>10)
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			continue
		}
		if err := w.field(&h, name, bytes.TrimSpace(value)); err != nil {
			return err
		}
	}
}

func (w *warcReader) field(h *warcHeader, name, value []byte) error {
	is := func(want string) bool { return len(name) == len(want) && bytes.EqualFold(name, []byte(want)) }
	switch {
	case is("WARC-Type"):
		h.kind = warcKind(value)
	case is("WARC-Target-URI"):
		// WARC/1.0 files of some writers have the address in angle brackets.
		h.target = string(bytes.TrimSuffix(bytes.TrimPrefix(value, []byte("<")), []byte(">")))
	case is("WARC-Date"):
		h.date, _ = time.Parse(time.RFC3339Nano, string(value))
	case is("Content-Type"):
		h.media = string(value)
	case is("WARC-Identified-Payload-Type"):
		h.payload = string(value)
	case is("WARC-Truncated"):
		h.truncated = true
	case is("WARC-Segment-Number"):
		h.segmented = true
	case is("Tenor-Form"):
		h.form = string(value)
	case is("Tenor-File"):
		h.file = string(value)
	case is("Tenor-Outlet"):
		h.outlet = string(value)
	case is("Tenor-Title"):
		h.title = string(value)
	case is("Tenor-Published"):
		h.published = string(value)
	case is("Content-Length"):
		n, err := strconv.ParseInt(string(value), 10, 64)
		if err != nil || n < 0 {
			return w.damage("the length of the record, %s, is no number", clip(string(value)))
		}
		h.length = n
	}
	return nil
}

// warcKinds are the record types of the standard, so that they need not be made anew.
var warcKinds = []string{"response", "request", "metadata", "warcinfo", "revisit", "resource", "conversion", "continuation"}

func warcKind(value []byte) string {
	for _, k := range warcKinds {
		if string(value) == k {
			return k
		}
	}
	return strings.ToLower(string(value))
}
