package tenor

import (
	"cmp"
	"slices"
)

// Chain is how an utterance went from one outlet to the next.
type Chain struct {
	Links    []Link // the reports, the first one first, undated ones last
	Outlets  int    // its reach: how many carried it
	Original string // the outlet that ran it first, as far as a report says or dates tell

	// Two reports that contradict each other, the better copy first; nil when none
	// do. Disputed: none of the two is better, so the consensus counts neither.
	Better, Worse *Record
	Disputed      bool
	LostNot       bool // what differs is a word like "not"

	// A quote of the same voice that turns the view, which one report's article
	// has and another's leaves out; nil when there is none.
	LeftOut   *Record
	LeftOutBy *Record // the report whose article has it not
}

// Link is one report of the utterance.
type Link struct {
	Record
	From  int  // the earlier report it resembles most, in Links; -1 for the first
	Exact bool // it has the very words of that one
}

// NewChain follows the cluster through what one voice said in the articles that
// carry it: records are the reports and the other quotes of the voice there.
func NewChain(cluster string, records []Record) Chain {
	var c Chain
	var others []*Record
	context := map[string]int{}
	for i := range records {
		r := &records[i]
		context[r.ArticleKey]++
		if r.Cluster == cluster {
			c.Links = append(c.Links, Link{Record: *r, From: -1})
		} else {
			others = append(others, r)
		}
	}
	slices.SortFunc(others, inOrder)
	slices.SortFunc(c.Links, func(a, b Link) int {
		first := func(l *Link) int {
			if _, dated := l.Published.Day(Market); l.ID == cluster {
				return 0
			} else if dated {
				return 1
			}
			return 2
		}
		return cmp.Or(cmp.Compare(first(&a), first(&b)), earlier(&a.Record, &b.Record))
	})
	if len(c.Links) == 0 {
		return c
	}
	c.follow()
	reports := make([]*Record, len(c.Links))
	for i := range c.Links {
		reports[i] = &c.Links[i].Record
	}
	best := slices.MinFunc(reports, func(a, b *Record) int { return betterCopy(a, b, context) })
	if i := slices.IndexFunc(reports, func(r *Record) bool { return contradict(best, r) }); i >= 0 {
		c.Better, c.Worse = best, reports[i]
		c.LostNot = Negated(best.Text()) != Negated(reports[i].Text())
		c.Disputed = slices.ContainsFunc(reports, func(r *Record) bool { return disputes(r, best, context) })
	}
	c.findLeftOut(best, reports, others)
	return c
}

// follow finds out whence each report came, and how far the utterance went.
func (c *Chain) follow() {
	known := make([]*features, len(c.Links))
	outlets := map[string]bool{}
	for i := range c.Links {
		l := &c.Links[i]
		known[i] = newFeatures(l.Text(), l.Speaker, l.Firm)
		outlets[cmp.Or(OutletKey(l.Outlet), l.ArticleKey)] = true
		if c.Original == "" {
			c.Original = l.Forwarded
		}
		closest := -1.0
		for j := range i {
			s, _ := similarity(known[i], known[j])
			if l.Forwarded != "" && OutletKey(l.Forwarded) == OutletKey(c.Links[j].Outlet) {
				s += 1 // it says so itself
			}
			if s > closest {
				l.From, closest = j, s
			}
		}
		l.Exact = l.From >= 0 && known[i].hash == known[l.From].hash
	}
	c.Outlets = len(outlets)
	c.Original = cmp.Or(c.Original, c.Links[0].Outlet)
}

// findLeftOut looks for a quote that turns the view in the article of one report
// while another's article lacks it.
func (c *Chain) findLeftOut(best *Record, reports, others []*Record) {
	has := map[[2]string]bool{} // article and cluster
	for _, q := range others {
		has[[2]string{q.ArticleKey, q.Cluster}] = true
	}
	for _, q := range others {
		if !opposite(q.Stance, best.Stance) {
			continue
		}
		for _, r := range reports {
			if !has[[2]string{r.ArticleKey, q.Cluster}] {
				c.LeftOut, c.LeftOutBy = q, r
				return
			}
		}
	}
}

// betterCopy orders copies of one utterance, the better one first: a person's label
// before the model's, the better translation, the article that quotes the voice
// more (an excerpt must not outrank what it was taken from), the earlier day. 0
// when none of these decides. Context counts the voice's quotes by article.
func betterCopy(a, b *Record, context map[string]int) int {
	dayA, _ := a.Published.Day(Market)
	dayB, _ := b.Published.Day(Market)
	return cmp.Or(cmp.Compare(b.labelRank(), a.labelRank()), cmp.Compare(a.Translation.rank(), b.Translation.rank()),
		cmp.Compare(context[b.ArticleKey], context[a.ArticleKey]), cmp.Compare(dayA, dayB))
}

func (r *Record) labelRank() int {
	if r.LabelSource == LabelHuman {
		return 1
	}
	return 0
}

// rank orders translations, the most faithful first. A machine's and one of unknown
// making tie: pages seldom confess to a machine, and the one that does must not
// outrank a fuller report for it.
func (t Translation) rank() int {
	switch t {
	case TranslationNone:
		return 0
	case TranslationHuman:
		return 1
	}
	return 2
}

// disputes reports whether r contradicts the best copy and is no worse.
func disputes(r, best *Record, context map[string]int) bool {
	return contradict(r, best) && betterCopy(r, best, context) == 0
}

// contradict reports whether two copies of one utterance contradict each other:
// their stances are opposite, or differ where one has lost a "not".
func contradict(a, b *Record) bool {
	return a.Stance != b.Stance && (opposite(a.Stance, b.Stance) || Negated(a.Text()) != Negated(b.Text()))
}

// opposite reports whether two stances contradict each other.
func opposite(a, b Stance) bool {
	return a == Bullish && b == Fragile || a == Fragile && b == Bullish
}

var negations = wordSet("not no nor never none cannot dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt cant hasnt havent hadnt")

// Negated reports whether a text has an odd number of words like "not".
func Negated(text string) bool {
	odd := false
	for _, w := range foldWords(text) {
		if negations[w] {
			odd = !odd
		}
	}
	return odd
}
