package tenor

// Kinds of names that are joined by evidence, beside those of people.
const (
	KindFirm   = "firm"
	KindOutlet = "outlet"
)

// House is a firm or an outlet, under all names that are known to be its.
type House struct {
	Key         string // that its names are counted under
	Name        string // the one that somebody gave, or the plainest of its own key
	Quotes      int
	First, Last Day // of publication
	Dated       bool
	Names       []HouseName // the commonest first
	Ties        []Tie       // between its names' keys, and to keys that may be its; of one asked for, not of a list
	Decisions   []Decision  // that touched it, newest first; likewise
}

// HouseName is a name as articles write it.
type HouseName struct {
	Name   string
	Key    string
	Quotes int
}
