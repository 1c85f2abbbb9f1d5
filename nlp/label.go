package nlp

import (
	"embed"
	"slices"
	"sort"
	"sync"

	"tenor"
)

//go:embed lexicon/*.txt lexicon/themes/*.txt
var lexiconFiles embed.FS

//go:embed model/stance.txt
var stanceModel []byte

//go:embed model/topics.txt
var topicModel []byte

// labeller decides what a quote means: stance, claim, horizon, subject and
// themes, each with the words that decided. It is safe for concurrent use.
type labeller struct {
	lexicon *lexicon
	model   *model     // nil: the rules alone decide the stance
	topics  *topics    // nil: the rules alone decide subject and themes
	own     *ownTopics // nil: the built-in ones are all
	scratch sync.Pool  // of *passage
}

// newLabeller compiles the embedded lexicon and the model over it; its errors
// name file and line.
func newLabeller() (*labeller, error) {
	l, err := newRules()
	if err != nil {
		return nil, err
	}
	if l.topics, err = parseTopics("model/topics.txt", topicModel, l.lexicon.words); err != nil {
		return nil, err
	}
	if l.model, err = parseModel("model/stance.txt", stanceModel, l.lexicon.words); err != nil { // sized for all words
		return nil, err
	}
	l.lexicon.seal()
	return l, nil
}

// newRules is a labeller without a model.
func newRules() (*labeller, error) {
	lex, err := loadLexicon(lexiconFiles, "lexicon")
	if err != nil {
		return nil, err
	}
	l := &labeller{lexicon: lex}
	l.scratch.New = func() any { return new(passage) }
	return l, nil
}

// Label fills Stance, Confidence, Claim, Horizon, Subject and Themes of quotes,
// which stand in a, and appends the evidence for each. A quote whose stance turns is
// two of those that it returns.
func (l *labeller) Label(a *tenor.Article, quotes []tenor.Quote) []tenor.Quote {
	if len(quotes) == 0 {
		return quotes
	}
	p := l.scratch.Get().(*passage)
	defer l.scratch.Put(p)
	l.open(p, a, quotes)
	var split []tenor.Quote // in place of quotes, from the first that is split on
	for i := range quotes {
		q := &quotes[i]
		p.read(q)
		l.label(p, q)
		parts := l.split(p, a, q)
		switch {
		case parts != nil && split == nil:
			split = append(slices.Clone(quotes[:i]), parts...)
		case parts != nil:
			split = append(split, parts...)
		case split != nil:
			split = append(split, *q)
		}
	}
	if split != nil {
		return split
	}
	return quotes
}

// open reads the article once for all its quotes.
func (l *labeller) open(p *passage, a *tenor.Article, quotes []tenor.Quote) {
	p.open(l.lexicon, a)
	if l.own != nil {
		l.own.open(&p.own, a, quotes)
	}
}

// label decides one quote that has been read. Stance weighs the claim, and subject
// and themes as the rules have them: those are the same in training.
func (l *labeller) label(p *passage, q *tenor.Quote) {
	subjectOf(p, q)
	themesOf(p, q)
	horizonOf(p, q)
	claimOf(p, q)
	l.stanceOf(p, q)
	l.showStance(p, q)
	judges(p, q)
	if l.topics != nil {
		l.topics.decide(p, q)
	}
	l.showTopics(p, q)
	if l.own != nil {
		l.own.decide(p, q)
	}
}

// Bounds on hostile text: what is beyond them does not count for the labels.
const (
	longestQuote = 1500 // words; the longest of a thousand labelled quotes has 81
	longestTitle = 500  // bytes
)

// passage is a quote as the rules see it: its words, and every phrase of the
// lexicon that stands in it. One is used again and again, to spare allocations.
type passage struct {
	lex  *lexicon
	text string

	article    []term // the words of the whole text
	titleWords []term
	title      float64 // the lean of the headline by the rules
	subjects   articleSubjects
	main       int // the article's main subject, an index of tenor.Subjects, or -1

	from, to int // the words of the article from the first of the quote to the last, half open

	stretch         // the quote
	part    stretch // of it, in looking for a turn
	weights []float64
	turned  []bool // the words under a negation
	signals []signal
	sum     summary
	dense   []float64

	topicDense []float64
	topicSums  topicWeights

	own ownReading

	scores  []float64
	leans   []float64 // by word, what it says for the stance
	reasons []leaning
	spare   []match
}

