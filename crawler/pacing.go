package crawler

import (
	"context"
	"sync"
	"time"
)

// maxCrawlDelay bounds what a robots.txt can ask for: a day between two pages
// would be a refusal in other words.
const maxCrawlDelay = 300 * time.Second

// maxHosts bounds the table of hosts; those that wait for nothing are forgotten.
const maxHosts = 4096

// pacer lets one request at a time through to each host, with a pause after it, or
// several where the configuration allows it.
// A host here is what a URL names: a name or address, with its port.
type pacer struct {
	pause time.Duration
	turns int // requests to one host at one time

	mu    sync.Mutex
	hosts map[string]*paced
	own   map[string]time.Duration // in place of pause, for hosts whose source says so
}

type paced struct {
	turn chan struct{} // holds a token for each request under way

	// under pacer.mu
	users int           // requests under way or waiting
	pause time.Duration // more than the pacer's where robots.txt asks for it
	next  time.Time     // no request before
}

func newPacer(pause time.Duration, turns int) *pacer {
	return &pacer{pause: pause, turns: turns, hosts: map[string]*paced{}}
}

// acquire waits for the host's turn. The returned function must be called when
// the answer has been read: the pause counts from there, so that the server sees
// it in full, whatever the way there takes.
func (p *pacer) acquire(ctx context.Context, host string) (release func(), err error) {
	p.mu.Lock()
	h := p.host(host)
	h.users++
	p.mu.Unlock()
	leave := func() {
		p.mu.Lock()
		h.users--
		p.mu.Unlock()
	}
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
	for {
		p.mu.Lock()
		wait := time.Until(h.next)
		p.mu.Unlock()
		if wait <= 0 {
			break
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			<-h.turn
			leave()
			return nil, ctx.Err()
		}
	}
	return func() {
		p.mu.Lock()
		h.next = later(h.next, time.Now().Add(max(p.usual(host), h.pause)))
		p.mu.Unlock()
		<-h.turn
		leave()
	}, nil
}

// slow sets the pause that the host's robots.txt asks for. It never shortens the
// pacer's own.
func (p *pacer) slow(host string, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	more := min(pause, maxCrawlDelay) - max(h.pause, p.usual(host))
	h.pause = min(pause, maxCrawlDelay)
	if !h.next.IsZero() && more > 0 {
		h.next = h.next.Add(more) // the robots.txt itself was the last request
	}
}

// setOwn sets the pauses of hosts whose source asks for another than the usual one. A
// pause that a robots.txt asks for still holds where it is longer.
func (p *pacer) setOwn(pauses map[string]time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.own = pauses
}

// usual is the pause of a host before its robots.txt is asked.
func (p *pacer) usual(host string) time.Duration {
	if pause, ok := p.own[host]; ok {
		return pause
	}
	return p.pause
}

// hold keeps requests off the host until a time, as Retry-After asks.
func (p *pacer) hold(host string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.next = later(h.next, until)
}

// readyAt is when the host may be asked again; the zero time when it may now.
func (p *pacer) readyAt(host string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h := p.hosts[host]; h != nil {
		return h.next
	}
	return time.Time{}
}

func (p *pacer) host(name string) *paced {
	h := p.hosts[name]
	if h == nil {
		if len(p.hosts) >= maxHosts {
			p.forget()
		}
		h = &paced{turn: make(chan struct{}, p.turns)}
		p.hosts[name] = h
	}
	return h
}

func (p *pacer) forget() {
	now := time.Now()
	for name, h := range p.hosts {
		if h.users == 0 && h.next.Before(now) {
			delete(p.hosts, name)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
