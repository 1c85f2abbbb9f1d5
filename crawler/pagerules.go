package crawler

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"tenor"
)

// pageRules are what a source says of its pages, for those that the general
// extraction reads wrongly. They are data, in tenor.toml; the zero value changes nothing.
type pageRules struct {
	keep, drop []cascadia.Sel
	date       cascadia.SelectorGroup
}

// Extract turns a page of the source into an article, as the function Extract does,
// by the source's own rules before the general ones.
func (s Source) Extract(p *tenor.Page) (tenor.Article, error) {
	if s.Keep == nil && s.Drop == nil && s.Date == "" {
		return Extract(p)
	}
	if err := s.compileRules(); err != nil { // a source that was not read from a file
		return tenor.Article{URL: p.URL}, err
	}
	return extractPage(p, s.rules)
}

// compileRules checks the selectors of a source. Its error names the key before the
// first colon.
func (s *Source) compileRules() error {
	if s.rules != nil {
		return nil
	}
	var r pageRules
	for _, list := range []struct {
		key       string
		selectors []string
		to        *[]cascadia.Sel
	}{{"keep", s.Keep, &r.keep}, {"drop", s.Drop, &r.drop}} {
		for _, text := range list.selectors {
			group, err := parseSelector(text)
			if err != nil {
				return fmt.Errorf("%w: %s of source %s: %v", tenor.ErrUsage, list.key, s.Name, err)
			}
			*list.to = append(*list.to, group...)
		}
	}
	if s.Date != "" {
		var err error
		if r.date, err = parseSelector(s.Date); err != nil {
			return fmt.Errorf("%w: date of source %s: %v", tenor.ErrUsage, s.Name, err)
		}
	}
	s.rules = &r
	return nil
}

func parseSelector(text string) (cascadia.SelectorGroup, error) {
	group, err := cascadia.ParseGroupWithPseudoElements(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a CSS selector (%s)", clip(text), sentence(err.Error()))
	}
	for _, sel := range group {
		if sel.PseudoElement() != "" {
			return nil, fmt.Errorf("%s chooses no element but ::%s", clip(text), sel.PseudoElement())
		}
	}
	return group, nil
}

// Idle are the selectors of the source that choose nothing on a page.
func (s Source) Idle(p *tenor.Page) (idle []string) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return nil
	}
	for _, selector := range slices.Concat(s.Keep, s.Drop, []string{s.Date}) {
		group, err := parseSelector(selector)
		if selector != "" && err == nil && cascadia.Query(doc.Get(0), group) == nil {
			idle = append(idle, selector)
		}
	}
	return idle
}

// prune removes what drop chooses.
func (r *pageRules) prune(doc *goquery.Document) {
	if r == nil {
		return
	}
	for _, sel := range r.drop {
		for _, n := range cascadia.QueryAll(doc.Get(0), sel) {
			if n.Parent != nil {
				n.Parent.RemoveChild(n)
			}
		}
	}
}

// body is the text of the elements that keep chooses, in the order of the page; nil
// where it chooses none. An element within a chosen one is not read twice.
func (r *pageRules) body(doc *goquery.Document) []string {
	if r == nil || len(r.keep) == 0 {
		return nil
	}
	var list []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			for _, sel := range r.keep {
				if sel.Match(n) {
					list = append(list, paragraphs(n)...)
					return
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc.Get(0))
	return list
}

// published is the date in the first element that the date selector chooses and that
// holds one: in its datetime or content attribute, else in its text.
func (r *pageRules) published(doc *goquery.Document) tenor.Date {
	if r == nil || r.date == nil {
		return tenor.Date{}
	}
	for _, n := range cascadia.QueryAll(doc.Get(0), r.date) {
		s := goquery.NewDocumentFromNode(n).Selection
		for _, attribute := range []string{"datetime", "content"} {
			if d := parseStamp(s.AttrOr(attribute, ""), "selector"); d.Known() {
				return d
			}
		}
		text := strings.Join(strings.Fields(s.Text()), " ")
		if d := parseStamp(text, "selector"); d.Known() {
			return d
		}
		for _, m := range findDates(text) {
			if d := m.date("selector"); d.Known() {
				return d
			}
		}
	}
	return tenor.Date{}
}
