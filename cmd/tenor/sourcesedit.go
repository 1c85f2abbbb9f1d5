package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/store"
)

// sourceFlags are the keys of a [[source]] as flags.
type sourceFlags struct {
	source       crawler.Source
	delay        time.Duration
	every        []string
	ignoreRobots bool
}

func (f *sourceFlags) bind(c *cobra.Command) {
	flags, s := c.Flags(), &f.source
	flags.StringVar(&s.Name, "name", "", "name of the source (default: its address without https://)")
	flags.StringVar(&s.Kind, "kind", "", "feed, sitemap, listing or page (default: seen from the answer)")
	flags.StringVar(&s.Links, "links", "", "regular expression: which links are articles")
	flags.StringVar(&s.Outlet, "outlet", "", "the publisher's name, where pages do not say it")
	flags.StringArrayVar(&s.Keep, "keep", nil, "CSS selector of what holds the text of its pages (repeat)")
	flags.StringArrayVar(&s.Drop, "drop", nil, "CSS selector of what is no part of the text (repeat)")
	flags.StringVar(&s.Date, "date", "", "CSS selector of the publication date")
	flags.DurationVar(&f.delay, "delay", 0, "pause between two requests to its host, like 5s")
	flags.StringSliceVar(&f.every, "every", nil, "time between two visits, like 1h, or its bounds, like 30m,6h")
	flags.BoolVar(&f.ignoreRobots, "ignore-robots", false, "do not ask the robots.txt of its site: only for a site of your own, or with its owner's leave")
}

// apply puts the flags that were given into a source.
func (f *sourceFlags) apply(c *cobra.Command, s *crawler.Source) error {
	given := c.Flags().Changed
	for name, copy := range map[string]func(){
		"name": func() { s.Name = f.source.Name }, "kind": func() { s.Kind = f.source.Kind },
		"links": func() { s.Links = f.source.Links }, "outlet": func() { s.Outlet = f.source.Outlet },
		"keep": func() { s.Keep = f.source.Keep }, "drop": func() { s.Drop = f.source.Drop },
		"date": func() { s.Date = f.source.Date }, "delay": func() { s.Delay = &f.delay },
		"ignore-robots": func() {
			if s.Robots = ""; f.ignoreRobots {
				s.Robots = crawler.RobotsIgnore
			}
		},
	} {
		if given(name) {
			copy()
		}
	}
	if given("every") {
		pace, err := crawler.ParseEvery(f.every...)
		if err != nil {
			return usage("--every: %s", plain(err))
		}
		s.Every = pace
	}
	return nil
}

func newSourcesAdd(a *app) *cobra.Command {
	var f sourceFlags
	c := &cobra.Command{
		Use:   "add URL or FOLDER…",
		Short: "Add sources to tenor.toml",
		Long: `Add appends a [[source]] table to tenor.toml, and makes the file where there is none.
What stands in it is left as it is. Nothing is fetched: tenor sources test shows what a
source offers, before it is added or after. A folder is a source too: its files, and what
comes into it, are read as tenor import reads them; it takes --name and --outlet.`,
		Example: `  tenor sources add https://ledger.example/feed.xml --name ledger
  tenor sources add https://harbor.example/markets/ --kind listing --links '/markets/\d{4}/'
  tenor sources add https://pinecone.example/news --keep div.story --drop .promo --every 1h,12h
  tenor sources add ~/saved-articles --name saved`,
		Args: atLeastOne("address or folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 && f.source.Name != "" {
				return usage("--name is for one source, and there are %d addresses", len(args))
			}
			var sources []crawler.Source
			for _, arg := range args {
				s, err := sourceAt(arg)
				if err != nil {
					return err
				}
				if err := f.apply(c, &s); err != nil {
					return err
				}
				if s, err = crawler.NewSource(s); err != nil {
					return err
				}
				sources = append(sources, s)
			}
			return a.addSources(sources)
		},
	}
	f.bind(c)
	return c
}

// sourceAt is a source with no more than its place: an address, or a folder that is there.
func sourceAt(arg string) (crawler.Source, error) {
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		path, err := filepath.Abs(arg)
		return crawler.Source{Path: path}, err
	}
	s, err := crawler.SourceFromArgument(arg)
	return crawler.Source{URL: s.URL}, err
}

