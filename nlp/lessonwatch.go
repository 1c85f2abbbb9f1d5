package nlp

import "tenor"

// watcher sees the decisions of which training needs to know.
type watcher interface {
	pronoun(i int, list []antecedent)
	voice(p *setting, list []voice)
	house(i int, list []house)
	referent(p *nounPhrase, list []referent)
}

// lookOver watches the tagger read a text, for the decisions that depend on what
// it has made of the text before: who "she", "the bank" or "the note" is, and
// whose a quotation without a reporting clause.
type lookOver struct {
	*lesson
	*reading
	text  *lessonText
	asked map[int]bool
}

// name is how the article calls somebody.
func (w *lookOver) name(who speaker) string {
	if who.person > 0 {
		return w.reading.people[who.person-1].name
	}
	return who.firm
}

// spokenAt is the quote whose speaker the word at i names, as far as it is known
// who that is. clear is false where there is a quote of an unknown speaker.
func (w *lookOver) spokenAt(i int) (q *lessonQuote, clear bool) {
	clear = true
	for n := range w.text.quotes {
		g := &w.text.quotes[n]
		if g.speaker.Start() > w.toks[i].start || g.speaker.End() <= w.toks[i].start {
			continue
		}
		if g.unnamed || g.unclear || len(g.names) == 0 {
			clear = false
			continue
		}
		return g, true
	}
	return nil, clear
}

// first reports whether the word at i is asked about for the first time.
func (w *lookOver) first(i int) bool {
	if w.asked[i] {
		return false
	}
	w.asked[i] = true
	return true
}

func (w *lookOver) pronoun(i int, list []antecedent) {
	q, _ := w.spokenAt(i)
	if !w.first(i) || q == nil && !w.text.news {
		return // elsewhere not all that is said is labelled
	}
	right := 0
	for n := range list {
		name := ""
		if p := list[n].person; p < 0 {
			name = w.mentions[-1-p].name
		} else {
			name = w.reading.people[p].name
		}
		if q != nil && goesBy(q.names, name) && (right == 0 || w.genderFit(list[n].person, i) < w.genderFit(list[right-1].person, i)) {
			right = n + 1
		}
	}
	w.note(&w.lesson.people, right, w.text.weight, func(f *facts) { w.noAntecedentFacts(f, i, list) },
		len(list), func(f *facts, n int) { w.antecedentFacts(f, i, list, n) })
}

func (w *lookOver) house(i int, list []house) {
	q, _ := w.spokenAt(i)
	if !w.first(i) || q == nil {
		return
	}
	right := 0
	for n := range list {
		if right == 0 && goesBy(q.names, list[n].name) {
			right = n + 1
		}
	}
	w.note(&w.lesson.houses, right, w.text.weight, func(f *facts) { w.noHouseFacts(f, i, list) },
		len(list), func(f *facts, n int) { w.houseFacts(f, i, list, n) })
}

func (w *lookOver) referent(p *nounPhrase, list []referent) {
	q, clear := w.spokenAt(p.head)
	if !w.first(p.head) || q == nil && (!clear || !w.text.news) {
		return
	}
	right := 0
	for n := range list {
		if right == 0 && q != nil && goesBy(q.names, w.name(list[n].who)) {
			right = n + 1
		}
	}
	w.note(&w.lesson.referents, right, w.text.weight, func(f *facts) { w.noReferentFacts(f, p, list) },
		len(list), func(f *facts, n int) { w.referentFacts(f, p, list, n) })
}

func (w *lookOver) voice(p *setting, list []voice) {
	words := w.regions[p.region].words
	var q *lessonQuote
	for n := range w.text.quotes {
		for _, s := range w.text.quotes[n].spans {
			shared := overlap(s, words)
			if 5*shared > 3*words.Len() && 5*shared > 3*(s.Len()-2) {
				q = &w.text.quotes[n]
			}
		}
	}
	right := 0
	if q != nil {
		if q.unclear || q.ignored {
			return
		}
		for n := range list {
			if right == 0 && goesBy(q.names, w.name(list[n].who)) {
				right = n + 1
			}
		}
		if right == 0 && !q.unnamed {
			return // the speaker is named where the tagger does not look
		}
	}
	w.note(&w.lesson.voices, right, w.text.weight, func(f *facts) { w.noVoiceFacts(f, p, list) },
		len(list), func(f *facts, n int) { w.voiceFacts(f, p, list, n) })
}

// overlap is how many bytes two spans share.
func overlap(a, b tenor.Span) int {
	return max(0, min(a.End(), b.End())-max(a.Start(), b.Start()))
}

// judge notes which of the quotes that the tagger finds in a text are right: at
// least half of the words, as they are scored.
func (l *lesson) judge(lex *attributionLexicon, t *lessonText) {
	r := lex.read(&tenor.Article{File: "lesson", Text: t.text})
	w := &lookOver{reading: r}
	for _, q := range r.sayings() {
		if q.spans = inOrder(q.spans); len(q.spans) == 0 {
			continue
		}
		all, mine, unsure, weight := 0, 0, 0, t.weight
		for _, s := range q.spans {
			all += s.Len()
			for n := range t.quotes {
				g := &t.quotes[n]
				for _, p := range g.spans {
					switch shared := overlap(s, p); {
					case shared == 0:
					case g.optional && t.news && q.who.person == 0:
						weight = t.weight / 2 // what a body does rather than says
					case g.ignored || g.unclear || g.optional && t.news:
						unsure += shared
					case goesBy(g.names, w.name(q.who)):
						mine += shared
					}
				}
			}
		}
		right := 0
		switch {
		case 2*mine >= all:
			right = 1
		case 2*(unsure+mine) >= all:
			continue
		}
		l.note(&l.quotes, right, weight, func(*facts) {}, 1, func(f *facts, _ int) { r.quoteFacts(f, &q) })
	}
}
