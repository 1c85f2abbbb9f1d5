package store

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"sync"

	"tenor"
)

// columnReader brings columns up to date. Its numbers stay: what snapshots share.
type columnReader struct {
	now      *columns
	articles []printing
	number   map[int64]uint32 // of an article's row: of its latest printing
	outletOf []uint32
	outlets  interned[outletName]
	sourceOf []uint32
	sources  interned[sourceDay]
	origins  interned[originRow]
	dict     dictionary
	labels   []labelRow // dict.labels, taken apart
	firmKeys interned[word]
	firmKey  []uint32 // of each of dict.words
	voiceOf  []string
}

// dictionary has the numbers of what quotes have in common. Who reads a part of them has
// one of its own, so that several can read at once.
type dictionary struct {
	labels interned[word] // joined
	words  interned[word]
	themes interned[word]
	people interned[rowID]
	firms  interned[rowID]
}

// newColumnReader reads all quotes: from both ends, on two connections, until they meet.
func newColumnReader(ctx context.Context, db *sql.DB) (*columnReader, error) {
	low, high, at, err := beginTwo(ctx, db)
	if err != nil {
		return nil, err
	}
	defer low.Rollback()
	defer high.Rollback()
	r := &columnReader{number: map[int64]uint32{}}
	c := &columns{at: at, names: &entityNames{}}
	r.dict.people.number(0)
	r.dict.firms.number(0)
	r.firmKeys.number("")
	if err := r.readArticles(ctx, low); err != nil {
		return nil, err
	}
	m := meeting{below: math.MaxInt64}
	var halves [2]half
	var errs [2]error
	var both sync.WaitGroup
	both.Go(func() { halves[0], errs[0] = r.readHalf(ctx, low, &m, false) })
	both.Go(func() { halves[1], errs[1] = r.readHalf(ctx, high, &m, true) })
	both.Wait()
	if err := cmp.Or(errs[0], errs[1]); err != nil {
		return nil, err
	}
	slices.Reverse(halves[1].chunks)
	last := int64(-1)
	for i := range halves {
		for _, one := range halves[i].chunks {
			one = one.above(last) // both may have read where they met
			if len(one.seq) == 0 {
				continue
			}
			r.dict.take(one, &halves[i])
			c.chunks = append(c.chunks, one)
			last = one.last()
		}
	}
	if c.names, err = r.readNames(ctx, low, &entityNames{}); err != nil {
		return nil, err
	}
	r.publish(c)
	return r, nil
}

// beginTwo begins two transactions that see one state, and says which.
func beginTwo(ctx context.Context, db *sql.DB) (one, other *sql.Tx, at int64, err error) {
	for {
		if one, err = db.BeginTx(ctx, nil); err != nil {
			return nil, nil, 0, err
		}
		if other, err = db.BeginTx(ctx, nil); err != nil {
			one.Rollback()
			return nil, nil, 0, err
		}
		var later int64
		if at, err = lastChange(ctx, one); err == nil {
			later, err = lastChange(ctx, other)
		}
		if err == nil && at == later {
			return one, other, at, nil
		}
		one.Rollback()
		other.Rollback()
		if err != nil {
			return nil, nil, 0, err
		}
	}
}

// meeting is where the two readers of all quotes meet: what lies between is not read yet.
type meeting struct {
	mu           sync.Mutex
	above, below int64
}

// half is what one of them read, under numbers of its own.
type half struct {
	chunks []*chunk
	dict   dictionary

	labels, words, themes, people, firms []uint32 // what they are in the dictionary of all
}

// readHalf reads upwards from the first quote, or downwards from the last.
func (r *columnReader) readHalf(ctx context.Context, tx *sql.Tx, m *meeting, down bool) (h half, err error) {
	order := ``
	if down {
		order = ` DESC`
	}
	for {
		m.mu.Lock()
		above, below := m.above, m.below
		m.mu.Unlock()
		rows, err := r.rows(ctx, tx, &h.dict, `seq >= ? AND seq < ? ORDER BY seq`+order+` LIMIT ?`, above, below, chunkRows)
		if err != nil || len(rows) == 0 {
			return h, err
		}
		if down {
			slices.Reverse(rows)
		}
		h.chunks = append(h.chunks, chunked(rows)...)
		m.mu.Lock()
		if down {
			m.below = min(m.below, rows[0].seq)
		} else {
			m.above = max(m.above, rows[len(rows)-1].seq+1)
		}
		met := m.above >= m.below
		m.mu.Unlock()
		if met || len(rows) < chunkRows {
			return h, nil
		}
	}
}

