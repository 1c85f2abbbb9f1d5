package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tenor"
)

// Enqueue adds addresses to the frontier and says how many of them will be
// fetched that were not going to be. An address is fetched once, with two
// exceptions, each at most once a crawl: a source's own address, and one that
// failed for a reason that may have passed (no answer, a time-out, a server error).
func (s *Store) Enqueue(ctx context.Context, fetches ...tenor.Fetch) (added int, err error) {
	if len(fetches) == 0 {
		return 0, nil
	}
	crawl := s.crawl.Load()
	err = s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, f := range fetches {
			if err := addSource(ctx, tx, f.Source); err != nil {
				return err
			}
			res, err := tx.ExecContext(ctx, `INSERT INTO fetches (url, source, kind, depth, entry, state, title, published, published_source)
				VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, ?7, ?8)
				ON CONFLICT (url) DO UPDATE SET
					state = 'queued', reason = '', source = excluded.source, kind = excluded.kind,
					depth = min(depth, excluded.depth), entry = max(entry, excluded.entry),
					title = iif(excluded.title = '', title, excluded.title),
					published = iif(excluded.published = '', published, excluded.published),
					published_source = iif(excluded.published = '', published_source, excluded.published_source)
				WHERE state NOT IN ('queued', 'leased') AND (?9 = 0 OR crawl < ?9)
					AND (excluded.entry = 1 OR state = 'failed' AND (status IN (0, 408, 425, 429) OR status >= 500))`,
				f.URL, f.Source, string(f.Kind), f.Depth, f.Entry, f.Title, f.Published.String(), f.Published.Source, crawl)
			if err != nil {
				return fmt.Errorf("%s: %w", f.URL, err)
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			added += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("queue addresses: %w", err)
	}
	return added, nil
}

// Next takes up to n addresses off the queue, those met first first. They are
// leased: nobody gets them again until Finish says how they fared, or Resume.
func (s *Store) Next(ctx context.Context, n int) ([]tenor.Fetch, error) {
	var list []leased
	err := s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `UPDATE fetches SET state = 'leased'
			WHERE id IN (SELECT id FROM fetches WHERE state = 'queued' ORDER BY id LIMIT ?)
			RETURNING id, url, source, kind, depth, entry, state, title, published, published_source`, max(n, 0))
		list, err = collect(rows, err, func(r *sql.Rows, l *leased) error {
			var published, source string
			if err := r.Scan(&l.id, &l.URL, &l.Source, &l.Kind, &l.Depth, &l.Entry, &l.State, &l.Title, &published, &source); err != nil {
				return err
			}
			var err error
			l.Published, err = tenor.ParseDate(published, source)
			return err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take addresses off the queue: %w", err)
	}
	slices.SortFunc(list, func(a, b leased) int { return int(a.id - b.id) }) // RETURNING has no order
	fetches := make([]tenor.Fetch, len(list))
	for i := range list {
		fetches[i] = list[i].Fetch
	}
	return fetches, nil
}

type leased struct {
	id int64
	tenor.Fetch
}

// Finish records how fetches fared, all in one transaction: done, skipped or failed,
// with its reason, or queued again for the next crawl, and with it how its source
// fares. An address that was never queued, met by a redirect, is recorded too.
func (s *Store) Finish(ctx context.Context, fetches ...tenor.Fetch) error {
	// A crawl that is being stopped still records what it has done.
	return s.tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
		for _, f := range fetches {
			if err := s.finish(ctx, tx, f); err != nil {
				return fmt.Errorf("finish %s: %w", f.URL, err)
			}
		}
		return nil
	})
}

func (s *Store) finish(ctx context.Context, tx *sql.Tx, f tenor.Fetch) error {
	switch f.State {
	case tenor.Done, tenor.Skipped, tenor.Failed, tenor.Queued:
	default:
		return fmt.Errorf("%q is no way to finish", f.State)
	}
	at := f.FetchedAt
	if at.IsZero() {
		at = s.now()
	}
	if err := addSource(ctx, tx, f.Source); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO fetches (url, source, kind, depth, entry, state, reason, status, bytes,
				title, published, published_source, crawl, fetched_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET state = excluded.state, reason = excluded.reason, status = excluded.status,
				bytes = excluded.bytes, crawl = excluded.crawl, fetched_at = excluded.fetched_at`,
		f.URL, f.Source, string(f.Kind), f.Depth, f.Entry, string(f.State), f.Reason, f.Status, f.Bytes,
		f.Title, f.Published.String(), f.Published.Source, s.crawl.Load(), unix(at))
	if err != nil {
		return err
	}
	return visited(ctx, tx, f, unix(at))
}

// Resume begins a crawl: what the last one had leased and not finished, because
// it was stopped or killed, is queued again.
func (s *Store) Resume(ctx context.Context) (requeued int, err error) {
	var crawl int64
	err = s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT 1 + coalesce(max(crawl), 0) FROM fetches`).Scan(&crawl); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE fetches SET state = 'queued' WHERE state = 'leased'`)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		requeued = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("resume the crawl: %w", err)
	}
	s.crawl.Store(max(crawl, s.crawl.Load()+1)) // a crawl that finished nothing still counts
	return requeued, nil
}
