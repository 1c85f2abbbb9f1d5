package store

import (
	"context"
	"strings"
	"sync"
	"time"

	"tenor"
)

// A page asks for its series several times: for the chart, its data, its voices. Those of
// a resident store are remembered for as long as the store stays the same. One over most
// of a million quotes takes a fifth of a second, and where computing took long it is shown
// for some times as long, while the next is computed: it is behind by that much at most.
// The one of everything, which the first page shows, is computed when the store changes and
// not when somebody asks (keepSeries).
const (
	worthSeries = 10 * time.Millisecond // what is faster is not remembered
	longSeries  = 50 * time.Millisecond // what is faster is computed whenever the store changed
	staleFactor = 10
	mostSeries  = 16 // remembered
)

type seriesMemory struct {
	mu   sync.Mutex
	long time.Duration // longSeries, but in tests
	list map[string]*series
}

// series is a timeline, or one that is being computed.
type series struct {
	ready chan struct{} // closed when the rest is set
	at    int64         // the state of the store that it was asked for in
	done  time.Time
	took  time.Duration
	line  *tenor.Timeline
	err   error
	next  bool // the one in its place is being computed
}

// remembered is the timeline of a filter, computed by compute where it has to be. at is
// the state of the store.
func (s *Store) remembered(ctx context.Context, f tenor.Filter, at int64, compute func(context.Context) (*tenor.Timeline, error)) (*tenor.Timeline, error) {
	m := &s.resident.series
	today := tenor.DayOf(s.now().In(tenor.Market)).String()
	key := strings.Join([]string{today, f.Values().Encode(), strings.Join(plain(f.WantedThemes()), "|"), strings.Join(plain(f.WantedSubjects()), "|")}, "\x00")
	m.mu.Lock()
	one := m.list[key]
	if one != nil && isClosed(one.ready) && one.at != at {
		fresh := one.err == nil && one.took >= m.long && time.Since(one.done) < staleFactor*one.took
		if !fresh {
			one = nil
		} else if !one.next {
			one.next = true
			s.computeSeries(key, at, compute)
		}
	}
	if one == nil {
		one = s.computeSeries(key, at, compute)
		m.list[key] = one
	}
	m.mu.Unlock()
	select {
	case <-one.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if one.err != nil {
		return nil, one.err
	}
	line := *one.line
	line.Filter = f
	return &line, nil
}

// How often keepSeries looks for changes: seldom where it has much to do.
const (
	lookForChanges = time.Second
	seriesShare    = 10 // of the time it works at most a tenth
)

// keepSeries keeps the series of everything up to date for as long as the store is open.
func (s *Store) keepSeries() {
	wait := lookForChanges
	for {
		select {
		case <-s.resident.ctx.Done():
			return
		case <-time.After(wait):
		}
		s.resident.mu.Lock()
		ready := s.resident.read != nil
		s.resident.mu.Unlock()
		if begin := time.Now(); ready {
			s.timeline(s.resident.ctx, tenor.Filter{})
			wait = max(lookForChanges, seriesShare*time.Since(begin))
		}
	}
}

// computeSeries computes one in the background and puts it in its place. The memory is
// locked.
func (s *Store) computeSeries(key string, at int64, compute func(context.Context) (*tenor.Timeline, error)) *series {
	m := &s.resident.series
	one := &series{ready: make(chan struct{}), at: at}
	if m.list == nil {
		m.list = map[string]*series{}
	}
	s.resident.readers.Go(func() {
		begin := time.Now()
		one.line, one.err = compute(s.resident.ctx)
		one.done, one.took = time.Now(), time.Since(begin)
		close(one.ready)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.list[key] = one
		for other := range m.list {
			if len(m.list) <= mostSeries {
				break
			}
			if other != key {
				delete(m.list, other)
			}
		}
		if one.err != nil || one.took < worthSeries {
			delete(m.list, key)
		}
	})
	return one
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
