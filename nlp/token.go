package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tenor"
)

// token is a word, a number or one punctuation mark.
type tok struct {
	start, end int
	class      class
	word       uint32 // the number of its letters, case aside
	kind       tokKind
	capital    bool // begins with a capital, or is a name with digits ("22V")
	allCaps    bool // two letters or more, none of them small
	region     int  // index of the quotation that it stands in, marks included; -1 outside
}

type tokKind uint8

const (
	tkWord tokKind = iota
	tkNumber
	tkStop   // . ! ? …
	tkComma  // ,
	tkColon  // : and ;
	tkDash   // - – —, "--"
	tkPoss   // 's or a lone apostrophe after s
	tkQuoted // a quotation mark that bounds a region
	tkOther
)

// tokenize appends the tokens of a paragraph. Regions must be those of the same
// paragraph; their indexes are counted from firstRegion.
func (lex *attributionLexicon) tokenize(tokens []tok, text string, paragraph tenor.Span, regions []region, firstRegion int) []tok {
	r := 0
	end := paragraph.End()
	for at := paragraph.Start(); at < end; {
		for r < len(regions) && at >= regions[r].outer.End() {
			r++
		}
		inside := -1
		if r < len(regions) && at >= regions[r].outer.Start() {
			inside = firstRegion + r
		}
		if isSpaceAt(text, at) {
			at++
			continue
		}
		t := tok{start: at, region: inside}
		c := text[at]
		letter, size := rune(c), 1
		if c >= utf8.RuneSelf {
			letter, size = utf8.DecodeRuneInString(text[at:end])
		}
		kind, width := markAt(text, at, end)
		if letter == '®' || letter == '™' {
			at += size
			continue
		}
		if n := tickerAt(text, at, end); n > 0 {
			at += n
			continue
		}
		switch {
		case kind != 0:
			t.end, t.kind = at+width, tkOther
			if inside >= 0 && (at == regions[r].outer.Start() || at+width == regions[r].outer.End()) {
				t.kind = tkQuoted
			} else if n := len(tokens); kind == single && n > 0 && tokens[n-1].end == at && tokens[n-1].kind == tkWord {
				t.kind = tkPoss // "strategists’ view"; "'s" is met below
				if at+width < end && text[at+width] == 's' {
					t.end++
				}
			}
		case letter < utf8.RuneSelf && isWordByte(c) || letter >= utf8.RuneSelf && (unicode.IsLetter(letter) || unicode.IsDigit(letter)):
			lex.readWord(&t, text, end)
		default:
			t.end = at + size
			switch letter {
			case '.', '!', '?', '…':
				t.kind = tkStop
			case ',':
				t.kind = tkComma
			case ':', ';':
				t.kind = tkColon
			case '-', '–', '—', '―':
				t.kind = tkDash
				for t.end < end && text[t.end] == '-' {
					t.end++
				}
			case '&':
				t.kind = tkWord
			default:
				t.kind = tkOther
			}
		}
		tokens = append(tokens, t)
		at = t.end
	}
	return tokens
}

