package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	"tenor"
)

var provenanceRules = loadRules("data/provenance.txt")

// agencies maps the squashed names of data/provenance.txt to those that readers know.
var agencies = func() map[string]string {
	m := map[string]string{}
	for line := range provenanceRules["agency"] {
		name, shown, ok := strings.Cut(line, "=")
		if !ok {
			shown = name
		}
		m[squash(name)] = shown
	}
	return m
}()

// agencyName is the name that readers know an agency by; "" for anything else.
func agencyName(s string) string { return agencies[squash(s)] }

// outletAfter takes a name: from a capital, or a number before one, to the end of the clause. A
// full stop inside a domain does not end it.
const outletAfter = `\s*:?\s+(\p{N}*\p{Lu}(?:[^\n.,;()\[\]]|\.[\p{L}\p{N}]){1,60})`

var (
	firstRan     = regexp.MustCompile(`(?:^|[^\p{L}])(?i:` + alternatives("from") + `)` + outletAfter)
	viaOther     = regexp.MustCompile(`(?m)^By\s+([A-Z][\w.&' ]{1,40}?)\s+via\s+[A-Z]`)
	sourceLine   = regexp.MustCompile(`^[\s(\[]*(?i:` + alternatives("source") + `)[\s:：]+(?:(?:19|20)\d\d\s+)?(?i:by\s+)?([^\n,;()|\]]{2,40}?)[\s.)\]]*$`)
	wireDateline = regexp.MustCompile(`^[^\n()]{2,60}\(([^()\n]{2,40})\)\s*(?:--|[-–—:])`)
	translatedBy = regexp.MustCompile(`(?:^|[^\p{L}])(?i:` + alternatives("translator") + `|translated\s+from\s+(?:the\s+)?\p{L}+\s+by)\s*:?\s+\p{Lu}\p{L}+(?:\s+(?:\p{Ll}{2,3}\s+)?\p{Lu}[\p{L}.’'-]*)+`)
	// What follows a name in such a note: "…on June 3 and is republished here".
	afterOutlet = regexp.MustCompile(`\s+(?:(?:and|which|where) (?:is|was|has|are)|under|with (?:the )?permission|here|in (?:January|February|March|April|May|June|July|August|September|October|November|December)|on (?:\p{L}+day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{L}*|\d)|as part)\b.*$`)
)

// alternatives is a pattern for the phrases of a kind, the longest first, with any
// white space for a space.
func alternatives(kind string) string {
	var list []string
	for phrase := range provenanceRules[kind] {
		list = append(list, strings.NewReplacer(" ", `\s+`, ":", `\s*:`).Replace(regexp.QuoteMeta(phrase)))
	}
	slices.SortFunc(list, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return strings.Join(list, "|")
}

// provenance reads what a text says of where it first ran and how it came into
// its language. A machine's translation stays one when a person has reviewed it.
func provenance(text string) (forwarded string, t tenor.Translation) {
	text = endsOf(text, 6000) // such notes stand above or below a story
	lower := strings.ToLower(text)
	forms := []*regexp.Regexp{viaOther}
	if holdsPhrase(lower, "from") {
		forms = []*regexp.Regexp{firstRan, viaOther}
	}
	for _, form := range forms {
		if m := form.FindStringSubmatch(text); m != nil {
			forwarded = strings.Trim(afterOutlet.ReplaceAllString(m[1], ""), " .:\"“”'’")
			break
		}
	}
	if forwarded == "" {
		forwarded = creditedAgency(text)
	}
	for phrase := range provenanceRules["machine"] {
		if containsWord(lower, phrase) {
			return forwarded, tenor.TranslationMachine
		}
	}
	if (strings.Contains(lower, "translated from") || holdsPhrase(lower, "translator")) && translatedBy.MatchString(text) {
		t = tenor.TranslationHuman
	}
	return forwarded, t
}

// holdsPhrase: a phrase of the kind stands in the text, which few articles have: the
// patterns built of them are slow.
func holdsPhrase(lower, kind string) bool {
	for phrase := range provenanceRules[kind] {
		if strings.Contains(lower, strings.TrimSuffix(phrase, ":")) {
			return true
		}
	}
	return false
}

// containsWord: phrase stands in s, not as the end of a longer word ("Thai
// translation" is no "AI translation").
func containsWord(s, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], phrase)
		if i < 0 {
			return false
		}
		r, _ := utf8.DecodeLastRuneInString(s[:from+i])
		first, _ := utf8.DecodeRuneInString(phrase)
		if from+i == 0 || !unicode.IsLetter(r) || hasUncased(string(first)) {
			return true
		}
		from += i + len(phrase)
	}
}

