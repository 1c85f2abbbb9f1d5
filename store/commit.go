package store

import (
	"context"
	"database/sql"
	"sync"
)

// mostTogether bounds how many writes share one transaction.
const mostTogether = 64

// group gathers writes that are asked for while another is being committed, and gives
// them one transaction: a third of what saving an article took was its commit, in which
// FTS5 writes out its index.
type group struct {
	mu      sync.Mutex
	waiting []*waitingWrite
	running bool
}

type waitingWrite struct {
	ctx  context.Context
	fn   func(ctx context.Context, tx *sql.Tx) error
	done chan error
}

// together runs fn in a write transaction that it may share, and waits for the commit.
// When one of those that share fails each gets a transaction of its own, so fn may run
// twice; nobody's failure is another's. Like tx it is not interrupted once begun.
func (s *Store) together(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	w := &waitingWrite{ctx, fn, make(chan error, 1)}
	g := &s.group
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	if !g.running {
		g.running = true
		go s.writeTogether()
	}
	g.mu.Unlock()
	return <-w.done
}

// writeTogether writes until nobody waits.
func (s *Store) writeTogether() {
	g := &s.group
	for {
		g.mu.Lock()
		batch := g.waiting[:min(len(g.waiting), mostTogether)]
		g.waiting = g.waiting[len(batch):]
		if len(batch) == 0 {
			g.running = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		s.writeBatch(batch)
	}
}

func (s *Store) writeBatch(batch []*waitingWrite) {
	begun := batch[:0:0]
	for _, w := range batch {
		if err := w.ctx.Err(); err != nil {
			w.done <- err
			continue
		}
		begun = append(begun, w)
	}
	if len(begun) == 0 {
		return
	}
	err := s.tx(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, w := range begun {
			if err := w.fn(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range begun {
		if err != nil && len(begun) > 1 {
			w.done <- s.tx(w.ctx, w.fn)
			continue
		}
		w.done <- err
	}
}
