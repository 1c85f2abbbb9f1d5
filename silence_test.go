package tenor

import (
	"strings"
	"testing"
	"time"
)

func TestSilence(t *testing.T) {
	seen := DayOf(time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC)) // a Tuesday
	// before are days with so many articles, told as days before the last visit.
	type before map[Day]int
	pattern := func(from, to Day, keep func(d Day) bool, articles int) before {
		days := before{}
		for back := from; back <= to; back++ {
			if keep(seen - back) {
				days[back] = articles
			}
		}
		return days
	}
	daily := func(Day) bool { return true }
	weekday := func(d Day) bool { w := d.Time().Weekday(); return w != time.Saturday && w != time.Sunday }
	weekly := func(d Day) bool { return d.Time().Weekday() == time.Monday }
	monthly := func(d Day) bool { return d.Time().Day() == 1 }

	for name, test := range map[string]struct {
		days   before
		first  Day // first answer, in days before the last visit
		change func(*SourceHealth)
		want   string
	}{
		"a daily paper that came yesterday":           {days: pattern(1, 60, daily, 5), first: 60},
		"a daily paper, two days quiet":               {days: pattern(2, 60, daily, 5), first: 60},
		"a daily paper, three days quiet":             {days: pattern(3, 60, daily, 5), first: 60, want: "no article for 3 days (since 2025-09-27); its longest pause before was 1"},
		"closed at weekends, since Friday":            {days: pattern(4, 60, weekday, 5), first: 60},
		"closed at weekends, for a week":              {days: pattern(8, 60, weekday, 5), first: 60, want: "no article for 8 days"},
		"a weekly letter, eight days quiet":           {days: pattern(8, 200, weekly, 1), first: 200},
		"a weekly letter, a month quiet":              {days: pattern(28, 200, weekly, 1), first: 200, want: "longest pause before was 7"},
		"a monthly review":                            {days: pattern(29, 390, monthly, 1), first: 390},
		"a monthly review, four months quiet":         {days: pattern(121, 390, monthly, 1), first: 390, want: "no article for"},
		"few days known, and a long weekend":          {days: pattern(4, 10, daily, 5), first: 10},
		"few days known, then nothing":                {days: pattern(6, 14, daily, 5), first: 14, want: "no article for 6 days"},
		"four days known tell nothing":                {days: pattern(90, 93, daily, 5), first: 93},
		"a long pause a year and a half ago":          {days: func() before { d := pattern(3, 60, daily, 5); d[500], d[900] = 1, 1; return d }(), first: 60, want: "longest pause before was 1"},
		"one summer pause makes it patient":           {days: func() before { d := pattern(3, 12, daily, 5); d[26], d[27] = 1, 1; return d }(), first: 60},
		"nothing ever, since yesterday":               {first: 1},
		"nothing ever, for a fortnight":               {first: 14, want: "it has answered for 14 days and no article has come"},
		"a tenth of a busy wire":                      {days: func() before { d := pattern(7, 70, daily, 6); d[1], d[3] = 2, 2; return d }(), first: 70, want: "4 articles in the last 7 days, where 42 a week were usual"},
		"one article of a busy wire":                  {days: func() before { d := pattern(7, 70, daily, 6); d[1] = 1; return d }(), first: 70, want: "1 article in the last 7 days"},
		"half of a busy wire":                         {days: func() before { d := pattern(7, 70, daily, 6); d[1], d[3], d[5] = 7, 7, 7; return d }(), first: 70},
		"a slow source's empty week":                  {days: func() before { d := pattern(7, 70, weekly, 8); d[1] = 1; return d }(), first: 70},
		"a backlog is no habit":                       {days: before{15: 300, 14: 3, 8: 3, 4: 2, 2: 2, 1: 2}, first: 15},
		"nobody visits it (an import, an address)":    {days: pattern(30, 90, daily, 5), first: 90, change: func(h *SourceHealth) { h.Schedule = Schedule{} }},
		"a single page":                               {days: before{90: 1}, first: 90, change: func(h *SourceHealth) { h.Kind = "page" }},
		"never answered":                              {days: pattern(30, 90, daily, 5), change: func(h *SourceHealth) { h.FirstSuccess = time.Time{} }},
		"articles dated after the last visit (zones)": {days: pattern(-1, 60, daily, 5), first: 60},
	} {
		h := SourceHealth{
			Kind: "feed", FirstSuccess: (seen - test.first).Time(), LastSuccess: seen.Time().Add(9 * time.Hour),
			Schedule: Schedule{Next: seen.Time().Add(10 * time.Hour)},
		}
		for back := Day(1000); back >= -1; back-- {
			if n := test.days[back]; n > 0 {
				h.Days = append(h.Days, SourceDay{Day: seen - back, Articles: n})
			}
		}
		if test.change != nil {
			test.change(&h)
		}
		state, why := h.State()
		wanted := SourceOK
		if test.want != "" {
			wanted = SourceSilent
		}
		if state != wanted || !strings.Contains(why, test.want) {
			t.Errorf("%s: %s (%s), want %s (%s)", name, state, why, wanted, test.want)
		}
	}
}

func TestSourceStates(t *testing.T) {
	for _, test := range []struct {
		health SourceHealth
		want   SourceState
		why    string
	}{
		{SourceHealth{}, SourceNew, "not visited"},
		{SourceHealth{LastSuccess: scheduleStart}, SourceOK, ""},
		{SourceHealth{LastSuccess: scheduleStart, LastError: "no such host", ErrorStreak: 1}, SourceFailing, "no such host"},
		{SourceHealth{LastError: "no such host", ErrorStreak: 7}, SourceFailing, "no such host (7 visits in a row)"},
		{SourceHealth{LastError: "no such host", ErrorStreak: 7, Paused: true}, SourcePaused, "resume"},
	} {
		if state, why := test.health.State(); state != test.want || !strings.Contains(why, test.why) {
			t.Errorf("%+v: %s (%s)", test.health, state, why)
		}
	}
}

func TestRates(t *testing.T) {
	now := time.Date(2025, 9, 30, 15, 0, 0, 0, time.UTC)
	today := DayOf(now)
	for _, test := range []struct {
		days             []SourceDay
		articles, quotes float64
	}{
		{nil, 0, 0},
		{[]SourceDay{{today, 3, 6}}, 3, 6},
		{[]SourceDay{{today - 3, 4, 8}, {today, 4, 0}}, 2, 2},
		{[]SourceDay{{today - 300, 900, 900}, {today - 27, 28, 14}}, 1, 0.5},
		{[]SourceDay{{today - 300, 900, 900}}, 0, 0},
	} {
		h := SourceHealth{Days: test.days}
		if articles, quotes := h.Rates(now); articles != test.articles || quotes != test.quotes {
			t.Errorf("%v: %g articles and %g quotes a day, want %g and %g", test.days, articles, quotes, test.articles, test.quotes)
		}
	}
}
