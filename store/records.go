package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"tenor"
)

// recordColumns are what scanRecord reads of q (quotes) and a (articles).
const recordColumns = `q.seq, q.id, q.kind, q.speaker, q.speaker_type, q.firm, q.role, q.stance, q.confidence, q.claim,
	q.horizon, q.subject, q.themes, q.resolved, q.attribution, q.spans, q.evidence, q.text, q.known_at, q.cluster_id, q.copies, q.label_source,
	q.tagger, a.id, a.key, a.file, a.url, a.outlet, a.title, a.published, a.published_source,
	a.translation, a.forwarded, coalesce(q.person_id, ''), q.model_speaker, ` + standing

// standing says of a quote that stands until when it did, in which version, and under
// which identifier it was written; inPast puts the columns of past_quotes there.
const standing = `0 AS until, 0 AS version, q.id AS written_id`

// place is a record with its seq, for paging.
type place struct {
	seq int64
	tenor.Record
	said    sql.NullString // the speaker by the article, where a person says otherwise
	written string         // identifier: another than the record's in an earlier version with other white space
}

// scanRecord reads a quote that is as it was written, or gives an error.
func scanRecord(rows *sql.Rows, p *place) error {
	if err := scanStored(rows, p); err != nil {
		return err
	}
	return intact(p)
}

// scanStored reads a quote as the file has it now.
func scanStored(rows interface{ Scan(...any) error }, p *place) error {
	r := &p.Record
	var themes, text, published, publishedSource string
	var spans, evidence sql.RawBytes
	var known, until int64
	if err := rows.Scan(&p.seq, &r.ID, &r.Kind, &r.Speaker, &r.SpeakerType, &r.Firm, &r.Role, &r.Stance, &r.Confidence, &r.Claim,
		&r.Horizon, &r.Subject, &themes, &r.Resolved, &r.Attribution, &spans, &evidence, &text, &known, &r.Cluster, &r.Copies, &r.LabelSource,
		&r.Tagger, &r.ArticleID, &r.ArticleKey, &r.File, &r.URL, &r.Outlet, &r.Title, &published, &publishedSource,
		&r.Translation, &r.Forwarded, &r.Voice, &p.said, &until, &r.Version, &p.written); err != nil {
		return err
	}
	r.Themes, r.KnownAt, r.Until = splitThemes(themes), instant(known), instant(until)
	if err := decodePlaces(&r.Quote, spans, evidence); err != nil {
		return fmt.Errorf("quote %s: %w (%w)", r.ID, errDamaged, err)
	}
	var err error
	if r.Published, err = tenor.ParseDate(published, publishedSource); err != nil {
		return fmt.Errorf("quote %s: %w (%w)", r.ID, errDamaged, err)
	}
	if r.Segments, err = cutSegments(text, r.Spans); err != nil {
		return fmt.Errorf("quote %s: %w (%w)", r.ID, errDamaged, err)
	}
	return nil
}

// decodePlaces reads what encodePlaces wrote.
func decodePlaces(q *tenor.Quote, spans, evidence []byte) error {
	if err := json.Unmarshal(spans, &q.Spans); err != nil {
		return fmt.Errorf("spans: %w", err)
	}
	if string(evidence) == "[]" {
		return nil
	}
	var places [][4]json.RawMessage
	if err := json.Unmarshal(evidence, &places); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	q.Evidence = make([]tenor.Evidence, len(places))
	for i, p := range places {
		e := &q.Evidence[i]
		for j, to := range []any{&e.Tag, &e.Span[0], &e.Span[1], &e.Text} {
			if err := json.Unmarshal(p[j], to); err != nil {
				return fmt.Errorf("evidence: %w", err)
			}
		}
	}
	return nil
}

// cutSegments takes the words apart where spans say they were joined.
func cutSegments(text string, spans []tenor.Span) ([]string, error) {
	segments := make([]string, len(spans))
	for i, s := range spans {
		if i > 0 && text != "" {
			text = text[1:] // the space between
		}
		if s.Len() < 0 || s.Len() > len(text) {
			return nil, fmt.Errorf("its words do not fit its spans %v", spans)
		}
		segments[i], text = text[:s.Len()], text[s.Len():]
	}
	return segments, nil
}

// readRecords reads the records that a clause over q and a chooses.
func readRecords(ctx context.Context, tx *sql.Tx, clause string, args ...any) ([]tenor.Record, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+recordColumns+` FROM quotes q JOIN articles a ON a.id = q.article_id `+clause, args...)
	places, err := collect(rows, err, scanRecord)
	if err != nil {
		return nil, err
	}
	records := make([]tenor.Record, len(places))
	for i := range places {
		records[i] = places[i].Record
	}
	return records, nil
}

// Record is the quote with this identifier, or tenor.ErrNotFound. One that an article
// has no longer is given as it last stood.
func (s *Store) Record(ctx context.Context, quoteID string) (tenor.Record, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT `+recordColumns+` FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.id = ?`, quoteID)
	places, err := collect(rows, err, scanRecord)
	if err == nil && len(places) == 0 {
		rows, err = s.read.QueryContext(ctx, inPast.Replace(`SELECT `+recordColumns+` FROM quotes q JOIN articles a ON a.id = q.article_id
			WHERE q.id = ?`)+` ORDER BY q.until DESC LIMIT 1`, quoteID)
		places, err = collect(rows, err, scanRecord)
	}
	if err == nil && len(places) == 0 {
		err = tenor.ErrNotFound
	}
	if err != nil {
		return tenor.Record{}, fmt.Errorf("quote %s: %w", quoteID, err)
	}
	return places[0].Record, nil
}

// Records are all quotes that match, newest first, one at a time: exactly those
// that Search counts. An error ends them.
func (s *Store) Records(ctx context.Context, f tenor.Filter) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		fail := func(err error) { yield(tenor.Record{}, fmt.Errorf("read quotes: %w", err)) }
		sel, err := selectQuotes(f)
		if err != nil {
			fail(err)
			return
		}
		if sel.none {
			return
		}
		query, args := sel.query(recordColumns, true)
		rows, err := s.read.QueryContext(ctx, query, args...)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var p place
			if err := scanRecord(rows, &p); err != nil {
				fail(err)
				return
			}
			if !yield(p.Record, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}
