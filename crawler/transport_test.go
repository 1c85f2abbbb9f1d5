package crawler

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
)

// fetchReason is the reason for which an address is not taken; empty when it is.
func fetchReason(t *testing.T, c *Crawler, address string) (tenor.FetchState, string) {
	t.Helper()
	_, err := c.newVisitor().visit(t.Context(), address, tenor.Validators{})
	if err == nil {
		return tenor.Done, ""
	}
	return judge(err)
}

func TestRedirects(t *testing.T) {
	canary := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	chain := map[string]http.HandlerFunc{
		"/robots.txt":   says("User-agent: *\nDisallow: /private/\n"),
		"/loop":         redirect("/loop"),
		"/to-private":   redirect("/private/page"),
		"/private/*":    says(article),
		"/to-canary":    redirect(canary.URL + "/secret"),
		"/to-file":      redirect("file:///etc/passwd"),
		"/to-gopher":    redirect("gopher://127.0.0.1/x"),
		"/to-script":    redirect("javascript:alert(1)"),
		"/to-nowhere":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) },
		"/to-user":      redirect("http://user:word@127.0.0.1/"),
		"/hop5":         says(article),
		"/hop-too-many": redirect("/hop0"),
	}
	for i := range 5 {
		chain[fmt.Sprintf("/hop%d", i)] = redirect(fmt.Sprintf("/hop%d", i+1))
	}
	s := serve(t, chain)
	c := newCrawler(t, quick(s), nil, nil)
	for _, test := range []struct {
		path   string
		state  tenor.FetchState
		reason string
	}{
		{"/loop", tenor.Failed, "more than 5 redirects"},
		{"/hop0", tenor.Done, ""},
		{"/hop-too-many", tenor.Failed, "more than 5 redirects"},
		{"/to-private", tenor.Skipped, "refused by robots.txt"},
		{"/to-canary", tenor.Skipped, "allow it with --allow-private " + canary.host()},
		{"/to-file", tenor.Skipped, "not an http or https address"},
		{"/to-gopher", tenor.Skipped, "not an http or https address"},
		{"/to-script", tenor.Skipped, "not an http or https address"},
		{"/to-nowhere", tenor.Failed, "302"},
		{"/to-user", tenor.Skipped, "user name"},
	} {
		state, reason := fetchReason(t, c, s.URL+test.path)
		if state != test.state || !strings.Contains(reason, test.reason) || test.reason == "" && reason != "" {
			t.Errorf("%s: %s, %q; want %s, %q", test.path, state, reason, test.state, test.reason)
		}
	}
	if n := s.count("/loop"); n > 6 {
		t.Errorf("the loop was asked %d times", n)
	}
	if s.count("/private/page") != 0 || canary.total() != 0 {
		t.Error("a redirect led to where it must not")
	}
}

