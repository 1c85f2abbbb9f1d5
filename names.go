package tenor

import (
	"cmp"
	"slices"
	"strconv"
)

// Name is one spelling of a person's name, under its PersonKey, with what is known of
// whoever bears it. All that bear it are taken for one person unless somebody said
// otherwise.
type Name struct {
	Key  string
	Part string     // tells apart several people who bear the key; empty: it is one's
	Seen []Sighting // in any order
	// Fixed is the person whom somebody said this is; 0 where nobody did.
	Fixed int64
}

// Sighting is where, when and on what a name was heard.
type Sighting struct {
	Firm    string // key of the firm that all its names are counted under; empty where the article gives none
	Year    int    // 0: no day is known
	Subject Subject
	Months  uint16 // a bit for each month of the year, January the lowest
	Roles   uint64 // a bit for each role (RoleBit); two may share one
	Quotes  int
}

// JoinNames groups names that are one person's, by evidence and never by surname
// alone. It depends on the set of names, not on their order.
//
// Voices of firms are joined where the firm is one. Two full names are joined when the surname is the same, the forenames may be
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
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Fixed, b.Fixed), cmp.Compare(a.Part, b.Part))
	})
	full := slices.DeleteFunc(slices.Clone(ordered), func(n *nameNode) bool { return n.last == "" && !n.house || n.lone })
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
	case key == other || a.lone && b.lone:
		return false
	case a.house || b.house:
		return a.house && b.house
	case a.last == "" || b.last == "":
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

// Decided is what holds for voices of all times because somebody said so, or because it
// is not told anew for a day long ago.
type Decided struct {
	// Firms are the keys of firms that are counted under another's, which is the value.
	Firms map[string]string
	// Person is who a name at a firm is, by their keys; 0: nobody said. May be nil.
	Person func(key, firm string) int64
}

// JoinVoices gives those of the records that have no Voice one by their names, joined
// by what these records show (JoinNames). So the voices of a day long ago depend
// on nothing that was collected later. The zero Decided will do.
func JoinVoices(records []Record, d Decided) {
	type unit struct {
		key, part string
		fixed     int64
	}
	type spoken struct{ key, firm string }
	type seen struct {
		key, firm, main string
		year            int
		subject         Subject
	}
	left := func(r *Record) bool { return r.Voice == "" && r.VoiceKey() != "" && r.SpeakerType != Institution }
	sightings, order := map[seen]*Sighting{}, []seen{}
	for i := range records {
		r := &records[i]
		if !left(r) {
			continue
		}
		s := SightingOf(r)
		at := seen{key: r.VoiceKey(), firm: s.Firm, year: s.Year, subject: s.Subject}
		if main, ok := d.Firms[s.Firm]; ok {
			s.Firm = main
		}
		at.main = s.Firm
		if was := sightings[at]; was != nil {
			was.Months, was.Roles, was.Quotes = was.Months|s.Months, was.Roles|s.Roles, was.Quotes+1
		} else {
			sightings[at] = &s
			order = append(order, at)
		}
	}
	unfixed, fixed := map[string]*Name{}, map[spoken]int64{}
	for _, at := range order {
		who := spoken{at.key, at.firm}
		if d.Person != nil {
			fixed[who] = d.Person(at.key, at.firm)
		}
		if fixed[who] == 0 {
			if unfixed[at.key] == nil {
				unfixed[at.key] = &Name{Key: at.key}
			}
			unfixed[at.key].Seen = append(unfixed[at.key].Seen, *sightings[at])
		}
	}
	parts := map[spoken]string{} // key and main firm → part
	for key, n := range unfixed {
		if all := n.Parts(); len(all) > 1 {
			for _, firms := range all {
				for _, firm := range firms {
					parts[spoken{key, firm}] = firms[0]
				}
			}
		}
	}
	var names []Name
	at := map[unit]int{}
	of := map[spoken]int{} // → names
	for _, s := range order {
		u := unit{key: s.key, fixed: fixed[spoken{s.key, s.firm}]}
		if u.fixed == 0 {
			u.part = parts[spoken{s.key, s.main}]
		}
		n, ok := at[u]
		if !ok {
			n = len(names)
			at[u] = n
			names = append(names, Name{Key: s.key, Part: u.part, Fixed: u.fixed})
		}
		names[n].Seen = append(names[n].Seen, *sightings[s])
		of[spoken{s.key, s.firm}] = n
	}
	voice := make([]string, len(names))
	for _, group := range JoinNames(names) {
		first := names[group[0]]
		called := first.Key
		if first.Part != "" {
			called += " at " + first.Part
		}
		for _, n := range group {
			if names[n].Fixed != 0 {
				called = strconv.FormatInt(names[n].Fixed, 10)
			}
		}
		for _, n := range group {
			voice[n] = called
		}
	}
	for i := range records {
		if r := &records[i]; left(r) {
			r.Voice = voice[of[spoken{r.VoiceKey(), FirmKey(r.Firm)}]]
		}
	}
}

// SightingOf is what a record shows of its speaker, the firm under its own key.
func SightingOf(r *Record) Sighting {
	s := Sighting{Firm: FirmKey(r.Firm), Subject: r.Subject, Roles: RoleBit(r.Role), Quotes: 1}
	if day, ok := r.Published.Day(Market); ok {
		s.Year, s.Months = day.Time().Year(), 1<<(day.Time().Month()-1)
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
