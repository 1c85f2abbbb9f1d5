package nlp

import (
	"strings"

	"tenor"
)

// maxWrap is the longest line that can come from hard wrapping; longer lines
// are paragraphs that the source set on one line.
const maxWrap = 130

// splitParagraphs returns the paragraphs of text as byte spans without the
// white space around them. A blank line ends a paragraph. A single line end does
// too, unless the lines were hard-wrapped: Wallstreetcn puts a paragraph on a
// line, mail copies break each at 72 columns.
func splitParagraphs(text string) []tenor.Span {
	var paragraphs []tenor.Span
	var block []tenor.Span // lines with no blank line between them
	flush := func() {
		paragraphs = appendBlock(paragraphs, text, block)
		block = block[:0]
	}
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		next := at + end + 1
		if end < 0 {
			end, next = len(text)-at, len(text)
		}
		line := trimSpan(text, tenor.Span{at, at + end})
		if line.Len() == 0 {
			flush()
		} else {
			block = append(block, line)
		}
		at = next
	}
	flush()
	return paragraphs
}

// appendBlock joins the wrapped lines of a block and appends its paragraphs.
func appendBlock(paragraphs []tenor.Span, text string, lines []tenor.Span) []tenor.Span {
	width, wrapped := 0, false
	for i, line := range lines {
		width = max(width, line.Len())
		wrapped = wrapped || i > 0 && runsOn(text, lines[i-1], line)
	}
	for i, line := range lines {
		if line.Len() > maxLabelled {
			if parts := splitAtLabels(text, line); len(parts) > 1 {
				paragraphs = append(paragraphs, parts...)
				continue
			}
		}
		join := false
		if i > 0 && wrapped && width <= maxWrap && !isBullet(line.In(text)) {
			before := lines[i-1]
			word := strings.IndexByte(line.In(text), ' ')
			if word < 0 {
				word = line.Len()
			}
			join = runsOn(text, before, line) || before.Len() >= 40 && before.Len()+1+word > width
		}
		if join {
			paragraphs[len(paragraphs)-1][1] = line.End()
		} else {
			paragraphs = append(paragraphs, line)
		}
	}
	return paragraphs
}

// runsOn reports whether a line breaks off in mid-sentence and the next goes on.
func runsOn(text string, line, next tenor.Span) bool {
	last, first := text[line.End()-1], text[next.Start()]
	if _, n := markAt(text, next.Start(), next.End()); n > 0 && next.Len() > n {
		first = text[next.Start()+n] // “no more than one”
	}
	return line.Len() >= 30 && first >= 'a' && first <= 'z' && last != '.' && last != ':' && last != '!' && last != '?'
}

func isBullet(line string) bool {
	for _, b := range []string{"• ", "- ", "* ", "– ", "— ", "· ", "▪ ", "● "} {
		if strings.HasPrefix(line, b) {
			return true
		}
	}
	return false
}

func trimSpan(text string, s tenor.Span) tenor.Span {
	part := s.In(text)
	trimmed := strings.TrimLeft(part, " \t\r\n\v\f\u00a0\u200b\ufeff")
	start := s.End() - len(trimmed)
	return tenor.Span{start, start + len(strings.TrimRight(trimmed, " \t\r\n\v\f\u00a0\u200b\ufeff"))}
}
