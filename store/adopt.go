package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"tenor"
)

// adoptPeople fills aliases and sightings from the quotes where a store has quotes
// and no alias: it comes from before there were sightings.
func adoptPeople(ctx context.Context, db *sql.DB) error {
	const lacking = `SELECT NOT EXISTS (SELECT 1 FROM aliases) AND EXISTS (SELECT 1 FROM quotes WHERE person_id IS NOT NULL)`
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
