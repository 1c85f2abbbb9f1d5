package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/mattn/go-sqlite3"
)

// LockCrawl keeps other programs from crawling into the store until release is
// called or the program ends, be it by kill -9. Two crawls at once would each take
// the pages that the other has leased for left behind (Resume), fetch them a second
// time, and ask a host twice as often as either believes.
//
// The lock is SQLite's own, on an empty file beside the store: it works wherever the
// store does, and readers and writers of the store never meet it.
func (s *Store) LockCrawl(ctx context.Context) (release func(), err error) {
	return lockCrawl(ctx, s.path)
}

func lockCrawl(ctx context.Context, store string) (release func(), err error) {
	path := store + "-crawl"
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"rwc"}, "_txlock": {"exclusive"}}, 0))
	if err != nil {
		return nil, fmt.Errorf("lock %s for the crawl: %w", store, err)
	}
	// The lock must outlive ctx: a crawl that is stopped still records what it did.
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		db.Close()
		var e sqlite3.Error
		if errors.As(err, &e) && e.Code == sqlite3.ErrBusy {
			return nil, &OpenError{store, "is being filled by another crawl", "wait for it to end, or name another store with --db", err}
		}
		return nil, fmt.Errorf("lock %s for the crawl: %w", store, err)
	}
	return func() {
		tx.Rollback()
		db.Close()
		os.Remove(path)
	}, nil
}
