package tomlfile

import (
	"bytes"
	"strings"
)

// Entry is a header or a key of a TOML file, with the lines that it takes up. The
// decoder tells neither lines nor places of what it has read without complaint.
type Entry struct {
	Header     bool
	Name       string // of the table, or of the key within its table
	Start, End int    // bytes, from the start of its first line to behind the end of its last
	Line       int    // the first is 1
}

// Scan finds the headers and keys of a TOML file, knowing strings over several
// lines, comments and brackets as far as it takes not to mistake one for another. Of
// what is no TOML it makes something or other: the decoder has the say on that.
func Scan(data []byte) []Entry {
	var items []Entry
	line := 1
	for at := 0; at < len(data); {
		start, first := at, line
		i := at
		for i < len(data) && (data[i] == ' ' || data[i] == '\t') {
			i++
		}
		switch {
		case i == len(data):
			return items
		case data[i] == '#', data[i] == '\n', data[i] == '\r':
			at = lineEnd(data, i)
		case data[i] == '[':
			at = lineEnd(data, i)
			name, _, _ := strings.Cut(strings.TrimLeft(string(data[i:at]), "[ \t"), "]")
			items = append(items, Entry{true, unquoted(name), start, at, first})
		default:
			equals := keyEnd(data, i)
			at = valueEnd(data, equals)
			items = append(items, Entry{false, unquoted(string(data[i:equals])), start, at, first})
		}
		line += bytes.Count(data[start:at], []byte("\n"))
	}
	return items
}

func unquoted(name string) string { return strings.Trim(strings.TrimSpace(name), `"'`) }

// lineEnd is behind the next line feed.
func lineEnd(data []byte, i int) int {
	if n := bytes.IndexByte(data[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(data)
}

// keyEnd is where the equals sign of a key stands, or the end of its line.
func keyEnd(data []byte, i int) int {
	var quote byte
	for ; i < len(data) && data[i] != '\n'; i++ {
		switch c := data[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '=':
			return i
		}
	}
	return i
}

// valueEnd is behind the line on which the value from i on ends.
func valueEnd(data []byte, i int) int {
	depth := 0
	for i < len(data) {
		switch c := data[i]; c {
		case '"', '\'':
			i = stringEnd(data, i)
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '#':
			i = lineEnd(data, i) - 1
			if data[i] != '\n' {
				return len(data)
			}
			continue
		case '\n':
			if depth <= 0 {
				return i + 1
			}
		}
		i++
	}
	return len(data)
}

// stringEnd is behind the string that begins at i: one of TOML's four forms.
func stringEnd(data []byte, i int) int {
	quote, long := data[i], false
	mark := []byte{quote}
	if three := bytes.Repeat(mark, 3); bytes.HasPrefix(data[i:], three) {
		mark, long = three, true
	}
	for i += len(mark); i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote == '"':
			i++
		case bytes.HasPrefix(data[i:], mark):
			i += len(mark)
			for n := 0; long && n < 2 && i < len(data) && data[i] == quote; n++ {
				i++ // """"" ends with two quotation marks of its own
			}
			return i
		case data[i] == '\n' && !long:
			return i
		}
	}
	return len(data)
}
