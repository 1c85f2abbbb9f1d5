package nlp

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed lexicon/attribution/*.txt
var attributionFiles embed.FS

// class is a set of the word classes that attribution asks about. One lookup of
// a token yields all of them, so the stages after it only test bits.
type class uint64

const (
	isHe class = 1 << iota
	isShe
	isThey
	isIt
	isI
	isWho
	isThat
	isDet
	isBe
	isAux
	isAdv
	isPrep
	isTime
	isConj
	isDoc
	isAudience
	isFirmNoun
	isTeam
	isDocSubject
	isShow
	isGoingOn  // open a sentence that goes on with what was reported
	isHouse    // kinds of business that stand before a firm's name: "asset manager Tarn"
	isStart    // opens sentences in capitals without being a name
	isParticle // "van", "de" inside a name
	isMr
	isMrs
	isDr

	cueSay // as in cues.txt
	cueTell
	cueThink
	cueCall
	formBase
	formThird
	formPast
	formGerund

	roleAnalyst // as in roles.txt
	rolePlain
	roleOfficial
	roleExecutive
	roleOther
	roleModifier

	firmFinance // as in firmwords.txt
	firmLegal
	firmPublic
	firmMedia

	nameMale
	nameFemale
	nameEither

	isAnonymous
	isAbbreviation

	cueAct     // verbs that change a target or a rating
	isAttitude // "bullish", said of somebody
	isRating   // what such a verb changes: a target, odds, a stance
	isViewNoun // what somebody's view can be called
	isStay     // "remains", before an attitude

	isCue      = cueSay | cueTell | cueThink | cueCall
	isRoleHead = roleAnalyst | rolePlain | roleOfficial | roleExecutive | roleOther
	isFirmWord = firmFinance | firmLegal | firmPublic | firmMedia
	isForename = nameMale | nameFemale | nameEither
	isPronoun  = isHe | isShe | isThey | isIt | isI
)

// attributionLexicon is what the files under lexicon/attribution say.
type attributionLexicon struct {
	words    map[string]class
	particle map[string]string // the word that must follow a cue: "out" after "points"
	firms    map[string]knownFirm
	places   map[string]bool
	vendors  map[string]bool

	lineStarts, lineHas []string
	sectionEnds         map[string]bool
}

type knownFirm struct {
	full string // the longer form, if the file gives one
	kind class  // firmPublic, firmMedia or firmFinance
}

// classNames maps the labels of the "label: words" files to bits.
var classNames = map[string]class{
	"he": isHe, "she": isShe, "they": isThey, "it": isIt, "i": isI, "who": isWho, "that": isThat,
	"det": isDet, "be": isBe, "aux": isAux, "adv": isAdv, "prep": isPrep, "time": isTime, "conj": isConj,
	"doc": isDoc, "audience": isAudience, "firmnoun": isFirmNoun, "teamnoun": isTeam, "docsubject": isDocSubject,
	"show": isShow, "house": isHouse, "goingon": isGoingOn, "start": isStart, "particle": isParticle,
	"title-m": isMr, "title-f": isMrs, "title-n": isDr,
	"analyst": roleAnalyst, "plain": rolePlain, "official": roleOfficial, "executive": roleExecutive,
	"other": roleOther, "modifier": roleModifier,
	"finance": firmFinance, "legal": firmLegal, "public": firmPublic, "media": firmMedia,
	"m": nameMale, "f": nameFemale, "n": nameEither,
	"say": cueSay, "tell": cueTell, "think": cueThink, "call": cueCall, "act": cueAct,
	"attitude": isAttitude, "rating": isRating, "view": isViewNoun, "stay": isStay,
}

func loadAttribution() (*attributionLexicon, error) {
	lex := &attributionLexicon{
		words: make(map[string]class, 8192), particle: map[string]string{},
		firms: map[string]knownFirm{}, places: map[string]bool{}, vendors: map[string]bool{}, sectionEnds: map[string]bool{},
	}
	for _, load := range []struct {
		file string
		line func(line string) error
	}{
		{"words.txt", lex.addClassLine}, {"roles.txt", lex.addClassLine},
		{"firmwords.txt", lex.addClassLine}, {"forenames.txt", lex.addClassLine},
		{"cues.txt", lex.addCueLine}, {"firms.txt", lex.addFirmLine}, {"boilerplate.txt", lex.addBoilerplateLine},
		{"anonymous.txt", func(l string) error { return lex.addWords(l, isAnonymous) }},
		{"abbreviations.txt", func(l string) error { return lex.addWords(l, isAbbreviation) }},
		{"places.txt", func(l string) error {
			for p := range strings.SplitSeq(l, ",") {
				lex.places[strings.TrimSpace(p)] = true
			}
			return nil
		}},
		{"vendors.txt", func(l string) error { lex.vendors[l] = true; return nil }},
	} {
		name := "lexicon/attribution/" + load.file
		data, err := attributionFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		number := 0
		for line := range strings.Lines(string(data)) {
			number++
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if err := load.line(line); err != nil {
				return nil, fmt.Errorf("%s line %d: %w", name, number, err)
			}
		}
	}
	return lex, nil
}

func (lex *attributionLexicon) addWords(line string, c class) error {
	for w := range strings.FieldsSeq(line) {
		lex.words[w] |= c
	}
	return nil
}

func (lex *attributionLexicon) addClassLine(line string) error {
	label, words, ok := strings.Cut(line, ":")
	c, known := classNames[label]
	if !ok || !known {
		return fmt.Errorf("want a known class and a colon, got %q", line)
	}
	return lex.addWords(words, c)
}

func (lex *attributionLexicon) addCueLine(line string) error {
	label, rest, _ := strings.Cut(line, ":")
	construction := classNames[label] & (isCue | cueAct)
	fields := strings.Fields(rest)
	if construction == 0 || len(fields) < 4 {
		return fmt.Errorf("want a construction and four forms, got %q", line)
	}
	for i, form := range []class{formBase, formThird, formPast, formGerund} {
		lex.words[fields[i]] |= construction | form
		if len(fields) > 4 {
			lex.particle[fields[i]] = strings.TrimPrefix(fields[4], "+")
		}
	}
	return nil
}

func (lex *attributionLexicon) addFirmLine(line string) error {
	firm := knownFirm{kind: firmFinance}
	name, kind, hasKind := strings.Cut(line, " ~ ")
	if hasKind {
		if firm.kind = classNames[kind] & (firmPublic | firmMedia); firm.kind == 0 {
			return fmt.Errorf("unknown kind of firm %q", kind)
		}
	}
	name, firm.full, _ = strings.Cut(name, " = ")
	lex.firms[strings.ToLower(name)] = firm
	return nil
}

func (lex *attributionLexicon) addBoilerplateLine(line string) error {
	kind, phrase, _ := strings.Cut(line, ": ")
	switch kind {
	case "starts":
		lex.lineStarts = append(lex.lineStarts, phrase)
	case "has":
		lex.lineHas = append(lex.lineHas, phrase)
	case "ends":
		lex.sectionEnds[phrase] = true
	default:
		return fmt.Errorf("want starts, has or ends, got %q", line)
	}
	return nil
}
