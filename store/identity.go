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

// sighting is a row of sightings.
type sighting struct {
	heardName
	year    int
	subject string
}

// seen is what an article adds to what is known of names, and takes away.
type seen struct {
	counts map[sighting]int
	gone   map[spelledName]bool // that may be written so nowhere any longer
}

// spelledName is a name as articles write it.
type spelledName struct {
	heardName
	spelling string
}

func newSeen() seen { return seen{map[sighting]int{}, map[spelledName]bool{}} }

func (s seen) add(q *tenor.Quote, seq int64, count int) {
	if n, ok := nameOf(q); ok {
		s.counts[sighting{n, seqYear(seq), string(q.Subject)}] += count
		if count < 0 {
			s.gone[spelledName{n, q.Speaker}] = true
		}
	}
}

// seqYear is the year of a seq, 0 where it has no day.
func seqYear(seq int64) int {
	if seq < firstSeq {
		return 0
	}
	return seqDay(seq).Time().Year()
}

// saveSightings writes the counts, and gives the keys of which more or less is known than
// before, each with the firms at which it was heard of and is no longer. People of
// whom a name is gone are called by what is left of theirs.
func saveSightings(ctx context.Context, tx *sql.Tx, seen seen) (changed map[string][]string, err error) {
	changed = map[string][]string{}
	for s, n := range seen.counts {
		if n == 0 {
			continue
		}
		more, fewer, err := countSighting(ctx, tx, s, n)
		if err != nil {
			return nil, err
		}
		if _, ok := changed[s.key]; more && !ok {
			changed[s.key] = nil
		}
		if fewer {
			changed[s.key] = append(changed[s.key], s.firm)
		}
	}
	for n := range seen.gone {
		rows, err := tx.QueryContext(ctx, `DELETE FROM aliases WHERE key = ?1 AND firm = ?2 AND spelling = ?3
			AND NOT EXISTS (SELECT 1 FROM quotes q INDEXED BY quotes_by_person WHERE q.person_id = aliases.person_id AND q.speaker = ?3
				AND q.firm_id IS (SELECT id FROM firms WHERE key = ?2) AND (q.speaker_type = ?4) = ?5) RETURNING person_id`,
			n.key, n.firm, n.spelling, string(tenor.Institution), strings.HasPrefix(n.key, "firm:"))
		people, err := collect(rows, err, func(r *sql.Rows, id *int64) error { return r.Scan(id) })
		if err != nil {
			return nil, err
		}
		if err := renamePeople(ctx, tx, people); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// countSighting adds n quotes to a sighting, and says whether there was none before, or is none
// now.
func countSighting(ctx context.Context, tx *sql.Tx, s sighting, n int) (more, fewer bool, err error) {
	const this = ` WHERE key = ? AND firm = ? AND year = ? AND subject = ?`
	res, err := tx.ExecContext(ctx, `UPDATE sightings SET quotes = quotes + ?`+this, n, s.key, s.firm, s.year, s.subject)
	if err != nil {
		return false, false, err
	}
	if had, err := res.RowsAffected(); err != nil || had == 0 {
		if err == nil && n > 0 {
			_, err = tx.ExecContext(ctx, `INSERT INTO sightings (key, firm, year, subject, quotes) VALUES (?, ?, ?, ?, ?)`,
				s.key, s.firm, s.year, s.subject, n)
		}
		return n > 0, n < 0, err
	}
	if n > 0 {
		return false, false, nil
	}
	res, err = tx.ExecContext(ctx, `DELETE FROM sightings`+this+` AND quotes <= 0`, s.key, s.firm, s.year, s.subject)
	if err != nil {
		return false, false, err
	}
	gone, err := res.RowsAffected()
	return false, gone > 0, err
}

// settleChanged settles names of which more or less is known, with the firms that they
// lost, and those that are like them: one that might have been two people's may be one's
// now. Nearly all names are like none.
func settleChanged(ctx context.Context, tx *sql.Tx, k *nameMemory, changed map[string][]string) (moves, error) {
	var met []string
	for _, key := range slices.Sorted(maps.Keys(changed)) {
		lost := changed[key]
		if len(lost) == 0 && k.isLonely(key) {
			continue
		}
		others, err := alike(ctx, tx, key, lost)
		if err != nil {
			return moves{}, err
		}
		switch {
		case len(others) > 0 || len(lost) > 0:
			met = append(append(met, key), others...)
		default:
			rows, err := tx.QueryContext(ctx, `SELECT DISTINCT root FROM aliases WHERE key = ?`, key)
			roots, err := collect(rows, err, func(r *sql.Rows, root *string) error { return r.Scan(root) })
			if err != nil {
				return moves{}, err
			}
			k.addLonely(key, roots)
		}
	}
	return settle(ctx, tx, met)
}

// settle decides anew whose these names are, with all names that may be the same
// person's, and moves their quotes to where they belong. What is read depends on how
// many people bear like names, not on the size of the store.
func settle(ctx context.Context, tx *sql.Tx, keys []string) (m moves, err error) {
	if len(keys) == 0 {
		return m, nil
	}
	l := lineup{ctx: ctx, tx: tx, keys: map[string]*keyNames{}}
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
	rows, err := tx.QueryContext(ctx, `SELECT copy_key, seq, cluster_id FROM quotes INDEXED BY quotes_by_person WHERE person_id = ?1
		AND speaker IN (SELECT spelling FROM aliases WHERE key = ?2 AND firm = ?3)
		AND firm_id IS (SELECT id FROM firms WHERE key = ?3) AND (speaker_type = ?4) = ?5`,
		n.person, n.key, n.firm, string(tenor.Institution), strings.HasPrefix(n.key, "firm:"))
	quotes, err := collect(rows, err, func(r *sql.Rows, q *touchedQuote) error {
		q.person = sql.NullInt64{Int64: n.person, Valid: true}
		return r.Scan(&q.copyKey, &q.seq, &q.cluster)
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
