package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// OpenError says why a file cannot be used as a store, and what to do about it.
type OpenError struct {
	Path    string
	Problem string
	Remedy  string
	Err     error
}

func (e *OpenError) Error() string { return fmt.Sprintf("%s %s: %s", e.Path, e.Problem, e.Remedy) }

func (e *OpenError) Unwrap() error { return e.Err }

// errNoFTS5 is the one sentence for a binary built by a plain "go build".
var errNoFTS5 = errors.New("this binary was built without full-text search; build it with: make build (or go build -tags sqlite_fts5)")

// inspect looks at the path before SQLite does, whose own words ("unable to open
// database file") name neither the file nor the cause.
func inspect(path string, o Options) error {
	switch path {
	case "", ":memory:":
		return fmt.Errorf("--db %q: a store is a file, like tenor.db (%w)", path, tenor.ErrUsage)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist) && o.Create && !o.ReadOnly:
		if dir, err := os.Stat(filepath.Dir(path)); err != nil || !dir.IsDir() {
			return &OpenError{path, "cannot be made", "there is no folder " + filepath.Dir(path), err}
		}
		return nil
	case errors.Is(err, os.ErrNotExist):
		return &OpenError{path, "does not exist",
			"collect something first with tenor crawl or tenor import, or name another store with --db", err}
	case err != nil:
		return &OpenError{path, "cannot be opened", err.Error(), err}
	case info.IsDir():
		return &OpenError{path, "is a folder", "name a file inside it with --db", nil}
	}
	if held.has(path) {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return &OpenError{path, "cannot be opened", "check who may read it", err}
	}
	defer f.Close()
	head := make([]byte, len(sqliteMagic))
	n, err := io.ReadFull(f, head)
	if err == io.EOF && !o.ReadOnly { // an empty file is an empty database
		return nil
	}
	if !bytes.Equal(head[:n], []byte(sqliteMagic)) {
		return &OpenError{path, "is not a Tenor store", "name another file with --db", err}
	}
	return nil
}

// held are the files that this process has open. POSIX drops all locks of a process on
// a file when it closes any descriptor of it, SQLite's own too: another program then takes
// the log for nobody's and deletes it under our readers. So inspect looks into no file
// that is open here already.
var held = openFiles{n: map[string]int{}}

type openFiles struct {
	mu sync.Mutex
	n  map[string]int
}

func (o *openFiles) has(path string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n[realPath(path)] > 0
}

func (o *openFiles) add(path string, n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	path = realPath(path)
	if o.n[path] += n; o.n[path] == 0 {
		delete(o.n, path)
	}
}

func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path
}

// sqliteMagic begins every SQLite file.
const sqliteMagic = "SQLite format 3\x00"

// describe puts the driver's errors at opening into words.
func describe(path string, err error) error {
	var open *OpenError
	if errors.As(err, &open) {
		open.Path = path
		return err
	}
	if isFull(err) {
		return &OpenError{path, "cannot be opened, for the disk is full", "free some space, then try again", err}
	}
	if isDamage(err) {
		return damaged(path, err)
	}
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.Code {
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			return &OpenError{path, "cannot be opened", "check who may read and write it and its folder", err}
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return &OpenError{path, "is in use by another program", "wait for it to end, then try again", err}
		}
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// frozen reports whether nobody can be writing to the file: it has no log beside
// it, and its folder takes no new file. SQLite can read such a file only when
// told so, for it would keep the log's index beside it.
func frozen(path string) bool {
	if logged(path) > 0 {
		return false
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tenor-*")
	if err != nil {
		return true
	}
	f.Close()
	os.Remove(f.Name())
	return false
}

// logged is how many bytes lie in the log beside the file.
func logged(path string) int64 {
	info, err := os.Stat(path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// CheckBuild says, in one sentence, what this binary lacks to open any store. It
// opens none.
func CheckBuild() error {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	var has bool
	err = db.QueryRow(`SELECT sqlite_compileoption_used('ENABLE_FTS5')`).Scan(&has)
	if err == nil && !has {
		err = errNoFTS5
	}
	return err
}
