package nlp

import "strings"

// decideNames settles the names whose own words leave open what they are, by
// what stands beside them anywhere in the article: "Pellmoor's strategist",
// "at Pellmoor" and "Pellmoor analysts" make Pellmoor a firm for all its uses.
func (r *reading) decideNames() {
	r.trimOpenings()
	votes := map[string]int{} // positive: an organisation
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.kind == unknownName || m.kind == firmName && m.to-m.from == 1 || m.kind == personName {
			if v := r.vote(m); v != 0 {
				votes[m.name] += v
			}
		}
	}
	r.firms = map[string]bool{}
	alone := map[string]bool{}
	for i := range r.mentions {
		if m := &r.mentions[i]; m.to-m.from == 1 {
			alone[m.name] = true
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		v := votes[m.name]
		switch m.kind {
		case unknownName:
			if v > 0 || r.isVendor(m) {
				m.kind = firmName
			} else if v <= -2 && m.to-m.from == 1 && r.surnameLike(m) {
				m.kind = personName // "President Quill", never named in full
			} else if m.to-m.from >= 2 && m.to-m.from <= 4 && r.looksPersonal(m) {
				// Most people are given a title or called by their surname later.
				if v < 0 || alone[r.in(m.to-1, m.to)] {
					m.kind = personName
				}
			}
		case personName:
			if v >= 2 && !m.male && !m.female {
				m.kind = firmName
			}
		}
		if m.kind.organisation() {
			r.firms[m.name] = true
		}
	}
}

// surnameLike reports whether a single word can be somebody's surname by its form.
func (r *reading) surnameLike(m *mention) bool {
	t := &r.toks[m.from]
	return !t.allCaps && t.end-t.start > 2 && t.class&(isFirmWord|isTime|isRoleHead|roleModifier|isDoc|isTeam|isStart) == 0 && !r.knows(m.name) && !r.isVendor(m)
}

// trimOpenings takes an ordinary word off the front of a name that opens a
// sentence: "Latest Pell" where the article has Pell elsewhere. A single
// word there is no name at all unless it is one in mid-sentence.
func (r *reading) trimOpenings() {
	inside, whole, part := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.to-m.from > 1 && (m.kind.organisation() || m.kind == personName) {
			part[r.in(m.from, m.from+1)], part[r.in(m.to-1, m.to)] = true, true
		}
		if !r.opening(m) {
			inside[m.name], whole[m.name] = true, true
			inside[r.in(m.from, m.from+1)] = true
			inside[r.in(m.to-1, m.to)] = true
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		if !r.opening(m) || inside[m.name] || m.kind == personName || r.knows(m.name) {
			continue
		}
		first := r.in(m.from, m.from+1)
		switch {
		case m.to-m.from == 1:
			if m.kind == unknownName && !part[m.name] && !r.is(m.from, isForename) && r.vote(m) <= 0 && !r.speaksAtOnce(m) &&
				(r.lex.isOrdinary(m.name) || !r.surnameLike(m)) {
				m.common = true
			}
		case !inside[first] && whole[r.in(m.from+1, m.to)] && r.vote(m) >= 0:
			r.mentionAt[m.from] = 0
			m.from++
			m.name = r.in(m.from, m.to)
			m.kind = r.shapeOf(m)
		}
	}
}

// speaksAtOnce reports whether a verb of saying follows a word with which a
// sentence opens, so that it is somebody's name: "Quill flatly denied that". Nouns
// in the plural do so too ("Critics said").
func (r *reading) speaksAtOnce(m *mention) bool {
	if !r.surnameLike(m) || r.is(m.from, isAnonymous|isAdv|isPrep|isConj|isVerb) || r.text[r.toks[m.from].end-1] == 's' {
		return false
	}
	i := m.to
	for i < m.to+2 && r.is(i, isAdv|isAux) {
		i++
	}
	return r.is(i, cueSay|cueTell) && r.is(i, formPast|formThird) && r.kind(i) == tkWord
}

// opening reports whether a mention begins a sentence, where any word has a capital.
func (r *reading) opening(m *mention) bool {
	i := m.from - 1
	return i < 0 || r.kind(i) == tkStop || r.kind(i) == tkQuoted || r.kind(i) == tkColon || m.opens
}

