// Package race tells tests whether they run under the race detector, which makes
// everything some five times as slow and multiplies the memory that a process holds.
package race

// Nth is n under the race detector, and 1 without it: of a long sweep in one goroutine,
// where no race can hide, each n-th is tried then. make test tries all.
func Nth(n int) int {
	if Detector {
		return n
	}
	return 1
}
