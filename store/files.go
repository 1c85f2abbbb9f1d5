package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// tempName is a free name beside path, under which a file is written until it is whole.
func tempName(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return "", err
	}
	name := f.Name()
	f.Close()
	return name, os.Remove(name) // SQLite makes it, with the rights of a store
}

// stem is the name of a store's file without its suffix: backups begin with it.
func stem(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// freeName is a name beside the store, with its name, the time (UTC) and the suffix, that
// no file has.
func freeName(path string, now time.Time, suffix string) string {
	base := filepath.Join(filepath.Dir(path), stem(path)+now.UTC().Format("-2006-01-02T150405"))
	name := base + suffix
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s-%d%s", base, n, suffix)
	}
}

// leftovers are files beside the store that a backup or restore left which was killed,
// or which is still being made.
func leftovers(path string) []string {
	list, err := filepath.Glob(filepath.Join(globEscape.Replace(filepath.Dir(path)), ".*.db.*.tmp"))
	if err != nil {
		return nil
	}
	return list
}

var globEscape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// removeDatabase removes a database file and what SQLite keeps beside it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", "-columns"} {
		os.Remove(path + suffix)
	}
}

// name gives a whole file its name, which no other file may have. Folders that know no
// hard links leave a moment between looking and renaming.
func name(temp, to string) error {
	err := os.Link(temp, to)
	if err == nil {
		return os.Remove(temp)
	}
	if _, there := os.Lstat(to); there == nil {
		return taken(to)
	}
	return os.Rename(temp, to)
}

// takenError is about a file that would have to be overwritten. It is os.ErrExist.
type takenError struct{ path string }

func taken(path string) error { return takenError{path} }

func (e takenError) Error() string        { return e.path + " is there already; name another file" }
func (e takenError) Is(target error) bool { return target == os.ErrExist }

// hashFile is the SHA-256 of a file, in hex, and its size.
func hashFile(ctx context.Context, path string, progress Progress) (sum string, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return copyHashed(ctx, io.Discard, f, "hashing", progress)
}

// copyHashed copies a file and gives the SHA-256 of what it copied, in hex.
func copyHashed(ctx context.Context, to io.Writer, from *os.File, step string, progress Progress) (sum string, size int64, err error) {
	info, err := from.Stat()
	if err != nil {
		return "", 0, err
	}
	hash := sha256.New()
	w := io.MultiWriter(to, hash)
	buffer := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", size, err
		}
		n, err := from.Read(buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return "", size, err
			}
			size += int64(n)
			progress.at(step, size, info.Size())
		}
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(hash.Sum(nil)), size, nil
		}
		if err != nil {
			return "", size, err
		}
	}
}

// writeSynced writes a small file and waits until it is on the disk.
func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFile waits until a file is on the disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncFolder waits until the names in a folder are on the disk. Some systems cannot;
// there the names are as safe as they get.
func syncFolder(path string) {
	if f, err := os.Open(path); err == nil {
		f.Sync()
		f.Close()
	}
}

// watchSize reports the growth of a file that SQLite writes, until stop is called.
func watchSize(path string, total int64, progress Progress) (stop func()) {
	if progress == nil {
		return func() {}
	}
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		ticker := time.NewTicker(200 * time.Millisecond)
		defer ticker.Stop()
		for {
			var size int64
			if info, err := os.Stat(path); err == nil {
				size = info.Size()
			}
			progress.at("copying", size, max(size, total))
			select {
			case <-ticker.C:
			case <-done:
				return
			}
		}
	})
	return func() { close(done); wait.Wait() }
}
