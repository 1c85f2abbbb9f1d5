package tenor

import "time"

// SourceHealth is how a source fares, as `tenor sources` and the page /sources show it.
type SourceHealth struct {
	Name        string
	LastSuccess time.Time // zero when it never answered
	LastError   string    // one sentence; empty when the last visit went well
	ErrorStreak int
	Queued      int // addresses waiting
	Done        int
	Skipped     int
	Failed      int
	Articles    int
	Quotes      int
	// Reasons counts, for what was skipped or failed, each reason. Skipped and
	// Reasons include the links that its last crawl left out without asking for
	// them; Reasons also tells what was odd about an address that is Done.
	Reasons []ReasonCount
}

// ReasonCount is how often something was not taken for one reason.
type ReasonCount struct {
	State  FetchState
	Reason string
	Count  int
	// Example is one of the addresses or files; empty where none is known.
	Example string
}
