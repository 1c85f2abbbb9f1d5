package tenor

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Quote is a passage that reports what one speaker said, wrote, thinks or
// expects, in quotation marks or not. It holds places in the article's text and
// never a copy of it, so it can always be traced.
type Quote struct {
	ID    string
	Spans []Span // the words that carry the content, in order, never overlapping
	Kind  Kind

	Speaker     string // the fullest name that the article gives
	SpeakerType SpeakerType
	Firm        string // the organisation that the article gives for the speaker, as written
	Role        string // the speaker's title, likewise
	Resolved    Resolution
	Attribution float64 // confidence that this speaker said or thinks this, 0 to 1

	Stance     Stance
	Confidence float64 // of the stance, 0 to 1
	Claim      Claim
	Horizon    Horizon
	Subject    Subject
	Themes     []Theme // in the order of Topics.Themes

	Evidence []Evidence
}

// Span is a half-open range of bytes of an article's text.
type Span [2]int

func (s Span) Start() int { return s[0] }
func (s Span) End() int   { return s[1] }
func (s Span) Len() int   { return s[1] - s[0] }

// In is the text between the span's ends.
func (s Span) In(text string) string { return text[s[0]:s[1]] }

// Evidence is a place in the text that decided a label. Tag names the label:
// "stance:bullish", "theme:rates", "subject:small-caps", "horizon:near", or
// "cue" and "speaker" for the words that made it a quote of this speaker.
type Evidence struct {
	Tag  string
	Span Span
	Text string // the words at Span; filled in records, which stand without their article
}

// Segments are the verbatim words of the quote, one string a span.
func (q *Quote) Segments(text string) []string {
	segments := make([]string, len(q.Spans))
	for i, s := range q.Spans {
		segments[i] = s.In(text)
	}
	return segments
}

// QuoteID is the identifier of what speaker said with these words in the
// article with this key. It stays the same when the article is tagged again,
// and when text elsewhere on the page changes.
func QuoteID(articleKey, speaker string, segments []string) string {
	sum, _ := QuoteSum(nil, articleKey, speaker, segments...)
	return hex.EncodeToString(sum[:])
}

// QuoteSum is QuoteID before it is written in hex, for who checks millions: scratch is a
// buffer, which is given back to be used again.
func QuoteSum(scratch []byte, articleKey, speaker string, segments ...string) (sum [8]byte, _ []byte) {
	scratch = append(append(append(scratch[:0], articleKey...), 0), speaker...)
	for _, s := range segments {
		scratch = append(append(scratch, 0), s...)
	}
	all := sha256.Sum256(scratch)
	return [8]byte(all[:8]), scratch
}

// digest is a short stable hash of its parts; 16 hex digits make a collision
// unlikely (1 in 40,000) among a million.
func digest(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:8])
}

// Resolution says by what the article names the speaker where the words stand.
type Resolution string

const (
	ByName         Resolution = "name"         // in full, or as fully as ever
	BySurname      Resolution = "surname"      // of somebody named in full elsewhere
	ByPronoun      Resolution = "pronoun"      // "she"
	ByTitle        Resolution = "title"        // "the strategist", "the bank", "the note"
	ByTeam         Resolution = "team"         // "strategists at FIRM"
	ByContinuing   Resolution = "continuing"   // nothing: the speaker goes on, or is named beside
	ByAnnouncement Resolution = "announcement" // "NAME wrote:" before
	ByLabel        Resolution = "label"        // "NAME:", a line with the name, a dash behind
	BySignature    Resolution = "signature"    // whoever signs the article
)

// Kind says how the words are reported.
type Kind string

const (
	Direct   Kind = "direct"   // all content in quotation marks
	Indirect Kind = "indirect" // none of it
	Mixed    Kind = "mixed"    // a reported clause with quoted fragments
	Block    Kind = "block"    // set off after "X wrote:", without marks
)

// Kinds are all kinds, in the order in which they are listed to users.
func Kinds() []Kind { return []Kind{Direct, Indirect, Mixed, Block} }

// SpeakerType says in which capacity somebody speaks.
type SpeakerType string

const (
	Analyst     SpeakerType = "analyst"     // strategist, economist, portfolio manager, adviser
	Official    SpeakerType = "official"    // central bank, government
	Executive   SpeakerType = "executive"   // of an operating company, on it
	Institution SpeakerType = "institution" // a firm with no person named
	Other       SpeakerType = "other"       // reporter, politician out of office, …
)

// SpeakerTypes are all types, in the order in which they are listed to users.
func SpeakerTypes() []SpeakerType {
	return []SpeakerType{Analyst, Official, Executive, Institution, Other}
}
