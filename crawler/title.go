package crawler

import (
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// titleSeparator stands between a headline and a site's name: " | ", " - ", " – ",
// " — ", " · ", " :: ", " » ".
var titleSeparator = regexp.MustCompile(`\s+(?:\||-|–|—|·|•|::|»|«|‹|›|/)\s+`)

// pageTitle is the headline as displayed. The page's titles vote: what its <h1>
// shows outweighs any other one, repeated once, and two of weight that agree
// outweigh it, since an <h1> may hold a section name or a live ticker's latest line
// as well. A site's name after a separator is dropped first. A title that differs
// from another one only by a kicker before it ("Opinion | …") votes for the one
// without, and one with another kicker than the <h1> shows is taken without it.
func pageTitle(doc *goquery.Document, article ldNode, sites []string) string {
	candidates := []struct {
		title  string
		weight float64
	}{
		{metaContent(doc, "og:title"), 1}, {article.text("headline"), 1.2}, {"", 1.6},
		{metaContent(doc, "twitter:title"), 0.5}, {nodeText(doc.Find("head title")), 0.5},
	}
	var others []string
	for i := range candidates {
		candidates[i].title = withoutSite(candidates[i].title, sites)
		others = append(others, candidates[i].title)
	}
	shown := displayedHeadline(doc, others)
	for i := range candidates {
		candidates[i].title = wholeOf(withoutHiddenKicker(candidates[i].title, shown), shown)
	}
	shown = withoutShownKicker(shown, candidates[0].title, candidates[1].title, candidates[3].title, candidates[4].title)
	candidates[2].title = shown
	best, most := "", 0.0
	for i, c := range candidates {
		votes := 0.0
		for _, other := range candidates {
			if squash(other.title) == squash(c.title) || hasKicker(other.title, c.title, i == 0) {
				votes += other.weight
			}
		}
		// Of equal words the first spelling is taken: an <h1> often has a kicker
		// glued to it, or capitals throughout.
		if c.title != "" && votes > most {
			best, most = candidates[i].title, votes
		}
	}
	if evenMarks.Replace(best) == evenMarks.Replace(shown) {
		return shown // with the marks that a reader sees
	}
	return best
}

// evenMarks takes away the difference between typographic marks and those of a
// typewriter, which titles made for machines often have instead.
var evenMarks = strings.NewReplacer("‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "…", "...", "–", "-", "—", "-")

// withoutShownKicker is the headline that an <h1> shows below a kicker: one of the
// titles, where none has the kicker too.
func withoutShownKicker(shown string, titles ...string) string {
	bare, flat := shown, squash(shown)
	for _, title := range titles {
		switch end := squash(title); {
		case end == flat:
			return shown
		case len(words(title)) >= 3 && strings.HasSuffix(flat, end) && len(words(shown)) <= len(words(title))+maxKickerWords:
			bare = title
		}
	}
	return bare
}

// wholeOf is what the page shows where a title is the beginning of it, cut off with dots.
func wholeOf(title, shown string) string {
	bare := strings.TrimRight(title, ". …")
	if dots := title[len(bare):]; (strings.Contains(dots, "…") || strings.Contains(dots, "...")) &&
		len(words(bare)) >= 4 && len(squash(shown)) > len(squash(bare)) && strings.HasPrefix(squash(shown), squash(bare)) {
		return shown
	}
	return title
}

// withoutHiddenKicker is a title "KICKER: headline" without its kicker where the
// <h1> shows the headline below another one.
func withoutHiddenKicker(title, shown string) string {
	kicker, headline, ok := strings.Cut(title, ": ")
	all, end := squash(shown), squash(headline)
	if !ok || len(words(kicker)) > maxKickerWords || len(words(headline)) < 3 || all == end || !strings.HasSuffix(all, end) ||
		len(words(shown)) > len(words(headline))+maxKickerWords || sharedWords(kicker, shown) > 0 {
		return title
	}
	return headline
}

// maxKickerWords is the most words that stand above or before a headline.
const maxKickerWords = 4

// hasKicker: title is "KICKER | headline" or, where the headline is the one made for
// sharing, "KICKER: headline"; elsewhere the words before a colon belong to it.
func hasKicker(title, headline string, shared bool) bool {
	before, ok := strings.CutSuffix(title, headline)
	before = strings.TrimRight(before, " ")
	return ok && before != "" && len(words(headline)) >= 3 && len(words(before)) <= maxKickerWords && (shared && before[len(before)-1] == ':' || before[len(before)-1] == '|')
}

// displayedHeadline is the <h1> with the most words in common with the titles of
// the head. Pages carry their logo, section names and other stories as <h1> too.
func displayedHeadline(doc *goquery.Document, seo []string) string {
	best, bestScore := "", 0.4
	count := 0
	only := ""
	doc.Find("h1").EachWithBreak(func(i int, s *goquery.Selection) bool {
		text := nodeText(s)
		if text == "" || len(text) > 400 {
			return i < 50
		}
		count++
		only = text
		for _, title := range seo {
			score := sharedWords(text, title)
			if strings.HasPrefix(title, text) && titleSeparator.MatchString(title[len(text):]) && s.Find("a").Length() == 0 {
				score = 1 // what follows is a site's name that is not known
			}
			if score > bestScore {
				best, bestScore = text, score
			}
		}
		return i < 50
	})
	if best == "" {
		best = shownPart(doc, seo)
	}
	if best == "" && count == 1 && len(strings.Fields(only)) >= 4 {
		return only
	}
	return best
}

// shownPart is the text of an element, no link, that is one of the titles or a part
// of one beside a site's name: the headline of a page without <h1>, or with its
// logo as one.
func shownPart(doc *goquery.Document, titles []string) string {
	wanted := map[string]bool{}
	for _, title := range titles {
		for _, part := range append(titleSeparator.Split(title, 6), title, title[strings.Index(title, ": ")+1:]) {
			if len(words(part)) >= 3 || hasWideScript(part) {
				wanted[squash(part)] = true
			}
		}
	}
	found := ""
	doc.Find("h2, h3, h4, b, strong, font, span, p, div, td, dt").EachWithBreak(func(i int, s *goquery.Selection) bool {
		if n := s.Get(0); isShort(n, maxTitleBytes) && s.Closest("a, nav, aside, footer").Length() == 0 {
			if text := textOf(n); wanted[squash(text)] {
				found = text
			}
		}
		return found == "" && i < maxBlocks
	})
	return found
}

// sharedWords is the share of words in common, of the longer of the two: 0 to 1.
func sharedWords(a, b string) float64 {
	wa, wb := words(a), words(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	seen := map[string]bool{}
	for _, w := range wa {
		seen[w] = true
	}
	common := 0
	for _, w := range wb {
		if seen[w] {
			common++
			seen[w] = false
		}
	}
	return float64(common) / float64(max(len(wa), len(wb)))
}

// maxTitle is the most bytes of a headline: what is longer is a text under its name, and
// each place in it where a site's name could begin is looked at.
const maxTitle = 2000

// withoutSite drops a trailing or leading part of a title that names the site:
// one of its names, a domain, or what follows the last " | ".
func withoutSite(title string, sites []string) string {
	if len(title) > maxTitle {
		return ""
	}
	title = strings.TrimSpace(title)
	for range 4 {
		at := titleSeparator.FindAllStringIndex(title, -1)
		if len(at) == 0 {
			break
		}
		last, first := at[len(at)-1], at[0]
		tail, head := title[last[1]:], title[:first[0]]
		separator := strings.TrimSpace(title[last[0]:last[1]])
		switch {
		case namesAnySite(tail, sites) || separator == "|" && len(words(tail)) <= 4 && len(words(title[:last[0]])) >= 3:
			title = strings.TrimSpace(title[:last[0]])
		case namesAnySite(head, sites):
			return strings.TrimSpace(title[first[1]:])
		default:
			return withoutLongSite(title, at, sites)
		}
	}
	return title
}

// withoutLongSite drops a site's name that holds a separator itself: "Headline -
// Meadow Post - Meadow's daily".
func withoutLongSite(title string, at [][]int, sites []string) string {
	for _, part := range at {
		for _, site := range sites {
			if s := squash(title[part[1]:]); s != "" && s == squash(site) {
				return strings.TrimSpace(title[:part[0]])
			}
		}
	}
	return title
}

func namesAnySite(s string, sites []string) bool {
	return slices.ContainsFunc(sites, func(site string) bool { return namesSite(s, site) })
}

// namesSite: the words are the outlet's name or a part of it, or a domain.
func namesSite(s, outlet string) bool {
	if s == "" {
		return false
	}
	if domainName.MatchString(s) {
		return true
	}
	a, b := squash(s), squash(outlet)
	return a != "" && b != "" && (a == b || strings.HasPrefix(a, b) && len(a) < len(b)+8 ||
		len(a) >= 3 && (strings.HasPrefix(b, a) || strings.HasSuffix(b, a)) || len(a) >= 5 && strings.Contains(b, a))
}

var domainName = regexp.MustCompile(`(?i)^[\w-]+(\.[\w-]+)*\.(com|org|net|co\.\w\w|\w\w)$`)