// vote is +1 or more where what stands beside a name makes it an organisation,
// negative where it makes it a person.
func (r *reading) vote(m *mention) int {
	v := 0
	before, after := m.from-1, m.to
	if r.newLine(m.from) {
		before = -1
	}
	if r.newLine(after) {
		after = len(r.toks) // "Lou Quill", and on the next line "Chief Economist"
	}
	if r.is(before, isDet) {
		before--
	}
	switch {
	case r.says(before, "at") || r.says(before, "with") || r.says(before, "from"):
		if r.is(before-1, isRoleHead) || r.mentionOver(before-1) != nil {
			v += 2
		} else if r.says(before, "at") {
			v++
		}
	case r.says(before, "of") || r.says(before, "for"):
		if r.is(before-1, isRoleHead) || r.mentionOver(before-1) != nil && r.mentionOver(before-1).kind == personName {
			v += 2
		}
	case r.says(before, "by") && r.says(before-1, "led"), r.says(before, "including") && r.is(before-1, isTeam):
		v -= 2
	case strings.HasSuffix(r.in(max(before, 0), max(before+1, 0)), "-based"):
		v += 2
	case before >= 0 && r.is(m.from-1, isHouse) && m.to-m.from == 1: // "asset manager Tarn" or "manager Quill"
	case before >= 0 && r.is(m.from-1, isRoleHead) && !r.is(m.from-1, isHouseNoun) && r.kind(m.from-1) == tkWord:
		v -= 2
	case r.kind(m.from-1) == tkPoss && r.mentionOver(m.from-2) != nil:
		v--
	case r.kind(m.from-1) == tkComma && r.kind(after) == tkComma && m.to-m.from >= 2 && r.titleOfHouse(m.from-2):
		v -= 2 // "the chief economist of FIRM, NAME, said"
	case r.kind(m.from-1) == tkComma && r.kind(after) == tkComma && r.is(m.from-2, isRoleHead) && r.kind(m.from-2) == tkWord && m.to-m.from >= 2:
		v -= 2 // "its chief strategist, NAME, said"
	}
	if m.to-m.from > 1 && (r.pronounFollows(m) || r.says(after, "and") && r.isPerson(after+1) || r.says(m.from-1, "and") && r.isPerson(m.from-2)) {
		v--
	}
	if r.says(after, "and") && r.is(after+1, isHe|isShe) && r.is(after+2, isTeam|isAnonymous) {
		v -= 2 // "NAME and his team"
	}
	if n := r.mentionOver(after + 1); m.to-m.from > 1 && r.kind(after) == tkComma && n != nil && n.from == after+1 && n.kind.organisation() && r.kind(n.to) == tkColon {
		v -= 2 // "NAME, FIRM:"
	}
	if r.kind(after) == tkComma && r.kind(after+1) == tkNumber && r.kind(after+2) == tkComma && r.toks[after+1].end-r.toks[after+1].start == 2 {
		v -= 2 // "NAME, 42, said"
	}
	if r.kind(after) == tkPoss {
		after++
		if r.is(after, isTeam|roleAnalyst) || m.kind != personName && r.is(after, isPaper) {
			v += 2
		} else if n := r.mentionOver(after); n != nil && n.to-n.from >= 2 || r.headAhead(after) {
			v += 2
		}
	} else if next := r.afterTitle(after); next > after && r.mentionOver(next) != nil {
		v += 2 // "Tarn Hill strategist Odo Quill"
	} else if r.is(after, isTeam) || next > after && r.is(next, isCue) {
		v += 2
	} else if (r.kind(after) == tkComma || r.kind(after) == tkDash || r.opensBracket(after)) && r.titleFollows(after+1) {
		v -= 2
	} else if n := r.mentionOver(after + 1); n != nil && n.kind.organisation() && (r.says(after, "of") || r.says(after, "at") || r.says(after, "from")) {
		v -= 2
	}
	return v
}

