package store

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
)

var (
	scale    = flag.String("scale", "", "sizes of the stores that TestScale measures, in quotes: 10000,100000,1000000")
	scaleDir = flag.String("scale-dir", "", "folder to keep those stores in and find them again; they are temporary without")
)

// TestScale measures stores of several sizes and prints a table: make bench-store. It
// judges nothing: timings depend on the machine.
func TestScale(t *testing.T) {
	if *scale == "" {
		t.Skip("measures only with -scale: make bench-store")
	}
	for size := range strings.SplitSeq(*scale, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		measure(t, n)
	}
}

func measure(t *testing.T, quotes int) {
	dir := *scaleDir
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, strconv.Itoa(quotes)+".db")
	report := func(what string, format string, args ...any) {
		t.Logf("%9d quotes  %-34s "+format, append([]any{quotes, what}, args...)...)
	}
	if _, err := os.Stat(path); err != nil {
		took := fill(t, path, quotes)
		report("ingest", "%.0f quotes/s", float64(quotes)/took.Seconds())
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	report("file", "%d B/quote", info.Size()/int64(quotes))
}

// fill saves the articles of so many quotes as a crawl does, several at a time, and
// says how long that took without the inventing.
func fill(t *testing.T, path string, quotes int) time.Duration {
	s := open(t, path)
	defer s.Close()
	type story struct {
		a      *tenor.Article
		quotes []tenor.Quote
	}
	var took time.Duration
	var stories []story
	flush := func() {
		begin := time.Now()
		var savers sync.WaitGroup
		next := make(chan story)
		for range 2 * mostTogether {
			savers.Go(func() {
				for st := range next {
					if _, err := s.SaveArticle(t.Context(), st.a, nil, st.quotes, "test-1", "ledger"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, st := range stories {
			next <- st
		}
		close(next)
		savers.Wait()
		took += time.Since(begin)
		stories = stories[:0]
	}
	newPaper(quotes).ofQuotes(t, quotes, func(a *tenor.Article, found []tenor.Quote) bool {
		if stories = append(stories, story{a, found}); len(stories) == 5000 {
			flush()
		}
		return !t.Failed()
	})
	flush()
	begin := time.Now()
	if _, err := s.write.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	return took + time.Since(begin)
}
