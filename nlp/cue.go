package nlp

import "strings"

// tag is a reporting clause: the verb, who it names, and what is left of the
// sentence on either side for the words that were said.
type tag struct {
	who      speaker
	class    class // of the verb
	cue      [2]int
	from, to int  // the whole clause: subject, verb, time and place, audience
	inverted bool // the subject follows the verb, so what is said does not
	that     bool // "that" follows
	colon    bool // a colon follows
	comma    bool // a comma follows, so the words said may go on behind
	source   bool // "according to" and the like
}

// tagsOf finds the reporting clauses of a sentence, in order.
func (r *reading) tagsOf(s sentence, mem *memory) []tag {
	var tags []tag
	if t, ok := r.openingSource(s, mem); ok {
		tags = append(tags, t)
	}
	for i := s.from; i < s.to; i++ {
		t := &r.toks[i]
		if t.region >= 0 || t.kind != tkWord {
			continue
		}
		if r.says(i, "according") && r.says(i+1, "to") {
			if t, ok := r.source(s, i, i+2, mem); ok && (len(tags) == 0 || tags[0].cue[0] != i) {
				tags = append(tags, t)
			}
			continue
		}
		if t.class&isShow != 0 && r.says(i+1, "that") {
			if t, ok := r.documentShows(s, i); ok {
				tags = append(tags, t)
				continue
			}
		}
		if t.class&(cueAct|isAttitude|isViewNoun) != 0 {
			if t, ok := r.held(s, i, mem); ok {
				tags = append(tags, t)
				continue
			}
		}
		if t.class&isCue == 0 || r.mentionOver(i) != nil || t.capital && i > s.from && !t.allCaps {
			continue
		}
		if t, ok := r.clause(s, i, mem); ok {
			tags = append(tags, t)
		}
	}
	if len(tags) == 0 {
		if t, ok := r.aside(s); ok {
			tags = append(tags, t)
		}
	}
	return tags
}

// clause reads the reporting clause around the verb at v.
func (r *reading) clause(s sentence, v int, mem *memory) (tag, bool) {
	c := r.toks[v].class
	t := tag{class: c & isCue, cue: [2]int{v, v + 1}}
	if !r.reports(s, v) {
		return t, false
	}
	needsThat := false
	if particle := r.lex.particle[strings.ToLower(r.in(v, v+1))]; particle != "" {
		switch {
		case particle == "self":
		case particle == "that":
			needsThat = true
		case r.says(v+1, particle):
			t.cue[1]++
		case particle == "out" && r.says(v+1, "to") && c&formGerund == 0:
			t.cue[1]++ // "points to better margins"
			t.class = cueThink
			c = cueThink
		default:
			return t, false
		}
	}
	after := t.cue[1]
	quoteBefore := v > s.from && r.quotationEnding(v-1) >= 0
	if c&(cueSay|cueTell) != 0 && (v == s.from || quoteBefore || r.kind(v-1) == tkComma || r.kind(v-1) == tkDash) {
		// A comma before the verb may also end an apposition to its subject.
		var who speaker
		var from int
		if !quoteBefore && v > s.from {
			who, from = r.subjectBefore(s, v, mem)
		}
		if who.nobody() || !r.clauseStart(s, from) {
			if who, end := r.subjectAfter(s, after, mem); !who.nobody() && (quoteBefore || !r.is(who.from, isPronoun)) {
				t.who, t.from, t.to, t.inverted = who, v, end, true
				t.colon = r.kind(end) == tkColon
				return t, true
			} else if quoteBefore && end < 0 {
				return t, false
			}
		}
	}
	who, from := r.subjectBefore(s, v, mem)
	if who.nobody() && quoteBefore && c&cueSay != 0 {
		if who := r.proposed(after, min(after+12, s.to)); !who.nobody() {
			t.who, t.from, t.to, t.inverted = who, v, who.to, true
			return t, true
		}
	}
	if who.nobody() {
		return t, false
	}
	if c&(cueSay|cueTell) == 0 && r.is(who.from, isPronoun) && !r.clauseStart(s, who.from) && !r.is(who.from-1, isTime) {
		return t, false // "the growth it expects"
	}
	from = r.backToQuotation(s, from)
	t.who, t.from = who, from
	t.to = r.skipCircumstance(s, after, c&cueTell != 0)
	t.that = r.says(t.to, "that") && !r.is(t.to+1, isFirmNoun)
	t.colon = r.kind(t.to) == tkColon
	t.comma = r.kind(t.to) == tkComma
	if needsThat && !t.that && !t.colon && !t.comma && !r.bareClause(t.to) && r.kind(t.to) != tkStop && t.to < s.to && r.kind(t.to) != tkQuoted {
		return t, false
	}
	return t, true
}

