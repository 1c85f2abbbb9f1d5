package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
)

// importSource is the source under which imported files are listed.
const importSource = "import"

func newImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import PATH…",
		Short: "Read saved articles into the store and tag them",
		Long: `Import reads saved articles: text, HTML, folders of them, JSON Lines with
{"url","title","published","text"} a line, WARC files (.warc, .warc.gz) such as those
of Common Crawl News, - for standard input. Importing a file again replaces what it
held. What cannot be read is named, and the rest goes on; of a WARC file the records
that hold no page are counted, with the reason.`,
		Example: `  tenor import articles/
  tenor import story.html --db markets.db
  tenor import CC-NEWS-20250918.warc.gz
  zcat news.jsonl.gz | tenor import -`,
		Args: atLeastOne("file or folder"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.importFiles(c.Context(), args)
		},
	}
}

func (a *app) importFiles(ctx context.Context, paths []string) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	in := &intake{store: s, tagger: tagger, now: a.now}
	var failed, skipped int
	report := &crawler.ImportReport{}
	shown := newProgress(a.stderr)
	shown.start(func() string {
		return fmt.Sprintf("%s%s, %s found", share(report), plural(int(in.articles.Load()), "article"), plural(int(in.quotes.Load()), "quote"))
	})
	for t := range tagAll(ctx, tagger, crawler.Import(ctx, paths, a.stdin, a.now(), report)) {
		err := t.Err
		if err == nil || untagged(err) {
			if saveErr := in.save(ctx, &t.Article, t.Page, t.Quotes, importSource, err != nil); saveErr != nil {
				err = saveErr
			}
		}
		if ctx.Err() != nil {
			break
		}
		f := tenor.Fetch{URL: t.Article.Key(), Source: importSource, Kind: tenor.FetchPage, State: tenor.Done, FetchedAt: a.now()}
		if err != nil {
			fmt.Fprintf(shown, "%s\n", explained(&t.Article, err))
			f.State, f.Reason = tenor.Failed, reasonOf(&t.Article, err)
			if untagged(err) || errors.Is(err, tenor.ErrNoArticle) {
				f.State = tenor.Skipped
				skipped++
			} else {
				failed++
			}
		}
		if err := s.Finish(ctx, f); err != nil {
			shown.stop()
			return fmt.Errorf("note what came of %s: %w", t.Article.Key(), err)
		}
	}
	shown.stop()
	leftOut := report.LeftOut()
	for _, r := range leftOut {
		skipped += r.Count
	}
	a.warn("%s with %s; %d skipped, %d failed.", plural(int(in.articles.Load()), "article"),
		plural(int(in.quotes.Load()), "quote"), skipped, failed)
	for _, r := range leftOut {
		a.warn("%s", reasonLine(r, ""))
	}
	if err := s.LeftOut(ctx, importSource, leftOut); err != nil && ctx.Err() == nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed > 0:
		return fmt.Errorf("%s could not be imported; tenor sources lists the reasons", plural(failed, "article"))
	}
	return nil
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
