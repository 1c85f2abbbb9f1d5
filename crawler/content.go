package crawler

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// breakMark stands for a <br> while go-trafilatura works: it deletes the
// elements and glues the lines around them together.
const breakMark = "\ue00b"

func markBreaks(root *html.Node) {
	var breaks []*html.Node
	for n := range root.Descendants() {
		if n.DataAtom == atom.Br && isInline(n.PrevSibling) && isInline(n.NextSibling) {
			breaks = append(breaks, n)
		}
	}
	for _, n := range breaks {
		n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " " + breakMark + " "}, n)
		n.Parent.RemoveChild(n)
	}
}

func isInline(n *html.Node) bool {
	switch {
	case n == nil:
		return false
	case n.Type == html.TextNode:
		return true
	}
	return n.Type == html.ElementNode && !isBlock(n)
}

// noDate keeps go-trafilatura from looking for a date: pageDate does.
var noDate = htmldate.Result{DateTime: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}

// bodyParagraphs is the text of the article: by go-trafilatura, from its content
// nodes since its plain text runs all paragraphs together. Where that finds less
// than a quarter of the running text in the page's densest part, it has taken a teaser
// or a side column for the article, and the densest part is used instead.
// JSON-LD's articleBody helps where a script would have shown the text.
func bodyParagraphs(doc *goquery.Document, address, articleBody string) []string {
	base, _ := url.Parse(address)
	result, err := trafilatura.ExtractDocument(doc.Get(0), trafilatura.Options{
		OriginalURL: base, ExcludeComments: true, HtmlDateOverride: &noDate,
	})
	var list []string
	if err == nil && result.ContentNode != nil {
		list = paragraphs(result.ContentNode)
	}
	if dense := densestPart(doc.Get(0)); sizeOf(list)*4 < sizeOf(dense) {
		list = dense
	}
	if sizeOf(list)*2 < len(articleBody) {
		return bodyLines(articleBody)
	}
	return list
}

// bodyLines splits an articleBody, which may be HTML or text, into paragraphs.
func bodyLines(s string) []string {
	if strings.Contains(s, "</p>") || strings.Contains(s, "<br") {
		if root, err := html.Parse(strings.NewReader(s)); err == nil {
			return paragraphs(root)
		}
	}
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func sizeOf(list []string) int {
	n := 0
	for _, p := range list {
		n += len(p)
	}
	return n
}

// densestPart is the running text of the element whose paragraphs hold the most
// of it, their parents counting in full and their grandparents by half.
func densestPart(root *html.Node) []string {
	weight := map[*html.Node]float64{}
	for n := range root.Descendants() {
		if n.DataAtom != atom.P || inFurniture(n) {
			continue
		}
		size := float64(prose(n))
		if size < 60 || n.Parent == nil {
			continue
		}
		weight[n.Parent] += size
		if n.Parent.Parent != nil {
			weight[n.Parent.Parent] += size / 2
		}
	}
	var best *html.Node
	// In document order, so that ties go to the first.
	for n := range root.Descendants() {
		if weight[n] > 0 && (best == nil || weight[n] > weight[best]) {
			best = n
		}
	}
	if best == nil {
		return nil
	}
	var list []string
	for n := range best.Descendants() {
		switch n.DataAtom {
		case atom.P, atom.H2, atom.H3, atom.Blockquote, atom.Li:
			if hasBlocks(n) || inFurniture(n) || prose(n) == 0 {
				continue
			}
			list = append(list, paragraphs(n)...)
		}
	}
	return list
}

// prose is the size of a paragraph's text; 0 when it is mostly links.
func prose(n *html.Node) int {
	all, linked := 0, 0
	var walk func(n *html.Node, inLink bool)
	walk = func(n *html.Node, inLink bool) {
		if n.Type == html.TextNode {
			size := len(strings.TrimSpace(n.Data))
			if all += size; inLink {
				linked += size
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inLink || c.DataAtom == atom.A)
		}
	}
	walk(n, false)
	if linked*2 > all {
		return 0
	}
	return all
}

func hasBlocks(n *html.Node) bool {
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.P, atom.Li, atom.Div, atom.Ul, atom.Ol:
			return true
		}
	}
	return false
}

// furnitureName: classes and ids of what stands around an article.
var furnitureName = regexp.MustCompile(`(?i)comment|related|sidebar|footer|recommend|newsletter|disqus|cookie|consent`)

func inFurniture(n *html.Node) bool {
	for p := n.Parent; p != nil && p.DataAtom != atom.Body; p = p.Parent {
		switch p.DataAtom {
		case atom.Nav, atom.Footer, atom.Aside, atom.Form, atom.Noscript, atom.Figure:
			return true
		}
		for _, a := range p.Attr {
			if (a.Key == "class" || a.Key == "id") && furnitureName.MatchString(a.Val) {
				return true
			}
		}
	}
	return false
}
