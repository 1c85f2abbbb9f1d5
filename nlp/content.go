package nlp

import (
	"strings"

	"tenor"
)

// saying is one quote before it is given its names: the words, and the clause
// that reports them.
type saying struct {
	who      speaker
	spans    []tenor.Span
	kind     tenor.Kind
	cue      tenor.Span // empty where nothing but the place tells the speaker
	sentence int
}

// said finds what each reporting clause of a sentence reports.
func (r *reading) said(index int, mem *memory) []saying {
	s := r.sentences[index]
	tags := r.tagsOf(s, mem)
	sayings := r.saidBy(tags, index, mem)
	if len(sayings) == 0 && len(tags) > 0 {
		// "Quill explained, stating, “…”"
		if t, ok := r.aside(s); ok {
			sayings = r.saidBy([]tag{t}, index, mem)
		}
	}
	return sayings
}

// saidBy finds what each of the clauses of a sentence reports.
func (r *reading) saidBy(tags []tag, index int, mem *memory) []saying {
	s := r.sentences[index]
	var sayings []saying
	done := s.from // tokens before it belong to sayings already
	held := false  // the last saying runs to the right, up to a clause of its own
	if n := len(tags); n > 1 && r.trails(s, &tags[n-1]) && !r.closesQuotation(tags[n-1].from-1) && (tags[0].from <= s.from || !r.closesQuotation(tags[0].from-1)) {
		tags = tags[n-1:] // "FIRM expects gains, NAME said": all of it is NAME's
	}
	for n := range tags {
		t := &tags[n]
		if t.from < done {
			if !t.inverted || t.from <= s.from || !r.closesQuotation(t.from-1) {
				continue // nested: "said they expected that"
			}
		}
		limit := s.to
		for m := n + 1; m < len(tags); m++ {
			if u := &tags[m]; u.from > t.to && r.ownClause(s, t, u) {
				limit = u.from
				break
			}
		}
		q := saying{who: t.who, sentence: index, cue: tenor.Span{r.toks[t.cue[0]].start, r.toks[t.cue[1]-1].end}}
		end := r.reported(&q, s, t, done, limit, held)
		if len(q.spans) == 0 {
			continue
		}
		sayings = append(sayings, q)
		mem.heard(t.who, t.cue[0])
		held = end > t.to
		done = max(done, end)
	}
	return sayings
}

// trails reports whether a clause ends its sentence: "…, NAME said."
func (r *reading) trails(s sentence, t *tag) bool {
	return !t.inverted && !t.source && t.class&cueSay != 0 && r.kind(t.from-1) == tkComma && r.words(t.to, s.to) == 0 && !t.colon
}

// ownClause reports whether clause u, after t, has a subject of its own and so
// ends what t reports: "A says …, while B describes …".
func (r *reading) ownClause(s sentence, t, u *tag) bool {
	if u.source || u.inverted {
		return r.closesQuotation(u.from-1) || u.source && r.kind(u.from-1) == tkComma
	}
	if r.is(u.from, isConj) && u.cue[0] <= u.from+3 && u.class&cueSay != 0 && t.class&cueSay != 0 && r.is(u.cue[0], formPast|formThird) {
		return true // "NAME said that … and added that …"
	}
	if u.who.to-u.who.from == 1 && r.is(u.who.from, isPronoun) {
		return false
	}
	return r.kind(u.from-1) == tkComma || r.kind(u.from-1) == tkColon || r.is(u.from-1, isConj) && (r.kind(u.from-2) == tkComma || r.kind(u.from-2) == tkQuoted || !u.who.same(t.who))
}

// closesQuotation reports whether a quotation ends at token i, or before a comma there.
func (r *reading) closesQuotation(i int) bool { return r.quotationEnding(i) >= 0 }

// quotationEnding is the region that ends at token i, or before a comma or dash at i; -1 for none.
func (r *reading) quotationEnding(i int) int {
	if i > 0 && (r.kind(i) == tkComma || r.kind(i) == tkDash) && r.toks[i].region < 0 {
		i--
	}
	if i >= 0 && r.toks[i].region >= 0 && (i+1 == len(r.toks) || r.toks[i+1].region != r.toks[i].region) {
		return r.toks[i].region
	}
	return -1
}

