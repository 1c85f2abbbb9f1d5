package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"sync"

	"tenor"
)

// walk calls yield with the rows from lo up to below hi that p takes, latest first,
// until it says no. Words are not looked at.
func (c *columns) walk(p *picker, lo, hi int64, yield func(one *chunk, i int, place uint32) bool) {
	for i := len(c.chunks) - 1; i >= 0; i-- {
		one := c.chunks[i]
		if one.first() >= hi {
			continue
		}
		if one.last() < lo {
			return
		}
		from, to := 0, len(one.seq)
		if one.first() < lo {
			from, _ = slices.BinarySearch(one.seq, lo)
		}
		if one.last() >= hi {
			to, _ = slices.BinarySearch(one.seq, hi)
		}
		for j := to - 1; j >= from; j-- {
			if p.takes(one, j) && !yield(one, j, uint32(i<<placeBits|j)) {
				return
			}
		}
	}
}

// find is walk over rows with these seqs, which are in falling order.
func (c *columns) find(p *picker, seqs []int64, yield func(one *chunk, i int, place uint32) bool) {
	for i := len(c.chunks) - 1; i >= 0 && len(seqs) > 0; i-- {
		one := c.chunks[i]
		first := one.first()
		for j := len(one.seq); len(seqs) > 0 && seqs[0] >= first; seqs = seqs[1:] {
			seq := seqs[0]
			for steps := 0; j > 0 && one.seq[j-1] > seq; j-- {
				if steps++; steps > 8 { // matches are few: jump
					j, _ = slices.BinarySearch(one.seq[:j], seq+1)
					break
				}
			}
			if j > 0 && one.seq[j-1] == seq {
				j--
				if p.takes(one, j) && !yield(one, j, uint32(i<<placeBits|j)) {
					return
				}
			}
		}
	}
}

// each calls yield with every row that the picker chooses, latest first.
func (c *columns) each(ctx context.Context, tx *sql.Tx, p *picker, yield func(one *chunk, i int, place uint32) bool) error {
	seqs, err := c.matching(ctx, tx, p)
	if err == nil {
		c.eachOf(seqs, p, yield)
	}
	return err
}

// matching are the seqs in which the picker's words are found.
func (c *columns) matching(ctx context.Context, tx *sql.Tx, p *picker) ([]int64, error) {
	if p.none || p.match == "" {
		return nil, nil
	}
	return c.matches(ctx, tx, p.match)
}

// eachOf is each where the words of the picker are found in seqs.
func (c *columns) eachOf(seqs []int64, p *picker, yield func(one *chunk, i int, place uint32) bool) {
	switch {
	case p.none:
	case p.match == "":
		c.walk(p, p.from, p.to, yield)
	case !p.without:
		c.find(p, between(seqs, p.from, p.to), yield)
	default:
		c.walk(p, p.from, p.to, func(one *chunk, i int, place uint32) bool {
			for len(seqs) > 0 && seqs[0] > one.seq[i] {
				seqs = seqs[1:]
			}
			return len(seqs) > 0 && seqs[0] == one.seq[i] || yield(one, i, place)
		})
	}
}

// Matches are asked for in batches, so that the first page of a common word need not
// wait for all of them.
const (
	firstBatch  = 2000
	batchGrowth = 4
)

// page are the latest quotes below a cursor that the picker chooses, or the nearest above
// it, for which all above it are passed over.
func (c *columns) page(ctx context.Context, tx *sql.Tx, p *picker, at cursor, limit int) ([]place, error) {
	var seqs []int64
	if at.back {
		cut := *p
		cut.from = max(p.from, at.seq+1)
		last := 0 // the place of the one that came last in a ring
		err := c.each(ctx, tx, &cut, func(one *chunk, i int, _ uint32) bool {
			if len(seqs) < limit {
				seqs = append(seqs, one.seq[i])
			} else {
				seqs[last] = one.seq[i]
				last = (last + 1) % limit
			}
			return true
		})
		if err != nil {
			return nil, err
		}
		return quotesAt(ctx, tx, seqs)
	}
	take := func(one *chunk, i int, _ uint32) bool {
		seqs = append(seqs, one.seq[i])
		return len(seqs) < limit
	}
	hi := min(p.to, at.seq)
	if p.match == "" || p.without {
		cut := *p
		cut.to = hi
		if err := c.each(ctx, tx, &cut, take); err != nil {
			return nil, err
		}
	} else {
		for batch := firstBatch; ; batch *= batchGrowth {
			found, err := matches(ctx, tx, p.match, p.from, hi, batch)
			if err != nil {
				return nil, err
			}
			c.find(p, found, take)
			if len(seqs) == limit || len(found) < batch {
				break
			}
			hi = found[len(found)-1]
		}
	}
	return quotesAt(ctx, tx, seqs)
}

