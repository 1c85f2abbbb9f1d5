package tenor

import (
	"testing"
	"time"
)

// Every moment is on exactly one day, whatever the zone that it is written in, also on
// the days of 23 and 25 hours.
func TestDaysOfClockChange(t *testing.T) {
	for day, hours := range map[string]int{"2025-03-09": 23, "2025-11-02": 25, "2025-06-02": 24} {
		want, err := ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		noon := want.Time().Add(17 * time.Hour)
		for _, zone := range []*time.Location{time.UTC, Market, time.FixedZone("", 9*3600+1800), time.FixedZone("", -10*3600)} {
			minutes := 0
			for at := noon.Add(-36 * time.Hour); at.Before(noon.Add(36 * time.Hour)); at = at.Add(time.Minute) {
				d, err := ParseDate(Date{Time: at.In(zone), Precision: PrecisionTime}.String(), "meta")
				if err != nil {
					t.Fatal(err)
				}
				got, ok := d.Day(Market)
				if !ok || got < want-2 || got > want+2 {
					t.Fatalf("%s is on %s", d, got)
				}
				if got == want {
					minutes++
				}
			}
			if minutes != hours*60 {
				t.Errorf("%s has %d minutes in %s, want %d hours", day, minutes, zone, hours)
			}
		}
	}
}

func TestCredibleDates(t *testing.T) {
	known := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		"": true, "2026-03-01": true, "2026-03-02": true, "2026-03-02T11:59:00Z": true, "2026-03-02T12:01:00Z": false,
		"2026-03-03": false, "2027": false, "2026": true, "2026-04": false, "2025-03-01": true,
	} {
		d, err := ParseDate(text, "meta")
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Credible(known); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
