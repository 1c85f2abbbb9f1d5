package crawler

import (
	"context"
	"fmt"

	"tenor"
)

func (r *run) readSitemap(ctx context.Context, f *tenor.Fetch, page *tenor.Page) error {
	s, err := readSitemap(page)
	if err != nil {
		return err
	}
	f.Reason = s.note
	if f.Depth < r.cfg.Depth {
		if err := r.queueLists(ctx, f, s.sitemaps, tenor.FetchSitemap); err != nil {
			return err
		}
	}
	_, err = r.queue(ctx, f, r.matching(f, s.pages))
	return err
}

// matching keeps the entries of a feed or sitemap that the source's pattern wants.
func (r *run) matching(f *tenor.Fetch, entries []entry) []entry {
	pattern := r.links(f.Source).links
	if pattern == nil {
		return entries
	}
	var kept, others []entry
	for _, e := range entries {
		if pattern.MatchString(e.url) {
			kept = append(kept, e)
		} else {
			others = append(others, e)
		}
	}
	if len(others) > 0 {
		r.counters.drop(f.Source, "link left out: it does not match links of source "+f.Source, others[0].url, len(others))
	}
	return kept
}

func (r *run) readListing(ctx context.Context, f *tenor.Fetch, page *tenor.Page) error {
	source := r.links(f.Source)
	l, err := readListing(page, source.links, &r.menu)
	if err != nil {
		return err
	}
	r.counters.drop(f.Source, "link left out: its path repeats itself without end", "", l.endless)
	// The page after this one is queued before this one's articles are: killed in
	// between, the next run would find nothing new here and look no further.
	if l.next != "" && r.follows(f.URL) {
		if err := r.queueLists(ctx, f, []entry{{url: l.next}}, tenor.FetchListing); err != nil {
			return err
		}
	}
	added, err := r.queue(ctx, f, l.articles)
	r.brought(l.next, added)
	if err != nil {
		return err
	}
	if f.Depth == 0 && source.Kind == "" && source.links == nil && l.feed != "" {
		if err := r.queueLists(ctx, f, []entry{{url: l.feed}}, tenor.FetchFeed); err != nil {
			return err
		}
	}
	if f.Depth == 0 && len(l.articles) == 0 && l.feed == "" {
		f.Reason = "no links to articles found; say with links = \"…\" which addresses are articles"
	}
	return nil
}

// queue adds the pages that a fetch named and says how many were new. When the
// source's pages are used up, its own address, which is read in every run, says
// so; a further list is put off to the next run.
func (r *run) queue(ctx context.Context, f *tenor.Fetch, entries []entry) (added int, err error) {
	if f.Depth >= r.cfg.Depth {
		if len(entries) > 0 {
			r.counters.drop(f.Source, fmt.Sprintf("link left out: more than %d links away from its source", r.cfg.Depth), entries[0].url, len(entries))
		}
		return 0, nil
	}
	entries = r.notOffered(entries)
	fetches := make([]tenor.Fetch, 0, len(entries))
	for _, e := range entries {
		fetches = append(fetches, tenor.Fetch{URL: e.url, Source: f.Source, Kind: tenor.FetchPage, Depth: f.Depth + 1,
			State: tenor.Queued, Title: e.title, Published: e.published})
	}
	added, all, err := r.enqueue(ctx, f.Source, fetches)
	switch {
	case err != nil:
		return added, err
	case !all && f.Depth > 0:
		return added, errPostponed
	case !all:
		f.Validators = tenor.Validators{}
		f.Reason = fmt.Sprintf("%d new pages taken, the limit for one crawl or for its host and day; the rest come later, or raise max_pages or host_pages", added)
	}
	return added, nil
}

// queueLists adds further lists of the source: the next page, a feed, the
// sitemaps of an index. Like the source's own address they are read in every run
// that comes upon them, and do not count as pages: a list is only followed by
// another when it brought new pages, which do.
func (r *run) queueLists(ctx context.Context, f *tenor.Fetch, entries []entry, kind tenor.FetchKind) error {
	var fetches []tenor.Fetch
	if len(entries) > 0 && kind != tenor.FetchListing {
		// An index says nothing of whether the lists that it names have changed, so it is
		// read in every run to come to them.
		f.Validators = tenor.Validators{}
	}
	for _, e := range entries {
		if !r.firstTime(f.Source, e.url) {
			continue
		}
		depth := f.Depth + 1
		if kind == tenor.FetchListing {
			depth = max(f.Depth, 1) // page 7 of a list is no further away than page 2
		}
		fetches = append(fetches, tenor.Fetch{URL: e.url, Source: f.Source, Kind: kind, Depth: depth, Entry: true, State: tenor.Queued})
	}
	if len(fetches) == 0 {
		return nil
	}
	added, err := r.frontier.Enqueue(ctx, fetches...)
	if err != nil {
		return fatal{fmt.Errorf("queue lists of %s: %w", f.Source, err)}
	}
	r.counters.added.Add(int64(added))
	return nil
}
