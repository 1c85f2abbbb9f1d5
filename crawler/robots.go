package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"tenor"
)

const (
	robotName      = "tenor"   // how robots.txt addresses us
	robotsSize     = 500 << 10 // bytes read of it
	robotsLifetime = 24 * time.Hour
	robotsRetry    = 10 * time.Minute // until a server that failed is asked again
	maxRobots      = 4096             // hosts remembered
)

// robots answers, for each host, what its robots.txt allows. One request asks
// for the file however many pages wait for it.
type robots struct {
	fetch func(ctx context.Context, u *url.URL) (*answer, error) // one hop, paced, robots.txt unchecked
	slow  func(host string, pause time.Duration)

	mu    sync.Mutex
	known map[string]*robotsEntry // by scheme and host
}

type robotsEntry struct {
	ready   chan struct{} // closed when the rest is set
	rules   *robotRules
	err     error // why nothing may be fetched
	expires time.Time
}

// check returns nil when robots.txt lets Tenor read the address.
func (r *robots) check(ctx context.Context, u *url.URL) error {
	if u.Path == "/robots.txt" {
		return nil
	}
	for {
		e, mine := r.entry(u)
		if mine {
			e.rules, e.err = r.read(ctx, u)
			e.expires = time.Now().Add(robotsLifetime)
			if e.err != nil {
				e.expires = time.Now().Add(robotsRetry)
			}
			if ctx.Err() != nil {
				r.drop(u, e) // says nothing about the host
			}
			close(e.ready)
		}
		select {
		case <-e.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(e.err, context.Canceled):
			continue // whoever asked gave up; ask again
		case e.err != nil:
			return e.err
		case !e.rules.allow(u):
			return skipped("%s%s", tenor.RefusedByRobots, u.Host)
		}
		return nil
	}
}

func (r *robots) entry(u *url.URL) (e *robotsEntry, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := u.Scheme + "://" + u.Host
	e = r.known[key]
	if e != nil {
		select {
		case <-e.ready:
			if time.Now().Before(e.expires) {
				return e, false
			}
		default:
			return e, false
		}
	}
	if len(r.known) >= maxRobots {
		for k, old := range r.known {
			select {
			case <-old.ready:
				delete(r.known, k)
			default:
			}
			if len(r.known) < maxRobots/2 {
				break
			}
		}
	}
	e = &robotsEntry{ready: make(chan struct{})}
	r.known[key] = e
	return e, true
}

func (r *robots) drop(u *url.URL, e *robotsEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key := u.Scheme + "://" + u.Host; r.known[key] == e {
		delete(r.known, key)
	}
}

// read fetches the file, over at most five redirects. A file that is not there
// allows everything; a server that fails allows nothing until it answers.
func (r *robots) read(ctx context.Context, u *url.URL) (*robotRules, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range maxRedirects + 1 {
		a, err := r.fetch(ctx, at)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			p := explain(err, at.Host)
			if p.state == tenor.Skipped { // the address check: that is the reason to show
				return nil, p
			}
			return nil, unreachable(u.Host, p.reason)
		}
		switch {
		case a.status >= 300 && a.status < 400:
			next, err := at.Parse(a.header.Get("Location"))
			if err != nil || a.header.Get("Location") == "" || next.Scheme != "http" && next.Scheme != "https" {
				return &robotRules{}, nil
			}
			at = next
			continue
		case a.status == http.StatusTooManyRequests || a.status >= 500:
			return nil, unreachable(u.Host, fmt.Sprintf("the server answered %d", a.status))
		case a.status >= 400:
			return &robotRules{}, nil
		}
		rules := parseRobots(a.body)
		if rules.delay > 0 {
			r.slow(u.Host, rules.delay)
		}
		return rules, nil
	}
	return &robotRules{}, nil // a chain without end is no file
}

func unreachable(host, why string) error {
	return failed("robots.txt of %s could not be read (%s), so nothing there may be fetched; it is tried again in the next crawl", host, why)
}
