package crawler

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"tenor"
)

// UserAgent is how Tenor names itself to servers. It begins with the name that
// robots.txt files know it by. Config.Contact adds whom to write to.
const UserAgent = "Tenor/0.1 (reads market articles; obeys robots.txt)"

// NoDelay as Config.Delay leaves no pause between requests to one host. It is for
// servers of one's own.
const NoDelay time.Duration = -1

// Config is what tenor.toml holds. Zero fields mean the defaults below.
type Config struct {
	Sources []Source

	Delay     time.Duration // pause between requests to one host; 1 s
	Timeout   time.Duration // for one answer, from dialling to its last byte; 20 s
	MaxBytes  int64         // of a page, decoded; 10 MiB
	MaxPages  int           // taken from each source in one run; 500
	HostPages int           // taken from each host in 24 hours, over all sources and runs; 500, or MaxPages where that is more
	Depth     int           // links followed from a source's address; 5
	Workers   int           // pages in work at one time, over all hosts; 16
	Contact   string        // an address for webmasters, shown to servers
	// Connections bounds the requests under way to one host; 1. More than one is for
	// servers of one's own, and only with NoDelay.
	Connections int

	// AllowPrivate names addresses that are not on the public web and may be
	// asked all the same: 127.0.0.1:8080, 10.0.0.0/8, or "all".
	AllowPrivate []string
}

// Source is a place where articles are found.
type Source struct {
	Name   string // shown, and the key of its health; the host when not given
	URL    string
	Path   string // of a folder on this machine, in place of URL: what lies and comes there is imported
	Kind   string // feed, sitemap, listing, page or folder; empty: seen from what comes back
	Links  string // regular expression that the addresses of its articles match; empty: any, and on listings what looks like an article
	Outlet string // the publisher's name, where pages do not say it

	Keep   []string       // CSS selectors of the elements that hold the text of its pages
	Drop   []string       // CSS selectors of what is no part of it
	Date   string         // CSS selector of the publication date
	Delay  *time.Duration // pause between requests to its own host, in place of Config.Delay; nil: that one
	Robots string         // "ignore": robots.txt of its own site is not asked; empty: it is obeyed
	Paused bool           // left alone unless it is named
	Every  tenor.Pace     // bounds of the time between two visits

	links *regexp.Regexp
	rules *pageRules
}

// RobotsIgnore as Source.Robots makes an exception from robots.txt: for sites of one's
// own, or whose owner has agreed. Crawls and `tenor sources` show it.
const RobotsIgnore = "ignore"

func (c Config) withDefaults() Config {
	c.Delay = cmp.Or(c.Delay, time.Second)
	c.Timeout = cmp.Or(c.Timeout, 20*time.Second)
	c.MaxBytes = cmp.Or(c.MaxBytes, 10<<20)
	c.MaxPages = cmp.Or(c.MaxPages, 500)
	c.HostPages = cmp.Or(c.HostPages, max(c.MaxPages, 500))
	c.Depth = cmp.Or(c.Depth, 5)
	c.Workers = cmp.Or(c.Workers, 16)
	c.Connections = cmp.Or(c.Connections, 1)
	return c
}

func (c Config) agent() string {
	if c.Contact == "" {
		return UserAgent
	}
	product, rest, _ := strings.Cut(UserAgent, "(")
	return product + "(+" + c.Contact + "; " + rest
}

// SourceFromArgument is the source that an address on the command line stands
// for. Its name is the address without the scheme. The error wraps tenor.ErrUsage.
func SourceFromArgument(arg string) (Source, error) {
	address, err := Canonical(arg)
	if err != nil {
		if !strings.Contains(arg, "://") && strings.Contains(arg, ".") {
			if with, err := Canonical("https://" + arg); err == nil {
				return Source{}, fmt.Errorf("%w: %s is not the name of a source, and an address must be written in full: %s", tenor.ErrUsage, clip(arg), with)
			}
		}
		return Source{}, err
	}
	s := Source{URL: address}
	return s, s.complete()
}

var kinds = []string{"feed", "sitemap", "listing", "page", folderKind}

