package nlp

import "tenor"

// walk goes through an article once, in order, so that pronouns look back.
type walk struct {
	*reading
	*layout
	all          []saying
	announced    speaker // of "NAME wrote:" at the end of the paragraph before
	announcedCue tenor.Span
	carried      []tenor.Span // paragraphs of a quotation whose speaker is named at its end
	named        speaker      // on a line of its own above
	talker       speaker      // of the transcript
	author       speaker      // who signs the article
}

// sayings finds the quotes of the article.
func (r *reading) sayings() []saying {
	r.mem = &memory{}
	w := &walk{reading: r, layout: r.findLayout(), author: r.signer()}
	for i := range r.paragraphs {
		if p := &r.paragraphs[i]; !p.furniture && p.from < p.to {
			w.paragraph(i, p)
		}
	}
	return w.all
}

// add appends a saying, and remembers who spoke.
func (w *walk) add(q saying, at int) {
	w.all = append(w.all, q)
	w.mem.heard(q.who, at)
}

func (w *walk) last() *saying {
	if len(w.all) == 0 {
		return nil
	}
	return &w.all[len(w.all)-1]
}

// paragraph takes the forms that whole paragraphs have, then the sentences.
func (w *walk) paragraph(i int, p *paragraph) {
	if who, ok := w.nameLine(p); ok {
		w.named, w.talker = who, speaker{}
		w.mem.heard(who, p.from)
		return
	}
	if _, _, ok := w.byLine(p); ok {
		return // taken with the paragraph above it
	}
	if who, post, ok := w.signedBelow(i); ok {
		if q, ok := w.whole(p, who); ok && (q.kind == tenor.Direct || post) {
			w.add(q, p.from)
			return
		}
	}
	if !w.named.nobody() {
		if _, ok := w.inMarks(p); ok || w.lines && !p.heading && !w.reports(p.first) {
			if q, ok := w.whole(p, w.named); ok {
				w.add(q, p.from)
				return
			}
		}
		if !p.heading && !w.lines {
			w.named = speaker{}
		}
	}
	if p.heading && w.announced.nobody() && w.labels[i].kind == noLabel {
		w.named = speaker{}
		if w.open {
			w.labelled(i, p)
		}
		return
	}
	if !w.announced.nobody() {
		who, cue := w.announced, w.announcedCue
		w.announced = speaker{}
		if q, ok := w.block(p, who, cue); ok {
			w.add(q, p.from)
			if q.kind == tenor.Block || p.last == p.first+1 {
				return
			}
			w.sentences(p, p.first+1)
			return
		}
	}
	if w.labelled(i, p) {
		return
	}
	if w.author.person > 0 && p.last == p.first+1 && len(w.clausesOf(p.first)) == 0 {
		if q, ok := w.point(p, w.author); ok {
			w.all = append(w.all, q)
			return
		}
	}
	first := p.first
	if w.resumes(i, p) {
		if first++; first == p.last {
			return
		}
	} else if span, ok := w.carriesOver(i); ok {
		if len(w.carried) == 0 {
			w.mem.openSince = p.first + 1
		}
		w.carried = append(w.carried, span)
		return
	}
	w.sentences(p, first)
}

// sentences takes the sentences of a paragraph from first on.
func (w *walk) sentences(p *paragraph, first int) {
	for index := first; index < p.last; index++ {
		found := w.said(index)
		if len(w.clausesOf(index)) == 0 || len(found) == 0 {
			found = append(found, w.alone(index, w.last())...)
		}
		if index == p.first && len(w.carried) > 0 {
			if len(found) > 0 && found[0].kind == tenor.Direct && w.kind(w.reading.sentences[index].from) == tkQuoted {
				found[0].spans = append(w.carried, found[0].spans...)
			}
			w.carried, w.mem.openSince = nil, 0
		}
		if len(found) == 0 && !w.reports(index) {
			if q, ok := w.ownView(index, w.author); ok {
				found = append(found, q)
			} else if last := w.last(); last != nil && len(w.clausesOf(index)) == 0 {
				w.goesOn(index, last)
			}
		}
		if index == p.last-1 {
			found = w.announce(index, found)
		}
		w.all = append(w.all, found...)
	}
}

