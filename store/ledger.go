package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tenor"
)

// Reason says who decides something, and why; the ledger keeps both.
type Reason struct{ Who, Why string }

// maxNote bounds what the ledger keeps of a name or a reason.
const maxNote = 500

// clean is the text on one line.
func clean(name, text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return "", refuse("%s holds characters that are no text", name)
	case len(text) > maxNote:
		return "", refuse("%s is longer than %d bytes", name, maxNote)
	}
	return text, nil
}

// refusal is a sentence for whoever asked; is says what kind of mistake it is.
type refusal struct {
	sentence string
	is       error
}

func (r *refusal) Error() string { return r.sentence }
func (r *refusal) Unwrap() error { return r.is }

func isRefusal(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

func refuse(format string, args ...any) error {
	return &refusal{fmt.Sprintf(format, args...), tenor.ErrUsage}
}

// past is how it was before a decision, as far as the decision changes it.
type past struct {
	Keys  []string         `json:"keys"`  // whose fixed rows are below, all of them
	Fixed []pastName       `json:"fixed"` // rows of people_fixed
	Names []pastName       `json:"names"` // whose each name was
	Given map[int64]string `json:"given"` // names that somebody had given
}

type pastName struct {
	Key    string `json:"key"`
	Firm   string `json:"firm"`
	Person int64  `json:"person"`
}

// remember notes how it is with these keys and people.
func remember(ctx context.Context, tx *sql.Tx, keys []string, people []int64) (p past, err error) {
	p = past{Keys: keys, Given: map[int64]string{}}
	scan := func(r *sql.Rows, n *pastName) error { return r.Scan(&n.Key, &n.Firm, &n.Person) }
	rows, err := tx.QueryContext(ctx, `SELECT key, firm, person_id FROM people_fixed
		WHERE key IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`, jsonList(keys))
	if p.Fixed, err = collect(rows, err, scan); err != nil {
		return p, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT DISTINCT key, firm, person_id FROM aliases
		WHERE key IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`, jsonList(keys))
	if p.Names, err = collect(rows, err, scan); err != nil {
		return p, err
	}
	for _, id := range people {
		var given string
		if err := tx.QueryRowContext(ctx, `SELECT given FROM people WHERE id = ?`, id).Scan(&given); err != nil {
			return p, err
		}
		p.Given[id] = given
	}
	return p, nil
}

// enter writes a decision into the ledger, and keeps its people for as long as it
// names them.
func (s *Store) enter(ctx context.Context, tx *sql.Tx, action, what string, why Reason, people []int64, before past) (int64, error) {
	text, err := json.Marshal(before)
	if err != nil {
		return 0, err
	}
	if err := keep(ctx, tx, people); err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO people_ledger (at, who, why, action, what, people, before) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		unix(s.now()), why.Who, why.Why, action, what, jsonList(people), string(text))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// amend adds to an entry the names that moved of themselves because of it: an initial
// that might have been two people's until these were one.
func amend(ctx context.Context, tx *sql.Tx, id int64, follows moves) error {
	if len(follows.names) == 0 {
		return nil
	}
	list, err := entries(ctx, tx, `WHERE id = ?`, id)
	if err != nil {
		return err
	}
	e := list[0]
	for _, n := range follows.names {
		if !slices.ContainsFunc(e.before.Names, func(p pastName) bool { return p.Key == n.key && p.Firm == n.firm }) {
			e.before.Names = append(e.before.Names, pastName{n.key, n.firm, n.person})
		}
	}
	e.people = append(e.people, follows.people...)
	slices.Sort(e.people)
	e.people = slices.Compact(e.people)
	before, err := json.Marshal(e.before)
	if err != nil {
		return err
	}
	if err := keep(ctx, tx, e.people); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE people_ledger SET people = ?, before = ? WHERE id = ?`, jsonList(e.people), string(before), id)
	return err
}

// keep keeps people when they have no quote.
func keep(ctx context.Context, tx *sql.Tx, people []int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE people SET kept = 1 WHERE id IN (SELECT value FROM json_each(?))`, jsonList(people))
	return err
}

// entry is a decision as the ledger has it.
type entry struct {
	tenor.Decision
	people []int64
	before past
}

// entries reads the ledger, newest first, as far as a clause chooses.
func entries(ctx context.Context, q querier, clause string, args ...any) ([]entry, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, at, who, why, action, what, coalesce(undone, 0), people, before FROM people_ledger l `+clause, args...)
	return collect(rows, err, func(r *sql.Rows, e *entry) error {
		var at int64
		var people, before []byte
		if err := r.Scan(&e.ID, &at, &e.Who, &e.Why, &e.Action, &e.What, &e.Undone, &people, &before); err != nil {
			return err
		}
		e.At = instant(at)
		if err := json.Unmarshal(people, &e.people); err != nil {
			return fmt.Errorf("ledger entry %d: %w", e.ID, err)
		}
		if err := json.Unmarshal(before, &e.before); err != nil {
			return fmt.Errorf("ledger entry %d: %w", e.ID, err)
		}
		return nil
	})
}

// PeopleLog is what was decided of people, newest first; limit 0 means all.
func (s *Store) PeopleLog(ctx context.Context, limit int) ([]tenor.Decision, error) {
	if limit <= 0 {
		limit = -1
	}
	list, err := entries(ctx, s.read, `ORDER BY id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return decisions(list), nil
}

func decisions(list []entry) []tenor.Decision {
	var all []tenor.Decision
	for _, e := range list {
		all = append(all, e.Decision)
	}
	return all
}
