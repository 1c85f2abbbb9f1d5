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

// The patterns built of the phrases are slow, and few articles hold one of them.
var (
	fromPhrases       = newPhraseSet(withoutColons(provenanceRules["from"]))
	translatorPhrases = newPhraseSet(withoutColons(provenanceRules["translator"]))
	machinePhrases    = newPhraseSet(provenanceRules["machine"])
)

func withoutColons(phrases map[string]bool) map[string]bool {
	plain := map[string]bool{}
	for phrase := range phrases {
		plain[strings.TrimSuffix(phrase, ":")] = true
	}
	return plain
}

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
	var forms []*regexp.Regexp
	if fromPhrases.in(lower) {
		forms = append(forms, firstRan)
	}
	if strings.Contains(text, "via") {
		forms = append(forms, viaOther)
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
	if machinePhrases.find(lower, func(at int, phrase string) bool { return beginsWord(lower, at) }) {
		return forwarded, tenor.TranslationMachine
	}
	if (strings.Contains(lower, "translated from") || translatorPhrases.in(lower)) && translatedBy.MatchString(text) {
		t = tenor.TranslationHuman
	}
	return forwarded, t
}

// beginsWord: what stands there is not the end of a longer word ("Thai translation" is
// no "AI translation").
func beginsWord(s string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	first, _ := utf8.DecodeRuneInString(s[at:])
	return at == 0 || !unicode.IsLetter(r) || hasUncased(string(first))
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
		if lines <= 6 && first == "" {
			if m := wireDateline.FindStringSubmatch(line); m != nil {
				first = agencyName(m[1])
			}
		}
		if len(line) >= 80 {
			continue
		}
		if m := sourceLine.FindStringSubmatch(line); m != nil {
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

// noteClasses are parts of the classes of what a page says of itself outside its text.
var noteClasses = newPhraseSet(map[string]bool{
	"disclaimer": true, "attribution": true, "translat": true, "syndicat": true, "provenance": true, "originally": true, "source": true,
})

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
	seen := 0
	for n := range doc.Get(0).Descendants() {
		if !noteClasses.in(strings.ToLower(attribute(n, "class"))) {
			continue
		}
		if isShort(n, maxNoteBytes) {
			notes = append(notes, textOf(n))
		}
		if seen++; seen > 200 {
			break
		}
	}
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
