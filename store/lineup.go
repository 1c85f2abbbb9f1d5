package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"tenor"
)

// ownedName is a name at a firm with the person whose it is in the store.
type ownedName struct {
	heardName
	person int64
}

// keyNames is what the store has of a key.
type keyNames struct {
	units  []unit
	called bool // it is looked at, and not only because it was compared
}

// unit is a key, or what is left of it where some of its firms are somebody else's.
type unit struct {
	tenor.Name
	names []ownedName
}

// lineup gathers names that have to be looked at together.
type lineup struct {
	ctx   context.Context
	tx    *sql.Tx
	known *nameMemory
	keys  map[string]*keyNames
}

// call takes a key into the line-up, and gives those keys that belong in it because
// of that: the other names of its people, and those that may be the same person's.
func (l *lineup) call(key string) (more []string, err error) {
	k, err := l.key(key)
	if err != nil || k.called {
		return nil, err
	}
	k.called = true
	var people []int64
	for _, u := range k.units {
		for _, n := range u.names {
			if !slices.Contains(people, n.person) {
				people = append(people, n.person)
			}
		}
	}
	rows, err := l.tx.QueryContext(l.ctx, `SELECT DISTINCT key FROM aliases WHERE person_id IN (SELECT value FROM json_each(?))`, jsonList(people))
	if more, err = collect(rows, err, func(r *sql.Rows, key *string) error { return r.Scan(key) }); err != nil {
		return nil, err
	}
	alike, err := l.known.fellowsOf(l.ctx, l.tx, key)
	if err != nil {
		return nil, err
	}
	for _, a := range alike.keys {
		other, err := l.key(a)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(k.units, func(u unit) bool {
			return slices.ContainsFunc(other.units, func(o unit) bool { return u.MayBe(&o.Name) })
		}) {
			more = append(more, a)
		}
	}
	return more, nil
}

