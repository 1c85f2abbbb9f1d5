package crawler

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	// What a rule hides by itself: nothing shown, no ink, no size, or out of the window.
	hidingStyle = regexp.MustCompile(`(?i)(?:^|[;{\s])(?:` + strings.Join([]string{
		`display\s*:\s*none`,
		`(?:content-)?visibility\s*:\s*(?:hidden|collapse)`,
		`opacity\s*:\s*0?(?:\.0+|0)\s*(?:[;!}]|$)`,
		`font-size\s*:\s*0(?:px|r?em|pt|%|vh)?\s*(?:[;!}]|$)`,
		`(?:text-indent|left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-\d{4,}(?:px|r?em|pt|vw|%)?`,
		`clip\s*:\s*rect\(\s*(?:0|1px)`,
		`clip-path\s*:\s*inset\(\s*(?:50|100)%`,
		`transform\s*:\s*(?:scale\(\s*0|translate[xy]?\(\s*-\d{4,}px)`,
	}, "|") + `)`)
	noSize  = regexp.MustCompile(`(?i)(?:^|[;{\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:[;!}]|$)`)
	noSpill = regexp.MustCompile(`(?i)overflow(?:-[xy])?\s*:\s*(?:hidden|clip)`)
)

// hidingSigns are what a style that hides holds, but for those that move a thing out of
// the window: few of a page's thousands of rules have one.
var hidingSigns = newPhraseSet(map[string]bool{
	"none": true, "hidden": true, "collapse": true, "opacity": true, "font-size": true, "clip": true, "scale": true,
})

func hides(style string) bool {
	lower := strings.ToLower(style)
	return (hidingSigns.in(lower) || movesFar(lower)) && hidingStyle.MatchString(style) ||
		strings.Contains(lower, "overflow") && noSpill.MatchString(style) && noSize.MatchString(style)
}

// movesFar: a minus sign stands before four digits.
func movesFar(style string) bool {
	for {
		_, after, ok := strings.Cut(style, "-")
		if !ok {
			return false
		}
		digits := 0
		for digits < 4 && isDigitAt(after, digits) {
			digits++
		}
		if digits == 4 {
			return true
		}
		style = after
	}
}

// isClassOrID: a selector of nothing but one class or id.
func isClassOrID(s string) bool {
	if len(s) < 2 || s[0] != '.' && s[0] != '#' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; !(c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// dropHidden removes elements that a reader cannot see, so that words planted
// there are never quoted: the hidden attribute, styles that hide, classes and ids
// that a style sheet of the page hides, class names that hide on most sites, closed
// dialogs. A hidden part that holds most of the page's text stays where no running
// text would be left without it: it is revealed by a script.
func dropHidden(root *html.Node) {
	byRule := hiddenNames(root)
	total := textSize(root)
	var hidden []*html.Node
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.DataAtom != atom.Html && n.DataAtom != atom.Body && n.DataAtom != atom.Head && isHidden(n, byRule) {
			// One without words may state a date in an attribute.
			if size := textSize(n); size > 0 && (size*2 < total || runningText(root, n) > 300) {
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

// runningText counts the bytes of sentences outside of links below n, and not below without.
func runningText(n, without *html.Node) int {
	if n == without {
		return 0
	}
	switch n.DataAtom {
	case atom.A, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head:
		return 0
	}
	size := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode {
			size += runningText(c, without)
		} else if text := strings.TrimSpace(c.Data); len(text) >= 60 && strings.ContainsAny(text, ".!?。！？।") {
			size += len(text)
		}
	}
	return size
}

func isHidden(n *html.Node, byRule map[string]bool) bool {
	open := false
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return !strings.EqualFold(a.Val, "until-found")
		case "open":
			open = true
		case "style":
			if hides(a.Val) {
				return true
			}
		case "class":
			if hidesByName(a.Val) {
				return true
			}
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
	return n.DataAtom == atom.Dialog && !open
}

// hidesByName: one of the classes is known to hide on every site (data/blocks.txt).
// A class that hides on small screens only comes with others that show again
// ("hidden md:block", "d-none d-md-block").
func hidesByName(classes string) bool {
	hidden := false
	for class := range strings.FieldsSeq(classes) {
		if blockRules.has("unseen", strings.ToLower(class)) {
			return true
		}
		hidden = hidden || class == "hidden" || class == "d-none"
	}
	return hidden && !strings.Contains(classes, ":") && strings.Count(classes, "d-") <= 1
}

// hiddenNames lists the classes (".x") and ids ("#x") that a rule of the page's
// own style sheets hides on every screen. Rules with more than one name in their
// selector are left out: they depend on where the element stands.
func hiddenNames(root *html.Node) map[string]bool {
	names := map[string]bool{}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.DataAtom == atom.Style && n.FirstChild != nil && len(n.FirstChild.Data) < 1<<19 {
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
			if depth == 1 && !strings.HasPrefix(selector, "@") {
				readRule(selector, sheet[start:i], names)
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

func readRule(selector, style string, names map[string]bool) {
	hiding, read := false, false
	for name := range strings.SplitSeq(selector, ",") {
		if name = strings.TrimSpace(name); !isClassOrID(name) {
			continue
		}
		if !read {
			hiding, read = hides(style), true
		}
		if hiding {
			names[name] = true
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
