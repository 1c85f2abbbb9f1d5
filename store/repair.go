package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// Repair mends what can be mended of a diagnosis, in one transaction, and says what it
// did, a sentence each. The file as it was it keeps beside the store.
func (s *Store) Repair(ctx context.Context, d *Diagnosis, progress Progress) (kept string, did []string, err error) {
	if kept, err = s.keep(ctx, progress); err != nil {
		return "", nil, fmt.Errorf("repair %s: keep it as it is: %w", s.path, err)
	}
	wrong := map[string]bool{}
	for _, c := range d.Checks {
		wrong[c.Name] = c.Wrong > 0 && c.Repair != ""
	}
	mend := func(ctx context.Context, tx *sql.Tx) error {
		did = nil
		if wrong[checkStructure] {
			if _, err := tx.ExecContext(ctx, `REINDEX`); err != nil {
				return err
			}
			did = append(did, "built the indexes anew")
		}
		if wrong[checkReferences] {
			n, err := removeLoose(ctx, tx)
			if err != nil {
				return err
			}
			did = append(did, fmt.Sprintf("removed or cleared %d references to rows that are gone", n))
		}
		if wrong[checkQuotes] {
			n, err := s.mendQuotes(ctx, tx, progress)
			if err != nil {
				return err
			}
			did = append(did, fmt.Sprintf("wrote %d quotes anew from where they were still right", n))
		}
		if wrong[checkOrphans] || wrong[checkStructure] || wrong[checkReferences] { // which may have hidden some
			n, err := removeOrphans(ctx, tx)
			if err != nil {
				return err
			}
			did = append(did, fmt.Sprintf("removed %d rows that belonged to nothing", n))
		}
		if wrong[checkNames] || wrong[checkStructure] || wrong[checkReferences] {
			if err := gatherNames(ctx, tx); err != nil {
				return err
			}
			did = append(did, "gathered anew what is known of people, firms and outlets")
		}
		if wrong[checkClusters] || wrong[checkStructure] || wrong[checkReferences] {
			n := 0
			err := misfolded(ctx, tx, progress, func(_, want *tenor.Record) error {
				n++
				_, err := tx.ExecContext(ctx, `UPDATE quotes SET copy_of = nullif(?, id), copies = ? WHERE id = ?`, want.Cluster, want.Copies, want.ID)
				return err
			})
			if err != nil {
				return err
			}
			did = append(did, fmt.Sprintf("folded the copies anew: %d quotes changed", n))
		}
		if wrong[checkSources] || wrong[checkStructure] || wrong[checkReferences] {
			if err := countSources(ctx, tx); err != nil {
				return err
			}
			did = append(did, "counted anew how many articles came from each source")
		}
		if wrong[checkFullText] || wrong[checkStructure] || wrong[checkQuotes] || wrong[checkReferences] {
			if _, err := tx.ExecContext(ctx, `INSERT INTO quotes_fts (quotes_fts) VALUES ('rebuild'); INSERT INTO past_fts (past_fts) VALUES ('rebuild')`); err != nil {
				return err
			}
			did = append(did, "built the full-text index anew")
		}
		return nil
	}
	err = s.onDisk(ctx, func() error { return s.tx(ctx, mend) })
	if err != nil {
		return kept, nil, fmt.Errorf("repair %s: %w", s.path, err)
	}
	return kept, did, nil
}

// keep copies the file page by page, damage included: what VACUUM makes of a damaged
// file may lack rows that somebody could still save. SQLite does it, since a program
// that closes a store's file itself loses the locks that SQLite has on it.
func (s *Store) keep(ctx context.Context, progress Progress) (path string, err error) {
	path = freeName(s.path, s.now(), ".before-repair.db")
	to, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"rwc"}}, 0))
	if err != nil {
		return "", err
	}
	defer to.Close()
	toConn, err := to.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer toConn.Close()
	fromConn, err := s.read.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer fromConn.Close()
	err = toConn.Raw(func(to any) error {
		return fromConn.Raw(func(from any) error {
			return copyPages(ctx, to.(*sqlite3.SQLiteConn), from.(*sqlite3.SQLiteConn), progress)
		})
	})
	if err != nil {
		toConn.Close()
		to.Close()
		removeDatabase(path)
		return "", err
	}
	return path, nil
}

