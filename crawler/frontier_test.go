package crawler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
)

// memory is a frontier that forgets nothing, with the rules that the store keeps:
// addresses are known once and for all, lists come again when they are queued again.
type memory struct {
	mu    sync.Mutex
	order []string // oldest first
	begun int      // none of order before it is queued
	known map[string]*tenor.Fetch
}

func newMemory() *memory { return &memory{known: map[string]*tenor.Fetch{}} }

func (m *memory) Enqueue(_ context.Context, fetches ...tenor.Fetch) (added int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range fetches {
		old := m.known[f.URL]
		passing := old != nil && old.State == tenor.Failed && (old.Status == 0 || old.Status == 429 || old.Status >= 500)
		switch {
		case old == nil:
			m.order = append(m.order, f.URL)
		case f.Entry && old.State != tenor.Leased && old.State != tenor.Queued || passing:
		default:
			continue
		}
		f.State = tenor.Queued
		if old != nil {
			f.Validators = old.Validators
		}
		m.known[f.URL] = &f
		if old != nil {
			m.begun = 0
		}
		added++
	}
	return added, nil
}

func (m *memory) Next(_ context.Context, n int) (out []tenor.Fetch, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ; m.begun < len(m.order) && len(out) < n; m.begun++ {
		if f := m.known[m.order[m.begun]]; f.State == tenor.Queued {
			f.State = tenor.Leased
			out = append(out, *f)
		}
	}
	return out, nil
}

func (m *memory) Finish(_ context.Context, fetches ...tenor.Fetch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range fetches {
		if err := m.finish(f); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) finish(f tenor.Fetch) error {
	old := m.known[f.URL]
	if old == nil { // met by a redirect
		old = &tenor.Fetch{}
		m.order, m.known[f.URL] = append(m.order, f.URL), old
	} else if old.State == tenor.Queued || old.State == tenor.Done && f.Status != http.StatusOK {
		return errors.New("finished what was not leased: " + f.URL)
	}
	if f.State == tenor.Leased || f.State == "" {
		return errors.New("finished without an outcome: " + f.URL)
	}
	if (f.State == tenor.Skipped || f.State == tenor.Failed) && f.Reason == "" {
		return errors.New("no reason given: " + f.URL)
	}
	if f.State != tenor.Done {
		f.Validators = old.Validators
	}
	*old = f
	if f.State == tenor.Queued {
		m.begun = 0
	}
	return nil
}

func (m *memory) Release(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.known {
		if f.State == tenor.Leased {
			f.State = tenor.Queued
		}
	}
	m.begun = 0
	return nil
}

func (m *memory) PagesSince(_ context.Context, since time.Time) (map[string]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	pages := map[string]int{}
	for _, f := range m.known {
		if u, err := url.Parse(f.URL); err == nil && !f.Entry && f.Status > 0 && !f.FetchedAt.Before(since) && f.State != tenor.Queued {
			pages[u.Host]++
		}
	}
	return pages, nil
}

func (m *memory) get(t *testing.T, address string) tenor.Fetch {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.known[address]
	if f == nil {
		t.Fatalf("%s was never queued", address)
	}
	return *f
}

func (m *memory) count(state tenor.FetchState) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.known {
		if f.State == state {
			n++
		}
	}
	return n
}

// server is a web server on loopback that counts what it is asked for.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	hits map[string]int
}

func serve(t *testing.T, pages map[string]http.HandlerFunc) *server {
	t.Helper()
	s := &server{hits: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.hits[r.URL.RequestURI()]++
		s.mu.Unlock()
		path, prefix := r.URL.Path, ""
		h := pages[path]
		for p, candidate := range pages { // a key that ends in * answers for all below it
			if p, ok := strings.CutSuffix(p, "*"); ok && h == nil && strings.HasPrefix(path, p) && len(p) >= len(prefix) {
				h, prefix = candidate, p
				break
			}
		}
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits[path]
}

func (s *server) total() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.hits {
		n += c
	}
	return n
}

func (s *server) host() string { return strings.TrimPrefix(s.URL, "http://") }

// says answers with a body; html, xml and text are told from its beginning.
func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(body, "<?xml"), strings.HasPrefix(body, "<rss"), strings.HasPrefix(body, "<urlset"), strings.HasPrefix(body, "<sitemapindex"):
			w.Header().Set("Content-Type", "application/xml")
		case strings.HasPrefix(body, "<"):
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		case strings.HasPrefix(body, "{"):
			w.Header().Set("Content-Type", "application/json")
		default:
			w.Header().Set("Content-Type", "text/plain")
		}
		w.Write([]byte(strings.ReplaceAll(body, "SELF", "http://"+r.Host)))
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

const article = `<html><title>An article</title><article><p>Small caps rose.</p></article></html>`

// asArticle delivers pages that hold an <article>.
func asArticle(_ context.Context, _ tenor.Fetch, p *tenor.Page) error {
	if !strings.Contains(string(p.Body), "<article") {
		return tenor.ErrNoArticle
	}
	return nil
}

// quick is a configuration without pauses that may ask the servers given.
func quick(servers ...*server) Config {
	cfg := Config{Delay: NoDelay, Timeout: 5 * time.Second}
	for _, s := range servers {
		cfg.AllowPrivate = append(cfg.AllowPrivate, s.host())
	}
	return cfg
}

func newCrawler(t *testing.T, cfg Config, f Frontier, d Deliver) *Crawler {
	t.Helper()
	if d == nil {
		d = asArticle
	}
	c, err := New(cfg, f, d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	c.transport.backoff = time.Millisecond
	t.Cleanup(c.Close)
	return c
}

// crawl runs over addresses of kinds, written "feed http://…".
func crawl(t *testing.T, cfg Config, f Frontier, d Deliver, sources ...string) Summary {
	t.Helper()
	sum, err := newCrawler(t, cfg, f, d).Run(t.Context(), sourcesOf(t, sources...))
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func sourcesOf(t *testing.T, list ...string) (out []Source) {
	t.Helper()
	for _, text := range list {
		kind, address, ok := strings.Cut(text, " ")
		if !ok {
			kind, address = "", text
		}
		s, err := SourceFromArgument(address)
		if err != nil {
			t.Fatal(err)
		}
		s.Kind = kind
		out = append(out, s)
	}
	return out
}

func reasons(s Summary) string {
	var out []string
	for _, r := range s.Reasons {
		out = append(out, string(r.State)+": "+r.Reason)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func wantOutcome(t *testing.T, f tenor.Fetch, state tenor.FetchState, reason string) {
	t.Helper()
	if f.State != state || !strings.Contains(f.Reason, reason) {
		t.Errorf("%s: %s, %q; want %s, %q", f.URL, f.State, f.Reason, cmp.Or(state, "any"), reason)
	}
}
