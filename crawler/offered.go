package crawler

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"tenor"
)

// maxOffered bounds what a run remembers; beyond it the frontier is asked again.
const maxOffered = 1 << 16

var hashSeed = maphash.MakeSeed()

func hashOf(address string) uint64 { return maphash.String(hashSeed, address) }

// enqueue queues what a list names, as far as the source and the host have pages left,
// and says how many were new and whether all were offered.
func (r *run) enqueue(ctx context.Context, source string, fetches []tenor.Fetch) (added int, all bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(source)
	all = true
	for len(fetches) > 0 {
		room := r.cfg.MaxPages - max(s.admitted, s.started)
		if room <= 0 {
			return added, false, nil
		}
		host, n := sameHost(fetches[:min(len(fetches), 500)])
		if left := r.cfg.HostPages - r.before[host] - r.admitted[host]; left > 0 {
			n = min(n, room, left)
		} else { // queued now, a trap's addresses would only be more each day
			fetches, all = fetches[n:], false
			continue
		}
		chunk := fetches[:n]
		fetches = fetches[n:]
		fresh, err := r.frontier.Enqueue(ctx, chunk...)
		if err != nil {
			return added, false, fatal{fmt.Errorf("queue pages of %s: %w", source, err)}
		}
		r.offer(chunk)
		s.admitted += fresh
		r.admitted[host] += fresh
		added += fresh
		r.counters.added.Add(int64(fresh))
	}
	return added, all, nil
}

// sameHost is the host of the first fetch and how many of the same host it begins.
func sameHost(fetches []tenor.Fetch) (host string, n int) {
	for ; n < len(fetches); n++ {
		h := hostOf(fetches[n].URL)
		if n == 0 {
			host = h
		} else if h != host {
			break
		}
	}
	return host, n
}

// notOffered leaves out what the frontier was offered before in this run. It would
// not take it again, and asking it is a transaction for each page of a site whose
// pages all link to each other.
func (r *run) notOffered(entries []entry) []entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(entries, func(e entry) bool {
		if e.hash == 0 {
			e.hash = hashOf(e.url)
		}
		_, ok := r.offered[e.hash]
		return ok
	})
}

func (r *run) offer(fetches []tenor.Fetch) {
	if len(r.offered) > maxOffered {
		clear(r.offered)
	}
	for _, f := range fetches {
		r.offered[hashOf(f.URL)] = struct{}{}
	}
}

// firstMet reports whether the end of a redirect is an address that this run has not
// offered to the frontier. From now on it has.
func (r *run) firstMet(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	hash := hashOf(address)
	if _, ok := r.offered[hash]; ok || r.entries[address] {
		return false
	}
	r.offered[hash] = struct{}{}
	return true
}
