package nlp

import (
	"math"
	"slices"
	"strings"

	"tenor"
)

// A lean is shown by stretches of a few words that carry it: "no room for a stumble",
// not "stumble". What is shown decides no label, but that a lean for which nothing can
// be shown is none.

// leastReason is how far a word must lean to be a reason.
const leastReason = 0.15

// canShow reports whether anything can be shown for a lean: a signal of its side, or a
// word, or pair of words, that the model weighs for it against the mean of the others.
// Words too plain are passed over.
func (p *passage) canShow(stance tenor.Stance, m *model) bool {
	side := sideOf(stance)
	if slices.ContainsFunc(p.signals, func(s signal) bool { return s.value*side > 0 }) {
		return true
	}
	if m == nil {
		return false
	}
	k := indexOf(stances[:], stance)
	for i, t := range p.words {
		if t.word < wordsBegin || p.lex.plain.has(t.word) || p.names(int32(i)) {
			continue
		}
		w := m.words[t.word]
		if w.lean(k) > leastReason {
			return true
		}
		if i > 0 && t.gap == gapNone {
			if g := m.grams.get(gramOf(0, p.words[i-1].word, t.word)); g != nil {
				w = *g
				add(&w, &m.words[p.words[i-1].word], 1)
				add(&w, &m.words[t.word], 1)
				if w.lean(k) > leastReason {
					return true
				}
			}
		}
	}
	return false
}

// lean is how much the weights speak for a class against the mean of the others.
func (w *weights3) lean(k int) float32 { return w[k] - (w[0]+w[1]+w[2]-w[k])/2 }

func sideOf(stance tenor.Stance) float64 {
	if stance == tenor.Fragile {
		return -1
	}
	return 1
}

// names reports whether word i only names a market, a time or a sort of
// statement, which is no reason for a stance.
func (p *passage) names(i int32) bool {
	for _, m := range p.near(i-longestMatch, i) {
		if m.last < i {
			continue
		}
		switch p.entryOf(m).family {
		case familySubject, familyHorizon, familyClaim:
			return true
		}
	}
	return false
}

// How words are weighed when a stretch is chosen to be shown. Set by reading what was
// shown for a hundred quotes.
const (
	signalShare   = 1.0 // of what a signal says, next to the model
	movementShare = 0.5 // of a movement of nothing that the lists name: "jumped"
	plainShare    = 0.2 // of what a plain word weighs, or one that only names a thing
	looseShare    = 0.6 // of a word that no phrase list of stance has
	wordPrice     = 0.1 // a longer stretch must be better
	longestReason = 7   // words, before it is rounded off
	secondReason  = 0.4 // of the best, for another to be shown
	besideSignal  = 0.5 // for one to be shown where a signal is
	mostReasons   = 3
	shownWord     = -100 // the weight of a word that is shown already
)

// leaning is a stretch of words, half open, and what it says for a lean.
type leaning struct {
	from, to int
	weight   float64
}

// show appends the stretches that say most for the lean of a quote, and the negations
// that turned a signal.
func (p *passage) show(q *tenor.Quote, m *model) {
	side := sideOf(q.Stance)
	p.weighWords(q.Stance, m)
	p.reasons = p.reasons[:0]
	for range mostReasons {
		r := p.strongest(side)
		if r.weight <= 0 {
			break
		}
		p.addReason(r)
	}
	best := 0.0
	for range mostReasons {
		r := p.heaviest()
		if len(p.reasons) >= mostReasons || r.weight <= best*secondReason || len(p.reasons) > 0 && r.weight < besideSignal {
			break
		}
		best = max(best, r.weight)
		p.addReason(r)
	}
	if len(p.reasons) == 0 {
		p.addReason(p.last())
	}
	slices.SortFunc(p.reasons, func(a, b leaning) int { return a.from - b.from })
	for _, r := range p.reasons {
		q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "stance:" + string(q.Stance), Span: tenor.Span{p.words[r.from].start, p.endOf(r.to-1, q.Spans)}})
	}
	shown := tenor.Span{}
	for _, s := range p.signals {
		if n, ok := p.negationOf(s.match); ok && s.negated && s.value*side > 0 && p.span(n) != shown {
			shown = p.span(n)
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "negation", Span: shown})
		}
	}
}

// strongest is the signal that says most for a side, of those of which no word is shown.
func (p *passage) strongest(side float64) (best leaning) {
	for _, s := range p.signals {
		if p.leans[s.first] <= shownWord || p.leans[s.last] <= shownWord {
			continue
		}
		if v := s.value * side; v > best.weight {
			best = leaning{int(s.first), int(s.last) + 1, v}
		}
	}
	return best
}

