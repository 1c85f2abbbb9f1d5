package nlp

import "strings"

// describe reads the title and the organisation that stand beside a mention of a
// person, on either side of the name.
func (r *reading) describe(m *mention) {
	p := &r.people[m.person]
	role, firm := r.describedBefore(m)
	role2, firm2 := r.describedAfter(m)
	if n := r.mentionOver(m.to + 1); r.says(m.to, "and") && n != nil && n.from == m.to+1 && n.kind == personName && firm == "" {
		_, firm2 = r.describedAfter(n) // "A and B of FIRM"
	}
	if r.says(m.from-1, "including") || r.says(m.from-1, "by") && r.says(m.from-2, "led") {
		firm = r.lastFirmWithin(m.from-1, 8) // "strategists at FIRM, led by NAME"
	}
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
	if r.kind(i) == tkComma && r.is(i-1, isRoleHead) && r.mentionOver(i-1) == nil && r.kind(m.to) == tkComma {
		if start := r.titleStart(i - 1); r.kind(start-1) == tkPoss || r.mentionOver(start-1) != nil && r.mentionOver(start-1).kind.organisation() {
			i-- // "FIRM's chief strategist, NAME, said"
		}
	}
	if r.kind(i) == tkComma && r.kind(m.to) == tkComma && !r.is(i-1, isRoleHead) {
		for j := i - 1; j > max(0, i-8) && r.kind(j) != tkComma && r.kind(j) != tkStop && r.toks[j].region < 0; j-- {
			if r.kind(j) == tkPoss && r.headAhead(j+1) && r.mentionOver(j+1) == nil {
				return r.in(j+1, i), r.firmEnding(j - 1) // "FIRM's head of economic research, NAME, said"
			}
		}
	}
	if r.is(i, isRoleHead) && r.kind(i) == tkWord && r.mentionOver(i) == nil {
		start := r.titleStart(i)
		if r.says(start-1, "and") && r.is(start-2, isRoleHead) && r.mentionOver(start-2) == nil {
			start = r.titleStart(start - 2) // "Chairman and Chief Executive NAME"
		}
		role = r.in(start, i+1)
		i = start - 1
	}
	if firm := r.firmEnding(i); firm != "" && role != "" {
		return role, firm // before the possessive: Standard & Poor's has one of its own
	}
	if r.kind(i) == tkPoss {
		i--
		if r.is(i, isFirmNoun) {
			return role, r.lastFirmBefore(i)
		}
		return role, r.firmEnding(i)
	}
	return role, ""
}

// titleStart is the first token of the title whose head is at i.
func (r *reading) titleStart(i int) int {
	for n := 0; n < 12 && r.is(i-1, roleModifier) && r.mentionOver(i-1) == nil && r.kind(i-1) == tkWord; n++ {
		i--
	}
	return i
}

