package crawler

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// paragraphs is the readable text below n: one string a block, inline tags
// joined without added spaces, runs of white space folded. One <br> is a line
// break inside its paragraph, two are a new paragraph. Rows of a table are
// paragraphs, their cells joined by " | ".
func paragraphs(n *html.Node) []string {
	list := blocksOf(n)
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = list[i].text
	}
	return texts
}

// block is one paragraph, heading, list item or row of a table, and where it stands.
type block struct {
	text string
	// node is the innermost block element that holds the text.
	node *html.Node
	// piece is the longest text node of it.
	piece *html.Node
	// Bytes of its text within links, within buttons and other controls, in italics
	// and in bold.
	linked, held, italic, bold int
}

// blocksOf is the readable text below n, block by block.
func blocksOf(n *html.Node) []block {
	w := blockWriter{node: n}
	w.walk(n)
	w.flush()
	return w.done
}

type blockWriter struct {
	done []block
	text strings.Builder
	// space: white space was seen and is written before the next word.
	space  bool
	breaks int // <br> since the last word

	node *html.Node
	now  block // what is known of the block being written
	size int   // of its longest piece
	// Elements of each sort around the current node.
	links, holds, italics, bolds int
}

func (w *blockWriter) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.write(n)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head, atom.Iframe, atom.Object, atom.Svg, atom.Math:
		return
	case atom.Br:
		w.breaks++
		return
	case atom.Td, atom.Th:
		if w.text.Len() > 0 && previousElement(n) != nil {
			w.words(" | ")
		}
	}
	outer, links, holds, italics, bolds := w.node, w.links, w.holds, w.italics, w.bolds
	switch n.DataAtom {
	case atom.A:
		w.links++
	case atom.Button, atom.Select, atom.Textarea, atom.Label:
		w.holds++
	case atom.Em, atom.I, atom.Cite:
		w.italics++
	case atom.B, atom.Strong:
		w.bolds++
	}
	if isBlock(n) {
		w.flush()
		w.node = n
	}
	quoted := n.DataAtom == atom.Q && n.FirstChild != nil && !strings.ContainsAny(n.FirstChild.Data, "“”„«»\"")
	if quoted { // browsers show the marks that the text lacks
		w.words("“")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if quoted {
		w.space = false
		w.words("”")
	}
	if isBlock(n) {
		w.flush()
	}
	w.node, w.links, w.holds, w.italics, w.bolds = outer, links, holds, italics, bolds
}

func (w *blockWriter) write(n *html.Node) {
	// A soft hyphen only says where a browser may break the word.
	size := w.words(strings.ReplaceAll(n.Data, "\u00ad", ""))
	if size > w.size {
		w.now.piece, w.size = n, size
	}
	if w.links > 0 {
		w.now.linked += size
	}
	if w.holds > 0 {
		w.now.held += size
	}
	if w.italics > 0 {
		w.now.italic += size
	}
	if w.bolds > 0 {
		w.now.bold += size
	}
}

// words writes the words of s, spaces folded, and says how many bytes that took.
func (w *blockWriter) words(s string) (size int) {
	for len(s) > 0 {
		word := strings.IndexFunc(s, notSpace)
		if word < 0 {
			w.space = true
			return size
		}
		w.space = w.space || word > 0
		s = s[word:]
		end := strings.IndexFunc(s, isSpace)
		if end < 0 {
			end = len(s)
		}
		switch {
		case w.breaks >= 2:
			w.flush()
		case w.text.Len() == 0:
		case w.breaks == 1:
			w.text.WriteByte('\n')
			size++
		case w.space:
			w.text.WriteByte(' ')
			size++
		}
		w.space, w.breaks = false, 0
		w.text.WriteString(s[:end])
		size += end
		s = s[end:]
	}
	return size
}

func (w *blockWriter) flush() {
	if p := strings.TrimSpace(w.text.String()); p != "" {
		w.now.text, w.now.node = p, w.node
		w.done = append(w.done, w.now)
	}
	w.text.Reset()
	w.now, w.size = block{}, 0
	w.space, w.breaks = false, 0
}

// isBlock: the element starts and ends a paragraph. Cells of a table do not: a row does.
func isBlock(n *html.Node) bool { return blockElements[n.DataAtom] }

var blockElements = func() map[atom.Atom]bool {
	set := map[atom.Atom]bool{}
	for name := range strings.FieldsSeq(`html body main article section header footer nav aside div p li ul ol dl dt dd
		blockquote pre h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr caption figure figcaption hr form fieldset details
		summary address center menu search dialog option`) {
		if a := atom.Lookup([]byte(name)); a != 0 {
			set[a] = true
		}
	}
	return set
}()

func previousElement(n *html.Node) *html.Node {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode {
			return s
		}
	}
	return nil
}

// textOf is the text below n on one line.
func textOf(n *html.Node) string {
	return strings.Join(strings.Fields(strings.Join(paragraphs(n), " ")), " ")
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u200b', '\u2009', '\u202f', '\u3000':
		return true
	}
	return false
}

func notSpace(r rune) bool { return !isSpace(r) }
