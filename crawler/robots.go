package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenor"
)

// robots.txt after RFC 9309. The library at hand (temoto/robotstxt) matches
// patterns anywhere in a path, takes the first of two equal rules, lets a group
// "Ten" speak for Tenor, and throws the whole file away over one bad line.

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
			return skipped("refused by robots.txt of %s", u.Host)
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

// robotRules are the rules that apply to Tenor. The zero value allows everything.
type robotRules struct {
	rules []robotRule
	delay time.Duration
}

type robotRule struct {
	pattern string // escapes made plain, as in canonical addresses
	allow   bool
}

// parseRobots reads the groups for Tenor, joined, or else those for everybody.
// Lines that make no sense are passed over.
func parseRobots(body []byte) *robotRules {
	if len(body) > robotsSize {
		body = body[:robotsSize]
		body = body[:bytes.LastIndexByte(body, '\n')+1] // no half rule
	}
	var ours, everybodys robotRules
	var named bool
	var forUs, forAll, inRules bool
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(body), "\ufeff"))
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if inRules {
				forUs, forAll, inRules = false, false, false
			}
			switch agent := productToken(value); {
			case agent == robotName:
				forUs, named = true, true
			case value == "*":
				forAll = true
			}
			continue
		}
		switch key {
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue
			}
			if value[0] != '/' && value[0] != '*' {
				value = "/" + value
			}
			rule := robotRule{plainEscapes(escapeRaw(value)), key == "allow"}
			if forUs {
				ours.rules = append(ours.rules, rule)
			}
			if forAll {
				everybodys.rules = append(everybodys.rules, rule)
			}
		case "crawl-delay":
			inRules = true
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds > 0) {
				continue
			}
			delay := time.Duration(min(seconds, maxCrawlDelay.Seconds()) * float64(time.Second))
			if forUs {
				ours.delay = delay
			}
			if forAll {
				everybodys.delay = delay
			}
		}
	}
	if named {
		return &ours
	}
	return &everybodys
}

// productToken is the name in "Tenor/1.0 (x)": letters, - and _, lower case.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
	if end >= 0 {
		s = s[:end]
	}
	return strings.ToLower(s)
}

// allow decides by the longest pattern that matches; of two equally long ones
// the one that allows.
func (r *robotRules) allow(u *url.URL) bool {
	path := plainEscapes(escapeRaw(u.EscapedPath()))
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + plainEscapes(escapeRaw(u.RawQuery))
	}
	best, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > best || n == best && rule.allow) && robotMatch(rule.pattern, path) {
			best, allowed = n, rule.allow
		}
	}
	return allowed
}

// robotMatch reports whether a pattern with * for anything and $ for the end
// matches the beginning of path. It takes time in proportion to path for each *.
func robotMatch(pattern, path string) bool {
	pattern, toEnd := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !toEnd || path == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if toEnd {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// escapeRaw writes bytes beyond ASCII as %XX, as addresses have them.
func escapeRaw(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}
