package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Restored says what Restore did.
type Restored struct {
	Manifest        // of the backup; without a hash where it has none
	Aside    string // where the old store is now; empty where there was none
	Known    int    // the schema of this program, to which the store will be brought when it is next written to
}

// Restore puts a backup in the place of the store at path. The backup is checked before
// anything is touched: its hash, its structure, its references, its rows. A store that
// is there stays unless it is to be replaced, and then it is moved aside, never removed.
// Nobody may have it open. The store is at every moment the old one or the new one.
func Restore(ctx context.Context, backup, path string, replace bool, now time.Time, progress Progress) (Restored, error) {
	r, err := restore(ctx, backup, path, replace, now, progress)
	var open *OpenError
	if err != nil && !errors.As(err, &open) { // which names the file that it is about
		err = fmt.Errorf("restore %s: %w", backup, err)
	}
	return r, err
}

func restore(ctx context.Context, backup, path string, replace bool, now time.Time, progress Progress) (r Restored, err error) {
	if err := CheckBuild(); err != nil {
		return r, err
	}
	if err := inspect(backup, Options{ReadOnly: true}); err != nil {
		var open *OpenError
		if errors.As(err, &open) && errors.Is(err, os.ErrNotExist) {
			open.Remedy = "tenor doctor names the last good backup beside a store"
		}
		return r, err
	}
	if err := inspect(path, Options{Create: true}); err != nil && !replace {
		return r, err
	}
	target, err := os.Stat(path)
	there := err == nil
	if source, err := os.Stat(backup); err == nil && there && os.SameFile(source, target) {
		return r, fmt.Errorf("it is the store itself (%s): name the file of a backup", path)
	}
	if there && target.IsDir() {
		return r, &OpenError{path, "is a folder", "name a file inside it with --db", nil}
	}
	if there && target.Size() > 0 && !replace {
		return r, &OpenError{path, "is there already", "name another store with --db, or give --force to move this one aside", nil}
	}
	if log, err := os.Stat(backup + "-wal"); err == nil && log.Size() > 0 {
		return r, fmt.Errorf("a log lies beside it (%s-wal), so it is a store in use, not a backup; tenor backup --db %s makes one", backup, quoteArgument(backup))
	}
	release, err := lockCrawl(ctx, path)
	if err != nil {
		return r, err
	}
	defer release()
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the file, not the link to it, is replaced
	}

	temp, err := tempName(path)
	if err != nil {
		return r, err
	}
	defer removeDatabase(temp)
	if r.Manifest, err = copyBackup(ctx, backup, temp, progress); err != nil {
		return r, err
	}
	steps, err := migrations()
	if err != nil {
		return r, err
	}
	r.Known = len(steps)
	if err := tooNew(r.Schema, len(steps)); err != nil {
		err.(*OpenError).Path = backup
		return r, err
	}
	if err := ctx.Err(); err != nil {
		return r, err
	}
	if there {
		if r.Aside, err = moveAside(ctx, path, now); err != nil {
			return r, err
		}
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal", "-columns"} { // of a store whose file is gone, or has another name
		os.Remove(path + suffix)
	}
	if err := os.Rename(temp, path); err != nil {
		return r, err
	}
	syncFolder(filepath.Dir(path))
	return r, nil
}

// copyBackup copies a backup to temp and checks the copy, so that what was checked is
// what is used. Without a manifest there is no hash to compare.
func copyBackup(ctx context.Context, backup, temp string, progress Progress) (m Manifest, err error) {
	from, err := os.Open(backup)
	if err != nil {
		return m, err
	}
	defer from.Close()
	to, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return m, err
	}
	sum, size, err := copyHashed(ctx, to, from, "copying", progress)
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return m, err
	}
	m, err = readManifest(backup)
	manifest := err == nil
	switch {
	case manifest && (m.SHA256 != sum || m.Size != size):
		return m, &OpenError{backup, "is damaged", "its hash is not the one in its manifest; restore another backup", errDamaged}
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return m, err
	}
	progress.at("checking", 0, 0)
	found, err := examine(ctx, temp)
	switch {
	case isDamage(err):
		return m, &OpenError{backup, "is damaged", "restore another backup", err}
	case err != nil:
		return m, describe(backup, err)
	}
	if !manifest {
		found.Size = size
		return found, nil
	}
	for table, n := range m.Rows {
		if found.Rows[table] != n {
			return m, &OpenError{backup, "is damaged", fmt.Sprintf("it has %d rows of %s and should have %d; restore another backup", found.Rows[table], table, n), errDamaged}
		}
	}
	m.Schema = found.Schema
	return m, nil
}

// moveAside gives the old store another name and leaves its old one free of logs, which
// SQLite would otherwise play into the new file. The name is linked first, so that the
// rename that follows replaces the one file by the other.
func moveAside(ctx context.Context, path string, now time.Time) (aside string, err error) {
	folded, err := fold(ctx, path)
	if err != nil {
		return "", err
	}
	aside = freeName(path, now, ".replaced.db")
	if !folded { // a damaged file and its log belong together
		for _, suffix := range []string{"-wal", "-shm", "-journal"} {
			if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
	}
	if os.Link(path, aside) == nil {
		return aside, nil
	}
	return aside, os.Rename(path, aside)
}

// fold writes the log of a store into its file and removes it, which works only while
// nobody has it open. It reports false for a file that is too damaged for that.
func fold(ctx context.Context, path string) (bool, error) {
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"rw"}}, 0))
	if err != nil {
		return false, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var mode string
	err = db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	var e sqlite3.Error
	if errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked) {
		return false, &OpenError{path, "is in use by another program", "end it, such as tenor serve or an import, then try again", err}
	}
	return err == nil && mode == "delete", ctx.Err()
}
