package store

import (
	"cmp"
	"context"
	"database/sql"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"tenor"
)

// touchedQuote is a quote that came, went or changed: what may fold otherwise now.
type touchedQuote struct {
	voice
	seq     int64
	cluster string // that it was in; empty for a new one
}

// voice is whoever speaks. Where nobody is named only equal words are copies.
type voice struct {
	person  sql.NullInt64
	copyKey string
}

// refold finds the copies anew where quotes were touched: among those that the same
// person said within days of them. What is read does not grow with the store. It
// comes out as if the person's whole life were folded at once (tenor.FoldVoice), so
// that clusters do not depend on the order in which articles were collected: an
// earlier report that arrives late takes over.
func refold(ctx context.Context, tx *sql.Tx, touched []touchedQuote) error {
	days := map[voice][2]tenor.Day{} // first and last touched
	words := map[voice]bool{}        // that may have quotes without a day
	changed := map[string]bool{}     // clusters
	for _, q := range touched {
		words[q.voice] = true
		if q.cluster != "" {
			changed[q.cluster] = true
		}
		if q.seq < firstSeq {
			continue
		}
		who := q.voice
		if who.person.Valid {
			who.copyKey = ""
		}
		d := seqDay(q.seq)
		if was, ok := days[who]; ok {
			days[who] = [2]tenor.Day{min(was[0], d), max(was[1], d)}
		} else {
			days[who] = [2]tenor.Day{d, d}
		}
	}
	var together []*voiceSpan
	for who, span := range days {
		v := &voiceSpan{who: who, first: span[0], last: span[1]}
		if err := v.read(ctx, tx, v.first-tenor.CopyDays); err != nil {
			return err
		}
		if !v.settled() {
			together = append(together, v)
		}
	}
	foldAll(together)
	for _, v := range together {
		moved, err := v.save(ctx, tx, changed)
		if err != nil {
			return err
		}
		for _, key := range moved {
			words[voice{v.who.person, key}] = true
		}
	}
	if err := refoldUndated(ctx, tx, words, changed); err != nil || len(changed) == 0 {
		return err
	}
	for cluster := range changed {
		if err := countCopies(ctx, tx, cluster); err != nil {
			return err
		}
	}
	return nil
}

// countCopies writes to each report of a cluster how many there are. As one statement it
// took SQLite a millisecond to find them.
func countCopies(ctx context.Context, tx *sql.Tx, cluster string) error {
	type report struct{ seq, copies int64 }
	rows, err := tx.QueryContext(ctx, inCluster, cluster)
	reports, err := collect(rows, err, func(rows *sql.Rows, r *report) error { return rows.Scan(&r.seq, &r.copies) })
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.copies == int64(len(reports)) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE quotes SET copies = ? WHERE seq = ?`, len(reports), r.seq); err != nil {
			return err
		}
	}
	return nil
}

// inCluster are the reports of the cluster ?1. The first one, which names it, is not in
// the index of the others: nearly all are alone.
const inCluster = `SELECT seq, copies FROM quotes WHERE id = ?1 AND copy_of IS NULL
	UNION ALL SELECT seq, copies FROM quotes INDEXED BY quotes_by_cluster WHERE copy_of = ?1`

// refoldPeople folds all that some people ever said, as is needed when quotes went
// from one to another.
func refoldPeople(ctx context.Context, tx *sql.Tx, people []int64) error {
	rows, err := tx.QueryContext(ctx, `SELECT person_id, text, seq, cluster_id FROM quotes
		WHERE person_id IN (SELECT value FROM json_each(?))`, jsonList(people))
	touched, err := collect(rows, err, scanTouched)
	if err != nil {
		return err
	}
	return refold(ctx, tx, touched)
}

// scanTouched reads person_id, text, seq and cluster_id.
func scanTouched(rows *sql.Rows, q *touchedQuote) error {
	var text string
	err := rows.Scan(&q.person, &text, &q.seq, &q.cluster)
	q.copyKey = tenor.CopyKeyOf(text)
	return err
}

// folded is a stored quote as it is folded.
type folded struct {
	tenor.Report
	seq int64
	was string // its cluster
}

// voiceSpan is what a person said on the touched days, and a week before and after.
// Reports of the week before are settled: they may have been copied from.
type voiceSpan struct {
	who         voice
	first, last tenor.Day // touched
	list        []folded
}

// read adds what was said from a day to a week after the last touched.
func (v *voiceSpan) read(ctx context.Context, tx *sql.Tx, from tenor.Day) error {
	more, err := readVoice(ctx, tx, v.who, from, v.last+tenor.CopyDays)
	v.list = append(v.list, more...)
	return err
}

// settled: a report alone, and its own cluster. Nearly all are.
func (v *voiceSpan) settled() bool {
	return len(v.list) == 0 || len(v.list) == 1 && v.list[0].was == v.list[0].ID
}

func (v *voiceSpan) fold() {
	reports := make([]*tenor.Report, len(v.list))
	for i := range v.list {
		r := &v.list[i]
		r.Settled, r.Cluster = r.Day < v.first, r.was
		reports[i] = &r.Report
	}
	tenor.FoldVoice(reports)
}

// foldAll folds each on its own, on all processors: comparing words takes as long as
// reading them.
func foldAll(list []*voiceSpan) {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
			list[i].fold()
		}
	}
	var others sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

// save writes what was folded, goes on for as long as first reports come or go, and
// gives the copy keys of quotes that changed.
func (v *voiceSpan) save(ctx context.Context, tx *sql.Tx, changed map[string]bool) ([]string, error) {
	for {
		end := v.last
		for i := range v.list {
			if r := &v.list[i]; (r.was == r.ID) != (r.Cluster == r.ID) {
				end = max(end, r.Day)
			}
		}
		if end == v.last {
			break
		}
		from := v.last + tenor.CopyDays + 1
		v.last = end
		if err := v.read(ctx, tx, from); err != nil {
			return nil, err
		}
		v.fold()
	}
	var keys []string
	for i := range v.list {
		r := &v.list[i]
		if r.Cluster == r.was {
			continue
		}
		changed[r.was], changed[r.Cluster] = true, true
		keys = append(keys, tenor.CopyKeyOf(r.Text))
		if _, err := tx.ExecContext(ctx, `UPDATE quotes SET copy_of = nullif(?, id) WHERE seq = ?`, r.Cluster, r.seq); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// readVoice are the quotes of a person, or with these words where nobody is named,
// from a day to another.
func readVoice(ctx context.Context, tx *sql.Tx, who voice, from, to tenor.Day) ([]folded, error) {
	by, key := `quotes_by_person WHERE person_id = ?3`, any(who.person.Int64)
	if !who.person.Valid {
		by, key = `quotes_by_nobody WHERE copy_key = ?3 AND person_id IS NULL`, who.copyKey
	}
	rows, err := tx.QueryContext(ctx, `SELECT seq, id, article_id, speaker, firm, text, cluster_id
		FROM quotes INDEXED BY `+by+` AND seq >= ?1 AND seq < ?2`, daySeq(from), daySeq(to+1), key)
	return collect(rows, err, func(rows *sql.Rows, r *folded) error {
		var article int64
		err := rows.Scan(&r.seq, &r.ID, &article, &r.Speaker, &r.Firm, &r.Text, &r.was)
		r.Article, r.Day, r.Dated = strconv.FormatInt(article, 10), seqDay(r.seq), true
		return err
	})
}

// refoldUndated puts quotes without a day into the cluster of the earliest of the
// same voice and words that has one, or into one of their own.
func refoldUndated(ctx context.Context, tx *sql.Tx, words map[voice]bool, changed map[string]bool) error {
	var keys []string
	for who := range words {
		keys = append(keys, who.copyKey)
	}
	type quote struct {
		voice
		seq         int64
		id, cluster string
	}
	rows, err := tx.QueryContext(ctx, `SELECT person_id, copy_key, seq, id, cluster_id FROM quotes INDEXED BY quotes_undated
		WHERE copy_key IN (SELECT value FROM json_each(?)) AND seq < 16777216 ORDER BY id`, jsonList(keys)) // firstSeq, as the index has it
	list, err := collect(rows, err, func(rows *sql.Rows, q *quote) error {
		return rows.Scan(&q.person, &q.copyKey, &q.seq, &q.id, &q.cluster)
	})
	if err != nil {
		return err
	}
	first := map[voice]string{}
	for _, q := range list {
		if !words[q.voice] {
			continue
		}
		cluster, ok := first[q.voice]
		if !ok {
			var err error
			if cluster, err = earliestDated(ctx, tx, q.voice); err != nil {
				return err
			}
			cluster = cmp.Or(cluster, q.id)
			first[q.voice] = cluster
		}
		changed[q.cluster], changed[cluster] = true, true
		if q.cluster == cluster {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE quotes SET copy_of = nullif(?, id) WHERE seq = ?`, cluster, q.seq); err != nil {
			return err
		}
	}
	return nil
}

// earliestDated is the cluster of the earliest quote with a day of a voice and its words,
// or empty. Of a person all quotes are read: those without a day are few.
func earliestDated(ctx context.Context, tx *sql.Tx, who voice) (string, error) {
	by, key := `quotes_by_person WHERE person_id = ?2`, any(who.person.Int64)
	if !who.person.Valid {
		by, key = `quotes_by_nobody WHERE copy_key = ?2 AND person_id IS NULL`, who.copyKey
	}
	rows, err := tx.QueryContext(ctx, `SELECT cluster_id, text FROM quotes INDEXED BY `+by+` AND seq >= ?1 ORDER BY seq >> ?3, id`, firstSeq, key, seqBits)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var cluster, text string
		if err := rows.Scan(&cluster, &text); err != nil {
			return "", err
		}
		if tenor.CopyKeyOf(text) == who.copyKey {
			return cluster, nil
		}
	}
	return "", rows.Err()
}
