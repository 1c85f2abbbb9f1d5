package tenor

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tie is what speaks for or against it that two keys are names of one firm, or of one
// outlet. A comes before B.
type Tie struct {
	A, B    string
	For     int // articles that use both as one, and people who were heard at both
	Against int // articles that tell them apart
}

// JoinKeys groups keys that are one by evidence: a pair that something speaks for and
// nothing against. A chain whose ends are told apart is none: all of it falls apart.
// fixed says of some keys which are one and which are not because somebody decided it;
// that holds whatever else speaks against it. Groups, and keys in them, are in order.
func JoinKeys(keys []string, ties []Tie, fixed map[string]string) [][]string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	at := map[string]int{}
	for i, k := range keys {
		at[k] = i
	}
	decided := newGroups(len(keys))
	first := map[string]int{}
	for i, k := range keys {
		if label, ok := fixed[k]; ok {
			if f, ok := first[label]; ok {
				decided.join(f, i)
			} else {
				first[label] = i
			}
		}
	}
	pairs := func(yield func(a, b int, t *Tie)) {
		for i := range ties {
			a, okA := at[ties[i].A]
			b, okB := at[ties[i].B]
			_, fixedA := fixed[ties[i].A]
			_, fixedB := fixed[ties[i].B]
			if okA && okB && !(fixedA && fixedB) {
				yield(a, b, &ties[i])
			}
		}
	}
	joined := decided.clone()
	pairs(func(a, b int, t *Tie) {
		if t.For > 0 && t.Against == 0 {
			joined.join(a, b)
		}
	})
	broken := map[int]bool{}
	pairs(func(a, b int, t *Tie) {
		if t.Against > 0 && joined.of(a) == joined.of(b) {
			broken[joined.of(a)] = true
		}
	})
	labels := map[int]string{}
	for i, k := range keys {
		if label, ok := fixed[k]; ok {
			if was, ok := labels[joined.of(i)]; ok && was != label {
				broken[joined.of(i)] = true
			}
			labels[joined.of(i)] = label
		}
	}
	final := decided.clone()
	pairs(func(a, b int, t *Tie) {
		if t.For > 0 && t.Against == 0 && !broken[joined.of(a)] {
			final.join(a, b)
		}
	})
	var list [][]string
	place := map[int]int{}
	for i, k := range keys {
		p, ok := place[final.of(i)]
		if !ok {
			p = len(list)
			place[final.of(i)] = p
			list = append(list, nil)
		}
		list[p] = append(list[p], k)
	}
	return list
}

// MayBeOneFirm reports whether two different keys can be one firm's by the names alone,
// or stand for parts of one house: they differ in words that writers leave out.
func MayBeOneFirm(a, b string) bool {
	root := FirmRoot(a)
	return a != b && root != "" && !firmTails[root] && root == FirmRoot(b)
}

// armTails end the names of arms that speak for themselves beside their house. That
// one person is heard at both may be loose writing, so it takes two.
var armTails = wordSet(`asset assets management wealth investments investment investors advisors advisers advisory bank banking private`)

// IsArm reports whether a firm's key is that of an arm of a house, by its name.
func IsArm(key string) bool {
	return slices.ContainsFunc(strings.Fields(strings.TrimPrefix(key, FirmRoot(key))), func(w string) bool { return armTails[w] })
}

