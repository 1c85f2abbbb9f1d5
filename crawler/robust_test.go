package crawler

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"tenor"
	"tenor/internal/race"
)

// bombs are pages built to exhaust a reader: by depth, by tags never closed, by
// number, by size, by what their scripts and styles hold.
func bombs() map[string]func() string {
	fonts := strings.Builder{}
	for i := range 400 {
		fonts.WriteString("<font size=" + strings.Repeat("1", i%7+1) + " id=f" + strings.Repeat("x", i) + ">")
	}
	return map[string]func() string{
		"deep":            func() string { return strings.Repeat("<div>", 200_000) },
		"deep inline":     func() string { return strings.Repeat("<b>", 100_000) + "text" },
		"reopened":        func() string { return fonts.String() + strings.Repeat("<p>a", 90_000) },
		"many paragraphs": func() string { return strings.Repeat("<p>word ", 1_000_000) },
		"many breaks":     func() string { return "<p>" + strings.Repeat("word<br>", 90_000) },
		"one long line":   func() string { return "<p>" + strings.Repeat("word and ", 1_100_000) },
		"tables":          func() string { return strings.Repeat("<table><tr><td>", 30_000) },
		"attributes":      func() string { return "<p " + strings.Repeat("a=b ", 1_000_000) + ">text" },
		"entities":        func() string { return strings.Repeat("&amp;&lt;&#x41;", 500_000) },
		"angle brackets":  func() string { return strings.Repeat("<", 5_000_000) },
		"json-ld": func() string {
			return `<script type="application/ld+json">` + strings.Repeat(`{"@graph":[`, 50_000) + `</script><p>text`
		},
		"style":    func() string { return "<style>" + strings.Repeat("@media{.a{", 50_000) + "</style><p>text" },
		"dates":    func() string { return "<h1>x</h1><p>" + strings.Repeat("June 3, 2025 and ", 200_000) },
		"headings": func() string { return strings.Repeat("<h1>One two three four</h1>", 40_000) },
		"comments": func() string { return strings.Repeat("<!--", 1_000_000) },
		"hidden": func() string {
			return strings.Repeat(`<div style="display:none">`, 300) + strings.Repeat("<p>word</p>", 20_000)
		},
		"scripts":  func() string { return strings.Repeat("<script>var a = 1</script>", 45_000) + "<p>text" },
		"styles":   func() string { return strings.Repeat("<style>.a{display:none}</style>", 45_000) + "<p>text" },
		"one text": func() string { return "<p>" + strings.Repeat("word", 2_500_000) },
		"a table": func() string {
			return "<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>1", 30), 3_000) + "</table>"
		},
		"classes": func() string {
			return strings.Repeat(`<div class="`+strings.Repeat("article-body related ", 10)+`">word word`, 40_000)
		},
		"links": func() string { return strings.Repeat("<a href=/a>word word word word word", 90_000) },
		"list": func() string {
			return "<ul>" + strings.Repeat("<li>A sentence that is one of very many, and that is long enough to be one.", 90_000)
		},
		"attribute": func() string {
			return `<p class="` + strings.Repeat("a ", 2_500_000) + `" style="` + strings.Repeat("display:", 500_000) + `">text`
		},
		"named entities": func() string { return "<p>" + strings.Repeat("&CounterClockwiseContourIntegral;", 250_000) },
		"depth and text": func() string {
			return strings.Repeat("<div>A sentence that is one of very many, long enough to be one.", 90_000)
		},
		"stray ends": func() string { return strings.Repeat("</p></div></b>", 300_000) },
		// Just below the limits on shape and size.
		"long line, allowed":  func() string { return "<p>" + strings.Repeat("word and ", 115_000) },
		"paragraphs, allowed": func() string { return strings.Repeat("<p>"+filler, 5_900) },
		"list, allowed":       func() string { return "<ul>" + strings.Repeat("<li>"+filler, 5_900) },
		"row, allowed":        func() string { return "<table><tr>" + strings.Repeat("<td>"+filler, 5_900) },
		"breaks, allowed":     func() string { return "<p>" + strings.Repeat(filler+"<br>", 5_900) },
		"links, allowed":      func() string { return strings.Repeat("<p><a href=/a>"+filler+"</a> "+filler, 2_900) },
		"headings, allowed":   func() string { return strings.Repeat("<h1>One two three four</h1>", 5_900) },
		"names, allowed": func() string {
			return strings.Repeat(`<div class="`+strings.Repeat("article-body related ", 20)+`"><p>`+filler+"</div>", 5_900)
		},
		"paragraphs, asked": func() string { return strings.Repeat("<p class=a>"+filler, 2_950) },
		"depth, allowed":    func() string { return strings.Repeat("<div>", 400) + strings.Repeat("<p>"+filler, 5_900) },
		"json-ld, allowed": func() string {
			return `<script type="application/ld+json">{"@graph":[` + strings.Repeat(`{},`, 300_000) + `{}]}</script><p>` + filler
		},
		"body, allowed": func() string {
			return `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"` + strings.Repeat(filler, 5_900) + `"}</script><p>` + filler
		},
		"names of the site in a title": func() string {
			return `<meta property="og:site_name" content="b"><meta property="og:title" content="` + strings.Repeat("a | b - ", 100_000) + `"><p>` + filler
		},
		"a claim of many authors": func() string {
			return strings.Repeat("<meta name=author content='"+strings.Repeat("Ada Quill (x) and ", 5_000)+"'>", 20) + "<p>" + filler
		},
		"many claims of authors": func() string {
			return counted(40_000, `<meta name=author content="Ada Quill%d van Holm">`) + "<p>" + filler
		},
		"authors in JSON-LD": func() string {
			return `<script type="application/ld+json">{"@type":"NewsArticle","author":[` + counted(30_000, `"Ada Quill%d van Holm",`) + `"Bo Rehn"]}</script><p>` + filler
		},
		"many days": func() string {
			var b strings.Builder
			for i := range 1_700 {
				b.WriteString(time.Date(2000, 1, 1+i*5, 0, 0, 0, 0, time.UTC).Format("It fell on January 2, 2006. "))
			}
			return "<p>" + b.String()
		},
		"empty":        func() string { return "" },
		"NULs":         func() string { return strings.Repeat("\x00", 100_000) },
		"broken UTF-8": func() string { return strings.Repeat("\xff\xfe\xc3", 100_000) },
	}
}

