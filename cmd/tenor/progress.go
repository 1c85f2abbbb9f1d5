package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"tenor/store"
)

// progress shows the state of a long work: one line that is rewritten where
// somebody watches, a plain line now and then elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	line     func() string

	mu    sync.Mutex
	shown bool // a line stands on the terminal
	done  chan struct{}
	wait  sync.WaitGroup
}

// How often the line is shown, on a terminal and elsewhere.
const (
	progressTerminal = 200 * time.Millisecond
	progressLog      = 10 * time.Second
)

// newProgress shows nothing yet; what is written to it goes to w.
func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), done: make(chan struct{})}
}

// start shows line() again and again until stop is called.
func (p *progress) start(line func() string) {
	p.line = line
	every := progressLog
	if p.terminal {
		every = progressTerminal
	}
	p.wait.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.show()
			case <-p.done:
				return
			}
		}
	})
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal {
		// Back to the line's start, and clear to its end. A line that wraps could not
		// be taken back.
		line := []rune(p.line())
		if width := columns(p.w); width > 0 && len(line) >= width {
			line = append(line[:max(width-2, 0)], '…')
		}
		fmt.Fprintf(p.w, "\r\x1b[K%s", string(line))
		p.shown = true
		return
	}
	fmt.Fprintln(p.w, p.line())
}

// Write prints something else between two showings of the line: log lines go
// through here, so that they do not land in the middle of it.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	return p.w.Write(b)
}

func (p *progress) clear() {
	if p.shown {
		io.WriteString(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// stop ends the showing and leaves an empty line behind.
func (p *progress) stop() {
	close(p.done)
	p.wait.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// steps shows how far a long work in the store has come, until stop is called.
func (a *app) steps() (report store.Progress, stop func()) {
	type state struct {
		step        string
		done, total int64
	}
	var now atomic.Pointer[state]
	now.Store(&state{step: "starting"})
	p := newProgress(a.stderr)
	p.start(func() string {
		s := now.Load()
		if s.total == 0 {
			return s.step
		}
		return fmt.Sprintf("%s: %d %%", s.step, 100*s.done/s.total)
	})
	return func(step string, done, total int64) { now.Store(&state{step, done, total}) }, p.stop
}