// reported fills q with the words that clause t reports in tokens done..limit,
// those that the clause goes on with included ("…, adding that …"), and returns
// the token up to which they reach.
func (r *reading) reported(q *saying, s sentence, t *tag, done, limit int, held bool) int {
	end := r.nextTo(q, s, t, done, limit, held)
	if len(q.spans) > 0 && end < limit && t.class&cueSay != 0 {
		return max(end, r.added(q, max(end, t.to), limit))
	}
	return end
}

// added takes what ", adding that …" goes on to report behind token i.
func (r *reading) added(q *saying, i, limit int) int {
	for ; i < limit; i++ {
		if r.toks[i].region < 0 && r.kind(i-1) == tkComma && r.is(i, formGerund) && (r.is(i, cueCall) && r.is(i+1, isDet|isPronoun) || r.says(i, "pointing") && r.says(i+1, "to")) {
			return r.take(q, i, limit)
		}
		if r.toks[i].region >= 0 || !r.is(i, formGerund) || !r.is(i, cueSay) || r.kind(i-1) != tkComma && !r.says(i-1, "and") {
			continue
		}
		if !r.says(i+1, "that") && !r.says(i, "adding") && !r.says(i, "saying") {
			continue
		}
		from := i + 1
		if r.says(from, "that") {
			from++
		}
		return r.take(q, from, limit)
	}
	return 0
}

// nextTo takes the words right beside the clause.
func (r *reading) nextTo(q *saying, s sentence, t *tag, done, limit int, held bool) int {
	if reg := r.quotationEnding(t.from - 1); reg >= 0 && t.from > s.from && t.class&(cueSay|cueTell) != 0 {
		return r.quotedBefore(q, t, reg, done, limit)
	}
	if t.inverted {
		if t.source && t.from == s.from {
			from := r.afterApposition(t.to, limit)
			return r.take(q, from, limit)
		}
		if t.colon && t.from == s.from {
			return r.take(q, t.to+1, limit) // "Stated NAME: …"
		}
		if held { // third-hand: "A says that …, according to B"
			return done
		}
		r.take(q, done, t.from)
		if end, ok := r.quotedAfter(q, t.to, limit); ok {
			return end
		}
		return t.to
	}
	if t.source {
		return r.take(q, r.afterApposition(t.to, limit), limit)
	}
	right := t.to
	if t.that || t.colon {
		right++
	}
	if t.comma && right+1 < limit && r.kind(right+1) == tkQuoted {
		right++
	}
	words := r.words(right, limit)
	left := r.words(done, t.from)
	if !t.that && !t.colon && !t.comma && left >= 5 && words <= 10 && t.class&cueSay != 0 && r.kind(t.from-1) == tkComma && r.is(right, isPrep) && r.toks[right].region < 0 {
		words = 0 // "…, NAME wrote to holders."
	}
	switch {
	case t.class&(cueSay|cueTell) == 0:
		if words == 0 || t.comma {
			return done
		}
		if v := t.cue[0]; r.says(v-1, "not") || strings.HasSuffix(r.in(v-1, v), "n't") || strings.HasSuffix(r.in(v-1, v), "n’t") {
			right = v - 1 // "do not think a cut will come": without these words it means the reverse
			if r.says(right, "not") && r.is(right-1, isAux) {
				right--
			}
		}
		if t.class&cueCall != 0 && r.is(right, isIt|isThat|isHe|isShe|isThey) || r.lex.particle[strings.ToLower(r.in(t.cue[0], t.cue[0]+1))] == "self" {
			right = t.cue[0]
		}
		return r.take(q, right, limit)
	case !t.comma && words >= 2:
		return r.take(q, right, limit)
	case t.comma && r.kind(right) == tkQuoted:
		return r.take(q, right, limit)
	case t.comma && words >= 3 && !r.asideAt(t.to+1):
		if left >= 5 && r.kind(t.from-1) == tkComma {
			r.take(q, done, t.from)
		} else if left > 4 {
			return done
		}
		return r.take(q, t.to+1, limit)
	case left >= 3 && (r.kind(t.from-1) == tkComma || r.kind(t.from-1) == tkDash) && !held:
		r.take(q, done, t.from)
		if end, ok := r.quotedAfter(q, t.to, limit); ok {
			return end
		}
		return t.to
	}
	return done
}