// titleOfHouse reports whether "TITLE of FIRM" ends at token i.
func (r *reading) titleOfHouse(i int) bool {
	n := r.mentionOver(i)
	if n == nil || n.to != i+1 || n.kind == personName {
		return false
	}
	j := n.from - 1
	if r.is(j, isDet) {
		j--
	}
	return (r.says(j, "of") || r.says(j, "for") || r.says(j, "at") || r.says(j, "from")) && r.is(j-1, isRoleHead) && r.kind(j-1) == tkWord
}

// isPerson reports whether a person's name stands at i.
func (r *reading) isPerson(i int) bool {
	m := r.mentionOver(i)
	return m != nil && m.kind == personName
}

// pronounFollows reports whether the sentence behind that of m opens with "he" or
// "her": "… NAME said. He is an analyst at FIRM."
func (r *reading) pronounFollows(m *mention) bool {
	at := r.sentenceOf(m.from) + 1
	if at == 0 || at >= len(r.sentences) {
		return false
	}
	for j := m.to; j < r.sentences[at].from; j++ {
		if r.mentionAt[j] != 0 {
			return false // another may be meant
		}
	}
	return r.is(r.sentences[at].from, isHe|isShe)
}

// newLine reports whether the token at i opens a line with a capital: what stands
// on the line before is no part of its phrase.
func (r *reading) newLine(i int) bool {
	return i > 0 && i < len(r.toks) && r.toks[i].capital && strings.IndexByte(r.text[r.toks[i-1].end:r.toks[i].start], '\n') >= 0
}

// afterTitle is the token after the title that begins at i, or i if none does.
func (r *reading) afterTitle(i int) int {
	j := i
	for j < len(r.toks) && j < i+6 && r.is(j, roleModifier) && !r.is(j, isCue&^cueCall) {
		j++
	}
	if r.is(j, isRoleHead) && r.toks[j].kind == tkWord {
		return j + 1
	}
	if j > i && r.is(j-1, isRoleHead) {
		return j // "chief executive": the last word is both
	}
	return i
}

// headAhead reports whether a title begins at i ("head of research").
func (r *reading) headAhead(i int) bool { return r.afterTitle(i) > i }

// titleFollows reports whether an apposition at i is a title.
func (r *reading) titleFollows(i int) bool {
	if r.is(i, isDet) {
		i++
	}
	if m := r.mentionOver(i); m != nil && r.kind(m.to) == tkPoss {
		i = m.to + 1
	} else if r.is(i, isHouseNoun) && r.kind(i+1) == tkPoss {
		i += 2 // "the firm's chief strategist"
	}
	for n := 0; n < 3 && r.kind(i) == tkWord && !r.is(i, isRoleHead|roleModifier|isPrep|isCue|isWho|isBe); n++ {
		i++ // "a New York-based strategist"
	}
	return r.headAhead(i)
}

// looksPersonal reports whether an unknown name of several words has the form of
// a person's: letters only, and no word that people are not called.
func (r *reading) looksPersonal(m *mention) bool {
	if r.isPlace(m.to - 1) {
		return false
	}
	for i := m.from; i < m.to; i++ {
		if r.is(i, isDoc|isTime|isAnonymous|isHouseNoun|isStart|isConj) || r.toks[i].allCaps && !r.toks[m.from].allCaps && r.toks[i].end-r.toks[i].start > 3 {
			return false
		}
	}
	return true
}

// person is somebody whom the article names.
type person struct {
	name    string // the fullest
	surname string // small letters
	gender  class  // nameMale, nameFemale, or neither
	role    string
	firm    string

	capacity class // in which they speak: one of the classes of roles
}

