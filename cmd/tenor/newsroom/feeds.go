package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

func (s *site) addFeeds() {
	s.addRSS("/harbor-ledger/feed.xml", outlets["harbor-ledger"])
	s.addAtom("/kestrel-street/atom.xml", outlets["kestrel-street"])
	s.addJSONFeed("/ashgrove-post/feed.json", outlets["ashgrove-post"])
	s.addSitemaps(outlets["lantern-markets"])
}

func (s *site) addXML(path, mime string, v any) { s.add(path, mime, marshalXML(v)) }

func marshalXML(v any) []byte {
	data, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		panic("newsroom: " + err.Error())
	}
	return append([]byte(xml.Header), data...)
}

type rssItem struct {
	Title       string `xml:"title"`
	Link        string `xml:"link"`
	GUID        string `xml:"guid"`
	PubDate     string `xml:"pubDate"`
	Description string `xml:"description"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Items       []rssItem `xml:"item"`
}

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Channel rssChannel `xml:"channel"`
}

// addRSS links every story with tracking parameters, the newest a second time
// with others, and the oldest through an address that only redirects.
func (s *site) addRSS(path string, o *outlet) {
	feed := rss{Version: "2.0", Channel: rssChannel{o.Name, s.base + o.Home(), o.Tagline, "en-us", nil}}
	add := func(i item, link string) {
		feed.Channel.Items = append(feed.Channel.Items,
			rssItem{i.Title, link, link, i.Published.Format(time.RFC1123Z), i.Deck})
	}
	items := s.items(o)
	for n, i := range items {
		switch n {
		case 0:
			add(i, i.URL+"?utm_source=breaking&utm_campaign=alert&fbclid=Zx81")
			add(i, i.URL+"?utm_source=rss&utm_medium=feed")
		case len(items) - 1:
			short := "/harbor-ledger/r/1001"
			s.pages[short] = page{redirect: i.URL}
			add(i, s.base+short)
		default:
			add(i, i.URL+"?utm_source=rss&utm_medium=feed")
		}
	}
	s.addXML(path, "application/rss+xml; charset=utf-8", feed)
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string   `xml:"title"`
	ID        string   `xml:"id"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

func (s *site) addAtom(path string, o *outlet) {
	items := s.items(o)
	feed := atomFeed{Title: o.Name, ID: s.base + o.Home(), Links: []atomLink{
		{"self", s.base + path}, {"alternate", s.base + o.Home()},
	}}
	for n, i := range items {
		if n == 0 {
			feed.Updated = i.Published.Format(time.RFC3339)
		}
		feed.Entries = append(feed.Entries, atomEntry{
			i.Title, i.URL, atomLink{"alternate", i.URL},
			i.Published.Format(time.RFC3339), i.Published.Format(time.RFC3339), i.Deck,
		})
	}
	s.addXML(path, "application/atom+xml; charset=utf-8", feed)
}

func (s *site) addJSONFeed(path string, o *outlet) {
	var items []map[string]any
	for _, i := range s.items(o) {
		entry := map[string]any{
			"id": i.URL, "url": i.URL + "#top", "title": i.Title, "summary": i.Deck,
			"date_published": i.Published.Format(time.RFC3339), "language": i.article.lang,
		}
		var authors []map[string]string
		for _, name := range i.article.authors {
			authors = append(authors, map[string]string{"name": name})
		}
		if authors != nil {
			entry["authors"] = authors
		}
		items = append(items, entry)
	}
	data, err := json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": o.Name, "items": items,
		"home_page_url": s.base + o.Home(), "feed_url": s.base + path,
	}, "", "  ")
	if err != nil {
		panic("newsroom: " + err.Error())
	}
	s.add(path, "application/feed+json", data)
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

type urlSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapIndex struct {
	XMLName  xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []sitemapURL `xml:"sitemap"`
}

// addSitemaps makes an index and a sitemap a year, 2024's compressed. Each lists
// a page that is no story, which the source's links expression keeps out.
func (s *site) addSitemaps(o *outlet) {
	years := map[int][]sitemapURL{}
	for _, i := range s.items(o) {
		y := i.Published.Year()
		years[y] = append(years[y], sitemapURL{i.URL, i.Published.Format(time.DateOnly)})
	}
	var index sitemapIndex
	for _, y := range []int{2025, 2024} {
		urls := append(years[y], sitemapURL{s.base + o.Home(), "2025-10-31"})
		data := marshalXML(urlSet{URLs: urls})
		path, mime := fmt.Sprintf("%ssitemap-%d.xml", o.Home(), y), "application/xml"
		if y == 2024 {
			path, mime, data = path+".gz", "application/gzip", compress(data)
		}
		s.add(path, mime, data)
		index.Sitemaps = append(index.Sitemaps, sitemapURL{s.base + path, urls[0].LastMod})
	}
	s.addXML(o.Home()+"sitemap.xml", "application/xml", index)
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data) // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}
