package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// Timeline is the consensus over time of the quotes that match. It is computed
// from all of them, whenever they were published: From and To limit what is
// drawn, and a view that stands on the first day was said before it. It ends today
// at the latest.
func (s *Store) Timeline(ctx context.Context, f tenor.Filter) (*tenor.Timeline, error) {
	records, err := s.voices(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("timeline: %w", err)
	}
	// Persons and firms are chosen already, by any of their spellings; the
	// consensus itself would compare the one spelling that an article used.
	if f.AsOf != nil {
		if err := s.nameVoices(ctx, records); err != nil {
			return nil, fmt.Errorf("timeline: %w", err)
		}
	}
	rest := f
	rest.Analysts, rest.Firms, rest.Outlets = nil, nil, nil
	t := tenor.Consensus(records, rest)
	t.Filter = f
	t.Until(tenor.DayOf(s.now().In(tenor.Market)))
	return t, nil
}

// nameVoices tells the records' voices apart by what these records show, not by what
// was collected later. What somebody decided holds for all time.
func (s *Store) nameVoices(ctx context.Context, records []tenor.Record) error {
	rows, err := s.read.QueryContext(ctx, `SELECT DISTINCT person_id FROM people_fixed`)
	list, err := collect(rows, err, func(r *sql.Rows, id *string) error { return r.Scan(id) })
	if err != nil {
		return err
	}
	fixed := map[string]bool{}
	for _, id := range list {
		fixed[id] = true
	}
	for i := range records {
		if !fixed[records[i].Voice] {
			records[i].Voice = ""
		}
	}
	tenor.JoinVoices(records)
	return nil
}

// voices are the quotes that may count in the consensus.
func (s *Store) voices(ctx context.Context, f tenor.Filter) ([]tenor.Record, error) {
	f.From, f.To = nil, nil
	f.Stances = nil // of a view, not of a quote: compared by the consensus
	sel, err := selectQuotes(f)
	if err != nil || sel.none {
		return nil, err
	}
	sel.add("q.speaker_type IN (?, ?)", string(tenor.Analyst), string(tenor.Institution))
	query, args := sel.query(recordColumns, false)
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, err, func(rows *sql.Rows, r *tenor.Record) error {
		var p place
		err := scanRecord(rows, &p)
		*r = p.Record
		return err
	})
}
