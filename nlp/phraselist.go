package nlp

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// family groups entries of which the longest wins where they overlap: "not
// priced in" hides the "priced in" inside it.
type family uint8

const (
	familyStance family = iota
	familyTheme
	familySubject
	familyHorizon
	familyClaim
	familyNegation
)

// entry is one line of a phrase list.
type entry struct {
	family family
	class  int // of the family: a section, a theme, a subject
	weight float64
}

// lexicon is every phrase list, compiled into one trie. The names of markets
// are in a second one too, which is run over whole articles.
type lexicon struct {
	words    *vocabulary
	phrases  *phrases
	subjects *phrases
	entries  []entry
	plain    wordSet // never shown as a reason
	standing wordSet // speak of what stands now
	hanging  wordSet // neither first nor last of what is shown
	opening  wordSet // not last of it
	marks    marks
}

// wordSet is a set of words by number.
type wordSet []bool

func (s wordSet) has(w word) bool { return int(w) < len(s) && s[w] }

// Limits of a phrase list, against a slip that would fill the memory.
const (
	longestPhrase  = 200 // characters
	mostExpansions = 400 // phrases that one line stands for
)

// phraseLists are the files of the lexicon folder, with the sections that each
// may hold, in the order of their classes.
var phraseLists = []struct {
	file     string
	family   family
	sections []string
}{
	{"stance.txt", familyStance, stanceSections},
	{"negation.txt", familyNegation, negationSections},
	{"horizons.txt", familyHorizon, horizonSections},
	{"claims.txt", familyClaim, claimSections},
	{"subjects.txt", familySubject, names(tenor.Subjects())},
}

func names[S ~string](list []S) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return all
}

// loadLexicon compiles the phrase lists of folder dir in fsys. Every theme of
// tenor.Themes must have its list, themes/<theme>.txt.
func loadLexicon(fsys fs.FS, dir string) (*lexicon, error) {
	l := &lexicon{words: newVocabulary(), phrases: newPhrases(), subjects: newPhrases()}
	for _, f := range phraseLists {
		if err := l.load(fsys, path.Join(dir, f.file), f.family, f.sections, -1); err != nil {
			return nil, err
		}
	}
	for i, theme := range tenor.Themes() {
		if err := l.load(fsys, path.Join(dir, "themes", string(theme)+".txt"), familyTheme, nil, i); err != nil {
			return nil, err
		}
	}
	var err error
	if l.plain, err = l.loadWords(fsys, path.Join(dir, "plain.txt")); err != nil {
		return nil, err
	}
	if l.standing, err = l.loadWords(fsys, path.Join(dir, "standing.txt")); err != nil {
		return nil, err
	}
	if l.hanging, err = l.loadWords(fsys, path.Join(dir, "hanging.txt")); err != nil {
		return nil, err
	}
	if l.opening, err = l.loadWords(fsys, path.Join(dir, "opening.txt")); err != nil {
		return nil, err
	}
	l.numberMarks()
	l.seal()
	return l, nil
}

// loadWords reads a list of single words.
func (l *lexicon) loadWords(fsys fs.FS, name string) (wordSet, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read word list: %w", err)
	}
	var set wordSet
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range l.words.wordsOf(line) {
			for len(set) <= int(w) {
				set = append(set, false)
			}
			set[w] = true
		}
	}
	return set, nil
}

// seal makes vocabulary and tries ready to be looked up.
func (l *lexicon) seal() {
	l.words.seal()
	l.phrases.seal(l.words.size())
	l.subjects.seal(l.words.size())
}

// load reads one list. sections names the "[section]" headings that it may
// have; a list without sections puts every phrase into class.
func (l *lexicon) load(fsys fs.FS, name string, fam family, sections []string, class int) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read phrase list: %w", err)
	}
	seen := map[string]int{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			if class = slices.Index(sections, strings.Trim(line, "[]")); class < 0 {
				return fmt.Errorf("%s:%d: unknown section %s", name, i+1, line)
			}
			continue
		}
		if class < 0 {
			return fmt.Errorf("%s:%d: phrase %q before any [section]", name, i+1, line)
		}
		if err := l.addLine(line, fam, class, i+1, seen); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// addLine adds the phrases of a line. seen holds the line of every phrase of
