package nlp

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"tenor"
)

// invented is a line of testdata/labels.jsonl: a sentence that we made up to
// show one rule, in an article of that title. Horizon and claim are only
// compared where the line gives them.
type invented struct {
	Rule    string         `json:"rule"`
	Title   string         `json:"title"`
	Before  string         `json:"before"`
	Quote   string         `json:"quote"`
	After   string         `json:"after"`
	Stance  tenor.Stance   `json:"stance"`
	Themes  []tenor.Theme  `json:"themes"`
	Subject tenor.Subject  `json:"subject"`
	Horizon *tenor.Horizon `json:"horizon"`
	Claim   tenor.Claim    `json:"claim"`
}

func readInvented(t testing.TB) []invented {
	t.Helper()
	f, err := os.Open("testdata/labels.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []invented
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var in invented
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		all = append(all, in)
	}
	return all
}

// labelOne labels one sentence, which stands alone under its title.
func labelOne(l *labeller, in *invented) (tenor.Article, tenor.Quote) {
	a := tenor.Article{Title: in.Title, Text: in.Before + in.Quote + in.After}
	quotes := []tenor.Quote{{Spans: []tenor.Span{{len(in.Before), len(in.Before) + len(in.Quote)}}}}
	l.Label(&a, quotes)
	return a, quotes[0]
}

