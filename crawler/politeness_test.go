package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tenor"
)

// site answers for one host of a memoryNet; other paths are articles.
func site(pages map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h := pages[r.URL.Path]; h != nil {
			h(w, r)
		} else if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
		} else {
			says(article)(w, r)
		}
	}
}

func runIt(t *testing.T, c *Crawler, sources ...string) Summary {
	t.Helper()
	sum, err := c.Run(t.Context(), sourcesOf(t, sources...))
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// Fifty pages that five sources have on one host: one at a time, a second apart.
func TestFiveSourcesOfOneHostKeepTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pages := map[string]http.HandlerFunc{}
		var sources []string
		for i := range 5 {
			name := fmt.Sprintf("s%d", i)
			pages["/"+name+".xml"] = says(feedOf(name, 10))
			sources = append(sources, "feed http://ledger.example/"+name+".xml")
		}
		n := newMemoryNet(t, map[string]http.HandlerFunc{"ledger.example": site(pages)})
		sum := runIt(t, n.crawler(t, Config{}, newMemory(), nil), sources...)
		if sum.Articles != 50 || len(n.of("ledger.example")) != 50+5+1 {
			t.Errorf("%d articles, %d requests", sum.Articles, len(n.of("ledger.example")))
		}
		n.gaps(t, "ledger.example", time.Second)
	})
}

func TestCrawlDelayIsKept(t *testing.T) {
	for asked, want := range map[string]time.Duration{"7": 7 * time.Second, "0.1": time.Second, "86400": 300 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			n := newMemoryNet(t, map[string]http.HandlerFunc{
				"ledger.example": site(map[string]http.HandlerFunc{"/feed": says(feedOf("a", 4)), "/robots.txt": says("User-agent: *\nCrawl-delay: " + asked)}),
				"other.example":  site(map[string]http.HandlerFunc{"/feed": says(feedOf("a", 4))}),
			})
			sum := runIt(t, n.crawler(t, Config{}, newMemory(), nil), "feed http://ledger.example/feed", "feed http://other.example/feed")
			if sum.Articles != 8 {
				t.Errorf("%+v", sum)
			}
			n.gaps(t, "ledger.example", want)
			others := n.of("other.example")
			if took := others[len(others)-1].at.Sub(others[0].at); took > 6*time.Second {
				t.Errorf("Crawl-delay: %s held up another host for %s", asked, took)
			}
		})
	}
}

func TestRetryAfterIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		n := newMemoryNet(t, map[string]http.HandlerFunc{"ledger.example": site(map[string]http.HandlerFunc{
			"/feed": says(feedOf("a", 3)),
			"/a/1": func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) == 1 {
					w.Header().Set("Retry-After", "45")
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				says(article)(w, r)
			},
		})})
		if sum := runIt(t, n.crawler(t, Config{}, newMemory(), nil), "feed http://ledger.example/feed"); sum.Articles != 3 {
			t.Errorf("%+v", sum)
		}
		list := n.of("ledger.example")
		for i, r := range list[:len(list)-1] {
			if r.path == "/a/1" && asked.Load() > 1 && list[i+1].path == "/a/1" {
				if waited := list[i+1].at.Sub(r.left); waited < 45*time.Second {
					t.Errorf("asked again after %s", waited)
				}
				return
			}
		}
		t.Error("the page was not asked for again next")
	})
}

// Of twenty hosts five send a byte a second. The others are read at the pace at which
// they are read without them.
func TestSlowHostsDoNotHoldUpOthers(t *testing.T) {
	crawl := func(slow int) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			hosts := map[string]http.HandlerFunc{}
			var sources []string
			for i := range 20 {
				host := fmt.Sprintf("h%02d.example", i)
				if i < 5 {
					if i >= slow {
						continue
					}
					hosts[host] = site(map[string]http.HandlerFunc{"/feed": func(w http.ResponseWriter, r *http.Request) {
						for {
							if _, err := io.WriteString(w, " "); err != nil {
								return
							}
							w.(http.Flusher).Flush()
							select {
							case <-time.After(time.Second):
							case <-r.Context().Done():
								return
							}
						}
					}})
				} else {
					hosts[host] = site(map[string]http.HandlerFunc{"/feed": says(feedOf("a", 20))})
				}
				sources = append(sources, "feed http://"+host+"/feed")
			}
			n := newMemoryNet(t, hosts)
			start := time.Now()
			sum := runIt(t, n.crawler(t, Config{}, newMemory(), nil), sources...)
			if sum.Articles != 15*20 || sum.Failed != slow {
				t.Errorf("%d articles, %d failed", sum.Articles, sum.Failed)
			}
			for i := 5; i < 20; i++ {
				list := n.of(fmt.Sprintf("h%02d.example", i))
				took = max(took, list[len(list)-1].at.Sub(start))
			}
		})
		return took
	}
	alone, beside := crawl(0), crawl(5)
	if alone == 0 || beside > alone*10/9 {
		t.Errorf("fifteen hosts took %s, beside five slow ones %s", alone, beside)
	}
}

