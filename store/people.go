package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"tenor"
)

// heardName is a name at a firm: the smallest that is one person's.
type heardName struct {
	key, firm string // tenor's key of the voice; the firm's key, empty: none
}

// nameOf is under which name a quote is told apart; false where nobody is named. An
// institution is its own firm.
func nameOf(q *tenor.Quote) (heardName, bool) {
	n := heardName{q.VoiceKey(), tenor.FirmKey(q.Firm)}
	if n.firm == "" && q.SpeakerType == tenor.Institution {
		n.firm = tenor.FirmKey(q.Speaker)
	}
	return n, n.key != "" && strings.TrimSpace(q.Speaker) != ""
}

// personRow is the row of whoever speaks, made where it is new; NULL where the
// article names nobody. Which names are one person's is settled when all quotes of the
// batch are written (settle).
func (b *batch) personRow(q *tenor.Quote) (sql.NullInt64, error) {
	n, ok := nameOf(q)
	if !ok {
		return sql.NullInt64{}, nil
	}
	as := spelledName{n, q.Speaker}
	if id, ok := b.known.people[as]; ok {
		return sql.NullInt64{Int64: id, Valid: true}, nil
	}
	id, err := b.findPerson(as, q.SpeakerType == tenor.Institution)
	if err == nil {
		b.known.people[as] = id
	}
	return sql.NullInt64{Int64: id, Valid: err == nil}, err
}

func (b *batch) findPerson(n spelledName, institution bool) (id int64, err error) {
	ctx, tx := b.ctx, b.tx
	var known bool // this very spelling
	err = tx.QueryRowContext(ctx, `SELECT person_id, spelling = ?3 FROM aliases WHERE key = ?1 AND firm = ?2
		ORDER BY spelling = ?3 DESC LIMIT 1`, n.key, n.firm, n.spelling).Scan(&id, &known)
	if errors.Is(err, sql.ErrNoRows) {
		b.known.metName(n.heardName)
		id, err = owner(ctx, tx, n.heardName)
	}
	if err != nil || known {
		return id, err
	}
	if id == 0 {
		if id, err = newPerson(ctx, tx, n.spelling, institution); err != nil {
			return 0, err
		}
	}
	if err := addAlias(ctx, tx, n.heardName, n.spelling, id); err != nil {
		return 0, err
	}
	return id, renamePeople(ctx, tx, []int64{id})
}

// owner is the person who has this name at other firms, or 0.
func owner(ctx context.Context, tx *sql.Tx, n heardName) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT person_id FROM people_fixed WHERE key = ? AND firm IN (?, '*')
		ORDER BY firm = '*' LIMIT 1`, n.key, n.firm).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `SELECT person_id FROM aliases a WHERE key = ?
			AND NOT EXISTS (SELECT 1 FROM people_fixed f WHERE f.key = a.key AND f.firm = a.firm) LIMIT 1`, n.key).Scan(&id)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func newPerson(ctx context.Context, tx *sql.Tx, name string, institution bool) (int64, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO people (name, institution) VALUES (?, ?)`, name, institution)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func addAlias(ctx context.Context, tx *sql.Tx, n heardName, spelling string, person int64) error {
	forename, surname := tenor.SplitPersonKey(n.key)
	_, err := tx.ExecContext(ctx, `INSERT INTO aliases (key, firm, spelling, fold, surname, forename, root, person_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		n.key, n.firm, spelling, tenor.FoldText(spelling), surname, forename, tenor.FirmRoot(n.firm), person)
	return err
}

// firmRow is the row of the speaker's firm, made where it is new; NULL where the
// article gives none. An institution is its own firm.
func (b *batch) firmRow(q *tenor.Quote) (sql.NullInt64, error) {
	name := q.Firm
	if name == "" && q.SpeakerType == tenor.Institution {
		name = q.Speaker
	}
	if id, ok := b.known.firms[name]; ok {
		return sql.NullInt64{Int64: id, Valid: true}, nil
	}
	key := tenor.FirmKey(name)
	if key == "" {
		return sql.NullInt64{}, nil
	}
	id, err := findFirm(b.ctx, b.tx, key, name, &b.changed)
	if err == nil {
		b.known.firms[name] = id
	}
	return sql.NullInt64{Int64: id, Valid: err == nil}, err
}

func findFirm(ctx context.Context, tx *sql.Tx, key, name string, changed *changedNames) (id int64, err error) {
	var known string
	err = tx.QueryRowContext(ctx, `SELECT id, name FROM firms WHERE key = ?`, key).Scan(&id, &known)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		root := tenor.FirmRoot(key)
		res, err := tx.ExecContext(ctx, `INSERT INTO firms (key, name, root) VALUES (?, ?, ?)`, key, name, root)
		if err != nil {
			return 0, err
		}
		changed.roots[root] = true
		return res.LastInsertId()
	case err == nil && known != name:
		err = renameFirm(ctx, tx, id, name, known)
	}
	return id, err
}

// renameFirm gives a firm the name if it is plainer than its own.
func renameFirm(ctx context.Context, tx *sql.Tx, id int64, name, has string) error {
	if !plainerName(name, has) {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE firms SET name = ? WHERE id = ?`, name, id)
	return err
}

