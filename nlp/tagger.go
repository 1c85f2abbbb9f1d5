package nlp

import (
	"fmt"
	"strings"

	"tenor"
)

// Version names the rules and data that made a quote; it changes when they do.
const Version = "tenor-nlp/1"

// Tagger finds the quotes of an article, who speaks in each, and what they
// mean. It is safe for concurrent use.
type Tagger struct {
	lex    *attributionLexicon
	labels *labeller
}

// New compiles the embedded word lists.
func New() (*Tagger, error) {
	lex, err := loadAttribution()
	if err != nil {
		return nil, fmt.Errorf("load attribution word lists: %w", err)
	}
	labels, err := newLabeller()
	if err != nil {
		return nil, fmt.Errorf("load labels: %w", err)
	}
	return &Tagger{lex: lex, labels: labels}, nil
}

// Tag returns the quotes of an article in the order of their words. It is pure:
// the same article has the same quotes. Errors wrap tenor.ErrNotEnglish or
// tenor.ErrTruncated for articles that are kept but not tagged.
func (t *Tagger) Tag(a *tenor.Article) (quotes []tenor.Quote, err error) {
	defer func() {
		if p := recover(); p != nil {
			quotes, err = nil, fmt.Errorf("tag %s: %v", a.Key(), p)
		}
	}()
	if a.Truncated {
		return nil, fmt.Errorf("tag %s: %w", a.Key(), tenor.ErrTruncated)
	}
	if l := strings.ToLower(a.Language); l != "" && l != "en" && !strings.HasPrefix(l, "en-") {
		return nil, fmt.Errorf("tag %s, written in %q: %w", a.Key(), a.Language, tenor.ErrNotEnglish)
	}
	r := t.lex.read(a)
	quotes = r.quotes(a, r.sayings())
	t.labels.Label(a, quotes)
	return quotes, nil
}

// sayings walks the article once, in order, so that pronouns look back.
func (r *reading) sayings() []saying {
	var all []saying
	var mem memory
	announced := speaker{} // of "NAME wrote:" at the end of the paragraph before
	var announcedCue tenor.Span
	var carried []tenor.Span  // paragraphs of a quotation whose speaker is named at its end
	var named, talker speaker // of the line above, and of the transcript
	speaks, lastLabel := r.transcript()
	author := r.signer()
	spoke := -1 // the last paragraph, headings aside, and whether it ended in a quote
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		if p.furniture || p.from == p.to {
			continue
		}
		if who, ok := r.nameLine(p); ok {
			named, talker = who, speaker{}
			continue
		}
		if !named.nobody() {
			if q, ok := r.under(p, named); ok {
				all = append(all, q)
				mem.heard(named, p.from)
				spoke = p.last - 1
				continue
			}
			if !p.heading {
				named = speaker{}
			}
		}
		if p.heading && announced.nobody() {
			if _, _, ok := r.firmLabel(p); !ok {
				continue
			}
		}
		if !announced.nobody() {
			if q, ok := r.block(p, announced, announcedCue, &mem); ok {
				all = append(all, q)
			}
			announced = speaker{}
			if n := len(all); n > 0 && all[n-1].sentence == p.first && all[n-1].kind == tenor.Block {
				spoke = p.last - 1
				continue
			}
		}
		who, from, ok, asked := r.label(p, speaks)
		if ok || asked {
			talker = speaker{}
		}
		if ok {
			talker = who
			q := saying{who: who, sentence: p.first, cue: tenor.Span{r.toks[from-1].start, r.toks[from-1].end}}
			r.take(&q, from, p.to)
			if q.kind == tenor.Indirect {
				q.kind = tenor.Block
			}
			all = append(all, q)
			mem.heard(who, from)
			continue
		}
		if i < lastLabel && !talker.nobody() && !asked && r.words(p.from, p.to) >= 5 && len(r.tagsOf(r.sentences[p.first], &mem)) == 0 {
			q := saying{who: talker, sentence: p.first}
			r.take(&q, p.from, p.to)
			q.kind = tenor.Block
			all = append(all, q)
			continue
		}
		if author.person > 0 && p.last == p.first+1 {
			if q, ok := r.point(p, author); ok && len(r.tagsOf(r.sentences[p.first], &mem)) == 0 {
				all = append(all, q)
				continue
			}
		}
		if span, ok := r.carriesOver(i); ok {
			carried = append(carried, span)
			continue
		}
		for index := p.first; index < p.last; index++ {
			found := r.said(index, &mem)
			if index == p.first && len(carried) > 0 && len(found) > 0 && found[0].kind == tenor.Direct && r.kind(r.sentences[index].from) == tkQuoted {
				found[0].spans = append(carried, found[0].spans...)
			}
			carried = nil
			if len(found) == 0 {
				if q, ok := r.alone(index, all, spoke, &mem); ok {
					found = append(found, q)
				}
			}
			if len(found) == 0 && author.person > 0 {
				if q, ok := r.ownView(index, author, &mem); ok {
					all = append(all, q)
					continue
				}
			}
			if len(found) == 0 && len(all) > 0 {
				r.goesOn(index, &all[len(all)-1], &mem)
			}
			all = append(all, found...)
			if index == p.last-1 {
				announced, announcedCue = r.announces(index, &mem)
			}
		}
		if n := len(all); n > 0 && all[n-1].sentence == p.last-1 {
			spoke = p.last - 1
		}
	}
	return all
}

