package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tenor/store"
)

func newHouseMerge(a *app, w houseWords) *cobra.Command {
	c := &cobra.Command{
		Use:     "merge NAME… INTO",
		Short:   "Make them one with the last named, which keeps the name",
		Example: fmt.Sprintf("  tenor %s merge %q %q --why \"its full name\"", w.command, w.one, w.other),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("name at least two: those to merge, and last the one they become; put a name of several words into quotation marks")
			}
			return nil
		},
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			into := args[len(args)-1]
			id, err := s.MergeHouses(c.Context(), w.kind, args[:len(args)-1], into, *why)
			if err == nil {
				a.warn("Merged into %s. To take it back: tenor %s undo %d", oneLine(into), w.command, id)
			}
			return err
		})
	}
	return c
}

func newHouseSplit(a *app, w houseWords) *cobra.Command {
	c := &cobra.Command{
		Use:     "split NAME PART…",
		Short:   "Count some of its names apart",
		Example: fmt.Sprintf("  tenor %s split %q %q --why \"speaks for itself\"", w.command, w.other, w.arm),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("name a %s and at least one of the names that are another's; put a name of several words into quotation marks", w.kind)
			}
			return nil
		},
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			id, err := s.SplitHouse(c.Context(), w.kind, args[0], args[1:], *why)
			if err == nil {
				a.warn("Split %s from %s. To take it back: tenor %s undo %d", oneLine(strings.Join(args[1:], " and ")), oneLine(args[0]), w.command, id)
			}
			return err
		})
	}
	return c
}

func newHouseRename(a *app, w houseWords) *cobra.Command {
	c := &cobra.Command{
		Use:     "rename NAME NEWNAME",
		Short:   "Give the name to be listed under",
		Example: fmt.Sprintf("  tenor %s rename %q %q", w.command, w.one, w.other),
		Args:    exactly(2, "one name, and the new one"),
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return a.decide(c.Context(), func(s *store.Store) error {
			id, err := s.RenameHouse(c.Context(), w.kind, args[0], args[1], *why)
			if err == nil {
				a.warn("Renamed %s to %s. To take it back: tenor %s undo %d", oneLine(args[0]), oneLine(args[1]), w.command, id)
			}
			return err
		})
	}
	return c
}

func newHouseUndo(a *app, w houseWords) *cobra.Command {
	c := &cobra.Command{
		Use:     "undo [ENTRY]",
		Short:   "Take back a decision of the ledger, or the last one that stands",
		Example: fmt.Sprintf("  tenor %s undo\n  tenor %[1]s undo 3 --why \"they are two after all\"", w.command),
		Args:    atMostOne("entry of tenor " + w.command + " log"),
	}
	why := reasonFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		var id int64
		if len(args) > 0 {
			var err error
			if id, err = strconv.ParseInt(args[0], 10, 64); err != nil || id < 1 {
				return usage("%q is no number of an entry: tenor %s log lists them", args[0], w.command)
			}
		}
		return a.decide(c.Context(), func(s *store.Store) error {
			d, err := s.UndoHouse(c.Context(), w.kind, id, *why)
			if err == nil {
				a.warn("Took back entry %d: %s %s.", d.ID, d.Action, oneLine(d.What))
			}
			return err
		})
	}
	return c
}
