package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tenor"
)

const correctionColumns = `act, quote_id, field, value, was, who, why, at, undone_by, coalesce(undone_at, 0)`

func scanCorrection(r *sql.Rows, c *tenor.Correction) error {
	var at, undone int64
	err := r.Scan(&c.Act, &c.QuoteID, &c.Field, &c.Value, &c.Was, &c.Who, &c.Why, &at, &c.UndoneBy, &undone)
	c.At, c.UndoneAt = instant(at), instant(undone)
	return err
}

// Corrections are all that people said of a quote, the latest first, what was undone
// included.
func (s *Store) Corrections(ctx context.Context, quoteID string) ([]tenor.Correction, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+correctionColumns+` FROM labels WHERE quote_id = ? ORDER BY at DESC, id DESC`, quoteID)
	list, err := collect(rows, err, scanCorrection)
	if err != nil {
		return nil, fmt.Errorf("corrections of quote %s: %w", quoteID, err)
	}
	return list, nil
}

// LatestCorrections are the latest that stand, at most limit of them; with removed, only
// those that say that a quote is none.
func (s *Store) LatestCorrections(ctx context.Context, removed bool, limit int) ([]tenor.Correction, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+correctionColumns+` FROM labels
		WHERE undone_at IS NULL AND (field = 'quote' OR NOT ?) ORDER BY at DESC, id DESC LIMIT ?`, removed, limit)
	list, err := collect(rows, err, scanCorrection)
	if err != nil {
		return nil, fmt.Errorf("corrections: %w", err)
	}
	return list, nil
}

// Removed is the quote of this identifier that a person said is none, as its tagger gave
// it, or tenor.ErrNotFound.
func (s *Store) Removed(ctx context.Context, quoteID string) (tenor.Record, error) {
	list, err := readRemoved(ctx, s.read, `WHERE id = ?`, quoteID)
	if err == nil && len(list) == 0 {
		err = tenor.ErrNotFound
	}
	if err != nil {
		return tenor.Record{}, fmt.Errorf("quote %s: %w", quoteID, err)
	}
	r := &list[0].Record
	r.LabelSource = tenor.LabelHuman
	return *r, nil
}

// ImportCorrections adds what people said in another store, with its names and times, and
// says how many were new. Of quotes that are not here it takes none: they are unknown.
func (s *Store) ImportCorrections(ctx context.Context, list []tenor.Correction) (added, unknown int, err error) {
	for i := range list {
		c := &list[i]
		if err := errors.Join(c.Check(), tenor.CheckSigned(c.Who, c.Why)); err != nil {
			return 0, 0, fmt.Errorf("correction of quote %s: %w", c.QuoteID, err)
		}
	}
	err = s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
		added, unknown = 0, 0
		fields := map[string][]string{}
		for i := range list {
			c := &list[i]
			var here, known bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM quotes WHERE id = ?1 UNION ALL SELECT 1 FROM removed_quotes WHERE id = ?1),
				EXISTS (SELECT 1 FROM labels WHERE quote_id = ?1 AND field = ?2 AND value = ?3 AND who = ?4 AND at = ?5)`,
				c.QuoteID, c.Field, c.Value, c.Who, unix(c.At)).Scan(&here, &known); err != nil {
				return err
			}
			switch {
			case !here:
				unknown++
				continue
			case known:
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO labels (act, quote_id, field, value, was, who, why, at)
				SELECT 1 + coalesce(max(id), 0), ?, ?, ?, ?, ?, ?, ? FROM labels`,
				c.QuoteID, c.Field, c.Value, c.Was, c.Who, c.Why, unix(c.At)); err != nil {
				return err
			}
			added++
			fields[c.QuoteID] = append(fields[c.QuoteID], c.Field)
		}
		for id, changed := range fields {
			if err := s.settle(ctx, tx, id, changed); err != nil {
				return fmt.Errorf("quote %s: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("import corrections: %w", err)
	}
	return added, unknown, nil
}

// LabelledArticles are the articles in which a person judged a quote, by their numbers.
func (s *Store) LabelledArticles(ctx context.Context) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `WITH judged AS (SELECT DISTINCT quote_id FROM labels WHERE undone_at IS NULL)
		SELECT article_id FROM quotes WHERE id IN (SELECT quote_id FROM judged)
		UNION SELECT article_id FROM removed_quotes WHERE id IN (SELECT quote_id FROM judged) ORDER BY 1`)
	list, err := collect(rows, err, func(r *sql.Rows, id *int64) error { return r.Scan(id) })
	if err != nil {
		return nil, fmt.Errorf("labelled articles: %w", err)
	}
	return list, nil
}

// RemovedFrom are the quotes of an article that people said are none, as its tagger gave
// them.
func (s *Store) RemovedFrom(ctx context.Context, articleID int64) ([]tenor.Record, error) {
	list, err := readRemoved(ctx, s.read, `WHERE article_id = ?`, articleID)
	if err != nil {
		return nil, fmt.Errorf("removed quotes of article %d: %w", articleID, err)
	}
	records := make([]tenor.Record, len(list))
	for i := range list {
		records[i] = list[i].Record
	}
	return records, nil
}
