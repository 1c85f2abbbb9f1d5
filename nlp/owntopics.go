package nlp

import (
	"cmp"
	"slices"
	"sort"

	"tenor"
)

// ownTopics finds the themes and subjects that a user has added, by their phrases
// alone: no model has learnt them. They stand beside the built-in ones and change
// nothing about those, nor about the stance. It is only read once it is compiled.
type ownTopics struct {
	words    *vocabulary // apart from the lexicon's, for words that the models don't know
	phrases  *phrases
	entries  []ownEntry
	themes   []tenor.Theme
	subjects []tenor.Subject
	above    [][]tenor.Subject // of each subject
	total    int               // of phrases, written out
}

// ownEntry is a phrase or an exclusion of a topic.
type ownEntry struct {
	topic     int // of the themes, then of the subjects
	exclusion bool
}

// ownReading is what of a user's topics stands in an article.
type ownReading struct {
	words      []term
	found      []match // in the text, in order
	inTitle    []match
	opening    []match // in the title and the first words
	paragraphs []tenor.Span
}

// open reads an article once for all its quotes.
func (o *ownTopics) open(r *ownReading, a *tenor.Article, quotes []tenor.Quote) {
	title := a.Title[:min(len(a.Title), longestTitle)]
	r.words = o.words.tokenise(r.words[:0], title, 0, len(title))
	r.inTitle = o.counted(o.phrases.find(r.inTitle[:0], r.words))
	r.words = o.words.tokenise(r.words[:0], a.Text, 0, len(a.Text))
	r.found = o.counted(o.phrases.find(r.found[:0], r.words))
	r.paragraphs = nil
	if len(r.found) > 0 && len(o.subjects) > 0 {
		r.paragraphs = splitParagraphs(a.Text)
		o.readOpening(r, quotes)
	}
}

// counted drops the exclusions, and the phrases inside one of their topic.
func (o *ownTopics) counted(found []match) []match {
	return o.drop(found, func(m, other *match) bool { return o.entries[other.entry].exclusion })
}

// longest drops the phrases inside a longer one of their topic.
func (o *ownTopics) longest(found []match) []match {
	return o.drop(found, func(m, other *match) bool { return other.last-other.first > m.last-m.first })
}

// drop drops exclusions, and the matches that one of their topic covers and hides.
func (o *ownTopics) drop(found []match, hides func(m, other *match) bool) []match {
	for i := range found {
		m := &found[i]
		topic := o.entries[m.entry].topic
		covered := func(j int) bool {
			other := &found[j]
			return i != j && o.entries[other.entry].topic == topic && other.first <= m.first && other.last >= m.last && hides(m, other)
		}
		m.hidden = o.entries[m.entry].exclusion
		for j := i - 1; j >= 0 && !m.hidden && found[j].first > m.first-longestMatch; j-- {
			m.hidden = covered(j)
		}
		for j := i + 1; j < len(found) && !m.hidden && found[j].first == m.first; j++ {
			m.hidden = covered(j)
		}
	}
	return slices.DeleteFunc(found, func(m match) bool { return m.hidden })
}

// span is the place of a match in the article's text.
func (r *ownReading) span(m match) tenor.Span {
	return tenor.Span{r.words[m.first].start, r.words[m.last].end}
}

// within appends the matches that lie wholly in a stretch of the text, until there are
// as many as most.
func (r *ownReading) within(dst []match, s tenor.Span, most int) []match {
	i := sort.Search(len(r.found), func(i int) bool { return r.words[r.found[i].first].start >= s.Start() })
	for ; i < len(r.found) && r.words[r.found[i].first].start < s.End() && len(dst) < most; i++ {
		if r.words[r.found[i].last].end <= s.End() {
			dst = append(dst, r.found[i])
		}
	}
	return dst
}

// mostAround bounds how many matches count for a subject that the quote itself doesn't
// name, so that a page with the same words on every line costs no more than another.
const mostAround = 200

// around are the matches in the paragraphs in which a quote stands.
func (r *ownReading) around(q *tenor.Quote) (found []match) {
	from, to := q.Spans[0].Start(), q.Spans[len(q.Spans)-1].End()
	i := sort.Search(len(r.paragraphs), func(i int) bool { return r.paragraphs[i].End() > from })
	for ; i < len(r.paragraphs) && r.paragraphs[i].Start() < to && len(found) < mostAround; i++ {
		found = r.within(found, r.paragraphs[i], mostAround)
	}
	return found
}

// readOpening finds the matches in the first words of the text, and everywhere else
// those of topics that the title names; what one speaker names is not yet what the
// article is about, so quotes don't count.
func (o *ownTopics) readOpening(r *ownReading, quotes []tenor.Quote) {
	var said []tenor.Span
	for i := range quotes {
		said = append(said, quotes[i].Spans...)
	}
	slices.SortFunc(said, func(a, b tenor.Span) int { return cmp.Compare(a.Start(), b.Start()) })
	r.opening = r.opening[:0]
	next, until := 0, 0
	for _, m := range r.found {
		s := r.span(m)
		for ; next < len(said) && said[next].Start() <= s.Start(); next++ {
			until = max(until, said[next].End())
		}
		if s.End() <= until {
			continue
		}
		titled := slices.ContainsFunc(r.inTitle, func(t match) bool { return o.entries[t.entry].topic == o.entries[m.entry].topic })
		if (titled || m.last < leadWords) && len(r.opening) < mostAround {
			r.opening = append(r.opening, m)
		}
	}
}

