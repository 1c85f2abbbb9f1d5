package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
)

func newTag(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "tag PATH…",
		Short: "Tag saved articles and print the quotes, without any store",
		Long: `Tag reads saved articles (text, HTML, folders of them, JSON Lines, - for standard
input) and prints every quote with its speaker, firm, stance, themes and subject.
Nothing is stored. Files that cannot be read are named on standard error, and the
exit status is then 1.

Themes and subjects of your own, in tenor.toml, are found by their phrases, by every
command that tags, and are taken by every filter:
  [[theme]]
  name       = "buybacks"            # small letters, digits, hyphens
  phrases    = ["buyback(s)", "(share|stock) repurchase(s)"]
  exclusions = ["buyback ban"]       # optional: a phrase inside one of these doesn't count
  parent     = "earnings"            # optional: its filter finds this theme too

  [[subject]]
  name    = "regional-banks"
  phrases = ["regional (bank|lender)(s)"]
  parent  = "banks"

In phrases (s) may be missing, (a|b) is one of both, _ is any word, and a number is any
number; case, hyphens and 's do not count. tenor retag brings stored quotes up to date.`,
		Example: `  tenor tag article.txt
  tenor tag --format table articles/
  tenor tag --format csv articles/ > quotes.csv
  cat article.html | tenor tag -
  tenor tag --config my-themes.toml articles/`,
		Args: atLeastOne("file or folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "jsonl", "csv", "table"); err != nil {
				return err
			}
			return a.tag(c, args, format)
		},
	}
	c.Flags().StringVar(&format, "format", "jsonl", "jsonl, csv or table")
	return c
}

func (a *app) tag(c *cobra.Command, paths []string, format string) error {
	ctx := c.Context()
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	var records []tenor.Record
	var failed, articles int
	report := &crawler.ImportReport{}
	for t := range tagAll(ctx, tagger, crawler.Import(ctx, paths, a.stdin, a.now(), report)) {
		if t.Err != nil {
			a.warn("%s", explained(&t.Article, t.Err))
			if !untagged(t.Err) {
				failed++
			}
			continue
		}
		articles++
		// Nothing is collected here, so nothing is "known since": the same file
		// gives the same output on every day.
		t.Article.KnownAt = time.Time{}
		for _, q := range t.Quotes {
			r := tenor.NewRecord(&t.Article, q, tagger.Version())
			records = append(records, r)
		}
	}
	tenor.FoldCopies(records)
	if _, err := writeRecords(a.stdout, each(records), format, tenor.DialectRaw, a.width()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	a.tellLeftOut(report)
	if failed > 0 {
		return fmt.Errorf("%d of %s could not be read; the reasons stand above", failed, plural(failed+articles, "article"))
	}
	return nil
}
