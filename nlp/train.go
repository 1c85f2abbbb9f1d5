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

	"tenor"
)

// TrainOptions are the settings of TrainStance.
type TrainOptions struct {
	Epochs   int
	Rate     float64 // of learning, falling to a tenth
	Decay    float64 // pull of the words' weights to zero
	MinCount int     // quotes in which a word or pair must stand
}

// DefaultTrainOptions were chosen by cross-validation on the training quotes.
func DefaultTrainOptions() TrainOptions {
	return TrainOptions{Epochs: 30, Rate: 0.1, Decay: 1e-2, MinCount: 4}
}

// example is a labelled quote as the model sees it.
type example struct {
	dense  []float64
	words  []int32   // features of the words
	by     []float64 // and how much each counts
	share  float64
	class  int
	weight float64
}

// silver is a line of the training data.
type silver struct {
	Title  string       `json:"title"`
	Text   string       `json:"text"`
	Stance tenor.Stance `json:"stance"`
	Sure   int          `json:"sure"`
}

// trainer holds the examples and the numbers of their word features.
type trainer struct {
	labeller *labeller
	names    []string // of the features
	number   map[string]int32
	common   map[string]bool // words seen without a capital: no names of people or firms
	examples []example
}

// readExamples labels every line by the rules and keeps what the model sees.
// Lines that are no view (sure 0) are left out.
func readExamples(r io.Reader) (*trainer, error) {
	l, err := newRules()
	if err != nil {
		return nil, err
	}
	t := &trainer{labeller: l, number: map[string]int32{}, common: map[string]bool{"0": true, "!": true}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var s silver
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("training line %d: %w", number, err)
		}
		if s.Sure == 0 {
			continue
		}
		t.add(&s)
	}
	return t, lines.Err()
}

// add turns a training line into an example.
func (t *trainer) add(s *silver) {
	p := new(passage)
	a := tenor.Article{Title: s.Title, Text: s.Text}
	q := tenor.Quote{Spans: contentOf(s.Text)}
	p.open(t.labeller.lexicon, &a)
	p.read(&q)
	t.labeller.label(p, &q)
	p.measure(&q)
	e := example{dense: slices.Clone(p.dense), share: float64(wordShare(len(p.words))), weight: 1}
	if s.Sure == 1 {
		e.weight = 0.7
	}
	e.class = indexOf(stances[:], s.Stance)
	for _, w := range p.words {
		if c := s.Text[w.start]; c >= 'a' && c <= 'z' || w.word != unknownWord {
			t.common[p.spelling(w)] = true
		}
	}
	for _, wf := range p.wordFeatures() {
		f := wf.name
		n, ok := t.number[f]
		if !ok {
			n = int32(len(t.names))
			t.number[f] = n
			t.names = append(t.names, f)
		}
		e.words = append(e.words, n)
		e.by = append(e.by, wf.by*e.share)
	}
	t.examples = append(t.examples, e)
}

// wordFeature is a word, a pair of words, or a word under a negation.
type wordFeature struct {
	name string
	by   float64
}

// wordFeatures are the features of the words, as model.scores counts them.
func (p *passage) wordFeatures() []wordFeature {
	var all []wordFeature
	last := ""
	for i, t := range p.words {
		w := p.spelling(t)
		by := float64(p.wordWeight(i))
		if p.turned[i] {
			all = append(all, wordFeature{"! " + w, by})
		} else {
			all = append(all, wordFeature{w, by})
		}
		if i > 0 && t.gap < gapClause {
			all = append(all, wordFeature{last + " " + w, by})
		}
		last = w
	}
	return all
}

// spelling is the normal form of a word; "0" for every number.
func (p *passage) spelling(t term) string {
	if t.word == numberWord {
		return "0"
	}
	var buf [longestWord + 4]byte
	_, folded := fold(&buf, p.text, t.start, len(p.text))
	return string(folded)
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
	count := make([]int, len(t.names))
	for _, i := range use {
		last := map[int32]bool{}
		for _, f := range t.examples[i].words {
			if !last[f] {
				last[f] = true
				count[f]++
			}
		}
	}
	keep := make([]bool, len(t.names))
	for i, n := range count {
		keep[i] = n >= min
		for w := range strings.FieldsSeq(t.names[i]) {
			keep[i] = keep[i] && t.common[w]
		}
	}
	return keep
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
	f := &fitted{words: make([][3]float64, len(t.names)), keep: t.prune(use, o.MinCount)}
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

// Figures are what cross-validation found.
type Figures struct {
	Quotes            int
	Accuracy, MacroF1 float64
}

// CrossValidate trains on nine tenths of the quotes and tries the rest, ten times over.
func CrossValidate(r io.Reader, o TrainOptions, folds int) (Figures, error) {
	t, err := readExamples(r)
	if err != nil {
		return Figures{}, err
	}
	var confusion [3][3]int
	for fold := range folds {
		var use []int
		for i := range t.examples {
			if i%folds != fold {
				use = append(use, i)
			}
		}
		f := t.fit(use, o)
		for i := fold; i < len(t.examples); i += folds {
			confusion[t.examples[i].class][likeliest(f.scores(&t.examples[i]))]++
		}
	}
	fig := Figures{Quotes: len(t.examples)}
	right := 0
	for c := range 3 {
		gold, have := 0, 0
		for o := range 3 {
			gold += confusion[c][o]
			have += confusion[o][c]
		}
		right += confusion[c][c]
		fig.MacroF1 += 2 * float64(confusion[c][c]) / float64(max(1, gold+have)) / 3
	}
	fig.Accuracy = float64(right) / float64(max(1, fig.Quotes))
	return fig, nil
}

// TrainStance learns the stance model from labelled sentences, one JSON object
// a line, and writes it as text: a feature and three weights in thousandths.
func TrainStance(r io.Reader, o TrainOptions, w io.Writer) error {
	t, err := readExamples(r)
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
	order := slices.Clone(t.names)
	slices.Sort(order)
	for _, name := range order {
		if n := t.number[name]; f.keep[n] {
			line(name, f.words[n])
		}
	}
	return out.Flush()
}
