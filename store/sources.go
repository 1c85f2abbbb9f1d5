package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tenor"
)

// addSource makes sure that a source has a row; articles without one are imports.
func addSource(ctx context.Context, tx *sql.Tx, name string) error {
	if name == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO sources (name) VALUES (?)`, name)
	return err
}

// addSource makes the row of a source, unless it is known to be there.
func (b *batch) addSource(name string) error {
	if _, ok := b.known.sources[name]; ok {
		return nil
	}
	b.known.sources[name] = struct{}{}
	return addSource(b.ctx, b.tx, name)
}

// visited notes how a source fares when one of its own addresses has been asked
// for. A file that was imported can tell that its source is alive, but its failure is its
// own.
func visited(ctx context.Context, tx *sql.Tx, f tenor.Fetch, at int64) error {
	var err error
	switch {
	case f.Depth > 0 || f.State == tenor.Queued:
	case f.State == tenor.Done && f.Entry:
		_, err = tx.ExecContext(ctx, `UPDATE sources SET last_success = ?1, last_error = '', error_streak = 0,
				kind = ?2, first_success = coalesce(first_success, ?1), last_visit = ?1
			WHERE name = ?3`, at, string(f.Kind), f.Source)
	case f.State == tenor.Done && f.Kind == tenor.FetchFile:
		_, err = tx.ExecContext(ctx, `UPDATE sources SET last_success = ?1, last_error = '', error_streak = 0
			WHERE name = ?2`, at, f.Source)
	case f.State == tenor.Done: // a single page, which is asked for until it was taken
		_, err = tx.ExecContext(ctx, `UPDATE sources SET last_success = ?1, last_error = '', error_streak = 0, last_visit = ?1
			WHERE name = ?2`, at, f.Source)
	case f.Kind != tenor.FetchFile:
		_, err = tx.ExecContext(ctx, `UPDATE sources SET last_error = ?, error_streak = error_streak + 1, last_visit = ?
			WHERE name = ?`, f.Reason, at, f.Source)
	}
	return err
}

// LeftOut notes, when a crawl of a source has come to its end, which links it left
// out, in place of what the crawl before it had noted. Where lists were unchanged and so
// not read, what was noted of them stays.
func (s *Store) LeftOut(ctx context.Context, source string, reasons []tenor.ReasonCount, unchanged bool) error {
	err := s.txOfCrawl(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
		if err := addSource(ctx, tx, source); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sources SET noted = ? WHERE name = ?`, s.crawl.Load(), source); err != nil || unchanged {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM left_out WHERE source = ?`, source); err != nil {
			return err
		}
		for _, r := range reasons {
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO left_out (source, reason, count, example)
				VALUES (?, ?, ?, ?)`, source, r.Reason, r.Count, r.Example); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the links left out of %s: %w", source, err)
	}
	return nil
}

// Sources says how every source fares, by name.
func (s *Store) Sources(ctx context.Context) ([]tenor.SourceHealth, error) {
	list, err := s.sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return list, nil
}

func (s *Store) sources(ctx context.Context) ([]tenor.SourceHealth, error) {
	tx, columns, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, `SELECT name, kind, coalesce(first_success, 0), coalesce(last_success, 0), last_error, error_streak,
			coalesce(last_visit, 0), coalesce(next_visit, 0), visit_interval
		FROM sources ORDER BY name`)
	list, err := collect(rows, err, func(r *sql.Rows, h *tenor.SourceHealth) error {
		var first, success int64
		var at visitTimes
		err := r.Scan(&h.Name, &h.Kind, &first, &success, &h.LastError, &h.ErrorStreak, &at.last, &at.next, &at.interval)
		h.FirstSuccess, h.LastSuccess, h.Schedule = instant(first), instant(success), at.schedule()
		h.LastError = ownReason(h.Name, h.LastError)
		return err
	})
	if err != nil {
		return nil, err
	}
	byName := map[string]*tenor.SourceHealth{}
	for i := range list {
		byName[list[i].Name] = &list[i]
	}
	days := sourceDays
	if columns != nil {
		days = columns.sourceDays
	}
	if err := days(ctx, tx, byName); err != nil {
		return nil, err
	}
	if err := fetched(ctx, tx, byName); err != nil {
		return nil, err
	}
	return list, nil
}

