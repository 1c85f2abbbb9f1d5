package crawler

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits on the shape of a page. Real articles, with their menus and sidebars,
// hold at most some ten thousand tags.
const (
	maxTags = 50_000
	// maxReopened bounds how often the parser would reopen formatting tags that
	// were never closed: 500 open <font> and 50,000 <p> make 25 million nodes of
	// a page that weighs one megabyte.
	maxReopened = 1_000_000
	// maxText bounds the bytes of text, and maxBlocks the paragraphs: of three hundred
	// news pages the longest hold 60 KB and 1,400.
	maxText   = 1 << 20
	maxBlocks = 6_000
	// maxAsked is how many paragraphs go-trafilatura is asked about: it copies the
	// page time and again. Beyond, the densest part of the page is gone by.
	maxAsked = 3_000
	// Classes, ids and styles longer than maxName are cut, those after the first
	// maxNames bytes of them to a few words: extractors search them with dozens of
	// regular expressions. Scripts beyond maxScript are emptied: JSON-LD takes tens of
	// times its size once it is read.
	maxName   = 2_000
	maxNames  = 512 << 10
	maxScript = 1 << 20
	// What go-trafilatura is shown of meta tags and of JSON-LD, in bytes: it compares each
	// author that they name with every other. Of three hundred news pages one has more.
	maxMetaShown = 64 << 10
	maxLDShown   = 128 << 10
)

// checkShape refuses pages built to exhaust whoever parses them, before they are parsed.
func checkShape(text string) error {
	// Nothing this small can do harm, and most pages stop here.
	if strings.Count(text, "<") < 5_000 {
		return nil
	}
	tags, open, reopened := 0, 0, 0
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return nil
		case html.StartTagToken:
			name, _ := z.TagName()
			if tags++; isFormatting(name) {
				open++
			} else {
				reopened += open
			}
		case html.SelfClosingTagToken:
			tags++
		case html.EndTagToken:
			if name, _ := z.TagName(); isFormatting(name) && open > 0 {
				open--
			}
		}
		if tags > maxTags {
			return noArticle("it has more than %d tags", maxTags)
		}
		if reopened > maxReopened {
			return noArticle("its tags are nested beyond reason")
		}
	}
}

// trimExcess cuts what no real page holds so much of, and refuses pages with more
// text than could be read.
func trimExcess(root *html.Node) error {
	size, names, longest := 0, 0, maxName
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode:
			for i, a := range n.Attr {
				if a.Key != "class" && a.Key != "id" && a.Key != "style" {
					continue
				}
				if names += len(a.Val); names > maxNames {
					longest = 80
				}
				n.Attr[i].Val = a.Val[:min(len(a.Val), longest)]
			}
		case n.Type == html.CommentNode:
			n.Data = ""
		case n.Type == html.TextNode && n.Parent != nil && n.Parent.DataAtom == atom.Script:
			if len(n.Data) > maxScript {
				n.Data = ""
			}
		case n.Type == html.TextNode && n.Parent != nil && n.Parent.DataAtom == atom.Style:
		case n.Type == html.TextNode:
			size += len(n.Data)
		}
	}
	if size > maxText {
		return noArticle("it holds more than %d MiB of text", maxText>>20)
	}
	return nil
}

// hideClaims takes from the page the meta tags and JSON-LD beyond what go-trafilatura is
// shown. The function returned puts them back.
func hideClaims(root *html.Node) (restore func()) {
	meta, ld := maxMetaShown, maxLDShown
	var undo []func()
	for n := range root.Descendants() {
		switch {
		case n.DataAtom == atom.Meta:
			if meta -= len(attribute(n, "content")); meta < 0 {
				attrs := n.Attr
				n.Attr = nil
				undo = append(undo, func() { n.Attr = attrs })
			}
		case n.DataAtom == atom.Script && n.FirstChild != nil && strings.Contains(attribute(n, "type"), "json"):
			text := n.FirstChild
			if ld -= len(text.Data); ld < 0 {
				whole := text.Data
				text.Data = ""
				undo = append(undo, func() { text.Data = whole })
			}
		}
	}
	return func() {
		for _, f := range undo {
			f()
		}
	}
}

func isFormatting(name []byte) bool {
	switch string(name) {
	case "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
		return true
	}
	return false
}
