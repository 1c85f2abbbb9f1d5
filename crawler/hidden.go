package crawler

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	hidingStyle = regexp.MustCompile(`(?i)(?:^|[;{\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:[;!}]|$)|font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:[;!}]|$)|(?:text-indent|left|top)\s*:\s*-\d{4,}px)`)
	classOrID   = regexp.MustCompile(`^[.#][\w-]+$`)
)

// dropHidden removes elements that a reader cannot see, so that words planted
// there are never quoted: the hidden attribute, styles that hide, and classes or
// ids that a style sheet of the page hides. A hidden part that holds most of the
// page's text stays: it is revealed by a script.
func dropHidden(root *html.Node) {
	byRule := hiddenNames(root)
	total := textSize(root)
	var hidden []*html.Node
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.DataAtom != atom.Html && n.DataAtom != atom.Body && n.DataAtom != atom.Head && isHidden(n, byRule) {
			if size := textSize(n); size*2 < total {
				hidden = append(hidden, n)
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	for _, n := range hidden {
		n.Parent.RemoveChild(n)
	}
}

func isHidden(n *html.Node, byRule map[string]bool) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return !strings.EqualFold(a.Val, "until-found")
		case "style":
			if hidingStyle.MatchString(a.Val) {
				return true
			}
		case "class":
			for class := range strings.FieldsSeq(a.Val) {
				if byRule["."+class] {
					return true
				}
			}
		case "id":
			if byRule["#"+a.Val] {
				return true
			}
		}
	}
	return false
}

// hiddenNames lists the classes (".x") and ids ("#x") that a rule of the page's
// own style sheets hides on every screen. Rules with more than one name in their
// selector are left out: they depend on where the element stands.
func hiddenNames(root *html.Node) map[string]bool {
	names := map[string]bool{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.Style && n.FirstChild != nil && len(n.FirstChild.Data) < 1<<19 && strings.Contains(n.FirstChild.Data, "none") {
			readStyleSheet(n.FirstChild.Data, names)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return names
}

// readStyleSheet adds the names that the sheet's own rules hide. Rules inside @media
// and the like hold only sometimes and are passed over.
func readStyleSheet(sheet string, names map[string]bool) {
	depth, start := 0, 0
	selector := ""
	for i := 0; i < len(sheet); i++ {
		switch sheet[i] {
		case '{':
			if depth++; depth == 1 {
				selector, start = strings.TrimSpace(sheet[start:i]), i+1
			}
		case '}':
			if depth == 1 && !strings.HasPrefix(selector, "@") && hidingStyle.MatchString(sheet[start:i]) {
				for name := range strings.SplitSeq(selector, ",") {
					if name = strings.TrimSpace(name); classOrID.MatchString(name) {
						names[name] = true
					}
				}
			}
			if depth = max(depth-1, 0); depth == 0 {
				start = i + 1
			}
		case ';':
			if depth == 0 {
				start = i + 1 // @import and @charset
			}
		}
	}
}

// textSize counts the bytes of visible text below n.
func textSize(n *html.Node) int {
	size := 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			size += len(strings.TrimSpace(n.Data))
		case n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Template, n.DataAtom == atom.Noscript:
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return size
}
