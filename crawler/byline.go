package crawler

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
)

// bylineSelectors lead to the names of authors on the page itself, most explicit first.
var bylineSelectors = []string{
	`[itemprop="author"] [itemprop="name"]`, `[itemprop="author"]`, `a[rel~="author"]`,
	`[data-testid*="byline" i] a`, `[class*="byline" i] a`, `[class*="author-name" i]`, `[class*="author__name" i]`,
	`[class*="authorname" i]`, `[class*="byline-name" i]`, `[class*="byline" i]`, `[class*="author" i] a`, `.author`, `[id*="byline" i]`,
}

// pageAuthors lists who wrote the page: JSON-LD, then meta tags, then the byline.
// The site's own name is dropped beside others; JSON-LD that names nobody else
// says that the piece is unsigned work of the staff, and no byline is guessed.
func pageAuthors(doc *goquery.Document, graph ldGraph, article ldNode, outlet string) []string {
	for _, key := range []string{"author", "creator"} {
		names := graph.names(article, key)
		if list := cleanAuthors(names, outlet); len(list) > 0 {
			return list
		}
		if len(names) == 1 && namesSite(names[0], outlet) {
			return names
		}
	}
	for _, key := range []string{"author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "citation_author"} {
		var found []string
		doc.Find("meta").Each(func(_ int, s *goquery.Selection) {
			if strings.EqualFold(firstOf(s.AttrOr("name", ""), s.AttrOr("property", "")), key) {
				found = append(found, plainText(s.AttrOr("content", "")))
			}
		})
		if list := cleanAuthors(found, outlet); len(list) > 0 {
			return list
		}
	}
	for _, selector := range bylineSelectors {
		s := doc.Find(selector)
		if s.Length() == 0 || s.Length() > 12 {
			continue
		}
		var found []string
		s.Each(func(_ int, s *goquery.Selection) { found = append(found, nodeText(s)) })
		if list := cleanAuthors(found, outlet); len(list) > 0 {
			return list
		}
	}
	return nil
}

var (
	inBrackets   = regexp.MustCompile(`\s*\([^()]*\)`)
	authorPrefix = regexp.MustCompile(`(?i)^(?:(?:written|reported|analysis|reporting|story|article|posted|words|author)\s+)?(?:by|von|par|por|di|door|av|af|author|autor|auteur)\s*[:\s]\s*`)
	authorSplit  = regexp.MustCompile(`(?i)\s*(?:;|\||\s/\s|,?\s+(?:and|und|et|y|og|och|with|mit)\s+|,|&|•|·)\s*`)
	authorTail   = regexp.MustCompile(`(?i)\s*(?:[|•·(<].*|\s(?:for|at|in|of)\s.*|,\s.*)$`)
)

// cleanAuthors turns what bylines hold into names: prefixes, job titles, places,
// addresses and the site's own name are dropped, several names in one string
// split, each name listed once.
func cleanAuthors(raw []string, outlet string) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range raw {
		s = inBrackets.ReplaceAllString(s, "")
		s = authorPrefix.ReplaceAllString(strings.TrimSpace(s), "")
		if s == "" || len(s) > 200 || strings.Contains(s, "://") || strings.HasPrefix(s, "/") {
			continue
		}
		for _, part := range authorSplit.Split(s, -1) {
			name := strings.Trim(authorTail.ReplaceAllString(part, ""), " .,:;-–—|")
			key := squash(name)
			if name == "" || seen[key] || !isName(name, outlet) {
				continue
			}
			seen[key] = true
			names = append(names, name)
		}
	}
	return names
}

// isName: the words could be a person's or an agency's name.
func isName(s, outlet string) bool {
	n := len(strings.Fields(s))
	if n > 6 || len(s) < 2 || strings.ContainsAny(s, "@{}[]=<>") || isRole(s) {
		return false
	}
	if squash(s) == squash(outlet) || domainName.MatchString(s) {
		return false
	}
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters > 1 && digits == 0
}

// isRole: the words are a job, not a name: "Senior Markets Editor".
func isRole(s string) bool {
	w := words(s)
	if len(w) == 0 {
		return true
	}
	return rules.has("role", w[len(w)-1]) || rules.has("byline", strings.Join(w, " "))
}
