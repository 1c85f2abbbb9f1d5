package nlp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"tenor"
)

// TrainOptions are the settings of TrainStance.
type TrainOptions struct {
	Epochs   int
	Rate     float64 // of learning, falling to a twentieth
	Decay    float64 // pull of the words' weights to zero
	MinCount int     // quotes in which a gram must stand
	Own      float64 // what a quote of our own counts, next to a sentence from the news
}

// DefaultTrainOptions were chosen by cross-validation on the training quotes.
func DefaultTrainOptions() TrainOptions {
	return TrainOptions{Epochs: 30, Rate: 0.05, Decay: 1e-2, MinCount: 4, Own: 1}
}

// example is a labelled quote as the model sees it.
type example struct {
	dense  []float64
	words  []int32   // features of the words
	by     []float64 // and how much each counts
	share  float64
	class  int
	weight float64
	own    bool
}

// trainingLine is a labelled quote. Sentences from the news say how sure their
// reader was, 0 to 2; quotes of our own do not, and are taken for sure.
type trainingLine struct {
	Title  string       `json:"title"`
	Text   string       `json:"text"`
	Stance tenor.Stance `json:"stance"`
	Sure   *int         `json:"sure"`
}

// trainer holds the examples and the numbers of their word features.
type trainer struct {
	labeller *labeller
	grams    []gram // of the features
	number   map[gram]int32
	spelling []string      // of the words of the vocabulary
	common   map[word]bool // words seen without a capital: no names of people or firms
	examples []example
}

// readExamples labels every line by the rules and keeps what the model sees.
// Lines that are no view (sure 0) are left out.
func readExamples(r io.Reader, o TrainOptions) (*trainer, error) {
	l, err := newRules()
	if err != nil {
		return nil, err
	}
	t := &trainer{labeller: l, number: map[gram]int32{}, common: map[word]bool{numberWord: true}}
	for _, w := range l.lexicon.words.number {
		t.common[w] = true
	}
	var all []trainingLine
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var s trainingLine
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("training line %d: %w", number, err)
		}
		if !slices.Contains(stances[:], s.Stance) {
			return nil, fmt.Errorf("training line %d: no stance %q", number, s.Stance)
		}
		if s.Sure == nil || *s.Sure > 0 {
			all = append(all, s)
			t.learnWords(s.Text)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("training data: %w", err)
	}
	l.lexicon.seal()
	t.spelling = make([]string, l.lexicon.words.size())
	t.spelling[numberWord] = "0"
	for s, w := range l.lexicon.words.number {
		t.spelling[w] = s
	}
	for i := range all {
		t.add(&all[i], o)
	}
	return t, nil
}

// learnWords adds the words of a text to the vocabulary, as a model's file will.
func (t *trainer) learnWords(text string) {
	v := t.labeller.lexicon.words
	var buf [longestWord + utf8.UTFMax]byte
	for _, w := range v.tokenise(nil, text, 0, len(text)) {
		if w.word == numberWord {
			continue
		}
		_, folded := fold(&buf, text, w.start, len(text))
		if n := v.add(string(folded)); text[w.start] >= 'a' && text[w.start] <= 'z' {
			t.common[n] = true
		}
	}
}

// add turns a training line into an example.
func (t *trainer) add(s *trainingLine, o TrainOptions) {
	p := new(passage)
	a := tenor.Article{Title: s.Title, Text: s.Text}
	q := tenor.Quote{Spans: contentOf(s.Text)}
	p.open(t.labeller.lexicon, &a)
	p.read(&q)
	t.labeller.label(p, &q)
	p.measure(&q)
	e := example{dense: slices.Clone(p.dense), share: float64(wordShare(len(p.words))), own: s.Sure == nil, weight: 1}
	switch {
	case e.own:
		e.weight = o.Own
	case *s.Sure == 1:
		e.weight = 0.7
	}
	e.class = indexOf(stances[:], s.Stance)
	p.eachGram(func(g gram, by float32) {
		n, ok := t.number[g]
		if !ok {
			n = int32(len(t.grams))
			t.number[g] = n
			t.grams = append(t.grams, g)
		}
		e.words = append(e.words, n)
		e.by = append(e.by, float64(by)*e.share)
	})
	t.examples = append(t.examples, e)
}

// contentOf is what a speaker said in a sentence that reports it: the words
// between the quotation marks where they are most of it, else all of it less
// a "said so-and-so" at its end.
func contentOf(text string) []tenor.Span {
	var spans []tenor.Span
	inside, quoted := -1, 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if inside < 0 {
			inside = i + 1
			continue
		}
		if i > inside {
			spans = append(spans, tenor.Span{inside, i})
			quoted += i - inside
		}
		inside = -1
	}
	if quoted*5 >= len(text)*2 {
		return spans
	}
	if at := strings.LastIndex(text, ", said "); at*2 > len(text) {
		return []tenor.Span{{0, at}}
	}
	return []tenor.Span{{0, len(text)}}
}

// prune keeps the word features that stand in at least min quotes of use. The
// names of people and firms are dropped: who speaks is no reason.
func (t *trainer) prune(use []int, min int) []bool {
	count := make([]int, len(t.grams))
	for _, i := range use {
		last := map[int32]bool{}
		for _, f := range t.examples[i].words {
			if !last[f] {
				last[f] = true
				count[f]++
			}
		}
	}
	keep := make([]bool, len(t.grams))
	for i, n := range count {
		keep[i] = n >= min
		for g := t.grams[i]; g > 0; g >>= gramBits {
			keep[i] = keep[i] && t.common[word(g&maxWords)]
		}
	}
	return keep
}