// fetched counts the addresses of each source by state, and the reasons that some have.
func fetched(ctx context.Context, tx *sql.Tx, byName map[string]*tenor.SourceHealth) error {
	type count struct {
		source string
		tenor.ReasonCount
	}
	scan := func(r *sql.Rows, c *count) error { return r.Scan(&c.source, &c.State, &c.Reason, &c.Count, &c.Example) }
	// Most addresses are done and there is nothing to say of them.
	rows, err := tx.QueryContext(ctx, `SELECT source, state, '', count(*), '' FROM fetches GROUP BY source, state
		UNION ALL SELECT source, 'skipped', '', sum(count), '' FROM left_out GROUP BY source`)
	states, err := collect(rows, err, scan)
	if err != nil {
		return err
	}
	for _, c := range states {
		h := byName[c.source]
		if h == nil { // an address without a source
			continue
		}
		switch c.State {
		case tenor.Queued, tenor.Leased:
			h.Queued += c.Count
		case tenor.Done:
			h.Done += c.Count
		case tenor.Skipped:
			h.Skipped += c.Count
		case tenor.Failed:
			h.Failed += c.Count
		}
	}
	// As of a host that asked to be left alone, what waits has a reason, too.
	rows, err = tx.QueryContext(ctx, `SELECT source, state, reason, count(*) AS n, min(url) FROM fetches
			WHERE reason <> '' OR state IN ('skipped', 'failed') GROUP BY source, state, reason
		UNION ALL SELECT source, 'skipped', reason, count, example FROM left_out
		ORDER BY source, state, n DESC, reason`)
	reasons, err := collect(rows, err, scan)
	for _, c := range reasons {
		h := byName[c.source]
		if h == nil {
			continue
		}
		if c.Reason = ownReason(h.Name, c.Reason); c.Reason != "" || c.State == tenor.Skipped || c.State == tenor.Failed {
			h.Reasons = append(h.Reasons, c.ReasonCount)
		}
	}
	return err
}

// ownReason is a reason without the name of the source, which a crawl of many says with it.
func ownReason(source, reason string) string {
	return strings.TrimPrefix(reason, "source "+source+": ")
}

// sourceDays counts what came from each source, by day.
func sourceDays(ctx context.Context, tx *sql.Tx, byName map[string]*tenor.SourceHealth) error {
	type day struct {
		source, text string
		tenor.SourceDay
	}
	rows, err := tx.QueryContext(ctx, `SELECT source, day, count(*), sum((SELECT count(*) FROM quotes WHERE article_id = articles.id))
		FROM articles WHERE source <> '' GROUP BY source, day`)
	days, err := collect(rows, err, func(r *sql.Rows, d *day) error {
		return r.Scan(&d.source, &d.text, &d.Articles, &d.Quotes)
	})
	if err != nil {
		return err
	}
	for _, d := range days {
		h := byName[d.source]
		if h == nil {
			continue
		}
		h.Articles += d.Articles
		h.Quotes += d.Quotes
		if d.Day, err = tenor.ParseDay(d.text); err != nil {
			return fmt.Errorf("source %s: %w", d.source, err)
		}
		h.Days = append(h.Days, d.SourceDay)
	}
	return nil
}

// sourceDays is the same, with the articles as source_days has them and the quotes counted in
// memory.
func (c *columns) sourceDays(ctx context.Context, tx *sql.Tx, byName map[string]*tenor.SourceHealth) error {
	quotes := make([]int, len(c.sources))
	for _, one := range c.chunks {
		for _, article := range one.article {
			quotes[c.sourceOf[article]]++
		}
	}
	number := make(map[sourceDay]int, len(c.sources))
	for i, d := range c.sources {
		number[d] = i
	}
	var wrong error
	err := many(ctx, tx, `SELECT concat(articles, ' ', octet_length(source), ' ', octet_length(day), ' ', source, day) AS one FROM source_days ORDER BY source, day`, nil, func(p *packed) {
		articles := p.number()
		var text [2]string
		p.texts(text[:])
		h := byName[text[0]]
		if h == nil || wrong != nil {
			return
		}
		day, err := tenor.ParseDay(text[1])
		if err != nil {
			wrong = fmt.Errorf("source %s: %w", h.Name, err)
			return
		}
		d := tenor.SourceDay{Day: day, Articles: int(articles)}
		if i, ok := number[sourceDay{text[0], text[1]}]; ok {
			d.Quotes = quotes[i]
		}
		h.Articles += d.Articles
		h.Quotes += d.Quotes
		h.Days = append(h.Days, d)
	})
	return cmp.Or(err, wrong)
}

