package nlp

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// word is the number of a normalised word in a vocabulary.
type word int32

const (
	unknownWord word = iota // stands in no phrase
	anyWord                 // "_" in a phrase: one word, whichever
	numberWord              // a number in digits: in a phrase it stands for any
	wordsBegin              // the first word proper
)

// gap is what stands between a word and the one before it.
type gap uint8

const (
	gapNone     gap = iota // a space, a hyphen, a quotation mark
	gapComma               // a comma or a bracket
	gapClause              // a semicolon, a colon, a dash
	gapSentence            // a full stop, a blank line
)

// term is a word of a text with its place in bytes.
type term struct {
	start, end int
	word       word
	gap        gap
}

// vocabulary numbers words. It grows while a lexicon is loaded and is only read
// afterwards.
type vocabulary struct {
	number map[string]word

	// The same, made by seal to be quick to look up; nil until then.
	quick    *table[uint64, word] // by wordKey
	spelling []string             // by number
}

func newVocabulary() *vocabulary { return &vocabulary{number: map[string]word{}} }

// add numbers a normalised word.
func (v *vocabulary) add(s string) word {
	w, ok := v.number[s]
	if !ok {
		w = wordsBegin + word(len(v.number))
		v.number[s] = w
		v.quick = nil
	}
	return w
}

// seal makes the vocabulary quick to look up, until a word is added.
func (v *vocabulary) seal() {
	if v.quick != nil {
		return
	}
	v.quick, v.spelling = newTable[uint64, word](len(v.number)), v.spellings()
	for _, s := range v.spelling[wordsBegin:] { // in this order, so that of two with one key the first has it
		if key := wordKey([]byte(s)); v.quick.get(key) == nil {
			v.quick.set(key, v.number[s])
		}
	}
}

// wordKey is a number for a word: its bytes, if they are less than 8, else a hash of
// them, of which the highest bit is set.
func wordKey(w []byte) (key uint64) {
	long := len(w) > 7
	for ; len(w) > 7; w = w[8:] {
		key = (key ^ binary.LittleEndian.Uint64(w)) * 0x9E3779B97F4A7C15
		key ^= key >> 29
	}
	for i, c := range w {
		key ^= uint64(c) << (8 * i)
	}
	if long {
		key |= hashedKey
	}
	return key
}

const hashedKey = 1 << 63

// look is the number of a normalised word.
func (v *vocabulary) look(folded []byte) word {
	if v.quick == nil {
		return v.number[string(folded)]
	}
	key := wordKey(folded)
	w := v.quick.get(key)
	switch {
	case w == nil:
		return unknownWord
	case key < hashedKey || v.spelling[*w] == string(folded):
		return *w
	}
	return v.number[string(folded)] // two with one key
}

// longestWord bounds what is compared: no word of a lexicon is longer.
const longestWord = 40

// tokenise appends the words of text[from:to]. Case, hyphens, curly and straight
// apostrophes do not count, nor does a possessive 's; "U.S." and "S&P" are one
// word; a number is one word whatever its digits.
func (v *vocabulary) tokenise(dst []term, text string, from, to int) []term {
	var buf [longestWord + utf8.UTFMax]byte
	g := gapSentence
	for i := from; i < to; {
		c := text[i]
		switch {
		case isLetter(c) || c >= utf8.RuneSelf && letterAt(text[i:to]):
			end, folded := fold(&buf, text, i, to)
			dst = append(dst, term{start: i, end: end, word: v.look(folded), gap: g})
			i, g = end, gapNone
			if i < to && text[i] == '.' && end >= 2 && text[end-2] == '.' {
				i++ // the last stop of "U.S." ends no sentence
			}
		case c >= '0' && c <= '9':
			end := endOfNumber(text, i, to)
			dst = append(dst, term{start: i, end: end, word: numberWord, gap: g})
			i, g = end, gapNone
		default:
			r, size := rune(c), 1
			if c >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:to])
			}
			g = max(g, gapOf(r, text[i+size:to]))
			i += size
		}
	}
	return dst
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// fold reads the word that begins at text[i] and returns its end and its
// normal form; a word too long for any lexicon comes back cut.
func fold(buf *[longestWord + utf8.UTFMax]byte, text string, i, to int) (int, []byte) {
	n := 0
	put := func(r rune) {
		if n < longestWord {
			n += utf8.EncodeRune(buf[n:], r)
		}
	}
	possessive := -1 // where in buf an 's began
	for i < to {
		c := text[i]
		switch {
		case isLetter(c):
			if n < longestWord {
				buf[n] = c | 0x20
				n++
			}
			i++
		case c >= '0' && c <= '9': // "q3", "covid19"
			put(rune(c))
			i++
		case c == '&' && i+1 < to && isLetter(text[i+1]):
			put('&')
			i++
		case c == '.' && n == 1 && i+2 < to && isLetter(text[i+1]) && text[i+2] == '.': // U.S.
			put('.')
			put(unicode.ToLower(rune(text[i+1])))
			i += 2
		case c == '\'' && i+1 < to && isLetter(text[i+1]):
			possessive = n
			put('\'')
			i++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:to])
			if r == '’' && i+size < to && isLetter(text[i+size]) {
				possessive = n
				put('\'')
			} else if unicode.IsLetter(r) {
				put(unicode.ToLower(r))
			} else {
				return i, trimPossessive(buf[:n], possessive)
			}
			i += size
		default:
			return i, trimPossessive(buf[:n], possessive)
		}
	}
	return i, trimPossessive(buf[:n], possessive)
}

