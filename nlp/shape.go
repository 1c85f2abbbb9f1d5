package nlp

import "strings"

// shape is the part that a token plays as far as its own form shows it: the
// coarse alphabet in which clauses are read. It stands for a part of speech,
// which it does not try to be: an unknown word is told by its ending alone.
type shape uint8

const (
	shEdge shape = iota // outside of the sentence
	shComma
	shColon
	shSemicolon
	shDash
	shStop
	shBracket
	shPossessive
	shQuote  // a quotation mark that bounds a region
	shQuoted // inside a region
	shMark   // any other mark
	shPerson
	shFirm
	shPublic
	shMedia
	shPlace
	shName // a name of nobody knows what
	shHe
	shThey
	shIt
	shI
	shYou
	shObject // him, them, me
	shWho
	shWhich
	shThat
	shDet
	shOwner // his, their
	shBe
	shAux
	shNot
	shTo
	shAs
	shOf
	shPrep
	shAnd
	shWhile // subordinators: while, because, if
	shWh    // what, how, whether
	shAdv
	shTime
	shSayBase
	shSayThird
	shSayPast
	shSaying
	shThink
	shRole
	shTeam
	shHouse // bank, company
	shPaper // note, report
	shNobody
	shNumber
	shVerb
	shIng
	shEd
	shPlural
	shCapital
	shWord
	shapes
)

// shapeIn is the shape of the token at i for a reader of sentence s.
func (r *reading) shapeIn(s sentence, i int) shape {
	if i < s.from || i >= s.to {
		return shEdge
	}
	return r.shapes[i]
}

// findShapes tells the shape of every token.
func (r *reading) findShapes() {
	r.shapes = make([]shape, len(r.toks))
	for i := range r.toks {
		r.shapes[i] = r.shapeAt(i)
	}
}

func (r *reading) shapeAt(i int) shape {
	t := &r.toks[i]
	if t.region >= 0 {
		if t.kind == tkQuoted {
			return shQuote
		}
		return shQuoted
	}
	switch t.kind {
	case tkComma:
		return shComma
	case tkColon:
		if r.text[t.start] == ';' {
			return shSemicolon
		}
		return shColon
	case tkDash:
		return shDash
	case tkStop:
		return shStop
	case tkPoss:
		return shPossessive
	case tkNumber:
		return shNumber
	case tkQuoted:
		return shQuote
	case tkOther:
		switch r.text[t.start] {
		case '(', ')', '[', ']':
			return shBracket
		}
		return shMark
	}
	if m := r.mentionOver(i); m != nil && !m.common {
		switch m.kind {
		case personName:
			return shPerson
		case firmName:
			return shFirm
		case publicName:
			return shPublic
		case mediaName:
			return shMedia
		case placeName, thingName:
			if t.class&(isRoleHead|roleModifier|isTeam) == 0 {
				return shPlace
			}
		default:
			return shName
		}
	}
	w := r.text[t.start:t.end]
	switch c := t.class; {
	case c&isNot != 0:
		return shNot
	case c&isBe != 0:
		return shBe
	case c&isAux != 0:
		return shAux
	case c&(isHe|isShe) != 0:
		switch {
		case strings.EqualFold(w, "he"), strings.EqualFold(w, "she"):
			return shHe
		case strings.EqualFold(w, "him"), strings.EqualFold(w, "himself"), strings.EqualFold(w, "herself"):
			return shObject
		}
		return shOwner
	case c&isThey != 0:
		switch {
		case strings.EqualFold(w, "they"):
			return shThey
		case strings.EqualFold(w, "them"):
			return shObject
		}
		return shOwner
	case c&isIt != 0:
		if strings.EqualFold(w, "it") {
			return shIt
		}
		return shOwner
	case c&isI != 0:
		if strings.EqualFold(w, "my") || strings.EqualFold(w, "our") {
			return shOwner
		}
		return shI
	case c&isWho != 0:
		return shWho
	case c&isThat != 0:
		return shThat
	case c&isWh != 0:
		if strings.EqualFold(w, "which") {
			return shWhich
		}
		return shWh
	case c&isPaper != 0 && c&(formBase|formThird) != 0 && r.nounHere(i):
		return shPaper
	case c&isEither != 0 && r.ownedHere(i):
		if w[len(w)-1] == 's' {
			return shPlural
		}
		return shWord
	case c&isCue != 0 && !(t.capital && i > 0 && r.kind(i-1) == tkWord):
		switch {
		case c&formGerund != 0:
			return shSaying
		case c&(cueSay|cueTell) == 0:
			return shThink
		case c&formThird != 0:
			return shSayThird
		case c&formPast != 0:
			return shSayPast
		}
		return shSayBase
	case c&isTeam != 0:
		return shTeam
	case c&isRoleHead != 0:
		return shRole
	case c&isHouseNoun != 0:
		return shHouse
	case c&isTime != 0:
		return shTime
	case c&isPaper != 0:
		return shPaper
	case c&isDet != 0:
		return shDet
	case c&isPrep != 0:
		switch {
		case strings.EqualFold(w, "to"):
			return shTo
		case strings.EqualFold(w, "of"):
			return shOf
		}
		return shPrep
	case c&isConj != 0:
		switch strings.ToLower(w) {
		case "and", "but", "or", "nor", "yet":
			return shAnd
		case "as":
			return shAs
		}
		return shWhile
	case c&isAdv != 0:
		return shAdv
	case c&isAnonymous != 0:
		return shNobody
	case c&isVerb != 0:
		return shVerb
	case strings.EqualFold(w, "you"):
		return shYou
	case strings.EqualFold(w, "us"), strings.EqualFold(w, "me"):
		return shObject
	case t.capital:
		return shCapital
	case len(w) > 4 && strings.HasSuffix(w, "ly"):
		return shAdv
	case len(w) > 4 && strings.HasSuffix(w, "ing"):
		return shIng
	case len(w) > 3 && strings.HasSuffix(w, "ed"):
		return shEd
	case len(w) > 3 && w[len(w)-1] == 's' && w[len(w)-2] != 's':
		return shPlural
	}
	return shWord
}

// ownedHere reports whether an article or an owner stands before the word at i, with
// none but words in small letters of one thing between: "the Fed's rate cut", "a
// sharp rise", and not "the banks cut".
func (r *reading) ownedHere(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		switch r.shapes[j] {
		case shDet, shOwner, shPossessive:
			return !r.is(j, isThat)
		case shWord, shEd, shThink, shSayBase:
		default:
			return false
		}
	}
	return false
}

// nounHere reports whether the word at i, which may be a verb too, follows an
// article or an owner as nouns do: "the latest report", "UBS's forecast".
func (r *reading) nounHere(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if r.kind(j) == tkPoss || r.is(j, isDet) || r.is(j, isHe|isShe|isThey|isIt) && !r.says(j, "he") && !r.says(j, "she") && !r.says(j, "they") && !r.says(j, "it") {
			return true
		}
		if m := r.mentionOver(j); m != nil && m.kind.organisation() && j == i-1 {
			return !r.is(i, formThird) // "a UBS report", but "UBS reports"
		}
		if r.kind(j) != tkWord || r.is(j, isPrep|isConj|isAux|isBe|isCue) {
			return false
		}
	}
	return false
}
