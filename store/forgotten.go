package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"tenor"
)

// Scrub takes the bytes of what was removed out of the store's files: words linger in
// the segments of the full-text index, in free pages and in the log. It writes the file
// anew, which needs room for a second one. Another program that reads the store all the
// while keeps the log from being emptied; that is an error, and Scrub can be run again.
func (s *Store) Scrub(ctx context.Context) error {
	if s.write == nil {
		return fmt.Errorf("%s is open for reading only", s.path)
	}
	for _, statement := range []string{
		`INSERT INTO quotes_fts (quotes_fts) VALUES ('optimize')`, `INSERT INTO past_fts (past_fts) VALUES ('optimize')`, `VACUUM`,
	} {
		err := s.onDisk(ctx, func() error {
			_, err := s.write.ExecContext(ctx, statement)
			return err
		})
		if err != nil {
			if isFull(err) {
				err = fmt.Errorf("%w, and the file is to be written anew", tenor.ErrDiskFull)
			}
			return fmt.Errorf("scrub %s: %w", s.path, err)
		}
	}
	var busy, log, done int
	err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done)
	if err == nil && busy != 0 {
		err = errors.New("another program is reading it")
	}
	if err != nil {
		return fmt.Errorf("scrub %s: %w", s.path, err)
	}
	return nil
}

// onDisk runs fn while the writer's connection keeps in files what it sorts or copies:
// of a whole store that is as much as the store.
func (s *Store) onDisk(ctx context.Context, fn func() error) error {
	if _, err := s.write.ExecContext(ctx, `PRAGMA temp_store = DEFAULT`); err != nil {
		return err
	}
	err := fn()
	_, back := s.write.ExecContext(context.WithoutCancel(ctx), `PRAGMA temp_store = MEMORY`)
	return cmp.Or(err, back)
}

// refuseForgotten refuses what was taken down.
func refuseForgotten(ctx context.Context, tx *sql.Tx, a *tenor.Article, page *tenor.Page) error {
	keys := []string{a.Key(), a.URL}
	if page != nil {
		keys = append(keys, page.URL)
	}
	var found bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM forgotten WHERE kind = 'address' AND key IN (SELECT value FROM json_each(?)))
		OR EXISTS (SELECT 1 FROM forgotten WHERE kind = 'outlet' AND key = ?)`, jsonList(keys), tenor.OutletKey(a.Outlet)).Scan(&found)
	if err == nil && found {
		err = tenor.ErrForgotten
	}
	return err
}

// Forgotten lists what was taken down, the latest first.
func (s *Store) Forgotten(ctx context.Context) ([]tenor.Forgotten, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name, max(kind = 'outlet'), min(reason), max(at) FROM forgotten GROUP BY name ORDER BY max(at) DESC, name`)
	list, err := collect(rows, err, func(r *sql.Rows, f *tenor.Forgotten) error {
		var at int64
		err := r.Scan(&f.Name, &f.Outlet, &f.Reason, &at)
		f.At = instant(at)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what was taken down: %w", err)
	}
	return list, nil
}

// Remember lets what was taken down under this name, or at this address, be collected
// again, or says tenor.ErrNotFound. What was removed does not come back by itself.
func (s *Store) Remember(ctx context.Context, name string) error {
	name = strings.TrimSpace(name)
	err := s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `DELETE FROM forgotten WHERE name = ?1 OR kind = 'address' AND key = ?1 OR kind = 'outlet' AND key = ?2 AND ?2 <> ''
			RETURNING kind, key`, name, tenor.OutletKey(name))
		var any bool
		addresses, err := collect(rows, err, func(r *sql.Rows, address *string) error {
			var kind string
			any = true
			err := r.Scan(&kind, address)
			if kind == "outlet" {
				*address = ""
			}
			return err
		})
		if err == nil && !any {
			err = tenor.ErrNotFound
		}
		if err != nil {
			return err
		}
		// Met anew: as if it had never been seen.
		_, err = tx.ExecContext(ctx, `DELETE FROM fetches WHERE state = 'skipped' AND url IN (SELECT value FROM json_each(?))`, jsonList(addresses))
		return err
	})
	if err != nil {
		return fmt.Errorf("let %s be collected again: %w", name, err)
	}
	return nil
}
