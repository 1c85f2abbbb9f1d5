package nlp

import "math"

// signal is a place in a quote that leans: above zero to bullish.
type signal struct {
	match
	value   float64
	policy  bool // of rates, yields or inflation alone
	move    int  // of movements: one more than the index of their kind, as the model counts them
	negated bool
}

// turnsAt is the word of the last contrast that has something before it, or -1.
func (p *passage) turnsAt() int32 {
	at := int32(-1)
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familyStance && e.class == stanceContrast && m.first > 0 {
			at = m.first
		}
	}
	return at
}

// lastSentence is the first word of the last sentence.
func (p *passage) lastSentence() int32 {
	for i := len(p.words) - 1; i > 0; i-- {
		if p.words[i].gap == gapSentence {
			return int32(i)
		}
	}
	return 0
}

// drawsMarket reports whether a quote names something that is bought and sold:
// "rate cuts support small caps" is more than a view on rates.
func (p *passage) drawsMarket() bool {
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family == familyStance && e.class == stanceAsset {
			return true
		}
	}
	return false
}

// weigh gives every word of the quote the weight of its clause.
func (p *passage) weigh() {
	w := growTo(&p.weights, len(p.words))
	turn := p.turnsAt()
	for i := range w {
		switch {
		case turn < 0:
			w[i] = 1
		case int32(i) < turn:
			w[i] = beforeContrast
		default:
			w[i] = afterContrast
		}
	}
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyStance {
			continue
		}
		switch e.class {
		case stanceConcede:
			p.scaleClause(m, conceded)
		case stanceCondition:
			p.scaleClause(m, conditional)
		}
	}
}

// scaleClause weighs the words from m to the next comma.
func (p *passage) scaleClause(m match, by float64) {
	for i := int(m.last) + 1; i < len(p.words) && p.words[i].gap < gapComma; i++ {
		p.weights[i] *= by
	}
}

// collect finds the signals: phrases that lean, movements with what they are
// said of, each turned round by a negation before it.
func (p *passage) collect() {
	p.signals = p.signals[:0]
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyStance {
			continue
		}
		switch e.class {
		case stanceBullish:
			if !p.moves(m) {
				p.add(signal{match: m, value: e.weight})
			}
		case stanceFragile:
			if !p.moves(m) {
				p.add(signal{match: m, value: -e.weight})
			}
		case stanceUp:
			p.move(m, 1)
		case stanceDown:
			p.move(m, -1)
		case stanceMore:
			p.moveNext(m, 1)
		case stanceFewer:
			p.moveNext(m, -1)
		}
	}
}

// moveNext adds the signal of "more" or "fewer", if a thing that moves is named
// next, or the one after: "more corporate profits".
func (p *passage) moveNext(m match, direction float64) {
	for _, o := range p.near(m.last+1, m.last+2) {
		e := p.entryOf(o)
		if e.family == familyStance && (e.class == stanceGood || e.class == stanceBad) && !p.parted(m.last, o.first) {
			p.addMove(m, o, direction)
			return
		}
	}
}

// moves reports whether m is also a movement with an object, which then speaks
// for it, or the object of one.
func (p *passage) moves(m match) bool {
	for _, o := range p.near(m.first, m.first) {
		e := p.entryOf(o)
		if e.family != familyStance || o.first != m.first || o.last != m.last {
			continue
		}
		switch e.class {
		case stanceUp, stanceDown:
			if _, ok := p.objectOf(o); ok {
				return true
			}
		case stanceBad, stanceGood:
			if p.moved(o) {
				return true
			}
		}
	}
	return false
}

// moved reports whether some movement is said of o.
func (p *passage) moved(o match) bool {
	for _, m := range p.near(o.first-objectAfter-longestMatch, o.last+objectBefore) {
		e := p.entryOf(m)
		if e.family != familyStance || e.class != stanceUp && e.class != stanceDown {
			continue
		}
		if object, ok := p.objectOf(m); ok && object.first == o.first {
			return true
		}
	}
	return false
}

// move adds the signal of a movement, if it has an object.
func (p *passage) move(m match, direction float64) {
	if object, ok := p.objectOf(m); ok {
		p.addMove(m, object, direction)
	}
}