// bareClause reports whether a clause with a pronoun for its subject begins at i:
// "announced it was cutting", but not "announced it on Monday".
func (r *reading) bareClause(i int) bool {
	if !(r.says(i, "he") || r.says(i, "she") || r.says(i, "they") || r.says(i, "it") || r.says(i, "there") || r.says(i, "we")) {
		return false
	}
	return r.is(i+1, isAux|isBe|isCue) && !r.is(i+1, isPrep)
}

// reports reports whether the word at v, a cue by its form, is a verb that says
// what somebody says here: not a noun, a passive, an infinitive or a denial.
func (r *reading) reports(s sentence, v int) bool {
	c := r.toks[v].class
	helper := v - 1
	for helper >= s.from && r.is(helper, isAdv) && r.mentionOver(helper) == nil {
		helper--
	}
	be, aux := r.is(helper, isBe) && r.kind(helper) != tkPoss, r.is(helper, isAux) || r.says(helper, "not")
	goesOn := r.says(v-1, "to") && r.carriesOn(v-2)
	switch {
	case c&formGerund != 0 && c&(formBase|formPast) == 0 && !be:
		return false
	case be && (c&formGerund == 0 || aux): // "is expected", "was told"
		return false
	case c&(formThird|formPast|formGerund) == 0 && !aux && !goesOn && !r.pluralBefore(s, helper):
		return false // "rate", "call" as nouns
	case c&cueSay != 0 && c&cueThink == 0 && (r.says(v-1, "not") || strings.HasSuffix(r.in(max(v-1, 0), v), "n't")):
		return false // "did not reiterate"
	case r.is(v+1, isAux|isBe) && r.kind(v+1) == tkWord && c&formThird != 0:
		return false // "Treasury notes have"
	case r.is(v-1, isPrep) && !aux && !goesOn, r.says(v-1, "to") && !goesOn:
		return false
	case c&isCue == cueCall && !r.judges(v+1):
		return false
	}
	return !(r.says(helper, "will") && r.says(v, "see")) // "will see its weight drop"
}

// backToQuotation moves the start of a clause to the end of the quotation before
// it, over a few words that the subject did not claim: “…,” Quill partner NAME said.
func (r *reading) backToQuotation(s sentence, from int) int {
	for back := from - 1; back >= s.from && back >= from-5; back-- {
		if r.toks[back].region >= 0 {
			if r.kind(back) == tkQuoted {
				return back + 1
			}
			break
		}
		if k := r.kind(back); k != tkWord && k != tkComma && k != tkPoss || r.is(back, isPrep|isConj|isAdv|isCue) && r.mentionOver(back) == nil {
			break
		}
	}
	return from
}

// carriesOn reports whether the word at i is "continues" or its like, before "to expect".
func (r *reading) carriesOn(i int) bool {
	return r.says(i, "continues") || r.says(i, "continued") || r.says(i, "continue") || r.says(i, "on") && (r.says(i-1, "went") || r.says(i-1, "goes"))
}

