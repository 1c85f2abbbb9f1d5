package main

import (
	"context"

	"github.com/spf13/cobra"

	"tenor/store"
)

func newRestore(a *app) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "restore BACKUP",
		Short: "Put a backup in the place of the store",
		Long: `Restore checks a backup, its hash, its structure and its rows, and only then puts a copy
of it in the place of the store. A store that is there is left alone unless --force is given;
then it is moved aside, under its name and the time, and never removed. Nobody may have
the store open meanwhile: end tenor serve and tenor crawl first.`,
		Example: `  tenor restore tenor-2026-11-29T0815.backup.db --force
  tenor restore /mnt/disk/tenor.backup.db --db copy.db`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name one backup; tenor doctor names the last good one beside the store")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.restore(c.Context(), args[0], force) },
	}
	c.Flags().BoolVar(&force, "force", false, "move a store that is there aside")
	return c
}

func (a *app) restore(ctx context.Context, backup string, force bool) error {
	progress, stop := a.steps()
	r, err := store.Restore(ctx, backup, a.db, force, a.now(), progress)
	stop()
	if err != nil {
		return err
	}
	if r.SHA256 == "" {
		a.warn("It has no manifest (%s.json), so its hash could not be compared; its structure is whole.", backup)
	}
	a.warn("%s now has %s and %s.", a.db, plural(int(r.Rows["articles"]), "article"), plural(int(r.Rows["quotes"]), "quote"))
	if r.Aside != "" {
		a.warn("The store that was there is now %s.", r.Aside)
	}
	if r.Schema < r.Known {
		a.warn("It is of an older Tenor (schema %d of %d); tenor doctor --repair --db %s brings it up to date.", r.Schema, r.Known, a.db)
	}
	return nil
}
