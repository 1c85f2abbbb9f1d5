package store

import (
	"context"
	"sync"
	"testing"
	"time"

	"tenor"
)

// More people than there are connections ask at one moment, each for a series that nobody
// asked for before: all get theirs, though each waits for one that needs a connection.
func TestMoreSeriesAtOnceThanConnections(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://site.example/1", "The Ledger", "Caps", "2025-09-18", said{speaker: "Ines Okafor", words: "we like them", stance: tenor.Bullish})
	save(t, s, a, quotes)
	fast := openResident(t, s.path)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // they would wait for ever
	defer stop()
	day := tenor.DayOf(time.Date(2025, 9, 20, 0, 0, 0, 0, time.UTC))
	for round := range 4 {
		begin := make(chan struct{})
		var all sync.WaitGroup
		for i := range 4 * readers {
			all.Go(func() {
				<-begin
				line, err := fast.Timeline(ctx, tenor.Filter{Window: 10 + 4*readers*round + i})
				if err != nil || line.At(day).N() != 1 {
					t.Errorf("series %d of round %d: %v", i, round, err)
				}
			})
		}
		close(begin)
		all.Wait()
	}
}
