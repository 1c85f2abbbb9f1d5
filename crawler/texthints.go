package crawler

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenor"
)

var (
	futureCue = regexp.MustCompile(`(?i)\b(?:will|would|expect\w*|forecast\w*|predict\w*|project\w*|likely|could|(?-i:may)|might|ahead of|until|through|due|scheduled|next|upcoming|set to|target\w*|outlook|estimate\w*|later this|toward|towards|into|plans?|poised|bet(?:s|ting)?|pric(?:e|ed|ing) in|awaits?|looms?)\b`)
	pastCue   = regexp.MustCompile(`(?i)\b(?:since|was|were|had|has|have|did|fell|rose|hit|began|saw|went|came|took|made|said|ago|last|after|following|peaked|sank|lost|won|led|\w{3,}ed)\b`)
	thanHoped = regexp.MustCompile(`(?i)\bthan (?:\w+ )?(?:expect\w*|forecast\w*|predict\w*|estimat\w*)|as expected|-expected`)
	byThen    = regexp.MustCompile(`(?i)\bby (?:the )?(?:(?:end|middle|start|late|early|mid)[- ]?(?:of )?)?(?:\w+ )?$`)
	yesterday = regexp.MustCompile(`(?i)\byesterday\b`)
	today     = regexp.MustCompile(`(?i)\b(?:today|this morning|this afternoon|tonight)\b`)
	tomorrow  = regexp.MustCompile(`(?i)\btomorrow\b`)
	asOf      = regexp.MustCompile(`(?i)\b(?:as of|as at|through the close (?:on|of)|(?:at|by) the close (?:on|of))[\s,]+(?:the\s+)?(?:close\s+(?:on|of)\s+)?$`)
	lastYear  = regexp.MustCompile(`(?i)\b(?:last year|a year (?:ago|earlier)|years? (?:ago|earlier)|the previous year|previous years|in (?:19|20)\d\d|of (?:19|20)\d\d|each year|every year|annually|anniversary)\b`)
	monthData = regexp.MustCompile(`(?i)\b(January|February|March|April|May|June|July|August|September|October|November|December)(?:[’']s)?\s+(?:(?:U\.?S\.?|consumer|core|headline|producer|personal|monthly|nonfarm|non-farm|official|cooler|softer|hotter|soft|weak|strong)[ -]+)*(?:inflation|CPI|consumer[- ]price|PPI|jobs|payrolls?|employment|unemployment|jobless|retail[- ]sales|PCE|PMI|labou?r|hiring|price)s?\b`)
	dataMonth = regexp.MustCompile(`(?i)\b(?:inflation|CPI|consumer prices?|PPI|jobs|payrolls?|employment|retail sales|PCE|PMI)\s+(?:data|report|figures?|numbers?|reading|index|print)?\s*(?:for|in)\s+(January|February|March|April|May|June|July|August|September|October|November|December)\b`)
	bareMonth = regexp.MustCompile(`\b(in|In|during|During|since|Since|last|for|through|from|early|late|mid)[ -]+(?:early |late |mid-)?(January|February|March|April|May|June|July|August|September|October|November|December)\b`)
	bareYear  = regexp.MustCompile(`\b(19[89]\d|20[0-4]\d)\b`)
	indexName = regexp.MustCompile(`(?i)(?:russell|nikkei|csi|ftse|stoxx|index|s&p|[$€£¥])\s*$`)
	yearSoFar = regexp.MustCompile(`(?i)\b(?:so far in|year[- ]to[- ]date in|already in|so far this year,?)\s+((?:19|20)\d\d)\b|\b((?:19|20)\d\d)\s+so far\b`)
	asOfDay   = regexp.MustCompile(`(?i)\bas of (Mon|Tues|Wednes|Thurs|Fri)day\b`)
	onWeekday = regexp.MustCompile(`(?i)\b(?:on|this|come|during|following|late|early)\s+((?:mon|tues|wednes|thurs|fri)day)\b|\b((?:mon|tues|wednes|thurs|fri)day)[’']s\b`)
)

// What a dated mention makes of the days around it, counted from the day named.
var (
	afterPast   = []step{{0, 0, 0.8}, {1, 1, 1}, {2, 3, 0.5}, {4, 7, 0.3}, {8, 31, 0.2}, {32, 75, 0.1}}
	beforeComes = []step{{-3, 0, 0.6}, {-14, -4, 0.5}, {-45, -15, 0.2}}
	aroundAsOf  = []step{{0, 1, 1}, {2, 3, 0.5}, {4, 7, 0.2}, {8, 21, 0.05}}
)

// sentence reads every hint in one sentence.
func (d *dating) sentence(s string) {
	if len(s) < 12 {
		return
	}
	// "More than expected" tells of what has happened.
	s = thanHoped.ReplaceAllStringFunc(s, func(w string) string { return strings.Repeat("~", len(w)) })
	mentions := findDates(s)
	for _, m := range mentions {
		if m.year > 0 {
			d.fullDate(s, m)
		} else {
			d.monthDay(s, m)
		}
	}
	d.asOfWeekday(s)
	d.monthlyData(s)
	d.monthNames(s, mentions)
	d.years(s, mentions)
	d.meetings(s, mentions)
}

