package crawler

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tenor"
)

const (
	maxRedirects = 5
	maxHeader    = 256 << 10
	// A server that asks for a longer wait is left alone until the next crawl.
	maxRetryWait = 60 * time.Second
)

// transport is the one http.RoundTripper of the crawler: everything that must
// hold for each hop of a redirect is here, because nothing else sees each hop.
// In this order: scheme, number of redirects, robots.txt, the host's turn, the
// address that is dialled, the deadline, the media type, the size once decoded.
type transport struct {
	base     *http.Transport
	robots   *robots
	pacer    *pacer
	agent    string
	timeout  time.Duration
	maxBytes int64
	retries  int           // after 429, 5xx and broken connections
	backoff  time.Duration // before the first retry; doubled for each further one
}

func newTransport(cfg Config) (*transport, error) {
	rule, err := newAddressRule(cfg.AllowPrivate)
	if err != nil {
		return nil, err
	}
	t := &transport{
		base: &http.Transport{
			Proxy:                  nil, // a proxy would dial for us, past the address check
			DialContext:            rule.dialer().DialContext,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // decoded here, under the size limit
			MaxIdleConns:           64,
			MaxIdleConnsPerHost:    cfg.Connections,
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: maxHeader,
			ReadBufferSize:         16 << 10, // most pages come in several pieces of 4 KB, the default
		},
		pacer:    newPacer(max(cfg.Delay, 0), cfg.Connections),
		agent:    cfg.agent(),
		timeout:  cfg.Timeout,
		maxBytes: cfg.MaxBytes,
		retries:  2,
		backoff:  2 * time.Second,
	}
	t.robots = &robots{
		fetch: func(ctx context.Context, u *url.URL) (*answer, error) {
			return t.ask(ctx, u, ask{limit: robotsSize + 1})
		},
		slow:  t.pacer.slow,
		known: map[string]*robotsEntry{},
	}
	return t, nil
}

// freeOfRobots, found in a request's context, is the address of a source whose own site
// is read without asking its robots.txt. Other sites, reached by its links and
// redirects, are still asked.
type freeOfRobots struct{}

// answer is one hop's response, read to its end or to the size limit.
type answer struct {
	status int
	header http.Header
	body   []byte // decoded
	cut    bool   // there was more
}

// hopRecord, found in a request's context, says what is known of the address and is
// told of the last hop: colly hands on neither the header as served nor whether the
// body was cut, and would copy the body once more.
type hopRecord struct {
	known tenor.Validators

	url       string
	unchanged bool // what is known is still so
	header    http.Header
	body      []byte
	cut       bool
}

// ask is what is asked of a server.
type ask struct {
	limit int64             // bytes of the answer, decoded
	pages bool              // refuse, by its media type, what is no text
	known *tenor.Validators // only if it has changed since; may be nil
}

type hopKey struct{}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := checkHop(req); err != nil {
		return nil, err
	}
	if site, _ := ctx.Value(freeOfRobots{}).(*url.URL); site == nil || !sameSite(site, req.URL) {
		if err := t.robots.check(ctx, req.URL); err != nil {
			return nil, err
		}
	}
	what := ask{limit: t.maxBytes, pages: true}
	record, _ := ctx.Value(hopKey{}).(*hopRecord)
	if record == nil {
		record = &hopRecord{}
	}
	record.url = req.URL.String()
	// A validator means nothing to another address, which might happen to have
	// the same: a redirect that leads elsewhere now would look unchanged.
	if record.known.URL == record.url {
		what.known = &record.known
	}
	a, err := t.ask(ctx, req.URL, what)
	if err != nil {
		return nil, err
	}
	record.unchanged = a.status == http.StatusNotModified && what.known != nil
	record.header, record.body, record.cut = a.header, a.body, a.cut
	return a.response(req), nil
}

func checkHop(req *http.Request) error {
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return skipped("refused: %s is not an http or https address", sentence(clip(req.URL.Redacted())))
	}
	if req.URL.User != nil {
		return skipped("refused: the address on %s holds a user name or password", req.URL.Hostname())
	}
	hops := 0
	for r := req.Response; r != nil && r.Request != nil; r = r.Request.Response {
		hops++
	}
	if hops > maxRedirects {
		return failed("more than %d redirects", maxRedirects)
	}
	return nil
}

