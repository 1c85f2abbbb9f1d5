// Package store keeps articles, their quotes, and what a crawl has still to do,
// in one SQLite file.
//
//	store.go      Open and Close, the transaction helper
//	crawllock.go  one crawl at a time
//	room.go       waiting while the disk is full
//	open.go       what can be wrong with a file, in one sentence each
//	damage.go     bytes that changed on the disk: found, and never served as quotes
//	backup.go     the whole store in one file, checked; manifest.go: what is in it
//	snapshot.go   the same to be read once, and gone
//	restore.go    a backup in the place of the store
//	files.go      files that have their name only when they are whole
//	doctor.go     everything that is stored twice, compared; recount.go reads it all,
//	              repair.go mends it
//	migrate.go    migrations/*.sql, each run once
//	commit.go     writes that wait for each other share a transaction; batch.go: what they
//	              settle together, memory.go: what the writer remembers of names
//	articles.go   articles in and out; text.go: their words, compressed
//	quotes.go     the quotes of an article, written as a whole
//	people.go     spellings → person, firm
//	identity.go   which spellings are one person's, decided again where it may have changed;
//	              lineup.go gathers the names to look at
//	adopt.go      the same for all of an older store
//	decisions.go  what somebody decided of that, and takes back; ledger.go keeps it
//	persons.go    people out: listed, or one with all that is known
//	labels.go     what people say a quote's labels are; corrected.go: who speaks, and what
//	              is no quote, at each save; corrections.go: read, carried from store to
//	              store; review.go: what to look at first
//	clusters.go   copies of one utterance, found again where they may have changed
//	versions.go   what articles said before, and the quotes that they had
//	captures.go   pages of an archive, fetched before the one that is stored
//	forget.go     takedowns: removed for good; forgotten.go: and never taken again
//	pages.go      what the server sent, compressed
//	archive.go    the pages in order, to be listed and exported
//	frontier.go   addresses: queued, leased, done
//	sources.go    how each source fares; totals
//	schedule.go   when each source is visited next
//	filter.go     tenor.Filter → SQL with bound parameters
//	query.go      a user's words → full-text query
//	synonyms.go   what a search finds besides, from synonyms.txt
//	search.go     one page of results with its facets
//	columns.go    what counts are made of, in memory: colread.go reads it all, colrows.go
//	              a row, follow.go what changed; kept.go keeps it for the next run; tally.go
//	              counts it
//	records.go    records out: one, or all that match
//	latest.go     what became known last, an utterance once; searches.go: filters with a name
//	copies.go     the reports of one utterance, and how they came from each other
//	reprints.go   articles that print the same story
//	timeline.go   the consensus over time, ballot.go its votes from memory; series.go
//	              remembers what takes long
//
// There is one writer connection, and an article is written as a whole; readers
// have a pool of their own and never wait for it. The tables are described where
// they are made, in migrations. The view quotes_flat is for readers of the file:
// it has the columns of the CSV.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// Store is an open store. It is safe for concurrent use.
type Store struct {
	path     string
	write    *sql.DB // one connection; nil when the store is open for reading only
	read     *sql.DB
	now      func() time.Time
	closed   sync.Once
	group    group        // of writes that share a transaction
	written  atomic.Int64 // how many other transactions may have changed names
	resident *resident    // nil: SQL answers everything
	crawl    atomic.Int64 // number of the crawl begun by Resume; 0 before
	room     room
}

// Options say how to open a store.
type Options struct {
	ReadOnly bool // never write, not even a migration
	Create   bool // make the file where there is none
	// Resident is for a process that answers many questions: it keeps in memory what
	// counts are made of, some 110 bytes a quote. The answers are the same.
	Resident bool
	Now      func() time.Time // the clock; time.Now when nil
	Check    Check            // for damage, before anything is written

	// Upgrading, where it is set, is told what is being done with a file of an older
	// Tenor, which takes minutes where it is large.
	Upgrading func(doing string)

	// OnFull, where it is set, makes writing wait while the disk is full, until there is
	// room again or the context of Open ends. It is told when waiting begins (true) and
	// when writing goes on (false). Without it writing fails with tenor.ErrDiskFull.
	OnFull func(full bool)
}

func (o Options) upgrading(format string, args ...any) {
	if o.Upgrading != nil {
		o.Upgrading(fmt.Sprintf(format, args...))
	}
}

// readers bounds the pool of reading connections: enough that a few slow exports
// leave some for pages.
const readers = 16

// busyTimeout is how long to wait for another program that is writing.
const busyTimeout = 30 * time.Second

// Open opens the store in the file at path and brings its schema up to date. Its
// errors name the file and what to do.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	s := &Store{path: path, now: o.Now, room: room{told: o.OnFull, stop: ctx.Done(), again: lookAgain}}
	if s.now == nil {
		s.now = time.Now
	}
	if err := CheckBuild(); err != nil {
		return nil, err
	}
	if err := inspect(path, o); err != nil {
		return nil, err
	}
	held.add(path, 1)
	if err := s.open(ctx, o); err != nil {
		s.Close()
		return nil, describe(path, err)
	}
	if o.Resident {
		s.keepColumns()
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	var err error
	if !o.ReadOnly {
		if err := s.beforeWriting(ctx, o); err != nil {
			return err
		}
		if s.write, err = sql.Open("sqlite3", writerDSN(s.path, o.Create)); err != nil {
			return err
		}
		s.write.SetMaxOpenConns(1)
		if err := connect(ctx, s.write); err != nil {
			return err
		}
		if err := migrate(ctx, s.write, o.upgrading); err != nil {
			return err
		}
		if err := adoptPeople(ctx, s.write, o.upgrading); err != nil {
			return err
		}
		// The log is folded into the file every 64 MB, not every 4: a page that many articles
		// change is written once. And what a statement changes is remembered in memory, not in
		// a file: a quote changes more pages than SQLite holds before it makes one, three
		// quarters of all bytes written. There is one connection; should it be made again it
		// is slower and nothing else. Work on the whole file is not done so (onDisk).
		if _, err := s.write.ExecContext(ctx, `PRAGMA wal_autocheckpoint = 16000; PRAGMA temp_store = MEMORY`); err != nil {
			return err
		}
	}
	err = s.openReaders(ctx, false)
	if err != nil && o.ReadOnly && (frozen(s.path) || isFull(err) && logged(s.path) == 0) {
		s.read.Close()
		err = s.openReaders(ctx, true)
	}
	return err
}

