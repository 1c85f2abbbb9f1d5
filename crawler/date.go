package crawler

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"

	"tenor"
)

// earliestDate is before any article that the web carries.
var earliestDate = time.Date(1994, 1, 1, 0, 0, 0, 0, time.UTC)

// statement is a date that a page states. The lowest rank is trusted most.
type statement struct {
	date tenor.Date
	rank int
}

// The ranks of what states a date; meta tags and elements have one each, counted on from these.
const (
	rankJSONLD    = 0
	rankOpenGraph = 100
	rankMeta      = 200
	rankTime      = 300
)

// chooseDate is the date that the statements support: the most trusted of those
// that lie between the web's beginning and latest, in whatever order they are
// given. Where it names only a day, a less trusted one of the same day lends its
// time. late is the most trusted statement that lies after latest.
func chooseDate(list []statement, latest time.Time) (chosen, late tenor.Date) {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b statement) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(precisionRank(a.date), precisionRank(b.date)),
			a.date.Time.Compare(b.date.Time), strings.Compare(a.date.String(), b.date.String()))
	})
	for _, s := range sorted {
		switch {
		case !s.date.Known() || s.date.Time.Before(earliestDate):
		case s.date.Time.After(latest):
			if !late.Known() {
				late = s.date
			}
		case !chosen.Known():
			chosen = s.date
		case chosen.Precision == tenor.PrecisionDay && s.date.Precision == tenor.PrecisionTime && sameDay(chosen, s.date):
			chosen = s.date
		}
	}
	return chosen, late
}

func precisionRank(d tenor.Date) int {
	return slices.Index([]tenor.Precision{tenor.PrecisionTime, tenor.PrecisionDay, tenor.PrecisionMonth, tenor.PrecisionYear, tenor.PrecisionNone}, d.Precision)
}

func sameDay(a, b tenor.Date) bool { return tenor.DayOf(a.Time) == tenor.DayOf(b.Time) }

// pageDates is when the page says that it was published, and last changed, by the
// most trustworthy of its statements: JSON-LD, article:published_time, other meta
// tags, <time>, a labelled row, a line at the headline, whatever go-htmldate finds,
// the address. latest bounds both. note says why a stated date was not used.
func pageDates(doc *goquery.Document, article ldNode, graph ldGraph, url, headline string, latest time.Time) (published, modified tenor.Date, note string) {
	published, late := chooseDate(publications(doc, article, graph), latest)
	modified, _ = chooseDate(changes(doc, article), latest)
	switch {
	case published.Known():
	case late.Known():
		// Whatever is guessed for a page that states such a date would be read off
		// the same wrong clock.
		return tenor.Date{}, tenor.Date{}, "the page says " + late.String() + " (" + late.Source + "), which is after it was fetched"
	default:
		for _, d := range []tenor.Date{labelledDate(doc, latest), shownDate(doc, headline, latest), guessDate(doc, url, latest), urlDate(url)} {
			if plausible(d, latest) {
				published = d
				break
			}
		}
	}
	return published, laterChange(published, modified), ""
}

// laterChange is modified where it says more than published does: software stamps
// most articles with both at once.
func laterChange(published, modified tenor.Date) tenor.Date {
	switch {
	case !published.Known() || !modified.Known():
		return modified
	case published.Precision == tenor.PrecisionTime && modified.Precision == tenor.PrecisionTime:
		if modified.Time.Sub(published.Time) < time.Minute {
			return tenor.Date{}
		}
	case tenor.DayOf(modified.Time) <= tenor.DayOf(published.Time):
		return tenor.Date{}
	}
	return modified
}

// publications are the page's statements of when it was published.
func publications(doc *goquery.Document, article ldNode, graph ldGraph) []statement {
	list := []statement{{article.stamp("datePublished"), rankJSONLD}}
	if article == nil {
		for _, n := range graph.nodes {
			if n.isType("WebPage") || n.isType("VideoObject") {
				list = append(list, statement{n.stamp("datePublished"), rankJSONLD + 1})
			}
		}
	}
	list = append(list, metaDates(doc, []string{"article:published_time", "og:article:published_time", "og:published_time", "og:pubdate"}, "opengraph", rankOpenGraph)...)
	list = append(list, metaDates(doc, dateMetaNames, "meta", rankMeta)...)
	list = append(list, itemDates(doc, "datePublished", rankTime)...)
	list = append(list, itemDates(doc, "dateCreated", rankTime+2)...)
	return append(list, statement{timeElement(doc), rankTime + 1})
}

