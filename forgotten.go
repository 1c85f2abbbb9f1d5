package tenor

import "time"

// Takedown names what is to be removed for good: an article, by its number, address or
// file, or all articles of an outlet.
type Takedown struct {
	Article string
	Outlet  string
	Reason  string
}

// Holding is what the store has of something that is to be taken down.
type Holding struct {
	Articles, Quotes, Versions, Pages int
	Title                             string // of the article, where there is one only
}

// Forgotten is what was taken down and is not collected again.
type Forgotten struct {
	Name   string // as it was given, or the article's address
	Outlet bool   // all of an outlet
	Reason string
	At     time.Time
}
