package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"tenor"
)

// recordColumns are what scanRecord reads of q (quotes) and a (articles).
const recordColumns = `q.seq, q.id, q.kind, q.speaker, q.speaker_type, q.firm, q.role, q.stance, q.confidence, q.claim,
	q.horizon, q.subject, q.themes, q.resolved, q.attribution, q.spans, q.evidence, q.text, q.known_at, q.cluster_id, q.copies, q.label_source,
	q.tagger, a.id, a.key, a.file, a.url, a.outlet, a.title, a.published, a.published_source,
	a.translation, a.forwarded, coalesce(q.person_id, ''), q.model_speaker, ` + standing

// standing says of a quote that stands until when it did, in which version, and under
// which identifier it was written; inPast puts the columns of past_quotes there.
const standing = `0 AS until, 0 AS version, q.id AS written_id, q.checksum AS checksum`

// place is a record with its seq, for paging.
type place struct {
	seq int64
	tenor.Record
	said    sql.NullString // the speaker by the article, where a person says otherwise
	written string         // identifier: another than the record's in an earlier version with other white space
	sum     sql.NullInt64  // checksum
	places  [2]string      // spans and evidence as they are stored
}

// scanRecord reads a quote that is as it was written, or gives an error.
func scanRecord(rows *sql.Rows, p *place) error { return newRecordScanner().scan(rows, p) }

// scanStored reads a quote as the file has it now.
func scanStored(rows scannable, p *place) error { return newRecordScanner().stored(rows, p) }

type scannable interface{ Scan(...any) error }

// recordScanner reads rows of recordColumns one after the other.
type recordScanner struct {
	into []any
	p    place
	// Plain strings: database/sql sets other kinds of them by reflection.
	kind, speakerType, stance, claim, horizon, subject, resolved, source, translation string
	themes, text, published, publishedSource, spans, evidence                         string
	known, until                                                                      int64

	dated, datedSource string // of the row before: quotes of one article follow each other
	date               tenor.Date
}

func newRecordScanner() *recordScanner {
	s := &recordScanner{}
	r := &s.p.Record
	s.into = []any{&s.p.seq, &r.ID, &s.kind, &r.Speaker, &s.speakerType, &r.Firm, &r.Role, &s.stance, &r.Confidence, &s.claim,
		&s.horizon, &s.subject, &s.themes, &s.resolved, &r.Attribution, &s.spans, &s.evidence, &s.text, &s.known, &r.Cluster, &r.Copies, &s.source,
		&r.Tagger, &r.ArticleID, &r.ArticleKey, &r.File, &r.URL, &r.Outlet, &r.Title, &s.published, &s.publishedSource,
		&s.translation, &r.Forwarded, &r.Voice, &s.p.said, &s.until, &r.Version, &s.p.written, &s.p.sum}
	return s
}

// scan reads a quote that is as it was written, or gives an error.
func (s *recordScanner) scan(rows scannable, p *place) error {
	if err := s.stored(rows, p); err != nil {
		return err
	}
	return intact(p)
}

// stored reads a quote as the file has it now; where a part of it is damaged, the rest.
func (s *recordScanner) stored(rows scannable, p *place) error {
	r := &s.p.Record
	r.Spans, r.Evidence, r.Segments = nil, nil, nil // the caller has those of the row before
	if err := rows.Scan(s.into...); err != nil {
		return err
	}
	r.Kind, r.SpeakerType, r.Stance, r.Claim = tenor.Kind(s.kind), tenor.SpeakerType(s.speakerType), tenor.Stance(s.stance), tenor.Claim(s.claim)
	r.Horizon, r.Subject, r.Resolved = tenor.Horizon(s.horizon), tenor.Subject(s.subject), tenor.Resolution(s.resolved)
	r.LabelSource, r.Translation = tenor.LabelSource(s.source), tenor.Translation(s.translation)
	r.Themes, r.KnownAt, r.Until = splitThemes(s.themes), instant(s.known), instant(s.until)
	s.p.places = [2]string{s.spans, s.evidence}
	err := s.decode(r)
	*p = s.p
	if err != nil {
		return fmt.Errorf("quote %s: %w (%w)", r.ID, errDamaged, err)
	}
	return nil
}

