package tenor

import (
	"fmt"
	"slices"
	"time"
)

// SourceHealth is how a source fares, as `tenor sources` and the page /sources show it.
type SourceHealth struct {
	Name         string
	URL          string // or the path of a folder, where tenor.toml names it; empty for what is not listed there
	Kind         string // feed, sitemap, listing, page or folder: as configured, else as seen; may be empty
	Paused       bool   // in tenor.toml: not visited until it is resumed
	RobotsIgnore bool   // in tenor.toml: robots.txt of its own site is not asked

	FirstSuccess time.Time // of one of its own addresses; zero when none ever answered
	LastSuccess  time.Time // zero when it never answered
	LastError    string    // one sentence; empty when the last visit went well
	ErrorStreak  int
	Schedule     Schedule // zero for what is in no schedule: imports, addresses given to crawl
	Queued       int      // addresses waiting
	Done         int
	Skipped      int
	Failed       int
	Articles     int
	Quotes       int
	// Days are the days on which articles of it came, in order.
	Days []SourceDay
	// Reasons counts, for what was skipped or failed, each reason. Skipped and
	// Reasons include the links that its last crawl left out without asking for
	// them; Reasons also tells what was odd about an address that is Done, and for what
	// one that is Queued waits.
	Reasons []ReasonCount
}

// SourceDay is what came from a source on one day: that of publication where the
// day is known, else that on which it was collected.
type SourceDay struct {
	Day      Day
	Articles int
	Quotes   int
}

// ReasonCount is how often something was not taken for one reason.
type ReasonCount struct {
	State  FetchState
	Reason string
	Count  int
	// Example is one of the addresses or files; empty where none is known.
	Example string
}

// SourceState says in one word how a source fares.
type SourceState string

const (
	SourceOK      SourceState = "ok"
	SourceNew     SourceState = "new"     // not visited yet
	SourcePaused  SourceState = "paused"  // by its owner
	SourceFailing SourceState = "failing" // the last visit failed; it is tried again
	SourceSilent  SourceState = "silent"  // it answers, and far less comes than usual
)

// State is the source's state and, unless it is well, why in one sentence.
func (h *SourceHealth) State() (state SourceState, why string) {
	switch {
	case h.Paused:
		return SourcePaused, "paused in tenor.toml; tenor sources resume lets it go on"
	case h.LastError != "" && h.ErrorStreak > 1:
		return SourceFailing, fmt.Sprintf("%s (%d visits in a row)", h.LastError, h.ErrorStreak)
	case h.LastError != "":
		return SourceFailing, h.LastError
	case h.LastSuccess.IsZero():
		return SourceNew, "not visited yet"
	}
	if why := h.silence(); why != "" {
		return SourceSilent, why
	}
	return SourceOK, ""
}

// Untold is why the source is not well, unless its state or its reasons say it already;
// else "".
func (h *SourceHealth) Untold() string {
	state, why := h.State()
	// Most often the last error is one of the reasons, and then said there.
	told := slices.ContainsFunc(h.Reasons, func(r ReasonCount) bool { return r.Reason == h.LastError })
	if state == SourceNew || state == SourceFailing && told && h.ErrorStreak < 2 {
		return ""
	}
	return why
}

// NextVisit is when the source is visited next; due: now, or with the next crawl. Neither:
// it is in no schedule, as a page that was read, a folder and what is paused.
func (h *SourceHealth) NextVisit(now time.Time) (next time.Time, due bool) {
	next = h.Schedule.Next
	switch {
	case h.Paused, h.Kind == string(FetchFolder):
		return time.Time{}, false
	case next.IsZero() && (h.URL == "" || h.Kind == string(FetchPage) && !h.LastSuccess.IsZero()):
		return time.Time{}, false
	}
	return next, !next.After(now)
}

// rateDays is over how long the articles and quotes a day of a source are averaged.
const rateDays = 28

// Rates are the articles and quotes a day that came in the last four weeks, or since
// the first article where that is less.
func (h *SourceHealth) Rates(now time.Time) (articles, quotes float64) {
	if len(h.Days) == 0 {
		return 0, 0
	}
	today := DayOf(now.UTC())
	from := max(h.Days[0].Day, today-rateDays+1)
	days := float64(max(today-from+1, 1))
	for _, d := range h.Days {
		if d.Day >= from {
			articles += float64(d.Articles) / days
			quotes += float64(d.Quotes) / days
		}
	}
	return articles, quotes
}
