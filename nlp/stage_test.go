package nlp

import (
	"reflect"
	"strings"
	"testing"

	"tenor"
)

func TestSplitParagraphs(t *testing.T) {
	wrapped := "The gauge of small companies rose for a fourth day as lenders\nled it and as borrowing costs went on with their long descent. Few\nsaw it coming."
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"blank lines":       {"One.\n\n\nTwo.\n \nThree.", []string{"One.", "Two.", "Three."}},
		"one to a line":     {"The first paragraph says this.\nThe second says that.", []string{"The first paragraph says this.", "The second says that."}},
		"hard wrapped":      {wrapped + "\n\nNext.", []string{wrapped, "Next."}},
		"bullets":           {"• One thing to know about the market\n• Another thing", []string{"• One thing to know about the market", "• Another thing"}},
		"a mark wraps too":  {"“Two cuts are in the price,” said the strategist, who sees\n“no more than one” now.", []string{"“Two cuts are in the price,” said the strategist, who sees\n“no more than one” now."}},
		"nothing but space": {" \n\t\n\u00a0", nil},
	} {
		var got []string
		for _, s := range splitParagraphs(test.text) {
			got = append(got, s.In(test.text))
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFindRegions(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		want    []string
		carries bool
	}{
		"curly":              {"“Up,” he said. “Now.”", []string{"Up,", "Now."}, false},
		"straight":           {`"Up," he said. "Now."`, []string{"Up,", "Now."}, false},
		"opened by a closer": {"For her, ”it may last and I like it.\"", []string{"it may last and I like it."}, false},
		"mixed":              {`“Up," he said.`, []string{"Up,"}, false},
		"guillemets":         {"«Up», he said.", []string{"Up"}, false},
		"German":             {"„Up“, he said.", []string{"Up"}, false},
		"TeX":                {"``Up,'' he said.", []string{"Up,"}, false},
		"guillemets, spaced": {"« Up it goes », he said. « Now ».", []string{"Up it goes", "Now"}, false},
		"comma outside":      {"‘It’s up for good’, he said.", []string{"It’s up for good"}, false},
		"lost opening":       {"It was never going to last,\" Odd said on Monday.", []string{"It was never going to last,"}, false},
		"single":             {"‘It may last a while yet,’ he said of the traders’ mood.", []string{"It may last a while yet,"}, false},
		"apostrophes":        {"The traders' mood and the '90s aren't what 'they' were.", nil, false},
		"inside another":     {"“It is the ‘everything chase’ again,” he said.", []string{"It is the ‘everything chase’ again,"}, false},
		"never closed":       {"“It may last. Nothing else was said.", []string{"It may last."}, true},
		"closed by the next": {`"It may last, he said. "It will."`, []string{"It may last,", "It will."}, false},
		"stray closer":       {"It may last,” he said.", nil, false},
	} {
		regions, carries := findRegions(test.text, tenor.Span{0, len(test.text)})
		var got []string
		for _, r := range regions {
			got = append(got, r.words.In(test.text))
		}
		if !reflect.DeepEqual(got, test.want) || carries != test.carries {
			t.Errorf("%s: %q, carries %v", name, got, carries)
		}
	}
}

func TestSplitSentences(t *testing.T) {
	for text, want := range map[string]string{
		"Up 1.5 percent. Then down.":                                     "Up 1.5 percent.|Then down.",
		"J.R. Odd of Pell Inc. and the U.S. Treasury agree. Mr. Odd is":  "J.R. Odd of Pell Inc. and the U.S. Treasury agree.|Mr. Odd is",
		"It fell in the U.S. The rest rose.":                             "It fell in the U.S.|The rest rose.",
		"“Is it over?” he asked. “No.” It was.":                          "“Is it over?” he asked.|“No.”|It was.",
		"“One. Two,” said Odd. “Three. Four.”":                           "“One. Two,” said Odd.|“Three. Four.”",
		"One last pushThe rate fell. PayPal rose.":                       "One last push|The rate fell.|PayPal rose.",
		"“Up,” said Odd of Queens, N.Y. “It may well be the last time.”": "“Up,” said Odd of Queens, N.Y.|“It may well be the last time.”",
		"It rose. LENDERS LEAD THE WAY The rate fell.":                   "It rose.|LENDERS LEAD THE WAY|The rate fell.",
		"PORTWEY (Agency) - Shares rose. GM and IBM fell.":               "PORTWEY (Agency) -|Shares rose.|GM and IBM fell.",
		"Shares of Pell .PLL rose. Odd ( ODD.N ) fell.":                  "Shares of Pell .PLL rose.|Odd ( ODD.N ) fell.",
	} {
		r := shared.lex.read(&tenor.Article{Text: text})
		var got []string
		for _, s := range r.sentences {
			got = append(got, r.in(s.from, s.to))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestNobodySpeaks holds what is no quote: views pinned on nobody, figures of
// data vendors, nicknames in marks, furniture of the page.
func TestNobodySpeaks(t *testing.T) {
	for _, text := range []string{
		"Some analysts believe that the rally has room to run.",
		"Investors expect two cuts this year, and traders said volumes were thin.",
		"The gauge has risen 3% in a month, according to FactSet.",
		"Profits rose 7 percent, according to Thomson Reuters data.",
		"The so-called \"Furious Five\" led the \"everything chase\".",
		"The index is expected to end the year higher.",
		"Pell Industries reported a 12 percent fall in sales.",
		"The Fed rate cuts help, and Treasury notes have rallied.",
		"Read more: “The end is near,” said Odo Quill of Pell Research.",
		"A source said that a deal was close.",
		"\"We see no end to it,\" a person close to the matter said.",
		"Pell Research did not say when it would happen.",
	} {
		quotes, err := shared.Tag(&tenor.Article{Text: text})
		if err != nil || len(quotes) > 0 {
			t.Errorf("%q: %v, %v", text, quotes, err)
		}
	}
}

// TestAbstains holds speakers who could be either of two people, or neither.
func TestAbstains(t *testing.T) {
	quotes, err := shared.Tag(&tenor.Article{Text: "Anna Pell of Tarn Capital met Boris Quill.\n\n“It will pass,” she said.\n\n“It will not,” the minister said."})
	if err != nil || len(quotes) != 1 || quotes[0].Speaker != "Anna Pell" {
		t.Errorf("got %v, %v", quotes, err)
	}
}

func TestEvidence(t *testing.T) {
	text := "“It may well last,” said Odo Quill, strategist at Pell Research."
	quotes, err := shared.Tag(&tenor.Article{File: "e.txt", Text: text})
	if err != nil || len(quotes) != 1 {
		t.Fatalf("%v, %v", quotes, err)
	}
	q := quotes[0]
	got := map[string]string{}
	for _, e := range q.Evidence {
		got[e.Tag] = e.Span.In(text)
	}
	if got["cue"] != "said" || got["speaker"] != "Odo Quill" {
		t.Errorf("evidence %v", got)
	}
	if q.ID != tenor.QuoteID("file:e.txt", "Odo Quill", []string{"It may well last,"}) {
		t.Errorf("identifier %s", q.ID)
	}
}