// creditedAgency is the agency that the dateline of the first paragraphs names
// ("OSLO, June 3 (Reuters) - "), or a line that holds only its credit ("Source: dpa").
func creditedAgency(text string) string {
	lines, first := 0, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		lines++
		if m := wireDateline.FindStringSubmatch(line); m != nil && lines <= 6 && first == "" {
			first = agencyName(m[1])
		}
		if m := sourceLine.FindStringSubmatch(line); m != nil && len(line) < 80 {
			if name := agencyName(m[1]); name != "" {
				return name
			}
			if domainName.MatchString(m[1]) {
				return m[1]
			}
		}
	}
	return first
}

// endsOf is the text, or its first and last bytes when it is longer than both.
func endsOf(text string, near int) string {
	if len(text) <= 2*near {
		return text
	}
	return strings.ToValidUTF8(text[:near]+"\n"+text[len(text)-near:], "")
}

// noteSelectors lead to what a page says of itself outside its text.
const noteSelectors = `[class*="disclaimer" i], [class*="attribution" i], [class*="translat" i], [class*="syndicat" i], [class*="provenance" i], [class*="originally" i], [class*="source" i]`

// maxNoteBytes is the longest of such notes.
const maxNoteBytes = 300

// pageProvenance is provenance of a page: what its text says, then the notes
// beside the text, its meta tags, an agency as its only author, and a canonical
// address on another site. An outlet does not forward itself.
func pageProvenance(doc *goquery.Document, paragraphs []string, authors []string, outlet, address string) (forwarded string, t tenor.Translation) {
	forwarded, t = provenance(strings.Join(paragraphs, "\n"))
	if forwarded != "" && t != tenor.TranslationUnknown {
		return notItself(forwarded, outlet), t
	}
	var notes []string
	doc.Find(noteSelectors).EachWithBreak(func(i int, s *goquery.Selection) bool {
		if isShort(s.Get(0), maxNoteBytes) {
			notes = append(notes, nodeText(s))
		}
		return i < 200
	})
	noted, how := provenance(strings.Join(notes, "\n"))
	if t == tenor.TranslationUnknown {
		t = how
	}
	for _, name := range []string{
		forwarded, noted, metaContent(doc, "original-source-name"), metaContent(doc, "syndication-source-name"),
		onlyAgency(authors), otherSite(doc, address),
	} {
		if name = notItself(name, outlet); name != "" {
			return name, t
		}
	}
	return "", t
}

// isShort: at most limit bytes of text lie below n.
func isShort(n *html.Node, limit int) bool {
	left := limit
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			left -= len(strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil && left >= 0; c = c.NextSibling {
			walk(c)
		}
		return left >= 0
	}
	return walk(n)
}

func onlyAgency(authors []string) string {
	if len(authors) == 1 {
		return agencyName(authors[0])
	}
	return ""
}

func notItself(forwarded, outlet string) string {
	if oneSite(forwarded, outlet) {
		return ""
	}
	return forwarded
}

// otherSite is the domain of the canonical address, or of the original or
// syndication source that a page names, when it lies on another site than the page.
func otherSite(doc *goquery.Document, address string) string {
	own := siteOf(firstOf(address, metaContent(doc, "og:url")))
	if own == "" {
		return ""
	}
	for _, named := range []string{
		metaContent(doc, "original-source"), metaContent(doc, "syndication-source"), attr(doc, `link[rel~="canonical"]`, "href"),
	} {
		if other := siteOf(named); other != "" && other != own {
			return other
		}
	}
	return ""
}

// siteOf is the registrable domain of an address: "ledger.example".
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	if err != nil {
		return ""
	}
	return site
}
