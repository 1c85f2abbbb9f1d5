package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tenor"
	"tenor/crawler/tomlfile"
)

// tenor.toml is its owner's file: an edit changes the lines that it must and leaves
// every other byte, comments and line ends included, as it was. What comes out is read
// again, and unless it says exactly what was wanted the edit is refused.

// AddSources is the text of a tenor.toml with sources added at its end. Messages call the
// file by path, which is not opened. The error wraps tenor.ErrUsage.
func AddSources(path string, data []byte, sources ...Source) ([]byte, error) {
	before, err := ParseConfig(path, data)
	if err != nil {
		return nil, err
	}
	want := slices.Clone(before.Sources)
	newline := newlineOf(data)
	out := bytes.NewBuffer(slices.Clone(data))
	if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
		out.WriteString(newline)
	}
	for _, s := range sources {
		if err := s.complete(); err != nil {
			return nil, err
		}
		for _, old := range want {
			switch {
			case old.Name == s.Name:
				return nil, fmt.Errorf("%w: %s has a source named %s already; choose another name", tenor.ErrUsage, path, s.Name)
			case old.Place() == s.Place():
				return nil, fmt.Errorf("%w: %s has %s already, as source %s", tenor.ErrUsage, path, s.Place(), old.Name)
			}
		}
		want = append(want, s)
		if out.Len() > 0 {
			out.WriteString(newline)
		}
		out.WriteString(strings.ReplaceAll(s.table(), "\n", newline))
	}
	return checked(path, before, want, out.Bytes())
}

// RemoveSource is the text of a tenor.toml without the table of a source. Comments above
// the table and below its last key stay. A name that is not there is tenor.ErrNotFound.
func RemoveSource(path string, data []byte, name string) ([]byte, error) {
	before, i, table, err := findSource(path, data, name)
	if err != nil {
		return nil, err
	}
	start, end := table[0].Start, table[len(table)-1].End
	// The blank line that set it off goes with it.
	switch above, below := data[:start], data[end:]; {
	case bytes.HasSuffix(above, []byte("\n\r\n")):
		start -= 2
	case bytes.HasSuffix(above, []byte("\n\n")):
		start--
	case start == 0 && bytes.HasPrefix(below, []byte("\r\n")):
		end += 2
	case start == 0 && bytes.HasPrefix(below, []byte("\n")):
		end++
	}
	want := slices.Delete(slices.Clone(before.Sources), i, i+1)
	return checked(path, before, want, slices.Concat(data[:start], data[end:]))
}

// PauseSource is the text of a tenor.toml in which a source is paused, or no longer. A
// name that is not there is tenor.ErrNotFound.
func PauseSource(path string, data []byte, name string, paused bool) ([]byte, error) {
	before, i, table, err := findSource(path, data, name)
	if err != nil {
		return nil, err
	}
	if before.Sources[i].Paused == paused {
		return data, nil
	}
	want := slices.Clone(before.Sources)
	want[i].Paused = paused
	last := table[len(table)-1]
	start, end, line := last.End, last.End, "paused = true"+newlineOf(data)
	if !bytes.HasSuffix(data[:last.End], []byte("\n")) {
		line = newlineOf(data) + "paused = true"
	}
	for _, item := range table[1:] {
		if item.Name != "paused" {
			continue
		}
		start, end = item.Start, item.End
		if line = string(data[start:end]); !paused && !strings.Contains(line, "#") {
			line = ""
		} else { // the value alone, so that a comment behind it stays
			line = strings.Replace(line, strconv.FormatBool(!paused), strconv.FormatBool(paused), 1)
		}
	}
	return checked(path, before, want, slices.Concat(data[:start], []byte(line), data[end:]))
}

// findSource finds a source's table: its header and keys.
func findSource(path string, data []byte, name string) (cfg Config, index int, table []tomlfile.Entry, err error) {
	if cfg, err = ParseConfig(path, data); err != nil {
		return cfg, 0, nil, err
	}
	index = slices.IndexFunc(cfg.Sources, func(s Source) bool { return s.Name == name })
	if index < 0 {
		return cfg, 0, nil, fmt.Errorf("source %s in %s: %w", name, path, tenor.ErrNotFound)
	}
	items := tomlfile.Scan(data)
	count := -1
	for i, item := range items {
		if !item.Header || item.Name != "source" {
			continue
		}
		if count++; count == index {
			end := i + 1
			for end < len(items) && !items[end].Header {
				end++
			}
			return cfg, index, items[i:end], nil
		}
	}
	return cfg, 0, nil, errByHand(path)
}

func errByHand(path string) error {
	return fmt.Errorf("%s is written in a way that this command cannot edit without changing more than it should; edit it by hand", path)
}

// checked returns the edited text if it says what it should.
func checked(path string, before Config, want []Source, text []byte) ([]byte, error) {
	after, err := ParseConfig(path, text)
	if err != nil {
		return nil, errors.Join(errByHand(path), err)
	}
	before.Sources = want
	for _, c := range []*Config{&before, &after} {
		c.Sources = slices.Clone(c.Sources)
		for i := range c.Sources {
			c.Sources[i].links, c.Sources[i].rules = nil, nil // compiled anew, so never the same
		}
		if len(c.Sources) == 0 {
			c.Sources = nil
		}
	}
	if !reflect.DeepEqual(before, after) {
		return nil, errByHand(path)
	}
	return text, nil
}

func newlineOf(data []byte) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// table is the source as it is written into a tenor.toml.
func (s Source) table() string {
	var b strings.Builder
	b.WriteString("[[source]]\n")
	text := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s = %s\n", key, tomlString(value))
		}
	}
	list := func(key string, values []string) {
		if len(values) == 0 {
			return
		}
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = tomlString(v)
		}
		fmt.Fprintf(&b, "%s = [%s]\n", key, strings.Join(quoted, ", "))
	}
	text("name", s.Name)
	text("url", s.URL)
	text("path", s.Path)
	if !s.IsFolder() {
		text("kind", s.Kind)
	}
	text("links", s.Links)
	text("outlet", s.Outlet)
	list("keep", s.Keep)
	list("drop", s.Drop)
	text("date", s.Date)
	if s.Delay != nil {
		text("delay", s.Delay.String())
	}
	switch e := s.Every; {
	case e == tenor.Pace{}:
	case e.Min == e.Max:
		text("every", shortDuration(e.Min))
	default:
		list("every", []string{shortDuration(e.Min), shortDuration(e.Max)})
	}
	text("robots", s.Robots)
	if s.Paused {
		b.WriteString("paused = true\n")
	}
	return b.String()
}

// tomlString writes a text as TOML does: as it is between single quotation marks
// where that spares escapes, as in regular expressions.
func tomlString(s string) string {
	if strings.ContainsAny(s, `"\`) && !strings.ContainsFunc(s, func(r rune) bool { return r == '\'' || r < ' ' || r == 0x7f }) {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// ParseEvery reads the bounds of the time between two visits, as `every` in a tenor.toml
// has them: "1h", or "30m" and "6h". The error wraps tenor.ErrUsage.
func ParseEvery(times ...string) (tenor.Pace, error) {
	var p pace
	var value any = ""
	if len(times) == 1 {
		value = times[0]
	} else {
		list := make([]any, len(times))
		for i, t := range times {
			list[i] = t
		}
		value = list
	}
	if err := p.UnmarshalTOML(value); err != nil {
		return tenor.Pace{}, fmt.Errorf("%w: %v", tenor.ErrUsage, err)
	}
	return tenor.Pace(p), nil
}
