package crawler

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// dateMention is a calendar date as printed somewhere in a text.
type dateMention struct {
	start, end int // byte span in the text
	year       int // 0 when not printed
	month      time.Month
	day        int
	weekday    time.Weekday // valid when hasWeekday
	hasWeekday bool
	hasTime    bool
	hour, min  int
	zone       *time.Location // nil when no zone, or an ambiguous one, is printed
}

// date is the mention as a publication date; the zero Date unless its year is printed.
// A time of day without a zone says nothing that a reader elsewhere could use,
// so such a date is only as precise as its day.
func (m dateMention) date(source string) tenor.Date {
	if m.year == 0 {
		return tenor.Date{}
	}
	if m.hasTime && m.zone != nil {
		t := time.Date(m.year, m.month, m.day, m.hour, m.min, 0, 0, m.zone)
		_, offset := t.Zone()
		return tenor.Date{Time: t.In(time.FixedZone("", offset)), Precision: tenor.PrecisionTime, Source: source}
	}
	return dayDate(m.year, m.month, m.day, source)
}

func dayDate(year int, month time.Month, day int, source string) tenor.Date {
	return tenor.Date{Time: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Precision: tenor.PrecisionDay, Source: source}
}

const (
	monthWord   = `(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`
	weekdayWord = `(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|s|sday|nesday|rs|rsday|urday)?\.?,?\s+(?:on\s+)?\(?)?`
	ordinal     = `(?:st|nd|rd|th)?`
)

// The forms in which dates are printed, most explicit first. Group names say
// what each number is; d and m alone are decided by their size.
var dateForms = []*regexp.Regexp{
	// 2024.07.18, 2025-09-17, 2024/7/18, 2025年9月18日
	regexp.MustCompile(`(?:^|[^\d.,/-])(?P<Y>(?:19|20)\d\d)(?:[-./]|年)(?P<M>\d\d?)(?:[-./]|月)(?P<D>\d\d?)(?:日|T|\b)`),
	// Fri Jan 6, 2012; Sunday, Aug 17, 2025; March 12, 2009; Sept. 16 2024
	regexp.MustCompile(`(?i)\b` + weekdayWord + monthWord + `\s+(?P<D>\d\d?)` + ordinal + `(?:,\s*|\s+)(?P<Y>(?:19|20)\d\d)`),
	// Tuesday 12 Dec 2023; 26th Jan 21; 27/Jun/2016; 6-Jan-2026
	regexp.MustCompile(`(?i)\b` + weekdayWord + `(?P<D>\d\d?)` + ordinal + `(?:\s+of\s+|\s*[-/ ]\s*)` + monthWord + `(?:,\s*|\s*[-/ ]\s*)(?P<Y>(?:19|20)\d\d|\d\d(?:\s+\d\d?:\d\d|\b))`),
	// 06.01.2026 is day first; 11/16/2023 month first unless that cannot be
	regexp.MustCompile(`(?:^|[^\d./-])(?P<A>\d\d?)(?P<S>[./-])(?P<B>\d\d?)[./-](?P<Y>(?:19|20)\d\d)\b`),
	// September 17; Wednesday, Sept. 17; Sep 25 11:21
	regexp.MustCompile(`(?i)\b` + weekdayWord + monthWord + `\s+(?P<D>\d\d?)` + ordinal + `\b`),
	// 17 September; 3rd of June
	regexp.MustCompile(`(?i)\b` + weekdayWord + `(?P<D>\d\d?)` + ordinal + `\s+(?:of\s+)?` + monthWord + `\b`),
	// 9月18日
	regexp.MustCompile(`(?P<M>\d\d?)月(?P<D>\d\d?)日`),
}

// dateMarks are the characters one of which each form needs; "": the name of a month.
// Most sentences with a figure in them hold no date.
var dateMarks = []string{"-./年", "", "", "./-", "", "", "月"}

var monthAbbreviations = newPhraseSet(map[string]bool{
	"jan": true, "feb": true, "mar": true, "apr": true, "may": true, "jun": true,
	"jul": true, "aug": true, "sep": true, "oct": true, "nov": true, "dec": true,
})

// clockTime is a time of day, with its zone where that is printed: "6:39pm EST",
// "02:00", "at 8:55 p.m. UTC", "4:17 pm ET1min read".
var clockTime = regexp.MustCompile(`(?i)^[\s,|·•-]*(?:at\s+)?(\d\d?)[:.](\d\d)(?::\d\d(?:\.\d+)?)?\s*([ap]\.?\s?m\.?)?\s*\(?(E[SD]?T|UTC|GMT|Z\b|BST|CES?T|P[SD]T|HKT|JST|SGT|IST|AES?T|[+-]\d\d:?\d\d)?`)

