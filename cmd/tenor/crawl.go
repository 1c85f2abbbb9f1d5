package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/store"
)

// crawlOptions are the flags of crawl.
type crawlOptions struct {
	allowPrivate []string
	delay        time.Duration
	maxPages     int
	every        time.Duration // 0: once
}

func newCrawl(a *app) *cobra.Command {
	var o crawlOptions
	c := &cobra.Command{
		Use:   "crawl [SOURCE or URL…]",
		Short: "Collect articles from feeds, sitemaps, listing pages, single pages and folders",
		Long: `Crawl collects the sources of tenor.toml, or those named, or addresses given as
they are, and tags every article. It obeys robots.txt, waits between requests to
one host, and refuses private addresses unless they are allowed. Ctrl-C stops it
cleanly, and the next run goes on where it stopped.

With --every it goes on until Ctrl-C: each source is visited that often while it brings
new articles and up to once a day while it does not. One that fails is tried again after
5 minutes, 10, 20 and so on, and at least once a day for ever. tenor.toml is read again
when it changes.

tenor.toml (tenor sources add writes such tables):
  [[source]]
  name   = "ledger"
  url    = "https://ledger.example/feed.xml"
  kind   = "feed"            # feed, sitemap, listing or page (read once); seen from the answer when left out
  outlet = "The Ledger"      # the publisher's name; this and all that follows is optional
  links  = "/markets/.+"     # which links are articles
  keep   = ["div.story"]     # CSS selectors: the text of its pages stands here
  drop   = [".promo"]        # and this is no part of it
  date   = ".byline time"    # the publication date stands here
  delay  = "5s"              # between two requests to its own host, instead of [crawl]'s
  every  = ["30m", "6h"]     # bounds of the time between two visits, or one time: "1h"
  robots = "ignore"          # robots.txt of its site is not asked; every crawl says so
  paused = true              # left alone unless it is named

  [[source]]
  name = "saved"
  path = "saved-articles"    # a folder beside the file, or ~/…: read as tenor import does, what is
                             # new or changed; with --every it is watched. Takes outlet and paused

  [crawl]                    # all optional
  delay         = "2s"       # between two requests to one host
  timeout       = "20s"      # for one answer
  max_bytes     = "10 MiB"   # of a page
  max_pages     = 500        # of one source in one run
  host_pages    = 500        # of one host in 24 hours; max_pages where that is more
  depth         = 5          # links followed from a source's address
  workers       = 16         # pages in work at one time
  connections   = 1          # to one host; more only with delay = "0s", for servers of your own
  contact       = "https://example.com/our-robot"   # shown to servers
  allow_private = ["127.0.0.1:8000"]

Themes and subjects of your own stand in the same file: tenor tag --help.`,
		Example: `  tenor crawl
  tenor crawl ledger
  tenor crawl --every 30m
  tenor crawl https://ledger.example/feed.xml --db markets.db
  tenor crawl http://127.0.0.1:8000/ --allow-private 127.0.0.1:8000`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.check(c); err != nil {
				return err
			}
			if c.Flags().Changed("every") {
				return a.crawlEvery(c.Context(), &o, args)
			}
			path, named := a.configPath()
			cfg, sources, err := o.sources(path, named, args)
			if err != nil {
				return err
			}
			if _, err := a.topics(); err != nil { // before there is a store
				return err
			}
			if paused := len(cfg.Sources) - len(sources); len(args) == 0 && paused > 0 {
				a.warn("%s paused, and left alone.", pluralIs(paused, "source"))
			}
			return a.crawl(c.Context(), cfg, sources)
		},
	}
	c.Flags().DurationVar(&o.every, "every", 0, "go on for ever, visiting a source this often at most, like 30m")
	c.Flags().StringArrayVar(&o.allowPrivate, "allow-private", nil, "private address that may be fetched, like 127.0.0.1:8000 (repeat)")
	c.Flags().DurationVar(&o.delay, "delay", 0, "least time between two requests to one host, like 2s (default 1s)")
	c.Flags().IntVar(&o.maxPages, "max-pages", 0, "most pages of one source in one run (default 500)")
	return c
}

