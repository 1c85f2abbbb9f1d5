package nlp

import "tenor"

// turnSureness is how sure both sides must be for a quote to be split between them.
const turnSureness = 0.6

// mostTurns bounds at how many sentences of a quote a turn is looked for.
const mostTurns = 12

// split parts a labelled quote where its stance turns between two sentences, from
// bullish to fragile or back: the speaker says two things, and each counts. Within a
// sentence a view that turns stays one.
func (l *labeller) split(p *passage, a *tenor.Article, q *tenor.Quote) (quotes []tenor.Quote) {
	at, ok := l.turn(p, q)
	if !ok {
		return nil
	}
	for _, spans := range cutSpans(a.Text, q.Spans, at) {
		part := *q
		part.Spans, part.Evidence = spans, attributionEvidence(q.Evidence)
		part.ID = tenor.QuoteID(a.Key(), q.Speaker, part.Segments(a.Text))
		p.read(&part)
		l.label(p, &part)
		quotes = append(quotes, part)
	}
	return quotes
}

// turn is the byte at which the sentence begins that turns a quote, which has just
// been labelled.
func (l *labeller) turn(p *passage, q *tenor.Quote) (at int, ok bool) {
	if p.sum.bullish == 0 || p.sum.fragile == 0 {
		return 0, false // the phrase lists see one side only
	}
	whole := p.stretch
	defer func() { p.stretch = whole }()
	tried := 0
	for i := 1; i < len(whole.words) && tried < mostTurns; i++ {
		if whole.words[i].gap != gapSentence {
			continue
		}
		tried++
		start := whole.words[i].start
		parts := cutSpans(p.text, q.Spans, start)
		if before := l.leans(p, q, parts[0], &whole, 0, i); before != tenor.Neutral {
			if after := l.leans(p, q, parts[1], &whole, i, len(whole.words)); after != tenor.Neutral && after != before {
				return start, true
			}
		}
	}
	return 0, false
}

// leans is the stance of the words from to to of a quote, whole sentences with their
// spans in the text, neutral where it is not sure.
func (l *labeller) leans(p *passage, q *tenor.Quote, spans []tenor.Span, whole *stretch, from, to int) tenor.Stance {
	p.enter(whole, from, to)
	part := tenor.Quote{Spans: spans, SpeakerType: q.SpeakerType}
	subjectOf(p, &part)
	themesOf(p, &part)
	claimOf(p, &part)
	if l.stanceOf(p, &part); part.Confidence < turnSureness {
		return tenor.Neutral
	}
	return part.Stance
}

// enter makes a passage that of the words from to to of a stretch. Those phrases stand in
// them that stand in the whole: none runs over the end of a sentence.
func (p *passage) enter(whole *stretch, from, to int) {
	s := &p.part
	s.words = whole.words[from:to]
	s.found = s.found[:0]
	for _, m := range whole.found[whole.foundAt[from]:whole.foundAt[to]] {
		m.first, m.last = m.first-int32(from), m.last-int32(from)
		s.found = append(s.found, m)
	}
	s.index()
	p.stretch = *s
}

// cutSpans parts spans at a byte of the text, spaces around it left out.
func cutSpans(text string, spans []tenor.Span, at int) (parts [2][]tenor.Span) {
	for _, s := range spans {
		switch {
		case s.End() <= at:
			parts[0] = append(parts[0], s)
		case s.Start() >= at:
			parts[1] = append(parts[1], s)
		default:
			if before := trimSpan(text, tenor.Span{s.Start(), at}); before.Len() > 0 {
				parts[0] = append(parts[0], before)
			}
			parts[1] = append(parts[1], tenor.Span{at, s.End()})
		}
	}
	return parts
}

// attributionEvidence is the evidence of who said it.
func attributionEvidence(all []tenor.Evidence) (kept []tenor.Evidence) {
	for _, e := range all {
		if e.Tag == "cue" || e.Tag == "speaker" {
			kept = append(kept, e)
		}
	}
	return kept
}
