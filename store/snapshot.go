package store

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"tenor"
)

// spare is how many bytes a snapshot leaves free: a crawl goes on beside it.
const spare = 16 << 20

// Snapshot is a checked copy of the whole store as it is at one moment, to be read once,
// and its size. It lies beside the store, or in the system's folder for temporary files
// where nothing may be written there, has no name as soon as it can be read (on systems
// that allow this), and is gone when it is closed. Where the disk has too little room it is
// a tenor.NoRoomError, and nothing is written.
func (s *Store) Snapshot(ctx context.Context) (copy io.ReadCloser, size int64, err error) {
	copy, size, err = s.snapshot(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("copy %s: %w", s.path, err)
	}
	return copy, size, nil
}

func (s *Store) snapshot(ctx context.Context) (_ io.ReadCloser, size int64, err error) {
	var need int64
	if err := s.read.QueryRowContext(ctx, `SELECT (page_count - freelist_count) * page_size
		FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&need); err != nil {
		return nil, 0, err
	}
	snap := &snapshot{}
	if snap.path, err = tempName(s.path); err != nil {
		if snap.folder, err = os.MkdirTemp("", "tenor-*"); err != nil {
			return nil, 0, err
		}
		snap.path = filepath.Join(snap.folder, filepath.Base(s.path))
	}
	defer func() {
		if err != nil {
			snap.Close()
		}
	}()
	free, known := freeSpace(filepath.Dir(snap.path))
	if known && free < need+spare {
		return nil, 0, &tenor.NoRoomError{Need: need, Free: free}
	}
	if _, err := copyChecked(ctx, s.path, snap.path, nil); err != nil {
		if isFull(err) { // somebody else took it meanwhile
			free, _ = freeSpace(filepath.Dir(snap.path))
			err = &tenor.NoRoomError{Need: need, Free: free}
		}
		return nil, 0, err
	}
	if snap.File, err = os.Open(snap.path); err != nil {
		return nil, 0, err
	}
	snap.clear() // what is open can be read on: a kill from here on leaves nothing
	info, err := snap.Stat()
	if err != nil {
		return nil, 0, err
	}
	return snap, info.Size(), nil
}

// snapshot is a file that is gone when it is closed.
type snapshot struct {
	*os.File
	path   string
	folder string // its own; empty: it lies beside the store
	closed sync.Once
}

func (s *snapshot) Close() (err error) {
	s.closed.Do(func() {
		if s.File != nil {
			err = s.File.Close()
		}
		s.clear()
	})
	return err
}

func (s *snapshot) clear() {
	removeDatabase(s.path)
	if s.folder != "" {
		os.Remove(s.folder)
	}
}
