package tenor

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed firms.txt
var firmList string

// knownFirms is firmList: a name's key → the key that it is counted under.
var knownFirms = sync.OnceValue(func() map[string]string {
	known := map[string]string{}
	for line := range strings.Lines(firmList) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		main := ""
		for name := range strings.SplitSeq(line, "|") {
			key := plainFirmKey(name)
			if main == "" {
				main = key
			}
			known[key] = main
		}
	}
	return known
})
