package tenor

import (
	"hash/fnv"
	"math"
	"time"
)

// Schedule is when a source is visited next, and how often. The zero Schedule is that
// of a source that was never visited: it is due at once.
type Schedule struct {
	Next     time.Time     // not before; the zero time is due at once
	Interval time.Duration // from one good visit to the next; 0 before the first
	Last     time.Time     // visit, good or bad; zero before the first
}

// Visit is what came of asking a source for its list.
type Visit struct {
	At       time.Time // when it ended
	New      int       // articles that came with it and were not known
	Failures int       // visits that failed up to this one, in a row; 0 when it answered
}

// Pace bounds the time between two visits of a source. Zero fields mean 15 minutes
// and a day.
type Pace struct{ Min, Max time.Duration }

const (
	defaultMin = 15 * time.Minute
	defaultMax = 24 * time.Hour
	// Where a source that was never visited begins: often enough to learn soon.
	firstInterval = time.Hour
	// A source that fails is asked again after 5 minutes, 10, 20 … up to a day, for
	// ever. A day stays a day whatever the pace is: a feed that comes back after months
	// resumes within it.
	firstRetry = 5 * time.Minute
	lastRetry  = 24 * time.Hour
)

// After is the schedule after a visit. It halves the interval when new articles came,
// lengthens it by half when none did, and keeps it while the source fails, so that
// a source that recovers goes on at its own pace. The same arguments always give the
// same schedule.
//
// Each wait is up to a tenth longer than computed, by an amount that follows from the
// source's name and the visit: sources that were added together, or that failed together
// with the network, come apart. It is never longer than the bound above it.
func (s Schedule) After(name string, v Visit, p Pace) Schedule {
	p = p.withDefaults()
	s.Last = v.At
	if v.Failures > 0 {
		retry := lastRetry
		if doublings := v.Failures - 1; doublings < 10 { // 5 min × 2⁹ is over a day
			retry = min(firstRetry<<doublings, lastRetry)
		}
		s.Next = v.At.Add(jitter(retry, lastRetry, name, v))
		return s
	}
	switch {
	case s.Interval <= 0:
		s.Interval = firstInterval
	case v.New > 0:
		s.Interval /= 2
	default:
		s.Interval += s.Interval / 2
	}
	s.Interval = min(max(s.Interval, p.Min), p.Max)
	s.Next = v.At.Add(jitter(s.Interval, p.Max, name, v))
	return s
}

func (p Pace) withDefaults() Pace {
	if p.Min <= 0 {
		p.Min = defaultMin
	}
	if p.Max <= 0 {
		p.Max = defaultMax
	}
	p.Max = max(p.Min, p.Max)
	return p
}

func jitter(wait, most time.Duration, name string, v Visit) time.Duration {
	h := fnv.New64a()
	h.Write([]byte(name))
	stamp := v.At.Unix()
	for range 8 {
		h.Write([]byte{byte(stamp)})
		stamp >>= 8
	}
	share := float64(h.Sum64()>>11) / math.Exp2(53) // [0, 1)
	return min(wait+time.Duration(share*float64(wait)/10), max(most, wait))
}

// Due reports whether a source is to be visited now. A visit that lies further off than
// any schedule puts it is due too: the clock was wrong when it was set, or the bounds
// have been narrowed since.
func (s Schedule) Due(now time.Time, p Pace) bool {
	p = p.withDefaults()
	return !s.Next.After(now) || s.Next.Sub(now) > max(p.Max, lastRetry)
}

// Later is the schedule when a visit came to nothing: the host asked to be left alone,
// or the crawl ended first. The source is due again after the shortest time.
func (s Schedule) Later(name string, now time.Time, p Pace) Schedule {
	p = p.withDefaults()
	s.Next = now.Add(jitter(p.Min, p.Max, name, Visit{At: now}))
	return s
}
