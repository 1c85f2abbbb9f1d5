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
	w := paragraphWriter{}
	w.walk(n)
	w.flush()
	return w.done
}

type paragraphWriter struct {
	done []string
	text strings.Builder
	// space: white space was seen and is written before the next word.
	space  bool
	breaks int // <br> since the last word
}

func (w *paragraphWriter) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		// A soft hyphen only says where a browser may break the word.
		w.write(strings.ReplaceAll(n.Data, "\u00ad", ""))
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	if n.Data == "cell" && w.text.Len() > 0 && previousElement(n) != nil {
		w.write(" | ")
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head, atom.Iframe, atom.Object, atom.Svg, atom.Math:
		return
	case atom.Br:
		w.breaks++
		return
	case atom.Td, atom.Th:
		if w.text.Len() > 0 && previousElement(n) != nil {
			w.write(" | ")
		}
	}
	block := isBlock(n)
	if block {
		w.flush()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c)
	}
	if block {
		w.flush()
	}
}

func (w *paragraphWriter) write(s string) {
	for len(s) > 0 {
		word := strings.IndexFunc(s, notSpace)
		if word < 0 {
			w.space = true
			return
		}
		w.space = w.space || word > 0
		s = s[word:]
		end := strings.IndexFunc(s, isSpace)
		if end < 0 {
			end = len(s)
		}
		if s[:end] == breakMark {
			w.breaks++
			s = s[end:]
			continue
		}
		switch {
		case w.breaks >= 2:
			w.flush()
		case w.text.Len() == 0:
		case w.breaks == 1:
			w.text.WriteByte('\n')
		case w.space:
			w.text.WriteByte(' ')
		}
		w.space, w.breaks = false, 0
		w.text.WriteString(s[:end])
		s = s[end:]
	}
}

func (w *paragraphWriter) flush() {
	if p := strings.TrimSpace(w.text.String()); p != "" {
		w.done = append(w.done, p)
	}
	w.text.Reset()
	w.space, w.breaks = false, 0
}

// isBlock: the element starts and ends a paragraph. Table cells do not, unless
// a layout table keeps whole paragraphs in them.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Tr, atom.Tbody, atom.Thead,
		atom.Caption, atom.Figure, atom.Figcaption, atom.Section, atom.Article, atom.Main, atom.Header,
		atom.Footer, atom.Aside, atom.Nav, atom.Hr, atom.Form, atom.Details, atom.Summary, atom.Address,
		atom.Body, atom.Html, atom.Center, atom.Fieldset:
		return true
	}
	// go-trafilatura's own names, where it has not turned them back.
	switch n.Data {
	case "quote", "list", "item", "head", "row":
		return true
	}
	return false
}

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
