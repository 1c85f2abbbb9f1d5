package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tenor"
)

func newPeople(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "people",
		Short: "Who is one person: list and show them, merge, split and rename",
		Long: `People are found by evidence: names with the same surname and forenames that may be one
("Mike", "Michael", "M.") are one person's where the firm is the same, or, where one has
no firm, the market they speak of and the year. A surname alone is never enough. A name
heard by turns at two firms in the same months, on other markets, is two people's; a move
from one firm to the next is not.

What you decide wins over that, holds when articles are tagged or collected again, and
stands in a ledger from which it can be taken back: every quote goes back to whose it
was. Copies and the consensus follow at once.

A person is named by any spelling, by NAME@FIRM, or by number, as '#12'.`,
		Example: `  tenor people list quill
  tenor people show "Ada Quill"
  tenor people merge "Ada Brandt" "Ada Quill" --why "married in 2024"
  tenor people split "Bo Reed" "@Harbor Fund" --why "another Bo Reed"
  tenor people undo`,
		SuggestionsMinimumDistance: 2,
		Args:                       unknownCommand,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newPeopleList(a), newPeopleShow(a), newPeopleWhy(a), newPeopleMerge(a), newPeopleSplit(a),
		newPeopleRename(a), newPeopleUndo(a), newPeopleLog(a))
	return c
}

func newPeopleList(a *app) *cobra.Command {
	var format string
	var limit int
	var doubtful bool
	c := &cobra.Command{
		Use:   "list [NAME]",
		Short: "List who is quoted, those with most quotes first",
		Example: `  tenor people list
  tenor people list quill
  tenor people list --doubtful
  tenor people list --limit 0 --format csv > people.csv`,
		Args: atMostOne("name"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "table", "json", "csv"); err != nil {
				return err
			}
			if limit < 0 {
				return usage("--limit: %d is less than 0", limit)
			}
			if doubtful {
				if len(args) > 0 || format == "csv" {
					return usage("--doubtful lists all pairs, as a table or json: give it no name and no --format csv")
				}
				return a.listDoubtful(c.Context(), limit, format)
			}
			return a.listPeople(c.Context(), strings.Join(args, ""), limit, format)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table, json or csv")
	c.Flags().IntVar(&limit, "limit", 50, "how many at most; 0 for all")
	c.Flags().BoolVar(&doubtful, "doubtful", false, "pairs that may be one person and names that may be two, with the evidence")
	return c
}

func atMostOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("give one %s at most; put a name of several words into quotation marks", what)
		}
		return nil
	}
}

func (a *app) listPeople(ctx context.Context, name string, limit int, format string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.People(ctx, name, limit)
	if err != nil {
		return err
	}
	switch format {
	case "json":
		records := make([]personRecord, 0, len(list))
		for i := range list {
			records = append(records, newPersonRecord(&list[i]))
		}
		return writeIndented(a.stdout, records)
	case "csv":
		w := csv.NewWriter(a.stdout)
		w.Write([]string{"id", "name", "kind", "quotes", "first", "last"})
		for i := range list {
			r := newPersonRecord(&list[i])
			row := []string{strconv.FormatInt(r.ID, 10), r.Name, r.Kind, strconv.Itoa(r.Quotes), r.First, r.Last}
			tenor.GuardCells(row)
			w.Write(row)
		}
		w.Flush()
		return w.Error()
	}
	if len(list) == 0 {
		if name != "" {
			a.warn("Nobody here is called %q.", name)
		} else {
			a.warn("Nobody is quoted yet: collect something with tenor crawl or tenor import.")
		}
		return nil
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "number\tname\tquotes\tfirst\tlast")
	for i := range list {
		r := newPersonRecord(&list[i])
		fmt.Fprintf(w, "#%d\t%s\t%d\t%s\t%s\n", r.ID, oneLine(r.Name), r.Quotes, dash(r.First), dash(r.Last))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(list) == limit {
		a.warn("The first %d; --limit 0 lists all.", limit)
	}
	return nil
}

func newPeopleShow(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "show NAME",
		Short: "Show a person's spellings, firms with dates, and what was decided of them",
		Example: `  tenor people show "Ada Quill"
  tenor people show "Bo Reed@Harbor Fund"
  tenor people show '#12' --format json`,
		Args: exactly(1, "the name of one person"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := formatOf(format, "text", "json"); err != nil {
				return err
			}
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			p, err := s.Person(c.Context(), args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				return writeIndented(a.stdout, newPersonRecord(&p))
			}
			return showPerson(a.stdout, &p)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

// exactly wants so many arguments, and says what they are.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("give %s; put a name of several words into quotation marks", what)
		}
		return nil
	}
}

