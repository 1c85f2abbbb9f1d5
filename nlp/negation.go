package nlp

// turn marks the words that stand under a negation: those within its reach,
// up to the end of its clause or a barrier word. Two negations cancel.
func (p *passage) turn() {
	if cap(p.turned) < len(p.words) {
		p.turned = make([]bool, len(p.words))
	}
	p.turned = p.turned[:len(p.words)]
	clear(p.turned)
	for i, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyNegation || e.class != negationWord || p.partOfPhrase(m) {
			continue
		}
		end := min(int(m.last)+negationReach, len(p.words)-1)
		for _, o := range p.found[i+1:] {
			if int(o.first) > end {
				break
			}
			if e := p.entryOf(o); e.family == familyNegation && e.class == negationBarrier && o.first > m.last {
				end = int(o.first) - 1
				break
			}
		}
		for w := int(m.last) + 1; w <= end && p.words[w].gap < gapComma; w++ {
			p.turned[w] = !p.turned[w]
		}
	}
}

// negated reports whether the words first to last stand under a negation, or
// hold one: "profits will not rise" is turned between its subject and its verb.
func (p *passage) negated(first, last int32) bool {
	return p.turned[first] || p.turned[last]
}

// partOfPhrase reports whether a negation belongs to a phrase that leans by
// itself: the "no" of "no room" is counted there.
func (p *passage) partOfPhrase(n match) bool {
	for _, m := range p.near(n.first-longestMatch, n.first) {
		e := p.entryOf(m)
		if e.family == familyStance && e.class <= stanceNeutral && m.last >= n.last && m.last > m.first {
			return true
		}
	}
	return false
}

// negationOf is the last negation that reaches m.
func (p *passage) negationOf(m match) (match, bool) {
	var n match
	ok := false
	for _, o := range p.near(m.first-negationReach-longestMatch, m.last) {
		if e := p.entryOf(o); e.family == familyNegation && e.class == negationWord && o.last < m.last {
			n, ok = o, true
		}
	}
	return n, ok
}
