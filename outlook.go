package tenor

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Outlook is what some voices, those of a firm or a single one, think of each subject over
// time, side by side.
type Outlook struct {
	First, Last Day // between which all strips are drawn; the last is today
	Subjects    []SubjectOutlook
	Turns       []Turn     // of the voices, the latest first
	Disputes    []Opposing // between people, the latest first
}

// SubjectOutlook is what the voices think of one subject.
type SubjectOutlook struct {
	Subject Subject
	Lines   []Line // those that stand today first, then by the latest view
	Tally          // of the people whose view stands today
	// Number says whether enough of them stand for Agreement to be shown.
	Number bool
	// Shared are the days until today on which two people or more stand, Split those on
	// which two of them contradict each other.
	Shared, Split int
}

// Line is what one voice thought of a subject over time.
type Line struct {
	Speaker     string // as its latest view names it
	SpeakerType SpeakerType
	Views       []Stretch // in order
}

// Stretch is a view and the days for which it stood.
type Stretch struct {
	View
	Until Day // the first day on which it no longer stands
}

// Now is the view that stands on a day, or nil.
func (l *Line) Now(day Day) *Stretch {
	if last := &l.Views[len(l.Views)-1]; last.stands(day) {
		return last
	}
	return nil
}

// Latest is the last view.
func (l *Line) Latest() *Stretch { return &l.Views[len(l.Views)-1] }

// Turn is a change of a voice's mind on a subject.
type Turn struct {
	Subject       Subject
	Before, After View
	Silent        int // days for which nothing of it stood in between
}

// Opposing are days on which people stood for opposite views of a subject.
type Opposing struct {
	Subject          Subject
	From, To         Day // both included; To is today where they do still
	Bullish, Fragile []View
}

// NewOutlook sets the views of each voice on each subject beside each other, up to today.
// Records must carry their clusters; who speaks, and how long a view stands, is as in
// Consensus, institutions included. Turns and disputes are of people and institutions,
// and of people, whose views contradict each other: disputed views, of which it is not
// known what they are, take no part in either. Views have of their quotes only the one
// that decided.
func NewOutlook(records []Record, today Day) Outlook {
	t := &Timeline{Filter: Filter{SpeakerTypes: []SpeakerType{Analyst, Institution}}}
	bySubject := map[Subject][]*Record{}
	for _, r := range t.choose(records) {
		bySubject[r.Subject] = append(bySubject[r.Subject], r)
	}
	ballots := map[Subject]*Ballot{}
	for subject, of := range bySubject {
		ballots[subject] = newBallot(of, nil)
	}
	return OutlookOf(ballots, today)
}

// OutlookOf is NewOutlook of the votes on each subject, of analysts and institutions.
func OutlookOf(ballots map[Subject]*Ballot, today Day) Outlook {
	o := Outlook{First: today, Last: today}
	for subject, ballot := range ballots {
		c := newCounting(ballot, Filter{})
		c.voices()
		all := views{c.list, c.places, c.window, c.labels, c.Record}
		if one := newSubjectOutlook(subject, all.made(all.list, false), today); len(one.Lines) > 0 {
			o.Disputes = append(o.Disputes, one.contrast(today)...)
			o.Subjects = append(o.Subjects, one)
			o.Turns = append(o.Turns, one.turns()...)
		}
	}
	slices.SortFunc(o.Subjects, func(a, b SubjectOutlook) int {
		return cmp.Or(cmp.Compare(b.N(), a.N()), cmp.Compare(len(b.Lines), len(a.Lines)),
			cmp.Compare(b.Lines[0].Latest().Published, a.Lines[0].Latest().Published), cmp.Compare(a.Subject, b.Subject))
	})
	o.Turns = sorted(o.Turns, func(a, b *Turn) int {
		return cmp.Or(cmp.Compare(b.After.Published, a.After.Published), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.After.Quote.ID, b.After.Quote.ID))
	})
	o.Disputes = sorted(o.Disputes, func(a, b *Opposing) int {
		return cmp.Or(cmp.Compare(b.To, a.To), cmp.Compare(b.From, a.From), cmp.Compare(a.Subject, b.Subject))
	})
	for i := range o.Subjects {
		for _, l := range o.Subjects[i].Lines {
			o.First = min(o.First, l.Views[0].Published)
		}
	}
	return o
}