func trimPossessive(w []byte, at int) []byte {
	if at > 0 && at == len(w)-2 && w[len(w)-1] == 's' {
		return w[:at]
	}
	return w
}

func endOfNumber(text string, i, to int) int {
	for i < to {
		c := text[i]
		inside := (c == '.' || c == ',') && i+1 < to && text[i+1] >= '0' && text[i+1] <= '9'
		if c < '0' || c > '9' {
			if !inside {
				break
			}
		}
		i++
	}
	return i
}

func gapOf(r rune, rest string) gap {
	switch r {
	case ',', '(', ')', '[', ']':
		return gapComma
	case ';', ':', '—', '–':
		return gapClause
	case '-':
		if len(rest) > 0 && (rest[0] == '-' || rest[0] == ' ') {
			return gapClause
		}
	case '\n': // one alone wraps a line; with a blank line it ends a paragraph
		if len(rest) > 0 && rest[0] == '\n' {
			return gapSentence
		}
	case '.', '!', '?', '…':
		return gapSentence
	}
	return gapNone
}

// longestMatch bounds the words of a phrase; loading refuses a longer one.
const longestMatch = 10

// phrases is a trie over word numbers. Every phrase carries the number of the
// lexicon entry that it belongs to.
type phrases struct {
	edges map[uint64]int32 // node<<32|word → node
	ends  [][]int32        // node → entries that end there

	// The same, made by seal to be quick to follow.
	root []int32 // word → node, for the first word
	next *table[uint64, int32]
	ways []ways // by node
}

// ways tells how a phrase may go on from a node.
type ways struct {
	words uint64 // the last six bits of the words that may follow, a bit each
	any   int32  // the node of any word; 0 for none
}

func newPhrases() *phrases {
	return &phrases{edges: map[uint64]int32{}, ends: make([][]int32, 1)}
}

func edge(node int32, w word) uint64 { return uint64(node)<<32 | uint64(uint32(w)) }

// add stores a phrase of one or more words for an entry.
func (p *phrases) add(ws []word, entry int32) {
	node := int32(0)
	for _, w := range ws {
		next, ok := p.edges[edge(node, w)]
		if !ok {
			next = int32(len(p.ends))
			p.ends = append(p.ends, nil)
			p.edges[edge(node, w)] = next
		}
		node = next
	}
	p.ends[node] = append(p.ends[node], entry)
}

// seal makes the trie ready for a vocabulary of so many words; no phrase may be added
// after it.
func (p *phrases) seal(words int) {
	p.root = make([]int32, words)
	p.next = newTable[uint64, int32](len(p.edges))
	p.ways = make([]ways, len(p.ends))
	for e, node := range p.edges {
		from, w := e>>32, word(uint32(e))
		switch {
		case from == 0:
			p.root[w] = node
		case w == anyWord:
			p.ways[from].any = node
		default:
			p.ways[from].words |= 1 << (w & 63)
			p.next.set(e, node)
		}
	}
}

// match is an entry of a lexicon that stands at tokens first to last.
type match struct {
	first, last int32
	entry       int32
	hidden      bool // inside a longer one of its family
}

// find appends every phrase of ts, in the order of first words. A phrase never
// runs over a comma or anything stronger.
func (p *phrases) find(dst []match, ts []term) []match {
	for i := range ts {
		if node := p.root[ts[i].word]; node != 0 {
			dst = p.walk(dst, ts, i, i, node)
		}
	}
	return dst
}

// walk follows node, reached by ts[last]. The depth is that of the longest
// phrase, so the whole search is linear in the number of words.
func (p *phrases) walk(dst []match, ts []term, first, last int, node int32) []match {
	for _, e := range p.ends[node] {
		dst = append(dst, match{first: int32(first), last: int32(last), entry: e})
	}
	next := last + 1
	if next >= len(ts) || ts[next].gap >= gapComma {
		return dst
	}
	ways := &p.ways[node]
	if ways.any != 0 {
		dst = p.walk(dst, ts, first, next, ways.any)
	}
	if w := ts[next].word; ways.words>>(w&63)&1 != 0 && w != unknownWord {
		if n := p.next.get(edge(node, w)); n != nil {
			dst = p.walk(dst, ts, first, next, *n)
		}
	}
	return dst
}
