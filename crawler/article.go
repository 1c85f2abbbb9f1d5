package crawler

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"tenor"
)

// minArticleRunes is the least text that can be an article: two sentences. The
// shortest real stories measured hold 300 letters; Chinese needs half of that.
const minArticleRunes = 140

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
	} else {
		a.URL = preferredAddress(a.URL, attr(doc, `link[rel~="canonical"]`, "href"))
	}
	a.Title, a.Authors, a.Outlet, a.Language = meta.title, meta.authors, meta.outlet, meta.language
	if a.Published = rules.published(doc); !plausible(a.Published, latest) {
		a.Published = pageDate(doc, ld, graph, firstOf(a.URL, meta.url), latest)
	}

	list := rules.body(doc)
	if list == nil {
		list = bodyParagraphs(doc, a.URL, meta.body)
	}
	a.Forwarded, a.Translation = provenance(strings.Join(list, "\n"))
	list = cleanParagraphs(list, &a)
	a.Text = strings.Join(list, "\n\n")
	if a.Language == "" {
		a.Language = guessLanguage(a.Text)
	}
	a.Published = fitToText(a.Published, a.Text, latest)
	a.PageType, err = judgePage(&a, meta, doc)
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
	root, err := html.Parse(strings.NewReader(strings.ReplaceAll(text, breakMark, " ")))
	if err != nil {
		return nil, noArticle("it is not readable HTML: %v", err)
	}
	dropHidden(root)
	markBreaks(root)
	return goquery.NewDocumentFromNode(root), nil
}

// judgePage decides what the page is, and why it is no article if it is none.
func judgePage(a *tenor.Article, meta metadata, doc *goquery.Document) (tenor.PageType, error) {
	size := utf8.RuneCountInString(a.Text)
	if a.Language == "zh" || a.Language == "ja" || a.Language == "ko" {
		size *= 2
	}
	switch {
	case meta.kind == tenor.PageVideo && size < 600:
		return tenor.PageVideo, noArticle("it is a video with little text (%d letters)", size)
	case meta.kind == tenor.PageListing && size < 1500:
		return tenor.PageListing, noArticle("it is a list of other pages")
	case size < minArticleRunes && meta.paywall:
		return tenor.PagePaywall, noArticle("its text is behind a paywall")
	case size < minArticleRunes:
		return tenor.PageOther, noArticle("it holds too little text (%d letters)", size)
	case meta.kind == "" && looksLikeListing(doc, a.Text):
		return tenor.PageListing, noArticle("it is a list of other pages")
	case meta.paywall && size < 400:
		return tenor.PagePaywall, noArticle("its text is behind a paywall")
	}
	return tenor.PageArticle, nil
}

// looksLikeListing: more than half of the text is the text of links.
func looksLikeListing(doc *goquery.Document, text string) bool {
	linked := 0
	seen := map[string]bool{}
	doc.Find("a[href]").Each(func(_ int, s *goquery.Selection) {
		if words := nodeText(s); len(words) > 20 && !seen[words] && strings.Contains(text, words) {
			seen[words] = true
			linked += len(words)
		}
	})
	return linked*2 > len(text)
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