// counted repeats text with the numbers from 0 in place of its %d.
func counted(n int, text string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, text, i)
	}
	return b.String()
}

const filler = "A filler that is one of very many, and that is long enough to be one. "

// Every bomb ends in an article or a reason, and none takes its process to 256 MiB.
func TestExtractSurvivesBombs(t *testing.T) {
	if runtime.GOOS == "linux" && !race.Detector && os.Getenv(reportPeak) == "" {
		measureBombs(t)
		return
	}
	bombs := bombs()
	for i, name := range slices.Sorted(maps.Keys(bombs)) {
		if i%race.Nth(4) != 0 {
			continue
		}
		page := bombs[name]
		a, err := Extract(&tenor.Page{Body: []byte(page()), FetchedAt: importedAt})
		if err != nil && !errors.Is(err, tenor.ErrNoArticle) {
			t.Errorf("%s: %v", name, err)
		}
		checkText(t, name, a)
		runtime.GC()
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println("peak:", peak)
}

// reportPeak marks the process that measureBombs starts.
const reportPeak = "TENOR_TEST_REPORT_PEAK"

func measureBombs(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.run=^TestExtractSurvivesBombs$")
	child.Env = append(os.Environ(), reportPeak+"=1")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, peak, _ := strings.Cut(string(out), "peak:")
	var kb int
	if _, err := fmt.Sscanf(peak, "%d kB", &kb); err != nil {
		t.Fatalf("no peak in %q", out)
	}
	if t.Logf("a peak of %d MiB", kb>>10); kb>>10 >= 256 {
		t.Errorf("the bombs took %d MiB at their peak, want less than 256", kb>>10)
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, page := range bombs() {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			body := []byte(page())
			for b.Loop() {
				Extract(&tenor.Page{Body: body, FetchedAt: importedAt})
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
		for item := range Import(context.Background(), []string{"-"}, strings.NewReader(string(body)), importedAt, nil) {
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
