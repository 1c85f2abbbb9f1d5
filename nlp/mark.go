package nlp

import (
	"strings"
	"unicode/utf8"

	"tenor"
)

// region is a stretch in quotation marks. Words is what stands between them;
// Outer includes the marks.
type region struct {
	outer, words tenor.Span
	unclosed     bool // the closing mark is missing; words end with a sentence or the paragraph
}

// findRegions returns the stretches in quotation marks of one paragraph, in
// order and never nested: the outermost counts. carries says that the paragraph
// ended inside a quotation, which the next may take up with a fresh mark.
//
// Marks are read by where they stand rather than by their shape, because texts
// mix “ with ", and translated ones open with ”. Time is linear in the paragraph.
func findRegions(text string, paragraph tenor.Span) (regions []region, carries bool) {
	open, openEnd, depth := -1, -1, 0
	closeAt := func(end, outerEnd int) {
		regions = append(regions, region{outer: tenor.Span{open, outerEnd}, words: trimSpan(text, tenor.Span{openEnd, end})})
		open, depth = -1, 0
	}
	breakOff := func(limit int) {
		end := sentenceStop(text, openEnd, limit)
		regions = append(regions, region{outer: tenor.Span{open, end}, words: trimSpan(text, tenor.Span{openEnd, end}), unclosed: true})
		open, depth = -1, 0
	}
	noSingleBefore := 0
	for at := paragraph.Start(); at < paragraph.End(); {
		glyph, size := markAt(text, at, paragraph.End())
		if size == 0 {
			at++
			continue
		}
		after := at + size
		if glyph == single {
			if open < 0 && at >= noSingleBefore && opens(text, at, after, paragraph) {
				if end, ok := singleClose(text, after, paragraph.End(), size == 3); ok {
					open, openEnd = at, after
					_, width := markAt(text, end, paragraph.End())
					closeAt(end, end+max(width, 1))
					after = regions[len(regions)-1].outer.End()
				} else {
					noSingleBefore = at + maxSingle/2
				}
			}
			at = after
			continue
		}
		canOpen, canClose := opens(text, at, after, paragraph), closes(text, at, after, paragraph)
		switch {
		case open < 0:
			if canOpen || glyph == opening && !canClose || glyph == straight && !canClose {
				open, openEnd, depth = at, after, 0
			} else if canClose && len(regions) == 0 && endsSaying(text, at, after, paragraph) {
				regions = append(regions, region{outer: tenor.Span{paragraph.Start(), after},
					words: trimSpan(text, tenor.Span{paragraph.Start(), at}), unclosed: true})
			}
		case canClose && !canOpen || glyph != opening && !canOpen:
			if depth > 0 {
				depth--
			} else {
				closeAt(at, after)
			}
		case canOpen && startsFresh(text, at, paragraph.Start()) && at > openEnd:
			breakOff(at) // the mark before was never closed
			open, openEnd = at, after
		case glyph == straight && depth > 0:
			depth--
		case canOpen:
			depth = 1
		}
		at = after
	}
	if open >= 0 {
		carries = true
		breakOff(paragraph.End())
	}
	return regions, carries
}

type markKind int

const (
	straight markKind = iota + 1
	opening
	closing
	single
)

// markAt returns the kind and length of the quotation mark at a place, or 0, 0.
func markAt(text string, at, end int) (markKind, int) {
	switch c := text[at]; {
	case c == '"':
		return straight, 1
	case c == '`' && at+1 < end && text[at+1] == '`':
		return opening, 2
	case c == '\'':
		if at+1 < end && text[at+1] == '\'' {
			if at+2 < end && text[at+2] == '\'' && at > 0 && !isSpaceAt(text, at-1) {
				return single, 1 // of three, the inner one closes first
			}
			return straight, 2
		}
		return single, 1
	case c == 0xC2 && at+1 < end: // « »
		switch text[at+1] {
		case 0xAB, 0xBB:
			return straight, 2
		}
	case c == 0xE2 && at+2 < end && text[at+1] == 0x80:
		switch text[at+2] {
		case 0x98, 0x99: // ‘ ’
			return single, 3
		case 0x9C, 0x9E: // “ „
			return opening, 3
		case 0x9D: // ”
			return closing, 3
		}
	case c == 0xEF && at+2 < end && text[at+1] == 0xBC && text[at+2] == 0x82: // full-width "
		return straight, 3
	}
	return 0, 0
}

