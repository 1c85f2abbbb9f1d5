package nlp

import "strings"

// speaker is who a reporting clause names: a person of the article, or an
// organisation. The zero speaker is nobody.
type speaker struct {
	person int    // 1 + index into people
	firm   string // the organisation, where no person speaks
	from   int    // the tokens that name the speaker, half open
	to     int
	plural bool // "strategists at FIRM", for a later "they"
}

func (s speaker) nobody() bool { return s.person == 0 && s.firm == "" }

func (s speaker) same(o speaker) bool { return s.person == o.person && s.firm == o.firm }

// subjectBefore is the subject of the verb at token v, where the subject stands
// before it, with the token at which the clause that names it begins.
func (r *reading) subjectBefore(s sentence, v int, mem *memory) (who speaker, from int) {
	i := v - 1
	for i >= s.from && r.toks[i].region < 0 && r.mentionOver(i) == nil && (r.is(i, isAux|isAdv|isBe) && r.kind(i) == tkWord || r.says(i, "not") || r.says(i, "to") && r.carriesOn(i-1) || r.carriesOn(i) && r.says(i+1, "to")) {
		i--
	}
	i = r.skipTimeBack(s, i)
	if i >= s.from && r.kind(i) == tkQuoted {
		// ", known as the “oracle,” said": a nickname inside the apposition
		j := i
		for j > s.from && r.toks[j-1].region == r.toks[i].region {
			j--
		}
		if i-j < 9 && j > s.from {
			return r.acrossApposition(s, j-1, mem)
		}
	}
	if i < s.from || r.toks[i].region >= 0 {
		return speaker{}, 0
	}
	if r.kind(i) == tkComma {
		return r.acrossApposition(s, i, mem)
	}
	if r.kind(i) == tkDash {
		return r.acrossDashes(s, i, mem)
	}
	if r.says(i, "and") || r.says(i, "but") || r.says(i, "then") {
		return r.firstSubject(s, i)
	}
	return r.subjectEnding(s, i, mem)
}

// firstSubject is the person with whom a sentence opens, for its later verbs:
// "NAME cut his holdings and recently said that …".
func (r *reading) firstSubject(s sentence, i int) (speaker, int) {
	for k := s.from; k < min(i, s.from+40); k++ {
		if r.kind(k) == tkComma && k > s.from+6 || r.toks[k].region >= 0 {
			break
		}
		m := r.mentionOver(k)
		if m == nil {
			continue
		}
		k = m.to
		if m.kind == personName && m.person >= 0 && r.subjectLike(m) {
			return speaker{person: m.person + 1, from: m.from, to: m.to}, i
		}
	}
	return speaker{}, 0
}

// skipTimeBack steps back over "on Tuesday", "earlier this month", "last week".
func (r *reading) skipTimeBack(s sentence, i int) int {
	j := i
	seen := false
	for j > s.from && r.toks[j].region < 0 && (r.is(j, isTime) && r.mentionOver(j) == nil || r.kind(j) == tkNumber && seen || seen && r.is(j, isDet|isPrep)) {
		seen = seen || r.is(j, isTime)
		j--
	}
	if seen {
		return j
	}
	return i
}

// subjectEnding reads the subject whose last token is i.
func (r *reading) subjectEnding(s sentence, i int, mem *memory) (who speaker, from int) {
	if m := r.mentionOver(i); m != nil && m.to == i+1 {
		return r.subjectNamed(s, m, mem)
	}
	t := &r.toks[i]
	switch {
	case t.class&isWho != 0:
		return r.antecedent(s, i)
	case t.class&(isHe|isShe) != 0 && (r.says(i, "he") || r.says(i, "she")):
		return r.pronoun(i, mem), i
	case r.says(i, "it"):
		return r.theFirm(i, mem), i
	case r.says(i, "they"):
		return r.thePlural(i, mem), i
	case t.kind == tkWord && t.class&(isRoleHead|isTeam|isFirmNoun|isDocSubject) != 0:
		return r.nominal(s, i, mem)
	}
	return speaker{}, 0
}

// subjectNamed judges a name right before the verb: a person, an organisation,
// or the end of "NAME of FIRM", "strategists at FIRM", "a study by FIRM".
func (r *reading) subjectNamed(s sentence, m *mention, mem *memory) (speaker, int) {
	if (m.kind == placeName || m.kind == unknownName) && r.says(m.from-1, "in") && m.from-2 > s.from && r.mentionOver(m.from-2) != nil {
		return r.subjectEnding(s, m.from-2, mem) // "strategist at FIRM in London said"
	}
	if m.kind == placeName || m.kind != personName && r.kind(m.from-1) == tkComma {
		if who, from := r.personOf(s, m); m.kind == placeName || !who.nobody() {
			return who, from
		}
	}
	if m.common && m.kind == unknownName {
		return speaker{}, 0
	}
	start := r.startOfName(s, m)
	before := start - 1
	if before >= s.from && r.is(before, isDet) {
		before--
	}
	if before >= s.from && r.is(before, isPrep) {
		return r.subjectBeyond(s, m, before, mem)
	}
	if m.kind == personName {
		if m.person < 0 {
			return speaker{}, 0
		}
		if n := r.mentionOver(start - 2); start-2 >= s.from && r.says(start-1, "and") && n != nil && n.kind == personName && n.person >= 0 {
			start = r.startOfName(s, n) // "A and B said": the first speaks for both
			return speaker{person: n.person + 1, from: n.from, to: m.to, plural: true}, start
		}
		return speaker{person: m.person + 1, from: m.from, to: m.to}, start
	}
	if m.kind == unknownName && (m.to-m.from > 1 || m.common) || r.noView(m) {
		return speaker{}, 0
	}
	return speaker{firm: r.organisation(m), from: m.from, to: m.to}, start
}

