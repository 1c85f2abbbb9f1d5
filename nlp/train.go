package nlp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"tenor"
)

// TrainOptions are the settings of TrainStance.
type TrainOptions struct {
	Runs     int     // in different orders, of which the mean is taken
	Epochs   int     // of a run
	Rate     float64 // of learning, falling to a twentieth
	Decay    float64 // pull of the words' weights to zero
	MinCount int     // quotes in which a gram must stand
	Own      float64 // what a quote of our own counts, next to a clear one of the news
	First    int     // in cross-validation, learn from so many quotes only; 0 for all
	Without  string  // in cross-validation, one of StanceParts to learn without; "" for none
}

// DefaultTrainOptions were chosen by cross-validation on the training quotes.
func DefaultTrainOptions() TrainOptions {
	return TrainOptions{Runs: 8, Epochs: 15, Rate: 0.05, Decay: 1e-2, MinCount: 3, Own: 2.2}
}

// example is a labelled quote as the model sees it.
type example struct {
	dense  []float64
	words  []int32   // features of the words
	by     []float64 // and how much each counts
	share  float64
	class  int
	weight float64
	kind   labelledKind
	text   int // of which it is, for folds
}

// trainer holds the examples and the numbers of their word features.
type trainer struct {
	labeller *labeller
	grams    []gram // of the features
	number   map[gram]int32
	spelling []string      // of the words of the vocabulary
	common   map[word]bool // words seen without a capital: no names of people or firms
	examples []example
	without  withholding
}

// newTrainer labels every quote by the rules and keeps what the model sees.
func newTrainer(texts *LabelledTexts, o TrainOptions) (*trainer, error) {
	l, err := newRules()
	if err != nil {
		return nil, err
	}
	t := &trainer{labeller: l, number: map[gram]int32{}, common: map[word]bool{numberWord: true}}
	if t.without, err = withholdingNamed(stanceWithholdings, o.Without); err != nil {
		return nil, err
	}
	t.without.fromLexicon(l.lexicon)
	for _, w := range l.lexicon.words.number {
		t.common[w] = true
	}
	for i := range texts.texts {
		text := &texts.texts[i]
		for _, q := range text.quotes {
			for _, s := range q.Spans {
				t.learnWords(text.article.Text, s)
			}
		}
	}
	l.lexicon.seal()
	t.spelling = l.lexicon.words.spellings()
	for i := range texts.texts {
		t.add(i, &texts.texts[i], o)
	}
	return t, nil
}

// spellings is the words of a vocabulary by number; numbers in digits are "0".
func (v *vocabulary) spellings() []string {
	words := make([]string, v.size())
	words[numberWord] = "0"
	for s, w := range v.number {
		words[w] = s
	}
	return words
}

// learnWords adds the words of a stretch of text to the vocabulary, as a model's
// file will.
func (t *trainer) learnWords(text string, s tenor.Span) {
	v := t.labeller.lexicon.words
	var buf [longestWord + utf8.UTFMax]byte
	for _, w := range v.tokenise(nil, text, s.Start(), s.End()) {
		if w.word == numberWord {
			continue
		}
		_, folded := fold(&buf, text, w.start, len(text))
		if n := v.add(string(folded)); text[w.start] >= 'a' && text[w.start] <= 'z' {
			t.common[n] = true
		}
	}
}

// add turns the quotes of a text into examples.
func (t *trainer) add(number int, text *labelledText, o TrainOptions) {
	p := new(passage)
	p.open(t.labeller.lexicon, &text.article)
	for i := range text.quotes {
		g := &text.quotes[i]
		q := tenor.Quote{Spans: g.Spans, SpeakerType: g.Type}
		p.read(&q)
		t.labeller.label(p, &q)
		p.measure(&q)
		t.without.fromDense(p.dense)
		e := example{dense: slices.Clone(p.dense), share: float64(wordShare(len(p.words))), weight: g.weight(), kind: text.kind, text: number}
		if text.kind == kindOwn {
			e.weight = o.Own
		}
		e.class = indexOf(stances[:], g.Stance)
		p.eachGram(func(g gram, by float32, _, _ int) {
			if t.without.grams != nil && t.without.grams(&p.lex.marks, g) {
				return
			}
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

// fit learns from the examples in use: the mean of several runs, so that the order of
// the examples decides little.
func (t *trainer) fit(use []int, o TrainOptions) *fitted {
	mean := &fitted{words: make([][3]float64, len(t.grams)), keep: t.prune(use, o.MinCount)}
	for run := range o.Runs {
		f := t.run(use, o, mean.keep, uint64(run))
		for i := range f.dense {
			for k, v := range f.dense[i] {
				mean.dense[i][k] += v / float64(o.Runs)
			}
		}
		for i := range f.words {
			for k, v := range f.words[i] {
				mean.words[i][k] += v / float64(o.Runs)
			}
		}
	}
	return mean
}

// run learns by stochastic gradients in an order that is the same every time.
func (t *trainer) run(use []int, o TrainOptions, keep []bool, seed uint64) *fitted {
	f := &fitted{words: make([][3]float64, len(t.grams)), keep: keep}
	var size [3]float64
	for _, i := range use {
		size[t.examples[i].class] += t.examples[i].weight
	}
	total := size[0] + size[1] + size[2]
	order := slices.Clone(use)
	random := rand.New(rand.NewPCG(1+seed, 2))
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
	Of                string // the kind
	Quotes            int
	Accuracy, MacroF1 float64
}

// CrossValidateStance trains on all but one fold of the texts and tries the rest, so
// many times over. It counts each kind of quotes apart.
func CrossValidateStance(texts *LabelledTexts, o TrainOptions, folds int) ([]Figures, error) {
	t, err := newTrainer(texts, o)
	if err != nil {
		return nil, err
	}
	var confusion [labelledKinds][3][3]int
	for fold := range folds {
		var use []int
		for i := range t.examples {
			if e := &t.examples[i]; foldOf(e.text, folds) != fold && !t.without.skips(e.kind) {
				use = append(use, i)
			}
		}
		f := t.fit(first(use, o.First), o)
		for i := range t.examples {
			if e := &t.examples[i]; foldOf(e.text, folds) == fold {
				confusion[e.kind][e.class][likeliest(f.scores(e))]++
			}
		}
	}
	var all []Figures
	for kind := range confusion {
		if fig := figuresOf(&confusion[kind]); fig.Quotes > 0 {
			fig.Of = labelledNames[kind]
			all = append(all, fig)
		}
	}
	return all, nil
}

// first draws n of the numbers, the same every time; all of them for 0.
func first(use []int, n int) []int {
	if n == 0 || n >= len(use) {
		return use
	}
	r := rand.New(rand.NewPCG(3, 4))
	r.Shuffle(len(use), func(i, j int) { use[i], use[j] = use[j], use[i] })
	return use[:n]
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

// TrainStance learns the stance model from labelled texts and writes it as text: a
// feature and three weights in thousandths.
func TrainStance(texts *LabelledTexts, o TrainOptions, w io.Writer) error {
	t, err := newTrainer(texts, o)
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
