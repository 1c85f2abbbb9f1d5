package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"tenor"
	"tenor/crawler"
	"tenor/store"
)

// healthStore is the store whose sources are shown together with what a tenor.toml says
// of them: which there are, and which of them are paused.
type healthStore struct {
	*store.Store
	config string // path; empty: no file
}

// Sources says how every source fares. A file that is broken or gone says nothing: the
// store alone is shown then.
func (h healthStore) Sources(ctx context.Context) ([]tenor.SourceHealth, error) {
	list, err := h.Store.Sources(ctx)
	if err != nil || h.config == "" {
		return list, err
	}
	cfg, err := crawler.LoadConfig(h.config)
	if err != nil {
		return list, nil
	}
	return withConfig(list, cfg), nil
}

// withConfig adds to the sources of the store what the configuration says of them, and
// those that were not visited yet. What it does not list is in no schedule.
func withConfig(list []tenor.SourceHealth, cfg crawler.Config) []tenor.SourceHealth {
	byName := map[string]*tenor.SourceHealth{}
	for i := range list {
		byName[list[i].Name] = &list[i]
	}
	configured := map[string]bool{}
	var added []tenor.SourceHealth
	for _, s := range cfg.Sources {
		configured[s.Name] = true
		h := byName[s.Name]
		if h == nil {
			added = append(added, tenor.SourceHealth{Name: s.Name})
			h = &added[len(added)-1]
		}
		h.URL, h.Paused, h.RobotsIgnore = s.Place(), s.Paused, s.Robots == crawler.RobotsIgnore
		if s.Kind != "" {
			h.Kind = s.Kind
		}
	}
	for i := range list {
		if !configured[list[i].Name] {
			list[i].Schedule = tenor.Schedule{}
		}
	}
	list = append(list, added...)
	slices.SortFunc(list, func(a, b tenor.SourceHealth) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// health is how every source fares, by the store and the file of sources; either may
// be missing, where no file was named.
func (a *app) health(ctx context.Context) ([]tenor.SourceHealth, error) {
	path, named := a.configPath()
	cfg, err := crawler.LoadConfig(path)
	noFile := errors.Is(err, fs.ErrNotExist) && !named
	if err != nil && !noFile {
		return nil, err
	}
	s, err := a.readStore(ctx)
	if errors.Is(err, fs.ErrNotExist) && len(cfg.Sources) > 0 {
		return withConfig(nil, cfg), nil
	}
	if err != nil {
		return nil, err
	}
	defer s.Close()
	list, err := s.Sources(ctx)
	if err != nil || noFile {
		return list, err
	}
	return withConfig(list, cfg), nil
}
