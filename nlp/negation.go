package nlp

// negated reports whether the words first to last stand under a negation: an
// odd number of negations within reach before them, or inside, with no barrier
// between.
func (p *passage) negated(first, last int32) bool {
	odd := false
	for _, m := range p.found {
		if m.first > last {
			break
		}
		if e := p.entryOf(m); e.family != familyNegation || e.class != negationWord {
			continue
		}
		inside := m.first > first && m.last < last
		before := m.last < first && first-m.last <= negationReach && !p.barred(m.last, first)
		if (inside || before) && !p.partOfPhrase(m) {
			odd = !odd
		}
	}
	return odd
}

// barred reports whether a clause ends, or a barrier word stands, between two words.
func (p *passage) barred(from, to int32) bool {
	if p.parted(from, to) {
		return true
	}
	for _, m := range p.found {
		if m.first >= to {
			break
		}
		if e := p.entryOf(m); e.family == familyNegation && e.class == negationBarrier && m.first > from {
			return true
		}
	}
	return false
}

// partOfPhrase reports whether a negation belongs to a phrase that leans by
// itself: the "no" of "no room" is counted there.
func (p *passage) partOfPhrase(n match) bool {
	for _, m := range p.found {
		if m.first > n.first {
			break
		}
		e := p.entryOf(m)
		if e.family == familyStance && e.class <= stanceNeutral && m.last >= n.last && m.last > m.first {
			return true
		}
	}
	return false
}

// negationBefore is the last negation that reaches the words first to last.
func (p *passage) negationBefore(first, last int32) (match, bool) {
	var n match
	ok := false
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familyNegation && e.class == negationWord && m.last < last && first-m.last <= negationReach {
			n, ok = m, true
		}
	}
	return n, ok
}
