// Package dateparser stands in for go-dateparser, which go-htmldate imports for its
// extensive search: a quarter of a second and 95 MB of tables at each start of the
// program, for a search that Tenor leaves out (htmldate.Options.SkipExtensiveSearch).
// It holds the names that go-htmldate uses; go.mod puts it in the other's place.
package dateparser

import (
	"errors"
	"time"
)

type (
	ParserType          int
	PreferredDateSource int

	Parser        struct{ ParserTypes []ParserType }
	Configuration struct {
		CurrentTime         time.Time
		PreferredDateSource PreferredDateSource
		StrictParsing       bool
	}
	Date struct{ Time time.Time }
)

const (
	CustomFormat ParserType = iota
	AbsoluteTime
)

const Past PreferredDateSource = 0

// Parse finds no date.
func (*Parser) Parse(*Configuration, string, ...string) (Date, error) {
	return Date{}, errors.New("the extensive search for dates is left out of Tenor")
}
