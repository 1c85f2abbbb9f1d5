package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
)

// hazards are what strangers may do to a crawl, and the tests that show what it does
// then. A row without a test does not compile, and one that is forgotten fails below.
var hazards = map[string][]func(*testing.T){
	"H1 robots.txt forbids":                {TestDisallowedPagesAreNeverAskedFor, TestRobotRules, TestRobotsAreAskedForOnce, TestRobotsExpire},
	"H2 robots.txt fails":                  {TestRobotsAnswers},
	"H3 a host is hammered":                {TestFiveSourcesOfOneHostKeepTheGap, TestCrawlDelayIsKept, TestRetryAfterIsKept, TestPacerKeepsTheGap},
	"H4 a bomb is unpacked":                {TestDecompressionBombs},
	"H5 a page is cut silently":            {TestPageAtTheLimitIsWhole, TestDeliverDecides}, // and in cmd/tenor: TestCutPageIsKeptAndNotTagged
	"H6 a server is slow or hangs":         {TestSlowServer, TestSlowHostsDoNotHoldUpOthers, TestCancelWaitsForNothing},
	"H7 redirects lead nowhere":            {TestRedirects, TestLongChainOfRedirects},
	"H8 private addresses are asked for":   {TestPrivateAddressesAreNotDialled, TestProxySettingsAreIgnored, TestAllowPrivate},
	"H9 other schemes":                     {TestCanonicalRefuses, TestRedirects},
	"H10 traps of addresses without end":   {TestEndlessCalendarStops, TestHostPagesOfADay, TestLooksEndless, TestCanonicalOfDressedAddresses},
	"H11 lists that exhaust their reader":  {TestOneBrokenSourceDoesNotStopTheOthers, TestListsBuiltToExhaust},
	"H12 pages that exhaust their reader":  {TestExtractSurvivesBombs},
	"H34 words that forge lines of a log":  {TestHostileServer},
	"H35 goroutines are left behind":       {TestGoroutinesAreBounded},
	"H36 a reader of pages panics":         {TestPanicFailsOnePage},
	"H37 a feed dies and is forgotten":     {TestDeadSourcesResume},
	"everything at once, and good sources": {TestHostileServer},
}

func TestEveryHazardHasItsTest(t *testing.T) {
	for _, row := range []string{"H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H11", "H12", "H34", "H35", "H36", "H37"} {
		found := false
		for name, tests := range hazards {
			found = found || strings.HasPrefix(name, row+" ") && len(tests) > 0
		}
		if !found {
			t.Errorf("%s has no test", row)
		}
	}
}

func TestLongChainOfRedirects(t *testing.T) {
	pages := map[string]http.HandlerFunc{"/robots.txt": status(404), "/30": says(article)}
	for i := range 30 {
		pages[fmt.Sprintf("/%d", i)] = redirect(fmt.Sprintf("/%d", i+1))
	}
	s := serve(t, pages)
	state, reason := fetchReason(t, newCrawler(t, quick(s), nil, nil), s.URL+"/0")
	if asked := s.total() - s.count("/robots.txt"); asked > 6 || state != tenor.Failed || reason != "more than 5 redirects" {
		t.Errorf("%d requests; %s, %q", asked, state, reason)
	}
}

