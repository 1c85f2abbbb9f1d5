package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tenor"
)

// decide runs a decision in one transaction: all of it or nothing. What it is wrong
// about is said as it is.
func (s *Store) decide(ctx context.Context, name string, why Reason, fn func(ctx context.Context, tx *sql.Tx, why Reason) error) error {
	var err error
	if why.Who, err = clean("the name of who decides", why.Who); err == nil {
		why.Why, err = clean("the reason", why.Why)
	}
	if err == nil {
		err = s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error { return fn(ctx, tx, why) })
	}
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

// MergePeople makes people one with another, who keeps the name, and gives the ledger's
// entry. Each is named by a spelling, by NAME@FIRM, or by number, as #12.
func (s *Store) MergePeople(ctx context.Context, from []string, into string, why Reason) (id int64, err error) {
	err = s.decide(ctx, "merge people", why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		to, err := findPerson(ctx, tx, into)
		if err != nil {
			return err
		}
		people := []int64{to.ID}
		var names []string
		for _, name := range from {
			p, err := findPerson(ctx, tx, name)
			switch {
			case err != nil:
				return err
			case p.ID == to.ID:
				return refuse("%q and %q are one person here already, %s: there is nothing to merge", name, into, numbered(p))
			case p.Institution != to.Institution:
				firm, person := p, to
				if to.Institution {
					firm, person = to, p
				}
				return refuse("%s is a firm speaking for itself and %s a person: they cannot be one", firm.Name, person.Name)
			case !slices.Contains(people, p.ID):
				people, names = append(people, p.ID), append(names, numbered(p))
			}
		}
		all, err := namesOf(ctx, tx, people)
		if err != nil {
			return err
		}
		before, err := remember(ctx, tx, keysOf(all), people)
		if err != nil {
			return err
		}
		what := strings.Join(names, " and ") + " into " + numbered(to)
		if id, err = s.enter(ctx, tx, "merge", what, why, people, before); err != nil {
			return err
		}
		if err := giveName(ctx, tx, to.ID, to.Name); err != nil {
			return err
		}
		whose := map[heardName]int64{}
		for _, n := range all {
			whose[n.heardName] = to.ID
		}
		return fix(ctx, tx, id, whose, to.ID)
	})
	return id, err
}

// SplitPerson makes somebody new of some of a person's names, and gives the ledger's
// entry. Each is a spelling, SPELLING@FIRM, @FIRM for all at that firm, or SPELLING@
// for where no firm is named.
func (s *Store) SplitPerson(ctx context.Context, name string, parts []string, why Reason) (id int64, err error) {
	err = s.decide(ctx, "split a person", why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		from, err := findPerson(ctx, tx, name)
		if err != nil {
			return err
		}
		all, err := namesOf(ctx, tx, []int64{from.ID})
		if err != nil {
			return err
		}
		whose := map[heardName]int64{}
		for _, n := range all {
			whose[n.heardName] = from.ID
		}
		leaving := map[heardName]bool{}
		for _, part := range parts {
			found, err := namesLike(ctx, tx, from.ID, part)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return refuse("%q is no name of %s: tenor people show %q lists them", part, numbered(from), "#"+fmt.Sprint(from.ID))
			}
			for _, n := range found {
				leaving[n] = true
			}
		}
		if len(leaving) == len(whose) {
			return refuse("that is all of %s: a split leaves some of their names", numbered(from))
		}
		to, err := newPerson(ctx, tx, parts[0], from.Institution)
		if err != nil {
			return err
		}
		people := []int64{from.ID, to}
		before, err := remember(ctx, tx, keysOf(all), people)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%s from %s, as #%d", strings.Join(parts, " and "), numbered(from), to)
		if id, err = s.enter(ctx, tx, "split", what, why, people, before); err != nil {
			return err
		}
		for n := range leaving {
			whose[n] = to
		}
		return fix(ctx, tx, id, whose, from.ID)
	})
	return id, err
}

