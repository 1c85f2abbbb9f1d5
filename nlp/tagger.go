package nlp

import (
	"errors"
	"fmt"
	"strings"

	"tenor"
)

// Version names the rules and data that made a quote; it changes when they do. That of
// a tagger names the user's topics too.
const Version = "tenor-nlp/3"

// Tagger finds the quotes of an article, who speaks in each, and what they
// mean. It is safe for concurrent use.
type Tagger struct {
	lex     *attributionLexicon
	labels  *labeller
	version string
}

// New is a tagger with the built-in themes and subjects alone.
func New() (*Tagger, error) { return NewWith(tenor.Topics{}) }

// NewWith compiles the embedded word lists and the phrases of a user's topics, and reads
// the models; one that is not that of its card is refused. An error of the user's is a
// *tenor.TopicError.
func NewWith(topics tenor.Topics) (*Tagger, error) {
	for _, m := range []struct {
		name string
		data []byte
	}{{"attribution.txt", attributionModel}, {"stance.txt", stanceModel}, {"topics.txt", topicModel}} {
		if err := checkModel(m.name, m.data, modelSums); err != nil {
			return nil, err
		}
	}
	lex, err := loadAttribution()
	if err != nil {
		return nil, fmt.Errorf("load attribution word lists: %w", err)
	}
	labels, err := newLabeller()
	if err != nil {
		return nil, fmt.Errorf("load labels: %w", err)
	}
	if labels.own, err = compileOwn(topics); err != nil {
		return nil, err
	}
	return &Tagger{lex: lex, labels: labels, version: Version + ownVersion(topics)}, nil
}

// Version names the tagger in the records of its quotes: the rules and data, and the
// user's topics where there are any.
func (t *Tagger) Version() string { return t.version }

// Warm loads what the first article would wait for, which is a fifth of a second; it may run
// beside anything else.
func (t *Tagger) Warm() {
	defer func() { recover() }() // as in proposePeople, which fares without
	proseModel()
}

// ErrFault: a fault in the tagger, on one article.
var ErrFault = errors.New("a fault in the tagger")

// Tag returns the quotes of an article in the order of their words. It is pure:
// the same article has the same quotes. Errors wrap tenor.ErrNotEnglish or
// tenor.ErrTruncated for articles that are kept but not tagged, or ErrFault.
func (t *Tagger) Tag(a *tenor.Article) (quotes []tenor.Quote, err error) {
	defer func() {
		if p := recover(); p != nil {
			quotes, err = nil, fmt.Errorf("tag %s: %w: %v", a.Key(), ErrFault, p)
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
	return t.labels.Label(a, quotes), nil
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
		q.Resolved, q.Attribution = s.who.by, r.confidence(&s)
		if q.Attribution < leastConfidence {
			continue
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
