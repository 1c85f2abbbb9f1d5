package nlp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"tenor"
)

// Settings of the training of topics, chosen on a tenth of the texts held back.
const (
	topicRuns     = 3 // in different orders, of which the mean is taken
	topicEpochs   = 6
	topicRate     = 0.08
	topicSmooth   = 0.3  // added to the root of the squared steps (Adagrad)
	topicDecay    = 1e-4 // pull of weights to zero
	topicMinCount = 8    // quotes in which a word must stand in its place
	topicLeast    = 0.3  // a weight below it is dropped, which does better than keeping it
	topicIdle     = 1e-3 // steps below it are not taken
)

// topicExample is a labelled quote as the model of topics sees it.
type topicExample struct {
	features []int32 // dense ones first, then words
	values   []float32
	subject  int
	themes   [numThemes]bool
	weight   float32
	kind     labelledKind
	text     int
}

// topicTrainer holds the examples and the names of their features.
type topicTrainer struct {
	examples []topicExample
	number   map[[2]int32]int32 // of a place and a word: the feature
	names    []string
	spelling []string
	without  withholding
}

func newTopicTrainer(texts *LabelledTexts, without string) (*topicTrainer, error) {
	l, err := newRules()
	if err != nil {
		return nil, err
	}
	t := &topicTrainer{number: map[[2]int32]int32{}}
	if t.without, err = withholdingNamed(topicWithholdings, without); err != nil {
		return nil, err
	}
	for i := range topicFeatures {
		t.names = append(t.names, fmt.Sprintf("=%d", i))
	}
	words := &trainer{labeller: l, common: map[word]bool{}}
	for i := range texts.texts {
		a := &texts.texts[i].article
		words.learnWords(a.Text, tenor.Span{0, len(a.Text)})
		words.learnWords(a.Title, tenor.Span{0, len(a.Title)})
	}
	l.lexicon.seal()
	t.spelling = l.lexicon.words.spellings()
	p := new(passage)
	for i := range texts.texts {
		text := &texts.texts[i]
		p.open(l.lexicon, &text.article)
		for n := range text.quotes {
			t.add(l, p, i, text, &text.quotes[n])
		}
	}
	t.prune()
	return t, nil
}

// add turns a labelled quote into an example.
func (t *topicTrainer) add(l *labeller, p *passage, number int, text *labelledText, g *labelledQuote) {
	q := tenor.Quote{Spans: g.Spans, SpeakerType: g.Type}
	p.read(&q)
	l.label(p, &q)
	e := topicExample{subject: indexOf(allSubjects, g.Subject), weight: float32(g.weight()), kind: text.kind, text: number}
	for _, th := range g.Themes {
		e.themes[indexOf(allThemes, th)] = true
	}
	dense := p.measureTopics(&q)
	t.without.fromDense(dense)
	for i, v := range dense {
		if v != 0 {
			e.features, e.values = append(e.features, int32(i)), append(e.values, float32(v))
		}
	}
	p.eachTopicWord(func(place int, w word, by float32) {
		if t.without.words != nil && t.without.words(place) {
			return
		}
		key := [2]int32{int32(place), int32(w)}
		n, ok := t.number[key]
		if !ok {
			n = int32(len(t.names))
			t.number[key] = n
			t.names = append(t.names, placeNames[place]+" "+t.spelling[w])
		}
		e.features, e.values = append(e.features, n), append(e.values, by)
	})
	t.examples = append(t.examples, e)
}

// prune drops words that stand in too few quotes.
func (t *topicTrainer) prune() {
	count := make([]int, len(t.names))
	for i := range t.examples {
		last := map[int32]bool{}
		for _, f := range t.examples[i].features {
			if !last[f] {
				last[f] = true
				count[f]++
			}
		}
	}
	for i := range t.examples {
		e := &t.examples[i]
		features, values := e.features[:0], e.values[:0]
		for n, f := range e.features {
			if f < topicFeatures || count[f] >= topicMinCount {
				features, values = append(features, f), append(values, e.values[n])
			}
		}
		e.features, e.values = features, values
	}
}

// fit learns from the examples in use: a softmax over the subjects, a logistic
// function for each theme, by stochastic gradients (Adagrad: Duchi, Hazan and
// Singer, JMLR 12, 2011) in an order that is the same every time.
func (t *topicTrainer) fit(use []int) []topicWeights {
	mean := make([]topicWeights, len(t.names))
	for run := range topicRuns {
		for f, w := range t.run(use, uint64(run)) {
			for k, v := range w {
				mean[f][k] += v / topicRuns
			}
		}
	}
	for f := range mean {
		for k, v := range mean[f] {
			if math.Abs(float64(v)) < topicLeast {
				mean[f][k] = 0
			}
		}
	}
	return mean
}

