package nlp

import "tenor"

// Sections of horizons.txt.
const (
	horizonNear = iota
	horizonYear
	horizonLong
)

var (
	horizonSections = []string{"near", "year", "long"}
	horizons        = []tenor.Horizon{tenor.HorizonNear, tenor.HorizonYear, tenor.HorizonLong}
)

// horizonOf takes the horizon of which a quote speaks most, of equals the last:
// a speaker who turns to the longer view ends with it.
func horizonOf(p *passage, q *tenor.Quote) {
	q.Horizon = tenor.HorizonNone
	scores := growTo(&p.scores, len(horizons))
	best := -1
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyHorizon {
			continue
		}
		scores[e.class] += e.weight
		if best < 0 || scores[e.class] >= scores[best] {
			best = e.class
		}
	}
	if best < 0 {
		return
	}
	q.Horizon = horizons[best]
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familyHorizon && e.class == best {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "horizon:" + string(q.Horizon), Span: p.span(m)})
		}
	}
}

// turnsWithTime reports whether a quote says one thing of the near term and
// takes it back for later: "up near term, not over twelve months".
func turnsWithTime(p *passage) bool {
	near, later := -1, -1
	for i, m := range p.found {
		if e := p.entryOf(m); e.family == familyHorizon {
			if e.class == horizonNear && near < 0 {
				near = i
			} else if e.class != horizonNear && near >= 0 {
				later = i
			}
		}
	}
	if near < 0 || later < 0 {
		return false
	}
	for _, m := range p.found {
		turn := p.entryOf(m).family == familyNegation && p.entryOf(m).class == negationWord ||
			p.entryOf(m).family == familyStance && p.entryOf(m).class == stanceContrast
		if turn && m.first > p.found[near].last && m.first < p.found[later].last {
			return true
		}
	}
	return false
}
