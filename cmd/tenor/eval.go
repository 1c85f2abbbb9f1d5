package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/nlp/score"
)

func newEval(a *app) *cobra.Command {
	var texts string
	var showErrors bool
	c := &cobra.Command{
		Use:   "eval GOLD…",
		Short: "Score the tagger against labelled articles",
		Long: `Eval tags the articles of labelled files and prints how many labelled quotes were
found, how many were invented, and how often firm, stance, themes and subject
agree. A labelled file holds one article a line:
{"file", "text", "quotes": [{"segments", "speaker", "firm", "stance", …}]};
without "text" the article is read from --texts, or from beside the file.`,
		Example: `  tenor eval labelled.jsonl
  tenor eval labelled.jsonl --texts articles/ --errors`,
		Args: atLeastOne("labelled file"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.eval(c.Context(), args, texts, showErrors)
		},
	}
	c.Flags().StringVar(&texts, "texts", "", "folder of the articles' texts")
	c.Flags().BoolVar(&showErrors, "errors", false, "list each quote missed, invented, or given another stance")
	return c
}

func (a *app) eval(ctx context.Context, files []string, texts string, showErrors bool) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	for i, file := range files {
		gold, err := score.ReadFile(file, texts)
		if err != nil {
			return err
		}
		report, err := a.score(ctx, tagger, gold)
		if err != nil {
			return err
		}
		if len(files) > 1 {
			if i > 0 {
				fmt.Fprintln(a.stdout)
			}
			fmt.Fprintf(a.stdout, "%s\n", file)
		}
		if showErrors {
			for _, e := range report.Errors {
				fmt.Fprintln(a.stdout, printable(e.String()))
			}
		}
		if err := report.Write(a.stdout); err != nil {
			return err
		}
	}
	return nil
}

// score tags the texts of labelled articles just as tenor tag would, and compares.
func (a *app) score(ctx context.Context, tagger *nlp.Tagger, gold []score.Article) (score.Report, error) {
	var predicted []tenor.Record
	for t := range tagAll(ctx, tagger, a.textsOf(gold)) {
		if t.Err != nil && !untagged(t.Err) && !errors.Is(t.Err, tenor.ErrNoArticle) {
			return score.Report{}, t.Err
		}
		for _, q := range t.Quotes {
			predicted = append(predicted, tenor.NewRecord(&t.Article, q, tagger.Version()))
		}
	}
	if err := ctx.Err(); err != nil {
		return score.Report{}, err
	}
	return score.Score(gold, predicted), nil
}

func (a *app) textsOf(gold []score.Article) iter.Seq2[crawler.Imported, error] {
	return func(yield func(crawler.Imported, error) bool) {
		for i := range gold {
			article, err := crawler.ReadText(gold[i].File, []byte(gold[i].Text), a.now())
			if !yield(crawler.Imported{Article: article}, err) {
				return
			}
		}
	}
}
