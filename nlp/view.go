package nlp

import "strings"

// held finds a view that the sentence reports without a verb of saying, at the
// word i: "is bullish on banks", "cut its target to", "FIRM's view is that".
func (r *reading) held(s sentence, i int, mem *memory) (tag, bool) {
	switch t := &r.toks[i]; {
	case t.class&cueAct != 0 && r.mentionOver(i) == nil:
		return r.acts(s, i, mem)
	case t.class&isAttitude != 0:
		return r.attitude(s, i, mem)
	case t.class&isViewNoun != 0:
		return r.viewIs(s, i, mem)
	}
	return tag{}, false
}

// attitude reads "NAME remains cautious on FX" with the adjective at a. What is
// said begins with the adjective.
func (r *reading) attitude(s sentence, a int, mem *memory) (tag, bool) {
	if r.mentionOver(a) != nil {
		return tag{}, false
	}
	be := a - 1
	noun := r.says(a, "bull") || r.says(a, "bear") || r.says(a, "buyer") || r.says(a, "seller") || r.says(a, "believer")
	for noun && be > s.from+1 && be > a-4 && (r.is(be, isDet) || r.says(be, "no") || r.kind(be) == tkWord && !r.is(be, isBe|isStay) && r.is(be-1, isDet|isBe) || r.says(be-1, "no")) {
		be--
	}
	for be > s.from && (r.is(be, isAdv) && r.mentionOver(be) == nil || r.says(be, "not") || r.says(be, "more") || r.says(be, "less") || r.says(be, "very") || r.says(be, "increasingly")) {
		be--
	}
	if be <= s.from || !r.is(be, isBe|isStay) || r.kind(be) == tkPoss && !r.is(be-1, isPronoun) {
		return tag{}, false
	}
	next := a + 1
	if !noun && !r.is(next, isPrep|isThat) && !(r.says(next, "he") || r.says(next, "she") || r.says(next, "it") || r.says(next, "they")) {
		return tag{}, false
	}
	if r.says(next, "by") || r.says(next, "with") || r.says(next, "for") {
		return tag{}, false
	}
	who, from := r.subjectBefore(s, be, mem)
	if who.nobody() || who.from != from && r.is(who.from, isPronoun) {
		return tag{}, false
	}
	if from < s.from || r.is(from-1, isPrep) || r.says(from-1, "if") || r.says(from-1, "whether") {
		return tag{}, false
	}
	if (r.says(a, "betting") || r.says(a, "overweight") || r.says(a, "underweight")) && !r.rates(who) {
		return tag{}, false
	}
	words := be + 1
	return tag{who: who, class: cueThink, cue: [2]int{a, a + 1}, from: from, to: words}, true
}

// acts reads "FIRM raised its target to 5,000" with the verb at v. Companies
// change targets of their own, so that the subject must be one who rates.
func (r *reading) acts(s sentence, v int, mem *memory) (tag, bool) {
	c := r.toks[v].class
	helper := v - 1
	for helper > s.from && r.is(helper, isAdv) && r.mentionOver(helper) == nil {
		helper--
	}
	be, aux := r.is(helper, isBe) && r.kind(helper) != tkPoss, r.is(helper, isAux)
	if be && c&formGerund == 0 || c&formGerund != 0 && c&(formPast|formBase) == 0 && !be || c&(formThird|formPast|formGerund) == 0 && !aux && !r.pluralBefore(s, helper) {
		return tag{}, false
	}
	if helper <= s.from && r.mentionOver(helper) == nil && !r.is(helper, isPronoun) || !r.rated(s, v) {
		return tag{}, false
	}
	who, from := r.subjectBefore(s, v, mem)
	if who.nobody() || !r.rates(who) && !r.says(v, "targets") && !r.says(v, "target") {
		return tag{}, false
	}
	from = r.firmsJoined(s, from)
	if !r.clauseStart(s, from) {
		return tag{}, false
	}
	return tag{who: who, class: cueThink, cue: [2]int{v, v + 1}, from: from, to: v}, true
}

// firmsJoined moves the start of an organisation's name back over another: "A and B target".
func (r *reading) firmsJoined(s sentence, from int) int {
	if n := r.mentionOver(from - 2); from-2 >= s.from && r.says(from-1, "and") && n != nil && n.kind != personName && r.clauseStart(s, n.from) {
		return n.from
	}
	return from
}

