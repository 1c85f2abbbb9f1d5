// Package crawler turns addresses and files into articles.
//
// Fetching, top to bottom:
//
//	crawler.go    Crawler: from sources to pages that are delivered
//	dispatch.go   which fetch is next: one at a time per host, in turn
//	visit.go      one fetch: what came back, and what to do with it
//	lists.go      a list came: queue what it names
//	offered.go    what this run has queued before
//	feed.go       what a feed names           sitemap.go     what a sitemap lists
//	listing.go    what a page links to        links.go       its links as written
//	canonical.go  one form of an address      conditional.go only if it has changed
//	transport.go  what holds on every hop     body.go        unpacking under a limit
//	address.go    who may be dialled          pacing.go      when a host may be asked
//	robots.go     robots.txt, once a host     robotrules.go  what it allows
//	config.go     Config and its defaults     configfile.go  tenor.toml
//	configsource.go  [[source]] of it         configedit.go  sources added and removed
//	exceptions.go where a source differs      probe.go       a source tried, without a crawl
//	progress.go   counters and summary        problem.go     why a page was not taken
//
// Extracting, from a page to an Article, starts in article.go and uses neither network,
// database nor clock.
package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"tenor"
)

// Frontier is what a crawl has done and has still to do, kept by the store.
// Its methods are called from several goroutines.
type Frontier interface {
	// Enqueue adds addresses not seen before and says how many were new. Entry
	// fetches are queued again in each run; so are Failed ones whose failure
	// was passing.
	Enqueue(ctx context.Context, fetches ...tenor.Fetch) (added int, err error)
	// Next leases queued fetches, at most n, oldest first; none left: empty, nil.
	Next(ctx context.Context, n int) ([]tenor.Fetch, error)
	// Finish records outcomes, all or none: Done, Skipped, Failed, or Queued again.
	Finish(ctx context.Context, fetches ...tenor.Fetch) error
	// Release queues again what was leased and not finished.
	Release(ctx context.Context) error
	// PagesSince counts the pages of each host that were asked for since a time.
	PagesSince(ctx context.Context, since time.Time) (map[string]int, error)
}

// Deliver is handed each page that should hold an article, from as many
// goroutines as Config.Workers. Its error decides what becomes of the fetch:
// tenor.ErrNoArticle, ErrNotEnglish and ErrTruncated make it Skipped, a done
// context queues it again, any other error makes it Failed.
type Deliver func(ctx context.Context, f tenor.Fetch, p *tenor.Page) error

// Crawler collects pages. Its methods may be called from several goroutines, Run
// from one at a time.
type Crawler struct {
	cfg       Config
	frontier  Frontier
	deliver   Deliver
	log       *slog.Logger
	transport *transport

	counters counters

	stopping sync.Mutex
	soon     chan struct{} // of the run under way; nil when there is none
}

// Run collects from the sources until nothing is left to fetch, and from what an
// earlier run left in the frontier. Every fetch ends in Frontier.Finish. When ctx
// is done Run puts back what it had leased and returns the context's error with
// the summary of what was done. Other errors are the frontier's: a page or
// source that fails does not end a run.
func (c *Crawler) Run(ctx context.Context, sources []Source) (Summary, error) {
	started := time.Now()
	c.counters.reset()
	c.transport.pacer.setOwn(ownPauses(c.cfg.Sources, sources))
	soon := make(chan struct{})
	c.stopping.Lock()
	c.soon = soon
	c.stopping.Unlock()
	r := &run{
		Crawler: c,
		soon:    soon,
		sources: map[string]*sourceState{},
		entries: map[string]bool{},
		last:    map[string]bool{},
		offered: map[uint64]struct{}{},
	}
	for _, s := range c.cfg.Sources {
		r.sources[s.Name] = &sourceState{Source: s}
	}
	var entries []tenor.Fetch
	for _, s := range sources {
		if err := s.complete(); err != nil {
			return Summary{}, err
		}
		if s.IsFolder() {
			continue
		}
		r.sources[s.Name] = &sourceState{Source: s, named: true}
		r.entries[s.URL] = true
		entries = append(entries, s.entry())
	}
	if len(entries) > 0 {
		added, err := c.frontier.Enqueue(ctx, entries...)
		if err != nil {
			return Summary{}, fmt.Errorf("queue the sources: %w", err)
		}
		c.counters.added.Add(int64(added))
	}
	before, err := c.frontier.PagesSince(ctx, started.Add(-24*time.Hour))
	if err != nil {
		return Summary{}, err
	}
	r.before, r.pages, r.admitted = before, map[string]int{}, map[string]int{}
	maps.Copy(r.pages, before)
	err = r.work(ctx)
	if err == nil {
		err = ctx.Err()
	}
	summary := c.counters.summary()
	summary.Elapsed = time.Since(started)
	return summary, err
}