// alike are the keys of names so like this one that evidence may tie them together, or
// might have while it was heard of at some more firms.
func alike(ctx context.Context, tx *sql.Tx, key string, firms []string) ([]string, error) {
	forename, surname := tenor.SplitPersonKey(key)
	if firm, ok := strings.CutPrefix(key, "firm:"); ok { // speaks under all names of the firm
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key FROM aliases WHERE key IN (SELECT 'firm:' || main FROM (`+keysNamed("firm")+`)) AND key <> ?`,
			jsonList([]string{firm}), key)
		return collect(rows, err, scanText)
	}
	if surname == "" {
		return nil, nil
	}
	query, args := `SELECT DISTINCT key FROM aliases WHERE surname = ? AND forename <> ''`, []any{surname}
	if forename != "" {
		end := "" // an initial stands for all forenames that begin with it
		if len(forename) == 1 {
			end = forename + "\U0010ffff"
		}
		roots := []string{}
		for _, f := range firms {
			if f != "" {
				roots = append(roots, tenor.FirmRoot(f))
			}
		}
		// Lone surnames, and colleagues whose surname may be this one misspelt, too.
		query = `SELECT key FROM aliases WHERE surname = ?1 AND forename IN (SELECT value FROM json_each(?2))
			UNION SELECT key FROM aliases WHERE surname = ?1 AND forename >= ?3 AND forename < ?4
			UNION SELECT key FROM aliases WHERE forename = ?3 AND root IN
				(SELECT root FROM aliases WHERE key = ?5 AND root <> '' UNION SELECT value FROM json_each(?6))`
		more, err := decidedRoots(ctx, tx, key)
		if err != nil {
			return nil, err
		}
		roots = append(roots, more...)
		args = append(args, jsonList(append(tenor.ForenamesLike(forename), "")), forename, end, key, jsonList(roots))
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	keys, err := collect(rows, err, func(r *sql.Rows, key *string) error { return r.Scan(key) })
	return slices.DeleteFunc(keys, func(other string) bool { return !tenor.LikeNames(key, other) }), err
}

// decidedRoots are the roots of firms that are one with those at which a name was heard of
// though they are called otherwise: somebody said so.
func decidedRoots(ctx context.Context, tx *sql.Tx, key string) ([]string, error) {
	var any bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM joined_fixed WHERE kind = 'firm')`).Scan(&any); err != nil || !any {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT firm FROM aliases WHERE key = ? AND firm <> ''`, key)
	firms, err := collect(rows, err, scanText)
	if err != nil {
		return nil, err
	}
	rows, err = tx.QueryContext(ctx, `SELECT DISTINCT root FROM firms WHERE key IN (`+keysNamed("firm")+`)`, jsonList(firms))
	return collect(rows, err, scanText)
}

// key reads what the store has of a key, once.
func (l *lineup) key(key string) (*keyNames, error) {
	if k := l.keys[key]; k != nil {
		return k, nil
	}
	fixed, err := fixedOf(l.ctx, l.tx, key)
	if err != nil {
		return nil, err
	}
	rows, err := l.tx.QueryContext(l.ctx, `SELECT DISTINCT firm, person_id FROM aliases WHERE key = ? ORDER BY firm`, key)
	names, err := collect(rows, err, func(r *sql.Rows, n *ownedName) error {
		n.key = key
		return r.Scan(&n.firm, &n.person)
	})
	if err != nil {
		return nil, err
	}
	rows, err = l.tx.QueryContext(l.ctx, `SELECT firm, coalesce(j.main, firm), year, subject, months, roles, quotes FROM sightings s
		LEFT JOIN joined j ON j.kind = 'firm' AND j.key = s.firm WHERE s.key = ?`, key)
	type sightingAt struct {
		firm string // by its own key
		tenor.Sighting
	}
	sightings, err := collect(rows, err, func(r *sql.Rows, s *sightingAt) error {
		return r.Scan(&s.firm, &s.Firm, &s.Year, &s.Subject, &s.Months, &s.Roles, &s.Quotes)
	})
	if err != nil {
		return nil, err
	}
	// What nobody decided may be several people's.
	main, part := map[string]string{}, map[string]string{}
	free := tenor.Name{Key: key}
	for _, s := range sightings {
		main[s.firm] = s.Firm
		if fixed.of(s.firm) == 0 {
			free.Seen = append(free.Seen, s.Sighting)
		}
	}
	if parts := free.Parts(); len(parts) > 1 {
		for _, firms := range parts {
			for _, firm := range firms {
				part[firm] = firms[0]
			}
		}
	}
	k := &keyNames{}
	type whose struct {
		person int64
		part   string
	}
	at := map[whose]int{}
	for _, n := range names {
		w := whose{person: fixed.of(n.firm)}
		if w.person == 0 {
			w.part = part[main[n.firm]]
		}
		i, ok := at[w]
		if !ok {
			i = len(k.units)
			at[w] = i
			k.units = append(k.units, unit{Name: tenor.Name{Key: key, Part: w.part, Fixed: w.person}})
		}
		u := &k.units[i]
		u.names = append(u.names, n)
		for _, s := range sightings {
			if s.firm == n.firm {
				u.Seen = append(u.Seen, s.Sighting)
			}
		}
	}
	l.keys[key] = k
	return k, nil
}

// fixedFirms says, by firm, whose a name is because somebody said so; * is any firm
// that has no entry.
type fixedFirms map[string]int64

func (f fixedFirms) of(firm string) int64 {
	if id, ok := f[firm]; ok {
		return id
	}
	return f["*"]
}

func fixedOf(ctx context.Context, tx *sql.Tx, key string) (fixedFirms, error) {
	rows, err := tx.QueryContext(ctx, `SELECT firm, person_id FROM people_fixed WHERE key = ?`, key)
	list, err := collect(rows, err, func(r *sql.Rows, n *ownedName) error { return r.Scan(&n.firm, &n.person) })
	fixed := fixedFirms{}
	for _, n := range list {
		fixed[n.firm] = n.person
	}
	return fixed, err
}

// freePerson is who some names are from now on: the first of those who had them, if
// it is nobody else by now, or somebody new.
func (l *lineup) freePerson(names []ownedName, taken map[int64]bool) (int64, error) {
	var people []int64
	for _, n := range names {
		people = append(people, n.person)
	}
	slices.Sort(people)
	for _, id := range slices.Compact(people) {
		if taken[id] {
			continue
		}
		var fixed bool
		if err := l.tx.QueryRowContext(l.ctx, `SELECT EXISTS (SELECT 1 FROM people_fixed WHERE person_id = ?)`, id).Scan(&fixed); err != nil {
			return 0, err
		}
		if !fixed {
			return id, nil
		}
	}
	return newPerson(l.ctx, l.tx, "", strings.HasPrefix(names[0].key, "firm:"))
}
