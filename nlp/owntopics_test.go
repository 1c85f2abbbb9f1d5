package nlp

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tenor"
)

// withTopics is a tagger with a user's themes and subjects.
func withTopics(t testing.TB, themes, subjects []tenor.Topic) *Tagger {
	t.Helper()
	topics, err := tenor.NewTopics(themes, subjects)
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := NewWith(topics)
	if err != nil {
		t.Fatal(err)
	}
	return tagger
}

var (
	buybacks = tenor.Topic{Name: "buybacks", Phrases: []string{"buyback(s)", "(share|stock) repurchase(s)"}, Exclusions: []string{"buyback ban"}, Parent: "earnings"}
	regional = tenor.Topic{Name: "regional-banks", Phrases: []string{"regional (bank|lender)(s)"}, Parent: "banks"}
)

// A theme of a user's is in a quote where one of its phrases stands, outside of its
// exclusions, and is shown by the words.
func TestOwnTheme(t *testing.T) {
	tagger := withTopics(t, []tenor.Topic{buybacks}, nil)
	for _, test := range []struct {
		words string
		shown []string // of the text
	}{
		{"Buybacks will carry the rally", []string{"Buybacks"}},
		{"Stock-repurchases and a buyback will carry the rally", []string{"Stock-repurchases", "buyback"}},
		{"A buyback ban would end the rally", nil},
		{"A buyback ban would end the rally, as buybacks carry it", []string{"buybacks"}},
		{"Shares rally, repurchases or not", nil},
	} {
		a := &tenor.Article{Text: "Buybacks are back, and stocks rose.\n\n“" + test.words + ",” said Odo Quill, strategist at Pell Research."}
		quotes, err := tagger.Tag(a)
		if err != nil || len(quotes) != 1 {
			t.Fatalf("%q: %v, %v", test.words, quotes, err)
		}
		var shown []string
		for _, e := range quotes[0].Evidence {
			if e.Tag == "theme:buybacks" {
				shown = append(shown, e.Span.In(a.Text))
			}
		}
		if !slices.Equal(shown, test.shown) || slices.Contains(quotes[0].Themes, "buybacks") != (test.shown != nil) {
			t.Errorf("%q: themes %v, shown by %q, want %q", test.words, quotes[0].Themes, shown, test.shown)
		}
	}
}

// A subject of a user's is that of a quote that names it; where only the paragraph or
// the article's opening does, the quote must speak of its parent.
func TestOwnSubject(t *testing.T) {
	tagger := withTopics(t, nil, []tenor.Topic{regional, {Name: "coastal-lenders", Phrases: []string{"coastal lender(s)"}, Parent: "regional-banks"}})
	const plain, lead = "Markets today\n\n", "The index rose on Monday in quiet trading.\n\n"
	for _, test := range []struct {
		name, title, text, words, want, shown string
	}{
		{"in the quote", plain, lead, "Regional lenders are cheap", "regional-banks", "Regional lenders"},
		{"in the quote, beside another market", plain, lead, "Small caps fall where regional banks lead", "regional-banks", "regional banks"},
		{"the narrower of two", plain, lead, "Of regional banks and regional lenders the coastal lenders are cheap", "coastal-lenders", "coastal lenders"},
		{"in the paragraph", plain, lead + "Regional banks fell again. ", "Bank stocks are cheap and banks will rally", "regional-banks", "Regional banks"},
		{"in another paragraph", plain, lead + strings.Repeat("Trading was quiet and nobody moved. ", 12) + "\n\nRegional banks fell.\n\n", "Bank stocks are cheap and banks will rally", "banks", ""},
		{"in the opening", plain, "Regional banks fell on Monday.\n\n", "Bank stocks are cheap and banks will rally", "regional-banks", "Regional banks"},
		{"in the paragraph of another market", plain, lead + "Regional banks fell again. ", "Gold is cheap and bullion will rally", "gold", ""},
	} {
		a := &tenor.Article{Title: strings.TrimSpace(test.title), Text: test.title + test.text + "“" + test.words + ",” said Odo Quill, strategist at Pell Research."}
		quotes, err := tagger.Tag(a)
		if err != nil || len(quotes) != 1 {
			t.Fatalf("%s: %v, %v", test.name, quotes, err)
		}
		q := quotes[0]
		shown := ""
		for _, e := range q.Evidence {
			if strings.HasPrefix(e.Tag, "subject:") && e.Tag != "subject:"+string(q.Subject) {
				t.Errorf("%s: evidence %s for subject %s", test.name, e.Tag, q.Subject)
			}
			if e.Tag == "subject:"+test.want && shown == "" {
				shown = e.Span.In(a.Text)
			}
		}
		if string(q.Subject) != test.want || test.shown != "" && shown != test.shown {
			t.Errorf("%s: %s by %q, want %s by %q", test.name, q.Subject, shown, test.want, test.shown)
		}
	}
}

