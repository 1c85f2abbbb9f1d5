package store

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"tenor"
)

// ballotBox gathers from columns the votes of a series.
type ballotBox struct {
	c       *columns
	counts  []bool   // of labels: whether who speaks counts
	places  []uint32 // the latest first
	voices  []uint32 // of places
	heard   []int32  // of each voice, how many places
	others  map[string]uint32
	houses  map[uint32]uint32 // firms that are counted under another, by their numbers
	undated int
}

// newBallotBox is an empty one. Voices have the numbers of people; behind those come
// voices that are no person's.
func newBallotBox(c *columns, f tenor.Filter) *ballotBox {
	return &ballotBox{
		c: c, heard: make([]int32, len(c.people)), others: map[string]uint32{}, houses: c.houses(f.Houses),
		counts: mark(c.labels, func(l *labelRow) bool {
			as := tenor.SpeakerType(l.speakerType)
			return as == tenor.Analyst || as == tenor.Institution && slices.Contains(f.SpeakerTypes, as)
		}),
	}
}

// houses are the numbers of firms that are counted under another's.
func (c *columns) houses(joined map[string]string) map[uint32]uint32 {
	if len(joined) == 0 {
		return nil
	}
	numbers := make(map[string]uint32, len(c.firmNames))
	for n, key := range c.firmNames {
		numbers[string(key)] = uint32(n)
	}
	houses := make(map[uint32]uint32, len(joined))
	for key, main := range joined {
		n, known := numbers[key]
		if !known {
			continue
		}
		to, known := numbers[main]
		if !known { // none of its own names is in the columns
			to = uint32(len(numbers))
			numbers[main] = to
		}
		houses[n] = to
	}
	return houses
}

// add takes a row, if it counts. Rows come the latest first.
func (b *ballotBox) add(one *chunk, i int, place uint32) bool {
	if !b.counts[one.label[i]] {
		return true
	}
	voice := one.person[i]
	if voice == 0 {
		key := b.c.record(place).VoiceKey()
		if key == "" {
			return true
		}
		n, known := b.others[key]
		if !known {
			n = uint32(len(b.heard))
			b.others[key], b.heard = n, append(b.heard, 0)
		}
		voice = n
	}
	if one.seq[i] < firstSeq {
		b.undated++
		return true
	}
	b.heard[voice]++
	b.places, b.voices = append(b.places, place), append(b.voices, voice)
	return true
}

// ballot is what the consensus counts: the votes by voice, each voice's by day. Negated
// says of a quote's words what tenor.Negated does.
func (b *ballotBox) ballot(negated func(q quoteRow) bool) *tenor.Ballot {
	c := b.c
	ballot := &tenor.Ballot{
		Votes: make([]tenor.Vote, len(b.places)), Voices: len(b.heard), Articles: len(c.articles), Undated: b.undated,
		ArticleKey: func(n uint32) string { return c.articles[n].key },
		Negated:    func(place uint32) bool { return negated(c.row(place)) },
		Record:     c.record,
	}
	end := int32(0)
	for i, n := range b.heard {
		end += n
		b.heard[i] = end
	}
	labels := make([]uint16, len(c.labels)*len(c.origins)) // places in ballot.Labels, from 1
	for i, place := range b.places {
		one, at := c.chunks[place>>placeBits], place&(1<<placeBits-1)
		article := &c.articles[one.article[at]]
		l := &c.labels[one.label[at]]
		label := &labels[int(one.label[at])*len(c.origins)+int(article.origin)]
		if *label == 0 {
			ballot.Labels = append(ballot.Labels, tenor.VoteLabel{
				SpeakerType: tenor.SpeakerType(l.speakerType), Stance: tenor.Stance(l.stance), Claim: tenor.Claim(l.claim),
				Horizon: tenor.Horizon(l.horizon), LabelSource: tenor.LabelSource(l.source),
				Translation: tenor.Translation(c.origins[article.origin].translation),
			})
			*label = uint16(len(ballot.Labels))
		}
		firm := one.firmAs[at]
		if l.speakerType == string(tenor.Institution) {
			firm = one.speaker[at]
		}
		house := c.firmKeys[firm]
		if main, joined := b.houses[house]; joined {
			house = main
		}
		voice := b.voices[i]
		b.heard[voice]--
		ballot.Votes[b.heard[voice]] = tenor.Vote{
			Place: place, Day: article.day, Voice: voice, Article: one.article[at], Cluster: one.cluster[at],
			Start: one.start[at], End: one.end[at], Firm: house, Label: *label - 1,
		}
	}
	return ballot
}

// negations remembers which quotes have an odd number of words like "not". Identifiers
// are of the words, so it holds for good.
type negations struct {
	mu sync.Mutex
	of map[uint64]bool
}

// mostNegations bounds how many are remembered.
const mostNegations = 1 << 18

// ask reads the words of a quote that is not remembered.
func (n *negations) ask(ctx context.Context, tx *sql.Tx, q quoteRow) (bool, error) {
	n.mu.Lock()
	odd, known := n.of[q.id]
	n.mu.Unlock()
	if known {
		return odd, nil
	}
	var text string
	if err := tx.QueryRowContext(ctx, `SELECT text FROM quotes WHERE seq = ?`, q.seq).Scan(&text); err != nil {
		return false, err
	}
	odd = tenor.Negated(text)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil || len(n.of) >= mostNegations {
		n.of = map[uint64]bool{}
	}
	n.of[q.id] = odd
	return odd, nil
}
