package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"

	"tenor"
)

// A process that answers many questions keeps of every quote what is counted: 64 bytes
// a quote, in the order of seq, so that counting a million is a walk through memory. It
// is read once, in the background; until then, and for what it does not know, SQL
// answers. The columns of a snapshot are those of one state of the file, never changed:
// a later snapshot shares what stayed the same.

// quoteRow is a quote as it is counted. It holds no pointers, so that a million cost
// the garbage collector nothing.
type quoteRow struct {
	seq             int64
	id, cluster     uint64 // hex digits, read
	article         uint32 // in columns.articles
	person, firm    uint32 // in columns.people, columns.firms; 0: none
	speaker, firmAs uint32 // in columns.words: as the article wrote them
	start, end      uint32 // bytes of the article's text
	themes          uint32 // in columns.themes
	labels          uint32 // in columns.labels
	known           uint32 // when it was, in Unix seconds
}

// printing is what quotes of an article share of it.
type printing struct {
	id                       int64
	key, published, source   string
	outlet, outletKey, trans string
}

// labelRow is a combination of labels; there are few.
type labelRow struct {
	kind, speakerType, stance, claim, horizon, subject, source string
}

// chunkRows is how many rows are copied at most when one of them changes.
const chunkRows = 2048

// columns are one state of the store.
type columns struct {
	at       int64 // the last of the changes that it has
	chunks   [][]quoteRow
	articles []printing
	labels   []labelRow
	words    []string
	themes   []string
	people   []int64      // 0 first: none
	voiceOf  []string     // tenor.Record.Voice of each of people
	dates    []tenor.Date // of each of articles
	firms    []int64
	names    *entityNames
	found    *foundWords
}

// entityNames are the names of people and firms by their rows, and of outlets those that
// are counted under another key or have a given name.
type entityNames struct {
	people, firms map[int64]string
	outlets       joinedOutlets
}

// interned gives each value a small number, for good.
type interned[T comparable] struct {
	list []T
	at   map[T]uint32
}

func (i *interned[T]) number(v T) uint32 {
	n, ok := i.at[v]
	if !ok {
		if i.at == nil {
			i.at = map[T]uint32{}
		}
		n = uint32(len(i.list))
		i.list, i.at[v] = append(i.list, v), n
	}
	return n
}

// resident keeps the columns of a store.
type resident struct {
	mu     sync.Mutex
	read   *columnReader // nil until all is read, or where it cannot be
	found  foundWords
	series seriesMemory

	ctx     context.Context // of reading, ended by stop
	stop    context.CancelFunc
	readers sync.WaitGroup
}

// columnReader brings columns up to date. Its numbers stay: what snapshots share.
type columnReader struct {
	now      *columns
	articles interned[printing]
	labels   interned[labelRow]
	words    interned[string]
	themes   interned[string]
	people   interned[int64]
	firms    interned[int64]
	voiceOf  []string
	dates    []tenor.Date
}

// keepColumns begins to read the columns.
func (s *Store) keepColumns() {
	ctx, stop := context.WithCancel(context.Background())
	s.resident = &resident{ctx: ctx, stop: stop, series: seriesMemory{long: longSeries}}
	s.readColumns(ctx)
}

// readColumns reads all in the background. What goes wrong leaves SQL to answer, which
// will say it.
func (s *Store) readColumns(ctx context.Context) {
	s.resident.readers.Go(func() {
		if r, err := newColumnReader(ctx, s.read); err == nil {
			s.resident.mu.Lock()
			r.now.found = &s.resident.found
			s.resident.read = r
			s.resident.mu.Unlock()
			s.timeline(ctx, tenor.Filter{}) // so that the first page is there when it is asked for
		}
	})
}

