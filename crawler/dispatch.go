package crawler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tenor"
)

const (
	maxLeased = 4096 // fetches held in memory: with 500 pages of each of a few slow hosts there is room for others
	leaseStep = 128  // leased at one time
	// A host that is to be left alone for longer than any Crawl-delay waits for the
	// next run.
	maxWait = maxCrawlDelay + time.Second
	// After so many failures of the network in a row the rest of a host's pages wait
	// for the next run: each might take the whole deadline.
	maxFailures = 5
	// Writing outcomes goes on after the run is told to stop, for no longer than this.
	finishTime = 5 * time.Second
)

// hostQueue holds the leased fetches of one host, oldest first.
type hostQueue struct {
	name     string
	fetches  []tenor.Fetch
	active   int    // requests under way
	failures int    // of the network, in a row
	parked   string // why no more is fetched in this run
}

// dispatcher hands fetches to workers: one at a time for each host (or as many as
// Config.Connections), hosts in turn, none before its pause is over. So a slow host
// holds up one worker and no other host.
type dispatcher struct {
	*run
	hosts   []*hostQueue
	byName  map[string]*hostQueue
	turn    int // of hosts, where to look next
	waiting int // in all queues
	held    []tenor.Fetch
	stopped int // fetches broken off and queued again
	// The frontier had nothing more when this many addresses had been added to it.
	drainedAt int64
	ending    bool // nothing new is begun
}

type outcome struct {
	fetch tenor.Fetch
	hold  bool // to be queued again when the run is over, not before
	err   error
}

// work runs until nothing is left, ctx is done, or the frontier fails.
func (r *run) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &dispatcher{run: r, byName: map[string]*hostQueue{}, drainedAt: -1}
	jobs := make(chan tenor.Fetch)
	outcomes := make(chan outcome, r.cfg.Workers) // a worker need not wait to say how it fared
	var workers sync.WaitGroup
	for range r.cfg.Workers {
		workers.Go(func() {
			v := r.newVisitor()
			for f := range jobs {
				outcomes <- r.handle(ctx, v, f)
			}
		})
	}
	err := d.loop(ctx, jobs, outcomes, stop)
	close(jobs)
	workers.Wait()
	return errors.Join(err, d.putBack(ctx))
}

func (d *dispatcher) loop(ctx context.Context, jobs chan<- tenor.Fetch, outcomes <-chan outcome, stop func()) (failure error) {
	active := 0
	take := func(o outcome) {
		active--
		d.counters.active.Store(int64(active))
		if failure == nil && o.err != nil {
			failure = o.err
			stop()
		}
		d.finished(o)
	}
	soon := d.soon
	for {
		var q *hostQueue
		var at time.Time
		if !d.ending {
			q, at = d.pick(time.Now())
		}
		if q == nil && ctx.Err() == nil && failure == nil && !d.ending {
			if err := d.lease(ctx); err != nil && ctx.Err() == nil {
				failure = err
				stop()
			}
			q, at = d.pick(time.Now())
		}
		if ctx.Err() != nil || failure != nil {
			for active > 0 {
				take(<-outcomes)
			}
			return failure
		}
		if d.ending && active == 0 {
			return nil
		}
		if q == nil && active == 0 && d.waiting == 0 {
			if d.drained() {
				return nil
			}
			continue // the last hosts were parked just now; others may wait in the frontier
		}
		var job chan<- tenor.Fetch
		var next tenor.Fetch
		if q != nil {
			job, next = jobs, q.fetches[0]
		}
		var wake <-chan time.Time
		var timer *time.Timer
		if q == nil && !at.IsZero() {
			timer = time.NewTimer(time.Until(at))
			wake = timer.C
		}
		select {
		case job <- next:
			q.fetches = q.fetches[1:]
			q.active++
			d.waiting--
			active++
			d.counters.active.Store(int64(active))
		case o := <-outcomes:
			take(o)
		case <-wake:
		case <-soon:
			d.ending, soon = true, nil
		case <-ctx.Done():
		}
		if timer != nil {
			timer.Stop()
		}
		d.counters.waiting.Store(int64(d.waiting + len(d.held)))
	}
}

// drained reports whether the frontier had nothing more when it was last asked, and
// nothing was added since: asking is a transaction.
func (d *dispatcher) drained() bool { return d.drainedAt == d.counters.added.Load() }

