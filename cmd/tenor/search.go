package main

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/store"
)

func newSearch(a *app) *cobra.Command {
	var format string
	var limit int
	c := &cobra.Command{
		Use:   "search [QUERY] [filters]",
		Short: "Search the quotes, newest first",
		Long: `Search finds quotes by their words, speaker, firm or title, newest first. Several
words must all occur; "in quotation marks" they must stand together; -word leaves
out; word* finds what begins with it. Words that mean the same are found too, and named
(small caps: Russell 2000, smid, ...); --exact leaves them out.`,
		Example: `  tenor search "soft landing" --stance fragile
  tenor search small caps --from 2024-07-01 --to 2024-09-30
  tenor search "rates -inflation"
  tenor search --exact small caps
  tenor search --sort relevance refinancing wall
  tenor search --analyst "Irene Example" --format jsonl
  tenor search --theme rates --theme valuation --limit 5`,
		DisableFlagsInUseLine: true,
		Args:                  cobra.ArbitraryArgs,
	}
	filters := addFilters(a, c, false)
	c.Flags().StringVar(&format, "format", "table", "table, jsonl or csv")
	c.Flags().IntVar(&limit, "limit", 20, "how many quotes to print; 0 for all")
	c.RunE = func(c *cobra.Command, args []string) error {
		if _, err := formatOf(format, "table", "jsonl", "csv"); err != nil {
			return err
		}
		if limit < 0 {
			return usage("--limit: %d is not a number of quotes", limit)
		}
		f, err := filters.filter(args)
		if err != nil {
			return err
		}
		return a.search(c.Context(), f, format, limit)
	}
	return c
}

func (a *app) search(ctx context.Context, f tenor.Filter, format string, limit int) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	results, err := s.Search(ctx, f, "", 1)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	records := first(s.Records(ctx, f), limit)
	if f.Sort == tenor.SortRelevance && !results.Unsorted {
		records = first(pages(ctx, s, f), limit)
	}
	n, err := writeRecords(a.stdout, records, format, tenor.DialectRaw, a.width())
	if err != nil {
		return err
	}
	for _, also := range results.Also {
		a.warn("%s: also found %s; --exact leaves these out.", also.Words, strings.Join(also.Added, ", "))
	}
	if results.Unsorted {
		a.warn("Newest first: by relevance only few can be sorted, found by their words.")
	}
	switch {
	case results.Total == 0:
		a.warn("No quote matches%s.", described(f))
		return a.warnUnknown(ctx, s, f)
	case n < results.Total:
		a.warn("%d of %s; --limit 0 prints all.", n, plural(results.Total, "quote"))
	default:
		a.warn("%s.", plural(n, "quote"))
	}
	return nil
}

// pages are all results of a search in its own order.
func pages(ctx context.Context, s *store.Store, f tenor.Filter) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		for cursor := ""; ; {
			page, err := s.Search(ctx, f, cursor, 500)
			if err != nil {
				yield(tenor.Record{}, err)
				return
			}
			for _, r := range page.Records {
				if !yield(r, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}

// first cuts a stream after n records; 0 means never.
func first(records iter.Seq2[tenor.Record, error], n int) iter.Seq2[tenor.Record, error] {
	if n == 0 {
		return records
	}
	return func(yield func(tenor.Record, error) bool) {
		left := n
		for r, err := range records {
			if !yield(r, err) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// described is the filter in words, for an empty result.
func described(f tenor.Filter) string {
	if words := f.Words(); words != "" {
		return ": " + words
	}
	return ": the store is empty"
}

// warnUnknown says why nothing matches, where the store knows.
func (a *app) warnUnknown(ctx context.Context, s *store.Store, f tenor.Filter) error {
	list, err := s.Unknown(ctx, f)
	for _, sentence := range list {
		a.warn("%s", oneLine(sentence))
	}
	return err
}