// sources reads the configuration, which must be there when it was named, and picks the
// sources that the arguments name: all of them where there is none.
func (o *crawlOptions) sources(path string, named bool, args []string) (crawler.Config, []crawler.Source, error) {
	cfg, err := o.config(path, named)
	switch {
	case errors.Is(err, errNoConfig) && len(args) > 0:
	case errors.Is(err, errNoConfig):
		return cfg, nil, usage("there is no %s here: name an address, or add a source with tenor sources add", defaultConfig)
	case err != nil:
		return cfg, nil, err
	}
	if len(args) == 0 {
		if len(cfg.Sources) == 0 {
			return cfg, nil, fmt.Errorf("%s: %w; add one with tenor sources add (%w)", path, errNoSource, tenor.ErrUsage)
		}
		return cfg, unpaused(cfg.Sources), nil
	}
	var chosen []crawler.Source
	for _, arg := range args {
		s, err := o.source(cfg, arg)
		if err != nil {
			return cfg, nil, err
		}
		chosen = append(chosen, s)
	}
	return cfg, chosen, nil
}

// errNoConfig: no file of sources was named, and none lies here.
var errNoConfig = errors.New("no " + defaultConfig)

// config is the configuration with what the flags say in its place.
func (o *crawlOptions) config(path string, named bool) (crawler.Config, error) {
	cfg, err := crawler.LoadConfig(path)
	if err != nil && (named || !errors.Is(err, fs.ErrNotExist)) {
		return cfg, err
	}
	if err != nil {
		err = errNoConfig
	}
	cfg.AllowPrivate = append(cfg.AllowPrivate, o.allowPrivate...)
	cfg.Delay = cmp.Or(o.delay, cfg.Delay)
	cfg.MaxPages = cmp.Or(o.maxPages, cfg.MaxPages)
	return cfg, err
}

// check looks at the flags that were given.
func (o *crawlOptions) check(c *cobra.Command) error {
	switch {
	case o.delay < 0:
		return usage("--delay must not be below 0")
	case o.delay == 0 && c.Flags().Changed("delay"):
		o.delay = crawler.NoDelay
	}
	if o.maxPages < 1 && c.Flags().Changed("max-pages") {
		return usage("--max-pages must be from 1")
	}
	return nil
}

// errNoSource: the file is in order and lists nothing to collect.
var errNoSource = errors.New("no source is in it")

// source is the one that an argument names, or the address that it is.
func (o *crawlOptions) source(cfg crawler.Config, arg string) (crawler.Source, error) {
	named, nameErr := cfg.Source(arg)
	if nameErr == nil {
		return named, nil
	}
	s, err := crawler.SourceFromArgument(arg)
	for _, known := range cfg.Sources { // an address that is configured has its name and options
		if err == nil && known.URL == s.URL {
			return known, nil
		}
	}
	if _, statErr := os.Stat(arg); err != nil && statErr == nil {
		return s, usage("%s is here on this machine: tenor import reads it", oneLine(arg))
	}
	if err != nil && len(cfg.Sources) > 0 && !strings.Contains(arg, "://") && !strings.Contains(arg, ".") {
		return s, nameErr
	}
	return s, err
}

// unpaused leaves out the sources that are paused; to be visited they must be named.
func unpaused(sources []crawler.Source) []crawler.Source {
	return slices.DeleteFunc(slices.Clone(sources), func(s crawler.Source) bool { return s.Paused })
}

// crawl collects sources into the store and says what came of it.
func (a *app) crawl(ctx context.Context, cfg crawler.Config, sources []crawler.Source) error {
	s, err := a.openStore(ctx, store.CheckAlways)
	if err != nil {
		return err
	}
	defer s.Close()
	folders, others := partFolders(sources)
	err = a.readFolders(ctx, s, folders, watchSettle)
	if ctx.Err() == nil && (len(others) > 0 || len(folders) == 0) {
		err = errors.Join(err, a.crawlInto(ctx, s, cfg, others))
	}
	return err
}
