package crawler

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bylineSelectors lead to the names of authors on the page itself, most explicit first.
var bylineSelectors = []string{
	`[itemprop="author"] [itemprop="name"]`, `[itemprop="author"]`, `a[rel~="author"]`,
	`[data-testid*="byline" i] a`, `[class*="byline" i] a`, `[class*="author-name" i]`, `[class*="author__name" i]`,
	`[class*="authorname" i]`, `[class*="byline-name" i]`, `[class*="byline" i]`,
	`[class$="__author" i]`, `[class$="-author" i]`, `[class*="authorline" i]`,
	`[class*="author" i] a`, `.author`, `[id*="byline" i]`,
}

// readersWords are the parts of a page that readers fill.
const readersWords = `form, label, #comments, #respond, .comments, .comment, .comments-area, .comment-list, .comment-respond`

// authorMeta are the names of meta tags that hold authors, most explicit first.
var authorMeta = []string{
	"author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "citation_author",
	"articleauthor", "article_author", "author.name", "cxenseparse:author", "analyticsattributes.author", "dcsext.author",
	"twitter:misc:written by",
}

// pageAuthors lists who wrote the page: JSON-LD, then meta tags, then the byline.
// The site's own name is dropped beside others. Where JSON-LD names the site alone
// and the page a person, the person wrote it; where neither does, the piece is
// unsigned work of the staff, and the site is its author.
func pageAuthors(doc *goquery.Document, graph ldGraph, article ldNode, outlet string, sites []string) []string {
	staff := ""
	for _, key := range []string{"author", "creator"} {
		names := graph.names(article, key)
		if list := cleanAuthors(names, outlet); len(list) > 0 && !allSites(list, sites) {
			return withCoauthors(doc, list, outlet)
		}
		if staff == "" && len(names) > 0 && allSites(names, sites) {
			staff = names[0]
		}
	}
	var first []string
	for weak, list := range statedAuthors(doc, outlet) {
		if weak && staff != "" {
			break // other stories on the page have authors too
		}
		if !allSites(list, sites) && slices.ContainsFunc(list, isCredit) {
			return list
		}
		if staff == "" && !weak && allSites(list, sites) {
			staff = list[0]
		}
		if first == nil {
			first = list
		}
	}
	if list := bylineBlock(doc, outlet); len(list) > 0 {
		return list
	}
	if list := labelledAuthors(doc, outlet); len(list) > 0 {
		return list
	}
	if staff != "" {
		return []string{staff}
	}
	return first
}

// statedAuthors are the lists of names that meta tags and bylines hold, best first,
// and whether only the class of an element says that they are.
func statedAuthors(doc *goquery.Document, outlet string) iter.Seq2[bool, []string] {
	return func(yield func(bool, []string) bool) {
		meta := map[string][]string{}
		labels := map[string]string{}
		doc.Find("meta").Each(func(_ int, s *goquery.Selection) {
			key := strings.ToLower(firstOf(s.AttrOr("name", ""), s.AttrOr("property", "")))
			content := plainText(s.AttrOr("content", ""))
			meta[key] = append(meta[key], content)
			if n, ok := strings.CutPrefix(key, "twitter:label"); ok {
				labels[n] = strings.ToLower(content)
			}
		})
		for _, key := range authorMeta {
			if list := cleanAuthors(meta[key], outlet); len(list) > 0 && !yield(false, list) {
				return
			}
		}
		// The card of a link: label1 "Written by", data1 the name.
		for _, n := range []string{"1", "2", "3"} {
			if rules.has("card", labels[n]) {
				if list := cleanAuthors(meta["twitter:data"+n], outlet); len(list) > 0 && !yield(false, list) {
					return
				}
			}
		}
		for i, selector := range bylineSelectors {
			s := doc.Find(selector)
			if s.Length() <= 100 {
				s = s.FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Closest(readersWords).Length() == 0 })
			}
			if s.Length() == 0 || s.Length() > 12 {
				continue
			}
			var found []string
			s.Each(func(_ int, s *goquery.Selection) { found = append(found, nodeText(s)) })
			if list := cleanAuthors(found, outlet); len(list) > 0 && !yield(i > 0, list) {
				return
			}
		}
	}
}

