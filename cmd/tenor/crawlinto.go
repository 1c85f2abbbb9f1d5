package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenor"
	"tenor/crawler"
	"tenor/store"
)

// crawlInto collects sources into an open store, showing its progress, and prints
// what came of it. Where pages fail the rest is still taken.
func (a *app) crawlInto(ctx context.Context, s *store.Store, cfg crawler.Config, sources []crawler.Source) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	in := &intake{store: s, tagger: tagger, now: a.now, outlets: map[string]string{}}
	// An earlier run may have left pages of sources that are not named now.
	for _, source := range slices.Concat(cfg.Sources, sources) {
		in.outlets[source.Name] = source.Outlet
	}
	shown := newProgress(a.stderr)
	c, err := crawler.New(cfg, s, in.page, a.logger(shown))
	if err != nil {
		return err
	}
	release, err := s.LockCrawl(ctx)
	if err != nil {
		return err
	}
	defer release()
	requeued, err := s.Resume(ctx)
	if err != nil {
		return fmt.Errorf("go on with the last crawl: %w", err)
	}
	if requeued > 0 {
		a.warn("Going on with %s that an earlier run left.", plural(requeued, "page"))
	}
	a.notices = shown
	shown.start(func() string {
		p := c.Progress()
		return fmt.Sprintf("%s done, %d queued, %d skipped, %d failed; %s found",
			plural(p.Done, "page"), p.Queued, p.Skipped, p.Failed, plural(int(in.quotes.Load()), "quote"))
	})
	summary, err := c.Run(ctx, sources)
	shown.stop()
	a.summarise(summary, in)
	if err == nil { // of a run that was broken off nobody knows what it would have left out
		err = noteLeftOut(ctx, s, summary, sources)
	}
	switch {
	case ctx.Err() != nil:
		a.warn("Stopped. Run the same command again to go on; %s waiting.", plural(summary.Queued, "page"))
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("crawl: %w", err)
	case summary.Fetched == 0 && summary.Failed+summary.Skipped > 0:
		return errors.New("nothing could be collected; the reasons stand above, and tenor sources lists them")
	}
	return nil
}

func noteLeftOut(ctx context.Context, s *store.Store, summary crawler.Summary, sources []crawler.Source) error {
	for _, source := range sources {
		if err := s.LeftOut(ctx, source.Name, summary.LeftOut[source.Name]); err != nil {
			return err
		}
	}
	return nil
}

// summarise says what a crawl took, and for what it did not take, why.
func (a *app) summarise(s crawler.Summary, in *intake) {
	left := ""
	if s.Queued > 0 {
		left = fmt.Sprintf(", %d left for the next crawl", s.Queued)
	}
	a.warn("%s with %s from %s; %d skipped, %d failed%s.", plural(int(in.articles.Load()), "article"),
		plural(int(in.quotes.Load()), "quote"), plural(s.Fetched, "page"), s.Skipped+s.Dropped, s.Failed, left)
	in.warnAhead(a.warn)
	for _, r := range s.Reasons {
		a.warn("%s", reasonLine(r, ""))
	}
}

// reasonLine is a reason with its count and one address or file, to look at. Under
// the heading of a source its name is not said again.
func reasonLine(r tenor.ReasonCount, source string) string {
	reason := strings.TrimPrefix(r.Reason, "source "+source+": ")
	line := fmt.Sprintf("  %5d %-7s  %s", r.Count, r.State, oneLine(reason))
	example := strings.TrimPrefix(r.Example, "file:")
	if example == "" || strings.Contains(reason, example) {
		return line
	}
	if r.Count > 1 {
		example = "such as " + example
	}
	return line + " (" + oneLine(example) + ")"
}
