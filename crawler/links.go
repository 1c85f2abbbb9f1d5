package crawler

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"strings"
	"sync"
)

const (
	maxHrefs     = 20_000 // links looked at on one page
	maxLinkText  = 40     // bytes kept of what a link says; "older entries" is the longest that matters
	maxLinkCache = 16_384 // links remembered in a run
)

// pageLinks are the links of a page as written.
type pageLinks struct {
	base    string   // of the first <base>
	next    string   // of the first <link rel=next>
	feeds   []string // of <link rel=alternate> of a feed's type
	anchors []pageLink
}

type pageLink struct {
	href, rel string
	text      [maxLinkText]byte // the beginning of what the link says
	size      int               // of text
}

// scanLinks reads the links of a page without building its tree, which costs many
// times as much and is of no use here.
func scanLinks(body []byte) pageLinks {
	l := pageLinks{anchors: make([]pageLink, 0, 32)}
	var open *pageLink // the <a> whose text is read
	for {
		i := bytes.IndexByte(body, '<')
		if open != nil {
			text := body
			if i >= 0 {
				text = body[:i]
			}
			open.size += copy(open.text[open.size:], text)
		}
		if i < 0 {
			return l
		}
		body = body[i:]
		name := tagName(body[1:])
		end := 1
		switch {
		case bytes.HasPrefix(body, []byte("<!--")):
			end = through(body[2:], "-->") + 2 // <!--> is a whole one
		case len(body) > 2 && body[1] == '/':
			if name := tagName(body[2:]); len(name) == 1 && name[0]|0x20 == 'a' {
				open = nil
			}
			end = tagEnd(body)
		case len(name) == 0:
		case isRaw(name):
			end = throughRaw(body, name)
		default:
			end = tagEnd(body)
			t := body[1+len(name) : end]
			switch {
			case len(name) == 1 && name[0]|0x20 == 'a':
				open = nil
				if a := readLinkTag(t); a.href != "" && a.href[0] != '#' && len(l.anchors) < maxHrefs {
					l.anchors = append(l.anchors, pageLink{href: a.href, rel: a.rel})
					open = &l.anchors[len(l.anchors)-1]
				}
			case len(name) != 4:
			case bytes.EqualFold(name, []byte("link")):
				l.add(readLinkTag(t))
			case bytes.EqualFold(name, []byte("base")):
				l.base = cmp.Or(l.base, readLinkTag(t).href)
			}
		}
		body = body[end:]
	}
}

func tagName(b []byte) []byte {
	n := 0
	for n < len(b) && (b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' || n > 0 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-')) {
		n++
	}
	return b[:n]
}

// tagEnd is the length of the tag that b begins with: a > between quotation marks
// does not end it.
func tagEnd(b []byte) int {
	var quote, before byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1
		case (c == '"' || c == '\'') && before == '=':
			quote = c
		}
		if c > ' ' {
			before = c
		}
	}
	return len(b)
}

// isRaw reports whether what stands in an element is text, whatever it looks like.
func isRaw(name []byte) bool {
	switch name[0] | 0x20 {
	case 's', 't', 'n', 'i', 'x':
		switch string(bytes.ToLower(name)) {
		case "script", "style", "textarea", "title", "noscript", "noembed", "noframes", "iframe", "xmp":
			return true
		}
	}
	return false
}

// throughRaw is where the closing tag of the raw element that b begins with starts.
func throughRaw(b, name []byte) int {
	at := tagEnd(b)
	for {
		i := bytes.Index(b[at:], []byte("</"))
		if i < 0 {
			return len(b)
		}
		if at += i + 2; bytes.EqualFold(tagName(b[at:]), name) {
			return at
		}
	}
}

// linkTag is what of a tag's attributes matters for links.
type linkTag struct{ href, rel, media string }