// nameOf spells a gram as a model's file does.
func (t *trainer) nameOf(g gram) string {
	name := ""
	for shift := 2 * gramBits; shift >= 0; shift -= gramBits {
		if w := word(g >> shift & maxWords); w != 0 {
			name += " " + t.spelling[w]
		}
	}
	return name[1:]
}

// fitted are weights before they are written.
type fitted struct {
	dense [denseFeatures][3]float64
	words [][3]float64
	keep  []bool
}

// fit learns from the examples in use, by stochastic gradients in an order that
// is the same every time.
func (t *trainer) fit(use []int, o TrainOptions) *fitted {
	f := &fitted{words: make([][3]float64, len(t.grams)), keep: t.prune(use, o.MinCount)}
	var size [3]float64
	for _, i := range use {
		size[t.examples[i].class] += t.examples[i].weight
	}
	total := size[0] + size[1] + size[2]
	order := slices.Clone(use)
	random := rand.New(rand.NewPCG(1, 2))
	steps := o.Epochs * len(order)
	step := 0
	for range o.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			rate := o.Rate * (1 - 0.95*float64(step)/float64(steps))
			step++
			e := &t.examples[i]
			g := softmax(f.scores(e))
			g[e.class]--
			// Half-way to equal classes: gold quotes are more even than these.
			w := e.weight * math.Sqrt(total/3/size[e.class])
			for k := range g {
				g[k] *= w * rate
			}
			for j, v := range e.dense {
				if v != 0 {
					for k := range g {
						f.dense[j][k] -= g[k]*v + rate*o.Decay*0.1*f.dense[j][k]
					}
				}
			}
			for n, j := range e.words {
				if f.keep[j] {
					for k := range g {
						f.words[j][k] -= g[k]*e.by[n] + rate*o.Decay*10*f.words[j][k]
					}
				}
			}
		}
	}
	return f
}

// scores are the sums of an example.
func (f *fitted) scores(e *example) [3]float64 {
	var z [3]float64
	for j, v := range e.dense {
		for k := range z {
			z[k] += f.dense[j][k] * v
		}
	}
	for n, j := range e.words {
		if f.keep[j] {
			for k := range z {
				z[k] += f.words[j][k] * e.by[n]
			}
		}
	}
	return z
}

// Figures are what cross-validation found on one kind of quotes.
type Figures struct {
	Quotes            int
	Accuracy, MacroF1 float64
}

// blockOf keeps neighbours of our own quotes in one fold: they often are pairs
// of one wording.
const blockOf = 20

// CrossValidate trains on all but one fold of the quotes and tries the rest, so
// many times over. It counts sentences from the news and our own quotes apart.
func CrossValidate(r io.Reader, o TrainOptions, folds int) (news, own Figures, err error) {
	t, err := readExamples(r, o)
	if err != nil {
		return Figures{}, Figures{}, err
	}
	foldOf := func(i int) int {
		if t.examples[i].own {
			i /= blockOf
		}
		return i % folds
	}
	var confusion [2][3][3]int
	for fold := range folds {
		var use []int
		for i := range t.examples {
			if foldOf(i) != fold {
				use = append(use, i)
			}
		}
		f := t.fit(use, o)
		for i := range t.examples {
			if e := &t.examples[i]; foldOf(i) == fold {
				kind := 0
				if e.own {
					kind = 1
				}
				confusion[kind][e.class][likeliest(f.scores(e))]++
			}
		}
	}
	return figuresOf(&confusion[0]), figuresOf(&confusion[1]), nil
}

func figuresOf(confusion *[3][3]int) Figures {
	var fig Figures
	right := 0
	for c := range 3 {
		gold, have := 0, 0
		for o := range 3 {
			gold += confusion[c][o]
			have += confusion[o][c]
		}
		right += confusion[c][c]
		fig.Quotes += gold
		fig.MacroF1 += 2 * float64(confusion[c][c]) / float64(max(1, gold+have)) / 3
	}
	fig.Accuracy = float64(right) / float64(max(1, fig.Quotes))
	return fig
}

// TrainStance learns the stance model from labelled sentences, one JSON object
// a line, and writes it as text: a feature and three weights in thousandths.
func TrainStance(r io.Reader, o TrainOptions, w io.Writer) error {
	t, err := readExamples(r, o)
	if err != nil {
		return err
	}
	use := make([]int, len(t.examples))
	for i := range use {
		use[i] = i
	}
	f := t.fit(use, o)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# Stance weights, written by nlp/train; README.md beside this file says from what.\n")
	fmt.Fprintf(out, "# A feature, then its weights for bullish, fragile and neutral in thousandths.\n")
	line := func(name string, w [3]float64) {
		var n [3]int
		for k := range w {
			n[k] = int(math.Round(w[k] * 1000))
		}
		if n != [3]int{} {
			fmt.Fprintf(out, "%s\t%d\t%d\t%d\n", name, n[0], n[1], n[2])
		}
	}
	for i, w := range f.dense {
		line(fmt.Sprintf("=%d", i), w)
	}
	var names []string
	weights := map[string][3]float64{}
	for n, g := range t.grams {
		if f.keep[n] {
			name := t.nameOf(g)
			names = append(names, name)
			weights[name] = f.words[n]
		}
	}
	slices.Sort(names)
	for _, name := range names {
		line(name, weights[name])
	}
	return out.Flush()
}