// findDates lists the dates printed in text, in order, without overlaps.
func findDates(text string) []dateMention {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	named := monthAbbreviations.in(strings.ToLower(text))
	var found []dateMention
	for i, form := range dateForms {
		if marks := dateMarks[i]; marks == "" && !named || marks != "" && !strings.ContainsAny(text, marks) {
			continue
		}
		for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
			m, ok := readMention(form, text, at)
			if !ok || overlaps(found, m) {
				continue
			}
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b dateMention) int { return a.start - b.start })
	return found
}

func readMention(form *regexp.Regexp, text string, at []int) (dateMention, bool) {
	group := func(i int) string {
		if at[2*i] < 0 {
			return ""
		}
		return text[at[2*i]:at[2*i+1]]
	}
	m := dateMention{start: at[0], end: at[1]}
	// 1.2.2024.1 is the version of something.
	if next := text[m.end:min(len(text), m.end+2)]; len(next) == 2 && strings.IndexByte(".,/-", next[0]) >= 0 && isDigit(next[1]) {
		return m, false
	}
	for m.start < m.end && !isDateStart(text[m.start]) {
		m.start++
	}
	var a, b int
	var separator string
	for i, name := range form.SubexpNames() {
		s := group(i)
		if i == 0 || s == "" {
			continue
		}
		n, _ := strconv.Atoi(strings.Fields(s)[0])
		switch name {
		case "Y":
			if m.year = n; n < 100 {
				m.year = 2000 + n
				m.end = at[2*i] + 2
			}
		case "M":
			m.month = time.Month(n)
		case "D":
			m.day = n
		case "A":
			a = n
		case "B":
			b = n
		case "S":
			separator = s
		default:
			if w, ok := weekdays[strings.ToLower(s[:3])]; ok {
				m.weekday, m.hasWeekday = w, true
			} else {
				m.month = months[strings.ToLower(s[:3])]
			}
		}
	}
	if a > 0 {
		m.day, m.month = a, time.Month(b)
		if separator != "." && a <= 12 && (b > 12 || separator == "/" || separator == "-") {
			m.month, m.day = time.Month(a), b
		}
	}
	if m.month < 1 || m.month > 12 || m.day < 1 || m.day > 31 {
		return m, false
	}
	if m.year > 0 {
		t := time.Date(m.year, m.month, m.day, 0, 0, 0, 0, time.UTC)
		if t.Day() != m.day {
			return m, false
		}
		if m.hasWeekday && t.Weekday() != m.weekday {
			// "Tuesday 3 June 2025" with the wrong weekday is still that date; a
			// two-digit year with the wrong weekday is something else.
			m.hasWeekday = false
		}
	}
	m.readClock(text)
	return m, true
}

// readClock reads a time of day that directly follows the date.
func (m *dateMention) readClock(text string) {
	c := clockTime.FindStringSubmatch(text[m.end:min(len(text), m.end+40)])
	if c == nil {
		return
	}
	m.hour, _ = strconv.Atoi(c[1])
	m.min, _ = strconv.Atoi(c[2])
	if c[3] != "" {
		m.hour %= 12
		if c[3][0] == 'p' || c[3][0] == 'P' {
			m.hour += 12
		}
	}
	if m.hour > 23 || m.min > 59 {
		m.hour, m.min = 0, 0
		return
	}
	m.hasTime, m.zone = true, zoneOf(c[4])
	m.end += len(c[0])
}

// zoneOf reads a zone as printed. CST and AST are left out: each names two
// places half a day apart.
func zoneOf(s string) *time.Location {
	switch s = strings.ToUpper(s); s {
	case "":
		return nil
	case "ET":
		return tenor.Market
	}
	if hours, ok := zoneHours[s]; ok {
		return time.FixedZone(s, int(hours*3600))
	}
	if t, err := time.Parse("-07:00", s); err == nil {
		return t.Location()
	}
	if t, err := time.Parse("-0700", s); err == nil {
		return t.Location()
	}
	return nil
}

var zoneHours = map[string]float64{
	"EST": -5, "EDT": -4, "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "PST": -8, "PDT": -7,
	"HKT": 8, "SGT": 8, "JST": 9, "IST": 5.5, "AEST": 10, "AET": 10,
}

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var weekdays = map[string]time.Weekday{
	"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
}

func isDateStart(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func overlaps(list []dateMention, m dateMention) bool {
	for _, other := range list {
		if m.start < other.end && other.start < m.end {
			return true
		}
	}
	return false
}
