package nlp

import "tenor"

// voice is somebody who may speak a quotation that stands without a reporting
// clause, with where they are heard or named.
type voice struct {
	who     speaker
	before  bool // spoke last
	marked  bool // spoke last in marks, in the sentence before: “…,” said NAME, who expects gains. “…”
	next    bool // is the subject of a clause in the next sentence: “….” NAME said.
	here    bool // is named in the same sentence
	above   bool // is named in the sentence before
	subject bool // and is a subject there
	opens   bool // and opens it
	order   int
	cue     tenor.Span
}

const (
	maxVoices = 8
	recall    = 12 // sentences for which the last speaker is kept in mind
)

// voices lists who may speak a quotation in sentence index.
func (r *reading) voices(index int, last *saying) []voice {
	r.heard = r.heard[:0]
	opening := r.mem.opening(index)
	if last != nil && opening-last.sentence < recall {
		who := last.who
		who.by = tenor.ByContinuing
		r.addVoice(voice{who: who, before: true})
	}
	if q := r.mem.quoted; !q.nobody() && opening-r.mem.quotedIn <= 1 {
		q.by = tenor.ByContinuing
		r.addVoice(voice{who: q, marked: true})
	}
	r.voicesIn(index, true)
	if opening > 0 {
		r.voicesIn(opening-1, false)
	}
	next := index + 1
	if next == len(r.sentences) || r.sentences[next].paragraph != r.sentences[index].paragraph {
		return r.heard
	}
	if clauses := r.clausesOf(next); len(clauses) > 0 {
		s, k := r.sentences[next], &clauses[0]
		if k.start <= s.from+1 && r.words(k.end, s.to) < 12 {
			who, _ := r.speakerOf(s, k)
			r.addVoice(voice{who: who, next: true, cue: tenor.Span{r.toks[k.at].start, r.toks[k.to-1].end}})
		}
	}
	return r.heard
}

// voicesIn adds those named in sentence at.
func (r *reading) voicesIn(at int, here bool) {
	s := r.sentences[at]
	for i := s.from; i < s.to; i++ {
		m := r.mentionOver(i)
		if m == nil {
			if !here && r.shapes[i] == shHe && i <= s.from+1 && r.mem.lastPerson.person > 0 {
				r.addVoice(voice{who: speaker{person: r.mem.lastPerson.person, from: i, to: i + 1, by: tenor.ByContinuing}, above: true, subject: true, opens: true})
			}
			continue
		}
		i = m.to - 1
		if m.kind == personName && m.person >= 0 {
			who := r.person(m)
			who.by = tenor.ByContinuing
			r.addVoice(voice{who: who, here: here, above: !here, subject: r.subjectLike(m), opens: m.from <= s.from+2})
		}
	}
}

// addVoice adds a voice, or what is new of it to the same one.
func (r *reading) addVoice(v voice) {
	if v.who.nobody() {
		return
	}
	for n := range r.heard {
		if o := &r.heard[n]; o.who.same(v.who) {
			o.before, o.marked, o.next, o.here, o.above = o.before || v.before, o.marked || v.marked, o.next || v.next, o.here || v.here, o.above || v.above
			o.subject, o.opens = o.subject || v.subject, o.opens || v.opens
			if v.cue.Len() > 0 {
				o.cue = v.cue
			}
			return
		}
	}
	if v.order = len(r.heard); v.order < maxVoices {
		r.heard = append(r.heard, v)
	}
}

// setting is where a quotation without a clause stands.
type setting struct {
	index, region int
	from, to      int  // its tokens, marks included
	whole         bool // the sentence is nothing else
	capital       bool
	stop          bool // ends in a stop or comma inside the marks
	first         bool // opens its paragraph
	carries       bool // the paragraph before was left open
	colon         bool // the sentence before ends in a colon
	quoted        bool // the sentence before ends in a quotation
	nobody        bool // somebody without a name has spoken since the last quote
	since         int  // sentences since the last quote
	paragraphs    int
	lastKind      tenor.Kind
}

