package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tenor"
)

func newSources(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "sources",
		Short: "List the sources, what came from each, and what was not taken and why",
		Long: `Sources lists where articles came from, when each source last answered, and, for
everything that was skipped or failed, how often and for what reason.`,
		Example: `  tenor sources
  tenor sources --db markets.db`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			sources, err := s.Sources(c.Context())
			if err != nil {
				return fmt.Errorf("list sources: %w", err)
			}
			if len(sources) == 0 {
				a.warn("No source yet: collect one with tenor crawl URL, or read files with tenor import PATH.")
				return nil
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "source\tlast success\tarticles\tquotes\tdone\tskipped\tfailed\tqueued")
			for _, h := range sources {
				last := "never"
				if !h.LastSuccess.IsZero() {
					last = h.LastSuccess.Format("2006-01-02 15:04")
				}
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", oneLine(h.Name), last,
					h.Articles, h.Quotes, h.Done, h.Skipped, h.Failed, h.Queued)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			var b strings.Builder
			for _, h := range sources {
				if h.LastError == "" && len(h.Reasons) == 0 {
					continue
				}
				fmt.Fprintf(&b, "\n%s\n", oneLine(h.Name))
				// Most often the last error is one of the reasons, and then said there.
				if h.LastError != "" && !slices.ContainsFunc(h.Reasons, func(r tenor.ReasonCount) bool { return r.Reason == h.LastError }) {
					fmt.Fprintf(&b, "  last error: %s\n", oneLine(strings.TrimPrefix(h.LastError, "source "+h.Name+": ")))
				}
				for _, r := range h.Reasons {
					fmt.Fprintln(&b, reasonLine(r, h.Name))
				}
			}
			_, err = fmt.Fprint(a.stdout, b.String())
			return err
		},
	}
}
