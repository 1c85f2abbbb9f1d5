package store

import (
	"context"
	"fmt"

	"tenor"
)

// Capture says of the stored page of an article what there is to say without its bytes, or
// tenor.ErrNotFound.
func (s *Store) Capture(ctx context.Context, articleID int64) (tenor.Capture, error) {
	var c tenor.Capture
	var fetched int64
	err := s.read.QueryRowContext(ctx, `SELECT url, status, fetched_at, sha256, size, truncated FROM pages WHERE article_id = ?`, articleID).
		Scan(&c.URL, &c.Status, &fetched, &c.SHA256, &c.Size, &c.Truncated)
	if err != nil {
		return c, fmt.Errorf("page of article %d: %w", articleID, noRows(err))
	}
	c.FetchedAt = instant(fetched)
	return c, nil
}