func (r *reading) settingOf(index, region int, last *saying) setting {
	s := r.sentences[index]
	p := setting{index: index, region: region, since: 9, paragraphs: 9, from: s.from}
	for p.from < s.to && r.toks[p.from].region != region {
		p.from++
	}
	for p.to = p.from; p.to < s.to && r.toks[p.to].region == region; p.to++ {
	}
	whole, ok := r.orphan(s)
	p.whole = ok && whole == region
	p.capital = p.from+1 < p.to && r.toks[p.from+1].capital
	p.stop = p.to-2 > p.from && (r.kind(p.to-2) == tkStop || r.kind(p.to-2) == tkComma)
	p.first = r.paragraphs[s.paragraph].first == index
	p.carries = s.paragraph > 0 && r.paragraphs[s.paragraph-1].carries
	p.nobody = r.mem.nobodyAt > r.mem.lastAt
	opening := r.mem.opening(index)
	if last != nil {
		p.since = min(9, opening-last.sentence)
		p.lastKind = last.kind
		if last.sentence < len(r.sentences) {
			p.paragraphs = min(9, r.sentences[opening].paragraph-r.sentences[last.sentence].paragraph)
		}
	}
	if opening > 0 {
		u := r.sentences[opening-1]
		p.colon = r.kind(u.to-1) == tkColon
		p.quoted = r.toks[u.to-1].region >= 0
	}
	return p
}

// voiceFacts says what speaks for a voice as that of a quotation.
func (r *reading) voiceFacts(f *facts, p *setting, list []voice, n int) {
	const k = factsVoice
	v := &list[n]
	s := r.sentences[p.index]
	kind := bits(v.before, v.next, v.here, v.above, v.subject, v.opens)
	where := bits(p.whole, p.first, p.colon, p.carries)
	before, whole := flag(v.before), flag(p.whole)
	since, last := bucket(p.since), kindNumber(p.lastKind)
	lead := uint32(r.shapeIn(s, p.from-1))
	f.add(k, kind, where, 0)
	f.add(k+1, kind, since, bucket(p.paragraphs))
	f.add(k+2, before, since, last)
	f.add(k+3, before, since, where)
	f.add(k+4, before, bucket(len(list)), where)
	f.add(k+5, kind, bucket(v.order), whole)
	f.add(k+6, before, bucket(r.words(p.from, p.to)), where)
	f.add(k+7, bits(v.next, v.here, v.above, v.subject, v.opens), lead, whole)
	f.add(k+8, before, lead, uint32(r.shapeIn(s, p.to)))
	f.add(k+9, before, flag(p.quoted), since)
	f.add(k+10, flag(v.who.person > 0), kind, whole)
	f.add(k+11, bits(v.before, v.above), last, since)
	f.add(k+12, before, bits(p.capital, p.stop), since)
	f.add(k+13, before, r.wordAt(s, s.from), whole)
	f.add(k+14, before, flag(p.nobody), whole)
	f.add(k+15, bits(v.before, v.marked), whole, bits(p.capital, p.stop))
	f.add(k+16, bits(v.before, v.marked, v.here, v.above), where, last)
}

// noVoiceFacts says what speaks against anybody: the marks are no quotation, or
// nobody named speaks.
func (r *reading) noVoiceFacts(f *facts, p *setting, list []voice) {
	const k = factsVoice + 50
	s := r.sentences[p.index]
	where := bits(p.whole, p.first, p.colon, p.carries)
	whole, words := flag(p.whole), bucket(r.words(p.from, p.to))
	lead := uint32(r.shapeIn(s, p.from-1))
	f.add(k, where, 0, 0)
	f.add(k+1, words, whole, flag(p.capital))
	f.add(k+2, lead, uint32(r.shapeIn(s, p.to)), flag(p.capital))
	f.add(k+3, bucket(p.since), where, 0)
	f.add(k+4, bucket(len(list)), where, 0)
	f.add(k+5, bits(p.capital, p.stop), whole, words)
	f.add(k+6, kindNumber(p.lastKind), bucket(p.since), whole)
	f.add(k+7, r.wordAt(s, s.from), whole, 0)
	f.add(k+8, lead, whole, words)
	f.add(k+9, r.wordAt(s, p.from-1), 0, 0)
	f.add(k+10, flag(p.nobody), whole, bucket(p.since))
}

