package crawler

import (
	_ "embed"
	"net/url"
	"path"
	"regexp"
	"strings"

	"tenor"
)

//go:embed data/sections.txt
var sectionData string

var sections = newNameSet(sectionData)

// maxLinks is what one page can add to the frontier.
const maxLinks = 1000

// listing is what a page of links leads to.
type listing struct {
	articles []entry
	next     string // the following page of the same list; empty when there is none
	feed     string // the feed that the page says it has
	endless  int    // links left out because they look made by a trap
}

// readListing finds the links to articles on a page: those of the same site whose
// address matches the pattern, or, without one, whose path looks like an article's.
// links may be nil.
func readListing(p *tenor.Page, pattern *regexp.Regexp, links *linkCache) (*listing, error) {
	site, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	tags := scanLinks(p.Body)
	base := &baseURL{url: site}
	if tags.base != "" {
		if u, err := canonical(site, tags.base); err == nil {
			base.url = u
		}
	}
	l := &listing{articles: make([]entry, 0, min(len(tags.anchors), maxLinks))}
	seen := make(map[uint64]bool, len(tags.anchors)) // by the hash of the address
	seen[hashOf(p.URL)] = true
	for _, a := range tags.anchors {
		link := links.resolve(base, a.href)
		if link == nil || !sameSite(site, link.url) {
			continue
		}
		if l.next == "" && link.address != p.URL && a.isNext(site, link.url) {
			l.next = link.address
			seen[link.hash] = true
			continue
		}
		if seen[link.hash] || !link.wanted(pattern) {
			continue
		}
		seen[link.hash] = true
		if link.endless {
			l.endless++
			continue
		}
		l.articles = append(l.articles, entry{url: link.address, hash: link.hash})
		if len(l.articles) == maxLinks {
			break
		}
	}
	if tags.next != "" {
		if link := links.resolve(base, tags.next); link != nil && sameSite(site, link.url) && link.address != p.URL {
			l.next = link.address
		}
	}
	for _, href := range tags.feeds {
		link := links.resolve(base, href)
		if link != nil && sameSite(site, link.url) && !strings.Contains(link.url.Path, "comment") {
			l.feed = link.address
			break
		}
	}
	return l, nil
}

func (l *resolved) wanted(pattern *regexp.Regexp) bool {
	if pattern == nil && !l.article || !readable(l.url) {
		return false
	}
	return pattern == nil || pattern.MatchString(l.address)
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
