package tenor

import (
	"fmt"
	"slices"
)

// A source is silent when it answers and yet far less comes from it than it is used
// to give. It is judged by its own habit only, and only as of its last good visit: of
// the time in which nobody looked, or it did not answer, nothing is known. Days count,
// not hours, by the date of publication, so that the twenty items of a feed that was
// added today tell its habit at once.
//
// Three rules, the first that holds being told:
//
//   - nothing ever came, a week after it first answered;
//   - nothing has come for longer than twice its longest pause, of the last 30 days on
//     which it published. The longest, not a mean: a paper that rests at weekends
//     and over Easter is not silent each time. With less than 15 pauses known it is
//     three times the longest, and 4 days at least; with less than 5 no judgement;
//   - of ten articles a week or more, the median of the eight weeks before, at most a
//     tenth came in the last seven days: a feed that lost its main part.
const (
	barrenDays   = 7
	habitDays    = 30  // days with articles that make a habit
	habitReach   = 400 // days; further back nothing counts
	fewestPauses = 5
	surePauses   = 15
	fullWeek     = 10 // articles
	habitWeeks   = 8
)

// silence says why the source is silent, in one sentence; "" when it is not, or when
// nobody visits it regularly.
func (h *SourceHealth) silence() string {
	if h.Schedule.Next.IsZero() || h.FirstSuccess.IsZero() || h.Kind == string(FetchPage) {
		return ""
	}
	seen := DayOf(h.LastSuccess.UTC())
	if len(h.Days) == 0 {
		if days := seen - DayOf(h.FirstSuccess.UTC()); days >= barrenDays {
			return fmt.Sprintf("it has answered for %d days and no article has come from it; tenor sources test shows what it offers", days)
		}
		return ""
	}
	last := h.Days[len(h.Days)-1].Day
	longest, pauses := longestPause(h.Days)
	limit := max(2*longest, 2)
	if pauses < surePauses {
		limit = max(3*longest, 4)
	}
	if quiet := seen - last; pauses >= fewestPauses && quiet > limit {
		return fmt.Sprintf("no article for %d days (since %s); its longest pause before was %d", quiet, last, longest)
	}
	return thinWeek(h.Days, seen)
}

// longestPause is the most days from one day with articles to the next, of the last
// habitDays of them, and from how many pauses it is known.
func longestPause(days []SourceDay) (longest Day, pauses int) {
	last := days[len(days)-1].Day
	for i := len(days) - 1; i > 0 && pauses < habitDays && last-days[i-1].Day <= habitReach; i-- {
		longest = max(longest, days[i].Day-days[i-1].Day)
		pauses++
	}
	return longest, pauses
}

// thinWeek compares the seven days up to seen with the weeks before them, as far back
// as the source goes, four at least.
func thinWeek(days []SourceDay, seen Day) string {
	var weeks [habitWeeks + 1]int // weeks[0] is the latest
	for _, d := range days {
		if week := (seen - d.Day) / 7; d.Day <= seen && int(week) < len(weeks) {
			weeks[week] += d.Articles
		}
	}
	known := min(int(seen-days[0].Day)/7, habitWeeks) // whole weeks before the latest
	if known < 4 {
		return ""
	}
	before := slices.Sorted(slices.Values(weeks[1 : known+1]))
	usual := before[(known-1)/2]
	if usual < fullWeek || weeks[0] > usual/10 {
		return ""
	}
	articles := fmt.Sprintf("%d articles", weeks[0])
	if weeks[0] == 1 {
		articles = "1 article"
	}
	return fmt.Sprintf("%s in the last 7 days, where %d a week were usual", articles, usual)
}
