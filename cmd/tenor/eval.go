package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/nlp/score"
	"tenor/store"
)

func newEval(a *app) *cobra.Command {
	var o evalOptions
	c := &cobra.Command{
		Use:   "eval GOLD…",
		Short: "Score the tagger against labelled articles",
		Long: `Eval tags the articles of labelled files and prints how many labelled quotes were
found, how many were invented, and how often firm, stance, themes and subject
agree, each with the 95 % interval in which it would lie on other articles like these
(with --format json). A labelled file holds one article a line:
{"file", "title", "text", "quotes": [{"segments", "speaker", "firm", "stance", …}]};
without "text" the article is read from --texts, or from beside the file.

--save keeps the figures in the store: the page /about shows what was measured last on
each set, which is named as its file is.`,
		Example: `  tenor eval labelled.jsonl
  tenor eval labelled.jsonl --texts articles/ --errors
  tenor eval labelled.jsonl --save
  tenor eval labelled.jsonl --format json > accuracy.json`,
		Args: atLeastOne("labelled file"),
		RunE: func(c *cobra.Command, args []string) error {
			if o.format != "table" && o.format != "json" {
				return usage("--format is table or json, not %q", o.format)
			}
			if o.format == "json" && o.errors {
				return usage("--errors lists quotes beside the table; leave out --format json")
			}
			return a.eval(c.Context(), args, o)
		},
	}
	c.Flags().StringVar(&o.texts, "texts", "", "folder of the articles' texts")
	c.Flags().BoolVar(&o.errors, "errors", false, "list each quote missed, invented, or given another stance")
	c.Flags().BoolVar(&o.save, "save", false, "keep the figures in the store, for the page /about")
	c.Flags().StringVar(&o.format, "format", "table", "table or json")
	return c
}

// evalOptions are the flags of eval.
type evalOptions struct {
	texts        string // folder of the articles' texts
	errors, save bool
	format       string
}

func (a *app) eval(ctx context.Context, files []string, o evalOptions) error {
	list, err := a.measure(ctx, files, o)
	if err != nil {
		return err
	}
	if o.format == "json" {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		if err := e.Encode(list); err != nil {
			return fmt.Errorf("write the figures: %w", err)
		}
	}
	if !o.save {
		return nil
	}
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading, OnFull: a.full}) // never makes one
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.SaveAccuracy(ctx, list); err != nil {
		return err
	}
	a.warn("Saved in %s: the page /about of tenor serve shows it.", a.db)
	return nil
}

// measure scores the tagger on each file and prints the figures as tables, if those are
// asked for.
func (a *app) measure(ctx context.Context, files []string, o evalOptions) (list []tenor.Accuracy, err error) {
	tagger, err := a.tagger()
	if err != nil {
		return nil, err
	}
	for i, file := range files {
		gold, err := score.ReadFile(file, o.texts)
		if err != nil {
			return nil, err
		}
		report, err := a.score(ctx, tagger, gold)
		if err != nil {
			return nil, err
		}
		list = append(list, tenor.Accuracy{
			Set: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), At: a.now().UTC().Truncate(time.Second), Tagger: tagger.Version(),
			Articles: report.Articles, Quotes: report.Quotes, Measures: rounded(report.Measures()),
		})
		if o.format == "json" {
			continue
		}
		if len(files) > 1 {
			if i > 0 {
				fmt.Fprintln(a.stdout)
			}
			fmt.Fprintf(a.stdout, "%s\n", file)
		}
		if o.errors {
			for _, e := range report.Errors {
				fmt.Fprintln(a.stdout, printable(e.String()))
			}
		}
		if err := report.Write(a.stdout); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// rounded are measures to four digits: more mean nothing.
func rounded(list []tenor.Measure) []tenor.Measure {
	for i := range list {
		for _, x := range []*float64{&list[i].Value, &list[i].Low, &list[i].High} {
			*x = math.Round(*x*1e4) / 1e4
		}
	}
	return list
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
			if gold[i].Title != "" { // of a stored article it stands in no line of the text
				article.Title = gold[i].Title
			}
			if gold[i].Publisher != "" {
				article.Outlet = gold[i].Publisher
			}
			if !yield(crawler.Imported{Article: article}, err) {
				return
			}
		}
	}
}
