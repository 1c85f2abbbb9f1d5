//go:build race

package crawler

// The race detector multiplies the memory that a process holds.
const raceDetector = true
