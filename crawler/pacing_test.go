package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tenor"
)

// Fifty requests that five sources make of one host: one at a time, a second
// between them (hazard H3). The clock is the test's own.
func TestPacerKeepsTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Second, 1)
		var mu sync.Mutex
		var last time.Time
		var inside int
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				for range 10 {
					release, err := p.acquire(t.Context(), "a.example")
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if inside++; inside > 1 {
						t.Error("two requests at one time")
					}
					if gap := time.Since(last); gap < time.Second {
						t.Errorf("a gap of %s", gap)
					}
					mu.Unlock()
					time.Sleep(30 * time.Millisecond) // the answer takes its time
					mu.Lock()
					inside--
					last = time.Now()
					mu.Unlock()
					release()
				}
			})
		}
		all.Wait()
	})
}

func TestPacerHoldsAndSlows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Second, 1)
		ask := func(host string) time.Duration {
			start := time.Now()
			release, err := p.acquire(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			release()
			return time.Since(start)
		}
		ask("a.example") // its robots.txt
		p.slow("a.example", 10*time.Second)
		if got := ask("a.example"); got != 10*time.Second {
			t.Errorf("Crawl-delay: waited %s", got)
		}
		if got := ask("b.example"); got != 0 {
			t.Errorf("another host waited %s", got)
		}
		p.hold("b.example", time.Now().Add(time.Minute))
		if got := ask("b.example"); got != time.Minute {
			t.Errorf("Retry-After: waited %s", got)
		}
		p.slow("b.example", time.Hour)
		if got := ask("b.example"); got != maxCrawlDelay {
			t.Errorf("Crawl-delay of an hour: waited %s", got)
		}
		p.slow("c.example", time.Millisecond)
		ask("c.example")
		if got := ask("c.example"); got != time.Second {
			t.Errorf("a short Crawl-delay: waited %s", got)
		}
	})
}

func TestPacerLetsGoOnCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Hour, 1)
		release, _ := p.acquire(t.Context(), "a.example")
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			go func() {
				if _, err := p.acquire(ctx, "a.example"); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
			}()
		}
		synctest.Wait()
		release()
		synctest.Wait() // one of them now waits for the hour to pass
		start := time.Now()
		cancel()
		synctest.Wait()
		if time.Since(start) != 0 {
			t.Errorf("waited %s after the cancel", time.Since(start))
		}
		if p.hosts["a.example"].users != 0 || len(p.hosts["a.example"].turn) != 0 {
			t.Error("the turn was not given back")
		}
	})
}

// A server of one's own may be asked for several pages at one time, and no other.
func TestConnections(t *testing.T) {
	if _, err := New(Config{Connections: 2, Delay: time.Second}, nil, nil, nil); !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("two connections with a pause between requests: %v", err)
	}
	const together = 4
	var inside atomic.Int64
	all := make(chan struct{})
	s := serve(t, map[string]http.HandlerFunc{"/robots.txt": status(404), "/*": func(w http.ResponseWriter, r *http.Request) {
		if inside.Add(1) == together {
			close(all)
		}
		<-all
		says(article)(w, r)
	}})
	cfg := quick(s)
	cfg.Connections = together
	var pages []string
	for i := range together {
		pages = append(pages, fmt.Sprintf("page %s/%d", s.URL, i))
	}
	if sum := crawl(t, cfg, newMemory(), nil, pages...); sum.Articles != together {
		t.Errorf("%+v", sum)
	}
}

func TestPacerForgetsHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Second, 1)
		for i := range 3 * maxHosts {
			release, _ := p.acquire(t.Context(), time.Duration(i).String())
			release()
			time.Sleep(time.Millisecond)
		}
		if len(p.hosts) > maxHosts {
			t.Errorf("%d hosts remembered", len(p.hosts))
		}
	})
}
