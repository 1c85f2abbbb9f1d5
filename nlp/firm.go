package nlp

import "strings"

// describe reads the title and the organisation that stand beside a mention of a
// person, on either side of the name.
func (r *reading) describe(m *mention) {
	p := &r.people[m.person]
	role, firm := r.describedBefore(m)
	role2, firm2 := r.describedAfter(m)
	p.role = fuller(p.role, role)
	p.role = fuller(p.role, role2)
	p.firm = r.fullerFirm(p.firm, firm)
	p.firm = r.fullerFirm(p.firm, firm2)
}

// fuller keeps the first title read, unless the other has it with more words.
func fuller(have, found string) string {
	if have == "" || len(found) > len(have) && strings.Contains(strings.ToLower(found), strings.ToLower(have)) {
		return found
	}
	return have
}

// fullerFirm keeps the first organisation read, unless the other is its longer form.
func (r *reading) fullerFirm(have, found string) string {
	if have == "" || len(found) > len(have) && strings.EqualFold(firstWord(found), firstWord(have)) {
		return found
	}
	return have
}

// describedBefore reads "Jefferies strategist NAME", "UBS's NAME", "CEO NAME".
func (r *reading) describedBefore(m *mention) (role, firm string) {
	i := m.from - 1
	for r.is(i, isMr|isMrs|isDr) {
		i--
	}
	if r.is(i, isRoleHead) && r.kind(i) == tkWord && r.mentionOver(i) == nil {
		start := i
		for r.is(start-1, roleModifier) && r.mentionOver(start-1) == nil && r.kind(start-1) == tkWord {
			start--
		}
		role = r.in(start, i+1)
		i = start - 1
	}
	if r.kind(i) == tkPoss {
		i--
		if r.is(i, isFirmNoun) {
			return role, r.lastFirmBefore(i)
		}
		return role, r.firmEnding(i)
	}
	if role != "" {
		return role, r.firmEnding(i)
	}
	return role, ""
}

// firmEnding is the organisation whose name ends at token i, or "".
func (r *reading) firmEnding(i int) string {
	if n := r.mentionOver(i); n != nil && n.to == i+1 && (n.kind.organisation() || n.kind == unknownName) {
		return n.name
	}
	return ""
}

// maxApposition bounds how far after a name its title and firm are sought.
const maxApposition = 45

// describedAfter reads "NAME of FIRM" and "NAME, title at FIRM".
func (r *reading) describedAfter(m *mention) (role, firm string) {
	i := m.to
	if firm := r.firmAfterPreposition(i); firm != "" {
		return "", firm
	}
	if r.kind(i) != tkComma && !r.opensBracket(i) {
		return "", ""
	}
	end := min(i+maxApposition, len(r.toks))
	i++
	if n := r.mentionOver(i); n != nil && n.from == i && (n.kind.organisation() || n.kind == unknownName) {
		firm = n.name // "NAME, Invessa's chief strategist" or "NAME, Invessa chief strategist"
		i = n.to
		if r.kind(i) == tkPoss {
			i++
		}
		if !r.headAhead(i) {
			return "", ""
		}
	}
	if r.is(i, isDet) {
		if r.is(i+1, isFirmNoun) && r.kind(i+2) == tkPoss {
			firm = r.lastFirmBefore(i)
			i += 3
		} else {
			i++
		}
	}
	// A few words may come before the title: "who is a", "today both".
	start := -1
	for j := i; j < min(i+9, end); j++ {
		t := &r.toks[j]
		if t.region >= 0 || t.kind == tkStop || t.kind == tkComma || t.class&isCue != 0 && t.class&(roleModifier|isRoleHead) == 0 && !r.is(i, isWho) {
			break
		}
		if t.class&isRoleHead != 0 && t.kind == tkWord {
			start = j
			break
		}
	}
	if start < 0 {
		return "", firm
	}
	head := start
	for start > i && r.is(start-1, roleModifier) {
		start--
	}
	stopAt := head + 1
	for j := head + 1; j < end; j++ {
		t := &r.toks[j]
		if t.region >= 0 || t.kind == tkStop || t.class&(isCue&^cueCall) != 0 && t.class&(formThird|formPast) != 0 && t.class&(roleModifier|isRoleHead|isFirmWord) == 0 && !t.capital {
			break
		}
		if t.class&isPrep != 0 && firm == "" {
			if firm = r.firmAfterPreposition(j); firm != "" {
				break
			}
		}
		if t.kind == tkComma || t.kind == tkColon || t.kind == tkOther || t.kind == tkDash {
			if n := r.mentionOver(j + 1); firm == "" && t.kind == tkComma && n != nil && n.from == j+1 && n.kind == firmName {
				firm = n.name // "NAME, chief strategist, D.A. Davidson & Co."
			}
			break
		}
		if r.mentionOver(j) == nil || t.class&(isRoleHead|roleModifier|isPrep) != 0 || r.mentionOver(j).kind == placeName {
			stopAt = j + 1
		}
	}
	for stopAt > head+1 && r.is(stopAt-1, isPrep|isDet|isConj|isFirmNoun) {
		stopAt--
	}
	return r.in(start, stopAt), firm
}