// complete checks a source and fills in what can be derived.
func (s *Source) complete() error {
	if s.Path != "" || s.Kind == folderKind {
		return s.completeFolder()
	}
	address, err := Canonical(s.URL)
	if err != nil {
		return err
	}
	s.URL = address
	if s.Name = sentence(s.Name); s.Name == "" {
		u, _ := url.Parse(address)
		s.Name = sentence(strings.TrimSuffix(u.Host+u.RequestURI(), "/"))
	}
	if s.Kind != "" && kindOf(s.Kind) == "" {
		return fmt.Errorf("%w: kind %q of source %s is not one of %s", tenor.ErrUsage, s.Kind, s.Name, strings.Join(kinds, ", "))
	}
	if s.Links != "" {
		if s.links, err = regexp.Compile(s.Links); err != nil {
			return fmt.Errorf("%w: links of source %s is not a regular expression: %v", tenor.ErrUsage, s.Name, err)
		}
	}
	if s.Robots != "" && s.Robots != RobotsIgnore {
		return fmt.Errorf("%w: robots %q of source %s: the only exception is \"ignore\"; leave the key out to obey robots.txt", tenor.ErrUsage, s.Robots, s.Name)
	}
	if s.Delay != nil && (*s.Delay < 0 || *s.Delay > maxCrawlDelay) {
		return fmt.Errorf("%w: delay %s of source %s: must be from 0s to %s", tenor.ErrUsage, *s.Delay, s.Name, shortDuration(maxCrawlDelay))
	}
	return s.compileRules()
}

// NewSource checks a source that was put together, or changed, by hand, and names it
// where it has no name. The error wraps tenor.ErrUsage.
func NewSource(s Source) (Source, error) {
	s.links, s.rules = nil, nil
	err := s.complete()
	return s, err
}

// folderKind is the Kind of a source that is a folder.
const folderKind = "folder"

// IsFolder reports whether the source is a folder, whose files are imported. Crawlers
// leave it to others.
func (s Source) IsFolder() bool { return s.Path != "" }

// Place is where the source is: its address, or the path of its folder.
func (s Source) Place() string { return cmp.Or(s.URL, s.Path) }

// completeFolder is complete for a folder. Whether it is there is seen when it is read.
func (s *Source) completeFolder() error {
	if s.Name = sentence(s.Name); s.Name == "" {
		s.Name = sentence(s.Path)
	}
	switch {
	case s.URL != "":
		return fmt.Errorf("%w: path of source %s: a source has a url or a path, not both", tenor.ErrUsage, s.Name)
	case s.Path == "":
		return fmt.Errorf("%w: kind \"folder\" of source %s needs the folder: path = \"…\"", tenor.ErrUsage, s.Name)
	case s.Kind != "" && s.Kind != folderKind:
		return fmt.Errorf("%w: kind %q of source %s: what has a path is a folder; leave the key out", tenor.ErrUsage, s.Kind, s.Name)
	}
	s.Kind, s.Path = folderKind, filepath.Clean(s.Path)
	for _, option := range []struct {
		key string
		set bool
	}{
		{"links", s.Links != ""}, {"keep", s.Keep != nil}, {"drop", s.Drop != nil}, {"date", s.Date != ""},
		{"delay", s.Delay != nil}, {"every", s.Every != tenor.Pace{}}, {"robots", s.Robots != ""},
	} {
		if option.set {
			return fmt.Errorf("%w: %s of source %s is for pages that are fetched; a folder takes name, outlet and paused", tenor.ErrUsage, option.key, s.Name)
		}
	}
	return nil
}

// entry is the fetch of the source's own address. Where the kind is not given it
// is a page that is looked at when it comes.
func (s Source) entry() tenor.Fetch {
	kind := cmp.Or(kindOf(s.Kind), tenor.FetchPage)
	return tenor.Fetch{URL: s.URL, Source: s.Name, Kind: kind, Entry: s.Kind != "page", State: tenor.Queued}
}

func kindOf(name string) tenor.FetchKind {
	for _, k := range kinds {
		if k == name {
			return tenor.FetchKind(k)
		}
	}
	return ""
}

// New makes a crawler. The error, about the configuration, wraps tenor.ErrUsage.
func New(cfg Config, frontier Frontier, deliver Deliver, log *slog.Logger) (*Crawler, error) {
	cfg = cfg.withDefaults()
	if cfg.Timeout < 0 || cfg.MaxBytes < 0 || cfg.MaxPages < 0 || cfg.HostPages < 0 || cfg.Depth < 0 || cfg.Workers < 0 {
		return nil, fmt.Errorf("%w: timeout, max_bytes, max_pages, host_pages, depth and workers of a crawl must be above 0", tenor.ErrUsage)
	}
	if cfg.Connections < 1 || cfg.Connections > 1 && cfg.Delay >= 0 {
		return nil, fmt.Errorf("%w: more than one connection to a host is for servers of your own; set delay = \"0s\" with it", tenor.ErrUsage)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	t, err := newTransport(cfg)
	if err != nil {
		return nil, err
	}
	cfg.Sources = append([]Source(nil), cfg.Sources...)
	for i := range cfg.Sources {
		if err := cfg.Sources[i].complete(); err != nil {
			return nil, err
		}
	}
	return &Crawler{cfg: cfg, frontier: frontier, deliver: deliver, log: log, transport: t}, nil
}
