package tenor

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// SavedSearch is a filter under a name, with an address and feeds of its own.
type SavedSearch struct {
	Name  string
	Query string // the filter as an address's query: what Filter.Values encodes
	Who   string // saved it last
	At    time.Time
}

// maxSearchName bounds the name of a saved search, in bytes.
const maxSearchName = 80

// Key is equal for names that are one: case, accents and punctuation do not matter.
func (s *SavedSearch) Key() string { return FoldText(s.Name) }

// Check is an ErrUsage where a name cannot stand in an address, or nobody signs.
func (s *SavedSearch) Check() error {
	lower := strings.ToLower(s.Name)
	switch {
	case s.Key() == "":
		return fmt.Errorf("name: give the search a name with a letter or a digit (%w)", ErrUsage)
	case strings.Contains(s.Name, "/"), strings.HasSuffix(lower, ".atom"), strings.HasSuffix(lower, ".json"):
		return fmt.Errorf("name: %q cannot stand in an address; leave out the slash, and .atom or .json at the end (%w)", s.Name, ErrUsage)
	}
	if err := checkLine("name", s.Name, maxSearchName); err != nil {
		return err
	}
	return CheckSigned(s.Who, "")
}

// Filter is the filter. It is an ErrUsage where it names a theme or subject that is
// configured no longer.
func (s *SavedSearch) Filter(topics Topics) (Filter, error) {
	values, err := url.ParseQuery(s.Query)
	if err != nil {
		return Filter{}, fmt.Errorf("search %q: %w", s.Name, err)
	}
	f, err := ParseFilter(values, topics)
	if err != nil {
		return Filter{}, fmt.Errorf("search %q: %w", s.Name, err)
	}
	return f, nil
}
