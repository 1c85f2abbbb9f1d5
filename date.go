package tenor

import (
	"fmt"
	"time"
)

// Precision says how much of a Date is known.
type Precision string

const (
	PrecisionNone  Precision = ""
	PrecisionYear  Precision = "year"
	PrecisionMonth Precision = "month"
	PrecisionDay   Precision = "day"
	PrecisionTime  Precision = "time" // with hours and minutes, and the zone the source gave
)

// Date is when something was published, as far as it is known, and how it is
// known. The zero Date is "unknown".
type Date struct {
	Time      time.Time
	Precision Precision
	// Source names what the date was read from: "json-ld", "opengraph", "meta",
	// "time", "htmldate", "feed", "header", "text", "url", "record".
	Source string
}

// Known reports whether anything of the date is known.
func (d Date) Known() bool { return d.Precision != PrecisionNone }

// String is the date with no more digits than are known: 2025, 2025-09,
// 2025-09-18, or RFC 3339 with the source's offset. Empty when unknown.
func (d Date) String() string {
	switch d.Precision {
	case PrecisionYear:
		return d.Time.Format("2006")
	case PrecisionMonth:
		return d.Time.Format("2006-01")
	case PrecisionDay:
		return d.Time.Format(time.DateOnly)
	case PrecisionTime:
		return d.Time.Format(time.RFC3339)
	}
	return ""
}

// ParseDate reads what String writes.
func ParseDate(s, source string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	layout, precision := time.RFC3339, PrecisionTime
	switch len(s) { // a layout that does not fit costs more than one that does
	case len(time.DateOnly):
		layout, precision = time.DateOnly, PrecisionDay
	case len("2006-01"):
		layout, precision = "2006-01", PrecisionMonth
	case len("2006"):
		layout, precision = "2006", PrecisionYear
	}
	if t, err := time.Parse(layout, s); err == nil {
		return Date{t, precision, source}, nil
	}
	return Date{}, fmt.Errorf("%q is not a date like 2025-09-18, 2025-09 or 2025-09-18T14:30:00-04:00", s)
}

// Day is the calendar day on which the date enters a series, and whether it
// does. A date with a time of day is read in the market's zone. A month enters
// on its last day, the first on which it is sure that the words had been said;
// a bare year is too vague to enter.
func (d Date) Day(market *time.Location) (Day, bool) {
	switch d.Precision {
	case PrecisionTime:
		return DayOf(d.Time.In(market)), true
	case PrecisionDay:
		return DayOf(d.Time), true
	case PrecisionMonth:
		y, m, _ := d.Time.Date()
		return DayOf(time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)), true
	}
	return 0, false
}

// Credible reports whether the date can be true of something that was collected at
// known: it lies no more than a day after. That day covers time zones and clocks that
// differ; what is later is a mistake of the page, or of the clock here.
func (d Date) Credible(known time.Time) bool {
	return !d.Time.After(known.Add(24 * time.Hour))
}

// Day is a calendar day: days since 1970-01-01.
type Day int

// DayOf is the day that t shows in its own zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a day written 2025-09-18.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a day like 2025-09-18", s)
	}
	return DayOf(t), nil
}

// Time is midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Market is the zone of the calendar on which series are drawn:
// America/New_York, or a fixed UTC−5 on a machine without zone data.
var Market = func() *time.Location {
	if loc, err := time.LoadLocation("America/New_York"); err == nil {
		return loc
	}
	return time.FixedZone("UTC-5", -5*3600)
}()
