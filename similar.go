package tenor

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What of a quote survives rewriting and translating: its content words or
// synonyms of them, its numbers and names, and the order they come in.

// features are a text as it is compared.
type features struct {
	hash    uint64 // of the stems of all words: equal for two printings of the same
	terms   []term // in the order of the text
	set     []term // each class once, by class
	weight  int
	numbers int
}

// newFeatures reads a text. Words of the names, which are the speaker and the
// firm, carry no content: indirect quotes often begin with them.
func newFeatures(text string, names ...string) *features {
	entries := synonyms()
	var own []string
	for _, n := range names {
		for _, w := range foldWords(n) {
			own = append(own, stem(w))
		}
	}
	words := splitWords(text)
	f := &features{hash: classOf(""), terms: make([]term, 0, len(words))}
	for i := range words {
		f.hash = f.hash*31 + classOf(words[i].stem)
	}
next:
	for i := 0; i < len(words); i++ {
		w := &words[i]
		e := entries[w.stem]
		for n := min(e.words, len(words)-i); n > 1; n-- {
			key := make([]byte, 0, 64)
			for _, part := range words[i : i+n] {
				key = append(append(key, part.stem...), ' ')
			}
			if found := entries[string(key[:len(key)-1])]; found.term != nil {
				f.terms = append(f.terms, *found.term)
				i += n - 1
				continue next
			}
		}
		switch {
		case e.stop || len(w.stem) < 2 && !w.number || slices.Contains(own, w.stem):
		case e.term != nil:
			f.terms = append(f.terms, *e.term)
		case w.number:
			f.terms = append(f.terms, term{class: classOf(w.stem), weight: numberWeight, number: true})
		case w.capital:
			f.terms = append(f.terms, term{class: classOf(w.stem), weight: nameWeight})
		default:
			f.terms = append(f.terms, term{class: classOf(w.stem), weight: plainWeight})
		}
	}
	f.set = slices.Clone(f.terms)
	slices.SortFunc(f.set, func(a, b term) int {
		if a.class == b.class {
			return cmp.Compare(b.weight, a.weight)
		}
		return cmp.Compare(a.class, b.class)
	})
	f.set = slices.CompactFunc(f.set, func(a, b term) bool { return a.class == b.class })
	for _, t := range f.set {
		f.weight += t.weight
		if t.number {
			f.numbers++
		}
	}
	return f
}

// similarity is how much of two texts is the same, 0 to 1. It is thin where one
// word alone, which is no number, is in both and is not the whole of either.
func similarity(a, b *features) (s float64, thin bool) {
	if a.hash == b.hash {
		return 1, false
	}
	if len(a.set) == 0 || len(b.set) == 0 {
		return 0, true
	}
	var shared, numbers, count int
	for i, j := 0, 0; i < len(a.set) && j < len(b.set); {
		switch x, y := a.set[i], b.set[j]; {
		case x.class < y.class:
			i++
		case x.class > y.class:
			j++
		default:
			shared += min(x.weight, y.weight)
			count++
			if x.number {
				numbers++
			}
			i++
			j++
		}
	}
	if count == 0 {
		return 0, true
	}
	// An excerpt shares all of the shorter text; of a very short one that says little.
	dice := float64(2*shared) / float64(a.weight+b.weight)
	contained := float64(shared) / float64(min(a.weight, b.weight)+plainWeight)
	s = 0.5*dice + 0.5*contained
	switch {
	case a.numbers > 0 && b.numbers > 0 && numbers == 0:
		s *= 0.5
	case a.numbers > numbers && b.numbers > numbers: // one was put for another
		s *= 0.7
	}
	if turned(a, b) || turned(b, a) {
		s *= 0.5
	}
	return s * (0.8 + 0.2*inSameOrder(a, b)), count == 1 && numbers == 0 && len(a.set) > 1 && len(b.set) > 1
}

