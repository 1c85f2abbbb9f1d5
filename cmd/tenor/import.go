package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

// importSource is the source under which imported files are listed.
const importSource = "import"

func newImport(a *app) *cobra.Command {
	var watch bool
	var poll time.Duration
	c := &cobra.Command{
		Use:   "import PATH…",
		Short: "Read saved articles into the store and tag them",
		Long: `Import reads saved articles: text, HTML, folders of them, JSON Lines with
{"url","title","published","text"} a line, WARC files (.warc, .warc.gz) such as those
of Common Crawl News, - for standard input. Importing a file again replaces what it
held; where its words changed the old ones are kept as a version (tenor history). What
cannot be read is named, and the rest goes on; of a WARC file the records that hold no
page are counted, with the reason.

With --watch folders are read and then watched until Ctrl-C: each file that comes or
changes is read once it is whole. Names of files that are still being written (.part,
.tmp, a leading dot, …) are left alone; a renamed file is not read again.`,
		Example: `  tenor import articles/
  tenor import story.html --db markets.db
  tenor import CC-NEWS-20250918.warc.gz
  tenor import --watch ~/saved-articles
  zcat news.jsonl.gz | tenor import -`,
		Args: atLeastOne("file or folder"),
	}
	c.Flags().BoolVar(&watch, "watch", false, "keep watching the folders, and read what comes or changes")
	c.Flags().DurationVar(&poll, "poll", 0, "with --watch: look through the folders this often, where the system tells of no changes (network drives)")
	c.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case c.Flags().Changed("poll") && !watch:
			return usage("--poll is for --watch")
		case poll < 0 || c.Flags().Changed("poll") && poll < time.Second:
			return usage("--poll %s: once a second is the most", poll)
		case watch:
			return a.importWatched(c.Context(), folderWatch{folders: args, poll: poll})
		}
		return a.importFiles(c.Context(), args)
	}
	return c
}

// importRun imports files into an open store.
type importRun struct {
	*app
	in              *intake
	source          string // under which they are listed
	outlet          string // of all that they hold; empty: as they say
	failed, skipped int
}

func (a *app) newImportRun(ctx context.Context) (*importRun, error) {
	tagger, err := a.tagger()
	if err != nil {
		return nil, err
	}
	s, err := a.openStore(ctx, store.CheckSome)
	if err != nil {
		return nil, err
	}
	return &importRun{app: a, in: newIntake(s, tagger, a.now), source: importSource}, nil
}

func (a *app) importFiles(ctx context.Context, paths []string) error {
	r, err := a.newImportRun(ctx)
	if err != nil {
		return err
	}
	defer r.in.store.Close()
	report := &crawler.ImportReport{}
	shown := newProgress(a.stderr)
	a.notices = shown
	shown.start(func() string {
		return fmt.Sprintf("%s%s, %s found", share(report), plural(int(r.in.articles.Load()), "article"), plural(int(r.in.quotes.Load()), "quote"))
	})
	err = r.read(ctx, paths, report, shown)
	shown.stop()
	leftOut := report.LeftOut()
	for _, c := range leftOut {
		r.skipped += c.Count
	}
	r.summarise()
	a.tellLeftOut(report)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	case r.failed > 0:
		err = fmt.Errorf("%s could not be imported; tenor sources lists the reasons", plural(r.failed, "article"))
	}
	return errors.Join(err, r.in.store.LeftOut(ctx, r.source, leftOut, false))
}

func (r *importRun) summarise() {
	r.warn("%s with %s; %d skipped, %d failed.", plural(int(r.in.articles.Load()), "article"),
		plural(int(r.in.quotes.Load()), "quote"), r.skipped, r.failed)
	r.in.warnAhead(r.warn)
}

// read imports paths and says of each article that could not be taken why. The
// error is one of the store's.
func (r *importRun) read(ctx context.Context, paths []string, report *crawler.ImportReport, log io.Writer) error {
	for t := range tagAll(ctx, r.in.tagger, crawler.Import(ctx, paths, r.stdin, r.now(), report)) {
		err := t.Err
		if r.outlet != "" {
			t.Article.Outlet = r.outlet
		}
		if err == nil || untagged(err) || errors.Is(err, nlp.ErrFault) && r.in.keepFaulty(ctx, &t.Article) {
			if saveErr := r.in.save(ctx, &t.Article, t.Page, t.Quotes, r.source, err != nil); saveErr != nil {
				err = saveErr
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		f := tenor.Fetch{URL: t.Article.Key(), Source: r.source, Kind: tenor.FetchFile, State: tenor.Done, FetchedAt: r.now()}
		if err != nil {
			fmt.Fprintf(log, "%s\n", explained(&t.Article, err))
			f.State, f.Reason = tenor.Failed, reasonOf(&t.Article, err)
			if untagged(err) || errors.Is(err, tenor.ErrNoArticle) || errors.Is(err, tenor.ErrForgotten) {
				f.State = tenor.Skipped
				r.skipped++
			} else {
				r.failed++
			}
		}
		if err := r.in.store.Finish(ctx, f); err != nil {
			return fmt.Errorf("note what came of %s: %w", t.Article.Key(), err)
		}
	}
	return nil
}

// importWatched imports what is in folders and what comes into them, until Ctrl-C.
func (a *app) importWatched(ctx context.Context, w folderWatch) error {
	if err := w.check(); err != nil { // before there is a store
		return err
	}
	r, err := a.newImportRun(ctx)
	if err != nil {
		return err
	}
	defer r.in.store.Close()
	w.say, w.take = a.warn, r.take
	a.warn("Watching %s; Ctrl-C ends it.", oneLine(strings.Join(w.folders, ", ")))
	err = watchFolders(ctx, w)
	r.summarise()
	return err
}

// take imports files one by one, and says what came of each.
func (r *importRun) take(ctx context.Context, files []string) error {
	for _, file := range files {
		articles, quotes, failed, skipped := r.in.articles.Load(), r.in.quotes.Load(), r.failed, r.skipped
		report := &crawler.ImportReport{}
		if err := r.read(ctx, []string{file}, report, r.stderr); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		for _, c := range report.LeftOut() {
			r.skipped += c.Count
		}
		articles, quotes, failed, skipped = r.in.articles.Load()-articles, r.in.quotes.Load()-quotes, r.failed-failed, r.skipped-skipped
		if articles == 0 && failed+skipped == 1 { // the reason stands above
			continue
		}
		left := ""
		if failed+skipped > 0 {
			left = fmt.Sprintf("; %d skipped, %d failed", skipped, failed)
		}
		r.warn("%s: %s, %s%s", oneLine(file), plural(int(articles), "article"), plural(int(quotes), "quote"), left)
	}
	return nil
}

// tellLeftOut says which records of WARC files hold no page, and why.
func (a *app) tellLeftOut(report *crawler.ImportReport) {
	for _, c := range report.LeftOut() {
		a.warn("%s", reasonLine(c))
	}
}

// share is how far an import is: "120 of 980 MB, ", or how much it has read of
// what has no end, or nothing where little is to be read.
func share(r *crawler.ImportReport) string {
	read, total := r.Read.Load(), r.Total.Load()
	switch {
	case max(read, total) < 10_000_000:
		return ""
	case read > total: // standard input
		return fmt.Sprintf("%d MB read, ", read/1e6)
	}
	return fmt.Sprintf("%d of %d MB, ", read/1e6, total/1e6)
}
