package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tenor"
)

// piece is a run of text under the same marks. Pieces of a text joined are the
// text, byte for byte.
type piece struct {
	Text     string
	Marks    []quoteMark // quotes that hold it, outermost first
	Evidence bool        // words that decided the stance
	Topic    bool        // words that decided subject or themes
	Match    bool        // words that were searched for
}

// quoteMark is a quote's mark around one piece.
type quoteMark struct {
	ID     string // set on the quote's first piece only
	Stance tenor.Stance
}

// maxNested bounds how many quotes may hold one piece: browsers give up on
// deeper nesting than a few hundred elements.
const maxNested = 8

// paragraph is a paragraph of an article with the quotes that begin in it.
type paragraph struct {
	Pieces []piece
	Notes  []note
}

// note is a quote in the margin.
type note struct {
	tenor.Record
	Why *why
}

// paragraphEnd is where the paragraph of text that begins at start ends, and where
// the next begins. A blank line ends one, and so does the end of a long line: a text
// wrapped by hand has none that long, and a saved page often has no blank lines.
func paragraphEnd(text string, start int) (end, next int) {
	for line := start; ; {
		i := strings.IndexByte(text[line:], '\n')
		if i < 0 {
			return len(text), len(text)
		}
		end = line + i
		if next = end + 1; i > wrapped || strings.HasPrefix(text[next:], "\n") || strings.IndexByte(text[next:]+"\n", '\n') > wrapped {
			for next < len(text) && text[next] == '\n' {
				next++
			}
			return end, next
		}
		line = next
	}
}

// wrapped is more bytes than a line of a text wrapped by hand holds.
const wrapped = 160

// markArticle cuts an article's text into paragraphs and those into pieces at
// the ends of quotes and of evidence. Spans outside the text are left out, spans
// that cut a character in two are widened, overlapping ones nest. The evidence is that
// of the stance; with topics also that of subject and themes.
func markArticle(text string, quotes []tenor.Record, topics bool) []paragraph {
	var m marker
	seen := map[int]bool{} // quotes whose first piece has been given
	for i := range quotes {
		for _, s := range quotes[i].Spans {
			m.add(text, s, i)
		}
		for _, e := range quotes[i].Evidence {
			switch {
			case strings.HasPrefix(e.Tag, "stance:"):
				m.add(text, e.Span, evidence)
			case topics && (strings.HasPrefix(e.Tag, "subject:") || strings.HasPrefix(e.Tag, "theme:")):
				m.add(text, e.Span, topic)
			}
		}
	}
	var paragraphs []paragraph
	for start := 0; start < len(text); {
		end, next := paragraphEnd(text, start)
		var p paragraph
		m.cut(start, end, func(from, to int, covers []int) {
			one := piece{Text: text[from:to]}
			for _, c := range covers {
				if c < 0 {
					one.Evidence = one.Evidence || c == evidence
					one.Topic = one.Topic || c == topic
					continue
				}
				mark := quoteMark{Stance: quotes[c].Stance}
				if !seen[c] {
					seen[c] = true
					mark.ID = "q-" + quotes[c].ID
					p.Notes = append(p.Notes, note{Record: quotes[c]})
				}
				if len(one.Marks) < maxNested {
					one.Marks = append(one.Marks, mark)
				}
			}
			p.Pieces = append(p.Pieces, one)
		})
		paragraphs = append(paragraphs, p)
		start = next
	}
	return paragraphs
}

// What a span of a marker stands for, besides the number of a quote.
const (
	evidence = -1
	match    = -2
	topic    = -3
)

// marker cuts a range of text wherever one of its spans begins or ends.
type marker struct {
	spans []markSpan
}

type markSpan struct {
	from, to, what int
}