func newColumnReader(ctx context.Context, db *sql.DB) (*columnReader, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	r, c := &columnReader{}, &columns{}
	if c.at, err = lastChange(ctx, tx); err != nil {
		return nil, err
	}
	r.people.number(0)
	r.firms.number(0)
	rows, err := r.rows(ctx, tx, ` ORDER BY q.seq`)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(rows, chunkRows) {
		c.chunks = append(c.chunks, slices.Clone(chunk))
	}
	if c.names, err = readNames(ctx, tx, &entityNames{map[int64]string{}, map[int64]string{}, joinedOutlets{}}, ``); err != nil {
		return nil, err
	}
	return r, r.publish(c)
}

func lastChange(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM changes`).Scan(&n)
	return n, err
}

// publish makes c the columns of now, with what its rows refer to.
func (r *columnReader) publish(c *columns) error {
	c.articles, c.labels, c.words, c.themes = r.articles.list, r.labels.list, r.words.list, r.themes.list
	for _, id := range r.people.list[len(r.voiceOf):] {
		voice := ""
		if id != 0 {
			voice = strconv.FormatInt(id, 10)
		}
		r.voiceOf = append(r.voiceOf, voice)
	}
	for _, a := range r.articles.list[len(r.dates):] {
		date, err := tenor.ParseDate(a.published, a.source)
		if err != nil {
			return fmt.Errorf("article %d: %w", a.id, err)
		}
		r.dates = append(r.dates, date)
	}
	c.people, c.firms, c.voiceOf, c.dates = r.people.list, r.firms.list, r.voiceOf, r.dates
	r.now = c
	return nil
}

// rows are those that a clause chooses. Each is held against its identifier, as all that
// are read: where one is damaged, there are no columns.
func (r *columnReader) rows(ctx context.Context, tx *sql.Tx, clause string, args ...any) ([]quoteRow, error) {
	rows, err := tx.QueryContext(ctx, `SELECT q.seq, q.id, q.cluster_id, q.article_id, coalesce(q.person_id, 0), coalesce(q.firm_id, 0),
			q.speaker, q.model_speaker, q.firm, q.spans, q.text, q.themes,
			q.kind, q.speaker_type, q.stance, q.claim, q.horizon, q.subject, q.label_source,
			a.key, a.published, a.published_source, a.outlet, a.outlet_key, a.translation, a.url, a.file, q.known_at
		FROM quotes q CROSS JOIN articles a ON a.id = q.article_id`+clause, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []quoteRow
	last := printing{}
	var lastNumber uint32
	var published tenor.Date // of the last
	for rows.Next() {
		var q quoteRow
		var id, cluster sql.RawBytes
		var person, firm, known int64
		var said place
		var speaker, firmAs, spans, text, themes, url, file string
		var l labelRow
		var a printing
		if err := rows.Scan(&q.seq, &id, &cluster, &a.id, &person, &firm, &speaker, &said.said, &firmAs, &spans, &text, &themes,
			&l.kind, &l.speakerType, &l.stance, &l.claim, &l.horizon, &l.subject, &l.source,
			&a.key, &a.published, &a.source, &a.outlet, &a.outletKey, &a.trans, &url, &file, &known); err != nil {
			return nil, err
		}
		var ok1, ok2 bool
		if q.id, ok1 = hexNumber(id); !ok1 {
			return nil, fmt.Errorf("quote %s: its identifier is not 16 hex digits", id)
		}
		if q.cluster, ok2 = hexNumber(cluster); !ok2 {
			return nil, fmt.Errorf("quote %s: its cluster is not 16 hex digits", id)
		}
		if a != last || len(list) == 0 {
			if published, err = tenor.ParseDate(a.published, a.source); err != nil {
				return nil, fmt.Errorf("article %d: %w", a.id, err)
			}
			last, lastNumber = a, r.articles.number(a)
		}
		said.seq, said.written, said.Record = q.seq, string(id), tenor.Record{
			Quote: tenor.Quote{ID: string(id), Speaker: speaker, Kind: tenor.Kind(l.kind), SpeakerType: tenor.SpeakerType(l.speakerType),
				Stance: tenor.Stance(l.stance)},
			ArticleKey: a.key, URL: url, File: file, Published: published, LabelSource: tenor.LabelSource(l.source),
		}
		if err := decodePlaces(&said.Quote, spans, "[]"); err != nil || len(said.Spans) == 0 {
			return nil, fmt.Errorf("quote %s: %w", id, cmp.Or(err, errDamaged))
		}
		if said.Segments, err = cutSegments(text, said.Spans); err != nil {
			return nil, fmt.Errorf("quote %s: %w", id, err)
		}
		if err := intact(&said); err != nil {
			return nil, err
		}
		q.start, q.end = uint32(said.Spans[0].Start()), uint32(said.Spans[len(said.Spans)-1].End())
		q.article, q.known = lastNumber, uint32(min(max(known, 0), math.MaxUint32))
		q.person, q.firm = r.people.number(person), r.firms.number(firm)
		q.speaker, q.firmAs, q.themes, q.labels = r.words.number(speaker), r.words.number(firmAs), r.themes.number(themes), r.labels.number(l)
		list = append(list, q)
	}
	return list, rows.Err()
}

// hexNumber reads the 16 hex digits that tenor.QuoteID gives.
func hexNumber(text []byte) (n uint64, ok bool) {
	var b [8]byte
	if len(text) != 16 {
		return 0, false
	}
	if _, err := hex.Decode(b[:], text); err != nil || slices.ContainsFunc(text, func(c byte) bool { return c >= 'A' && c <= 'F' }) {
		return 0, false
	}
	return binary.BigEndian.Uint64(b[:]), true
}

// hexText is what hexNumber read.
func hexText(n uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return hex.EncodeToString(b[:])
}

// readNames adds the names that a clause chooses to those known.
func readNames(ctx context.Context, tx *sql.Tx, known *entityNames, clause string, args ...any) (*entityNames, error) {
	names := &entityNames{maps.Clone(known.people), maps.Clone(known.firms), joinedOutlets{}}
	var err error
	if names.outlets, err = readOutlets(ctx, tx); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT * FROM (SELECT 1 AS person, id, name FROM people UNION ALL SELECT 0, id, name FROM firms_shown)`+clause, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var person bool
		var id int64
		var name string
		if err := rows.Scan(&person, &id, &name); err != nil {
			return nil, err
		}
		if person {
			names.people[id] = name
		} else {
			names.firms[id] = name
		}
	}
	return names, rows.Err()
}