// rated reports whether the object of the verb at v is a target, odds, a rating.
func (r *reading) rated(s sentence, v int) bool {
	if r.says(v, "targets") || r.says(v, "target") {
		return r.kind(v+1) == tkNumber || r.kind(v+2) == tkNumber
	}
	grade := r.says(v, "upgraded") || r.says(v, "downgraded") || r.says(v, "upgrades") || r.says(v, "downgrades") || r.says(v, "rates")
	for i := v + 1; i < min(v+12, s.to); i++ {
		t := &r.toks[i]
		if t.region >= 0 || t.kind == tkStop || t.kind == tkColon || t.kind == tkComma && !grade {
			return false
		}
		if t.class&isRating != 0 && r.mentionOver(i) == nil || grade && (r.says(i, "buy") || r.says(i, "sell") || r.says(i, "hold") || r.says(i, "neutral")) {
			return true
		}
		if t.class&(isCue&^cueCall) != 0 && t.class&(formThird|formPast) != 0 && i > v+1 && t.class&(roleModifier|isRating) == 0 {
			return false
		}
		if (r.says(v, "puts") || r.says(v, "put")) && r.says(i, "at") && (r.kind(i+1) == tkNumber || r.kind(i+2) == tkNumber) {
			return true
		}
	}
	return false
}

// rates reports whether a speaker is one who rates markets: an analyst, or a
// house whose people are.
func (r *reading) rates(who speaker) bool {
	if who.person > 0 {
		return r.typeOf(&r.people[who.person-1]) == roleAnalyst
	}
	if who.plural {
		return true
	}
	if known, ok := r.lex.firms[strings.ToLower(who.firm)]; ok {
		return known.kind == firmFinance
	}
	for w := range strings.FieldsSeq(who.firm) {
		if r.lex.classOf(w)&firmFinance != 0 {
			return true
		}
	}
	return r.researchHouse(who.firm)
}

// researchHouse reports whether an organisation speaks through analysts anywhere
// in the article: "Hallmoor strategists", "NAME, economist at Hallmoor".
func (r *reading) researchHouse(firm string) bool {
	for i := range r.people {
		if r.people[i].firm == firm && r.typeOf(&r.people[i]) == roleAnalyst {
			return true
		}
	}
	return false
}

// viewIs reads "FIRM's base case is", "his view is that", "the view at FIRM is
// that" with the noun at n.
func (r *reading) viewIs(s sentence, n int, mem *memory) (tag, bool) {
	be := n + 1
	var who speaker
	from := n
	if (r.says(be, "at") || r.says(be, "of") || r.says(be, "from")) && (r.says(n, "view") || r.says(n, "opinion")) {
		m := r.mentionOver(be + 1)
		if m == nil || !r.is(m.to, isBe) {
			return tag{}, false
		}
		who, _ = r.subjectAfter(s, m.from, mem)
		be = m.to
	}
	if !r.is(be, isBe) || r.kind(be) == tkPoss {
		return tag{}, false
	}
	if !r.says(be+1, "that") && !r.says(be+1, "for") && !r.says(be+1, "to") && r.kind(be+1) != tkNumber && !r.is(be+1, isDet) {
		return tag{}, false
	}
	for from > s.from && n-from < 4 && r.kind(from-1) == tkWord && r.mentionOver(from-1) == nil && !r.is(from-1, isPronoun|isPrep|isDet|isCue) {
		from--
	}
	if !who.nobody() && r.is(from-1, isDet) {
		from--
	}
	if who.nobody() {
		switch owner := from - 1; {
		case owner < s.from:
		case r.kind(owner) == tkPoss:
			if m := r.mentionOver(owner - 1); m != nil && m.kind == personName && m.person >= 0 {
				who = speaker{person: m.person + 1, from: m.from, to: m.to}
				from = m.from
			} else if m != nil && (m.kind.organisation() || m.kind == unknownName && !m.common) && !r.noView(m) {
				who = speaker{firm: r.organisation(m), from: m.from, to: m.to}
				from = m.from
			}
			if who.person == 0 && !who.nobody() && !r.rates(who) && !r.says(be+1, "that") && r.kind(be+1) != tkNumber {
				return tag{}, false
			}
		case r.says(owner, "his") || r.says(owner, "her"):
			who, from = r.pronoun(owner, mem), owner
		}
	}
	if who.nobody() || !r.clauseStart(s, from) {
		return tag{}, false
	}
	words := be + 1
	if r.kind(words) == tkNumber {
		words = n // "target is 7,600": a number alone says nothing
		for r.kind(words-1) == tkWord && words > from+1 {
			words--
		}
	}
	return tag{who: who, class: cueThink, cue: [2]int{n, n + 1}, from: from, to: words, that: r.says(be+1, "that")}, true
}