func mustLabeller(t testing.TB) *labeller {
	t.Helper()
	l, err := newLabeller()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestLabelRules labels the invented sentences. Each rule may miss a few; the
// misses are printed, and the floors hold what was once reached.
func TestLabelRules(t *testing.T) {
	l := mustLabeller(t)
	var score labelScore
	horizons, claims, horizonRight, claimRight := 0, 0, 0, 0
	for _, in := range readInvented(t) {
		a, q := labelOne(l, &in)
		score.add(&goldQuote{Stance: in.Stance, Themes: in.Themes, Subject: in.Subject}, &q)
		if q.Stance != in.Stance || q.Subject != in.Subject {
			t.Logf("%s: %s/%s for %s/%s: %s", in.Rule, q.Stance, q.Subject, in.Stance, in.Subject, in.Quote)
		}
		if !slices.Equal(sorted(q.Themes), sorted(in.Themes)) {
			t.Logf("%s: themes %v for %v: %s", in.Rule, q.Themes, in.Themes, in.Quote)
		}
		if in.Horizon != nil {
			horizons++
			if q.Horizon == *in.Horizon {
				horizonRight++
			} else {
				t.Logf("%s: horizon %q for %q: %s", in.Rule, q.Horizon, *in.Horizon, in.Quote)
			}
		}
		if in.Claim != "" {
			claims++
			if q.Claim == in.Claim {
				claimRight++
			} else {
				t.Logf("%s: claim %s for %s: %s", in.Rule, q.Claim, in.Claim, in.Quote)
			}
		}
		checkEvidence(t, &a, &q)
	}
	t.Logf("%d sentences: stance %.3f, themes %.3f, subject %.3f, horizon %d/%d, claim %d/%d",
		score.n, score.accuracy(), score.themeF1(), score.subject(), horizonRight, horizons, claimRight, claims)
	atLeast(t, "stance accuracy", score.accuracy(), 0.89)
	atLeast(t, "theme micro-F1", score.themeF1(), 0.85)
	atLeast(t, "subject accuracy", score.subject(), 0.97)
	atLeast(t, "horizon accuracy", ratio(horizonRight, horizons), 1)
	atLeast(t, "claim accuracy", ratio(claimRight, claims), 1)
}

func sorted(themes []tenor.Theme) []tenor.Theme {
	themes = slices.Clone(themes)
	slices.Sort(themes)
	return themes
}

func atLeast(t *testing.T, what string, got, floor float64) {
	t.Helper()
	if got < floor {
		t.Errorf("%s is %.3f; it was %.3f", what, got, floor)
	}
}

// checkEvidence asserts what must hold of every labelled quote: the evidence
// lies in its spans, a lean has some, and themes come in their order.
func checkEvidence(t testing.TB, a *tenor.Article, q *tenor.Quote) {
	t.Helper()
	lean := false
	for _, e := range q.Evidence {
		inside := slices.ContainsFunc(q.Spans, func(s tenor.Span) bool {
			return s.Start() <= e.Span.Start() && e.Span.Start() < e.Span.End() && e.Span.End() <= s.End()
		})
		if !inside {
			t.Fatalf("evidence %s %v lies outside %v of %q", e.Tag, e.Span, q.Spans, a.Text)
		}
		lean = lean || e.Tag == "stance:"+string(q.Stance)
	}
	if q.Stance != tenor.Neutral && !lean {
		t.Fatalf("%s without evidence: %q", q.Stance, q.Segments(a.Text))
	}
	order := -1
	for _, th := range q.Themes {
		at := slices.Index(tenor.Themes(), th)
		if at <= order {
			t.Fatalf("themes %v out of order", q.Themes)
		}
		order = at
	}
	if !(q.Confidence >= 0 && q.Confidence <= 1) || !slices.Contains(tenor.Subjects(), q.Subject) || !slices.Contains(tenor.Stances(), q.Stance) {
		t.Fatalf("confidence %v, subject %q, stance %q", q.Confidence, q.Subject, q.Stance)
	}
}

// TestEvidenceIsThePhrase reads the evidence back from the text.
func TestEvidenceIsThePhrase(t *testing.T) {
	l := mustLabeller(t)
	for _, c := range []struct{ text, tag, phrase string }{
		{"Small-cap valuations are cheap, and they’re primed for a rebound.", "stance:bullish", "they’re primed for a rebound"},
		{"Small-cap valuations are cheap, and they’re primed for a rebound.", "theme:valuation", "valuations"},
		{"Small-cap valuations are cheap, and they’re primed for a rebound.", "subject:small-caps", "Small-cap"},
		{"Profits fell, and the outlook is gloomy.", "stance:fragile", "Profits fell"},
		{"We don’t see this as sustainable; the rally is fragile and risky.", "negation", "don’t"},
		{"In the near term we see further gains for stocks.", "horizon:near", "near term"},
	} {
		a, q := labelOne(l, &invented{Title: "Small caps at a crossroads", Before: "“", Quote: c.text, After: "” she said."})
		found := slices.ContainsFunc(q.Evidence, func(e tenor.Evidence) bool { return e.Tag == c.tag && e.Span.In(a.Text) == c.phrase })
		if !found {
			t.Errorf("%q has no %s %q; it has %v (%s)", c.text, c.tag, c.phrase, evidence(&a, &q), q.Stance)
		}
	}
}

func evidence(a *tenor.Article, q *tenor.Quote) []string {
	var all []string
	for _, e := range q.Evidence {
		all = append(all, e.Tag+"="+e.Span.In(a.Text))
	}
	return all
}

// TestComposition: what decides is not the tone of most words but what is said
// of what, and last.
func TestComposition(t *testing.T) {
	l := mustLabeller(t)
	for _, c := range []struct {
		text   string
		stance tenor.Stance
		shown  string // in a span of the evidence
	}{
		{"The July bounce was remarkable and strong, but hiring is cooling, which may leave this rally vulnerable.", tenor.Fragile, "leave this rally vulnerable"},
		{"The strong rebound has been impressive, yet it rests on hopes that could make it fragile.", tenor.Fragile, "make it fragile"},
		{"Cheaper overnight money would help lighten that load.", tenor.Bullish, "lighten that load"},
		{"The central bank's decision could further support shares of smaller companies.", tenor.Bullish, "further support"},
		{"Smaller firms are more exposed to duties, since their margins are thinner and their balance sheets weaker.", tenor.Fragile, "exposed to"},
		{"The danger of a recession has passed.", tenor.Bullish, "recession has passed"},
		{"Fears of a downturn are fading.", tenor.Bullish, "downturn are fading"},
		{"The rally is nearly over.", tenor.Fragile, "rally is nearly over"},
		{"Falling profits could end the rebound.", tenor.Fragile, "end the rebound"},
		{"We see more downside before this is over.", tenor.Fragile, "more downside"},
		{"We would rather own large caps than small caps.", tenor.Fragile, "rather own"},
	} {
		a, q := labelOne(l, &invented{Title: "Small caps at a crossroads", Quote: c.text})
		tag := "stance:" + string(c.stance)
		shown := slices.ContainsFunc(q.Evidence, func(e tenor.Evidence) bool { return e.Tag == tag && strings.Contains(e.Span.In(a.Text), c.shown) })
		if q.Stance != c.stance || !shown {
			t.Errorf("%s for %s, by %v: %s", q.Stance, c.stance, evidence(&a, &q), c.text)
		}
	}
}

// TestVariantsLabelAlike: the shape of apostrophes, hyphens and letters is the
// publisher's habit, not the speaker's view.
func TestVariantsLabelAlike(t *testing.T) {
	l := mustLabeller(t)
	same := []string{
		"We don't like small caps; the risk-reward isn't attractive.",
		"We don’t like small-caps; the risk–reward isn’t attractive.",
		"WE DON'T LIKE SMALL CAPS; THE RISK-REWARD ISN'T ATTRACTIVE.",
	}
	_, want := labelOne(l, &invented{Quote: same[0]})
	for _, text := range same[1:] {
		if _, got := labelOne(l, &invented{Quote: text}); got.Stance != want.Stance || got.Subject != want.Subject || !slices.Equal(got.Themes, want.Themes) {
			t.Errorf("%q: %s %s %v; want %s %s %v", text, got.Stance, got.Subject, got.Themes, want.Stance, want.Subject, want.Themes)
		}
	}
}

// TestLabelFillsEveryQuote: two spans, an empty one and no span at all.
func TestLabelFillsEveryQuote(t *testing.T) {
	l := mustLabeller(t)
	text := "“Small caps are cheap,” said Orla Finch, “and primed for a rebound.”"
	quotes := []tenor.Quote{
		{Spans: []tenor.Span{{3, 25}, {48, 71}}, Evidence: []tenor.Evidence{{Tag: "cue", Span: tenor.Span{29, 33}}}},
		{Spans: []tenor.Span{{5, 5}}},
		{},
	}
	a := tenor.Article{Text: text}
	l.Label(&a, quotes)
	for i, q := range quotes {
		if q.Stance == "" || q.Claim == "" || q.Subject == "" {
			t.Errorf("quote %d: stance %q, claim %q, subject %q", i, q.Stance, q.Claim, q.Subject)
		}
	}
	if quotes[0].Stance != tenor.Bullish || quotes[0].Evidence[0].Tag != "cue" {
		t.Errorf("the quote in two spans is %s with %v", quotes[0].Stance, evidence(&a, &quotes[0]))
	}
	if quotes[1].Stance != tenor.Neutral || quotes[2].Stance != tenor.Neutral {
		t.Error("a quote without words leans")
	}
}

// TestLabelIsPure labels the same quotes from many goroutines.
func TestLabelIsPure(t *testing.T) {
	l := mustLabeller(t)
	all := readInvented(t)
	want := make([]string, len(all))
	for i := range all {
		_, q := labelOne(l, &all[i])
		b, _ := json.Marshal(q)
		want[i] = string(b)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range all {
				_, q := labelOne(l, &all[i])
				if b, _ := json.Marshal(q); string(b) != want[i] {
					t.Errorf("%q: %s, then %s", all[i].Quote, want[i], b)
				}
			}
		})
	}
	wg.Wait()
}

