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
	t.hear(chosen)
	t.draw()
	return t
}

// hear makes the views of the series of the records that were chosen.
func (t *Timeline) hear(chosen []*Record) {
	f := &t.Filter
	window := f.Window
	if window == 0 {
		window = DefaultWindow
	}
	for voice, reports := range byVoice(chosen) {
		var views []View
		switch f.Count {
		case CountQuotes:
			views = viewsByQuote(reports)
		case CountArticles:
			views = viewsByArticle(reports)
		default:
			views = viewsByEpisode(fold(reports))
		}
		for i := range views {
			v := &views[i]
			v.Voice = voice
			v.until = v.Published + Day(window) + 1
			if i+1 < len(views) && f.Count != CountQuotes && f.Count != CountArticles {
				v.until = min(v.until, views[i+1].Published)
			}
			if len(f.Stances) == 0 || slices.Contains(f.Stances, v.Stance) {
				t.views = append(t.views, *v)
			}
		}
	}
	t.views = inTime(t.views)
}

// inTime are the views in order. Views are large, so their places are sorted instead.
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

// byVoice groups records by who speaks, each group in the order said.
func byVoice(records []*Record) map[string][]*Record {
	voices := map[string][]*Record{}
	for _, r := range records {
		key := r.voice()
		voices[key] = append(voices[key], r)
	}
	for _, reports := range voices {
		slices.SortFunc(reports, inOrder)
	}
	return voices
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

// utterance is a cluster of one voice: something said once, however often it was
// reported.
type utterance struct {
	day      Day     // of the earliest report
	best     *Record // the report that speaks for all
	reports  []*Record
	disputed bool
}

// fold gathers one voice's reports into utterances, in the order said. The best
// copy speaks for a cluster (betterCopy); where another contradicts it and is no
// worse, what was said is disputed.
func fold(reports []*Record) []*utterance {
	byCluster := map[string]*utterance{}
	said := make([]*utterance, 0, len(reports))
	for _, r := range reports {
		u := byCluster[r.Cluster]
		if u == nil {
			day, _ := r.Published.Day(Market)
			u = &utterance{day: day, best: r}
			byCluster[r.Cluster] = u
			said = append(said, u)
		}
		u.reports = append(u.reports, r)
	}
	if len(said) == len(reports) { // nothing was copied, as nearly always
		return said
	}
	context := map[string]int{}
	for _, r := range reports {
		context[r.ArticleKey]++
	}
	for _, u := range said {
		for _, r := range u.reports[1:] {
			if betterCopy(r, u.best, context) < 0 {
				u.best = r
			}
		}
		u.disputed = slices.ContainsFunc(u.reports, func(r *Record) bool { return disputes(r, u.best, context) })
	}
	return said
}

// episodeDays is for how many days after its first utterance an episode of one
// voice goes on.
const episodeDays = 3

// viewsByEpisode are the views of one voice: one for each day on which it spoke,
// formed from what it had said in the episode by then, so that no view knows of
// anything later.
func viewsByEpisode(said []*utterance) []View {
	var views []View
	for start := 0; start < len(said); {
		end := start
		for end < len(said) && said[end].day <= said[start].day+episodeDays {
			end++
			if end == len(said) || said[end].day != said[end-1].day {
				views = append(views, newView(said[start:end]))
			}
		}
		start = end
	}
	return views
}

// viewsByArticle are the views of one voice, one for each article that quotes it.
func viewsByArticle(reports []*Record) []View {
	var views []View
	for _, article := range chunk(reports) {
		views = append(views, newView(singly(article)))
	}
	return views
}

// viewsByQuote are the views of one voice, one for each quote.
func viewsByQuote(reports []*Record) []View {
	var views []View
	for _, u := range singly(reports) {
		views = append(views, newView([]*utterance{u}))
	}
	return views
}

// singly takes each report for an utterance of its own.
func singly(reports []*Record) []*utterance {
	said := make([]*utterance, len(reports))
	for i, r := range reports {
		day, _ := r.Published.Day(Market)
		said[i] = &utterance{day: day, best: r, reports: []*Record{r}}
	}
	return said
}

// chunk cuts reports in order into runs of one article.
func chunk(reports []*Record) [][]*Record {
	var runs [][]*Record
	for i, r := range reports {
		if i == 0 || r.ArticleKey != reports[i-1].ArticleKey {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], r)
	}
	return runs
}

// newView is the view that the utterances of one episode amount to. A position
// beats a forecast, which beats a recap; among equals the last one in each
// article counts; articles that then disagree make a split, neutral.
func newView(said []*utterance) View {
	if u := said[0]; len(said) == 1 && len(u.reports) == 1 { // as nearly always
		return View{
			Speaker: u.best.Speaker, SpeakerType: u.best.SpeakerType, Firm: u.best.Firm, Stance: u.best.Stance,
			Published: u.day, Quote: u.best, Quotes: u.reports,
		}
	}
	top := 0
	for _, u := range said {
		top = max(top, u.best.Claim.rank())
	}
	last := map[string]*utterance{}
	var decided *utterance
	for _, u := range said {
		if u.best.Claim.rank() != top {
			continue
		}
		if l := last[u.best.ArticleKey]; l == nil || inOrder(l.best, u.best) <= 0 {
			last[u.best.ArticleKey] = u
		}
		if decided == nil || inOrder(decided.best, u.best) <= 0 {
			decided = u
		}
	}
	best := decided.best
	v := View{
		Speaker: best.Speaker, SpeakerType: best.SpeakerType, Firm: best.Firm,
		Stance: best.Stance, Published: said[len(said)-1].day, Quote: best,
	}
	for _, u := range last {
		v.Disputed = v.Disputed || u.disputed
		if u.best.Stance != best.Stance {
			v.Stance, v.Split = Neutral, true
		}
	}
	if qualified(best, said) {
		v.Stance, v.Split = Neutral, true
	}
	for _, u := range said {
		v.Quotes = append(v.Quotes, u.reports...)
	}
	return v
}

// qualified reports whether the deciding quote takes back for one horizon what the
// words just before it grant for another: "room in the short term, but not over the
// next twelve months" is neither bullish nor fragile.
func qualified(best *Record, said []*utterance) bool {
	const sameSentence = 40 // bytes between: ", but he does not expect that"
	for _, u := range said {
		for _, r := range u.reports {
			if r.ArticleKey != best.ArticleKey || len(r.Spans) == 0 || !opposite(r.Stance, best.Stance) {
				continue
			}
			between := best.start() - r.Spans[len(r.Spans)-1].End()
			if between >= 0 && between <= sameSentence && r.Horizon != "" && best.Horizon != "" && r.Horizon != best.Horizon {
				return true
			}
		}
	}
	return false
}
