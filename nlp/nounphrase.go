package nlp

// nounPhrase is a phrase that may be the subject of a verb: a name with what
// stands before it, a pronoun, or a noun for somebody who speaks. Tokens
// from..to, half open; head is its last word or the last of its name.
type nounPhrase struct {
	from, to int
	head     int
	shape    shape
	mention  int32 // 1 + index of the mention that heads it, or 0
}

// maxPhrases bounds what one sentence may hold: longer lists are tables.
const maxPhrases = 200

// findPhrases finds the noun phrases of a sentence, outside quotation marks.
func (r *reading) findPhrases(s sentence) {
	r.phrases = r.phrases[:0]
	for i := s.from; i < s.to && len(r.phrases) < maxPhrases; i++ {
		t := &r.toks[i]
		if t.region >= 0 || t.kind != tkWord {
			continue
		}
		if at := r.mentionAt[i]; at != 0 && !r.mentions[at-1].common {
			m := &r.mentions[at-1]
			end := m.to
			if r.kind(end) != tkPoss && !r.noun(end) && (end >= s.to || r.mentionAt[end] == 0) {
				r.addPhrase(nounPhrase{from: r.phraseStart(s, m.from), to: end, head: end - 1, shape: r.shapes[m.from], mention: at})
			}
			i = end - 1
			continue
		}
		switch sh := r.shapes[i]; sh {
		case shHe, shThey, shIt, shI, shYou, shWho, shWhich:
			r.addPhrase(nounPhrase{from: i, to: i + 1, head: i, shape: sh})
		case shRole, shTeam, shHouse, shPaper, shNobody:
			if r.noun(i+1) || i+1 < s.to && (r.mentionAt[i+1] != 0 && r.shapes[i+1] != shPlace || r.kind(i+1) == tkPoss) {
				continue
			}
			r.addPhrase(nounPhrase{from: r.phraseStart(s, i), to: i + 1, head: i, shape: sh})
		}
	}
}

// addPhrase adds a phrase, and drops those that turn out to be parts of it: the
// Quill of "Quill campaign spokesman Odd".
func (r *reading) addPhrase(p nounPhrase) {
	for n := len(r.phrases); n > 0 && r.phrases[n-1].from >= p.from; n-- {
		r.phrases = r.phrases[:n-1]
	}
	r.phrases = append(r.phrases, p)
}

// noun reports whether the word at i is a noun for a speaker, or stands before
// one in a title.
func (r *reading) noun(i int) bool {
	if i >= len(r.toks) || r.toks[i].region >= 0 || r.mentionAt[i] != 0 {
		return false
	}
	switch r.shapes[i] {
	case shRole, shTeam, shHouse, shPaper:
		return true
	}
	if !r.is(i, roleModifier) || r.toks[i].kind != tkWord {
		return false
	}
	for n := 1; n < 5; n++ {
		switch {
		case i+n >= len(r.toks):
			return false
		case r.is(i+n, isRoleHead|isTeam):
			return true
		case !r.is(i+n, roleModifier):
			return false
		}
	}
	return false
}

// phraseStart is the first token of the phrase whose name or noun begins at i.
func (r *reading) phraseStart(s sentence, i int) int {
	start, loose := i, 0
	for at := i - 1; at >= s.from && i-at < 12 && r.toks[at].region < 0; at-- {
		switch sh := r.shapes[at]; sh {
		case shDet, shOwner:
			return at
		case shPossessive, shRole, shTeam, shHouse, shFirm, shPublic, shMedia, shPlace, shName, shPerson:
			if sh == shPerson && r.shapes[at+1] != shPossessive && loose == 0 && r.shapes[at+1] != shRole && r.shapes[at+1] != shHouse && r.shapes[at+1] != shTeam {
				return start
			}
			start, loose = at, 0
		case shCapital, shNumber, shWord, shEd, shIng, shPlural, shPaper, shSayBase, shThink, shNobody:
			if r.is(at, roleModifier|isMr|isMrs|isDr) {
				start, loose = at, 0
				continue
			}
			if loose++; loose > 3 {
				return start
			}
		default:
			if r.is(at, roleModifier|isMr|isMrs|isDr) && r.toks[at].kind == tkWord && sh != shPrep && sh != shAnd {
				start, loose = at, 0
				continue
			}
			return start
		}
	}
	return start
}