// changes are the page's statements of when it was last changed.
func changes(doc *goquery.Document, article ldNode) []statement {
	list := []statement{{article.stamp("dateModified"), rankJSONLD}}
	list = append(list, metaDates(doc, []string{"article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time"}, "opengraph", rankOpenGraph)...)
	list = append(list, metaDates(doc, []string{"dcterms.modified", "dc.date.modified", "dc.modified", "last-modified", "lastmod", "revised", "updated_time", "article.updated", "modified"}, "meta", rankMeta)...)
	list = append(list, itemDates(doc, "dateModified", rankTime)...)
	doc.Find("article time[datetime], main time[datetime], header time[datetime]").EachWithBreak(func(i int, s *goquery.Selection) bool {
		if tellsOfChange(s) {
			list = append(list, statement{parseStamp(s.AttrOr("datetime", ""), "time"), rankTime + 1})
		}
		return i < 20
	})
	return list
}

// metaDates reads the meta tags of these names, the first trusted most.
func metaDates(doc *goquery.Document, names []string, source string, rank int) []statement {
	var list []statement
	tag := localeTag(doc)
	for i, content := range metaContents(doc, names) {
		list = append(list, statement{localStamp(content, source, tag), rank + i})
	}
	return list
}

// itemDates reads the elements marked with a property of schema.org, as microdata
// or RDFa. Some blogs state it in the title attribute.
func itemDates(doc *goquery.Document, property string, rank int) []statement {
	var list []statement
	doc.Find(`[itemprop~="` + property + `"], [property="schema:` + property + `"]`).EachWithBreak(func(i int, s *goquery.Selection) bool {
		for _, attr := range []string{"datetime", "content", "title"} {
			if v, ok := s.Attr(attr); ok {
				list = append(list, statement{parseStamp(v, "time"), rank})
			}
		}
		// Those after the first are of other stories on the page.
		return len(list) == 0 && i < 20
	})
	return list
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

// timeElement is the page's first <time> of a publication inside its article or,
// failing that, its only one. A listing of other stories has many; those prove nothing.
func timeElement(doc *goquery.Document) tenor.Date {
	for _, scope := range []string{"article header time[datetime]", "header time[datetime]", "article time[datetime]", "main time[datetime]", "time[pubdate]"} {
		var found tenor.Date
		doc.Find(scope).EachWithBreak(func(i int, s *goquery.Selection) bool {
			if !tellsOfChange(s) {
				found = parseStamp(s.AttrOr("datetime", ""), "time")
				return false
			}
			return i < 4
		})
		if found.Known() {
			return found
		}
	}
	if s := doc.Find("time[datetime]"); s.Length() == 1 {
		return parseStamp(s.AttrOr("datetime", ""), "time")
	}
	return tenor.Date{}
}

// tellsOfChange: the <time> is of the page's last change, by its class, its
// property or the word before it ("Updated 3 June").
func tellsOfChange(s *goquery.Selection) bool {
	for _, name := range []string{"class", "itemprop", "id"} {
		if v := strings.ToLower(s.AttrOr(name, "")); strings.Contains(v, "modified") || strings.Contains(v, "updated") {
			return true
		}
	}
	n := s.Get(0)
	before := n.PrevSibling
	if before == nil && n.Parent != nil {
		before = n.Parent.PrevSibling
	}
	for before != nil && before.Type == html.TextNode && strings.TrimSpace(before.Data) == "" {
		before = before.PrevSibling
	}
	label := textOf(n)
	if before != nil && isShort(before, 60) {
		label = textOf(before) + " " + label
	}
	for phrase := range headerRules["revised"] {
		if at := strings.LastIndex(strings.ToLower(label), phrase); at >= 0 && !hasAny(strings.ToLower(label[at:]), "dated") {
			return true
		}
	}
	return false
}

func hasAny(s, kind string) bool {
	return slices.ContainsFunc(words(s), func(w string) bool { return headerRules.has(kind, w) })
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