// the file: one that stands twice has two weights, of which a reader would see
// only one.
func (l *lexicon) addLine(line string, fam family, class, number int, seen map[string]int) error {
	text, weight, err := splitWeight(line)
	if err != nil {
		return err
	}
	compiled, err := l.words.compile(text)
	if err != nil {
		return err
	}
	e := int32(len(l.entries))
	l.entries = append(l.entries, entry{fam, class, weight})
	for _, ws := range compiled {
		key := fmt.Sprint(class, ws)
		if at, ok := seen[key]; ok {
			return fmt.Errorf("%q is already on line %d", text, at)
		}
		seen[key] = number
		l.phrases.add(ws, e)
		if fam == familySubject {
			l.subjects.add(ws, e)
		}
	}
	return nil
}

// compile writes out the phrases that a text stands for, and numbers their words.
func (v *vocabulary) compile(text string) ([][]word, error) {
	expanded, err := expand(text)
	if err != nil {
		return nil, err
	}
	compiled := make([][]word, 0, len(expanded))
	for _, phrase := range expanded {
		ws := v.wordsOf(phrase)
		if len(ws) == 0 {
			return nil, fmt.Errorf("no word in %q", phrase)
		}
		if len(ws) > longestMatch {
			return nil, fmt.Errorf("%q has %d words; at most %d", phrase, len(ws), longestMatch)
		}
		if ws[0] == anyWord {
			return nil, fmt.Errorf("%q begins with _", phrase)
		}
		compiled = append(compiled, ws)
	}
	return compiled, nil
}

// splitWeight parts "phrase = 1.5"; the weight is 1 where none is given.
func splitWeight(line string) (string, float64, error) {
	text, number, found := strings.Cut(line, "=")
	text = strings.TrimSpace(text)
	if len(text) > longestPhrase {
		return "", 0, fmt.Errorf("phrase of %d characters; at most %d", len(text), longestPhrase)
	}
	if !found {
		return text, 1, nil
	}
	w, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(w > 0 && w <= 10) {
		return "", 0, fmt.Errorf("weight %q is not a number above 0 and up to 10", strings.TrimSpace(number))
	}
	return text, w, nil
}

// expand writes out alternatives: "rall(y|ied)" is "rally" and "rallied". What stands
// alone in brackets may be missing: "rate(s)" is "rate" and "rates".
func expand(s string) ([]string, error) {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		if strings.ContainsAny(s, "|)") {
			return nil, fmt.Errorf("%q has | or ) outside brackets", s)
		}
		return []string{s}, nil
	}
	depth, end := 0, -1
	var cuts []int
	for i := open; i < len(s) && end < 0; i++ {
		switch s[i] {
		case '(':
			depth++
		case '|':
			if depth == 1 {
				cuts = append(cuts, i)
			}
		case ')':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 {
		return nil, fmt.Errorf("%q has a bracket that is not closed", s)
	}
	tails, err := expand(s[end+1:])
	if err != nil {
		return nil, err
	}
	var all []string
	if len(cuts) == 0 {
		for _, t := range tails {
			all = append(all, s[:open]+t)
		}
	}
	from := open + 1
	for _, cut := range append(cuts, end) {
		inner, err := expand(s[from:cut])
		if err != nil {
			return nil, err
		}
		from = cut + 1
		for _, m := range inner {
			for _, t := range tails {
				all = append(all, s[:open]+m+t)
			}
		}
		if len(all) > mostExpansions {
			return nil, fmt.Errorf("%q stands for more than %d phrases", s, mostExpansions)
		}
	}
	return all, nil
}

// wordsOf numbers the words of a phrase as a text's words are numbered; "_" is
// any word, and a number in digits is any number.
func (v *vocabulary) wordsOf(phrase string) []word {
	var ws []word
	for _, field := range strings.Fields(phrase) {
		if field == "_" {
			ws = append(ws, anyWord)
			continue
		}
		var buf [longestWord + 4]byte
		for _, t := range newVocabulary().tokenise(nil, field, 0, len(field)) {
			if t.word == numberWord {
				ws = append(ws, numberWord)
				continue
			}
			_, folded := fold(&buf, field, t.start, len(field))
			ws = append(ws, v.add(string(folded)))
		}
	}
	return ws
}
