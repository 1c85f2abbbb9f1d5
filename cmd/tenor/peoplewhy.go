package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tenor"
)

func newPeopleWhy(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "why NAME OTHER",
		Short: "Say whether two names are one person's, and what speaks for and against it",
		Example: `  tenor people why "Mike Marsh" "Michael Marsh"
  tenor people why '#12' '#31'
  tenor people why "Bo Reed@Harbor Fund" "Bo Reed@Quill Bank"`,
		Args: exactly(2, "two names"),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			d, err := s.WhyPeople(c.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if d.A.ID == d.B.ID {
				fmt.Fprintf(a.stdout, "%s and %s are one person here: %s #%d, %s.\n", oneLine(args[0]), oneLine(args[1]), oneLine(d.A.Name), d.A.ID, plural(d.A.Quotes, "quote"))
			} else {
				fmt.Fprintf(a.stdout, "%s #%d (%s) and %s #%d (%s) are two people here.\n", oneLine(d.A.Name), d.A.ID, plural(d.A.Quotes, "quote"),
					oneLine(d.B.Name), d.B.ID, plural(d.B.Quotes, "quote"))
			}
			writeDoubt(a.stdout, &d)
			for _, e := range d.A.Decisions {
				if e.Undone == 0 && e.Action != "undo" && e.Action != "rename" {
					fmt.Fprintf(a.stdout, "Entry %d of the ledger holds: %s %s.\n", e.ID, e.Action, oneLine(e.What))
				}
			}
			return nil
		},
	}
}

// writeDoubt writes what speaks for and against one person.
func writeDoubt(w io.Writer, d *tenor.Doubt) {
	for _, s := range d.For {
		fmt.Fprintf(w, "  for one person: %s\n", oneLine(s))
	}
	for _, s := range d.Against {
		fmt.Fprintf(w, "  against it: %s\n", oneLine(s))
	}
}

type doubtRecord struct {
	A       personRecord `json:"a"`
	B       personRecord `json:"b"`
	Firms   []string     `json:"firms,omitempty"` // where a and b are one who may be two
	For     []string     `json:"for"`
	Against []string     `json:"against"`
}

// listDoubtful lists people of whom somebody may say whether they are one.
func (a *app) listDoubtful(ctx context.Context, limit int, format string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := s.Doubts(ctx, limit)
	if err != nil {
		return err
	}
	if format == "json" {
		records := make([]doubtRecord, 0, len(list))
		for i := range list {
			d := &list[i]
			r := doubtRecord{A: newPersonRecord(&d.A), B: newPersonRecord(&d.B), For: append([]string{}, d.For...), Against: append([]string{}, d.Against...)}
			if d.Parts[0] != "" {
				r.Firms = d.Parts[:]
			}
			records = append(records, r)
		}
		return writeIndented(a.stdout, records)
	}
	if len(list) == 0 {
		a.warn("Nobody is doubtful.")
		return nil
	}
	for i := range list {
		d := &list[i]
		if d.Parts[0] != "" {
			fmt.Fprintf(a.stdout, "%s #%d may be two: at %s and at %s\n", oneLine(d.A.Name), d.A.ID, oneLine(d.Parts[0]), oneLine(d.Parts[1]))
		} else {
			fmt.Fprintf(a.stdout, "%s #%d and %s #%d may be one\n", oneLine(d.A.Name), d.A.ID, oneLine(d.B.Name), d.B.ID)
		}
		writeDoubt(a.stdout, d)
	}
	a.warn("tenor people merge makes two of these one, and split the other way.")
	return nil
}