// addSources appends sources to the file.
func (a *app) addSources(sources []crawler.Source) error {
	path, err := a.editConfig(true, func(path string, data []byte) ([]byte, error) {
		return crawler.AddSources(path, data, sources...)
	})
	if err != nil {
		return err
	}
	for _, s := range sources {
		if s.IsFolder() {
			a.warn("Added %s to %s. tenor crawl reads what lies there; with --every, and with tenor serve --crawl, it is watched.", oneLine(s.Name), path)
			continue
		}
		a.warn("Added %s to %s. See what it offers: tenor sources test %s", oneLine(s.Name), path, shellWord(s.Name))
		if s.Robots == crawler.RobotsIgnore {
			a.warn("Its robots.txt will not be asked; every crawl says so.")
		}
	}
	return nil
}

func newSourcesRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME…",
		Short: "Remove sources from tenor.toml",
		Long: `Remove takes the table of a source out of tenor.toml; comments around it stay. Its
addresses that wait in the queue of the store, or failed, are dropped. The articles that
came from it are kept, and tenor sources lists it for as long as there are any.`,
		Example: `  tenor sources remove ledger`,
		Args:    atLeastOne("source"),
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range args {
				path, err := a.editSource(name, func(path string, data []byte) ([]byte, error) {
					return crawler.RemoveSource(path, data, name)
				})
				if err != nil {
					return err
				}
				dropped, err := a.unschedule(c.Context(), name)
				if err != nil {
					return fmt.Errorf("%s is out of %s, and yet: %w", name, path, err)
				}
				queue := ""
				if dropped > 0 {
					queue = fmt.Sprintf("; %s waiting for it dropped", plural(dropped, "address"))
				}
				a.warn("Removed %s from %s%s.", oneLine(name), path, queue)
			}
			return nil
		},
	}
}

// unschedule takes a source off the store's schedule, where there is a store.
func (a *app) unschedule(ctx context.Context, name string) (dropped int, err error) {
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Unschedule(ctx, name)
}

func newSourcesPause(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "pause NAME…",
		Short: "Leave sources alone until they are resumed",
		Long: `Pause writes paused = true into a source's table in tenor.toml. It is not visited then,
and its pages that wait in the queue stay there, unless a crawl names it.`,
		Example: `  tenor sources pause ledger`,
		Args:    atLeastOne("source"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.pauseSources(args, true, "Paused")
		},
	}
}

func newSourcesResume(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "resume NAME…",
		Short:   "Let paused sources go on",
		Example: `  tenor sources resume ledger`,
		Args:    atLeastOne("source"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.pauseSources(args, false, "Resumed")
		},
	}
}

func (a *app) pauseSources(names []string, paused bool, done string) error {
	for _, name := range names {
		path, err := a.editSource(name, func(path string, data []byte) ([]byte, error) {
			return crawler.PauseSource(path, data, name, paused)
		})
		if err != nil {
			return err
		}
		a.warn("%s %s in %s.", done, oneLine(name), path)
	}
	return nil
}

// editSource edits the table of a source; one that is not there is the caller's mistake.
func (a *app) editSource(name string, edit func(path string, data []byte) ([]byte, error)) (path string, err error) {
	return a.editConfig(false, func(path string, data []byte) ([]byte, error) {
		text, err := edit(path, data)
		if errors.Is(err, tenor.ErrNotFound) {
			cfg, parseErr := crawler.ParseConfig(path, data)
			if parseErr == nil {
				_, err = cfg.Source(name) // says which may have been meant
			}
		}
		return text, err
	})
}

// editConfig replaces the file of sources by its edited text: all of it or nothing, and
// nothing when somebody else has changed it meanwhile.
func (a *app) editConfig(create bool, edit func(path string, data []byte) ([]byte, error)) (path string, err error) {
	path, _ = a.configPath()
	before, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
	case errors.Is(err, fs.ErrNotExist):
		return path, usage("there is no %s here; name the file of sources with --config", path)
	case err != nil:
		return path, fmt.Errorf("read the configuration: %w", err)
	}
	after, err := edit(path, before)
	if err != nil || bytes.Equal(after, before) {
		return path, err
	}
	return path, writeWhole(path, func(w io.Writer) error {
		if now, err := os.ReadFile(path); err == nil && !bytes.Equal(now, before) {
			return errors.New("it was changed by somebody else meanwhile; run the command again")
		}
		_, err := w.Write(after)
		return err
	})
}
