package crawler

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"tenor"
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
	Sources []struct {
		Name   string `toml:"name"`
		URL    string `toml:"url"`
		Kind   string `toml:"kind"`
		Links  string `toml:"links"`
		Outlet string `toml:"outlet"`
	} `toml:"source"`
}

var configKeys = map[string][]string{
	"":       {"crawl", "source"},
	"crawl":  {"delay", "timeout", "max_bytes", "max_pages", "host_pages", "depth", "workers", "connections", "contact", "allow_private"},
	"source": {"name", "url", "kind", "links", "outlet"},
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
	wrong := func(line int, format string, args ...any) (Config, error) {
		at := path
		if line > 0 {
			at += ", line " + strconv.Itoa(line)
		}
		return Config{}, fmt.Errorf("%w: %s: %s", tenor.ErrUsage, at, fmt.Sprintf(format, args...))
	}
	var f configFile
	md, err := toml.Decode(string(data), &f)
	if err != nil {
		var parse toml.ParseError
		if errors.As(err, &parse) {
			message := strings.TrimSuffix(strings.TrimSpace(parse.Message), ".")
			if parse.LastKey != "" {
				message = "key " + parse.LastKey + ": " + message
			}
			// The decoder shows a line's end as Go writes it.
			message = strings.ReplaceAll(message, `'\n'`, "the end of the line")
			return wrong(parse.Position.Line, "%s", sentence(message))
		}
		if m := wrongType.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1])
			found := cmp.Or(tomlNames[m[3]+m[5]], "something else")
			return wrong(line, "key %s: must be %s, and is %s", m[2], wantedForm(m[2], m[4]), found)
		}
		return wrong(0, "%s", sentence(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	lines := keyLines(data)
	if unknown := md.Undecoded(); len(unknown) > 0 {
		key := unknown[0]
		table := ""
		if len(key) > 1 {
			table = key[0]
		}
		name := key[len(key)-1]
		valid := configKeys[table]
		message := "known keys: " + strings.Join(valid, ", ")
		if near := nearest(name, valid); near != "" {
			message = "did you mean " + near + "?"
		}
		return wrong(lines.any(table, name), "unknown key %s; %s", key, message)
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
			return wrong(lines.any("crawl", n.key), "key crawl.%s: must be from 1 to %d", n.key, n.most)
		}
		*n.to = *n.from
	}
	if c.Timeout != nil && cfg.Timeout == 0 {
		return wrong(lines.any("crawl", "timeout"), "key crawl.timeout: must be above 0, such as \"20s\"")
	}
	if c.MaxBytes != nil && cfg.MaxBytes == 0 {
		return wrong(lines.any("crawl", "max_bytes"), "key crawl.max_bytes: must be above 0, such as \"10 MiB\"")
	}
	if _, err := newAddressRule(c.AllowPrivate); err != nil {
		return wrong(lines.any("crawl", "allow_private"), "key crawl.allow_private: %s", plain(err))
	}

	names, urls := map[string]bool{}, map[string]bool{}
	for i, s := range f.Sources {
		source := Source{Name: s.Name, URL: s.URL, Kind: s.Kind, Links: s.Links, Outlet: sentence(s.Outlet)}
		if s.URL == "" {
			return wrong(lines.source(i, ""), "source %d has no url; add url = \"https://…\"", i+1)
		}
		if err := source.complete(); err != nil {
			key := "url"
			switch {
			case strings.Contains(err.Error(), "kind "):
				key = "kind"
			case strings.Contains(err.Error(), "links of "):
				key = "links"
			}
			return wrong(lines.source(i, key), "key %s: %s", key, plain(err))
		}
		if names[source.Name] {
			return wrong(lines.source(i, "name"), "two sources are named %s; give this one another name", source.Name)
		}
		if urls[source.URL] {
			return wrong(lines.source(i, "url"), "two sources have the url %s; remove one", source.URL)
		}
		names[source.Name], urls[source.URL] = true, true
		cfg.Sources = append(cfg.Sources, source)
	}
	return cfg, nil
}

// wrongType is how the decoder says, without a type of its own, that a value is of
// another type than its key: line, key, the type found, the type wanted; or the
// type found instead of a table.
var wrongType = regexp.MustCompile(`^toml: line (\d+) \(last key "([^"]*)"\): ` +
	`(?:incompatible types: TOML value has type (\S+); destination has type (\S+)|(?s:type mismatch for .*): expected table but found (\S+))$`)

// tomlNames are the decoder's types in a user's words.
var tomlNames = map[string]string{
	"string": "a text", "int64": "a number", "integer": "a whole number", "float64": "a number with a fraction",
	"bool": "true or false", "[]any": "a list", "map[string]any": "a table", "[]map[string]any": "a list of tables",
	"time.Time": "a date",
}

// wantedForm says how the value of a key is written.
func wantedForm(key, goType string) string {
	switch key {
	case "source":
		return "a list of tables, each under [[source]]"
	case "crawl":
		return "one table, under [crawl]"
	case "crawl.allow_private":
		return `a list like ["127.0.0.1:8080"]`
	}
	if goType == "string" {
		return `a text in quotation marks, like "…"`
	}
	return cmp.Or(tomlNames[goType], "of another type")
}

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

// tomlLines knows on which line each key stands; the decoder only says so for errors of
// its own.
type tomlLines []tomlLine

type tomlLine struct {
	table string
	index int // of [[source]], from 0
	key   string
	line  int
}

func keyLines(data []byte) tomlLines {
	var lines tomlLines
	table, index := "", 0
	counts := map[string]int{}
	scan := bufio.NewScanner(bytes.NewReader(data))
	scan.Buffer(nil, 1<<20)
	for n := 1; scan.Scan(); n++ {
		text := strings.TrimSpace(scan.Text())
		if strings.HasPrefix(text, "[") {
			table, _, _ = strings.Cut(strings.TrimLeft(text, "[ "), "]")
			table = strings.TrimSpace(table)
			index = counts[table]
			counts[table]++
			lines = append(lines, tomlLine{table, index, "", n})
		} else if key, _, ok := strings.Cut(text, "="); ok && !strings.HasPrefix(text, "#") {
			lines = append(lines, tomlLine{table, index, strings.Trim(strings.TrimSpace(key), `"'`), n})
		}
	}
	return lines
}

// any is the first line with the key in the table, or 0.
func (l tomlLines) any(table, key string) int {
	for _, at := range l {
		if at.table == table && at.key == key || table == "" && at.table == key {
			return at.line
		}
	}
	return 0
}

// source is the line of a key of the i-th source, or of its header.
func (l tomlLines) source(i int, key string) int {
	line := 0
	for _, at := range l {
		if at.table == "source" && at.index == i && (at.key == "" || at.key == key) {
			line = at.line
		}
	}
	return line
}

// nearest is the known name that a mistyped one most resembles, or "".
func nearest(name string, known []string) string {
	best, bestDistance := "", 3
	for _, k := range known {
		if d := distance(strings.ToLower(name), k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance counts the letters to add, drop or change between two short words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := slices.Clone(row)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(before[j]+cost, before[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
