package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"tenor/crawler"
)

// folderWatch says which folders are watched, and how.
type folderWatch struct {
	folders []string
	// settle is how long a file must keep its size and time of change to be whole;
	// 2 s when zero.
	settle time.Duration
	// poll is how often the folders are looked through even when the system tells of
	// no change; when zero, every minute, and where the system tells of none (network
	// drives, too many folders) every 30 s.
	poll time.Duration
	// pollOnly does not ask the system to tell of changes.
	pollOnly bool
	// take is given files that are whole, in order of name. An error ends the watch.
	take func(ctx context.Context, files []string) error
	// say tells of what is not taken, a sentence each.
	say func(format string, args ...any)
	// known reports whether a file was read before, as it is now; nil: none was.
	known func(path string, info fs.FileInfo) bool
}

const (
	watchSettle = 2 * time.Second
	watchPoll   = time.Minute
	watchBlind  = 30 * time.Second
)

// watchFolders hands over the files of folders, those that are there and each that
// comes or changes, until the context ends, which is no error. Folders within them
// are watched too. What the system tells of changes only says when to look: what is
// new is found by looking, so that nothing is missed when it tells too late or too
// little. A folder that goes away is waited for.
func watchFolders(ctx context.Context, w folderWatch) error {
	if err := w.check(); err != nil {
		return err
	}
	l := newLookout(w)
	var changes <-chan fsnotify.Event
	var troubles <-chan error
	if !w.pollOnly {
		if notify, err := fsnotify.NewWatcher(); err == nil {
			defer notify.Close()
			l.notify, changes, troubles = notify, notify.Events, notify.Errors
		} else {
			l.blind = true
		}
	}
	next := time.NewTimer(0)
	defer next.Stop()
	soon := true // the timer is set to settle, not to poll
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changes:
		case <-troubles: // most often that more has changed than it could tell
		case <-next.C:
			ready := l.look(time.Now())
			if len(ready) > 0 {
				if err := w.take(ctx, ready); err != nil {
					return err
				}
			}
			wait := l.pause()
			soon = wait == l.settle
			next.Reset(wait)
			continue
		}
		// However much changes, it is looked at once in a while.
		if !soon {
			next.Reset(l.settle)
			soon = true
		}
	}
}

// check reports a folder that is none.
func (w *folderWatch) check() error {
	for _, folder := range w.folders {
		if info, err := os.Stat(folder); err != nil {
			return fmt.Errorf("watch %s: %w", folder, plainPathError(err))
		} else if !info.IsDir() {
			return usage("--watch: %s is a file; name the folder that it is in", folder)
		}
	}
	return nil
}

// lookout knows what lies in the folders.
type lookout struct {
	folderWatch
	notify  *fsnotify.Watcher
	blind   bool // the system does not tell of changes, or not in all folders
	seen    map[string]fs.FileInfo
	waiting map[string]arrival
	told    map[string]bool // what has been said of a path, so that it is said once
}

func newLookout(w folderWatch) *lookout {
	if w.settle == 0 {
		w.settle = watchSettle
	}
	return &lookout{folderWatch: w, seen: map[string]fs.FileInfo{}, waiting: map[string]arrival{}, told: map[string]bool{}}
}

// arrival is a file that may still be being written.
type arrival struct {
	info  fs.FileInfo
	since time.Time
}

func (l *lookout) pause() time.Duration {
	switch {
	case len(l.waiting) > 0:
		return l.settle
	case l.poll > 0:
		return l.poll
	case l.blind || l.notify == nil:
		return watchBlind
	}
	return watchPoll
}

// look goes through the folders and returns the files that are whole and new.
func (l *lookout) look(now time.Time) (ready []string) {
	found := map[string]fs.FileInfo{}
	for _, folder := range l.folders {
		l.walk(folder, found)
	}
	gone := map[string]fs.FileInfo{}
	maps.DeleteFunc(l.seen, func(path string, info fs.FileInfo) bool {
		_, still := found[path]
		if !still {
			gone[path] = info
		}
		return !still
	})
	maps.DeleteFunc(l.waiting, func(path string, _ arrival) bool { return found[path] == nil })
	for _, path := range slices.Sorted(maps.Keys(found)) {
		info := found[path]
		if old := l.seen[path]; old != nil && same(old, info) {
			continue
		}
		if from := renamed(gone, info); from != "" {
			l.say("%s: was %s, and is not read again", oneLine(path), oneLine(filepath.Base(from)))
			delete(gone, from)
			l.seen[path] = info
			continue
		}
		if l.known != nil && l.seen[path] == nil && l.known(path, info) {
			l.seen[path] = info
			continue
		}
		w, known := l.waiting[path]
		switch {
		case !known || !same(w.info, info):
			l.waiting[path] = arrival{info, now}
		case now.Sub(w.since) >= l.settle:
			delete(l.waiting, path)
			l.seen[path] = info
			ready = append(ready, path)
		}
	}
	return ready
}

func same(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && os.SameFile(a, b)
}

// renamed is the path that a file had before, or "".
func renamed(gone map[string]fs.FileInfo, info fs.FileInfo) string {
	for path, old := range gone {
		if same(old, info) {
			return path
		}
	}
	return ""
}

// walk adds the files of a folder, and of those within it, to found.
func (l *lookout) walk(folder string, found map[string]fs.FileInfo) {
	filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name := filepath.Base(path)
		switch {
		case err != nil && path == folder && errors.Is(err, fs.ErrNotExist):
			l.once(path, "%s: the folder is gone; it is watched again when it is back", oneLine(path))
			return nil
		case errors.Is(err, fs.ErrNotExist): // gone since its folder was read
			return nil
		case err != nil:
			l.once(path, "%s: %s", oneLine(path), plainPathError(err))
			return nil
		case path != folder && strings.HasPrefix(name, "."):
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case entry.IsDir():
			if path == folder {
				delete(l.told, path)
			}
			if l.notify != nil && l.notify.Add(path) != nil { // adding again changes nothing
				l.blind = true
			}
			return nil
		case unfinished(name):
			return nil
		case !crawler.Importable(path):
			l.once(path, "%s: not taken: only text, HTML, JSON Lines and WARC files can be read", oneLine(path))
			return nil
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found[path] = info
		}
		return nil
	})
}

func (l *lookout) once(path, format string, args ...any) {
	if !l.told[path] {
		l.told[path] = true
		l.say(format, args...)
	}
}

// unfinished are the names that programs give to files that they are still writing.
func unfinished(name string) bool {
	if strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") || strings.HasPrefix(name, "~$") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock", ".open":
		return true
	}
	return false
}
