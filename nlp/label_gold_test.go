package nlp

import (
	"bufio"
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenor"
)

const sharedGold = "../../shared/gold"

// goldQuote is a labelled quote of a gold file; see its GUIDE.md.
type goldQuote struct {
	Segments    []string          `json:"segments"`
	Kind        tenor.Kind        `json:"kind"`
	Speaker     string            `json:"speaker"`
	SpeakerType tenor.SpeakerType `json:"speaker_type"`
	Stance      tenor.Stance      `json:"stance"`
	Themes      []tenor.Theme     `json:"themes"`
	ThemesMaybe []tenor.Theme     `json:"themes_maybe"`
	Subject     tenor.Subject     `json:"subject"`
	Optional    bool              `json:"optional"`
}

type goldArticle struct {
	File   string      `json:"file"`
	Title  string      `json:"title"`
	Text   string      `json:"text"`
	Quotes []goldQuote `json:"quotes"`
}

// readGold reads labelled articles, whose texts lie in dir or in the lines.
func readGold(t testing.TB, file, dir string) []goldArticle {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedGold, file))
	if err != nil {
		t.Skipf("no labelled articles here: %v", err)
	}
	defer f.Close()
	var articles []goldArticle
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a goldArticle
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if a.Text == "" && dir != "" {
			text, err := os.ReadFile(filepath.Join(sharedGold, dir, a.File))
			if err != nil {
				t.Fatal(err)
			}
			a.Text = string(text)
		}
		articles = append(articles, a)
	}
	return articles
}

// place finds the segments in text, in order; those that differ from it by more
// than spaces are left out.
func place(text string, segments []string) []tenor.Span {
	var spans []tenor.Span
	at := 0
	for _, s := range segments {
		i := strings.Index(text[at:], s)
		if i < 0 {
			if i = strings.Index(text, s); i < 0 {
				continue
			}
			at = 0
		}
		spans = append(spans, tenor.Span{at + i, at + i + len(s)})
		at += i + len(s)
	}
	return spans
}

// labelScore counts by the rules of the gold folder's score.py.
type labelScore struct {
	n, right, tp, fp, fn, subjects, subjectRight int
	confusion                                    map[[2]tenor.Stance]int
	bins                                         [10]struct{ n, right, sum float64 }
	sure                                         []judgement
}

// judgement is how sure a label is, and whether it is right.
type judgement struct {
	confidence float64
	right      bool
}

func (s *labelScore) add(g *goldQuote, q *tenor.Quote) {
	if s.confusion == nil {
		s.confusion = map[[2]tenor.Stance]int{}
	}
	s.n++
	s.confusion[[2]tenor.Stance{g.Stance, q.Stance}]++
	bin := &s.bins[min(9, int(q.Confidence*10))]
	bin.n++
	bin.sum += q.Confidence
	s.sure = append(s.sure, judgement{q.Confidence, g.Stance == q.Stance})
	if g.Stance == q.Stance {
		s.right++
		bin.right++
	}
	for _, th := range tenor.Themes() {
		want, have := slices.Contains(g.Themes, th), slices.Contains(q.Themes, th)
		maybe := slices.Contains(g.ThemesMaybe, th)
		switch {
		case want && have && !maybe:
			s.tp++
		case want:
			s.fn++
		case have && !maybe:
			s.fp++
		}
	}
	if g.Subject != "" {
		s.subjects++
		if g.Subject == q.Subject {
			s.subjectRight++
		}
	}
}

// surest is the share right of the three fifths that are surest.
func (s *labelScore) surest() float64 {
	slices.SortStableFunc(s.sure, func(a, b judgement) int { return cmp.Compare(b.confidence, a.confidence) })
	n, right := len(s.sure)*3/5, 0
	for _, x := range s.sure[:n] {
		if x.right {
			right++
		}
	}
	return ratio(right, n)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (s *labelScore) accuracy() float64 { return ratio(s.right, s.n) }
func (s *labelScore) themeF1() float64  { return ratio(2*s.tp, 2*s.tp+s.fp+s.fn) }
func (s *labelScore) subject() float64  { return ratio(s.subjectRight, s.subjects) }

// calibrationError is how far confidence and accuracy lie apart, on average.
func (s *labelScore) calibrationError() float64 {
	off := 0.0
	for _, b := range s.bins {
		off += math.Abs(b.sum - b.right)
	}
	return off / float64(max(1, s.n))
}

func (s *labelScore) macroF1() float64 {
	sum := 0.0
	for _, c := range tenor.Stances() {
		tp, gold, have := s.confusion[[2]tenor.Stance{c, c}], 0, 0
		for _, o := range tenor.Stances() {
			gold += s.confusion[[2]tenor.Stance{c, o}]
			have += s.confusion[[2]tenor.Stance{o, c}]
		}
		sum += ratio(2*tp, gold+have)
	}
	return sum / 3
}

// labelGold labels the gold quotes of articles, each as if it had been found
// exactly, and scores those that are not optional.
func labelGold(t testing.TB, l *labeller, articles []goldArticle) labelScore {
	t.Helper()
	var score labelScore
	for _, ga := range articles {
		a := tenor.Article{Title: ga.Title, Text: ga.Text}
		if a.Title == "" {
			a.Title, _, _ = strings.Cut(strings.TrimSpace(ga.Text), "\n")
		}
		var quotes []tenor.Quote
		var gold []*goldQuote
		for i := range ga.Quotes {
			g := &ga.Quotes[i]
			if spans := place(a.Text, g.Segments); len(spans) > 0 {
				quotes = append(quotes, tenor.Quote{Spans: spans, Kind: g.Kind, Speaker: g.Speaker, SpeakerType: g.SpeakerType})
				gold = append(gold, g)
			}
		}
		l.Label(&a, quotes)
		for i := range quotes {
			if gold[i].Optional {
				continue
			}
			score.add(gold[i], &quotes[i])
			checkEvidence(t, &a, &quotes[i])
		}
	}
	return score
}

// TestLabelGold holds the figures of labelling alone, with every quote and
// speaker given, to the floors that were once reached.
func TestLabelGold(t *testing.T) {
	l, err := newLabeller()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []struct {
		name, file, dir                   string
		accuracy, macro, themes, subjects float64
	}{
		{"seeds", "seeds.jsonl", "../seeds", 0.88, 0.82, 0.87, 0.97},
		{"reuters", "reuters.jsonl", "reuters", 0.645, 0.62, 0.79, 0.82},
		{"patterns", "patterns/patterns.jsonl", "", 0.60, 0.55, 0.44, 0},
	} {
		t.Run(set.name, func(t *testing.T) {
			got := labelGold(t, l, readGold(t, set.file, set.dir))
			t.Logf("%d quotes: stance accuracy %.3f, macro-F1 %.3f, of the surest 60%% %.3f, calibration error %.3f, theme micro-F1 %.3f, subject accuracy %.3f",
				got.n, got.accuracy(), got.macroF1(), got.surest(), got.calibrationError(), got.themeF1(), got.subject())
			for _, floor := range []struct {
				what      string
				got, want float64
			}{
				{"stance accuracy", got.accuracy(), set.accuracy},
				{"stance macro-F1", got.macroF1(), set.macro},
				{"theme micro-F1", got.themeF1(), set.themes},
				{"subject accuracy", got.subject(), set.subjects},
			} {
				if floor.got < floor.want {
					t.Errorf("%s is %.3f; it was %.3f", floor.what, floor.got, floor.want)
				}
			}
		})
	}
}