func (r *reading) opensBracket(i int) bool {
	return i < len(r.toks) && r.kind(i) == tkOther && r.text[r.toks[i].start] == '('
}

// firmAfterPreposition is the organisation in "at FIRM", "of the FIRM", "with
// brokerage FIRM" where the preposition stands at i, or "".
func (r *reading) firmAfterPreposition(i int) string {
	if !r.is(i, isPrep) {
		return ""
	}
	loose := r.says(i, "at") || r.says(i, "with")
	if !loose && !r.says(i, "of") && !r.says(i, "from") && !r.says(i, "for") && !r.says(i, "in") {
		return ""
	}
	j := i + 1
	if r.is(j, isDet) {
		if r.is(j+1, isFirmNoun) && r.mentionOver(j+1) == nil && r.mentionOver(j+2) == nil {
			return r.lastFirmBefore(i)
		}
		j++
	}
	for n := 0; n < 4; n++ {
		if m := r.mentionOver(j); m != nil {
			if m.kind == firmName || m.kind == publicName || m.kind == mediaName && !r.says(i, "in") || m.kind == unknownName && !r.says(i, "in") {
				return m.name
			}
			if m.kind == personName && loose && m.person >= 0 && r.kind(m.to) != tkPoss {
				return m.name // named after a person: "at Subodh Kumar"
			}
			if m.kind != placeName || r.kind(m.to) != tkWord && r.kind(m.to) != tkPoss {
				return ""
			}
			j = m.to
			continue
		}
		if r.kind(j) == tkPoss {
			j++
			continue
		}
		if r.kind(j) != tkWord || !loose && !r.is(j, isFirmNoun) && !strings.HasSuffix(r.in(j, j+1), "-based") {
			return ""
		}
		j++
	}
	return ""
}

// lastFirmBefore is the organisation named last before token i, for "the bank".
func (r *reading) lastFirmBefore(i int) string {
	for j := i - 1; j >= max(0, i-400); j-- {
		if m := r.mentionOver(j); m != nil {
			if m.kind == firmName {
				return m.name
			}
			j = m.from
		}
	}
	return ""
}

// typeOf tells in which capacity a person speaks, by title, then by firm.
func (r *reading) typeOf(p *person) (t class) {
	var firm, role class
	for w := range strings.FieldsSeq(p.firm) {
		firm |= r.lex.classOf(w) & isFirmWord
	}
	if known, ok := r.lex.firms[strings.ToLower(p.firm)]; ok {
		firm |= known.kind
	}
	for w := range strings.FieldsSeq(p.role) {
		role |= r.lex.classOf(strings.Trim(w, ",.;"))
	}
	switch {
	case role&roleOther != 0:
		return roleOther
	case firm&firmPublic != 0 && firm&firmFinance == 0, firm&firmPublic != 0 && role&roleAnalyst == 0:
		return roleOfficial
	case role&roleAnalyst != 0:
		return roleAnalyst
	case role&roleOfficial != 0:
		return roleOfficial
	case firm&firmFinance != 0:
		return roleAnalyst
	case role&roleExecutive != 0:
		return roleExecutive
	case firm&firmMedia != 0:
		return roleOther
	case role == 0 && p.firm == "":
		return roleOther
	}
	return roleAnalyst
}