// ask sends one request when the host's turn comes, and again after answers that
// may be better the next time. Waiting for a turn is not part of the deadline.
func (t *transport) ask(ctx context.Context, u *url.URL, what ask) (*answer, error) {
	for try := 0; ; try++ {
		release, err := t.pacer.acquire(ctx, u.Host)
		if err != nil {
			return nil, err
		}
		a, err := t.once(ctx, u, what)
		wait, again := t.again(a, err, try)
		if wait > 0 {
			t.pacer.hold(u.Host, time.Now().Add(wait))
		}
		release()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !again || try >= t.retries {
			return a, err
		}
	}
}

// again says whether a request is worth repeating now, and how long the host
// must be left alone in any case.
func (t *transport) again(a *answer, err error, try int) (wait time.Duration, again bool) {
	backoff := t.backoff << try
	if err != nil {
		// Slow servers and unknown names do not get better in two seconds, and
		// a repeated deadline would hold up the others.
		if brokenOff(err) {
			return backoff, true
		}
		return 0, false
	}
	switch a.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		asked := retryAfter(a.header.Get("Retry-After"), time.Now())
		return max(backoff, asked), asked <= maxRetryWait
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return backoff, true
	}
	return 0, false
}

// once asks and reads the answer within the deadline.
func (t *transport) once(ctx context.Context, u *url.URL, what ask) (*answer, error) {
	limited, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	// Not http.NewRequest, which would parse the address once more.
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(limited)
	req.Header = http.Header{
		"User-Agent":      {t.agent},
		"Accept":          {"text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"},
		"Accept-Language": {"en,*;q=0.5"},
		"Accept-Encoding": {"gzip"}, // whatever else comes was not asked for
	}
	if what.known != nil {
		conditional(req.Header, what.known)
	}
	a, err := t.exchange(req, what.limit, what.pages)
	if err == nil {
		return a, nil
	}
	if ctx.Err() == nil && limited.Err() != nil {
		p := failed("%s took longer than %s", u.Host, t.timeout)
		p.cause = context.DeadlineExceeded
		return nil, p
	}
	return nil, err
}

func (t *transport) exchange(req *http.Request, limit int64, pages bool) (*answer, error) {
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.status >= 300 && a.status < 400 || a.status == http.StatusNoContent {
		return a, nil
	}
	if a.status >= 400 {
		limit = min(limit, 64<<10) // nobody reads an error page
	} else if pages {
		if err := checkMedia(resp); err != nil {
			return nil, err
		}
	}
	a.body, a.cut, err = readBody(resp, limit)
	if err != nil && a.status < 400 {
		return nil, err
	}
	return a, nil
}

// checkMedia refuses what is neither text nor compressed text before it is read.
func checkMedia(resp *http.Response) error {
	declared := resp.Header.Get("Content-Type")
	if strings.HasPrefix(declared, "text/") { // as nearly all do
		return nil
	}
	media, _, _ := mime.ParseMediaType(declared)
	kind, sub, _ := strings.Cut(media, "/")
	switch kind {
	case "image", "video", "audio", "font", "model":
	case "application":
		if !strings.Contains(" pdf zip msword octet-stream wasm java-archive x-tar x-7z-compressed x-rar-compressed ", " "+sub+" ") &&
			!strings.HasPrefix(sub, "vnd.openxmlformats") && !strings.HasPrefix(sub, "vnd.ms-") {
			return nil
		}
		if sub == "octet-stream" && strings.HasSuffix(resp.Request.URL.Path, ".gz") {
			return nil
		}
	default:
		return nil
	}
	return skipped("not a page: the server sends %s", sentence(media))
}

// response hands the answer to the http.Client and to colly, which only need to know
// where a redirect leads: header and body go the other way, by the hopRecord.
func (a *answer) response(req *http.Request) *http.Response {
	header := http.Header{}
	if to := a.header.Get("Location"); to != "" {
		header.Set("Location", to)
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: http.NoBody, Request: req,
		Uncompressed: true, // of sitemap.xml.gz too, where colly would try
	}
}

// brokenOff reports whether a connection ended in the middle of things, as it
// does when a server restarts.
func brokenOff(err error) bool {
	var p *problem
	if errors.As(err, &p) {
		return false
	}
	return isBrokenConnection(err)
}

// retryAfter reads the header's two forms, seconds and a date.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), 7*24*3600)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), 7*24*time.Hour)
	}
	return 0
}
