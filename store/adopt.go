package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tenor"
)

// adoptPeople fills aliases and sightings from the quotes where a store has articles
// and no alias: it comes from before there were sightings. Firms and outlets get today's
// keys.
func adoptPeople(ctx context.Context, db *sql.DB) error {
	const lacking = `SELECT NOT EXISTS (SELECT 1 FROM aliases) AND EXISTS (SELECT 1 FROM articles)`
	var old bool
	if err := db.QueryRowContext(ctx, lacking).Scan(&old); err != nil || !old {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, lacking).Scan(&old); err != nil || !old {
		return err // another program was faster
	}
	if err := rekey(ctx, tx); err != nil {
		return fmt.Errorf("name firms and outlets anew: %w", err)
	}
	if err := adopt(ctx, tx); err != nil {
		return fmt.Errorf("gather what is known of people: %w", err)
	}
	return tx.Commit()
}

func adopt(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT seq >> ?1 << ?1, speaker, firm, speaker_type, model_subject, person_id, count(*)
		FROM quotes WHERE person_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`, seqBits)
	if err != nil {
		return err
	}
	counts, owners, keys := newSeen(), map[spelledName]int64{}, map[string]bool{}
	err = func() error {
		defer rows.Close()
		for rows.Next() {
			var q tenor.Quote
			var seq, person int64
			var n int
			if err := rows.Scan(&seq, &q.Speaker, &q.Firm, &q.SpeakerType, &q.Subject, &person, &n); err != nil {
				return err
			}
			if name, ok := nameOf(&q); ok {
				counts.add(&q, seq, n)
				owners[spelledName{name, q.Speaker}] = person
				keys[name.key] = true
			}
		}
		return rows.Err()
	}()
	if err != nil {
		return err
	}
	for a, person := range owners {
		if err := addAlias(ctx, tx, a.heardName, a.spelling, person); err != nil {
			return err
		}
	}
	if _, err := saveSightings(ctx, tx, counts); err != nil {
		return err
	}
	m, err := settle(ctx, tx, slices.Sorted(maps.Keys(keys)))
	if err != nil {
		return err
	}
	if err := prune(ctx, tx, m.people, nil); err != nil {
		return err
	}
	return refold(ctx, tx, m.quotes)
}

// rekey gives firms and outlets the keys that their names have today; firms that are
// one by now become one row.
func rekey(ctx context.Context, tx *sql.Tx) error {
	type row struct {
		id        int64
		key, name string
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, key, name FROM firms ORDER BY id`)
	firms, err := collect(rows, err, func(r *sql.Rows, f *row) error { return r.Scan(&f.id, &f.key, &f.name) })
	if err != nil {
		return err
	}
	for _, f := range firms {
		key := tenor.FirmKey(f.name)
		if key == f.key {
			continue
		}
		var main row
		err := tx.QueryRowContext(ctx, `SELECT id, name FROM firms WHERE key = ?`, key).Scan(&main.id, &main.name)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.ExecContext(ctx, `UPDATE firms SET key = ? WHERE id = ?`, key, f.id)
		} else if err == nil {
			for _, table := range []string{"quotes", "past_quotes"} {
				if err == nil {
					_, err = tx.ExecContext(ctx, `UPDATE `+table+` SET firm_id = ? WHERE firm_id = ?`, main.id, f.id)
				}
			}
			if err == nil {
				_, err = tx.ExecContext(ctx, `DELETE FROM firms WHERE id = ?`, f.id)
			}
			if err == nil {
				err = renameFirm(ctx, tx, main.id, f.name, main.name)
			}
		}
		if err != nil {
			return err
		}
	}
	rows, err = tx.QueryContext(ctx, `SELECT DISTINCT outlet_key, outlet FROM articles`)
	outlets, err := collect(rows, err, func(r *sql.Rows, o *row) error { return r.Scan(&o.key, &o.name) })
	if err != nil {
		return err
	}
	for _, o := range outlets {
		if key := tenor.OutletKey(o.name); key != o.key {
			if _, err := tx.ExecContext(ctx, `UPDATE articles SET outlet_key = ? WHERE outlet_key = ? AND outlet = ?`, key, o.key, o.name); err != nil {
				return err
			}
		}
	}
	return nil
}
