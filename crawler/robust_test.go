package crawler

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"tenor"
)

// bombs are pages built to exhaust a reader: by depth, by tags never closed, by
// number, by size, by what their scripts and styles hold.
func bombs() map[string]string {
	fonts := strings.Builder{}
	for i := range 400 {
		fonts.WriteString("<font size=" + strings.Repeat("1", i%7+1) + " id=f" + strings.Repeat("x", i) + ">")
	}
	return map[string]string{
		"deep":            strings.Repeat("<div>", 200_000),
		"deep inline":     strings.Repeat("<b>", 100_000) + "text",
		"reopened":        fonts.String() + strings.Repeat("<p>a", 90_000),
		"many paragraphs": strings.Repeat("<p>word ", 1_000_000),
		"many breaks":     "<p>" + strings.Repeat("word<br>", 90_000),
		"one long line":   "<p>" + strings.Repeat("word and ", 1_100_000),
		"tables":          strings.Repeat("<table><tr><td>", 30_000),
		"attributes":      "<p " + strings.Repeat("a=b ", 1_000_000) + ">text",
		"entities":        strings.Repeat("&amp;&lt;&#x41;", 500_000),
		"angle brackets":  strings.Repeat("<", 5_000_000),
		"json-ld":         `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 50_000) + `</script><p>text`,
		"style":           "<style>" + strings.Repeat("@media{.a{", 50_000) + "</style><p>text",
		"dates":           "<h1>x</h1><p>" + strings.Repeat("June 3, 2025 and ", 200_000),
		"headings":        strings.Repeat("<h1>One two three four</h1>", 40_000),
		"comments":        strings.Repeat("<!--", 1_000_000),
		"hidden":          strings.Repeat(`<div style="display:none">`, 300) + strings.Repeat("<p>word</p>", 20_000),
		"empty":           "",
		"NULs":            strings.Repeat("\x00", 100_000),
		"broken UTF-8":    strings.Repeat("\xff\xfe\xc3", 100_000),
	}
}

func TestExtractSurvivesBombs(t *testing.T) {
	for name, page := range bombs() {
		a, err := Extract(&tenor.Page{Body: []byte(page), FetchedAt: importedAt})
		if err != nil && !errors.Is(err, tenor.ErrNoArticle) {
			t.Errorf("%s: %v", name, err)
		}
		checkText(t, name, a)
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, page := range bombs() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				Extract(&tenor.Page{Body: []byte(page), FetchedAt: importedAt})
			}
		})
	}
}

func TestExtractHeeds(t *testing.T) {
	body := "<html><body><h1>The caf\xe9 of the exchange</h1><p>" + strings.Repeat("The caf\xe9 of the exchange was empty, and nobody was there to say why that should be so. ", 4) + "</p></body></html>"
	a, err := Extract(&tenor.Page{
		URL: "https://example.org/cafe", Body: []byte(body), Truncated: true, FetchedAt: importedAt,
		Header: http.Header{"Content-Type": {"text/html; charset=iso-8859-1"}},
	})
	if err != nil || !strings.Contains(a.Text, "café") || !a.Truncated || a.URL != "https://example.org/cafe" || !a.KnownAt.Equal(importedAt) {
		t.Errorf("%v %+v", err, a)
	}
}

// A date in the future of the fetch is not believed.
func TestExtractRefusesFutureDates(t *testing.T) {
	page := `<html><head><meta property="article:published_time" content="%s"></head><body><p>` +
		strings.Repeat("The rooms of the exchange were empty, and nobody was there to say why. ", 6) + `</p></body></html>`
	for stamp, want := range map[string]string{
		"2026-01-16T09:00:00Z": "2026-01-16T09:00:00Z", "2026-01-17T09:00:00Z": "", "2031-01-01": "", "1901-01-01": "",
	} {
		a, err := Extract(&tenor.Page{Body: []byte(strings.Replace(page, "%s", stamp, 1)), FetchedAt: importedAt})
		if err != nil || a.Published.String() != want {
			t.Errorf("%s: %v, published %q, want %q", stamp, err, a.Published, want)
		}
	}
}

func checkText(t *testing.T, name string, a tenor.Article) {
	t.Helper()
	for _, s := range []string{a.Text, a.Title, a.Outlet, strings.Join(a.Authors, "")} {
		if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.ContainsAny(s, "\x00\r") {
			t.Errorf("%s: not storable: %.80q", name, s)
		}
	}
	if a.Published.Known() && a.Published.Time.After(latestDate(importedAt)) {
		t.Errorf("%s: published %s, after it was fetched", name, a.Published)
	}
}

func FuzzExtract(f *testing.F) {
	pages, _ := filepath.Glob("testdata/*.html")
	for _, path := range pages {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := Extract(&tenor.Page{Body: body, FetchedAt: importedAt})
		if err != nil && !errors.Is(err, tenor.ErrNoArticle) {
			t.Error(err)
		}
		checkText(t, "page", a)
	})
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(note))
	f.Add([]byte("{\"text\":\"Shares rose yesterday, September 17, after the Fed cut rates by 25 basis points.\"}\n{"))
	f.Add([]byte("-1.8 C\nLeeds\nWednesday, January 15, 2025\n\nA headline of five words\n\nAs of Sept. 16, the first cut since 2020."))
	f.Add([]byte("<html><p>June 3"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for item := range Import(context.Background(), []string{"-"}, strings.NewReader(string(body)), importedAt) {
			checkText(t, "input", item.Article)
		}
	})
}

// Extract beside the parsing that any reader of pages must do.
func BenchmarkExtract(b *testing.B) {
	pages := benchmarkPages(b)
	size := 0
	for _, p := range pages {
		size += len(p)
	}
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, p := range pages {
				html.Parse(strings.NewReader(string(p)))
			}
		}
	})
	b.Run("extract", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, p := range pages {
				Extract(&tenor.Page{Body: p, FetchedAt: importedAt})
			}
		}
	})
}

// benchmarkPages are forty real pages where they are at hand, or our own.
func benchmarkPages(b *testing.B) [][]byte {
	var pages [][]byte
	real, _ := filepath.Glob("../../shared/pages/news/*.html.gz")
	for _, path := range real[:min(40, len(real))] {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		zr, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(zr)
		f.Close()
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, body)
	}
	if len(pages) > 0 {
		return pages
	}
	own, _ := filepath.Glob("testdata/*.html")
	for _, path := range own {
		body, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		pages = append(pages, body)
	}
	return pages
}

func BenchmarkDateText(b *testing.B) {
	text := strings.Repeat("Small companies touched a peak yesterday, September 17, after the Fed cut rates by 25 basis points, the first rate cut in nine months. “It will not last,” said Orla Penn, who expects nothing until March 2026 and recalls June 2009.\n\n", 20)
	for b.Loop() {
		dateText(text, tenor.Date{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
}
