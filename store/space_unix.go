//go:build linux || darwin

package store

import "syscall"

// freeSpace is how many bytes a file in the folder may still take; not ok where the
// system does not say.
func freeSpace(folder string) (bytes int64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