// renamePeople gives each the name that somebody gave, or else the fullest spelling, so
// that it does not depend on which article came first.
func renamePeople(ctx context.Context, tx *sql.Tx, people []int64) error {
	for _, id := range people {
		var has, given string
		err := tx.QueryRowContext(ctx, `SELECT name, given FROM people WHERE id = ?`, id).Scan(&has, &given)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		name := given
		if name == "" {
			rows, err := tx.QueryContext(ctx, `SELECT DISTINCT spelling FROM aliases WHERE person_id = ?`, id)
			spellings, err := collect(rows, err, func(r *sql.Rows, s *string) error { return r.Scan(s) })
			if err != nil {
				return err
			}
			for _, s := range spellings {
				if name == "" || fullerName(s, name) {
					name = s
				}
			}
		}
		if name == "" || name == has { // nobody is called that any longer
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE people SET name = ? WHERE id = ?`, name, id); err != nil {
			return err
		}
	}
	return nil
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

// prunePeople drops those of the people of whom no quote is left, of today or past.
func prunePeople(ctx context.Context, tx *sql.Tx, people []int64) error {
	if len(people) > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM people WHERE id IN (SELECT value FROM json_each(?))
			AND kept = 0 AND NOT EXISTS (SELECT 1 FROM quotes WHERE person_id = people.id)
			AND NOT EXISTS (SELECT 1 FROM past_quotes WHERE person_id = people.id)`, jsonList(people)); err != nil {
			return err
		}
	}
	return nil
}

// pruneFirms does the same of firms, and notes what may be one or not because of it.
func pruneFirms(ctx context.Context, tx *sql.Tx, firms []int64, changed *changedNames) error {
	if len(firms) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `DELETE FROM firms WHERE id IN (SELECT value FROM json_each(?))
		AND NOT EXISTS (SELECT 1 FROM quotes WHERE firm_id = firms.id)
		AND NOT EXISTS (SELECT 1 FROM past_quotes WHERE firm_id = firms.id) RETURNING key`, jsonList(firms))
	keys, err := collect(rows, err, scanText)
	if err != nil || len(keys) == 0 {
		return err
	}
	for _, key := range keys {
		changed.roots[tenor.FirmRoot(key)] = true
		var main sql.NullString // of other names, where somebody said so
		if err := tx.QueryRowContext(ctx, `SELECT max(main) FROM joined_fixed WHERE kind = 'firm' AND key = ?`, key).Scan(&main); err != nil {
			return err
		}
		changed.roots[tenor.FirmRoot(main.String)] = true
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM joined WHERE kind = 'firm' AND key IN (SELECT value FROM json_each(?))`, jsonList(keys))
	return err
}

// jsonList passes a list as one bound parameter, to be unfolded by json_each.
func jsonList[T ~int64 | string](list []T) string {
	text, _ := json.Marshal(list) // integers and strings always marshal
	return string(text)
}
