package crawler

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tenor"
)

// metadata is what a page says about itself outside its text.
type metadata struct {
	title    string
	authors  []string
	outlet   string
	language string
	url      string // the address it calls canonical
	kind     tenor.PageType
	paywall  bool
	body     string // JSON-LD articleBody
	summary  string
}

func readMetadata(doc *goquery.Document, graph ldGraph, article ldNode) metadata {
	m := metadata{
		outlet:   outletName(doc, graph, article),
		language: languageTag(doc),
		url:      firstOf(attr(doc, `link[rel~="canonical"]`, "href"), metaContent(doc, "og:url"), article.text("url")),
		summary:  firstOf(metaContent(doc, "og:description"), metaContent(doc, "description"), article.text("description")),
		body:     stringOf(article["articleBody"]),
	}
	sites := siteNames(doc, graph, article, m.outlet)
	m.title = pageTitle(doc, article, append(sites, domainNames(m.url)...))
	if m.outlet == "" {
		m.outlet = outletOfTitle(doc, m.title, m.url)
	}
	m.authors = pageAuthors(doc, graph, article, m.outlet, sites)
	m.kind = pageKind(doc, graph, article)
	for _, v := range listOf(article["isAccessibleForFree"]) {
		m.paywall = v == false || strings.EqualFold(stringOf(v), "false")
	}
	return m
}

// pageKind is what the page declares itself to be; "" when it does not say.
func pageKind(doc *goquery.Document, graph ldGraph, article ldNode) tenor.PageType {
	og := strings.ToLower(metaContent(doc, "og:type"))
	switch {
	case article != nil:
		return tenor.PageArticle
	case strings.HasPrefix(og, "video"):
		return tenor.PageVideo
	case og == "article":
		return tenor.PageArticle
	}
	for _, n := range graph.nodes {
		switch {
		case n.isType("VideoObject"):
			return tenor.PageVideo
		case n.isType("CollectionPage"), n.isType("ItemList"), n.isType("SearchResultsPage"):
			return tenor.PageListing
		}
	}
	return ""
}

// outletName is the publisher as a reader would name it.
func outletName(doc *goquery.Document, graph ldGraph, article ldNode) string {
	publisher := ""
	if names := graph.names(article, "publisher"); len(names) > 0 {
		publisher = names[0]
	}
	name := firstOf(metaContent(doc, "og:site_name"), publisher, metaContent(doc, "application-name"), metaContent(doc, "publisher"))
	if name == "" {
		for _, n := range graph.nodes {
			if n.isType("WebSite") {
				name = n.text("name")
				break
			}
		}
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "@"), " | ") // "Meadow Post | Breaking news and views"
	if address := siteOf(name); address != "" {
		name = address // "https://www.meadow.example"
	}
	if len(name) > 80 {
		return ""
	}
	return strings.TrimSpace(name)
}

// outletOfTitle is what the title tag holds beside the headline, where the page's
// address or its logo says that this is the site's name and not a section's.
func outletOfTitle(doc *goquery.Document, headline, url string) string {
	title := nodeText(doc.Find("head title"))
	before, after, ok := strings.Cut(title, headline)
	if !ok || headline == "" || before != "" && after != "" {
		return ""
	}
	name := strings.Trim(before+after, " |-–—·•:»«‹›/")
	if flat := squash(name); len(flat) >= 3 && len(words(name)) <= 6 {
		for _, site := range append(domainNames(url), nodeText(doc.Find("h1")), doc.Find("img[alt]").AttrOr("alt", "")) {
			if squash(site) == flat {
				return name
			}
		}
	}
	return ""
}

// siteNames are the names under which the site goes on this page.
func siteNames(doc *goquery.Document, graph ldGraph, article ldNode, outlet string) []string {
	names := append([]string{outlet}, graph.names(article, "publisher")...)
	for _, key := range []string{"og:site_name", "application-name", "apple-mobile-web-app-title", "publisher"} {
		names = append(names, metaContent(doc, key))
	}
	for _, n := range graph.nodes {
		if n.isType("WebSite") || n.isType("NewsMediaOrganization") {
			names = append(names, n.text("name"))
		}
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" || len(s) > 120 })
}

// domainNames are what a title may call the site after its address: "meadow.example"
// and "meadow".
func domainNames(address string) []string {
	site := siteOf(address)
	if site == "" {
		return nil
	}
	label, _, _ := strings.Cut(site, ".")
	return []string{site, label}
}

func languageTag(doc *goquery.Document) string {
	tag := firstOf(attr(doc, "html", "lang"), attr(doc, "html", "xml:lang"), metaContent(doc, "content-language"),
		metaContent(doc, "og:locale"), metaContent(doc, "dc.language"))
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	base, _, _ := strings.Cut(tag, "-")
	if len(base) < 2 || len(base) > 3 || strings.Trim(base, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return base
}

// metaContent is the content of the first <meta> with this property, name,
// itemprop or http-equiv, in any case of letters.
func metaContent(doc *goquery.Document, key string) string {
	return metaContents(doc, []string{key})[0]
}

// metaContents is metaContent of each of the keys, in one pass over the page.
func metaContents(doc *goquery.Document, keys []string) []string {
	contents := make([]string, len(keys))
	for n := range doc.Get(0).Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "property", "name", "itemprop", "http-equiv":
				i := slices.IndexFunc(keys, func(key string) bool { return strings.EqualFold(strings.TrimSpace(a.Val), key) })
				if i >= 0 && contents[i] == "" {
					contents[i] = plainText(attribute(n, "content"))
				}
			}
		}
		if !slices.Contains(contents, "") {
			break
		}
	}
	return contents
}

// attribute is the value of an element's attribute; "" without one.
func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func attr(doc *goquery.Document, selector, name string) string {
	value := ""
	doc.Find(selector).EachWithBreak(func(_ int, s *goquery.Selection) bool {
		value = strings.TrimSpace(s.AttrOr(name, ""))
		return value == ""
	})
	return value
}

func firstOf(options ...string) string {
	for _, s := range options {
		if s != "" {
			return s
		}
	}
	return ""
}

func stringOf(v any) string {
	s, _ := v.(string)
	return s
}

// nodeText is the folded text of a selection's first node.
func nodeText(s *goquery.Selection) string {
	if s.Length() == 0 {
		return ""
	}
	var n *html.Node = s.Get(0)
	return textOf(n)
}
