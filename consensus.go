package tenor

import (
	"cmp"
	"slices"
)

// Consensus is how the views of many people add up over time: one voice per
// analyst, its latest view, for as long as it stands.
//
// It is a pure function of the records and the filter, and the order of the
// records does not matter; views point into them. The filter's Query is taken as already applied. From
// and To limit the days that are drawn, never the views that may stand on them;
// without To the series ends when the last view expires, which may lie in the
// future: a caller with a clock cuts it there (Until). Records must carry their clusters (FoldCopies);
// with AsOf they are folded again from what was known then, so that a series as
// of a day never changes.
func Consensus(records []Record, f Filter) *Timeline {
	t := &Timeline{Filter: f}
	chosen := t.choose(records)
	if f.AsOf != nil {
		known := make([]Record, len(chosen))
		for i, r := range chosen {
			known[i] = *r
		}
		FoldCopies(known)
		for i := range known {
			chosen[i] = &known[i]
		}
	}
	line := newBallot(chosen, f.Houses).Series(f)
	line.Undated = t.Undated
	line.views = line.Views()
	line.lean = views{}
	return line
}

// View is what one voice stands for from the day it was published until it says
// something else or the window has passed.
type View struct {
	Voice       string // identity of the person or firm, as its records have it
	Speaker     string
	SpeakerType SpeakerType
	Firm        string // of that day
	Stance      Stance
	Split       bool // its statements contradict each other evenly: neutral, drawn as split
	// Disputed: copies of the deciding utterance contradict each other and no
	// better copy decides. The voice is shown beside the count.
	Disputed  bool
	Published Day
	Quote     *Record   // the one that decided
	Quotes    []*Record // all behind the view, copies included, in the order said

	until Day // the first day on which it no longer stands
}

// stands reports whether the view stands on the day.
func (v *View) stands(d Day) bool { return v.Published <= d && d < v.until }

// choose keeps the records that may enter the series, and counts those that lack
// a day. Officials, executives, reporters and data vendors never count;
// institutions only when they are asked for.
func (t *Timeline) choose(records []Record) []*Record {
	kept := make([]*Record, 0, len(records))
	f := t.Filter // with what is below its topics found once, and not for each record
	f.Themes, f.Subjects, f.Topics = f.WantedThemes(), f.WantedSubjects(), Topics{}
	for i := range records {
		r := &records[i]
		if !f.counts(r) || !f.Match(r) {
			continue
		}
		if _, dated := r.Published.Day(Market); !dated {
			t.Undated++
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

func (f *Filter) counts(r *Record) bool {
	switch r.SpeakerType {
	case Analyst:
	case Institution:
		if !slices.Contains(f.SpeakerTypes, Institution) {
			return false
		}
	default:
		return false
	}
	return r.voice() != ""
}

// Match reports whether the record passes the filter, Query and the days of
// publication aside. The stance is that of a view, not of a quote, in a series:
// it is compared there.
func (f *Filter) Match(r *Record) bool {
	themes, subjects := f.WantedThemes(), f.WantedSubjects()
	return has(f.Analysts, r.Speaker, FoldText) &&
		has(f.Firms, r.Firm, FirmKey) &&
		has(f.Outlets, r.Outlet, OutletKey) &&
		(len(themes) == 0 || slices.ContainsFunc(themes, func(t Theme) bool { return slices.Contains(r.Themes, t) })) &&
		(len(subjects) == 0 || slices.Contains(subjects, r.Subject)) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, r.Kind)) &&
		(len(f.SpeakerTypes) == 0 || slices.Contains(f.SpeakerTypes, r.SpeakerType)) &&
		(f.AsOf == nil || DayOf(r.KnownAt.In(Market)) <= *f.AsOf)
}

// has reports whether one of the wanted names is the value, both folded; no
// wanted name means any.
func has(wanted []string, value string, fold func(string) string) bool {
	if len(wanted) == 0 {
		return true
	}
	value = fold(value)
	return slices.ContainsFunc(wanted, func(w string) bool { return fold(w) == value })
}

// inOrder is the order in which things were said: by day, then article, then
// place in the article.
func inOrder(a, b *Record) int {
	dayA, _ := a.Published.Day(Market)
	dayB, _ := b.Published.Day(Market)
	return cmp.Or(cmp.Compare(dayA, dayB), cmp.Compare(a.ArticleKey, b.ArticleKey),
		cmp.Compare(a.start(), b.start()), cmp.Compare(a.ID, b.ID))
}

func (r *Record) start() int {
	if len(r.Spans) == 0 {
		return 0
	}
	return r.Spans[0].Start()
}