func pack(t testing.TB, to func(io.Writer) io.WriteCloser, size int64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := to(&b)
	chunk := make([]byte, 1<<20)
	for ; size > 0; size -= int64(len(chunk)) {
		if _, err := w.Write(chunk[:min(size, int64(len(chunk)))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(w io.Writer) io.WriteCloser  { return gzip.NewWriter(w) }
func zlibbed(w io.Writer) io.WriteCloser  { return zlib.NewWriter(w) }
func deflated(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z }

// A MiB that holds up to a GiB is cut at the limit, whichever way it is packed.
func TestDecompressionBombs(t *testing.T) {
	// Sixteen members, as gzip files may have, of 64 MiB each.
	gz := bytes.Repeat(pack(t, gzipped, 64<<20), 16)
	twice := func() []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(gz)
		w.Close()
		return b.Bytes()
	}()
	send := func(body []byte, media, coding string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			if coding != "" {
				w.Header().Set("Content-Encoding", coding)
			}
			w.Write(body)
		}
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/gzip":        send(gz, "text/html", "gzip"),
		"/deflate":     send(pack(t, zlibbed, 64<<20), "text/html", "deflate"),
		"/map.xml.gz":  send(gz, "application/x-gzip", ""),
		"/twice":       send(twice, "text/html", "gzip, gzip"),
		"/hidden":      send(twice, "text/html", "gzip"),
		"/three-times": send(gz, "text/html", "gzip, gzip, gzip"),
	})
	c := newCrawler(t, quick(s), nil, nil)
	before := heldMemory()
	for _, path := range []string{"/gzip", "/deflate", "/map.xml.gz", "/twice", "/hidden"} {
		p, err := c.Fetch(t.Context(), s.URL+path)
		if err != nil || len(p.Body) != 10<<20 || !p.Truncated {
			t.Errorf("%s: %v", path, err)
		}
	}
	if grown := heldMemory() - before; grown >= 64<<20 {
		t.Errorf("five bombs took %d MiB from the system", grown>>20)
	}
	if _, err := c.Fetch(t.Context(), s.URL+"/three-times"); err == nil {
		t.Error("three layers are read")
	}
}

// heldMemory is what the program has ever taken from the system, in bytes: it only grows.
func heldMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}

func TestBodies(t *testing.T) {
	text := strings.Repeat("Small caps rose. ", 100)
	small := func(to func(io.Writer) io.WriteCloser) string {
		var b bytes.Buffer
		w := to(&b)
		io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	latin := "caf\xe9"
	for _, test := range []struct{ name, body, media, coding, want, wrong string }{
		{"plain", text, "text/html", "", text, ""},
		{"gzip", small(gzipped), "text/html", "gzip", text, ""},
		{"x-gzip", small(gzipped), "text/html", "X-GZIP", text, ""},
		{"zlib as deflate", small(zlibbed), "text/html", "deflate", text, ""},
		{"bare deflate", small(deflated), "text/html", "deflate", text, ""},
		{"a packed file", small(gzipped), "application/gzip", "", text, ""},
		{"the charset is left to the reader", latin, "text/html; charset=iso-8859-1", "", latin, ""},
		{"empty", "", "text/html", "gzip", "", ""},
		{"not packed", text, "text/html", "gzip", "", "not packed as it says"},
		{"damaged", small(gzipped)[:20] + "xxxxxxxxxxxxx", "text/html", "gzip", "", "damaged"},
		{"brotli", "x", "text/html", "br", "", `packed as "br"`},
		{"picture", "x", "image/png", "", "", "image/png"},
		{"pdf", "x", "application/pdf", "", "", "application/pdf"},
		{"no type", text, "", "", text, ""},
		{"broken type", text, "text/html; charset", "", text, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/p": func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Content-Type"] = []string{test.media}
				if test.coding != "" {
					w.Header().Set("Content-Encoding", test.coding)
				}
				io.WriteString(w, test.body)
			}})
			p, err := newCrawler(t, quick(s), nil, nil).Fetch(t.Context(), s.URL+"/p")
			if test.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), test.wrong) {
					t.Errorf("error %v, want %q", err, test.wrong)
				}
				return
			}
			if err != nil || string(p.Body) != test.want || p.Truncated || p.Header.Get("Content-Type") != test.media {
				t.Errorf("got %.40q, type %q, %v", p.Body, p.Header.Get("Content-Type"), err)
			}
		})
	}
}

func TestPageAtTheLimitIsWhole(t *testing.T) {
	for size, cut := range map[int]bool{999: false, 1000: false, 1001: true, 5000: true} {
		s := serve(t, map[string]http.HandlerFunc{"/p": says(strings.Repeat("a", size))})
		cfg := quick(s)
		cfg.MaxBytes = 1000
		p, err := newCrawler(t, cfg, nil, nil).Fetch(t.Context(), s.URL+"/p")
		if err != nil || p.Truncated != cut || len(p.Body) != min(size, 1000) {
			t.Errorf("%d bytes: cut %t, %v", size, p.Truncated, err)
		}
	}
}