// readLinkTag reads the attributes of a tag, from behind its name to its end. Of one
// given twice the first counts.
func readLinkTag(b []byte) (t linkTag) {
	for len(b) > 0 {
		b = bytes.TrimLeft(b, " \t\r\n\f/>")
		n := 0
		for n < len(b) && !isBlank(b[n]) && b[n] != '=' && b[n] != '>' && (b[n] != '/' || n == 0) {
			n++
		}
		name := b[:n]
		b = bytes.TrimLeft(b[n:], " \t\r\n\f")
		if len(b) == 0 || b[0] != '=' {
			continue
		}
		b = bytes.TrimLeft(b[1:], " \t\r\n\f")
		var value []byte
		if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
			value, b, _ = bytes.Cut(b[1:], b[:1])
		} else {
			n := bytes.IndexAny(b, " \t\r\n\f>")
			if n < 0 {
				n = len(b)
			}
			value, b = b[:n], b[n:]
		}
		var to *string
		switch {
		case bytes.EqualFold(name, []byte("href")):
			to = &t.href
		case bytes.EqualFold(name, []byte("rel")):
			to = &t.rel
		case bytes.EqualFold(name, []byte("type")):
			to = &t.media
		}
		if to != nil && *to == "" {
			*to = html.UnescapeString(string(bytes.TrimSpace(value)))
		}
	}
	t.rel = strings.ToLower(t.rel)
	return t
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func (l *pageLinks) add(t linkTag) {
	if t.href == "" {
		return
	}
	for rel := range strings.FieldsSeq(t.rel) {
		switch {
		case rel == "next" && l.next == "":
			l.next = t.href
		case rel == "alternate" && len(l.feeds) < 20:
			switch t.media {
			case "application/rss+xml", "application/atom+xml", "application/feed+json":
				l.feeds = append(l.feeds, t.href)
			}
		}
	}
}

// isNext reports whether a link leads to the next page of the same list: it says
// so (rel=next), or it reads so and changes no more than a page number.
func (a *pageLink) isNext(from, to *url.URL) bool {
	for rel := range strings.FieldsSeq(a.rel) {
		if rel == "next" {
			return true
		}
	}
	if from.Host != to.Host || a.size == maxLinkText {
		return false
	}
	if c := bytes.TrimLeft(a.text[:a.size], " \t\r\n"); len(c) == 0 || c[0] < 0x80 && !strings.ContainsRune("nomNOM&>", rune(c[0])) {
		return false // most links end here
	}
	words := strings.ToLower(strings.Join(strings.Fields(html.UnescapeString(string(a.text[:a.size]))), " "))
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

// linkCache remembers what links as written lead to: a site has the same menu on
// each of its pages, and making an address canonical is most of the work of reading
// them. A nil cache remembers nothing.
type linkCache struct {
	mu    sync.Mutex
	sites map[linkSite]map[string]*resolved // by the link as written
	size  int
}

type linkSite struct{ scheme, host string }

// resolved is a canonical address in both forms. It is shared: nobody changes it.
type resolved struct {
	url     *url.URL
	address string
	hash    uint64 // of the address
	article bool   // it looks like an article's
	endless bool   // it looks made by a trap
}

// resolve is where a link on a page of base leads to, or nil.
func (c *linkCache) resolve(base *baseURL, href string) *resolved {
	// Other links depend on the page's own path.
	if c == nil || !(strings.HasPrefix(href, "/") || strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://")) {
		return newResolved(base.canonical(href))
	}
	site := linkSite{base.url.Scheme, base.url.Host}
	c.mu.Lock()
	r, ok := c.sites[site][href]
	c.mu.Unlock()
	if ok {
		return r
	}
	r = newResolved(base.canonical(href))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sites == nil || c.size >= maxLinkCache {
		c.sites, c.size = map[linkSite]map[string]*resolved{}, 0
	}
	if c.sites[site] == nil {
		c.sites[site] = map[string]*resolved{}
	}
	c.sites[site][href] = r
	c.size++
	return r
}

func newResolved(u *url.URL, err error) *resolved {
	if err != nil {
		return nil
	}
	address := u.String()
	return &resolved{u, address, hashOf(address), articleLike(u), looksEndless(u)}
}
