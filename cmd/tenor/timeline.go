package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/store"
)

func newTimeline(a *app) *cobra.Command {
	var format, days string
	var asKnown bool
	c := &cobra.Command{
		Use:   "timeline [filters]",
		Short: "Draw the consensus over time",
		Long: `Timeline draws the net of bullish and fragile voices day by day: one voice per
analyst, its latest view, for as long as it stands. A day with fewer than three
voices has no number, and a gap is a gap.

With --moved it says who moved the net between two days: the voices that entered,
expired, flipped or were labelled otherwise, with the points that each moved it. The
points add up to the move.`,
		Example: `  tenor timeline --subject small-caps
  tenor timeline --from 2024-07-01 --window 30
  tenor timeline --count quotes --theme rates
  tenor timeline --format csv > consensus.csv
  tenor timeline --moved 2024-07-01..2024-09-30 --subject small-caps`,
		DisableFlagsInUseLine: true,
		Args:                  noArguments,
	}
	filters := addFilters(a, c, true)
	c.Flags().StringVar(&format, "format", "chart", "chart, csv or jsonl")
	c.Flags().StringVar(&days, "moved", "", "who moved the net between two days, like 2024-07-01..2024-09-30")
	c.Flags().BoolVar(&asKnown, "as-known", false, "with --moved: take each day as it was known at its end, so that labels corrected since show")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if _, err := formatOf(format, "chart", "csv", "jsonl"); err != nil {
			return err
		}
		f, err := filters.filter(nil)
		if err != nil {
			return err
		}
		if !c.Flags().Changed("moved") {
			if asKnown {
				return usage("--as-known goes with --moved")
			}
			return a.timeline(c.Context(), f, format)
		}
		from, to, err := tenor.ParseMoved(days)
		switch {
		case err != nil:
			return fmt.Errorf("--%w", err)
		case f.From != nil || f.To != nil:
			return usage("--from and --to draw days, and --moved has two of its own: leave them out")
		case asKnown && f.AsOf != nil:
			return usage("--as-known takes each day as it was known then, and --asof both as of one day: give one of them")
		}
		return a.whoMoved(c.Context(), f, from, to, asKnown, format)
	}
	return c
}

func (a *app) timeline(ctx context.Context, f tenor.Filter, format string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := s.Timeline(ctx, f)
	if err != nil {
		return fmt.Errorf("timeline: %w", err)
	}
	switch format {
	case "csv":
		err = tenor.WriteTimelineCSV(a.stdout, t.Points)
	case "jsonl":
		encoder := json.NewEncoder(a.stdout)
		for _, p := range t.Points {
			if err := encoder.Encode(p); err != nil {
				return fmt.Errorf("write timeline: %w", err)
			}
		}
	}
	switch {
	case err != nil:
		return err
	case len(t.Points) == 0:
		return a.warnNoViews(ctx, s, f, t.Undated)
	case format != "chart":
		return nil
	}
	return drawChart(a.stdout, t, a.width())
}

// warnNoViews says why a series has no day.
func (a *app) warnNoViews(ctx context.Context, s *store.Store, f tenor.Filter, undated int) error {
	totals, err := s.Totals(ctx)
	switch {
	case err != nil:
		return err
	case f.Words() != "" || totals.Quotes == 0:
		a.warn("No view of an analyst matches%s.", described(f))
		return a.warnUnknown(ctx, s, f)
	case undated > 0:
		a.warn("No view of an analyst has a day: %s without one, which never enter.", plural(undated, "quote"))
	default:
		a.warn("No analyst is quoted yet.")
	}
	return nil
}
