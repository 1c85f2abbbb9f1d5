package nlp

import (
	"slices"
	"strings"

	"tenor"
)

// lesson gathers the choices of training from texts of which the answers are known.
type lesson struct {
	subjects, lefts, rights, ends, people, houses, referents, voices, quotes []choice
}

// note adds a choice between nothing, where none tells what speaks for that, and
// the alternatives of which each tells the facts.
func (l *lesson) note(to *[]choice, right int, weight float64, none func(*facts), n int, each func(f *facts, n int)) {
	c := choice{right: right, weight: weight}
	if none != nil {
		var f facts
		none(&f)
		c.facts = append(c.facts, f)
	}
	for i := range n {
		var f facts
		each(&f, i)
		c.facts = append(c.facts, f)
	}
	*to = append(*to, c)
}

// weightOf is what a choice counts: half where readers differ whether it is a
// quote at all.
func weightOf(t *lessonText, q *lessonQuote) float64 {
	if q != nil && q.optional && t.news {
		return t.weight / 2
	}
	return t.weight
}

// study reads a text as the tagger does, and notes at each decision what would
// have been right.
func (l *lesson) study(lex *attributionLexicon, t *lessonText) {
	r := lex.read(&tenor.Article{File: "lesson", Text: t.text})
	r.mem = &memory{}
	cues := r.alignCues(r.parted(t))
	for index := range r.sentences {
		l.sentence(r, t, cues, r.sentences[index])
	}
	again := lex.read(&tenor.Article{File: "lesson", Text: t.text})
	again.watch = &lookOver{lesson: l, reading: again, text: t, asked: map[int]bool{}}
	again.sayings()
}

// parted is a text in which the words behind ", adding that" are a quote of their
// own, as the clause that reports them is.
func (r *reading) parted(t *lessonText) *lessonText {
	parts := *t
	parts.quotes = nil
	for _, q := range t.quotes {
		whole := q
		whole.spans = q.spans[:1]
		for n := 1; n < len(q.spans); n++ {
			at := r.cueBetween(q.spans[n-1].End(), q.spans[n].Start(), q.cue)
			if at < 0 || q.cue.Len() == 0 {
				whole.spans = append(whole.spans[:len(whole.spans):len(whole.spans)], q.spans[n])
				continue
			}
			part := q
			part.cue = tenor.Span{r.toks[at].start, r.toks[at].end}
			part.spans = q.spans[n : n+1]
			parts.quotes = append(parts.quotes, part)
		}
		parts.quotes = append(parts.quotes, whole)
	}
	return &parts
}

// cueBetween is the verb of the list nearest before end that begins behind from
// and is not the cue already known; -1 for none within a few words.
func (r *reading) cueBetween(from, end int, known tenor.Span) int {
	best := -1
	for _, s := range r.sentences {
		if r.toks[s.from].start >= end || r.toks[s.to-1].end <= from {
			continue
		}
		for i := s.from; i < s.to; i++ {
			t := &r.toks[i]
			if t.start >= from && t.end <= end && end-t.end < 30 && t.class&isCue != 0 && t.region < 0 && (t.start >= known.End() || t.end <= known.Start()) {
				best = i
			}
		}
	}
	return best
}

// alignCues finds the cue of each quote among the words that may be one: token →
// the quote.
func (r *reading) alignCues(t *lessonText) map[int]*lessonQuote {
	found := map[int]*lessonQuote{}
	for n := range t.quotes {
		q := &t.quotes[n]
		best, least := -1, 1<<30
		words := map[string]bool{}
		for _, w := range strings.FieldsFunc(q.cueWords, func(c rune) bool { return strings.ContainsRune(" ,.:;\"“”'’-", c) }) {
			words[w] = true
		}
		for _, s := range r.sentences {
			if !r.concerns(s, q) {
				continue
			}
			r.findCues(s)
			for _, c := range r.cues {
				if d, ok := r.cueDistance(q, words, c.at); ok && d < least {
					best, least = c.at, d
				}
			}
		}
		if best >= 0 && found[best] == nil {
			found[best] = q
		}
	}
	return found
}

// concerns reports whether a quote's speaker, cue or words stand in or beside a sentence.
func (r *reading) concerns(s sentence, q *lessonQuote) bool {
	lo, hi := r.toks[s.from].start, r.toks[s.to-1].end
	for _, p := range append([]tenor.Span{q.speaker, q.cue}, q.spans...) {
		if p.Len() > 0 && p.Start() < hi+3 && p.End() > lo-3 {
			return true
		}
	}
	return false
}

