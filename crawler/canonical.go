package crawler

import (
	_ "embed"
	"fmt"
	"net/url"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"

	"tenor"
)

// maxURL is the longest address taken. Servers commonly refuse longer ones, and
// a trap that grows its links ends here at the latest.
const maxURL = 2048

// The parser that colly uses too: browsers' rules, so that http://2130706433/ is
// seen as 127.0.0.1 before anything is asked of it.
var parser = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())

//go:embed data/tracking.txt
var trackingData string

var tracking = newNameSet(trackingData)

// Canonical is the one form under which an address is stored and fetched: absolute,
// http or https, host in lower case, without default port, fragment, dot segments,
// tracking parameters and session ids. Whether a path ends in a slash, and the order of
// its parameters, are left alone: servers may care. The error wraps
// tenor.ErrUsage and says what is wrong with the address.
func Canonical(address string) (string, error) {
	u, err := canonical(nil, address)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func canonical(base *url.URL, link string) (*url.URL, error) {
	return (&baseURL{url: base}).canonical(link)
}

// baseURL is what the links of a page are relative to; nil: nothing. It is parsed
// once for all of them.
type baseURL struct {
	url    *url.URL
	parsed *whatwg.Url
}

func (b *baseURL) parse(link string) (*whatwg.Url, error) {
	if b.url == nil {
		return parser.Parse(link)
	}
	if b.parsed == nil {
		var err error
		if b.parsed, err = parser.Parse(b.url.String()); err != nil {
			return nil, err
		}
	}
	return b.parsed.Parse(link)
}

func (b *baseURL) canonical(link string) (*url.URL, error) {
	if u := b.plain(link); u != nil {
		return u, nil
	}
	return b.parsedLink(link)
}

// plain is the canonical form of a link that is written as most are, from the root of
// the site and in letters that nothing can be wrong with; nil for any other.
func (b *baseURL) plain(link string) *url.URL {
	if b.url == nil || len(link) < 2 || link[0] != '/' || link[1] == '/' || len(link) > maxURL/2 || len(b.url.Host) > maxURL/4 {
		return nil
	}
	link, _, _ = strings.Cut(link, "#")
	path, query, _ := strings.Cut(link, "?")
	if !isPlain(path) || !isPlain(query) || strings.Contains(path, "/.") || b.url.User != nil {
		return nil
	}
	return &url.URL{Scheme: b.url.Scheme, Host: b.url.Host, Path: path, RawPath: path, RawQuery: withoutTracking(query)}
}

// isPlain reports whether s holds only what stands for itself in any part of an address.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isUnreserved(c) && c != '/' && c != '=' && c != '&' {
			return false
		}
	}
	return true
}

func (b *baseURL) parsedLink(link string) (*url.URL, error) {
	link = strings.TrimSpace(link)
	if len(link) > maxURL {
		return nil, fmt.Errorf("%w: the address %s is longer than %d bytes", tenor.ErrUsage, clip(link), maxURL)
	}
	parsed, err := b.parse(link)
	if err != nil {
		return nil, fmt.Errorf("%w: %s is not an address that begins with http:// or https://", tenor.ErrUsage, clip(link))
	}
	u, err := url.Parse(parsed.Href(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %s is not an address", tenor.ErrUsage, clip(link))
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%w: %s is not an http or https address", tenor.ErrUsage, clip(link))
	}
	if u.User != nil {
		// Not shown: logs and the database hold no passwords.
		return nil, fmt.Errorf("%w: the address on %s holds a user name or password; leave it out", tenor.ErrUsage, u.Hostname())
	}
	if u.Hostname() == "" || u.Opaque != "" {
		return nil, fmt.Errorf("%w: %s names no host", tenor.ErrUsage, clip(link))
	}
	if host, port := strings.TrimRight(u.Hostname(), "."), u.Port(); host != u.Hostname() && host != "" {
		u.Host = host
		if port != "" {
			u.Host += ":" + port
		}
	}
	path := withoutSession(plainEscapes(u.EscapedPath()))
	if path == "" {
		path = "/"
	}
	if u.Path, err = url.PathUnescape(path); err != nil {
		return nil, fmt.Errorf("%w: %s is not an address", tenor.ErrUsage, clip(link))
	}
	u.RawPath = path
	u.RawQuery = withoutTracking(plainEscapes(u.RawQuery))
	u.ForceQuery, u.Fragment, u.RawFragment = false, "", ""
	if len(u.String()) > maxURL {
		return nil, fmt.Errorf("%w: the address %s is longer than %d bytes", tenor.ErrUsage, clip(link), maxURL)
	}
	return u, nil
}

// plainEscapes writes %7e as ~ and %c3 as %C3: RFC 3986, 6.2.2, says that the
// spellings are one address.
func plainEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			b.WriteByte(s[i])
			continue
		}
		if c := unhex(s[i+1])<<4 | unhex(s[i+2]); isUnreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// withoutSession drops ;jsessionid=… from the segments of a path, as Java servers
