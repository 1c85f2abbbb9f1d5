package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"

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
}

// ProbedLink is an address that a list names.
type ProbedLink struct {
	URL       string
	Title     string
	Published tenor.Date
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
			p.Links = append(p.Links, ProbedLink{URL: e.url, Title: "(a sitemap, read too)", Published: e.published})
		}
	case tenor.FetchListing:
		return p, p.listing(s, page)
	default:
		p.Article, p.Err = s.Extract(page)
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
func (c *Crawler) ProbePage(ctx context.Context, s Source, address string) (tenor.Article, error) {
	page, err := c.fetch(ctx, s, address)
	if err != nil {
		return tenor.Article{URL: address}, err
	}
	return s.Extract(page)
}

func (c *Crawler) fetch(ctx context.Context, s Source, address string) (*tenor.Page, error) {
	page, err := c.newVisitor().visit(s.exceptions(ctx), address)
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

func (p *Probe) listing(s Source, page *tenor.Page) error {
	seen := map[string]bool{}
	var left []ProbedLink
	l, err := readListing(page, s.links, func(address, reason string) {
		if !seen[address] {
			seen[address] = true
			left = append(left, ProbedLink{URL: address, LeftOut: reason})
		}
	})
	if err != nil {
		return err
	}
	for _, e := range l.articles {
		p.Links = append(p.Links, ProbedLink{URL: e.url, Title: e.title, Published: e.published})
	}
	p.Links = append(p.Links, left...)
	p.Next = l.next
	if s.Kind == "" && s.links == nil {
		p.Feed = l.feed
	}
	return nil
}

func plainReason(err error) string {
	_, reason := judge(err)
	return reason
}
