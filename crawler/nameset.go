package crawler

import "strings"

// nameSet holds names read from a data file, some with a * for any ending.
type nameSet struct {
	exact    map[string]bool
	prefixes []string
}

func newNameSet(data string) nameSet {
	set := nameSet{exact: map[string]bool{}}
	for line := range strings.Lines(data) {
		name := strings.TrimSpace(line)
		if name == "" || name[0] == '#' {
			continue
		}
		if prefix, ok := strings.CutSuffix(name, "*"); ok {
			set.prefixes = append(set.prefixes, prefix)
		} else {
			set.exact[name] = true
		}
	}
	return set
}

func (s nameSet) has(name string) bool {
	name = strings.ToLower(name)
	if s.exact[name] {
		return true
	}
	for _, p := range s.prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
