package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"sync"
	"time"

	"tenor"
)

// A process that answers many questions keeps of every quote what is counted: some 110
// bytes a quote, in the order of seq, so that counting a million is a walk through memory. It
// is read once, in the background; until then, and for what it does not know, SQL
// answers. The columns of a snapshot are those of one state of the file, never changed:
// a later snapshot shares what stayed the same.

// quoteRow is a quote as it is counted.
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

// chunk holds some rows that follow each other, column by column: a question looks at two
// or three of them. There are no pointers in it, so that a million rows cost the garbage
// collector nothing.
type chunk struct {
	seq                                                                      []int64
	id, cluster                                                              []uint64
	article, person, firm, speaker, firmAs, start, end, themes, label, known []uint32
}

func newChunk(n int) *chunk {
	numbers := make([]uint32, 10*n)
	column := func(i int) []uint32 { return numbers[i*n : i*n : (i+1)*n] }
	wide := make([]uint64, 2*n)
	return &chunk{
		seq: make([]int64, 0, n), id: wide[0:0:n], cluster: wide[n : n : 2*n],
		article: column(0), person: column(1), firm: column(2), speaker: column(3), firmAs: column(4),
		start: column(5), end: column(6), themes: column(7), label: column(8), known: column(9),
	}
}

func (c *chunk) add(q *quoteRow) {
	c.seq, c.id, c.cluster = append(c.seq, q.seq), append(c.id, q.id), append(c.cluster, q.cluster)
	c.article, c.person, c.firm = append(c.article, q.article), append(c.person, q.person), append(c.firm, q.firm)
	c.speaker, c.firmAs = append(c.speaker, q.speaker), append(c.firmAs, q.firmAs)
	c.start, c.end = append(c.start, q.start), append(c.end, q.end)
	c.themes, c.label, c.known = append(c.themes, q.themes), append(c.label, q.labels), append(c.known, q.known)
}

func (c *chunk) row(i int) quoteRow {
	return quoteRow{
		c.seq[i], c.id[i], c.cluster[i], c.article[i], c.person[i], c.firm[i],
		c.speaker[i], c.firmAs[i], c.start[i], c.end[i], c.themes[i], c.label[i], c.known[i],
	}
}

func (c *chunk) first() int64 { return c.seq[0] }
func (c *chunk) last() int64  { return c.seq[len(c.seq)-1] }

// above is the chunk without the rows up to a seq.
func (c *chunk) above(seq int64) *chunk {
	n, found := slices.BinarySearch(c.seq, seq)
	if found {
		n++
	}
	if n == 0 {
		return c
	}
	rest := newChunk(len(c.seq) - n)
	for i := n; i < len(c.seq); i++ {
		q := c.row(i)
		rest.add(&q)
	}
	return rest
}

// chunked cuts rows in order into chunks.
func chunked(rows []quoteRow) (list []*chunk) {
	for some := range slices.Chunk(rows, chunkRows) {
		c := newChunk(len(some))
		for i := range some {
			c.add(&some[i])
		}
		list = append(list, c)
	}
	return list
}

// chunkRows is how many rows are copied when one of them changes; up to twice as many. A
// place is a row's chunk above placeBits, and its number in it below.
const (
	chunkRows = 2048
	placeBits = 12
)

// printing is what quotes of an article share of it.
type printing struct {
	id             int64
	key, published string
	day            int32  // tenor.Day of publication, where it is dated
	seqDay         int32  // the same as seqs have it; 0: it is not
	outlet         uint32 // in columns.outlets
	origin         uint32 // in columns.origins
	from           uint32 // in columns.sources
}

// Of these there are few combinations.
type (
	outletName struct{ key, name string } // as an article spells it
	originRow  struct{ dateSource, translation string }
	sourceDay  struct{ source, day string } // day as articles have it
	labelRow   struct{ kind, speakerType, stance, claim, horizon, subject, source string }
)

// columns are one state of the store.
type columns struct {
	at        int64 // the last of the changes that it has
	chunks    []*chunk
	articles  []printing
	outletOf  []uint32 // of each of articles
	outlets   []outletName
	sourceOf  []uint32 // of each of articles
	sources   []sourceDay
	origins   []originRow
	labels    []labelRow
	words     []word
	firmKeys  []uint32 // of each of words, tenor.FirmKey in numbers from 1; 0 where it is empty
	firmNames []word   // the keys of those numbers; empty first
	themes    []word
	people    []rowID  // 0 first: none
	voiceOf   []string // tenor.Record.Voice of each of people
	firms     []rowID
	names     *entityNames
	found     *foundWords
	quotes    int
}

// entityNames are the names of columns.people and firms, and of outlets those that are
// counted under another key or have a given name.
type entityNames struct {
	people, firms []string
	outlets       joinedOutlets
}

