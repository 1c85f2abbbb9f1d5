package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tenor"
)

// Copies are the reports of the utterance that a quote reports, itself included,
// rewritten ones too: the one that names the cluster first, the others by day,
// undated ones last; limit at most. There are none of a quote that is not here.
func (s *Store) Copies(ctx context.Context, quoteID string, limit int) ([]tenor.Record, error) {
	chain, err := s.Chain(ctx, quoteID, limit)
	if err != nil {
		return nil, err
	}
	records := make([]tenor.Record, len(chain.Links))
	for i := range chain.Links {
		records[i] = chain.Links[i].Record
	}
	return records, nil
}

// mostBeside bounds the other quotes of a voice that are looked at for what a copy
// leaves out.
const mostBeside = 1000

// Chain is how the utterance that a quote reports went from outlet to outlet, in
// limit reports at most. It has no links for a quote that is not here.
func (s *Store) Chain(ctx context.Context, quoteID string, limit int) (tenor.Chain, error) {
	fail := func(err error) (tenor.Chain, error) {
		return tenor.Chain{}, fmt.Errorf("copies of quote %s: %w", quoteID, err)
	}
	tx, err := s.read.BeginTx(ctx, nil) // one state of the store for both
	if err != nil {
		return fail(err)
	}
	defer tx.Rollback()
	var cluster string
	err = tx.QueryRowContext(ctx, `SELECT cluster_id FROM quotes WHERE id = ?`, quoteID).Scan(&cluster)
	if errors.Is(err, sql.ErrNoRows) {
		return tenor.Chain{}, nil
	} else if err != nil {
		return fail(err)
	}
	reports, err := readRecords(ctx, tx, `WHERE q.seq IN (SELECT seq FROM (`+inCluster+`))
		ORDER BY q.id <> q.cluster_id, q.seq < ?2, q.seq LIMIT ?3`, cluster, firstSeq, limit)
	if err != nil {
		return fail(err)
	}
	if len(reports) > 1 && reports[0].Voice != "" {
		articles := make([]int64, len(reports))
		for i := range reports {
			articles[i] = reports[i].ArticleID
		}
		beside, err := readRecords(ctx, tx, `WHERE q.article_id IN (SELECT value FROM json_each(?))
			AND q.person_id = (SELECT person_id FROM quotes WHERE id = ?) AND q.cluster_id <> ? ORDER BY q.seq LIMIT ?`,
			jsonList(articles), quoteID, cluster, mostBeside)
		if err != nil {
			return fail(err)
		}
		reports = append(reports, beside...)
	}
	return tenor.NewChain(cluster, reports), nil
}