// last is the word that says most where each says little or speaks for another lean.
func (p *passage) last() (r leaning) {
	r.weight = math.Inf(-1)
	for i, w := range p.leans {
		if p.opens(i) || p.lex.plain.has(p.words[i].word) {
			w -= 1
		}
		if w > r.weight {
			r = leaning{i, i + 1, w}
		}
	}
	return r
}

// endOf is where a word ends in the spans of a quote: "U.S." with its last stop, "6%"
// with its sign, if they are in the quote too.
func (p *passage) endOf(i int, spans []tenor.Span) int {
	start, end := p.words[i].start, p.words[i].end
	sign := end < len(p.text) && (p.text[end] == '%' && p.words[i].word == numberWord || p.text[end] == '.' && strings.IndexByte(p.text[start:end], '.') == 1)
	if sign && slices.ContainsFunc(spans, func(s tenor.Span) bool { return s.Start() <= start && end < s.End() }) {
		end++
	}
	return end
}

// addReason rounds a stretch off and keeps it, joined to one that it touches, and
// takes its words out of the choice.
func (p *passage) addReason(r leaning) {
	from, to := p.rounded(r.from, r.to)
	for i := min(from, r.from); i < max(to, r.to); i++ {
		p.leans[i] = shownWord
	}
	r.from, r.to = from, to
	for i := range p.reasons {
		o := &p.reasons[i]
		from, to = min(o.from, r.from), max(o.to, r.to)
		if r.from <= o.to+joinReach && o.from <= r.to+joinReach && to-from <= mostShown && !p.parted(int32(from), int32(to-1)) {
			o.from, o.to = from, to
			return
		}
	}
	p.reasons = append(p.reasons, r)
}

// weighWords gives every word what it says for a lean: its share of the model's sums
// and of the signals.
func (p *passage) weighWords(stance tenor.Stance, m *model) {
	w := growTo(&p.leans, len(p.words))
	if m != nil {
		k := indexOf(stances[:], stance)
		p.eachGram(func(g gram, by float32, from, to int) {
			x := m.grams.get(g)
			if g < gram(len(m.words)) {
				x = &m.words[g]
			}
			if x != nil {
				for i := from; i <= to; i++ {
					w[i] += float64(x.lean(k)*by) / float64(to-from+1)
				}
			}
		})
		for i, t := range p.words {
			switch {
			case t.word < wordsBegin || p.lex.plain.has(t.word) || p.opens(i) || p.names(int32(i)):
				w[i] *= plainShare
			case !p.leansByList(int32(i)):
				w[i] *= looseShare
			}
		}
	}
	side := sideOf(stance)
	for _, s := range p.signals {
		for i := s.first; i <= s.last; i++ {
			w[i] += signalShare * s.value * side / float64(s.last-s.first+1)
		}
	}
	for _, f := range p.found {
		e := p.entryOf(f)
		if e.family != familyStance || e.class != stanceUp && e.class != stanceDown || p.signalled(f) {
			continue
		}
		value := movementShare * side
		if (e.class == stanceDown) != p.turned[f.first] {
			value = -value
		}
		for i := f.first; i <= f.last; i++ {
			w[i] += value / float64(f.last-f.first+1)
		}
	}
}

// signalled reports whether a phrase lies in a signal.
func (p *passage) signalled(m match) bool {
	return slices.ContainsFunc(p.signals, func(s signal) bool { return s.first <= m.first && m.last <= s.last })
}

// leansByList reports whether word i stands in a phrase of the lists of stance that
// leans, moves or is moved.
func (p *passage) leansByList(i int32) bool {
	return slices.ContainsFunc(p.near(i-longestMatch, i), func(m match) bool {
		e := p.entryOf(m)
		return m.last >= i && e.family == familyStance && e.class <= stanceBad && e.class != stanceNeutral
	})
}

// heaviest is the stretch within a clause that says most; an empty one where none says
// anything.
func (p *passage) heaviest() leaning {
	var best leaning
	for from := range p.words {
		sum := 0.0
		for to := from; to < len(p.words) && to < from+longestReason; to++ {
			if to > from && p.words[to].gap >= gapComma {
				break
			}
			sum += p.leans[to] - wordPrice
			if sum > best.weight {
				best = leaning{from, to + 1, sum}
			}
		}
	}
	return best
}
