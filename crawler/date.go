package crawler

import (
	"regexp"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/markusmobius/go-htmldate"

	"tenor"
)

// earliestDate is before any article that the web carries.
var earliestDate = time.Date(1994, 1, 1, 0, 0, 0, 0, time.UTC)

// pageDate is when the page says it was published, by the most trustworthy of
// its statements: JSON-LD, article:published_time, other meta tags, <time>,
// whatever go-htmldate finds, the address. latest bounds it; a statement that
// lies later or before the web is passed over.
func pageDate(doc *goquery.Document, article ldNode, graph ldGraph, url string, latest time.Time) tenor.Date {
	candidates := []tenor.Date{parseStamp(article.text("datePublished"), "json-ld")}
	if article == nil {
		for _, n := range graph.nodes {
			if n.isType("WebPage") || n.isType("VideoObject") {
				candidates = append(candidates, parseStamp(n.text("datePublished"), "json-ld"))
			}
		}
	}
	for _, property := range []string{"article:published_time", "og:article:published_time", "og:published_time", "og:pubdate"} {
		candidates = append(candidates, parseStamp(metaContent(doc, property), "opengraph"))
	}
	for _, name := range dateMetaNames {
		candidates = append(candidates, parseStamp(metaContent(doc, name), "meta"))
	}
	doc.Find(`[itemprop="datePublished"]`).Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"datetime", "content"} {
			if v, ok := s.Attr(attr); ok {
				candidates = append(candidates, parseStamp(v, "time"))
			}
		}
	})
	candidates = append(candidates, timeElement(doc))
	future := false
	for _, d := range candidates {
		if plausible(d, latest) {
			return d
		}
		future = future || d.Known() && d.Time.After(latest)
	}
	if future {
		// Whatever is guessed for a page that states such a date would be read off
		// the same wrong clock.
		return tenor.Date{}
	}
	if d := guessDate(doc, url, latest); plausible(d, latest) {
		return d
	}
	if d := urlDate(url); plausible(d, latest) {
		return d
	}
	return tenor.Date{}
}

var dateMetaNames = []string{
	"parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "published_time",
	"dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "dc.date.created", "date", "article.published",
	"cxenseparse:recs:publishtime", "citation_publication_date", "originalpublicationdate", "article_date_original",
	"ptime", "displaydate", "created", "analyticsattributes.articledate", "rbpubdate",
}

func plausible(d tenor.Date, latest time.Time) bool {
	return d.Known() && !d.Time.Before(earliestDate) && !d.Time.After(latest)
}

// timeElement is the page's first <time> inside its article or, failing that,
// its only one. A listing of other stories has many; those prove nothing.
func timeElement(doc *goquery.Document) tenor.Date {
	for _, scope := range []string{"article header time[datetime]", "header time[datetime]", "article time[datetime]", "main time[datetime]", "time[pubdate]"} {
		if s := doc.Find(scope); s.Length() > 0 {
			if v, ok := s.First().Attr("datetime"); ok {
				if d := parseStamp(v, "time"); d.Known() {
					return d
				}
			}
		}
	}
	if s := doc.Find("time[datetime]"); s.Length() == 1 {
		return parseStamp(s.AttrOr("datetime", ""), "time")
	}
	return tenor.Date{}
}

// guessDate asks go-htmldate, without its slow parser of foreign languages.
func guessDate(doc *goquery.Document, url string, latest time.Time) tenor.Date {
	result, err := htmldate.FromDocument(doc.Get(0), htmldate.Options{
		URL: url, UseOriginalDate: true, SkipExtensiveSearch: true,
		MinDate: earliestDate, MaxDate: latest,
	})
	if err != nil || result.IsZero() {
		return tenor.Date{}
	}
	y, m, d := result.DateTime.Date()
	date := dayDate(y, m, d, "htmldate")
	if m == time.January && d == 1 {
		// What it makes of a bare year, such as that of a copyright line.
		date.Precision = tenor.PrecisionYear
	}
	return date
}

var urlDay = regexp.MustCompile(`(?:^|[/_-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)
var urlMonth = regexp.MustCompile(`/((?:19|20)\d\d)/(0[1-9]|1[0-2])/`)

// urlDate reads a date from an address: /2025/09/18/, 2025-09-18, or a month /2025/09/.
func urlDate(url string) tenor.Date {
	if m := urlDay.FindStringSubmatch(url); m != nil {
		if t, err := time.Parse("20060102", m[1]+m[2]+m[3]); err == nil {
			return tenor.Date{Time: t, Precision: tenor.PrecisionDay, Source: "url"}
		}
	}
	if m := urlMonth.FindStringSubmatch(url); m != nil {
		if t, err := time.Parse("200601", m[1]+m[2]); err == nil {
			return tenor.Date{Time: t, Precision: tenor.PrecisionMonth, Source: "url"}
		}
	}
	return tenor.Date{}
}

var stampLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon Jan 2 15:04:05 MST 2006",
	"Mon Jan 02 2006 15:04:05 GMT-0700", "20060102T150405Z",
}

// parseStamp reads a machine-readable date. Midnight exactly is what software
// writes when it knows only the day, so the precision is then the day; the same
// holds for a time without a zone.
func parseStamp(s, source string) tenor.Date {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 80 {
		return tenor.Date{}
	}
	s, _, _ = strings.Cut(s, "[") // 2025-09-18T10:00:00+02:00[Europe/Berlin]
	for _, layout := range stampLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if h, m, sec := t.Clock(); h == 0 && m == 0 && sec == 0 {
			y, mo, d := t.Date()
			return dayDate(y, mo, d, source)
		}
		_, offset := t.Zone()
		return tenor.Date{Time: t.In(time.FixedZone("", offset)).Truncate(time.Second), Precision: tenor.PrecisionTime, Source: source}
	}
	if t, err := time.Parse("20060102", s[:min(8, len(s))]); err == nil && (len(s) == 8 || !isDigit(s[8])) {
		return dayDate(t.Year(), t.Month(), t.Day(), source)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return tenor.Date{Time: t, Precision: tenor.PrecisionMonth, Source: source}
	}
	for _, m := range findDates(s) {
		if m.year > 0 {
			return m.date(source)
		}
	}
	return tenor.Date{}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