// carriesOver reports whether paragraph i is one quotation, left open for the
// next paragraph to go on with, and returns its words.
func (r *reading) carriesOver(i int) (tenor.Span, bool) {
	p := &r.paragraphs[i]
	if !p.carries || p.last != p.first+1 || p.beyondRegions != p.firstRegion+1 {
		return tenor.Span{}, false
	}
	if next := i + 1; next == len(r.paragraphs) || r.paragraphs[next].from == r.paragraphs[next].to || r.kind(r.paragraphs[next].from) != tkQuoted {
		return tenor.Span{}, false
	}
	reg, ok := r.orphan(r.sentences[p.first])
	return r.regions[max(reg, 0)].words, ok
}

// announces is who is about to speak where a sentence ends in "NAME wrote:".
func (r *reading) announces(index int, mem *memory) (speaker, tenor.Span) {
	s := r.sentences[index]
	if r.kind(s.to-1) != tkColon {
		return speaker{}, tenor.Span{}
	}
	tags := r.tagsOf(s, mem)
	if n := len(tags); n > 0 && tags[n-1].colon && tags[n-1].to == s.to-1 {
		t := tags[n-1]
		return t.who, tenor.Span{r.toks[t.cue[0]].start, r.toks[t.cue[1]-1].end}
	}
	return speaker{}, tenor.Span{}
}

// block is the paragraph after "NAME wrote:", set off without marks. One in
// marks is left to the search for quotations.
func (r *reading) block(p *paragraph, who speaker, cue tenor.Span, mem *memory) (saying, bool) {
	q := saying{who: who, sentence: p.first, cue: cue}
	mem.heard(who, p.from)
	if reg, ok := r.orphan(r.sentences[p.first]); ok {
		q.spans, q.kind = []tenor.Span{r.regions[reg].words}, tenor.Direct
		return q, true
	}
	if len(r.tagsOf(r.sentences[p.first], mem)) > 0 {
		return q, false
	}
	r.take(&q, p.from, p.to)
	q.kind = tenor.Block
	return q, len(q.spans) > 0
}

