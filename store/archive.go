package store

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"tenor"
)

// PageInfo is a stored page without its bytes, and what its article says of it.
type PageInfo struct {
	Article   tenor.Article // without text; ID, File, URL, Outlet, Title, Published
	Source    string        // that led to it first
	URL       string        // of the last hop; empty for a file that names none
	Status    int           // 0: imported from a file
	FetchedAt time.Time
	SHA256    string // of the body, hex
	Size      int64  // of the body, bytes
	Truncated bool
}

// PageFilter chooses stored pages; what is nil or empty chooses all.
type PageFilter struct {
	From, To *tenor.Day // of the fetch, UTC, both included
	Source   string
}

// Pages are the stored pages that match, in the order in which they were fetched.
// Page gives the bytes of one.
func (s *Store) Pages(ctx context.Context, f PageFilter) iter.Seq2[PageInfo, error] {
	var where []string
	var args []any
	add := func(clause string, value any) {
		where, args = append(where, clause), append(args, value)
	}
	if f.From != nil {
		add("p.fetched_at >= ?", f.From.Time().Unix())
	}
	if f.To != nil {
		add("p.fetched_at < ?", (*f.To + 1).Time().Unix())
	}
	if f.Source != "" {
		add("a.source = ?", f.Source)
	}
	clause := ""
	if len(where) > 0 {
		clause = "WHERE " + strings.Join(where, " AND ")
	}
	return func(yield func(PageInfo, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT a.id, a.file, a.url, a.outlet, a.title, a.published, a.published_source, a.source,
				p.url, p.status, p.fetched_at, p.sha256, p.size, p.truncated
			FROM pages p JOIN articles a ON a.id = p.article_id `+clause+` ORDER BY p.fetched_at, p.url, a.key`, args...)
		if err != nil {
			yield(PageInfo{}, fmt.Errorf("read the stored pages: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var p PageInfo
			var published, publishedSource string
			var fetched int64
			err := rows.Scan(&p.Article.ID, &p.Article.File, &p.Article.URL, &p.Article.Outlet, &p.Article.Title, &published, &publishedSource,
				&p.Source, &p.URL, &p.Status, &fetched, &p.SHA256, &p.Size, &p.Truncated)
			if err == nil {
				p.FetchedAt = instant(fetched)
				p.Article.Published, err = tenor.ParseDate(published, publishedSource)
			}
			if err != nil {
				yield(PageInfo{}, fmt.Errorf("read the stored pages: %w", err))
				return
			}
			if !yield(p, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(PageInfo{}, fmt.Errorf("read the stored pages: %w", err))
		}
	}
}
