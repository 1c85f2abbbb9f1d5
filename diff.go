package tenor

import "strings"

// Edit is a run of words of a comparison.
type Edit struct {
	Op   EditOp
	Text string // words joined by a space
}

// Deleted and Inserted say the same as Op, to templates.
func (e Edit) Deleted() bool  { return e.Op == Deleted }
func (e Edit) Inserted() bool { return e.Op == Inserted }

// EditOp says where a run of words stands.
type EditOp byte

const (
	Kept     EditOp = '='
	Deleted  EditOp = '-' // in the old text only
	Inserted EditOp = '+' // in the new text only
)

// DiffWords compares two texts word by word; white space is no difference. Deletions
// come before insertions.
func DiffWords(before, after string) []Edit {
	a, b := strings.Fields(before), strings.Fields(after)
	var edits []Edit
	add := func(op EditOp, words []string) {
		if len(words) == 0 {
			return
		}
		text := strings.Join(words, " ")
		if n := len(edits); n > 0 && edits[n-1].Op == op {
			edits[n-1].Text += " " + text
			return
		}
		edits = append(edits, Edit{op, text})
	}
	i, j := 0, 0
	for _, m := range append(common(a, b), [2]int{len(a), len(b)}) {
		add(Deleted, a[i:m[0]])
		add(Inserted, b[j:m[1]])
		if m[0] < len(a) && m[1] < len(b) {
			add(Kept, a[m[0]:m[0]+1])
		}
		i, j = m[0]+1, m[1]+1
	}
	return edits
}

// diffParagraphs compares two texts paragraph by paragraph, and those that differ
// word by word: between two paragraphs that stayed, the first that is gone is taken
// for the first that came, as long as they share half of their words.
func diffParagraphs(before, after string) []ChangedParagraph {
	a, b := paragraphs(before), paragraphs(after)
	var list []ChangedParagraph
	i, j := 0, 0
	for _, m := range append(common(a, b), [2]int{len(a), len(b)}) {
		for i < m[0] || j < m[1] {
			switch {
			case i < m[0] && j < m[1] && alike(a[i], b[j]):
				list = append(list, ChangedParagraph{j + 1, DiffWords(a[i], b[j])})
				i, j = i+1, j+1
			case i < m[0] && (j == m[1] || !anyAlike(a[i], b[j:m[1]])):
				list = append(list, ChangedParagraph{j + 1, []Edit{{Deleted, a[i]}}})
				i++
			default:
				list = append(list, ChangedParagraph{j + 1, []Edit{{Inserted, b[j]}}})
				j++
			}
		}
		i, j = m[0]+1, m[1]+1
	}
	return list
}

// paragraphs are the paragraphs of a text, white space folded. A line is one where
// the text has no blank lines.
func paragraphs(text string) []string {
	between := "\n"
	if strings.Contains(text, "\n\n") {
		between = "\n\n"
	}
	var list []string
	for line := range strings.SplitSeq(text, between) {
		if words := strings.Join(strings.Fields(line), " "); words != "" {
			list = append(list, words)
		}
	}
	return list
}

func alike(a, b string) bool {
	return dice(strings.Fields(FoldText(a)), strings.Fields(FoldText(b))) >= 0.5
}

// lookAhead bounds how many paragraphs one is compared with.
const lookAhead = 8

func anyAlike(a string, list []string) bool {
	for _, b := range list[:min(len(list), lookAhead)] {
		if alike(a, b) {
			return true
		}
	}
	return false
}

// maxCells bounds the work of one comparison. Texts that differ in more are given as
// wholly replaced between their common beginning and end.
const maxCells = 4 << 20

// common is a longest common subsequence of two lists, as pairs of places in order.
func common(a, b []string) [][2]int {
	var pairs [][2]int
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	if len(x) > 0 && len(y) > 0 && len(x) <= maxCells/len(y) {
		// length[i][j], in one slice, is that of x[i:] and y[j:].
		width := len(y) + 1
		length := make([]int32, (len(x)+1)*width)
		for i := len(x) - 1; i >= 0; i-- {
			for j := len(y) - 1; j >= 0; j-- {
				if x[i] == y[j] {
					length[i*width+j] = length[(i+1)*width+j+1] + 1
				} else {
					length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
				}
			}
		}
		for i, j := 0, 0; i < len(x) && j < len(y); {
			switch {
			case x[i] == y[j]:
				pairs = append(pairs, [2]int{start + i, start + j})
				i, j = i+1, j+1
			case length[(i+1)*width+j] >= length[i*width+j+1]:
				i++
			default:
				j++
			}
		}
	}
	for k := end; k > 0; k-- {
		pairs = append(pairs, [2]int{len(a) - k, len(b) - k})
	}
	return pairs
}
