package nlp

import (
	"slices"
	"strings"
	"testing"

	"tenor"
)

// TestReasonsRead: what is shown for a stance is a piece of a clause that a reader can
// take by itself, never a lone word, a stump or the whole of a long quote.
func TestReasonsRead(t *testing.T) {
	l := mustLabeller(t)
	for _, c := range []struct {
		text   string
		stance tenor.Stance
		shown  string
	}{
		{"In our view the base under the economy is still firm.", tenor.Bullish, "economy is still firm"}, // not "firm"
		{"We do not see the market as sound, and profits are not growing.", tenor.Fragile, "profits are not growing"},
		{"This is not going to fix the problem of weak demand.", tenor.Fragile, "problem of weak demand"},
		{"Everything that we measure on profits points the wrong way.", tenor.Fragile, "points the wrong way"}, // not "points the wrong"
		{"The fund expects to lose nearly $1 billion this year.", tenor.Fragile, "lose nearly $1 billion"},
		{"Sales will gain 6% next year.", tenor.Bullish, "Sales will gain 6%"},
		{"Even now, shares of most builders look cheap.", tenor.Bullish, "builders look cheap"},
		{"I have seen momentum fade across the U.S.", tenor.Fragile, "momentum fade across the U.S."},
		{"Yields on long bonds are falling, and the picture is shakier now because so few names carry the market.", tenor.Fragile, "picture is shakier now"},
	} {
		a, q := labelOne(l, &invented{Title: "Stocks at a crossroads", Quote: c.text})
		shown := reasonsOf(&a, &q)
		if q.Stance != c.stance || !slices.ContainsFunc(shown, func(s string) bool { return strings.Contains(s, c.shown) }) {
			t.Errorf("%s for %s, by %q and not %q: %s", q.Stance, c.stance, shown, c.shown, c.text)
		}
	}
}

// TestReasonsAreShort: no more than a few stretches, none longer than can be taken in,
// apart from each other and in the quote, however long that is.
func TestReasonsAreShort(t *testing.T) {
	l := mustLabeller(t)
	texts := []string{strings.Repeat("falling profits and rising debts and weak demand and no room for a stumble and ", 40) + "that is that."}
	for _, in := range readInvented(t) {
		texts = append(texts, in.Quote)
	}
	for _, text := range texts {
		a, q := labelOne(l, &invented{Quote: text})
		shown := reasonsOf(&a, &q)
		if q.Stance != tenor.Neutral && len(shown) > mostReasons {
			t.Errorf("%d reasons for %q", len(shown), text)
		}
		for i, s := range shown {
			if n := len(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' })); q.Stance != tenor.Neutral && n > mostShown+2 {
				t.Errorf("%q has %d words", s, n)
			}
			if slices.Contains(shown[:i], s) && len(text) < 300 {
				t.Errorf("%q is shown twice", s)
			}
		}
	}
}

func reasonsOf(a *tenor.Article, q *tenor.Quote) (shown []string) {
	for _, e := range q.Evidence {
		if e.Tag == "stance:"+string(q.Stance) {
			shown = append(shown, e.Span.In(a.Text))
		}
	}
	return shown
}
