package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tenor"
)

// SourceVisits is when a source is visited, and how its last visits went.
type SourceVisits struct {
	tenor.Schedule
	Failures    int       // in a row, up to the last visit
	LastSuccess time.Time // zero when it never answered
}

// visitTimes are a schedule's columns.
type visitTimes struct{ last, next, interval int64 }

func (v visitTimes) schedule() tenor.Schedule {
	return tenor.Schedule{Last: instant(v.last), Next: instant(v.next), Interval: time.Duration(v.interval) * time.Second}
}

// Visits are the schedules of all sources that the store knows, by name.
func (s *Store) Visits(ctx context.Context) (map[string]SourceVisits, error) {
	type row struct {
		name string
		SourceVisits
	}
	rows, err := s.read.QueryContext(ctx, `SELECT name, error_streak, coalesce(last_success, 0),
		coalesce(last_visit, 0), coalesce(next_visit, 0), visit_interval FROM sources`)
	list, err := collect(rows, err, func(r *sql.Rows, v *row) error {
		var at visitTimes
		var success int64
		err := r.Scan(&v.name, &v.Failures, &success, &at.last, &at.next, &at.interval)
		v.Schedule, v.LastSuccess = at.schedule(), instant(success)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the schedule of the sources: %w", err)
	}
	visits := make(map[string]SourceVisits, len(list))
	for _, v := range list {
		visits[v.name] = v.SourceVisits
	}
	return visits, nil
}

// SetSchedule keeps when sources are visited next. Schedule.Last is not written: it
// is noted with each visit.
func (s *Store) SetSchedule(ctx context.Context, schedules map[string]tenor.Schedule) error {
	// A crawl that is being stopped still records what it has done.
	err := s.txOfCrawl(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
		for name, v := range schedules {
			if err := addSource(ctx, tx, name); err != nil {
				return err
			}
			next := sql.NullInt64{Int64: unix(v.Next), Valid: !v.Next.IsZero()}
			if _, err := tx.ExecContext(ctx, `UPDATE sources SET next_visit = ?, visit_interval = ? WHERE name = ?`,
				next, int64(v.Interval/time.Second), name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the schedule of the sources: %w", err)
	}
	return nil
}

// Unschedule takes a source that was removed off the schedule and drops its addresses
// that wait in the queue; dropped says how many. What was collected from it stays, what
// failed does not, and of a source from which nothing came no trace is left. If it is added
// again its addresses are found anew.
func (s *Store) Unschedule(ctx context.Context, name string) (dropped int, err error) {
	err = s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM fetches WHERE source = ? AND state = 'queued'`, name)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if dropped = int(n); err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE sources SET next_visit = NULL, visit_interval = 0, last_error = '', error_streak = 0 WHERE name = ?`,
			`DELETE FROM fetches WHERE source = ? AND state IN ('failed', 'skipped')`,
			`DELETE FROM left_out WHERE source = ?`,
			`DELETE FROM fetches WHERE source = ?1 AND state = 'done' AND entry = 1 AND NOT EXISTS (SELECT 1 FROM articles WHERE source = ?1)`,
			`DELETE FROM sources WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM fetches WHERE source = ?1) AND NOT EXISTS (SELECT 1 FROM articles WHERE source = ?1)`,
		} {
			if _, err := tx.ExecContext(ctx, statement, name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("take source %s off the schedule: %w", name, err)
	}
	return dropped, nil
}

// NewestArticle is the row of the article that was collected last; 0 when there is none.
func (s *Store) NewestArticle(ctx context.Context) (id int64, err error) {
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM articles`).Scan(&id); err != nil {
		return 0, fmt.Errorf("find the newest article: %w", err)
	}
	return id, nil
}

// CollectedAfter counts by source the articles that were collected after the one in
// this row, for the first time.
func (s *Store) CollectedAfter(ctx context.Context, id int64) (map[string]int, error) {
	type count struct {
		source string
		n      int
	}
	rows, err := s.read.QueryContext(ctx, `SELECT source, count(*) FROM articles NOT INDEXED WHERE id > ? GROUP BY source`, id)
	list, err := collect(rows, err, func(r *sql.Rows, c *count) error { return r.Scan(&c.source, &c.n) })
	if err != nil {
		return nil, fmt.Errorf("count what was collected: %w", err)
	}
	counts := make(map[string]int, len(list))
	for _, c := range list {
		counts[c.source] = c.n
	}
	return counts, nil
}