// asideAt reports whether what follows a tag's comma goes on with the story
// rather than with the words: "he said, citing a plan".
func (r *reading) asideAt(i int) bool {
	return r.is(i, formGerund) || strings.HasSuffix(r.in(i, min(i+1, len(r.toks))), "ing") || r.says(i, "as") || r.says(i, "while") || r.says(i, "after") ||
		r.says(i, "according") || r.is(i, isWho) || r.says(i, "which") || r.says(i, "in")
}

// quotedBefore takes the quotation that ends before the clause, with the words
// before it where it is only the end of what was said, and with the quotation
// after the clause where it goes on: “…,” said NAME, “…”.
func (r *reading) quotedBefore(q *saying, t *tag, reg, done, limit int) int {
	first := t.from - 1
	for first > 0 && r.toks[first-1].region == reg || r.toks[first].region != reg {
		first--
	}
	lead := done
	if r.words(lead, first) >= 2 && r.kind(first-1) != tkColon && r.kind(first-1) != tkStop {
		r.take(q, lead, t.from)
	} else {
		q.spans = append(q.spans, r.regions[reg].words)
		q.kind = tenor.Direct
	}
	if end, ok := r.quotedAfter(q, t.to, limit); ok {
		return end
	}
	return t.to
}

// quotedAfter adds a quotation that goes on behind a clause which ends at i.
func (r *reading) quotedAfter(q *saying, i, limit int) (int, bool) {
	for ; i < limit; i++ {
		if r.kind(i) != tkQuoted || r.toks[i].region < 0 || r.toks[i].start != r.regions[r.toks[i].region].outer.Start() {
			continue
		}
		if k := r.kind(i - 1); k != tkComma && k != tkColon && k != tkDash && !r.says(i-1, "adding") {
			continue
		}
		reg := r.toks[i].region
		end := i
		for end < limit && r.toks[end].region == reg {
			end++
		}
		if end-i < 6 {
			continue
		}
		q.spans = append(q.spans, r.regions[reg].words)
		if q.kind == tenor.Indirect {
			q.kind = tenor.Mixed
		}
		return end, true
	}
	return 0, false
}

// afterApposition is the first token after the comma that ends what stands
// beside a name: "For NAME, chief strategist at FIRM, the rally …".
func (r *reading) afterApposition(i, limit int) int {
	from := i
	for n := 0; i < limit && n < 40; i, n = i+1, n+1 {
		if r.kind(i) != tkComma {
			continue
		}
		if from == i && r.titleFollows(i+1) || r.is(i+1, isWho) || r.says(i+1, "which") {
			continue
		}
		if m := r.mentionOver(i + 1); m != nil && (r.kind(m.to) == tkComma && m.kind != personName) {
			continue // ", chief strategist, FIRM, …", "in Austin, Texas, …"
		}
		return i + 1
	}
	return limit
}

// take adds the words of tokens from..to to q, quotation marks around all of
// them left out, and returns to. Fewer than two words are nothing said.
func (r *reading) take(q *saying, from, to int) int {
	for from < to && (r.kind(from) == tkComma || r.kind(from) == tkColon || r.kind(from) == tkDash || r.kind(from) == tkStop || r.bullet(from)) {
		from++
	}
	for to > from && (r.is(to-1, isConj) && r.toks[to-1].region < 0 || (r.kind(to-1) == tkComma || r.kind(to-1) == tkDash || r.kind(to-1) == tkColon) && r.toks[to-1].region < 0) {
		to--
	}
	if r.words(from, to) < 2 && !(to > from && r.toks[from].region >= 0) {
		return to
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
		return to
	}
	if n := len(q.spans); n > 0 {
		if span.Start() < q.spans[n-1].End() {
			return to
		}
		if kind != q.kind {
			kind = tenor.Mixed
		}
	}
	q.spans = append(q.spans, span)
	q.kind = kind
	return to
}

func (r *reading) bullet(i int) bool {
	return r.kind(i) == tkOther && strings.ContainsAny(r.in(i, i+1), "•*·▪●)") || r.kind(i) == tkOther && r.toks[i].end-r.toks[i].start >= 3
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
