package tenor

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed synonyms.txt
var synonymList string

// What one word, or a word of a class of synonyms, counts. Whole numbers add up to
// the same in every order.
const (
	plainWeight  = 10
	commonWeight = 7 // in one quote of fifty, as counted in ten thousand of newswire
	weakWeight   = 4 // in one of fifteen
	numberWeight = 16
	nameWeight   = 13 // capitals inside a sentence
)

// term is a content word of a quote, by its class.
type term struct {
	class   uint64
	weight  int
	number  bool
	against []uint64 // classes that say the opposite
}

// entry is what synonymList has of a stem, or of the stems of a phrase joined by a
// space.
type entry struct {
	*term      // its class; nil: none
	stop  bool // it has no content
	words int  // of the longest phrase that begins with it
}

// synonyms is synonymList by stem, read once.
var synonyms = sync.OnceValue(func() map[string]entry {
	entries := map[string]entry{}
	for line := range strings.Lines(synonymList) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		class := &term{weight: plainWeight}
		switch words[0] {
		case "-":
			for _, w := range words[1:] {
				e := entries[stem(w)]
				e.stop = true
				entries[stem(w)] = e
			}
			continue
		case "!":
			a, b := entries[phrase(words[1])].term, entries[phrase(words[2])].term
			a.against, b.against = append(a.against, b.class), append(b.against, a.class)
			continue
		case "=":
			for _, w := range words[1:] {
				w = stem(w)
				entries[w] = entry{term: &term{class: classOf(w), weight: commonWeight}, words: entries[w].words}
			}
			continue
		case "+":
			class.weight, words = commonWeight, words[1:]
		case "~":
			class.weight, words = weakWeight, words[1:]
		}
		class.class, class.number = classOf(words[0]), isNumber(words[0])
		if class.number && class.weight == plainWeight {
			class.weight = numberWeight
		}
		for _, w := range words {
			key := phrase(w)
			if e := entries[key]; e.term == nil {
				e.term = class
				entries[key] = e
			}
			first, _, _ := strings.Cut(key, " ")
			e := entries[first]
			e.words = max(e.words, 1+strings.Count(key, " "))
			entries[first] = e
		}
	}
	return entries
})

// phrase is a phrase as the list writes it, by the stems of its words.
func phrase(w string) string {
	parts := strings.FieldsFunc(w, func(r rune) bool { return r == '_' || r == '-' })
	for i := range parts {
		parts[i] = stem(parts[i])
	}
	return strings.Join(parts, " ")
}

// classOf is FNV-1a.
func classOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// stem takes common endings off an English word, so that forms of one compare
// equal. It need not make a word.
func stem(w string) string {
	if len(w) < 4 || isNumber(w) {
		return w
	}
	cut := func(ending string, least int, instead string) bool {
		if !strings.HasSuffix(w, ending) || len(w)-len(ending) < least {
			return false
		}
		w = w[:len(w)-len(ending)] + instead
		return true
	}
	if !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is") {
		_ = cut("ies", 2, "y") || cut("sses", 2, "ss") || cut("s", 3, "")
	}
	if cut("ing", 3, "") || cut("ed", 3, "") {
		if n := len(w); n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("lsze", rune(w[n-1])) {
			w = w[:n-1] // cutting
		}
	}
	_ = cut("ly", 4, "")
	_ = cut("e", 3, "")
	if len(w) > 3 && w[len(w)-1] == 'i' {
		w = w[:len(w)-1] + "y"
	}
	return w
}
