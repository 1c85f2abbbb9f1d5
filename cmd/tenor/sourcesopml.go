package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"tenor/crawler"
)

func newSourcesImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE.opml…",
		Short: "Add the feeds of OPML files, as feed readers export them",
		Long: `Import adds the feeds of OPML files to tenor.toml, as tenor sources add does; - reads
standard input. What the file lists already is passed over, and what is no feed is named.`,
		Example: `  tenor sources import feeds.opml`,
		Args:    atLeastOne("OPML file"),
		RunE: func(_ *cobra.Command, args []string) error {
			var read []crawler.Source
			for _, path := range args {
				sources, err := a.readOPML(path)
				if err != nil {
					return err
				}
				read = append(read, sources...)
			}
			return a.importSources(read)
		},
	}
}

func (a *app) readOPML(path string) ([]crawler.Source, error) {
	in := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read the list of sources %s: %w", path, plainPathError(err))
		}
		defer f.Close()
		in = f
	}
	sources, problems, err := crawler.ParseOPML(in)
	if err != nil {
		return nil, fmt.Errorf("read the list of sources %s: %w", path, err)
	}
	for _, problem := range problems {
		a.warn("left out: %s", oneLine(problem))
	}
	return sources, nil
}

// importSources adds those sources that the configuration does not list, each under a
// name that is free.
func (a *app) importSources(read []crawler.Source) error {
	added, known := 0, 0
	path, err := a.editConfig(true, func(path string, data []byte) ([]byte, error) {
		cfg, err := crawler.ParseConfig(path, data)
		if err != nil {
			return nil, err
		}
		names, urls := map[string]bool{}, map[string]bool{}
		for _, s := range cfg.Sources {
			names[s.Name], urls[s.URL] = true, true
		}
		var fresh []crawler.Source
		for _, s := range read {
			if urls[s.URL] {
				known++
				continue
			}
			for base, n := s.Name, 2; names[s.Name]; n++ {
				s.Name = fmt.Sprintf("%s (%d)", base, n)
			}
			names[s.Name], urls[s.URL] = true, true
			fresh = append(fresh, s)
		}
		if added = len(fresh); added == 0 {
			return data, nil
		}
		return crawler.AddSources(path, data, fresh...)
	})
	if err != nil {
		return err
	}
	a.warn("%s added to %s; %d stood there already.", plural(added, "source"), path, known)
	return nil
}

func newSourcesExport(a *app) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the sources as OPML, for feed readers and other stores",
		Long: `Export writes the sources of tenor.toml as OPML 2.0. Feed readers take the feeds and
pass over sources of other kinds; selectors and pacing are not in it.`,
		Example: `  tenor sources export > sources.opml
  tenor sources export --out sources.opml`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			path, _ := a.configPath()
			cfg, err := crawler.LoadConfig(path)
			if err != nil {
				return err
			}
			write := func(w io.Writer) error { return crawler.WriteOPML(w, cfg.Sources) }
			if out == "" {
				return write(a.stdout)
			}
			return writeWhole(out, write)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "file to write, instead of standard output")
	return c
}
