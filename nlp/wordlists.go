package nlp

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed lexicon/attribution/*.txt
var attributionFiles embed.FS

//go:embed model/attribution.txt
var attributionModel []byte

// attributionLexicon is what the files under lexicon/attribution say, compiled
// into one trie, and the weights that were learned for their use. It is only read
// once it is loaded.
type attributionLexicon struct {
	trie    *trie
	entries []lexEntry // by what the trie finds
	weights *weights

	lineStarts, lineHas []string
	sectionEnds         map[string]bool

	ordinary map[string]bool // words that need be no name where a sentence opens with them
}

// lexEntry is all that the lists say of one word or name.
type lexEntry struct {
	class    class
	particle string // the word that must follow a cue: "out" after "points"
	lead     string // the word that must stand before a source: "in" before "line with"
	firm     bool   // a known organisation
	firmKind class  // firmPublic, firmMedia or firmFinance
	full     string // its longer form, if the list gives one
	place    bool
	thing    bool // names nobody who could speak
	vendor   bool
}

var noEntry lexEntry

// lexLoader gathers the entries before they are compiled.
type lexLoader struct {
	*attributionLexicon
	keys  []string
	place map[string]int
}

func loadAttribution() (*attributionLexicon, error) {
	l := &lexLoader{attributionLexicon: &attributionLexicon{sectionEnds: map[string]bool{}, ordinary: make(map[string]bool, 13_000)}, place: map[string]int{}}
	for _, load := range []struct {
		file string
		line func(line string) error
	}{
		{"words.txt", l.addClassLine}, {"roles.txt", l.addClassLine},
		{"firmwords.txt", l.addClassLine}, {"forenames.txt", l.addClassLine},
		{"cues.txt", l.addCueLine}, {"firms.txt", l.addFirmLine}, {"boilerplate.txt", l.addBoilerplateLine},
		{"anonymous.txt", func(line string) error { return l.addWords(line, isAnonymous) }},
		{"abbreviations.txt", func(line string) error { return l.addWords(line, isAbbreviation) }},
		{"places.txt", l.eachName(func(e *lexEntry) { e.place = true })},
		{"things.txt", l.eachName(func(e *lexEntry) { e.thing = true })},
		{"ordinary.txt", l.addOrdinaryLine},
		{"vendors.txt", func(line string) error { l.entry(line).vendor = true; return nil }},
	} {
		if err := eachLine("lexicon/attribution/"+load.file, load.line); err != nil {
			return nil, err
		}
	}
	l.trie = compileTrie(l.keys)
	var err error
	if l.weights, err = loadWeights(attributionModel); err != nil {
		return nil, fmt.Errorf("model/attribution.txt: %w", err)
	}
	return l.attributionLexicon, nil
}

// eachLine hands the lines of an embedded list to add, comments and blank lines
// left out.
func eachLine(name string, add func(line string) error) error {
	data, err := attributionFiles.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := add(line); err != nil {
			return fmt.Errorf("%s line %d: %w", name, number, err)
		}
	}
	return nil
}

// eachName reads lines of names with commas between them.
func (l *lexLoader) eachName(mark func(e *lexEntry)) func(line string) error {
	return func(line string) error {
		for name := range strings.SplitSeq(line, ",") {
			mark(l.entry(strings.TrimSpace(name)))
		}
		return nil
	}
}

// entry is the entry of a word or name, made where there is none yet.
func (l *lexLoader) entry(key string) *lexEntry {
	key = foldKey(key)
	n, ok := l.place[key]
	if !ok {
		n = len(l.keys)
		l.place[key] = n
		l.keys = append(l.keys, key)
		l.entries = append(l.entries, lexEntry{})
	}
	return &l.entries[n]
}

func (l *lexLoader) addWords(line string, c class) error {
	for w := range strings.FieldsSeq(line) {
		l.entry(w).class |= c
	}
	return nil
}

func (l *lexLoader) addOrdinaryLine(line string) error {
	for w := range strings.FieldsSeq(line) {
		l.ordinary[w] = true
	}
	return nil
}

func (l *lexLoader) addClassLine(line string) error {
	label, words, ok := strings.Cut(line, ":")
	c, known := classNames[label]
	if !ok || !known {
		return fmt.Errorf("want a known class and a colon, got %q", line)
	}
	return l.addWords(words, c)
}

func (l *lexLoader) addCueLine(line string) error {
	label, rest, _ := strings.Cut(line, ":")
	construction := classNames[label] & (isCue | cueAct)
	fields := strings.Fields(rest)
	if label == "source" && len(fields) == 3 {
		e := l.entry(fields[0])
		e.class |= isSource
		e.lead, e.particle = strings.Trim(fields[1], "-"), strings.Trim(fields[2], "-")
		return nil
	}
	if construction == 0 || len(fields) < 4 || len(fields) > 5 {
		return fmt.Errorf("want a construction and four forms, got %q", line)
	}
	for i, form := range []class{formBase, formThird, formPast, formGerund} {
		if fields[i] == "-" {
			continue
		}
		e := l.entry(fields[i])
		e.class |= construction | form
		if len(fields) == 5 {
			e.particle = strings.TrimPrefix(fields[4], "+")
		}
	}
	return nil
}

func (l *lexLoader) addFirmLine(line string) error {
	name, kind, hasKind := strings.Cut(line, " ~ ")
	name, full, _ := strings.Cut(name, " = ")
	e := l.entry(name)
	e.firm, e.full, e.firmKind = true, full, firmFinance
	if hasKind {
		if e.firmKind = classNames[kind] & (firmPublic | firmMedia | firmLegal); e.firmKind == 0 {
			return fmt.Errorf("unknown kind of firm %q", kind)
		}
	}
	return nil
}

func (l *lexLoader) addBoilerplateLine(line string) error {
	kind, phrase, _ := strings.Cut(line, ": ")
	switch kind {
	case "starts":
		l.lineStarts = append(l.lineStarts, phrase)
	case "has":
		l.lineHas = append(l.lineHas, phrase)
	case "ends":
		l.sectionEnds[phrase] = true
	default:
		return fmt.Errorf("want starts, has or ends, got %q", line)
	}
	return nil
}

// look is what the lists say of a word or name, and a number for it that is the
// same for all its spellings.
func (lex *attributionLexicon) look(w string) (*lexEntry, uint32) {
	n, number := lex.trie.find(w)
	if n == 0 {
		return &noEntry, number
	}
	return &lex.entries[n-1], number
}

// of is what the lists say of a word or name.
func (lex *attributionLexicon) of(w string) *lexEntry {
	e, _ := lex.look(w)
	return e
}

// classOf is the classes of a word.
func (lex *attributionLexicon) classOf(w string) class { return lex.of(w).class }
