package nlp

import (
	"strings"

	"tenor"
)

// referent is somebody named before for whom "the strategist", "the bank's
// analysts", "the note" or "they" may stand: a person or an organisation.
type referent struct {
	who       speaker
	sentences int // back to the nearest mention
	order     int // others of the same sort named since
	mentions  int
	subject   bool
	spoke     bool // last
	title     int  // words of the phrase that are in the person's title
	sameSort  bool // a title of the same capacity
	firm      bool // the organisation that the phrase names is theirs
	house     sortOfHouse
	gender    uint32
}

// sortOfHouse is what kind of organisation it is, as bits.
type sortOfHouse uint32

// referents lists for whom the phrase of token i may stand. It looks no farther
// than pronouns and "the bank" do.
func (r *reading) referents(p *nounPhrase) []referent {
	list := r.meant[:0]
	i := p.head
	named := ""
	for j := p.from; j < p.to; j++ {
		if m := r.mentionOver(j); m != nil && (m.kind.organisation() || m.kind == unknownName) {
			named = r.organisation(m)
		}
	}
	if m := r.belongsTo(r.sentences[max(0, r.sentenceOf(i))], i+1); m != nil && m.kind != personName {
		named = r.organisation(m)
	}
	for n, a := range r.antecedents(p.from) {
		if a.person < 0 {
			continue
		}
		q := &r.people[a.person]
		ref := referent{who: speaker{person: a.person + 1}, sentences: a.sentences, order: n, mentions: a.mentions, subject: a.subject}
		ref.spoke = r.mem.last.person == a.person+1
		role := strings.ToLower(q.role)
		for j := p.from; j <= i; j++ {
			if r.is(j, isDet) {
				continue
			}
			if w := strings.ToLower(r.in(j, j+1)); strings.Contains(role, w) || len(w) > 5 && strings.Contains(role, strings.TrimSuffix(w, "s")) {
				ref.title++
			}
		}
		if sort := r.toks[i].class & isRoleHead; sort != 0 {
			for w := range strings.FieldsSeq(role) {
				ref.sameSort = ref.sameSort || r.lex.classOf(strings.Trim(w, ",.;"))&isRoleHead == sort
			}
		}
		ref.firm = named != "" && q.firm != "" && goesBy([]string{named}, q.firm)
		ref.gender = uint32(q.gender / nameMale & 3)
		list = append(list, ref)
	}
	for n, h := range r.houses(p.from) {
		list = append(list, referent{who: speaker{firm: h.name, plural: r.shapes[i] == shTeam}, sentences: h.sentences, order: n, mentions: h.mentions, subject: h.subject,
			spoke: r.mem.last.person == 0 && r.mem.last.firm == h.name, firm: named != "" && named == h.name,
			house: sortOfHouse(8 + bits(h.finance, h.public, h.media))})
	}
	r.meant = list
	return list
}

// referentFacts says what speaks for a referent as the one for whom the phrase stands.
func (r *reading) referentFacts(f *facts, p *nounPhrase, list []referent, n int) {
	const k = factsReferent
	c := &list[n]
	i := p.head
	noun, sort := r.toks[i].word, uint32(p.shape)
	lead := uint32(r.shapes[p.from])
	person, house := flag(c.who.person > 0), uint32(c.house)
	back := bucket(c.sentences)
	fits := bits(c.title > 0, c.title > 1, c.sameSort, c.firm)
	better := 0
	for m := range list {
		if m != n && (list[m].who.person > 0) == (c.who.person > 0) && (list[m].title > c.title || list[m].firm && !c.firm) {
			better++
		}
	}
	since := uint32(9)
	if c.spoke {
		since = bucket(r.sentenceOf(i) - r.sentenceOf(min(max(r.mem.lastAt, 0), len(r.toks)-1)))
	}
	f.add(k, person, sort, fits)
	f.add(k+1, noun, person, house)
	f.add(k+2, noun, person, flag(c.spoke))
	f.add(k+3, person<<1|flag(c.spoke), since, sort)
	f.add(k+4, person, back, sort)
	f.add(k+5, person, bucket(c.order), flag(c.spoke))
	f.add(k+6, fits, flag(c.spoke), back)
	f.add(k+7, person, bucket(better), fits)
	f.add(k+8, person, flag(c.subject), back)
	f.add(k+9, house, sort, flag(c.spoke))
	f.add(k+10, lead, sort, person<<1|flag(c.spoke))
	f.add(k+11, person, bucket(c.mentions), sort)
	f.add(k+12, flag(c.who.plural || strings.HasSuffix(r.in(i, i+1), "s")), person, flag(c.spoke))
	f.add(k+13, fits, sort, flag(c.spoke))
	if c.who.person > 0 {
		role := r.toks[i].class & isRoleHead
		capacity := r.people[c.who.person-1].capacity
		f.add(k+14, bits(role&roleAnalyst != 0, role&rolePlain != 0, role&roleOfficial != 0, role&roleExecutive != 0, role&roleOther != 0),
			bits(capacity == roleAnalyst, capacity == roleOfficial, capacity == roleExecutive), 0)
	}
}

