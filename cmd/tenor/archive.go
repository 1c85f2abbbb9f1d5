package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/store"
)

func newArchive(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "archive",
		Short: "List the pages as they were fetched, or export them as WARC",
		Long: `Archive is for the pages behind the articles, as the servers sent them: with their
headers, unpacked, under a hash.`,
		Example: `  tenor archive list
  tenor archive export --out pages.warc.gz`,
		Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newArchiveList(a), newArchiveExport(a))
	return c
}

func newArchiveList(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "List the stored pages: when fetched, status, size, hash, address",
		Example: `  tenor archive list
  tenor archive list --source ledger --from 2025-09-01`,
		Args: noArguments,
	}
	choose := pageFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		f, err := choose()
		if err != nil {
			return err
		}
		s, err := a.readStore(c.Context())
		if err != nil {
			return err
		}
		defer s.Close()
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "fetched\tstatus\tbytes\tsha256\taddress")
		for p, err := range s.Pages(c.Context(), f) {
			if err != nil {
				return err
			}
			status := fmt.Sprint(p.Status)
			if p.Status == 0 {
				status = "file"
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", p.FetchedAt.UTC().Format(time.RFC3339), status, p.Size, p.SHA256, oneLine(cmp.Or(p.URL, p.Article.Key())))
		}
		return w.Flush()
	}
	return c
}

func newArchiveExport(a *app) *cobra.Command {
	var out string
	var force bool
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the stored pages as a WARC file that other tools read",
		Long: `Export writes the pages as WARC/1.1, each record a gzip member: the answer of the server
with its header, the body unpacked. tenor import reads the file into another store, where
the same articles and quotes come of it. The same pages always give the same bytes.
Files that were imported are in it too, as resource records.`,
		Example: `  tenor archive export --out pages.warc.gz
  tenor archive export --source ledger --from 2025-09-01 --to 2025-09-30 -o september.warc.gz
  tenor archive export | tenor import - --db copy.db`,
		Args: noArguments,
	}
	choose := pageFlags(c)
	c.Flags().StringVarP(&out, "out", "o", "", "file to write, such as pages.warc.gz; standard output where none is named")
	c.Flags().BoolVar(&force, "force", false, "replace the file where there is one")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f, err := choose()
		if err != nil {
			return err
		}
		if out == "-" {
			out = ""
		}
		if info, err := os.Stat(out); out != "" && err == nil && info.Mode().IsRegular() && !force {
			return fmt.Errorf("%s is there already; name another file, or give --force to replace it", out)
		}
		if out == "" && isTerminal(a.stdout) {
			return usage("a WARC file is not for the terminal: name a file with --out, or lead the output elsewhere")
		}
		return a.exportArchive(c.Context(), f, out)
	}
	return c
}

// pageFlags adds the flags that choose pages.
func pageFlags(c *cobra.Command) func() (store.PageFilter, error) {
	var from, to, source string
	c.Flags().StringVar(&from, "from", "", "only what was fetched on this day or later (UTC)")
	c.Flags().StringVar(&to, "to", "", "only what was fetched on this day or earlier (UTC)")
	c.Flags().StringVar(&source, "source", "", "only pages of this source, as tenor sources names it")
	return func() (store.PageFilter, error) {
		f := store.PageFilter{Source: source}
		for _, day := range []struct {
			name, value string
			into        **tenor.Day
		}{{"from", from, &f.From}, {"to", to, &f.To}} {
			if day.value == "" {
				continue
			}
			d, err := tenor.ParseDay(day.value)
			if err != nil {
				return f, usage("--%s: %s", day.name, err)
			}
			*day.into = &d
		}
		if f.From != nil && f.To != nil && *f.From > *f.To {
			return f, usage("--from %s is after --to %s", from, to)
		}
		return f, nil
	}
}

func (a *app) exportArchive(ctx context.Context, f store.PageFilter, out string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	var latest time.Time
	total := 0
	for p, err := range s.Pages(ctx, f) {
		if err != nil {
			return err
		}
		total++
		latest = p.FetchedAt // they come in this order
	}
	if total == 0 {
		return errors.New("no stored page matches, so nothing was written; tenor archive list shows what there is")
	}
	var done, damaged int
	write := func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 256<<10)
		name := ""
		if out != "" {
			name = filepath.Base(out)
		}
		warc, err := crawler.NewWARCWriter(buffered, name, latest)
		if err != nil {
			return err
		}
		for p, err := range s.Pages(ctx, f) {
			if err != nil {
				return err
			}
			page, err := s.Page(ctx, p.Article.ID)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil { // one damaged page does not cost the others
				a.warn("%s", oneLine(fmt.Sprintf("%s: left out: %s", p.Article.Key(), err)))
				damaged++
				continue
			}
			if err := warc.Page(page, &p.Article); err != nil {
				return err
			}
			done++
		}
		return buffered.Flush()
	}
	if out == "" {
		err = write(a.stdout)
	} else {
		err = writeWhole(out, write)
	}
	switch {
	case err != nil:
		return err
	case damaged > 0:
		return fmt.Errorf("%s written; %d could not be read from the store", plural(done, "page"), damaged)
	}
	a.warn("%s.", plural(done, "page"))
	return nil
}
