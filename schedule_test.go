package tenor

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var scheduleStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestVisitsFollowHowOftenASourceChanges(t *testing.T) {
	p := Pace{Min: 10 * time.Minute, Max: 12 * time.Hour}
	at := scheduleStart
	run := func(s Schedule, visits, articles int) Schedule {
		t.Helper()
		for range visits {
			s = s.After("ledger", Visit{At: at, New: articles}, p)
			if wait := s.Next.Sub(at); wait < s.Interval || wait > s.Interval*11/10 || wait > p.Max || wait < p.Min {
				t.Fatalf("interval %s, and it waits %s", s.Interval, wait)
			}
			at = s.Next
		}
		return s
	}
	s := run(Schedule{}, 1, 20)
	if s.Interval != time.Hour {
		t.Errorf("it begins with %s", s.Interval)
	}
	if s = run(s, 5, 3); s.Interval != p.Min {
		t.Errorf("a busy source is visited every %s, want %s", s.Interval, p.Min)
	}
	if quiet := run(s, 20, 0); quiet.Interval != p.Max {
		t.Errorf("a quiet source is visited every %s, want %s", quiet.Interval, p.Max)
	}
	fixed := Pace{Min: time.Hour, Max: time.Hour}
	if s := s.After("ledger", Visit{At: at}, fixed); s.Next != at.Add(time.Hour) {
		t.Errorf("with a fixed pace it waits %s", s.Next.Sub(at))
	}
	// Bounds that were made narrower hold at once.
	if s := (Schedule{Interval: 20 * time.Hour}).After("ledger", Visit{At: at}, Pace{Max: time.Hour}); s.Interval != time.Hour {
		t.Errorf("under a bound of 1h it is visited every %s", s.Interval)
	}
}

func TestDue(t *testing.T) {
	for next, want := range map[time.Duration]bool{-time.Hour: true, 0: true, time.Second: false, 24 * time.Hour: false, 25 * time.Hour: true, 365 * 24 * time.Hour: true} {
		if got := (Schedule{Next: scheduleStart.Add(next)}).Due(scheduleStart, Pace{}); got != want {
			t.Errorf("a visit set for %s from now: due %t", next, got)
		}
	}
	if (Schedule{Next: scheduleStart.Add(48 * time.Hour)}).Due(scheduleStart, Pace{Max: 72 * time.Hour}) || !(Schedule{}).Due(scheduleStart, Pace{}) {
		t.Error("a visit every three days is due on the first, or one never made is not")
	}
	later := (Schedule{Interval: time.Hour}).Later("ledger", scheduleStart, Pace{})
	if wait := later.Next.Sub(scheduleStart); wait < 15*time.Minute || wait > 17*time.Minute || later.Interval != time.Hour {
		t.Errorf("put off it is %+v", later)
	}
}

func TestFailuresAreRetriedMoreAndMoreRarelyForEver(t *testing.T) {
	s := Schedule{Interval: 40 * time.Minute}
	for n, want := range []time.Duration{5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440} {
		want *= time.Minute
		s = s.After("ledger", Visit{At: scheduleStart, Failures: n + 1}, Pace{})
		if wait := s.Next.Sub(scheduleStart); wait < want || wait > want*11/10 || wait > 24*time.Hour {
			t.Errorf("after %d failures it waits %s, want %s and up to a tenth more", n+1, wait, want)
		}
	}
	for _, failures := range []int{1000, 1 << 40} {
		if wait := s.After("ledger", Visit{At: scheduleStart, Failures: failures}, Pace{}).Next.Sub(scheduleStart); wait != 24*time.Hour {
			t.Errorf("after %d failures it waits %s", failures, wait)
		}
	}
	if s.Interval != 40*time.Minute {
		t.Errorf("failing has changed its interval to %s", s.Interval)
	}
	waits := map[time.Duration]bool{}
	for n := range 100 {
		waits[Schedule{}.After(fmt.Sprint("source ", n), Visit{At: scheduleStart, Failures: 3}, Pace{}).Next.Sub(scheduleStart)] = true
	}
	if len(waits) < 95 {
		t.Errorf("100 sources that failed together come again at %d different times", len(waits))
	}
}

// H37: over thirty days 300 feeds fall silent for minutes to weeks, some more than
// once. Every one that is back is read again, within a day, and goes on.
func TestThirtyDaysOfOutages(t *testing.T) {
	const feeds = 300
	end := scheduleStart.Add(30 * 24 * time.Hour)
	resumed, visits, failed := 0, 0, 0
	for n := range feeds {
		r := rand.New(rand.NewPCG(37, uint64(n)))
		type outage struct{ from, to time.Time }
		var outages []outage
		for at := scheduleStart; ; {
			from := at.Add(time.Duration(r.ExpFloat64() * float64(6*24*time.Hour)))
			to := from.Add(time.Duration(r.ExpFloat64() * float64(2*24*time.Hour)))
			if from.After(end) {
				break
			}
			outages, at = append(outages, outage{from, to}), to
		}
		every := time.Duration(20+r.IntN(2000)) * time.Minute // one article
		name, s, failures := fmt.Sprint("feed ", n), Schedule{}, 0
		lastGood := scheduleStart
		for at := scheduleStart; at.Before(end); at = s.Next {
			visits++
			down := false
			for _, o := range outages {
				if !at.Before(o.from) && at.Before(o.to) {
					down = true
				}
			}
			v := Visit{At: at}
			if down {
				failures++
				failed++
				v.Failures = failures
			} else {
				if failures > 0 {
					resumed++
				}
				var back time.Time // from the last outage
				for _, o := range outages {
					if !at.Before(o.to) {
						back = o.to
					}
				}
				if late := at.Sub(back); lastGood.Before(back) && late > 24*time.Hour {
					t.Errorf("%s was back for %s before it was read", name, late)
				}
				v.New = int(at.Sub(scheduleStart)/every - lastGood.Sub(scheduleStart)/every)
				failures, lastGood = 0, at
			}
			s = s.After(name, v, Pace{})
			if wait := s.Next.Sub(at); wait < 5*time.Minute || wait > 24*time.Hour {
				t.Fatalf("%s waits %s", name, wait)
			}
		}
		up := true
		for _, o := range outages {
			up = up && (o.to.Before(end.Add(-24*time.Hour)) || o.from.After(end))
		}
		if up && end.Sub(lastGood) > 24*time.Hour {
			t.Errorf("%s is up and was last read %s before the end", name, end.Sub(lastGood))
		}
	}
	if resumed < feeds {
		t.Errorf("only %d recoveries were played", resumed)
	}
	t.Logf("%d feeds, %d recoveries seen, %d visits, %d of them failed", feeds, resumed, visits, failed)
}