// firmEnding is the organisation whose name ends at token i, or "".
func (r *reading) firmEnding(i int) string {
	if n := r.mentionOver(i); n != nil && n.to == i+1 && (n.kind.organisation() || n.kind == unknownName) {
		return r.organisation(n)
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
	copula := r.is(i, isBe) && r.kind(i) == tkWord && r.is(i+1, isDet) && r.titleFollows(i+1) // "NAME is an economist at FIRM"
	if r.kind(i) != tkComma && !r.opensBracket(i) && !copula {
		return "", ""
	}
	end := min(i+maxApposition, len(r.toks))
	i++
	if n := r.mentionOver(i); n != nil && n.from == i && (n.kind.organisation() || n.kind == unknownName) {
		firm = r.organisation(n) // "NAME, Tarn’s chief strategist" or "NAME, Tarn chief strategist"
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
			if n := r.mentionOver(i); n != nil && n.from == i && n.kind.organisation() && r.headAhead(n.to) {
				firm, i = r.organisation(n), n.to // "a Lund University professor"
			}
		}
	}
	reach := 9
	if r.is(i, isWho) {
		reach = 25
	}
	// A few words may come before the title: "who is a", "today both".
	start := -1
	for j := i; j < min(i+reach, end); j++ {
		t := &r.toks[j]
		if reach > 9 && firm == "" && runsFirm(strings.ToLower(r.in(j, j+1))) {
			firm = r.firmStarting(j + 1)
		}
		if t.region >= 0 || t.kind == tkStop || t.kind == tkComma || t.class&isCue != 0 && t.class&(roleModifier|isRoleHead) == 0 && !r.is(i, isWho) {
			break
		}
		if t.class&isRoleHead != 0 && t.kind == tkWord {
			start = j
			break
		}
	}
	if start < 0 {
		for j := i; reach > 9 && firm == "" && j < min(i+reach, end) && r.kind(j) != tkStop; j++ {
			if r.says(j, "at") || r.says(j, "for") && (r.says(j-1, "money") || r.says(j-1, "works") || r.says(j-1, "worked")) {
				firm = r.firmAfterPreposition(j) // "who co-manages a fund at FIRM"
			}
		}
		return "", firm
	}
	head := start
	for start > i && r.is(start-1, roleModifier) {
		start--
	}
	stopAt, closed := head+1, false
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
		if t.class&isWho != 0 || r.says(j, "which") {
			closed = true // the title is over, the firm may follow
		}
		if t.kind == tkComma || t.kind == tkColon || r.opensBracket(j) || t.kind == tkDash {
			if n := r.mentionOver(j + 1); firm == "" && t.kind == tkComma && n != nil && n.from == j+1 && n.kind == firmName {
				firm = n.name // "NAME, chief strategist, Tidewater & Sloane"
			} else if firm == "" && t.kind == tkComma && r.says(j+1, "at") {
				firm = r.firmAfterPreposition(j + 1)
			}
			break
		}
		if !closed && (r.mentionOver(j) == nil || t.class&(isRoleHead|roleModifier|isPrep) != 0 || r.mentionOver(j).kind == placeName) {
			stopAt = j + 1
		}
	}
	for stopAt > head+1 && r.is(stopAt-1, isPrep|isDet|isConj|isFirmNoun) {
		stopAt--
	}
	return r.in(start, stopAt), firm
}

// runsFirm reports whether "who VERB FIRM" makes the firm that of the person.
func runsFirm(verb string) bool {
	switch verb {
	case "runs", "heads", "leads", "founded", "owns", "chairs", "joined", "started":
		return true
	}
	return false
}

// firmStarting is the organisation whose name begins at token i, or "".
func (r *reading) firmStarting(i int) string {
	if n := r.mentionOver(i); n != nil && n.from == i && n.kind.organisation() {
		return r.organisation(n)
	}
	return ""
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
	// Words may come before the name: "at brokerage Tarn", "of asset manager
	// Tarn", "at New York-based Pell". Only "at" and "with" take any words.
	for n := 0; n < 7; n++ {
		if m := r.mentionOver(j); m != nil {
			switch {
			case m.kind == firmName || m.kind == publicName || m.kind == mediaName && !r.says(i, "in"):
				return r.organisation(m)
			case m.kind == unknownName && !r.says(i, "in") && (loose || !r.is(i+1, isDet)):
				return r.organisation(m)
			case m.kind == personName && loose && m.person >= 0 && r.kind(m.to) != tkPoss:
				return m.name // named after a person: "at Odo Quill"
			case m.kind != placeName || r.kind(m.to) != tkWord && r.kind(m.to) != tkPoss || !loose:
				return ""
			}
			j = m.to
			continue
		}
		if r.kind(j) == tkPoss {
			j++
			continue
		}
		if r.kind(j) != tkWord || r.is(j, isCue|isPrep|isWho) && !r.is(j, isHouse) || !loose && !r.houseAhead(j) {
			return ""
		}
		j++
	}
	return ""
}

// houseAhead reports whether a kind of business stands right before a name a few
// words on, with only words in small letters between.
func (r *reading) houseAhead(i int) bool {
	for j := i; j < min(i+7, len(r.toks)); j++ {
		if r.kind(j) != tkWord || r.mentionOver(j) != nil || r.is(j, isPrep) {
			return false
		}
		if (r.is(j, isHouse) || strings.HasSuffix(r.in(j, j+1), "-based")) && r.mentionOver(j+1) != nil {
			return true
		}
	}
	return false
}

// lastFirmBefore is the organisation named last before token i, for "the bank".
func (r *reading) lastFirmBefore(i int) string { return r.lastFirmWithin(i, 400) }

func (r *reading) lastFirmWithin(i, reach int) string {
	for j := i - 1; j >= max(0, i-reach); j-- {
		if m := r.mentionOver(j); m != nil {
			if m.kind == firmName {
				return r.organisation(m)
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
	case p.firm == "" && strings.EqualFold(p.role, "president"):
		return roleOfficial
	case role == 0 && p.firm == "":
		return roleOther
	}
	return roleAnalyst
}
