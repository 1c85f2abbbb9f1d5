package crawler

import (
	"bytes"
	_ "embed"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

//go:embed data/sections.txt
var sectionData string

var sections = newNameSet(sectionData)

const (
	maxLinks = 1000   // that one page can add to the frontier
	maxHrefs = 20_000 // looked at on one page
)

// listing is what a page of links leads to.
type listing struct {
	articles []entry
	next     string // the following page of the same list; empty when there is none
	feed     string // the feed that the page says it has
	endless  int    // links left out because they look made by a trap
}

// readListing finds the links to articles on a page: those of the same site whose
// address matches the pattern, or, without one, whose path looks like an article's.
func readListing(p *tenor.Page, pattern *regexp.Regexp) (*listing, error) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return nil, failed("the page cannot be read as HTML (%s)", sentence(err.Error()))
	}
	site, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	base := site
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := canonical(site, href); err == nil {
			base = u
		}
	}
	l := &listing{}
	seen := map[string]bool{p.URL: true}
	doc.Find("a[href]").EachWithBreak(func(i int, a *goquery.Selection) bool {
		if i >= maxHrefs {
			return false
		}
		href, _ := a.Attr("href")
		if href = strings.TrimSpace(href); href == "" || href[0] == '#' {
			return true
		}
		u, err := canonical(base, href)
		if err != nil || !sameSite(site, u) {
			return true
		}
		address := u.String()
		if l.next == "" && isNext(a, site, u) && address != p.URL {
			l.next = address
			seen[address] = true
			return true
		}
		if seen[address] || !wanted(u, address, pattern) {
			return true
		}
		seen[address] = true
		if looksEndless(u) {
			l.endless++
			return true
		}
		l.articles = append(l.articles, entry{url: address})
		return len(l.articles) < maxLinks
	})
	if href, ok := doc.Find(`link[rel~="next"][href]`).First().Attr("href"); ok {
		if u, err := canonical(base, href); err == nil && sameSite(site, u) && u.String() != p.URL {
			l.next = u.String()
		}
	}
	doc.Find(`link[rel~="alternate"][href]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		switch s.AttrOr("type", "") {
		case "application/rss+xml", "application/atom+xml", "application/feed+json":
		default:
			return true
		}
		u, err := canonical(base, s.AttrOr("href", ""))
		if err == nil && sameSite(site, u) && !strings.Contains(u.Path, "comment") {
			l.feed = u.String()
		}
		return l.feed == ""
	})
	return l, nil
}

func wanted(u *url.URL, address string, pattern *regexp.Regexp) bool {
	if !readable(u) {
		return false
	}
	if pattern != nil {
		return pattern.MatchString(address)
	}
	return articleLike(u)
}

// readable reports whether a path may lead to a page of text.
func readable(u *url.URL) bool {
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".ico", ".css", ".js", ".json", ".xml", ".rss", ".atom",
		".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".gz", ".mp3", ".mp4", ".m4a", ".mov", ".webm", ".exe", ".dmg", ".apk":
		return false
	}
	return true
}

var (
	dated    = regexp.MustCompile(`/(19|20)\d\d[/-]?(0[1-9]|1[0-2])([/-]?([0-2]\d|3[01]))?/`)
	numbered = regexp.MustCompile(`\d{5,}|^[a-z]+-?\d{4,}$`)
	pageWord = regexp.MustCompile(`(?i)(^|/)(page|seite|p)[/-]?\d+/?$`)
)

// articleLike reports whether a path is one that sites give to articles: a slug of
// several words, something below a date, or a long number; and in no section that holds other things.
//
//	/2025/09/small-caps-rally.html   /news/small-caps-rally-on-fed-hopes   /story/84213377
func articleLike(u *url.URL) bool {
	p := strings.ToLower(strings.TrimSuffix(u.Path, "/"))
	if p == "" || pageWord.MatchString(p) {
		return false
	}
	segments := strings.Split(strings.Trim(p, "/"), "/")
	for _, s := range segments[:len(segments)-1] {
		if sections.has(s) {
			return false
		}
	}
	last := segments[len(segments)-1]
	if len(segments) == 1 && sections.has(last) {
		return false
	}
	ext := path.Ext(last)
	slug := strings.TrimSuffix(last, ext)
	words := strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' })
	letters := strings.ContainsFunc(slug, func(r rune) bool { return r > '9' && r != '_' && r != '-' })
	switch {
	case len(words) >= 4 && letters:
		return true
	case len(words) >= 3 && letters && (len(segments) >= 2 || ext != ""):
		return true
	case dated.MatchString(p+"/") && letters && !dated.MatchString("/"+last+"/"):
		return true
	case len(segments) >= 2 && numbered.MatchString(slug):
		return true
	case len(segments) >= 2 && (ext == ".html" || ext == ".htm" || ext == ".shtml") && slug != "index":
		return true
	}
	return false
}

// isNext reports whether a link leads to the next page of the same list: it says
// so (rel=next), or it reads so and changes no more than a page number.
func isNext(a *goquery.Selection, from, to *url.URL) bool {
	for rel := range strings.FieldsSeq(strings.ToLower(a.AttrOr("rel", ""))) {
		if rel == "next" {
			return true
		}
	}
	if from.Host != to.Host {
		return false
	}
	words := strings.ToLower(strings.Join(strings.Fields(a.Text()), " "))
	switch strings.Trim(words, " →›»>") {
	case "next", "next page", "older", "older posts", "older articles", "more articles", "older entries":
	default:
		if words != "›" && words != "»" && words != "→" {
			return false
		}
	}
	if to.Path == from.Path {
		return to.RawQuery != from.RawQuery && to.RawQuery != ""
	}
	return pageWord.MatchString(to.Path)
}
