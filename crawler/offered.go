package crawler

import (
	"hash/maphash"
	"slices"

	"tenor"
)

// maxOffered bounds what a run remembers; beyond it the frontier is asked again.
const maxOffered = 1 << 16

var hashSeed = maphash.MakeSeed()

// notOffered leaves out what the frontier was offered before in this run. It would
// not take it again, and asking it is a transaction for each page of a site whose
// pages all link to each other.
func (r *run) notOffered(entries []entry) []entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(entries, func(e entry) bool {
		_, ok := r.offered[maphash.String(hashSeed, e.url)]
		return ok
	})
}

func (r *run) offer(fetches []tenor.Fetch) {
	if len(r.offered) > maxOffered {
		clear(r.offered)
	}
	for _, f := range fetches {
		r.offered[maphash.String(hashSeed, f.URL)] = struct{}{}
	}
}

// firstMet reports whether the end of a redirect is an address that this run has not
// offered to the frontier. From now on it has.
func (r *run) firstMet(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	hash := maphash.String(hashSeed, address)
	if _, ok := r.offered[hash]; ok || r.entries[address] {
		return false
	}
	r.offered[hash] = struct{}{}
	return true
}
