// Package tomlfile reads tenor.toml strictly: what is wrong with the file is said in
// one sentence that names the line and the key. Each part of the program reads its own
// tables and leaves the others', which all read the same file, alone.
package tomlfile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"

	"tenor"
)

// Tables are the tables that a tenor.toml may have, whoever reads them.
var Tables = []string{"crawl", "source", "theme", "subject", "chart"}

// File is a file that has been read, with the line of each key: the decoder only says
// so for errors of its own.
type File struct {
	path string // as messages call it
	text []string
	keys []keyLine
}

type keyLine struct {
	table string
	index int // of an [[array of tables]], from 0
	key   string
	line  int
}

// Keys are the keys of the tables that a part reads. Forms says, for those that are not
// plain text, how their values are written; a table is named by itself.
type Keys struct {
	Known map[string][]string
	Forms map[string]string
}

// Decode reads the text of a file into a struct that has the tables of keys. Errors
// wrap tenor.ErrUsage; messages call the file by path, which is not opened.
func Decode(path string, data []byte, into any, keys Keys) (*File, error) {
	f := &File{path: path, text: strings.Split(string(data), "\n"), keys: keyLines(data)}
	md, err := toml.Decode(string(data), into)
	if err != nil {
		return nil, f.explain(err, keys)
	}
	for _, key := range md.Undecoded() {
		table, name, valid := "", key[len(key)-1], Tables
		if len(key) > 1 {
			table, valid = key[0], keys.Known[key[0]]
		}
		if _, mine := keys.Known[key[0]]; !mine && slices.Contains(Tables, key[0]) {
			continue // another part reads it
		}
		message := "known keys: " + strings.Join(valid, ", ")
		if near := Nearest(name, valid); near != "" {
			message = "did you mean " + near + "?"
		}
		return nil, f.Wrong(f.First(table, name), "unknown key %s; %s", key, message)
	}
	return f, nil
}

// Wrong is a mistake on a line of the file, 0 for none.
func (f *File) Wrong(line int, format string, args ...any) error {
	at := f.path
	if line > 0 {
		at += ", line " + strconv.Itoa(line)
	}
	return fmt.Errorf("%w: %s: %s", tenor.ErrUsage, at, fmt.Sprintf(format, args...))
}

// First is the first line with the key in the table, or 0.
func (f *File) First(table, key string) int {
	for _, at := range f.keys {
		if at.table == table && at.key == key || table == "" && at.table == key {
			return at.line
		}
	}
	return 0
}

// Item is the line of a key of the i-th table of its name, or of its header.
func (f *File) Item(table string, i int, key string) int {
	line := 0
	for _, at := range f.keys {
		if at.table == table && at.index == i && (at.key == "" || at.key == key) {
			line = at.line
		}
	}
	return line
}

// Element is the line of a text in a list that begins at a line and may go over
// several: the nth line, from 0, that has it, as it may stand there twice; the list's
// where it is not found, as when it is written with escapes.
func (f *File) Element(from int, text string, nth int) int {
	for line := from; line > 0 && line <= len(f.text); line++ {
		if line > from && slices.ContainsFunc(f.keys, func(k keyLine) bool { return k.line == line }) {
			break
		}
		row := f.text[line-1]
		for _, quote := range []string{`"`, "'"} {
			nth -= strings.Count(row, quote+text+quote)
		}
		if nth < 0 {
			return line
		}
	}
	return from
}

// explain puts the decoder's errors into a user's words.
func (f *File) explain(err error, keys Keys) error {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		message := strings.TrimSuffix(strings.TrimSpace(parse.Message), ".")
		if parse.LastKey != "" {
			message = "key " + parse.LastKey + ": " + message
		}
		// The decoder shows a line's end as Go writes it.
		message = strings.ReplaceAll(message, `'\n'`, "the end of the line")
		return f.Wrong(parse.Position.Line, "%s", oneLine(message))
	}
	if m := wrongType.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		found := cmp.Or(tomlNames[m[3]+m[5]], "something else")
		wanted := cmp.Or(keys.Forms[m[2]], tomlNames[m[4]], "of another type")
		if m[4] == "string" && keys.Forms[m[2]] == "" {
			wanted = `a text in quotation marks, like "…"`
		}
		return f.Wrong(line, "key %s: must be %s, and is %s", m[2], wanted, found)
	}
	return f.Wrong(0, "%s", oneLine(strings.TrimPrefix(err.Error(), "toml: ")))
}

// oneLine folds white space and control characters, which a file may hold, into spaces.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// wrongType is how the decoder says, without a type of its own, that a value is of
// another type than its key: line, key, the type found, the type wanted; or the
// type found instead of a table.
var wrongType = regexp.MustCompile(`^toml: line (\d+) \(last key "([^"]*)"\): ` +
	`(?:incompatible types: TOML value has type (\S+); destination has type (\S+)|(?s:type mismatch for .*): expected table but found (\S+))$`)

// tomlNames are the decoder's types in a user's words.
var tomlNames = map[string]string{
	"string": "a text", "int64": "a number", "integer": "a whole number", "float64": "a number with a fraction",
	"bool": "true or false", "boolean": "true or false", "[]any": "a list", "map[string]any": "a table", "[]map[string]any": "a list of tables",
	"time.Time": "a date", "slice": "a list",
}

func keyLines(data []byte) (keys []keyLine) {
	table, index := "", 0
	counts := map[string]int{}
	for _, e := range Scan(data) {
		if e.Header {
			table, index = e.Name, counts[e.Name]
			counts[table]++
			keys = append(keys, keyLine{table, index, "", e.Line})
		} else {
			keys = append(keys, keyLine{table, index, e.Name, e.Line})
		}
	}
	return keys
}

// Nearest is the known name that a mistyped one most resembles, or "".
func Nearest(name string, known []string) string {
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
