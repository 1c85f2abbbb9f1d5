package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenor"
)

// Holding says what Forget would remove.
func (s *Store) Holding(ctx context.Context, t tenor.Takedown) (tenor.Holding, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return tenor.Holding{}, err
	}
	defer tx.Rollback()
	articles, err := doomed(ctx, tx, t)
	if err != nil {
		return tenor.Holding{}, fmt.Errorf("look up %s: %w", takenName(t), err)
	}
	return holding(ctx, tx, articles)
}

// Forget removes articles with all that was read from them (quotes, versions, pages,
// people's labels, what feeds said of them) and notes their addresses, so that neither
// a crawl nor an import takes them again. What is not here yet can be forbidden too.
// The old bytes are gone from the file when Scrub has run.
func (s *Store) Forget(ctx context.Context, t tenor.Takedown) (h tenor.Holding, err error) {
	err = s.tx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `PRAGMA secure_delete = ON`); err != nil {
			return err
		}
		articles, err := doomed(ctx, tx, t)
		if err != nil {
			return err
		}
		if h, err = holding(ctx, tx, articles); err != nil {
			return err
		}
		// Before it is gone: an outlet is one under all its names.
		rows, err := tx.QueryContext(ctx, outletsNamed, jsonList([]string{tenor.OutletKey(t.Outlet)}))
		outlets, err := collect(rows, err, scanText)
		if err != nil {
			return err
		}
		f := forgetter{ctx: ctx, tx: tx, name: takenName(t), reason: t.Reason, at: s.now()}
		for i := range articles {
			if t.Outlet == "" { // a number would name nothing when the article is gone
				f.name = strings.TrimPrefix(articles[i].Key(), "file:")
			}
			if err := f.article(&articles[i]); err != nil {
				return fmt.Errorf("article %d: %w", articles[i].ID, err)
			}
		}
		if t.Outlet != "" {
			for _, key := range outlets {
				if err := f.note("outlet", key); err != nil {
					return err
				}
			}
			return nil
		}
		if len(articles) == 0 && isAddress(t.Article) {
			return f.address(t.Article)
		}
		return nil
	})
	if err != nil {
		return h, fmt.Errorf("forget %s: %w", takenName(t), err)
	}
	if err := dropKept(s.path); err != nil {
		return h, fmt.Errorf("forget %s: %w", takenName(t), err)
	}
	return h, nil
}

func takenName(t tenor.Takedown) string {
	if t.Outlet != "" {
		return t.Outlet
	}
	return strings.TrimSpace(t.Article)
}

// doomed are the articles that a takedown means.
func doomed(ctx context.Context, tx *sql.Tx, t tenor.Takedown) ([]tenor.Article, error) {
	where, arg := `outlet_key IN (`+outletsNamed+`)`, any(jsonList([]string{tenor.OutletKey(t.Outlet)}))
	switch {
	case t.Outlet != "" && tenor.OutletKey(t.Outlet) == "":
		return nil, fmt.Errorf("outlet %q has no letter or digit (%w)", t.Outlet, tenor.ErrUsage)
	case t.Outlet == "":
		id, err := findArticle(ctx, tx, t.Article)
		if errors.Is(err, tenor.ErrNotFound) {
			var before bool
			e := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM forgotten WHERE name = ?)`, strings.TrimSpace(t.Article)).Scan(&before)
			if before || e == nil && isAddress(t.Article) {
				return nil, nil
			}
		}
		if err != nil {
			return nil, err
		}
		where, arg = `id = ?`, id
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE `+where+` ORDER BY id`, arg)
	return collect(rows, err, func(r *sql.Rows, a *tenor.Article) (err error) {
		*a, err = scanArticle(r)
		a.Text = "" // not needed, and an outlet may have many
		return err
	})
}

