package store

import (
	"context"
	"database/sql"

	"tenor"
)

// joinedOutlets are the outlets that are counted under another key, or have a name that
// somebody gave.
type joinedOutlets struct {
	main  map[string]string // key → the one it is counted under
	given map[string]string // that one → name
}

func readOutlets(ctx context.Context, q querier) (o joinedOutlets, err error) {
	if o.main, err = joinedKeys(ctx, q, "outlet"); err != nil {
		return o, err
	}
	o.given, err = givenNames(ctx, q, "outlet")
	return o, err
}

// givenNames are the names that somebody gave, by the key that they stand for.
func givenNames(ctx context.Context, q querier, kind string) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT main, name FROM joined_named WHERE kind = ?`, kind)
	list, err := collect(rows, err, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) })
	given := make(map[string]string, len(list))
	for _, p := range list {
		given[p[0]] = p[1]
	}
	return given, err
}

// outletTally counts by outlet.
type outletTally struct {
	joined joinedOutlets
	counts map[string]*outletCount
}

type outletCount struct {
	name string // the last of the spellings of its own key, or where it has none of all
	own  bool
	n    int
}

func (o joinedOutlets) tally() outletTally { return outletTally{o, map[string]*outletCount{}} }

func (t outletTally) add(key, name string, n int) {
	main, other := t.joined.main[key]
	if !other {
		main = key
	}
	c := t.counts[main]
	if c == nil {
		c = &outletCount{}
		t.counts[main] = c
	}
	c.n += n
	if !other && !c.own {
		c.name, c.own = name, true
	} else if c.own != other {
		c.name = max(c.name, name)
	}
}

func (t outletTally) each(yield func(name string, n int)) {
	for main, c := range t.counts {
		if given := t.joined.given[main]; given != "" {
			c.name = given
		}
		yield(c.name, c.n)
	}
}

// seeOutlet notes on which host an article's outlet was read. Nearly always that is
// known. was is the key of the outlet that the article had before.
func seeOutlet(ctx context.Context, tx *sql.Tx, a *tenor.Article, was string) error {
	key := tenor.OutletKey(a.Outlet)
	if key != was && was != "" {
		if err := missOutlet(ctx, tx, was); err != nil {
			return err
		}
	}
	if key == "" {
		return nil
	}
	res, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO outlets (key, host) VALUES (?, ?)`, key, tenor.HostOf(a.URL))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = outletJoiner.settle(ctx, tx, []string{key})
	return err
}

// missOutlet drops what no article says any longer of an outlet's hosts.
func missOutlet(ctx context.Context, tx *sql.Tx, key string) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT url FROM articles WHERE outlet_key = ?`, key)
	addresses, err := collect(rows, err, scanText)
	if err != nil {
		return err
	}
	hosts := []string{}
	for _, address := range addresses {
		hosts = append(hosts, tenor.HostOf(address))
	}
	near, err := outletJoiner.near(ctx, tx, []string{key})
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM outlets WHERE key = ? AND host NOT IN (SELECT value FROM json_each(?))`, key, jsonList(hosts))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if len(hosts) == 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM joined WHERE kind = 'outlet' AND key = ?`, key); err != nil {
			return err
		}
	}
	_, err = outletJoiner.settle(ctx, tx, near)
	return err
}
