package crawler

import (
	"context"
	"fmt"
	"net/url"
	"time"
)

// exceptions marks a request of the source with what it may do that others may not.
func (s Source) exceptions(ctx context.Context) context.Context {
	if s.Robots != RobotsIgnore {
		return ctx
	}
	site, err := url.Parse(s.URL)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, freeOfRobots{}, site)
}

// Exceptions says, in one sentence each, where sources are read under other rules than
// the usual ones: a crawl's report shows them.
func (c *Crawler) Exceptions(sources []Source) []string {
	var list []string
	for _, s := range sources {
		site := s.URL
		if u, err := url.Parse(s.URL); err == nil {
			site = u.Host
		}
		if s.Robots == RobotsIgnore {
			list = append(list, fmt.Sprintf("source %s: robots.txt of %s is not asked (robots = \"ignore\")", s.Name, site))
		}
		if s.Delay != nil && *s.Delay < max(c.cfg.Delay, 0) {
			list = append(list, fmt.Sprintf("source %s: %s is asked every %s, more often than the usual %s (delay)", s.Name, site, *s.Delay, c.cfg.Delay))
		}
	}
	return list
}

// ownPauses are the pauses of hosts whose sources set one; of several for one host
// the longest. They hold for the source's own host only: a source that names pages
// elsewhere has no say over their hosts.
func ownPauses(lists ...[]Source) map[string]time.Duration {
	pauses := map[string]time.Duration{}
	for _, sources := range lists {
		for _, s := range sources {
			u, err := url.Parse(s.URL)
			if err != nil || s.Delay == nil {
				continue
			}
			pauses[u.Host] = max(pauses[u.Host], *s.Delay)
		}
	}
	return pauses
}

// paused reports whether the pages of a source that wait in the queue are left there:
// it is paused, and this run was not told to read it all the same.
func (r *run) paused(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(name)
	return s.Paused && !s.named
}
