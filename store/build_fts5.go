//go:build sqlite_fts5 || fts5

package store

const fullText = true