// resumes takes up a quotation that the paragraph before left open, whose speaker
// is known: its marks are opened at each paragraph and closed once.
func (w *walk) resumes(i int, p *paragraph) bool {
	last := w.last()
	if last == nil || last.kind != tenor.Direct || i == 0 || !w.paragraphs[i-1].carries || last.sentence != w.paragraphs[i-1].last-1 {
		return false
	}
	reg, ok := w.orphan(w.reading.sentences[p.first])
	if !ok || w.kind(p.from) != tkQuoted || len(w.clausesOf(p.first)) > 0 {
		return false
	}
	last.spans = append(last.spans, w.regions[reg].words)
	last.sentence = p.first
	return true
}

// carriesOver reports whether paragraph i is one quotation, left open for the
// next paragraph to go on with, and returns its words.
func (w *walk) carriesOver(i int) (tenor.Span, bool) {
	p := &w.paragraphs[i]
	if !p.carries || p.last != p.first+1 || p.beyondRegions != p.firstRegion+1 {
		return tenor.Span{}, false
	}
	if next := i + 1; next == len(w.paragraphs) || w.paragraphs[next].from == w.paragraphs[next].to || w.kind(w.paragraphs[next].from) != tkQuoted {
		return tenor.Span{}, false
	}
	reg, ok := w.orphan(w.reading.sentences[p.first])
	return w.regions[max(reg, 0)].words, ok
}

// announce keeps in mind who is about to speak where the last sentence of a
// paragraph ends in "NAME wrote:" and reports nothing itself. What "NAME sums up the
// day:" names is nothing said; the words that follow are.
func (w *walk) announce(index int, found []saying) []saying {
	s := w.reading.sentences[index]
	clauses := w.clausesOf(index)
	if w.kind(s.to-1) != tkColon || len(clauses) == 0 {
		return found
	}
	k := &clauses[len(clauses)-1]
	for n := range found {
		if found[n].cue.Start() != w.toks[k.at].start {
			continue
		}
		if found[n].left || n+1 < len(found) || found[n].kind != tenor.Indirect || k.subject.after || w.clausal(k.end, s.to-1) {
			return found
		}
		found = found[:n]
	}
	w.announced, _ = w.speakerOf(s, k)
	w.announcedCue = tenor.Span{w.toks[k.at].start, w.toks[k.to-1].end}
	return found
}

// block is the paragraph after "NAME wrote:": a quotation, or words set off
// without marks.
func (w *walk) block(p *paragraph, who speaker, cue tenor.Span) (saying, bool) {
	who.by = tenor.ByAnnouncement
	q := saying{who: who, sentence: p.first, cue: cue, odds: 1, extent: 1}
	if reg, ok := w.orphan(w.reading.sentences[p.first]); ok {
		q.spans, q.kind = []tenor.Span{w.regions[reg].words}, tenor.Direct
		return q, true
	}
	if p.heading || w.reports(p.first) {
		return q, false
	}
	w.take(&q, p.from, p.to)
	q.kind, q.sentence = tenor.Block, p.last-1
	return q, len(q.spans) > 0
}

// labelled takes a paragraph that a label opens, and those that follow such a one
// in a dialogue. It reports whether the paragraph is done with.
func (w *walk) labelled(i int, p *paragraph) bool {
	b := w.labels[i]
	switch b.kind {
	case personLabel:
		known := w.people[b.who.person-1].role != "" || w.people[b.who.person-1].firm != ""
		switch {
		case w.asks[b.who.person]:
			w.talker = speaker{}
			return w.dialogue
		case !w.dialogue && (!known || w.words(b.from, p.to) < 6 || w.isAbout(b.who, b.from, p.to)):
			return false
		}
		return w.speaks(p, b.who, b.from, w.dialogue)
	case asksLabel:
		w.talker = speaker{}
		return w.dialogue
	case answersLabel:
		if !w.dialogue || w.guest.nobody() {
			return false
		}
		return w.speaks(p, w.guest, b.from, true)
	case houseLabel:
		bullet := b.from > 0 && w.mentionOver(p.from) == nil
		if !w.targets && !(w.rates(b.who) && (bullet || w.foresees(b.from, p.to))) {
			return false
		}
		return w.speaks(p, b.who, b.from, false)
	}
	if w.open {
		if w.in(p.to-1, p.to) == "?" && w.words(p.from, p.to) <= 45 {
			w.talker = w.guest
			return true
		}
		if !w.talker.nobody() && !p.heading && !w.reports(p.first) {
			return w.speaks(p, w.talker, p.from, true)
		}
	}
	if w.dialogue && i < w.lastLabel && !w.talker.nobody() && w.words(p.from, p.to) >= 5 && !w.reports(p.first) {
		return w.speaks(p, w.talker, p.from, true)
	}
	return false
}

