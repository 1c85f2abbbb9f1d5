package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

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

// Bounds of a review: what it looks at, and what it lists.
const (
	reviewLatest = 20_000
	reviewItems  = 500
)

// reviewDoubt is from which doubt on a quote is looked at.
const reviewDoubt = 0.2

// Review finds the doubtful ones among the latest quotes that have a day and count, by what a mistake would
// do to the consensus. Doubt is how likely the tagger thinks it is that stance or speaker
// are wrong; a view stands until its voice speaks again, and for the window at most. Those
// that stand today come first, each group by doubt times days. Of copies the first report
// is judged, which then speaks for all. One pass over a bounded number of rows.
func (s *Store) Review(ctx context.Context) (tenor.Review, error) {
	v := tenor.Review{Latest: reviewLatest}
	today := int64(tenor.DayOf(s.now().In(tenor.Market)) - firstDay)
	rows, err := s.read.QueryContext(ctx, `WITH latest AS (
			SELECT seq, id, cluster_id, person_id, label_source, speaker_type,
				1 - confidence * iif(attribution > 0, attribution, 1) AS doubt
			FROM quotes WHERE seq >= ?2 ORDER BY seq DESC LIMIT ?3),
		spans AS MATERIALIZED (SELECT seq, id, label_source, doubt, seq >> ?1 AS day, min((seq >> ?1) + ?4,
				coalesce((SELECT min(n.seq) >> ?1 FROM quotes n INDEXED BY quotes_by_person
					WHERE n.person_id = latest.person_id AND n.seq >= ((latest.seq >> ?1) + 1) << ?1), (seq >> ?1) + ?4)) AS until
			FROM latest WHERE person_id IS NOT NULL AND speaker_type = 'analyst' AND id = cluster_id
				AND (doubt >= ?6 OR label_source = 'human'))
		SELECT id, doubt, until - day, day <= ?5 AND until > ?5, label_source,
			count(*) FILTER (WHERE label_source = 'model') OVER (), count(*) FILTER (WHERE label_source = 'human') OVER ()
		FROM spans ORDER BY label_source = 'human', day <= ?5 AND until > ?5 DESC, doubt * (until - day) DESC, seq DESC LIMIT ?7`,
		seqBits, firstSeq, reviewLatest, tenor.DefaultWindow, today, reviewDoubt, reviewItems)
	type line struct {
		tenor.ReviewItem
		by           tenor.LabelSource
		left, judged int
	}
	list, err := collect(rows, err, func(r *sql.Rows, l *line) error {
		return r.Scan(&l.QuoteID, &l.Doubt, &l.Days, &l.Standing, &l.by, &l.left, &l.judged)
	})
	if err != nil {
		return v, fmt.Errorf("review: %w", err)
	}
	for _, l := range list {
		v.Left, v.Judged = l.left, l.judged
		if l.by == tenor.LabelModel {
			l.Doubt = math.Round(l.Doubt*1e4) / 1e4
			v.Items = append(v.Items, l.ReviewItem)
		}
	}
	return v, nil
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