func (t *topicTrainer) run(use []int, seed uint64) []topicWeights {
	w, squares := make([]topicWeights, len(t.names)), make([]topicWeights, len(t.names))
	order := slices.Clone(use)
	random := rand.New(rand.NewPCG(1+seed, 2))
	for range topicEpochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			e := &t.examples[i]
			g := e.gradient(w)
			for n, f := range e.features {
				for k := range g {
					step := g[k]*e.values[n]*e.weight + topicDecay*w[f][k]
					if step < topicIdle && step > -topicIdle {
						continue
					}
					squares[f][k] += step * step
					w[f][k] -= topicRate * step / (float32(math.Sqrt(float64(squares[f][k]))) + topicSmooth)
				}
			}
		}
	}
	return w
}

// sums are what the weights make of an example.
func (e *topicExample) sums(w []topicWeights) (z topicWeights) {
	for n, f := range e.features {
		for k := range z {
			z[k] += w[f][k] * e.values[n]
		}
	}
	return z
}

// gradient is that of the loss by the sums.
func (e *topicExample) gradient(w []topicWeights) topicWeights {
	z := e.sums(w)
	top := slices.Max(z[:numSubjects])
	total := float32(0)
	for k := range numSubjects {
		z[k] = float32(math.Exp(float64(z[k] - top)))
		total += z[k]
	}
	for k := range numSubjects {
		z[k] /= total
	}
	z[e.subject]--
	for i, yes := range e.themes {
		k := numSubjects + i
		z[k] = 1 / (1 + float32(math.Exp(float64(-z[k]))))
		if yes {
			z[k]--
		}
	}
	return z
}

// TrainTopics learns the model of subjects and themes from labelled texts and writes
// it as parseTopics reads it.
func TrainTopics(texts *LabelledTexts, out io.Writer) error {
	t, err := newTopicTrainer(texts, "")
	if err != nil {
		return err
	}
	use := make([]int, len(t.examples))
	for i := range use {
		use[i] = i
	}
	weights := t.fit(use)
	var lines []string
	for i := range weights {
		var b strings.Builder
		for k, v := range weights[i] {
			if v != 0 {
				fmt.Fprintf(&b, " %d:%d", k, int(math.Round(float64(v)*100)))
			}
		}
		if b.Len() > 0 {
			lines = append(lines, t.names[i]+"\t"+b.String()[1:])
		}
	}
	slices.Sort(lines)
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Weights of subjects and themes, written by nlp/train; README.md beside this file says from what.\n")
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	return w.Flush()
}

// TopicFigures are what cross-validation found on one kind of quotes.
type TopicFigures struct {
	Of      string
	Quotes  int
	Subject float64 // share right
	ThemeF1 float64 // over all themes together
}

// CrossValidateTopics trains on all but one fold of the texts and tries the rest, so
// many times over. It counts each kind of quotes apart. That a theme must be shown
// by a word of the quote is left out. without is one of TopicParts to learn without,
// "" for none.
func CrossValidateTopics(texts *LabelledTexts, without string, folds int) ([]TopicFigures, error) {
	t, err := newTopicTrainer(texts, without)
	if err != nil {
		return nil, err
	}
	var quotes, right, both, either [labelledKinds]int
	for fold := range folds {
		var use []int
		for i := range t.examples {
			if e := &t.examples[i]; foldOf(e.text, folds) != fold && !t.without.skips(e.kind) {
				use = append(use, i)
			}
		}
		w := t.fit(use)
		for i := range t.examples {
			e := &t.examples[i]
			if foldOf(e.text, folds) != fold {
				continue
			}
			z := e.sums(w)
			best := 0
			for k := range numSubjects {
				if z[k] > z[best] {
					best = k
				}
			}
			quotes[e.kind]++
			right[e.kind] += int(flag(best == e.subject))
			for k, yes := range e.themes {
				named := slices.Contains(e.features, int32(topicNamed+k))
				found := z[numSubjects+k] > themeSum || named && z[numSubjects+k] > themeSumNamed
				both[e.kind] += 2 * int(flag(yes && found))
				either[e.kind] += int(flag(yes)) + int(flag(found))
			}
		}
	}
	var all []TopicFigures
	for kind, n := range quotes {
		if n > 0 {
			all = append(all, TopicFigures{labelledNames[kind], n, float64(right[kind]) / float64(n), float64(both[kind]) / float64(max(1, either[kind]))})
		}
	}
	return all, nil
}
