package tenor

import (
	"strings"
	"testing"
)

// apply rebuilds one side of a comparison.
func apply(edits []Edit, without EditOp) string {
	var words []string
	for _, e := range edits {
		if e.Op != without {
			words = append(words, e.Text)
		}
	}
	return strings.Join(words, " ")
}

func FuzzDiffWords(f *testing.F) {
	f.Add("the rally has much further to run", "the rally has a little further to run")
	f.Add("", "new")
	f.Add("a b a b", "b a b a")
	f.Fuzz(func(t *testing.T, before, after string) {
		edits := DiffWords(before, after)
		if got, want := apply(edits, Inserted), strings.Join(strings.Fields(before), " "); got != want {
			t.Errorf("without insertions %q, want %q", got, want)
		}
		if got, want := apply(edits, Deleted), strings.Join(strings.Fields(after), " "); got != want {
			t.Errorf("without deletions %q, want %q", got, want)
		}
		for i := 1; i < len(edits); i++ {
			if edits[i].Op == edits[i-1].Op {
				t.Errorf("two runs of %q in a row: %q", edits[i].Op, edits)
			}
		}
	})
}

func TestDiffOfLongTextsIsBounded(t *testing.T) {
	a, b := strings.Repeat("all is well ", 1e5), "Now "+strings.Repeat("nothing is well ", 1e5)
	if edits := DiffWords(a, b); apply(edits, Deleted) != strings.Join(strings.Fields(b), " ") {
		t.Error("the new text is not in it")
	}
}

func TestCompareSaysWhatChanged(t *testing.T) {
	quoted := func(text, speaker, words string, s Stance) Quote {
		at := strings.Index(text, words)
		return Quote{ID: QuoteID("k", speaker, []string{words}), Speaker: speaker, Stance: s, Spans: []Span{{at, at + len(words)}}}
	}
	const first, second = "Stocks rose.\n\n“The rally has room to run,” said Ada Quill.\n\n“We wait,” said Bo Reed.\n\nThe end.",
		"Stocks rose.\n\nBonds fell, for once.\n\n“The rally has little room to run,” said Ada Quill.\n\nThe end."
	before := Version{Title: "Up", Text: first, Quotes: []Quote{
		quoted(first, "Ada Quill", "The rally has room to run", Bullish), quoted(first, "Bo Reed", "We wait", Neutral)}}
	after := Version{Title: "Up", Text: second, Quotes: []Quote{quoted(second, "Ada Quill", "The rally has little room to run", Fragile)}}
	c := Compare(&before, &after)
	var got []string
	for _, p := range c.Paragraphs {
		for _, e := range p.Edits {
			if e.Op != Kept {
				got = append(got, string(e.Op)+e.Text)
			}
		}
	}
	if want := "+Bonds fell, for once.|+little|-“We wait,” said Bo Reed."; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", strings.Join(got, "|"), want)
	}
	if len(c.Reworded) != 1 || len(c.Gone) != 1 || c.Gone[0].Speaker != "Bo Reed" || len(c.New) != 0 || c.Title != nil {
		t.Errorf("%+v", c)
	}
	if same := Compare(&after, &after); !same.Empty() {
		t.Errorf("a version and itself: %+v", same)
	}
	if !SameWording("A  b", "c\n\nd", "A b", "c d ") || SameWording("A", "b", "A", "B") {
		t.Error("white space alone is no change, and all else is one")
	}
}