// FirmTies are what one article says of its speakers' firms. For it that two names are
// one: that both are given to one person, or that the long one comes first and the short
// one is used for it later. Against it: that they are given to different people, unless
// the second is plainly short for the first.
func FirmTies(text string, quotes []Quote) []Tie {
	type firm struct {
		name   string // as written
		people []string
		from   int // of the first quote
	}
	firms := map[string]*firm{}
	var surnames []string
	for i := range quotes {
		q := &quotes[i]
		if q.SpeakerType == Institution || q.Firm == "" || len(q.Spans) == 0 {
			continue
		}
		key := FirmKey(q.Firm)
		root := FirmRoot(key)
		if key == "" || firmTails[root] {
			continue
		}
		f := firms[key]
		if f == nil {
			f = &firm{name: q.Firm, from: q.Spans[0].Start()}
			firms[key] = f
		}
		f.from = min(f.from, q.Spans[0].Start())
		if who := q.VoiceKey(); !slices.Contains(f.people, who) {
			f.people = append(f.people, who)
		}
		words := foldWords(q.Speaker)
		surnames = append(surnames, words[max(0, len(words)-1):]...)
	}
	var ties []Tie
	for a, f := range firms {
		for b, g := range firms {
			if a >= b || !MayBeOneFirm(a, b) {
				continue
			}
			t := Tie{A: a, B: b}
			switch {
			case slices.ContainsFunc(f.people, func(who string) bool { return slices.Contains(g.people, who) }):
				t.For = 1
			case b == FirmRoot(a) && f.from < g.from && !IsArm(a) || a == FirmRoot(b) && g.from < f.from && !IsArm(b):
				t.For = 1
			default:
				t.Against = 1
			}
			ties = append(ties, t)
		}
		root := FirmRoot(a)
		if a == root || firms[root] != nil || IsArm(a) || slices.Contains(surnames, root) || !shortLater(text, f.name, root) {
			continue
		}
		ties = append(ties, Tie{A: min(a, root), B: max(a, root), For: 1})
	}
	return ties
}

// shortLater reports whether a text has a firm's name, and behind it the short one alone,
// in a place where a firm stands: "of Quill", "Quill's".
func shortLater(text, name, root string) bool {
	short := ""
	for i, r := range name {
		if r == ' ' && FirmKey(name[:i]) == root {
			short = name[:i]
			break
		}
	}
	at := strings.Index(text, name)
	if short == "" || at < 0 {
		return false
	}
	for rest := text[at+len(name):]; ; {
		i := strings.Index(rest, short)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(short):]
		rest = after
		if next, _ := utf8.DecodeRuneInString(after); unicode.IsLetter(next) || unicode.IsDigit(next) {
			continue
		}
		if strings.HasPrefix(after, "'s") || strings.HasPrefix(after, "’s") {
			if !capitalised(lastWord(before)) {
				return true
			}
			continue
		}
		word, _, _ := strings.Cut(strings.TrimPrefix(after, " "), " ")
		if (strings.HasPrefix(after, " ") && (capitalised(word) || word == "&")) || !firmPrepositions[lastWord(before)] {
			continue
		}
		return true
	}
}

var firmPrepositions = wordSet("at of for from with by")

func capitalised(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// lastWord is the word that a text ends with, a space behind it.
func lastWord(text string) string {
	if !strings.HasSuffix(text, " ") {
		return ""
	}
	text = strings.TrimRight(text, " ")
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// PersonTies are the pairs of firms at which a person of this name was heard within a
// year in what may be one role; nothing for a lone surname. A firm's arm is not meant
// by its house's name because one person was heard at both.
func (n *Name) PersonTies() []Tie {
	if forename, surname := SplitPersonKey(n.Key); forename == "" || surname == "" {
		return nil
	}
	var ties []Tie
	for i, a := range n.Seen {
		for _, b := range n.Seen[i+1:] {
			if !MayBeOneFirm(a.Firm, b.Firm) || a.Year == 0 || b.Year == 0 || !sameTime(a.Year, b.Year) ||
				a.Roles != 0 && b.Roles != 0 && a.Roles&b.Roles == 0 {
				continue
			}
			t := Tie{A: min(a.Firm, b.Firm), B: max(a.Firm, b.Firm), For: 1}
			if !slices.Contains(ties, t) {
				ties = append(ties, t)
			}
		}
	}
	return ties
}

// AddTies sums what speaks for and against each pair.
func AddTies(ties []Tie) []Tie {
	var sum []Tie
	at := map[[2]string]int{}
	for _, t := range ties {
		i, ok := at[[2]string{t.A, t.B}]
		if !ok {
			i = len(sum)
			at[[2]string{t.A, t.B}] = i
			sum = append(sum, Tie{A: t.A, B: t.B})
		}
		sum[i].For, sum[i].Against = sum[i].For+t.For, sum[i].Against+t.Against
	}
	for i := range sum {
		if t := &sum[i]; t.For == 1 && (IsArm(t.A) != IsArm(t.B)) {
			t.For = 0 // one of an arm is too little
		}
	}
	return sum
}

// MainKey is the key that a group of names of one firm or outlet is counted under.
func MainKey(keys []string) string {
	return slices.MinFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
}
