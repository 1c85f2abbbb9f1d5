package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/nlp"
	"tenor/store"
)

func newRetag(a *app) *cobra.Command {
	var preview bool
	c := &cobra.Command{
		Use:   "retag",
		Short: "Tag stored articles again with today's tagger",
		Long: `Retag tags every stored article again and replaces its quotes. Labels given by
people stay. --preview changes nothing and counts what would change.`,
		Example: `  tenor retag --preview
  tenor retag`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.retag(c.Context(), preview) },
	}
	c.Flags().BoolVar(&preview, "preview", false, "show what would change, and change nothing")
	return c
}

// changes counts what tagging again does to the quotes.
type changes struct {
	added, removed, stance, labels, same int
}

func (a *app) retag(ctx context.Context, preview bool) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now}) // never makes one
	if err != nil {
		return err
	}
	defer s.Close()
	var c changes
	articles := 0
	for article, err := range s.Articles(ctx) {
		if err != nil {
			return fmt.Errorf("retag: %w", err)
		}
		_, before, err := s.Article(ctx, article.ID)
		if err != nil {
			return fmt.Errorf("retag %s: %w", article.Key(), err)
		}
		quotes, err := tagArticle(tagger, &article)
		if err != nil {
			if !untagged(err) {
				a.warn("%s", explained(&article, err))
			}
			continue
		}
		c.compare(before, quotes)
		articles++
		if preview {
			continue
		}
		if err := s.ReplaceQuotes(ctx, article.ID, quotes, nlp.Version); err != nil {
			return fmt.Errorf("retag %s: %w", article.Key(), err)
		}
	}
	verb := "Tagged"
	if preview {
		verb = "Would tag"
	}
	a.warn("%s %s again: %d quotes new, %d gone, %d with another stance, %d with other labels, %d unchanged.",
		verb, plural(articles, "article"), c.added, c.removed, c.stance, c.labels, c.same)
	return nil
}

func (c *changes) compare(before []tenor.Record, after []tenor.Quote) {
	old := map[string]*tenor.Record{}
	for i := range before {
		old[before[i].ID] = &before[i]
	}
	for _, q := range after {
		r := old[q.ID]
		delete(old, q.ID)
		switch {
		case r == nil:
			c.added++
		case r.LabelSource == tenor.LabelHuman:
			c.same++
		case r.Stance != q.Stance:
			c.stance++
		case r.Subject != q.Subject || r.Horizon != q.Horizon || fmt.Sprint(r.Themes) != fmt.Sprint(q.Themes):
			c.labels++
		default:
			c.same++
		}
	}
	c.removed += len(old)
}
