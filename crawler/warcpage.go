package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"tenor"
)

// pageReader makes pages of the records of a WARC file.
type pageReader struct {
	*warcReader
	head []byte // of the HTTP answer at hand
}

// archived is a page of a WARC file with what the record says beside it.
type archived struct {
	*tenor.Page
	form                string // "html"; "text" or "jsonl" for files that Tenor had read
	file, outlet, title string
	published           tenor.Date
}

func newArchived(p *tenor.Page, h *warcHeader) *archived {
	a := &archived{Page: p, form: "html", file: cleanText(h.file), outlet: plainText(h.outlet), title: plainText(h.title)}
	if source, date, ok := strings.Cut(h.published, " "); ok {
		if d, err := tenor.ParseDate(date, source[:min(len(source), 20)]); err == nil && plausible(d, latestDate(p.FetchedAt)) {
			a.published = d
		}
	}
	return a
}

// page is the page that the record at hand holds, or the reason why it holds none:
// "" for records that never do, such as requests. What is not a page is told from
// its first bytes, and the rest of it is passed over unread. Dates later than
// latest are taken for latest: a clock was wrong.
func (r *pageReader) page(h *warcHeader, latest time.Time) (*archived, string) {
	switch h.kind {
	case "response":
		if media := mediaType(h.media); media != "application/http" && media != "" {
			return nil, "not an answer over HTTP (" + sentence(media[:min(len(media), 60)]) + ")"
		}
	case "resource":
	case "request", "metadata", "warcinfo":
		return nil, ""
	case "revisit":
		return nil, "the page had not changed since an earlier visit (revisit record)"
	case "conversion":
		return nil, "a converted copy of a page (conversion record)"
	case "continuation":
		return nil, "the continuation of a record in pieces"
	default:
		return nil, "a record of unknown type " + clip(sentence(h.kind))
	}
	p := &tenor.Page{FetchedAt: h.date.UTC(), Status: http.StatusOK, Truncated: h.truncated || h.segmented}
	if h.date.IsZero() || h.date.After(latest) {
		p.FetchedAt = latest
	}
	if h.kind == "resource" {
		return r.resource(p, h)
	}
	return r.response(p, h)
}

// response reads an HTTP answer. What it says of itself is not always so: many
// writers of archives keep the header as served and the body unpacked.
func (r *pageReader) response(p *tenor.Page, h *warcHeader) (*archived, string) {
	end := r.readHead(h)
	if end < 0 {
		return nil, "its HTTP header has no end"
	}
	status, lines := statusLine(r.head[:end])
	if status != http.StatusOK {
		return nil, notTaken(status)
	}
	if reason := notHTML(firstOf(rawField(lines, "Content-Type"), h.payload)); reason != "" {
		return nil, reason
	}
	if p.URL = pageAddress(h.target); p.URL == "" {
		return nil, "its address is not one of the web"
	}
	p.Header = headerFields(lines)
	body := bufio.NewReader(io.MultiReader(bytes.NewReader(r.head[end:]), r.warcReader))
	var reason string
	size := h.length - int64(end)
	if p.Body, reason = readArchived(body, p, size); reason != "" {
		return nil, reason
	}
	return newArchived(p, h), ""
}

// resource reads a file that was archived without the answer it came in.
func (r *pageReader) resource(p *tenor.Page, h *warcHeader) (*archived, string) {
	a := newArchived(p, h)
	if h.form == "text" || h.form == "jsonl" {
		a.form = h.form
	} else if reason := notHTML(h.media); reason != "" {
		return nil, reason
	}
	if p.URL = pageAddress(h.target); p.URL == "" && h.form == "" {
		return nil, "its address is not one of the web"
	}
	p.Status = 0
	if h.media != "" && h.form == "" {
		p.Header = http.Header{"Content-Type": {h.media}}
	}
	var reason string
	if p.Body, reason = readArchived(bufio.NewReader(r.warcReader), p, h.length); reason != "" {
		return nil, reason
	}
	return a, ""
}

// readHead reads the block up to the end of the HTTP header and some way on, and
// returns where the body begins, or -1.
func (r *pageReader) readHead(h *warcHeader) int {
	r.head = r.head[:0]
	for limit, searched := 4<<10, 0; ; limit *= 4 {
		limit = int(min(int64(limit), h.length, maxHeader))
		r.head = slices.Grow(r.head, limit-len(r.head))
		n, err := io.ReadFull(r.warcReader, r.head[len(r.head):limit])
		r.head = r.head[:len(r.head)+n]
		if end := headEnd(r.head, searched); end >= 0 {
			return end
		}
		if err != nil || int64(limit) == h.length || limit == maxHeader {
			return -1
		}
		searched = max(len(r.head)-3, 0)
	}
}

