package crawler

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// fedMeeting is a decision of the Federal Open Market Committee, on the day it
// was announced. change is in basis points.
type fedMeeting struct {
	day     tenor.Day
	change  int
	decided bool // false: the meeting is on the calendar, its outcome was not known when the file was written
}

// fedCalendar is data/fomc.txt, in order of days.
var fedCalendar = loadFedCalendar()

func loadFedCalendar() []fedMeeting {
	var list []fedMeeting
	for _, line := range ruleLines("data/fomc.txt") {
		day, change, _ := strings.Cut(line, " ")
		d, err := tenor.ParseDay(day)
		n, numErr := strconv.Atoi(change)
		if err != nil || numErr != nil && change != "?" {
			panic("data/fomc.txt: cannot read " + line)
		}
		list = append(list, fedMeeting{d, n, change != "?"})
	}
	return list
}

var (
	fedName   = regexp.MustCompile(`(?i)\b(?:fed|fedwatch|federal reserve|fomc|policy ?makers|borrowing costs|rate[- ]?cuts?|rate[- ]?hikes?)\b`)
	strictFed = regexp.MustCompile(`(?i)\b(?:fed|fedwatch|federal reserve|fomc)\b`)
	otherBank = regexp.MustCompile(`(?i)\b(?:ecb|boe|boj|rba|rbi|snb|pboc|european central bank|bank of (?:england|japan|canada|korea|mexico|russia)|riksbank|norges bank|reserve bank of \w+)\b`)
	fedCut    = regexp.MustCompile(`(?i)\b(?:cut(?:s|ting)?|lower(?:s|ed|ing)?|reduc(?:e|ed|ing|tion)|trim(?:med)?|eas(?:e|ed|ing)|slash(?:ed)?)\b`)
	fedRaise  = regexp.MustCompile(`(?i)\b(?:rais(?:e|ed|ing)|hik(?:e|ed|ing)|lift(?:ed|ing)?|increas(?:e|ed|ing))\b`)
	fedHold   = regexp.MustCompile(`(?i)\b(?:(?:held|kept|left|leaves?|keeps?|holds?|leaving|keeping|holding)\b.{0,40}\b(?:steady|unchanged|on hold|rates)|stood pat|paused)\b`)
	fedSize   = regexp.MustCompile(`(?i)\b(?:(25|50|75|100)[- ]?(?:basis|bps?)|(quarter|half)[- ](?:of a )?(?:percentage[- ])?point)`)
	fedFirst  = regexp.MustCompile(`(?i)\bfirst\s+(?:(?:interest[- ])?rate[- ])?(?:interest[- ]rate\s+)?(cut|reduction|decrease|easing|hike|increase|raise)s?(?:\s+(?:in|to)\s+(?:borrowing costs|interest rates|rates))?\s+(?:since\s+(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+)?(\d{4})|in\s+(?:more than|nearly|almost|over|about|around|just over)?\s*(\w+)\s+(months?|years?)|(of the year|this year))`)
	fedPast   = regexp.MustCompile(`(?i)\b(?:announced|decided|delivered|finally|yesterday|after (?:the )?(?:fed|federal)|following (?:the )?(?:fed|federal)|decision|voted|(?:fed|reserve|bank|policymakers|committee) (?:(?:on \w+|yesterday|today|finally|officials) )?(?:cut|lowered|reduced|trimmed|raised|hiked|lifted|held|kept|left|slashed)|helped|was widely|as expected)\b`)
	fedFuture = regexp.MustCompile(`(?i)\b(?:expect\w*|will|would|could|likely|hopes?|bets?|betting|priced?|pricing|probab\w+|chance|odds|anticipat\w+|speculat\w+|imminent|looms?|upcoming|next|ahead of|before|set to|poised|signal\w*|if|begin|start)\b`)
	thisWeek  = regexp.MustCompile(`(?i)\b(?:later )?this week\b`)
	nextWeek  = regexp.MustCompile(`(?i)\bnext week\b`)
	lastWeek  = regexp.MustCompile(`(?i)\blast week\b`)
	beijing   = regexp.MustCompile(`(?i)\b(?:early )?(?:thursday|morning).{0,20}(?:beijing|hong kong|singapore|tokyo|asian?) time\b`)
	dayAfter  = regexp.MustCompile(`(?i)\b(?:(?:one|a) (?:session|day) after|the day after|the (?:next|following) day)\b`)
	itsMonth  = regexp.MustCompile(`\b(January|March|April|May|June|July|September|October|November|December|August|February)\s+(?:policy[- ]?(?:setting)?\s+)?(?:\w+\s+)?(?:meeting|gathering|decision)`)
)

