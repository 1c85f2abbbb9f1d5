package crawler

import (
	"strings"

	"tenor"
)

// phraseRules tell a site's furniture from an article's paragraphs.
var phraseRules = loadRules("data/phrases.txt")

var (
	openings   = newPhraseSet(phraseRules["start"])
	plugs      = newPhraseSet(phraseRules["contains"])
	payPrompts = newPhraseSet(phraseRules["paywall"])
)

// A paragraph longer than this is not furniture, whatever it contains.
const maxFurniture = 320

// cleanParagraphs drops what the body extractor keeps and a reader would not
// call part of the article: the headline again, the byline, the date line,
// newsletter plugs, credits, "read more" links, and what follows a heading such
// as "Related articles" in the last part of the page.
func cleanParagraphs(list []string, a *tenor.Article) []string {
	total, seen := sizeOf(list), 0
	kept := make([]string, 0, len(list))
	for i, p := range list {
		seen += len(p)
		lower := strings.ToLower(p)
		if seen*10 > total*6 && len(p) < 60 && phraseRules.has("tail", strings.Trim(lower, " :.…")) {
			break
		}
		if i < 6 && repeatsHead(p, a) || len(p) <= maxFurniture && (isFurniture(lower) || i >= len(list)-3 && i > 1 && isBio(p, a)) {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// repeatsHead: the paragraph is the headline, the byline or the date line, which
// the article carries elsewhere.
func repeatsHead(p string, a *tenor.Article) bool {
	if len(p) > 250 {
		return false
	}
	flat := squash(p)
	if flat != "" && flat == squash(a.Title) {
		return true
	}
	if names, ok := bylineOf(p); ok && (len(a.Authors) == 0 || squash(names[0]) == squash(a.Authors[0])) && !strings.Contains(p, ". ") {
		return true
	}
	label, value, _ := strings.Cut(p, ":")
	for _, author := range a.Authors {
		if flat == squash(author) || squash(value) == squash(author) && rules.has("author label", strings.ToLower(label)) {
			return true
		}
	}
	if len(p) >= 90 || !strings.ContainsAny(p, "0123456789") {
		return false
	}
	dates := findDates(p)
	if len(dates) == 0 || dates[0].year == 0 {
		return false
	}
	d := dates[0]
	return len(words(p[:d.start]+" "+p[d.end:])) <= 4
}

// isBio: a last paragraph that begins with the author's name tells of the author.
func isBio(p string, a *tenor.Article) bool {
	for _, author := range a.Authors {
		if strings.Contains(author, " ") && strings.HasPrefix(p, author+" ") && !strings.ContainsAny(p, "“”«»\"") {
			return true
		}
	}
	return false
}

func isFurniture(lower string) bool {
	if !hasWord(lower) || phraseRules.has("is", strings.Trim(lower, " :.>»")) {
		return true
	}
	if strings.ContainsAny(lower, "“”«»") || strings.Count(lower, `"`) >= 2 {
		return false
	}
	return openings.begins(lower) || plugs.in(lower) || payPrompts.in(lower)
}
