package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

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
	tx, columns, err := s.begin(ctx) // one state of the store for all three
	if err != nil {
		return fail(err)
	}
	defer tx.Rollback()
	if columns != nil {
		return columns.copying(key), nil
	}
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

// copying is the same from memory: of the outlet's own quotes it notes which they are and
// of which they are copies, and then looks for the others among all.
func (c *columns) copying(key string) tenor.Copying {
	own := mark(c.outlets, func(o *outletName) bool { return o.key == key })
	other := mark(c.outlets, func(o *outletName) bool { return o.key != key && o.key != "" })
	var said, copied idSet
	reports := map[uint64]int{} // copies at the outlet, by the quote that they repeat
	c.walk(&picker{to: math.MaxInt64}, math.MinInt64, math.MaxInt64, func(one *chunk, i int, _ uint32) bool {
		if own[c.outletOf[one.article[i]]] {
			said.add(one.id[i])
			if one.cluster[i] != one.id[i] {
				copied.add(one.cluster[i])
				reports[one.cluster[i]]++
			}
		}
		return true
	})
	from, by := make([]int, len(c.outlets)), make([]int, len(c.outlets))
	repeated := map[uint64]bool{}
	for _, one := range c.chunks {
		for i, id := range one.id {
			if copied.has(id) {
				if at := c.outletOf[one.article[i]]; other[at] {
					from[at] += reports[id]
				}
			}
			if first := one.cluster[i]; first != id && said.has(first) {
				if at := c.outletOf[one.article[i]]; other[at] {
					by[at]++
					repeated[first] = true
				}
			}
		}
	}
	all := tenor.Copying{First: len(repeated), From: c.outletCounts(from), By: c.outletCounts(by)}
	for _, one := range all.From {
		all.Copied += one.Reports
	}
	all.From, all.By = all.From[:min(len(all.From), mostCopying)], all.By[:min(len(all.By), mostCopying)]
	return all
}

// outletCounts are the outlets that were counted, each under the last of its spellings
// there, the commonest first.
func (c *columns) outletCounts(counts []int) (list []tenor.OutletCount) {
	at := map[string]int{}
	for i, n := range counts {
		if n == 0 {
			continue
		}
		o := &c.outlets[i]
		k, known := at[o.key]
		if !known {
			k = len(list)
			at[o.key], list = k, append(list, tenor.OutletCount{})
		}
		list[k].Outlet, list[k].Reports = max(list[k].Outlet, o.name), list[k].Reports+n
	}
	slices.SortFunc(list, func(a, b tenor.OutletCount) int {
		return cmp.Or(cmp.Compare(b.Reports, a.Reports), cmp.Compare(a.Outlet, b.Outlet))
	})
	return list
}

// idSet are some quotes by identifier. Most of a million are in no set, which one bit says
// of each: identifiers are sums, so their last bits are spread evenly.
type idSet struct {
	bits []uint64
	ids  map[uint64]struct{}
}

// idBits is how many of an identifier's bits choose its bit.
const idBits = 20

func (s *idSet) add(id uint64) {
	if s.bits == nil {
		s.bits, s.ids = make([]uint64, 1<<idBits/64), map[uint64]struct{}{}
	}
	s.bits[id>>6&(1<<idBits/64-1)] |= 1 << (id & 63)
	s.ids[id] = struct{}{}
}

func (s *idSet) has(id uint64) bool {
	if s.bits == nil || s.bits[id>>6&(1<<idBits/64-1)]&(1<<(id&63)) == 0 {
		return false
	}
	_, ok := s.ids[id]
	return ok
}
