package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/bits"

	"tenor"
)

// overlapFrom is the share of an article's runs of three words that another must
// have to be the same story: equal fingerprints alone may be chance.
const overlapFrom = 0.7

// mostAlike bounds the articles whose texts are read to find the same story.
const mostAlike = 50

// Reprints are the other articles that print the same story as one does, word for
// word or nearly, the earliest first.
func (s *Store) Reprints(ctx context.Context, articleID int64) ([]tenor.Reprint, error) {
	fail := func(err error) ([]tenor.Reprint, error) {
		return nil, fmt.Errorf("reprints of article %d: %w", articleID, err)
	}
	var text string
	var hash sql.NullInt64
	var packed []byte
	err := s.read.QueryRowContext(ctx, `SELECT text, packed, simhash FROM articles WHERE id = ?`, articleID).Scan(&text, &packed, &hash)
	if err == nil {
		text, err = unpackText(text, packed)
	}
	if err != nil {
		return fail(noRows(err))
	}
	if !hash.Valid {
		return nil, nil
	}
	rows, err := s.read.QueryContext(ctx, `SELECT id, simhash FROM articles WHERE id <> ?2 AND simhash IS NOT NULL AND (
		simhash & 65535 = ?1 & 65535 OR simhash >> 16 & 65535 = ?1 >> 16 & 65535
		OR simhash >> 32 & 65535 = ?1 >> 32 & 65535 OR simhash >> 48 & 65535 = ?1 >> 48 & 65535)`, hash.Int64, articleID)
	type candidate struct{ id, hash int64 }
	near, err := collect(rows, err, func(rows *sql.Rows, c *candidate) error { return rows.Scan(&c.id, &c.hash) })
	if err != nil {
		return fail(err)
	}
	var ids []int64
	for _, c := range near {
		if bits.OnesCount64(uint64(c.hash^hash.Int64)) <= tenor.SimhashBits {
			ids = append(ids, c.id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err = s.read.QueryContext(ctx, `SELECT id, outlet, title, published, published_source, text, packed FROM articles
		WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published = '', published, id LIMIT ?`, jsonList(ids), mostAlike)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	var list []tenor.Reprint
	for rows.Next() {
		var r tenor.Reprint
		var published, source, other string
		var packed []byte
		if err := rows.Scan(&r.ArticleID, &r.Outlet, &r.Title, &published, &source, &other, &packed); err != nil {
			return fail(err)
		}
		if other, err = unpackText(other, packed); err != nil {
			return fail(err)
		}
		if tenor.Overlap(text, other) < overlapFrom {
			continue
		}
		if r.Published, err = tenor.ParseDate(published, source); err != nil {
			return fail(err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	return list, nil
}

// fingerprint is an article's simhash as it is stored.
func fingerprint(text string) sql.NullInt64 {
	hash := tenor.Simhash(text)
	return sql.NullInt64{Int64: int64(hash), Valid: hash != 0}
}