// dateline: "TORONTO, Sept 20 (Agency) - …" is written on that day, of whatever year.
func (d *dating) dateline(body string) {
	if m, ok := datelineOf(body); ok && m.year == 0 {
		d.hint(0.1, d.everyYear(m), []step{{0, 0, 1}, {1, 1, 0.3}})
	}
}

// fullDate: a day with its year. Beside "today" it is the day of writing;
// otherwise it lies in the past or, where the sentence looks ahead, in the future.
func (d *dating) fullDate(s string, m dateMention) {
	day := tenor.DayOf(time.Date(m.year, m.month, m.day, 0, 0, 0, 0, time.UTC))
	near := around(s, m, 24)
	switch {
	case yesterday.MatchString(near):
		d.hint(0.05, on(day), []step{{1, 1, 1}})
	case today.MatchString(near):
		d.hint(0.05, on(day), []step{{0, 0, 1}})
	case asOf.MatchString(s[:m.start]):
		d.hint(0.1, on(day), aroundAsOf)
		d.past = append(d.past, day)
	case futureCue.MatchString(before(s, m, 40)) && !strings.Contains(strings.ToLower(before(s, m, 20)), "since"):
		d.hint(0.3, on(day), []step{{-90, 0, 1}, {-400, -91, 0.4}})
	case strings.Contains(strings.ToLower(before(s, m, 20)), "since"):
		d.past = append(d.past, day)
	default:
		d.past = append(d.past, day)
		d.recent = max(d.recent, day)
	}
}

// monthDay: a day without a year is near the day of writing. A weekday beside it
// leaves few years.
func (d *dating) monthDay(s string, m dateMention) {
	if lastYear.MatchString(around(s, m, 40)) {
		return
	}
	anchors := d.everyYear(m)
	near := around(s, m, 16)
	switch {
	case yesterday.MatchString(near):
		d.hint(0.05, anchors, []step{{1, 1, 1}})
	case today.MatchString(near):
		d.hint(0.05, anchors, []step{{0, 0, 1}})
	case tomorrow.MatchString(near):
		d.hint(0.05, anchors, []step{{-1, -1, 1}})
	case asOf.MatchString(s[:m.start]):
		d.hint(0.1, anchors, aroundAsOf)
	case strings.Contains(strings.ToLower(before(s, m, 12)), "since"):
		d.hint(0.3, anchors, []step{{2, 330, 1}})
	case futureCue.MatchString(before(s, m, 60)) || byThen.MatchString(before(s, m, 30)):
		d.hint(0.25, anchors, beforeComes)
	case m.hasWeekday && pastCue.MatchString(s):
		// A weekday is named for what happened within the week.
		d.hint(0.2, anchors, []step{{0, 0, 0.8}, {1, 1, 1}, {2, 3, 0.6}, {4, 7, 0.3}, {8, 14, 0.08}})
	case pastCue.MatchString(s):
		d.hint(0.25, anchors, afterPast)
	default:
		d.hint(0.3, anchors, slices.Concat(afterPast, beforeComes))
	}
}

// everyYear lists the day in all years in which it has the weekday printed.
func (d *dating) everyYear(m dateMention) []anchor {
	var list []anchor
	firstYear, lastYear := d.first.Time().Year(), (d.first + tenor.Day(len(d.logs))).Time().Year()
	for y := firstYear; y <= lastYear+1; y++ {
		t := time.Date(y, m.month, m.day, 0, 0, 0, 0, time.UTC)
		if t.Day() == m.day && (!m.hasWeekday || t.Weekday() == m.weekday) {
			list = append(list, anchor{tenor.DayOf(t), 1})
		}
	}
	return list
}

// asOfWeekday: "as of Monday" is written on that day or soon after.
func (d *dating) asOfWeekday(s string) {
	m := asOfDay.FindStringSubmatch(s)
	if m == nil {
		return
	}
	want := weekdays[strings.ToLower(m[1][:3])]
	var days []anchor
	for i := range d.logs {
		if day := d.first + tenor.Day(i); day.Time().Weekday() == want {
			days = append(days, anchor{day, 1})
		}
	}
	d.hint(0.2, days, []step{{0, 1, 1}, {2, 3, 0.3}})
}

