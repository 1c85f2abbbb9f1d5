package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

const searchColumns = `name, query, who, at`

func scanSearch(r scannable, one *tenor.SavedSearch) error {
	var at int64
	err := r.Scan(&one.Name, &one.Query, &one.Who, &at)
	one.At = instant(at)
	return err
}

// Searches are the saved searches, by name.
func (s *Store) Searches(ctx context.Context) ([]tenor.SavedSearch, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+searchColumns+` FROM searches ORDER BY key`)
	list, err := collect(rows, err, func(r *sql.Rows, one *tenor.SavedSearch) error { return scanSearch(r, one) })
	if err != nil {
		return nil, fmt.Errorf("list searches: %w", err)
	}
	return list, nil
}

// SavedSearch is the search of this name, or tenor.ErrNotFound.
func (s *Store) SavedSearch(ctx context.Context, name string) (one tenor.SavedSearch, err error) {
	key := (&tenor.SavedSearch{Name: name}).Key()
	err = scanSearch(s.read.QueryRowContext(ctx, `SELECT `+searchColumns+` FROM searches WHERE key = ?`, key), &one)
	if err != nil {
		return one, fmt.Errorf("search %q: %w", name, noRows(err))
	}
	return one, nil
}

// SaveSearch keeps a search, in the place of one of that name or, unless replace, as
// tenor.ErrTaken where there is one with another filter. It is on the disk when SaveSearch
// returns, as what people say of quotes is.
func (s *Store) SaveSearch(ctx context.Context, one tenor.SavedSearch, replace bool) error {
	err := one.Check()
	if err == nil {
		err = s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
			var other bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM searches WHERE key = ? AND query <> ?)`,
				one.Key(), one.Query).Scan(&other); err != nil {
				return err
			}
			if other && !replace {
				return tenor.ErrTaken
			}
			_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO searches (key, name, query, who, at) VALUES (?, ?, ?, ?, ?)`,
				one.Key(), one.Name, one.Query, one.Who, unix(s.now()))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save search %q: %w", one.Name, err)
	}
	return nil
}

// RemoveSearch removes the search of this name and gives it as it was, or is
// tenor.ErrNotFound.
func (s *Store) RemoveSearch(ctx context.Context, name string) (one tenor.SavedSearch, err error) {
	err = s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
		key := (&tenor.SavedSearch{Name: name}).Key()
		return noRows(scanSearch(tx.QueryRowContext(ctx, `DELETE FROM searches WHERE key = ? RETURNING `+searchColumns, key), &one))
	})
	if err != nil {
		return one, fmt.Errorf("remove search %q: %w", name, err)
	}
	return one, nil
}
