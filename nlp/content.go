package nlp

import "tenor"

// saying is one quote before it is given its names: the words, and what shows
// whose they are.
type saying struct {
	who      speaker
	spans    []tenor.Span
	kind     tenor.Kind
	cue      tenor.Span // empty where nothing but the place tells the speaker
	sentence int        // the last
	odds     float64    // that the cue reports and has this subject, and of who that is
	extent   float64    // of the words
	word     uint32     // of the cue, and its form
	form     form
	clausal  bool
	left     bool
	denied   bool // "did not say when"
}

// reported is what one clause of a sentence reports, while the sentence is read.
type reported struct {
	clause *clause
	base   int // where what was reported before it ends
	done   int // and what it reports
	q      saying
}

// said finds what the clauses of a sentence report.
func (r *reading) said(index int) []saying {
	s := r.sentences[index]
	var list []reported
	done := s.from // tokens before it are reported already
	clauses := r.clausesOf(index)
	for n := range clauses {
		k := &clauses[n]
		if k.at < done {
			continue // nested: "said they expected that"
		}
		if k.form == formAccording && n+1 < len(clauses) && k.start == s.from && r.opensBehind(k, &clauses[n+1]) {
			done = k.end // "According to OUTLET, NAME said that …": the outlet's report of it
			continue
		}
		q := saying{sentence: index, cue: tenor.Span{r.toks[k.at].start, r.toks[k.to-1].end}, odds: k.odds, extent: 1, word: k.word, form: k.form, denied: k.not}
		// A clause at the end may report all that the clauses before it do:
		// "FIRM expects gains, NAME said".
		base := done
		if last := len(list) - 1; last >= 0 && k.form != formIng && k.subject.from != list[last].clause.subject.from {
			base = list[0].base
		}
		r.reportedTo = done
		start, odds, left := r.leftOf(s, k, base)
		if left && base < done {
			for len(list) > 0 && start <= list[len(list)-1].clause.start {
				done = list[len(list)-1].base
				list = list[:len(list)-1]
			}
			start = max(start, done)
		} else if base < done {
			start, odds, left = r.leftOf(s, k, done)
		}
		q.extent *= odds
		end := max(done, k.end)
		if left {
			q.left = true
			r.take(&q, start, k.start)
		}
		if from, odds, ok := r.rightOf(s, k, left); ok {
			to, eodds := r.endOf(s, k, clauses, left, from)
			q.extent *= odds * eodds
			q.clausal = r.clausal(from, to)
			r.take(&q, r.withVerb(k, from), to)
			end = max(end, to)
		} else {
			q.extent *= odds
		}
		if len(q.spans) == 0 {
			continue
		}
		list = append(list, reported{k, done, end, q})
		done = end
	}
	var sayings []saying
	for n := range list {
		q := &list[n].q
		who, odds := r.speakerOf(s, list[n].clause)
		if who.nobody() {
			r.mem.unnamed(s.from)
			continue
		}
		q.who = who
		q.odds *= odds
		if n := len(sayings) - 1; n >= 0 && q.form == formIng && q.kind == sayings[n].kind && sayings[n].who.same(who) && q.spans[0].Start() > sayings[n].spans[len(sayings[n].spans)-1].End() {
			sayings[n].goOn(q) // "said that …, adding that …": one reporting act
			continue
		}
		sayings = append(sayings, *q)
		r.mem.heard(who, list[n].clause.at)
		r.mem.spoke(q)
	}
	return sayings
}

// opensBehind reports whether a clause with a subject of its own opens right behind k.
func (r *reading) opensBehind(k, next *clause) bool {
	i := k.end
	for i < next.start && (r.kind(i) == tkComma || r.kind(i) == tkWord && r.toks[i].region < 0 && i < k.end+3 && r.kind(k.end) != tkComma) {
		i++
	}
	return i == next.start && i > k.end && !next.subject.after && next.form < formAccording
}

// withVerb is where what is said begins if its verb belongs to it: one that turns
// it round ("does not think it will last", "doubts that"), or one that judges what
// a pronoun stands for ("calling it a bubble").
func (r *reading) withVerb(k *clause, from int) int {
	if k.subject.after || k.form >= formAccording && k.form != formWould || from < k.end {
		return from
	}
	if r.is(k.at, cueCall) {
		i := k.end
		for i < from && (r.shapes[i] == shIt || r.shapes[i] == shObject || r.shapes[i] == shAs) {
			i++
		}
		if i == from && (i > k.end || r.shapes[i] == shIt || r.shapes[i] == shObject) {
			return k.at
		}
	}
	if (k.not || r.is(k.at, isTurning)) && (from == k.end || from == k.end+1 && r.shapes[k.end] == shThat) {
		return k.from
	}
	return from
}

