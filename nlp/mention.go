package nlp

import "strings"

// mention is a name where it stands: tokens from..to, half open.
type mention struct {
	from, to int
	kind     nameKind
	person   int // index into people, for a person
	name     string
	opens    bool // the first word of a sentence
	common   bool // opens a sentence, and nothing else shows it to be a name
	female   bool // from "Ms."
	male     bool
}

type nameKind uint8

const (
	unknownName nameKind = iota
	personName
	firmName
	publicName // central banks, governments and their bodies
	mediaName
	placeName
	thingName // a people, an index, a word in a title: never a speaker
)

func (k nameKind) organisation() bool { return k == firmName || k == publicName || k == mediaName }

// findMentions finds the names outside quotation marks, tells people from
// organisations, and gathers what the article says about each person.
func (r *reading) findMentions() {
	r.mentionAt = make([]int32, len(r.toks))
	for _, s := range r.sentences {
		if r.shouted(s) {
			continue
		}
		for i := s.from; i < s.to; {
			if r.kind(i) == tkNumber && r.is(i-1, isPrep) && i+2 < s.to && r.toks[i].region < 0 && r.toks[i+1].capital {
				if end := r.nameRun(i+1, s.to); r.is(end-1, isFirmWord) && r.is(end-1, firmLegal|firmFinance) && !r.is(i+1, isTime) {
					r.addMention(i, end) // "of 400 Pell Capital LLC"
					i = end
					continue
				}
			}
			if !r.toks[i].capital || r.toks[i].region >= 0 || r.toks[i].kind != tkWord {
				i++
				continue
			}
			end := r.nameRun(i, s.to)
			r.sentenceStart = s.from
			r.cutRun(i, end, i == s.from)
			i = max(end, i+1)
		}
	}
	r.decideNames()
	r.meetPeople()
}

// shouted reports whether a sentence is a heading in capitals.
func (r *reading) shouted(s sentence) bool {
	if s.to-s.from < 2 {
		return false
	}
	for i := s.from + 2; i < min(s.from+5, s.to-1); i++ {
		if r.kind(i) == tkComma && r.is(i+1, isRoleHead|roleModifier) {
			return false // "LOU QUILL, SENIOR TRADER, TARN BANK", as wires set it above the words
		}
	}
	for i := s.from; i < s.to; i++ {
		if t := &r.toks[i]; t.kind == tkStop || t.kind == tkColon || t.kind == tkWord && !t.allCaps && t.end-t.start > 1 {
			return false
		}
	}
	return true
}

// maxName is the most tokens of a run of capitals: longer ones are no names, and
// would make the work on them grow with their square.
const maxName = 16

// nameRun is the end of the run of capitalised words that begins at i.
func (r *reading) nameRun(i, limit int) int {
	end := i + 1
	limit = min(limit, i+maxName)
	for end < limit && r.toks[end].region < 0 {
		t := &r.toks[end]
		next := end + 1
		nextCapital := next < limit && r.toks[next].capital && r.toks[next].region < 0 && r.toks[next].kind == tkWord
		switch {
		case t.kind == tkWord && t.capital:
			end++
		case t.kind == tkWord && nextCapital && (r.says(end, "&") || t.class&isParticle != 0 && !r.is(end-1, isFirmWord)):
			end += 2
		case r.says(end, "of") && nextCapital && ofFollows(r.in(end-1, end)), r.says(end, "for") && nextCapital && forFollows(r.in(end-1, end)):
			end += 2
		case t.kind == tkNumber && nextIsIndexNumber(r, end):
			end++
		case t.kind == tkPoss && r.knows(r.in(i, end)+"'s"):
			end++
		case t.kind == tkPoss && nextCapital:
			far, first := r.nameRun(next, limit), i
			if r.is(i, isDet) {
				first++
			}
			for known := far; known > next; known-- {
				if r.knows(r.in(first, known)) {
					return known // "People's Bank of China Governor"
				}
			}
			if !(r.is(i-1, isPrep) && far-next > 1 && r.is(far-1, isFirmWord) && !r.knows(r.in(i, end)) && !r.hasTitle(next, far)) {
				return end
			}
			end = far // "at Quill's Investment Research"
		case t.kind == tkComma && nextCapital && next+2 < limit && (r.says(next+1, "&") && r.toks[next+2].capital || r.knows(r.in(i, next+1))):
			end = next + 1 // "Tarn, Pell & Lowe"
		case r.says(end, "and") && end == i+1 && nextCapital && r.says(i-1, "the") && !r.is(i, isFirmWord) && !r.knows(r.in(i, end)):
			far := r.nameRun(next, limit)
			if far-next < 2 || !r.hasFirmWord(next, far) {
				return end
			}
			end = far // "the Trade and Growth Institute"
		case r.says(end, "of") && r.says(next, "the") && r.knows(r.in(i, min(next+2, limit))):
			end += 3 // "Bank of the West"
		default:
			return end
		}
	}
	return end
}

