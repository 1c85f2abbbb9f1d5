package nlp

import (
	"sort"

	"tenor"
)

// memory is what the article has said so far, for pronouns, "the strategist" and
// quotations that stand alone.
type memory struct {
	last       speaker // of the quote before
	lastAt     int     // the token of its cue
	lastPerson speaker
	lastFirm   speaker
	nobodyAt   int // where somebody without a name spoke last
	quoted     speaker
	quotedIn   int // the sentence of the last words in marks
	openSince  int // 1 + the first sentence of a quotation over several paragraphs
}

func (m *memory) heard(s speaker, at int) {
	m.last, m.lastAt = s, at
	if s.person > 0 {
		m.lastPerson = s
	} else {
		m.lastFirm = s
	}
}

// spoke remembers whose words in quotation marks stand in a sentence.
func (m *memory) spoke(q *saying) {
	if q.kind == tenor.Direct || q.kind == tenor.Mixed {
		m.quoted, m.quotedIn = q.who, q.sentence
	}
}

// opening is where the quotation in sentence index opens: paragraphs before it may
// be part of it.
func (m *memory) opening(index int) int {
	if m.openSince > 0 {
		return m.openSince - 1
	}
	return index
}

func (m *memory) unnamed(at int) { m.nobodyAt = at }

// antecedent is a person whom a pronoun may stand for, as the mention of them
// nearest before it shows.
type antecedent struct {
	person    int // index into people; negative for a name that may be a person's: -1 - its mention
	at        int // the token after that mention
	sentences int // between the mention and the pronoun
	order     int // other people named since
	mentions  int // of the person within sight
	subject   bool
	opens     bool // the mention opens its sentence
	topic     int  // sentences back to the nearest one of which the person is the first subject; 9 for none
	before    shape
	after     shape
}

const (
	sight          = 300 // tokens before a pronoun in which people are looked for
	maxAntecedents = 8
)

// antecedents lists the people named before token i, the nearest first.
func (r *reading) antecedents(i int) []antecedent {
	list := r.persons[:0]
	at := r.sentenceOf(i)
	home := at
	for j := i - 1; j >= max(0, i-sight); j-- {
		for at > 0 && j < r.sentences[at].from {
			at--
		}
		m := r.mentionOver(j)
		if m == nil {
			continue
		}
		j = m.from
		who := m.person
		switch {
		case m.kind == personName && who >= 0:
		case m.kind == unknownName && !m.common && r.maybePerson(m):
			who = -int(r.mentionAt[m.from])
		default:
			continue
		}
		subject, topic := r.subjectLike(m), 9
		if subject && r.firstPerson(at, j) {
			topic = min(9, home-at)
		}
		known := false
		for n := range list {
			if a := &list[n]; a.person == who || who < 0 && a.person < 0 && r.mentions[-1-a.person].name == m.name {
				a.mentions++
				a.topic = min(a.topic, topic)
				known = true
			}
		}
		if known || len(list) == maxAntecedents {
			continue
		}
		s := r.sentences[max(at, 0)]
		list = append(list, antecedent{person: who, at: m.to, sentences: home - at, order: len(list), mentions: 1,
			topic: topic, subject: subject, opens: m.from <= s.from+2, before: r.shapeIn(s, m.from-1), after: r.shapeIn(s, m.to)})
	}
	if last := r.mem.lastPerson.person - 1; last >= 0 && i-r.mem.lastAt < 400 {
		known := false
		for n := range list {
			known = known || list[n].person == last
		}
		if !known {
			list = append(list, antecedent{person: last, at: r.mem.lastAt, sentences: min(max(0, home-r.sentenceOf(r.mem.lastAt)), 30), order: len(list), topic: 9})
		}
	}
	r.persons = list
	return list
}

// maybePerson reports whether a name that nothing shows to be a person's can be
// one: by its form, and as the subject of a verb or the last speaker.
func (r *reading) maybePerson(m *mention) bool {
	switch words := m.to - m.from; {
	case words == 1:
		return r.surnameLike(m) && r.doesSomething(m)
	case words > 4 || !r.looksPersonal(m):
		return false
	}
	return r.doesSomething(m) || r.is(m.from-1, isCue) || r.mem.last.person == 0 && r.mem.last.firm == m.name
}

// doesSomething reports whether a name stands as the subject of a verb.
func (r *reading) doesSomething(m *mention) bool {
	i := m.to
	for i < m.to+2 && r.is(i, isAdv) {
		i++
	}
	if i >= len(r.toks) || r.kind(i) != tkWord {
		return false
	}
	switch r.shapes[i] {
	case shBe, shAux, shVerb, shEd, shSayPast, shSayThird, shThink, shObject:
		return r.subjectLike(m)
	}
	return false
}

// firstPerson reports whether nobody is named in sentence at before token i.
func (r *reading) firstPerson(at, i int) bool {
	for j := r.sentences[max(at, 0)].from; j < i; j++ {
		if r.shapes[j] == shPerson {
			return false
		}
	}
	return true
}

// sureOf is how likely the likeliest antecedent must be: below it two people fit.
const sureOf = 0.4

// pronoun is whom "he" or "she" at i stands for, and how likely that is.
func (r *reading) pronoun(i int) (speaker, float64) {
	list := r.antecedents(i)
	if len(list) == 0 {
		return speaker{}, 0
	}
	if r.watch != nil {
		r.watch.pronoun(i, list)
	}
	best, odds := r.choose(func(f *facts) { r.noAntecedentFacts(f, i, list) },
		len(list), func(f *facts, n int) { r.antecedentFacts(f, i, list, n) })
	if best < 0 || odds < sureOf {
		return speaker{}, 0
	}
	p := list[best].person
	if p < 0 { // "Quill warned …. …, he wrote": a person after all
		m := &r.mentions[-1-p]
		m.kind = personName
		m.person = r.addPerson(m)
		p = m.person
	}
	r.learnGender(p, r.toks[i].class&(isHe|isShe))
	return speaker{person: p + 1, from: i, to: i + 1, by: tenor.ByPronoun}, odds
}