// withCoauthors adds those whom the byline on the page names beside the authors
// that JSON-LD lists, where it holds only the first of several: one line "By A and
// B", or a block of links to each of them.
func withCoauthors(doc *goquery.Document, listed []string, outlet string) []string {
	s := doc.Find(`[class*="byline" i]`)
	if s.Length() == 0 || s.Length() > 40 {
		return listed
	}
	text := nodeText(s.First())
	if len(text) > 160 {
		return listed
	}
	raw := []string{text}
	if !authorPrefix.MatchString(text) {
		raw = nil
		s.First().Find(`a[rel~="author"], [itemprop~="name"]`).Each(func(_ int, s *goquery.Selection) { raw = append(raw, nodeText(s)) })
	}
	names := cleanAuthors(raw, outlet)
	if len(names) <= len(listed) || len(names) > 6 {
		return listed
	}
	for _, name := range listed {
		if !slices.ContainsFunc(names, func(n string) bool { return squash(n) == squash(name) }) {
			return listed
		}
	}
	for _, name := range names {
		if !isPerson(name) {
			return listed
		}
	}
	return names
}

// isCredit: a person or an agency.
func isCredit(name string) bool { return isPerson(name) || isAgency(name) }

// allSites: every name is one of the site's. An agency is somebody else, but on its own site.
func allSites(names, sites []string) bool {
	for _, name := range names {
		if isAgency(name) && squash(name) != squash(firstOf(sites...)) || !slices.ContainsFunc(sites, func(site string) bool { return oneSite(name, site) }) {
			return false
		}
	}
	return true
}

// oneSite: two names of one site: equal but for "The", a domain's ending or a
// word or two ("Meadow" and "Meadow Post").
func oneSite(a, b string) bool {
	a, b = strings.TrimPrefix(squash(a), "the"), strings.TrimPrefix(squash(b), "the")
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= 3 && strings.HasPrefix(b, a) && len(b) <= 2*len(a)+4
}

// maxBylineBlocks is how many lines below the headline a byline may stand.
const maxBylineBlocks = 30

// headlineByline opens a line that names the authors, in the languages of the press.
var headlineByline = regexp.MustCompile(`^(?:(?i:(?:written |story |words |text |reporting |analysis )?by)|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f)\s*:?\s+\p{L}`)

// bylineBlock reads a "By NAME and NAME" that stands as a line of its own under
// the headline, in whatever elements. Every name must look like a person's or an
// agency's, since such a line could be of a picture or another story.
func bylineBlock(doc *goquery.Document, outlet string) []string {
	h1 := doc.Find("h1")
	if h1.Length() == 0 {
		return nil
	}
	seen := 0
	var list []string
	var walk func(n *html.Node) bool // false: go no further
	walk = func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Noscript, atom.Nav, atom.Footer, atom.Aside, atom.Figure, atom.Svg, atom.Template:
			return true
		}
		if n.Type == html.ElementNode && isBlockLeaf(n) {
			text := textOf(n)
			if text == "" {
				return true
			}
			seen++
			if len(text) < 160 && headlineByline.MatchString(text) && !endsSentence(text) {
				names := cleanAuthors([]string{text}, outlet)
				if len(names) > 0 && !containsOther(names) {
					list = names
					return false
				}
			}
			return seen < maxBylineBlocks
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !walk(c) {
				return false
			}
		}
		return true
	}
	for n := h1.Last().Get(0); n != nil; n = n.Parent {
		for c := n.NextSibling; c != nil; c = c.NextSibling {
			if !walk(c) {
				return list
			}
		}
	}
	return list
}

// isBlockLeaf: the element holds a line of text: no block element below it.
func isBlockLeaf(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (isBlock(c) || !isBlockLeaf(c)) {
			return false
		}
	}
	return true
}
