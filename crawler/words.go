package crawler

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// words splits text into lower-case words, runs of letters and digits; scripts written
// without spaces fall into runs, which is enough to compare titles.
func words(s string) []string { return strings.FieldsFunc(strings.ToLower(s), notInWord) }

// squash is the words of s without what stands between them.
func squash(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if i++; c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			if c >= 'a' && c <= 'z' || isDigit(c) {
				b.WriteByte(c)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if i += size; !notInWord(unicode.ToLower(r)) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func hasWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !notInWord(r) }) >= 0
}

func notInWord(r rune) bool {
	if r < utf8.RuneSelf {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	}
	return !unicode.IsLetter(r) && !unicode.IsNumber(r)
}
