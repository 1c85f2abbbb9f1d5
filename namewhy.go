package tenor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Doubt is two people who may be one, or one who may be two: A and B are then the same
// person, at the firms in Parts.
type Doubt struct {
	A, B         Person
	Parts        [2]string // firms, where it is one who may be two
	For, Against []string  // that they are one person, in sentences
}

// NamesEvidence is what speaks for and against it that two people are one, whose names
// are these, in sentences; something for it only where the names allow it at all.
func NamesEvidence(a, b []Name) (speaksFor, against []string) {
	like, firm, beat, ambiguous := false, "", "", false
	for i := range a {
		for j := range b {
			n, o := newNameNode(&a[i], 0), newNameNode(&b[j], 1)
			if n.Key == o.Key || LikeNames(n.Key, o.Key) {
				like = true
			}
			if f := n.sharedFirm(o); f != "" {
				firm = cmp.Or(firm, f)
			}
			if s := n.sharedBeat(o); s != "" {
				beat = cmp.Or(beat, s)
			}
			if n.lone || o.lone || len(n.first) == 1 || len(o.first) == 1 {
				ambiguous = true
			}
		}
	}
	if !like {
		return nil, []string{"their names cannot be one person's: another surname, or forenames that are not short for each other"}
	}
	speaksFor = append(speaksFor, "their names can be one person's")
	if firm != "" {
		speaksFor = append(speaksFor, "both were heard of at "+firm)
	} else if atA, atB := firmsOf(a), firmsOf(b); atA != "" && atB != "" {
		against = append(against, fmt.Sprintf("they were heard of at other firms: %s, and %s", atA, atB))
	} else {
		against = append(against, "no article ties both to one firm")
	}
	if beat != "" {
		speaksFor = append(speaksFor, "both speak of "+beat+" within a year")
	} else {
		against = append(against, "they were not heard on one market within a year")
	}
	if ambiguous {
		against = append(against, "an initial or a lone surname may be several people's")
	}
	return speaksFor, against
}

func (n *nameNode) sharedFirm(o *nameNode) string {
	for _, s := range n.Seen {
		for _, t := range o.Seen {
			if SameFirm(s.Firm, t.Firm) {
				return s.Firm
			}
		}
	}
	return ""
}

func (n *nameNode) sharedBeat(o *nameNode) string {
	for _, s := range n.Seen {
		for _, t := range o.Seen {
			if s.Subject == t.Subject && isBeat(s.Subject) && s.Year != 0 && t.Year != 0 && sameTime(s.Year, t.Year) {
				return string(s.Subject)
			}
		}
	}
	return ""
}

func firmsOf(names []Name) string {
	var firms []string
	for _, n := range names {
		for _, s := range n.Seen {
			if s.Firm != "" && !slices.Contains(firms, s.Firm) {
				firms = append(firms, s.Firm)
			}
		}
	}
	slices.Sort(firms)
	return strings.Join(firms[:min(len(firms), 3)], ", ")
}

// MayBeTwo are two firms at which a name was heard of by turns, though not so clearly that
// it is two people's (Parts), with what speaks for one person and against; empty firms
// where nothing suggests it.
func (n *Name) MayBeTwo() (one, other string, speaksFor, against []string) {
	list := n.jobs()
	for i, j := range list {
		for _, o := range list[i+1:] {
			changes := j.changes(o)
			if j.firm == "" || o.firm == "" || SameFirm(j.firm, o.firm) || j.apart(o) || changes < 2 || len(j.months) < 2 || len(o.months) < 2 {
				continue
			}
			against = []string{fmt.Sprintf("heard of at %s and at %s by turns, %d times", j.firm, o.firm, changes)}
			if shared := j.shared(o); shared <= sharedByTwo {
				against = append(against, "on other markets")
			} else {
				speaksFor = append(speaksFor, fmt.Sprintf("%.0f %% of what was said is on the same markets", 100*shared))
			}
			if len(j.months) < monthsOfTwo || len(o.months) < monthsOfTwo || changes < changesOfTwo {
				speaksFor = append(speaksFor, "too seldom to tell")
			}
			return j.firm, o.firm, speaksFor, against
		}
	}
	return "", "", nil, nil
}