// Where the phrase stands by which a quote has a user's topic.
const (
	ownInQuote     = "a phrase of yours stands in the quote"
	ownInParagraph = "a phrase of yours stands in the quote's paragraph"
	ownInOpening   = "the article's title or opening has a phrase of yours"
)

// decide gives a quote, labelled already, the user's themes and subject, with the words
// that name them.
func (o *ownTopics) decide(p *passage, q *tenor.Quote) {
	r := &p.own
	if len(r.found) == 0 {
		return
	}
	named := o.named(p, q)
	for i, th := range o.themes {
		if o.show(p, q, named, i, "theme:"+string(th)) {
			q.Themes = append(q.Themes, th)
		}
	}
	subject, _, found := o.subjectOf(r, q, named)
	if subject < 0 {
		return
	}
	builtIn := "subject:" + string(q.Subject)
	q.Evidence = slices.DeleteFunc(q.Evidence, func(e tenor.Evidence) bool { return e.Tag == builtIn })
	q.Subject = o.subjects[subject]
	o.show(p, q, found, len(o.themes)+subject, "subject:"+string(q.Subject))
}

// named are the matches in a quote.
func (o *ownTopics) named(p *passage, q *tenor.Quote) []match {
	p.spare = p.spare[:0]
	for _, s := range q.Spans {
		p.spare = p.own.within(p.spare, s, len(p.own.found))
	}
	p.spare = o.longest(p.spare)
	return p.spare
}

// show adds the matches of a topic to a quote's evidence, each phrase once, and reports
// whether there are any.
func (o *ownTopics) show(p *passage, q *tenor.Quote, found []match, topic int, tag string) bool {
	var seen map[int32]bool
	for _, m := range found {
		if o.entries[m.entry].topic != topic || seen[m.entry] {
			continue
		}
		if seen == nil {
			seen = map[int32]bool{}
		}
		seen[m.entry] = true
		q.Evidence = append(q.Evidence, tenor.Evidence{Tag: tag, Span: p.own.span(m)})
	}
	return len(seen) > 0
}

// subjectOf is the user's subject of a quote, -1 for none, with where it is named and
// the matches there. One that the quote names is its subject; one that only the
// paragraph names, or else the article's title and opening, is where it lies below the
// built-in subject that the quote has, or the quote has none.
func (o *ownTopics) subjectOf(r *ownReading, q *tenor.Quote, inQuote []match) (subject int, where string, found []match) {
	if len(o.subjects) == 0 {
		return -1, "", nil
	}
	if s := o.mostNamed(inQuote, func(int) bool { return true }); s >= 0 {
		return s, ownInQuote, inQuote
	}
	fits := func(s int) bool { return q.Subject == "other" || slices.Contains(o.above[s], q.Subject) }
	found = o.longest(r.around(q))
	if s := o.mostNamed(found, fits); s >= 0 {
		return s, ownInParagraph, found
	}
	return o.mostNamed(r.opening, fits), ownInOpening, r.opening
}

// mostNamed is the subject with the most matches, the first named of several, -1 for
// none. One that lies above another that is named too says less, and is passed over.
func (o *ownTopics) mostNamed(found []match, fits func(int) bool) int {
	counts := make([]int, len(o.subjects))
	var order []int
	for _, m := range found {
		s := o.entries[m.entry].topic - len(o.themes)
		if s < 0 || !fits(s) {
			continue
		}
		if counts[s]++; counts[s] == 1 {
			order = append(order, s)
		}
	}
	order = slices.DeleteFunc(slices.Clone(order), func(s int) bool {
		return slices.ContainsFunc(order, func(other int) bool { return slices.Contains(o.above[other], o.subjects[s]) })
	})
	if len(order) == 0 {
		return -1
	}
	return slices.MaxFunc(order, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
}

// explain says by what a quote has its user's topics. all are the reasons of the
// built-in labels; a subject of the user's takes the place of the built-in one.
func (o *ownTopics) explain(p *passage, q *tenor.Quote, all []tenor.LabelReasons) []tenor.LabelReasons {
	for i := range all {
		l := &all[i]
		if l.Label != "subject" || !slices.Contains(o.subjects, q.Subject) {
			continue
		}
		built := *q
		built.Subject = tenor.Subject(l.Value)
		_, where, _ := o.subjectOf(&p.own, &built, o.named(p, q))
		*l = tenor.LabelReasons{Label: "subject", Value: string(q.Subject), Share: 1, RunnerUp: l.Value, Rule: where}
	}
	for _, th := range q.Themes {
		if slices.Contains(o.themes, th) {
			all = append(all, tenor.LabelReasons{Label: "theme", Value: string(th), Share: 1, Rule: ownInQuote})
		}
	}
	return all
}
