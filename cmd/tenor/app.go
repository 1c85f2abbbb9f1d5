package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"tenor/nlp"
	"tenor/store"
)

// app is what all commands share. Data goes to stdout, everything else to stderr.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time

	db      string // path of the store
	config  string // path of the configuration; empty for the one that lies here, if any
	verbose bool

	notices io.Writer // where what happens in passing is told; stderr when nil
}

func newApp() *app {
	return &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
}

// defaultDB is the store's path where neither --db nor $TENOR_DB names one.
const defaultDB = "tenor.db"

func dbFromEnvironment() string {
	if path := os.Getenv("TENOR_DB"); path != "" {
		return path
	}
	return defaultDB
}

// logger writes plain lines: warnings, and with --verbose what is being done.
func (a *app) logger(w io.Writer) *slog.Logger {
	level := slog.LevelWarn
	if a.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// openStore opens the store for writing, and creates it where there is none. While the
// disk is full writing waits, and the work with it.
func (a *app) openStore(ctx context.Context, check store.Check) (*store.Store, error) {
	return store.Open(ctx, a.db, store.Options{Create: true, Now: a.now, Upgrading: a.upgrading, OnFull: a.full, Check: check})
}

func (a *app) full(full bool) {
	w := a.notices
	if w == nil {
		w = a.stderr
	}
	if full {
		fmt.Fprintf(w, "The disk is full: writing to %s waits. Free some space there and it goes on by itself; or stop with Ctrl-C and run the same command again later. Nothing is lost.\n", a.db)
		return
	}
	fmt.Fprintln(w, "There is room again: going on.")
}

// upgrading says what is being done with a store of an older Tenor.
func (a *app) upgrading(doing string) {
	a.warn("%s is of an older Tenor: %s.", a.db, doing)
}

// readStore opens a store that must be there.
func (a *app) readStore(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, a.db, store.Options{ReadOnly: true, Now: a.now})
}

// tagger is the tagger with the themes and subjects of the configuration.
func (a *app) tagger() (*nlp.Tagger, error) {
	topics, err := a.topics()
	if err != nil {
		return nil, err
	}
	t, err := nlp.NewWith(topics)
	if err != nil {
		return nil, fmt.Errorf("load the tagger: %w", err)
	}
	return t, nil
}

// warn tells the user of something that does not stop the work.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.stderr, format+"\n", args...)
}

// width is the number of columns of the terminal that stdout is, or 0 where it is
// none.
func (a *app) width() int { return columns(a.stdout) }

func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			return w
		}
	}
	return 0
}

// isTerminal reports whether somebody watches the stream.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
