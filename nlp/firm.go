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
	} else if r.says(m.to, "and") && r.is(m.to+1, isHe|isShe|isThey) && r.is(m.to+2, isTeam|isAnonymous) {
		firm2 = r.firmAfterPreposition(m.to + 3) // "NAME and his team at FIRM"
	}
	if r.says(m.from-1, "including") || r.says(m.from-1, "by") && r.says(m.from-2, "led") || r.says(m.from-1, "with") && r.says(m.from-2, "together") {
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
	if r.kind(i) == tkComma && r.is(i-1, isRoleHead) && r.mentionOver(i-1) == nil {
		start := r.titleStart(i - 1)
		owner := r.mentionOver(start - 1)
		if r.kind(start-1) == tkPoss || r.says(start-1, "its") || r.kind(m.to) == tkComma && owner != nil && owner.kind.organisation() {
			i-- // "FIRM's chief strategist, NAME, said", "said its founder, NAME"
		}
	}
	if r.kind(i) == tkComma && r.kind(m.to) == tkComma && !r.is(i-1, isRoleHead) {
		for j := i - 1; j > max(0, i-8) && r.kind(j) != tkComma && r.kind(j) != tkStop && r.toks[j].region < 0; j-- {
			if r.kind(j) == tkPoss && r.headAhead(j+1) && r.mentionOver(j+1) == nil {
				return r.in(j+1, i), r.firmEnding(j - 1) // "FIRM's head of economic research, NAME, said"
			}
		}
	}
	if r.kind(i) == tkComma && r.kind(m.to) == tkComma && r.titleOfHouse(i-1) {
		n := r.mentionOver(i - 1) // "The chief economist of FIRM, NAME, said"
		j := n.from - 1
		if r.is(j, isDet) {
			j--
		}
		return r.in(r.titleStart(j-1), j), r.organisation(n)
	}
	if r.is(i, isRoleHead) && r.kind(i) == tkWord && r.mentionOver(i) == nil {
		start := r.titleStart(i)
		if r.says(start-1, "and") && r.is(start-2, isRoleHead) && r.mentionOver(start-2) == nil {
			start = r.titleStart(start - 2) // "Chairman and Chief Executive NAME"
		}
		role = r.in(start, i+1)
		i = start - 1
	}
	if role != "" && r.is(i+1, firmPublic) && r.toks[i+1].capital && r.mentionOver(i+1) == nil {
		from := i + 1 // "U.S. Treasury Secretary"
		if n := r.mentionOver(i); n != nil && n.kind == placeName && n.to == i+1 {
			from = n.from
		}
		return role, r.in(from, i+2)
	}
	if firm := r.firmEnding(i); firm != "" && role != "" {
		return role, firm // before the possessive: Standard & Poor's has one of its own
	}
	for j := i; role != "" && j > i-2 && r.kind(j) == tkWord && !r.toks[j].capital && r.toks[j].class&(isPrep|isConj|isDet|isAux|isBe|isCue|isVerb|isPronoun|isAdv) == 0; j-- {
		if n := r.mentionOver(j - 1); n != nil && n.kind == firmName && n.to == j {
			return r.in(j, i+1) + " " + role, r.organisation(n) // "Tarn Bank homebuilders analyst NAME"
		}
	}
	switch {
	case r.kind(i) == tkPoss && r.is(i-1, isHouseNoun):
		return role, r.lastFirmBefore(i - 1)
	case r.kind(i) == tkPoss:
		return role, r.firmEnding(i - 1)
	case role != "" && r.says(i, "its"):
		return role, r.lastFirmBefore(i)
	case r.says(i, "where") && r.kind(i-1) == tkComma:
		return role, r.firmEnding(i - 2) // "came from Tarn & Pell, where NAME …"
	}
	return role, ""
}

