package nlp

import (
	"math"
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
	bodyWeight  = 0.7
	leadWords   = 70
	mainBonus   = 2.5 // what a quote's own words must outweigh to leave the article's subject
)

// articleSubjects are the weights of the subjects named in each part of an article.
type articleSubjects struct {
	title, lead, body []float64
	logs              [topicNear - topicTitle]float64 // as the model of topics takes them
}

// findSubjects tallies the subjects of an article by part.
func (p *passage) findSubjects(a *tenor.Article) {
	p.titleWords = p.lex.words.tokenise(p.titleWords[:0], a.Title, 0, min(len(a.Title), longestTitle))
	lead := min(leadWords, len(p.article))
	p.tally(growTo(&p.subjects.title, len(allSubjects)), p.titleWords)
	p.tally(growTo(&p.subjects.lead, len(allSubjects)), p.article[:lead])
	p.tally(growTo(&p.subjects.body, len(allSubjects)), p.article[lead:])
	s := &p.subjects
	for i := range numSubjects {
		s.logs[i] = math.Log1p(s.title[i])
		s.logs[topicLead-topicTitle+i] = math.Log1p(s.lead[i])
		s.logs[topicBody-topicTitle+i] = bodyShare * math.Log1p(s.body[i])
	}
}

// mainSubject is the market that the article is about: by its title, its lead,
// and what it speaks of most. It is -1 where nothing is named.
func (s *articleSubjects) mainSubject() int {
	best, most := -1, 0.0
	for i := range allSubjects {
		if score := titleWeight*s.title[i] + leadWeight*s.lead[i] + bodyWeight*s.body[i]; score > most {
			best, most = i, score
		}
	}
	return best
}

// tally adds the weights of the subjects named in ts.
func (p *passage) tally(scores []float64, ts []term) {
	p.found = p.lex.longest(p.lex.subjects.find(p.found[:0], ts))
	for _, m := range p.found {
		e := p.entryOf(m)
		scores[e.class] += e.weight
	}
}

// subjectOf names what the stance of a quote is about by the rules: what the quote
// itself speaks of, else what the article does. The model of topics has the last word.
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
}
