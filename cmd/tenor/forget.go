package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/store"
)

// forgetOptions are the flags of forget.
type forgetOptions struct {
	outlet, reason  string
	yes, list, undo bool
}

func newForget(a *app) *cobra.Command {
	var o forgetOptions
	c := &cobra.Command{
		Use:   "forget ADDRESS, FILE or ARTICLE-ID…",
		Short: "Remove articles for good, and never collect them again",
		Long: `Forget takes articles down: their text, quotes, earlier versions, archived pages,
labels and what feeds said of them are removed, and their bytes from the store's file.
Their addresses are noted with the reason, so that no crawl and no import takes them
again; an address that is not in the store can be forbidden as well. --outlet removes
all articles of an outlet and refuses new ones: take its source out of tenor.toml too.

The store's file is written anew, which needs room for a second one. Exports, backups
and files that you imported are not touched: remove them yourself.`,
		Example: `  tenor forget https://ledger.example/markets/1 --reason "the publisher asked"
  tenor forget 17 --yes
  tenor forget --outlet "The Ledger"
  tenor forget --list
  tenor forget --undo https://ledger.example/markets/1   collect it again`,
		RunE: func(c *cobra.Command, args []string) error { return a.forget(c.Context(), o, args) },
	}
	c.Flags().StringVar(&o.outlet, "outlet", "", "all articles of this outlet")
	c.Flags().StringVar(&o.reason, "reason", "", "why; kept with the address")
	c.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	c.Flags().BoolVar(&o.list, "list", false, "list what was taken down")
	c.Flags().BoolVar(&o.undo, "undo", false, "let what was taken down be collected again")
	return c
}

func (a *app) forget(ctx context.Context, o forgetOptions, args []string) error {
	switch {
	case o.list && (o.undo || o.outlet != "" || len(args) > 0):
		return usage("--list takes nothing else")
	case !o.list && o.outlet == "" && len(args) == 0:
		return usage("name at least one article, by its address, file or number, or --outlet")
	case o.outlet != "" && len(args) > 0:
		return usage("name articles or --outlet, not both")
	}
	if o.list {
		return a.listForgotten(ctx)
	}
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading}) // never makes one
	if err != nil {
		return err
	}
	defer s.Close()
	var all []tenor.Takedown
	if o.outlet != "" {
		all = append(all, tenor.Takedown{Outlet: o.outlet, Reason: oneLine(o.reason)})
	}
	for _, arg := range args {
		all = append(all, tenor.Takedown{Article: storedName(ctx, s, arg), Reason: oneLine(o.reason)})
	}
	if o.undo {
		for _, t := range all {
			name := cmp.Or(t.Outlet, t.Article)
			if err := s.Remember(ctx, name); err != nil {
				return fmt.Errorf("%w; tenor forget --list shows what was taken down", err)
			}
			a.warn("%s may be collected again.", oneLine(name))
		}
		return nil
	}
	in := bufio.NewReader(a.stdin)
	for _, t := range all { // all are looked up before any is removed
		h, err := s.Holding(ctx, t)
		if err != nil {
			return err
		}
		a.warn("%s", wouldRemove(t, h))
	}
	if !o.yes {
		fmt.Fprint(a.stderr, "This cannot be undone. Type yes to go on: ")
		answer, _ := in.ReadString('\n')
		if strings.TrimSpace(strings.ToLower(answer)) != "yes" {
			return errors.New("nothing was removed: only yes, or --yes, removes")
		}
	}
	removed := 0
	for _, t := range all {
		h, err := s.Forget(ctx, t)
		if err != nil {
			return err
		}
		removed += h.Articles
	}
	if err := s.Scrub(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("%s removed, but old bytes may be left in the file: %w; close what uses the store, or free some space, then run tenor forget again with what tenor forget --list names",
			plural(removed, "article"), err)
	}
	a.warn("%s removed, and no byte of it is left in %s.", plural(removed, "article"), a.db)
	return nil
}

func wouldRemove(t tenor.Takedown, h tenor.Holding) string {
	name := oneLine(cmp.Or(t.Outlet, t.Article))
	if h.Articles == 0 {
		return name + " is not in the store; it will never be collected."
	}
	if h.Title != "" {
		name += " (" + oneLine(h.Title) + ")"
	}
	return fmt.Sprintf("%s: %s with %s, %s and %s will be removed.", name, plural(h.Articles, "article"), plural(h.Quotes, "quote"),
		plural(h.Versions, "earlier version"), plural(h.Pages, "archived page"))
}

func (a *app) listForgotten(ctx context.Context) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.Forgotten(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		a.warn("Nothing was taken down.")
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "taken down\twhat\treason")
	for _, f := range list {
		name := oneLine(f.Name)
		if f.Outlet {
			name = "outlet " + name
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.At.In(tenor.Market).Format(time.DateOnly), name, oneLine(f.Reason))
	}
	return w.Flush()
}