// titleStart is the first token of the title whose head is at i.
func (r *reading) titleStart(i int) int {
	for n := 0; n < 12 && r.is(i-1, roleModifier) && r.kind(i-1) == tkWord; n++ {
		if m := r.mentionOver(i - 1); m != nil && m.kind < placeName {
			break
		}
		i-- // "chief U.S. equity strategist"
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
	if r.kind(i) != tkComma && !(r.kind(i) == tkDash && r.titleFollows(i+1)) && !r.opensBracket(i) && !copula {
		return "", ""
	}
	end := min(i+maxApposition, len(r.toks))
	i++
	if n := r.mentionOver(i); n != nil && n.from == i && (n.kind.organisation() || n.kind == unknownName) && !(r.is(i, isRoleHead) && n.to == i+1) {
		firm = r.organisation(n) // "NAME, Tarn’s chief strategist" or "NAME, Tarn chief strategist"
		i = n.to
		if r.kind(i) == tkPoss {
			i++
		}
		if !r.headAhead(i) {
			return "", ""
		}
	}
	if f := r.firmAfterPreposition(i); r.kind(i-1) == tkComma && f != "" {
		return "", f // "NAME, of FIRM,"
	}
	if r.is(i, isDet) {
		if r.is(i+1, isHouseNoun) && r.kind(i+2) == tkPoss {
			firm = r.lastFirmBefore(i + 1)
			i += 3
		} else if r.says(i, "its") {
			firm = r.lastFirmBefore(m.from)
			i++
		} else {
			i++
			if n := r.mentionOver(i); n != nil && n.from == i && n.kind.organisation() {
				to := n.to
				if r.kind(to) == tkPoss {
					to++
				}
				if r.headAhead(to) {
					firm, i = r.organisation(n), to // "a Lund University professor", "the Fed's president"
				}
			}
		}
	}
	if r.says(i, "whose") {
		if n := r.mentionOver(i + 1); n != nil && n.from == i+1 && n.kind == firmName {
			return "", r.organisation(n) // "NAME, whose Tarn Fund"
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
		if n := r.mentionOver(j); n != nil && n.kind.organisation() && n.to-n.from > 1 {
			j = n.to - 1 // "Tarn Advisers"
			continue
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
			} else if firm == "" && t.kind == tkComma {
				at := j + 1 // "chief investment officer, Asian equities, at FIRM"
				for at < min(j+4, end) && (r.is(at, roleModifier) || r.isPlace(at)) {
					at++
				}
				if at > j+1 && r.kind(at) == tkComma {
					at++
				}
				if r.says(at, "at") || at > j+1 && r.says(at, "with") {
					firm = r.firmAfterPreposition(at)
				}
			}
			break
		}
		if !closed && (r.mentionOver(j) == nil || t.class&(isRoleHead|roleModifier|isPrep) != 0 || r.mentionOver(j).kind >= placeName) {
			stopAt = j + 1
		}
	}
	for stopAt > head+1 && r.is(stopAt-1, isPrep|isDet|isConj|isHouseNoun) {
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
		if r.is(j+1, isHouseNoun) && r.mentionOver(j+1) == nil && r.mentionOver(j+2) == nil {
			return r.lastFirmBefore(j + 1)
		}
		j++
	}
	// Words may come before the name: "at brokerage Tarn", "of asset manager
	// Tarn", "at New York-based Pell". Only "at" and "with" take any words.
	for n := 0; n < 7 && j < len(r.toks); n++ {
		if m := r.mentionOver(j); m != nil {
			switch {
			case m.kind == firmName || m.kind == publicName || m.kind == mediaName && !r.says(i, "in"):
				return r.organisation(m)
			case m.kind == unknownName && r.kind(m.to) == tkComma && strings.HasSuffix(r.in(m.to+1, min(m.to+2, len(r.toks))), "-based"):
				j = m.to + 2
				continue
			case m.kind == unknownName && !r.says(i, "in") && (loose || !r.is(i+1, isDet) || r.is(j-1, isHouse)):
				return r.organisation(m)
			case m.kind == personName && loose && m.person >= 0 && r.kind(m.to) != tkPoss, m.kind == personName && r.is(j-1, isHouse):
				return m.name // named after a person: "at Odo Quill", "of insurer Quill"
			case m.kind == placeName && r.kind(m.to) == tkComma && strings.HasSuffix(r.in(m.to+1, min(m.to+2, len(r.toks))), "-based"):
				j = m.to + 2 // "at Lund, Sweden-based Tarn"
				continue
			case m.kind < placeName || r.kind(m.to) != tkWord && r.kind(m.to) != tkPoss || !loose:
				return ""
			}
			j = m.to
			continue
		}
		if r.kind(j) == tkPoss || r.kind(j) == tkNumber || r.kind(j) == tkOther && r.text[r.toks[j].start] == '$' || r.says(j, "billion") || r.says(j, "million") {
			j++ // "of the $5 billion Tarn Fund"
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

// lastFirmBefore is the organisation for which the noun at i stands: that named
// last before, of the sort that the noun tells ("the bank", "the company").
func (r *reading) lastFirmBefore(i int) string {
	finance := r.is(i, firmFinance|isHouse) && !r.says(i, "company") && !r.says(i, "firm") && !r.says(i, "group")
	last, unknown := "", ""
	for j := i - 1; j >= max(0, i-400); j-- {
		if m := r.mentionOver(j); m != nil {
			if m.kind == firmName {
				name := r.organisation(m)
				if last == "" {
					last = name
				}
				if known := r.isFinance(m.name); known == finance || !r.says(i, "company") && !finance {
					return name
				}
			} else if unknown == "" && m.kind == unknownName && !m.common && r.subjectLike(m) {
				unknown = m.name
			}
			j = m.from
		}
	}
	if last == "" {
		return unknown // a name of no known form, but the only one that can be meant
	}
	return last
}

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
	if e := r.lex.of(p.firm); e.firm {
		firm |= e.firmKind
	}
	for w := range strings.FieldsSeq(p.role) {
		role |= r.lex.classOf(strings.Trim(w, ",.;"))
	}
	switch {
	case role&roleOther != 0:
		return roleOther
	case firm&firmPublic != 0 && firm&firmFinance == 0, firm&firmPublic != 0 && role&roleAnalyst == 0:
		return roleOfficial
	case role&roleAnalyst != 0, strings.Contains(strings.ToLower(p.role), "investment officer"):
		return roleAnalyst
	case role&roleOfficial != 0:
		return roleOfficial
	case firm&firmFinance != 0:
		return roleAnalyst
	case role&roleExecutive != 0, chiefOfficer(p.role):
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

// chiefOfficer reports whether a title is that of a chief officer of a company;
// chief investment officers are analysts.
func chiefOfficer(role string) bool {
	role = strings.ToLower(role)
	return strings.Contains(role, "chief ") && strings.Contains(role, " officer") && !strings.Contains(role, "investment")
}