// personOf reads "NAME of Perth" and "NAME of Perth, Ontario" that end in place m.
func (r *reading) personOf(s sentence, m *mention) (speaker, int) {
	if n := r.mentionOver(m.from - 2); m.from-2 > s.from && r.kind(m.from-1) == tkComma && n != nil && n.kind != personName {
		m = n
	}
	if !r.is(m.from-1, isPrep) || m.from-2 < s.from {
		return speaker{}, 0
	}
	n := r.mentionOver(m.from - 2)
	if n == nil || n.kind != personName || n.person < 0 {
		return speaker{}, 0
	}
	return speaker{person: n.person + 1, from: n.from, to: n.to}, r.startOfName(s, n)
}

// subjectBeyond looks past a preposition at token before, behind which name m
// stands: "NAME of FIRM", "strategists at FIRM", "analysts including NAME".
func (r *reading) subjectBeyond(s sentence, m *mention, before int, mem *memory) (speaker, int) {
	if r.says(before, "by") && r.says(before-1, "led") && m.kind == personName && m.person >= 0 {
		from := before - 1
		for from > s.from && before-from < 12 && r.kind(from-1) == tkWord && r.toks[from-1].region < 0 && !r.is(from-1, isConj|isCue) {
			from-- // "Strategists at FIRM led by NAME"
		}
		return speaker{person: m.person + 1, from: m.from, to: m.to}, from
	}
	if r.says(before, "including") && m.kind == personName && m.person >= 0 && r.is(before-1, isTeam) {
		_, from := r.nominal(s, before-1, mem)
		if from == 0 {
			from = before - 1
		}
		return speaker{person: m.person + 1, from: m.from, to: m.to}, from
	}
	if n := r.mentionOver(before - 1); n != nil && n.kind == personName && n.person >= 0 {
		if o := r.mentionOver(n.from - 2); n.from-2 >= s.from && r.says(n.from-1, "and") && o != nil && o.kind == personName && o.person >= 0 {
			return speaker{person: o.person + 1, from: o.from, to: n.to, plural: true}, r.startOfName(s, o)
		}
		return speaker{person: n.person + 1, from: n.from, to: n.to}, r.startOfName(s, n)
	}
	if n := r.mentionOver(before - 1); n != nil && n.kind.organisation() && n.to == before && m.kind != personName {
		b := n.from - 1
		if b >= s.from && r.is(b, isDet) {
			b--
		}
		if b > s.from && r.is(b, isPrep) { // "NAME of the Centre for Studies"
			if who, from := r.subjectBeyond(s, n, b, mem); !who.nobody() {
				return who, from
			}
		}
	}
	j := before - 1
	if m.kind.organisation() || m.kind == unknownName {
		for j >= s.from && j > before-5 && r.is(j, roleModifier) && !r.is(j, isRoleHead|isTeam) {
			j-- // "head of research at"
		}
		if r.is(j, isTeam|isRoleHead|isDocSubject) && r.kind(j) == tkWord {
			for j > s.from && (r.is(j-1, roleModifier|isDet|isRoleHead) && r.mentionOver(j-1) == nil) {
				j--
			}
			if r.kind(j-1) == tkComma && j-1 > s.from { // "NAME, strategist at FIRM said"
				if who, from := r.acrossApposition(s, j-1, mem); who.person > 0 {
					return who, from
				}
			}
			return speaker{firm: m.name, from: m.from, to: m.to, plural: true}, j
		}
		if r.kind(before-1) == tkComma && before-1 > s.from {
			if who, from := r.acrossApposition(s, before-1, mem); who.person > 0 {
				return who, from
			}
		}
	}
	return speaker{}, 0
}

// noView reports whether a name is a source of figures or a publisher, whose
// words are no view of the market.
func (r *reading) noView(m *mention) bool {
	if m.kind == mediaName {
		return true
	}
	lower := strings.ToLower(m.name)
	if first, rest, ok := strings.Cut(lower, " "); ok && r.lex.places[first] {
		lower = rest // "U.S. Census Bureau"
	}
	for {
		if r.lex.vendors[lower] {
			return true
		}
		cut := strings.LastIndexByte(lower, ' ')
		if cut < 0 {
			return false
		}
		lower = lower[:cut]
	}
}

// organisation is the name of an organisation as the article gives it in full.
func (r *reading) organisation(m *mention) string {
	if m.kind != publicName {
		if full := r.firmBeginning(m.name); full != "" && !r.knows(m.name) {
			return full
		}
	}
	return m.name
}