// meetings reads what a sentence says of the Fed's decisions. The calendar of
// its meetings tells which of them it can mean.
func (d *dating) meetings(s string, mentions []dateMention) {
	if !d.fed || !fedName.MatchString(s) || otherBank.MatchString(s) && !strictFed.MatchString(s) {
		return
	}
	future := fedFuture.MatchString(s)
	past := fedPast.MatchString(s)
	d.firstMove(s, past && !future)
	match := meetingFilter(s, true)
	if m := itsMonth.FindStringSubmatch(s); m != nil && match != nil && future {
		anyCut := meetingFilter(s, false)
		d.hint(0.1, fedDays(func(f fedMeeting) bool {
			return anyCut(f) && f.day.Time().Month() == months[strings.ToLower(m[1][:3])]
		}), []step{{-40, 0, 1}, {-75, -41, 0.8}, {-110, -76, 0.3}})
		return
	}
	if match == nil || lastYear.MatchString(s) {
		return
	}
	weekday := ""
	if m := onWeekday.FindStringSubmatch(s); m != nil && !thisWeek.MatchString(s) {
		weekday = m[1] + m[2]
	}
	// "On Thursday, one session after policymakers cut": the decision was the day before.
	later := dayAfter.MatchString(s)
	onDay := func(match func(fedMeeting) bool) []anchor {
		return fedDays(func(f fedMeeting) bool {
			day := f.day
			if later {
				day++
			}
			return match(f) && (weekday == "" || strings.EqualFold(day.Time().Weekday().String(), weekday))
		})
	}
	// What is only expected has no size yet, but the guess is often right.
	awaited := func(days []anchor) []anchor {
		for i := range days {
			if f := meetingOn(days[i].day); f.decided && !match(f) {
				days[i].fit *= 0.4
			}
		}
		return days
	}
	guess := meetingFilter(s, false)
	switch {
	case len(mentions) > 0 && mentions[0].year == 0 && past:
		// "yesterday, September 17, following the Fed's cut": the decision of that day or the day before.
		days := fedDays(func(f fedMeeting) bool {
			t := f.day.Time()
			return match(f) && t.Month() == mentions[0].month && t.Day() >= mentions[0].day-1 && t.Day() <= mentions[0].day
		})
		for i := range days {
			if days[i].day.Time().Day() != mentions[0].day {
				days[i].fit *= 0.2
			}
		}
		d.hint(0.1, days, []step{{0, 3, 1}, {4, 10, 0.5}, {11, 50, 0.25}})
	case past && yesterday.MatchString(s):
		d.hint(0.1, fedDays(match), []step{{1, 1, 1}})
	case past && today.MatchString(s):
		d.hint(0.15, fedDays(match), []step{{0, 0, 1}, {1, 1, 0.2}})
	case past && beijing.MatchString(s):
		d.hint(0.15, fedDays(match), []step{{1, 1, 1}, {2, 2, 0.3}, {0, 0, 0.1}, {3, 5, 0.1}})
	case future && !past && (thisWeek.MatchString(s) || weekday != ""):
		d.hint(0.15, awaited(onDay(guess)), []step{{-2, 0, 1}, {-4, -3, 0.5}, {-6, -5, 0.1}})
	case future && nextWeek.MatchString(s):
		d.hint(0.15, awaited(fedDays(guess)), []step{{-9, -3, 1}, {-12, -10, 0.3}})
	case past && lastWeek.MatchString(s):
		d.hint(0.15, fedDays(match), []step{{3, 9, 1}, {2, 2, 0.2}, {10, 11, 0.3}})
	case past && later:
		d.hint(0.15, onDay(match), []step{{1, 1, 1}, {2, 2, 0.3}, {3, 5, 0.1}})
	case past && weekday != "":
		d.hint(0.15, onDay(match), []step{{0, 1, 1}, {2, 2, 0.3}, {3, 5, 0.15}})
	case past && !future:
		d.hint(0.3, fedDays(match), []step{{0, 3, 1}, {4, 10, 0.5}, {11, 45, 0.25}})
	}
}

