package nlp

import (
	"strings"

	"tenor"
)

// house is an organisation for which "it" or "the bank" may stand.
type house struct {
	name      string
	sentences int // back to the nearest mention
	order     int // other organisations named since
	mentions  int // in the article up to here
	lead      bool
	subject   bool // of the sentence, at that mention
	opens     bool
	spoke     bool // last
	finance   bool
	public    bool
	media     bool
	vendor    bool
	word      bool // the noun is part of the name: "the exchange" for London Stock Exchange
}

const (
	houseSight = 250
	maxHouses  = 8
)

// houses lists the organisations named before token i, the nearest first, then
// the one that spoke last and the one that the article is about.
func (r *reading) houses(i int) []house {
	list := r.near[:0]
	home := r.sentenceOf(i)
	at := home
	add := func(m *mention, sentences int) {
		name := r.organisation(m)
		for n := range list {
			if list[n].name == name {
				return
			}
		}
		if len(list) == maxHouses {
			return
		}
		s := r.sentences[max(0, home-sentences)]
		e := r.lex.of(name)
		h := house{name: name, sentences: sentences, order: len(list), subject: r.subjectLike(m), opens: m.from <= s.from+2,
			finance: e.firm && e.firmKind == firmFinance, public: m.kind == publicName, media: m.kind == mediaName, vendor: r.isVendor(m)}
		for w := range strings.FieldsSeq(name) {
			h.finance = h.finance || r.lex.classOf(w)&firmFinance != 0
			h.word = h.word || strings.EqualFold(w, r.in(i, i+1))
		}
		h.spoke = r.mem.lastFirm.firm == name && r.mem.last.same(r.mem.lastFirm)
		list = append(list, h)
	}
	for j := i - 1; j >= max(0, i-houseSight); j-- {
		for at > 0 && j < r.sentences[at].from {
			at--
		}
		m := r.mentionOver(j)
		if m == nil {
			continue
		}
		j = m.from
		if m.kind.organisation() || m.kind == unknownName && !m.common {
			add(m, home-at)
		}
	}
	r.countHouses(i)
	if r.lead > 0 && r.mentions[r.lead-1].from < i {
		m := &r.mentions[r.lead-1]
		add(m, home-r.sentenceOf(m.from))
		for n := range list {
			list[n].lead = list[n].name == r.organisation(m)
		}
	}
	for n := range list {
		list[n].mentions = r.counts[list[n].name]
	}
	r.near = list
	return list
}

// countHouses counts how often each organisation is named up to token i. The
// article is read forward, so each mention is counted once.
func (r *reading) countHouses(i int) {
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	for ; r.counted < len(r.mentions) && r.mentions[r.counted].from < i; r.counted++ {
		m := &r.mentions[r.counted]
		if !m.kind.organisation() || m.kind == mediaName {
			continue
		}
		r.counts[r.organisation(m)]++
		if r.lead == 0 && r.sentenceOf(m.from) < 3 {
			r.lead = r.counted + 1
		}
	}
}

// houseFacts says what speaks for an organisation as the one for which the word
// at i stands.
func (r *reading) houseFacts(f *facts, i int, list []house, n int) {
	const k = factsHouse
	h := &list[n]
	noun := r.toks[i].word
	sort := bits(h.finance, h.public, h.media, h.vendor)
	back, order, mentions := bucket(h.sentences), bucket(h.order), bucket(h.mentions)
	most := true
	for m := range list {
		most = most && list[m].mentions <= h.mentions
	}
	where := bits(h.subject, h.opens)
	since := uint32(9)
	if h.spoke {
		since = bucket(r.sentenceOf(i) - r.sentenceOf(min(max(r.mem.lastAt, 0), len(r.toks)-1)))
	}
	f.add(k, noun, sort, 0)
	f.add(k+1, back, where, 0)
	f.add(k+2, order, where, flag(h.spoke))
	f.add(k+3, flag(h.spoke), since, 0)
	f.add(k+4, flag(h.lead), flag(most), back)
	f.add(k+5, mentions, order, 0)
	f.add(k+6, flag(h.lead), sort, noun)
	f.add(k+7, flag(h.word), noun, 0)
	f.add(k+8, flag(most), sort, noun)
	f.add(k+9, back, order, flag(h.spoke))
	f.add(k+10, noun, flag(h.spoke), back)
	f.add(k+11, bits(h.lead, most, h.spoke), back, where)
	f.add(k+12, sort, order, where)
}

func (r *reading) noHouseFacts(f *facts, i int, list []house) {
	const k = factsHouse + 50
	f.add(k, r.toks[i].word, 0, 0)
	f.add(k+1, bucket(len(list)), 0, 0)
	f.add(k+2, flag(r.mem.nobodyAt > r.mem.lastAt), 0, 0)
}

// theFirm is the organisation that "it" or "the bank" at i stands for, and how
// likely that is.
func (r *reading) theFirm(i int) (speaker, float64) {
	list := r.houses(i)
	if len(list) == 0 {
		return speaker{}, 0
	}
	if r.watch != nil {
		r.watch.house(i, list)
	}
	best, odds := r.choose(func(f *facts) { r.noHouseFacts(f, i, list) },
		len(list), func(f *facts, n int) { r.houseFacts(f, i, list, n) })
	if best < 0 || odds < sureOf {
		return speaker{}, 0
	}
	by := tenor.ByTitle
	if r.is(i, isIt) {
		by = tenor.ByPronoun
	}
	return speaker{firm: list[best].name, from: i, to: i + 1, by: by}, odds
}
