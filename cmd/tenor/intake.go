package main

import (
	"context"
	"errors"
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
	// ahead counts dates that nothing can have had when it was collected.
	ahead atomic.Int64
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
	a.KnownAt = in.now().UTC()
	if in.credit(&a); !a.Published.Known() {
		a.Published = f.Published
	}
	if a.Title == "" {
		a.Title = f.Title
	}
	quotes, tagErr := tagArticle(in.tagger, &a)
	if tagErr != nil && !untagged(tagErr) && !in.keepFaulty(ctx, &a) {
		return tagErr
	}
	if err := in.save(ctx, &a, p, quotes, f.Source, tagErr != nil); err != nil {
		return err
	}
	return tagErr
}

// credit takes a date from an article that lies more than a day after it was
// collected: a page, a feed or the clock here is wrong, and no series may have a point
// in the future. The date stays with the article as one that is printed there.
func (in *intake) credit(a *tenor.Article) {
	if a.Published.Credible(a.KnownAt) {
		return
	}
	in.ahead.Add(1)
	a.Captured, a.Published = a.Published, tenor.Date{}
	a.Captured.Source += ", in the future"
}

// keepFaulty reports whether an article on which the tagger failed is kept without
// quotes, for tenor retag to try again. What the store has of it already is better.
func (in *intake) keepFaulty(ctx context.Context, a *tenor.Article) bool {
	_, err := in.store.FindArticle(ctx, a.Key())
	return errors.Is(err, tenor.ErrNotFound)
}

// warnAhead says what credit did since it was said last.
func (in *intake) warnAhead(warn func(format string, args ...any)) {
	if n := int(in.ahead.Swap(0)); n > 0 {
		warn("%s with a date more than a day after the collection: it is not used. If these are many, look at this machine's clock.", plural(n, "article"))
	}
}

func (in *intake) save(ctx context.Context, a *tenor.Article, p *tenor.Page, quotes []tenor.Quote, source string, untagged bool) error {
	in.credit(a)
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
