package nlp

import (
	"strings"

	"tenor"
)

// furniture reports, for each paragraph, whether it belongs to the page rather
// than to the article: the headline repeated, image credits, prompts, and all
// that follows a title such as "Related Articles" in the lower half.
func (lex *attributionLexicon) furniture(a *tenor.Article, paragraphs []tenor.Span) []bool {
	furniture := make([]bool, len(paragraphs))
	ended := false
	var buffer [maxLine]byte
	for i, span := range paragraphs {
		if ended {
			furniture[i] = true
			continue
		}
		line := lowerLine(&buffer, span.In(a.Text))
		switch {
		case len(a.Title) > 0 && span.Len() < 2*len(a.Title)+8 && sameLine(span.In(a.Text), a.Title):
			furniture[i] = true
		case lex.sectionEnds[strings.TrimRight(line, ": ")] && span.Start() > len(a.Text)/2:
			furniture[i], ended = true, true
		default:
			furniture[i] = lex.isFurniture(line, span.Len())
		}
	}
	return furniture
}

// maxLine is how much of a paragraph is looked at: furniture is short, or shows
// itself at its beginning.
const maxLine = 300

func (lex *attributionLexicon) isFurniture(line string, length int) bool {
	for _, s := range lex.lineStarts {
		if strings.HasPrefix(line, s) {
			return true
		}
	}
	if length >= maxLine {
		return false
	}
	for _, s := range lex.lineHas {
		if strings.Contains(line, s) {
			return true
		}
	}
	return strings.HasPrefix(line, "by ") && length < 120 && !strings.ContainsAny(line, ".!?\"“")
}

// lowerLine is the beginning of a line in small ASCII letters.
func lowerLine(buffer *[maxLine]byte, line string) string {
	n := min(len(line), maxLine)
	for i := 0; i < n; i++ {
		c := line[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		buffer[i] = c
	}
	return strings.TrimSpace(string(buffer[:n]))
}

// sameLine reports whether two lines print the same words.
func sameLine(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