func newSubjectOutlook(subject Subject, views []View, today Day) SubjectOutlook {
	s := SubjectOutlook{Subject: subject}
	at := map[string]int{}
	for _, v := range views { // by day
		if v.Published > today {
			continue
		}
		i, ok := at[v.Voice]
		if !ok {
			i = len(s.Lines)
			at[v.Voice] = i
			s.Lines = append(s.Lines, Line{})
		}
		l := &s.Lines[i]
		l.Speaker, l.SpeakerType = v.Speaker, v.SpeakerType
		l.Views = append(l.Views, Stretch{v, v.until})
	}
	for i := range s.Lines {
		if now := s.Lines[i].Now(today); now != nil && now.SpeakerType != Institution && !now.Disputed {
			s.Add(now.Stance, 1)
		}
	}
	s.Number = s.N() >= numberFrom
	slices.SortFunc(s.Lines, func(a, b Line) int {
		stands := func(l *Line) int {
			if l.Now(today) != nil {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(stands(&a), stands(&b)), cmp.Compare(b.Latest().Published, a.Latest().Published),
			strings.Compare(a.Speaker, b.Speaker), strings.Compare(a.Latest().Quote.ID, b.Latest().Quote.ID))
	})
	return s
}

// sorted is a list in order. What it holds is large, so places are sorted instead.
func sorted[T any](list []T, compare func(a, b *T) int) []T {
	places := make([]*T, len(list))
	for i := range list {
		places[i] = &list[i]
	}
	slices.SortFunc(places, compare)
	in := make([]T, len(list))
	for i, p := range places {
		in[i] = *p
	}
	return in
}

// sweep goes through the days until today, run by run in which nothing changes, with the
// views of people that stand, disputed ones left out. The list is used again.
func (s *SubjectOutlook) sweep(today Day, yield func(from, to Day, standing []*View)) {
	type event struct {
		day  Day
		view *View
	}
	var begin, end []event
	for i := range s.Lines {
		for k := range s.Lines[i].Views {
			if v := &s.Lines[i].Views[k]; v.SpeakerType != Institution && !v.Disputed {
				begin, end = append(begin, event{v.Published, &v.View}), append(end, event{min(v.Until, today+1), &v.View})
			}
		}
	}
	byDay := func(a, b event) int { return cmp.Compare(a.day, b.day) }
	slices.SortStableFunc(begin, byDay)
	slices.SortStableFunc(end, byDay)
	var standing []*View
	for len(end) > 0 {
		day := end[0].day
		if len(begin) > 0 {
			day = min(day, begin[0].day)
		}
		for ; len(end) > 0 && end[0].day == day; end = end[1:] {
			gone := end[0].view
			standing = slices.DeleteFunc(standing, func(v *View) bool { return v == gone })
		}
		for ; len(begin) > 0 && begin[0].day == day; begin = begin[1:] {
			standing = append(standing, begin[0].view)
		}
		if len(end) == 0 {
			return
		}
		next := end[0].day
		if len(begin) > 0 {
			next = min(next, begin[0].day)
		}
		yield(day, next-1, standing)
	}
}

// sides puts the views of opposite stances into two lists, which are used again.
func sides(standing []*View, bullish, fragile []*View) (_, _ []*View) {
	bullish, fragile = bullish[:0], fragile[:0]
	for _, v := range standing {
		switch v.Stance {
		case Bullish:
			bullish = append(bullish, v)
		case Fragile:
			fragile = append(fragile, v)
		}
	}
	return bullish, fragile
}

// contrast counts the days on which people stand together, and gives the runs of those on
// which the same people stand against each other.
func (s *SubjectOutlook) contrast(today Day) []Opposing {
	var list []Opposing
	var bullish, fragile []*View
	s.sweep(today, func(from, to Day, standing []*View) {
		if len(standing) < 2 {
			return
		}
		days := int(to-from) + 1
		s.Shared += days
		if bullish, fragile = sides(standing, bullish, fragile); len(bullish) == 0 || len(fragile) == 0 {
			return
		}
		s.Split += days
		if n := len(list); n > 0 && list[n-1].To == from-1 && sameVoices(list[n-1].Bullish, bullish) && sameVoices(list[n-1].Fragile, fragile) {
			list[n-1].To = to
			return
		}
		list = append(list, Opposing{s.Subject, from, to, copied(bullish), copied(fragile)})
	})
	return list
}

func copied(views []*View) []View {
	list := make([]View, len(views))
	for i, v := range views {
		list[i] = *v
	}
	return list
}

// sameVoices reports whether two lists have the same voices, in any order.
func sameVoices(a []View, b []*View) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(v View) bool {
		return !slices.ContainsFunc(b, func(w *View) bool { return v.Voice == w.Voice })
	})
}

// turns are the changes of mind on the subject: to another stance than that of the view
// before.
func (s *SubjectOutlook) turns() []Turn {
	var list []Turn
	for _, l := range s.Lines {
		var before *Stretch
		for i := range l.Views {
			v := &l.Views[i]
			if v.Disputed {
				continue
			}
			if before != nil && before.Stance != v.Stance {
				list = append(list, Turn{s.Subject, before.View, v.View, max(0, int(v.Published-before.Until))})
			}
			before = v
		}
	}
	return list
}

// Unanimity is the share of shared days on which nobody contradicts another; NaN where
// there were none.
func (s *SubjectOutlook) Unanimity() float64 {
	if s.Shared == 0 {
		return math.NaN()
	}
	return 1 - float64(s.Split)/float64(s.Shared)
}
