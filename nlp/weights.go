package nlp

import (
	"bytes"
	"fmt"
	"math"
)

// fact is the number of something true of a place in the text, such as "the verb
// is said and a comma stands before it". Facts are hashed: nothing has to be
// spelled while an article is read, and of 100,000 facts about one pair meets.
type fact uint32

// facts collects what a decision is made from.
type facts []fact

func mixIn(h uint64, v uint32) uint64 {
	h = (h ^ uint64(v)) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// add records a fact of a kind, with what it is about.
func (f *facts) add(kind, a, b, c uint32) {
	*f = append(*f, fact(mixIn(mixIn(mixIn(mixIn(0x1F0A3C5D, kind), a), b), c)>>32)|1)
}

// weights is a sparse linear model: a weight for each fact that mattered in training.
type weights struct{ *table[fact, float32] }

func newWeights(n int) *weights { return &weights{newTable[fact, float32](n)} }

// sum is the score of a list of facts.
func (w *weights) sum(list facts) float64 {
	total := float32(0)
	for _, f := range list {
		if v := w.get(f); v != nil {
			total += *v
		}
	}
	return float64(total)
}

// loadWeights reads lines of a fact's number, in hexadecimal, and its weight in
// hundredths.
func loadWeights(data []byte) (*weights, error) {
	w := newWeights(bytes.Count(data, []byte("\n")))
	for number := 1; len(data) > 0; number++ {
		line := data
		if end := bytes.IndexByte(data, '\n'); end >= 0 {
			line, data = data[:end], data[end+1:]
		} else {
			data = nil
		}
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		f, v, ok := parseWeight(line)
		if !ok {
			return nil, fmt.Errorf("line %d: want a number and a weight, got %q", number, line)
		}
		w.set(f, float32(v)/100)
	}
	return w, nil
}

// parseWeight reads "1f03a5 -12". It is written out because strconv would
// allocate twice a line, and start-up is waited for.
func parseWeight(line []byte) (f fact, v int, ok bool) {
	i := 0
	for ; i < len(line) && line[i] != ' '; i++ {
		switch c := line[i]; {
		case c >= '0' && c <= '9':
			f = f<<4 | fact(c-'0')
		case c >= 'a' && c <= 'f':
			f = f<<4 | fact(c-'a'+10)
		default:
			return 0, 0, false
		}
	}
	if i == 0 || i > 8 || i+1 >= len(line) || f&1 == 0 {
		return 0, 0, false
	}
	digits, sign := line[i+1:], 1
	if digits[0] == '-' {
		digits, sign = digits[1:], -1
	}
	for _, c := range digits {
		if c < '0' || c > '9' || v > 1<<20 {
			return 0, 0, false
		}
		v = 10*v + int(c-'0')
	}
	return f, sign * v, len(digits) > 0
}

// begin opens a decision: each choice is weighed in turn, then one is decided on.
func (r *reading) begin() {
	r.scores, r.facts = r.scores[:0], r.facts[:0]
}

// weigh scores the facts collected since the last choice.
func (r *reading) weigh() {
	r.scores = append(r.scores, r.lex.weights.sum(r.facts))
	r.facts = r.facts[:0]
}

// decide is the likeliest of the choices weighed, and how likely it is among them.
func (r *reading) decide() (best int, p float64) {
	for i, z := range r.scores {
		if z > r.scores[best] {
			best = i
		}
	}
	total := 0.0
	for _, z := range r.scores {
		total += math.Exp(z - r.scores[best])
	}
	return best, 1 / total
}

// choose weighs nothing, where none tells what speaks for that, and n alternatives
// of which each tells the facts. best is -1 for nothing.
func (r *reading) choose(none func(*facts), n int, each func(f *facts, n int)) (best int, p float64) {
	r.begin()
	if none != nil {
		none(&r.facts)
		r.weigh()
	}
	for i := range n {
		each(&r.facts, i)
		r.weigh()
	}
	best, p = r.decide()
	if none != nil {
		best--
	}
	return best, p
}

// bucket counts exactly up to 4 and coarsely beyond.
func bucket(n int) uint32 {
	switch {
	case n <= 4:
		return uint32(max(n, 0))
	case n <= 6:
		return 5
	case n <= 10:
		return 6
	case n <= 16:
		return 7
	case n <= 30:
		return 8
	}
	return 9
}

func flag(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// bits packs flags into a number.
func bits(flags ...bool) (n uint32) {
	for _, f := range flags {
		n = n<<1 | flag(f)
	}
	return n
}