// genderFit is 0 for a person of the pronoun's gender, 1 for one of unknown
// gender, 2 for one of the other, 3 for a name of which it is not sure that it is
// a person's.
func (r *reading) genderFit(person, i int) uint32 {
	if person < 0 {
		return 3
	}
	g := r.people[person].gender & (nameMale | nameFemale)
	he := r.is(i, isHe)
	switch {
	case g == 0 || g == nameMale|nameFemale:
		return 1
	case g == nameMale && he, g == nameFemale && !he:
		return 0
	}
	return 2
}

// antecedentFacts says what speaks for a person as the one whom the pronoun at i
// stands for.
func (r *reading) antecedentFacts(f *facts, i int, list []antecedent, n int) {
	const k = factsPerson
	a := &list[n]
	fit := r.genderFit(a.person, i)
	last, lastIs := flag(r.mem.lastPerson.person == a.person+1), flag(r.mem.last.person == a.person+1)
	rivals, others, topics := 0, 0, 0 // nearer people whose gender fits no worse, all such people, those better placed
	for m := range list {
		if m == n || r.genderFit(list[m].person, i) > fit {
			continue
		}
		others++
		if m < n {
			rivals++
		}
		if list[m].topic < a.topic {
			topics++
		}
	}
	at := r.sentenceOf(i)
	s := r.sentences[at]
	opens, quoted := flag(i <= s.from+1), flag(r.toks[s.from].region >= 0)
	spoke := uint32(9)
	if last == 1 {
		spoke = bucket(at - r.sentenceOf(min(max(r.mem.lastAt, 0), len(r.toks)-1)))
	}
	sub := bits(a.subject, a.opens)
	back, rival, topic := bucket(a.sentences), bucket(rivals), bucket(a.topic)
	f.add(k, fit, 0, 0)
	f.add(k+1, fit, back, sub)
	f.add(k+2, fit, rival, last)
	f.add(k+3, back, rival, sub)
	f.add(k+4, last, lastIs, spoke)
	f.add(k+5, last, back, sub)
	f.add(k+6, uint32(a.before), uint32(a.after), flag(a.sentences == 0))
	f.add(k+7, bucket(a.mentions), rival, fit)
	f.add(k+8, quoted, last, back)
	f.add(k+9, opens, sub, back)
	f.add(k+10, last, spoke, rival)
	f.add(k+11, bucket(others), last, fit)
	f.add(k+12, uint32(a.after), sub, flag(a.sentences <= 1))
	f.add(k+13, uint32(a.before), sub, flag(a.sentences <= 1))
	f.add(k+14, flag(r.sentences[r.sentenceOf(max(a.at-1, 0))].paragraph == s.paragraph), sub, rival)
	f.add(k+15, quoted, spoke, fit)
	f.add(k+16, bucket(a.order), back, last)
	f.add(k+17, topic, fit, rival)
	f.add(k+18, topic, last, back)
	f.add(k+19, topic, sub, back)
	f.add(k+20, bucket(topics), topic, last)
	f.add(k+21, bucket(topics), rival, spoke)
}

func (r *reading) noAntecedentFacts(f *facts, i int, list []antecedent) {
	const k = factsPerson + 50
	fits := 0
	for m := range list {
		if r.genderFit(list[m].person, i) == 0 {
			fits++
		}
	}
	f.add(k, 0, 0, 0)
	f.add(k+1, bucket(len(list)), 0, 0)
	f.add(k+2, bucket(fits), 0, 0)
	f.add(k+3, flag(r.is(i, isHe)), bucket(fits), 0)
	f.add(k+4, flag(r.mem.nobodyAt > r.mem.lastAt), bucket(fits), 0)
}

// sentenceOf is the index of the sentence that holds token i, or -1.
func (r *reading) sentenceOf(i int) int {
	return sort.Search(len(r.sentences), func(n int) bool { return r.sentences[n].from > i }) - 1
}

func (r *reading) learnGender(p int, pronoun class) {
	if r.people[p].gender == 0 {
		if pronoun&isHe != 0 {
			r.people[p].gender = nameMale
		} else {
			r.people[p].gender = nameFemale
		}
	}
}

// subjectLike reports whether a mention can be the subject of its clause, or of
// an inverted tag, rather than an object or part of another's description.
func (r *reading) subjectLike(m *mention) bool {
	i := m.from - 1
	for i >= max(0, m.from-20) && (r.is(i, isRoleHead|roleModifier|isDet|isMr|isMrs|isDr) || r.kind(i) == tkPoss || r.mentionOver(i) != nil && r.mentionOver(i).kind != personName) {
		i--
	}
	if r.is(i, isCue) {
		return r.kind(i-1) == tkComma || r.kind(i-1) == tkQuoted // “…,” said NAME; in "he said NAME had" NAME is none
	}
	return i < 0 || r.kind(i) != tkWord || r.is(i, isConj|isAdv) || r.says(i, "to") && r.says(i-1, "according")
}

// unnamed reports whether the word at i introduces somebody without a name.
func (r *reading) unnamed(i int) bool {
	return r.says(i, "a") || r.says(i, "an") || r.says(i, "one") || r.says(i, "another")
}
