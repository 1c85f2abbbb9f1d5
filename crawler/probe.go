package crawler

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// Probe is what a crawl would make of a source, found out by asking for its address
// alone.
type Probe struct {
	URL  string          // after redirects
	Kind tenor.FetchKind // of what came back
	Note string          // what is odd about it; empty when nothing is

	// Of a feed, sitemap or listing.
	Links []ProbedLink
	Next  string // the page after a listing's first
	Feed  string // that a listing says it has

	// Of a page. Err says why it is none; the article then holds what the page says of
	// itself.
	Article tenor.Article
	Err     error
	Idle    []string // selectors of the source that choose nothing on it
}

// ProbedLink is an address that a list names.
type ProbedLink struct {
	URL       string
	Title     string
	Published tenor.Date
	List      bool   // a further list, which is read too
	LeftOut   string // why it would not be followed; empty when it would
}

// Probe asks for a source's address under all the rules of a crawl and says what it
// would lead to. It needs no frontier and follows no link. An error is that of the
// fetch, or says that the answer cannot be read as what it should be.
func (c *Crawler) Probe(ctx context.Context, s Source) (*Probe, error) {
	if err := s.complete(); err != nil {
		return nil, err
	}
	c.transport.pacer.setOwn(ownPauses(c.cfg.Sources, []Source{s}))
	page, err := c.fetch(ctx, s, s.URL)
	if err != nil {
		return nil, err
	}
	p := &Probe{URL: page.URL, Kind: kindOf(s.Kind)}
	if p.Kind == "" {
		p.Kind = kindOfBody(page)
	}
	switch p.Kind {
	case tenor.FetchFeed:
		entries, err := feedEntries(page)
		if err != nil {
			return nil, err
		}
		p.entries(s, entries)
		if len(entries) == 0 {
			p.Note = "the feed is empty"
		}
	case tenor.FetchSitemap:
		m, err := readSitemap(page)
		if err != nil {
			return nil, err
		}
		p.Note = m.note
		p.entries(s, m.pages)
		for _, e := range m.sitemaps {
			p.Links = append(p.Links, ProbedLink{URL: e.url, Published: e.published, List: true})
		}
	case tenor.FetchListing:
		return p, p.listing(s, page)
	default:
		p.extract(s, page)
		// As in a crawl: an address whose kind nobody gave, and that is no article,
		// is a list of them.
		if s.Kind == "" && errors.Is(p.Err, tenor.ErrNoArticle) {
			p.Kind, p.Note = tenor.FetchListing, cmp.Or(p.Note, plainReason(p.Err)+", so it is read as a listing")
			return p, p.listing(s, page)
		}
	}
	return p, nil
}

// ProbePage fetches a page that the source names and extracts it as a crawl would.
func (c *Crawler) ProbePage(ctx context.Context, s Source, address string) *Probe {
	p := &Probe{URL: address, Kind: tenor.FetchPage, Article: tenor.Article{URL: address}}
	page, err := c.fetch(ctx, s, address)
	if err != nil {
		p.Err = err
		return p
	}
	p.extract(s, page)
	return p
}

func (p *Probe) extract(s Source, page *tenor.Page) {
	p.Article, p.Err = s.Extract(page)
	p.Idle = s.Idle(page)
}

func (c *Crawler) fetch(ctx context.Context, s Source, address string) (*tenor.Page, error) {
	page, err := c.newVisitor().visit(s.exceptions(ctx), address, tenor.Validators{})
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	return page, nil
}

// entries are those of a feed or sitemap, as run.matching sorts them.
func (p *Probe) entries(s Source, entries []entry) {
	for _, e := range entries {
		link := ProbedLink{URL: e.url, Title: e.title, Published: e.published}
		if s.links != nil && !s.links.MatchString(e.url) {
			link.LeftOut = "does not match links"
		}
		p.Links = append(p.Links, link)
	}
}

// listing tells the links of a page that a crawl would follow, and of the others why
// not.
func (p *Probe) listing(s Source, page *tenor.Page) error {
	l, err := readListing(page, s.links, new(linkCache))
	if err != nil {
		return err
	}
	seen := map[string]bool{page.URL: true, l.next: true}
	for _, e := range l.articles {
		seen[e.url] = true
		p.Links = append(p.Links, ProbedLink{URL: e.url, Title: e.title, Published: e.published})
	}
	p.Next = l.next
	if s.Kind == "" && s.links == nil {
		p.Feed = l.feed
	}
	site, err := url.Parse(page.URL)
	if err != nil {
		return err
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page.Body))
	if err != nil {
		return err
	}
	base := site
	if u, err := canonical(site, doc.Find("base[href]").AttrOr("href", "")); err == nil {
		base = u
	}
	doc.Find("a[href]").EachWithBreak(func(i int, a *goquery.Selection) bool {
		u, err := canonical(base, strings.TrimSpace(a.AttrOr("href", "")))
		if err == nil && !seen[u.String()] {
			seen[u.String()] = true
			p.Links = append(p.Links, ProbedLink{URL: u.String(), LeftOut: whyLeftOut(site, u, s)})
		}
		return i < maxHrefs
	})
	return nil
}

// whyLeftOut says why a link of a listing is not among those that readListing found.
func whyLeftOut(site, u *url.URL, s Source) string {
	switch {
	case !sameSite(site, u):
		return "on another site"
	case !readable(u):
		return "a file, not a page"
	case s.links != nil && !s.links.MatchString(u.String()):
		return "does not match links"
	case s.links == nil && !articleLike(u):
		return "does not look like an article's address"
	case looksEndless(u):
		return "its path repeats itself without end"
	}
	return fmt.Sprintf("more than %d links on one page", maxLinks)
}

func plainReason(err error) string {
	_, reason := judge(err)
	return reason
}