// links reports whether tokens from..to only link a sentence to the one before:
// "In addition", "As a result". Nobody said that.
func (r *reading) links(from, to int) bool {
	if to-from > 4 {
		return false
	}
	for i := from; i < to; i++ {
		if r.kind(i) == tkWord && r.toks[i].region < 0 && !r.is(i, isPrep|isConj|isDet|isAdv|isLinking) {
			return false
		}
	}
	return true
}

// setsScene reports whether tokens from..to only tell where something was said:
// "In a note titled “Brace for Impact”".
func (r *reading) setsScene(from, to int) bool {
	if !r.says(from, "in") && !r.says(from, "at") && !r.says(from, "during") {
		return false
	}
	doc := false
	for i := from + 1; i < to; i++ {
		if r.toks[i].region >= 0 {
			continue
		}
		switch doc = doc || r.is(i, isDoc); {
		case !doc && (i > from+6 || r.kind(i) == tkComma):
			return false
		case r.is(i, isAux|isBe|isCue|isPronoun) && !r.is(i, isDoc) && !r.says(i, "called"):
			return false
		}
	}
	return doc
}

// goOn adds to a saying what the same speaker says in the same breath.
func (q *saying) goOn(more *saying) {
	q.spans = append(q.spans, more.spans...)
	q.odds, q.extent = min(q.odds, more.odds), min(q.extent, more.extent)
}

// clausal reports whether tokens from..to are more than the name of a thing: a
// clause, "to cut", "cutting", "whether", or words in marks.
func (r *reading) clausal(from, to int) bool {
	switch r.shapes[from] {
	case shTo, shIng, shSaying, shWh, shHe, shIt, shThey, shI, shYou, shWhile:
		return true
	}
	for i := from; i < to; i++ {
		switch r.shapes[i] {
		case shBe, shAux, shVerb, shQuote, shSayThird, shSayPast, shThink, shNot, shEd:
			return true
		case shPlural, shSayBase:
			if i > from && (r.shapes[i-1] == shWord || r.shapes[i-1] == shName || r.shapes[i-1] == shFirm || r.shapes[i-1] == shPerson) {
				return true
			}
		}
	}
	return false
}

// reach is how far behind a cue what it reports may begin: "said on Friday in a
// note to clients of the firm that …".
const reach = 26

// Places for the beginning or the end of what is reported, at most.
const (
	maxLeft = 14
	maxEnd  = 24
)

// leftPlaces lists where words reported on the left of a clause may begin, the
// nearest first; done is where what was reported before it ends.
func (r *reading) leftPlaces(s sentence, k *clause, done int) []int {
	list := r.places[:0]
	last := k.start
	for last > done && r.toks[last-1].region < 0 && (r.shapes[last-1] == shComma || r.shapes[last-1] == shDash) {
		last--
	}
	for j := last - 1; j >= done && len(list) < maxLeft; j-- {
		if j > done && r.toks[j].region >= 0 && r.toks[j-1].region == r.toks[j].region {
			continue
		}
		start := j == done || r.toks[j].region >= 0
		if !start {
			switch r.shapes[j-1] {
			case shComma, shColon, shSemicolon, shDash, shAnd, shWhile, shThat, shQuote, shAs, shStop, shBracket:
				start = true
			}
		}
		switch r.shapes[j] {
		case shComma, shStop, shPossessive, shDash:
			start = false
		}
		if start && !r.links(j, last) && !r.setsScene(j, last) {
			list = append(list, j)
		}
	}
	r.places = list
	return list
}

// rightPlaces lists where words reported on the right of a clause may begin. Of
// some cues the word itself belongs to them: "raised its target".
func (r *reading) rightPlaces(s sentence, k *clause) []int {
	list := r.places[:0]
	if !k.subject.after && k.form < formFor || k.form == formActs || k.form == formAttitude || k.form == formWould {
		list = append(list, k.at)
	}
	for i := k.end; i < min(k.end+reach, s.to); i++ {
		if r.toks[i].region >= 0 && i > k.end && r.toks[i-1].region == r.toks[i].region {
			continue
		}
		switch r.shapes[i] {
		case shStop, shSemicolon:
			r.places = list
			return list
		case shComma, shColon, shDash, shThat, shPossessive:
			continue
		}
		list = append(list, i)
	}
	r.places = list
	return list
}