// noReferentFacts says what speaks against everybody: somebody without a name is meant.
func (r *reading) noReferentFacts(f *facts, p *nounPhrase, list []referent) {
	const k = factsReferent + 50
	noun, sort := r.toks[p.head].word, uint32(p.shape)
	fits, spoke := 0, false
	for n := range list {
		if list[n].title > 0 || list[n].firm {
			fits++
		}
		spoke = spoke || list[n].spoke
	}
	unnamed := false // "one fund manager said …", "the manager said"
	for j := p.from - 1; j >= max(0, p.from-120); j-- {
		if r.toks[j].word == noun && r.toks[j].region < 0 && r.mentionOver(j+1) == nil && (r.unnamed(j-1) || r.unnamed(j-2) || r.unnamed(j-3)) {
			unnamed = true
			break
		}
	}
	lead := uint32(r.shapes[p.from])
	if p.from == p.head {
		lead = uint32(shEdge)
	}
	f.add(k, sort, lead, 0)
	f.add(k+1, noun, 0, 0)
	f.add(k+2, r.toks[p.from].word, sort, 0)
	f.add(k+3, bucket(fits), sort, flag(unnamed))
	f.add(k+4, flag(r.mem.nobodyAt > r.mem.lastAt), flag(spoke), sort)
	f.add(k+5, flag(strings.HasSuffix(r.in(p.head, p.head+1), "s")), sort, lead)
	f.add(k+6, bucket(len(list)), sort, 0)
	f.add(k+7, flag(unnamed), bucket(fits), flag(r.mem.nobodyAt > r.mem.lastAt))
}

// stoodFor is the person or organisation for whom a phrase stands, and how likely
// that is.
func (r *reading) stoodFor(p *nounPhrase) (speaker, float64) {
	list := r.referents(p)
	if len(list) == 0 {
		return speaker{}, 0
	}
	if r.watch != nil {
		r.watch.referent(p, list)
	}
	best, odds := r.choose(func(f *facts) { r.noReferentFacts(f, p, list) },
		len(list), func(f *facts, n int) { r.referentFacts(f, p, list, n) })
	if best < 0 || odds < sureOf {
		return speaker{}, 0
	}
	who := list[best].who
	if who.person > 0 {
		r.learnHouse(&r.people[who.person-1], p)
	}
	who.from, who.to, who.by = p.from, p.head+1, tenor.ByTitle
	if p.shape == shThey {
		who.by, who.plural = tenor.ByPronoun, true
	}
	return who, odds
}

// learnHouse gives a person without a house that which a phrase for them names:
// "The strategist at Tarn Bank said".
func (r *reading) learnHouse(q *person, p *nounPhrase) {
	if q.firm != "" || p.shape != shRole {
		return
	}
	if m := r.belongsTo(r.sentences[max(0, r.sentenceOf(p.head))], p.head+1); m != nil && m.kind == firmName {
		q.firm = r.organisation(m)
		q.role = fuller(q.role, r.in(r.titleStart(p.head), p.head+1))
		q.capacity = r.typeOf(q)
	}
}
