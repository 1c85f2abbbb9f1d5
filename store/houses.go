package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tenor"
)

// joinerOf is the joiner of a kind.
func joinerOf(kind string) (*joiner, error) {
	switch kind {
	case tenor.KindFirm:
		return &firmJoiner, nil
	case tenor.KindOutlet:
		return &outletJoiner, nil
	}
	return nil, &tenor.ValueError{Name: "kind", Value: kind, Allowed: []string{tenor.KindFirm, tenor.KindOutlet}}
}

// spelledAs reads every name of a kind as articles write it: key, name, quotes, and over
// quotes q how many have a day, the first and the last seq.
func (j *joiner) spelledAs() string {
	if j.kind == tenor.KindFirm {
		return `SELECT f.key, iif(q.firm = '', q.speaker, q.firm), ` + quoteCounts + ` FROM quotes q JOIN firms f ON f.id = q.firm_id`
	}
	return `SELECT a.outlet_key, a.outlet, ` + quoteCounts + ` FROM articles a JOIN quotes q ON q.article_id = a.id`
}

// keyColumn is where spelledAs has the key.
func (j *joiner) keyColumn() string {
	if j.kind == tenor.KindFirm {
		return "f.key"
	}
	return "a.outlet_key"
}

// houses reads the firms or outlets of which a clause chooses the keys.
func (j *joiner) houses(ctx context.Context, q querier, clause string, args ...any) (map[string]*tenor.House, error) {
	main, err := joinedKeys(ctx, q, j.kind)
	if err != nil {
		return nil, err
	}
	given, err := givenNames(ctx, q, j.kind)
	if err != nil {
		return nil, err
	}
	named := map[string]string{} // plainest name of each key
	if j.kind == tenor.KindFirm {
		rows, err := q.QueryContext(ctx, `SELECT key, name FROM firms`)
		list, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			named[p[0]] = p[1]
		}
	}
	rows, err := q.QueryContext(ctx, j.spelledAs()+clause+` GROUP BY 1, 2 ORDER BY 3 DESC, 2`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	houses := map[string]*tenor.House{}
	for rows.Next() {
		var n tenor.HouseName
		var dated int
		var first, last int64
		if err := rows.Scan(&n.Key, &n.Name, &n.Quotes, &dated, &first, &last); err != nil {
			return nil, err
		}
		if n.Key == "" {
			continue
		}
		key := n.Key
		if m, ok := main[key]; ok {
			key = m
		}
		h := houses[key]
		if h == nil {
			h = &tenor.House{Key: key}
			houses[key] = h
		}
		h.Names = append(h.Names, n)
		h.Quotes += n.Quotes
		var from, to tenor.Day
		if setDays(dated, first, last, &from, &to) {
			if !h.Dated || from < h.First {
				h.First = from
			}
			if !h.Dated || to > h.Last {
				h.Last = to
			}
			h.Dated = true
		}
	}
	for key, h := range houses {
		h.Name = given[key]
		if h.Name == "" {
			h.Name = named[key]
		}
		for _, n := range h.Names {
			if h.Name == "" || j.kind == tenor.KindOutlet && given[key] == "" && n.Key == key && n.Name > h.Name {
				h.Name = n.Name
			}
		}
	}
	return houses, rows.Err()
}

// Houses are the firms or outlets that are called so by one of their names, or a part of
// it, those with most quotes first; an empty name means all, limit 0 no limit.
func (s *Store) Houses(ctx context.Context, kind, name string, limit int) ([]tenor.House, error) {
	j, err := joinerOf(kind)
	if err != nil {
		return nil, err
	}
	all, err := j.houses(ctx, s.read, ``)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", j.command, err)
	}
	wanted := tenor.FoldText(name)
	if wanted == "" && strings.TrimSpace(name) != "" {
		return nil, nil
	}
	var list []tenor.House
	for _, h := range all {
		if strings.Contains(tenor.FoldText(h.Name), wanted) || slices.ContainsFunc(h.Names, func(n tenor.HouseName) bool {
			return strings.Contains(tenor.FoldText(n.Name), wanted)
		}) {
			list = append(list, *h)
		}
	}
	slices.SortFunc(list, func(a, b tenor.House) int {
		if a.Quotes != b.Quotes {
			return b.Quotes - a.Quotes
		}
		return strings.Compare(a.Key, b.Key)
	})
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, nil
}

