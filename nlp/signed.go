package nlp

import (
	"strings"

	"tenor"
)

// signer is the analyst who signs the article as a note of their own, where the
// page says so: "Posted by NAME" above a title, a name line at the end, "By NAME,
// chief strategist at FIRM". Reporters sign too, so the title must be an analyst's.
func (r *reading) signer() speaker {
	var who speaker
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		found := speaker{}
		if p.furniture {
			found = r.byline(p.span.In(r.text))
		} else if p.to-p.from <= 16 && p.to > p.from {
			found = r.signature(i)
		}
		if found.nobody() {
			continue
		}
		if who.person > 0 && who.person != found.person {
			return speaker{} // two sign: whose the "we" is cannot be told
		}
		who = found
	}
	return who
}

// signature reads a short paragraph that says whose the text is.
func (r *reading) signature(i int) speaker {
	p := &r.paragraphs[i]
	at := p.from
	for at < min(p.from+4, p.to) && (r.mentionOver(at) == nil || r.mentionOver(at).kind != personName) {
		at++
	}
	m := r.mentionOver(at)
	if m == nil || m.kind != personName || m.person < 0 || m.to-m.from < 2 {
		return speaker{}
	}
	who := speaker{person: m.person + 1, from: m.from, to: m.to, by: tenor.BySignature}
	posted := at > p.from && r.says(at-1, "by") || r.kind(at-1) == tkDash && at-1 == p.from
	if posted && m.to == p.to && i+1 < len(r.paragraphs) {
		if title := &r.paragraphs[i+1]; title.to-title.from <= 10 && r.people[m.person].role == "" {
			for j := title.from; j < title.to; j++ {
				if r.is(j, roleAnalyst) && r.kind(j) == tkWord {
					r.people[m.person].role = r.in(title.from, j+1)
				}
			}
		}
	}
	considers := at == p.from && r.says(m.to, "considers") && r.says(m.to+2, "following")
	_, line := r.nameLine(p)
	line = line && i+1 == len(r.paragraphs)
	if considers || (posted || line) && r.typeOf(&r.people[m.person]) == roleAnalyst && r.people[m.person].role != "" {
		return who
	}
	return speaker{}
}

// byline reads "By NAME, chief strategist at FIRM", a line that is otherwise
// furniture and has no tokens.
func (r *reading) byline(line string) speaker {
	if len(line) > 160 || len(line) < 12 || !strings.EqualFold(line[:3], "by ") {
		return speaker{}
	}
	name, title, ok := strings.Cut(line[3:], ",")
	if words := len(strings.Fields(name)); !ok || words < 2 || words > 4 {
		return speaker{}
	}
	name, title = strings.TrimSpace(name), strings.TrimSpace(title)
	role, firm, _ := strings.Cut(title, " at ")
	if firm == "" {
		if role, firm, ok = strings.Cut(title, ", "); !ok {
			return speaker{}
		}
	}
	analyst := false
	for w := range strings.FieldsSeq(role) {
		analyst = analyst || r.lex.classOf(strings.Trim(w, ",."))&roleAnalyst != 0
	}
	if !analyst || strings.Contains(firm, " and ") {
		return speaker{}
	}
	surname := strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:])
	for _, p := range r.bySurname[surname] {
		if sameForename(r.people[p].name, name) {
			return speaker{person: p + 1, by: tenor.BySignature}
		}
	}
	r.people = append(r.people, person{name: name, surname: surname, role: role, firm: strings.TrimRight(firm, ". ")})
	r.bySurname[surname] = append(r.bySurname[surname], len(r.people)-1)
	return speaker{person: len(r.people), by: tenor.BySignature}
}

// ownView takes a sentence of a signed note in which the author says "I" or "we"
// and thinks, says or expects something.
func (r *reading) ownView(index int, who speaker) (saying, bool) {
	if who.person == 0 {
		return saying{}, false
	}
	s := r.sentences[index]
	first, view := false, false
	for i := s.from; i < s.to; i++ {
		if r.toks[i].region >= 0 {
			return saying{}, false
		}
		if r.mentionOver(i) != nil {
			continue
		}
		first = first || r.is(i, isI)
		view = view || i > s.from && r.is(i, isCue|cueAct|isAttitude|isViewNoun) || r.says(i, "mind") || r.says(i, "call") || r.says(i, "like") && r.is(i-1, isI)
	}
	if !first || !view {
		return saying{}, false
	}
	q := saying{who: who, sentence: index, odds: 1, extent: 1}
	r.take(&q, s.from, s.to)
	q.kind = tenor.Block
	return q, len(q.spans) > 0
}

// point takes a point of a list in a signed note.
func (r *reading) point(p *paragraph, who speaker) (saying, bool) {
	if p.from >= p.to || !isBullet(p.span.In(r.text)) || r.words(p.from, p.to) < 6 {
		return saying{}, false
	}
	q := saying{who: who, sentence: p.first, odds: 1, extent: 1}
	r.take(&q, p.from, p.to)
	q.kind = tenor.Block
	return q, len(q.spans) > 0
}
