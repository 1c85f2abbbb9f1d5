//go:build race

package web

// The race detector makes everything some five times as slow: what is tried thousands of
// times without it is tried a sixth as often, every payload and every parameter still.
func init() { everyNth = 6 }