// take gives rows that were read under numbers of their own those of d.
func (d *dictionary) take(c *chunk, h *half) {
	h.labels = renumbered(h.labels, &h.dict.labels, &d.labels)
	h.words = renumbered(h.words, &h.dict.words, &d.words)
	h.themes = renumbered(h.themes, &h.dict.themes, &d.themes)
	h.people = renumbered(h.people, &h.dict.people, &d.people)
	h.firms = renumbered(h.firms, &h.dict.firms, &d.firms)
	for i := range c.seq {
		c.label[i], c.themes[i] = h.labels[c.label[i]], h.themes[c.themes[i]]
		c.person[i], c.firm[i] = h.people[c.person[i]], h.firms[c.firm[i]]
		c.speaker[i], c.firmAs[i] = h.words[c.speaker[i]], h.words[c.firmAs[i]]
	}
}

// renumbered goes on with the numbers in to of what from has.
func renumbered[T ownable[T]](known []uint32, from, to *interned[T]) []uint32 {
	for _, v := range from.list[len(known):] {
		known = append(known, to.number(v))
	}
	return known
}

// publish makes c the columns of now, with what its rows refer to.
func (r *columnReader) publish(c *columns) {
	for _, joined := range r.dict.labels.list[len(r.labels):] {
		r.labels = append(r.labels, splitLabels(joined))
	}
	for _, w := range r.dict.words.list[len(r.firmKey):] {
		r.firmKey = append(r.firmKey, r.firmKeys.number(word(tenor.FirmKey(string(w)))))
	}
	for _, id := range r.dict.people.list[len(r.voiceOf):] {
		r.voiceOf = append(r.voiceOf, voiceOf(id))
	}
	for _, a := range r.articles[len(r.outletOf):] {
		r.outletOf, r.sourceOf = append(r.outletOf, a.outlet), append(r.sourceOf, a.from)
	}
	c.articles, c.outletOf, c.outlets, c.origins = r.articles, r.outletOf, r.outlets.list, r.origins.list
	c.sourceOf, c.sources = r.sourceOf, r.sources.list
	c.labels, c.words, c.themes = r.labels, r.dict.words.list, r.dict.themes.list
	c.firmKeys, c.firmNames = r.firmKey, r.firmKeys.list
	c.people, c.firms, c.voiceOf = r.dict.people.list, r.dict.firms.list, r.voiceOf
	c.quotes = 0
	for _, one := range c.chunks {
		c.quotes += len(one.seq)
	}
	r.now = c
}

// readNames are the names of all people and firms that quotes have: those known, and the
// others read. None known: all are read.
func (r *columnReader) readNames(ctx context.Context, tx *sql.Tx, known *entityNames) (*entityNames, error) {
	names := *known
	if names.people == nil { // any may have another name
		var err error
		if names.outlets, err = readOutlets(ctx, tx); err != nil {
			return nil, err
		}
	}
	for _, of := range []struct {
		table string
		ids   []rowID
		list  *[]string
	}{{"people", r.dict.people.list, &names.people}, {"firms_shown", r.dict.firms.list, &names.firms}} {
		fresh := of.ids[len(*of.list):]
		if len(fresh) == 0 {
			continue
		}
		byID := make(map[rowID]string, len(fresh))
		err := many(ctx, tx, `SELECT concat(id, ' ', octet_length(name), ' ', name) AS one FROM `+of.table+
			` WHERE id IN (SELECT value FROM json_each(?))`, []any{jsonList(fresh)}, func(p *packed) {
			id, n := p.number(), p.number()
			byID[rowID(id)] = p.own(n)
		})
		if err != nil {
			return nil, err
		}
		for _, id := range fresh {
			*of.list = append(*of.list, byID[id])
		}
	}
	return &names, nil
}
