package nlp

import "strings"

// Kinds of facts are counted from here, a stretch for each decision.
const (
	factsSubject   = 100
	factsNoSubject = 200
	factsRight     = 300
	factsEnd       = 400
	factsLeft      = 500
	factsHouse     = 600
	factsPerson    = 700
	factsVoice     = 800
	factsQuote     = 900
	factsReferent  = 1000
)

// wordAt is the number of the word at i; where none is, that of its shape.
func (r *reading) wordAt(s sentence, i int) uint32 {
	if i < s.from || i >= s.to || r.toks[i].region >= 0 {
		return uint32(r.shapeIn(s, i))
	}
	return r.toks[i].word
}

// sortOf is what the lists make of a cue's word.
func (r *reading) sortOf(c *cue) uint32 {
	class := r.toks[c.at].class
	return bits(class&cueSay != 0, class&cueTell != 0, class&cueThink != 0, class&cueCall != 0, class&cueAct != 0, class&isAttitude != 0, class&isViewNoun != 0)
}

// capacityOf is in which capacity the one named by a phrase speaks: 0 where that is
// open.
func (r *reading) capacityOf(p *nounPhrase) uint32 {
	if p.mention == 0 {
		return 0
	}
	m := &r.mentions[p.mention-1]
	if m.kind == personName && m.person >= 0 {
		switch r.people[m.person].capacity {
		case roleAnalyst:
			return 1
		case roleOfficial:
			return 2
		case roleExecutive:
			return 3
		}
		return 4
	}
	switch {
	case m.kind != firmName && m.kind != unknownName:
		return 5
	case r.isFinance(m.name):
		return 6
	}
	return 7
}

// isFinance reports whether an organisation's people speak as analysts, by its name.
func (r *reading) isFinance(name string) bool {
	if e := r.lex.of(name); e.firm {
		return e.firmKind == firmFinance
	}
	for w := range strings.FieldsSeq(name) {
		if r.lex.classOf(w)&firmFinance != 0 {
			return true
		}
	}
	return false
}

// between counts what stands between two places of a sentence.
type between struct {
	commas, verbs, quotes, who, preps, people int
	stop                                      bool
}

func (r *reading) betweenTokens(from, to int) (b between) {
	for i := from; i < to; i++ {
		switch r.shapes[i] {
		case shComma:
			b.commas++
		case shQuote:
			b.quotes++
		case shWho, shWhich:
			b.who++
		case shBe, shAux, shVerb, shSayThird, shSayPast:
			b.verbs++
		case shPrep, shOf, shTo:
			b.preps++
		case shPerson:
			b.people++
		case shColon, shSemicolon, shStop:
			b.stop = true
		}
	}
	return b
}

// subjectFacts says what speaks for a candidate as the subject of a cue.
func (r *reading) subjectFacts(f *facts, s sentence, c *cue, p *candidate) {
	const k = factsSubject
	sh, dir, form := uint32(p.shape), flag(p.after), uint32(c.form)
	kind := sh<<1 | dir
	before, after := uint32(r.shapeIn(s, p.from-1)), uint32(r.shapeIn(s, p.to))
	lead := uint32(r.shapeIn(s, c.from-1))
	f.add(k, kind, 0, 0)
	if p.after {
		b := r.betweenTokens(c.to, p.from)
		gap := bucket(p.from - c.to)
		f.add(k+1, kind, gap, lead)
		f.add(k+2, kind, after, lead)
		f.add(k+3, c.word, dir, lead)
		f.add(k+4, c.word, dir, gap)
		f.add(k+5, dir, bucket(b.commas), bucket(b.preps))
		f.add(k+6, dir, bucket(b.verbs), before)
		f.add(k+7, dir, flag(c.quote >= 0), gap)
		f.add(k+8, dir, uint32(p.order), flag(c.quote >= 0))
		f.add(k+9, dir, form, lead)
		f.add(k+10, kind, before, gap)
		f.add(k+11, dir, uint32(r.shapeIn(s, c.to)), lead)
		f.add(k+12, dir, r.wordAt(s, p.from-1), 0)
		f.add(k+13, dir, form, gap)
		f.add(k+14, after, bits(c.quote >= 0, r.candidates[0].head < c.at), lead)
		f.add(k+15, bits(c.quote >= 0, r.candidates[0].head < c.at, s.from < c.from), lead, gap)
		return
	}
	b := r.betweenTokens(p.to, c.from)
	beside := p.to == c.from
	gap := bucket(c.from - p.to)
	start := flag(p.from <= s.from)
	frame := bits(shape(after) == shComma || shape(after) == shBracket || shape(after) == shDash, shape(lead) == shComma || shape(lead) == shBracket || shape(lead) == shDash)
	opens := start
	switch shape(before) {
	case shAnd, shWhile, shAs, shThat, shComma, shQuote, shColon, shSemicolon, shDash, shAdv, shWh, shEdge:
		opens = 1
	}
	f.add(k+1, kind, gap, 0)
	f.add(k+2, kind, before, 0)
	f.add(k+3, kind, after, gap)
	f.add(k+4, kind, lead, flag(beside))
	f.add(k+5, dir, bucket(b.commas), frame)
	f.add(k+6, dir, bucket(b.commas), bucket(b.verbs))
	f.add(k+7, dir, bucket(b.verbs), bucket(b.who))
	f.add(k+8, kind, uint32(p.order), frame)
	f.add(k+9, dir, bucket(b.people), frame<<1|opens)
	f.add(k+10, kind, frame<<1|opens, gap)
	f.add(k+11, c.word, dir, sh)
	f.add(k+12, dir, form, frame<<1|opens)
	f.add(k+13, before, after, lead)
	f.add(k+14, r.wordAt(s, p.from-1), dir, flag(beside))
	f.add(k+15, r.wordAt(s, p.to), dir, lead)
	f.add(k+16, start, lead, form)
	f.add(k+17, flag(b.stop), flag(b.quotes > 0), lead)
	f.add(k+18, kind, start, bucket(b.verbs))
	f.add(k+19, dir, opens, bucket(b.verbs))
	f.add(k+20, dir, flag(r.subjectEnd > p.from && r.subjectEnd <= p.to), lead)
	f.add(k+21, dir, bucket(b.preps), frame)
	f.add(k+25, kind, form, flag(beside))
	f.add(k+26, kind, r.sortOf(c), lead)
	rating, number := r.ratingBehind(s, c)
	capacity := r.capacityOf(&p.nounPhrase)
	f.add(k+27, capacity, r.sortOf(c), bits(rating, number))
	f.add(k+28, capacity, c.word, flag(rating))
	f.add(k+29, capacity, form, flag(beside))
	if p.shape == shWord {
		f.add(k+22, r.wordAt(s, p.head), 0, 0)
		f.add(k+23, uint32(r.shapes[p.head]), before, form)
	} else if p.mention == 0 {
		f.add(k+22, r.wordAt(s, p.head), 1, flag(beside))
	}
	if p.head > p.from {
		f.add(k+24, sh, uint32(r.shapes[p.from]), 0)
	}
}

