package tenor

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed forenames.txt
var forenameList string

// shortForms are, by forename, the lines of forenameList on which it stands.
var shortForms = sync.OnceValue(func() map[string][][]string {
	lines := map[string][][]string{}
	for line := range strings.Lines(forenameList) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] == "#" {
			continue
		}
		for _, w := range words {
			lines[w] = append(lines[w], words)
		}
	}
	return lines
})

// ForenamesLike are the forenames that may be the same person's, the one itself
// among them, and for a whole name its initial. For an initial they are all that begin
// with it, and it stands for them.
func ForenamesLike(forename string) []string {
	list := []string{forename}
	if len(forename) < 2 {
		return list
	}
	list = append(list, forename[:1])
	for _, line := range shortForms()[forename] {
		list = append(list, line...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// likeForenames reports whether two forenames may be one person's.
func likeForenames(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 1 {
		return a[0] == b[0]
	}
	for _, line := range shortForms()[a] {
		if slices.Contains(line, b) {
			return true
		}
	}
	return false
}
