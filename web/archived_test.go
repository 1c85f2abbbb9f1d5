package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"tenor"
)

// plainArchiver is an archiver of the tests: cmd/tenor has the real one.
type plainArchiver struct{}

func (plainArchiver) WritePage(w io.Writer, p *tenor.Page, a *tenor.Article) error {
	_, err := io.WriteString(w, "WARC of "+p.URL)
	return err
}

const hostilePage = "<!DOCTYPE html><title>x</title><script>alert(document.domain)</script><base href=//evil.example><meta http-equiv=refresh content=0;//evil.example>"

// A stored page is shown as the text that it is and saved as the bytes that came, and no
// browser can take it for a page of ours.
func TestStoredPageIsNeverHTML(t *testing.T) {
	s := emptyStore(t)
	words := sayings[tenor.Bullish][0]
	a := tenor.Article{URL: "https://news.example/p", Outlet: "Market Lantern", Title: "Caps", Published: onDay("2025-09-18"), KnownAt: today, Text: strings.ReplaceAll(words, "~", "")}
	q := quoteOf(a.Text, words, people[0], tenor.Bullish)
	q.ID = tenor.QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
	a.PageType, a.Language = tenor.PageArticle, "en"
	body := append([]byte(hostilePage), "caf\xe9 \x00"...)
	p := &tenor.Page{URL: a.URL, Status: 200, Header: http.Header{"Content-Type": {"text/html; charset=iso-8859-1"}}, Body: body, FetchedAt: today}
	if _, err := s.SaveArticle(context.Background(), &a, p, []tenor.Quote{q}, "test-1", "wire"); err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, s, Options{Archiver: plainArchiver{}})
	for address, want := range map[string]struct{ kind, disposition, body string }{
		"/articles/1/page":          {"text/plain; charset=utf-8", "inline", hostilePage + "café \x00"},
		"/articles/1/page.html.txt": {"application/octet-stream", `attachment; filename="tenor-article-1.html.txt"`, string(body)},
		"/articles/1/page.warc.gz":  {"application/gzip", `attachment; filename="tenor-article-1.warc.gz"`, "WARC of https://news.example/p"},
	} {
		w := ask(t, h, address)
		got := w.Header()
		if w.Code != http.StatusOK || got.Get("Content-Type") != want.kind || got.Get("Content-Disposition") != want.disposition ||
			got.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s answers %d with %v", address, w.Code, got)
		}
		if w.Body.String() != want.body {
			t.Errorf("%s has %q, want %q", address, w.Body, want.body)
		}
	}
	for _, address := range []string{"/articles/1", "/quotes/" + q.ID} {
		doc := page(t, h, address)
		stored := doc.Find("#stored").Parent()
		for _, href := range []string{"/articles/1/page", "/articles/1/page.html.txt", "/articles/1/page.warc.gz"} {
			if stored.Find(`a[href="`+href+`"]`).Length() != 1 {
				t.Errorf("%s does not offer %s", address, href)
			}
		}
		if text := stored.Text(); !strings.Contains(text, "answered 200") || !strings.Contains(text, "SHA-256") {
			t.Errorf("%s says %q", address, text)
		}
		if rel := stored.Find(`a[href="https://news.example/p"]`).AttrOr("rel", ""); !strings.Contains(rel, "noopener") || !strings.Contains(rel, "noreferrer") {
			t.Errorf("%s links to the publisher with rel %q", address, rel)
		}
	}
	for _, address := range []string{"/articles/9/page", "/articles/x/page", "/articles/9/page.html.txt", "/articles/0/page.warc.gz"} {
		if w := ask(t, h, address); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", address, w.Code)
		}
	}
	seed := handlerOf(t, seeded(t), Options{})
	if w := ask(t, seed, "/articles/1/page"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "No page is stored") {
		t.Errorf("an imported article answers %d: %s", w.Code, w.Body)
	}
	if w := ask(t, seed, "/articles/1/page.warc.gz"); w.Code != http.StatusNotFound {
		t.Errorf("without an archiver a WARC answers %d", w.Code)
	}
	if page(t, seed, "/articles/1").Find("#stored").Length() != 0 {
		t.Error("a page that is not stored is offered")
	}
}

// The forms of a citation hold what a stranger wrote, and nothing of it means anything in
// them.
func TestCitations(t *testing.T) {
	a := tenor.Article{
		URL: "https://news.example/{a}?q=1&b=2", Outlet: `The "Ledger" & Sons`, Title: "100% {sure} \\input{x} $5_", Authors: []string{"Ines and Calder", "Bo Reed"},
		Published: onDay("2025-09"), Text: "so be it",
	}
	r := tenor.NewRecord(&a, tenor.Quote{ID: "0123456789abcdef", Spans: []tenor.Span{{0, 8}}, Speaker: "Ada Quill", SpeakerType: tenor.Analyst, Kind: tenor.Direct}, "t")
	forms := citations(&a, &r, today)
	if got := forms[1].Text; strings.Count(got, "{") != strings.Count(got, "}") || !strings.Contains(got, `title = {{100\% \{sure\} \textbackslash{}input\{x\} \$5\_}}`) ||
		!strings.Contains(got, "author = {{Ines and Calder} and {Bo Reed}}") || !strings.Contains(got, "date = {2025-09}") || !strings.Contains(got, "url = {https://news.example/%7Ba%7D?q=1&b=2}") {
		t.Errorf("BibTeX: %s", got)
	}
	var csl []struct {
		Title, Container, URL string
		Author                []struct{ Literal string }
		Issued                struct {
			Parts [][]int `json:"date-parts"`
		}
	}
	if err := json.Unmarshal([]byte(forms[2].Text), &csl); err != nil || len(csl) != 1 || csl[0].Title != a.Title || len(csl[0].Author) != 2 || len(csl[0].Issued.Parts[0]) != 2 {
		t.Errorf("CSL-JSON: %s (%v)", forms[2].Text, err)
	}
	a.Published, a.Authors, a.Outlet, a.Title, a.URL = tenor.Date{}, nil, "", "", "javascript:alert(1)"
	for _, form := range citations(&a, &r, today) {
		if strings.Contains(form.Text, "javascript:") || !strings.Contains(form.Text, "so be it") {
			t.Errorf("%s of a bare article: %s", form.Name, form.Text)
		}
	}
	if !json.Valid([]byte(citations(&a, &r, today)[2].Text)) || bytes.Contains([]byte(citations(&a, &r, today)[1].Text), []byte("year")) {
		t.Error("an undated article has a year, or broken JSON")
	}
}