// meetPeople gathers people from their full names, then gives bare surnames to
// those who bear them, then reads titles and firms beside every mention.
func (r *reading) meetPeople() {
	r.bySurname = map[string][]int{}
	r.findAliases()
	for i := range r.mentions {
		if m := &r.mentions[i]; m.kind == personName && m.to-m.from >= 2 {
			m.person = r.addPerson(m)
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.to-m.from == 1 && m.kind >= placeName && len(r.bySurname[strings.ToLower(m.name)]) > 0 && (!r.isPlace(m.from) || r.is(m.to, cueSay|cueTell)) {
			m.kind = unknownName // "Bond", "Israel said" where somebody bears the name
		}
		if m.to-m.from != 1 || m.kind != unknownName && m.kind != personName && (m.kind != firmName || r.knows(m.name)) {
			continue
		}
		if m.kind == unknownName && !r.is(m.from, isFirmWord|isTime) && len(r.bySurname[strings.ToLower(m.name)]) == 0 &&
			r.kind(m.to) == tkComma && r.is(m.to+1, isDet) && r.titleFollows(m.to+1) && r.vote(m) <= -2 {
			m.kind, m.person = personName, r.addPerson(m) // "Quill, the firm's chief strategist, said": the full name was lost
			continue
		}
		if strings.HasSuffix(r.in(max(m.from-1, 0), m.from), "-based") {
			continue // "Seattle-based Nordstrom", whoever else bears the name
		}
		if known := r.bySurname[strings.ToLower(m.name)]; len(known) > 0 {
			m.kind, m.person = personName, r.nearest(known, i)
			r.people[m.person].gender |= genderOf(m)
		} else if p := r.byForename(m.name); p >= 0 && r.is(m.from, isForename) {
			m.kind, m.person = personName, p
		} else if m.kind == personName {
			m.person = r.addPerson(m) // "Mr. Quill", never named in full
		} else if full := r.beginningWith(m.name); full != "" && m.kind == unknownName {
			m.kind, m.name, m.common = firmName, full, false
		}
	}
	for i := range r.mentions {
		if m := &r.mentions[i]; m.kind == personName && m.person >= 0 {
			m.common = false
			r.describe(m)
		}
	}
	r.housesOfTitles()
	for i := range r.people {
		r.people[i].capacity = r.typeOf(&r.people[i])
	}
}

// byForename is the one person with a forename, among the first of an article; -1
// where there is none or more than one.
func (r *reading) byForename(w string) int {
	found := -1
	for p := range r.people[:min(len(r.people), 30)] {
		if name := r.people[p].name; firstWord(name) == w && len(name) > len(w) {
			if found >= 0 {
				return -1
			}
			found = p
		}
	}
	return found
}

func genderOf(m *mention) class {
	switch {
	case m.male:
		return nameMale
	case m.female:
		return nameFemale
	}
	return 0
}

func (r *reading) addPerson(m *mention) int {
	last := m.to - 1
	for last > m.from+1 && isSuffix(r.in(last, last+1)) {
		last--
	}
	surname := strings.ToLower(r.in(last, last+1))
	gender := genderOf(m)
	if gender == 0 {
		switch c := r.toks[m.from].class & isForename; {
		case c == nameMale, c == nameFemale:
			gender = c
		}
	}
	namesakes := r.bySurname[surname]
	for _, p := range namesakes[max(0, len(namesakes)-20):] {
		if sameForename(r.people[p].name, m.name) {
			if len(m.name) > len(r.people[p].name) {
				r.people[p].name = m.name
			} else if !r.toks[last].allCaps && strings.ToUpper(r.people[p].name) == r.people[p].name {
				r.people[p].name = m.name // a transcript label, met before the name
			}
			r.people[p].gender |= gender
			return p
		}
	}
	r.people = append(r.people, person{name: m.name, surname: surname, gender: gender})
	r.bySurname[surname] = append(r.bySurname[surname], len(r.people)-1)
	return len(r.people) - 1
}

func isSuffix(w string) bool {
	switch strings.TrimSuffix(strings.ToLower(w), ".") {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

// sameForename reports whether two names with one surname can be one person's:
// "J. Smith" and "Jane Smith", "Steve Roe" and "Steven Roe".
func sameForename(a, b string) bool {
	x, y := strings.ToLower(firstWord(a)), strings.ToLower(firstWord(b))
	x, y = strings.TrimSuffix(x, "."), strings.TrimSuffix(y, ".")
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x) || !strings.Contains(a, " ") || !strings.Contains(b, " ")
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// nearest picks, of several people with one surname, the one named last before
// mention i, or else the first named after it.
func (r *reading) nearest(known []int, i int) int {
	if len(known) == 1 {
		return known[0]
	}
	for j := i - 1; j >= max(0, i-200); j-- {
		for _, p := range known {
			if r.mentions[j].person == p && r.mentions[j].kind == personName {
				return p
			}
		}
	}
	return known[0]
}
