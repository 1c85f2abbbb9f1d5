package store

import (
	_ "embed"
	"strings"
	"sync"

	"tenor"
)

//go:embed synonyms.txt
var synonymList string

// synonyms are the others of its line for each entry of synonymList, by plainWords.
var synonyms = sync.OnceValue(func() map[string][]string {
	others := map[string][]string{}
	for line := range strings.Lines(synonymList) {
		line, _, _ = strings.Cut(line, "#")
		entries := strings.Split(strings.TrimSpace(line), ",")
		for i := range entries {
			entries[i] = strings.TrimSpace(entries[i])
		}
		for i, entry := range entries {
			key := plainWords(entry)
			for j, other := range entries {
				if i != j && key != "" {
					others[key] = append(others[key], other)
				}
			}
		}
	}
	return others
})

// mostSynonymWords bounds the words of an entry, and mostWidened how many places of a
// query are widened, so that a query stays cheap.
const (
	mostSynonymWords = 5
	mostWidened      = 8
)

// plainWords are the words of a text, without what does not matter in synonymList.
func plainWords(text string) string {
	words := strings.Fields(tenor.FoldText(text))
	for i, w := range words {
		if len(w) > 3 && !strings.HasSuffix(w, "ss") {
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return strings.Join(words, " ")
}

// widest finds the longest run of terms from the first on that has synonyms, and how
// many terms it is; 0 where there is none.
func widest(terms []term) (n int, others []string) {
	var words []string
	for i, t := range terms {
		if t.exclude || t.prefix || t.phrase || i == mostSynonymWords {
			break
		}
		words = append(words, t.text)
		if found := synonyms()[plainWords(strings.Join(words, " "))]; found != nil {
			n, others = i+1, found
		}
	}
	return n, others
}
