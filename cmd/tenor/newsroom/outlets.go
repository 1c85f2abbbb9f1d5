package newsroom

import (
	"fmt"
	"hash/fnv"
)

// outlet is a publisher of the newsroom. Its template carries its markup: where
// the date stands, and what surrounds the words.
type outlet struct {
	Slug    string
	Name    string
	Tagline string
	address func(a *article) string // path of an article under the outlet's own
	listing string                  // path of its list of stories; empty for none
	page2   string                  // form of the second and later pages' paths
	perPage int
}

// Home is the path of the front page.
func (o *outlet) Home() string { return "/" + o.Slug + "/" }

func (o *outlet) path(a *article) string { return o.Home() + o.address(a) }

// outlets by the name that article headers use.
var outlets = map[string]*outlet{
	// The original. JSON-LD, RSS with tracking parameters.
	"harbor-ledger": {
		Slug: "harbor-ledger", Name: "The Harbor Ledger", Tagline: "Markets, told plainly since 1971",
		address: func(a *article) string { return a.published.Format("2006/01/02/") + a.slug() },
	},
	// Has writers of its own and also repeats the Ledger. OpenGraph only, a list
	// of stories in pages.
	"prairie-wire": {
		Slug: "prairie-wire", Name: "Prairie Wire", Tagline: "Business news for the middle of the map",
		address: func(a *article) string { return "news/" + a.slug() },
		listing: "/prairie-wire/markets", page2: "/prairie-wire/markets/%d", perPage: 8,
	},
	// Rewrites what others report. <time> only, an Atom feed.
	"kestrel-street": {
		Slug: "kestrel-street", Name: "Kestrel Street Review", Tagline: "The session, shortened",
		address: func(a *article) string { return "a/" + a.slug() },
	},
	// Machine translation. A meta date, a sitemap.
	"lantern-markets": {
		Slug: "lantern-markets", Name: "Lantern Markets", Tagline: "Global finance in your language",
		address: func(a *article) string {
			h := fnv.New32a()
			h.Write([]byte(a.key))
			return fmt.Sprintf("en/article-%d.html", h.Sum32())
		},
	},
	// An aggregator. The header shows another day and the weather; the date of a
	// story stands in its byline and its address.
	"ticker-orchard": {
		Slug: "ticker-orchard", Name: "Ticker Orchard", Tagline: "All the picks in one basket",
		address: func(a *article) string { return a.published.Format("20060102/") + a.slug() + ".html" },
		listing: "/ticker-orchard/latest", page2: "/ticker-orchard/latest?page=%d", perPage: 7,
	},
	// A second original. JSON-LD in a graph, a JSON Feed, a story in German.
	"ashgrove-post": {
		Slug: "ashgrove-post", Name: "Ashgrove Post", Tagline: "Money and the rest of life",
		address: func(a *article) string { return "markets/" + a.slug() + "/" },
	},
}

// source is a [[source]] table of the demo's tenor.toml.
type source struct{ name, outlet, kind, path, links string }

var sources = []source{
	{"Harbor Ledger", "The Harbor Ledger", "feed", "/harbor-ledger/feed.xml", ""},
	{"Prairie Wire", "Prairie Wire", "listing", "/prairie-wire/markets", "/prairie-wire/(news|members)/"},
	{"Kestrel Street", "Kestrel Street Review", "feed", "/kestrel-street/atom.xml", ""},
	{"Kestrel Street podcasts", "Kestrel Street Review", "feed", brokenFeed, ""},
	{"Lantern Markets", "Lantern Markets", "sitemap", "/lantern-markets/sitemap.xml", "/lantern-markets/en/"},
	{"Ticker Orchard", "Ticker Orchard", "listing", "/ticker-orchard/latest", "/ticker-orchard/[0-9]{8}/"},
	{"Ashgrove Post", "Ashgrove Post", "feed", "/ashgrove-post/feed.json", ""},
	{"Ashgrove data page", "Ashgrove Post", "page", noArticle, ""},
}