func copyPages(ctx context.Context, to, from *sqlite3.SQLiteConn, progress Progress) error {
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	for done := false; !done; {
		if done, err = b.Step(1000); err != nil || ctx.Err() != nil {
			b.Finish()
			return errors.Join(err, ctx.Err())
		}
		progress.at("keeping the file as it is", int64(b.PageCount()-b.Remaining()), int64(b.PageCount()))
	}
	return b.Finish()
}

// removeLoose removes the rows that were to go with a row that is gone, such as the
// quotes of an article, and clears the references of others, such as to their firm.
func removeLoose(ctx context.Context, tx *sql.Tx) (mended int64, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.name, k."from", k."table", k.on_delete FROM pragma_table_list t, pragma_foreign_key_list(t.name) k
		WHERE t.schema = 'main' ORDER BY 1, 2`)
	type key struct{ table, column, parent, onDelete string }
	keys, err := collect(rows, err, func(r *sql.Rows, k *key) error { return r.Scan(&k.table, &k.column, &k.parent, &k.onDelete) })
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		do := fmt.Sprintf(`UPDATE "%s" SET "%s" = NULL`, k.table, k.column)
		if k.onDelete == "CASCADE" {
			do = fmt.Sprintf(`DELETE FROM "%s"`, k.table)
		}
		res, err := tx.ExecContext(ctx, fmt.Sprintf(`%s WHERE "%s" IS NOT NULL AND "%[2]s" NOT IN (SELECT rowid FROM "%s")`, do, k.column, k.parent))
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		mended += n
	}
	return mended, nil
}

func removeOrphans(ctx context.Context, tx *sql.Tx) (removed int64, err error) {
	list, err := orphans(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		res, err := tx.ExecContext(ctx, `DELETE FROM `+o.table+` WHERE `+o.where)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		removed += n
	}
	return removed, nil
}

// A quote's words are stored twice, in its row and in the article, and its identifier
// says which of both is right.
const (
	mendRow     = "row"     // the article has them
	mendArticle = "article" // the row has them
)

// mend says what of a wrong quote can be written anew; empty where nothing can.
func (q *storedQuote) mend() string {
	if q.unread != nil && len(q.Spans) == 0 {
		return ""
	}
	inside := true
	for _, s := range q.Spans {
		inside = inside && s.Start() >= 0 && s.Start() <= s.End() && s.End() <= len(q.text)
	}
	if !inside {
		return ""
	}
	said := *q
	said.Segments = q.Quote.Segments(q.text)
	switch {
	case intact(&said.place) == nil && (q.unread != nil || intact(&q.place) != nil):
		return mendRow
	case intact(&said.place) != nil && q.unread == nil && intact(&q.place) == nil:
		return mendArticle
	}
	return "" // something else than its words is wrong
}

func (s *Store) mendQuotes(ctx context.Context, tx *sql.Tx, progress Progress) (mended int, err error) {
	var failed error
	err = s.eachStored(ctx, progress, func(q *storedQuote) {
		if failed != nil || q.wrong() == nil {
			return
		}
		switch q.mend() {
		case mendRow:
			said := q.Record
			said.Segments = q.Quote.Segments(q.text)
			_, failed = tx.ExecContext(ctx, `UPDATE quotes SET text = ? WHERE seq = ?`, said.Text(), q.seq)
		case mendArticle:
			// The article's text is read again: an earlier quote of it may have been mended.
			var a tenor.Article
			if a, failed = scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, q.ArticleID)); failed != nil {
				return
			}
			text := []byte(a.Text)
			for i, span := range q.Spans {
				copy(text[span.Start():span.End()], q.Segments[i])
			}
			var plain string
			var packed []byte
			if plain, packed, failed = packText(string(text)); failed == nil {
				_, failed = tx.ExecContext(ctx, `UPDATE articles SET text = ?, packed = ? WHERE id = ?`, plain, packed, q.ArticleID)
			}
		default:
			return
		}
		mended++
	})
	if err == nil {
		err = failed
	}
	return mended, err
}
