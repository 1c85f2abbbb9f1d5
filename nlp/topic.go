package nlp

import (
	"math"
	"slices"

	"tenor"
)

// topics is a linear classifier of what a quote is about, one subject, and argues
// from, any number of themes. It weighs what the phrase lists name in each part of
// the article, and the words in and around the quote. It is only read once it is
// loaded.
type topics struct {
	dense []topicRow
	words [topicPlaces][]topicRef // by word number
	all   []topicWeight           // of which the rows are parts
}

// topicRef is where the row of a word stands among all weights.
type topicRef struct{ from, to int32 }

// topicRow are the weights of a feature for the few classes that it speaks for or
// against.
type topicRow []topicWeight

type topicWeight struct {
	class  int32
	weight float32
}

// of is the weight for a class.
func (r topicRow) of(class int) float32 {
	for _, w := range r {
		if int(w.class) == class {
			return w.weight
		}
	}
	return 0
}

// topicWeights is a number for every class: the subjects, then the themes.
type topicWeights [numSubjects + numThemes]float32

// The lengths of tenor.Subjects and tenor.Themes.
const (
	numSubjects = 23
	numThemes   = 16
)

// Where a word stands.
const (
	placeQuote = iota
	placeBefore
	placeAfter
	placeTitle
	topicPlaces
)

var placeNames = [topicPlaces]string{"in", "before", "after", "title"}

// So many words around a quote count, and what one of them does.
const (
	topicBefore  = 40
	topicAfter   = 25
	aroundWeight = 0.3
	titleShare   = 0.5
)

// Dense features: what the phrase lists say.
const (
	topicBias     = 0
	topicQuote    = 1                        // and one a subject: named in the quote,
	topicTitle    = topicQuote + numSubjects // the title,
	topicLead     = topicTitle + numSubjects // the lead,
	topicBody     = topicLead + numSubjects  // the rest,
	topicNear     = topicBody + numSubjects  // the words before the quote
	topicRule     = topicNear + numSubjects  // the subject by the rules
	topicMain     = topicRule + numSubjects  // the article's
	topicTheme    = topicMain + numSubjects  // and one a theme: how much the quote names it,
	topicNamed    = topicTheme + numThemes   // and whether that makes it one by the rules
	topicFeatures = topicNamed + numThemes   // how many there are
	bodyShare     = 0.5
)

// A quote has a theme if the model's sum for it is above the first; above the second
// if the rules find it too.
const (
	themeSum      = -0.4
	themeSumNamed = -2.5
)

// measureTopics fills the dense features of a quote that the rules have labelled.
func (p *passage) measureTopics(q *tenor.Quote) []float64 {
	d := growTo(&p.topicDense, topicFeatures)
	d[topicBias] = 1
	for _, m := range p.found {
		switch e := p.entryOf(m); e.family {
		case familySubject:
			d[topicQuote+e.class] += e.weight
		case familyTheme:
			d[topicTheme+e.class] += e.weight
		}
	}
	near := growTo(&p.scores, numSubjects)
	p.spare = p.lex.longest(p.lex.subjects.find(p.spare[:0], p.article[max(0, p.from-topicBefore):p.from]))
	for _, m := range p.spare {
		e := p.entryOf(m)
		near[e.class] += e.weight
	}
	for i := range numSubjects {
		d[topicQuote+i] = math.Log1p(d[topicQuote+i])
		d[topicNear+i] = math.Log1p(near[i])
	}
	copy(d[topicTitle:topicNear], p.subjects.logs[:])
	for i := range numThemes {
		d[topicTheme+i] = math.Log1p(d[topicTheme+i])
	}
	d[topicRule+indexOf(allSubjects, q.Subject)] = 1
	if p.main >= 0 {
		d[topicMain+p.main] = 1
	}
	for _, th := range q.Themes {
		d[topicNamed+indexOf(allThemes, th)] = 1
	}
	return d
}

