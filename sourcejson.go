package tenor

import "time"

// SourceJSON is a source as outside scripts know it, here and in the API: names and order
// are fixed. Moments are RFC 3339, UTC, and empty where there was or will be none.
type SourceJSON struct {
	Name         string       `json:"name"`
	URL          string       `json:"url"`
	Kind         string       `json:"kind"`
	State        SourceState  `json:"state"`
	Why          string       `json:"why"`
	LastSuccess  string       `json:"last_success"`
	LastVisit    string       `json:"last_visit"`
	NextVisit    string       `json:"next_visit"`
	ErrorStreak  int          `json:"error_streak"`
	LastError    string       `json:"last_error"`
	ArticlesADay float64      `json:"articles_per_day"`
	QuotesADay   float64      `json:"quotes_per_day"`
	Articles     int          `json:"articles"`
	Quotes       int          `json:"quotes"`
	Queued       int          `json:"queued"`
	Done         int          `json:"done"`
	Skipped      int          `json:"skipped"`
	Failed       int          `json:"failed"`
	Robots       string       `json:"robots"`  // obey or ignore
	Reasons      []ReasonJSON `json:"reasons"` // not in CSV
}

// ReasonJSON is how often something was not taken for one reason.
type ReasonJSON struct {
	State   FetchState `json:"state"`
	Reason  string     `json:"reason"`
	Count   int        `json:"count"`
	Example string     `json:"example"`
}

// JSON is the source for encoding. Lists are never null.
func (h *SourceHealth) JSON(now time.Time) SourceJSON {
	state, why := h.State()
	next, _ := h.NextVisit(now)
	j := SourceJSON{
		Name: h.Name, URL: h.URL, Kind: h.Kind, State: state, Why: why,
		LastSuccess: formatTime(h.LastSuccess), LastVisit: formatTime(h.Schedule.Last), NextVisit: formatTime(next),
		ErrorStreak: h.ErrorStreak, LastError: h.LastError, Articles: h.Articles, Quotes: h.Quotes,
		Queued: h.Queued, Done: h.Done, Skipped: h.Skipped, Failed: h.Failed, Robots: "obey", Reasons: []ReasonJSON{},
	}
	if h.RobotsIgnore {
		j.Robots = "ignore"
	}
	j.ArticlesADay, j.QuotesADay = h.Rates(now)
	for _, r := range h.Reasons {
		j.Reasons = append(j.Reasons, ReasonJSON(r))
	}
	return j
}
