package nlp

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tenor"
)

// stances are the classes of the model, in the order of its weights.
var stances = [3]tenor.Stance{tenor.Bullish, tenor.Fragile, tenor.Neutral}

// weights3 are the weights of a feature, one a class.
type weights3 [3]float32

// model is a linear classifier of stance over the signals of the rules and the
// words and word pairs of a quote. It is only read once it is loaded.
type model struct {
	dense [denseFeatures]weights3
	words []weights3 // by word number
	grams *table[gram, weights3]
}

// Dense features: what the rules say of a quote.
const (
	denseBias = iota
	denseBullish
	denseFragile
	denseScore
	denseShare
	denseLast
	denseTurned
	denseTopBullish
	denseTopFragile
	densePolicy
	denseNeutral
	denseNoAsset
	densePolicyOnly
	densePolicyDrawn
	denseHedge
	denseCondition
	denseContrast
	denseWarned
	denseCheered
	densePosition
	denseForecast
	denseTitle
	denseNear
	denseLater
	denseFirst
	denseFinal
	denseBeforeTurn
	denseTurnUp
	denseTurnDown
	denseLength
	denseNoSignal
	denseMoves                         // and one for up and down of each kind of object
	denseThemes   = denseMoves + 8     // and one a theme
	denseSubjects = denseThemes + 16   // and one a subject
	denseFeatures = denseSubjects + 23 // how many there are
)

// measure fills the dense features of a quote that has been signalled.
func (p *passage) measure(q *tenor.Quote) {
	d := growTo(&p.dense, denseFeatures)
	s := &p.sum
	d[denseBias] = 1
	d[denseBullish] = math.Log1p(s.bullish)
	d[denseFragile] = math.Log1p(s.fragile)
	d[denseScore] = math.Tanh(s.score() / 2)
	d[denseShare] = (s.bullish - s.fragile) / (s.bullish + s.fragile + 0.5)
	d[denseLast] = math.Tanh(s.last)
	d[denseTurned] = math.Tanh(s.turned)
	d[denseFirst] = math.Tanh(s.first)
	d[denseFinal] = math.Tanh(s.final)
	if p.turnsAt() >= 0 {
		d[denseBeforeTurn] = math.Tanh(s.beforeTurn)
		if s.turned > 0 {
			d[denseTurnUp] = 1
		} else if s.turned < 0 {
			d[denseTurnDown] = 1
		}
	}
	d[denseLength] = math.Log1p(float64(len(p.words))) / 4
	if len(p.signals) == 0 {
		d[denseNoSignal] = 1
	}
	d[denseTopBullish] = s.topBullish
	d[denseTopFragile] = s.topFragile
	d[densePolicy] = math.Tanh(s.policy)
	d[denseNeutral] = math.Log1p(s.neutral)
	d[denseTitle] = math.Tanh(p.title)
	d[denseWarned] = max(0, -s.reporting)
	d[denseCheered] = max(0, s.reporting)
	asset, policy := 0.0, 0.0
	for _, m := range p.found {
		e := p.entryOf(m)
		switch e.family {
		case familyStance:
			switch e.class {
			case stanceAsset, stanceGood:
				asset = 1
			case stancePolicy:
				policy = 1
			case stanceHedge:
				d[denseHedge] = 1
			case stanceCondition:
				d[denseCondition] = 1
			case stanceContrast, stanceConcede:
				d[denseContrast] = 1
			}
		case familyHorizon:
			if e.class == horizonNear {
				d[denseNear] = 1
			} else {
				d[denseLater] = 1
			}
		}
	}
	d[denseNoAsset] = 1 - asset
	d[densePolicyOnly] = policy * (1 - asset)
	switch q.Claim {
	case tenor.Position:
		d[densePosition] = 1
	case tenor.Forecast:
		d[denseForecast] = 1
	}
	for _, s := range p.signals {
		if s.move > 0 {
			d[denseMoves+s.move-1]++
		}
	}
	// Rates and inflation are neutral themes by themselves, and as good or bad as
	// any other where a market is drawn from them.
	drawn := p.drawsMarket() && q.Subject != "economy"
	for _, th := range q.Themes {
		if drawn && (th == "rates" || th == "inflation") {
			d[densePolicyDrawn] = 1
			continue
		}
		d[denseThemes+indexOf(allThemes, th)] = 1
	}
	d[denseSubjects+indexOf(allSubjects, q.Subject)] = 1
}