// RenamePerson gives a person a name to be shown under, and gives the ledger's entry.
func (s *Store) RenamePerson(ctx context.Context, name, newName string, why Reason) (id int64, err error) {
	err = s.decide(ctx, "rename a person", why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		newName, err := clean("the new name", newName)
		if err != nil {
			return err
		}
		if tenor.FoldText(newName) == "" {
			return refuse("%q is no name: it has neither letter nor digit", newName)
		}
		p, err := findPerson(ctx, tx, name)
		if err != nil {
			return err
		}
		if p.Name == newName {
			return refuse("%s is called that already", numbered(p))
		}
		before, err := remember(ctx, tx, []string{}, []int64{p.ID})
		if err != nil {
			return err
		}
		if id, err = s.enter(ctx, tx, "rename", numbered(p)+" to "+newName, why, []int64{p.ID}, before); err != nil {
			return err
		}
		return giveName(ctx, tx, p.ID, newName)
	})
	return id, err
}

// UndoPeople takes back a decision, or the last that stands where number is 0: every
// quote goes back to whose it was. It gives what was taken back.
func (s *Store) UndoPeople(ctx context.Context, number int64, why Reason) (d tenor.Decision, err error) {
	err = s.decide(ctx, "undo a decision", why, func(ctx context.Context, tx *sql.Tx, why Reason) error {
		clause, args := `WHERE id = ?`, []any{number}
		if number == 0 {
			clause, args = `WHERE undone IS NULL AND action <> 'undo' ORDER BY id DESC LIMIT 1`, nil
		}
		found, err := entries(ctx, tx, clause, args...)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			if number == 0 {
				return refuse("there is nothing to undo")
			}
			return &refusal{fmt.Sprintf("the ledger has no entry %d: tenor people log lists them", number), tenor.ErrNotFound}
		}
		e := found[0]
		d = e.Decision
		switch {
		case e.Action == "undo":
			return refuse("entry %d is itself an undo: decide again instead", e.ID)
		case e.Undone != 0:
			return refuse("entry %d was undone already, by entry %d", e.ID, e.Undone)
		}
		later, err := entries(ctx, tx, `WHERE id > ? AND undone IS NULL AND action <> 'undo' AND EXISTS
			(SELECT 1 FROM json_each(l.people) WHERE value IN (SELECT value FROM json_each(?))) ORDER BY id DESC LIMIT 1`, e.ID, jsonList(e.people))
		if err != nil {
			return err
		}
		if len(later) > 0 {
			return refuse("entry %d (%s %s) builds on it: undo that first", later[0].ID, later[0].Action, later[0].What)
		}
		now, err := remember(ctx, tx, e.before.Keys, e.people)
		if err != nil {
			return err
		}
		by, err := s.enter(ctx, tx, "undo", fmt.Sprintf("entry %d (%s %s)", e.ID, e.Action, e.What), why, e.people, now)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE people_ledger SET undone = ? WHERE id = ?`, by, e.ID); err != nil {
			return err
		}
		d.Undone = by
		return putBack(ctx, tx, e)
	})
	return d, err
}

// putBack puts back how it was before a decision. Names that came since go where the
// evidence leads.
func putBack(ctx context.Context, tx *sql.Tx, e entry) error {
	// Whoever joined the person since is looked at again, too.
	since, err := namesOf(ctx, tx, e.people)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM people_fixed WHERE key IN (SELECT value FROM json_each(?))`, jsonList(e.before.Keys)); err != nil {
		return err
	}
	for _, f := range e.before.Fixed {
		if _, err := tx.ExecContext(ctx, `INSERT INTO people_fixed (key, firm, person_id) VALUES (?, ?, ?)`, f.Key, f.Firm, f.Person); err != nil {
			return err
		}
	}
	whose := map[heardName]int64{}
	for _, n := range e.before.Names {
		whose[heardName{n.Key, n.Firm}] = n.Person
	}
	for _, id := range slices.Sorted(maps.Keys(e.before.Given)) {
		if err := giveName(ctx, tx, id, e.before.Given[id]); err != nil {
			return err
		}
	}
	return moveNames(ctx, tx, 0, whose, append(slices.Clone(e.before.Keys), keysOf(since)...))
}