// What a user adds stands beside the built-in labels and changes none of them, and
// each says by what it is there.
func TestOwnTopicsChangeNothingElse(t *testing.T) {
	tagger := withTopics(t, []tenor.Topic{buybacks}, []tenor.Topic{regional})
	a := &tenor.Article{Title: "Banks at a crossroads", Text: "Banks at a crossroads\n\n" +
		"“Regional banks have room to run, since rate cuts and buybacks lift earnings, but tariffs may hurt margins,” said Odo Quill, strategist at Pell Research."}
	before, err := shared.Tag(a)
	if err != nil || len(before) != 1 {
		t.Fatalf("%v %v", before, err)
	}
	after, err := tagger.Tag(a)
	if err != nil || len(after) != 1 {
		t.Fatalf("%v %v", after, err)
	}
	b, q := before[0], after[0]
	if q.ID != b.ID || q.Stance != b.Stance || q.Confidence != b.Confidence || q.Horizon != b.Horizon || b.Subject != "banks" || q.Subject != "regional-banks" ||
		!slices.Equal(q.Themes, append(slices.Clone(b.Themes), "buybacks")) {
		t.Errorf("before %+v\nafter %+v", b, q)
	}
	e, err := tagger.Explain(a, q.ID)
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{}
	for _, l := range e.Labels {
		rules[l.Label+" "+l.Value] = l.Rule
		if l.Value == "regional-banks" && l.RunnerUp != "banks" {
			t.Errorf("%+v does not say which subject it replaces", l)
		}
	}
	if rules["subject regional-banks"] != ownInQuote || rules["theme buybacks"] != ownInQuote || len(rules) != len(q.Themes)+2 {
		t.Errorf("explained by %q", rules)
	}
}

// The version tells quotes of one list of topics from those of another.
func TestVersionNamesOwnTopics(t *testing.T) {
	none := withTopics(t, nil, nil).Version()
	with := withTopics(t, []tenor.Topic{buybacks}, nil).Version()
	again := withTopics(t, []tenor.Topic{buybacks}, nil).Version()
	asSubject := withTopics(t, nil, []tenor.Topic{{Name: buybacks.Name, Phrases: buybacks.Phrases, Exclusions: buybacks.Exclusions}}).Version()
	changed := buybacks
	changed.Exclusions = nil
	other := withTopics(t, []tenor.Topic{changed}, nil).Version()
	if none != Version || with != again || !strings.HasPrefix(with, Version+"+topics.") || len(with) != len(Version)+len("+topics.")+8 {
		t.Errorf("%q, %q, %q", none, with, again)
	}
	if with == other || with == asSubject || other == asSubject {
		t.Errorf("%q, %q and %q are of different topics", with, other, asSubject)
	}
}

func TestOwnPhraseMistakes(t *testing.T) {
	for phrase, want := range map[string]string{
		"buyback = 2":                 "has a =",
		"share (buyback":              "has a bracket that is not closed",
		"buyback)":                    "has | or ) outside brackets",
		"a|b":                         "has | or ) outside brackets",
		"$ % --":                      `no word in "$ % --"`,
		"500":                         "a number stands for any number",
		"the 2000s, the 10s":          "runs over a comma",
		"St. Malo":                    "runs over a comma, a full stop or the like",
		"_ buybacks":                  "begins with _",
		"()":                          "no word",
		"a b c d e f g h i j k":       "has 11 words; at most 10",
		strings.Repeat("(a|b|c)", 20): "stands for more than 400 phrases",
		strings.Repeat("(", 200):      "not closed",
	} {
		topics, err := tenor.NewTopics([]tenor.Topic{{Name: "own", Phrases: []string{"good", phrase}}}, nil)
		if err != nil {
			t.Fatalf("%q: %v", phrase, err)
		}
		err = CheckTopics(topics)
		var e *tenor.TopicError
		if !errors.As(err, &e) || e.Key != "phrases" || e.Item != 1 || !strings.Contains(e.Problem, want) {
			t.Errorf("%q: %v, want %q", phrase, err, want)
		}
	}
}

// Whatever a user writes is refused with its place or found: a phrase without signs of
// the syntax is found where it stands in a text.
func FuzzOwnPhrase(f *testing.F) {
	for _, phrase := range []string{"buyback(s)", "S&P 500", "U.S. stocks", "the Fed's (dots|plot)", "10-year", "a _ b", "((a|b)c|d)", "naïve  carry", "x\u0085y", "o'b", "_"} {
		f.Add(phrase)
	}
	f.Fuzz(func(t *testing.T, phrase string) {
		topics, err := tenor.NewTopics([]tenor.Topic{{Name: "own", Phrases: []string{phrase}}}, nil)
		if err != nil {
			return
		}
		o, err := compileOwn(topics)
		var e *tenor.TopicError
		if err != nil {
			if !errors.As(err, &e) || e.Item != 0 || e.Problem == "" {
				t.Fatalf("%q: %v", phrase, err)
			}
			return
		}
		a := &tenor.Article{Title: phrase, Text: "They say " + phrase + " goes on."}
		var r ownReading
		o.open(&r, a, nil)
		if len(r.found) == 0 && !strings.ContainsAny(phrase, "(|)_") {
			t.Errorf("%q is not found in %q", phrase, a.Text)
		}
	})
}