// startOfName is the first token of the noun phrase that ends in a name: title,
// firm and article before it included.
func (r *reading) startOfName(s sentence, m *mention) int {
	i := m.from
	for n := 0; i > s.from && n < 14; n++ {
		prev := i - 1
		if r.toks[prev].region >= 0 || r.is(prev, isCue&^cueCall) && !r.is(prev, roleModifier|isRoleHead) {
			break
		}
		if o := r.mentionOver(prev); o != nil && o.to == i && (o.kind.organisation() || o.kind == unknownName || o.kind == placeName) && (i < m.from || r.is(i, isRoleHead|roleModifier) || r.kind(i) == tkPoss) {
			i = o.from
			continue
		}
		if r.kind(prev) == tkPoss || r.is(prev, isMr|isMrs|isDr) || r.kind(prev) == tkWord && r.is(prev, isRoleHead|roleModifier|isDet|isFirmNoun) && !r.is(prev, isPrep) {
			i = prev
			continue
		}
		break
	}
	return i
}

// clauseStart reports whether a clause can begin at token i: at the start of the
// sentence, or after a conjunction, comma or closing mark.
func (r *reading) clauseStart(s sentence, i int) bool {
	return i <= s.from || r.is(i-1, isConj|isAdv|isThat) || r.kind(i-1) == tkComma || r.kind(i-1) == tkQuoted || r.kind(i-1) == tkColon || r.kind(i-1) == tkDash
}

// antecedent is whom "who" at i stands for: the person named last before it.
func (r *reading) antecedent(s sentence, i int) (speaker, int) {
	for k := i - 1; k >= s.from && i-k < 30; k-- {
		if m := r.mentionOver(k); m != nil && m.kind == personName && m.person >= 0 {
			return speaker{person: m.person + 1, from: m.from, to: m.to}, i
		}
	}
	return speaker{}, 0
}

// nominal reads a subject that ends in a title or a noun for an organisation:
// "the strategist", "Goldman Sachs strategists", "the bank", "its analysts".
func (r *reading) nominal(s sentence, i int, mem *memory) (speaker, int) {
	start := i
	for start > s.from && start > i-8 {
		if o := r.mentionOver(start - 1); o != nil {
			if led := r.leader(s, r.startOfName(s, o)); led != nil && r.is(i, isTeam) {
				return speaker{person: led.person + 1, from: led.from, to: led.to}, led.from - 2
			}
			if o.to == start && (o.kind.organisation() || o.kind == unknownName && o.to-o.from <= 3) && !r.noView(o) && (o.from == s.from || !r.is(o.from-1, isPrep)) {
				return speaker{firm: o.name, from: o.from, to: i + 1, plural: true}, r.startOfName(s, o)
			}
			if o.to == start && o.kind == placeName && r.is(start, isRoleHead|roleModifier) {
				start = o.from
				continue
			}
			break
		}
		if r.kind(start-1) == tkPoss {
			if o := r.mentionOver(start - 2); o != nil {
				if o.kind == personName && o.person >= 0 && r.is(i, isDocSubject) {
					return speaker{person: o.person + 1, from: o.from, to: o.to}, o.from
				}
				if n := r.mentionOver(o.from - 2); o.from-2 >= s.from && r.kind(o.from-1) == tkComma && n != nil && n.kind == personName && n.person >= 0 {
					return speaker{person: n.person + 1, from: n.from, to: n.to}, r.startOfName(s, n) // "NAME, FIRM's chief economist wrote"
				}
				if (o.kind.organisation() || o.kind == unknownName) && !r.noView(o) {
					return speaker{firm: o.name, from: o.from, to: i + 1, plural: true}, r.startOfName(s, o)
				}
				return speaker{}, 0
			}
			if r.is(start-2, isFirmNoun) {
				return r.theFirm(i, mem), start - 3
			}
			return speaker{}, 0
		}
		if !r.is(start-1, roleModifier) || r.kind(start-1) != tkWord {
			break
		}
		start--
	}
	det := start - 1
	switch {
	case r.says(det, "its") || r.says(det, "their"):
		return r.theFirm(i, mem), det
	case !r.says(det, "the") && !r.says(det, "this") || det < s.from:
		return speaker{}, 0
	case r.is(i, isFirmNoun) && !r.is(i, isTeam):
		return r.theFirm(i, mem), det
	case r.is(i, isDocSubject):
		return r.theAuthor(i, mem), det
	case r.is(i, isTeam) && r.in(i, i+1) != "team" || strings.HasSuffix(r.in(i, i+1), "s"):
		return r.thePlural(i, mem), det
	case r.is(i, isTeam):
		return mem.recent(i, 120), det
	}
	return r.theTitle(i, mem), det
}

// leader reads "Led by NAME," before token i, where a team is the subject.
func (r *reading) leader(s sentence, i int) *mention {
	if i-3 < s.from || r.kind(i-1) != tkComma {
		return nil
	}
	m := r.mentionOver(i - 2)
	if m == nil || m.kind != personName || m.person < 0 || !r.says(m.from-1, "by") || !r.says(m.from-2, "led") {
		return nil
	}
	return m
}
