package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"

	"tenor"
)

// countingStore notes how many pages ask for the totals at once, and lets each
// wait for the next as long as fewer than enough are there.
type countingStore struct {
	Store
	mu        sync.Mutex
	here, max int
	enough    int
	full      chan struct{}
}

func (s *countingStore) Totals(ctx context.Context) (tenor.Totals, error) {
	s.mu.Lock()
	if s.here++; s.here > s.max {
		s.max = s.here
	}
	if s.here == s.enough {
		close(s.full)
		s.enough = -1
	}
	s.mu.Unlock()
	<-s.full
	defer func() { s.mu.Lock(); s.here--; s.mu.Unlock() }()
	return s.Store.Totals(ctx)
}

// However many ask at once, only so many pages are worked on, and all are answered.
func TestPagesTakeTurns(t *testing.T) {
	most := turnsPerCore * runtime.GOMAXPROCS(0)
	s := &countingStore{Store: emptyStore(t), enough: most, full: make(chan struct{})}
	h := handlerOf(t, s, Options{})
	var wg sync.WaitGroup
	for range 4 * most {
		wg.Go(func() {
			if w := ask(t, h, "/about"); w.Code != http.StatusOK {
				t.Errorf("answers %d", w.Code)
			}
		})
	}
	wg.Wait()
	if s.max != most {
		t.Errorf("%d pages at once, want %d", s.max, most)
	}
}

// stuckReader is a client that takes nothing until it is let go.
type stuckReader struct {
	*httptest.ResponseRecorder
	begun chan<- struct{}
	let   <-chan struct{}
}

func (s stuckReader) Write(p []byte) (int, error) {
	s.begun <- struct{}{}
	<-s.let
	return len(p), nil
}

// Clients that read nothing must not keep the pages from others.
func TestSlowReadersHoldUpNobody(t *testing.T) {
	h := handlerOf(t, emptyStore(t), Options{})
	begun, let := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	for range turnsPerCore*runtime.GOMAXPROCS(0) + 1 {
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/about", nil)
			h.ServeHTTP(stuckReader{httptest.NewRecorder(), begun, let}, r)
		})
		<-begun
	}
	if w := ask(t, h, "/about"); w.Code != http.StatusOK {
		t.Errorf("answers %d", w.Code)
	}
	close(let)
	wg.Wait()
}
