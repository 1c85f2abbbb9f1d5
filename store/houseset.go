package store

import (
	"context"
	"database/sql"
	"slices"

	"tenor"
)

// set writes fixed rows for keys and names for mains, settles what follows, and gives the
// people's names that moved, with whose they were. back are names that go to somebody.
func (j *joiner) set(ctx context.Context, tx *sql.Tx, keys []string, fixed map[string]string, mains []string, named map[string]string, back []pastName) ([]pastName, error) {
	near, _, err := j.together(ctx, tx, keys) // as it was: what was tied to them is looked at again
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if _, err := tx.ExecContext(ctx, `DELETE FROM joined_fixed WHERE kind = ? AND key = ?`, j.kind, key); err != nil {
			return nil, err
		}
		if main, ok := fixed[key]; ok {
			if _, err := tx.ExecContext(ctx, `INSERT INTO joined_fixed (kind, key, main) VALUES (?, ?, ?)`, j.kind, key, main); err != nil {
				return nil, err
			}
		}
	}
	for _, main := range mains {
		if _, err := tx.ExecContext(ctx, `DELETE FROM joined_named WHERE kind = ? AND main = ?`, j.kind, main); err != nil {
			return nil, err
		}
		if name, ok := named[main]; ok {
			if _, err := tx.ExecContext(ctx, `INSERT INTO joined_named (kind, main, name, key) VALUES (?, ?, ?, ?)`, j.kind, main, name, j.key(name)); err != nil {
				return nil, err
			}
		}
	}
	changed, err := j.settle(ctx, tx, append(near, keys...))
	if err != nil || j.kind != tenor.KindFirm {
		return nil, err
	}
	names, err := namesAtFirms(ctx, tx, changed)
	if err != nil {
		return nil, err
	}
	return reassign(ctx, tx, back, names)
}

// reassign gives names back to people, settles these and others with all that may be the
// same people's, and gives what moved, with whose it was. Those people are kept.
func reassign(ctx context.Context, tx *sql.Tx, back []pastName, keys []string) ([]pastName, error) {
	whose := map[heardName]int64{}
	for _, n := range back {
		whose[heardName{n.Key, n.Firm}] = n.Person
		keys = append(keys, n.Key)
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key, firm, person_id FROM aliases WHERE key IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`, jsonList(keys))
	now, err := collect(rows, err, scanOwned)
	if err != nil {
		return nil, err
	}
	var m moves
	for _, n := range now {
		if to, ok := whose[n.heardName]; ok && to != n.person {
			if err := m.move(ctx, tx, n, to); err != nil {
				return nil, err
			}
		}
	}
	for _, key := range keys[:len(keys):len(keys)] {
		others, err := alike(ctx, tx, key, nil)
		if err != nil {
			return nil, err
		}
		keys = append(keys, others...)
	}
	slices.Sort(keys)
	follows, err := settle(ctx, tx, newNameMemory(), slices.Compact(keys))
	if err != nil {
		return nil, err
	}
	var moved []pastName
	for _, n := range follows.names {
		moved = append(moved, pastName{n.key, n.firm, n.person})
	}
	people := append(m.people, follows.people...)
	if err := renamePeople(ctx, tx, people); err != nil {
		return nil, err
	}
	if err := keep(ctx, tx, follows.people); err != nil {
		return nil, err
	}
	return moved, refold(ctx, tx, append(m.quotes, follows.quotes...))
}
