package tenor

import (
	"cmp"
	"slices"
)

// views is what the views of a series are made of. They are made when asked for: of the
// hundred thousands that a series may have, a page shows a few.
type views struct {
	list   []view   // by day
	places []uint32 // of quotes: those behind a view follow each other
	window int32
	labels []countedLabel
	record func(place uint32) *Record
}

// view is a View, lean.
type view struct {
	from, until int32  // days; the last one not included
	first       uint32 // in places
	quotes      uint32
	best        uint32 // place of the one that decided
	firm        uint32 // Vote.Firm of that, and Label
	label       uint16
	split       bool
	disputed    bool
}

// full are views as users know them, in order.
func (v *views) full(list []view) []View { return v.made(list, true) }

// made are full views, or ones that have of their quotes only the one that decided.
func (v *views) made(list []view, whole bool) []View {
	all := make([]View, len(list))
	for i := range list {
		lean := &list[i]
		best := v.record(lean.best)
		all[i] = View{
			Voice: best.voice(), Speaker: best.Speaker, SpeakerType: best.SpeakerType, Firm: best.Firm,
			Stance: best.Stance, Split: lean.split, Disputed: lean.disputed,
			Published: Day(lean.from), Quote: best, until: Day(lean.until),
		}
		if lean.split {
			all[i].Stance = Neutral
		}
		if !whole || lean.quotes == 1 {
			all[i].Quotes = []*Record{best}
			continue
		}
		all[i].Quotes = make([]*Record, lean.quotes)
		for j, place := range v.places[lean.first : lean.first+lean.quotes] {
			if all[i].Quotes[j] = best; place != lean.best {
				all[i].Quotes[j] = v.record(place)
			}
		}
	}
	return inTime(all)
}

// inTime are views in order. Views are large, so their places are sorted instead.
func inTime(views []View) []View {
	places := make([]int, len(views))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int {
		a, b := &views[i], &views[j]
		if a.Published != b.Published {
			return cmp.Compare(a.Published, b.Published)
		}
		return cmp.Or(cmp.Compare(a.Speaker, b.Speaker), cmp.Compare(a.Voice, b.Voice), cmp.Compare(a.Quote.ID, b.Quote.ID))
	})
	sorted := make([]View, len(views))
	for to, from := range places {
		sorted[to] = views[from]
	}
	return sorted
}

// standing are those that stand on a day.
func (v *views) standing(d Day) []view {
	from, to := v.between(d-Day(v.window), d)
	var list []view
	for _, one := range v.list[from:to] {
		if Day(one.until) > d {
			list = append(list, one)
		}
	}
	return list
}

// settled are those that stand on a day without the institutions for which a person of the
// firm speaks: the lean of what settle leaves.
func (v *views) settled(d Day) []view {
	list := v.standing(d)
	institution := func(one view) bool { return v.labels[one.label].institution }
	if !slices.ContainsFunc(list, institution) {
		return list
	}
	people := map[uint32]bool{}
	for _, one := range list {
		if one.firm != 0 && !institution(one) {
			people[one.firm] = true
		}
	}
	return slices.DeleteFunc(list, func(one view) bool { return institution(one) && people[one.firm] })
}

// stance is as which a view counts.
func (v *views) stance(one *view) Stance {
	if one.split {
		return Neutral
	}
	return v.labels[one.label].stance
}

// latestStanding is Timeline.LatestStanding, with some more views of a day where those
// listed end within it: their order is that of full.
func (v *views) latestStanding(d Day, n int) (counted, disputed []View, total int) {
	byStance := map[Stance][]view{}
	var apart []view
	for _, one := range v.settled(d) { // by day
		if one.disputed {
			apart = append(apart, one)
		} else {
			byStance[v.stance(&one)] = append(byStance[v.stance(&one)], one)
			total++
		}
	}
	var list []view
	for _, of := range byStance {
		if cut := len(of) - n; total > n && cut > 0 {
			for cut > 0 && cut < len(of) && of[cut-1].from == of[cut].from {
				cut--
			}
			of = of[cut:]
		}
		list = append(list, of...)
	}
	return v.full(list), v.full(apart), total
}

// between are the bounds in list of the views from one day to another.
func (v *views) between(first, last Day) (from, to int) {
	byDay := func(one view, d Day) int { return cmp.Compare(Day(one.from), d) }
	from, _ = slices.BinarySearchFunc(v.list, first, byDay)
	to, _ = slices.BinarySearchFunc(v.list, last+1, byDay)
	return from, max(from, to)
}

// latest is Timeline.Latest.
func (v *views) latest(first, last Day, n int) (latest []View, more int) {
	from, to := v.between(first, last)
	cut := max(from, to-n)
	for cut > from && to > cut && v.list[cut-1].from == v.list[cut].from { // the order within a day is that of full
		cut--
	}
	latest = v.full(v.list[cut:to])
	latest = latest[max(0, len(latest)-n):]
	return latest, to - from - len(latest)
}

// sort puts views in the order of their days.
func (v *views) sort() {
	if len(v.list) == 0 {
		return
	}
	first, last := v.list[0].from, v.list[0].from
	for i := range v.list {
		first, last = min(first, v.list[i].from), max(last, v.list[i].from)
	}
	if last-first > 2*maxDays { // some page is from another age
		slices.SortStableFunc(v.list, func(a, b view) int { return cmp.Compare(a.from, b.from) })
		return
	}
	at := make([]int32, last-first+2)
	for i := range v.list {
		at[v.list[i].from-first+1]++
	}
	for i := range at[1:] {
		at[i+1] += at[i]
	}
	sorted := make([]view, len(v.list))
	for i := range v.list {
		one := &v.list[i]
		sorted[at[one.from-first]] = *one
		at[one.from-first]++
	}
	v.list = sorted
}
