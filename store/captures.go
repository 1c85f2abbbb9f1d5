package store

import (
	"context"
	"database/sql"
	"time"

	"tenor"
)

// olderCapture reports whether a page was fetched before the one that is stored.
func olderCapture(ctx context.Context, tx *sql.Tx, id int64, page *tenor.Page) (older bool, err error) {
	if page == nil || page.FetchedAt.IsZero() {
		return false, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pages WHERE article_id = ? AND fetched_at > ?)`,
		id, unix(page.FetchedAt)).Scan(&older)
	return older, err
}

// keepOlder puts an older capture of an article among its versions, where it has other
// words than the next one and is not there yet. Its quotes count nowhere.
func keepOlder(ctx context.Context, tx *sql.Tx, id int64, a *tenor.Article, p *packedPage, quotes []tenor.Quote, tagger string, now time.Time) error {
	var here bool
	var number int
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM versions WHERE article_id = ?1 AND page_sha256 = ?3),
		1 + (SELECT coalesce(max(version), 0) FROM versions WHERE article_id = ?1 AND coalesce(page_fetched_at, known_at) <= ?2)`,
		id, unix(p.FetchedAt), p.sha256).Scan(&here, &number)
	if err != nil || here {
		return err
	}
	all, err := readVersions(ctx, tx, id)
	if err != nil {
		return err
	}
	next := &all[number-1]
	if tenor.SameWording(next.Title, next.Text, a.Title, a.Text) {
		return nil
	}
	for _, shift := range []string{
		`UPDATE versions SET version = -version - 1 WHERE article_id = ? AND version >= ?`,
		`UPDATE versions SET version = -version WHERE article_id = ? AND version < 0 AND ? > 0`,
		`UPDATE past_quotes SET version = version + 1 WHERE article_id = ? AND version >= ?`,
	} {
		if _, err := tx.ExecContext(ctx, shift, id, number); err != nil {
			return err
		}
	}
	enc, err := encoder()
	if err != nil {
		return err
	}
	packed, err := marshalQuotes(quotes)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO versions (article_id, version, title, published, published_source, known_at, until,
			tagger, quotes, text, page_fetched_at, page_sha256, page_size, page) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, number, a.Title, a.Published.String(), a.Published.Source, unix(now), unix(next.KnownAt), tagger, packed,
		enc.EncodeAll([]byte(a.Text), nil), unix(p.FetchedAt), p.sha256, len(p.Body), p.body)
	return err
}