// lease takes fetches from the frontier while there are fewer hosts at hand than
// workers.
func (d *dispatcher) lease(ctx context.Context) error {
	for !d.drained() && d.waiting+leaseStep <= maxLeased && d.ready() < d.cfg.Workers {
		added := d.counters.added.Load()
		fetches, err := d.frontier.Next(ctx, leaseStep)
		if err != nil {
			return fmt.Errorf("take queued addresses: %w", err)
		}
		if len(fetches) < leaseStep {
			d.drainedAt = added
		}
		d.counters.leased.Add(int64(len(fetches)))
		for _, f := range fetches {
			d.add(f)
		}
	}
	return nil
}

func (d *dispatcher) ready() (n int) {
	for _, q := range d.hosts {
		if q.active < d.cfg.Connections && len(q.fetches) > 0 {
			n++
		}
	}
	return n
}

func (d *dispatcher) add(f tenor.Fetch) {
	host := hostOf(f.URL)
	q := d.byName[host]
	if q == nil {
		q = &hostQueue{name: host}
		d.byName[host] = q
		d.hosts = append(d.hosts, q)
	}
	over := q.parked
	if d.paused(f.Source) {
		over = "its source is paused"
	}
	if over == "" {
		over = d.begin(f, host)
	}
	if over != "" {
		d.hold(f, over)
		return
	}
	q.fetches = append(q.fetches, f)
	d.waiting++
}

func limitReason(pages int) string {
	return fmt.Sprintf("over the limit of %d pages for one source and crawl; it comes in the next crawl, or raise max_pages", pages)
}

// pick is a host whose next fetch may begin now, or else when the earliest may.
func (d *dispatcher) pick(now time.Time) (q *hostQueue, earliest time.Time) {
	for i := range d.hosts {
		q := d.hosts[(d.turn+i)%len(d.hosts)]
		if q.active >= d.cfg.Connections || len(q.fetches) == 0 {
			continue
		}
		at := d.transport.pacer.readyAt(q.name)
		if wait := at.Sub(now); wait > maxWait {
			d.park(q, fmt.Sprintf("%s asks to be left alone until %s; it comes in the next crawl", q.name, at.UTC().Format("15:04 MST")))
			continue
		}
		if !at.After(now) {
			d.turn = (d.turn + i + 1) % len(d.hosts)
			return q, time.Time{}
		}
		if earliest.IsZero() || at.Before(earliest) {
			earliest = at
		}
	}
	return nil, earliest
}

// park keeps what is queued for a host, and what still comes, for the next run.
func (d *dispatcher) park(q *hostQueue, reason string) {
	q.parked = reason
	d.waiting -= len(q.fetches)
	for _, f := range q.fetches {
		d.hold(f, reason)
	}
	q.fetches = nil
	d.log.Warn("host left for the next crawl", "host", q.name, "reason", reason)
}

func (d *dispatcher) hold(f tenor.Fetch, reason string) {
	f.State, f.Reason = tenor.Queued, reason
	d.held = append(d.held, f)
	d.counters.postponed(f)
}

func (d *dispatcher) finished(o outcome) {
	switch {
	case o.hold:
		d.hold(o.fetch, o.fetch.Reason)
	case o.fetch.State == tenor.Queued:
		d.stopped++
	}
	q := d.byName[hostOf(o.fetch.URL)]
	if q == nil {
		return
	}
	q.active--
	if o.fetch.State == tenor.Failed && o.fetch.Status == 0 {
		if q.failures++; q.failures >= maxFailures && q.parked == "" && len(q.fetches) > 0 {
			d.park(q, fmt.Sprintf("%s failed %d times in a row; the rest comes in the next crawl", q.name, q.failures))
		}
	} else if o.fetch.State != tenor.Queued {
		q.failures = 0
	}
}

// putBack queues again what was leased and not fetched.
func (d *dispatcher) putBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	left := len(d.held) + d.stopped
	for _, q := range d.hosts {
		left += len(q.fetches)
	}
	d.counters.active.Store(0)
	d.counters.waiting.Store(int64(left))
	err := d.frontier.Finish(ctx, d.held...) // these have reasons to be kept
	if err == nil {
		err = d.frontier.Release(ctx)
	}
	if err != nil {
		return fmt.Errorf("put what is left back into the queue: %w", err)
	}
	return nil
}
