package nlp

import (
	"strings"
	"testing"

	"tenor"
)

// TestSplitAtTurns: a speaker who cheers in one sentence and warns in the next is
// quoted twice; one who does neither, or both in one sentence, once.
func TestSplitAtTurns(t *testing.T) {
	const by = " said Odo Quill, strategist at Pell Research."
	for text, want := range map[string][]string{
		"“Small caps are cheap and have room to run. The Nasdaq is a bubble that will burst, and we would not chase it,”" + by: {
			"bullish: Small caps are cheap and have room to run.", "fragile: The Nasdaq is a bubble that will burst, and we would not chase it,"},
		"“Small caps are cheap and have room to run. Earnings are growing strongly, and buyers are back,”" + by: {
			"bullish: Small caps are cheap and have room to run. Earnings are growing strongly, and buyers are back,"},
	} {
		quotes, err := shared.Tag(&tenor.Article{Title: "Stocks at a crossroads", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, text, quotes)
		var got []string
		ids := map[string]bool{}
		for _, q := range quotes {
			got = append(got, string(q.Stance)+": "+strings.Join(q.Segments(text), " … "))
			ids[q.ID] = true
			if q.Speaker != "Odo Quill" || len(q.Evidence) < 3 {
				t.Errorf("a part of %s, by %v", q.Speaker, q.Evidence)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") || len(ids) != len(want) {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
	// A quotation of very many sentences is looked at in its first few only.
	long := "“" + strings.Repeat("Shares are cheap. It will crash. ", 3000) + "”" + by
	if _, err := shared.Tag(&tenor.Article{Text: long}); err != nil {
		t.Fatal(err)
	}
}