// speaks takes tokens from.. of a paragraph as somebody's words.
func (w *walk) speaks(p *paragraph, who speaker, from int, goesOn bool) bool {
	w.talker = speaker{}
	if goesOn {
		w.talker = who
	}
	q := saying{who: who, sentence: p.last - 1, odds: 1, extent: 1}
	if who.to <= from && who.from >= p.from && from > p.from {
		q.cue = tenor.Span{w.toks[from-1].start, w.toks[from-1].end}
	}
	w.take(&q, from, p.to)
	if len(q.spans) == 0 && w.targets && from < p.to && w.kind(from) == tkNumber {
		q.spans = []tenor.Span{{w.toks[from].start, w.toks[p.to-1].end}} // "FIRM: 8,100"
	}
	if q.kind == tenor.Indirect || q.kind == "" {
		q.kind = tenor.Block
	}
	if len(q.spans) > 0 {
		w.add(q, from)
	}
	return true
}

// reports reports whether a clause of the sentence says what somebody other than
// the one who speaks it says.
func (w *walk) reports(index int) bool {
	for _, k := range w.clausesOf(index) {
		switch k.subject.shape {
		case shPerson, shFirm, shPublic, shMedia, shName, shHe, shRole, shTeam:
			return true
		}
	}
	return false
}

// isAbout reports whether somebody is named in tokens from..to: "NAME: his plan"
// is the title of a part about them.
func (w *walk) isAbout(who speaker, from, to int) bool {
	for i := from; i < to; i++ {
		if m := w.mentionOver(i); m != nil && m.kind == personName && m.person == who.person-1 {
			return true
		}
	}
	return false
}

// signedBelow reads the byline that the paragraph behind i is.
func (w *walk) signedBelow(i int) (who speaker, post, ok bool) {
	for i++; i < len(w.paragraphs); i++ {
		if p := &w.paragraphs[i]; p.furniture || p.from < p.to {
			return w.byLine(p)
		}
	}
	return speaker{}, false, false
}

// whole takes a paragraph as somebody's words.
func (w *walk) whole(p *paragraph, who speaker) (saying, bool) {
	q := saying{who: who, sentence: p.last - 1, odds: 1, extent: 1}
	if words, ok := w.inMarks(p); ok {
		q.spans, q.kind = []tenor.Span{words}, tenor.Direct
		return q, true
	}
	w.take(&q, p.from, p.to)
	if q.kind != tenor.Direct {
		q.kind = tenor.Block
	}
	return q, len(q.spans) > 0
}

// goesOn adds to a reported clause the sentence after it, where that takes it up
// in so many words: "She expects cuts. This would help." The author's own
// comment begins otherwise, and another speaker has a clause of their own.
func (w *walk) goesOn(index int, before *saying) {
	s := w.reading.sentences[index]
	if before.sentence != index-1 || index == w.paragraphs[s.paragraph].first || before.kind != tenor.Indirect && before.kind != tenor.Mixed {
		return
	}
	if w.is(s.from, isGoingOn) && w.mentionOver(s.from) == nil && w.kind(s.to-1) == tkStop {
		before.spans = append(before.spans, tenor.Span{w.toks[s.from].start, w.toks[s.to-1].end})
		before.sentence = index
	}
}