// TestLabelSurvivesHostileText: a quote of a megabyte of signals must take no
// more than its length. The bound on words makes it so; without it this test
// would not end.
func TestLabelSurvivesHostileText(t *testing.T) {
	l := mustLabeller(t)
	for _, unit := range []string{"but not rising costs fall ", "but ", "risk ", "no no ", "profits ", "small caps outperform large caps than ", "if , "} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		a := tenor.Article{Title: text, Text: text}
		quotes := []tenor.Quote{{Spans: []tenor.Span{{0, len(text)}}}}
		l.Label(&a, quotes)
		checkEvidence(t, &a, &quotes[0])
	}
}

// TestMalformedLists: a slip in a list names its file and line.
func TestMalformedLists(t *testing.T) {
	for _, c := range []struct{ name, stance, theme, want string }{
		{"no section", "rally\n", "rate", "lexicon/stance.txt:1: phrase \"rally\" before any [section]"},
		{"unknown section", "[bullish]\nrally\n[sideways]\n", "rate", "lexicon/stance.txt:3: unknown section [sideways]"},
		{"open bracket", "[bullish]\nrall(y|ied\n", "rate", "lexicon/stance.txt:2: \"rall(y|ied\" has a bracket that is not closed"},
		{"stray bar", "[bullish]\nup|down\n", "rate", "lexicon/stance.txt:2: \"up|down\" has | or ) outside brackets"},
		{"weight", "[bullish]\n# fine\nrally = strong\n", "rate", "lexicon/stance.txt:3: weight \"strong\" is not a number above 0 and up to 10"},
		{"zero weight", "[bullish]\nrally = 0\n", "rate", "is not a number above 0"},
		{"no word", "[bullish]\n?!\n", "rate", "lexicon/stance.txt:2: no word in \"?!\""},
		{"twice", "[bullish]\nrally\nrally\n", "rate", "lexicon/stance.txt:3: \"rally\" is already on line 2"},
		{"too long", "[bullish]\n" + strings.Repeat("rally ", 60) + "\n", "rate", "lexicon/stance.txt:2: phrase of 359 characters; at most 200"},
		{"too many words", "[bullish]\na b c d e f g h i j k\n", "rate", "has 11 words; at most 10"},
		{"too many alternatives", "[bullish]\n(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)\n", "rate", "stands for more than 400 phrases"},
		{"wildcard first", "[bullish]\n_ rally\n", "rate", "begins with _"},
		{"theme", "[bullish]\nrally\n", "rate\nrate(s|\n", "lexicon/themes/rates.txt:2: "},
	} {
		fsys := fstest.MapFS{}
		for _, f := range phraseLists {
			fsys["lexicon/"+f.file] = &fstest.MapFile{}
		}
		for _, th := range tenor.Themes() {
			fsys["lexicon/themes/"+string(th)+".txt"] = &fstest.MapFile{}
		}
		fsys["lexicon/plain.txt"] = &fstest.MapFile{}
		fsys["lexicon/standing.txt"] = &fstest.MapFile{}
		fsys["lexicon/hanging.txt"] = &fstest.MapFile{}
		fsys["lexicon/opening.txt"] = &fstest.MapFile{}
		fsys["lexicon/stance.txt"] = &fstest.MapFile{Data: []byte(c.stance)}
		fsys["lexicon/themes/rates.txt"] = &fstest.MapFile{Data: []byte(c.theme)}
		_, err := loadLexicon(fsys, "lexicon")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v; want %q", c.name, err, c.want)
		}
	}
}

