package store

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
	"tenor/internal/race"
)

// A longer run than a change needs: go test ./store -run ReadersWhile -busy 10m.
var busyFor = flag.Duration("busy", 0, "how long to write, tag again and read at once")

// While one crawl and one re-tag write, in two processes as far as SQLite can
// tell, readers get answers, each of one state of the store, and nobody is told that
// the database is locked. -busy says for how long.
func TestReadersWhileWriting(t *testing.T) {
	s := newStore(t)
	other := open(t, s.path)
	articles := 60 / race.Nth(3)
	var done atomic.Bool
	var writers, readers sync.WaitGroup
	ctx := context.WithoutCancel(t.Context())
	var saved, read atomic.Int64
	start := time.Now()
	for w, st := range []*Store{s, other, s} {
		writers.Go(func() {
			for n := 0; n < articles || time.Since(start) < *busyFor; n++ {
				i := n % articles
				a, quotes := newArticle(t, fmt.Sprintf("https://w%d.example/%d", w, i), "The Ledger", "Caps", "2025-09-18",
					said{speaker: "Ines Okafor", words: fmt.Sprint("we like number ", n)}, said{speaker: "Tomas Rehn", words: fmt.Sprint("we do not like ", w, " of ", n)})
				id, err := st.SaveArticle(ctx, a, nil, quotes, "test-1", "ledger")
				if err == nil && i%5 == 0 {
					err = st.ReplaceQuotes(ctx, id, quotes, "test-2")
				}
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				saved.Add(1)
			}
		})
	}
	for r := range 20 {
		readers.Go(func() {
			for i := 0; !done.Load() || i == 0; i++ {
				st := []*Store{s, other}[r%2]
				res, err := st.Search(ctx, tenor.Filter{Query: "like"}, "", 500)
				if err != nil {
					t.Errorf("reader: %v", err)
					return
				}
				if res.Next == "" && res.Total != len(res.Records) {
					t.Errorf("total %d, %d records", res.Total, len(res.Records))
				}
				if _, err := st.Timeline(ctx, tenor.Filter{}); err != nil {
					t.Errorf("reader: %v", err)
				}
				read.Add(1)
			}
		})
	}
	writers.Wait()
	done.Store(true)
	readers.Wait()
	t.Logf("%d articles saved, %d searches and timelines, in %v", saved.Load(), read.Load(), time.Since(start).Round(time.Second))
	total := must[tenor.Totals](t)(s.Totals(ctx))
	if total.Articles != 3*articles || total.Quotes != 6*articles {
		t.Errorf("%+v, want %d articles and %d quotes", total, 3*articles, 6*articles)
	}
	checkIndex(t, s)
}

// A page that lists quotes may ask for more while it does: the pool is not
// exhausted by one request.
func TestReadingInsideAStream(t *testing.T) {
	s := newsroom(t)
	n := 0
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Article(t.Context(), r.ArticleID); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 9 {
		t.Errorf("%d quotes, want 9", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range s.Records(ctx, tenor.Filter{}) {
		if err == nil {
			t.Error("a stream that was cancelled went on")
		}
		break
	}
	if _, err := s.SaveArticle(ctx, &tenor.Article{URL: "https://l.example/late"}, nil, nil, "t", ""); err == nil {
		t.Error("an article was saved after the crawl was stopped")
	}
}
