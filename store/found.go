package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"sync"
)

// matches are the seqs from lo up to below hi in which FTS5 finds match, latest first,
// at most limit of them. They come as one text, since a row of its own for each crosses
// into C and back.
func matches(ctx context.Context, tx *sql.Tx, match string, lo, hi int64, limit int) ([]int64, error) {
	return readSeqs(ctx, tx, `SELECT group_concat(rowid, ' ') FROM (SELECT rowid FROM quotes_fts
		WHERE quotes_fts MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?)`, match, lo, hi, limit)
}

func readSeqs(ctx context.Context, tx *sql.Tx, query string, args ...any) (seqs []int64, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var text sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		seqs = make([]int64, 0, len(text)/12)
		var n int64
		for _, digit := range text {
			if digit == ' ' {
				seqs, n = append(seqs, n), 0
				continue
			}
			n = n*10 + int64(digit-'0')
		}
		if len(text) > 0 {
			seqs = append(seqs, n)
		}
	}
	return seqs, rows.Err()
}

// foundWords remembers what was found: whoever turns pages or narrows by a facet asks
// for the same words again.
type foundWords struct {
	mu    sync.Mutex
	words map[string]foundSeqs
	held  int // seqs in words

	all   tally // of all quotes, in the state allAt
	allAt int64
}

// foundSeqs are all seqs in which words are found, latest first, in one state of the
// store. They are never changed.
type foundSeqs struct {
	at   int64
	seqs []int64
}

// mostFound bounds how many seqs are remembered, 8 bytes each; mostLookedUp, how many
// quotes that changed since are looked up one by one.
const (
	mostFound    = 4_000_000
	mostLookedUp = 500
)

// matches are all seqs in which FTS5 finds match, latest first.
func (c *columns) matches(ctx context.Context, tx *sql.Tx, match string) ([]int64, error) {
	f := c.found
	f.mu.Lock()
	known, ok := f.words[match]
	f.mu.Unlock()
	if ok && known.at == c.at {
		return known.seqs, nil
	}
	var seqs []int64
	followed := false
	if ok && known.at < c.at {
		var err error
		if seqs, followed, err = known.follow(ctx, tx, match, c.at); err != nil {
			return nil, err
		}
	}
	if !followed {
		var err error
		if seqs, err = matches(ctx, tx, match, 0, math.MaxInt64, -1); err != nil {
			return nil, err
		}
	}
	f.remember(match, foundSeqs{c.at, seqs})
	return seqs, nil
}

// follow brings what was found up to a later state, if few quotes changed since.
func (k *foundSeqs) follow(ctx context.Context, tx *sql.Tx, match string, at int64) (seqs []int64, ok bool, err error) {
	changed, ok, err := changedSince(ctx, tx, k.at, at, mostLookedUp)
	if err != nil || !ok {
		return nil, false, err
	}
	fresh, err := readSeqs(ctx, tx, `SELECT group_concat(rowid, ' ') FROM (SELECT rowid FROM quotes_fts
		WHERE quotes_fts MATCH ? AND rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid DESC)`, match, jsonList(changed))
	if err != nil {
		return nil, false, err
	}
	seqs = make([]int64, 0, len(k.seqs)+len(fresh))
	for _, seq := range k.seqs {
		for len(fresh) > 0 && fresh[0] > seq {
			seqs, fresh = append(seqs, fresh[0]), fresh[1:]
		}
		if _, gone := slices.BinarySearch(changed, seq); gone {
			if len(fresh) > 0 && fresh[0] == seq {
				seqs, fresh = append(seqs, seq), fresh[1:]
			}
			continue
		}
		seqs = append(seqs, seq)
	}
	return append(seqs, fresh...), true, nil
}

func (f *foundWords) remember(match string, k foundSeqs) {
	f.mu.Lock()
	defer f.mu.Unlock()
	was, ok := f.words[match]
	if ok && was.at >= k.at || len(k.seqs) > mostFound {
		return
	}
	if f.held += len(k.seqs) - len(was.seqs); f.held > mostFound || f.words == nil {
		f.words, f.held = map[string]foundSeqs{}, len(k.seqs)
	}
	f.words[match] = k
}

// between cuts falling seqs to those from lo up to below hi.
func between(seqs []int64, lo, hi int64) []int64 {
	falling := func(seq, bound int64) int { return cmp.Compare(bound, seq) }
	from, _ := slices.BinarySearchFunc(seqs, hi-1, falling)
	to, _ := slices.BinarySearchFunc(seqs, lo-1, falling)
	return seqs[from:max(from, to)]
}
