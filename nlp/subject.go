package nlp

import (
	"slices"

	"tenor"
)

var allSubjects = tenor.Subjects()

var (
	subjectOther   = slices.Index(allSubjects, "other")
	subjectCompany = slices.Index(allSubjects, "company")
)

// How much a phrase counts for the article's main subject, by where it stands.
const (
	titleWeight = 6
	leadWeight  = 2
	leadWords   = 70
	mainBonus   = 2.5 // what a quote's own words must outweigh to leave the article's subject
)

// mainSubject is the market that the article is about: by its title, its lead,
// and what it speaks of most. It is -1 where nothing is named.
func (p *passage) mainSubject(a *tenor.Article) int {
	scores := growTo(&p.scores, len(allSubjects))
	p.words = p.lex.words.tokenise(p.words[:0], a.Title, 0, min(len(a.Title), longestTitle))
	p.tally(scores, p.words, titleWeight)
	lead := min(leadWords, len(p.article))
	p.tally(scores, p.article[:lead], leadWeight)
	p.tally(scores, p.article[lead:], .7)
	best := -1
	for i, s := range scores {
		if s > 0 && (best < 0 || s > scores[best]) {
			best = i
		}
	}
	return best
}

// tally adds the weights of the subjects named in ts.
func (p *passage) tally(scores []float64, ts []term, weight float64) {
	p.found = p.lex.longest(p.lex.subjects.find(p.found[:0], ts))
	for _, m := range p.found {
		e := p.entryOf(m)
		scores[e.class] += e.weight * weight
	}
}

// subjectOf names what the stance of a quote is about: what the quote itself
// speaks of, else what the article does.
func subjectOf(p *passage, q *tenor.Quote) {
	scores := growTo(&p.scores, len(allSubjects))
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familySubject {
			scores[e.class] += e.weight
		}
	}
	if q.SpeakerType == tenor.Executive {
		scores[subjectCompany] += 2
	}
	if p.main >= 0 {
		scores[p.main] += mainBonus
	}
	best := subjectOther
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	q.Subject = allSubjects[best]
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familySubject && e.class == best {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "subject:" + string(q.Subject), Span: p.span(m)})
		}
	}
}