// Feeds and sitemaps that are small to send and large to read are refused or cut,
// without asking anybody for more.
func TestListsBuiltToExhaust(t *testing.T) {
	canary := serve(t, map[string]http.HandlerFunc{"/*": says("secret")})
	laughs := `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">`
	for i := range 9 {
		laughs += fmt.Sprintf(`<!ENTITY l%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&l%d;", i), 10))
	}
	million := strings.Repeat("<item><link>/a</link></item>", 1_000_000)
	for name, test := range map[string]struct{ body, wrong string }{
		"billion laughs":         {laughs + `]><rss><channel><title>&l9;</title><item><link>/a</link></item></channel></rss>`, "entities"},
		"a file of this machine": {`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title><link>/a</link></item></channel></rss>`, "entities"},
		"a call elsewhere":       {`<!DOCTYPE r [<!ENTITY % x SYSTEM "` + canary.URL + `/x">%x;]><rss><channel><item><link>/a</link></item></channel></rss>`, "entities"},
		"a million items":        {"<rss><channel>" + million + "</channel></rss>", "more than 5000 items"},
		"a million entries":      {"<feed>" + strings.ReplaceAll(million, "item>", "entry>") + "</feed>", "more than 5000 items"},
		"a million levels":       {"<rss>" + strings.Repeat("<a>", 1_000_000), "deep"},
		"a DTD elsewhere":        {`<!DOCTYPE rss SYSTEM "` + canary.URL + `/x.dtd"><rss><channel><item><link>/a</link></item></channel></rss>`, ""},
	} {
		page := &tenor.Page{URL: "https://example.com/feed", Body: []byte(test.body), FetchedAt: importedAt}
		_, err := feedEntries(page)
		if test.wrong == "" && err != nil || test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)) {
			t.Errorf("%s, as a feed: %v", name, err)
		}
		page.Body = []byte(strings.NewReplacer("rss>", "urlset>", "item>", "url>", "link>", "loc>").Replace(test.body))
		if s, err := readSitemap(page); err == nil && len(s.pages) > maxSitemapURLs {
			t.Errorf("%s, as a sitemap: %d pages, %v", name, len(s.pages), err)
		}
	}
	if canary.total() != 0 {
		t.Error("the canary was called")
	}
}

// A crawl has its workers, the two goroutines of each connection, and a handful more.
func TestGoroutinesAreBounded(t *testing.T) {
	var feed strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&feed, "<item><link>/story-%d</link></item>", i)
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": status(404), "/feed": says(feedHead + feed.String() + "</channel></rss>"), "/story-*": says(article),
	})
	before := crawling()
	var most, count atomic.Int64
	cfg := quick(s)
	cfg.Workers, cfg.Connections, cfg.MaxPages = 16, 16, 2000
	c := newCrawler(t, cfg, newMemory(), func(context.Context, tenor.Fetch, *tenor.Page) error {
		if count.Add(1)%50 == 0 {
			n := int64(crawling())
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
		}
		return nil
	})
	if sum, err := c.Run(t.Context(), sourcesOf(t, "feed "+s.URL+"/feed")); err != nil || sum.Articles != 1500 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if extra := int(most.Load()) - before - cfg.Workers; extra > 64 {
		t.Errorf("%d goroutines beyond the workers", extra)
	}
	c.Close()
	s.CloseClientConnections()
	for deadline := time.Now().Add(20 * time.Second); crawling() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines are left, there were %d before", crawling(), before)
		}
	}
}

// crawling counts goroutines, without those of the test's own servers.
func crawling() int {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	n := 0
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		if !bytes.Contains(stack, []byte("net/http.(*conn).serve")) && !bytes.Contains(stack, []byte("net/http.(*connReader)")) {
			n++
		}
	}
	return n
}

// hostile plays all hazards that one server can play. Each path is a source, with
// what must be said of it.
func hostile(t *testing.T) (pages map[string]http.HandlerFunc, expect map[string]string) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	send := func(headers, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for line := range strings.Lines(headers) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				w.Header()[key] = []string{value}
			}
			io.WriteString(w, body)
		}
	}
	raw := func(answer string) http.HandlerFunc { // what is no HTTP, or stops in the middle
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			io.WriteString(conn, answer)
			conn.Close()
		}
	}
	forged := "\x1b[2J\x1b]0;owned\x07two\r\nlines level=ERROR \u202emsg=forged\u2028end"
	pages = map[string]http.HandlerFunc{
		"/robots.txt":    says("User-agent: *\nDisallow: /closed\n"),
		"/closed":        says(feedStory),
		"/h4-bomb":       send("Content-Type: application/xml\nContent-Encoding: gzip", bomb.String()),
		"/h4-brotli":     send("Content-Type: application/xml\nContent-Encoding: br", "x"),
		"/h5-large":      says(`<?xml version="1.0"?><rss><channel>` + strings.Repeat("<item><title>abc</title></item>", 400_000)),
		"/h6-silent":     func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/h7-loop":       redirect("/h7-loop"),
		"/h8-metadata":   redirect("http://169.254.169.254/latest/meta-data/"),
		"/h8-inside":     redirect("http://[::ffff:10.0.0.1]/"),
		"/h9-file":       redirect("file:///etc/passwd"),
		"/h9-script":     redirect("javascript:alert(1)"),
		"/h11-laughs":    says(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><rss>&a;</rss>`),
		"/h11-deep":      says(`<?xml version="1.0"?><rss>` + strings.Repeat("<a>", 1000)),
		"/h34-type":      send("Content-Type: application/pdf; x="+strings.Map(printable, forged), "x"),
		"/h34-root":      says(`<?xml version="1.0"?><` + "r\u202e\x1b" + `>` + forged + `</r>`),
		"/h34-title":     says(feedHead + "<item><title>" + strings.Map(printable, forged) + "\u2028\u202e</title><link>/story?title</link></item></channel></rss>"),
		"/h34-password":  redirect("http://user:hunter2@127.0.0.1/"),
		"/no-http":       raw("SSH-2.0-OpenSSH_9.9\r\n"),
		"/cut-short":     raw("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: 5000\r\n\r\n<?xml"),
		"/headers":       raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 1000) + "\r\n"),
		"/status":        raw("HTTP/1.1 999 \x1b[31mred\r\nContent-Length: 0\r\n\r\n"),
		"/chunks":        raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
		"/http500":       status(500),
		"/http429":       status(429),
		"/html":          says("<!doctype html><html><h1>Moved</h1></html>"),
		"/empty":         says(""),
		"/picture":       send("Content-Type: image/png", "\x89PNG"),
		"/story*":        says(article),
		"/good.xml":      says(feedHead + `<item><link>/story-1</link></item><item><link>/story-2</link></item></channel></rss>`),
		"/good-map.xml":  says(`<urlset><url><loc>SELF/story-3</loc></url></urlset>`),
		"/good-too.json": says(`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","url":"SELF/story-4"}]}`),
	}
	expect = map[string]string{
		"/closed": "refused by robots.txt", "/h4-bomb": "larger than", "/h4-brotli": `packed as "br"`, "/h5-large": "larger than 10 MiB",
		"/h6-silent": "took longer", "/h7-loop": "more than 5 redirects", "/h8-metadata": "private address",
		"/h8-inside": "private address", "/h9-file": "not an http or https", "/h9-script": "not an http or https", "/h11-laughs": "entities",
		"/h11-deep": "nests", "/h34-type": "application/pdf", "/h34-root": "not a feed", "/h34-title": "", "/h34-password": "user name or password",
		"/no-http": "could not be read", "/cut-short": "broke the connection off", "/headers": "could not be read", "/status": "answered 999",
		"/chunks": "could not be read", "/http500": "answered 500", "/http429": "fewer requests", "/html": "HTML page", "/empty": "not a feed",
		"/picture": "image/png", "/good.xml": "", "/good-map.xml": "", "/good-too.json": "",
	}
	return pages, expect
}