// judges reports whether an object that can be judged begins at i: "calls it",
// "described the move as", but not "calls outpaced puts".
func (r *reading) judges(i int) bool {
	if r.says(i, "for") {
		return r.says(i-1, "called") || r.says(i-1, "calls") || r.says(i-1, "calling")
	}
	return r.is(i, isDet|isPronoun) || i < len(r.toks) && (r.toks[i].region >= 0 || r.toks[i].capital || r.says(i+1, "as") || r.says(i+2, "as") || r.says(i+3, "as"))
}

// pluralBefore reports whether a base form can follow token i: "strategists say".
func (r *reading) pluralBefore(s sentence, i int) bool {
	if i < s.from {
		return false
	}
	if r.kind(i) == tkComma {
		return true // an apposition; its subject is judged later
	}
	w := r.in(i, i+1)
	if m := r.mentionOver(i); m != nil {
		return r.is(m.from-1, isConj) && r.mentionOver(m.from-2) != nil || r.is(m.from-1, isPrep) && r.is(m.from-2, isTeam)
	}
	return r.says(i, "they") || r.is(i, isTeam) || strings.HasSuffix(w, "s")
}

// skipCircumstance steps over time, place, document and audience behind a verb:
// "said late on Friday in a note to clients", "told Reuters".
func (r *reading) skipCircumstance(s sentence, i int, audience bool) int {
	if audience {
		i = r.skipAudience(s, i)
	}
	for i < s.to {
		j := r.circumstance(s, i)
		if j == i {
			break
		}
		i = j
	}
	return i
}

func (r *reading) circumstance(s sentence, i int) int {
	if r.toks[i].region >= 0 {
		return i
	}
	switch {
	case r.is(i, isTime) && r.toks[i].kind == tkWord:
		return i + 1
	case r.is(i, isDet) && r.is(i+1, isTime), r.is(i, isDet) && r.is(i+1, isAdv|isTime) && r.is(i+2, isTime):
		return i + 2
	case r.kind(i) == tkNumber && i > s.from && r.is(i-1, isTime):
		return i + 1
	case r.is(i, isAdv) && !r.is(i, isConj) && !r.says(i, "still") && !r.says(i, "even") && !r.says(i, "just") && !r.says(i, "only"):
		return i + 1
	case r.is(i, isPrep):
		for j := i + 1; j < min(i+9, s.to); j++ {
			t := &r.toks[j]
			if t.region >= 0 || t.kind == tkComma || t.kind == tkStop || t.class&(isThat&^isDet) != 0 && j > i+1 || t.class&(isPronoun&isThey) != 0 {
				break
			}
			if t.class&isTime != 0 && j <= i+3 {
				return j + 1
			}
			if t.class&(isDoc|isAudience) != 0 && t.kind == tkWord && t.class&isCue&^(cueSay|cueCall) == 0 && !r.is(j+1, isDoc) {
				return j + 1
			}
			if m := r.mentionOver(j); m != nil && (r.says(i, "with") || r.says(i, "to")) && r.is(i-1, isDoc) {
				return m.to
			}
		}
	case r.says(i, "released") || r.says(i, "published") || r.says(i, "dated"), r.says(i, "posted"):
		return i + 1
	}
	return i
}

// skipAudience steps over whom somebody told.
func (r *reading) skipAudience(s sentence, i int) int {
	for j := i; j < min(i+10, s.to); j++ {
		if r.toks[j].region >= 0 || r.kind(j) == tkComma || r.kind(j) == tkStop || r.kind(j) == tkColon || r.says(j, "that") {
			return j
		}
		if m := r.mentionOver(j); m != nil {
			if r.kind(m.to) != tkPoss {
				return m.to
			}
			j = m.to
			continue
		}
		if r.is(j, isAudience) {
			if r.says(j+1, "and") && r.is(j+2, isAudience) {
				j += 2
			}
			return j + 1
		}
		if r.is(j, isThey|isHe|isShe|isI) && j > i {
			return j
		}
	}
	return i
}

