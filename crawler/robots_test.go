package crawler

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
)

func TestRobotRules(t *testing.T) {
	for _, test := range []struct {
		name, robots string
		allowed      string // paths, separated by spaces
		refused      string
	}{
		{"empty", "", "/ /a", ""},
		{"all", "User-agent: *\nDisallow: /", "/robots.txt", "/ /a /a?b"},
		{"none", "User-agent: *\nDisallow:", "/ /a", ""},
		{"prefix", "User-agent: *\nDisallow: /fish", "/ /Fish /cat/fish", "/fish /fish.html /fishheads/x /fish?id=1"},
		{"folder", "User-agent: *\nDisallow: /fish/", "/fish /fish.html", "/fish/ /fish/salmon"},
		{"longest wins", "User-agent: *\nDisallow: /p\nAllow: /page", "/page /pages/1", "/p /path"},
		{"order does not matter", "User-agent: *\nAllow: /page\nDisallow: /p", "/page", "/p"},
		{"equal: allow wins", "User-agent: *\nDisallow: /folder\nAllow: /folder", "/folder/x", ""},
		{"equal the other way round", "User-agent: *\nAllow: /folder\nDisallow: /folder", "/folder/x", ""},
		{"star", "User-agent: *\nDisallow: /*.php", "/ /php /a.html", "/a.php /a/b.php /a.php?x /x.php5"},
		{"star anchors at the start", "User-agent: *\nDisallow: /fish*.php", "/catfish/fish.php /Fish.php", "/fish.php /fishheads/c.php?id"},
		{"dollar", "User-agent: *\nDisallow: /*.php$", "/a.php?x /a.php5", "/a.php /x/a.php"},
		{"dollar alone", "User-agent: *\nDisallow: /$", "/a", "/"},
		{"dollar in the middle is a letter", "User-agent: *\nDisallow: /a$b", "/a /ab", "/a$b"},
		{"star before dollar", "User-agent: *\nDisallow: /a*$", "/b", "/a /abc"},
		{"wildcards count for length", "User-agent: *\nAllow: /page\nDisallow: /*.htm", "/page /page.x", "/page.htm /x.htm"},
		{"our group only", "User-agent: *\nDisallow: /\n\nUser-agent: Tenor\nDisallow: /private", "/a", "/private/x"},
		{"our group, any case, with version", "User-agent: TENOR/2.0\nDisallow: /x\nUser-agent: *\nDisallow: /", "/a", "/x"},
		{"our group twice", "User-agent: tenor\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: tenor\nDisallow: /b", "/c", "/a /b"},
		{"a longer name is not ours", "User-agent: tenorbot\nDisallow: /", "/a", ""},
		{"nor a shorter one", "User-agent: ten\nDisallow: /", "/a", ""},
		{"several agents share a group", "User-agent: other\nUser-agent: tenor\nDisallow: /x\n", "/y", "/x"},
		{"group with nothing in it", "User-agent: tenor\n\nUser-agent: *\nDisallow: /x", "/y", "/x"},
		{"an empty group of ours", "User-agent: *\nDisallow: /\nUser-agent: tenor\nDisallow:", "/y", ""},
		{"comments, spaces, case", "# hello\nUSER-AGENT : *  # all\n  DISALLOW :  /x  # not this\n", "/y", "/x"},
		{"bad lines are passed over", "Disallow: /early\nnonsense\nUser-agent: *\nCrawl-delay: soon\nDisallow: /x\nCrawl-delay\n", "/y /early", "/x"},
		{"carriage returns", "User-agent: *\rDisallow: /x\r\nDisallow: /y", "/z", "/x /y"},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /x", "/y", "/x"},
		{"escapes", "User-agent: *\nDisallow: /%7Ejoe/\nDisallow: /caf%c3%a9\nDisallow: /a%2fb", "/a/b", "/~joe/x /%7ejoe/ /caf%C3%A9 /a%2Fb"},
		{"letters beyond ASCII", "User-agent: *\nDisallow: /café", "/cafe", "/caf%C3%A9/x"},
		{"query", "User-agent: *\nDisallow: /*?sort=", "/a /a?page=2", "/a?sort=up /a/b?sort="},
		{"sitemap between the lines", "User-agent: *\nSitemap: https://a.example/s.xml\nDisallow: /x", "/y", "/x"},
		{"a page of HTML", "<!doctype html><title>Not found</title><p>Disallow: /", "/a", ""},
	} {
		rules := parseRobots([]byte(test.robots))
		for _, want := range []struct {
			paths string
			ok    bool
		}{{test.allowed, true}, {test.refused, false}} {
			for path := range strings.FieldsSeq(want.paths) {
				u, err := url.Parse("https://example.com" + path)
				if err != nil {
					t.Fatal(err)
				}
				if path != "/robots.txt" && rules.allow(u) != want.ok {
					t.Errorf("%s: %s allowed %t", test.name, path, !want.ok)
				}
			}
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"2": 2 * time.Second, "0.5": 500 * time.Millisecond, "86400": 300 * time.Second, "-1": 0, "NaN": 0, "Inf": 300 * time.Second, "x": 0,
	} {
		if got := parseRobots([]byte("User-agent: *\nCrawl-delay: " + text)).delay; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// What each answer for robots.txt means for the pages behind it (hazard H2).
func TestRobotsAnswers(t *testing.T) {
	elsewhere := serve(t, map[string]http.HandlerFunc{"/r": says("User-agent: *\nDisallow: /no\n")})
	for _, test := range []struct {
		name    string
		robots  http.HandlerFunc
		a, no   tenor.FetchState
		because string
	}{
		{"rules", says("User-agent: *\nDisallow: /no\n"), tenor.Done, tenor.Skipped, "refused by robots.txt"},
		{"404", status(404), tenor.Done, tenor.Done, ""},
		{"401", status(401), tenor.Done, tenor.Done, ""},
		{"403", status(403), tenor.Done, tenor.Done, ""},
		{"429", status(429), tenor.Failed, tenor.Failed, "the server answered 429"},
		{"500", status(500), tenor.Failed, tenor.Failed, "the server answered 500"},
		{"503", status(503), tenor.Failed, tenor.Failed, "the server answered 503"},
		{"no answer", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, tenor.Failed, tenor.Failed, "took longer"},
		{"broken connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, tenor.Failed, tenor.Failed, "could not be read"},
		{"redirect to another host", redirect(elsewhere.URL + "/r"), tenor.Done, tenor.Skipped, "refused by robots.txt"},
		{"redirect for ever", redirect("/robots.txt"), tenor.Done, tenor.Done, ""},
		{"redirect to a private address", redirect("http://127.0.0.9:1/robots.txt"), tenor.Skipped, tenor.Skipped, "private address"},
		{"ten megabytes", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "User-agent: *\nDisallow: /no\n")
			for range 10 << 10 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, tenor.Done, tenor.Skipped, "refused by robots.txt"},
		{"rules beyond 500 KiB", says("User-agent: *\n" + strings.Repeat("Allow: /some/where\n", 30<<10) + "Disallow: /no\n"), tenor.Done, tenor.Done, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, map[string]http.HandlerFunc{"/robots.txt": test.robots, "/*": says(article)})
			cfg := quick(s, elsewhere)
			cfg.Timeout = 500 * time.Millisecond
			c := newCrawler(t, cfg, nil, nil)
			a, reason := fetchReason(t, c, s.URL+"/a")
			no, because := fetchReason(t, c, s.URL+"/no")
			if a != test.a || no != test.no || !strings.Contains(reason+because, test.because) {
				t.Errorf("/a %s %q, /no %s %q", a, reason, no, because)
			}
			if no != tenor.Done && s.count("/no") != 0 {
				t.Error("a refused page was fetched")
			}
			if n := s.count("/robots.txt"); n > 6 {
				t.Errorf("robots.txt was asked for %d times", n)
			}
		})
	}
}

// A thousand pages that are refused cost one request.
func TestDisallowedPagesAreNeverAskedFor(t *testing.T) {
	var feed strings.Builder
	for i := range 1000 {
		feed.WriteString("<item><link>/private/" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + "?" + time.Duration(i).String() + "</link></item>")
	}
	s := serve(t, map[string]http.HandlerFunc{
		"/robots.txt": says("User-agent: Tenor\nDisallow: /private/\n"),
		"/feed":       says(`<?xml version="1.0"?><rss version="2.0"><channel>` + feed.String() + `</channel></rss>`),
	})
	cfg := quick(s)
	cfg.MaxPages = 2000
	sum := crawl(t, cfg, newMemory(), nil, "feed "+s.URL+"/feed")
	if s.total() != 2 || sum.Skipped != 1000 {
		t.Errorf("%d requests, %d skipped", s.total(), sum.Skipped)
	}
	if len(sum.Reasons) != 1 || sum.Reasons[0].Count != 1000 {
		t.Errorf("reasons %+v", sum.Reasons)
	}
}

func TestRobotsAreAskedForOnce(t *testing.T) {
	var n atomic.Int64
	begin := make(chan struct{})
	s := serve(t, map[string]http.HandlerFunc{"/*": says(article), "/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		<-begin
	}})
	c := newCrawler(t, quick(s), nil, nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { fetchReason(t, c, s.URL+"/a") })
	}
	close(begin)
	all.Wait()
	if n.Load() != 1 {
		t.Errorf("%d times", n.Load())
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\nCrawl-delay: 1e999", "/x?y")
	f.Fuzz(func(t *testing.T, robots, path string) {
		u, err := url.Parse("https://example.com/" + strings.TrimLeft(path, "/"))
		if err != nil {
			return
		}
		rules := parseRobots([]byte(robots))
		rules.allow(u)
		if rules.delay < 0 || rules.delay > maxCrawlDelay {
			t.Errorf("delay %s", rules.delay)
		}
	})
}

func BenchmarkRobotMatch(b *testing.B) {
	pattern, path := strings.Repeat("/*a", 200)+"$", strings.Repeat("/aaaa", 400)
	for b.Loop() {
		robotMatch(pattern, path)
	}
}
