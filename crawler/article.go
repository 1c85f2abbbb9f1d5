package crawler

import (
	"fmt"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"tenor"
)

// Extract turns a fetched page into an article. It reads nothing but p: no
// network, no clock; p.FetchedAt bounds the date. An error wraps
// tenor.ErrNoArticle and says why; the article then still holds what the page
// says of itself, its PageType above all.
func Extract(p *tenor.Page) (a tenor.Article, err error) { return extractPage(p, nil) }

func extractPage(p *tenor.Page, rules *pageRules) (a tenor.Article, err error) {
	a = tenor.Article{URL: p.URL, PageType: tenor.PageOther, Truncated: p.Truncated, KnownAt: p.FetchedAt.UTC()}
	// The extractors index into trees that hostile pages shape at will.
	defer func() {
		if r := recover(); r != nil {
			err = noArticle("the page breaks the reader: %v", r)
		}
	}()
	doc, err := parsePage(p)
	if err != nil {
		return a, err
	}
	rules.prune(doc)
	graph := readJSONLD(doc)
	ld := graph.article()
	meta := readMetadata(doc, graph, ld)
	latest := latestDate(p.FetchedAt)
	if a.URL == "" {
		a.URL = pageAddress(meta.url)
	}
	a.Title, a.Authors, a.Outlet, a.Language = meta.title, meta.authors, meta.outlet, meta.language
	if a.Published = rules.published(doc); !plausible(a.Published, latest) {
		a.Published = pageDate(doc, ld, graph, firstOf(a.URL, meta.url), latest)
	}

	body, err := readText(doc, meta, &a)
	if err != nil {
		return a, err
	}
	if kept := rules.body(doc); kept != nil {
		body.raw, body.paragraphs = kept, cleanParagraphs(kept, &a)
	}
	a.Forwarded, a.Translation = provenance(strings.Join(body.raw, "\n"))
	a.Text = strings.Join(body.paragraphs, "\n\n")
	if a.Language == "" {
		a.Language = guessLanguage(a.Text)
	}
	a.Published = fitToText(a.Published, a.Text, latest)
	a.PageType, err = judgePage(&a, meta, ld, body)
	return a, err
}

// latestDate is the latest day on which something seen at fetched can have been
// published: clocks and zones differ by up to a day.
func latestDate(fetched time.Time) time.Time {
	if fetched.IsZero() {
		return time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return fetched.Add(24 * time.Hour)
}

func noArticle(format string, args ...any) error {
	return fmt.Errorf("%w: %s", tenor.ErrNoArticle, fmt.Sprintf(format, args...))
}

// parsePage decodes and parses the page and removes what a reader cannot see.
func parsePage(p *tenor.Page) (*goquery.Document, error) {
	if len(p.Body) == 0 {
		return nil, noArticle("the page is empty")
	}
	text, err := decodeText(p.Body, p.Header.Get("Content-Type"))
	if err != nil {
		return nil, noArticle("%v", err)
	}
	if err := checkShape(text); err != nil {
		return nil, err
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, noArticle("it is not readable HTML: %v", err)
	}
	if err := trimExcess(root); err != nil {
		return nil, err
	}
	dropHidden(root)
	return goquery.NewDocumentFromNode(root), nil
}

// pageAddress is the canonical form of an address that a page or file names as
// its own; "" when it is not one.
func pageAddress(address string) string {
	canonical, err := Canonical(address)
	if err != nil {
		return ""
	}
	return canonical
}
