package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenor"
)

// Bounds of a page of results.
const (
	defaultPage = 50
	maxPageRows = 500
)

// maxFacetValues bounds how many analysts, firms or outlets a facet lists.
const maxFacetValues = 50

// Search is one page of the quotes that match, newest first, with how many match
// in all and how they spread. The cursor is the Next or Prev of another page, or empty
// for the first; a page has 50 rows unless limit says otherwise, and at most 500.
func (s *Store) Search(ctx context.Context, f tenor.Filter, cursor string, limit int) (tenor.Results, error) {
	switch {
	case limit <= 0:
		limit = defaultPage
	case limit > maxPageRows:
		limit = maxPageRows
	}
	at, err := parseCursor(cursor)
	var res tenor.Results
	if err == nil {
		res, err = s.search(ctx, f, at, limit)
	}
	if err != nil {
		return tenor.Results{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

func (s *Store) search(ctx context.Context, f tenor.Filter, at cursor, limit int) (res tenor.Results, err error) {
	sel, err := selectQuotes(f)
	if err != nil {
		return res, err
	}
	if _, _, res.Also, err = matchQuery(f.Query, f.Exact); err != nil || sel.none {
		return res, err
	}
	tx, c, err := s.begin(ctx) // one state of the store for page, total and facets
	if err != nil {
		return res, err
	}
	defer tx.Rollback()
	var counted tally
	read := func(at cursor) ([]place, error) { return readPage(ctx, tx, sel, at, limit+1) }
	if c != nil && f.AsOf == nil {
		p, err := pickQuotes(ctx, tx, c, f)
		if err != nil {
			return res, err
		}
		if counted, err = c.tally(ctx, tx, &p, f.Topics); err != nil {
			return res, err
		}
		read = func(at cursor) ([]place, error) { return c.page(ctx, tx, &p, at, limit+1) }
	} else if counted, err = count(ctx, tx, sel, f.Topics); err != nil {
		return res, err
	}
	if f.Sort == tenor.SortRelevance {
		var seqs []int64
		if seqs, res.Unsorted, err = rank(ctx, tx, f, sel); err != nil {
			return res, err
		} else if !res.Unsorted {
			read = func(at cursor) ([]place, error) { return readRanked(ctx, tx, sel, seqs, at, limit+1) }
		}
	}
	places, err := read(at)
	if err == nil && at.back && len(places) <= limit { // it is the first page, so that is shown whole
		at = cursor{seq: math.MaxInt64}
		places, err = read(at)
	}
	if err != nil {
		return res, err
	}
	switch more := len(places) > limit; {
	case at.back: // there is more above, and the page that it leads back from below
		places = places[1:]
		res.Prev, res.Next = above(places[0].seq), below(places[limit-1].seq)
	default:
		if more {
			places = places[:limit]
			res.Next = below(places[limit-1].seq)
		}
		if at.given && len(places) > 0 {
			res.Prev = above(places[0].seq)
		}
	}
	res.Records = make([]tenor.Record, len(places))
	for i := range places {
		res.Records[i] = places[i].Record
	}
	res.Total, res.Facets = counted.total, counted.facets()
	return res, nil
}

// readPage are the rows of a selection below a cursor, newest first, or the nearest above it.
func readPage(ctx context.Context, tx *sql.Tx, sel selection, at cursor, limit int) ([]place, error) {
	sel.where, sel.args = slices.Clip(sel.where), slices.Clip(sel.args)
	if at.back {
		sel.add(sel.seq()+" > ?", at.seq)
	} else {
		sel.add(sel.seq()+" < ?", at.seq)
	}
	query, args := sel.query(recordColumns, true)
	if at.back {
		query = strings.TrimSuffix(query, " DESC") + " ASC"
	}
	rows, err := tx.QueryContext(ctx, query+` LIMIT ?`, append(slices.Clip(args), limit)...)
	list, err := collect(rows, err, scanRecord)
	if at.back {
		slices.Reverse(list)
	}
	return list, err
}

// mostRanked is up to how many quotes that hold the words are ranked: to know the best
// of them each has to be looked at.
const mostRanked = 20_000

// rank are the seqs of a selection by relevance. It is refused where too many hold the
// words, or there are none to rank by.
func rank(ctx context.Context, tx *sql.Tx, f tenor.Filter, sel selection) (seqs []int64, refused bool, err error) {
	match, without, _, err := matchQuery(f.Query, f.Exact)
	if err != nil || match == "" || without {
		return nil, true, err
	}
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM quotes_fts WHERE quotes_fts MATCH ?1
			UNION ALL SELECT 1 FROM past_fts WHERE past_fts MATCH ?1 AND ?3 LIMIT ?2)`,
		match, mostRanked+1, sel.past != 0).Scan(&n); err != nil || n > mostRanked {
		return nil, true, err
	}
	query, args := sel.query(`t.rowid, bm25(quotes_fts)`, false)
	rows, err := tx.QueryContext(ctx, query+` ORDER BY 2, 1 DESC`, args...)
	seqs, err = collect(rows, err, func(r *sql.Rows, seq *int64) error { return r.Scan(seq, new(float64)) })
	return seqs, false, err
}

// readRanked are those of the ranked rows that follow a cursor or, back, lead up to it.
func readRanked(ctx context.Context, tx *sql.Tx, sel selection, seqs []int64, from cursor, limit int) ([]place, error) {
	if from.given {
		i := slices.Index(seqs, from.seq)
		switch {
		case i < 0:
			return nil, fmt.Errorf("cursor: the quote at which this page begins or ends is gone, begin again (%w)", tenor.ErrUsage)
		case from.back:
			seqs = seqs[max(0, i-limit):i]
		default:
			seqs = seqs[i+1:]
		}
	}
	seqs = seqs[:min(len(seqs), limit)]
	return readInOrder(ctx, tx, seqs, sel.past)
}

// readInOrder are the quotes with these seqs, in this order, as they stand or as they stood at
// a moment.
func readInOrder(ctx context.Context, tx *sql.Tx, seqs []int64, past int64) ([]place, error) {
	chosen := selection{
		from: "json_each(?) j CROSS JOIN quotes q ON q.seq = j.value CROSS JOIN articles a ON a.id = q.article_id",
		args: []any{jsonList(seqs)}, past: past,
	}
	if past != 0 {
		chosen.add("q.known_at < ?", past)
	}
	query, args := chosen.query(recordColumns, false)
	rows, err := tx.QueryContext(ctx, query, args...)
	list, err := collect(rows, err, scanRecord)
	at := make(map[int64]int, len(seqs))
	for i, seq := range seqs {
		at[seq] = i
	}
	slices.SortFunc(list, func(a, b place) int { return cmp.Compare(at[a.seq], at[b.seq]) })
	return list, err
}
