package nlp

import (
	"sort"
	"strings"
)

// memory is what the article has said so far, for pronouns and "the strategist".
type memory struct {
	last       speaker // of the quote before
	lastAt     int     // the token of its cue
	lastPerson speaker
	lastFirm   speaker
}

func (m *memory) heard(s speaker, at int) {
	m.last, m.lastAt = s, at
	if s.person > 0 {
		m.lastPerson = s
	} else {
		m.lastFirm = s
	}
}

// recent is the last speaker, if within reach tokens.
func (m *memory) recent(at, reach int) speaker {
	if m.last.nobody() || at-m.lastAt > reach {
		return speaker{}
	}
	return m.last
}

// pronoun is whom "he" or "she" at i stands for: the last speaker, unless
// somebody else has since become the subject of a sentence. It abstains where no
// one of the right gender was named within some sentences.
func (r *reading) pronoun(i int, mem *memory) speaker {
	gender := r.toks[i].class & (isHe | isShe)
	fits := func(p int) bool {
		g := r.people[p].gender
		return g == 0 || g == nameMale|nameFemale || g == nameMale && gender&isHe != 0 || g == nameFemale && gender&isShe != 0
	}
	last := mem.lastPerson.person - 1
	var surname *mention
	at := r.sentenceOf(i)
	first := -1 // the person with whom the sentence being walked begins, as far as it is walked
	for j := i - 1; j >= max(0, i-120); j-- {
		if at >= 0 && j < r.sentences[at].from {
			if first >= 0 && !r.is(r.sentences[at].from, gender) {
				break
			}
			first = -1 // "He likes what Odd does." is about whom the sentence before is about
			at--
		}
		m := r.mentionOver(j)
		if m == nil {
			continue
		}
		j = m.from
		if surname == nil && m.kind == unknownName && !m.common && m.to-m.from == 1 && r.subjectLike(m) && r.is(m.to, isCue|isAux|isBe) && r.vote(m) <= 0 {
			surname = m
		}
		if m.kind != personName || m.person < 0 || !fits(m.person) {
			continue
		}
		if first < 0 && m.person == last || r.subjectLike(m) {
			first = m.person
		}
	}
	if first >= 0 {
		r.learnGender(first, gender)
		return speaker{person: first + 1, from: i, to: i + 1}
	}
	if surname != nil { // "Quill warned …. …, he wrote": a person after all
		surname.kind = personName
		surname.person = r.addPerson(surname)
		r.learnGender(surname.person, gender)
		return speaker{person: surname.person + 1, from: i, to: i + 1}
	}
	if last >= 0 && fits(last) && i-mem.lastAt < 250 {
		r.learnGender(last, gender)
		return speaker{person: last + 1, from: i, to: i + 1}
	}
	return speaker{}
}

// sentenceOf is the index of the sentence that holds token i, or -1.
func (r *reading) sentenceOf(i int) int {
	return sort.Search(len(r.sentences), func(n int) bool { return r.sentences[n].from > i }) - 1
}

func (r *reading) learnGender(p int, pronoun class) {
	if r.people[p].gender == 0 {
		if pronoun&isHe != 0 {
			r.people[p].gender = nameMale
		} else {
			r.people[p].gender = nameFemale
		}
	}
}

// subjectLike reports whether a mention can be the subject of its clause, or of
// an inverted tag, rather than an object or part of another's description.
func (r *reading) subjectLike(m *mention) bool {
	i := m.from - 1
	for i >= max(0, m.from-20) && (r.is(i, isRoleHead|roleModifier|isDet|isMr|isMrs|isDr) || r.kind(i) == tkPoss || r.mentionOver(i) != nil && r.mentionOver(i).kind != personName) {
		i--
	}
	if r.is(i, isCue) {
		return r.kind(i-1) == tkComma || r.kind(i-1) == tkQuoted // “…,” said NAME; in "he said NAME had" NAME is none
	}
	return i < 0 || r.kind(i) != tkWord || r.is(i, isConj|isAdv) || r.says(i, "to") && r.says(i-1, "according")
}

// theTitle is whom "the strategist" stands for: the last person with that title.
func (r *reading) theTitle(i int, mem *memory) speaker {
	title := strings.ToLower(r.in(i, i+1))
	for j := i - 1; j >= max(0, i-250); j-- {
		if r.says(j, title) && (r.unnamed(j-1) || r.unnamed(j-2) || r.unnamed(j-3)) && r.mentionOver(j+1) == nil && !r.beside(j) {
			return speaker{} // "one fund manager said …", "the manager said"
		}
		if m := r.mentionOver(j); m != nil {
			j = m.from
			if m.kind == personName && m.person >= 0 && strings.Contains(strings.ToLower(r.people[m.person].role), title) {
				return speaker{person: m.person + 1, from: i, to: i + 1}
			}
		}
	}
	return speaker{}
}

// unnamed reports whether the word at i introduces somebody without a name.
func (r *reading) unnamed(i int) bool {
	return r.says(i, "a") || r.says(i, "an") || r.says(i, "one") || r.says(i, "another")
}

// beside reports whether the title at i stands beside a name: "NAME, a strategist".
func (r *reading) beside(i int) bool {
	for j := i - 1; j > max(0, i-6); j-- {
		if r.kind(j) == tkComma {
			return r.mentionOver(j-1) != nil
		}
	}
	return false
}

// theFirm is the organisation that "it" or "the bank" at i stands for.
func (r *reading) theFirm(i int, mem *memory) speaker {
	if mem.lastFirm.firm != "" && mem.last.same(mem.lastFirm) && i-mem.lastAt < 120 {
		return speaker{firm: mem.lastFirm.firm, from: i, to: i + 1}
	}
	for j := i - 1; j >= max(0, i-60); j-- {
		if m := r.mentionOver(j); m != nil {
			if (m.kind == firmName || m.kind == publicName) && r.subjectLike(m) && !r.noView(m) {
				return speaker{firm: r.organisation(m), from: i, to: i + 1}
			}
			j = m.from
		}
	}
	return speaker{}
}

// theAuthor is whose note or report "the note" is: the organisation that has been
// a subject since the last quote, or else the speaker of that.
func (r *reading) theAuthor(i int, mem *memory) speaker {
	for j := i - 1; j >= max(mem.lastAt, i-60); j-- {
		if m := r.mentionOver(j); m != nil {
			if m.kind == firmName && r.opening(m) && !r.noView(m) {
				return speaker{firm: r.organisation(m), from: i, to: i + 1}
			}
			j = m.from
		}
	}
	return mem.recent(i, 120)
}

// thePlural is whom "they" or "the analysts" stands for: the organisation that
// spoke last.
func (r *reading) thePlural(i int, mem *memory) speaker {
	for j := i - 1; j > max(0, i-20) && r.kind(j) != tkStop && r.toks[j].region < 0; j-- {
		if r.is(j, isTeam) && r.kind(j) == tkWord && r.kind(j-1) == tkPoss && r.says(i, "they") {
			if firm := r.lastFirmBefore(j); r.is(j-2, isFirmNoun) && firm != "" {
				return speaker{firm: firm, from: i, to: i + 1, plural: true} // "While the firm's strategists …, they …"
			}
		}
	}
	if i-mem.lastAt > 120 {
		return speaker{}
	}
	if mem.last.firm != "" || mem.last.plural {
		return speaker{firm: mem.last.firm, person: mem.last.person, plural: true, from: i, to: i + 1}
	}
	return speaker{}
}