// meetingFilter tells which decisions fit the sentence's words, sized by their
// size too; nil when it speaks of none. An outcome that is not on file fits everything.
func meetingFilter(s string, sized bool) func(fedMeeting) bool {
	size := 0
	if m := fedSize.FindStringSubmatch(s); m != nil && sized {
		switch {
		case strings.EqualFold(m[2], "quarter"):
			size = 25
		case strings.EqualFold(m[2], "half"):
			size = 50
		default:
			size, _ = strconv.Atoi(m[1])
		}
	}
	cut, raise, hold := fedCut.MatchString(s), fedRaise.MatchString(s), fedHold.MatchString(s)
	if !cut && !raise && !hold || cut && raise {
		return nil
	}
	several := len(fedSize.FindAllString(s, -1)) > 1
	return func(f fedMeeting) bool {
		switch {
		case !f.decided:
			return true
		case cut:
			return f.change < 0 && (size == 0 || several || f.change == -size)
		case raise:
			return f.change > 0 && (size == 0 || several || f.change == size)
		}
		return f.change == 0
	}
}

// firstMove reads "the first cut since 2020", "the first rate cut in nine
// months", "its first rate cut of the year": few decisions fit.
func (d *dating) firstMove(s string, past bool) {
	m := fedFirst.FindStringSubmatch(s)
	if m == nil {
		return
	}
	sign := -1
	switch strings.ToLower(m[1]) {
	case "hike", "increase", "raise":
		sign = 1
	}
	var days []anchor
	for i, f := range fedCalendar {
		if !f.decided || f.change*sign <= 0 {
			continue
		}
		previous, ok := previousMove(i, sign)
		if !ok {
			continue
		}
		gap := f.day.Time().Sub(previous.Time()).Hours() / 24
		fits := false
		switch {
		case m[2] != "":
			year, _ := strconv.Atoi(m[2])
			fits = previous.Time().Year() == year && gap > 100
		case m[3] != "":
			n, known := smallNumber(m[3])
			unit := 30.4
			if strings.HasPrefix(strings.ToLower(m[4]), "year") {
				unit = 365
			}
			// "in more than four years", "in nearly a decade": within a third of the unit below, one above.
			fits = known && gap >= (float64(n)-0.4)*unit && gap < (float64(n)+0.99)*unit
		default:
			fits = previous.Time().Year() < f.day.Time().Year()
		}
		if fits {
			days = append(days, anchor{f.day, 1})
		}
	}
	if past {
		d.hint(0.1, days, []step{{0, 2, 1}, {3, 10, 0.5}, {11, 40, 0.1}})
		return
	}
	d.hint(0.2, days, []step{{-75, 7, 1}, {8, 40, 0.3}})
}

func previousMove(i, sign int) (tenor.Day, bool) {
	for j := i - 1; j >= 0; j-- {
		if f := fedCalendar[j]; f.decided && f.change*sign > 0 {
			return f.day, true
		}
	}
	return 0, false
}

func smallNumber(word string) (int, bool) {
	if n, err := strconv.Atoi(word); err == nil {
		return n, true
	}
	for i, w := range strings.Fields("a two three four five six seven eight nine ten eleven twelve") {
		if strings.EqualFold(w, word) {
			return i + 1, true
		}
	}
	return 0, false
}

// fedDays lists the meetings that match. One whose outcome is not on file fits a third.
func fedDays(match func(fedMeeting) bool) []anchor {
	var days []anchor
	for _, f := range fedCalendar {
		switch {
		case !match(f):
		case f.decided:
			days = append(days, anchor{f.day, 1})
		default:
			days = append(days, anchor{f.day, 0.35})
		}
	}
	return days
}

func meetingOn(day tenor.Day) fedMeeting {
	for _, f := range fedCalendar {
		if f.day == day {
			return f
		}
	}
	return fedMeeting{}
}

// era is a phrase that can only have been written between two days.
type era struct {
	from, to tenor.Day
	phrase   string
}

var eras = loadEras()

func loadEras() []era {
	var list []era
	for _, line := range ruleLines("data/eras.txt") {
		f := strings.SplitN(line, " ", 3)
		from, err := tenor.ParseDay(f[0])
		to := tenor.DayOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
		if err == nil && f[1] != "-" {
			to, err = tenor.ParseDay(f[1])
		}
		if err != nil || len(f) < 3 {
			panic("data/eras.txt: cannot read " + line)
		}
		list = append(list, era{from, to, f[2]})
	}
	return list
}

// eras reads who holds an office and which words did not exist before.
func (d *dating) eras(text string) {
	lower := strings.ToLower(text)
	used := map[[2]tenor.Day]bool{}
	for _, e := range eras {
		at := strings.Index(lower, e.phrase)
		if at < 0 || strings.HasSuffix(lower[:at], "former ") || strings.HasSuffix(lower[:at], "then-") || used[[2]tenor.Day{e.from, e.to}] {
			continue
		}
		used[[2]tenor.Day{e.from, e.to}] = true
		d.hint(0.15, on(e.from), []step{{0, int(e.to - e.from), 1}})
	}
}
