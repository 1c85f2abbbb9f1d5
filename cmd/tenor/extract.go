package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
)

func newExtract(a *app) *cobra.Command {
	var format string
	var o crawlOptions
	c := &cobra.Command{
		Use:   "extract PATH or URL…",
		Short: "Read pages and print the article, without any store",
		Long: `Extract reads pages (.html, .html.gz, text, folders of them) or addresses and prints
the article: title, authors, outlet, date with its precision and source, language,
and the text, paragraphs separated by a blank line; where the page tells them, also
its last change (modified), the outlet that first ran it (forwarded), who translated
it (translation: human, machine), and why a date that it states was not believed
(date_note). A page without an article is printed too, with its page_type, and named
on standard error; the exit status is then 1.

Addresses are asked for under the [crawl] settings of tenor.toml, where there is one; the
selectors of a source are for tenor sources test.`,
		Example: `  tenor extract page.html
  tenor extract --format text https://ledger.example/markets/1
  tenor extract pages/ > articles.jsonl`,
		Args: atLeastOne("file, folder or address"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "jsonl", "text"); err != nil {
				return err
			}
			return a.extract(c.Context(), args, format, &o)
		},
	}
	c.Flags().StringVar(&format, "format", "jsonl", "jsonl or text")
	c.Flags().StringArrayVar(&o.allowPrivate, "allow-private", nil, "private address that may be fetched, like 127.0.0.1:8000 (repeat)")
	return c
}

func (a *app) extract(ctx context.Context, args []string, format string, o *crawlOptions) error {
	var cfg crawler.Config
	if slices.ContainsFunc(args, isAddress) { // files need none
		var err error
		if cfg, err = o.config(a.configPath()); err != nil && !errors.Is(err, errNoConfig) {
			return err
		}
	}
	done, failed := 0, 0
	print := func(article tenor.Article, err error) error {
		if err != nil {
			a.warn("%s", oneLine(plain(err)))
			failed++
			if !errors.Is(err, tenor.ErrNoArticle) || format == "text" {
				return nil
			}
			return writeArticle(a.stdout, &article, format) // what the page is, and what it says of itself
		}
		done++
		return writeArticle(a.stdout, &article, format)
	}
	report := &crawler.ImportReport{}
	for _, arg := range args {
		if isAddress(arg) {
			article, err := a.extractAddress(ctx, cfg, arg)
			if err := print(article, err); err != nil {
				return err
			}
			continue
		}
		for in, err := range crawler.ImportPages(ctx, []string{arg}, a.stdin, a.now(), report) {
			if err := print(in.Article, err); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	a.tellLeftOut(report)
	if failed > 0 {
		return fmt.Errorf("%d of %s gave no article; the reasons stand above", failed, plural(failed+done, "page"))
	}
	return nil
}

func isAddress(arg string) bool {
	return strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://")
}

func (a *app) extractAddress(ctx context.Context, cfg crawler.Config, address string) (tenor.Article, error) {
	c, err := crawler.New(cfg, nil, nil, a.logger(a.stderr))
	if err != nil {
		return tenor.Article{}, err
	}
	defer c.Close()
	page, err := c.Fetch(ctx, address)
	if err != nil {
		return tenor.Article{}, err
	}
	return crawler.Extract(page)
}

func writeArticle(w io.Writer, a *tenor.Article, format string) error {
	if format == "text" {
		var b strings.Builder
		for _, line := range []string{a.Title, strings.Join(a.Authors, ", "), a.Outlet, a.Published.String(), a.URL} {
			if line != "" {
				b.WriteString(oneLine(line) + "\n")
			}
		}
		_, err := fmt.Fprintf(w, "%s\n%s\n\n", b.String(), a.Text)
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(a.JSON())
}