// tickerAt is the length of a stock ticker at a place, or 0: "(IWM)", "( GS.N )",
// " .SPX". It says nothing and parts names from titles, so it is no token.
func tickerAt(text string, at, end int) int {
	i := at
	switch {
	case text[at] == '<':
		for i++; i < min(end, at+16); i++ {
			switch c := text[i]; {
			case c == '>':
				return i + 1 - at
			case c >= 'a' && c <= 'z', c >= 0x80:
				return 0
			}
		}
	case text[at] == '(':
		for i++; i < min(end, at+16); i++ {
			switch c := text[i]; {
			case c == ')':
				return i + 1 - at
			case c >= 'a' && c <= 'z', c >= 0x80:
				return 0
			}
		}
	case text[at] == '.' && (at == 0 || isSpaceAt(text, at-1)):
		for i++; i < end && isWordByte(text[i]) && !(text[i] >= 'a' && text[i] <= 'z'); i++ {
		}
		if i > at+2 && (i == end || !isWordByte(text[i])) {
			return i - at
		}
	}
	return 0
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// readWord takes a word from t.start: hyphens, inner apostrophes, "S&P", "U.S.",
// "1,234.5" and the stop of a known abbreviation belong to it; a possessive s
// does not.
func (lex *attributionLexicon) readWord(t *tok, text string, end int) {
	at := t.start
	letters, digits, small, singles := 0, 0, 0, true
	part := 0 // letters since the last stop
scan:
	for at < end {
		c := text[at]
		next := byte(0)
		if at+1 < end {
			next = text[at+1]
		}
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[at:end])
			if r == '’' && at > t.start && at+size < end && isLetterByte(text[at+size]) && !possessive(text, at+size, end) {
				at += size
				continue
			}
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				break scan
			}
			if !unicode.IsUpper(r) {
				small++
			}
			letters++
			part++
			at += size
		case c >= '0' && c <= '9':
			digits++
			at++
		case isLetterByte(c):
			if c >= 'a' {
				small++
			}
			letters++
			part++
			at++
		case c == '\'' && at > t.start && isLetterByte(next) && !possessive(text, at+1, end):
			at++
		case (c == '-' || c == '&' || c == '/' && digits > 0) && at > t.start && isWordByte(next):
			at++
			part = 0
		case (c == '.' || c == ',') && digits > 0 && next >= '0' && next <= '9':
			at++
		case c == '.' && part > 1 && next >= 'a' && next <= 'z' && text[at-1] >= 'a' && at+2 < end && isLetterByte(text[at+2]):
			at++ // "Quill.com"
			part = 0
			continue
		case c == '.' && part == 1 && singles && letters > 0 && digits == 0 && (letters > 1 || text[t.start] < 'a' || isLetterByte(next)):
			at++ // an initial, or U.S.
			part = 0
			if !isLetterByte(next) {
				break scan
			}
			continue
		default:
			break scan
		}
		if part > 1 {
			singles = false
		}
	}
	t.end = at
	first, _ := utf8.DecodeRuneInString(text[t.start:])
	t.capital = unicode.IsUpper(first) || letters > small && small > 2 && first >= 'a' && first <= 'z' && text[t.end-1] != 's' || // eToro
		digits > 0 && letters > small && first >= '0' && first <= '9'
	t.allCaps = letters >= 2 && small == 0
	if letters == 0 {
		t.kind = tkNumber
		return
	}
	if digits > 0 && small > 0 && text[t.start] >= '0' && text[t.start] <= '9' {
		if cut := lex.gluedNumber(text, t.start, t.end); cut > 0 {
			t.end, t.kind, t.capital, t.allCaps = cut, tkNumber, false, false
			return
		}
	}
	if small > 3 && small < letters {
		if cut := lex.gluedAt(text, t.start, t.end); cut > 0 {
			t.end = cut
			t.class, t.word = lex.classAndNumber(text[t.start:t.end])
			return
		}
	}
	t.class, t.word = lex.classAndNumber(text[t.start:t.end])
	if cut := strings.LastIndexByte(text[t.start:t.end], '-'); cut > 0 && t.class == 0 {
		t.class = lex.classOf(text[t.start+cut+1:t.end]) & isRoleHead // "secretary-treasurer"
	}
	if at < end && text[at] == '.' && t.class&isAbbreviation == 0 {
		if lex.classOf(text[t.start:at+1])&isAbbreviation != 0 {
			t.end = at + 1
			t.class |= lex.classOf(text[t.start:t.end])
		}
	}
}

// gluedAt is where a word that opens a sentence is glued to the end of the heading
// before it: "One last pushThe index". 0 where a capital inside belongs to a name.
func (lex *attributionLexicon) gluedAt(text string, from, to int) int {
	for i := from + 3; i < to-1; i++ {
		if text[i] >= 'A' && text[i] <= 'Z' && text[i-1] >= 'a' && text[i-1] <= 'z' && text[i-2] >= 'a' && text[i-2] <= 'z' {
			if lex.classOf(text[i:to])&isStart != 0 && isSpaceOrEnd(text, to) {
				return i
			}
			return 0
		}
	}
	return 0
}

// gluedNumber is where a word that opens a sentence is glued to the number before
// it: "at $1,175In a report". 0 for none.
func (lex *attributionLexicon) gluedNumber(text string, from, to int) int {
	for i := from + 1; i < to-1; i++ {
		if text[i] >= 'A' && text[i] <= 'Z' {
			if text[i+1] >= 'a' && text[i+1] <= 'z' && lex.classOf(text[i:to])&isStart != 0 {
				return i
			}
			return 0
		}
	}
	return 0
}

func isSpaceOrEnd(text string, at int) bool { return at >= len(text) || isSpaceAt(text, at) }

func isLetterByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// possessive reports whether an s that ends its word stands at a place.
func possessive(text string, at, end int) bool {
	return (text[at] == 's' || text[at] == 'S') && (at+1 >= end || !isWordByte(text[at+1]))
}

func (lex *attributionLexicon) classAndNumber(w string) (class, uint32) {
	e, number := lex.look(w)
	return e.class, number
}