// fix says whose some names are. Of a key that is nobody else's at other firms all
// that is not said apart goes to rest, firms that it will be seen with included. The
// ledger's entry gets what else moves because of it.
func fix(ctx context.Context, tx *sql.Tx, entry int64, whose map[heardName]int64, rest int64) error {
	byKey := map[string]map[string]int64{}
	for n, person := range whose {
		if byKey[n.key] == nil {
			byKey[n.key] = map[string]int64{}
		}
		byKey[n.key][n.firm] = person
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		firms := byKey[key]
		others, err := tx.QueryContext(ctx, `SELECT DISTINCT firm FROM aliases WHERE key = ?`, key)
		seen, err := collect(others, err, func(r *sql.Rows, firm *string) error { return r.Scan(firm) })
		if err != nil {
			return err
		}
		for firm := range firms {
			if !slices.Contains(seen, firm) {
				seen = append(seen, firm)
			}
		}
		fixed, err := fixedOf(ctx, tx, key)
		if err != nil {
			return err
		}
		if len(seen) == len(firms) { // all of it
			one := rest
			people := slices.Compact(slices.Sorted(maps.Values(firms)))
			if len(people) == 1 {
				one = people[0]
			}
			fixed = fixedFirms{"*": one}
		}
		for firm, person := range firms {
			if fixed["*"] != person {
				fixed[firm] = person
			} else {
				delete(fixed, firm)
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM people_fixed WHERE key = ?`, key); err != nil {
			return err
		}
		for firm, person := range fixed {
			if _, err := tx.ExecContext(ctx, `INSERT INTO people_fixed (key, firm, person_id) VALUES (?, ?, ?)`, key, firm, person); err != nil {
				return err
			}
		}
	}
	return moveNames(ctx, tx, entry, whose, slices.Sorted(maps.Keys(byKey)))
}

// moveNames gives names to people, settles what follows from it for some keys, tells
// the ledger's entry of it, and folds copies anew: what is one voice now may have said
// one thing twice.
func moveNames(ctx context.Context, tx *sql.Tx, entry int64, whose map[heardName]int64, keys []string) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key, firm, person_id FROM aliases`+
		` WHERE key IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`, jsonList(slices.Concat(keys, keysIn(whose))))
	now, err := collect(rows, err, scanOwned)
	if err != nil {
		return err
	}
	var m moves
	for _, n := range now {
		if to, ok := whose[n.heardName]; ok && to != n.person {
			if err := m.move(ctx, tx, n, to); err != nil {
				return err
			}
		}
	}
	for _, key := range keys[:len(keys):len(keys)] { // names like these may be free now, or not any longer
		others, err := alike(ctx, tx, key, nil)
		if err != nil {
			return err
		}
		keys = append(keys, others...)
	}
	follows, err := settle(ctx, tx, newNameMemory(), keys)
	if err != nil {
		return err
	}
	if entry != 0 {
		if err := amend(ctx, tx, entry, follows); err != nil {
			return err
		}
	}
	people := append(m.people, follows.people...)
	if err := renamePeople(ctx, tx, people); err != nil {
		return err
	}
	if err := prunePeople(ctx, tx, people); err != nil {
		return err
	}
	return refold(ctx, tx, append(m.quotes, follows.quotes...))
}

func keysIn(whose map[heardName]int64) []string {
	var keys []string
	for n := range whose {
		keys = append(keys, n.key)
	}
	return keys
}

// giveName gives a person a name to be shown under; an empty one takes it away.
func giveName(ctx context.Context, tx *sql.Tx, id int64, name string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE people SET given = ?, given_fold = ? WHERE id = ?`, name, tenor.FoldText(name), id); err != nil {
		return err
	}
	return renamePeople(ctx, tx, []int64{id})
}

func keysOf(names []ownedName) []string {
	keys := []string{}
	for _, n := range names {
		keys = append(keys, n.key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func numbered(p tenor.Person) string { return fmt.Sprintf("%s #%d", p.Name, p.ID) }

// decided is what somebody said of people, and which names are one firm's.
func decided(ctx context.Context, q querier) (d tenor.Decided, err error) {
	if d.Firms, err = joinedKeys(ctx, q, "firm"); err != nil {
		return d, err
	}
	rows, err := q.QueryContext(ctx, `SELECT key, firm, person_id FROM people_fixed`)
	list, err := collect(rows, err, scanOwned)
	fixed := map[string]fixedFirms{}
	for _, n := range list {
		if fixed[n.key] == nil {
			fixed[n.key] = fixedFirms{}
		}
		fixed[n.key][n.firm] = n.person
	}
	d.Person = func(key, firm string) int64 { return fixed[key].of(firm) }
	return d, err
}

// Decided is what holds for voices whatever an article says.
func (s *Store) Decided(ctx context.Context) (tenor.Decided, error) {
	d, err := decided(ctx, s.read)
	if err != nil {
		return d, fmt.Errorf("read what was decided of people: %w", err)
	}
	return d, nil
}
