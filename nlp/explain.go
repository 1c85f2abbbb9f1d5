package nlp

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tenor"
)

// Bounds on the stretches of the text that an explanation names for a label.
const (
	shownReasons = 6     // how many
	leastShown   = 0.005 // what one weighs, either way: less is shown as nothing
)

// Explain tags an article and tells why the quote with an identifier has its labels.
// Errors wrap those of Tag, and tenor.ErrNotFound where the tagger does not find the quote.
func (t *Tagger) Explain(a *tenor.Article, quoteID string) (tenor.Explanation, error) {
	all, err := t.ExplainAll(a)
	if err != nil {
		return tenor.Explanation{}, err
	}
	at := slices.IndexFunc(all, func(e tenor.Explanation) bool { return e.Quote.ID == quoteID })
	if at < 0 {
		return tenor.Explanation{}, fmt.Errorf("explain quote %s: today's tagger does not find it: %w", quoteID, tenor.ErrNotFound)
	}
	return all[at], nil
}

// ExplainAll tags an article once and tells of each of its quotes, in the order of Tag,
// why it has its labels. Errors wrap those of Tag.
func (t *Tagger) ExplainAll(a *tenor.Article) (all []tenor.Explanation, err error) {
	defer func() {
		if p := recover(); p != nil {
			all, err = nil, fmt.Errorf("explain %s: %v", a.Key(), p)
		}
	}()
	quotes, err := t.Tag(a)
	if err != nil {
		return nil, err
	}
	p := new(passage)
	t.labels.open(p, a, quotes)
	for _, q := range quotes {
		all = append(all, tenor.Explanation{Quote: q, Labels: t.labels.explain(p, q)})
	}
	return all, nil
}

// explain labels a quote of the opened article again and takes the models' sums apart.
func (l *labeller) explain(p *passage, q tenor.Quote) []tenor.LabelReasons {
	tagged := q // with the labels that stand, before the rules write theirs
	p.read(&q)
	subjectOf(p, &q)
	themesOf(p, &q)
	claimOf(p, &q)
	p.signal(&q)
	p.measure(&q)
	stance := l.model.explain(p, q.Stance)
	all := append([]tenor.LabelReasons{stance}, l.topics.explain(p, &q)...)
	if l.own != nil {
		all = l.own.explain(p, &tagged, all)
	}
	return all
}

// explain takes apart what the model makes of a stance against the likeliest other.
func (m *model) explain(p *passage, stance tenor.Stance) tenor.LabelReasons {
	likely := m.likelihood(p)
	k := indexOf(stances[:], stance)
	other := -1
	for i := range likely {
		if i != k && (other < 0 || likely[i] > likely[other]) {
			other = i
		}
	}
	r := tenor.LabelReasons{Label: "stance", Value: string(stance), Share: likely[k], RunnerUp: string(stances[other]), Second: likely[other]}
	lean := func(w *weights3) float64 { return sureness * float64(w[k]-w[other]) }
	share := float64(wordShare(len(p.words)))
	spans := map[tenor.Span]float64{}
	p.eachGram(func(g gram, by float32, from, to int) {
		w := m.grams.get(g)
		if g < gram(len(m.words)) {
			w = &m.words[g]
		}
		if w != nil {
			spans[tenor.Span{p.words[from].start, p.words[to].end}] += lean(w) * float64(by) * share
		}
	})
	for i, v := range p.dense {
		r.Rest += lean(&m.dense[i]) * v
	}
	if neutral := indexOf(stances[:], tenor.Neutral); k == neutral {
		r.Rest -= quotesLean * sureness
	} else if other == neutral {
		r.Rest += quotesLean * sureness
	}
	return withReasons(r, spans)
}

// explain takes apart what the model makes of the subject against the likeliest other,
// and of each theme. q has them as the rules do.
func (m *topics) explain(p *passage, q *tenor.Quote) []tenor.LabelReasons {
	m.decide(p, q)
	subject := indexOf(allSubjects, q.Subject)
	likely := make([]float64, numSubjects)
	other, total := -1, 0.0
	for i := range likely {
		likely[i] = math.Exp(float64(p.topicSums[i] - p.topicSums[subject]))
		total += likely[i]
		if i != subject && (other < 0 || likely[i] > likely[other]) {
			other = i
		}
	}
	all := []tenor.LabelReasons{m.reasons(p, tenor.LabelReasons{Label: "subject", Value: string(q.Subject), Share: likely[subject] / total,
		RunnerUp: string(allSubjects[other]), Second: likely[other] / total}, func(w topicRow) float64 { return float64(w.of(subject) - w.of(other)) })}
	for _, th := range q.Themes {
		k := numSubjects + indexOf(allThemes, th)
		share := 1 / (1 + math.Exp(-float64(p.topicSums[k])))
		all = append(all, m.reasons(p, tenor.LabelReasons{Label: "theme", Value: string(th), Share: share}, func(w topicRow) float64 { return float64(w.of(k)) }))
	}
	return all
}

// reasons adds what the words of the quote weigh, and all else.
func (m *topics) reasons(p *passage, r tenor.LabelReasons, weigh func(topicRow) float64) tenor.LabelReasons {
	spans := map[tenor.Span]float64{}
	for i, v := range p.topicDense {
		r.Rest += weigh(m.dense[i]) * v
	}
	at := 0
	p.eachTopicWord(func(place int, w word, by float32) {
		row := m.row(place, w)
		switch {
		case place == placeQuote:
			for p.words[at].word != w {
				at++
			}
			if row != nil {
				spans[tenor.Span{p.words[at].start, p.words[at].end}] += weigh(row) * float64(by)
			}
			at++
		case row != nil:
			r.Rest += weigh(row) * float64(by)
		}
	})
	return withReasons(r, spans)
}

// withReasons gives a label its reasons: the stretches that weigh most, either way, in
// the order of the text. What the others weigh is added to the rest.
func withReasons(r tenor.LabelReasons, spans map[tenor.Span]float64) tenor.LabelReasons {
	r.Reasons = nil
	for span, weight := range spans {
		r.Reasons = append(r.Reasons, tenor.Reason{Span: span, Weight: weight})
	}
	slices.SortFunc(r.Reasons, func(a, b tenor.Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), slices.Compare(a.Span[:], b.Span[:]))
	})
	for last := len(r.Reasons) - 1; last >= shownReasons || last >= 0 && math.Abs(r.Reasons[last].Weight) < leastShown; last-- {
		r.Rest += r.Reasons[last].Weight
		r.Reasons = r.Reasons[:last]
	}
	slices.SortFunc(r.Reasons, func(a, b tenor.Reason) int { return slices.Compare(a.Span[:], b.Span[:]) })
	return r
}
