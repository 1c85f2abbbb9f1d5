package crawler

import (
	"embed"
	"strings"
)

//go:embed data/names.txt data/headers.txt data/fomc.txt data/eras.txt data/months.txt data/phrases.txt data/blocks.txt data/weights.txt data/provenance.txt
var ruleFiles embed.FS

// ruleSet holds the word lists under data/ that Extract and Import read by.
// A line is "kind: phrase"; phrases are lower case. Lines that begin with # are
// comments.
type ruleSet map[string]map[string]bool

var rules = loadRules("data/names.txt")

func loadRules(files ...string) ruleSet {
	set := ruleSet{}
	for _, file := range files {
		for _, line := range ruleLines(file) {
			kind, phrase, ok := strings.Cut(line, ": ")
			if !ok {
				panic(file + ": no kind in the line " + line)
			}
			if set[kind] == nil {
				set[kind] = map[string]bool{}
			}
			set[kind][strings.TrimSpace(phrase)] = true
		}
	}
	return set
}

func (r ruleSet) has(kind, phrase string) bool { return r[kind][phrase] }

// ruleLines are the lines of an embedded file without comments and blank lines.
func ruleLines(file string) []string {
	raw, err := ruleFiles.ReadFile(file)
	if err != nil {
		panic(err)
	}
	var lines []string
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}
