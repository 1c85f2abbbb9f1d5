package crawler

import (
	"strings"

	"golang.org/x/net/html"
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
	// By name, not by atom: go-trafilatura makes elements without one.
	switch n.Data {
	case "script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math":
		return
	case "br", "lb":
		w.breaks++
		return
	case "td", "th", "cell":
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

// isBlock: the element starts and ends a paragraph. Cells of a table do not: a row does.
func isBlock(n *html.Node) bool { return blockElements[n.Data] }

var blockElements = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(`html body main article section header footer nav aside div p li ul ol dl dt dd
		blockquote pre h1 h2 h3 h4 h5 h6 table thead tbody tfoot tr caption figure figcaption hr form fieldset details
		summary address center quote list item row`) {
		set[name] = true
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