// isAddress reports whether something that is not in the store can still be forbidden.
func isAddress(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

func holding(ctx context.Context, tx *sql.Tx, articles []tenor.Article) (h tenor.Holding, err error) {
	ids := make([]int64, len(articles))
	for i := range articles {
		ids[i] = articles[i].ID
	}
	if h.Articles = len(ids); h.Articles == 1 {
		h.Title = articles[0].Title
	}
	const these = ` WHERE article_id IN (SELECT value FROM json_each(?1))`
	err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM quotes`+these+`), (SELECT count(*) FROM versions`+these+`),
		(SELECT count(*) FROM pages`+these+`)`, jsonList(ids)).Scan(&h.Quotes, &h.Versions, &h.Pages)
	return h, err
}

// forgetter removes articles in one transaction.
type forgetter struct {
	ctx    context.Context
	tx     *sql.Tx
	name   string // by which it can be taken back
	reason string
	at     time.Time
}

func (f *forgetter) exec(query string, args ...any) error {
	_, err := f.tx.ExecContext(f.ctx, query, args...)
	return err
}

func (f *forgetter) article(a *tenor.Article) error {
	type voice struct{ person, firm sql.NullInt64 }
	rows, err := f.tx.QueryContext(f.ctx, `SELECT person_id, firm_id FROM quotes WHERE article_id = ?1
		UNION SELECT person_id, firm_id FROM past_quotes WHERE article_id = ?1`, a.ID)
	voices, err := collect(rows, err, func(r *sql.Rows, v *voice) error { return r.Scan(&v.person, &v.firm) })
	if err != nil {
		return err
	}
	rows, err = f.tx.QueryContext(f.ctx, `SELECT url FROM pages WHERE article_id = ?`, a.ID)
	addresses, err := collect(rows, err, func(r *sql.Rows, s *string) error { return r.Scan(s) })
	if err != nil {
		return err
	}
	if err := f.exec(`DELETE FROM labels WHERE quote_id IN (SELECT id FROM quotes WHERE article_id = ?1
		UNION SELECT id FROM removed_quotes WHERE article_id = ?1
		UNION SELECT id FROM past_quotes WHERE article_id = ?1
		UNION SELECT q.value ->> '$[0]' FROM versions, json_each(versions.quotes) q WHERE article_id = ?1)`, a.ID); err != nil {
		return err
	}
	// Without quotes, as every save does it: copies elsewhere are folded anew.
	if err := alone(f.ctx, f.tx, func(b *batch) error {
		if err := b.unindex(a.ID); err != nil {
			return err
		}
		return b.saveQuotes(a.ID, false, a, readyQuotes{}, "", f.at, nil)
	}); err != nil {
		return err
	}
	if err := f.exec(`UPDATE fetches SET title = '' WHERE title <> '' AND (title = ?2
		OR title IN (SELECT title FROM versions WHERE article_id = ?1))`, a.ID, a.Title); err != nil {
		return err
	}
	// By name, not by cascade: the triggers that keep the index run for these only.
	for _, table := range []string{"past_quotes", "versions", "pages"} {
		if err := f.exec(`DELETE FROM `+table+` WHERE article_id = ?`, a.ID); err != nil {
			return err
		}
	}
	if err := f.exec(`DELETE FROM articles WHERE id = ?`, a.ID); err != nil {
		return err
	}
	var people, firms []int64
	for _, v := range voices {
		if v.person.Valid {
			people = append(people, v.person.Int64)
		}
		if v.firm.Valid {
			firms = append(firms, v.firm.Int64)
		}
	}
	if err := f.prune(people, firms); err != nil {
		return err
	}
	if err := missOutlet(f.ctx, f.tx, tenor.OutletKey(a.Outlet)); err != nil {
		return err
	}
	if err := f.spellings(people, firms); err != nil {
		return err
	}
	addresses = append(addresses, a.Key(), a.URL)
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		if err := f.address(address); err != nil {
			return err
		}
	}
	return nil
}

// prune drops people and firms of whom nothing is left, and what follows for others.
func (f *forgetter) prune(people, firms []int64) error {
	if err := prunePeople(f.ctx, f.tx, people); err != nil {
		return err
	}
	changed := newChangedNames()
	if err := pruneFirms(f.ctx, f.tx, firms, &changed); err != nil {
		return err
	}
	m, err := settleChanged(f.ctx, f.tx, newBatch(f.ctx, f.tx, nil).known, changed)
	if err != nil {
		return err
	}
	if err := prunePeople(f.ctx, f.tx, m.people); err != nil {
		return err
	}
	if err := refold(f.ctx, f.tx, m.quotes); err != nil {
		return err
	}
	return f.ledger(people)
}

// ledger takes the names of people of whom nothing is left out of the ledger: who decided
// and when stays. Where an entry is of others too it stays whole, for it can be undone.
func (f *forgetter) ledger(people []int64) error {
	const gone = `NOT EXISTS (SELECT 1 FROM json_each(l.people) p WHERE EXISTS (SELECT 1 FROM quotes WHERE person_id = p.value)
			OR EXISTS (SELECT 1 FROM past_quotes WHERE person_id = p.value))`
	rows, err := f.tx.QueryContext(f.ctx, `SELECT id, people FROM people_ledger l
		WHERE EXISTS (SELECT 1 FROM json_each(l.people) WHERE value IN (SELECT value FROM json_each(?))) AND `+gone, jsonList(people))
	type entry struct {
		id     int64
		people string
	}
	list, err := collect(rows, err, func(r *sql.Rows, e *entry) error { return r.Scan(&e.id, &e.people) })
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := f.exec(`UPDATE people_ledger SET what = 'people of whom all was taken down', why = '', people = '[]',
			before = '{"keys":[],"fixed":[],"names":[],"given":{}}' WHERE id = ?`, e.id); err != nil {
			return err
		}
		if err := f.exec(`DELETE FROM people_fixed WHERE person_id IN (SELECT value FROM json_each(?))`, e.people); err != nil {
			return err
		}
	}
	for _, e := range list { // unless another entry names them
		if err := f.exec(`DELETE FROM people WHERE id IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM quotes WHERE person_id = people.id) AND NOT EXISTS (SELECT 1 FROM past_quotes WHERE person_id = people.id)
			AND NOT EXISTS (SELECT 1 FROM people_ledger l, json_each(l.people) p WHERE p.value = people.id)`, e.people); err != nil {
			return err
		}
	}
	return nil
}

// spellings drops what only a removed article called the people and firms of whom
// others speak.
func (f *forgetter) spellings(people, firms []int64) error {
	const spoken = `SELECT speaker FROM quotes WHERE person_id = p UNION SELECT speaker FROM past_quotes WHERE person_id = p`
	if err := f.exec(`DELETE FROM aliases WHERE person_id IN (SELECT value FROM json_each(?)) AND spelling NOT IN (`+
		strings.ReplaceAll(spoken, "= p", "= aliases.person_id")+`)`, jsonList(people)); err != nil {
		return err
	}
	if err := f.exec(`UPDATE people SET name = coalesce((SELECT spelling FROM aliases WHERE person_id = people.id
		ORDER BY length(CAST(spelling AS BLOB)) DESC, spelling DESC LIMIT 1), name) WHERE id IN (SELECT value FROM json_each(?))`, jsonList(people)); err != nil {
		return err
	}
	return f.exec(`UPDATE firms SET name = coalesce((SELECT iif(firm = '', speaker, firm) AS named FROM (
			SELECT firm, speaker FROM quotes WHERE firm_id = firms.id UNION SELECT firm, speaker FROM past_quotes WHERE firm_id = firms.id)
		ORDER BY length(CAST(named AS BLOB)), named DESC LIMIT 1), name) WHERE id IN (SELECT value FROM json_each(?))`, jsonList(firms))
}

// address notes an address, and what became of it.
func (f *forgetter) address(address string) error {
	if address = strings.TrimSpace(address); address == "" {
		return nil
	}
	reason := fmt.Sprintf("taken down on %s", f.at.In(tenor.Market).Format(time.DateOnly))
	if f.reason != "" {
		reason += ": " + f.reason
	}
	if err := f.exec(`INSERT INTO fetches (url, source, kind, depth, entry, state, reason) VALUES (?, '', 'page', 1, 0, 'skipped', ?)
		ON CONFLICT (url) DO UPDATE SET state = excluded.state, reason = excluded.reason, title = '', published = ''`, address, reason); err != nil {
		return err
	}
	if err := f.exec(`UPDATE left_out SET example = '' WHERE example = ?`, address); err != nil {
		return err
	}
	return f.note("address", address)
}

func (f *forgetter) note(kind, key string) error {
	return f.exec(`INSERT INTO forgotten (kind, key, name, reason, at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET reason = iif(excluded.reason = '', reason, excluded.reason)`,
		kind, key, f.name, f.reason, unix(f.at))
}