// endPlaces lists where words that begin at start may end.
func (r *reading) endPlaces(s sentence, start int) []int {
	list := r.places[:0]
	for j := start + 1; j < s.to && len(list) < maxEnd; j++ {
		t := &r.toks[j]
		if t.region >= 0 {
			if r.toks[j-1].region != t.region && j > start+1 {
				list = append(list, j)
			}
			continue
		}
		if r.toks[j-1].region >= 0 {
			list = append(list, j)
			continue
		}
		switch r.shapes[j] {
		case shComma, shColon, shSemicolon, shDash, shBracket, shAnd, shWhile, shAs, shWho, shWhich, shStop, shSaying, shIng, shWh, shPrep, shTime:
			list = append(list, j)
		}
	}
	if len(list) == 0 || list[len(list)-1] != s.to-1 || r.shapes[s.to-1] != shStop {
		list = append(list, s.to)
	}
	r.places = list
	return list
}

// leftOf decides where the words on the left of clause k begin; ok is false
// where it reports nothing there.
func (r *reading) leftOf(s sentence, k *clause, done int) (start int, odds float64, ok bool) {
	if k.start <= done {
		return 0, 1, false
	}
	places := r.leftPlaces(s, k, done)
	if len(places) == 0 {
		return 0, 1, false
	}
	best, p := r.choose(func(f *facts) { r.noLeftFacts(f, s, k, done) },
		len(places), func(f *facts, n int) { r.leftFacts(f, s, k, done, places[n], n) })
	if best < 0 {
		return 0, p, false
	}
	return places[best], p, true
}

// rightOf decides where the words on the right of clause k begin.
func (r *reading) rightOf(s sentence, k *clause, left bool) (start int, odds float64, ok bool) {
	places := r.rightPlaces(s, k)
	if len(places) == 0 {
		return 0, 1, false
	}
	best, p := r.choose(func(f *facts) { r.noRightFacts(f, s, k, left) },
		len(places), func(f *facts, n int) { r.rightFacts(f, s, k, left, places[n]) })
	if best < 0 {
		return 0, p, false
	}
	return places[best], p, true
}

// endOf decides where the words that begin at start end.
func (r *reading) endOf(s sentence, k *clause, clauses []clause, left bool, start int) (end int, odds float64) {
	places := r.endPlaces(s, start)
	best, p := r.choose(nil, len(places), func(f *facts, n int) { r.endFacts(f, s, k, clauses, left, start, places[n], n) })
	return places[best], p
}

// take adds the words of tokens from..to to q, quotation marks around all of
// them left out. Fewer than two words are nothing said.
func (r *reading) take(q *saying, from, to int) {
	for from < to && r.toks[from].region < 0 && (r.kind(from) == tkComma || r.kind(from) == tkColon || r.kind(from) == tkDash || r.kind(from) == tkStop || r.bullet(from)) {
		from++
	}
	for to > from && r.toks[to-1].region < 0 && (r.is(to-1, isConj) || r.kind(to-1) == tkComma || r.kind(to-1) == tkDash || r.kind(to-1) == tkColon) {
		to--
	}
	if r.words(from, to) < 2 && !(to > from && (r.toks[from].region >= 0 || r.kind(from) == tkNumber)) {
		return
	}
	if to < len(r.toks) && r.kind(to) == tkStop && r.toks[to].region < 0 && (r.toks[to-1].region < 0 || r.toks[from].region < 0) {
		to++ // the stop that ends the sentence
	}
	span := tenor.Span{r.toks[from].start, r.toks[to-1].end}
	kind := tenor.Indirect
	if reg := r.toks[from].region; reg >= 0 {
		end := from
		for end < to && r.toks[end].region == reg {
			end++
		}
		if end == to || end == to-1 && r.kind(end) == tkStop {
			span, kind = r.regions[reg].words, tenor.Direct
		}
	}
	for i := from; kind == tenor.Indirect && i < to; i++ {
		if r.toks[i].region >= 0 {
			kind = tenor.Mixed
		}
	}
	if span.Len() == 0 {
		return
	}
	if n := len(q.spans); n > 0 {
		if span.Start() < q.spans[n-1].End() {
			return
		}
		if kind != q.kind {
			kind = tenor.Mixed
		}
	}
	q.spans = append(q.spans, span)
	q.kind = kind
}

func (r *reading) bullet(i int) bool {
	return r.kind(i) == tkOther && (r.toks[i].end-r.toks[i].start >= 3 || r.text[r.toks[i].start] == '*' || r.text[r.toks[i].start] == ')' || r.in(i, i+1) == "·")
}

// words counts the words of tokens from..to.
func (r *reading) words(from, to int) int {
	n := 0
	for i := max(from, 0); i < to; i++ {
		if k := r.toks[i].kind; k == tkWord || k == tkNumber {
			n++
		}
	}
	return n
}