// opens reports whether a mark from at to after stands where quotations begin:
// after a space or bracket, and before a word.
func opens(text string, at, after int, paragraph tenor.Span) bool {
	if after >= paragraph.End() || isSpaceAt(text, after) && !strings.HasPrefix(text[at:], "«") {
		return false
	}
	if strings.HasPrefix(text[at:], "»") && strings.IndexByte(",.;:!?)", text[after]) >= 0 {
		return false // "« … », says NAME"
	}
	return at == paragraph.Start() || isSpaceAt(text, at-1) || strings.IndexByte("([-{/", text[at-1]) >= 0 || endsWithDash(text[:at])
}

// closes reports whether a mark stands where quotations end: after a word or
// stop, and before a space, stop or bracket.
func closes(text string, at, after int, paragraph tenor.Span) bool {
	if at == paragraph.Start() || isSpaceAt(text, at-1) && !strings.HasPrefix(text[at:], "»") {
		return false
	}
	return after >= paragraph.End() || isSpaceAt(text, after) || strings.IndexByte(".,;:!?)]-'/", text[after]) >= 0 || startsWithDash(text[after:])
}

// startsFresh reports whether what stands before a mark ends a sentence or a
// clause, so that a new quotation rather than a nested one begins.
func startsFresh(text string, at, from int) bool {
	for at--; at >= from; at-- {
		if !isSpaceAt(text, at) {
			return strings.IndexByte(".,:!?", text[at]) >= 0
		}
	}
	return true
}

// maxSingle bounds how far the end of a quotation in single marks is sought.
const maxSingle = 1500

// singleClose finds the end of a direct quotation in single marks. An apostrophe
// looks the same, so the mark must follow a stop, or stand before one, and the
// words be a clause.
func singleClose(text string, from, end int, curly bool) (int, bool) {
	words := 0
	for at := from; at < min(end, from+maxSingle); at++ {
		if text[at] == ' ' {
			words++
		}
		kind, size := markAt(text, at, end)
		if kind == straight || kind == opening {
			return 0, false
		}
		if kind != single || size == 3 != curly || words < 3 && !(curly && words == 2) {
			continue
		}
		if strings.IndexByte(".,!?", text[at-1]) >= 0 && (at+size >= end || isSpaceAt(text, at+size)) ||
			at+size < end && strings.IndexByte(",.", text[at+size]) >= 0 && (at+size+1 >= end || isSpaceAt(text, at+size+1)) {
			return at, true
		}
	}
	return 0, false
}

// endsSaying reports whether a closing mark whose opening one was lost ends what
// somebody said: after a comma, before a verb of saying or a name.
func endsSaying(text string, at, after int, paragraph tenor.Span) bool {
	if at-paragraph.Start() < 20 || after+1 >= paragraph.End() || strings.IndexByte(",?!", text[at-1]) < 0 || text[after] != ' ' {
		return false
	}
	rest := text[after+1 : min(after+60, paragraph.End())]
	for _, verb := range []string{"said", "says", "wrote", "added", "told", "noted", "asked"} {
		if i := strings.Index(rest, verb+" "); i >= 0 && i < 40 {
			return true
		}
	}
	return false
}

// sentenceStop is the end of the first sentence after from, or limit. A verb of
// saying behind the stop shows where a mark was lost: “Is it over? asked NAME.
func sentenceStop(text string, from, limit int) int {
	for at := from + 1; at+2 < limit; at++ {
		if strings.IndexByte(".!?,", text[at]) < 0 || text[at+1] != ' ' || text[at-1] < 'a' {
			continue
		}
		if text[at] != ',' && text[at+2] >= 'A' && text[at+2] <= 'Z' {
			return at + 1
		}
		for _, verb := range []string{"said ", "says ", "asked ", "wrote ", "added ", "he said", "she said", "he added", "she added"} {
			if strings.HasPrefix(text[at+2:limit], verb) {
				return at + 1
			}
		}
	}
	return limit
}

func isSpaceAt(text string, at int) bool {
	switch text[at] {
	case ' ', '\n', '\t', '\r', '\v', '\f':
		return true
	case 0xA0: // second byte of a no-break space
		return at > 0 && text[at-1] == 0xC2
	case 0xC2:
		return at+1 < len(text) && text[at+1] == 0xA0
	}
	return false
}

func endsWithDash(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r == '—' || r == '–' || r == '―' || r == '…'
}

func startsWithDash(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '—' || r == '–' || r == '―' || r == '…' || r == '’' || r == '”'
}
