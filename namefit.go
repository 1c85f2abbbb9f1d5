package tenor

import (
	"slices"
	"strings"
)

// nameNode is a name taken apart.
type nameNode struct {
	*Name
	at    int
	first string   // empty: a lone surname
	mid   []string // between first and last
	last  string   // empty: the name of a firm
	glued string   // mid and last in one word
	lone  bool
	house bool        // the voice of a firm
	near  []*nameNode // that evidence ties to it
}

func newNameNode(n *Name, at int) *nameNode {
	node := &nameNode{Name: n, at: at}
	if surname, _, ok := strings.Cut(n.Key, "@"); ok {
		node.last, node.lone = surname, true
		return node
	}
	node.house = strings.HasPrefix(n.Key, "firm:")
	words := strings.Fields(n.Key)
	if len(words) < 2 || strings.HasPrefix(n.Key, "firm:") {
		return node
	}
	node.first, node.last, node.mid = words[0], words[len(words)-1], words[1:len(words)-1]
	node.glued = strings.Join(words[1:], "")
	return node
}

// fits reports whether two full names can be one person's, by the names alone.
func (n *nameNode) fits(o *nameNode) bool {
	if n.Key == o.Key {
		return n.Part == o.Part || n.Part == "" || o.Part == ""
	}
	if n.house || o.house {
		return n.house && o.house && n.oneFirm(o)
	}
	return n.sameSurname(o) && likeForenames(n.first, o.first) ||
		n.first == o.first && (n.nearSurname(o, 2) || n.withMiddle(o))
}

// related reports whether evidence ties two full names together.
func (n *nameNode) related(o *nameNode) bool {
	if n.house && o.house {
		return n.Key != o.Key && n.oneFirm(o)
	}
	if n.lone || o.lone || n.last == "" || o.last == "" || n.Key == o.Key {
		return false
	}
	if n.sameSurname(o) && likeForenames(n.first, o.first) {
		return n.sameFirm(o) || len(n.first) > 1 && len(o.first) > 1 && n.sameBeat(o)
	}
	return n.first == o.first && len(n.first) > 1 && (n.nearSurname(o, 1) || n.withMiddle(o)) && n.sameFirm(o)
}

func (n *nameNode) sameSurname(o *nameNode) bool {
	return n.last == o.last && slices.Equal(n.mid, o.mid)
}

// withMiddle: one is the other with a middle name or a particle.
func (n *nameNode) withMiddle(o *nameNode) bool {
	return n.last == o.last && (len(n.mid) == 0 || len(o.mid) == 0)
}

// longSurname is from how many letters on a surname with one letter wrong is still
// itself: shorter ones are often each other's neighbours (Reed and Reid).
const longSurname = 7

func (n *nameNode) nearSurname(o *nameNode, letters int) bool {
	return n.glued == o.glued || min(len(n.glued), len(o.glued)) >= longSurname && within(n.glued, o.glued, letters)
}

// onlyOne reports whether all names that evidence ties to either can be one person's.
func (n *nameNode) onlyOne(o *nameNode) bool {
	all := slices.Concat([]*nameNode{n, o}, n.near, o.near)
	for i, a := range all {
		for _, b := range all[i+1:] {
			switch {
			case a.Fixed != 0 && b.Fixed != 0:
				if a.Fixed != b.Fixed {
					return false
				}
			case !a.fits(b):
				return false
			}
		}
	}
	return true
}

func (n *nameNode) sameFirm(o *nameNode) bool {
	for _, a := range n.Seen {
		for _, b := range o.Seen {
			if SameFirm(a.Firm, b.Firm) {
				return true
			}
		}
	}
	return false
}

// oneFirm: counted under one key, which is more than a name that may be.
func (n *nameNode) oneFirm(o *nameNode) bool {
	return slices.ContainsFunc(n.Seen, func(s Sighting) bool {
		return s.Firm != "" && slices.ContainsFunc(o.Seen, func(t Sighting) bool { return s.Firm == t.Firm })
	})
}

// sameBeat: heard of on one market within a year of each other, and one of them with
// no firm at all around that time, so that nothing tells them apart.
func (n *nameNode) sameBeat(o *nameNode) bool {
	for _, a := range n.Seen {
		for _, b := range o.Seen {
			if a.Subject == b.Subject && isBeat(a.Subject) && a.Year != 0 && b.Year != 0 &&
				sameTime(a.Year, b.Year) && (n.firmless(a.Year) || o.firmless(b.Year)) {
				return true
			}
		}
	}
	return false
}

// isBeat reports whether a subject is one that few people speak of. "company" is a
// hundred companies.
func isBeat(s Subject) bool { return s != "" && s != "company" && s != "other" }

func (n *nameNode) firmless(year int) bool {
	return !slices.ContainsFunc(n.Seen, func(s Sighting) bool { return s.Firm != "" && sameTime(s.Year, year) })
}

// surnameOf reports whether a lone surname can be that of a full name: heard of at
// its firm, at the time.
func (n *nameNode) surnameOf(full *nameNode) bool {
	if !n.lone || full.lone || full.last != n.last {
		return false
	}
	for _, a := range n.Seen {
		for _, b := range full.Seen {
			if SameFirm(a.Firm, b.Firm) && sameTime(a.Year, b.Year) {
				return true
			}
		}
	}
	return false
}

// sameTime: the same year or the next one; a year that is not known is any.
func sameTime(a, b int) bool { return a == 0 || b == 0 || a-b <= 1 && b-a <= 1 }

// within reports whether at most so many letters were put in, left out or swapped for
// others between two words.
func within(a, b string, letters int) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > letters {
		return false
	}
	row := make([]int, len(a)+1)
	for i := range row {
		row[i] = i
	}
	for j := 1; j <= len(b); j++ {
		diagonal := row[0]
		row[0] = j
		for i := 1; i <= len(a); i++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[i]
			row[i] = min(change, row[i]+1, row[i-1]+1)
		}
	}
	return row[len(a)] <= letters
}