// House is one firm or outlet with all that is known: its names, what ties them, what was
// decided. That nobody is called so is an ErrNotFound.
func (s *Store) House(ctx context.Context, kind, name string) (tenor.House, error) {
	j, err := joinerOf(kind)
	if err != nil {
		return tenor.House{}, err
	}
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return tenor.House{}, fmt.Errorf("%s %q: %w", j.noun, name, err)
	}
	defer tx.Rollback()
	h, err := j.house(ctx, tx, name)
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("%s %q: %w", j.noun, name, err)
	}
	return h, err
}

func (j *joiner) house(ctx context.Context, tx *sql.Tx, name string) (tenor.House, error) {
	main, keys, err := j.find(ctx, tx, name)
	if err != nil {
		return tenor.House{}, err
	}
	found, err := j.houses(ctx, tx, ` WHERE `+j.keyColumn()+` IN (SELECT value FROM json_each(?))`, jsonList(keys))
	if err != nil {
		return tenor.House{}, err
	}
	h := found[main]
	if h == nil {
		h = &tenor.House{Key: main, Name: name}
	}
	near, _, err := j.together(ctx, tx, keys)
	if err != nil {
		return *h, err
	}
	ties, err := j.ties(ctx, tx, near)
	if err != nil {
		return *h, err
	}
	for _, t := range ties {
		if (slices.Contains(keys, t.A) || slices.Contains(keys, t.B)) && slices.Contains(near, t.A) && slices.Contains(near, t.B) {
			h.Ties = append(h.Ties, t)
		}
	}
	entries, err := j.entries(ctx, tx, `WHERE kind = ? AND EXISTS (SELECT 1 FROM json_each(l.keys) WHERE value IN (SELECT value FROM json_each(?)))
		ORDER BY id DESC`, j.kind, jsonList(keys))
	for _, e := range entries {
		h.Decisions = append(h.Decisions, e.Decision)
	}
	return *h, err
}

// find is what a user means by a name: the key that its names are counted under, and all
// its keys.
func (j *joiner) find(ctx context.Context, q querier, name string) (main string, keys []string, err error) {
	key := j.key(name)
	table := map[string]string{tenor.KindFirm: "firms", tenor.KindOutlet: "outlets"}[j.kind]
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT coalesce((SELECT main FROM joined j WHERE j.kind = ?1 AND j.key = t.key), t.key)
		FROM `+table+` t WHERE t.key = ?2 AND ?2 <> ''`, j.kind, key)
	mains, err := collect(rows, err, scanText)
	if err == nil && len(mains) == 0 {
		rows, err = q.QueryContext(ctx, `SELECT main FROM joined_named WHERE kind = ? AND key = ? AND key <> ''`, j.kind, key)
		mains, err = collect(rows, err, scanText)
	}
	switch {
	case err != nil:
		return "", nil, err
	case len(mains) == 0:
		return "", nil, &refusal{fmt.Sprintf("no %s here is called %q: tenor %s list shows them", j.noun, name, j.command), tenor.ErrNotFound}
	}
	rows, err = q.QueryContext(ctx, `SELECT DISTINCT key FROM `+table+` t WHERE key = ?2 OR key IN (SELECT key FROM joined WHERE kind = ?1 AND main = ?2) ORDER BY 1`, j.kind, mains[0])
	keys, err = collect(rows, err, scanText)
	return mains[0], keys, err
}