// eachTopicWord calls yield for every known word in and around the quote and in the
// title, with where it stands and what it counts.
func (p *passage) eachTopicWord(yield func(place int, w word, by float32)) {
	each := func(place int, ts []term, by float32) {
		for i := range ts {
			if ts[i].word != unknownWord {
				yield(place, ts[i].word, by)
			}
		}
	}
	each(placeQuote, p.words, wordShare(len(p.words)))
	each(placeBefore, p.article[max(0, p.from-topicBefore):p.from], aroundWeight)
	each(placeAfter, p.article[p.to:min(len(p.article), p.to+topicAfter)], aroundWeight)
	each(placeTitle, p.titleWords, titleShare)
}

// row is the weights of a word in a place, nil for none.
func (m *topics) row(place int, w word) topicRow {
	if int(w) >= len(m.words[place]) {
		return nil
	}
	at := m.words[place][w]
	if at.from == at.to {
		return nil
	}
	return m.all[at.from:at.to]
}

// sums are the model's sums for every subject and theme.
func (m *topics) sums(p *passage, q *tenor.Quote) *topicWeights {
	sum := &p.topicSums
	*sum = topicWeights{}
	add := func(row topicRow, by float32) {
		for _, w := range row {
			sum[w.class] += w.weight * by
		}
	}
	for i, v := range p.measureTopics(q) {
		if v != 0 {
			add(m.dense[i], float32(v))
		}
	}
	p.eachTopicWord(func(place int, w word, by float32) { add(m.row(place, w), by) })
	return sum
}

// decide gives a quote, labelled by the rules, the likeliest subject and all likely
// themes. A theme for which nothing in the quote can be shown is none.
func (m *topics) decide(p *passage, q *tenor.Quote) {
	sum := m.sums(p, q)
	best := 0
	for i := range numSubjects {
		if sum[i] > sum[best] {
			best = i
		}
	}
	q.Subject = allSubjects[best]
	named := p.topicDense[topicNamed:topicFeatures]
	q.Themes = nil
	for i, th := range allThemes {
		s := sum[numSubjects+i]
		if s > themeSum || named[i] > 0 && s > themeSumNamed {
			shown := p.namesTheme(i)
			if !shown {
				_, shown = m.reason(p, i)
			}
			if shown {
				q.Themes = append(q.Themes, th)
			}
		}
	}
}

// namesTheme reports whether a phrase of a theme stands in the quote.
func (p *passage) namesTheme(theme int) bool {
	return slices.ContainsFunc(p.found, func(m match) bool {
		e := p.entryOf(m)
		return e.family == familyTheme && e.class == theme
	})
}

// leastTopicReason is how much a word must weigh for a theme to be shown for it.
const leastTopicReason = 0.15

// reason is the word of the quote that weighs most for a theme.
func (m *topics) reason(p *passage, theme int) (tenor.Span, bool) {
	best, span := float32(leastTopicReason), tenor.Span{}
	for _, t := range p.words {
		if t.word == numberWord || p.lex.plain.has(t.word) {
			continue
		}
		if w := m.row(placeQuote, t.word).of(numSubjects + theme); w > best {
			best, span = w, tenor.Span{t.start, t.end}
		}
	}
	return span, span.Len() > 0
}

// showTopics appends the words that name the subject and the themes; where no
// phrase of a theme does, the word that the model went by.
func (l *labeller) showTopics(p *passage, q *tenor.Quote) {
	subject := indexOf(allSubjects, q.Subject)
	for _, m := range p.found {
		if e := p.entryOf(m); e.family == familySubject && e.class == subject {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "subject:" + string(q.Subject), Span: p.span(m)})
		}
	}
	for _, th := range q.Themes {
		theme, tag := indexOf(allThemes, th), "theme:"+string(th)
		if !p.namesTheme(theme) {
			if span, ok := l.topics.reason(p, theme); ok {
				q.Evidence = append(q.Evidence, tenor.Evidence{Tag: tag, Span: span})
			}
			continue
		}
		p.spare = p.spare[:0]
		for _, m := range p.found {
			e := p.entryOf(m)
			if e.family != familyTheme || e.class != theme || slices.ContainsFunc(p.spare, func(o match) bool { return o.entry == m.entry }) {
				continue
			}
			p.spare = append(p.spare, m)
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: tag, Span: p.span(m)})
		}
	}
}
