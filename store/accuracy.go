package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tenor"
)

// SaveAccuracy keeps measurements of the tagger.
func (s *Store) SaveAccuracy(ctx context.Context, list []tenor.Accuracy) error {
	for i := range list {
		if err := list[i].Check(); err != nil {
			return fmt.Errorf("save accuracy: %w", err)
		}
	}
	err := s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, a := range list {
			measures, err := json.Marshal(a.Measures)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO accuracy (set_name, tagger, at, articles, quotes, measures) VALUES (?, ?, ?, ?, ?, ?)`,
				a.Set, a.Tagger, unix(a.At), a.Articles, a.Quotes, string(measures)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save accuracy: %w", err)
	}
	return nil
}

// Accuracy is what was measured last on each set, by name.
func (s *Store) Accuracy(ctx context.Context) ([]tenor.Accuracy, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT set_name, tagger, at, articles, quotes, measures FROM accuracy a
		WHERE id = (SELECT id FROM accuracy n WHERE n.set_name = a.set_name ORDER BY at DESC, id DESC LIMIT 1) ORDER BY set_name`)
	list, err := collect(rows, err, func(r *sql.Rows, a *tenor.Accuracy) error {
		var at int64
		var measures []byte
		if err := r.Scan(&a.Set, &a.Tagger, &at, &a.Articles, &a.Quotes, &measures); err != nil {
			return err
		}
		a.At = instant(at)
		return json.Unmarshal(measures, &a.Measures)
	})
	if err != nil {
		return nil, fmt.Errorf("accuracy: %w", err)
	}
	return list, nil
}

// Judged is how often people changed what the tagger said, by field, in the order of
// tenor.CorrectionFields. What is undone does not count. Of quotes that are gone nobody
// knows what the tagger said.
func (s *Store) Judged(ctx context.Context) ([]tenor.Judged, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT l.field, count(*), sum(l.value <> CASE l.field
				WHEN 'stance' THEN q.model_stance WHEN 'claim' THEN q.model_claim WHEN 'horizon' THEN q.model_horizon
				WHEN 'subject' THEN q.model_subject WHEN 'themes' THEN q.model_themes
				WHEN 'speaker' THEN coalesce(q.model_speaker, q.speaker) WHEN 'speaker_type' THEN coalesce(q.model_speaker_type, q.speaker_type)
				WHEN 'firm' THEN coalesce(q.model_firm, q.firm) END)
			FROM labels_standing l JOIN quotes q ON q.id = l.quote_id GROUP BY l.field
		UNION ALL SELECT 'quote', count(DISTINCT quote_id), count(DISTINCT iif(field = 'quote', quote_id, NULL))
			FROM labels_standing l WHERE EXISTS (SELECT 1 FROM quotes WHERE id = l.quote_id) OR EXISTS (SELECT 1 FROM removed_quotes WHERE id = l.quote_id)`)
	found, err := collect(rows, err, func(r *sql.Rows, j *tenor.Judged) error { return r.Scan(&j.Field, &j.Quotes, &j.Changed) })
	if err != nil {
		return nil, fmt.Errorf("judged: %w", err)
	}
	var list []tenor.Judged
	for _, field := range tenor.CorrectionFields() {
		for _, j := range found {
			if j.Field == field && j.Quotes > 0 {
				list = append(list, j)
			}
		}
	}
	return list, nil
}
