package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// Bounds of a review: what it looks at, and what it lists.
const (
	reviewLatest = 20_000
	reviewItems  = 500
)

// reviewDoubt is from which doubt on a quote is looked at.
const reviewDoubt = 0.2

// doubtful is a quote as a review weighs it.
type doubtful struct {
	tenor.ReviewItem
	judged bool // by a person
	seq    int64
}

// Review finds the doubtful ones among the latest quotes that have a day and count, by what a mistake would
// do to the consensus. Doubt is how likely the tagger thinks it is that stance or speaker
// are wrong; a view stands until its voice speaks again, and for the window at most. Those
// that stand today come first, each group by doubt times days. Of copies the first report
// is judged, which then speaks for all. One pass over a bounded number of rows.
func (s *Store) Review(ctx context.Context) (tenor.Review, error) {
	v := tenor.Review{Latest: reviewLatest}
	list, err := s.doubtful(ctx)
	if err != nil {
		return v, fmt.Errorf("review: %w", err)
	}
	slices.SortFunc(list, func(a, b doubtful) int {
		if a.Standing != b.Standing {
			return cmp.Compare(strconv.FormatBool(b.Standing), strconv.FormatBool(a.Standing))
		}
		return cmp.Or(cmp.Compare(b.Doubt*float64(b.Days), a.Doubt*float64(a.Days)), cmp.Compare(b.seq, a.seq))
	})
	for i := range list {
		if list[i].judged {
			v.Judged++
			continue
		}
		if v.Left++; v.Left <= reviewItems {
			item := list[i].ReviewItem
			item.Doubt = math.Round(item.Doubt*1e4) / 1e4
			v.Items = append(v.Items, item)
		}
	}
	return v, nil
}

// doubtful are the quotes to weigh. They are read latest first, so that it is known of each
// when its voice spoke next.
func (s *Store) doubtful(ctx context.Context) (list []doubtful, err error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	today := int64(tenor.DayOf(s.now().In(tenor.Market)) - firstDay)
	type spoken struct{ day, next int64 } // the earliest day so far on which a voice spoke, and the one after it
	voices := map[int64]spoken{}
	err = many(ctx, tx, `SELECT concat(seq, ' ', id, ' ', id = cluster_id, ' ', coalesce(person_id, 0), ' ', speaker_type, ' ', label_source, ' ',
			confidence, ' ', attribution, ' ') AS one FROM quotes WHERE seq >= ? ORDER BY seq DESC LIMIT ?`,
		[]any{firstSeq, reviewLatest}, func(p *packed) {
			seq, id, first, person := p.number(), p.word(), p.number() == 1, p.number()
			as, by := tenor.SpeakerType(p.word()), tenor.LabelSource(p.word())
			confidence, _ := strconv.ParseFloat(p.word(), 64)
			attribution, _ := strconv.ParseFloat(p.word(), 64)
			if person == 0 {
				return
			}
			day := seq >> seqBits
			voice, heard := voices[person]
			switch {
			case !heard:
				voice = spoken{day, math.MaxInt64}
			case voice.day != day:
				voice = spoken{day, voice.day}
			}
			voices[person] = voice
			if attribution <= 0 {
				attribution = 1
			}
			d := doubtful{judged: by == tenor.LabelHuman, seq: seq}
			d.Doubt = 1 - confidence*attribution
			if as != tenor.Analyst || !first || d.Doubt < reviewDoubt && !d.judged {
				return
			}
			until := min(day+tenor.DefaultWindow, voice.next)
			d.QuoteID, d.Days, d.Standing = strings.Clone(id), int(until-day), day <= today && until > today
			list = append(list, d)
		})
	return list, err
}
