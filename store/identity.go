package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"tenor"
)

// settleChanged settles firms and names of which more or less is known, and names that
// are like these: one that might have been two people's may be one's now. Nearly all
// names are like none.
func settleChanged(ctx context.Context, tx *sql.Tx, k *nameMemory, changed changedNames) (moves, error) {
	met, err := settleFirms(ctx, tx, changed.roots)
	if err != nil {
		return moves{}, err
	}
	for key := range changed.jobs {
		met = append(met, key)
	}
	for _, key := range slices.Sorted(maps.Keys(changed.keys)) {
		c := changed.keys[key]
		if len(c.lost) > 0 { // it may have been like others then
			others, err := alike(ctx, tx, key, c.lost)
			if err != nil {
				return moves{}, err
			}
			met = append(append(met, key), others...)
			continue
		}
		f, err := k.fellowsOf(ctx, tx, key)
		if err != nil {
			return moves{}, err
		}
		if len(f.keys) > 0 && (c.newFirm || !f.plain) {
			met = append(append(met, key), f.keys...)
		}
	}
	slices.Sort(met)
	return settle(ctx, tx, k, slices.Compact(met))
}

// settle decides anew whose these names are, with all names that may be the same
// person's, and moves their quotes to where they belong. What is read depends on how
// many people bear like names, not on the size of the store.
func settle(ctx context.Context, tx *sql.Tx, k *nameMemory, keys []string) (m moves, err error) {
	if len(keys) == 0 {
		return m, nil
	}
	l := lineup{ctx: ctx, tx: tx, known: k, keys: map[string]*keyNames{}}
	for len(keys) > 0 {
		key := keys[0]
		keys = keys[1:]
		more, err := l.call(key)
		if err != nil {
			return m, err
		}
		keys = append(keys, more...)
	}
	var names []tenor.Name
	var owners [][]ownedName
	for _, key := range slices.Sorted(maps.Keys(l.keys)) {
		k := l.keys[key]
		if !k.called {
			continue
		}
		for _, u := range k.units {
			names, owners = append(names, u.Name), append(owners, u.names)
		}
	}
	type group struct {
		fixed, least int64
		names        []ownedName
	}
	var groups []group
	for _, g := range tenor.JoinNames(names) {
		var one group
		for _, i := range g {
			one.fixed = cmp.Or(one.fixed, names[i].Fixed)
			one.names = append(one.names, owners[i]...)
		}
		for _, n := range one.names {
			if one.least == 0 || n.person < one.least {
				one.least = n.person
			}
		}
		groups = append(groups, one)
	}
	// Whoever was there first stays who they are, so that nothing moves without need.
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(a.least, b.least) })
	taken := map[int64]bool{}
	for _, g := range groups {
		taken[g.fixed] = true
	}
	for _, g := range groups {
		to := g.fixed
		if to == 0 {
			if to, err = l.freePerson(g.names, taken); err != nil {
				return m, err
			}
		}
		taken[to] = true
		for _, n := range g.names {
			if n.person == to {
				continue
			}
			if err := m.move(ctx, tx, n, to); err != nil {
				return m, err
			}
		}
	}
	return m, renamePeople(ctx, tx, m.people)
}

// moves are names that went from one person to another.
type moves struct {
	names  []ownedName    // as they were
	quotes []touchedQuote // once as they left and once as they came
	people []int64        // that lost or got some
}

// move gives a name with its quotes to another person.
func (m *moves) move(ctx context.Context, tx *sql.Tx, n ownedName, to int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT text, seq, cluster_id FROM quotes INDEXED BY quotes_by_person WHERE person_id = ?1
		AND speaker IN (SELECT spelling FROM aliases WHERE key = ?2 AND firm = ?3)
		AND firm_id IS (SELECT id FROM firms WHERE key = ?3) AND (speaker_type = ?4) = ?5`,
		n.person, n.key, n.firm, string(tenor.Institution), strings.HasPrefix(n.key, "firm:"))
	quotes, err := collect(rows, err, func(r *sql.Rows, q *touchedQuote) error {
		q.person = sql.NullInt64{Int64: n.person, Valid: true}
		var text string
		err := r.Scan(&text, &q.seq, &q.cluster)
		q.copyKey = tenor.CopyKeyOf(text)
		return err
	})
	if err != nil {
		return err
	}
	var seqs []int64
	for _, q := range quotes {
		seqs = append(seqs, q.seq)
		m.quotes = append(m.quotes, q)
		q.person.Int64 = to
		m.quotes = append(m.quotes, q)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE quotes SET person_id = ? WHERE seq IN (SELECT value FROM json_each(?))`, to, jsonList(seqs)); err != nil {
		return err
	}
	// What an earlier version of an article had it say goes with it.
	if _, err := tx.ExecContext(ctx, `UPDATE past_quotes SET person_id = ?6 WHERE person_id = ?1
		AND speaker IN (SELECT spelling FROM aliases WHERE key = ?2 AND firm = ?3)
		AND firm_id IS (SELECT id FROM firms WHERE key = ?3) AND (speaker_type = ?4) = ?5`,
		n.person, n.key, n.firm, string(tenor.Institution), strings.HasPrefix(n.key, "firm:"), to); err != nil {
		return err
	}
	m.names, m.people = append(m.names, n), append(m.people, n.person, to)
	_, err = tx.ExecContext(ctx, `UPDATE aliases SET person_id = ? WHERE key = ? AND firm = ? AND person_id = ?`, to, n.key, n.firm, n.person)
	return err
}
