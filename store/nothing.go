package store

import (
	"context"
	"fmt"
	"time"

	"tenor"
)

// Unknown says, a sentence each, what of a filter nothing in the store can match: names of
// whom it has never heard, and a day before anything was collected.
func (s *Store) Unknown(ctx context.Context, f tenor.Filter) ([]string, error) {
	var list []string
	if f.AsOf != nil {
		var first int64
		if err := s.read.QueryRowContext(ctx, `SELECT coalesce(min(known_at), 0) FROM articles`).Scan(&first); err != nil {
			return nil, fmt.Errorf("look up the first article: %w", err)
		}
		if day := tenor.DayOf(time.Unix(first, 0).In(tenor.Market)); first != 0 && *f.AsOf < day {
			list = append(list, fmt.Sprintf("Nothing was known on %s: the first article was collected on %s.", f.AsOf, day))
		}
	}
	for _, name := range f.Analysts {
		var known bool
		if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (`+peopleNamed+`)`, namesOfPeople([]string{name})...).Scan(&known); err != nil {
			return nil, fmt.Errorf("look up %q: %w", name, err)
		}
		if !known {
			list = append(list, fmt.Sprintf("Nobody here is called %q.", name))
		}
	}
	for _, of := range []struct {
		*joiner
		names []string
	}{{&firmJoiner, f.Firms}, {&outletJoiner, f.Outlets}} {
		for _, name := range of.names {
			switch _, _, err := of.find(ctx, s.read, name); {
			case isRefusal(err):
				list = append(list, fmt.Sprintf("No %s here is called %q.", of.noun, name))
			case err != nil:
				return nil, fmt.Errorf("look up %q: %w", name, err)
			}
		}
	}
	return list, nil
}