// add it for visitors without cookies.
func withoutSession(path string) string {
	if !strings.Contains(path, ";") {
		return path
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		parts := strings.Split(segment, ";")
		kept := parts[:1]
		for _, part := range parts[1:] {
			if name, _, _ := strings.Cut(part, "="); !tracking.has(name) {
				kept = append(kept, part)
			}
		}
		segments[i] = strings.Join(kept, ";")
	}
	return strings.Join(segments, "/")
}

func withoutTracking(query string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if part != "" && !tracking.has(name) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// hostOf is the host of an address, with its port; "" when it is no address. Those in
// canonical form, as the frontier's are, need not be parsed for it.
func hostOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#@[%\\"); (scheme == "https" || scheme == "http") && end > 0 && rest[end] == '/' {
		return rest[:end]
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// preferredAddress is the address under which an article is kept: the one that its
// page calls canonical, so that its mobile, AMP and print forms are one article, or
// else the page's own. Templates that name the wrong page are common (the front page,
// the section, page 1 of several) and would make many articles one, so it must be of
// the same site and look like an article's.
func preferredAddress(address, link string) string {
	page, err := url.Parse(address)
	if err != nil || link == "" || isPaged(page) {
		return address
	}
	u, err := canonical(page, link)
	if err != nil || !sameSite(page, u) || !articleLike(u) || looksEndless(u) {
		return address
	}
	return u.String()
}

// isPaged reports whether an address is of one page of several of an article.
func isPaged(u *url.URL) bool {
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		switch name, _, _ := strings.Cut(strings.ToLower(part), "="); name {
		case "page", "pg", "p", "paged", "seite":
			return true
		}
	}
	return pageWord.MatchString(u.Path)
}

// sameSite reports whether two hosts belong to one publisher as far as names can tell: the
// same registrable domain (www.example.com and news.example.com), or the same
// host and port where there is none.
func sameSite(a, b *url.URL) bool {
	if a.Host == b.Host {
		return true
	}
	da, err := publicsuffix.EffectiveTLDPlusOne(a.Hostname())
	if err != nil || isAddress(a.Hostname()) {
		return false
	}
	db, err := publicsuffix.EffectiveTLDPlusOne(b.Hostname())
	return err == nil && da == db
}

// looksEndless reports whether an address looks made by a trap: a path in which one
// segment comes three times (/a/b/a/b/a/b, as relative links on a page of a wrong base make
// them), or more than twenty segments, or more than twenty parameters.
func looksEndless(u *url.URL) bool {
	segments := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(segments) > 20 || strings.Count(u.RawQuery, "&") >= 20 {
		return true
	}
	seen := map[string]int{}
	for _, s := range segments {
		// 2025/09/09/09-09 is a date, not a trap.
		if len(s) <= 2 && strings.Trim(s, "0123456789") == "" {
			continue
		}
		if seen[s]++; seen[s] >= 3 {
			return true
		}
	}
	return false
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '_' || c == '~' || c == '.'
}

// clip quotes an address for a message, shortened and without control characters.
func clip(s string) string {
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "…"
	}
	return fmt.Sprintf("%q", s)
}
