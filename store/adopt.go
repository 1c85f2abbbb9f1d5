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
func adoptPeople(ctx context.Context, db *sql.DB, say func(format string, args ...any)) error {
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
	say("finding out who is who in it")
	if err := rekey(ctx, tx); err != nil {
		return fmt.Errorf("name firms and outlets anew: %w", err)
	}
	if err := adopt(ctx, tx); err != nil {
		return fmt.Errorf("gather what is known of people: %w", err)
	}
	return tx.Commit()
}

func adopt(ctx context.Context, tx *sql.Tx) error {
	counts, owners, err := heardNames(ctx, tx)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for a := range owners {
		keys[a.key] = true
	}
	for a, person := range owners {
		if err := addAlias(ctx, tx, a.heardName, a.spelling, person); err != nil {
			return err
		}
	}
	changed := newChangedNames() // all of it is settled below
	if err := saveSightings(ctx, tx, newNameMemory(), counts, &changed); err != nil {
		return err
	}
	if err := adoptFirms(ctx, tx); err != nil {
		return err
	}
	m, err := settle(ctx, tx, newNameMemory(), slices.Sorted(maps.Keys(keys)))
	if err != nil {
		return err
	}
	if err := prunePeople(ctx, tx, m.people); err != nil {
		return err
	}
	return refold(ctx, tx, m.quotes)
}

// heardNames reads from all quotes which names were heard of, and whose they are.
func heardNames(ctx context.Context, q querier) (seen, map[spelledName]int64, error) {
	counts, owners := newSeen(), map[spelledName]int64{}
	rows, err := q.QueryContext(ctx, `SELECT seq >> ?1 << ?1, speaker, firm, speaker_type, coalesce(model_subject, subject), person_id, role, count(*)
		FROM quotes WHERE person_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7`, seqBits)
	if err != nil {
		return counts, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var quote tenor.Quote
		var seq, person int64
		var n int
		if err := rows.Scan(&seq, &quote.Speaker, &quote.Firm, &quote.SpeakerType, &quote.Subject, &person, &quote.Role, &n); err != nil {
			return counts, nil, err
		}
		if name, ok := nameOf(&quote); ok {
			counts.add(&quote, seq, n)
			owners[spelledName{name, quote.Speaker}] = person
		}
	}
	return counts, owners, rows.Err()
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
		if _, err := tx.ExecContext(ctx, `UPDATE firms SET root = ? WHERE id = ?`, tenor.FirmRoot(tenor.FirmKey(f.name)), f.id); err != nil {
			return err
		}
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

// adoptFirms gathers what articles say of firms and outlets, and settles both.
func adoptFirms(ctx context.Context, tx *sql.Tx) error {
	_, err := eachTies(ctx, tx, func(article int64, ties []tenor.Tie) error {
		for _, t := range ties {
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO firm_ties (article_id, a, b, against) VALUES (?, ?, ?, ?)`, article, t.A, t.B, t.Against); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	outlets, err := outletsRead(ctx, tx)
	if err != nil {
		return err
	}
	for o := range outlets {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO outlets (key, host) VALUES (?, ?)`, o.Key, o.Host); err != nil {
			return err
		}
	}
	return settleAll(ctx, tx)
}

// settleAll settles all firms and outlets.
func settleAll(ctx context.Context, tx *sql.Tx) error {
	for _, j := range []*joiner{&firmJoiner, &outletJoiner} {
		keys, err := j.joinable(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := j.settle(ctx, tx, keys); err != nil {
			return err
		}
	}
	return nil
}

// joinable are the keys that may be joined: most have no fellow.
func (j *joiner) joinable(ctx context.Context, q querier) ([]string, error) {
	query := `SELECT DISTINCT key FROM outlets WHERE host IN (SELECT host FROM outlets WHERE host <> '' GROUP BY host HAVING count(*) > 1)`
	if j.kind == tenor.KindFirm {
		query = `SELECT key FROM firms WHERE root IN (SELECT root FROM firms GROUP BY root HAVING count(*) > 1)`
	}
	rows, err := q.QueryContext(ctx, query+` OR key IN (SELECT key FROM joined_fixed WHERE kind = ?1) OR key IN (SELECT key FROM joined WHERE kind = ?1)`, j.kind)
	return collect(rows, err, scanText)
}

// eachTies yields what each article says of its speakers' firms, as it is stored, and gives
// the articles whose text cannot be read.
func eachTies(ctx context.Context, q querier, yield func(article int64, ties []tenor.Tie) error) (unread map[int64]bool, err error) {
	type heardAt struct {
		article int64
		tenor.Quote
	}
	unread = map[int64]bool{}
	var last int64
	for {
		rows, err := q.QueryContext(ctx, `SELECT id, text, packed FROM articles a
			WHERE id > ? AND EXISTS (SELECT 1 FROM quotes WHERE article_id = a.id AND firm <> '') ORDER BY id LIMIT 500`, last)
		type stored struct {
			id   int64
			text string
		}
		articles, err := collect(rows, err, func(r *sql.Rows, a *stored) error {
			var packed []byte
			err := r.Scan(&a.id, &a.text, &packed)
			if err == nil {
				var bad error
				a.text, bad = unpackText(a.text, packed)
				unread[a.id] = bad != nil
			}
			return err
		})
		if err != nil || len(articles) == 0 {
			return unread, err
		}
		first := articles[0].id
		last = articles[len(articles)-1].id
		rows, err = q.QueryContext(ctx, `SELECT article_id, speaker, speaker_type, firm, spans FROM quotes
			WHERE article_id BETWEEN ? AND ? AND firm <> '' ORDER BY article_id, seq`, first, last)
		quotes, err := collect(rows, err, func(r *sql.Rows, h *heardAt) error {
			var spans string
			if err := r.Scan(&h.article, &h.Speaker, &h.SpeakerType, &h.Firm, &spans); err != nil {
				return err
			}
			return decodePlaces(&h.Quote, spans, "[]")
		})
		if err != nil {
			return nil, err
		}
		for _, a := range articles {
			var list []tenor.Quote
			for len(quotes) > 0 && quotes[0].article <= a.id {
				list, quotes = append(list, quotes[0].Quote), quotes[1:]
			}
			if ties := tenor.FirmTies(a.text, list); len(ties) > 0 && !unread[a.id] {
				if err := yield(a.id, ties); err != nil {
					return nil, err
				}
			}
		}
	}
}

// outletsRead are the outlets of all articles with their hosts.
func outletsRead(ctx context.Context, q querier) (map[tenor.OutletAt]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT outlet_key, url FROM articles WHERE outlet_key <> ''`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seen := map[tenor.OutletAt]bool{}
	for rows.Next() {
		var key, url string
		if err := rows.Scan(&key, &url); err != nil {
			return nil, err
		}
		seen[tenor.OutletAt{Key: key, Host: tenor.HostOf(url)}] = true
	}
	return seen, rows.Err()
}
