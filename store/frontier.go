package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"time"

	"tenor"
)

// Enqueue adds addresses to the frontier and says how many of them will be
// fetched that were not going to be. An address is fetched once, with three
// exceptions, each at most once a crawl: a source's own address; one that is a single
// page, until it was taken; and one that failed for a reason that may have passed (no
// answer, a time-out, a server error).
func (s *Store) Enqueue(ctx context.Context, fetches ...tenor.Fetch) (added int, err error) {
	if len(fetches) == 0 {
		return 0, nil
	}
	crawl := s.crawl.Load()
	err = s.txOfCrawl(ctx, func(ctx context.Context, tx *sql.Tx) error {
		added = 0 // it may run again, after waiting for room on the disk
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
					AND (excluded.entry = 1 OR state = 'failed' AND `+passing("")+`
						OR excluded.depth = 0 AND state <> 'done')`,
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
//
// What is known of the version of a list that was read last is left out where the list
// must be read again all the same: pages of its source that failed in the last days, for
// a reason that may have passed, are to be asked for again, and only a list that is read
// names them; or the crawl that read it never noted what it left out.
func (s *Store) Next(ctx context.Context, n int) ([]tenor.Fetch, error) {
	var list []leased
	lately := unix(s.now().Add(-failedLately))
	err := s.txOfCrawl(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `UPDATE fetches SET state = 'leased'
			WHERE id IN (SELECT id FROM fetches WHERE state = 'queued' ORDER BY id LIMIT ?1)
			RETURNING id, url, source, kind, depth, entry, state, title, published, published_source,
				etag, last_modified, answered_by, read_as, answered_by <> '' AND entry = 1 AND (
					crawl > (SELECT coalesce(max(noted), 0) FROM sources WHERE name = fetches.source)
					OR EXISTS (SELECT 1 FROM fetches f WHERE f.source = fetches.source AND f.state = 'failed' AND f.entry = 0
						AND f.fetched_at > ?2 AND `+passing("f.")+`))`, max(n, 0), lately)
		list, err = collect(rows, err, func(r *sql.Rows, l *leased) error {
			var published, source string
			var again bool
			v := &l.Validators
			if err := r.Scan(&l.id, &l.URL, &l.Source, &l.Kind, &l.Depth, &l.Entry, &l.State, &l.Title, &published, &source,
				&v.ETag, &v.LastModified, &v.URL, &v.ReadAs, &again); err != nil {
				return err
			}
			if again {
				*v = tenor.Validators{}
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

// failedLately is how long a page that failed keeps its source's lists from being
// asked for only if they changed. A page that has been gone for longer must not cost
// the whole list in every crawl.
const failedLately = 7 * 24 * time.Hour

// passing is true of a fetch that failed for a reason that may have passed.
func passing(prefix string) string {
	return "(" + prefix + "status IN (0, 408, 425, 429) OR " + prefix + "status >= 500)"
}

type leased struct {
	id int64
	tenor.Fetch
}

// Finish records how fetches fared, all in one transaction: done, skipped or failed,
// with its reason, or queued again for the next crawl, and with it how its source
// fares. An address that was never queued, met by a redirect, is recorded too.
func (s *Store) Finish(ctx context.Context, fetches ...tenor.Fetch) error {
	if len(fetches) == 0 {
		return nil
	}
	// A crawl that is being stopped still records what it has done.
	return s.txOfCrawl(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
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
				title, published, published_source, crawl, fetched_at, etag, last_modified, answered_by, read_as)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET state = excluded.state, reason = excluded.reason, status = excluded.status,
				bytes = excluded.bytes, crawl = excluded.crawl, fetched_at = excluded.fetched_at,
				etag = iif(excluded.state = 'done', excluded.etag, etag),
				last_modified = iif(excluded.state = 'done', excluded.last_modified, last_modified),
				answered_by = iif(excluded.state = 'done', excluded.answered_by, answered_by),
				read_as = iif(excluded.state = 'done', excluded.read_as, read_as)`,
		f.URL, f.Source, string(f.Kind), f.Depth, f.Entry, string(f.State), f.Reason, f.Status, f.Bytes,
		f.Title, f.Published.String(), f.Published.Source, s.crawl.Load(), unix(at),
		f.Validators.ETag, f.Validators.LastModified, f.Validators.URL, f.Validators.ReadAs)
	if err != nil {
		return err
	}
	return visited(ctx, tx, f, unix(at))
}

// Reconsider queues again what robots.txt refused of a source, which now has an exception
// from it. No list need name it once more.
func (s *Store) Reconsider(ctx context.Context, source string) error {
	err := s.txOfCrawl(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE fetches SET state = 'queued', reason = ''
			WHERE source = ? AND state = 'skipped' AND reason LIKE ? || '%'`, source, tenor.RefusedByRobots)
		return err
	})
	if err != nil {
		return fmt.Errorf("queue again what robots.txt refused of %s: %w", source, err)
	}
	return nil
}

// PagesSince counts, for each host (with its port), the pages that were asked for
// since a time, lists left out.
func (s *Store) PagesSince(ctx context.Context, since time.Time) (map[string]int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT url FROM fetches
		WHERE entry = 0 AND fetched_at >= ? AND status > 0 AND state IN ('done', 'skipped', 'failed')`, unix(since))
	if err != nil {
		return nil, fmt.Errorf("count the pages of hosts: %w", err)
	}
	defer rows.Close()
	pages := map[string]int{}
	for rows.Next() {
		var address string
		if err := rows.Scan(&address); err != nil {
			return nil, fmt.Errorf("count the pages of hosts: %w", err)
		}
		if u, err := url.Parse(address); err == nil {
			pages[u.Host]++
		}
	}
	return pages, rows.Err()
}

// Release queues again what was leased and not finished, when a crawl ends.
func (s *Store) Release(ctx context.Context) error {
	err := s.txOfCrawl(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
		_, err := release(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("queue again what was leased: %w", err)
	}
	return nil
}

func release(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	res, err := tx.ExecContext(ctx, `UPDATE fetches SET state = 'queued' WHERE state = 'leased'`)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Resume begins a crawl: what the last one had leased and not finished, because
// it was stopped or killed, is queued again.
func (s *Store) Resume(ctx context.Context) (requeued int, err error) {
	var crawl int64
	err = s.txOfCrawl(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT 1 + coalesce(max(crawl), 0) FROM fetches`).Scan(&crawl); err != nil {
			return err
		}
		n, err := release(ctx, tx)
		requeued = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("resume the crawl: %w", err)
	}
	s.crawl.Store(max(crawl, s.crawl.Load()+1)) // a crawl that finished nothing still counts
	return requeued, nil
}
