package tenor

import (
	"cmp"
	"slices"
)

// Series is the consensus of a ballot: of the filter only Count, Window, Stances, From
// and To are looked at, the rest has chosen the votes.
func (b *Ballot) Series(f Filter) *Timeline {
	c := newCounting(b, f)
	c.voices()
	t := &Timeline{Filter: f, Undated: b.Undated}
	t.lean = views{c.list, c.places, c.window, c.labels, b.Record}
	t.lean.sort()
	c.draw(t)
	return t
}

// maxDays bounds a series to a century, whatever dates a page may claim.
const maxDays = 36525

// stretch is for how long a view counts without a break.
type stretch struct {
	from, until int32
	view        int32 // in views.list
}

// change is by how much the figures of a day differ from those of the day before.
type change struct{ bullish, neutral, fragile, disputed, quotes, articles int32 }

// draw fills Points from the views: days from the first view, or From, to the last on
// which a view stands, or To. A view is counted where it begins and where it ends, so
// that a series costs its views and its days, not their product.
func (c *counting) draw(t *Timeline) {
	list := t.lean.list
	if len(list) == 0 {
		return
	}
	first, last := Day(list[0].from), Day(list[0].until-1)
	for i := range list {
		last = max(last, Day(list[i].until-1))
	}
	if t.Filter.From != nil {
		first = *t.Filter.From
	}
	if t.Filter.To != nil {
		last = *t.Filter.To
	}
	if last-first >= maxDays {
		first = last - maxDays + 1
	}
	if last < first {
		return
	}
	days := int32(last-first) + 1
	changes := make([]change, days+1)
	covered := make([]int32, c.Articles) // until which day views with quotes of the article stand; 0: none so far
	for _, s := range c.stretches(list) {
		from, until := max(s.from-int32(first), 0), min(s.until-int32(first), days)
		if from >= until {
			continue
		}
		v := &list[s.view]
		on, off := &changes[from], &changes[until]
		switch stance := c.labels[v.label].stance; {
		case v.disputed:
			on.disputed, off.disputed = on.disputed+1, off.disputed-1
		case v.split, stance == Neutral:
			on.neutral, off.neutral = on.neutral+1, off.neutral-1
		case stance == Bullish:
			on.bullish, off.bullish = on.bullish+1, off.bullish-1
		case stance == Fragile:
			on.fragile, off.fragile = on.fragile+1, off.fragile-1
		}
		on.quotes, off.quotes = on.quotes+int32(v.quotes), off.quotes-int32(v.quotes)
		for _, a := range c.articles[v.first : v.first+v.quotes] {
			switch end := covered[a]; { // stretches come by their first day
			case end <= from:
				on.articles, off.articles = on.articles+1, off.articles-1
			case end < until:
				changes[end].articles++
				off.articles--
			default:
				continue
			}
			covered[a] = until
		}
	}
	var sum change
	t.Points = make([]Point, days)
	for i := range t.Points {
		by := &changes[i]
		if i > 0 && *by == (change{}) {
			t.Points[i] = t.Points[i-1]
			t.Points[i].Day = first + Day(i)
			continue
		}
		sum.bullish, sum.neutral, sum.fragile = sum.bullish+by.bullish, sum.neutral+by.neutral, sum.fragile+by.fragile
		sum.disputed, sum.quotes, sum.articles = sum.disputed+by.disputed, sum.quotes+by.quotes, sum.articles+by.articles
		t.Points[i] = sum.point(first + Day(i))
	}
}

func (s *change) point(d Day) Point {
	p := Point{
		Day: d, Tally: Tally{int(s.bullish), int(s.neutral), int(s.fragile)},
		Disputed: int(s.disputed), Quotes: int(s.quotes), Articles: int(s.articles),
	}
	if n := p.N(); n >= numberFrom {
		p.Number, p.Hollow = true, n <= hollowTo
		p.Net, p.Agreement = p.Tally.Net(), p.Tally.Agreement()
		p.Low, p.High = p.Interval()
	}
	return p
}

// stretches are when the views count, by their first days: an institution's only while no
// person of the firm speaks (settle).
func (c *counting) stretches(list []view) []stretch {
	all := make([]stretch, 0, len(list))
	people := map[uint32][]stretch{} // of firms with institutions: when a person speaks
	for i := range list {
		if v := &list[i]; c.labels[v.label].institution && v.firm != 0 {
			people[v.firm] = nil
		}
	}
	for i := range list {
		v := &list[i]
		s := stretch{v.from, v.until, int32(i)}
		if !c.labels[v.label].institution {
			if times, ok := people[v.firm]; ok {
				if n := len(times) - 1; n >= 0 && s.from <= times[n].until {
					times[n].until = max(times[n].until, s.until)
				} else {
					people[v.firm] = append(times, s)
				}
			}
		}
		all = append(all, s)
	}
	if len(people) == 0 {
		return all
	}
	spoken := all[:0:0]
	for _, s := range all {
		v := &list[s.view]
		if !c.labels[v.label].institution {
			spoken = append(spoken, s)
			continue
		}
		for _, silent := range people[v.firm] {
			if silent.from > s.from {
				spoken = append(spoken, stretch{s.from, min(s.until, silent.from), s.view})
			}
			if s.from = max(s.from, silent.until); s.from >= s.until {
				break
			}
		}
		if s.from < s.until {
			spoken = append(spoken, s)
		}
	}
	slices.SortStableFunc(spoken, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	return spoken
}
