package nlp

import "strings"

// cue is a word that may report what somebody says or thinks, with what belongs
// to it. Tokens from..to, half open, hold its whole group ("has repeatedly said",
// "according to"); at is the word itself.
type cue struct {
	at, from, to int
	word         uint32
	form         form
	not          bool // denied
	quote        int  // the quotation that ends right before it, or before a comma there; -1 for none
}

// form is the sort of a cue.
type form uint32

const (
	formPlain form = iota
	formIs         // third person
	formDid        // past
	formIng
	formAccording
	formColon    // before a quotation
	formDash     // behind one: “…” — NAME
	formFor      // "For NAME, …"
	formActs     // "raised its target"
	formAttitude // "is bullish on"
	formView     // "FIRM's base case is that", "in NAME's view"
	formWould    // "would avoid", "has a buy rating"
	formAnyEd    // verbs of no list, beside a quotation
	formAnyIng
	formAnyVerb
	formAnyS
	formAnyThat // before "that"
)

// findCues finds the words of a sentence that may report something, in order.
func (r *reading) findCues(s sentence) {
	r.cues = r.cues[:0]
	quoted := false
	for i := s.from; i < s.to && !quoted; i++ {
		quoted = r.toks[i].region >= 0
	}
	for i := s.from; i < s.to; i++ {
		if f, ok := r.mayReport(s, i, quoted); ok {
			r.cues = append(r.cues, r.cueAt(s, i, f))
		}
	}
}

// mayReport reports whether the word at i may report something: one of the list,
// any verb in a sentence with a quotation, or the mark beside one.
func (r *reading) mayReport(s sentence, i int, quoted bool) (form, bool) {
	t := &r.toks[i]
	if t.region >= 0 {
		return 0, false
	}
	switch t.kind {
	case tkWord:
	case tkColon:
		return formColon, r.text[t.start] == ':' && i > s.from && (r.shapeIn(s, i+1) == shQuote || i == s.to-1 && r.opensRegion(i+1))
	case tkDash:
		return formDash, quoted && i > s.from && r.shapes[i-1] == shQuote && r.isName(r.shapeIn(s, i+1))
	default:
		return 0, false
	}
	c := t.class
	switch {
	case c&isSource != 0 && r.isSourceAt(i):
		return formAccording, true
	case r.says(i, "for") && i == s.from:
		return formFor, r.somebodyAt(s, i+1)
	case t.capital && i > s.from && !t.allCaps:
		return 0, false
	}
	if m := r.mentionOver(i); m != nil && !m.common {
		return 0, false
	}
	if c&isCue != 0 && c&formBase != 0 && r.isNamed(i) {
		return 0, false // "such demand", "the note"
	}
	if c&formPast != 0 && r.says(i+1, "to") && i > s.from && (r.shapes[i-1] == shBe || r.shapes[i-1] == shAdv && r.shapeIn(s, i-2) == shBe) && c&isAttitude == 0 {
		return 0, false // "is said to be leaving"
	}
	switch {
	case c&isViewNoun != 0 && r.nounHere(i) && r.ownsView(s, i):
		return formView, true
	case c&isCue != 0:
		switch {
		case c&formGerund != 0 && c&formBase == 0:
			return formIng, true
		case c&formPast != 0:
			return formDid, true
		case c&formThird != 0:
			return formIs, true
		}
		return formPlain, true
	case c&cueAct != 0:
		return formActs, true
	case c&isAttitude != 0 && r.stayBefore(s, i) >= 0:
		return formAttitude, true
	case c&isViewNoun != 0 && r.ownsView(s, i):
		return formView, true
	case c&isAux != 0 && (r.says(i, "would") || (r.says(i, "has") || r.says(i, "have")) && r.ratingAhead(s, i+1)):
		return formWould, true
	case r.shapeIn(s, i+1) == shThat && c&(isBe|isAux|isPrep|isConj|isAdv|isDet|isPronoun|isRoleHead) == 0 && r.shapes[i] >= shVerb && r.shapes[i] <= shPlural:
		return formAnyThat, true // "weighs that"
	case !quoted:
		return 0, false
	}
	switch r.shapes[i] {
	case shEd:
		return formAnyEd, true
	case shVerb:
		return formAnyVerb, true
	case shIng, shPlural:
		// "Quill quotes, “…”", "“…,” Quill quips", never farther off
		for j := max(s.from, i-4); j < min(s.to, i+4); j++ {
			if r.shapes[j] == shQuote {
				if r.shapes[i] == shIng {
					return formAnyIng, true
				}
				return formAnyS, true
			}
		}
	}
	return 0, false
}

