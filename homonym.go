package tenor

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
)

// From how much on two jobs under one name are two people's: this many months at each,
// so many changes from one to the other and back, and at most this part of the beats
// shared. Somebody who moves changes once; a firm given wrongly is heard of once or twice.
const (
	monthsOfTwo  = 3
	changesOfTwo = 4
	sharedByTwo  = 0.2
)

// job is what was heard of a name at one firm.
type job struct {
	firm   string
	quotes int
	months []int // since year 0, in order
	beats  map[Subject]int
	spoken int // quotes on a beat
}

// Parts are the firms of each person that bears the name, by evidence that they are
// several: heard by turns at two firms in the same months, on other markets. One part is
// the rule. Parts are in order, the firms in them too.
func (n *Name) Parts() [][]string {
	list := n.jobs()
	var parts [][]*job
	for _, j := range list {
		best, most := -1, -1.0
		for i, part := range parts {
			if slices.ContainsFunc(part, j.apart) {
				continue
			}
			for _, o := range part {
				if fit := j.shared(o); fit > most {
					best, most = i, fit
				}
			}
		}
		if best < 0 {
			parts = append(parts, []*job{j})
		} else {
			parts[best] = append(parts[best], j)
		}
	}
	firms := make([][]string, len(parts))
	for i, part := range parts {
		for _, j := range part {
			firms[i] = append(firms[i], j.firm)
		}
		slices.Sort(firms[i])
	}
	slices.SortFunc(firms, slices.Compare)
	return firms
}

// jobs are what was heard of a name, by firm: the busiest first, no firm last, so that what
// is heard of rarely goes where it fits best.
func (n *Name) jobs() []*job {
	jobs := map[string]*job{}
	for _, s := range n.Seen {
		j := jobs[s.Firm]
		if j == nil {
			j = &job{firm: s.Firm, beats: map[Subject]int{}}
			jobs[s.Firm] = j
		}
		j.quotes += s.Quotes
		for m := range 12 {
			if s.Months>>m&1 == 1 {
				j.months = append(j.months, s.Year*12+m)
			}
		}
		if isBeat(s.Subject) {
			j.beats[s.Subject] += s.Quotes
			j.spoken += s.Quotes
		}
	}
	list := slices.Collect(maps.Values(jobs))
	for _, j := range list {
		slices.Sort(j.months)
		j.months = slices.Compact(j.months)
	}
	slices.SortFunc(list, func(a, b *job) int {
		return cmp.Or(-cmp.Compare(min(len(a.firm), 1), min(len(b.firm), 1)), -cmp.Compare(a.quotes, b.quotes), cmp.Compare(a.firm, b.firm))
	})
	return list
}

// apart reports whether two jobs are two people's.
func (j *job) apart(o *job) bool {
	return j.firm != "" && o.firm != "" && !SameFirm(j.firm, o.firm) &&
		len(j.months) >= monthsOfTwo && len(o.months) >= monthsOfTwo && j.changes(o) >= changesOfTwo &&
		j.spoken >= monthsOfTwo && o.spoken >= monthsOfTwo && j.shared(o) <= sharedByTwo
}

// changes counts how often, month by month, the one who is heard is another. Both in
// one month are one change.
func (j *job) changes(o *job) (n int) {
	last := 0 // 1: j, 2: o
	for a, b := j.months, o.months; len(a) > 0 || len(b) > 0; {
		now := 1
		switch {
		case len(a) == 0 || len(b) > 0 && b[0] < a[0]:
			now, b = 2, b[1:]
		case len(b) > 0 && a[0] == b[0]:
			if now = 1; last == 1 {
				now = 2
			}
			a, b = a[1:], b[1:]
		default:
			a = a[1:]
		}
		if last != 0 && now != last {
			n++
		}
		last = now
	}
	return n
}

// shared is which part of what was said is on beats of both, 0 to 1.
func (j *job) shared(o *job) (part float64) {
	if j.spoken == 0 || o.spoken == 0 {
		return 0
	}
	for s, n := range j.beats {
		part += min(float64(n)/float64(j.spoken), float64(o.beats[s])/float64(o.spoken))
	}
	return part
}

// RoleBit is the bit of Sighting.Roles for a role; 0 where the article gives none.
func RoleBit(role string) uint64 {
	folded := FoldText(role)
	if folded == "" {
		return 0
	}
	h := uint64(14695981039346656037)
	for i := range len(folded) {
		h = (h ^ uint64(folded[i])) * 1099511628211 // FNV-1a
	}
	return 1 << (bits.RotateLeft64(h, 17) % 62)
}
