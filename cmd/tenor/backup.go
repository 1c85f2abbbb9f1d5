package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tenor/nlp"
	"tenor/store"
)

func newBackup(a *app) *cobra.Command {
	var out string
	var keep int
	c := &cobra.Command{
		Use:   "backup",
		Short: "Write the store into one checked file, also while a crawl is running",
		Long: `Backup writes the store as it is at one moment into a new file, checks that file, and
puts a manifest beside it (FILE.json: when, schema, hash, rows of each table). The file has
its name only when it is whole. Without --out it goes beside the store, under the store's
name and the time (UTC), such as tenor-2026-11-29T0815.backup.db. A file that is there
is never overwritten. tenor restore brings it back.`,
		Example: `  tenor backup
  tenor backup --out /mnt/disk/tenor.backup.db
  tenor backup --keep 7        # and remove all but the newest seven that it named itself`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("keep") && (keep < 1 || out != "") {
				return usage("--keep is how many backups stay, 1 or more, of those that are made without --out")
			}
			return a.backup(c.Context(), out, keep)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "file to write; beside the store, named for the time, where none is given")
	c.Flags().IntVar(&keep, "keep", 0, "remove older backups beside the store, but for this many")
	return c
}

func (a *app) backup(ctx context.Context, out string, keep int) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if out == "" {
		out = store.BackupName(a.db, a.now())
	}
	progress, stop := a.steps()
	m, err := s.Backup(ctx, out, nlp.Version, progress)
	stop()
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, out)
	a.warn("%s of %s and %s, checked.", size(m.Size), plural(int(m.Rows["articles"]), "article"), plural(int(m.Rows["quotes"]), "quote"))
	if keep == 0 {
		return nil
	}
	removed, err := store.DropOldBackups(a.db, keep)
	for _, path := range removed {
		a.warn("Removed %s.", path)
	}
	return err
}

// size is a number of bytes as people read it.
func size(n int64) string {
	units := []string{"KiB", "MiB", "GiB", "TiB"}
	if n < 1024 {
		return plural(int(n), "byte")
	}
	value, unit := float64(n)/1024, 0
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}
