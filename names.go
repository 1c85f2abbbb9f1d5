package tenor

import (
	"cmp"
	"slices"
)

// Name is one spelling of a person's name, under its PersonKey, with what is known of
// whoever bears it. All that bear it are taken for one person unless somebody said
// otherwise.
type Name struct {
	Key  string
	Seen []Sighting // in any order
	// Fixed is the person whom somebody said this is; 0 where nobody did.
	Fixed int64
}

// Sighting is where, when and on what a name was heard.
type Sighting struct {
	Firm    string // FirmKey; empty where the article gives none
	Year    int    // 0: no day is known
	Subject Subject
}

// JoinNames groups names that are one person's, by evidence and never by surname
// alone. It depends on the set of names, not on their order.
//
// Two full names are joined when the surname is the same, the forenames may be
// (forenames.txt; an initial) and they were heard of at the same firm, or, where one
// of them has no firm at the time, on the same subject within a year. At one firm the
// same forename also allows one letter more, less or other in a long surname, a
// surname in two words, and a middle name. A name that might be two people joins
// neither: "Chris" beside Christine and Christopher. A lone surname joins the one
// person of that surname who was heard of at its firm within a year.
//
// What somebody said (Fixed) holds whatever else speaks against it.
func JoinNames(names []Name) [][]int {
	nodes := make([]*nameNode, len(names))
	for i := range names {
		nodes[i] = newNameNode(&names[i], i)
	}
	ordered := slices.Clone(nodes)
	slices.SortFunc(ordered, func(a, b *nameNode) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Fixed, b.Fixed))
	})
	full := slices.DeleteFunc(slices.Clone(ordered), func(n *nameNode) bool { return n.last == "" || n.lone })
	for i, a := range full {
		for _, b := range full[i+1:] {
			if (a.Fixed == 0 || b.Fixed == 0) && a.related(b) {
				a.near, b.near = append(a.near, b), append(b.near, a)
			}
		}
	}
	fixed := newGroups(len(names))
	first := map[int64]int{}
	for _, n := range ordered {
		if n.Fixed == 0 {
			continue
		}
		if f, ok := first[n.Fixed]; ok {
			fixed.join(f, n.at)
		} else {
			first[n.Fixed] = n.at
		}
	}
	joined := fixed.clone()
	for _, a := range full {
		for _, b := range a.near {
			if a.at < b.at && a.onlyOne(b) {
				joined.join(a.at, b.at)
			}
		}
	}
	// A chain whose ends cannot be one person is none: all of it falls apart.
	broken := map[int]bool{}
	for i, a := range full {
		for _, b := range full[i+1:] {
			apart := a.Fixed != 0 && b.Fixed != 0 && a.Fixed != b.Fixed || a.Fixed == 0 && b.Fixed == 0 && !a.fits(b)
			if apart && joined.of(a.at) == joined.of(b.at) {
				broken[joined.of(a.at)] = true
			}
		}
	}
	groups := fixed
	for _, a := range full {
		for _, b := range a.near {
			if a.at < b.at && a.onlyOne(b) && !broken[joined.of(a.at)] {
				groups.join(a.at, b.at)
			}
		}
	}
	people := groups.clone() // as the lone surnames meet them
	for _, n := range ordered {
		if !n.lone || n.Fixed != 0 {
			continue
		}
		who := -1
		for _, f := range full {
			switch g := people.of(f.at); {
			case !n.surnameOf(f):
			case who < 0 || who == g:
				who = g
			default:
				who = len(names) // two of that name
			}
		}
		if who >= 0 && who < len(names) {
			groups.join(n.at, who)
		}
	}
	return groups.lists(ordered)
}

// MayBe reports whether something speaks for it that both are one person's names, so
// that they have to be looked at together.
func (n *Name) MayBe(other *Name) bool {
	a, b := newNameNode(n, 0), newNameNode(other, 1)
	return a.related(b) || a.lone && a.surnameOf(b) || b.lone && b.surnameOf(a)
}

// LikeNames reports whether two different keys can be one person's by the names alone:
// what MayBe is never true without.
func LikeNames(key, other string) bool {
	a, b := newNameNode(&Name{Key: key}, 0), newNameNode(&Name{Key: other}, 1)
	switch {
	case key == other || a.last == "" || b.last == "" || a.lone && b.lone:
		return false
	case a.lone || b.lone:
		return a.last == b.last
	}
	return a.fits(b)
}

// SplitPersonKey is the forename and the last word of the surname in a person's key;
// no forename where there is a lone surname, neither where it is the key of a firm.
func SplitPersonKey(key string) (forename, surname string) {
	n := newNameNode(&Name{Key: key}, 0)
	return n.first, n.last
}

// JoinVoices gives those of the records that have no Voice one by their names, joined
// by what these records show (JoinNames). So the voices of a day long ago depend
// on nothing that was collected later.
func JoinVoices(records []Record) {
	at := map[string]int{}
	var names []Name
	for i := range records {
		r := &records[i]
		key := r.VoiceKey()
		if r.Voice != "" || key == "" || r.SpeakerType == Institution {
			continue
		}
		n, ok := at[key]
		if !ok {
			n = len(names)
			at[key] = n
			names = append(names, Name{Key: key})
		}
		if s := SightingOf(r); !slices.Contains(names[n].Seen, s) {
			names[n].Seen = append(names[n].Seen, s)
		}
	}
	voice := make([]string, len(names))
	for _, group := range JoinNames(names) {
		for _, n := range group {
			voice[n] = names[group[0]].Key
		}
	}
	for i := range records {
		if n, ok := at[records[i].VoiceKey()]; ok && records[i].Voice == "" && records[i].SpeakerType != Institution {
			records[i].Voice = voice[n]
		}
	}
}

// SightingOf is what a record shows of its speaker.
func SightingOf(r *Record) Sighting {
	s := Sighting{Firm: FirmKey(r.Firm), Subject: r.Subject}
	if day, ok := r.Published.Day(Market); ok {
		s.Year = day.Time().Year()
	}
	return s
}

// groups is a union-find over the indexes of a list.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) clone() groups { return slices.Clone(g) }

func (g groups) of(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(a, b int) { g[g.of(b)] = g.of(a) }

// lists are the groups, members and groups in the order of the nodes.
func (g groups) lists(ordered []*nameNode) [][]int {
	var list [][]int
	place := map[int]int{}
	for _, n := range ordered {
		root := g.of(n.at)
		i, ok := place[root]
		if !ok {
			i = len(list)
			place[root] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], n.at)
	}
	return list
}
