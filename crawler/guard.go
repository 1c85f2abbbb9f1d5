package crawler

import (
	"strings"

	"golang.org/x/net/html"
)

// Limits on the shape of a page. Real articles, with their menus and sidebars,
// hold at most some ten thousand tags.
const (
	maxTags = 100_000
	// maxReopened bounds how often the parser would reopen formatting tags that
	// were never closed: 500 open <font> and 50,000 <p> make 25 million nodes of
	// a page that weighs one megabyte.
	maxReopened = 1_000_000
)

// checkShape refuses pages built to exhaust whoever parses them, before they are parsed.
func checkShape(text string) error {
	// Nothing this small can do harm, and most pages stop here.
	if strings.Count(text, "<") < 5_000 {
		return nil
	}
	tags, open, reopened := 0, 0, 0
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return nil
		case html.StartTagToken:
			name, _ := z.TagName()
			if tags++; isFormatting(name) {
				open++
			} else {
				reopened += open
			}
		case html.SelfClosingTagToken:
			tags++
		case html.EndTagToken:
			if name, _ := z.TagName(); isFormatting(name) && open > 0 {
				open--
			}
		}
		if tags > maxTags {
			return noArticle("it has more than %d tags", maxTags)
		}
		if reopened > maxReopened {
			return noArticle("its tags are nested beyond reason")
		}
	}
}

func isFormatting(name []byte) bool {
	switch string(name) {
	case "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
		return true
	}
	return false
}