// cueDistance is how far the word at i is from being a quote's cue.
func (r *reading) cueDistance(q *lessonQuote, words map[string]bool, i int) (int, bool) {
	place := tenor.Span{r.toks[i].start, r.toks[i].end}
	if q.cue.Len() > 0 {
		if place.Start() >= q.cue.End() || place.End() <= q.cue.Start() {
			if first := q.spans[0]; r.toks[i].class&(isAttitude|cueAct) != 0 && place.Start() >= first.Start() && place.Start() < first.Start()+25 {
				return 1000 + place.Start() - first.Start(), true // "is [bullish on banks]"
			}
			return 0, false
		}
		d := 0
		if r.toks[i].class&(isCue|cueAct|isAttitude|isViewNoun) == 0 {
			d = 1200
		}
		return d + place.Start() - q.cue.Start(), true
	}
	mark := r.kind(i) == tkColon || r.kind(i) == tkDash
	if !words[strings.ToLower(r.in(i, i+1))] && !mark || inside(q.spans, place) {
		return 0, false
	}
	d := 1 << 12
	if q.speaker.Len() > 0 {
		d = min(apart(place, q.speaker), 1<<12)
	}
	nearest := 1 << 12
	for _, p := range q.spans {
		nearest = min(nearest, apart(place, p))
	}
	d += nearest
	switch {
	case mark:
		d += 1 << 20 // only where no verb is
	case r.toks[i].class&isCue != 0:
		d -= 30
	}
	return d, true
}

// apart is how many bytes lie between two spans.
func apart(a, b tenor.Span) int {
	return max(0, max(a.Start(), b.Start())-min(a.End(), b.End()))
}

// sentence notes who is the subject of each cue, and what those that report do.
func (l *lesson) sentence(r *reading, t *lessonText, gold map[int]*lessonQuote, s sentence) {
	r.findCues(s)
	cues := append([]cue(nil), r.cues...)
	if len(cues) == 0 {
		return
	}
	r.findPhrases(s)
	r.subjectEnd = 0
	var clauses []clause
	var quotes []*lessonQuote
	for n := range cues {
		c := &cues[n]
		q := gold[c.at]
		if c.form == formColon && r.subjectEnd > 0 {
			continue
		}
		list := slices.Clone(r.nominate(s, c))
		right := 0
		switch {
		case q == nil:
			if r.withinQuote(t, c.at) {
				continue
			}
			if t.news {
				right = r.nobodySaying(s, c)
			}
		case q.ignored:
			continue
		case q.speaker.Len() > 0:
			best := r.subjectAmong(s, list, q)
			if best < 0 {
				continue
			}
			right = best + 1
		case t.news:
			continue
		}
		l.note(&l.subjects, right, weightOf(t, q), func(f *facts) { r.noSubjectFacts(f, s, c) },
			len(list), func(f *facts, n int) { r.subjectFacts(f, s, c, &list[n]) })
		if right > 0 {
			r.subjectEnd = list[right-1].to
		}
		if right > 0 && q != nil {
			clauses = append(clauses, r.clauseOf(s, *c, list[right-1], 1))
			quotes = append(quotes, q)
		}
	}
	l.contents(r, t, s, clauses, quotes)
}

// nobodySaying is 1 + the candidate that is the subject of a cue which nobody has
// labelled, where it is somebody without a name: "a trader said" reports, though
// it makes no quote. 0 where the cue reports nothing. It relies on what has been
// learned so far.
func (r *reading) nobodySaying(s sentence, c *cue) int {
	subject, odds, ok := r.subjectOf(s, c)
	if !ok || odds < 0.5 || subject.mention != 0 {
		return 0
	}
	switch subject.shape {
	case shRole, shTeam, shNobody, shPaper, shHouse, shWord:
		for n := range r.candidates {
			if r.candidates[n].from == subject.from && r.candidates[n].head == subject.head {
				return n + 1
			}
		}
	}
	return 0
}

// withinQuote reports whether a word stands inside what somebody is quoted for.
func (r *reading) withinQuote(t *lessonText, i int) bool {
	for n := range t.quotes {
		if inside(t.quotes[n].spans, tenor.Span{r.toks[i].start, r.toks[i].end}) {
			return true
		}
	}
	return false
}

// subjectAmong is the candidate that names the speaker of a quote, or -1.
func (r *reading) subjectAmong(s sentence, list []candidate, q *lessonQuote) int {
	best, score := -1, 0
	for n := range list {
		c := &list[n]
		place := tenor.Span{r.toks[c.from].start, r.toks[c.to-1].end}
		if place.Start() >= q.speaker.End() || place.End() <= q.speaker.Start() {
			continue
		}
		v := 1000 - (place.Start() - q.speaker.Start())
		if c.shape == shPerson && len(q.names) > 0 && goesBy(q.names, r.in(c.head, c.head+1)) {
			v += 2000
		}
		if b := r.shapeIn(s, c.from-1); (b == shPrep || b == shOf) && place.Start() > q.speaker.Start() {
			v -= 500
		}
		if best < 0 || v > score {
			best, score = n, v
		}
	}
	return best
}