// TestMalformedModel: the same of the weights.
func TestMalformedModel(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"# card\nrally\t1\t2\n", "m.txt:2: 3 fields instead of 4"},
		{"rally\t1\tx\t2\n", "m.txt:1: weight \"x\" is not a whole number"},
		{"=999\t1\t2\t3\n", "m.txt:1: no feature \"=999\""},
	} {
		if _, err := parseModel("m.txt", []byte(c.data), newVocabulary()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v; want %q", c.data, err, c.want)
		}
	}
}

func FuzzLabel(f *testing.F) {
	l := mustLabeller(f)
	f.Add("Small caps rally", "“Small caps don’t look cheap,” she warned.", 3, 20)
	f.Add("", "\xff\xfe’s U.S. S&P 500 -- 1,000.5%", 0, 30)
	f.Add("İstanbul’da", "ſtocks Ⅷ ’’s …", 1, 9)
	f.Fuzz(func(t *testing.T, title, text string, from, to int) {
		from, to = min(max(from, 0), len(text)), min(max(to, 0), len(text))
		if from > to {
			from, to = to, from
		}
		mid := (from + to) / 2
		a := tenor.Article{Title: title, Text: text}
		quotes := []tenor.Quote{{Spans: []tenor.Span{{from, to}}}, {Spans: []tenor.Span{{from, mid}, {mid, to}}}}
		l.Label(&a, quotes)
		for i := range quotes {
			checkEvidence(t, &a, &quotes[i])
		}
	})
}
