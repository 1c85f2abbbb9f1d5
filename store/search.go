package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"

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
// in all and how they spread. The cursor is the Next of the page before, or empty
// for the first; a page has 50 rows unless limit says otherwise, and at most 500.
func (s *Store) Search(ctx context.Context, f tenor.Filter, cursor string, limit int) (tenor.Results, error) {
	res, err := s.search(ctx, f, cursor, limit)
	if err != nil {
		return tenor.Results{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

func (s *Store) search(ctx context.Context, f tenor.Filter, cursor string, limit int) (res tenor.Results, err error) {
	switch {
	case limit <= 0:
		limit = defaultPage
	case limit > maxPageRows:
		limit = maxPageRows
	}
	sel, err := selectQuotes(f)
	if err != nil {
		return res, err
	}
	below := int64(math.MaxInt64)
	if cursor != "" {
		if below, err = strconv.ParseInt(cursor, 36, 64); err != nil || below < 0 {
			return res, fmt.Errorf("cursor: %q is not one that a page of results gave (%w)", cursor, tenor.ErrUsage)
		}
	}
	if _, _, res.Also, err = matchQuery(f.Query, f.Exact); err != nil || sel.none {
		return res, err
	}
	tx, c, err := s.begin(ctx) // one state of the store for page, total and facets
	if err != nil {
		return res, err
	}
	defer tx.Rollback()
	var places []place
	var counted tally
	if c != nil && f.AsOf == nil {
		var p picker
		if p, err = pickQuotes(ctx, tx, c, f); err != nil {
			return res, err
		}
		if places, err = c.page(ctx, tx, &p, below, limit+1); err == nil {
			counted, err = c.tally(ctx, tx, &p, f.Topics)
		}
	} else {
		page := sel
		page.where, page.args = slices.Clip(page.where), slices.Clip(page.args)
		page.add(page.seq()+" < ?", below)
		if places, err = readPage(ctx, tx, page, limit+1); err == nil {
			counted, err = count(ctx, tx, sel, f.Topics)
		}
	}
	if err != nil {
		return res, err
	}
	if f.Sort == tenor.SortRelevance {
		var ranked []place
		if ranked, res.Unsorted, err = readRanked(ctx, tx, f, sel, cursor != "", below, limit+1); err != nil {
			return res, err
		} else if !res.Unsorted {
			places = ranked
		}
	}
	if len(places) > limit {
		places = places[:limit]
		res.Next = strconv.FormatInt(places[limit-1].seq, 36)
	}
	res.Records = make([]tenor.Record, len(places))
	for i := range places {
		res.Records[i] = places[i].Record
	}
	res.Total, res.Facets = counted.total, counted.facets()
	return res, nil
}

func readPage(ctx context.Context, tx *sql.Tx, sel selection, limit int) ([]place, error) {
	query, args := sel.query(recordColumns, true)
	rows, err := tx.QueryContext(ctx, query+` LIMIT ?`, append(slices.Clip(args), limit)...)
	return collect(rows, err, scanRecord)
}

// mostRanked is up to how many quotes that hold the words are ranked: to know the best
// of them each has to be looked at.
const mostRanked = 20_000

// readRanked are the rows of a selection by relevance: those after a seq where they are
// continued. It is refused where too many hold the words, or there are none to rank by.
func readRanked(ctx context.Context, tx *sql.Tx, f tenor.Filter, sel selection, continued bool, after int64, limit int) (list []place, refused bool, err error) {
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
	seqs, err := collect(rows, err, func(r *sql.Rows, seq *int64) error { return r.Scan(seq, new(float64)) })
	if err != nil {
		return nil, false, err
	}
	if continued {
		at := slices.Index(seqs, after)
		if at < 0 {
			return nil, false, fmt.Errorf("cursor: the quote that the page before ended with is gone, begin again (%w)", tenor.ErrUsage)
		}
		seqs = seqs[at+1:]
	}
	seqs = seqs[:min(len(seqs), limit)]
	list, err = readInOrder(ctx, tx, seqs, sel.past)
	return list, false, err
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
