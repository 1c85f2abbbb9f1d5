package newsroom

// Addresses that a crawler must survive or leave alone.
const (
	brokenFeed = "/kestrel-street/podcasts.xml"       // XML that breaks off
	noArticle  = "/ashgrove-post/market-data"         // a table of prices, no story
	membersDir = "/prairie-wire/members/"             // closed to robots, linked from the list
	members    = membersDir + "private-outlook"       // the story behind it
	withdrawn  = "/prairie-wire/news/withdrawn-story" // linked, answers 404
)

// NeverQuoted are names that stand on pages where no quote may be found: in text
// that readers cannot see, behind robots.txt, and in the furniture of pages.
func NeverQuoted() []string {
	return []string{"Victor Nullman", "Sybil Lockridge", "Perpetua Oddfellow", "Barnaby Teasdale"}
}

func (s *site) addTraps() {
	s.add("/robots.txt", "text/plain; charset=utf-8", []byte(
		"# The invented newsroom\nUser-agent: *\nDisallow: "+membersDir+"\n\nSitemap: "+s.base+"/lantern-markets/sitemap.xml\n"))
	s.add(brokenFeed, "application/rss+xml; charset=utf-8", []byte(
		"<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Kestrel Street on air</title>\n<item><title>Episode 12: small & mighty</title><link>"+s.base+"/kestrel-street/air/12</li"))
	s.addHTML(noArticle, "market-data", view{Outlet: outlets["ashgrove-post"], Title: "Market data", Lang: "en", URL: s.base + noArticle})
	s.addHTML(members, "members", view{Outlet: outlets["prairie-wire"], Title: "Members' private outlook", Lang: "en", URL: s.base + members})
}
