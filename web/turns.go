package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"
)

// turnsPerCore is how many pages are worked on at once for each core. More would
// only share the cores out: all get slower together, and the memory of all is held.
const turnsPerCore = 2

// maxWait is how long a request waits for its turn.
const maxWait = 5 * time.Second

// turns are handed out in the order asked for.
type turns chan struct{}

func newTurns() turns { return make(turns, turnsPerCore*runtime.GOMAXPROCS(0)) }

// work answers a request in its turn, within the time that one query may take. What
// the handler writes is sent after the turn is over, so that a slow reader holds
// up nobody.
func (v *view) work(w http.ResponseWriter, r *http.Request, h handler) error {
	out := &heldAnswer{ResponseWriter: w}
	if err := v.inTurn(out, r, h); err != nil {
		return err
	}
	if out.status != 0 {
		w.WriteHeader(out.status)
	}
	if _, err := w.Write(out.body.Bytes()); err != nil {
		v.log.Debug("client left", "path", r.URL.Path, "error", err)
	}
	return nil
}

func (v *view) inTurn(w http.ResponseWriter, r *http.Request, h handler) error {
	wait := time.NewTimer(maxWait)
	defer wait.Stop()
	select {
	case v.turns <- struct{}{}:
		defer func() { <-v.turns }()
	case <-wait.C:
		w.Header().Set("Retry-After", "5")
		return &httpError{status: http.StatusServiceUnavailable, sentence: "Too many ask at once: try again in a few seconds."}
	case <-r.Context().Done():
		return r.Context().Err()
	}
	ctx, cancel := context.WithTimeout(r.Context(), v.queryTime)
	defer cancel()
	return late(ctx, h(w, r.WithContext(ctx)))
}

// late is the error of a handler, or that its time ran out, which the store's
// driver reports in words of its own ("interrupted").
func late(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// heldAnswer keeps an answer until its turn is over; headers go through.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) WriteHeader(status int)      { a.status = status }
func (a *heldAnswer) Write(p []byte) (int, error) { return a.body.Write(p) }
