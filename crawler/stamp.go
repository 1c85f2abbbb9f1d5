package crawler

import (
	"strconv"
	"strings"
	"time"

	"tenor"
)

var stampLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST",
	time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon Jan 2 15:04:05 MST 2006",
	"Mon Jan 02 2006 15:04:05 GMT-0700", "20060102T150405Z",
}

// parseStamp reads a machine-readable date. Midnight exactly is what software
// writes when it knows only the day, so the precision is then the day; the same
// holds for a time without a zone.
func parseStamp(s, source string) tenor.Date {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 80 {
		return tenor.Date{}
	}
	if t, ok := unixStamp(s); ok {
		return tenor.Date{Time: t, Precision: tenor.PrecisionTime, Source: source}
	}
	s, _, _ = strings.Cut(s, "[") // 2025-09-18T10:00:00+02:00[Europe/Berlin]
	for _, layout := range stampLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if h, m, sec := t.Clock(); h == 0 && m == 0 && sec == 0 {
			y, mo, d := t.Date()
			return dayDate(y, mo, d, source)
		}
		_, offset := t.Zone()
		return tenor.Date{Time: t.In(time.FixedZone("", offset)).Truncate(time.Second), Precision: tenor.PrecisionTime, Source: source}
	}
	if t, err := time.Parse("20060102", s[:min(8, len(s))]); err == nil && (len(s) == 8 || !isDigit(s[8])) {
		return dayDate(t.Year(), t.Month(), t.Day(), source)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return tenor.Date{Time: t, Precision: tenor.PrecisionMonth, Source: source}
	}
	for _, m := range findDates(s) {
		if m.year > 0 {
			return m.date(source)
		}
	}
	return tenor.Date{}
}

// localStamp is parseStamp for a page in the language tag.
func localStamp(s, source, tag string) tenor.Date {
	if !monthFirst(tag) && slashedDate.MatchString(s) {
		if list := readDates(s, tag); len(list) > 0 {
			return list[0].date(source)
		}
	}
	return parseStamp(s, source)
}

// unixStamp reads seconds or milliseconds since 1970: ten digits or thirteen.
func unixStamp(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || s[0] == '-':
		return time.Time{}, false
	case len(s) == 13:
		return time.Unix(n/1000, 0).UTC(), true
	case len(s) == 10:
		return time.Unix(n, 0).UTC(), true
	}
	return time.Time{}, false
}

// stamp is a date of the object, written as text or as a number of milliseconds.
func (n ldNode) stamp(key string) tenor.Date {
	if number, ok := n[key].(float64); ok {
		return parseStamp(strconv.FormatFloat(number, 'f', 0, 64), "json-ld")
	}
	return parseStamp(n.text(key), "json-ld")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
