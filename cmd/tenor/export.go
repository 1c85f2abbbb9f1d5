package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/web"
)

func newExport(a *app) *cobra.Command {
	var format, dialect, out string
	var dictionary, articles bool
	c := &cobra.Command{
		Use:   "export [filters]",
		Short: "Write all matching quotes as CSV, JSON Lines or Parquet",
		Long: `Export writes one row a quote, all that match, newest first, under the column names
that the README documents. CSV comes in two dialects: "excel" opens in a
spreadsheet as it should (byte order mark, formulas guarded, line ends folded);
"raw" is exact, for pandas, R and DuckDB. Parquet has the same columns with their types,
and the same quotes give the same bytes.

With --dictionary it writes what each column holds, in place of quotes. With --articles it
writes all articles as JSON Lines, each with the text whose bytes the spans of quotes
count; tenor import reads them again.`,
		Example: `  tenor export --out quotes.csv
  tenor export --dialect raw --subject small-caps > small-caps.csv
  tenor export --format jsonl --from 2025-01-01 | jq .speaker
  tenor export --format parquet --theme rates --out rates.parquet
  tenor export --articles --out articles.jsonl
  tenor export --dictionary
  tenor export --dictionary --format datapackage > datapackage.json`,
		DisableFlagsInUseLine: true,
		Args:                  noArguments,
	}
	filters := addFilters(a, c, false)
	c.Flags().StringVar(&format, "format", "csv", "csv, jsonl or parquet; of the dictionary: csv, json or datapackage")
	c.Flags().StringVar(&dialect, "dialect", string(tenor.DialectExcel), "of CSV: excel or raw")
	c.Flags().StringVarP(&out, "out", "o", "", "file to write; standard output where none is named")
	c.Flags().BoolVar(&dictionary, "dictionary", false, "write the data dictionary: every column with its type, values and meaning")
	c.Flags().BoolVar(&articles, "articles", false, "write all articles with their texts, as JSON Lines")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if dictionary && articles {
			return usage("--dictionary and --articles are two exports: ask for one of them")
		}
		if dictionary {
			return a.exportDictionary(format, out)
		}
		if articles {
			f, err := filters.filter(nil)
			switch {
			case err != nil:
				return err
			case len(f.Values()) > 0:
				return usage("--articles writes all articles: it takes no filter")
			case c.Flags().Changed("format") && format != "jsonl":
				return usage("--articles writes JSON Lines, not %s", format)
			}
			return a.exportArticles(c.Context(), out)
		}
		if _, err := formatOf(format, "csv", "jsonl", "parquet"); err != nil {
			return err
		}
		d, err := tenor.ParseDialect(dialect)
		if err != nil {
			return fmt.Errorf("--%w", err)
		}
		f, err := filters.filter(nil)
		if err != nil {
			return err
		}
		if format == "parquet" && out == "" && isTerminal(a.stdout) {
			return usage("Parquet is no text for a terminal: name a file with --out")
		}
		return a.export(c.Context(), f, format, d, out)
	}
	return c
}

func (a *app) export(ctx context.Context, f tenor.Filter, format string, d tenor.Dialect, out string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	write := func(w io.Writer) error {
		buffered := bufio.NewWriter(w)
		var n int
		if format == "parquet" {
			n, err = web.WriteParquet(buffered, s.Records(ctx, f), f)
		} else {
			n, err = writeRecords(buffered, s.Records(ctx, f), format, d, 0)
		}
		if err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		a.warn("%s.", plural(n, "quote"))
		if n == 0 {
			return a.warnUnknown(ctx, s, f)
		}
		return nil
	}
	if out == "" {
		return write(a.stdout)
	}
	return writeWhole(out, write)
}

// exportArticles writes all articles as JSON Lines.
func (a *app) exportArticles(ctx context.Context, out string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	write := func(w io.Writer) error {
		buffered := bufio.NewWriter(w)
		lines := json.NewEncoder(buffered)
		lines.SetEscapeHTML(false)
		n := 0
		for article, err := range s.Articles(ctx) {
			if err == nil {
				err = lines.Encode(article.JSON())
			}
			if err != nil {
				return err
			}
			n++
		}
		if err := buffered.Flush(); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		a.warn("%s.", plural(n, "article"))
		return nil
	}
	if out == "" {
		return write(a.stdout)
	}
	return writeWhole(out, write)
}

// exportDictionary writes what the columns of the exports hold.
func (a *app) exportDictionary(format, out string) error {
	if _, err := formatOf(format, "csv", "json", "datapackage"); err != nil {
		return err
	}
	topics, err := a.topics()
	if err != nil {
		return err
	}
	tables := tenor.Dictionary(topics)
	write := func(w io.Writer) error {
		switch format {
		case "json":
			return tenor.WriteDictionaryJSON(w, tables)
		case "datapackage":
			return tenor.WriteDataPackage(w, tables, func(file string) string { return file })
		}
		return tenor.WriteDictionaryCSV(w, tables)
	}
	if out == "" {
		return write(a.stdout)
	}
	return writeWhole(out, write)
}

// writeWhole writes a file under its name only when all of it is written: half an
// export never bears the final name.
//
// A link is followed to its file, and what is no plain file, like /dev/stdout or a
// pipe, is written into: a rename would put a file in its place.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return usage("--out: %s is a folder; name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		return writeInto(path, write)
	}
	if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
		return fmt.Errorf("write %s: there is no folder %s", path, filepath.Dir(path))
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, plainPathError(err))
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err = write(f); err == nil {
		err = f.Sync() // or a crash might leave the new name and none of its text
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	// CreateTemp makes the file readable by its owner only; an export is for sharing. A
	// file that was there keeps its mode.
	mode := fs.FileMode(0o644)
	if info != nil {
		mode = info.Mode().Perm()
	}
	if err := os.Chmod(f.Name(), mode); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeInto(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// plainPathError is the system's reason without the path, which may be that of a
// temporary file.
func plainPathError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
