package tenor

import "time"

// Person is whoever speaks, under all names that are known to be theirs.
type Person struct {
	ID           int64
	Name         string // the one that somebody gave, or the fullest spelling
	Institution  bool   // a firm speaking for itself
	Quotes       int
	First, Last  Day // of publication; equal to zero where no quote has a day
	Dated        bool
	Spellings    []Spelling    // the commonest first; of one person asked for, not of a list
	Affiliations []Affiliation // by the first day; likewise
	Decisions    []Decision    // that touched them, newest first; likewise
}

// Spelling is a name as articles write it, at one firm.
type Spelling struct {
	Name   string
	Firm   string // as articles write it; empty where they give none
	Quotes int
}

// Affiliation is a firm and when the person was first and last quoted there.
type Affiliation struct {
	Firm        string
	First, Last Day
	Dated       bool // some quote has a day
	Quotes      int
}

// Decision is an entry of the ledger of who is one person.
type Decision struct {
	ID     int64
	At     time.Time
	Who    string
	Why    string
	Action string // merge, split, rename or undo
	What   string // in words
	Undone int64  // the entry that took it back; 0: it stands
}
