package nlp

import (
	"strings"

	"tenor"
)

// maxLabelled is the longest line that is not looked at for labels inside.
const maxLabelled = 400

// splitAtLabels parts a line that holds a whole dialogue, its line ends lost: "Q:
// Is it over? A: No." Three labels at least make it one.
func splitAtLabels(text string, line tenor.Span) []tenor.Span {
	var cuts []int
	for at := line.Start(); at < line.End(); {
		i := labelStop(text[at:line.End()])
		if i < 0 {
			break
		}
		if start := labelBefore(text, line.Start(), at+i); start > line.Start() && (len(cuts) == 0 || start > cuts[len(cuts)-1]) {
			cuts = append(cuts, start)
		}
		at += i + 2
	}
	if len(cuts) < 3 {
		return nil
	}
	var parts []tenor.Span
	from := line.Start()
	for _, cut := range append(cuts, line.End()) {
		if part := trimSpan(text, tenor.Span{from, cut}); part.Len() > 0 {
			parts = append(parts, part)
		}
		from = cut
	}
	return parts
}

// labelStop is the next place at which a label may end: before ": ", or before the
// stop of "Q. " or "A. ".
func labelStop(text string) int {
	for i := 1; i+1 < len(text); i++ {
		if text[i+1] != ' ' {
			continue
		}
		if text[i] == ':' || text[i] == '.' && (text[i-1] == 'Q' || text[i-1] == 'A') && (i == 1 || text[i-2] == ' ') {
			return i
		}
	}
	return -1
}

// labelBefore is where the label begins that ends at end: "Q", "HOST", "ODO QUILL"
// or "ODO QUILL (STRATEGIST, TARN BANK)", in capitals, behind the end of a
// sentence; -1 for none.
func labelBefore(text string, from, end int) int {
	at := end
	if at > from && text[at-1] == ')' {
		open := strings.LastIndexByte(text[max(from, at-90):at], '(')
		if open < 0 {
			return -1
		}
		at = max(from, at-90) + open
		for at > from && text[at-1] == ' ' {
			at--
		}
	}
	letters := 0
	start := at
	for start > from && at-start < 50 {
		c := text[start-1]
		if c >= 'A' && c <= 'Z' || c >= 0x80 {
			letters++
		} else if strings.IndexByte(" .'-", c) < 0 || c == '.' && start-2 >= from && !(text[start-2] >= 'A' && text[start-2] <= 'Z') {
			break
		}
		start--
	}
	for start < at && text[start] == ' ' {
		start++
	}
	if letters == 0 || start == at || text[start] < 'A' || text[start] > 'Z' {
		return -1
	}
	for before := start - 1; before >= from; before-- {
		switch c := text[before]; c {
		case ' ', '"', ')', ']', '*':
			continue
		case '.', '?', '!':
			return start
		default:
			if c >= 0x80 && before < start-1 { // a closing mark of several bytes
				continue
			}
			return -1
		}
	}
	return -1
}