func (s *recordScanner) decode(r *tenor.Record) (err error) {
	if err := decodePlaces(&r.Quote, s.spans, s.evidence); err != nil {
		return err
	}
	if s.published != s.dated || s.publishedSource != s.datedSource {
		if s.date, err = tenor.ParseDate(s.published, s.publishedSource); err != nil {
			return err
		}
		s.dated, s.datedSource = s.published, s.publishedSource
	}
	r.Published = s.date
	if r.Segments, err = cutSegments(s.text, r.Spans); err != nil {
		return err
	}
	for i := range r.Evidence {
		if e := &r.Evidence[i]; e.Text == "" && e.Span.Len() != 0 {
			var ok bool
			if e.Text, ok = wordsAt(r.Spans, r.Segments, e.Span); !ok {
				return fmt.Errorf("evidence: there are no words at %v", e.Span)
			}
		}
	}
	return nil
}

// decodePlaces reads what encodePlaces wrote, words that it left out aside. It is asked for every quote that is
// listed or exported, and takes a tenth of encoding/json's time.
func decodePlaces(q *tenor.Quote, spans, evidence string) error {
	var err error
	if q.Spans, err = appendSpans(make([]tenor.Span, 0, 1), spans); err != nil {
		return err
	}
	if evidence == "[]" {
		return nil
	}
	p := placeReader{rest: evidence}
	q.Evidence = make([]tenor.Evidence, 0, 4)
	p.list(func() {
		var e tenor.Evidence
		p.is('[')
		e.Tag = p.text()
		for i := range e.Span {
			p.is(',')
			e.Span[i] = p.number()
		}
		if p.rest != "" && p.rest[0] == ',' {
			p.is(',')
			e.Text = p.text()
		}
		p.is(']')
		q.Evidence = append(q.Evidence, e)
	})
	if p.bad || p.rest != "" {
		return fmt.Errorf("evidence: %.100q is not a list of places", evidence)
	}
	return nil
}

// appendSpans reads the spans of a quote.
func appendSpans(list []tenor.Span, text string) ([]tenor.Span, error) {
	p := placeReader{rest: text}
	p.list(func() {
		p.is('[')
		from := p.number()
		p.is(',')
		list = append(list, tenor.Span{from, p.number()})
		p.is(']')
	})
	if p.bad || p.rest != "" {
		return nil, fmt.Errorf("spans: %.100q is not a list of spans", text)
	}
	return list, nil
}

// placeReader reads JSON as encodePlaces writes it: without white space.
type placeReader struct {
	rest string
	bad  bool
}

// list reads a list by its elements.
func (p *placeReader) list(element func()) {
	p.is('[')
	if p.rest != "" && p.rest[0] == ']' {
		p.rest = p.rest[1:]
		return
	}
	for !p.bad {
		element()
		if p.rest != "" && p.rest[0] == ',' {
			p.rest = p.rest[1:]
			continue
		}
		p.is(']')
		return
	}
}

func (p *placeReader) is(c byte) {
	if p.rest == "" || p.rest[0] != c {
		p.bad = true
		return
	}
	p.rest = p.rest[1:]
}

func (p *placeReader) number() (n int) {
	i := 0
	for ; i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9'; i++ {
		n = n*10 + int(p.rest[i]-'0')
	}
	p.bad = p.bad || i == 0 || i > 18
	p.rest = p.rest[i:]
	return n
}

func (p *placeReader) text() string {
	for i := 1; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '"':
			text := p.rest[:i+1]
			p.rest = p.rest[i+1:]
			if !strings.Contains(text, `\`) {
				p.bad = p.bad || text[0] != '"'
				return text[1:i]
			}
			var plain string
			p.bad = json.Unmarshal([]byte(text), &plain) != nil || p.bad
			return plain
		}
	}
	p.bad = true
	return ""
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
		scanner := newRecordScanner()
		var p place
		for rows.Next() {
			if err := scanner.scan(rows, &p); err != nil {
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
