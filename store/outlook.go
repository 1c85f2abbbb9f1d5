package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// Outlook is what the voices that a filter chooses think of each subject over time, side by
// side. Its views' quotes may have what is compared and nothing else: Fill reads the rest.
func (s *Store) Outlook(ctx context.Context, f tenor.Filter) (tenor.Outlook, error) {
	o, err := s.outlook(ctx, ofVoices(f))
	if err != nil {
		return tenor.Outlook{}, fmt.Errorf("outlook: %w", err)
	}
	return o, nil
}

func (s *Store) outlook(ctx context.Context, f tenor.Filter) (o tenor.Outlook, err error) {
	today := tenor.DayOf(s.now().In(tenor.Market))
	tx, c, err := s.begin(ctx)
	if err != nil {
		return o, err
	}
	defer tx.Rollback()
	if c == nil {
		records, err := readVoices(ctx, tx, f)
		return tenor.NewOutlook(records, today), err
	}
	p, err := pickQuotes(ctx, tx, c, f)
	if err != nil {
		return o, err
	}
	boxes := map[tenor.Subject]*ballotBox{}
	of := make([]*ballotBox, len(c.labels))
	if err := c.each(ctx, tx, &p, func(one *chunk, i int, place uint32) bool {
		label := one.label[i]
		if of[label] == nil {
			subject := tenor.Subject(c.labels[label].subject)
			if boxes[subject] == nil {
				boxes[subject] = newBallotBox(c, tenor.Filter{SpeakerTypes: tenor.SpeakerTypes()})
			}
			of[label] = boxes[subject]
		}
		return of[label].add(one, i, place)
	}); err != nil {
		return o, err
	}
	var failed error
	ballots := map[tenor.Subject]*tenor.Ballot{}
	for subject, box := range boxes {
		ballots[subject] = box.ballot(func(q quoteRow) bool {
			odd, err := s.resident.negations.ask(ctx, tx, q)
			failed = cmp.Or(failed, err)
			return odd
		})
	}
	o = tenor.OutlookOf(ballots, today)
	return o, failed
}

// Words are the words of quotes, by identifier; of those that are not here there are none.
func (s *Store) Words(ctx context.Context, ids []string) (map[string]string, error) {
	words := make(map[string]string, len(ids))
	tx, err := s.read.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback()
		err = many(ctx, tx, `SELECT concat(id, ' ', octet_length(text), ' ', text) AS one FROM quotes WHERE id IN (SELECT value FROM json_each(?))`,
			[]any{jsonList(ids)}, func(p *packed) {
				id := p.word()
				words[id] = p.text(p.number())
			})
	}
	if err != nil {
		return nil, fmt.Errorf("read the words of quotes: %w", err)
	}
	return words, nil
}

// Reach is how many outlets carried each of the utterances of these clusters.
func (s *Store) Reach(ctx context.Context, clusters []string) (map[string]int, error) {
	if len(clusters) == 0 {
		return nil, nil
	}
	type carried struct {
		cluster string
		outlets int
	}
	rows, err := s.read.QueryContext(ctx, `SELECT c, count(DISTINCT outlet) FROM (
			SELECT q.cluster_id AS c, iif(a.outlet_key = '', a.key, a.outlet_key) AS outlet FROM quotes q JOIN articles a ON a.id = q.article_id
				WHERE q.id IN (SELECT value FROM json_each(?1))
			UNION ALL SELECT q.copy_of, iif(a.outlet_key = '', a.key, a.outlet_key) FROM quotes q INDEXED BY quotes_by_cluster JOIN articles a ON a.id = q.article_id
				WHERE q.copy_of IN (SELECT value FROM json_each(?1)))
		GROUP BY c`, jsonList(clusters))
	list, err := collect(rows, err, func(r *sql.Rows, c *carried) error { return r.Scan(&c.cluster, &c.outlets) })
	if err != nil {
		return nil, fmt.Errorf("reach: %w", err)
	}
	reach := make(map[string]int, len(list))
	for _, c := range list {
		reach[c.cluster] = c.outlets
	}
	return reach, nil
}