func headEnd(b []byte, from int) int {
	for i := from; i < len(b); {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return -1
		}
		i += n + 1
		switch rest := b[i:]; {
		case len(rest) > 0 && rest[0] == '\n':
			return i + 1
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return i + 2
		}
	}
	return -1
}

// statusLine reads "HTTP/1.1 200 OK"; the status is 0 when it is not one.
func statusLine(head []byte) (status int, lines []byte) {
	line, lines, _ := bytes.Cut(head, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 2 || !bytes.HasPrefix(fields[0], []byte("HTTP/")) {
		return 0, nil
	}
	status, _ = strconv.Atoi(string(fields[1]))
	return status, lines
}

func notTaken(status int) string {
	if text := http.StatusText(status); text != "" {
		return "the server had answered " + strconv.Itoa(status) + " " + text
	}
	return "the server's answer cannot be read"
}

// notHTML says why a media type is none of a page; nothing is said for what names none.
func notHTML(media string) string {
	switch media = mediaType(media); media {
	case "text/html", "application/xhtml+xml", "":
		return ""
	}
	kind, _, _ := strings.Cut(media, "/")
	switch kind {
	case "image", "audio", "video", "font", "model":
		return "not HTML (" + kind + ")"
	}
	return "not HTML (" + sentence(media[:min(len(media), 60)]) + ")"
}

func mediaType(value string) string {
	media, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// rawField is the first value of a field in header lines.
func rawField(lines []byte, name string) string {
	for len(lines) > 0 {
		var line []byte
		line, lines, _ = bytes.Cut(lines, []byte("\n"))
		if len(line) > len(name) && line[len(name)] == ':' && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return string(bytes.TrimSpace(line[len(name)+1:]))
		}
	}
	return ""
}

// headerFields reads header lines as they are found in archives, broken ones left
// out. Lines that begin with a space go on with the one before.
func headerFields(lines []byte) http.Header {
	header := http.Header{}
	last := ""
	for len(lines) > 0 {
		var line []byte
		line, lines, _ = bytes.Cut(lines, []byte("\n"))
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
			if values := header[last]; len(values) > 0 {
				values[len(values)-1] += " " + string(bytes.TrimSpace(line))
			}
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		last = ""
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t\r") {
			continue
		}
		last = http.CanonicalHeaderKey(string(name))
		header.Add(last, strings.ToValidUTF8(string(bytes.TrimSpace(value)), "\ufffd"))
	}
	return header
}

// readArchived reads and unpacks the body of a page. size is what the record holds
// of it. The fields of p's header that were true of the packed body only are taken
// out, and p is marked where the body is cut.
func readArchived(body *bufio.Reader, p *tenor.Page, size int64) ([]byte, string) {
	var r io.Reader = body
	if strings.EqualFold(p.Header.Get("Transfer-Encoding"), "chunked") && inChunks(body) {
		body = bufio.NewReader(httputil.NewChunkedReader(body))
		r, size = body, -1
	}
	unpacked := &http.Response{Header: http.Header{}, ContentLength: size}
	if coding := strings.ToLower(strings.TrimSpace(p.Header.Get("Content-Encoding"))); coding != "" && !alreadyUnpacked(body) {
		unpacked.ContentLength = -1
		switch coding {
		case "br":
			r = brotli.NewReader(body)
		case "zstd":
			// 8 MiB is the largest window that RFC 9659 allows on the web.
			z, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
			if err != nil {
				return nil, damagedBody
			}
			defer z.Close()
			r = z
		default:
			unpacked.Header["Content-Encoding"] = p.Header["Content-Encoding"]
		}
	}
	unpacked.Body = io.NopCloser(r)
	got, cut, err := readBody(unpacked, maxImportBytes)
	switch {
	case err == nil:
	case errors.Is(err, io.ErrUnexpectedEOF) && len(got) > 0:
		cut = true // the connection had ended early, or the archive stops here
	default:
		return nil, damagedBody
	}
	p.Truncated = p.Truncated || cut
	return got, ""
}

const damagedBody = "the page is damaged: it cannot be unpacked"

// inChunks reports whether a body begins with the length of a chunk.
func inChunks(body *bufio.Reader) bool {
	head, _ := body.Peek(16)
	digits := 0
	for _, c := range head {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			digits++
		default:
			return digits > 0 && (c == '\r' || c == '\n' || c == ';' || c == ' ')
		}
	}
	return false
}

// alreadyUnpacked: a page as text begins with a tag, and nothing packed does.
func alreadyUnpacked(body *bufio.Reader) bool {
	head, _ := body.Peek(512)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return len(head) > 1 && head[0] == '<' && (head[1] == '!' || head[1] == '?' || head[1] >= 'A' && head[1] <= 'z')
}
