package nlp

// acrossApposition finds the subject before "NAME, title at FIRM, said" where i
// is the comma before the verb.
func (r *reading) acrossApposition(s sentence, i int, mem *memory) (speaker, int) {
	for k := i; k > s.from && i-k < 70; k-- {
		if r.toks[k].kind == tkStop || r.toks[k].kind == tkColon || r.toks[k].region >= 0 && k < i-1 && r.toks[k].kind == tkQuoted && i-k < 2 {
			break
		}
		if r.kind(k) != tkComma && !r.opensBracket(k) {
			continue
		}
		m := r.mentionOver(k - 1)
		if m == nil || m.to != k {
			// "the bank, which …, said"; "Analysts at FIRM, …, said"
			if k < i && r.is(k-1, isFirmNoun|isRoleHead) && (r.says(k+1, "which") || r.is(k+1, isWho)) {
				return r.nominal(s, k-1, mem)
			}
			continue
		}
		start := r.startOfName(s, m)
		before := start - 1
		if m.kind == personName && m.person >= 0 {
			if r.says(before, "by") && r.says(before-1, "led") || r.says(before, "including") {
				for before > s.from && r.kind(before-1) != tkStop && r.toks[before-1].region < 0 && (r.kind(before-1) != tkComma || r.says(before, "led")) {
					before--
				}
				return speaker{person: m.person + 1, from: m.from, to: m.to}, before
			}
			start = r.titleApposed(s, start)
			if !r.clauseStart(s, start) {
				if start = r.backToQuotation(s, start); start == s.from || r.kind(start-1) != tkQuoted {
					continue
				}
			}
			return speaker{person: m.person + 1, from: m.from, to: m.to}, start
		}
		if m.kind.organisation() || m.kind == unknownName && m.to-m.from == 1 {
			if n := r.mentionOver(before - 1); before >= s.from && r.is(before, isPrep) && n != nil && n.kind == personName && n.person >= 0 && n.to == before {
				return speaker{person: n.person + 1, from: n.from, to: n.to}, r.startOfName(s, n)
			}
			if k < i && r.clauseStart(s, start) && !r.noView(m) {
				return speaker{firm: r.organisation(m), from: m.from, to: m.to}, start
			}
			if before >= s.from && r.is(before, isPrep) && r.is(before-1, isTeam) {
				return speaker{firm: m.name, from: m.from, to: m.to, plural: true}, before - 1
			}
		}
	}
	return speaker{}, 0
}

// acrossDashes finds the subject before "NAME - title at FIRM - said" where i is
// the dash before the verb.
func (r *reading) acrossDashes(s sentence, i int, mem *memory) (speaker, int) {
	for k := i - 2; k > s.from && i-k < 25; k-- {
		if r.kind(k) == tkStop || r.kind(k) == tkQuoted {
			break
		}
		if r.kind(k) != tkDash {
			continue
		}
		if m := r.mentionOver(k - 1); m != nil && m.to == k {
			if who, from := r.subjectNamed(s, m, mem); who.person > 0 && r.clauseStart(s, from) {
				return who, from
			}
		}
		break
	}
	return speaker{}, 0
}

// titleApposed moves the start of a name back over the title to which it stands in
// apposition: "FIRM's chief strategist, NAME, said", "The head of FIRM, NAME, said".
func (r *reading) titleApposed(s sentence, start int) int {
	if r.kind(start-1) != tkComma || start-2 < s.from {
		return start
	}
	title := false
	for i := start - 2; i >= s.from && i > start-14; i-- {
		if k := r.kind(i); k != tkWord && k != tkPoss || r.toks[i].region >= 0 || r.is(i, isCue&^cueCall) && !r.is(i, roleModifier|isRoleHead) && r.mentionOver(i) == nil {
			if title && r.kind(i) == tkQuoted {
				return i + 1
			}
			return start
		}
		title = title || r.is(i, isRoleHead) && r.kind(i) == tkWord
		if title && (i == s.from || r.kind(i-1) == tkQuoted || r.kind(i-1) == tkComma || r.is(i-1, isConj)) {
			return i
		}
	}
	return start
}
