package crawler

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tenor"
)

// Progress is how far a crawl is, for a line on the terminal.
type Progress struct {
	Queued   int // addresses known and not begun
	Active   int // in work now
	Done     int // fetched: pages, feeds, sitemaps and listings
	Articles int // pages delivered with success
	Skipped  int
	Failed   int
	Bytes    int64 // decoded
}

// Summary is what a crawl came to.
type Summary struct {
	Fetched  int // addresses that answered and were read, whatever their kind
	Articles int // pages delivered with success
	Skipped  int // refused by a rule, or without an article
	Failed   int
	Queued   int // known and left for the next crawl
	Dropped  int // links seen and never queued: too deep, not wanted, or made by a trap
	Bytes    int64
	Elapsed  time.Duration

	// Reasons counts why addresses were skipped, failed, left queued or dropped,
	// and what was odd about those that are done, the most frequent first. Dropped
	// links count as Skipped here.
	Reasons []tenor.ReasonCount
	// LeftOut counts, for each source, why links were dropped.
	LeftOut map[string][]tenor.ReasonCount
	// Unchanged names the sources of which some list was not read because it had not
	// changed: of them LeftOut does not hold everything.
	Unchanged map[string]bool
}

// maxReasons bounds the table of reasons: some name a host.
const maxReasons = 500

type counters struct {
	added, leased, waiting, active atomic.Int64
	done, articles, skips, fails   atomic.Int64
	dropped, bytes                 atomic.Int64

	mu      sync.Mutex
	reasons map[reasonKey]*tenor.ReasonCount
	leftOut map[reasonKey]*tenor.ReasonCount // only its own key has a source
	same    map[string]bool                  // sources with a list that had not changed
}

type reasonKey struct {
	source string
	state  tenor.FetchState
	reason string
}

func (c *counters) reset() {
	for _, n := range []*atomic.Int64{&c.added, &c.leased, &c.waiting, &c.active, &c.done, &c.articles, &c.skips, &c.fails, &c.dropped, &c.bytes} {
		n.Store(0)
	}
	c.mu.Lock()
	c.reasons, c.leftOut = map[reasonKey]*tenor.ReasonCount{}, map[reasonKey]*tenor.ReasonCount{}
	c.same = map[string]bool{}
	c.mu.Unlock()
}

func (c *counters) count(state tenor.FetchState, reason, example string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	addReason(c.reasons, reasonKey{state: state, reason: reason}, example, n)
}

func addReason(table map[reasonKey]*tenor.ReasonCount, key reasonKey, example string, n int) {
	if table[key] == nil && len(table) >= maxReasons {
		key.reason = "other reasons"
	}
	if table[key] == nil {
		table[key] = &tenor.ReasonCount{State: key.state, Reason: key.reason, Example: example}
	}
	table[key].Count += n
}

func (c *counters) finished(f tenor.Fetch) {
	c.bytes.Add(f.Bytes)
	switch f.State {
	case tenor.Done:
		c.done.Add(1)
		if f.Reason != "" {
			c.count(f.State, f.Reason, f.URL, 1)
		}
	case tenor.Skipped:
		c.skips.Add(1)
		c.count(f.State, f.Reason, f.URL, 1)
	case tenor.Failed:
		c.fails.Add(1)
		c.count(f.State, f.Reason, f.URL, 1)
	}
}

func (c *counters) postponed(f tenor.Fetch) { c.count(tenor.Queued, f.Reason, f.URL, 1) }

// drop counts n links of a source that are not followed; example is one of them.
func (c *counters) drop(source, reason, example string, n int) {
	if n == 0 {
		return
	}
	c.dropped.Add(int64(n))
	c.count(tenor.Skipped, reason, example, n)
	c.mu.Lock()
	defer c.mu.Unlock()
	addReason(c.leftOut, reasonKey{source, tenor.Skipped, reason}, example, n)
}

func (c *counters) unchanged(source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.same[source] = true
}

// queued is what waits here and, as far as this run knows, in the frontier.
func (c *counters) queued() int {
	return int(c.waiting.Load() + max(0, c.added.Load()-c.leased.Load()))
}

// Progress returns the counters of the run under way, or of the last one. It
// costs next to nothing and may be called at any time.
func (c *Crawler) Progress() Progress {
	n := &c.counters
	return Progress{
		Queued: n.queued(), Active: int(n.active.Load()), Done: int(n.done.Load()), Articles: int(n.articles.Load()),
		Skipped: int(n.skips.Load()), Failed: int(n.fails.Load()), Bytes: n.bytes.Load(),
	}
}

func (c *counters) summary() Summary {
	s := Summary{
		Fetched: int(c.done.Load()), Articles: int(c.articles.Load()), Skipped: int(c.skips.Load()),
		Failed: int(c.fails.Load()), Queued: c.queued(), Dropped: int(c.dropped.Load()), Bytes: c.bytes.Load(),
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.reasons {
		s.Reasons = append(s.Reasons, *r)
	}
	s.Unchanged = maps.Clone(c.same)
	s.LeftOut = map[string][]tenor.ReasonCount{}
	for key, r := range c.leftOut {
		s.LeftOut[key.source] = append(s.LeftOut[key.source], *r)
	}
	slices.SortFunc(s.Reasons, byCount)
	for _, list := range s.LeftOut {
		slices.SortFunc(list, byCount)
	}
	return s
}

// byCount puts the most frequent reason first.
func byCount(a, b tenor.ReasonCount) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.State, b.State), cmp.Compare(a.Reason, b.Reason))
}
