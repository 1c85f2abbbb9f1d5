package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

const (
	// How often the schedule and tenor.toml are looked at while nothing is due.
	schedulerLook = 10 * time.Second
	// A round that others wait for goes on for this long at least.
	leastRound = time.Minute
	// What a round left in the queue is taken up again after this time.
	leftAgain = 15 * time.Minute
	// After an error that is no source's (a full disk) all wait, up to this long.
	mostTrouble = 15 * time.Minute
)

// scheduler visits sources when they are due, for ever: in rounds, each a crawl of what is
// due. Between rounds other programs may crawl into the store.
type scheduler struct {
	app    *app
	store  *store.Store
	tagger *nlp.Tagger
	o      *crawlOptions
	args   []string

	look    time.Duration // schedulerLook, save in tests
	folders folderWatches
	file    []byte // tenor.toml as last read with success
	sources []crawler.Source
	c       *collector
	// What was warned of last, of the file and of a round: it is not said again and again.
	saidFile, saidRound string
}

// crawlEvery crawls until ctx is done, which is no error.
func (a *app) crawlEvery(ctx context.Context, o *crawlOptions, args []string) error {
	s, err := a.openStore(ctx, store.CheckAlways)
	if err != nil {
		return err
	}
	defer s.Close()
	w, err := a.newScheduler(ctx, s, o, args)
	if err != nil {
		return err
	}
	w.run(ctx)
	return nil
}

// newScheduler reads the configuration and looks whether another program crawls into the
// store: these are errors now and later only reasons to wait.
func (a *app) newScheduler(ctx context.Context, s *store.Store, o *crawlOptions, args []string) (*scheduler, error) {
	if o.every < crawler.MinEvery || o.every > crawler.MaxEvery {
		return nil, usage("--every %s: the time between two visits must be from 1m to 720h", o.every)
	}
	release, err := s.LockCrawl(ctx)
	if err != nil {
		return nil, err
	}
	release()
	tagger, err := a.tagger()
	if err != nil {
		return nil, err
	}
	w := &scheduler{app: a, store: s, tagger: tagger, o: o, args: args, look: schedulerLook}
	if err := w.load(); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *scheduler) run(ctx context.Context) {
	defer func() { w.c.crawler.Close() }()
	defer w.folders.end()
	w.say("Watching %s; Ctrl-C ends it.", plural(len(w.sources), "source"))
	left, trouble := time.Now(), time.Duration(0) // at first what an earlier run left is taken up
	for ctx.Err() == nil {
		w.reload()
		folders, _ := partFolders(unpaused(w.sources))
		w.folders.set(ctx, folders, w.watchFolder)
		due, next, err := w.due(ctx)
		if err == nil && (len(due) > 0 || !left.IsZero() && !time.Now().Before(left)) {
			left, err = w.round(ctx, due, next)
		}
		wait := w.look
		switch {
		case ctx.Err() != nil:
		case err != nil:
			w.warn(&w.saidRound, err.Error()+"; it is tried again")
			trouble = min(max(2*trouble, w.look), mostTrouble)
			wait = trouble
		default:
			trouble, w.saidRound = 0, ""
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	w.folders.end() // what the folders still say comes before
	w.say("Stopped.")
}

// load reads tenor.toml, and makes a collector of it unless it is as before.
func (w *scheduler) load() error {
	path, named := w.app.configPath()
	text, err := os.ReadFile(path)
	if w.c != nil && err == nil && bytes.Equal(text, w.file) {
		return nil
	}
	cfg, sources, err := w.o.sources(path, named, w.args)
	if w.c != nil && errors.Is(err, errNoSource) { // the last one was removed
		err = nil
	}
	if err != nil {
		return err
	}
	if len(w.args) == 0 {
		sources = cfg.Sources // those that are paused may be resumed
	}
	c, err := w.app.newCollector(w.store, w.tagger, cfg, sources, w.app.stderr)
	if err != nil {
		return err
	}
	c.pace = tenor.Pace{Min: w.o.every}
	if w.c != nil {
		w.c.crawler.Close()
		w.say("%s was read again: %s.", path, plural(len(sources), "source"))
	}
	w.file, w.sources, w.c = text, sources, c
	for _, exception := range c.crawler.Exceptions(sources) {
		w.say("  %s", exception)
	}
	return nil
}

// reload reads a tenor.toml that was changed. One that is broken or gone is told of, and
// the one before goes on.
func (w *scheduler) reload() {
	if len(w.file) == 0 && len(w.args) > 0 {
		return // addresses alone
	}
	if err := w.load(); err != nil {
		w.warn(&w.saidFile, plain(err)+"; the sources stay as they were")
		return
	}
	w.saidFile = ""
}

// due are the sources to visit now, and when the next of the others is.
func (w *scheduler) due(ctx context.Context) (due []crawler.Source, next time.Time, err error) {
	visits, err := w.store.Visits(ctx)
	if err != nil {
		return nil, next, err
	}
	now := time.Now()
	for _, s := range w.sources {
		v := visits[s.Name]
		switch {
		case s.Paused, s.IsFolder(): // a folder is watched, see folders.go
		case s.Kind == "page" && !v.LastSuccess.IsZero():
			// It was read, and is no list of others.
		case v.Due(now, w.c.paceOf(s)):
			due = append(due, s)
		case next.IsZero() || v.Next.Before(next):
			next = v.Next
		}
	}
	return due, next, nil
}

// round visits what is due. It ends when all is done, or when it has gone on for as long
// as any source may wait: a host that wants a minute between two pages, and has 500 of
// them, holds up nobody. What is left comes in the next round; left says when it is taken
// up if no source is due before.
func (w *scheduler) round(ctx context.Context, due []crawler.Source, next time.Time) (left time.Time, err error) {
	_, release, err := w.c.begin(ctx)
	if err != nil {
		return time.Now(), err
	}
	defer release()
	articles, quotes := w.c.in.articles.Load(), w.c.in.quotes.Load()
	end := time.Now().Add(w.o.every)
	if !next.IsZero() && next.Before(end) {
		end = next
	}
	timer := time.AfterFunc(max(time.Until(end), leastRound), w.c.crawler.StopSoon)
	defer timer.Stop()
	summary, err := w.c.run(ctx, due, due)
	if summary.Fetched+summary.Failed+summary.Skipped > 0 {
		w.say("%s  %s", time.Now().Format("2006-01-02 15:04"),
			summaryLine(summary, int(w.c.in.articles.Load()-articles), int(w.c.in.quotes.Load()-quotes)))
		w.c.in.warnAhead(w.say)
		for _, r := range summary.Reasons {
			if r.State == tenor.Failed || w.app.verbose {
				w.say("%s", reasonLine(r))
			}
		}
	}
	if summary.Queued > 0 {
		return time.Now().Add(leftAgain), err
	}
	return time.Time{}, err
}

func (w *scheduler) say(format string, args ...any) {
	w.app.warn("%s", printable(fmt.Sprintf(format, args...)))
}

// warn says what is wrong, once for as long as it stays so.
func (w *scheduler) warn(said *string, text string) {
	if text != *said {
		*said = text
		w.say("%s", oneLine(text))
	}
}
