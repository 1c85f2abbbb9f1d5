package tenor

import (
	"strings"
	"unicode/utf8"
)

// FoldText lowers case, drops accents and makes one space of everything that is
// neither letter nor digit, so that two printings of the same words compare equal.
func FoldText(s string) string { return strings.Join(foldWords(s), " ") }

// foldWords splits s into words of letters and digits, case and accents folded.
// An apostrophe inside a word is dropped, and with it a possessive s.
func foldWords(s string) []string {
	lower := strings.ToLower(s)
	words := make([]string, 0, len(lower)/6+1)
	for i := 0; i < len(lower); {
		end := plainEnd(lower, i)
		// Nearly all words are plain, and cut out of the text.
		if end > i && (end == len(lower) || lower[end] < utf8.RuneSelf && lower[end] != '\'') {
			words = append(words, lower[i:end])
			i = end + 1
			continue
		}
		if end == i && lower[i] < utf8.RuneSelf && lower[i] != '\'' {
			i++
			continue
		}
		var word string
		if word, i = foldWord(lower, i); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// plainEnd is where the plain letters and digits from i on end.
func plainEnd(lower string, i int) int {
	for i < len(lower) && plainWord[lower[i]] {
		i++
	}
	return i
}

// plainWord are the bytes that words are made of as they stand.
var plainWord = func() (is [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789&") {
		is[c] = true
	}
	return is
}()

// foldWord is the word that begins at i, maybe empty, and where to go on.
func foldWord(lower string, i int) (string, int) {
	var word strings.Builder
	for i < len(lower) {
		if end := plainEnd(lower, i); end > i {
			word.WriteString(lower[i:end])
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(lower[i:])
		i += size
		switch {
		case r == '\'' || r == '’':
			if after, ok := strings.CutPrefix(lower[i:], "s"); ok {
				if next, _ := utf8.DecodeRuneInString(after); after == "" || !isWordRune(next) {
					i++ // possessive
				}
			}
		case r >= 0x300 && r < 0x370: // a combining accent on its own
		case r >= 0x80 && isWordRune(r):
			if plain, ok := unaccented[r]; ok {
				word.WriteString(plain)
			} else {
				word.WriteRune(r)
			}
		default:
			return word.String(), i
		}
	}
	return word.String(), i
}
