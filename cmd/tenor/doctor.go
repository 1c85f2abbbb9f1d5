package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenor/store"
)

func newDoctor(a *app) *cobra.Command {
	var format string
	var repair bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say whether the store is well, and repair what can be",
		Long: `Doctor reads the whole store and compares what is there twice: the structure of the file,
references between rows, the words of each quote with its article and its identifier, days
with places, copies, names and the articles of each source with a recount, the full-text
index with the rows. It names the last good backup beside the store. The exit status is 1
where something is wrong.

It changes nothing unless --repair is given. Then the file is kept as it is under another
name first, and what can be made from the rest is: indexes, copies, words that are still right
elsewhere; rows that belong to nothing are removed. Labels given by people always stay.`,
		Example: `  tenor doctor
  tenor doctor --repair
  tenor doctor --format json | jq '.checks[] | select(.wrong > 0)'`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := formatOf(format, "text", "json"); err != nil {
				return err
			}
			return a.doctor(c.Context(), repair, format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	c.Flags().BoolVar(&repair, "repair", false, "repair what can be, keeping the file as it is under another name first")
	return c
}

// errUnwell ends a doctor's visit that found something; what, has been said.
var errUnwell = errors.New("the store is not well")

func (a *app) doctor(ctx context.Context, repair bool, format string) error {
	s, err := store.Open(ctx, a.db, store.Options{ReadOnly: !repair, Check: store.CheckNever, Now: a.now, Upgrading: a.upgrading})
	if err != nil {
		return err
	}
	defer s.Close()
	progress, stop := a.steps()
	d, err := s.Doctor(ctx, progress)
	var kept string
	var did []string
	if err == nil && repair && needsRepair(&d) {
		if kept, did, err = s.Repair(ctx, &d, progress); err == nil {
			d, err = s.Doctor(ctx, progress)
		}
	}
	stop()
	if kept != "" {
		a.warn("The file as it was: %s", kept)
	}
	for _, line := range did {
		a.warn("Repaired: %s.", line)
	}
	if err != nil {
		return err
	}
	if format == "json" {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		err = e.Encode(d)
	} else {
		err = writeDiagnosis(a.stdout, &d)
	}
	if err != nil || d.Well() {
		return err
	}
	return advice(&d, repair)
}

// needsRepair reports whether anything that is wrong can be repaired.
func needsRepair(d *store.Diagnosis) bool {
	return slices.ContainsFunc(d.Checks, func(c store.CheckResult) bool { return c.Wrong > 0 && c.Repair != "" })
}

// advice is what to do about a store that is not well.
func advice(d *store.Diagnosis, repaired bool) error {
	switch {
	case !repaired && d.Repairable():
		return fmt.Errorf("%w: tenor doctor --repair --db %s mends it", errUnwell, d.Store)
	case d.Backup != "":
		return fmt.Errorf("%w: the last good backup comes back with tenor restore %s --db %s --force", errUnwell, d.Backup, d.Store)
	case !repaired && needsRepair(d):
		return fmt.Errorf("%w: tenor doctor --repair --db %s mends some of it, and no backup lies beside it", errUnwell, d.Store)
	}
	return fmt.Errorf("%w, and no backup lies beside it; collect the articles anew into another store, or tag them anew with tenor retag", errUnwell)
}

func writeDiagnosis(w io.Writer, d *store.Diagnosis) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, schema %d\n", d.Store, size(d.Size), d.Schema)
	for i, table := range slices.Sorted(maps.Keys(d.Rows)) {
		if i > 0 {
			b.WriteString(" · ")
		}
		fmt.Fprintf(&b, "%s %d", table, d.Rows[table])
	}
	b.WriteString("\n\n")
	for _, c := range d.Checks {
		state := "well"
		if c.Wrong > 0 {
			state = fmt.Sprintf("%d wrong; --repair %s", c.Wrong, c.Repair)
			if c.Repair == "" {
				state = fmt.Sprintf("%d wrong; cannot be repaired", c.Wrong)
			}
		}
		fmt.Fprintf(&b, "%-16s %s\n", c.Name, state)
		for _, line := range c.Examples {
			fmt.Fprintf(&b, "    %s\n", oneLine(line))
		}
		if n := c.Wrong - len(c.Examples); n > 0 && len(c.Examples) >= store.MaxExamples {
			b.WriteString("    …\n")
		}
		if c.Note != "" {
			fmt.Fprintf(&b, "    %s\n", oneLine(c.Note))
		}
	}
	b.WriteString("\n")
	if d.Backup == "" {
		b.WriteString("No backup lies beside it; tenor backup makes one.\n")
	} else {
		fmt.Fprintf(&b, "The last good backup is %s, of %s, with %s and %s.\n", d.Backup, d.Manifest.Created.Format("2006-01-02 15:04 UTC"),
			plural(int(d.Manifest.Rows["articles"]), "article"), plural(int(d.Manifest.Rows["quotes"]), "quote"))
	}
	for _, path := range d.Leftovers {
		fmt.Fprintf(&b, "%s is left of a backup or restore that was killed; unless one is running now, remove it.\n", path)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
