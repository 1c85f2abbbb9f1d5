package crawler

import (
	"maps"
	"slices"
	"strings"
)

// phraseSet finds phrases in a text in one pass, however many there are.
type phraseSet struct {
	byHead map[uint32][]string // by their first three bytes
	heads  [1 << 12]bool       // what may begin one; most places of a text end here
	short  []string            // of less than three bytes
}

func newPhraseSet(phrases map[string]bool) *phraseSet {
	s := &phraseSet{byHead: map[uint32][]string{}}
	for _, phrase := range slices.Sorted(maps.Keys(phrases)) {
		if len(phrase) < 3 {
			s.short = append(s.short, phrase)
			continue
		}
		head := headOf(phrase, 0)
		s.heads[headHash(head)] = true
		s.byHead[head] = append(s.byHead[head], phrase)
	}
	return s
}

func headOf(s string, at int) uint32 {
	return uint32(s[at]) | uint32(s[at+1])<<8 | uint32(s[at+2])<<16
}

func headHash(head uint32) uint32 { return head * 0x9e3779b1 >> 20 }

// in reports whether one of the phrases stands in the text.
func (s *phraseSet) in(text string) bool {
	return s.find(text, func(int, string) bool { return true })
}

// find looks for a phrase that fits where it stands, and reports whether there is one.
func (s *phraseSet) find(text string, fits func(at int, phrase string) bool) bool {
	for _, phrase := range s.short {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], phrase)
			if i < 0 {
				break
			}
			if at += i; fits(at, phrase) {
				return true
			}
		}
	}
	for at := 0; at+3 <= len(text); at++ {
		head := headOf(text, at)
		if !s.heads[headHash(head)] {
			continue
		}
		for _, phrase := range s.byHead[head] {
			if strings.HasPrefix(text[at:], phrase) && fits(at, phrase) {
				return true
			}
		}
	}
	return false
}

// begins reports whether the text begins with one of the phrases.
func (s *phraseSet) begins(text string) bool {
	for _, phrase := range s.short {
		if strings.HasPrefix(text, phrase) {
			return true
		}
	}
	if len(text) < 3 {
		return false
	}
	for _, phrase := range s.byHead[headOf(text, 0)] {
		if strings.HasPrefix(text, phrase) {
			return true
		}
	}
	return false
}