// ratingBehind reports whether something that is rated, or a number, stands a few
// words behind a cue.
func (r *reading) ratingBehind(s sentence, c *cue) (rating, number bool) {
	for i := c.to; i < min(c.to+12, s.to); i++ {
		rating = rating || r.is(i, isRating|isAttitude)
		number = number || r.kind(i) == tkNumber
	}
	return rating, number
}

// noSubjectFacts says what speaks against any subject: the word is no verb here,
// or what it says is no report.
func (r *reading) noSubjectFacts(f *facts, s sentence, c *cue) {
	const k = factsNoSubject
	form := uint32(c.form)
	p1, p2 := uint32(r.shapeIn(s, c.from-1)), uint32(r.shapeIn(s, c.from-2))
	n1, n2, n3 := uint32(r.shapeIn(s, c.to)), uint32(r.shapeIn(s, c.to+1)), uint32(r.shapeIn(s, c.to+2))
	quoted := flag(c.quote >= 0)
	f.add(k, form, 0, 0)
	f.add(k+1, c.word, 0, 0)
	f.add(k+2, c.word, n1, 0)
	f.add(k+3, c.word, p1, 0)
	f.add(k+4, form, n1, n2)
	f.add(k+5, form, p1, p2)
	f.add(k+6, c.word, r.wordAt(s, c.to), 0)
	f.add(k+7, r.wordAt(s, c.to), n2, 0)
	f.add(k+8, r.wordAt(s, c.from-1), form, 0)
	f.add(k+9, p1, n1, form)
	f.add(k+10, c.word, flag(c.not), 0)
	f.add(k+11, n1, n2, n3)
	group := uint32(0)
	for i := c.from; i < c.at; i++ {
		switch r.shapes[i] {
		case shAux:
			group |= 1
		case shBe:
			group |= 2
		case shNot:
			group |= 4
		}
		f.add(k+16, r.toks[i].word, form, 0)
	}
	f.add(k+12, group, form, 0)
	f.add(k+13, group, c.word, 0)
	f.add(k+14, quoted, c.word, n1)
	f.add(k+15, quoted, form, n1)
	// What stands a few words on: "that", a colon, a quotation, a target.
	rating, number := r.ratingBehind(s, c)
	for i := c.to; i < min(c.to+12, s.to); i++ {
		if sh := r.shapes[i]; sh == shThat || sh == shColon || sh == shQuote || sh == shComma {
			f.add(k+17, uint32(sh), bucket(i-c.to), form)
			f.add(k+18, uint32(sh), c.word, 0)
			break
		}
	}
	f.add(k+19, bucket(c.from-s.from), form, n1)
	f.add(k+20, bucket(s.to-c.to), form, p1)
	f.add(k+21, flag(r.subjectEnd > 0), p1, form)
	f.add(k+22, form, bits(rating, number), 0)
	f.add(k+23, c.word, bits(rating, number), 0)
	f.add(k+24, form, r.wordAt(s, c.to), 0)
	f.add(k+25, form, r.wordAt(s, c.to), r.wordAt(s, c.to+1))
	for i := c.to; i < min(c.to+14, s.to-1); i++ {
		if r.shapes[i] == shComma {
			f.add(k+30, form, uint32(r.shapes[i+1]), flag(r.toks[i+1].region >= 0 && r.regionTokens(r.toks[i+1].region, i+1, s.to) > 6))
			break
		}
	}
	m := r.market
	f.add(k+31, m, c.word, n1)
	f.add(k+32, m, form, n1)
	f.add(k+33, m, form, p1)
	f.add(k+34, m, c.word, bits(rating, number))
	kind := r.sortOf(c)
	f.add(k+26, kind, n1, n2)
	f.add(k+27, kind, bits(rating, number, c.not), form)
	f.add(k+28, kind, r.wordAt(s, c.to), 0)
	f.add(k+29, kind, p1, n1)
}
