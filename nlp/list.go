package nlp

import "tenor"

// nameLine reads a paragraph that is a name with title and firm and nothing else,
// as pages set it above what somebody said: "ODO QUILL, STRATEGIST, TARN BANK".
func (r *reading) nameLine(p *paragraph) (speaker, bool) {
	if p.to-p.from > 40 || p.from >= p.to || r.toks[p.from].region >= 0 {
		return speaker{}, false
	}
	m := r.mentionOver(p.from)
	if m == nil || m.from != p.from || m.kind != personName || m.person < 0 || m.to-m.from < 2 {
		return speaker{}, false
	}
	end := p.to
	if r.kind(end-1) == tkColon || r.kind(end-1) == tkDash {
		end--
	}
	title := false
	for i := m.to; i < end; i++ {
		if k := r.kind(i); k == tkStop || k == tkColon || r.toks[i].region >= 0 || r.is(i, isCue|isAux|isBe|isPronoun) && r.mentionOver(i) == nil && !r.is(i, roleModifier|isRoleHead|isFirmWord) {
			return speaker{}, false
		}
		title = title || r.is(i, isRoleHead)
	}
	if end > m.to && (!title || r.kind(m.to) != tkComma && r.kind(m.to) != tkDash && !r.opensBracket(m.to)) {
		return speaker{}, false
	}
	if end == m.to && r.people[m.person].role == "" {
		return speaker{}, false
	}
	return speaker{person: m.person + 1, from: m.from, to: m.to}, true
}

// firmLabel reads "FIRM: target 8,100": an organisation, a colon, and words that
// rate or foresee something.
func (r *reading) firmLabel(p *paragraph) (who speaker, from int, ok bool) {
	i := p.from
	for i < p.to && r.bullet(i) || r.kind(i) == tkDash && i == p.from {
		i++
	}
	m := r.mentionOver(i)
	if m == nil || m.from != i || r.kind(m.to) != tkColon || r.in(m.to, m.to+1) != ":" || m.to >= p.to || r.noView(m) {
		return speaker{}, 0, false
	}
	who = speaker{firm: r.organisation(m), from: m.from, to: m.to}
	if m.kind == personName && m.person >= 0 && i > p.from {
		who = speaker{person: m.person + 1, from: m.from, to: m.to}
		return who, m.to + 1, r.rates(who) && r.words(m.to, p.to) >= 4
	}
	if m.kind != firmName && m.kind != unknownName || !r.rates(who) {
		return speaker{}, 0, false
	}
	rates := false
	for j := m.to + 1; j < p.to && !rates; j++ {
		rates = r.is(j, isRating|isAttitude|cueThink|cueAct) || r.toks[j].region >= 0
	}
	return who, m.to + 1, rates
}

// inMarks is the quotation that a paragraph consists of, or opens with, where it
// has no reporting clause of its own.
func (r *reading) inMarks(p *paragraph) (tenor.Span, bool) {
	if p.from >= p.to || r.kind(p.from) != tkQuoted || r.toks[p.from].region < 0 {
		return tenor.Span{}, false
	}
	reg := r.toks[p.from].region
	n := r.regionTokens(reg, p.from, p.to)
	if p.to-p.from-n > 1 || r.regions[reg].words.Len() == 0 {
		return tenor.Span{}, false
	}
	return r.regions[reg].words, true
}

// personLabel is the person whom "NAME:", "NAME, TITLE, FIRM:" or "NAME (FIRM):"
// at the head of a paragraph names, and the token behind the colon.
func (r *reading) personLabel(p *paragraph) (m *mention, from int) {
	if p.from >= p.to {
		return nil, 0
	}
	if m = r.mentionOver(p.from); m == nil || m.from != p.from || m.kind != personName || m.person < 0 {
		return nil, 0
	}
	for i := m.to; i < min(m.to+25, p.to); i++ {
		if r.kind(i) == tkColon {
			if r.in(i, i+1) != ":" || i > m.to && !(r.kind(m.to) == tkComma && r.titleFollows(m.to+1)) {
				return nil, 0
			}
			return m, i + 1
		}
		if i == m.to && r.kind(i) != tkComma || r.kind(i) == tkStop || r.toks[i].region >= 0 || r.is(i, isAux|isBe|isWho) || r.is(i, isCue) && !r.is(i, roleModifier|isRoleHead) && r.mentionOver(i) == nil {
			return nil, 0
		}
	}
	return nil, 0
}

// transcript finds who is labelled in an article that labels a third or more of its
// paragraphs by name, two names or more: those who ask are left out. last is the
// last paragraph with a label; what follows it may be the page again.
func (r *reading) transcript() (speaks map[int]bool, last int) {
	labels, asks := map[int]int{}, map[int]bool{}
	labelled, all := 0, 0
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		if p.from < p.to && !p.heading {
			all++
		}
		if m, from := r.personLabel(p); m != nil && from < p.to {
			last = i
			labelled++
			labels[m.person]++
			asks[m.person] = asks[m.person] || r.in(p.to-1, p.to) == "?"
		}
	}
	if len(labels) < 2 || 3*labelled < all {
		return nil, 0
	}
	for person := range labels {
		if !asks[person] {
			if speaks == nil {
				speaks = map[int]bool{}
			}
			speaks[person] = true
		}
	}
	return speaks, last
}

// label reads "NAME: …" at the start of a paragraph, as transcripts have it.
// asked says that the label is of one who asks, whose words are no quote.
func (r *reading) label(p *paragraph, speaks map[int]bool) (who speaker, from int, ok, asked bool) {
	m, from := r.personLabel(p)
	if m == nil {
		who, from, ok = r.firmLabel(p)
		return who, from, ok, false
	}
	for i := from; i < p.to; i++ {
		if n := r.mentionOver(i); n != nil && n.person == m.person && n.kind == personName {
			return speaker{}, 0, false, false // "NAME: his plan", the title of a part about him
		}
	}
	known := r.people[m.person].role != "" || r.people[m.person].firm != ""
	if r.words(from, p.to) < 8 || !known && !speaks[m.person] || r.in(p.to-1, p.to) == "?" && !known {
		return speaker{}, 0, false, true
	}
	return speaker{person: m.person + 1, from: m.from, to: m.to}, from, true, false
}

// under reads a paragraph in marks below the line that names who said it.
func (r *reading) under(p *paragraph, who speaker) (saying, bool) {
	words, ok := r.inMarks(p)
	if !ok {
		return saying{}, false
	}
	return saying{who: who, sentence: p.first, spans: []tenor.Span{words}, kind: tenor.Direct}, true
}