// stretch is words, and the phrases that stand in them.
type stretch struct {
	words   []term
	found   []match // in order of first words, the longest of each family
	foundAt []int32 // by word, and one more: where in found those are that begin there or later
}

// open finds the words and the subjects of an article, and the lean of its title.
func (p *passage) open(lex *lexicon, a *tenor.Article) {
	p.lex, p.text = lex, a.Text
	p.article = lex.words.tokenise(p.article[:0], a.Text, 0, len(a.Text))
	p.findSubjects(a)
	p.main = p.subjects.mainSubject()
	p.readTitle(a.Title[:min(len(a.Title), longestTitle)])
}

// readTitle takes the lean of the headline: a quote in a story of fear is less
// likely to cheer.
func (p *passage) readTitle(title string) {
	p.words = p.lex.words.tokenise(p.words[:0], title, 0, len(title))
	p.findPhrases()
	p.weigh()
	p.turn()
	p.collect()
	p.title = 0
	for _, s := range p.signals {
		p.title += s.value * p.weights[s.first]
	}
}

// read gathers the words and phrases of a quote.
func (p *passage) read(q *tenor.Quote) {
	p.words = p.words[:0]
	p.from, p.to = 0, 0
	for n, s := range q.Spans {
		from, to := p.tokensIn(s)
		if n == 0 {
			p.from = from
		}
		p.to = to
		to = min(to, from+longestQuote-len(p.words))
		if from >= to {
			continue
		}
		at := len(p.words)
		p.words = append(p.words, p.article[from:to]...)
		p.words[at].gap = gapSentence // no phrase runs over the words left out
	}
	p.findPhrases()
}

// findPhrases finds the phrases that stand in the words.
func (p *passage) findPhrases() {
	p.found = p.lex.longest(p.lex.phrases.find(p.found[:0], p.words))
	p.index()
}

// index makes foundAt.
func (s *stretch) index() {
	s.foundAt = s.foundAt[:0]
	for i, m := range s.found {
		for len(s.foundAt) <= int(m.first) {
			s.foundAt = append(s.foundAt, int32(i))
		}
	}
	for len(s.foundAt) <= len(s.words) {
		s.foundAt = append(s.foundAt, int32(len(s.found)))
	}
}

// tokensIn is the range of the article's words that lie wholly in s.
func (p *passage) tokensIn(s tenor.Span) (from, to int) {
	from = sort.Search(len(p.article), func(i int) bool { return p.article[i].start >= s.Start() })
	to = sort.Search(len(p.article), func(i int) bool { return p.article[i].end > s.End() })
	return from, max(from, to)
}

// near is the part of found that begins at the words from to to.
func (s *stretch) near(from, to int32) []match {
	from, to = max(from, 0), min(to, int32(len(s.words))-1)
	if from > to {
		return nil
	}
	return s.found[s.foundAt[from]:s.foundAt[to+1]]
}

// entryOf is the lexicon's line behind a match.
func (p *passage) entryOf(m match) *entry { return &p.lex.entries[m.entry] }

// span is the place of a match in the article's text.
func (p *passage) span(m match) tenor.Span {
	return tenor.Span{p.words[m.first].start, p.words[m.last].end}
}

// longest drops every match that lies inside a longer one of its family.
// Themes are apart: "interest expense" speaks of debt and of profits.
func (l *lexicon) longest(found []match) []match {
	for i := range found {
		m := &found[i]
		a := &l.entries[m.entry]
		// Matches come by first word: a longer one around this one begins at
		// most a phrase before it, or at the same word.
		for j := max(0, i-maxOverlap); j < len(found) && found[j].first <= m.first; j++ {
			o := &found[j]
			if o.last < m.last || o.last-o.first <= m.last-m.first {
				continue
			}
			if b := &l.entries[o.entry]; a.family == b.family && (a.family != familyTheme || a.class == b.class) {
				m.hidden = true
				break
			}
		}
	}
	kept := found[:0]
	for _, m := range found {
		if !m.hidden {
			kept = append(kept, m)
		}
	}
	return kept
}

// maxOverlap bounds how far back longest looks, in matches.
const maxOverlap = 32
