package crawler

import (
	"strings"

	"github.com/abadojack/whatlanggo"
)

// guessLanguage is the language of the text; "" when the text does not settle it.
// English is told by its commonest words first: on a market report full of names
// and figures whatlanggo is now and then sure that it reads Norwegian.
func guessLanguage(text string) string {
	if len(text) > 4000 {
		text = strings.ToValidUTF8(text[:4000], "")
	}
	words, english := 0, 0
	for word := range strings.FieldsSeq(text) {
		words++
		if commonEnglish[strings.ToLower(word)] {
			english++
		}
	}
	if words >= 20 && english*100 >= words*minEnglish {
		return "en"
	}
	info := whatlanggo.Detect(text)
	if !info.IsReliable() {
		return ""
	}
	return info.Lang.Iso6391()
}

// commonEnglish are words that make up a quarter and more of English prose and
// that its neighbours lack, or use far less. minEnglish is their least share, in
// per cent: 65 market stories in English have 18 to 28; Norwegian, Danish and
// German pages, which share "for", "at" and "was", below 7.
var commonEnglish = map[string]bool{
	"the": true, "and": true, "of": true, "to": true, "that": true, "is": true, "for": true,
	"with": true, "was": true, "are": true, "has": true, "said": true, "by": true, "from": true,
	"as": true, "it": true, "at": true, "be": true, "this": true, "which": true, "but": true,
}

const minEnglish = 12
