package nlp

import (
	"strings"

	"tenor"
)

// reading is an article taken apart. Each stage fills its own fields from those
// before it: paragraphs, regions, tokens, sentences, mentions, people.
type reading struct {
	lex  *attributionLexicon
	text string

	paragraphs []paragraph
	regions    []region
	toks       []tok
	sentences  []sentence

	mentions  []mention
	mentionAt []int32 // by token: 1 + index of the mention over it, 0 for none
	people    []person
	bySurname map[string][]int
	firms     map[string]bool // names that the article uses for organisations
	aliases   aliases

	shapes    []shape
	clauses   []clause // of the sentences read so far
	clausesAt [][2]int // by sentence: the first, and 1 + the end; 0 where it is not read yet

	market  uint32 // 1 where the article is on markets
	mem     *memory
	counts  map[string]int // how often organisations are named, among the first counted mentions
	counted int
	lead    int // 1 + the first mention of an organisation, 0 for none

	// Of the sentence at hand.
	cues       []cue
	phrases    []nounPhrase
	candidates []candidate
	subjectEnd int // of the clause before; 0 for none
	reportedTo int // up to where the clauses before report
	places     []int
	persons    []antecedent
	heard      []voice
	near       []house
	meant      []referent
	facts      facts
	scores     []float64
	watch      watcher // of training; nil else

	asked         int // questions to the statistical tagger
	sentenceStart int // of the sentence in which names are being found
}

// paragraph is a paragraph with its place in the tokens and sentences.
type paragraph struct {
	span          tenor.Span
	from, to      int // tokens
	first, last   int // sentences, half open
	furniture     bool
	heading       bool
	carries       bool // ends inside a quotation
	firstRegion   int
	beyondRegions int
}

func (lex *attributionLexicon) read(a *tenor.Article) *reading {
	r := &reading{lex: lex, text: a.Text}
	words := len(a.Text)/5 + 16
	r.toks = make([]tok, 0, words)
	spans := splitParagraphs(a.Text)
	furniture := lex.furniture(a, spans)
	for i, span := range spans {
		p := paragraph{span: span, from: len(r.toks), first: len(r.sentences), furniture: furniture[i], firstRegion: len(r.regions)}
		if p.furniture {
			p.to, p.last, p.beyondRegions = p.from, p.first, p.firstRegion
			r.paragraphs = append(r.paragraphs, p)
			continue
		}
		found, carries := findRegions(a.Text, span)
		p.carries = carries
		if carries && i+1 < len(spans) && resumesQuotation(a.Text, spans[i+1]) {
			last := &found[len(found)-1]
			last.words[1], last.outer[1] = span.End(), span.End()
		}
		r.regions = append(r.regions, found...)
		p.beyondRegions = len(r.regions)
		r.toks = lex.tokenize(r.toks, a.Text, span, found, p.firstRegion)
		p.to = len(r.toks)
		p.heading = isHeading(span.In(a.Text), r.toks[p.from:p.to])
		r.sentences = splitSentences(r.sentences, a.Text, r.toks, p.from, p.to, i)
		p.last = len(r.sentences)
		r.paragraphs = append(r.paragraphs, p)
	}
	r.findMentions()
	r.findShapes()
	r.market = flag(r.onMarkets())
	r.clausesAt = make([][2]int, len(r.sentences))
	return r
}

// onMarkets reports whether the article is on markets rather than on politics or
// anything else: what counts as a quote of a body differs there. 2 words in 100 tell
// 98 of 100 of the one sort and 96 of the other.
func (r *reading) onMarkets() bool {
	words := 0
	for i := range r.toks {
		if r.toks[i].class&isTrading != 0 {
			words++
		}
	}
	return 100*words >= 2*len(r.toks) || len(r.toks) < 80
}

// resumesQuotation reports whether a paragraph opens with a quotation mark: a
// quotation over several paragraphs opens each and closes only the last.
func resumesQuotation(text string, paragraph tenor.Span) bool {
	kind, size := markAt(text, paragraph.Start(), paragraph.End())
	return size > 0 && kind != single && kind != closing
}

// isHeading reports whether a paragraph is a line of a few words with no stop at
// its end, such as a headline, a section title or a byline.
func isHeading(line string, toks []tok) bool {
	if len(toks) == 0 || len(toks) > 18 {
		return false
	}
	last := toks[len(toks)-1]
	return !isBullet(line) && toks[0].kind != tkQuoted && last.kind != tkStop && last.kind != tkColon && last.kind != tkQuoted && !strings.HasSuffix(line, ".") ||
		last.kind == tkStop && strings.HasSuffix(line, "?")
}

// in is the text of tokens from..to, a half-open range.
func (r *reading) in(from, to int) string {
	if from >= to {
		return ""
	}
	return r.text[r.toks[from].start:r.toks[to-1].end]
}

// is reports whether the token at i, if there is one, has any of the classes.
func (r *reading) is(i int, c class) bool {
	return i >= 0 && i < len(r.toks) && r.toks[i].class&c != 0
}

func (r *reading) kind(i int) tokKind {
	if i < 0 || i >= len(r.toks) {
		return tkOther
	}
	return r.toks[i].kind
}

// says reports whether the token at i is a word, case aside; w is in small letters.
func (r *reading) says(i int, w string) bool {
	return i >= 0 && i < len(r.toks) && strings.EqualFold(r.text[r.toks[i].start:r.toks[i].end], w)
}

// mentionOver is the mention that covers token i, or nil.
func (r *reading) mentionOver(i int) *mention {
	if i < 0 || i >= len(r.mentionAt) || r.mentionAt[i] == 0 {
		return nil
	}
	return &r.mentions[r.mentionAt[i]-1]
}
