package nlp

import "strings"

// source reads "according to NAME" with the name at i, and the document between:
// "according to a note by FIRM".
func (r *reading) source(s sentence, cue, i int, mem *memory) (tag, bool) {
	t := tag{class: cueSay, cue: [2]int{cue, i}, from: cue, inverted: true, source: true}
	for n := 0; n < 6 && i < s.to; n++ {
		if r.is(i, isDocSubject) && (r.is(i+1, isPrep) || r.says(i+1, "released") || r.says(i+1, "published")) {
			i++
			for n := 0; n < 8 && i < s.to && (r.is(i, isPrep|isAudience|isTime) || r.says(i, "released") || r.says(i, "published")) && r.mentionOver(i) == nil; n++ {
				i++
			}
			break
		}
		if r.is(i, isAnonymous) && !r.is(i, isTeam|isRoleHead) {
			return t, false
		}
		if !r.is(i, isDet|roleModifier) || r.mentionOver(i) != nil {
			break
		}
		if r.is(i, isRoleHead) || r.is(i+1, isRoleHead|isFirmNoun|isTeam) && !r.is(i+1, isDocSubject) {
			break
		}
		i++
	}
	who, end := r.subjectAfter(s, i, mem)
	if who.nobody() {
		return t, false
	}
	if who.person == 0 && (r.says(end, "data") || r.says(end, "figures") || r.kind(end) == tkPoss) {
		return t, false
	}
	t.who, t.to = who, end
	return t, true
}

// openingSource reads what a sentence opens with to name its source: "For NAME,
// title at FIRM, …", "In the view of FIRM, …", "In NAME's view, …". The clause
// ends before the comma behind it.
func (r *reading) openingSource(s sentence, mem *memory) (tag, bool) {
	i := s.from
	t := tag{class: cueThink, from: i, source: true}
	switch {
	case r.says(i, "for"):
		m := r.mentionOver(i + 1)
		if m == nil || m.kind != personName || m.person < 0 {
			return t, false
		}
		t.who, t.to = speaker{person: m.person + 1, from: m.from, to: m.to}, m.to
		t.cue = [2]int{i, i + 1}
	case r.says(i, "in") && r.says(i+1, "the") && (r.says(i+2, "view") || r.says(i+2, "opinion") || r.says(i+2, "eyes")) && r.says(i+3, "of"):
		who, end := r.subjectAfter(s, i+4, mem)
		if who.nobody() {
			return t, false
		}
		t.who, t.to, t.cue = who, end, [2]int{i, i + 4}
	case r.says(i, "in"):
		m := r.mentionOver(i + 1)
		if m == nil || r.kind(m.to) != tkPoss || !r.says(m.to+1, "view") && !r.says(m.to+1, "opinion") && !r.says(m.to+1, "words") {
			return t, false
		}
		if m.kind == personName && m.person >= 0 {
			t.who = speaker{person: m.person + 1, from: m.from, to: m.to}
		} else if m.kind.organisation() {
			t.who = speaker{firm: m.name, from: m.from, to: m.to}
		} else {
			return t, false
		}
		t.to, t.cue = m.to+2, [2]int{m.to + 1, m.to + 2}
	default:
		return t, false
	}
	return t, true
}

// documentShows reads "a study by FIRM shows that" and "the forecast of FIRM
// shows that", with the verb at v.
func (r *reading) documentShows(s sentence, v int) (tag, bool) {
	t := tag{class: cueSay, cue: [2]int{v, v + 1}, to: v + 1, that: true}
	var firm *mention
	for i := v - 1; i >= max(s.from, v-14) && r.toks[i].region < 0; i-- {
		if m := r.mentionOver(i); m != nil {
			if m.kind == personName && m.person >= 0 && r.is(m.from-1, isPrep) || m.kind.organisation() && !r.noView(m) {
				firm = m
			}
			i = m.from
			continue
		}
		if r.is(i, isDocSubject) && firm != nil && r.is(i+1, isPrep) {
			t.from = i
			for t.from > s.from && (r.is(t.from-1, isDet) || r.kind(t.from-1) == tkWord && i-t.from < 2 && r.mentionOver(t.from-1) == nil) {
				t.from--
			}
			t.who = speaker{firm: r.organisation(firm), from: firm.from, to: firm.to}
			if firm.kind == personName {
				t.who = speaker{person: firm.person + 1, from: firm.from, to: firm.to}
			}
			return t, true
		}
		if r.kind(i) == tkComma {
			break
		}
	}
	return t, false
}

// aside reads ", acknowledging that …" behind a clause about somebody, where no
// other verb of the sentence reports: the subject of that clause speaks.
func (r *reading) aside(s sentence) (tag, bool) {
	for v := s.from + 3; v < s.to-2; v++ {
		if r.toks[v].region >= 0 || !r.is(v, cueSay|cueCall) || !r.is(v, formGerund) || r.kind(v-1) != tkComma && r.kind(v-1) != tkQuoted && !r.says(v-1, "as") {
			continue
		}
		after := v + 1
		if p := r.lex.particle[strings.ToLower(r.in(v, v+1))]; p != "" && r.says(after, p) && p != "that" {
			after++
		}
		quoted := r.kind(v+1) == tkQuoted || (r.kind(v+1) == tkComma || r.kind(v+1) == tkColon) && r.kind(v+2) == tkQuoted
		called := r.is(v, cueCall) && r.is(v+1, isDet|isPronoun) || r.says(v, "pointing") && r.says(v+1, "to")
		if !r.says(after, "that") && !r.says(v, "saying") && !quoted && !called {
			continue
		}
		for i := s.from; i < v; i++ {
			m := r.mentionOver(i)
			if m == nil {
				continue
			}
			i = m.to
			who := speaker{person: m.person + 1, from: m.from, to: m.to}
			if m.kind == firmName && m.from <= s.from+1 && !r.noView(m) && !r.headAhead(m.to) && r.kind(m.to) != tkPoss {
				who = speaker{firm: r.organisation(m), from: m.from, to: m.to}
				if r.is(m.to, isTeam) {
					who.plural = true
				}
			}
			if !who.nobody() && r.subjectLike(m) && !r.is(m.to, isPrep) {
				if called {
					return tag{who: who, class: cueThink, cue: [2]int{v, v + 1}, from: v, to: v}, true
				}
				return tag{who: who, class: cueSay,
					cue: [2]int{v, after}, from: v, to: after, that: r.says(after, "that"), comma: r.kind(after) == tkComma, colon: r.kind(after) == tkColon}, true
			}
		}
		break
	}
	return tag{}, false
}
