package tenor

import (
	"cmp"
	"slices"
	"strings"
)

// counting is a ballot being counted: voice after voice, with lists that are used again.
type counting struct {
	*Ballot
	count   Count
	window  int32
	stances []Stance
	labels  []countedLabel

	list     []view
	places   []uint32 // of quotes: those behind a view follow each other
	articles []uint32 // of places

	said     []utterance
	order    []int32 // of a voice's votes, those of an utterance together
	next     []int32 // place in order of the next vote of each utterance
	of       []int32 // utterance of each vote
	clusters counts
	context  counts // of a voice: its votes by article
	last     []int32
}

// countedLabel is a VoteLabel as it is compared.
type countedLabel struct {
	claim, human, translation int // ranks
	stance                    Stance
	horizon                   Horizon
	institution, wanted       bool // wanted: a view of this stance is in the series
}

// utterance is a cluster of one voice: something said once, however often it was
// reported.
type utterance struct {
	day      int32 // of the earliest report
	best     int32 // the report that speaks for all, in the voice's votes
	first, n int32 // the reports, in counting.order
	disputed bool
}

// newCounting groups a ballot's votes by voice, each group in the order said.
func newCounting(b *Ballot, f Filter) *counting {
	c := &counting{Ballot: b, count: f.Count, window: int32(f.Window), stances: f.Stances}
	if f.Window == 0 {
		c.window = DefaultWindow
	}
	for _, l := range b.Labels {
		human := 0
		if l.LabelSource == LabelHuman {
			human = 1
		}
		c.labels = append(c.labels, countedLabel{
			l.Claim.rank(), human, l.Translation.rank(), l.Stance, l.Horizon, l.SpeakerType == Institution, c.wants(l.Stance),
		})
	}
	if !slices.IsSortedFunc(b.Votes, func(a, b Vote) int { return cmp.Compare(a.Voice, b.Voice) }) {
		at := make([]int32, b.Voices+1)
		for i := range b.Votes {
			at[b.Votes[i].Voice+1]++
		}
		for i := range b.Voices {
			at[i+1] += at[i]
		}
		sorted := make([]Vote, len(b.Votes))
		for i := range b.Votes {
			v := &b.Votes[i]
			sorted[at[v.Voice]] = *v
			at[v.Voice]++
		}
		b.Votes = sorted
	}
	c.list = make([]view, 0, len(b.Votes))
	c.places, c.articles = make([]uint32, 0, len(b.Votes)), make([]uint32, 0, len(b.Votes))
	return c
}

func (c *counting) wants(s Stance) bool { return len(c.stances) == 0 || slices.Contains(c.stances, s) }

// before is the order in which things were said: by day, then article, then place in
// the article.
func (c *counting) before(a, b *Vote) int {
	if a.Day != b.Day {
		return cmp.Compare(a.Day, b.Day)
	}
	if a.Article != b.Article {
		if d := strings.Compare(c.ArticleKey(a.Article), c.ArticleKey(b.Article)); d != 0 {
			return d
		}
	}
	if a.Start != b.Start || a.Place == b.Place {
		return cmp.Compare(a.Start, b.Start)
	}
	return strings.Compare(c.Record(a.Place).ID, c.Record(b.Place).ID)
}

// voices forms the views of all voices, each voice's in order.
func (c *counting) voices() {
	for rest := c.Votes; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Voice == rest[0].Voice {
			n++
		}
		c.voice(rest[:n])
		rest = rest[n:]
	}
}

// voice forms the views of one.
func (c *counting) voice(votes []Vote) {
	for i := 1; i < len(votes); i++ {
		if c.before(&votes[i-1], &votes[i]) > 0 {
			slices.SortFunc(votes, func(a, b Vote) int { return c.before(&a, &b) })
			break
		}
	}
	from, base := len(c.list), len(c.places)
	switch c.count {
	case CountQuotes:
		c.singly(votes)
		for i := range c.said {
			c.view(votes, base, c.said[i:i+1])
		}
	case CountArticles:
		c.singly(votes)
		for start, end := 0, 0; start < len(votes); start = end {
			for end < len(votes) && votes[end].Article == votes[start].Article {
				end++
			}
			c.view(votes, base, c.said[start:end])
		}
	default:
		c.fold(votes)
		c.episodes(votes, base)
	}
	for _, i := range c.order {
		c.places, c.articles = append(c.places, votes[i].Place), append(c.articles, votes[i].Article)
	}
	views := c.list[from:]
	for i := range views {
		v := &views[i]
		v.until = v.from + c.window + 1
		if i+1 < len(views) && c.count != CountQuotes && c.count != CountArticles {
			v.until = min(v.until, views[i+1].from)
		}
	}
	if len(c.stances) > 0 {
		c.list = append(c.list[:from], slices.DeleteFunc(views, func(v view) bool {
			if v.split {
				return !c.wants(Neutral)
			}
			return !c.labels[v.label].wanted
		})...)
	}
}

// singly takes each vote for an utterance of its own.
func (c *counting) singly(votes []Vote) {
	c.said, c.order = c.said[:0], c.order[:0]
	for i := range votes {
		c.said = append(c.said, utterance{day: votes[i].Day, best: int32(i), first: int32(i), n: 1})
		c.order = append(c.order, int32(i))
	}
}