// StopSoon ends the run under way as soon as the pages that are being fetched are
// done. What else is queued stays so for the next run; Run returns no error.
func (c *Crawler) StopSoon() {
	c.stopping.Lock()
	defer c.stopping.Unlock()
	if c.soon != nil {
		close(c.soon)
		c.soon = nil
	}
}

// Fetch collects one page under all the rules of a crawl. The error names the
// address and the reason.
func (c *Crawler) Fetch(ctx context.Context, address string) (*tenor.Page, error) {
	address, err := Canonical(address)
	if err != nil {
		return nil, err
	}
	return c.fetch(ctx, Source{}, address)
}

// Close lets go of idle connections.
func (c *Crawler) Close() { c.transport.base.CloseIdleConnections() }

// run is the state of one Run.
type run struct {
	*Crawler

	mu      sync.Mutex
	sources map[string]*sourceState
	soon    <-chan struct{} // closed by StopSoon
	entries map[string]bool // addresses queued as entries in this run
	last    map[string]bool // pages of a list whose predecessor brought nothing new
	menu    linkCache
	// Pages of each host: asked for in the 24 hours before this run, begun since then
	// with those, and queued in this run.
	before, pages, admitted map[string]int

	offered map[uint64]struct{} // hashes of the pages that the frontier was offered in this run
}

// sourceState is what a run knows of a source.
type sourceState struct {
	Source
	named    bool            // among those that this run is to read
	kind     tenor.FetchKind // as seen; empty until the source has answered
	started  int             // pages begun in this run
	admitted int             // pages queued in this run
	lists    int             // further lists queued in this run
	settings string          // a hash of what the configuration says of it
}

func (r *run) source(name string) *sourceState {
	s := r.sources[name]
	if s == nil { // queued by an earlier run for a source that is no longer configured
		s = &sourceState{Source: Source{Name: name}, kind: tenor.FetchPage}
		r.sources[name] = s
	}
	return s
}

// begin counts a fetch against the pages of its source and of its host, unless they
// are used up: then it says so. Lists are always read.
func (r *run) begin(f tenor.Fetch, host string) (over string) {
	if f.Entry {
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(f.Source)
	switch {
	case s.started >= r.cfg.MaxPages:
		return limitReason(r.cfg.MaxPages)
	case r.pages[host] >= r.cfg.HostPages:
		return fmt.Sprintf("over the limit of %d pages for one host and day; it comes in a later crawl, or raise host_pages", r.cfg.HostPages)
	}
	s.started++
	r.pages[host]++
	return ""
}

func (r *run) links(name string) Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.source(name).Source
}

// seen notes what the source's own address turned out to be.
func (r *run) seen(f tenor.Fetch, kind tenor.FetchKind) {
	if f.Depth > 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.source(f.Source).kind = kind
}

// leadsOn reports whether a page without an article may be a further list of
// links: only where the source is a list itself. What feeds and sitemaps name is
// meant to be an article.
func (r *run) leadsOn(f tenor.Fetch) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(f.Source)
	return f.Depth < r.cfg.Depth && (s.kind == tenor.FetchListing || s.Kind == "listing")
}

// firstTime reports whether a list is queued for the first time in this run:
// sitemaps that name each other, and pages 1 and 2 that each call the other
// "next", end here. A source has as many lists as pages at most.
func (r *run) firstTime(source, address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(source)
	if r.entries[address] || s.lists >= r.cfg.MaxPages {
		return false
	}
	s.lists++
	r.entries[address] = true
	return true
}

// follows reports whether the page after this one of a list is to be read. It is
// unless the page before this one brought nothing new: what stands
// further back was read when it was new.
func (r *run) follows(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.last[address]
}

// brought notes how many new pages were found before the page next of a list.
func (r *run) brought(next string, added int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if next != "" && added == 0 {
		r.last[next] = true
	}
}

// fatal is an error that ends the run: the frontier's, not a page's.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }
