package store

import (
	"context"
	"database/sql"
	"slices"

	"tenor"
)

// batch is what the articles of one transaction have in common, and leave to its end:
// who is who, which copies fold, and the full-text index. That comes out the same as after
// each article. It costs less, for a voice or a name that several articles have is looked
// at once; and the index comes last, for FTS5 writes out what it holds whenever a
// statement after it may fail halfway.
type batch struct {
	ctx   context.Context
	tx    *sql.Tx
	known *nameMemory

	next      map[int64]int64    // free seqs, by the least seq of the day
	unindexed map[int64]struct{} // articles whose quotes are not in the index
	labelled  *bool              // whether there are labels and removed quotes at all
	forgotten *bool              // whether anything was taken down

	touched       []touchedQuote
	seen          seen
	changed       changedNames
	people, firms []int64 // that lost a quote
}

// newBatch begins a batch. known is nil where nothing is known.
func newBatch(ctx context.Context, tx *sql.Tx, k *nameMemory) *batch {
	if k == nil {
		k = newNameMemory()
	}
	return &batch{ctx: ctx, tx: tx, known: k, next: map[int64]int64{}, unindexed: map[int64]struct{}{}, seen: newSeen(), changed: newChangedNames()}
}

// alone runs fn as a batch in a transaction that does other things too.
func alone(ctx context.Context, tx *sql.Tx, fn func(b *batch) error) error {
	b := newBatch(ctx, tx, nil)
	if err := fn(b); err != nil {
		return err
	}
	return b.finish()
}

// finish settles what was left for later.
func (b *batch) finish() error {
	if err := saveSightings(b.ctx, b.tx, b.known, b.seen, &b.changed); err != nil {
		return err
	}
	if err := pruneFirms(b.ctx, b.tx, b.firms, &b.changed); err != nil {
		return err
	}
	m, err := settleChanged(b.ctx, b.tx, b.known, b.changed)
	if err != nil {
		return err
	}
	b.people = append(b.people, m.people...)
	if len(b.people)+len(b.firms)+len(b.seen.gone) > 0 {
		b.known.forget()
	}
	if err := prunePeople(b.ctx, b.tx, b.people); err != nil {
		return err
	}
	if err := refold(b.ctx, b.tx, append(b.touched, m.quotes...)); err != nil {
		return err
	}
	return b.index()
}

// nextSeq is a seq of the day that no quote has.
func (b *batch) nextSeq(day int64) (int64, error) {
	end := day + 1<<seqBits
	next, ok := b.next[day]
	if !ok {
		var last sql.NullInt64
		if err := b.tx.QueryRowContext(b.ctx, `SELECT max(seq) FROM quotes WHERE seq >= ? AND seq < ?`, day, end).Scan(&last); err != nil {
			return 0, err
		}
		next = max(day, last.Int64) + 1
	}
	if next >= end {
		return 0, errFullDay
	}
	b.next[day] = next + 1
	return next, nil
}

// unindex takes an article's quotes out of the full-text index. It must run while the
// rows are as they were indexed: title, text, speaker, firm, seq.
func (b *batch) unindex(article int64) error {
	if _, ok := b.unindexed[article]; ok {
		return nil
	}
	b.unindexed[article] = struct{}{}
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO quotes_fts (quotes_fts, rowid, quote, speaker, firm, title)
		SELECT 'delete', t.seq, t.quote, t.speaker, t.firm, t.title
		FROM quotes q JOIN quotes_text t ON t.seq = q.seq WHERE q.article_id = ?`, article)
	return err
}

// index puts the quotes of the batch's articles into the full-text index, by day: FTS5
// writes out what it holds whenever a rowid is less than the one before.
func (b *batch) index() error {
	articles := make([]int64, 0, len(b.unindexed))
	for id := range b.unindexed {
		articles = append(articles, id)
	}
	slices.Sort(articles)
	_, err := b.tx.ExecContext(b.ctx, `INSERT INTO quotes_fts (rowid, quote, speaker, firm, title)
		SELECT t.seq, t.quote, t.speaker, t.firm, t.title
		FROM quotes q JOIN quotes_text t ON t.seq = q.seq
		WHERE q.article_id IN (SELECT value FROM json_each(?)) ORDER BY q.seq`, jsonList(articles))
	return err
}

// exists asks once for the batch whether a query gives anything.
func (b *batch) exists(answer **bool, query string) (bool, error) {
	if *answer == nil {
		var yes bool
		if err := b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (`+query+`)`).Scan(&yes); err != nil {
			return false, err
		}
		*answer = &yes
	}
	return **answer, nil
}

// refuseForgotten refuses what was taken down.
func (b *batch) refuseForgotten(a *tenor.Article, page *tenor.Page) error {
	if any, err := b.exists(&b.forgotten, `SELECT 1 FROM forgotten`); err != nil || !any {
		return err
	}
	return refuseForgotten(b.ctx, b.tx, a, page)
}
