package store

import (
	"context"
	"database/sql"
	"sync"
)

// mostTogether bounds how many writes share one transaction: some 4,000 quotes, half a
// second. The more there are the fewer pages are written, for many change in each.
const mostTogether = 512

// group gathers writes that are asked for while another is being committed, and gives
// them one transaction: a third of what saving an article took was its commit, in which
// FTS5 writes out its index. What can be settled for all of them at once is (batch).
type group struct {
	mu      sync.Mutex
	waiting []*waitingWrite
	running bool
	names   nameMemory // only writeBatch uses it: one at a time
}

type waitingWrite struct {
	ctx  context.Context
	fn   func(b *batch) error
	done chan error
}

// together runs fn in a write transaction that it may share, and waits for the commit.
// When one of those that share fails each gets a transaction of its own, so fn may run
// twice; nobody's failure is another's. Like tx it is not interrupted once begun.
func (s *Store) together(ctx context.Context, fn func(b *batch) error) error {
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
		list := g.waiting[:min(len(g.waiting), mostTogether)]
		g.waiting = g.waiting[len(list):]
		if len(list) == 0 {
			g.running = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		s.writeWaiting(list)
	}
}

func (s *Store) writeWaiting(list []*waitingWrite) {
	begun := list[:0:0]
	for _, w := range list {
		if err := w.ctx.Err(); err != nil {
			w.done <- err
			continue
		}
		begun = append(begun, w)
	}
	if len(begun) == 0 {
		return
	}
	err := s.writeBatch(context.Background(), begun)
	for _, w := range begun {
		if err != nil && len(begun) > 1 {
			w.done <- s.writeBatch(w.ctx, []*waitingWrite{w})
			continue
		}
		w.done <- err
	}
}

// writeBatch runs writes in one transaction, with what is known of the names in the store
// from the batches before.
func (s *Store) writeBatch(ctx context.Context, list []*waitingWrite) error {
	names := &s.group.names
	err := s.writing(ctx, func(ctx context.Context) error {
		return inTx(ctx, s.write, func(ctx context.Context, tx *sql.Tx) error {
			if err := names.begin(ctx, tx, s.written.Load()); err != nil {
				return err
			}
			b := newBatch(ctx, tx, names)
			for _, w := range list {
				if err := w.fn(b); err != nil {
					return err
				}
			}
			return b.finish()
		})
	})
	if err != nil {
		names.forget() // it may hold what was rolled back
	}
	return err
}