// addMove adds the signal of a movement of object.
func (p *passage) addMove(m, object match, direction float64) {
	e := p.entryOf(object)
	s := signal{match: match{first: min(m.first, object.first), last: max(m.last, object.last), entry: m.entry}}
	s.move = 1 + 2*(e.class-stanceGood)
	if direction < 0 {
		s.move++
	}
	switch e.class {
	case stanceGood:
		s.value = direction * e.weight
	case stanceBad:
		s.value = -0.9 * direction * e.weight
	case stanceAsset:
		s.value = 0.8 * direction * e.weight
	case stancePolicy:
		s.value, s.policy = -0.3*direction, true
	}
	p.add(s)
}

// objectOf is what a movement is said of: the nearest thing before it in its
// clause ("profits fell"), or just after it ("falling profits", "a fall in profits").
func (p *passage) objectOf(m match) (match, bool) {
	var before, after match
	hasBefore, hasAfter := false, false
	for _, o := range p.near(m.first-objectBefore-longestMatch, m.last+objectAfter) {
		e := p.entryOf(o)
		if e.family != familyStance || e.class < stanceGood || e.class > stanceAsset {
			continue
		}
		switch {
		case o.last < m.first && m.first-o.last <= objectBefore && !p.parted(o.last, m.first):
			before, hasBefore = o, true
		case o.first > m.last && o.first-m.last <= objectAfter && !hasAfter && !p.parted(m.last, o.first):
			after, hasAfter = o, true
		}
	}
	if hasAfter && (after.first == m.last+1 || !hasBefore || m.first-before.last > 3) {
		return after, true
	}
	return before, hasBefore
}

// parted reports whether a comma or more stands between two words.
func (p *passage) parted(from, to int32) bool {
	for i := from + 1; i <= to; i++ {
		if p.words[i].gap >= gapComma {
			return true
		}
	}
	return false
}

// add stores a signal, turned round where it is negated.
func (p *passage) add(s signal) {
	if s.value == 0 {
		return
	}
	if p.negated(s.first, s.last) {
		s.value *= -negatedShare
		s.negated = true
	}
	p.signals = append(p.signals, s)
}

// take weighs down what a quote takes for given: "the rally" is what it speaks
// of, and only what it says of it leans.
func (p *passage) take() {
	for i := range p.signals {
		s := &p.signals[i]
		if s.move > 0 || s.first != s.last || !p.isA(s.first, stanceGiven) {
			continue
		}
		for back := s.first - 1; back >= 0 && back >= s.first-3; back-- {
			if p.words[back+1].gap >= gapComma {
				break
			}
			if p.isA(back, stanceKnown) {
				s.value *= givenShare
				break
			}
		}
	}
}

// isA reports whether word i alone stands in a section of stance.txt.
func (p *passage) isA(i int32, section int) bool {
	for _, m := range p.near(i, i) {
		if e := p.entryOf(m); m.last == i && e.family == familyStance && e.class == section {
			return true
		}
	}
	return false
}

// finish turns round what is said to end: "the danger has passed".
func (p *passage) finish() {
	for _, m := range p.found {
		if e := p.entryOf(m); e.family != familyStance || e.class != stanceOver || p.negated(m.first, m.last) || p.runsOn(m) {
			continue
		}
		at := -1
		for i := range p.signals {
			s := &p.signals[i]
			if s.last < m.first && m.first-s.last <= overReach && !p.parted(s.last, m.first) {
				at = i
			}
		}
		if at < 0 {
			continue
		}
		s := &p.signals[at]
		if math.Abs(s.value) < 1 && p.isA(s.last, stanceGiven) {
			s.value = math.Copysign(1, s.value) // its end is news
		}
		s.value, s.last = -s.value, m.last
		kept := p.signals[:at+1]
		for _, o := range p.signals[at+1:] {
			if o.first > m.last || o.last < m.first {
				kept = append(kept, o)
			}
		}
		p.signals = kept
	}
}

// runsOn reports whether another phrase begins in m and goes on after it. "Could
// end" ends what stands before it, "could end the rally" what follows.
func (p *passage) runsOn(m match) bool {
	for _, o := range p.near(m.first, m.last) {
		if e := p.entryOf(o); e.family == familyStance && o.last > m.last {
			return true
		}
	}
	return false
}