func kindNumber(k tenor.Kind) uint32 {
	switch k {
	case tenor.Direct:
		return 1
	case tenor.Mixed:
		return 2
	case tenor.Indirect:
		return 3
	case tenor.Block:
		return 4
	}
	return 0
}

// voiceOf decides who speaks the quotation in region of sentence index; ok is
// false for nobody.
func (r *reading) voiceOf(index, region int, last *saying) (v voice, odds float64, ok bool) {
	list := r.voices(index, last)
	if len(list) == 0 {
		return voice{}, 0, false
	}
	p := r.settingOf(index, region, last)
	if r.watch != nil {
		r.watch.voice(&p, list)
	}
	best, odds := r.choose(func(f *facts) { r.noVoiceFacts(f, &p, list) },
		len(list), func(f *facts, n int) { r.voiceFacts(f, &p, list, n) })
	if best < 0 {
		return voice{}, odds, false
	}
	return list[best], odds, true
}

// alone attributes the quotations of a sentence without a reporting clause, and
// adds to the saying before what goes on with it: “…,” said NAME. “…”
func (r *reading) alone(index int, before *saying) (found []saying) {
	s := r.sentences[index]
	reg := -1
	for i := s.from; i < s.to; i++ {
		if r.toks[i].region < 0 || r.toks[i].region == reg {
			continue
		}
		reg = r.toks[i].region
		if r.regions[reg].words.Len() == 0 {
			continue
		}
		p := &r.paragraphs[s.paragraph]
		if whole, is := r.orphan(s); is && whole == reg && p.carries && index == p.last-1 && before != nil && before.sentence == index-1 && index > p.first && before.kind == tenor.Direct {
			before.spans = append(before.spans, r.regions[reg].words) // goes on in the next paragraph
			before.sentence = index
			continue
		}
		v, odds, ok := r.voiceOf(index, reg, before)
		if !ok {
			continue
		}
		q := saying{sentence: index, spans: []tenor.Span{r.regions[reg].words}, kind: tenor.Direct, who: v.who, odds: odds, extent: 1, form: formPlain}
		if !v.before {
			q.cue = v.cue
		}
		if q.cue.Len() > 0 {
			q.sentence = index + 1 // its clause is a sentence of its own
		}
		if before != nil && before.sentence >= index-1 && before.kind == tenor.Direct && q.cue.Len() == 0 && before.who.same(q.who) &&
			before.sentence < len(r.sentences) && r.sentences[before.sentence].paragraph == s.paragraph {
			before.spans = append(before.spans, q.spans...)
			before.sentence = index
			continue
		}
		r.mem.heard(q.who, s.from)
		r.mem.spoke(&q)
		found = append(found, q)
		before = &found[len(found)-1]
	}
	return found
}

// orphan reports whether a sentence is nothing but a quotation, and which.
func (r *reading) orphan(s sentence) (reg int, ok bool) {
	from, to := s.from, s.to
	for from < to && r.bullet(from) {
		from++
	}
	for to > from && r.toks[to-1].region < 0 && r.toks[to-1].kind == tkStop {
		to--
	}
	if from >= to || r.toks[from].region < 0 || r.toks[to-1].region != r.toks[from].region {
		return 0, false
	}
	reg = r.toks[from].region
	return reg, r.words(from, to) >= 2 && r.regions[reg].words.Len() > 0
}

// regionTokens counts the tokens of a region from token from on.
func (r *reading) regionTokens(reg, from, limit int) int {
	to := from
	for to < limit && r.toks[to].region == reg {
		to++
	}
	return to - from
}
