package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Progress is told how far a long work has come: what it does now, and how much of how
// much of that is done, in bytes or rows. It may be called from any goroutine.
type Progress func(step string, done, total int64)

func (p Progress) at(step string, done, total int64) {
	if p != nil {
		p(step, done, total)
	}
}

// Backup writes the store as it is at one moment into a new file at path, checks it,
// and puts its manifest beside it. Others may write meanwhile. The file has its name
// only when it is whole: whatever fails, and when ctx ends, nothing is left behind.
func (s *Store) Backup(ctx context.Context, path, version string, progress Progress) (Manifest, error) {
	m, err := backup(ctx, s.path, path, version, s.now(), progress)
	if err != nil {
		return m, fmt.Errorf("back up %s: %w", s.path, err)
	}
	return m, nil
}

func backup(ctx context.Context, from, to, version string, now time.Time, progress Progress) (m Manifest, err error) {
	if _, err := os.Lstat(to); err == nil {
		return m, taken(to)
	}
	if dir, err := os.Stat(filepath.Dir(to)); err != nil || !dir.IsDir() {
		return m, fmt.Errorf("there is no folder %s", filepath.Dir(to))
	}
	temp, err := tempName(to)
	if err != nil {
		return m, err
	}
	defer removeDatabase(temp)
	defer os.Remove(manifestOf(temp))

	if m, err = copyChecked(ctx, from, temp, progress); err != nil {
		return m, err
	}
	m.Created, m.Tenor, m.Store = now.UTC().Truncate(time.Second), version, filepath.Base(from)
	if err := syncFile(temp); err != nil {
		return m, err
	}
	if m.SHA256, m.Size, err = hashFile(ctx, temp, progress); err != nil {
		return m, err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	if err := writeSynced(manifestOf(temp), append(text, '\n')); err != nil {
		return m, err
	}
	// The file first, for only one of two programs can have the name; the manifest is the
	// one's whose file it is.
	if err := name(temp, to); err != nil {
		return m, err
	}
	if err := os.Rename(manifestOf(temp), manifestOf(to)); err != nil {
		os.Remove(to)
		return m, err
	}
	syncFolder(filepath.Dir(to))
	return m, nil
}

// copyChecked writes the store as it is at one moment into a new file, and checks that.
func copyChecked(ctx context.Context, from, temp string, progress Progress) (m Manifest, err error) {
	// A connection of its own: one that is for queries only may not write the copy either.
	v := url.Values{"mode": {"ro"}}
	if frozen(from) {
		v.Set("immutable", "1")
	}
	db, err := sql.Open("sqlite3", dsn(from, v, busyTimeout))
	if err != nil {
		return m, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // one, for what it tells of others' writing
	if err != nil {
		return m, err
	}
	defer conn.Close()
	before, err := state(ctx, conn)
	if err != nil {
		return m, err
	}
	stop := watchSize(temp, before.bytes, progress)
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, temp)
	stop()
	if err != nil {
		if ctx.Err() != nil {
			return m, ctx.Err()
		}
		return m, err
	}
	after, err := state(ctx, conn)
	if err != nil {
		return m, err
	}
	progress.at("checking", 0, 0)
	if m, err = examine(ctx, temp); err != nil {
		return m, fmt.Errorf("check the copy: %w", err)
	}
	// While nobody wrote, the copy has exactly the rows of the store. Of a store that
	// is being written nobody can say how many it had at the moment of the copy.
	if before.version == after.version {
		for table, n := range before.rows {
			if m.Rows[table] != n {
				return m, fmt.Errorf("check the copy: it has %d rows of %s, the store %d: %w", m.Rows[table], table, n, errDamaged)
			}
		}
	}
	return m, nil
}

// storeState is what a copy is compared with.
type storeState struct {
	version int64 // changes when another connection writes
	bytes   int64
	rows    map[string]int64
}

func state(ctx context.Context, conn *sql.Conn) (s storeState, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return s, err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&s.bytes); err != nil {
		return s, err
	}
	if err := tx.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&s.version); err != nil {
		return s, err
	}
	s.rows, err = countRows(ctx, tx)
	return s, err
}

// querier is a database, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// countRows counts the rows of every table, those of the full-text index left out.
func countRows(ctx context.Context, db querier) (map[string]int64, error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`)
	tables, err := collect(rows, err, func(r *sql.Rows, name *string) error { return r.Scan(name) })
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(tables))
	for _, table := range tables {
		var n int64
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM "`+strings.ReplaceAll(table, `"`, `""`)+`"`).Scan(&n); err != nil {
			return nil, err
		}
		counts[table] = n
	}
	return counts, nil
}

// examine checks the structure and references of a database that nobody else has
// open, and fills in what a manifest says of its contents.
func examine(ctx context.Context, path string) (m Manifest, err error) {
	db, err := sql.Open("sqlite3", readerDSN(path, true))
	if err != nil {
		return m, err
	}
	defer db.Close()
	if m.Schema, err = schema(ctx, db); err != nil {
		return m, err
	}
	found, err := pragmaCheck(ctx, db, "quick_check(1)")
	if err != nil {
		return m, err
	}
	if len(found) > 0 {
		return m, fmt.Errorf("%s: %w", found[0], errDamaged)
	}
	var loose int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&loose); err != nil {
		return m, err
	}
	if loose > 0 {
		return m, fmt.Errorf("%d rows refer to rows that are not there: %w", loose, errDamaged)
	}
	if m.Rows, err = countRows(ctx, db); err != nil {
		return m, err
	}
	if _, ok := m.Rows["articles"]; ok {
		err = db.QueryRowContext(ctx, `SELECT coalesce(max(published), '') FROM articles`).Scan(&m.Newest)
	}
	return m, err
}

// backupBefore keeps a store as it is before a migration of its schema, under a name that
// says so. An empty one needs none, nor one that was kept since it was last written.
// Several programs may meet here: one that finds another was faster leaves it at that.
func (s *Store) backupBefore(ctx context.Context, db *sql.DB, to int, say func(format string, args ...any)) error {
	from, rows, err := beforeMigration(ctx, db)
	if err != nil || from == 0 || from == to || rows["articles"]+rows["fetches"] == 0 {
		return err
	}
	suffix := fmt.Sprintf("-before-schema-%04d%s", to, backupSuffix)
	path := filepath.Join(filepath.Dir(s.path), stem(s.path)+suffix)
	if kept, err := os.Stat(path); err == nil {
		changed := false
		for _, file := range []string{s.path, s.path + "-wal"} {
			if info, err := os.Stat(file); err == nil && info.ModTime().After(kept.ModTime()) {
				changed = true
			}
		}
		if !changed {
			return nil
		}
		path = freeName(s.path, s.now(), suffix)
	}
	say("keeping it as it is in %s", filepath.Base(path))
	m, err := backup(ctx, s.path, path, "", s.now(), nil)
	switch {
	case errors.Is(err, os.ErrExist):
		return nil
	case err != nil:
		return fmt.Errorf("back up before the migration to schema %d: %w", to, err)
	case m.Schema != from: // another program has migrated it meanwhile, and kept it before
		return errors.Join(os.Remove(path), os.Remove(manifestOf(path)))
	}
	return nil
}

// beforeMigration is the schema and the rows of one state of the store.
func beforeMigration(ctx context.Context, db *sql.DB) (from int, rows map[string]int64, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, nil, err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&from); err != nil {
		return 0, nil, err
	}
	rows, err = countRows(ctx, tx)
	return from, rows, err
}