// resident keeps the columns of a store.
type resident struct {
	mu        sync.Mutex
	read      *columnReader // nil until all is read, or where it cannot be
	reading   chan struct{} // closed when read is set, or stays nil
	kept      int64         // the last change in the columns that are kept beside the store; -1: reading takes no time
	found     foundWords
	series    seriesMemory
	negations negations

	ctx     context.Context // of reading, ended by stop
	stop    context.CancelFunc
	readers sync.WaitGroup // what they read ends
	keepers sync.WaitGroup // until stop
}

// keepColumns begins to read the columns.
func (s *Store) keepColumns() {
	ctx, stop := context.WithCancel(context.Background())
	s.resident = &resident{ctx: ctx, stop: stop, kept: -1, series: seriesMemory{long: longSeries}}
	s.resident.found.db, s.resident.found.from = s.read, halvedFrom
	s.readColumns()
	s.resident.keepers.Go(s.keepSeries)
}

// readColumns reads all in the background. What goes wrong leaves SQL to answer, which
// will say it. The caller has locked the resident, where others know of it.
func (s *Store) readColumns() {
	r, done := s.resident, make(chan struct{})
	r.reading = done
	r.readers.Go(func() {
		reader, kept, err := s.firstColumns()
		r.mu.Lock()
		if err == nil {
			reader.now.found = &r.found
			r.read, r.kept = reader, kept
		}
		r.mu.Unlock()
		close(done)
		if err == nil {
			s.timeline(r.ctx, tenor.Filter{}) // so that the first page is there when it is asked for
			s.keepBeside()
		}
	})
}

// firstColumns are those kept beside the store, where they fit, or else are read.
func (s *Store) firstColumns() (r *columnReader, kept int64, err error) {
	begin := time.Now()
	if tx, err := s.read.BeginTx(s.resident.ctx, nil); err == nil {
		r, kept, err := readKept(s.resident.ctx, tx, s.path)
		tx.Rollback()
		if err == nil {
			return r, kept, nil
		}
	}
	r, err = newColumnReader(s.resident.ctx, s.read)
	if kept = 0; time.Since(begin) < keptFrom {
		kept = -1
	}
	return r, kept, err
}

// mostUnkept is how many changes are not worth keeping the columns again.
const mostUnkept = 2000

// keepBeside keeps the columns beside the store, if reading them takes long and those kept
// are old. Where it cannot, the next run reads them.
func (s *Store) keepBeside() {
	tx, c, err := s.begin(context.Background())
	if err != nil {
		return
	}
	defer tx.Rollback()
	r := s.resident
	r.mu.Lock()
	kept := r.kept
	r.mu.Unlock()
	if c == nil || s.write == nil || kept < 0 || c.at-kept < mostUnkept && kept > 0 {
		return
	}
	state, ok, err := stateOf(context.Background(), tx, c.at)
	if err != nil || !ok || c.keep(s.path, state) != nil {
		return
	}
	r.mu.Lock()
	r.kept = c.at
	r.mu.Unlock()
}

func lastChange(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(n), 0) FROM changes`).Scan(&n)
	return n, err
}

// hexNumber reads the 16 hex digits that tenor.QuoteID gives.
func hexNumber(text string) (n uint64, ok bool) {
	if len(text) != 16 {
		return 0, false
	}
	for i := range 16 {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// hexText is what hexNumber read.
func hexText(n uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return hex.EncodeToString(b[:])
}

// row is the row of a place.
func (c *columns) row(place uint32) quoteRow {
	return c.chunks[place>>placeBits].row(int(place & (1<<placeBits - 1)))
}

// record is the row of a place with what the consensus compares, and no words.
func (c *columns) record(place uint32) *tenor.Record {
	q := c.row(place)
	a, l := &c.articles[q.article], &c.labels[q.labels]
	o, from := &c.outlets[a.outlet], &c.origins[a.origin]
	date, _ := tenor.ParseDate(a.published, from.dateSource) // it was parsed when it was read
	return &tenor.Record{
		Quote: tenor.Quote{
			ID: hexText(q.id), Spans: []tenor.Span{{int(q.start), int(q.end)}}, Speaker: string(c.words[q.speaker]), Firm: string(c.words[q.firmAs]),
			SpeakerType: tenor.SpeakerType(l.speakerType), Stance: tenor.Stance(l.stance), Claim: tenor.Claim(l.claim), Horizon: tenor.Horizon(l.horizon),
			Subject: tenor.Subject(l.subject),
		},
		Cluster: hexText(q.cluster), LabelSource: tenor.LabelSource(l.source), Voice: c.voiceOf[q.person],
		ArticleID: a.id, ArticleKey: a.key, Outlet: o.name, Translation: tenor.Translation(from.translation), Published: date,
	}
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
	s.readColumns()
	return nil, false, nil
}

// voiceOf is tenor.Record.Voice of a person's row.
func voiceOf(id rowID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}