// isNamed reports whether the word at i can only be a noun: an article or an
// owner stands right before it, and it owns no view.
func (r *reading) isNamed(i int) bool {
	if i == 0 || r.is(i, isViewNoun) || r.toks[i-1].region >= 0 {
		return false
	}
	switch w := r.in(i-1, i); strings.ToLower(w) {
	case "a", "an", "the", "such", "my", "our", "their", "its":
		return true
	}
	return r.kind(i-1) == tkPoss
}

func (r *reading) isName(sh shape) bool {
	return sh == shPerson || sh == shFirm || sh == shName
}

// isSourceAt reports whether the words that belong to the source at i stand beside it.
func (r *reading) isSourceAt(i int) bool {
	e := r.lex.of(r.in(i, i+1))
	return (e.lead == "" || r.says(i-1, e.lead)) && (e.particle == "" || r.says(i+1, e.particle))
}

// somebodyAt reports whether a person, an organisation or one with a title opens
// at i: "NAME", "the strategist", "FIRM's NAME".
func (r *reading) somebodyAt(s sentence, i int) bool {
	switch r.shapeIn(s, i) {
	case shPerson, shFirm:
		return true
	case shDet:
	default:
		return false
	}
	for j := i + 1; j < min(i+7, s.to); j++ {
		if r.shapes[j] == shRole && r.kind(j) == tkWord {
			return true
		}
		if !r.is(j, roleModifier) {
			return false
		}
	}
	return false
}

// ratingAhead reports whether what can be rated follows: "has a buy rating".
func (r *reading) ratingAhead(s sentence, i int) bool {
	if i >= s.to || !r.is(i, isDet) && r.kind(i) != tkNumber && r.toks[i].region < 0 && !r.is(i, isAttitude) {
		return false
	}
	for j := i; j < min(i+6, s.to); j++ {
		if r.is(j, isRating|isAttitude) || r.says(j, "buy") || r.says(j, "hold") || r.says(j, "sell") {
			return true
		}
	}
	return false
}

// opensRegion reports whether the token at i opens a quotation.
func (r *reading) opensRegion(i int) bool {
	return i < len(r.toks) && r.toks[i].region >= 0 && r.kind(i) == tkQuoted
}

// stayBefore is the token of "is" or "remains" before the attitude at i, a few
// words at most between them: "is not very bullish", "is a buyer"; -1 for none.
func (r *reading) stayBefore(s sentence, i int) int {
	for j := i - 1; j >= s.from && j >= i-4; j-- {
		if r.is(j, isStay|isBe) && (r.kind(j) == tkWord || r.is(j-1, isPronoun)) {
			return j
		}
		switch r.shapes[j] {
		case shAdv, shDet, shNot, shWord, shEd, shTime:
			continue
		}
		if !r.is(j, isAdv) {
			break
		}
	}
	return -1
}

// ownsView reports whether the noun at i names a view that somebody holds: behind
// an owner, or before "of" or "at".
func (r *reading) ownsView(s sentence, i int) bool {
	if r.says(i+1, "of") || r.says(i+1, "at") || r.says(i+1, "from") {
		return true
	}
	for j := i - 1; j >= s.from && j >= i-4; j-- {
		if sh := r.shapes[j]; sh == shPossessive || sh == shOwner {
			return true
		} else if sh == shComma || sh == shPrep || sh == shAnd {
			return false
		}
	}
	return false
}

