package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenor/crawler"
	"tenor/store"
)

// crawlOptions are the flags of crawl.
type crawlOptions struct {
	allowPrivate []string
	delay        time.Duration
	maxPages     int
}

func newCrawl(a *app) *cobra.Command {
	var o crawlOptions
	c := &cobra.Command{
		Use:   "crawl [SOURCE or URL…]",
		Short: "Collect articles from feeds, sitemaps, listing pages or single pages",
		Long: `Crawl collects the sources of tenor.toml, or those named, or addresses given as
they are, and tags every article. It obeys robots.txt, waits between requests to
one host, and refuses private addresses unless they are allowed. Ctrl-C stops it
cleanly, and the next run goes on where it stopped.

tenor.toml:
  [[source]]
  name   = "ledger"
  url    = "https://ledger.example/feed.xml"
  kind   = "feed"            # feed, sitemap, listing or page; seen from the answer when left out
  outlet = "The Ledger"      # optional: the publisher's name
  links  = "/markets/.+"     # optional: which links are articles

  [crawl]                    # all optional
  delay         = "2s"       # between two requests to one host
  timeout       = "20s"      # for one answer
  max_bytes     = "10 MiB"   # of a page
  max_pages     = 500        # of one source in one run
  depth         = 5          # links followed from a source's address
  workers       = 16         # hosts asked at one time
  contact       = "https://example.com/our-robot"   # shown to servers
  allow_private = ["127.0.0.1:8000"]

Themes and subjects of your own stand in the same file: tenor tag --help.`,
		Example: `  tenor crawl
  tenor crawl ledger
  tenor crawl https://ledger.example/feed.xml --db markets.db
  tenor crawl http://127.0.0.1:8000/ --allow-private 127.0.0.1:8000`,
		RunE: func(c *cobra.Command, args []string) error {
			path, named := a.configPath()
			cfg, sources, err := o.sources(path, named, args)
			if err != nil {
				return err
			}
			if _, err := a.topics(); err != nil { // before there is a store
				return err
			}
			return a.crawl(c.Context(), cfg, sources)
		},
	}
	c.Flags().StringArrayVar(&o.allowPrivate, "allow-private", nil, "private address that may be fetched, like 127.0.0.1:8000 (repeat)")
	c.Flags().DurationVar(&o.delay, "delay", 0, "least time between two requests to one host, like 2s (default 1s)")
	c.Flags().IntVar(&o.maxPages, "max-pages", 0, "most pages of one source in one run (default 500)")
	return c
}

// sources reads the configuration, which must be there when it was named, and picks the
// sources that the arguments name: all of them where there is none.
func (o *crawlOptions) sources(path string, named bool, args []string) (crawler.Config, []crawler.Source, error) {
	if o.delay < 0 || o.maxPages < 0 {
		return crawler.Config{}, nil, usage("--delay and --max-pages must not be below 0")
	}
	cfg, err := crawler.LoadConfig(path)
	switch {
	case err == nil:
	case named || !errors.Is(err, fs.ErrNotExist):
		return cfg, nil, err
	case len(args) == 0:
		return cfg, nil, usage("there is no %s here: name an address, or write one (tenor crawl --help shows how)", defaultConfig)
	}
	cfg.AllowPrivate = append(cfg.AllowPrivate, o.allowPrivate...)
	if o.delay > 0 {
		cfg.Delay = o.delay
	}
	if o.maxPages > 0 {
		cfg.MaxPages = o.maxPages
	}
	if len(args) == 0 {
		if len(cfg.Sources) == 0 {
			return cfg, nil, usage("%s names no source: add one (tenor crawl --help shows how)", path)
		}
		return cfg, cfg.Sources, nil
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

func (o *crawlOptions) source(cfg crawler.Config, arg string) (crawler.Source, error) {
	var names []string
	for _, s := range cfg.Sources {
		if s.Name == arg {
			return s, nil
		}
		names = append(names, s.Name)
	}
	s, err := crawler.SourceFromArgument(arg)
	if err != nil && len(names) > 0 && !strings.Contains(arg, ".") {
		return s, usage("there is no source %q: the configuration has %s", arg, strings.Join(names, ", "))
	}
	return s, err
}

// crawl collects sources into the store and says what came of it.
func (a *app) crawl(ctx context.Context, cfg crawler.Config, sources []crawler.Source) error {
	s, err := store.Open(ctx, a.db, store.Options{Create: true, Now: a.now, Check: store.CheckAlways})
	if err != nil {
		return err
	}
	defer s.Close()
	return a.crawlInto(ctx, s, cfg, sources)
}