func (m *marker) add(text string, s tenor.Span, what int) {
	from, to := s.Start(), s.End()
	if from < 0 || to > len(text) || from >= to {
		return
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	m.spans = append(m.spans, markSpan{from, to, what})
}

// cut calls yield for each piece of [start, end) with what covers it, longer
// covers first.
func (m *marker) cut(start, end int, yield func(from, to int, covers []int)) {
	var inside []markSpan
	ends := []int{start, end}
	for _, s := range m.spans {
		if s.from < end && s.to > start {
			inside = append(inside, s)
			ends = append(ends, max(s.from, start), min(s.to, end))
		}
	}
	slices.SortStableFunc(inside, func(a, b markSpan) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	slices.Sort(ends)
	ends = slices.Compact(ends)
	for i := 1; i < len(ends); i++ {
		var covers []int
		for _, s := range inside {
			if s.from <= ends[i-1] && ends[i] <= s.to && !slices.Contains(covers, s.what) {
				covers = append(covers, s.what)
			}
		}
		yield(ends[i-1], ends[i], covers)
	}
}

// maxSnippet is about how many bytes of a segment a list shows.
const maxSnippet = 700

// snippets are a quote's segments as pieces, with the words that decided its
// stance and the words that were searched for.
func snippets(r *tenor.Record, words []string) [][]piece {
	list := make([][]piece, len(r.Segments))
	for i, text := range r.Segments {
		shown := shorten(text)
		var m marker
		if i < len(r.Spans) {
			for _, e := range r.Evidence {
				if !strings.HasPrefix(e.Tag, "stance:") {
					continue
				}
				at := r.Spans[i].Start()
				m.add(shown, tenor.Span{e.Span.Start() - at, e.Span.End() - at}, evidence)
			}
		}
		for _, s := range find(shown, words) {
			m.add(shown, s, match)
		}
		m.cut(0, len(shown), func(from, to int, covers []int) {
			list[i] = append(list[i], piece{
				Text:     shown[from:to],
				Evidence: slices.Contains(covers, evidence),
				Match:    slices.Contains(covers, match),
			})
		})
		if len(shown) < len(text) {
			list[i] = append(list[i], piece{Text: " …"})
		}
	}
	return list
}

// lit is a text in which the words that were searched for are marked.
func lit(text string, words []string) []piece {
	var m marker
	for _, s := range find(text, words) {
		m.add(text, s, match)
	}
	var pieces []piece
	m.cut(0, len(text), func(from, to int, covers []int) {
		pieces = append(pieces, piece{Text: text[from:to], Match: len(covers) > 0})
	})
	return pieces
}

// shorten cuts a long text at the end of a word.
func shorten(text string) string {
	if len(text) <= maxSnippet {
		return text
	}
	return upTo(text, maxSnippet)
}

// upTo is the first n bytes of a longer text, or less, to the end of a word.
func upTo(text string, n int) string {
	cut := n
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	if i := strings.LastIndexByte(text[:cut], ' '); i > n/2 {
		cut = i
	}
	return text[:cut]
}

// find are the words of the text that begin with one of the wanted ones. The
// store finds by word stems; a shared beginning is what a reader expects to see lit.
func find(text string, wanted []string) []tenor.Span {
	if len(wanted) == 0 {
		return nil
	}
	var spans []tenor.Span
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		word := tenor.FoldText(text[start:end])
		if slices.ContainsFunc(wanted, func(w string) bool { return stem(word) == w || len(w) > 3 && strings.HasPrefix(word, w) }) {
			spans = append(spans, tenor.Span{start, end})
		}
		start = -1
	}
	for i, r := range text {
		if isWordRune(r) {
			if start < 0 {
				start = i
			}
		} else {
			flush(i)
		}
	}
	flush(len(text))
	return spans
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’'
}

// wordsOf are the folded words of a search, its operators and marks left out.
func wordsOf(query string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(query, func(r rune) bool { return !isWordRune(r) }) {
		switch w {
		case "AND", "OR", "NOT", "NEAR":
			continue
		}
		// Stems: a search for "rallies" also lights "rally" up to the shared part.
		if folded := tenor.FoldText(w); folded != "" {
			words = append(words, stem(folded))
		}
	}
	return words
}

// stem drops the ending on which forms of one word differ.
func stem(word string) string {
	for _, ending := range []string{"ies", "ing", "ed", "es", "s", "y"} {
		if cut, ok := strings.CutSuffix(word, ending); ok && len(cut) > 2 {
			return cut
		}
	}
	return word
}