// Told to stop, a crawl does not wait: not for servers that do not answer, nor for
// turns, pauses and retries.
func TestCancelWaitsForNothing(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, pages := range map[string]map[string]http.HandlerFunc{
		"a page that hangs":           {"/feed": says(feedOf("a", 500)), "/a/3": hang},
		"robots.txt that hangs":       {"/robots.txt": hang},
		"a Crawl-delay":               {"/feed": says(feedOf("a", 500)), "/robots.txt": says("User-agent: *\nCrawl-delay: 290")},
		"a Retry-After":               {"/feed": says(feedOf("a", 500)), "/a/1": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "55"); w.WriteHeader(503) }},
		"the second between requests": {"/feed": says(feedOf("a", 500))},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newMemoryNet(t, map[string]http.HandlerFunc{"ledger.example": site(pages)})
			m := newMemory()
			c := n.crawler(t, Config{}, m, nil)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() {
				_, err := c.Run(ctx, sourcesOf(t, "feed http://ledger.example/feed"))
				ended <- err
			}()
			time.Sleep(10*time.Second + time.Millisecond)
			synctest.Wait()
			told := time.Now()
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) || time.Since(told) > 0 {
				t.Errorf("%s: %v after %s", name, err, time.Since(told))
			}
			if m.count(tenor.Leased) != 0 || m.count(tenor.Failed) > 0 {
				t.Errorf("%s: %d left leased, %d failed", name, m.count(tenor.Leased), m.count(tenor.Failed))
			}
		})
	}
}

// A source that is dead for thirty days, in whatever way, is asked in each crawl and
// resumes when it lives again.
func TestDeadSourcesResume(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	deaths := map[string]http.HandlerFunc{
		"http500": status(500), "http404": status(404), "http403": status(403), "http410": status(410), "http429": status(429),
		"html": says("<!doctype html><html>Under construction</html>"), "broken": says(`<?xml version="1.0"?><rss><channel><item>`),
		"silent": hang, "loop": redirect("/feed"), "dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"bomb": says(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>`),
	}
	synctest.Test(t, func(t *testing.T) {
		var alive atomic.Bool
		hosts := map[string]http.HandlerFunc{}
		var sources []string
		for name, death := range deaths {
			hosts[name+".example"] = func(w http.ResponseWriter, r *http.Request) {
				switch {
				case alive.Load():
					site(map[string]http.HandlerFunc{"/feed": says(feedOf("a", 1))})(w, r)
				case r.URL.Path == "/robots.txt" && name != "silent":
					http.NotFound(w, r)
				default:
					death(w, r)
				}
			}
			sources = append(sources, "feed http://"+name+".example/feed")
		}
		n := newMemoryNet(t, hosts)
		m := newMemory()
		c := n.crawler(t, Config{}, m, nil) // one for all thirty days: what it remembers of a host must expire
		for day := range 30 {
			if sum := runIt(t, c, sources...); sum.Failed != len(deaths) || sum.Articles != 0 {
				t.Fatalf("day %d: %+v", day, sum)
			}
			time.Sleep(24 * time.Hour)
		}
		alive.Store(true)
		if sum := runIt(t, c, sources...); sum.Articles != len(deaths) {
			t.Errorf("when they live again: %+v", sum)
		}
	})
}

// robots.txt is read again after a day, and sooner from a server that failed.
func TestRobotsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rules atomic.Value
		rules.Store(status(503))
		n := newMemoryNet(t, map[string]http.HandlerFunc{"ledger.example": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				rules.Load().(http.HandlerFunc)(w, r)
				return
			}
			says(article)(w, r)
		}})
		c := n.crawler(t, Config{}, newMemory(), nil)
		state := func(want tenor.FetchState) {
			t.Helper()
			if got, reason := fetchReason(t, c, "http://ledger.example/a"); got != want {
				t.Errorf("%s, %q; want %s", got, reason, want)
			}
		}
		state(tenor.Failed)
		rules.Store(says("User-agent: *\nDisallow: /\n"))
		state(tenor.Failed) // as yet
		time.Sleep(robotsRetry)
		state(tenor.Skipped)
		rules.Store(status(404))
		time.Sleep(23 * time.Hour)
		state(tenor.Skipped)
		time.Sleep(time.Hour)
		state(tenor.Done)
	})
}

// An endless calendar that is crawled every half hour yields no more pages of its host
// than one day may have, none of them twice; the next day it goes on.
func TestHostPagesOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var pages atomic.Int64
		n := newMemoryNet(t, map[string]http.HandlerFunc{"trap.example": site(map[string]http.HandlerFunc{
			"/calendar": func(w http.ResponseWriter, r *http.Request) {
				var text strings.Builder
				for range 40 {
					fmt.Fprintf(&text, `<a href="/days/what-happens-on-day-%d">x</a>`, pages.Add(1))
				}
				says("<html>"+text.String())(w, r)
			},
		})})
		m := newMemory()
		c := n.crawler(t, Config{Delay: NoDelay, HostPages: 100}, m, nil)
		taken := func() (articles int) {
			for range 48 {
				articles += runIt(t, c, "listing http://trap.example/calendar").Articles
				time.Sleep(30 * time.Minute)
			}
			return articles
		}
		if first, second := taken(), taken(); first != 100 || second != 100 {
			t.Errorf("%d pages on the first day, %d on the second", first, second)
		}
		seen := map[string]bool{}
		for _, r := range n.of("trap.example") {
			if strings.HasPrefix(r.path, "/days/") && seen[r.path] {
				t.Errorf("%s was fetched twice", r.path)
			}
			seen[r.path] = true
		}
		if waiting := m.count(tenor.Queued); waiting > 100 {
			t.Errorf("%d addresses of the trap wait", waiting)
		}
		for _, f := range m.known {
			if f.State == tenor.Queued && !strings.Contains(f.Reason, "limit of 100 pages for one host and day") {
				t.Errorf("%s waits because: %q", f.URL, f.Reason)
			}
		}
	})
}
