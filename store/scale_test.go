package store

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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
		t.Logf("%9d quotes  %-38s "+format, append([]any{quotes, what}, args...)...)
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
	begin := time.Now()
	s := openResident(t, path)
	report("columns read in", "%v", time.Since(begin).Round(time.Millisecond))
	m := meter{t, s, rand.New(rand.NewPCG(3, 3)), report}
	ctx := t.Context()
	m.time("search page, common word + 2 filters", 100, func(f tenor.Filter) error {
		tx, c, err := s.begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		p, err := pickQuotes(ctx, tx, c, f)
		if err == nil {
			_, err = c.page(ctx, tx, &p, math.MaxInt64, 51)
		}
		return err
	})
	m.time("facets, common word + 2 filters", 60, func(f tenor.Filter) error {
		tx, c, err := s.begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		p, err := pickQuotes(ctx, tx, c, f)
		if err == nil {
			_, err = c.tally(ctx, tx, &p, f.Topics)
		}
		return err
	})
	m.time("both, common word alone", 30, func(f tenor.Filter) error {
		_, err := s.Search(ctx, tenor.Filter{Query: f.Query}, "", 50)
		return err
	})
	m.time("both, everything", 30, func(tenor.Filter) error {
		_, err := s.Search(ctx, tenor.Filter{}, "", 50)
		return err
	})
	series := m.time("timeline, subject + theme, 10 years", 30, func(f tenor.Filter) error {
		f.Query, f.Stances = "", nil
		_, err := s.Timeline(ctx, f)
		return err
	})
	grouped := m.time("the plain GROUP BY day, stance", 3, func(f tenor.Filter) error {
		rows, err := s.read.QueryContext(ctx, `SELECT seq >> 24, stance, count(*) FROM quotes
			WHERE subject = ? AND instr('|' || themes || '|', '|' || ? || '|') GROUP BY 1, 2`, string(f.Subjects[0]), string(f.Themes[0]))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
		}
		return rows.Err()
	})
	report("GROUP BY takes", "%.1f x the timeline", grouped.Seconds()/series.Seconds())
	m.time("timeline, everything", 3, func(tenor.Filter) error {
		_, err := s.Timeline(ctx, tenor.Filter{})
		return err
	})
}

// meter times questions that differ from each other.
type meter struct {
	t      *testing.T
	s      *Store
	r      *rand.Rand
	report func(what, format string, args ...any)
}

// time asks n times, reports the median and the 95th percentile, and gives the median.
func (m *meter) time(what string, n int, ask func(tenor.Filter) error) time.Duration {
	took := make([]time.Duration, n)
	for i := range took {
		f := tenor.Filter{
			Query:    words[4+m.r.IntN(8)],
			Stances:  []tenor.Stance{tenor.Stances()[m.r.IntN(3)]},
			Themes:   []tenor.Theme{tenor.Themes()[m.r.IntN(4)]},
			Subjects: []tenor.Subject{tenor.Subjects()[m.r.IntN(4)]},
		}
		begin := time.Now()
		if what[0] != 't' {
			f.Subjects = nil
		}
		if err := ask(f); err != nil {
			m.t.Fatal(err)
		}
		took[i] = time.Since(begin)
	}
	slices.Sort(took)
	m.report(what, "p50 %.2f ms, p95 %.2f ms", took[n/2].Seconds()*1e3, took[n*95/100].Seconds()*1e3)
	return took[n/2]
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
