package tenor

import "cmp"

// Vote is what the consensus compares of a quote, in numbers: a series over a million
// quotes is made from these, without a word read. Numbers are those of a Ballot.
type Vote struct {
	Place   uint32 // by which Ballot.Record finds the quote
	Day     int32  // of publication, a Day
	Voice   uint32
	Article uint32
	Cluster uint64
	// Start and End are bytes of the article's text: of the first span, of the last.
	Start, End uint32
	// Firm is the number of the firm's key (Filter.Houses), or for an institution of that of
	// its own name, from 1; 0 where the article gives none.
	Firm  uint32
	Label uint16 // in Ballot.Labels
}

// VoteLabel is what votes with the same labels share.
type VoteLabel struct {
	SpeakerType SpeakerType
	Stance      Stance
	Claim       Claim
	Horizon     Horizon
	LabelSource LabelSource
	Translation Translation
}

// Ballot is all that a series is counted from. Voices and articles are numbered from 0,
// and few numbers are left out, for lists of them are made. It is used once: Votes and
// Labels may be used again when Series has returned.
type Ballot struct {
	Votes    []Vote // in any order; those of speakers who never count are left out
	Labels   []VoteLabel
	Voices   int // above all numbers of voices
	Articles int // likewise
	Undated  int // quotes that would have counted but have no day

	ArticleKey func(article uint32) string
	Negated    func(place uint32) bool // Negated of the quote's words
	// Record is the quote, for views, and for whatever numbers do not decide.
	Record func(place uint32) *Record
}

// newBallot numbers what records say. Houses are those of the filter.
func newBallot(records []*Record, houses map[string]string) *Ballot {
	b := &Ballot{Votes: make([]Vote, 0, len(records))}
	var voices, articles, clusters, firms numbers
	labels := map[VoteLabel]uint16{}
	for i, r := range records {
		day, _ := r.Published.Day(Market)
		v := Vote{Place: uint32(i), Day: int32(day), Voice: voices.of(r.voice()), Article: articles.of(r.ArticleKey), Cluster: uint64(clusters.of(r.Cluster))}
		if n := len(r.Spans); n > 0 {
			v.Start, v.End = uint32(r.Spans[0].Start()), uint32(r.Spans[n-1].End())
		}
		l := VoteLabel{r.SpeakerType, r.Stance, r.Claim, r.Horizon, r.LabelSource, r.Translation}
		n, ok := labels[l]
		if !ok {
			n = uint16(len(b.Labels))
			b.Labels, labels[l] = append(b.Labels, l), n
		}
		v.Label = n
		if name := FirmOf(r.SpeakerType, r.Speaker, r.Firm); name != "" {
			key := FirmKey(name)
			v.Firm = 1 + firms.of(cmp.Or(houses[key], key))
		}
		b.Votes = append(b.Votes, v)
	}
	b.Voices, b.Articles = len(voices.list), len(articles.list)
	b.ArticleKey = func(n uint32) string { return articles.list[n] }
	b.Record = func(place uint32) *Record { return records[place] }
	b.Negated = func(place uint32) bool { return Negated(records[place].Text()) }
	return b
}

// FirmOf is the name of the firm that somebody speaks for, the institution's own where it
// speaks for itself; empty where there is none.
func FirmOf(as SpeakerType, speaker, firm string) string {
	if as == Institution {
		return speaker
	}
	return firm
}

// numbers gives strings numbers from 0.
type numbers struct {
	list []string
	at   map[string]uint32
}

func (n *numbers) of(s string) uint32 {
	i, ok := n.at[s]
	if !ok {
		if n.at == nil {
			n.at = map[string]uint32{}
		}
		i = uint32(len(n.list))
		n.list, n.at[s] = append(n.list, s), i
	}
	return i
}