// alone attributes a sentence that is only a quotation.
func (r *reading) alone(index int, all []saying, spoke int, mem *memory) (saying, bool) {
	var before *saying
	if n := len(all); n > 0 {
		before = &all[n-1]
	}
	reg, ok := r.orphan(r.sentences[index])
	if !ok {
		// “…,” said NAME. “…” at the opening, he thinks: the tail is the author's.
		s := r.sentences[index]
		if who, reg, ok := r.introduced(s); ok && len(r.tagsOf(s, mem)) == 0 {
			mem.heard(who, s.from)
			return saying{who: who, sentence: index, spans: []tenor.Span{r.regions[reg].words}, kind: tenor.Direct}, true
		}
		if before == nil || before.sentence != index-1 || before.kind != tenor.Direct || r.sentences[index-1].paragraph != s.paragraph || len(r.tagsOf(s, mem)) > 0 {
			return saying{}, false
		}
		if reg, ok = r.edgeRegion(s); !ok {
			return saying{}, false
		}
	}
	q := saying{sentence: index, spans: []tenor.Span{r.regions[reg].words}, kind: tenor.Direct}
	q.who, q.cue = r.whoseOrphan(index, before, mem)
	if q.who.nobody() && before != nil && spoke == before.sentence && r.opensAfter(index, spoke) {
		q.who, q.kind = before.who, tenor.Block
	}
	if q.who.nobody() {
		return q, false
	}
	if q.cue.Len() > 0 {
		q.sentence = index + 1 // “….” NAME said. “…”: its tag is a sentence of its own
	}
	if before != nil && q.kind == tenor.Direct && before.sentence == index-1 && before.kind == tenor.Direct && q.cue.Len() == 0 && before.who.same(q.who) {
		// “…,” said NAME. “…”: one reporting act, so one quote.
		before.spans = append(before.spans, q.spans...)
		before.sentence = index
		return q, false
	}
	mem.heard(q.who, r.sentences[index].from)
	return q, true
}

// opensAfter reports whether sentence index opens the paragraph that follows the
// one that sentence last ends, headings aside.
func (r *reading) opensAfter(index, last int) bool {
	at := r.sentences[index].paragraph
	if r.paragraphs[at].first != index {
		return false
	}
	for at--; at >= 0; at-- {
		if p := &r.paragraphs[at]; !p.heading && !p.furniture && p.last > p.first {
			return p.last-1 == last
		}
	}
	return false
}

// quotes gives sayings their names and evidence.
func (r *reading) quotes(a *tenor.Article, sayings []saying) []tenor.Quote {
	key := a.Key()
	quotes := make([]tenor.Quote, 0, len(sayings))
	for _, s := range sayings {
		if s.spans = inOrder(s.spans); len(s.spans) == 0 {
			continue
		}
		q := tenor.Quote{Spans: s.spans, Kind: s.kind}
		if known := r.bySurname[strings.ToLower(s.who.firm)]; s.who.person == 0 && len(known) == 1 && !r.firms[s.who.firm] {
			s.who.person = known[0] + 1 // shown to be a person by a later pronoun
		}
		if s.who.person > 0 {
			p := &r.people[s.who.person-1]
			q.Speaker, q.Firm, q.Role = p.name, p.firm, p.role
			q.SpeakerType = speakerTypes[r.typeOf(p)]
		} else {
			q.Speaker, q.Firm, q.SpeakerType = s.who.firm, s.who.firm, tenor.Institution
		}
		if s.cue.Len() > 0 {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "cue", Span: s.cue})
		}
		if s.who.to > s.who.from {
			q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "speaker",
				Span: tenor.Span{r.toks[s.who.from].start, r.toks[s.who.to-1].end}})
		}
		q.ID = tenor.QuoteID(key, q.Speaker, q.Segments(a.Text))
		quotes = append(quotes, q)
	}
	return quotes
}

// inOrder drops spans that are empty or do not lie behind the one before, which
// stray marks can leave.
func inOrder(spans []tenor.Span) []tenor.Span {
	kept := spans[:0]
	last := 0
	for _, s := range spans {
		if s.Len() > 0 && s.Start() >= last {
			kept = append(kept, s)
			last = s.End()
		}
	}
	return kept
}

var speakerTypes = map[class]tenor.SpeakerType{
	roleAnalyst: tenor.Analyst, roleOfficial: tenor.Official, roleExecutive: tenor.Executive, roleOther: tenor.Other,
}
