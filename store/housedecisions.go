package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tenor"
)

// pastHouses is how it was before a decision.
type pastHouses struct {
	Keys   []string          `json:"keys"`   // whose fixed rows are below, all of them
	Fixed  map[string]string `json:"fixed"`  // rows of joined_fixed
	Named  map[string]string `json:"named"`  // names that somebody had given, by main key; all of Mains
	Mains  []string          `json:"mains"`  // of those
	People []pastName        `json:"people"` // names that went from one person to another because of it
}

type houseEntry struct {
	tenor.Decision
	keys   []string
	before pastHouses
}

func (j *joiner) entries(ctx context.Context, q querier, clause string, args ...any) ([]houseEntry, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, at, who, why, action, what, coalesce(undone, 0), keys, before FROM joined_ledger l `+clause, args...)
	return collect(rows, err, func(r *sql.Rows, e *houseEntry) error {
		var at int64
		var keys, before []byte
		if err := r.Scan(&e.ID, &at, &e.Who, &e.Why, &e.Action, &e.What, &e.Undone, &keys, &before); err != nil {
			return err
		}
		e.At = instant(at)
		if err := json.Unmarshal(keys, &e.keys); err != nil {
			return fmt.Errorf("ledger entry %d: %w", e.ID, err)
		}
		if err := json.Unmarshal(before, &e.before); err != nil {
			return fmt.Errorf("ledger entry %d: %w", e.ID, err)
		}
		return nil
	})
}

// HouseLog is what was decided of firms or outlets, newest first.
func (s *Store) HouseLog(ctx context.Context, kind string) ([]tenor.Decision, error) {
	j, err := joinerOf(kind)
	if err != nil {
		return nil, err
	}
	list, err := j.entries(ctx, s.read, `WHERE kind = ? ORDER BY id DESC`, kind)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	var all []tenor.Decision
	for _, e := range list {
		all = append(all, e.Decision)
	}
	return all, nil
}

// decideHouses enters a decision that sets fixed and named rows, and settles what follows.
// A main key without a name loses the one it had.
func (s *Store) decideHouses(ctx context.Context, tx *sql.Tx, j *joiner, action, what string, why Reason, fixed, named map[string]string, mains []string) (int64, error) {
	before := pastHouses{Keys: []string{}, Fixed: map[string]string{}, Named: map[string]string{}, Mains: mains}
	for key := range fixed {
		before.Keys = append(before.Keys, key)
	}
	slices.Sort(before.Keys)
	given, err := givenNames(ctx, tx, j.kind)
	if err != nil {
		return 0, err
	}
	for _, m := range mains {
		if name, ok := given[m]; ok {
			before.Named[m] = name
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT key, main FROM joined_fixed WHERE kind = ? AND key IN (SELECT value FROM json_each(?))`, j.kind, jsonList(before.Keys))
	old, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
	if err != nil {
		return 0, err
	}
	for _, p := range old {
		before.Fixed[p[0]] = p[1]
	}
	moved, err := j.set(ctx, tx, before.Keys, fixed, mains, named, nil)
	if err != nil {
		return 0, err
	}
	before.People = moved
	text, err := json.Marshal(before)
	if err != nil {
		return 0, err
	}
	keys := slices.Concat(before.Keys, mains)
	slices.Sort(keys)
	res, err := tx.ExecContext(ctx, `INSERT INTO joined_ledger (kind, at, who, why, action, what, keys, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		j.kind, unix(s.now()), why.Who, why.Why, action, what, jsonList(slices.Compact(keys)), string(text))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// MergeHouses makes firms or outlets one with another, which keeps the name, and gives the
// ledger's entry. Quotes and articles keep what they say.
func (s *Store) MergeHouses(ctx context.Context, kind string, from []string, into string, why Reason) (id int64, err error) {
	j, err := joinerOf(kind)
	if err != nil {
		return 0, err
	}
	err = s.decide(ctx, "merge "+j.command, why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		main, keys, err := j.find(ctx, tx, into)
		if err != nil {
			return err
		}
		fixed, mains := map[string]string{main: main}, []string{main}
		var names []string
		for _, name := range from {
			other, more, err := j.find(ctx, tx, name)
			switch {
			case err != nil:
				return err
			case other == main:
				return refuse("%q and %q are one %s here already: there is nothing to merge", name, into, j.noun)
			case !slices.Contains(mains, other):
				mains, names = append(mains, other), append(names, name)
				keys = append(append(keys, more...), other)
			}
		}
		for _, key := range keys {
			fixed[key] = main
		}
		given, err := givenNames(ctx, tx, j.kind)
		if err != nil {
			return err
		}
		named := map[string]string{}
		if name, ok := given[main]; ok {
			named[main] = name
		}
		id, err = s.decideHouses(ctx, tx, j, "merge", strings.Join(names, " and ")+" into "+into, why, fixed, named, mains)
		return err
	})
	return id, err
}

// SplitHouse makes another firm or outlet of some of one's names, and gives the ledger's
// entry.
func (s *Store) SplitHouse(ctx context.Context, kind, name string, parts []string, why Reason) (id int64, err error) {
	j, err := joinerOf(kind)
	if err != nil {
		return 0, err
	}
	err = s.decide(ctx, "split a "+j.noun, why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		main, keys, err := j.find(ctx, tx, name)
		if err != nil {
			return err
		}
		var leaving []string
		for _, part := range parts {
			key := j.key(part)
			if !slices.Contains(keys, key) {
				return refuse("%q is no name of %s: tenor %s show %q lists them", part, name, j.command, name)
			}
			leaving = append(leaving, key)
		}
		slices.Sort(leaving)
		leaving = slices.Compact(leaving)
		rest := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return slices.Contains(leaving, k) })
		if len(rest) == 0 {
			return refuse("that is all of %s: a split leaves some of its names, and those that differ in case, accents or legal form only go together", name)
		}
		to, left := tenor.MainKey(leaving), main
		if !slices.Contains(rest, main) {
			left = tenor.MainKey(rest)
		}
		fixed := map[string]string{}
		for _, key := range leaving {
			fixed[key] = to
		}
		for _, key := range rest {
			fixed[key] = left
		}
		given, err := givenNames(ctx, tx, j.kind)
		if err != nil {
			return err
		}
		named := map[string]string{}
		if n, ok := given[main]; ok { // it stays with what stays
			named[left] = n
		}
		mains := []string{main, to, left}
		slices.Sort(mains)
		id, err = s.decideHouses(ctx, tx, j, "split", strings.Join(parts, " and ")+" from "+name, why, fixed, named, slices.Compact(mains))
		return err
	})
	return id, err
}

// RenameHouse gives a firm or outlet a name to be shown under, and gives the ledger's entry.
func (s *Store) RenameHouse(ctx context.Context, kind, name, newName string, why Reason) (id int64, err error) {
	j, err := joinerOf(kind)
	if err != nil {
		return 0, err
	}
	err = s.decide(ctx, "rename a "+j.noun, why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		newName, err := clean("the new name", newName)
		if err != nil {
			return err
		}
		if j.key(newName) == "" {
			return refuse("%q is no name: it has neither letter nor digit", newName)
		}
		main, _, err := j.find(ctx, tx, name)
		if err != nil {
			return err
		}
		if other, _, err := j.find(ctx, tx, newName); err == nil && other != main {
			return refuse("another %s is called %q: tenor %s merge makes them one", j.noun, newName, j.command)
		}
		given, err := givenNames(ctx, tx, j.kind)
		if err != nil {
			return err
		}
		if given[main] == newName {
			return refuse("%s is called that already", name)
		}
		id, err = s.decideHouses(ctx, tx, j, "rename", name+" to "+newName, why, nil, map[string]string{main: newName}, []string{main})
		return err
	})
	return id, err
}

// UndoHouse takes back a decision of a kind, or the last that stands where number is 0.
func (s *Store) UndoHouse(ctx context.Context, kind string, number int64, why Reason) (d tenor.Decision, err error) {
	j, err := joinerOf(kind)
	if err != nil {
		return d, err
	}
	err = s.decide(ctx, "undo a decision", why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		clause, args := `WHERE kind = ? AND id = ?`, []any{kind, number}
		if number == 0 {
			clause, args = `WHERE kind = ? AND undone IS NULL AND action <> 'undo' ORDER BY id DESC LIMIT 1`, []any{kind}
		}
		found, err := j.entries(ctx, tx, clause, args...)
		switch {
		case err != nil:
			return err
		case len(found) == 0 && number == 0:
			return refuse("there is nothing to undo")
		case len(found) == 0:
			return &refusal{fmt.Sprintf("the ledger of %s has no entry %d: tenor %s log lists them", j.command, number, j.command), tenor.ErrNotFound}
		}
		e := found[0]
		d = e.Decision
		switch {
		case e.Action == "undo":
			return refuse("entry %d is itself an undo: decide again instead", e.ID)
		case e.Undone != 0:
			return refuse("entry %d was undone already, by entry %d", e.ID, e.Undone)
		}
		later, err := j.entries(ctx, tx, `WHERE kind = ? AND id > ? AND undone IS NULL AND action <> 'undo' AND EXISTS
			(SELECT 1 FROM json_each(l.keys) WHERE value IN (SELECT value FROM json_each(?))) ORDER BY id DESC LIMIT 1`, kind, e.ID, jsonList(e.keys))
		if err != nil {
			return err
		}
		if len(later) > 0 {
			return refuse("entry %d (%s %s) builds on it: undo that first", later[0].ID, later[0].Action, later[0].What)
		}
		if _, err := j.set(ctx, tx, e.before.Keys, e.before.Fixed, e.before.Mains, e.before.Named, e.before.People); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO joined_ledger (kind, at, who, why, action, what, keys, before) VALUES (?, ?, ?, ?, 'undo', ?, ?, '{}')`,
			kind, unix(s.now()), why.Who, why.Why, fmt.Sprintf("entry %d (%s %s)", e.ID, e.Action, e.What), jsonList(e.keys))
		if err != nil {
			return err
		}
		by, err := res.LastInsertId()
		if err != nil {
			return err
		}
		d.Undone = by
		_, err = tx.ExecContext(ctx, `UPDATE joined_ledger SET undone = ? WHERE id = ?`, by, e.ID)
		return err
	})
	return d, err
}