// cueAt reads what belongs to the cue at i.
func (r *reading) cueAt(s sentence, i int, f form) cue {
	c := cue{at: i, from: i, to: i + 1, word: r.toks[i].word, form: f, quote: -1}
	switch f {
	case formColon, formDash, formFor, formView:
		if f != formView {
			c.word = uint32(f)
		}
	case formAccording:
		e := r.lex.of(r.in(i, i+1))
		if e.particle != "" {
			c.to++
		}
		if e.lead != "" {
			c.from--
		}
	case formAttitude:
		c.from = r.stayBefore(s, i)
	default:
		if p := r.lex.of(r.in(i, i+1)).particle; p != "" && r.says(i+1, p) {
			c.to++
		}
	}
	if f != formFor && f != formDash && f != formColon && f != formView {
		for c.from > s.from && i-c.from < 8 && r.toks[c.from-1].region < 0 {
			sh := r.shapes[c.from-1]
			if sh != shAux && sh != shNot && sh != shAdv && sh != shBe {
				break
			}
			c.from--
		}
	}
	for j := c.from; j < i; j++ {
		c.not = c.not || r.shapes[j] == shNot || strings.HasSuffix(r.in(j, j+1), "n't") || strings.HasSuffix(r.in(j, j+1), "n’t")
	}
	if c.from > s.from {
		c.quote = r.quotationEnding(c.from - 1)
	}
	return c
}

// quotationEnding is the region that ends at token i, or before a comma or dash at i; -1 for none.
func (r *reading) quotationEnding(i int) int {
	if i > 0 && (r.kind(i) == tkComma || r.kind(i) == tkDash) && r.toks[i].region < 0 {
		i--
	}
	if i >= 0 && r.toks[i].region >= 0 && (i+1 == len(r.toks) || r.toks[i+1].region != r.toks[i].region) {
		return r.toks[i].region
	}
	return -1
}

// candidate is a phrase that may be the subject of a cue.
type candidate struct {
	nounPhrase
	after bool
	order int // how many phrases stand between it and the cue
}

// Candidates for a subject: so many on either side, so many tokens behind.
const (
	nearBefore = 10
	nearAfter  = 4
	farBefore  = 100
	farAfter   = 14
)

// nominate lists the phrases of the sentence that may be the subject of a cue,
// the nearest first. The word right before the cue is one of them whatever it is.
func (r *reading) nominate(s sentence, c *cue) []candidate {
	list := r.candidates[:0]
	first := len(r.phrases)
	for n := range r.phrases {
		if r.phrases[n].head >= c.at {
			first = n
			break
		}
	}
	switch {
	case c.form == formView:
		if p, ok := r.ownerBefore(s, c.at); ok {
			list = append(list, candidate{nounPhrase: p})
		}
	case c.from > s.from:
		i := c.from - 1
		if n := first - 1; r.toks[i].region < 0 && r.toks[i].kind == tkWord && (n < 0 || r.phrases[n].to <= i) {
			list = append(list, candidate{nounPhrase: nounPhrase{from: r.phraseStart(s, i), to: i + 1, head: i, shape: shWord}})
		}
	}
	for n := first - 1; n >= 0 && first-n <= nearBefore && c.at-r.phrases[n].to <= farBefore; n-- {
		list = append(list, candidate{nounPhrase: r.phrases[n], order: first - 1 - n})
	}
	for n := first; n < len(r.phrases) && n-first < nearAfter; n++ {
		if r.phrases[n].from < c.to {
			continue
		}
		if r.phrases[n].from-c.to > farAfter {
			break
		}
		list = append(list, candidate{nounPhrase: r.phrases[n], order: n - first, after: true})
	}
	r.candidates = list
	return list
}

// ownerBefore is the phrase that owns the noun at i: "NAME's base case", "his view".
func (r *reading) ownerBefore(s sentence, i int) (nounPhrase, bool) {
	for j := i - 1; j >= s.from && j >= i-4; j-- {
		switch r.shapes[j] {
		case shOwner:
			return nounPhrase{from: j, to: j + 1, head: j, shape: shOwner}, true
		case shPossessive:
			if at := r.mentionAt[max(j-1, 0)]; j > s.from && at != 0 {
				m := &r.mentions[at-1]
				return nounPhrase{from: r.phraseStart(s, m.from), to: m.to, head: m.to - 1, shape: r.shapes[m.from], mention: at}, true
			}
			if j > s.from && r.shapes[j-1] == shHouse {
				return nounPhrase{from: r.phraseStart(s, j-1), to: j, head: j - 1, shape: shHouse}, true
			}
			return nounPhrase{}, false
		}
	}
	return nounPhrase{}, false
}

