package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
)

// matches are the seqs from lo up to below hi in which FTS5 finds match, latest first,
// at most limit of them.
func matches(ctx context.Context, tx *sql.Tx, match string, lo, hi int64, limit int) ([]int64, error) {
	seqs, err := readSeqs(ctx, tx, `SELECT json_group_array(rowid) FROM (SELECT rowid FROM quotes_fts
		WHERE quotes_fts MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?)`, match, lo, hi, limit)
	slices.Reverse(seqs)
	return seqs, err
}

// halvedFrom is from how many quotes on a word that is asked for the first time is looked for
// on two connections, each in half of the quotes: nearly all of the time goes into writing
// numbers as text and reading them.
const halvedFrom = 100_000

// allMatches are all of them.
func (c *columns) allMatches(ctx context.Context, tx *sql.Tx, match string) ([]int64, error) {
	if c.found.db == nil || c.quotes < c.found.from || !c.found.halving.TryLock() {
		return matchesFrom(ctx, tx, match, math.MinInt64, math.MaxInt64)
	}
	defer c.found.halving.Unlock()
	other, err := c.found.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer other.Rollback()
	if at, err := lastChange(ctx, other); err != nil || at != c.at { // the store has changed since tx began
		return matchesFrom(ctx, tx, match, math.MinInt64, math.MaxInt64)
	}
	middle := c.chunks[len(c.chunks)/2].first()
	var early []int64
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		early, failed = matchesFrom(ctx, other, match, math.MinInt64, middle)
	}()
	late, err := matchesFrom(ctx, tx, match, middle, math.MaxInt64)
	<-done
	return append(late, early...), errors.Join(err, failed)
}

// matchesFrom are those from lo up to below hi. FTS5 gives them as its index has them, which
// is the earliest first; to ask for the latest first takes half as long again.
func matchesFrom(ctx context.Context, tx *sql.Tx, match string, lo, hi int64) ([]int64, error) {
	seqs, err := readSeqs(ctx, tx, `SELECT json_group_array(rowid) FROM quotes_fts
		WHERE quotes_fts MATCH ? AND rowid >= ? AND rowid < ?`, match, lo, hi)
	if falling := func(a, b int64) int { return cmp.Compare(b, a) }; !slices.IsSortedFunc(seqs, falling) {
		slices.SortFunc(seqs, falling) // it has promised nothing
	}
	return seqs, err
}

// readSeqs reads a list of numbers in JSON, and gives them latest first. They come as one
// text, since a row of its own for each crosses into C and back.
func readSeqs(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]int64, error) {
	var text string
	if err := tx.QueryRowContext(ctx, query, args...).Scan(&text); err != nil {
		return nil, err
	}
	if len(text) <= len("[]") {
		return nil, nil
	}
	seqs := make([]int64, strings.Count(text, ",")+1)
	at, n := len(seqs)-1, int64(0)
	for i := 1; i < len(text); i++ {
		if digit := text[i] - '0'; digit <= 9 {
			n = n*10 + int64(digit)
			continue
		}
		seqs[at], n = n, 0
		at--
	}
	return seqs, nil
}

// foundWords remembers what was found: whoever turns pages or narrows by a facet asks
// for the same words again.
type foundWords struct {
	mu    sync.Mutex
	words map[string]foundSeqs
	held  int // seqs in words

	db      *sql.DB    // for a second reader
	from    int        // halvedFrom, but in tests
	halving sync.Mutex // one at a time, so that readers never all wait for a second connection

	all   tally // of all quotes, in the state allAt
	allAt int64
}

// foundSeqs are all seqs in which words are found, latest first, in one state of the
// store. They are never changed.
type foundSeqs struct {
	at   int64
	seqs []int64
}

const (
	// mostFound bounds how many seqs are remembered, 8 bytes each.
	mostFound = 4_000_000
	// Quotes that changed since are looked up in runs, at most mostRuns: changed ones with
	// less than runGap between them, with all that match in between.
	mostRuns = 200
	runGap   = 7 << seqBits // a week, for within one lie the copies that an article changes
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
		if seqs, err = c.allMatches(ctx, tx, match); err != nil {
			return nil, err
		}
	}
	f.remember(match, foundSeqs{c.at, seqs})
	return seqs, nil
}

// follow brings what was found up to a later state, if few quotes changed since.
func (k *foundSeqs) follow(ctx context.Context, tx *sql.Tx, match string, at int64) (seqs []int64, ok bool, err error) {
	changed, ok, err := changedSince(ctx, tx, k.at, at, mostChanges)
	if err != nil || !ok {
		return nil, false, err
	}
	if len(changed) > 0 && changed[0] == aName {
		changed = changed[1:]
	}
	runs := runsOf(changed)
	if len(runs) > mostRuns {
		return nil, false, nil
	}
	slices.Reverse(runs) // as seqs are
	seqs = make([]int64, 0, len(k.seqs)+len(changed))
	rest := k.seqs
	for _, run := range runs {
		lo, hi := run[0], run[1]
		fresh, err := matchesFrom(ctx, tx, match, lo, hi)
		if err != nil {
			return nil, false, err
		}
		same := between(rest, hi, math.MaxInt64)
		seqs = append(append(seqs, same...), fresh...)
		rest = rest[len(same)+len(between(rest, lo, hi)):]
	}
	return append(seqs, rest...), true, nil
}

// runsOf are the bounds of runs of seqs in order, the upper ones above the last: runGap at
// least lies between two.
func runsOf(seqs []int64) (runs [][2]int64) {
	for i, seq := range seqs {
		if i == 0 || seq-seqs[i-1] >= runGap {
			runs = append(runs, [2]int64{seq})
		}
		runs[len(runs)-1][1] = seq + 1
	}
	return runs
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