// turned reports whether a says up where b says down. A lost "not" makes a bad
// copy; another word makes another statement.
func turned(a, b *features) bool {
	for _, t := range a.set {
		for _, opposite := range t.against {
			if b.has(opposite) && !b.has(t.class) && !a.has(opposite) {
				return true
			}
		}
	}
	return false
}

func (f *features) has(class uint64) bool {
	_, ok := slices.BinarySearchFunc(f.set, class, func(t term, c uint64) int { return cmp.Compare(t.class, c) })
	return ok
}

// inSameOrder is the share of neighbouring shared terms that come in the same
// order in both texts, 0 to 1.
func inSameOrder(a, b *features) float64 {
	last, same, pairs := -1, 0, 0
	for _, t := range a.terms {
		at := slices.IndexFunc(b.terms, func(u term) bool { return u.class == t.class })
		if at < 0 {
			continue
		}
		if last >= 0 {
			pairs++
			if at >= last {
				same++
			}
		}
		last = at
	}
	if pairs == 0 {
		return 0.5
	}
	return float64(same) / float64(pairs)
}

// word is a word of a text: letters, or a number.
type word struct {
	stem    string
	number  bool
	capital bool // inside a sentence
}

// splitWords are the words of a text, stemmed: case and accents folded, a
// possessive dropped, 5,300 and 5300 one number, U.S. one word.
func splitWords(text string) []word {
	words := make([]word, 0, len(text)/5)
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		text = lower // a rare letter whose cases differ in length: capitals are lost
	}
	sentence := true // the next word begins one
	for i := 0; i < len(lower); {
		r, size := rune(lower[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(lower[i:])
		}
		switch {
		case r >= '0' && r <= '9':
			end := i + 1
			for end < len(lower) && (digit(lower[end]) || (lower[end] == ',' || lower[end] == '.') && end+1 < len(lower) && digit(lower[end+1])) {
				end++
			}
			words = append(words, word{stem: strings.ReplaceAll(lower[i:end], ",", ""), number: true})
			i, sentence = end, false
		case isWordRune(r):
			capital := !sentence && text[i] != lower[i]
			if r >= utf8.RuneSelf {
				upper, _ := utf8.DecodeRuneInString(text[i:])
				capital = !sentence && unicode.IsUpper(upper)
			}
			w, end := wordAt(text, lower, i)
			words = append(words, word{stem: stem(w), capital: capital})
			i, sentence = end, false
		default:
			sentence = sentence || r == '.' || r == '!' || r == '?' || r == '“' || r == '"' || r == '\n'
			i += size
		}
	}
	return words
}

// wordAt is the word of letters that begins at i, and where it ends. Plain ones, which
// are nearly all, are cut out of the text.
func wordAt(text, lower string, i int) (string, int) {
	end := i
	for end < len(lower) && lower[end] >= 'a' && lower[end] <= 'z' {
		end++
	}
	if end == len(lower) || lower[end] < utf8.RuneSelf && lower[end] != '\'' && lower[end] != '.' {
		return lower[i:end], end
	}
	if lower[end] == '.' && (end+1 == len(lower) || text[end+1] < 'A' || text[end+1] > 'Z') {
		return lower[i:end], end
	}
	var b strings.Builder
	for i < len(lower) {
		r, size := utf8.DecodeRuneInString(lower[i:])
		switch {
		case r == '\'' || r == '’':
			rest := lower[i+size:]
			if after, ok := strings.CutPrefix(rest, "s"); ok {
				if next, _ := utf8.DecodeRuneInString(after); !isWordRune(next) {
					size++ // possessive
				}
			}
		case r == '.' && i > 0 && i+1 < len(text) && upper(text[i-1]) && upper(text[i+1]): // U.S.
		case !isWordRune(r) || r >= '0' && r <= '9':
			return b.String(), i
		default:
			if plain, ok := unaccented[r]; ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
		i += size
	}
	return b.String(), i
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
