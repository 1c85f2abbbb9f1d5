package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

// collector crawls into an open store by one configuration.
type collector struct {
	app     *app
	store   *store.Store
	crawler *crawler.Crawler
	in      *intake
	// pace bounds the time between two visits of sources that do not say it themselves.
	pace tenor.Pace
}

func (a *app) newCollector(s *store.Store, tagger *nlp.Tagger, cfg crawler.Config, sources []crawler.Source, log io.Writer) (*collector, error) {
	// An earlier run may have left pages of sources that are not named now.
	in := newIntake(s, tagger, a.now, slices.Concat(cfg.Sources, sources)...)
	c, err := crawler.New(cfg, s, in.page, a.logger(log))
	if err != nil {
		return nil, err
	}
	return &collector{app: a, store: s, crawler: c, in: in}, nil
}

// begin keeps other crawls out until release is called, and queues again what the last
// one left half done.
func (c *collector) begin(ctx context.Context) (requeued int, release func(), err error) {
	if release, err = c.store.LockCrawl(ctx); err != nil {
		return 0, nil, err
	}
	if requeued, err = c.store.Resume(ctx); err != nil {
		release()
		return 0, nil, fmt.Errorf("go on with the last crawl: %w", err)
	}
	return requeued, release, nil
}

// run visits sources and takes what they lead to, and notes when each is due again: those
// of scheduled, which are the ones that somebody will look for.
func (c *collector) run(ctx context.Context, sources, scheduled []crawler.Source) (crawler.Summary, error) {
	asked := time.Now()
	newest, err := c.store.NewestArticle(ctx)
	if err != nil {
		return crawler.Summary{}, err
	}
	for _, s := range sources {
		if s.Robots != crawler.RobotsIgnore {
			continue
		}
		if err := c.store.Reconsider(ctx, s.Name); err != nil {
			return crawler.Summary{}, err
		}
	}
	summary, err := c.crawler.Run(ctx, sources)
	whole := err == nil // of a run that was broken off nobody knows what it would have left out
	if noteErr := c.note(ctx, summary, whole, sources, scheduled, asked, newest); err == nil {
		err = noteErr
	}
	return summary, err
}

// note keeps what a run has found out about its sources: the links left out, if it was
// whole, and when each is due again.
func (c *collector) note(ctx context.Context, summary crawler.Summary, whole bool, sources, scheduled []crawler.Source, asked time.Time, newest int64) error {
	stopped := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx) // short, and lost otherwise
	visits, err := c.store.Visits(ctx)
	if err != nil {
		return err
	}
	collected, err := c.store.CollectedAfter(ctx, newest)
	if err != nil {
		return err
	}
	next := map[string]tenor.Schedule{}
	for _, source := range sources {
		v := visits[source.Name]
		visited := !v.Last.Before(asked.Truncate(time.Second))
		if visited && whole {
			if err := c.store.LeftOut(ctx, source.Name, summary.LeftOut[source.Name], summary.Unchanged[source.Name]); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(scheduled, func(s crawler.Source) bool { return s.Name == source.Name }) {
			continue
		}
		switch pace := c.paceOf(source); {
		case source.Kind == "page" && !v.LastSuccess.IsZero(): // read once, and no list of others
			next[source.Name] = tenor.Schedule{}
		case visited:
			next[source.Name] = v.After(source.Name, tenor.Visit{At: v.Last, New: collected[source.Name], Failures: v.Failures}, pace)
		case !stopped: // its host asked to be left alone, or the run was to stop soon
			next[source.Name] = v.Later(source.Name, time.Now(), pace)
		}
	}
	return c.store.SetSchedule(ctx, next)
}

func (c *collector) paceOf(s crawler.Source) tenor.Pace {
	if s.Every != (tenor.Pace{}) {
		return s.Every
	}
	return c.pace
}

// crawlInto collects sources into an open store, showing its progress, and prints
// what came of it. Where pages fail the rest is still taken.
func (a *app) crawlInto(ctx context.Context, s *store.Store, cfg crawler.Config, sources []crawler.Source) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	shown := newProgress(a.stderr)
	c, err := a.newCollector(s, tagger, cfg, sources, shown)
	if err != nil {
		return err
	}
	defer c.crawler.Close()
	requeued, release, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer release()
	if requeued > 0 {
		a.warn("Going on with %s that an earlier run left.", plural(requeued, "page"))
	}
	a.notices = shown
	shown.start(func() string {
		p := c.crawler.Progress()
		return fmt.Sprintf("%s done, %d queued, %d skipped, %d failed; %s found",
			plural(p.Done, "page"), p.Queued, p.Skipped, p.Failed, plural(int(c.in.quotes.Load()), "quote"))
	})
	summary, err := c.run(ctx, sources, cfg.Sources)
	shown.stop()
	a.summarise(summary, c.in)
	for _, exception := range c.crawler.Exceptions(sources) {
		a.warn("  %s", oneLine(exception))
	}
	switch {
	case ctx.Err() != nil:
		a.warn("Stopped. Run the same command again to go on; %s waiting.", plural(summary.Queued, "page"))
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("crawl: %w", err)
	case summary.Fetched+summary.Failed+summary.Skipped+summary.Queued+len(summary.Reasons) == 0 && len(sources) > 0:
		a.warn("Nothing was asked for: a single page (kind = \"page\") is read once, and what was taken down is left alone (tenor forget --list).")
	case summary.Fetched == 0 && summary.Failed+summary.Skipped > 0:
		return errors.New("nothing could be collected; the reasons stand above, and tenor sources lists them")
	}
	return nil
}

// summarise says what a crawl took, and for what it did not take, why.
func (a *app) summarise(s crawler.Summary, in *intake) {
	a.warn("%s", summaryLine(s, int(in.articles.Load()), int(in.quotes.Load())))
	in.warnAhead(a.warn)
	for _, r := range s.Reasons {
		a.warn("%s", reasonLine(r))
	}
}

func summaryLine(s crawler.Summary, articles, quotes int) string {
	left := ""
	if s.Queued > 0 {
		left = fmt.Sprintf(", %d left for the next crawl", s.Queued)
	}
	return fmt.Sprintf("%s with %s from %s; %d skipped, %d failed%s.", plural(articles, "article"),
		plural(quotes, "quote"), plural(s.Fetched, "page"), s.Skipped+s.Dropped, s.Failed, left)
}

// reasonLine is a reason with its count and one address or file, to look at.
func reasonLine(r tenor.ReasonCount) string {
	line := fmt.Sprintf("  %5d %-7s  %s", r.Count, r.State, oneLine(r.Reason))
	example := strings.TrimPrefix(r.Example, "file:")
	if example == "" || strings.Contains(r.Reason, example) {
		return line
	}
	if r.Count > 1 {
		example = "such as " + example
	}
	return line + " (" + oneLine(example) + ")"
}