// hasFirmWord reports whether a word of organisations' names stands among tokens
// from..to.
func (r *reading) hasFirmWord(from, to int) bool {
	for i := from; i < to; i++ {
		if r.is(i, isFirmWord) {
			return true
		}
	}
	return false
}

// hasTitle reports whether a title stands among tokens from..to.
func (r *reading) hasTitle(from, to int) bool {
	for i := from; i < to; i++ {
		if r.is(i, isRoleHead) && !r.is(i, isFirmWord) {
			return true
		}
	}
	return false
}

func (r *reading) knows(name string) bool {
	return r.lex.of(name).firm
}

func nextIsIndexNumber(r *reading, i int) bool {
	n := r.in(i, i+1)
	return n == "2000" || n == "500" || n == "100" || n == "600" || n == "225"
}

// ofFollows reports whether an organisation's name can go on with "of" after w.
func ofFollows(w string) bool {
	switch strings.ToLower(w) {
	case "bank", "university", "institute", "federation", "association", "council", "guild", "board", "chamber",
		"department", "ministry", "bureau", "school", "college", "organization", "organisation", "reserve", "office", "fund":
		return true
	}
	return false
}

// forFollows reports whether it can go on with "for": "Centre for Market Studies".
func forFollows(w string) bool {
	switch strings.ToLower(w) {
	case "institute", "center", "centre", "foundation", "association", "council", "alliance", "agency", "forum":
		return true
	}
	return false
}

// cutRun makes mentions of a run of capitals. Titles inside it part a firm from a
// person: "Portwey Fed President Odo Quill".
func (r *reading) cutRun(from, to int, opens bool) {
	// The word that opens a sentence is a capital by position, not by nature.
	for opens && from < to && r.is(from, isStart|isPrep|isConj|isAdv) && !r.is(from, isForename) && !r.knows(r.in(from, to)) {
		from++
	}
	if opens && to-from >= 2 && r.is(from, isCue) && r.is(from, formPast|formThird) {
		from++ // "Stated Quill:"
	}
	for !opens && from < to && r.is(from, isDet) {
		from++
	}
	for i := from; i < to; i++ {
		if w := r.in(i, i+1); strings.HasSuffix(w, "-based") {
			end := i // "New York-based"
			for k := from; k < i; k++ {
				if r.lex.of(strings.TrimSuffix(r.in(k, i+1), "-based")).place {
					end = k
					break
				}
			}
			r.cutRun(from, end, false)
			r.cutRun(i+1, to, false)
			return
		}
		if r.is(i, isTime) && !(r.is(i, isForename) && i+1 < to && !r.is(i+1, isTime)) && !r.knows(r.in(from, to)) {
			r.cutRun(from, i, false)
			r.cutRun(i+1, to, false)
			return
		}
	}
	if from >= to {
		return
	}
	if e := r.lex.of(r.in(from, to)); e.firm || e.place || e.thing {
		r.addMention(from, to)
		return
	}
	if cut := r.nameAfterOffice(from, to); cut > from {
		r.cutRun(cut, to, false) // "Director of Government Affairs Lou Quill"
		return
	}
	for i := from + 1; i+1 < to; i++ { // "…Tarn Inc. Pell Street analyst": a sentence ends at "Inc."
		if r.text[r.toks[i].end-1] == '.' && r.legalForm(i) {
			r.cutRun(from, i+1, false)
			r.cutRun(i+1, to, true)
			return
		}
	}
	for i := from; i < to; i++ {
		if i > from && r.is(i, isMr|isMrs|isDr) {
			r.addMention(from, i) // "Vermont Sen. Odo Quill"
			r.cutRun(i, to, false)
			return
		}
		if !r.is(i, isRoleHead) || r.is(i, isFirmWord) && i+1 < to && r.is(i+1, isFirmWord) && (i > from || strings.HasSuffix(r.in(i, i+1), "s")) {
			continue
		}
		if r.is(i, isForename) || r.is(i, isFirmWord) && (i+1 == to || i+1 < to && r.says(i+1, "&")) && i > from && (!r.is(i-1, roleModifier) || strings.HasSuffix(r.in(i, i+1), "s") && !r.is(from, roleModifier|isRoleHead)) {
			continue // "Glasswing Investment Managers", "Tarn Economic Advisors", "Pell & Partners"
		}
		start := i
		for start > from && r.is(start-1, roleModifier) {
			start--
		}
		if start > from && r.says(start-1, "&") {
			continue
		}
		r.addMention(from, start)
		r.cutRun(i+1, to, false)
		return
	}
	r.addMention(from, to)
}

// legalForm reports whether the word at i ends a company's name.
func (r *reading) legalForm(i int) bool {
	return r.says(i, "inc.") || r.says(i, "corp.") || r.says(i, "ltd.") || r.says(i, "co.") && !r.says(i+1, "of")
}

