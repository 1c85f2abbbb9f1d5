package crawler

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Words of class names and what they say: data/blocks.txt.
var blockRules = loadRules("data/blocks.txt")

// trait is something that an element's tag or names say of the text within.
type trait uint32

const (
	inBody trait = 1 << iota // named as the running text
	inSummary
	inCaption
	inRelated
	inPromo
	inShare
	inAuthor
	inComment
	inMeta
	inFrame
	inBox
	inTitle
	inHidden
	inEmbed
	tagNav
	tagAside
	tagHeader
	tagForm
	tagFigure
	tagArticle
	tagQuote
	tagTable
	tagList
	itemBody // marked as the article's text by schema.org's vocabulary
	inCredit
	outside // not below the root
)

const numTraits = 25 // all but outside

var traitKinds = map[string]trait{
	"body": inBody, "summary": inSummary, "caption": inCaption, "related": inRelated, "promo": inPromo, "share": inShare,
	"author": inAuthor, "comment": inComment, "meta": inMeta, "frame": inFrame, "box": inBox, "title": inTitle,
	"hidden": inHidden, "embed": inEmbed, "credit": inCredit,
}

// traitWords is data/blocks.txt by word.
var traitWords = func() map[string]trait {
	words := map[string]trait{}
	for kind, set := range blockRules {
		for word := range set {
			words[word] |= traitKinds[kind]
		}
	}
	return words
}()

// ownTraits are the traits that an element has of itself.
func ownTraits(n *html.Node) (t trait) {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Menu:
		t |= tagNav
	case atom.Aside:
		t |= tagAside
	case atom.Header:
		t |= tagHeader
	case atom.Form, atom.Button, atom.Select, atom.Label, atom.Dialog, atom.Fieldset:
		t |= tagForm
	case atom.Figure:
		t |= tagFigure
	case atom.Figcaption, atom.Caption:
		t |= tagFigure | inCaption
	case atom.Article:
		t |= tagArticle
	case atom.Blockquote, atom.Q:
		t |= tagQuote
	case atom.Table:
		t |= tagTable
	case atom.Ul, atom.Ol, atom.Dl:
		t |= tagList
	case atom.Time, atom.Address:
		t |= inMeta
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "role", "data-testid", "data-component", "data-module", "data-type", "aria-label":
			t |= nameTraits(a.Val)
		case "itemprop":
			switch a.Val {
			case "articleBody":
				t |= itemBody
			case "description":
				t |= inSummary
			case "author", "creator":
				t |= inAuthor
			case "caption":
				t |= inCaption
			}
		case "aria-hidden":
			if a.Val == "true" {
				t |= inHidden
			}
		}
	}
	return t
}

// nameTraits reads a class attribute: each name's words alone, and each two that
// follow each other joined by a hyphen.
func nameTraits(names string) (t trait) {
	if len(names) > 400 {
		names = names[:400]
	}
	for name := range strings.FieldsSeq(names) {
		last, start := "", -1
		flush := func(end int) {
			if start < 0 {
				return
			}
			word := strings.ToLower(name[start:end])
			start = -1
			if len(word) > 30 {
				last = ""
				return
			}
			t |= traitWords[word]
			if last != "" {
				t |= traitWords[last+"-"+word]
			}
			last = word
		}
		for i := 0; i < len(name); i++ {
			c := name[i]
			switch {
			case c >= 'a' && c <= 'z' || c >= 0x80:
				if start < 0 {
					start = i
				}
			case c >= 'A' && c <= 'Z':
				if start >= 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
					flush(i)
				}
				if start < 0 {
					start = i
				}
			default:
				flush(i)
			}
		}
		flush(len(name))
	}
	return t
}

// traitReader keeps the traits of elements already read.
type traitReader struct {
	own   map[*html.Node]trait
	under map[*html.Node]trait
	root  *html.Node
}

// within are the traits of n and of all elements between it and the root, which
// is not read: what holds the whole article says nothing of its parts.
func (r *traitReader) within(n *html.Node) trait {
	if n == r.root {
		return 0
	}
	if n == nil || n.Type != html.ElementNode {
		return outside
	}
	if t, ok := r.under[n]; ok {
		return t
	}
	t, ok := r.own[n]
	if !ok {
		if n.DataAtom != atom.Body && n.DataAtom != atom.Html {
			t = ownTraits(n)
		}
		r.own[n] = t
	}
	t |= r.within(n.Parent)
	r.under[n] = t
	return t
}

// setRoot forgets what was read above the new root.
func (r *traitReader) setRoot(root *html.Node) {
	r.root = root
	clear(r.under)
}