// clause is a reporting clause: a cue with its subject.
type clause struct {
	cue
	subject candidate
	start   int // of the clause: the subject or the cue, whichever is first
	end     int // behind the cue, or behind the subject where that follows
	odds    float64
}

func (r *reading) clauseOf(s sentence, c cue, subject candidate, odds float64) clause {
	k := clause{cue: c, subject: subject, start: min(r.withTitle(s, &subject), c.from), end: c.to, odds: odds}
	if subject.after {
		k.start, k.end = c.from, subject.to
	}
	return k
}

// withTitle is where a subject begins with the title set off before it: "its chief
// economist, NAME, said".
func (r *reading) withTitle(s sentence, p *candidate) int {
	if before := p.from - 1; p.mention != 0 && before > s.from && (r.says(before, "including") || r.says(before, "by") && r.says(before-1, "led")) {
		if r.says(before, "by") {
			before--
		}
		if before > s.from && r.shapes[before-1] == shComma {
			before--
		}
		for n := range r.phrases { // "FIRM's strategists including NAME"
			if q := &r.phrases[n]; q.to <= before && q.to > before-6 && (q.shape == shTeam || q.shape == shRole) {
				return q.from
			}
		}
	}
	if p.mention != 0 && p.from-1 > s.from && r.says(p.from-1, "and") {
		for n := range r.phrases { // "NAME and NAME wrote"
			if q := &r.phrases[n]; q.to == p.from-1 && q.mention != 0 {
				return q.from
			}
		}
	}
	if p.from-1 <= s.from || r.shapes[p.from-1] != shComma || r.shapeIn(s, p.to) != shComma || p.mention == 0 {
		return p.from
	}
	for n := range r.phrases {
		if q := &r.phrases[n]; q.to == p.from-1 && q.mention == 0 && (q.shape == shRole || q.shape == shNobody) {
			return q.from
		}
	}
	title := false // “…,” FIRM's head of research, NAME, said
	for i := p.from - 2; i > max(s.from, p.from-16); i-- {
		switch r.shapes[i] {
		case shQuote:
			if title {
				return i + 1
			}
			return p.from
		case shBe, shAux, shVerb, shSayPast, shSayThird, shComma, shColon, shSemicolon, shStop:
			return p.from
		case shRole:
			title = true
		}
	}
	return p.from
}

// clausesOf are the reporting clauses of a sentence, in order, read once.
func (r *reading) clausesOf(index int) []clause {
	if at := r.clausesAt[index]; at[1] > 0 {
		return r.clauses[at[0] : at[1]-1]
	}
	s := r.sentences[index]
	first := len(r.clauses)
	r.findCues(s)
	if len(r.cues) > 0 {
		r.findPhrases(s)
	}
	r.subjectEnd = 0
	for n := range r.cues {
		c := &r.cues[n]
		if c.form == formColon && r.subjectEnd > 0 {
			continue // "NAME said: “…”": the verb reports
		}
		subject, odds, ok := r.subjectOf(s, c)
		if !ok {
			continue
		}
		r.clauses = append(r.clauses, r.clauseOf(s, *c, subject, odds))
		r.subjectEnd = subject.to
	}
	r.clausesAt[index] = [2]int{first, len(r.clauses) + 1}
	return r.clauses[first:len(r.clauses):len(r.clauses)]
}

// leniency is taken from the score of "it reports nothing": what is let pass here
// is judged once more as a whole, with its words and its speaker known.
const leniency = 0.7

// subjectOf decides who is the subject of a cue; ok is false where the word
// reports nothing.
func (r *reading) subjectOf(s sentence, c *cue) (subject candidate, odds float64, ok bool) {
	list := r.nominate(s, c)
	r.begin()
	r.noSubjectFacts(&r.facts, s, c)
	r.weigh()
	r.scores[0] -= leniency
	for i := range list {
		r.subjectFacts(&r.facts, s, c, &list[i])
		r.weigh()
	}
	best, p := r.decide()
	if best == 0 {
		return candidate{}, p, false
	}
	return list[best-1], p, true
}