// nameAfterOffice is where a person's name begins in the run of capitals behind
// "Director of", or from: a forename, and one or two words to the end.
func (r *reading) nameAfterOffice(from, to int) int {
	if !r.says(from-1, "of") && !r.says(from-1, "for") || from < 2 || !r.is(from-2, isRoleHead) && !r.toks[from-2].capital || to-from < 3 {
		return from
	}
	for i := max(from+1, to-3); i < to-1; i++ {
		if r.is(i, isForename) && !r.is(i, isFirmWord) && !r.is(to-1, isFirmWord) {
			return i
		}
	}
	return from
}

func (r *reading) addMention(from, to int) {
	m := mention{person: -1}
	for from < to-1 && r.is(from, isMr|isMrs|isDr) {
		m.male, m.female = r.is(from, isMr), r.is(from, isMrs)
		m.kind = personName
		from++
	}
	for from < to && (r.says(from, "&") || r.is(from, isDet|isConj) && from+1 < to && !r.says(from, "the")) {
		from++
	}
	// "Goldman Sachs US strategist": a place at the end belongs to the title.
	for to-from > 1 && !r.knows(r.in(from, to)) && r.is(to, isRoleHead|roleModifier) && (r.isPlace(to-1) || r.is(to-1, roleModifier) && !r.is(to-1, isFirmWord)) {
		to--
	}
	for from < to-1 && r.is(from, isPrep) && r.toks[from].allCaps && !r.knows(r.in(from, to)) {
		from++ // "STRATEGIST AT FERN BANK"
	}
	if from >= to {
		return
	}
	m.from, m.to, m.name = from, to, r.in(from, to)
	m.opens = from == r.sentenceStart
	if m.kind == unknownName {
		m.kind = r.shapeOf(&m)
	}
	r.mentions = append(r.mentions, m)
	for i := from; i < to; i++ {
		r.mentionAt[i] = int32(len(r.mentions))
	}
}

// shapeOf tells what a name is by its own words, as far as they tell.
func (r *reading) shapeOf(m *mention) nameKind {
	e := r.lex.of(m.name)
	if m.to-m.from > 2 && r.toks[m.from].allCaps && r.toks[m.to-1].allCaps {
		for i := m.from; i < m.to; i++ {
			if r.is(i, isPrep|isDet|isConj) && !r.says(i, "of") {
				return thingName // a heading: "TROUBLE IN THE U.S."
			}
		}
	}
	if r.is(m.from, isDet) && m.to-m.from > 1 {
		e = r.lex.of(r.in(m.from+1, m.to)) // "The Wall Street Journal"
	}
	switch {
	case e.thing:
		return thingName
	case e.place:
		return placeName
	case e.firm && e.firmKind == firmPublic:
		return publicName
	case e.firm && e.firmKind == firmMedia:
		return mediaName
	case e.firm:
		return firmName
	}
	if m.to-m.from == 1 {
		t := &r.toks[m.from]
		switch {
		case r.is(m.from, firmPublic):
			return publicName
		case r.is(m.from, firmMedia) && t.allCaps:
			return mediaName
		case t.class&(roleModifier|isRoleHead|isTeam|isDoc|isHouseNoun|isAnonymous|isStart|isPronoun) != 0 && (!t.allCaps || t.class&(roleModifier|isRoleHead) != 0):
			return thingName // "Chief", "Analysts", "FX" alone: no name
		case t.allCaps && r.text[t.start] >= 'A' && strings.ContainsAny(m.name, "0123456789"):
			return thingName // "VIDEO3", "H2"
		case t.allCaps && t.end-t.start <= 6:
			return firmName
		}
		return unknownName
	}
	var all class
	initials := 0
	for i := m.from; i < m.to; i++ {
		if c := r.toks[i].class & isFirmWord; c != 0 && (i > m.from || !r.is(i, isForename)) {
			all |= c
		}
		if r.says(i, "&") {
			all |= firmLegal
		}
		if n := r.toks[i].end - r.toks[i].start; n <= 2 && endsInStop(r.text, &r.toks[i]) && i > m.from {
			initials++
		}
		if r.toks[i].kind == tkNumber && i > m.from {
			return thingName
		}
		if r.text[r.toks[i].start] >= '0' && r.text[r.toks[i].start] <= '9' {
			all |= firmLegal
		}
	}
	switch {
	case all&firmPublic != 0:
		return publicName
	case all&firmMedia != 0 && all&firmFinance == 0:
		return mediaName
	case all != 0:
		return firmName
	case r.is(m.from, isForename) && m.to-m.from <= 4, initials > 0 && m.to-m.from <= 4:
		return personName
	case m.to-m.from > 4:
		return thingName
	}
	return unknownName
}

// isPlace reports whether the word at i is a place or a people.
func (r *reading) isPlace(i int) bool {
	e := r.lex.of(r.in(i, i+1))
	return e.place || e.thing
}
