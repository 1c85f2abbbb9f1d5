package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
)

// mostChanges is up to how many changes are followed within a request: some five seconds
// of a crawl at full speed, and fewer than the table of changes keeps. After more the
// columns are read anew in the background.
const mostChanges = 50_000

// errBehind says that the columns have to be read anew.
var errBehind = errors.New("too much has changed")

// aName is what changedSince gives where a person or firm got another name.
const aName = -1

// changedSince are the seqs of quotes that changed between two states, in order, or
// not ok where they are too many or not known any longer.
func changedSince(ctx context.Context, tx *sql.Tx, was, at int64, most int64) (seqs []int64, ok bool, err error) {
	if at-was > most {
		return nil, false, nil
	}
	var first int64
	if err := tx.QueryRowContext(ctx, `SELECT min(n) FROM changes`).Scan(&first); err != nil || first > was+1 {
		return nil, false, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT coalesce(seq, ?) FROM changes WHERE n > ? AND n <= ? ORDER BY 1`, aName, was, at)
	seqs, err = collect(rows, err, func(rows *sql.Rows, seq *int64) error { return rows.Scan(seq) })
	return seqs, err == nil, err
}

// follow makes the columns those of the state that a transaction sees, where the last
// change is at.
func (r *columnReader) follow(ctx context.Context, tx *sql.Tx, at int64) error {
	changed, ok, err := changedSince(ctx, tx, r.now.at, at, mostChanges)
	if err != nil {
		return err
	} else if !ok {
		return errBehind
	}
	c := *r.now
	c.at = at
	renamed := len(changed) > 0 && changed[0] == aName
	if renamed {
		changed = changed[1:]
	}
	list := jsonList(changed)
	if err := r.printings(ctx, tx, `id IN (SELECT article_id FROM quotes WHERE seq IN (SELECT value FROM json_each(?)))`, list); err != nil {
		return err
	}
	fresh, err := r.rows(ctx, tx, &r.dict, `seq IN (SELECT value FROM json_each(?)) ORDER BY seq`, list)
	if err != nil {
		return err
	}
	c.chunks = replaceRows(r.now.chunks, changed, fresh)
	known := r.now.names
	if renamed {
		known = &entityNames{}
	}
	if c.names, err = r.readNames(ctx, tx, known); err != nil {
		return err
	}
	r.publish(&c)
	return nil
}

// replaceRows are the chunks without the rows that changed, and with the fresh ones. Both
// lists are in order.
func replaceRows(chunks []*chunk, changed []int64, fresh []quoteRow) []*chunk {
	if len(chunks) == 0 {
		return chunked(fresh)
	}
	list := make([]*chunk, 0, len(chunks)+1)
	for i, old := range chunks {
		gone, come := len(changed), len(fresh) // those in the chunk's range
		if i+1 < len(chunks) {
			end := chunks[i+1].first()
			gone, _ = slices.BinarySearch(changed, end)
			come, _ = slices.BinarySearchFunc(fresh, end, bySeq)
		}
		if gone == 0 {
			list = append(list, old)
			continue
		}
		merged := old.without(changed[:gone], fresh[:come])
		switch {
		case len(merged) > 2*chunkRows:
			list = append(list, chunked(merged)...)
		case len(merged) > 0:
			one := newChunk(len(merged))
			for j := range merged {
				one.add(&merged[j])
			}
			list = append(list, one)
		}
		changed, fresh = changed[gone:], fresh[come:]
	}
	return list
}

// without are the rows of a chunk but those that changed, among the fresh ones.
func (c *chunk) without(changed []int64, fresh []quoteRow) []quoteRow {
	rows := make([]quoteRow, 0, len(c.seq)+len(fresh))
	for i, seq := range c.seq {
		for len(fresh) > 0 && fresh[0].seq < seq {
			rows, fresh = append(rows, fresh[0]), fresh[1:]
		}
		for len(changed) > 0 && changed[0] < seq {
			changed = changed[1:]
		}
		if len(changed) == 0 || changed[0] != seq {
			rows = append(rows, c.row(i))
		}
	}
	return append(rows, fresh...)
}

func bySeq(q quoteRow, seq int64) int { return cmp.Compare(q.seq, seq) }