// begin begins a reading transaction, and gives the columns of the state that it sees,
// or nil where SQL has to answer.
func (s *Store) begin(ctx context.Context) (*sql.Tx, *columns, error) {
	for {
		tx, err := s.read.BeginTx(ctx, nil)
		if err != nil || s.resident == nil {
			return tx, nil, err
		}
		c, older, err := s.columnsOf(ctx, tx)
		if err == nil && !older {
			return tx, c, nil
		}
		tx.Rollback()
		if err != nil {
			return nil, nil, err
		}
	}
}

// columnsOf are the columns of the state that a transaction sees, nil where there are
// none. That state may be older than the columns by now.
func (s *Store) columnsOf(ctx context.Context, tx *sql.Tx) (c *columns, older bool, err error) {
	at, err := lastChange(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	s.resident.mu.Lock()
	defer s.resident.mu.Unlock()
	r := s.resident.read
	switch {
	case r == nil:
		return nil, false, nil
	case r.now.at == at:
		return r.now, false, nil
	case r.now.at > at:
		return nil, true, nil
	}
	switch err := r.follow(ctx, tx, at); {
	case err == nil:
		return r.now, false, nil
	case ctx.Err() != nil:
		return nil, false, err
	}
	s.resident.read = nil
	s.readColumns(s.resident.ctx)
	return nil, false, nil
}
