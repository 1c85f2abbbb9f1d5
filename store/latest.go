package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tenor"
)

// arrival is a quote as it became known.
type arrival struct {
	known, seq int64
	cluster    uint64
}

// later orders arrivals, the last known first, of equal ones the last published.
func later(a, b arrival) int {
	return cmp.Or(cmp.Compare(b.known, a.known), cmp.Compare(b.seq, a.seq))
}

// Latest are the utterances among the quotes that match which became known last, latest
// first: of several reports of one, that which was known first, so that a copy that comes
// later is nothing new. At most 500, and 50 where limit is 0.
func (s *Store) Latest(ctx context.Context, f tenor.Filter, limit int) ([]tenor.Record, error) {
	list, err := s.latest(ctx, f, limit)
	if err != nil {
		return nil, fmt.Errorf("latest quotes: %w", err)
	}
	return list, nil
}

func (s *Store) latest(ctx context.Context, f tenor.Filter, limit int) ([]tenor.Record, error) {
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, maxPageRows)
	sel, err := selectQuotes(f)
	if err != nil || sel.none {
		return nil, err
	}
	tx, c, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	var seqs []int64
	if c != nil && f.AsOf == nil {
		p, err := pickQuotes(ctx, tx, c, f)
		if err != nil {
			return nil, err
		}
		seqs, err = firstKnown(limit, func(yield func(arrival)) error {
			return c.each(ctx, tx, &p, func(one *chunk, i int, _ uint32) bool {
				yield(arrival{int64(one.known[i]), one.seq[i], one.cluster[i]})
				return true
			})
		})
		if err != nil {
			return nil, err
		}
	} else {
		query, args := sel.query(`q.seq, q.known_at, q.cluster_id`, false)
		rows, err := tx.QueryContext(ctx, query, args...)
		all, err := collect(rows, err, func(r *sql.Rows, one *arrival) error {
			var cluster sql.RawBytes
			if err := r.Scan(&one.seq, &one.known, &cluster); err != nil {
				return err
			}
			var ok bool
			if one.cluster, ok = hexNumber(string(cluster)); !ok {
				return fmt.Errorf("cluster %q: %w", cluster, errDamaged)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		seqs, _ = firstKnown(limit, func(yield func(arrival)) error {
			for _, one := range all {
				yield(one)
			}
			return nil
		})
	}
	places, err := readInOrder(ctx, tx, seqs, sel.past)
	records := make([]tenor.Record, len(places))
	for i := range places {
		records[i] = places[i].Record
	}
	return records, err
}

// firstKnown are the seqs of the latest arrivals that are the first of their cluster. It
// walks over all of them twice, and keeps few: the latest, in which copies may stand, and
// the first of their clusters.
func firstKnown(limit int, each func(yield func(arrival)) error) ([]int64, error) {
	for want := 4 * limit; ; want *= 4 {
		var top []arrival
		var last arrival // of top when it was cut: what came before is not wanted
		all := 0
		if err := each(func(one arrival) {
			all++
			if all > 2*want && later(last, one) < 0 {
				return
			}
			if top = append(top, one); len(top) >= 2*want {
				slices.SortFunc(top, later)
				top = top[:want]
				last = top[want-1]
			}
		}); err != nil {
			return nil, err
		}
		slices.SortFunc(top, later)
		top = top[:min(len(top), want)]
		first := make(map[uint64]arrival, len(top))
		for _, one := range top { // from the latest on
			first[one.cluster] = one
		}
		if err := each(func(one arrival) {
			if known, ok := first[one.cluster]; ok && later(known, one) < 0 {
				first[one.cluster] = one
			}
		}); err != nil {
			return nil, err
		}
		var seqs []int64
		for _, one := range top {
			if first[one.cluster] == one && len(seqs) < limit {
				seqs = append(seqs, one.seq)
			}
		}
		if len(seqs) == limit || all <= want {
			return seqs, nil
		}
	}
}
