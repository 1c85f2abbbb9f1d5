package main

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

// intake takes pages and articles into the store: extract → tag → save.
type intake struct {
	store  *store.Store
	tagger *nlp.Tagger
	now    func() time.Time
	// sources are the configured ones by name: what each says of its pages.
	sources map[string]crawler.Source
	// cores is held while a page is read and tagged. Many are fetched at one time, and
	// more of them in work than there are cores would only hold more memory, and hold up
	// the end of a crawl that is stopped.
	cores chan struct{}

	articles, quotes, untagged atomic.Int64
}

// newIntake takes into s. Of two sources with one name the later holds.
func newIntake(s *store.Store, tagger *nlp.Tagger, now func() time.Time, sources ...crawler.Source) *intake {
	in := &intake{store: s, tagger: tagger, now: now, sources: map[string]crawler.Source{}, cores: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for _, source := range sources {
		in.sources[source.Name] = source
	}
	return in
}

// page takes in a fetched page. What it returns decides the fetch's outcome: an
// article that is kept without being tagged is reported as such, with its reason.
func (in *intake) page(ctx context.Context, f tenor.Fetch, p *tenor.Page) error {
	select {
	case in.cores <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-in.cores }()
	source := in.sources[f.Source]
	a, err := source.Extract(p)
	if err != nil {
		return err
	}
	if source.Outlet != "" {
		a.Outlet = source.Outlet
	}
	if !a.Published.Known() {
		a.Published = f.Published
	}
	if a.Title == "" {
		a.Title = f.Title
	}
	a.KnownAt = in.now().UTC()
	quotes, tagErr := tagArticle(in.tagger, &a)
	if tagErr != nil && !untagged(tagErr) {
		return tagErr
	}
	if err := in.save(ctx, &a, p, quotes, f.Source, tagErr != nil); err != nil {
		return err
	}
	return tagErr
}

func (in *intake) save(ctx context.Context, a *tenor.Article, p *tenor.Page, quotes []tenor.Quote, source string, untagged bool) error {
	if _, err := in.store.SaveArticle(ctx, a, p, quotes, in.tagger.Version(), source); err != nil {
		return err
	}
	in.articles.Add(1)
	in.quotes.Add(int64(len(quotes)))
	if untagged {
		in.untagged.Add(1)
	}
	return nil
}
