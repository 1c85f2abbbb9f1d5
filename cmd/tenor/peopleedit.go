package main

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tenor/store"
)

// reasonFlags are who decides something and why, for the ledger.
func reasonFlags(c *cobra.Command) *store.Reason {
	why := &store.Reason{}
	c.Flags().StringVar(&why.Why, "why", "", "reason, for the ledger")
	c.Flags().StringVar(&why.Who, "who", os.Getenv("USER"), "who decides, for the ledger")
	return why
}

// decide opens the store, which must be there, for a decision.
func (a *app) decide(ctx context.Context, fn func(s *store.Store) error) error {
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading})
	if err != nil {
		return err
	}
	defer s.Close()
	return fn(s)
}

func newPeopleMerge(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "merge NAME… INTO",
		Short: "Make people one with the last named, who keeps the name",
		Example: `  tenor people merge "Ada Brandt" "Ada Quill" --why "married in 2024"
  tenor people merge '#31' '#44' '#12'
  tenor people merge "Reed@Reed Bank" "Bo Reed" --who nell`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("name at least two people: those to merge, and last the one they become; put a name of several words into quotation marks")
			}
			return nil
		},
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			into := args[len(args)-1]
			id, err := s.MergePeople(c.Context(), args[:len(args)-1], into, *why)
			if err != nil {
				return err
			}
			a.warn("Merged into %s. To take it back: tenor people undo %d", oneLine(into), id)
			return nil
		})
	}
	return c
}

func newPeopleSplit(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "split NAME PART…",
		Short: "Make somebody new of some of a person's names",
		Long: `Split takes names away from a person and makes one new person of them. A part is a
spelling, SPELLING@FIRM for a spelling at one firm, @FIRM for all at that firm, or
SPELLING@ for where no firm is named. Spellings that differ in case, accents, titles and
initials go together. tenor people show lists a person's names.`,
		Example: `  tenor people split "Bo Reed" "@Harbor Fund" --why "another Bo Reed"
  tenor people split "Ada Quill" "A. Quill@Reed Bank" "Quill@Reed Bank"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("name a person and at least one of the names that are somebody else's; put a name of several words into quotation marks")
			}
			return nil
		},
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			id, err := s.SplitPerson(c.Context(), args[0], args[1:], *why)
			if err != nil {
				return err
			}
			a.warn("Split %s from %s. To take it back: tenor people undo %d", oneLine(strings.Join(args[1:], " and ")), oneLine(args[0]), id)
			return nil
		})
	}
	return c
}

func newPeopleRename(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "rename NAME NEWNAME",
		Short: "Give a person the name to be listed under",
		Long: `Rename gives a person the name under which lists and filters have them. Quotes keep what
the article says.`,
		Example: `  tenor people rename "Dr. Ada B. Quill" "Ada Quill"
  tenor people rename '#12' "Bo Reed junior"`,
		Args: exactly(2, "the name of one person, and the new name"),
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			id, err := s.RenamePerson(c.Context(), args[0], args[1], *why)
			if err != nil {
				return err
			}
			a.warn("Renamed %s to %s. To take it back: tenor people undo %d", oneLine(args[0]), oneLine(args[1]), id)
			return nil
		})
	}
	return c
}

func newPeopleUndo(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "undo [ENTRY]",
		Short: "Take back a decision of the ledger, or the last one that stands",
		Long: `Undo puts every quote back to whose it was before the decision. The ledger keeps both. A
decision on which a later one builds can be taken back after that one only.`,
		Example: `  tenor people undo
  tenor people undo 3 --why "they are two after all"`,
		Args: atMostOne("entry of tenor people log"),
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		var id int64
		if len(args) > 0 {
			var err error
			if id, err = strconv.ParseInt(args[0], 10, 64); err != nil || id < 1 {
				return usage("%q is no number of an entry: tenor people log lists them", args[0])
			}
		}
		return a.decide(c.Context(), func(s *store.Store) error {
			d, err := s.UndoPeople(c.Context(), id, *why)
			if err != nil {
				return err
			}
			a.warn("Took back entry %d: %s %s.", d.ID, d.Action, oneLine(d.What))
			return nil
		})
	}
	return c
}