// fold gathers one voice's votes into utterances, in the order said. The best copy
// speaks for a cluster (betterCopy); where another contradicts it and is no worse, what
// was said is disputed.
func (c *counting) fold(votes []Vote) {
	c.said, c.of = c.said[:0], c.of[:0]
	c.clusters.clear(len(votes))
	for i := range votes {
		u := c.clusters.at(votes[i].Cluster)
		if *u == 0 {
			c.said = append(c.said, utterance{day: votes[i].Day, best: int32(i)})
			*u = int32(len(c.said))
		}
		c.said[*u-1].n++
		c.of = append(c.of, *u-1)
	}
	if len(c.said) == len(votes) { // nothing was copied
		c.singly(votes)
		return
	}
	c.next, c.order = c.next[:0], append(c.order[:0], c.of...)
	first := int32(0)
	for i := range c.said {
		c.said[i].first = first
		c.next = append(c.next, first)
		first += c.said[i].n
	}
	for i, u := range c.of {
		c.order[c.next[u]] = int32(i)
		c.next[u]++
	}
	c.context.clear(len(votes))
	for i := range votes {
		*c.context.at(uint64(votes[i].Article))++
	}
	for i := range c.said {
		u := &c.said[i]
		reports := c.order[u.first : u.first+u.n]
		for _, r := range reports[1:] {
			if c.betterCopy(&votes[r], &votes[u.best]) < 0 {
				u.best = r
			}
		}
		u.disputed = slices.ContainsFunc(reports, func(r int32) bool { return c.disputes(&votes[r], &votes[u.best]) })
	}
}

// betterCopy and disputes are those of records.
func (c *counting) betterCopy(a, b *Vote) int {
	la, lb := &c.labels[a.Label], &c.labels[b.Label]
	return cmp.Or(cmp.Compare(lb.human, la.human), cmp.Compare(la.translation, lb.translation),
		cmp.Compare(*c.context.at(uint64(b.Article)), *c.context.at(uint64(a.Article))), cmp.Compare(a.Day, b.Day))
}

func (c *counting) disputes(r, best *Vote) bool {
	a, b := c.labels[r.Label].stance, c.labels[best.Label].stance
	return a != b && c.betterCopy(r, best) == 0 && (opposite(a, b) || c.Negated(r.Place) != c.Negated(best.Place))
}

// episodeDays is for how many days after its first utterance an episode of one
// voice goes on.
const episodeDays = 3

// episodes forms the views of one voice: one for each day on which it spoke, from what
// it had said in the episode by then, so that no view knows of anything later.
func (c *counting) episodes(votes []Vote, base int) {
	said := c.said
	for start := 0; start < len(said); {
		end := start
		for end < len(said) && said[end].day <= said[start].day+episodeDays {
			end++
			if end == len(said) || said[end].day != said[end-1].day {
				c.view(votes, base, said[start:end])
			}
		}
		start = end
	}
}

// view is what the utterances of one episode amount to. A position beats a forecast,
// which beats a recap; among equals the last one in each article counts; articles that
// then disagree make a split, neutral. Base is where the voice's places begin.
func (c *counting) view(votes []Vote, base int, said []utterance) {
	final := &said[len(said)-1]
	v := view{from: final.day, first: uint32(base) + uint32(said[0].first), quotes: uint32(final.first + final.n - said[0].first)}
	best := &votes[said[0].best]
	if v.quotes > 1 {
		decided := c.decide(votes, said)
		best = &votes[said[decided].best]
		stance := c.labels[best.Label].stance
		for _, i := range c.last {
			u := &said[i]
			v.disputed = v.disputed || u.disputed
			v.split = v.split || c.labels[votes[u.best].Label].stance != stance
		}
		v.split = v.split || c.qualified(votes, best, said)
	}
	v.best, v.firm, v.label = best.Place, best.Firm, best.Label
	c.list = append(c.list, v)
}

// decide finds the last utterance of those that say most of the speaker's view, and the
// last of each article, which it leaves in c.last.
func (c *counting) decide(votes []Vote, said []utterance) (decided int) {
	top := 0
	for i := range said {
		top = max(top, c.labels[votes[said[i].best].Label].claim)
	}
	c.last, decided = c.last[:0], -1
	for i := range said {
		best := &votes[said[i].best]
		if c.labels[best.Label].claim != top {
			continue
		}
		at := slices.IndexFunc(c.last, func(j int32) bool { return votes[said[j].best].Article == best.Article })
		if at < 0 {
			c.last = append(c.last, int32(i))
		} else if c.before(&votes[said[c.last[at]].best], best) <= 0 {
			c.last[at] = int32(i)
		}
		if decided < 0 || c.before(&votes[said[decided].best], best) <= 0 {
			decided = i
		}
	}
	return decided
}

// qualified reports whether the deciding quote takes back for one horizon what the
// words just before it grant for another: "room in the short term, but not over the
// next twelve months" is neither bullish nor fragile.
func (c *counting) qualified(votes []Vote, best *Vote, said []utterance) bool {
	const sameSentence = 40 // bytes between: ", but he does not expect that"
	b := &c.labels[best.Label]
	if b.horizon == "" {
		return false
	}
	first, final := &said[0], &said[len(said)-1]
	for _, i := range c.order[first.first : final.first+final.n] {
		r := &votes[i]
		l := &c.labels[r.Label]
		if r.Article != best.Article || r.End == 0 || !opposite(l.stance, b.stance) {
			continue
		}
		between := int(best.Start) - int(r.End)
		if between >= 0 && between <= sameSentence && l.horizon != "" && l.horizon != b.horizon {
			return true
		}
	}
	return false
}
