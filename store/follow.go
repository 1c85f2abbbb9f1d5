package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
)

// mostChanges is up to how many changes are followed within a request. After more the
// columns are read anew in the background.
const mostChanges = 20_000

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
	fresh, err := r.rows(ctx, tx, ` WHERE q.seq IN (SELECT value FROM json_each(?)) ORDER BY q.seq`, jsonList(changed))
	if err != nil {
		return err
	}
	c.chunks = replaceRows(r.now.chunks, changed, fresh)
	switch people, firms := r.unnamed(fresh); {
	case renamed:
		c.names, err = readNames(ctx, tx, &entityNames{map[int64]string{}, map[int64]string{}, joinedOutlets{}}, ``)
	case len(people)+len(firms) > 0:
		c.names, err = readNames(ctx, tx, r.now.names, ` WHERE person AND id IN (SELECT value FROM json_each(?))
			OR NOT person AND id IN (SELECT value FROM json_each(?))`, jsonList(people), jsonList(firms))
	}
	if err != nil {
		return err
	}
	return r.publish(&c)
}

// unnamed are the people and firms of rows whose names are not known yet.
func (r *columnReader) unnamed(rows []quoteRow) (people, firms []int64) {
	for i := range rows {
		if id := r.people.list[rows[i].person]; id != 0 {
			if _, ok := r.now.names.people[id]; !ok {
				people = append(people, id)
			}
		}
		if id := r.firms.list[rows[i].firm]; id != 0 {
			if _, ok := r.now.names.firms[id]; !ok {
				firms = append(firms, id)
			}
		}
	}
	return people, firms
}

// replaceRows are the chunks without the rows that changed, and with the fresh ones. Both
// lists are in order.
func replaceRows(chunks [][]quoteRow, changed []int64, fresh []quoteRow) [][]quoteRow {
	if len(chunks) == 0 {
		chunks = [][]quoteRow{nil}
	}
	var list [][]quoteRow
	for i, chunk := range chunks {
		gone, come := len(changed), len(fresh) // those in the chunk's range
		if i+1 < len(chunks) {
			end := chunks[i+1][0].seq
			gone, _ = slices.BinarySearch(changed, end)
			come, _ = slices.BinarySearchFunc(fresh, end, bySeq)
		}
		if gone > 0 {
			merged := make([]quoteRow, 0, len(chunk)+come)
			old, dead, next := chunk, changed[:gone], fresh[:come]
			for len(old) > 0 || len(next) > 0 {
				switch {
				case len(old) > 0 && len(dead) > 0 && dead[0] < old[0].seq:
					dead = dead[1:]
				case len(old) > 0 && len(dead) > 0 && dead[0] == old[0].seq:
					old = old[1:]
				case len(next) == 0 || len(old) > 0 && old[0].seq < next[0].seq:
					merged, old = append(merged, old[0]), old[1:]
				default:
					merged, next = append(merged, next[0]), next[1:]
				}
			}
			if chunk = merged; len(chunk) > 2*chunkRows {
				for part := range slices.Chunk(merged, chunkRows) {
					list = append(list, slices.Clone(part))
				}
				chunk = nil
			}
		}
		if len(chunk) > 0 {
			list = append(list, chunk)
		}
		changed, fresh = changed[gone:], fresh[come:]
	}
	return list
}

func bySeq(q quoteRow, seq int64) int { return cmp.Compare(q.seq, seq) }
