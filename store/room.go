package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// room waits for a full disk. Readers are not concerned: what is stored is whole.
type room struct {
	told  func(full bool) // nil: do not wait
	stop  <-chan struct{} // ends waiting
	again time.Duration   // between two tries
	full  atomic.Bool     // told so
}

// lookAgain is how long to wait before a full disk is tried again.
const lookAgain = time.Second

// wait runs write, again and again while there is no room for it. What calls it waits
// as well, so that a crawl asks for no more pages than it can keep.
func (r *room) wait(path string, write func() error) error {
	for {
		err := write()
		if err == nil && r.full.CompareAndSwap(true, false) {
			r.told(false)
		}
		if !isFull(err) {
			return err
		}
		if r.told == nil {
			return fullError(path)
		}
		if r.full.CompareAndSwap(false, true) {
			r.told(true)
		}
		select {
		case <-r.stop:
			return fullError(path)
		case <-time.After(r.again):
		}
	}
}

// isFull reports whether the disk, or what its owner may use of it, has no room left.
func isFull(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == sqlite3.ErrFull || e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT
}

func fullError(path string) error {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return fmt.Errorf("%w: free some space where %s lies, then run the same command again; what was stored is whole", tenor.ErrDiskFull, path)
}