// beforeWriting looks at a file before the writer's connection, by being made,
// switches it to a write-ahead log: whose it is, whether it is damaged, and whether
// it is to be kept as it was before a migration.
func (s *Store) beforeWriting(ctx context.Context, o Options) error {
	if info, err := os.Stat(s.path); err != nil || info.Size() == 0 {
		return nil
	}
	db, err := sql.Open("sqlite3", readerDSN(s.path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	at, err := schema(ctx, db)
	if err != nil {
		return err
	}
	steps, err := migrations()
	if err != nil {
		return err
	}
	if err := tooNew(at, len(steps)); err != nil {
		return err
	}
	if o.Check.wanted(s.path) {
		if err := quickCheck(ctx, db); err != nil {
			return err
		}
	}
	return s.backupBefore(ctx, db, len(steps), o.upgrading)
}

// connect makes the first connection. Two programs that meet at a new file both
// switch it to its write-ahead log, and SQLite does not wait there as it does
// elsewhere: one of them is told that the file is busy, and tries again.
func connect(ctx context.Context, db *sql.DB) error {
	for deadline := time.Now().Add(busyTimeout); ; {
		err := db.PingContext(ctx)
		var e sqlite3.Error
		if !errors.As(err, &e) || e.Code != sqlite3.ErrBusy || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *Store) openReaders(ctx context.Context, frozen bool) error {
	var err error
	if s.read, err = sql.Open("sqlite3", readerDSN(s.path, frozen)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return upToDate(ctx, s.read)
}

// Close waits for what is being written and closes the file.
func (s *Store) Close() error {
	var errs []error
	defer s.closed.Do(func() { held.add(s.path, -1) })
	if s.resident != nil {
		s.resident.stop()
		s.resident.keepers.Wait()
		s.resident.readers.Wait()
		s.keepBeside()
	}
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil { // last: closing it folds the log into the file
		errs = append(errs, s.write.Close())
	}
	return errors.Join(errs...)
}

// Settings stand in the connection string, for a PRAGMA reaches only one
// connection of a pool. An immediate transaction takes the write lock at once
// and waits for it; a deferred one fails when it finds out too late.
func writerDSN(path string, create bool) string {
	mode := "rw"
	if create {
		mode = "rwc"
	}
	return dsn(path, url.Values{
		"mode": {mode}, "_txlock": {"immediate"}, "_journal_mode": {"WAL"},
		"_synchronous": {"NORMAL"}, "_cache_size": {"-64000"},
	}, busyTimeout)
}

func readerDSN(path string, frozen bool) string {
	v := url.Values{"mode": {"ro"}, "_query_only": {"1"}}
	if frozen {
		v.Set("immutable", "1")
	}
	return dsn(path, v, busyTimeout)
}

func dsn(path string, v url.Values, wait time.Duration) string {
	v.Set("_busy_timeout", strconv.FormatInt(wait.Milliseconds(), 10))
	v.Set("_foreign_keys", "1")
	v.Set("_stmt_cache_size", "64")
	v.Set("_mutex", "no") // database/sql gives a connection to one goroutine at a time
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	// Escaped, so that a path with ?, # or % names the file and nothing else.
	u := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath() + "?" + v.Encode()
}

// tx runs fn in one write transaction. Once begun it is not interrupted: it is
// short, and a crawl that is stopped keeps the article at hand. Where the disk is
// full it may run fn again, when there is room.
func (s *Store) tx(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return s.txOfCrawl(ctx, s.forgetting(fn))
}

// forgetting makes the writer of batches forget names that fn may change. It counts while
// the one connection is held, so that no batch begins between the commit and the count.
func (s *Store) forgetting(fn func(ctx context.Context, tx *sql.Tx) error) func(ctx context.Context, tx *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		s.written.Add(1)
		return fn(ctx, tx)
	}
}

// txOfCrawl is tx for what changes no article, quote or name.
func (s *Store) txOfCrawl(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return s.writing(ctx, func(ctx context.Context) error { return inTx(ctx, s.write, fn) })
}

// writing lets once write, again where it had to wait for room on the disk.
func (s *Store) writing(ctx context.Context, once func(ctx context.Context) error) error {
	if s.write == nil {
		return fmt.Errorf("%s is open for reading only", s.path)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return s.room.wait(s.path, func() error { return once(ctx) })
}

// inTx runs fn in a transaction of a database or of one of its connections.
func inTx(ctx context.Context, db interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}, fn func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// unix is t as stored: whole seconds, 0 for the zero time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// instant reads what unix wrote.
func instant(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}

// collect reads every row of a query into a list.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows, *T) error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// noRows turns the driver's "no rows" into tenor.ErrNotFound.
func noRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return tenor.ErrNotFound
	}
	return err
}
