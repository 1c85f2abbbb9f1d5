package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
)

// importSource is the source under which imported files are listed.
const importSource = "import"

func newImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import PATH…",
		Short: "Read saved articles into the store and tag them",
		Long: `Import reads saved articles: text, HTML, folders of them, JSON Lines with
{"url","title","published","text"} a line, - for standard input. Importing a file
again replaces what it held; where its words changed the old ones are kept as a
version (tenor history). What cannot be read is named, and the rest goes on.`,
		Example: `  tenor import articles/
  tenor import story.html --db markets.db
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
	shown := newProgress(a.stderr)
	a.notices = shown
	shown.start(func() string {
		return fmt.Sprintf("%s, %s found", plural(int(in.articles.Load()), "article"), plural(int(in.quotes.Load()), "quote"))
	})
	for t := range tagAll(ctx, tagger, crawler.Import(ctx, paths, a.stdin, a.now())) {
		err := t.Err
		if err == nil || untagged(err) || errors.Is(err, nlp.ErrFault) && in.keepFaulty(ctx, &t.Article) {
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
			if untagged(err) || errors.Is(err, tenor.ErrNoArticle) || errors.Is(err, tenor.ErrForgotten) {
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
	a.warn("%s with %s; %d skipped, %d failed.", plural(int(in.articles.Load()), "article"),
		plural(int(in.quotes.Load()), "quote"), skipped, failed)
	in.warnAhead(a.warn)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed > 0:
		return fmt.Errorf("%s could not be imported; tenor sources lists the reasons", plural(failed, "article"))
	}
	return nil
}
