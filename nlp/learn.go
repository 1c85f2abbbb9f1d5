package nlp

import (
	"math"
	"math/rand/v2"
)

// choice is a decision of training: what is true of each alternative, and which
// is right.
type choice struct {
	facts  []facts
	right  int
	weight float64
}

// learnOptions are the settings of learning a decision.
type learnOptions struct {
	epochs   int // at least 3; the weights of all but the first three are averaged
	rate     float64
	decay    float64
	minCount int // alternatives in which a fact must stand
}

// learn fits weights to choices by stochastic gradients on the likelihood of the
// right alternative (Adagrad: Duchi, Hazan and Singer, JMLR 12, 2011), averaged
// over the passes, in an order that is the same every time.
func learn(choices []choice, o learnOptions) map[fact]float64 {
	numbered, names := number(choices, o.minCount)
	weight, square, sum := make([]float64, len(names)), make([]float64, len(names)), make([]float64, len(names))
	order := make([]int, len(choices))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(1, 2))
	for epoch := range o.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			c := &choices[i]
			p := likelihoods(numbered[i], weight)
			for n := range p {
				g := p[n]
				if n == c.right {
					g--
				}
				if g *= c.weight; math.Abs(g) < 1e-4 {
					continue
				}
				for _, f := range numbered[i][n] {
					step := g + o.decay*weight[f]
					square[f] += step * step
					weight[f] -= o.rate * step / math.Sqrt(square[f]+1e-8)
				}
			}
		}
		if epoch > 1 {
			for i := range weight {
				sum[i] += weight[i]
			}
		}
	}
	learned := make(map[fact]float64, len(names))
	for i, f := range names {
		learned[f] = sum[i] / float64(o.epochs-2)
	}
	return learned
}

// number gives the facts that stand in enough alternatives numbers, so that the
// passes go over slices.
func number(choices []choice, least int) (numbered [][][]int32, names []fact) {
	count := map[fact]int{}
	for i := range choices {
		for _, list := range choices[i].facts {
			for _, f := range list {
				count[f]++
			}
		}
	}
	numbers := map[fact]int32{}
	numbered = make([][][]int32, len(choices))
	for i := range choices {
		numbered[i] = make([][]int32, len(choices[i].facts))
		for n, list := range choices[i].facts {
			for _, f := range list {
				if count[f] < least {
					continue
				}
				at, ok := numbers[f]
				if !ok {
					at = int32(len(names))
					numbers[f] = at
					names = append(names, f)
				}
				numbered[i][n] = append(numbered[i][n], at)
			}
		}
	}
	return numbered, names
}

// likelihoods is the softmax of the scores of a choice's alternatives.
func likelihoods(alternatives [][]int32, weight []float64) []float64 {
	z := make([]float64, len(alternatives))
	top := math.Inf(-1)
	for n, list := range alternatives {
		for _, f := range list {
			z[n] += weight[f]
		}
		top = max(top, z[n])
	}
	total := 0.0
	for n := range z {
		z[n] = math.Exp(z[n] - top)
		total += z[n]
	}
	for n := range z {
		z[n] /= total
	}
	return z
}