func indexOf[T comparable](list []T, x T) int {
	for i, y := range list {
		if x == y {
			return i
		}
	}
	return 0
}

// wordShare scales the words of a quote, so that a long one is not surer only
// because it is long.
func wordShare(n int) float32 { return float32(3 / math.Sqrt(float64(n)+8)) }

// scores are the model's sums for the three classes.
func (m *model) scores(p *passage) [3]float64 {
	var sum weights3
	for i, v := range p.dense {
		if v != 0 {
			add(&sum, &m.dense[i], float32(v))
		}
	}
	var words weights3
	p.eachGram(func(g gram, by float32, _, _ int) {
		if g < gram(len(m.words)) {
			add(&words, &m.words[g], by)
		} else if w := m.grams.get(g); w != nil {
			add(&words, w, by)
		}
	})
	add(&sum, &words, wordShare(len(p.words)))
	return [3]float64{float64(sum[0]), float64(sum[1]), float64(sum[2])}
}

func add(sum, w *weights3, by float32) {
	for k := range sum {
		sum[k] += w[k] * by
	}
}

// softmax turns sums into probabilities.
func softmax(z [3]float64) [3]float64 {
	top := max(z[0], z[1], z[2])
	total := 0.0
	for k := range z {
		z[k] = math.Exp(z[k] - top)
		total += z[k]
	}
	for k := range z {
		z[k] /= total
	}
	return z
}

// quotesLean is taken from the score of neutral. The model learned from news of
// every kind, a third of it neutral; of the views that analysts are quoted for, a
// fifth to a quarter are.
const quotesLean = 0.26

// sureness draws the probabilities apart: few passes over the quotes leave the
// model less sure than it has reason to be.
const sureness = 1.1

// likelihood is the probability of each of stances.
func (m *model) likelihood(p *passage) [3]float64 {
	z := m.scores(p)
	z[indexOf(stances[:], tenor.Neutral)] -= quotesLean
	for k := range z {
		z[k] *= sureness
	}
	return softmax(z)
}

// likeliest is the place of the highest of three.
func likeliest(z [3]float64) int {
	best := 0
	for k := range z {
		if z[k] > z[best] {
			best = k
		}
	}
	return best
}

// parseModel reads the lines of a model file: a feature, a tab, and its three
// weights in thousandths. Words that no phrase has are added to the vocabulary.
func parseModel(name string, data []byte, v *vocabulary) (*model, error) {
	m := &model{grams: newTable[gram, weights3](bytes.Count(data, []byte("\n")))}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("%s:%d: %d fields instead of 4", name, number, len(fields))
		}
		var w weights3
		for k := range w {
			n, err := strconv.Atoi(fields[k+1])
			if err != nil {
				return nil, fmt.Errorf("%s:%d: weight %q is not a whole number", name, number, fields[k+1])
			}
			w[k] = float32(n) / 1000
		}
		if rest, ok := strings.CutPrefix(fields[0], "="); ok {
			i, err := strconv.Atoi(rest)
			if err != nil || i < 0 || i >= denseFeatures {
				return nil, fmt.Errorf("%s:%d: no feature %q", name, number, fields[0])
			}
			m.dense[i] = w
			continue
		}
		g, err := v.gramNamed(fields[0])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
		if g > gram(maxWords) {
			m.grams.set(g, w)
			continue
		}
		n := int(g)
		for len(m.words) <= n {
			m.words = append(m.words, weights3{})
		}
		m.words[n] = w
	}
	for len(m.words) < v.size() {
		m.words = append(m.words, weights3{})
	}
	return m, lines.Err()
}
