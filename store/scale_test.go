package store

import (
	"flag"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tenor"
)

var (
	scale    = flag.String("scale", "", "sizes of the stores that TestScale measures, in quotes: 10000,100000,1000000")
	fillOnly = flag.Bool("scale-fill", false, "only make the stores, and measure nothing else")
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
		took, work := fillStore(t, path, quotes)
		report("ingest", "%.0f quotes/s, %.0f a CPU second", float64(quotes)/took.Seconds(), float64(quotes)/work.Seconds())
	}
	if *fillOnly {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := dropKept(path); err != nil { // of an earlier run
		t.Fatal(err)
	}
	var s *Store
	for _, from := range []string{"the store", "the file beside it"} {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		before := heap()
		begin, worked := time.Now(), cpu()
		s = openResident(t, path)
		took, work := time.Since(begin), cpu()-worked
		runtime.GC()
		report("columns and series from "+from, "%v, CPU %v, %d B/quote held", took.Round(time.Millisecond), work.Round(time.Millisecond), (heap()-before)/uint64(quotes))
		keepNow(t, s)
	}
	defer dropKept(path)
	totals, err := s.Totals(t.Context()) // some of those invented are said twice in one article
	if err != nil {
		t.Fatal(err)
	}
	report("file", "%d B/quote", info.Size()/int64(totals.Quotes))
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
			_, err = c.page(ctx, tx, &p, cursor{seq: math.MaxInt64}, 51)
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
	m.time("both, everything, a page back from the end", 10, func(tenor.Filter) error {
		_, err := s.Search(ctx, tenor.Filter{}, above(firstSeq), 50)
		return err
	})
	firms, people := must[[]string](t)(s.Values(ctx, "firm", 1)), must[[]string](t)(s.Values(ctx, "analyst", 1))
	m.time("outlook of the most quoted firm", 10, func(tenor.Filter) error {
		_, err := s.Outlook(ctx, tenor.Filter{Firms: firms})
		return err
	})
	m.time("outlook of the most quoted person", 10, func(tenor.Filter) error {
		_, err := s.Outlook(ctx, tenor.Filter{Analysts: people})
		return err
	})
	m.time("names near a wrong one", 10, func(tenor.Filter) error {
		names, err := s.Values(ctx, "analyst", 0)
		tenor.Nearest("Maren Osgathrope", names, 6)
		return err
	})
	m.time("review queue", 10, func(tenor.Filter) error {
		_, err := s.Review(ctx)
		return err
	})
	window := 90
	series := m.time("timeline, subject + theme, 10 years", 30, func(f tenor.Filter) error {
		f.Query, f.Stances = "", nil
		window++ // none that is remembered
		f.Window = window
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
	report("GROUP BY takes", "%.1f x the CPU time of the timeline", grouped.Seconds()/series.Seconds())
	m.csv(path)
	m.time("timeline, everything, not asked before", 1, func(tenor.Filter) error {
		window++
		_, err := s.Timeline(ctx, tenor.Filter{Window: window})
		return err
	})
	m.time("timeline, everything, again", 30, func(tenor.Filter) error {
		_, err := s.Timeline(ctx, tenor.Filter{})
		return err
	})
	m.readers(quotes)
}

// meter times questions that differ from each other.
type meter struct {
	t      *testing.T
	s      *Store
	r      *rand.Rand
	report func(what, format string, args ...any)
}

// time asks n times, reports the median, the 95th percentile and the mean CPU time, and
// gives that.
func (m *meter) time(what string, n int, ask func(tenor.Filter) error) time.Duration {
	took := make([]time.Duration, n)
	worked := cpu()
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
	worked = cpu() - worked
	slices.Sort(took)
	m.report(what, "p50 %.2f ms, p95 %.2f ms, CPU %.2f ms", took[n/2].Seconds()*1e3, took[n*95/100].Seconds()*1e3, worked.Seconds()*1e3/float64(n))
	return worked / time.Duration(n)
}

// heap is how many bytes are in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// cpu is the time that all threads have worked: on a busy machine it says more than the
// clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fillStore saves the articles of so many quotes as a crawl does, several at a time, and
// says how long that took, and how much work it was, without the inventing.
func fillStore(t *testing.T, path string, quotes int) (took, work time.Duration) {
	s := open(t, path)
	defer s.Close()
	type story struct {
		a      *tenor.Article
		quotes []tenor.Quote
	}
	var stories []story
	flush := func() {
		begin, worked := time.Now(), cpu()
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
		took, work = took+time.Since(begin), work+cpu()-worked
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
	return took + time.Since(begin), work
}

// csv times the export of all, beside sqlite3's own where that is installed.
func (m *meter) csv(path string) {
	plain := open(m.t, path)                                // one state, without the columns
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}} // what the collector found in use
	runtime.GC()
	metrics.Read(live)
	before, peak := live[0].Value.Uint64(), live[0].Value.Uint64()
	begin, worked, n := time.Now(), cpu(), 0
	records := func(yield func(tenor.Record, error) bool) {
		for r, err := range plain.Records(m.t.Context(), tenor.Filter{}) {
			if n++; n%10_000 == 0 {
				metrics.Read(live)
				peak = max(peak, live[0].Value.Uint64())
			}
			if !yield(r, err) {
				return
			}
		}
	}
	if _, err := tenor.WriteCSV(io.Discard, records, tenor.DialectRaw); err != nil {
		m.t.Fatal(err)
	}
	own, work := time.Since(begin), cpu()-worked
	m.report("CSV of all", "%.0f rows/s, %.0f a CPU second, heap %+.1f MB", float64(n)/own.Seconds(), float64(n)/work.Seconds(), float64(peak-before)/(1<<20))
	if _, err := exec.LookPath("sqlite3"); err != nil {
		m.report("sqlite3's own CSV", "skipped: sqlite3 is not installed")
		return
	}
	begin = time.Now()
	shell := exec.Command("sqlite3", "-csv", path, `SELECT quote_id, published, published_precision, analyst, speaker_type, firm, role,
		stance, confidence, horizon, subject, themes, kind, quote, outlet, title, url, cluster_id, copies, known_at, label_source, tagger FROM quotes_flat`)
	shell.Stdout = io.Discard // a pipe, as for own
	if err := shell.Run(); err != nil {
		m.t.Fatal(err)
	}
	theirs := time.Since(begin)
	used := shell.ProcessState.UserTime() + shell.ProcessState.SystemTime()
	m.report("sqlite3's own CSV", "%.0f rows/s, %.0f a CPU second; Tenor's is %.2f x as fast, %.2f x by CPU",
		float64(n)/theirs.Seconds(), float64(n)/used.Seconds(), theirs.Seconds()/own.Seconds(), used.Seconds()/work.Seconds())
}

// readers times searches by four readers at once, first alone and then beside an ingest
// at full speed, which adds a hundredth to the store.
func (m *meter) readers(quotes int) {
	s := open(m.t, m.s.path)
	read := func(until <-chan struct{}) (p95 time.Duration, n, failed int) {
		var mu sync.Mutex
		var took []time.Duration
		var readers sync.WaitGroup
		for i := range 4 {
			readers.Go(func() {
				r := rand.New(rand.NewPCG(uint64(i), 1))
				for {
					select {
					case <-until:
						return
					default:
					}
					f := tenor.Filter{Query: words[4+r.IntN(8)], Stances: tenor.Stances()[:1], Themes: tenor.Themes()[r.IntN(4):][:1]}
					begin := time.Now()
					_, err := m.s.Search(m.t.Context(), f, "", 50)
					mu.Lock()
					took = append(took, time.Since(begin))
					if err != nil {
						if failed++; failed == 1 {
							m.t.Logf("reader: %v", err)
						}
					}
					mu.Unlock()
				}
			})
		}
		readers.Wait()
		slices.Sort(took)
		return took[len(took)*95/100], len(took), failed
	}
	idle := make(chan struct{})
	time.AfterFunc(5*time.Second, func() { close(idle) })
	alone, _, _ := read(idle)
	busy := make(chan struct{})
	var wrote int
	go func() {
		defer close(busy)
		work := make(chan func())
		var savers sync.WaitGroup
		for range 32 {
			savers.Go(func() {
				for save := range work {
					save()
				}
			})
		}
		newPaper(quotes).ofQuotes(m.t, max(1000, quotes/100), func(a *tenor.Article, found []tenor.Quote) bool {
			a.URL += "/late"
			for i := range found {
				found[i].ID = tenor.QuoteID(a.Key(), found[i].Speaker, found[i].Segments(a.Text))
			}
			wrote += len(found)
			work <- func() {
				if _, err := s.SaveArticle(m.t.Context(), a, nil, found, "test-1", "ledger"); err != nil {
					m.t.Error(err)
				}
			}
			return true
		})
		close(work)
		savers.Wait()
	}()
	begin := time.Now()
	beside, n, failed := read(busy)
	m.report("4 readers beside an ingest", "%d searches, %d errors, p95 %.1f ms beside %.0f quotes/s, %.1f ms alone: %.1f x",
		n, failed, beside.Seconds()*1e3, float64(wrote)/time.Since(begin).Seconds(), alone.Seconds()*1e3, beside.Seconds()/alone.Seconds())
}
