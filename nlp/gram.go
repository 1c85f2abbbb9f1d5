package nlp

import (
	"fmt"
	"math"
	"strings"
)

// gram is a feature of the words: one word, or up to three in a row, as one number.
type gram uint64

const (
	gramBits = 21
	maxWords = 1<<gramBits - 1 // the words that a vocabulary may have
)

func gramOf(a, b, c word) gram {
	return gram(a)<<(2*gramBits) | gram(b)<<gramBits | gram(c)
}

// Marks are words that no text has. They stand before a word.
const (
	markTurned = "!" // under a negation
	markAfter  = ">" // after the last contrast
	markBefore = "<" // before it
)

// marks are the numbers of the marks and of the kinds of phrases.
type marks struct {
	turned, after, before word
	kinds                 []word // by kind, as kindOf counts
}

// wordWeight is that of a word's clause, drawn towards 1.
func (p *passage) wordWeight(i int) float32 { return float32(math.Sqrt(p.weights[i])) }

// eachGram calls yield for every gram of the quote, with what it counts and the first
// and the last word that it stands for. Words
// that no vocabulary has are in none.
func (p *passage) eachGram(yield func(g gram, by float32, from, to int)) {
	k := &p.lex.marks
	turn := int(p.turnsAt())
	for i, t := range p.words {
		if t.word == unknownWord {
			continue
		}
		by := p.wordWeight(i)
		if p.turned[i] {
			yield(gramOf(0, k.turned, t.word), by, i, i)
		} else {
			yield(gramOf(0, 0, t.word), by, i, i)
		}
		if i > 0 && t.gap < gapClause && p.words[i-1].word != unknownWord {
			yield(gramOf(0, p.words[i-1].word, t.word), by, i-1, i)
		}
		if turn >= 0 {
			if i > turn {
				yield(gramOf(0, k.after, t.word), 1, i, i)
			} else if i < turn {
				yield(gramOf(0, k.before, t.word), 1, i, i)
			}
		}
	}
	p.eachKind(yield)
}

// eachKind yields the kinds of the phrases in their order, so that what was
// learned of "help reduce costs" holds of "aid that lowers expenses".
func (p *passage) eachKind(yield func(g gram, by float32, from, to int)) {
	k := &p.lex.marks
	var a, b word // the kinds of the two phrases before
	last := int32(-1)
	for i := 0; i < len(p.found); {
		m := p.found[i]
		kind, n := p.kindOf(i)
		i += n
		if kind == 0 {
			continue
		}
		if last >= 0 && p.sentenceEnds(last, m.first) {
			a, b = 0, 0
		}
		last = m.last
		c := k.kinds[kind]
		if p.turned[m.first] {
			c = k.kinds[kind|kindTurned]
		}
		by := p.wordWeight(int(m.first))
		yield(gramOf(0, 0, c), by, int(m.first), int(m.last))
		if b != 0 {
			yield(gramOf(0, b, c), by, int(m.first), int(m.last))
			if a != 0 {
				yield(gramOf(a, b, c), by, int(m.first), int(m.last))
			}
		}
		a, b = b, c
	}
}

// A kind is the set of sections that a phrase stands in, a bit each.
const (
	kindNot    = 1 << len(kindBits)
	kindTurned = kindNot << 1
)

// kindBits are the sections of stance.txt that make up a kind.
var kindBits = [...]int{stanceBullish, stanceFragile, stanceNeutral, stanceUp, stanceDown, stanceGood, stanceBad, stancePolicy, stanceAsset, stanceContrast}

// kindOf is the kind of the phrase at found[i], and how many matches have its words.
func (p *passage) kindOf(i int) (kind, n int) {
	m := p.found[i]
	for ; i+n < len(p.found) && p.found[i+n].first == m.first && p.found[i+n].last == m.last; n++ {
		switch e := p.entryOf(p.found[i+n]); {
		case e.family == familyNegation && e.class == negationWord:
			kind |= kindNot
		case e.family == familyStance:
			for bit, section := range kindBits {
				if section == e.class {
					kind |= 1 << bit
				}
			}
		}
	}
	return kind, n
}

// numberMarks gives the marks and kinds their numbers.
func (l *lexicon) numberMarks() {
	v := l.words
	l.marks = marks{turned: v.add(markTurned), after: v.add(markAfter), before: v.add(markBefore)}
	l.marks.kinds = make([]word, kindTurned*2)
	for kind := range l.marks.kinds {
		l.marks.kinds[kind] = v.add(fmt.Sprintf("#%d", kind))
	}
}

// gramNamed reads the name of a gram in a model file: words with spaces between
// them, "0" for any number in digits.
func (v *vocabulary) gramNamed(name string) (gram, error) {
	var g gram
	n := 0
	for s := range strings.FieldsSeq(name) {
		w := numberWord
		if s != "0" {
			w = v.add(s)
		}
		if n++; n > 3 || w > maxWords {
			return 0, fmt.Errorf("more than three words in %q", name)
		}
		g = g<<gramBits | gram(w)
	}
	if n == 0 {
		return 0, fmt.Errorf("no word in %q", name)
	}
	return g, nil
}

// size is one more than the highest word number.
func (v *vocabulary) size() int { return len(v.number) + int(wordsBegin) }
