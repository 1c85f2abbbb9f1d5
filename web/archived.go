package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"tenor"
)

// Archiver writes a stored page in the format of web archives (WARC). It must be safe for
// concurrent use.
type Archiver interface {
	WritePage(w io.Writer, p *tenor.Page, a *tenor.Article) error
}

// archived is a page as it was fetched, on the pages that offer it.
type archived struct {
	tenor.Capture
	Source string // address of its source as plain text
	Raw    string // of its bytes
	WARC   string // of it as a web archive; empty where nobody writes those
}

// captured is the stored page of an article; nil where it has none.
func (v *view) captured(r *http.Request, article int64) (*archived, error) {
	c, err := v.store.Capture(r.Context(), article)
	if errors.Is(err, tenor.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	base := "/articles/" + strconv.FormatInt(article, 10) + "/page"
	one := &archived{Capture: c, Source: base, Raw: base + ".html.txt"}
	if v.archiver != nil {
		one.WARC = base + ".warc.gz"
	}
	return one, nil
}

// archivedPage is the stored page that an address asks for, with its article.
func (v *view) archivedPage(r *http.Request) (*tenor.Page, tenor.Article, error) {
	a, _, err := v.named(r)
	if err != nil {
		return nil, a, err
	}
	p, err := v.store.Page(r.Context(), a.ID)
	if errors.Is(err, tenor.ErrNotFound) {
		return nil, a, &httpError{status: http.StatusNotFound, sentence: "No page is stored for this article: it came from a file of text, not from the web."}
	}
	return p, a, err
}

// pageSource shows the source of a stored page as plain text. It is a stranger's page: as
// HTML on this address it could read all that is here.
func (v *view) pageSource(w http.ResponseWriter, r *http.Request) error {
	p, _, err := v.archivedPage(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", "inline")
	lockIn(w)
	w.WriteHeader(http.StatusOK)
	io.WriteString(w, legible(p.Body, p.Header.Get("Content-Type"))) // an error here is the client's having left
	return nil
}

// pageBytes sends the bytes of a stored page to be saved, under a name that no program
// opens as HTML.
func (v *view) pageBytes(w http.ResponseWriter, r *http.Request) error {
	p, a, err := v.archivedPage(r)
	if err != nil {
		return err
	}
	lockIn(w)
	return sendFile(w, r, "application/octet-stream", fmt.Sprintf("article-%d.html.txt", a.ID), func(out io.Writer) error {
		_, err := out.Write(p.Body)
		return err
	})
}

// pageWARC sends a stored page as a web archive, with the headers that came with it.
func (v *view) pageWARC(w http.ResponseWriter, r *http.Request) error {
	p, a, err := v.archivedPage(r)
	if err != nil {
		return err
	}
	lockIn(w)
	return sendFile(w, r, "application/gzip", fmt.Sprintf("article-%d.warc.gz", a.ID), func(out io.Writer) error {
		return v.archiver.WritePage(out, p, &a)
	})
}

// lockIn forbids what a stranger's page could do here even if a browser took it for HTML.
func lockIn(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

// legible is a page's source in UTF-8. What is not UTF-8 is read in the charset that it
// declares.
func legible(body []byte, contentType string) string {
	if !utf8.Valid(body) {
		enc, _, _ := charset.DetermineEncoding(body, contentType)
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	return strings.ToValidUTF8(string(body), "\ufffd")
}
