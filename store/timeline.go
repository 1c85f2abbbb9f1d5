package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tenor"
)

// Timeline is the consensus over time of the quotes that match. It is computed
// from all of them, whenever they were published: From and To limit what is
// drawn, and a view that stands on the first day was said before it. It ends today
// at the latest. The quotes of its views may have what the consensus compares and
// nothing else: Fill reads the rest.
func (s *Store) Timeline(ctx context.Context, f tenor.Filter) (*tenor.Timeline, error) {
	t, err := s.timeline(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("timeline: %w", err)
	}
	return t, nil
}

func (s *Store) timeline(ctx context.Context, f tenor.Filter) (*tenor.Timeline, error) {
	if err := s.waitForColumns(ctx); err != nil {
		return nil, err
	}
	tx, c, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if f.Houses, err = joinedKeys(ctx, tx, tenor.KindFirm); err != nil {
		return nil, err
	}
	if c == nil || f.AsOf != nil { // as of a day copies are folded anew, by their words
		records, err := readVoices(ctx, tx, ofVoices(f))
		if err == nil && f.AsOf != nil {
			err = nameVoices(ctx, tx, records)
		}
		if err != nil {
			return nil, err
		}
		return s.consensus(records, f), nil
	}
	tx.Rollback() // whoever waits for a series holds no connection that it needs
	return s.remembered(ctx, f, c.at, func(ctx context.Context) (*tenor.Timeline, error) {
		tx, c, err := s.begin(ctx) // of its own: whoever asked may not wait for it
		if err != nil {
			return nil, err
		}
		defer tx.Rollback()
		if c == nil {
			records, err := readVoices(ctx, tx, ofVoices(f))
			return s.consensus(records, f), err
		}
		p, err := pickQuotes(ctx, tx, c, ofVoices(f))
		if err != nil {
			return nil, err
		}
		b := newBallotBox(c, f)
		if err := c.each(ctx, tx, &p, b.add); err != nil {
			return nil, err
		}
		var failed error
		t := b.ballot(func(q quoteRow) bool {
			odd, err := s.resident.negations.ask(ctx, tx, q)
			failed = cmp.Or(failed, err)
			return odd
		}).Series(f)
		t.Until(tenor.DayOf(s.now().In(tenor.Market)))
		return t, failed
	})
}

// waitForColumns waits for columns that are being read: a series by SQL takes longer.
func (s *Store) waitForColumns(ctx context.Context) error {
	if s.resident == nil {
		return nil
	}
	s.resident.mu.Lock()
	reading := s.resident.reading
	s.resident.mu.Unlock()
	select {
	case <-reading:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nameVoices tells the records' voices apart by what these records show, not by what
// was collected later. What somebody decided holds for all time, and so do the names of
// firms.
func nameVoices(ctx context.Context, tx *sql.Tx, records []tenor.Record) error {
	d, err := decided(ctx, tx)
	if err != nil {
		return err
	}
	for i := range records {
		if records[i].SpeakerType != tenor.Institution {
			records[i].Voice = ""
		}
	}
	tenor.JoinVoices(records, d)
	return nil
}

// consensus is that of records which the filter has chosen. Persons and firms it chose
// by any of their spellings; the consensus itself would compare the one spelling that an
// article used.
func (s *Store) consensus(records []tenor.Record, f tenor.Filter) *tenor.Timeline {
	rest := f
	rest.Analysts, rest.Firms, rest.Outlets, rest.Themes, rest.Subjects, rest.Kinds = nil, nil, nil, nil, nil, nil
	t := tenor.Consensus(records, rest)
	t.Filter = f
	t.Until(tenor.DayOf(s.now().In(tenor.Market)))
	return t
}

// ofVoices is the filter of the quotes that make a series: those that may stand in it,
// whenever they were published. The stance is of a view, not of a quote, and compared by
// the consensus.
func ofVoices(f tenor.Filter) tenor.Filter {
	f.From, f.To, f.Stances = nil, nil, nil
	return f
}

// readVoices are the quotes that may count in the consensus.
func readVoices(ctx context.Context, tx *sql.Tx, f tenor.Filter) ([]tenor.Record, error) {
	sel, err := selectQuotes(f)
	if err != nil || sel.none {
		return nil, err
	}
	sel.add("q.speaker_type IN (?, ?)", string(tenor.Analyst), string(tenor.Institution))
	query, args := sel.query(recordColumns, false)
	rows, err := tx.QueryContext(ctx, query, args...)
	return collect(rows, err, func(rows *sql.Rows, r *tenor.Record) error {
		var p place
		err := scanRecord(rows, &p)
		*r = p.Record
		return err
	})
}

// Fill reads of the quotes of views what a timeline left out: their words, titles,
// evidence and the rest. What the views say stays.
func (s *Store) Fill(ctx context.Context, views []tenor.View) error {
	var ids []string
	for i := range views {
		for _, r := range views[i].Quotes {
			if bare(r) {
				ids = append(ids, r.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.read.QueryContext(ctx, `SELECT `+recordColumns+` FROM quotes q CROSS JOIN articles a ON a.id = q.article_id
		WHERE q.id IN (SELECT value FROM json_each(?))`, jsonList(ids))
	places, err := collect(rows, err, scanRecord)
	if err != nil {
		return fmt.Errorf("read the quotes of views: %w", err)
	}
	full := make(map[string]*tenor.Record, len(places))
	for i := range places {
		full[places[i].ID] = &places[i].Record
	}
	fill := func(r **tenor.Record) {
		if whole := full[(*r).ID]; whole != nil && bare(*r) {
			*r = whole
		}
	}
	for i := range views {
		views[i].Quotes = slices.Clone(views[i].Quotes) // others may have the same timeline
		fill(&views[i].Quote)
		for j := range views[i].Quotes {
			fill(&views[i].Quotes[j])
		}
	}
	return nil
}

// bare reports whether a record has only what the consensus compares.
func bare(r *tenor.Record) bool { return r.KnownAt.IsZero() }
