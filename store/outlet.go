package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// mostCopying is how many outlets Copying names on each side.
const mostCopying = 20

// Copying is from whom an outlet has the words that others reported before it, and who has
// them from it: by the first report of each utterance. Within an outlet nothing is copied.
func (s *Store) Copying(ctx context.Context, outlet string) (tenor.Copying, error) {
	var c tenor.Copying
	fail := func(err error) (tenor.Copying, error) {
		return tenor.Copying{}, fmt.Errorf("copies of %q: %w", outlet, err)
	}
	key := tenor.OutletKey(outlet)
	if key == "" {
		return c, nil
	}
	tx, err := s.read.BeginTx(ctx, nil) // one state of the store for all three
	if err != nil {
		return fail(err)
	}
	defer tx.Rollback()
	scan := func(r *sql.Rows, o *tenor.OutletCount) error { return r.Scan(&o.Outlet, &o.Reports) }
	// Each goes through the outlet's own articles, in this order: a whole store has too many
	// copies to look at while somebody waits.
	rows, err := tx.QueryContext(ctx, `SELECT max(f.outlet), count(*) FROM articles a CROSS JOIN quotes q ON q.article_id = a.id
			CROSS JOIN quotes o ON o.id = q.copy_of CROSS JOIN articles f ON f.id = o.article_id
		WHERE a.outlet_key = ? AND f.outlet_key NOT IN ('', a.outlet_key) GROUP BY f.outlet_key ORDER BY 2 DESC, 1`, key)
	if c.From, err = collect(rows, err, scan); err != nil {
		return fail(err)
	}
	const repeated = ` FROM articles f CROSS JOIN quotes o ON o.article_id = f.id
			CROSS JOIN quotes q INDEXED BY quotes_by_cluster ON q.copy_of = o.id CROSS JOIN articles a ON a.id = q.article_id
		WHERE f.outlet_key = ? AND a.outlet_key NOT IN ('', f.outlet_key)`
	rows, err = tx.QueryContext(ctx, `SELECT max(a.outlet), count(*)`+repeated+` GROUP BY a.outlet_key ORDER BY 2 DESC, 1`, key)
	if c.By, err = collect(rows, err, scan); err != nil {
		return fail(err)
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(DISTINCT o.id)`+repeated, key).Scan(&c.First); err != nil {
		return fail(err)
	}
	for _, from := range c.From {
		c.Copied += from.Reports
	}
	c.From, c.By = c.From[:min(len(c.From), mostCopying)], c.By[:min(len(c.By), mostCopying)]
	return c, nil
}
