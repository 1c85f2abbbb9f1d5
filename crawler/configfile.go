package crawler

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tenor"
	"tenor/crawler/tomlfile"
)

// configFile is tenor.toml as written:
//
//	[crawl]
//	delay = "2s"
//	max_pages = 200
//	contact = "https://example.com/our-robot"
//
//	[[source]]
//	name = "Harbor Ledger markets"
//	url = "https://harborledger.example/markets/"
//	kind = "listing"
//	links = '/markets/\d{4}/'
//	outlet = "Harbor Ledger"
type configFile struct {
	Crawl struct {
		Delay        *duration `toml:"delay"`
		Timeout      *duration `toml:"timeout"`
		MaxBytes     *size     `toml:"max_bytes"`
		MaxPages     *int      `toml:"max_pages"`
		HostPages    *int      `toml:"host_pages"`
		Depth        *int      `toml:"depth"`
		Workers      *int      `toml:"workers"`
		Connections  *int      `toml:"connections"`
		Contact      string    `toml:"contact"`
		AllowPrivate []string  `toml:"allow_private"`
	} `toml:"crawl"`
	Sources []sourceTable `toml:"source"`
}

var configKeys = map[string][]string{
	"crawl":  {"delay", "timeout", "max_bytes", "max_pages", "host_pages", "depth", "workers", "connections", "contact", "allow_private"},
	"source": sourceKeys,
}

// LoadConfig reads tenor.toml. What is wrong with the file is said in one sentence
// that names file, line and key; such an error wraps tenor.ErrUsage. A missing file
// is fs.ErrNotExist.
func LoadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	return ParseConfig(path, data)
}

// ParseConfig reads the text of a tenor.toml. Messages call the file by path, which
// is not opened.
func ParseConfig(path string, data []byte) (Config, error) {
	var f configFile
	file, err := tomlfile.Decode(path, data, &f, tomlfile.Keys{Known: configKeys, Forms: configForms})
	if err != nil {
		return Config{}, err
	}
	lines := configLines{file}
	wrong := func(line int, format string, args ...any) (Config, error) {
		return Config{}, file.Wrong(line, format, args...)
	}
	c := f.Crawl
	cfg := Config{Contact: sentence(c.Contact), AllowPrivate: c.AllowPrivate}
	if c.Delay != nil {
		if cfg.Delay = time.Duration(*c.Delay); cfg.Delay == 0 {
			cfg.Delay = NoDelay
		}
	}
	if c.Timeout != nil {
		cfg.Timeout = time.Duration(*c.Timeout)
	}
	if c.MaxBytes != nil {
		cfg.MaxBytes = int64(*c.MaxBytes)
	}
	for _, n := range []struct {
		key  string
		from *int
		to   *int
		most int
	}{
		{"max_pages", c.MaxPages, &cfg.MaxPages, 1_000_000},
		{"host_pages", c.HostPages, &cfg.HostPages, 1_000_000},
		{"depth", c.Depth, &cfg.Depth, 100},
		{"workers", c.Workers, &cfg.Workers, 256},
		{"connections", c.Connections, &cfg.Connections, 256},
	} {
		if n.from == nil {
			continue
		}
		if *n.from < 1 || *n.from > n.most {
			return wrong(lines.First("crawl", n.key), "key crawl.%s: must be from 1 to %d", n.key, n.most)
		}
		*n.to = *n.from
	}
	if c.Timeout != nil && cfg.Timeout == 0 {
		return wrong(lines.First("crawl", "timeout"), "key crawl.timeout: must be above 0, such as \"20s\"")
	}
	if c.MaxBytes != nil && cfg.MaxBytes == 0 {
		return wrong(lines.First("crawl", "max_bytes"), "key crawl.max_bytes: must be above 0, such as \"10 MiB\"")
	}
	if _, err := newAddressRule(c.AllowPrivate); err != nil {
		return wrong(lines.First("crawl", "allow_private"), "key crawl.allow_private: %s", plain(err))
	}

	names, urls := map[string]bool{}, map[string]bool{}
	for i, s := range f.Sources {
		source := s.source()
		if s.URL == "" && s.Path == "" {
			return wrong(lines.source(i, ""), "source %d has no url; add url = \"https://…\" (or, for a folder, path = \"…\")", i+1)
		}
		if source.Path != "" {
			source.Path = fromFolder(filepath.Dir(path), source.Path)
		}
		if err := source.complete(); err != nil {
			key := faultyKey(err)
			return wrong(lines.source(i, key), "key %s: %s", key, plain(err))
		}
		if names[source.Name] {
			return wrong(lines.source(i, "name"), "two sources are named %s; give this one another name", source.Name)
		}
		if urls[source.Place()] {
			key := "url"
			if source.IsFolder() {
				key = "path"
			}
			return wrong(lines.source(i, key), "two sources have the %s %s; remove one", key, source.Place())
		}
		names[source.Name], urls[source.Place()] = true, true
		cfg.Sources = append(cfg.Sources, source)
	}
	return cfg, nil
}

// fromFolder is a path that a file in folder names; ~/ is the home of its user.
func fromFolder(folder, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	if whole, err := filepath.Abs(path); err == nil {
		return whole // articles are known by it, wherever a command is run
	}
	return path
}

// configForms says how values are written that are no plain text.
var configForms = map[string]string{
	"source":              "a list of tables, each under [[source]]",
	"crawl":               "one table, under [crawl]",
	"crawl.allow_private": `a list like ["127.0.0.1:8080"]`,
	"source.keep":         `a list of CSS selectors like ["div.story"]`,
	"source.drop":         `a list of CSS selectors like ["div.story"]`,
}

// configLines finds the lines of sources.
type configLines struct{ *tomlfile.File }

// source is the line of a key of the i-th source, or of its header.
func (l configLines) source(i int, key string) int { return l.Item("source", i, key) }

// plain is an error's text without the sentinel before it.
func plain(err error) string {
	return strings.TrimPrefix(err.Error(), tenor.ErrUsage.Error()+": ")
}

// duration is written "20s" or "1m30s".
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a length of time such as \"20s\" or \"1m30s\"", text)
	}
	*d = duration(v)
	return nil
}

// size is a number of bytes, written 1048576 or "10 MiB".
type size int64

func (s *size) UnmarshalText(text []byte) error {
	number, factor := strings.TrimSpace(string(text)), int64(1)
	for _, unit := range []struct {
		name   string
		factor int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if rest, ok := strings.CutSuffix(number, unit.name); ok {
			number, factor = strings.TrimSpace(rest), unit.factor
			break
		}
	}
	v, err := strconv.ParseInt(number, 10, 64)
	if err != nil || v < 0 || v > (1<<31)/factor {
		return fmt.Errorf("%q is not a size such as \"10 MiB\", at most 2 GiB", text)
	}
	*s = size(v * factor)
	return nil
}