// Totals says how much the store holds.
func (s *Store) Totals(ctx context.Context) (tenor.Totals, error) {
	t, err := s.totals(ctx)
	if err != nil {
		return tenor.Totals{}, fmt.Errorf("count what is stored: %w", err)
	}
	return t, nil
}

func (s *Store) totals(ctx context.Context) (t tenor.Totals, err error) {
	tx, c, err := s.begin(ctx)
	if err != nil {
		return t, err
	}
	defer tx.Rollback()
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM articles),
			(SELECT count(*) FROM people WHERE institution = 0 AND (kept = 0 AND id NOT IN (SELECT person_id FROM past_quotes WHERE person_id IS NOT NULL)
				OR EXISTS (SELECT 1 FROM quotes WHERE person_id = people.id))),
			(SELECT count(DISTINCT main) FROM firms_shown firms WHERE id NOT IN (SELECT firm_id FROM past_quotes WHERE firm_id IS NOT NULL)
				OR EXISTS (SELECT 1 FROM quotes WHERE firm_id = firms.id)),
			(SELECT count(*) FROM quotes WHERE seq < ?)`, firstSeq).
		Scan(&t.Articles, &t.People, &t.Firms, &t.Undated); err != nil {
		return t, err
	}
	if c == nil {
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM quotes`).Scan(&t.Quotes)
		return t, err
	}
	t.Quotes = c.quotes
	return t, nil
}

// Values are the values of the filter "analyst", "firm" or "outlet" that quotes
// have, those with most first; limit 0 means all.
func (s *Store) Values(ctx context.Context, name string, limit int) ([]string, error) {
	var query string
	switch name {
	case "analyst":
		query = `SELECT p.name FROM quotes q JOIN people p ON p.id = q.person_id GROUP BY p.name ORDER BY count(*) DESC, p.name LIMIT ?`
	case "firm":
		query = `SELECT f.name FROM quotes q JOIN firms_shown f ON f.id = q.firm_id GROUP BY f.main ORDER BY count(*) DESC, f.name LIMIT ?`
	case "outlet":
		query = `SELECT coalesce(n.name, max(iif(j.main IS NULL, a.outlet, NULL)), max(a.outlet)) FROM articles a JOIN quotes q ON q.article_id = a.id
			LEFT JOIN joined j ON j.kind = 'outlet' AND j.key = a.outlet_key
			LEFT JOIN joined_named n ON n.kind = 'outlet' AND n.main = coalesce(j.main, a.outlet_key)
			WHERE a.outlet <> '' GROUP BY coalesce(j.main, a.outlet_key) ORDER BY count(*) DESC, 1 LIMIT ?`
	default:
		return nil, &tenor.ValueError{Name: "values", Value: name, Allowed: []string{"analyst", "firm", "outlet"}}
	}
	tx, c, err := s.begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", name, err)
	}
	defer tx.Rollback()
	if c != nil {
		t, err := c.everything(ctx, tx)
		if err != nil {
			return nil, fmt.Errorf("values of %s: %w", name, err)
		}
		var values []string
		for _, v := range t.ordered(name) {
			if limit <= 0 || len(values) < limit {
				values = append(values, v.Value)
			}
		}
		return values, nil
	}
	if limit <= 0 {
		limit = -1
	}
	rows, err := tx.QueryContext(ctx, query, limit)
	values, err := collect(rows, err, func(r *sql.Rows, v *string) error { return r.Scan(v) })
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", name, err)
	}
	return values, nil
}
