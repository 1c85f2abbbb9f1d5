package nlp

import "tenor"

// How far a comparison reaches, in words, and what it weighs.
const (
	comparedReach = 10
	compareValue  = 1.5
)

// compare reads preferences and comparisons from the side of the quote's
// subject: "we prefer large caps to small caps" speaks against small caps.
func (p *passage) compare(subject tenor.Subject) {
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyStance {
			continue
		}
		value := 0.0
		before, hasBefore := p.namedBefore(m)
		after, hasAfter := p.namedAfter(m)
		switch e.class {
		case stanceOutdo, stanceLag:
			switch {
			case hasBefore && allSubjects[before] == subject:
				value = compareValue
			case hasAfter && allSubjects[after] == subject:
				value = -compareValue
			}
			if e.class == stanceLag {
				value = -value
			}
		case stanceFavour, stanceShun:
			switch {
			case !hasAfter:
			case allSubjects[after] == subject:
				value = compareValue
			case rivals(allSubjects[after], subject):
				value = -compareValue
			}
			if e.class == stanceShun {
				value = -value
			}
		default:
			continue
		}
		if value == 0 {
			continue
		}
		// The words lean by themselves too ("outperform"); here they have a side.
		kept := p.signals[:0]
		for _, s := range p.signals {
			if s.first > m.last || s.last < m.first {
				kept = append(kept, s)
			}
		}
		p.signals = kept
		p.add(signal{match: m, value: value})
	}
}

// rivals are markets between which money is moved: to favour the one is to
// leave the other.
func rivals(a, b tenor.Subject) bool {
	segment := func(s tenor.Subject) bool {
		switch s {
		case "small-caps", "large-caps", "tech", "value", "banks", "energy", "bonds", "gold", "emerging-markets", "europe", "japan":
			return true
		}
		return false
	}
	return a != b && segment(a) && segment(b)
}

// namedBefore is the nearest market named before m in its sentence.
func (p *passage) namedBefore(m match) (int, bool) {
	best, ok := 0, false
	for _, o := range p.near(m.first-comparedReach-longestMatch, m.first-1) {
		if e := p.entryOf(o); e.family == familySubject && o.last < m.first && m.first-o.last <= comparedReach && !p.sentenceEnds(o.last, m.first) {
			best, ok = e.class, true
		}
	}
	return best, ok
}

// namedAfter is the first market named after m in its sentence.
func (p *passage) namedAfter(m match) (int, bool) {
	for _, o := range p.near(m.last+1, m.last+comparedReach) {
		if e := p.entryOf(o); e.family == familySubject && !p.sentenceEnds(m.last, o.first) {
			return e.class, true
		}
	}
	return 0, false
}

func (p *passage) sentenceEnds(from, to int32) bool {
	for i := from + 1; i <= to; i++ {
		if p.words[i].gap == gapSentence {
			return true
		}
	}
	return false
}

// discount turns what the market is said to have priced in: good news that is
// in the price speaks against it, trouble that is in the price for it. Said of
// no news at all it speaks against.
func (p *passage) discount() {
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyStance || e.class != stancePriced {
			continue
		}
		turned := false
		if !p.negated(m.first, m.last) {
			for i := range p.signals {
				s := &p.signals[i]
				if s.last < m.first && m.first-s.last <= comparedReach && !p.sentenceEnds(s.last, m.first) {
					s.value = -s.value
					turned = true
				}
			}
		}
		if !turned {
			p.add(signal{match: m, value: -e.weight})
		}
	}
}
