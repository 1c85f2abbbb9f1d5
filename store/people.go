package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"tenor"
)

// personRow is the row of whoever speaks, made where it is new; NULL where the
// article names nobody.
func personRow(ctx context.Context, tx *sql.Tx, q *tenor.Quote) (sql.NullInt64, error) {
	key := q.VoiceKey()
	if strings.TrimSpace(q.Speaker) == "" || key == "" {
		return sql.NullInt64{}, nil
	}
	var id int64
	var known bool // this very spelling
	err := tx.QueryRowContext(ctx, `SELECT person_id, spelling = ?2 FROM aliases WHERE key = ?1
		ORDER BY spelling = ?2 DESC LIMIT 1`, key, q.Speaker).Scan(&id, &known)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		res, err := tx.ExecContext(ctx, `INSERT INTO people (name, institution) VALUES (?, ?)`,
			q.Speaker, q.SpeakerType == tenor.Institution)
		if err != nil {
			return sql.NullInt64{}, err
		}
		if id, err = res.LastInsertId(); err != nil {
			return sql.NullInt64{}, err
		}
	case err != nil:
		return sql.NullInt64{}, err
	case known:
		return sql.NullInt64{Int64: id, Valid: true}, nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO aliases (key, spelling, fold, person_id) VALUES (?, ?, ?, ?)`,
		key, q.Speaker, tenor.FoldText(q.Speaker), id); err != nil {
		return sql.NullInt64{}, err
	}
	return sql.NullInt64{Int64: id, Valid: true}, rename(ctx, tx, "people", id, q.Speaker, fullerName)
}

// firmRow is the row of the speaker's firm, made where it is new; NULL where the
// article gives none. An institution is its own firm.
func firmRow(ctx context.Context, tx *sql.Tx, q *tenor.Quote) (sql.NullInt64, error) {
	name := q.Firm
	if name == "" && q.SpeakerType == tenor.Institution {
		name = q.Speaker
	}
	key := tenor.FirmKey(name)
	if key == "" {
		return sql.NullInt64{}, nil
	}
	var id int64
	var known string
	err := tx.QueryRowContext(ctx, `SELECT id, name FROM firms WHERE key = ?`, key).Scan(&id, &known)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		res, err := tx.ExecContext(ctx, `INSERT INTO firms (key, name) VALUES (?, ?)`, key, name)
		if err != nil {
			return sql.NullInt64{}, err
		}
		id, err = res.LastInsertId()
		return sql.NullInt64{Int64: id, Valid: true}, err
	case err != nil:
		return sql.NullInt64{}, err
	case known != name:
		err = rename(ctx, tx, "firms", id, name, plainerName)
	}
	return sql.NullInt64{Int64: id, Valid: true}, err
}

// rename gives a row of people or firms the name if it is better than its own.
// Better is a total order, so that the name does not depend on which article
// came first.
func rename(ctx context.Context, tx *sql.Tx, table string, id int64, name string, better func(a, b string) bool) error {
	var has string
	if err := tx.QueryRowContext(ctx, `SELECT name FROM `+table+` WHERE id = ?`, id).Scan(&has); err != nil {
		return err
	}
	if !better(name, has) {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE `+table+` SET name = ? WHERE id = ?`, name, id)
	return err
}

// fullerName prefers "Irene B. Tunkel" to "Irene Tunkel", and small letters to
// capitals.
func fullerName(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

// plainerName prefers "Jefferies" to "Jefferies LLC", and small letters to
// capitals.
func plainerName(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a > b
}

// prune drops those of the people and firms of whom no quote is left, of today or past.
func prune(ctx context.Context, tx *sql.Tx, people, firms []int64) error {
	if len(people) > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM people WHERE id IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM quotes WHERE person_id = people.id)
			AND NOT EXISTS (SELECT 1 FROM past_quotes WHERE person_id = people.id)`, jsonList(people)); err != nil {
			return err
		}
	}
	if len(firms) > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM firms WHERE id IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM quotes WHERE firm_id = firms.id)
			AND NOT EXISTS (SELECT 1 FROM past_quotes WHERE firm_id = firms.id)`, jsonList(firms)); err != nil {
			return err
		}
	}
	return nil
}

// jsonList passes a list as one bound parameter, to be unfolded by json_each.
func jsonList[T int64 | string](list []T) string {
	text, _ := json.Marshal(list) // integers and strings always marshal
	return string(text)
}
