package nlp

import (
	"math"

	"tenor"
)

// Sections of stance.txt.
const (
	stanceBullish = iota
	stanceFragile
	stanceNeutral
	stanceUp
	stanceDown
	stanceGood
	stanceBad
	stancePolicy
	stanceAsset
	stanceFavour
	stanceShun
	stanceOutdo
	stanceLag
	stancePriced
	stanceContrast
	stanceConcede
	stanceCondition
	stanceHedge
	stanceWarned
	stanceCheered
	stanceGiven
	stanceKnown
	stanceOver
	stanceMore
	stanceFewer
)

var stanceSections = []string{
	"bullish", "fragile", "neutral", "up", "down", "good", "bad", "policy", "asset",
	"favour", "shun", "outdo", "lag", "priced", "contrast", "concede", "condition", "hedge", "warned", "cheered", "given", "known", "over", "more", "fewer",
}

// Sections of negation.txt.
const (
	negationWord = iota
	negationBarrier
	negationExempt
)

var negationSections = []string{"negation", "barrier", "exempt"}

// How the rules weigh. Set by judgement; the model then weighs their sums anew.
const (
	beforeContrast = 0.5 // of what stands before "but"
	afterContrast  = 1.3
	conceded       = 0.4 // of what "although" admits
	conditional    = 0.6 // of what only may be
	negatedShare   = 0.7 // "not strong" is less weak than "weak"
	givenShare     = 0.3 // of "the rally", which is spoken of, next to "a rally", which is expected
	overReach      = 5   // words between "the worst" and "has passed"
	negationReach  = 6   // words
	objectBefore   = 6   // words between "profits" and "fell"
	objectAfter    = 4   // words between "fall" and "profits"
	reportingReach = 8   // words around the quote in which "warned" is looked for
	policyDrawn    = 2.5 // a view on rates, where a market is named with it
	neutralBelow   = 0.55
)

// stanceOf decides which way a quote leans on its subject. The rules find the
// signals; the model weighs them together with the words. A lean for which no
// words can be shown is none.
func (l *labeller) stanceOf(p *passage, q *tenor.Quote) {
	p.signal(q)
	if l.model == nil {
		q.Stance, q.Confidence = p.sum.decide()
		return
	}
	p.measure(q)
	z := l.model.likelihood(p)
	neutral := indexOf(stances[:], tenor.Neutral)
	if !turnsWithTime(p) {
		// The likelier lean first; where nothing can be shown for it, the other.
		for range len(z) - 1 {
			k := likeliest(z)
			if k == neutral {
				break
			}
			if q.Stance, q.Confidence = stances[k], z[k]; p.canShow(q.Stance, l.model) {
				return
			}
			z[k] = 0
		}
	}
	q.Stance, q.Confidence = tenor.Neutral, max(z[neutral], 1.0/3)
}

// summary is what the signals of a quote come to, before they are weighed.
type summary struct {
	bullish, fragile float64 // the signals of each side, both above zero
	policy           float64 // the lean of rates and inflation
	neutral          float64 // phrases that balance or wait
	last             float64 // the lean of the last signal
	turned           float64 // the lean of what stands after the last contrast; 0 without one
	first            float64 // the lean of the first signal
	final            float64 // the lean of the last sentence
	beforeTurn       float64 // the lean of what stands before the last contrast
	topBullish       float64 // the strongest signal of each side, above zero
	topFragile       float64
	reporting        float64 // the lean of the reporting verb
}

// score is the lean by rule alone.
func (s *summary) score() float64 {
	score := s.bullish - s.fragile
	if s.bullish+s.fragile > 0 {
		score += s.policy + s.reporting // a view on rates leans only together with a market
	}
	return score - math.Copysign(min(math.Abs(score), 0.5*s.neutral), score)
}

// decide turns the signals into a stance by rule alone.
func (s *summary) decide() (tenor.Stance, float64) {
	score := s.score()
	sure := 1 / (1 + math.Exp(-(math.Abs(score)-neutralBelow)/0.9))
	switch {
	case math.Abs(score) < neutralBelow:
		return tenor.Neutral, 0.4 + 0.3*(1-math.Abs(score)/neutralBelow)/(1+s.bullish+s.fragile)
	case score > 0:
		return tenor.Bullish, sure
	}
	return tenor.Fragile, sure
}

// signal finds and weighs the signals of a quote and sums them up.
func (p *passage) signal(q *tenor.Quote) {
	p.weigh()
	p.turn()
	p.collect()
	p.take()
	p.finish()
	p.compare(q.Subject)
	p.discount()
	p.sum = summary{reporting: p.reporting(q)}
	contrast, drawn, final := p.turnsAt(), p.drawsMarket(), p.lastSentence()
	for i := range p.signals {
		s := &p.signals[i]
		s.value *= p.weights[s.first]
		if s.policy && drawn {
			s.value *= policyDrawn
			s.policy = false
		}
		switch {
		case s.policy:
			p.sum.policy += s.value
			continue
		case s.value > 0:
			p.sum.bullish += s.value
			p.sum.topBullish = max(p.sum.topBullish, s.value)
		default:
			p.sum.fragile -= s.value
			p.sum.topFragile = max(p.sum.topFragile, -s.value)
		}
		if p.sum.last == 0 {
			p.sum.first = s.value
		}
		p.sum.last = s.value
		if s.first >= final {
			p.sum.final += s.value
		}
		if contrast >= 0 {
			if s.first > contrast {
				p.sum.turned += s.value
			} else {
				p.sum.beforeTurn += s.value
			}
		}
	}
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familyStance && e.class == stanceNeutral {
			p.sum.neutral += e.weight
		}
	}
}

// reporting is the lean of the verb that reports the quote: one who warned or
// cautioned does not cheer.
func (p *passage) reporting(q *tenor.Quote) float64 {
	if len(q.Spans) == 0 {
		return 0
	}
	from, _ := p.tokensIn(q.Spans[0])
	_, to := p.tokensIn(q.Spans[len(q.Spans)-1])
	value := 0.0
	look := func(ts []term) {
		p.spare = p.lex.phrases.find(p.spare[:0], ts)
		for _, m := range p.spare {
			if e := p.entryOf(m); e.family == familyStance {
				switch e.class {
				case stanceWarned:
					value = -0.8
				case stanceCheered:
					value = 0.8
				}
			}
		}
	}
	first := from
	for first > 0 && from-first < reportingReach && (first == from || p.article[first].gap < gapSentence) {
		first--
	}
	look(p.article[first:from])
	last := to
	for last < len(p.article) && last-to < reportingReach && p.article[last].gap < gapSentence {
		last++
	}
	if last > to {
		look(p.article[to:last])
	}
	return value
}

// showStance appends the words that decided the stance.
func (l *labeller) showStance(p *passage, q *tenor.Quote) {
	if q.Stance == tenor.Neutral {
		p.showNeutral(q)
	} else {
		p.show(q, l.model)
	}
}

// showNeutral appends the phrases that balance or wait.
func (p *passage) showNeutral(q *tenor.Quote) {
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familyStance && e.class == stanceNeutral {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "stance:" + string(tenor.Neutral), Span: p.span(m)})
		}
	}
}