// printable drops what cannot stand in a header or in XML, and keeps the rest.
func printable(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

// Whatever a server does, its source says in one sentence what happened, the sources
// beside it are read, and nothing in the log looks like a line of the log.
func TestHostileServer(t *testing.T) {
	pages, expect := hostile(t)
	s := serve(t, pages)
	cfg := quick(s)
	cfg.Timeout = 2 * time.Second
	cfg.Connections = 8
	m := newMemory()
	var log bytes.Buffer
	c, err := New(cfg, m, asArticle, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	c.transport.backoff = time.Millisecond
	defer c.Close()
	var sources []Source
	for path := range expect {
		kind := "feed"
		if strings.Contains(path, "map") {
			kind = "sitemap"
		}
		sources = append(sources, Source{Name: strings.Trim(path, "/"), URL: s.URL + path, Kind: kind})
	}
	sum, err := c.Run(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range expect {
		f := m.get(t, s.URL+path)
		if want == "" {
			wantOutcome(t, f, tenor.Done, "")
			continue
		}
		if !strings.HasPrefix(f.Reason, "source "+strings.Trim(path, "/")+": ") || !strings.Contains(f.Reason, want) || f.State == tenor.Done || f.State == tenor.Queued {
			t.Errorf("%s: %s, %q; want %q", path, f.State, f.Reason, want)
		}
		if f.Reason != sentence(f.Reason) || len(f.Reason) > 400 {
			t.Errorf("%s: no sentence: %q", path, f.Reason)
		}
	}
	if sum.Articles != 5 || sum.Failed+sum.Skipped != len(expect)-4 || m.count(tenor.Leased)+m.count(tenor.Queued) != 0 {
		t.Errorf("%+v", sum)
	}
	if s.count("/closed") != 0 {
		t.Error("a closed page was asked for")
	}
	line := regexp.MustCompile(`^time=\S+ level=(DEBUG|INFO|WARN|ERROR) msg=`)
	for text := range strings.Lines(log.String()) {
		bad := slices.ContainsFunc([]string{"\x1b", "\r", "\u202e", "\u2028", "hunter2", "level=ERROR"}, func(s string) bool { return strings.Contains(text, s) })
		if !line.MatchString(text) || bad {
			t.Errorf("a line of the log: %q", text)
		}
	}
}