// subjectAfter reads the subject that follows the verb in “…,” said NAME. end is
// the token after it; -1 says that the subject is nobody in particular.
func (r *reading) subjectAfter(s sentence, i int, mem *memory) (who speaker, end int) {
	var firm *mention
	start := i
	for n := 0; i < s.to && n < 18; n++ {
		t := &r.toks[i]
		if t.region >= 0 {
			break
		}
		if m := r.mentionOver(i); m != nil {
			switch {
			case m.kind == personName && m.person >= 0 && r.kind(m.to) != tkPoss:
				return speaker{person: m.person + 1, from: m.from, to: m.to}, m.to
			case m.kind == personName || m.kind == placeName:
			case r.noView(m):
				return speaker{}, -1
			default:
				firm = m
				if !(r.kind(m.to) == tkPoss || r.is(m.to, isRoleHead|roleModifier|isTeam) || r.mentionOver(m.to) != nil) {
					return speaker{firm: r.organisation(m), from: m.from, to: m.to}, m.to
				}
			}
			i = m.to
			continue
		}
		switch {
		case t.class&(isHe|isShe) != 0 && i == start:
			return r.pronoun(i, mem), i + 1
		case t.class&isConj != 0 && i > start && r.is(i-1, isRoleHead) && r.is(i+1, isRoleHead|roleModifier):
			i++
			continue
		case t.kind == tkPoss, t.class&(isDet|roleModifier|isMr|isMrs|isDr) != 0 && t.class&isPrep == 0 && t.class&isCue == 0:
			i++
			continue
		case t.class&(isRoleHead|isTeam|isFirmNoun|isDocSubject) != 0 && t.kind == tkWord:
			if led := r.ledBy(s, i+1); led != nil {
				return speaker{person: led.person + 1, from: led.from, to: led.to}, led.to
			}
			if r.is(i+1, isRoleHead|roleModifier) || r.mentionOver(i+1) != nil || r.kind(i+1) == tkPoss || r.says(i+1, "and") && r.is(i+2, isRoleHead|roleModifier) {
				i++
				continue
			}
			if firm != nil {
				if r.is(start, isDet) && !r.says(start, "the") && firm.kind == firmName && r.shapeOf(firm) == unknownName {
					return speaker{}, -1 // "one Lakeside fund manager"
				}
				return speaker{firm: firm.name, from: firm.from, to: i + 1, plural: true}, i + 1
			}
			if r.says(i+1, "at") || r.says(i+1, "of") || r.says(i+1, "from") || r.says(i+1, "with") || r.says(i+1, "for") {
				if f := r.mentionOver(i + 2); f != nil && (f.kind.organisation() || f.kind == unknownName) {
					if led := r.ledBy(s, f.to); led != nil {
						return speaker{person: led.person + 1, from: led.from, to: led.to}, led.to
					}
					return speaker{firm: f.name, from: f.from, to: f.to, plural: true}, f.to
				}
			}
			// "wrote chief economist of FIRM, NAME" and "said a strategist" part here.
			if r.says(start, "the") {
				if who, _ := r.nominal(sentence{start, i + 1, s.paragraph}, i, mem); !who.nobody() {
					return who, i + 1
				}
			}
			return speaker{}, -1
		case t.class&isAnonymous != 0:
			return speaker{}, -1
		}
		break
	}
	if firm != nil {
		return speaker{firm: r.organisation(firm), from: firm.from, to: firm.to}, i
	}
	return speaker{}, 0
}

// ledBy reads ", led by NAME" or "including NAME" at token i.
func (r *reading) ledBy(s sentence, i int) *mention {
	if r.kind(i) == tkComma {
		i++
	}
	if r.says(i, "led") && r.says(i+1, "by") {
		i += 2
	} else if r.says(i, "including") {
		i++
	} else {
		return nil
	}
	if i < s.to {
		if m := r.mentionOver(i); m != nil && m.kind == personName && m.person >= 0 {
			return m
		}
	}
	return nil
}
