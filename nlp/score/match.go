package score

import (
	"slices"
	"strings"
	"unicode"

	"tenor"
)

// normal makes one printing of a text: straight marks, single spaces. It works on
// runes, as places are counted in them.
func normal(text string) []rune {
	out := make([]rune, 0, len(text))
	space := true
	for _, r := range text {
		switch r {
		case '“', '”', '„':
			r = '"'
		case '‘', '’':
			r = '\''
		}
		if unicode.IsSpace(r) {
			if !space {
				out = append(out, ' ')
			}
			space = true
			continue
		}
		out = append(out, r)
		space = false
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out
}

// place is the set of positions of the segments in text, spaces aside: each is
// looked for after the one before, else anywhere.
func place(text string, segments []string) map[int]bool {
	covered := map[int]bool{}
	at := 0
	for _, s := range segments {
		segment := string(normal(s))
		if segment == "" {
			continue
		}
		start := indexFrom(text, segment, at)
		if start < 0 {
			if start = indexFrom(text, segment, 0); start < 0 {
				continue
			}
		}
		at = start + len(segment)
		for i, r := range text[start:at] {
			if r != ' ' {
				covered[start+i] = true
			}
		}
	}
	return covered
}

func indexFrom(text, part string, from int) int {
	if i := strings.Index(text[from:], part); i >= 0 {
		return from + i
	}
	return -1
}

// overlap is how many positions two places share.
func overlap(a, b map[int]bool) int {
	if len(b) < len(a) {
		a, b = b, a
	}
	n := 0
	for i := range a {
		if b[i] {
			n++
		}
	}
	return n
}

// generic words of firms' names say nothing about which firm it is.
var generic = strings.Fields(`the of and & inc co corp group llc plc ltd company bank research investment
	investments management capital securities asset wealth financial partners advisors advisers institute private`)

var nameWords = strings.Fields("jr sr ii iii mr ms mrs dr")

func nameFold(name string) []string { return strings.Fields(tenor.FoldText(name)) }

// initials are the first letters of the words that carry the name.
func initials(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if !slices.Contains([]string{"of", "the", "and", "for", "&"}, w) {
			b.WriteString(w[:1])
		}
	}
	return b.String()
}

// sameFirm reports whether two names can be one firm: the one's distinctive words
// are in the other, begin its words (Citi, Citigroup), or are its initials.
func sameFirm(a, b string) bool {
	wordsA, wordsB := nameFold(a), nameFold(b)
	if len(wordsA) == 0 || len(wordsB) == 0 {
		return len(wordsA) == len(wordsB)
	}
	if initials(wordsA) == wordsB[0] && len(wordsB[0]) > 1 || initials(wordsB) == wordsA[0] && len(wordsA[0]) > 1 {
		return true
	}
	coreA, coreB := core(wordsA), core(wordsB)
	return within(coreA, coreB) || within(coreB, coreA)
}

func core(words []string) []string {
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(generic, w) })
	if len(kept) == 0 {
		return words
	}
	return kept
}

func within(some, all []string) bool {
	for _, w := range some {
		if !slices.ContainsFunc(all, func(v string) bool { return w == v || len(w) > 2 && strings.HasPrefix(v, w) }) {
			return false
		}
	}
	return true
}

// sameSpeaker reports whether a prediction names the labelled speaker: the same
// family name, or for an institution the same firm. An official body may be named
// for its head.
func sameSpeaker(gold *Quote, predicted string) bool {
	a, b := nameFold(gold.Speaker), nameFold(predicted)
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	if gold.SpeakerType == tenor.Institution {
		return sameFirm(gold.Speaker, predicted)
	}
	isTitle := func(w string) bool { return slices.Contains(nameWords, w) }
	a, b = slices.DeleteFunc(a, isTitle), slices.DeleteFunc(b, isTitle)
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return a[len(a)-1] == b[len(b)-1] || gold.SpeakerType == tenor.Official && sameFirm(gold.Speaker, predicted)
}
