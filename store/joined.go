package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"tenor"
)

// saveTies keeps what an article says of its speakers' firms. replaced says that it may
// have said something before.
func saveTies(ctx context.Context, tx *sql.Tx, article int64, ties []tenor.Tie, replaced bool, changed *changedNames) error {
	if len(ties) == 0 && !replaced {
		return nil
	}
	was := map[tenor.Tie]bool{}
	if replaced {
		rows, err := tx.QueryContext(ctx, `SELECT a, b, 1 - against, against FROM firm_ties WHERE article_id = ?`, article)
		old, err := collect(rows, err, scanTie)
		if err != nil {
			return err
		}
		for _, t := range old {
			was[t] = true
		}
	}
	for _, t := range ties {
		if was[t] {
			delete(was, t)
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO firm_ties (article_id, a, b, against) VALUES (?, ?, ?, ?)`, article, t.A, t.B, t.Against); err != nil {
			return err
		}
		if news, err := newTie(ctx, tx, article, t); err != nil {
			return err
		} else if news {
			changed.roots[tenor.FirmRoot(t.A)] = true
		}
	}
	for t := range was {
		if !slices.ContainsFunc(ties, func(n tenor.Tie) bool { return n.A == t.A && n.B == t.B }) {
			if _, err := tx.ExecContext(ctx, `DELETE FROM firm_ties WHERE article_id = ? AND a = ? AND b = ?`, article, t.A, t.B); err != nil {
				return err
			}
		}
		changed.roots[tenor.FirmRoot(t.A)] = true
	}
	return nil
}

// newTie reports whether a tie may change which names are one firm's. In most articles it
// does not: they are one already, or told apart already.
func newTie(ctx context.Context, tx *sql.Tx, article int64, t tenor.Tie) (news bool, err error) {
	if t.Against == 0 {
		one, err := oneFirm(ctx, tx, t.A, t.B)
		return !one, err
	}
	err = tx.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM firm_ties INDEXED BY firm_ties_by_firm
		WHERE a = ? AND b = ? AND against = 1 AND article_id <> ?)`, t.A, t.B, article).Scan(&news)
	return news, err
}

// oneFirm reports whether two keys are counted as one.
func oneFirm(ctx context.Context, tx *sql.Tx, a, b string) (one bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT main FROM joined WHERE kind = 'firm' AND key = ?1), ?1)
		= coalesce((SELECT main FROM joined WHERE kind = 'firm' AND key = ?2), ?2)`, a, b).Scan(&one)
	return one, err
}

func scanTie(r *sql.Rows, t *tenor.Tie) error { return r.Scan(&t.A, &t.B, &t.For, &t.Against) }

// joiner is what tells a kind of names apart that may be joined.
type joiner struct {
	kind, noun, command string
	key                 func(name string) string
	// near are the keys that must be looked at together with these, themselves included,
	// and gone from it are those that nothing has any longer.
	near func(ctx context.Context, q querier, keys []string) ([]string, error)
	ties func(ctx context.Context, q querier, keys []string) ([]tenor.Tie, error)
}

var firmJoiner = joiner{
	"firm", "firm", "firms", tenor.FirmKey,
	func(ctx context.Context, q querier, keys []string) ([]string, error) {
		rows, err := q.QueryContext(ctx, `SELECT key FROM firms WHERE root IN
			(SELECT root FROM firms WHERE key IN (SELECT value FROM json_each(?1)))`, jsonList(keys))
		return collect(rows, err, scanText)
	},
	firmTies,
}

var outletJoiner = joiner{
	"outlet", "outlet", "outlets", tenor.OutletKey,
	func(ctx context.Context, q querier, keys []string) ([]string, error) {
		rows, err := q.QueryContext(ctx, `SELECT DISTINCT key FROM outlets WHERE key IN (SELECT value FROM json_each(?1)) OR host IN
			(SELECT host FROM outlets WHERE host <> '' AND key IN (SELECT value FROM json_each(?1)))`, jsonList(keys))
		return collect(rows, err, scanText)
	},
	func(ctx context.Context, q querier, keys []string) ([]tenor.Tie, error) {
		// All that was read on a host counts, so that its own name is known for what it is.
		rows, err := q.QueryContext(ctx, `SELECT key, host FROM outlets WHERE host IN
			(SELECT host FROM outlets WHERE host <> '' AND key IN (SELECT value FROM json_each(?)))`, jsonList(keys))
		seen, err := collect(rows, err, func(r *sql.Rows, o *tenor.OutletAt) error { return r.Scan(&o.Key, &o.Host) })
		return tenor.AddTies(tenor.OutletTies(seen)), err
	},
}

func scanText(r *sql.Rows, s *string) error { return r.Scan(s) }

// firmTies are what all articles and people say of these firms.
func firmTies(ctx context.Context, q querier, keys []string) ([]tenor.Tie, error) {
	rows, err := q.QueryContext(ctx, `SELECT a, b, sum(1 - against), sum(against) FROM firm_ties INDEXED BY firm_ties_by_firm
		WHERE a IN (SELECT value FROM json_each(?1)) AND b IN (SELECT value FROM json_each(?1)) GROUP BY a, b`, jsonList(keys))
	ties, err := collect(rows, err, scanTie)
	if err != nil {
		return nil, err
	}
	names, err := heardAtSeveral(ctx, q, keys)
	for i := range names {
		ties = append(ties, names[i].PersonTies()...)
	}
	return tenor.AddTies(ties), err
}

// heardAtSeveral are the names that were heard of at more than one of these firms.
func heardAtSeveral(ctx context.Context, q querier, keys []string) ([]tenor.Name, error) {
	rows, err := q.QueryContext(ctx, `SELECT key, firm, year, months, roles, quotes FROM sightings WHERE key IN (
			SELECT key FROM aliases WHERE root IN (SELECT root FROM firms WHERE key IN (SELECT value FROM json_each(?1)))
				AND firm IN (SELECT value FROM json_each(?1)) AND forename <> '' GROUP BY key HAVING count(DISTINCT firm) > 1)
		AND firm IN (SELECT value FROM json_each(?1)) ORDER BY key`, jsonList(keys))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []tenor.Name
	for rows.Next() {
		var key string
		var s tenor.Sighting
		if err := rows.Scan(&key, &s.Firm, &s.Year, &s.Months, &s.Roles, &s.Quotes); err != nil {
			return nil, err
		}
		if n := len(names); n == 0 || names[n-1].Key != key {
			names = append(names, tenor.Name{Key: key})
		}
		last := &names[len(names)-1]
		last.Seen = append(last.Seen, s)
	}
	return names, rows.Err()
}

// together are the keys that have to be settled with these.
func (j *joiner) together(ctx context.Context, q querier, keys []string) (all []string, fixed map[string]string, err error) {
	for {
		near, err := j.near(ctx, q, keys)
		if err != nil {
			return nil, nil, err
		}
		rows, err := q.QueryContext(ctx, `SELECT key, main FROM joined_fixed WHERE kind = ?1 AND (key IN (SELECT value FROM json_each(?2))
			OR main IN (SELECT main FROM joined_fixed WHERE kind = ?1 AND key IN (SELECT value FROM json_each(?2))))`, j.kind, jsonList(near))
		pairs, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
		if err != nil {
			return nil, nil, err
		}
		fixed = map[string]string{}
		more := slices.Clone(near)
		for _, p := range pairs {
			fixed[p[0]] = p[1]
			more = append(more, p[0])
		}
		slices.Sort(more)
		more = slices.Compact(more)
		if len(more) == len(all) {
			return near, fixed, nil
		}
		all, keys = more, more
	}
}

// mains are these keys and those that belong with them, and under which each is counted.
func (j *joiner) mains(ctx context.Context, q querier, keys []string) (all []string, want map[string]string, err error) {
	keys, fixed, err := j.together(ctx, q, keys)
	if err != nil {
		return nil, nil, err
	}
	want = map[string]string{}
	if len(keys) > 1 {
		ties, err := j.ties(ctx, q, keys)
		if err != nil {
			return nil, nil, err
		}
		for _, group := range tenor.JoinKeys(keys, ties, fixed) {
			main := tenor.MainKey(group)
			for _, key := range group {
				if f, ok := fixed[key]; ok {
					main = f
				}
			}
			for _, key := range group {
				want[key] = main
			}
		}
	} else if len(keys) == 1 && fixed[keys[0]] != "" {
		want[keys[0]] = fixed[keys[0]]
	}
	return keys, want, nil
}

// settle decides anew which of these keys, and of those that belong with them, are one,
// and gives the keys that are counted otherwise than before.
func (j *joiner) settle(ctx context.Context, tx *sql.Tx, keys []string) (changed []string, err error) {
	keys, want, err := j.mains(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT key, main FROM joined WHERE kind = ? AND key IN (SELECT value FROM json_each(?))`, j.kind, jsonList(keys))
	old, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
	if err != nil {
		return nil, err
	}
	was := map[string]string{}
	for _, p := range old {
		was[p[0]] = p[1]
	}
	for _, key := range keys {
		main := want[key]
		if main == key {
			main = ""
		}
		if main == was[key] {
			continue
		}
		changed = append(changed, key)
		if was[key] != "" {
			changed = append(changed, was[key])
		}
		if main == "" {
			_, err = tx.ExecContext(ctx, `DELETE FROM joined WHERE kind = ? AND key = ?`, j.kind, key)
		} else {
			changed = append(changed, main)
			_, err = tx.ExecContext(ctx, `INSERT INTO joined (kind, key, main) VALUES (?, ?, ?)
				ON CONFLICT DO UPDATE SET main = excluded.main`, j.kind, key, main)
		}
		if err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// settleFirms settles the firms of these roots, and gives the people's names that have to
// be settled because of it: one firm is evidence for one person.
func settleFirms(ctx context.Context, tx *sql.Tx, roots map[string]bool) (names []string, err error) {
	if len(roots) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT key FROM firms WHERE root IN (SELECT value FROM json_each(?))`, jsonList(slices.Sorted(maps.Keys(roots))))
	keys, err := collect(rows, err, scanText)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	changed, err := firmJoiner.settle(ctx, tx, keys)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	return namesAtFirms(ctx, tx, changed)
}

// namesAtFirms are the keys of whoever was heard of at these firms.
func namesAtFirms(ctx context.Context, tx *sql.Tx, firms []string) ([]string, error) {
	roots := make([]string, len(firms))
	for i, f := range firms {
		roots[i] = tenor.FirmRoot(f)
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key FROM aliases WHERE root IN (SELECT value FROM json_each(?))
		AND firm IN (SELECT value FROM json_each(?)) ORDER BY 1`, jsonList(roots), jsonList(firms))
	return collect(rows, err, scanText)
}

// joinedKeys are the keys that are counted under another, which is the value.
func joinedKeys(ctx context.Context, q querier, kind string) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT key, main FROM joined WHERE kind = ?`, kind)
	list, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
	keys := make(map[string]string, len(list))
	for _, p := range list {
		keys[p[0]] = p[1]
	}
	return keys, err
}

// keysNamed are all keys of the firms or outlets of which a JSON list has a key, the one
// of a given name included. Its parameter stands once.
func keysNamed(kind string) string {
	return strings.ReplaceAll(`WITH wanted (key) AS (SELECT value FROM json_each(?)), mains (main) AS (
			SELECT coalesce((SELECT main FROM joined j WHERE j.kind = 'KIND' AND j.key = wanted.key), key) FROM wanted
			UNION SELECT main FROM joined_named n WHERE n.kind = 'KIND' AND n.key IN (SELECT key FROM wanted))
		SELECT main FROM mains UNION SELECT key FROM joined j WHERE j.kind = 'KIND' AND j.main IN (SELECT main FROM mains)`, "KIND", kind)
}