// A server that sends a byte now and then ends at the deadline, and the pages of
// another host come meanwhile.
func TestSlowServer(t *testing.T) {
	slow := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/*": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for {
			if _, err := w.Write([]byte("a")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}})
	silent := serve(t, map[string]http.HandlerFunc{"/*": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	good := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	cfg := quick(slow, silent, good)
	cfg.Timeout = 300 * time.Millisecond
	cfg.Workers = 3
	m := newMemory()
	sum := crawl(t, cfg, m, nil, "page "+slow.URL+"/a", "page "+silent.URL+"/a", "page "+good.URL+"/a", "page "+good.URL+"/b")
	wantOutcome(t, m.get(t, slow.URL+"/a"), tenor.Failed, "took longer than 300ms")
	wantOutcome(t, m.get(t, silent.URL+"/a"), tenor.Failed, "robots.txt of "+silent.host()+" could not be read")
	if sum.Articles != 2 {
		t.Errorf("the others: %+v", sum)
	}
}

func TestRetries(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []int
		after   string
		asked   int
		state   tenor.FetchState
		reason  string
	}{
		{"429 then 200", []int{429, 200}, "0", 2, tenor.Done, ""},
		{"503 twice then 200", []int{503, 503, 200}, "", 3, tenor.Done, ""},
		{"500 for good", []int{500}, "", 3, tenor.Failed, "the server answered 500"},
		{"429 for good", []int{429}, "", 3, tenor.Failed, "fewer requests"},
		{"429, come back in an hour", []int{429}, "3600", 1, tenor.Failed, "fewer requests"},
		{"404", []int{404}, "", 1, tenor.Failed, "404"},
		{"403", []int{403}, "", 1, tenor.Failed, "does not let Tenor in"},
		{"broken connection", []int{0, 200}, "", 2, tenor.Done, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var n atomic.Int64
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/p": func(w http.ResponseWriter, r *http.Request) {
				i := int(n.Add(1)) - 1
				code := test.answers[min(i, len(test.answers)-1)]
				if code == 0 {
					panic(http.ErrAbortHandler)
				}
				if test.after != "" {
					w.Header().Set("Retry-After", test.after)
				}
				w.WriteHeader(code)
				io.WriteString(w, article)
			}})
			state, reason := fetchReason(t, newCrawler(t, quick(s), nil, nil), s.URL+"/p")
			// net/http may itself repeat a request on a reused connection that
			// broke, so only the least number is sure there.
			if got := s.count("/p"); got < test.asked || test.answers[0] != 0 && got != test.asked {
				t.Errorf("asked %d times, want %d", got, test.asked)
			}
			if state != test.state || !strings.Contains(reason, test.reason) {
				t.Errorf("%s, %q; want %s, %q", state, reason, test.state, test.reason)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 9, 18, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "30": 30 * time.Second, " 5 ": 5 * time.Second, "-3": 0, "soon": 0, "99999999999999999999": 0,
		"Thu, 18 Sep 2025 12:01:00 GMT": time.Minute, "Thu, 18 Sep 2025 11:00:00 GMT": 0, "99999999": 7 * 24 * time.Hour,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

// HTTP_PROXY would make the proxy dial, unchecked.
func TestProxySettingsAreIgnored(t *testing.T) {
	proxy := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("COLLY_USER_AGENT", "somebody else")
	t.Setenv("COLLY_MAX_BODY_SIZE", "3")
	var agent atomic.Value
	s := serve(t, map[string]http.HandlerFunc{"/p": func(w http.ResponseWriter, r *http.Request) {
		agent.Store(r.UserAgent())
		io.WriteString(w, "hello")
	}})
	cfg := quick(s)
	cfg.Contact = "https://tenor.example/robot"
	c := newCrawler(t, cfg, nil, nil)
	if c.transport.base.Proxy != nil {
		t.Error("a proxy is set")
	}
	p, err := c.Fetch(t.Context(), s.URL+"/p")
	if err != nil || string(p.Body) != "hello" || proxy.total() != 0 {
		t.Errorf("%q, %v, proxy asked %d times", p.Body, err, proxy.total())
	}
	if got := agent.Load().(string); !strings.HasPrefix(got, "Tenor/") || !strings.Contains(got, "+https://tenor.example/robot") {
		t.Errorf("user agent %q", got)
	}
}

// Whatever way a loopback or metadata address is written, nobody is called.
func TestPrivateAddressesAreNotDialled(t *testing.T) {
	var called atomic.Int64
	canary := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	canary.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			called.Add(1)
		}
	}
	canary.Start()
	defer canary.Close()
	u, _ := url.Parse(canary.URL)
	port := ":" + u.Port()

	c := newCrawler(t, Config{Delay: NoDelay, Timeout: 2 * time.Second}, nil, nil)
	for _, host := range []string{
		"127.0.0.1" + port, "2130706433" + port, "0x7f000001" + port, "0177.0.0.1" + port, "127.1" + port, "127.0.0.2" + port,
		"localhost" + port, "LOCALHOST." + port, "0" + port, "0.0.0.0" + port, "[::1]" + port, "[::]" + port, "[::ffff:127.0.0.1]" + port,
		"[0:0:0:0:0:ffff:7f00:1]" + port, "[64:ff9b::7f00:1]" + port, "[2002:7f00:1::]" + port, "[::127.0.0.1]" + port,
		"169.254.169.254", "100.100.100.200", "168.63.129.16", "10.0.0.1", "172.16.0.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
		"[fd00:ec2::254]", "[fe80::1]", "[ff02::1]", "[fec0::1]", "[2001::1]",
	} {
		p, err := c.Fetch(t.Context(), "http://"+host+"/")
		if err == nil {
			t.Errorf("%s: answered %d", host, p.Status)
			continue
		}
		if state, reason := judge(err); state != tenor.Skipped || !strings.Contains(reason, "refused") {
			// A machine without IPv6 cannot be asked at all.
			if !strings.Contains(err.Error(), "unreachable") && !strings.Contains(err.Error(), "cannot assign") && !strings.Contains(err.Error(), "no such host") {
				t.Errorf("%s: %s, %q", host, state, reason)
			}
		}
	}
	if n := called.Load(); n != 0 {
		t.Errorf("the canary was called %d times", n)
	}
}

func TestAllowPrivate(t *testing.T) {
	a := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	b := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	c := newCrawler(t, quick(a), nil, nil)
	if _, err := c.Fetch(t.Context(), a.URL+"/"); err != nil {
		t.Error(err)
	}
	if _, err := c.Fetch(t.Context(), b.URL+"/"); err == nil || b.total() != 0 {
		t.Errorf("one port allowed, another reached: %v", err)
	}
	for _, allow := range []string{"127.0.0.0/8", "127.0.0.1", "all"} {
		c := newCrawler(t, Config{Delay: NoDelay, AllowPrivate: []string{allow}}, nil, nil)
		if _, err := c.Fetch(t.Context(), b.URL+"/"); err != nil {
			t.Errorf("%s: %v", allow, err)
		}
	}
	if _, err := New(Config{AllowPrivate: []string{"everywhere"}}, nil, nil, nil); !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("error %v", err)
	}
	all, _ := newAddressRule([]string{"all"})
	if all.check(netip.MustParseAddrPort("169.254.169.254:80")) == nil {
		t.Error("all includes the metadata service")
	}
}

func TestFetchIsCancelledWhileItWaits(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/*": says(article)})
	cfg := quick(s)
	cfg.Delay = time.Hour
	c := newCrawler(t, cfg, nil, nil)
	ctx, cancel := context.WithCancel(t.Context())
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel() // robots.txt has come; the page waits for an hour
	})
	if _, err := c.Fetch(ctx, s.URL+"/p"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
