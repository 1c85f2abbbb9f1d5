package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/store"
)

func newSearches(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "searches",
		Short: "Filters with a name: list, save, show and remove them",
		Long: `A saved search is a filter under a name. In the web view it has an address that stays,
/searches/NAME, and feeds at /searches/NAME.atom and .json, which tell of every utterance
once, when Tenor first comes to know it. Names that differ in case, accents or
punctuation only are one.`,
		Example: `  tenor searches save "Small caps, doubted" --subject small-caps --stance fragile
  tenor searches save landing "soft landing" --from 2025-01-01
  tenor searches
  tenor searches show landing
  tenor searches remove landing`,
		SuggestionsMinimumDistance: 2,
		Args:                       unknownCommand,
	}
	list := newSearchesList(a)
	c.RunE = list.RunE
	c.Flags().AddFlagSet(list.Flags())
	c.AddCommand(list, newSearchesSave(a), newSearchesShow(a), newSearchesRemove(a))
	return c
}

// searchRecord is a saved search as JSON has it.
type searchRecord struct {
	Name  string `json:"name"`
	Query string `json:"query"`
	Who   string `json:"who"`
	At    string `json:"at"`
}

func newSearchesList(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "list",
		Short: "List them",
		Args:  noArguments,
	}
	c.Flags().StringVar(&format, "format", "table", "table or json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if _, err := formatOf(format, "table", "json"); err != nil {
			return err
		}
		s, err := a.readStore(c.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		list, err := s.Searches(c.Context())
		if err != nil {
			return err
		}
		if format == "json" {
			records := make([]searchRecord, 0, len(list))
			for _, one := range list {
				records = append(records, searchRecord{one.Name, one.Query, one.Who, one.At.Format(time.RFC3339)})
			}
			return writeIndented(a.stdout, records)
		}
		if len(list) == 0 {
			a.warn("No search is saved yet: tenor searches save NAME --stance fragile")
			return nil
		}
		topics, err := a.topics()
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "name\tfinds\tsaved by\twhen")
		for _, one := range list {
			finds := "all quotes"
			if f, err := one.Filter(topics); err != nil {
				finds = plain(err)
			} else if f.Words() != "" {
				finds = f.Words()
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", oneLine(one.Name), oneLine(finds), oneLine(one.Who), moment(one.At, "-"))
		}
		return w.Flush()
	}
	return c
}

func newSearchesSave(a *app) *cobra.Command {
	var who string
	var replace bool
	c := &cobra.Command{
		Use:   "save NAME [QUERY] [filters]",
		Short: "Save words and filters, those of tenor search, under a name",
		Example: `  tenor searches save "Small caps, doubted" --subject small-caps --stance fragile
  tenor searches save landing "soft landing" --replace`,
		DisableFlagsInUseLine: true,
		Args:                  nameFirst,
	}
	filters := addFilters(a, c, false)
	c.Flags().BoolVar(&replace, "replace", false, "in the place of a search of that name")
	c.Flags().StringVar(&who, "who", os.Getenv("USER"), "who saves it")
	c.RunE = func(c *cobra.Command, args []string) error {
		f, err := filters.filter(args[1:])
		if err != nil {
			return err
		}
		if who == "" {
			who = "terminal"
		}
		one := tenor.SavedSearch{Name: strings.Join(strings.Fields(args[0]), " "), Query: f.Values().Encode(), Who: who}
		return a.decide(c.Context(), func(s *store.Store) error {
			err := s.SaveSearch(c.Context(), one, replace)
			if errors.Is(err, tenor.ErrTaken) {
				return usage("another search is saved as %q; choose another name, or give --replace", one.Name)
			}
			if err == nil {
				a.warn("Saved. In the web view: /searches/%s", url.PathEscape(one.Name))
			}
			return err
		})
	}
	return c
}

func nameFirst(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage("name the search; put a name of several words into quotation marks")
	}
	return nil
}

func oneName(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("name one search; put a name of several words into quotation marks")
	}
	return nameFirst(c, args)
}

func newSearchesShow(a *app) *cobra.Command {
	var format string
	var limit int
	c := &cobra.Command{
		Use:   "show NAME",
		Short: "Show what it finds today, newest first",
		Args:  oneName,
	}
	c.Flags().StringVar(&format, "format", "table", "table, jsonl or csv")
	c.Flags().IntVar(&limit, "limit", 20, "how many quotes to print; 0 for all")
	c.RunE = func(c *cobra.Command, args []string) error {
		if _, err := formatOf(format, "table", "jsonl", "csv"); err != nil {
			return err
		}
		if limit < 0 {
			return usage("--limit: %d is not a number of quotes", limit)
		}
		f, err := a.savedFilter(c.Context(), args[0])
		if err != nil {
			return err
		}
		return a.search(c.Context(), f, format, limit)
	}
	return c
}

// savedFilter is what a saved search finds.
func (a *app) savedFilter(ctx context.Context, name string) (tenor.Filter, error) {
	topics, err := a.topics()
	if err != nil {
		return tenor.Filter{}, err
	}
	s, err := a.readStore(ctx)
	if err != nil {
		return tenor.Filter{}, err
	}
	defer s.Close()
	one, err := s.SavedSearch(ctx, name)
	if errors.Is(err, tenor.ErrNotFound) {
		return tenor.Filter{}, fmt.Errorf("no search is saved as %q; tenor searches lists them", name)
	}
	if err != nil {
		return tenor.Filter{}, err
	}
	return one.Filter(topics)
}

func newSearchesRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove it; the quotes stay",
		Args:  oneName,
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), func(s *store.Store) error {
				was, err := s.RemoveSearch(c.Context(), args[0])
				if errors.Is(err, tenor.ErrNotFound) {
					return fmt.Errorf("no search is saved as %q; tenor searches lists them", args[0])
				}
				if err == nil {
					a.warn("Removed %s, which was %s", oneLine(was.Name), was.Query)
				}
				return err
			})
		},
	}
}
