package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tenor"
)

// houseWords are how firms and outlets differ in what is said of them.
type houseWords struct{ kind, command, short, long, one, other, arm string }

func newFirms(a *app) *cobra.Command {
	return newHouses(a, houseWords{
		tenor.KindFirm, "firms", "Which names are one firm: list and show them, merge, split and rename",
		`Names that differ in case, accents and legal form are one firm's, and so are those of the
list in firms.txt. Others that differ in words which writers leave out ("Financial",
"Securities") are joined by evidence: an article has both for one person, or the long one
first and the short one later, or one person is heard at both within a year in one role. An
arm ("Asset Management") takes two people. An article that gives the two to different people
tells them apart for good. Every quote keeps the firm as written.`,
		"Quill Securities", "Quill", "Quill Capital"})
}

func newOutlets(a *app) *cobra.Command {
	return newHouses(a, houseWords{
		tenor.KindOutlet, "outlets", "Which names are one outlet: list and show them, merge, split and rename",
		`Names that differ in case, accents, "www." and the end of an address are one outlet's.
Others are joined by evidence: they were read on one host and differ in words which writers
leave out ("News", "Online"), or one is the name of the host, and only one other was read
there. Every article keeps the name as written.`,
		"Courier News", "Courier", "Courier Online"})
}

// newHouses is the command for firms or for outlets.
func newHouses(a *app, w houseWords) *cobra.Command {
	c := &cobra.Command{
		Use: w.command, Short: w.short,
		Long: w.long + fmt.Sprintf(`

What you decide wins over that, holds for what is collected later, and stands in a ledger
from which it can be taken back. Counts, filters and the people of a firm follow at once.

A %s is named by any of its names.`, w.kind),
		Example: strings.NewReplacer("CMD", w.command, "ONE", w.one, "OTHER", w.other, "ARM", w.arm).Replace(`  tenor CMD list
  tenor CMD show "OTHER"
  tenor CMD why "ONE" "OTHER"
  tenor CMD merge "ONE" "OTHER" --why "its full name"
  tenor CMD split "OTHER" "ARM"
  tenor CMD undo`),
		SuggestionsMinimumDistance: 2,
		Args:                       unknownCommand,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newHouseList(a, w), newHouseShow(a, w), newHouseWhy(a, w), newHouseMerge(a, w), newHouseSplit(a, w),
		newHouseRename(a, w), newHouseUndo(a, w), newHouseLog(a, w))
	return c
}

