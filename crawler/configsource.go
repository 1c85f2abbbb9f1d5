package crawler

import (
	"fmt"
	"strings"
	"time"

	"tenor"
	"tenor/crawler/tomlfile"
)

// sourceTable is a [[source]] of tenor.toml as written:
//
//	[[source]]
//	name   = "ledger"
//	url    = "https://ledger.example/markets/"
//	kind   = "listing"
//	links  = '/markets/\d{4}/'
//	outlet = "The Ledger"
//	keep   = ["div.story"]        # the text stands here
//	drop   = [".promo", "aside"]  # and this is no part of it
//	date   = ".byline .published"
//	delay  = "5s"
//	every  = ["30m", "6h"]        # or "1h"
//	robots = "ignore"
//	paused = true
//
// or a folder, whose path begins at that of the file:
//
//	[[source]]
//	name = "saved"
//	path = "saved-articles"       # or "~/saved-articles"
type sourceTable struct {
	Name   string    `toml:"name"`
	URL    string    `toml:"url"`
	Path   string    `toml:"path"`
	Kind   string    `toml:"kind"`
	Links  string    `toml:"links"`
	Outlet string    `toml:"outlet"`
	Keep   []string  `toml:"keep"`
	Drop   []string  `toml:"drop"`
	Date   string    `toml:"date"`
	Delay  *duration `toml:"delay"`
	Every  pace      `toml:"every"`
	Robots string    `toml:"robots"`
	Paused bool      `toml:"paused"`
}

var sourceKeys = []string{"name", "url", "path", "kind", "links", "outlet", "keep", "drop", "date", "delay", "every", "robots", "paused"}

func (t sourceTable) source() Source {
	s := Source{
		Name: t.Name, URL: t.URL, Path: t.Path, Kind: t.Kind, Links: t.Links, Outlet: sentence(t.Outlet),
		Keep: t.Keep, Drop: t.Drop, Date: t.Date, Robots: t.Robots, Paused: t.Paused, Every: tenor.Pace(t.Every),
	}
	if t.Delay != nil { // from 0, unlike Config.Delay
		d := time.Duration(*t.Delay)
		s.Delay = &d
	}
	return s
}

// faultyKey is the key of a source that an error of Source.complete is about.
func faultyKey(err error) string {
	text := plain(err)
	for _, key := range sourceKeys {
		if strings.HasPrefix(text, key+" ") {
			return key
		}
	}
	return "url"
}

// pace is written "1h", or ["30m", "6h"]: visits at fixed times, or as often as the
// source changes, between the two.
type pace tenor.Pace

func (p *pace) UnmarshalTOML(value any) error {
	list, ok := value.([]any)
	if !ok {
		list = []any{value, value}
	}
	if len(list) != 2 {
		return errPace
	}
	var bounds [2]duration
	for i, v := range list {
		text, ok := v.(string)
		if !ok {
			return errPace
		}
		if err := bounds[i].UnmarshalText([]byte(text)); err != nil {
			return err
		}
	}
	least, most := time.Duration(bounds[0]), time.Duration(bounds[1])
	switch {
	case least < MinEvery || most > MaxEvery:
		return fmt.Errorf("the time between two visits must be from %s to %s", shortDuration(MinEvery), shortDuration(MaxEvery))
	case least > most:
		return fmt.Errorf("the shorter time comes first: every = [%q, %q]", shortDuration(most), shortDuration(least))
	}
	*p = pace{Min: least, Max: most}
	return nil
}

var errPace = fmt.Errorf(`must be a length of time like "1h", or two, like ["30m", "6h"]`)

// MinEvery and MaxEvery bound the time between two visits of a source.
const (
	MinEvery = time.Minute
	MaxEvery = 30 * 24 * time.Hour
)

// shortDuration writes 30m0s as 30m.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Source is the source with a name. The error wraps tenor.ErrUsage and names the
// source that may have been meant.
func (c Config) Source(name string) (Source, error) {
	names := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	hint := "there is none yet; tenor sources add adds one"
	if near := nearestSource(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	} else if len(names) > 0 {
		shown := names[:min(len(names), 12)]
		hint = "there are " + strings.Join(shown, ", ")
		if more := len(names) - len(shown); more > 0 {
			hint += fmt.Sprintf(" and %d more", more)
		}
	}
	return Source{}, fmt.Errorf("%w: there is no source %s; %s", tenor.ErrUsage, clip(name), hint)
}

// nearestSource is the name that a mistyped one most resembles, or the only one that
// contains it.
func nearestSource(name string, names []string) string {
	lower := make([]string, len(names))
	byLower := map[string]string{}
	var holding []string
	for i, n := range names {
		lower[i] = strings.ToLower(n)
		byLower[lower[i]] = n
		if name != "" && strings.Contains(lower[i], strings.ToLower(name)) {
			holding = append(holding, n)
		}
	}
	if near := tomlfile.Nearest(name, lower); near != "" {
		return byLower[near]
	}
	if len(holding) == 1 {
		return holding[0]
	}
	return ""
}