func showPerson(out io.Writer, p *tenor.Person) error {
	r := newPersonRecord(p)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t#%d, %s\n", oneLine(r.Name), r.ID, plural(r.Quotes, "quote"))
	fmt.Fprintln(w, "\nfirm\tfirst\tlast\tquotes")
	for _, f := range r.Affiliations {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\n", oneLine(f.Firm), dash(f.First), dash(f.Last), f.Quotes)
	}
	fmt.Fprintln(w, "\nspelling\tat\tquotes")
	for _, n := range r.Spellings {
		fmt.Fprintf(w, "%s\t%s\t%d\n", oneLine(n.Name), dash(oneLine(n.Firm)), n.Quotes)
	}
	if len(p.Decisions) > 0 {
		fmt.Fprintln(w)
		writeDecisions(w, p.Decisions)
	}
	return w.Flush()
}

func newPeopleLog(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "log",
		Short: "List what was decided: who, when, why",
		Example: `  tenor people log
  tenor people log --format json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := formatOf(format, "table", "json"); err != nil {
				return err
			}
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			log, err := s.PeopleLog(c.Context(), 0)
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
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			writeDecisions(w, log)
			return w.Flush()
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table or json")
	return c
}

func writeDecisions(w io.Writer, log []tenor.Decision) {
	fmt.Fprintln(w, "entry\twhen\twho\tdecided\twhy")
	for _, d := range log {
		undone := ""
		if d.Undone != 0 {
			undone = fmt.Sprintf(" (undone by %d)", d.Undone)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s %s%s\t%s\n", d.ID, moment(d.At, "-"), dash(oneLine(d.Who)), d.Action, oneLine(d.What), undone, dash(oneLine(d.Why)))
	}
}

// personRecord is a person as JSON has it.
type personRecord struct {
	ID           int64               `json:"id"`
	Name         string              `json:"name"`
	Kind         string              `json:"kind"` // person or institution
	Quotes       int                 `json:"quotes"`
	First        string              `json:"first,omitempty"`
	Last         string              `json:"last,omitempty"`
	Affiliations []affiliationRecord `json:"affiliations,omitempty"`
	Spellings    []spellingRecord    `json:"spellings,omitempty"`
	Decisions    []decisionRecord    `json:"decisions,omitempty"`
}

type affiliationRecord struct {
	Firm   string `json:"firm"`
	First  string `json:"first"`
	Last   string `json:"last"`
	Quotes int    `json:"quotes"`
}

type spellingRecord struct {
	Name   string `json:"name"`
	Firm   string `json:"firm"`
	Quotes int    `json:"quotes"`
}

type decisionRecord struct {
	Entry  int64  `json:"entry"`
	At     string `json:"at"`
	Who    string `json:"who"`
	Why    string `json:"why"`
	Action string `json:"action"`
	What   string `json:"what"`
	Undone int64  `json:"undone_by,omitempty"`
}

func newPersonRecord(p *tenor.Person) personRecord {
	r := personRecord{ID: p.ID, Name: p.Name, Kind: "person", Quotes: p.Quotes}
	if p.Institution {
		r.Kind = "institution"
	}
	if p.Dated {
		r.First, r.Last = p.First.String(), p.Last.String()
	}
	for _, f := range p.Affiliations {
		one := affiliationRecord{Firm: f.Firm, Quotes: f.Quotes}
		if f.Dated {
			one.First, one.Last = f.First.String(), f.Last.String()
		}
		r.Affiliations = append(r.Affiliations, one)
	}
	for _, s := range p.Spellings {
		r.Spellings = append(r.Spellings, spellingRecord(s))
	}
	r.Decisions = decisionRecords(p.Decisions)
	return r
}

func decisionRecords(log []tenor.Decision) []decisionRecord {
	list := make([]decisionRecord, 0, len(log))
	for _, d := range log {
		list = append(list, decisionRecord{d.ID, d.At.UTC().Format("2006-01-02T15:04:05Z"), d.Who, d.Why, d.Action, d.What, d.Undone})
	}
	return list
}

func writeIndented(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