func newHouseList(a *app, w houseWords) *cobra.Command {
	var format string
	var limit int
	c := &cobra.Command{
		Use:     "list [NAME]",
		Short:   "List them, those with most quotes first",
		Example: fmt.Sprintf("  tenor %s list\n  tenor %[1]s list quill\n  tenor %[1]s list --limit 0 --format csv > %[1]s.csv", w.command),
		Args:    atMostOne("name"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "table", "json", "csv"); err != nil {
				return err
			}
			if limit < 0 {
				return usage("--limit: %d is less than 0", limit)
			}
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			list, err := s.Houses(c.Context(), w.kind, strings.Join(args, ""), limit)
			if err != nil {
				return err
			}
			return a.listHouses(w, list, strings.Join(args, ""), limit, format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table, json or csv")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	return c
}

func (a *app) listHouses(w houseWords, list []tenor.House, name string, limit int, format string) error {
	records := make([]houseRecord, 0, len(list))
	for i := range list {
		records = append(records, newHouseRecord(&list[i]))
	}
	switch format {
	case "json":
		return writeIndented(a.stdout, records)
	case "csv":
		out := csv.NewWriter(a.stdout)
		out.Write([]string{"name", "quotes", "first", "last", "names"})
		for _, r := range records {
			row := []string{r.Name, strconv.Itoa(r.Quotes), r.First, r.Last, r.spelled("|")}
			tenor.GuardCells(row)
			out.Write(row)
		}
		out.Flush()
		return out.Error()
	}
	if len(list) == 0 {
		if name != "" {
			a.warn("No %s here is called %q.", w.kind, name)
		} else {
			a.warn("No %s is there yet: collect something with tenor crawl or tenor import.", w.kind)
		}
		return nil
	}
	t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tquotes\tfirst\tlast\talso written")
	for _, r := range records {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\n", oneLine(r.Name), r.Quotes, dash(r.First), dash(r.Last), dash(oneLine(r.spelled(", "))))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(list) == limit {
		a.warn("The first %d; --limit 0 lists all.", limit)
	}
	return nil
}

func newHouseShow(a *app, w houseWords) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show its names, what ties them, and what was decided",
		Example: fmt.Sprintf("  tenor %s show %q\n  tenor %[1]s show %[2]q --format json", w.command, w.other),
		Args:    exactly(1, "one name"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "text", "json"); err != nil {
				return err
			}
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			h, err := s.House(c.Context(), w.kind, args[0])
			if err != nil {
				return err
			}
			r := newHouseRecord(&h)
			if format == "json" {
				return writeIndented(a.stdout, r)
			}
			t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintf(t, "%s\t%s\n\nwritten\tquotes\n", oneLine(r.Name), plural(r.Quotes, "quote"))
			for _, n := range r.Names {
				fmt.Fprintf(t, "%s\t%d\n", oneLine(n.Name), n.Quotes)
			}
			if len(r.Evidence) > 0 {
				fmt.Fprintln(t)
				writeTies(t, r.Evidence)
			}
			if len(h.Decisions) > 0 {
				fmt.Fprintln(t)
				writeDecisions(t, h.Decisions)
			}
			return t.Flush()
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

func newHouseWhy(a *app, w houseWords) *cobra.Command {
	return &cobra.Command{
		Use:     "why NAME OTHER",
		Short:   "Say whether two names are one, and what speaks for and against it",
		Example: fmt.Sprintf("  tenor %s why %q %q", w.command, w.one, w.other),
		Args:    exactly(2, "two names"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			one, err := s.House(c.Context(), w.kind, args[0])
			if err != nil {
				return err
			}
			other, err := s.House(c.Context(), w.kind, args[1])
			if err != nil {
				return err
			}
			verdict := fmt.Sprintf("%s and %s are two %s here.", oneLine(args[0]), oneLine(args[1]), w.command)
			if one.Key == other.Key {
				verdict = fmt.Sprintf("%s and %s are one %s here, %s.", oneLine(args[0]), oneLine(args[1]), w.kind, oneLine(one.Name))
			}
			t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, verdict)
			keys := map[string]bool{}
			for _, n := range other.Names {
				keys[n.Key] = true
			}
			var ties []tieRecord
			for _, tie := range newHouseRecord(&one).Evidence {
				if one.Key == other.Key || keys[tie.One] || keys[tie.Other] {
					ties = append(ties, tie)
				}
			}
			switch {
			case len(ties) > 0:
				fmt.Fprintln(t)
				writeTies(t, ties)
			case one.Key != other.Key:
				fmt.Fprintln(t, "Nothing speaks for it that they are one.")
			default:
				fmt.Fprintln(t, "Their names fold to one: they differ in case, accents or legal form, or a list has both.")
			}
			for _, d := range one.Decisions {
				if d.Undone == 0 && d.Action != "undo" && d.Action != "rename" {
					fmt.Fprintf(t, "Entry %d of the ledger holds: %s %s.\n", d.ID, d.Action, oneLine(d.What))
				}
			}
			return t.Flush()
		},
	}
}

func writeTies(w io.Writer, ties []tieRecord) {
	fmt.Fprintln(w, "one\tother\tfor\tagainst")
	for _, t := range ties {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", oneLine(t.One), oneLine(t.Other), t.For, t.Against)
	}
}

func newHouseLog(a *app, w houseWords) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:     "log",
		Short:   "List what was decided: who, when, why",
		Example: fmt.Sprintf("  tenor %s log\n  tenor %[1]s log --format json", w.command),
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := formatOf(format, "table", "json"); err != nil {
				return err
			}
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			log, err := s.HouseLog(c.Context(), w.kind)
			if err != nil {
				return err
			}
			if format == "json" {
				return writeIndented(a.stdout, decisionRecords(log))
			}
			if len(log) == 0 {
				a.warn("Nothing was decided yet.")
				return nil
			}
			t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			writeDecisions(t, log)
			return t.Flush()
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or json")
	return c
}

// houseRecord is a firm or an outlet as JSON has it.
type houseRecord struct {
	Name      string           `json:"name"`
	Quotes    int              `json:"quotes"`
	First     string           `json:"first,omitempty"`
	Last      string           `json:"last,omitempty"`
	Names     []houseName      `json:"names"`
	Evidence  []tieRecord      `json:"evidence,omitempty"`
	Decisions []decisionRecord `json:"decisions,omitempty"`
}

type houseName struct {
	Name   string `json:"name"`
	Quotes int    `json:"quotes"`
}

// tieRecord is what speaks for and against two names being one, in folded words.
type tieRecord struct {
	One     string `json:"one"`
	Other   string `json:"other"`
	For     int    `json:"for"`
	Against int    `json:"against"`
}

func newHouseRecord(h *tenor.House) houseRecord {
	r := houseRecord{Name: h.Name, Quotes: h.Quotes, Names: []houseName{}}
	if h.Dated {
		r.First, r.Last = h.First.String(), h.Last.String()
	}
	for _, n := range h.Names {
		r.Names = append(r.Names, houseName{n.Name, n.Quotes})
	}
	for _, t := range h.Ties {
		r.Evidence = append(r.Evidence, tieRecord{t.A, t.B, t.For, t.Against})
	}
	r.Decisions = decisionRecords(h.Decisions)
	return r
}

// spelled are the names beside the one it is listed under.
func (r *houseRecord) spelled(sep string) string {
	var list []string
	for _, n := range r.Names {
		if n.Name != r.Name {
			list = append(list, n.Name)
		}
	}
	return strings.Join(list, sep)
}