// quotesAt are the quotes of these seqs, newest first.
func quotesAt(ctx context.Context, tx *sql.Tx, seqs []int64) ([]place, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+recordColumns+` FROM quotes q CROSS JOIN articles a ON a.id = q.article_id
		WHERE q.seq IN (SELECT value FROM json_each(?)) ORDER BY q.seq DESC`, jsonList(seqs))
	places, err := collect(rows, err, scanRecord)
	if err == nil && len(places) != len(seqs) {
		err = fmt.Errorf("%d of %d quotes are not where the columns have them", len(seqs)-len(places), len(seqs))
	}
	return places, err
}

// everything is the tally of all quotes, counted once for each state of the store.
func (c *columns) everything(ctx context.Context, tx *sql.Tx) (tally, error) {
	c.found.mu.Lock()
	all, known := c.found.all, c.found.allAt == c.at && c.found.all.values != nil
	c.found.mu.Unlock()
	if known {
		return all, nil
	}
	all, err := c.tally(ctx, tx, &picker{to: math.MaxInt64}, tenor.Topics{})
	if err == nil {
		c.found.mu.Lock()
		c.found.all, c.found.allAt = all, c.at
		c.found.mu.Unlock()
	}
	return all, err
}

// counts are how many rows have each of what the columns number.
type counts struct {
	labels, themes, people, firms, outlets []int32
	days                                   []int32 // from columns.earliest on; the first: without a day
}

// count counts what the picker chooses where its words are found in seqs.
func (c *columns) count(seqs []int64, p *picker) counts {
	base, latest := c.earliest()-1, int64(0)
	if n := len(c.chunks); n > 0 {
		latest = c.chunks[n-1].last() >> seqBits
	}
	n := counts{
		make([]int32, len(c.labels)), make([]int32, len(c.themes)), make([]int32, len(c.people)),
		make([]int32, len(c.firms)), make([]int32, len(c.outlets)), make([]int32, max(latest-base, 0)+1),
	}
	c.eachOf(seqs, p, func(one *chunk, i int, _ uint32) bool {
		n.labels[one.label[i]]++
		n.themes[one.themes[i]]++
		n.people[one.person[i]]++
		n.firms[one.firm[i]]++
		n.outlets[c.outletOf[one.article[i]]]++
		n.days[max(one.seq[i]>>seqBits-base, 0)]++
		return true
	})
	return n
}

// earliest is the first day that a quote has, as seqs have days.
func (c *columns) earliest() int64 {
	for _, one := range c.chunks {
		if one.last() >= firstSeq {
			i, _ := slices.BinarySearch(one.seq, firstSeq)
			return one.seq[i] >> seqBits
		}
	}
	return 1
}

// add adds what was counted of other rows.
func (n *counts) add(o counts) {
	for _, of := range [][2][]int32{{n.labels, o.labels}, {n.themes, o.themes}, {n.people, o.people}, {n.firms, o.firms}, {n.outlets, o.outlets}, {n.days, o.days}} {
		for i, more := range of[1] {
			of[0][i] += more
		}
	}
}

// tally counts what the picker chooses, each half of the quotes on a processor.
func (c *columns) tally(ctx context.Context, tx *sql.Tx, p *picker, topics tenor.Topics) (tally, error) {
	t := newTally(topics)
	seqs, err := c.matching(ctx, tx, p)
	if err != nil {
		return t, err
	}
	var n counts
	if c.quotes < c.found.from {
		n = c.count(seqs, p)
	} else {
		early, late := *p, *p
		middle := c.chunks[len(c.chunks)/2].first()
		early.to, late.from = min(p.to, middle), max(p.from, middle)
		var other counts
		var done sync.WaitGroup
		done.Go(func() { other = c.count(seqs, &early) })
		n = c.count(seqs, &late)
		done.Wait()
		n.add(other)
	}
	combined := map[[2]string]int{}
	for i, n := range n.labels {
		if l := &c.labels[i]; n > 0 {
			combined[[2]string{"stance", l.stance}] += int(n)
			combined[[2]string{"subject", l.subject}] += int(n)
			combined[[2]string{"speaker_type", l.speakerType}] += int(n)
			combined[[2]string{"kind", l.kind}] += int(n)
		}
	}
	for of, n := range combined {
		t.add(of[0], of[1], n)
	}
	for i, n := range n.themes {
		if n > 0 {
			t.add("theme", string(c.themes[i]), int(n))
		}
	}
	t.addNames("analyst", n.people, c.names.people)
	t.addNames("firm", n.firms, c.names.firms)
	named := c.names.outlets.tally()
	for i, n := range n.outlets {
		if o := &c.outlets[i]; n > 0 {
			named.add(o.key, o.name, int(n))
		}
	}
	named.each(func(name string, n int) { t.add("outlet", name, n) })
	base := c.earliest() - 1
	for day, n := range n.days[1:] {
		if n > 0 {
			t.addDay((base+int64(day)+1)<<seqBits, int(n))
		}
	}
	return t, nil
}
