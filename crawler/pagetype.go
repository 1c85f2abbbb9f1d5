package crawler

import (
	"strings"
	"unicode/utf8"

	"tenor"
)

const (
	// minArticleRunes is the least text that can be an article: two sentences. The
	// shortest real stories measured hold 300 letters; Chinese needs half of that.
	minArticleRunes = 140
	// A closed page that asks for payment shows a stub where its text is shorter than
	// shortStubRunes, or is cut off and shorter than maxStubRunes.
	maxStubRunes   = 1500
	shortStubRunes = 600
	// With one of the two signs alone the text must be shorter still.
	oneSignRunes = 400
	// A film with less text than this is not read for its text.
	maxVideoRunes = 600
)

// judgePage decides what the page is, and why it is no article if it is none.
func judgePage(a *tenor.Article, meta metadata, ld ldNode, body pageText) (tenor.PageType, error) {
	size := utf8.RuneCountInString(a.Text)
	if a.Language == "zh" || a.Language == "ja" || a.Language == "ko" {
		size *= 2
	}
	switch {
	case meta.kind == tenor.PageVideo && size < maxVideoRunes, body.film && size < minArticleRunes:
		return tenor.PageVideo, noArticle("it is a video with little text (%d letters)", size)
	case meta.kind == tenor.PageListing && size < 1500, meta.kind != tenor.PageArticle && body.isListing(size):
		return tenor.PageListing, noArticle("it is a list of other pages")
	case isStub(a.Text, size, meta.paywall, body.prompt, intOf(ld["wordCount"])):
		return tenor.PagePaywall, noArticle("its text is behind a paywall")
	case size < minArticleRunes:
		return tenor.PageOther, noArticle("it holds too little text (%d letters)", size)
	}
	return tenor.PageArticle, nil
}

// isListing: headlines of other pages are all that it has, or most of its
// paragraphs stand below one each.
func (t *pageText) isListing(size int) bool {
	return size < minArticleRunes && t.headlines >= 6 ||
		t.teasers >= 4 && t.teasers*2 > t.prose ||
		size < 1500 && t.headlines >= 10 && t.linked > size
}

// isStub: the text is the beginning of a story that goes on for those who pay.
// Pages that call themselves closed often hold the whole story, hidden by a script
// at most, so that alone says little.
func isStub(text string, size int, closed, prompt bool, promised int) bool {
	if !closed && !prompt {
		return false
	}
	cut := strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
	short := promised > 0 && len(words(text))*2 < promised
	switch {
	case closed && prompt:
		return size < shortStubRunes || size < maxStubRunes && (cut || short)
	case closed:
		return size < oneSignRunes || size < maxStubRunes && (cut || short)
	}
	return size < oneSignRunes || size < maxStubRunes && cut
}

func intOf(v any) int {
	n, _ := v.(float64)
	return int(n)
}
