package nlp

import (
	"math"

	"tenor"
)

// leastConfidence is what the tagger abstains below: a reader should be able to
// rely on what is left.
const leastConfidence = 0.4

// confidence is how likely it is that the speaker said the words, learned from
// texts that had no part in teaching the decisions behind a quote. A newspaper
// that reports a fact has no view of its own: it is quoted in its own words or not
// at all.
func (r *reading) confidence(q *saying) float64 {
	if q.kind != tenor.Direct && q.who.person == 0 && r.isMedia(q.who) {
		return 0
	}
	r.begin()
	r.quoteFacts(&r.facts, q)
	return 1 / (1 + math.Exp(-r.lex.weights.sum(r.facts)))
}

// step is a probability on a scale of ten, finer near 1.
func step(p float64) uint32 {
	switch {
	case p > 0.995:
		return 12
	case p > 0.98:
		return 11
	case p > 0.95:
		return 10
	}
	return uint32(p * 10)
}

// quoteFacts says what speaks for a quote as a whole: who speaks and how that is
// known, how what is said looks, and how sure the decisions were.
func (r *reading) quoteFacts(f *facts, q *saying) {
	const k = factsQuote
	kind, form, by := kindNumber(q.kind), uint32(q.form), resolutionNumber(q.who.by)
	voice, standing, noun := r.voiceNumber(q.who), r.standingOf(q.who), uint32(q.who.noun)
	rates := flag(r.rates(q.who))
	odds, extent := step(q.odds), step(q.extent)
	s := r.sentences[min(q.sentence, len(r.sentences)-1)]
	first, words, number := r.lookAt(s, q.spans[0])
	start := uint32(shEdge)
	if words > 0 {
		start = uint32(r.shapes[first])
		f.add(k, r.wordAt(s, first), form, 0)
	}
	clausal, left := bits(q.clausal, q.left), flag(q.left)

	f.add(k+1, kind, flag(q.cue.Len() > 0), by)
	f.add(k+2, odds, kind, 0)
	f.add(k+3, extent, kind, 0)
	f.add(k+4, odds, extent, 0)
	f.add(k+5, odds, form, 0)
	f.add(k+6, odds, by, 0)

	f.add(k+7, by, kind, 0)
	f.add(k+8, by, form, 0)
	f.add(k+9, voice, kind, 0)
	f.add(k+10, voice, form, 0)
	f.add(k+11, noun, by, kind)
	f.add(k+12, noun, form, flag(number))
	f.add(k+13, noun, q.word, left)
	f.add(k+14, standing, form, kind)
	f.add(k+15, standing, q.word, 0)
	f.add(k+16, standing, by, flag(number))
	f.add(k+17, rates, form, 0)
	f.add(k+18, rates, q.word, flag(q.clausal))
	f.add(k+19, rates, bits(q.clausal, number), kind)

	f.add(k+20, form, kind, 0)
	f.add(k+21, q.word, 0, 0)
	f.add(k+22, q.word, clausal, kind)
	f.add(k+23, q.word, start, 0)
	f.add(k+24, q.word, bits(q.clausal, number), voice)
	f.add(k+25, bits(q.clausal, q.left, number), kind, form)
	f.add(k+26, start, kind, form)
	f.add(k+27, bucket(words), kind, left)
	f.add(k+28, bucket(len(q.spans)), kind, 0)
	if q.denied {
		f.add(k+29, q.word, start, 0)
		f.add(k+30, form, start, 0)
	}
	before := r.behind(s, q)
	f.add(k+31, before, voice, kind)
	f.add(k+32, before, q.word, left)
	f.add(k+33, before, clausal, form)

	m := r.market
	f.add(k+34, m, kind, form)
	f.add(k+35, m, q.word, clausal)
	f.add(k+36, m, voice, kind)
	f.add(k+37, m, start, kind)
	f.add(k+38, m, odds, kind)
	f.add(k+39, m, extent, kind)
	f.add(k+40, m, by, kind)
}

// voiceNumber is what is known of a person, or the sort of an organisation.
func (r *reading) voiceNumber(who speaker) uint32 {
	switch {
	case who.person > 0:
		p := &r.people[who.person-1]
		return 1 + bits(p.role != "", p.firm != "")
	case who.to > who.from:
		return 8 + uint32(r.shapes[who.from])
	}
	return 0
}

// standingOf is 1 for a source of figures, 2 for a place, 3 for a house that the
// lists know.
func (r *reading) standingOf(who speaker) uint32 {
	m := r.mentionOver(who.from)
	switch {
	case who.person > 0 || m == nil:
		return 0
	case r.isVendor(m):
		return 1
	case m.kind == placeName:
		return 2
	case r.knows(m.name):
		return 3
	}
	return 0
}

// lookAt counts the words of span in sentence s, from the first one's token, and
// whether there is a number among them.
func (r *reading) lookAt(s sentence, span tenor.Span) (first, words int, number bool) {
	for i := s.from; i < s.to; i++ {
		if r.toks[i].start >= span.Start() && r.toks[i].end <= span.End() {
			if words == 0 {
				first = i
			}
			words++
			number = number || r.kind(i) == tkNumber
		}
	}
	return first, words, number
}

// behind is the shape of what opens the clause that reports q: of "since" in "since
// the bank signalled that", which tells of the past rather than reports.
func (r *reading) behind(s sentence, q *saying) uint32 {
	at := q.who.from
	if at < s.from || at >= s.to {
		return uint32(shEdge)
	}
	i := r.phraseStart(s, at) - 1
	for i >= s.from && r.is(i, isAdv) {
		i--
	}
	return uint32(r.shapeIn(s, i))
}

func resolutionNumber(by tenor.Resolution) uint32 {
	switch by {
	case tenor.ByName:
		return 1
	case tenor.BySurname:
		return 2
	case tenor.ByPronoun:
		return 3
	case tenor.ByTitle:
		return 4
	case tenor.ByTeam:
		return 5
	case tenor.ByContinuing:
		return 6
	case tenor.ByAnnouncement:
		return 7
	case tenor.ByLabel:
		return 8
	case tenor.BySignature:
		return 9
	}
	return 0
}
