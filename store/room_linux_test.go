package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tenor"
)

// The same on a real disk of 64 MiB.
func TestFullDiskOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 56<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	var told []bool
	saved := 0
	var s *Store
	s, err := Open(t.Context(), filepath.Join(dir, "t.db"), Options{Create: true, OnFull: func(full bool) {
		told = append(told, full)
		if full {
			whole(t, s, saved)
			os.Remove(ballast)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.room.again = time.Millisecond
	fill(t, s, 0, func() bool { saved++; return len(told) == 2 })
	whole(t, s, saved)
	checkIndex(t, s)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A copy is not begun where the disk has no room for it.
func TestSnapshotNeedsRoom(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	s, err := Open(t.Context(), filepath.Join(dir, "t.db"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	snap, _, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	snap.Close()
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 10<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	var none *tenor.NoRoomError
	if _, _, err := s.Snapshot(t.Context()); !errors.As(err, &none) || !errors.Is(err, tenor.ErrDiskFull) || none.Need == 0 {
		t.Errorf("error %v", err)
	}
	if list := leftovers(s.path); len(list) > 0 {
		t.Errorf("left behind: %s", list)
	}
}