// monthlyData: statistics named for a month come out in the next one.
func (d *dating) monthlyData(s string) {
	for _, form := range []*regexp.Regexp{monthData, dataMonth} {
		at := form.FindStringSubmatchIndex(s)
		if at == nil || lastYear.MatchString(s[at[0]:min(len(s), at[1]+30)]) {
			continue
		}
		month := months[strings.ToLower(s[at[2]:at[3]][:3])]
		if strings.Contains(strings.ToLower(s[max(0, at[0]-30):at[0]]), "since") {
			continue
		}
		steps := []step{{31, 33, 0.6}, {34, 60, 1}, {61, 70, 0.25}}
		if lastWeek.MatchString(s) {
			steps = []step{{36, 58, 1}, {59, 66, 0.3}}
		}
		d.hint(0.15, d.everyMonth(month), steps)
		return
	}
}

// monthNames: "in August" of something past was within the last months, "in
// September" of something expected is within the next.
func (d *dating) monthNames(s string, mentions []dateMention) {
	for _, at := range bareMonth.FindAllStringSubmatchIndex(s, -1) {
		after := strings.TrimLeft(s[at[1]:], " .,")
		if after != "" && after[0] >= '0' && after[0] <= '9' || lastYear.MatchString(s[at[0]:min(len(s), at[1]+30)]) {
			continue
		}
		anchors := d.everyMonth(months[strings.ToLower(s[at[4]:at[5]][:3])])
		word := strings.ToLower(s[at[2]:at[3]])
		switch {
		case word == "since" || strings.HasSuffix(strings.ToLower(strings.TrimSpace(s[:at[0]])), "since"):
			d.hint(0.5, anchors, []step{{20, 345, 1}})
		case futureCue.MatchString(s[max(0, at[0]-30):at[0]]) || byThen.MatchString(s[max(0, at[0]-20):at[0]]):
			d.hint(0.4, anchors, []step{{-60, 0, 1}, {1, 20, 0.7}, {-120, -61, 0.5}})
		case pastCue.MatchString(s):
			d.hint(0.4, anchors, []step{{10, 27, 0.6}, {28, 60, 1}, {61, 95, 0.7}, {96, 180, 0.4}})
		}
	}
}

func (d *dating) everyMonth(m time.Month) []anchor {
	return d.everyYear(dateMention{month: m, day: 1})
}

// years: "since 2020" and "in 2022" of something past are bounds; "through 2025"
// and "into 2026" look at most two years ahead; "so far in 2024" is the year itself.
func (d *dating) years(s string, mentions []dateMention) {
	if at := yearSoFar.FindStringSubmatchIndex(s); at != nil && !strings.Contains(strings.ToLower(s[max(0, at[0]-20):at[0]]), "since") {
		for g := 2; g+1 < len(at); g += 2 {
			if at[g] >= 0 {
				year, _ := strconv.Atoi(s[at[g]:at[g+1]])
				d.hint(0.15, on(yearStart(year)), []step{{0, 365, 1}, {366, 450, 0.3}})
			}
		}
	}
	for _, at := range bareYear.FindAllStringIndex(s, -1) {
		if indexName.MatchString(s[:at[0]]) || overlaps(mentions, dateMention{start: at[0], end: at[1]}) ||
			at[1] < len(s) && (s[at[1]] == '%' || s[at[1]] == '-' && isDigitAt(s, at[1]+1)) || at[0] > 0 && strings.ContainsAny(s[at[0]-1:at[0]], ".,-$") && isDigitAt(s, at[0]-2) {
			continue
		}
		year, _ := strconv.Atoi(s[at[0]:at[1]])
		lead := strings.ToLower(s[max(0, at[0]-45):at[0]])
		since := strings.Contains(lead[max(0, len(lead)-28):], "since")
		switch {
		case !since && (futureCue.MatchString(lead) || byThen.MatchString(lead)):
			d.hint(0.4, on(yearStart(year)), []step{{-200, 364, 1}, {-400, -201, 0.7}, {-800, -401, 0.35}})
		case since:
			d.past = append(d.past, yearStart(year)+monthBefore(lead))
		case pastCue.MatchString(s) && !futureCue.MatchString(s):
			d.past = append(d.past, yearStart(year)+monthBefore(lead))
			d.recent = max(d.recent, yearStart(year)+monthBefore(lead))
		}
	}
}

// monthBefore is how many days into its year a month named right before it
// begins: "since November 2021".
func monthBefore(lead string) tenor.Day {
	f := strings.Fields(lead)
	if len(f) == 0 || len(f[len(f)-1]) < 3 {
		return 0
	}
	word := strings.Trim(f[len(f)-1], ".,")
	m, ok := months[word[:min(3, len(word))]]
	if !ok || word[0] < 'a' {
		return 0
	}
	return tenor.Day(time.Date(2001, m, 1, 0, 0, 0, 0, time.UTC).YearDay() - 1)
}

func yearStart(year int) tenor.Day {
	return tenor.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
}

func isDigitAt(s string, i int) bool { return i >= 0 && i < len(s) && isDigit(s[i]) }

func before(s string, m dateMention, n int) string { return s[max(0, m.start-n):m.start] }

func around(s string, m dateMention, n int) string {
	return s[max(0, m.start-n):min(len(s), m.end+n)]
}
