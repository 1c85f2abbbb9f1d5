package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"tenor"
)

// SaveArticle stores an article with its page (nil for an import) and quotes,
// and returns its row. An article with the same Key is replaced: it keeps its
// row, its source and its KnownAt, and its quotes keep theirs unless their label
// changed. Where its words changed, white space aside, the old wording is kept as a
// version, and the quotes that it had and the new one has not, or not with the same
// labels, are past. A page that was fetched before the one that is stored, as an
// archive may hold, changes nothing of today: it is kept as an earlier version. Saving
// the same thing twice changes nothing.
// What was taken down here is refused with tenor.ErrForgotten.
func (s *Store) SaveArticle(ctx context.Context, a *tenor.Article, page *tenor.Page, quotes []tenor.Quote, tagger string, source string) (id int64, err error) {
	if err := checkSpans(a.Text, quotes); err != nil {
		return 0, fmt.Errorf("save article %s: %w", a.Key(), err)
	}
	text, err := storeText(a)
	if err != nil {
		return 0, fmt.Errorf("save article %s: %w", a.Key(), err)
	}
	ready, err := makeReady(a, quotes, tagger)
	if err != nil {
		return 0, fmt.Errorf("save article %s: %w", a.Key(), err)
	}
	var packed *packedPage
	if page != nil {
		if packed, err = pack(page); err != nil {
			return 0, fmt.Errorf("save article %s: %w", a.Key(), err)
		}
	}
	err = s.together(ctx, func(b *batch) error {
		ctx, tx := b.ctx, b.tx
		if err := b.refuseForgotten(a, page); err != nil {
			return err
		}
		old, err := articleRow(ctx, tx, a.Key())
		if err != nil {
			return err
		}
		known := a.KnownAt
		if known.IsZero() {
			known = s.now()
		}
		if err := b.addSource(source); err != nil {
			return err
		}
		older := false
		if old != 0 {
			older, err = olderCapture(ctx, tx, old, page)
		}
		if err != nil || older {
			if id = old; err == nil {
				err = keepOlder(ctx, tx, old, a, packed, quotes, tagger, known)
			}
			return err
		}
		var was *pastVersion
		outlet := tenor.OutletKey(a.Outlet) // that it had before
		if old != 0 {
			if err := tx.QueryRowContext(ctx, `SELECT outlet_key FROM articles WHERE id = ?`, old).Scan(&outlet); err != nil {
				return err
			}
		}
		if old == 0 {
			if id, err = insertArticle(ctx, tx, a, text, source, known); err == nil {
				b.unindexed[id] = struct{}{}
			}
		} else if was, err = keepVersion(ctx, tx, old, a, known); err != nil {
			return err
		} else if err = b.unindex(old); err == nil {
			id, err = old, updateArticle(ctx, tx, old, a, text, source)
		}
		if err != nil {
			return err
		}
		if err := seeOutlet(ctx, tx, a, outlet); err != nil {
			return err
		}
		if packed != nil {
			if err := savePage(ctx, tx, id, packed); err != nil {
				return err
			}
		}
		return b.saveQuotes(id, old == 0, a, ready, tagger, known, was)
	})
	if err != nil {
		return 0, fmt.Errorf("save article %s: %w", a.Key(), err)
	}
	return id, nil
}

// ReplaceQuotes puts new quotes in the place of an article's old ones. Labels
// given by people stay, and win over the new ones.
func (s *Store) ReplaceQuotes(ctx context.Context, articleID int64, quotes []tenor.Quote, tagger string) error {
	err := s.together(ctx, func(b *batch) error {
		ctx, tx := b.ctx, b.tx
		a, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, articleID))
		if err != nil {
			return noRows(err)
		}
		if err := checkSpans(a.Text, quotes); err != nil {
			return err
		}
		if err := b.unindex(articleID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE articles SET simhash = ? WHERE id = ? AND simhash IS NULL`,
			fingerprint(a.Text), articleID); err != nil { // it may be older than fingerprints
			return err
		}
		ready, err := makeReady(&a, quotes, tagger)
		if err != nil {
			return err
		}
		return b.saveQuotes(articleID, false, &a, ready, tagger, s.now(), nil)
	})
	if err != nil {
		return fmt.Errorf("replace quotes of article %d: %w", articleID, err)
	}
	return nil
}

// checkSpans refuses quotes whose places are not in the text: everything shown
// of a quote is read from there.
func checkSpans(text string, quotes []tenor.Quote) error {
	for i := range quotes {
		end := 0
		for _, s := range quotes[i].Spans {
			if s.Start() < end || s.End() <= s.Start() || s.End() > len(text) {
				return fmt.Errorf("quote %s has span %v, which overlaps the one before or leaves the text of %d bytes",
					quotes[i].ID, s, len(text))
			}
			end = s.End()
		}
		if quotes[i].ID == "" || end == 0 {
			return fmt.Errorf("quote %d of %d has no identifier or no words", i+1, len(quotes))
		}
	}
	return nil
}

// articleRow is the row of the article with this key, or 0.
func articleRow(ctx context.Context, tx *sql.Tx, key string) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id FROM articles WHERE key = ?`, key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

func insertArticle(ctx context.Context, tx *sql.Tx, a *tenor.Article, text storedText, source string, known time.Time) (int64, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO articles (key, file, url, outlet, outlet_key, title, authors,
			published, published_precision, published_source, captured, captured_source, page_type, language,
			forwarded, translation, truncated, text, packed, simhash, source, known_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, append(articleValues(a, text), source, unix(known))...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func updateArticle(ctx context.Context, tx *sql.Tx, id int64, a *tenor.Article, text storedText, source string) error {
	_, err := tx.ExecContext(ctx, `UPDATE articles SET key = ?, file = ?, url = ?, outlet = ?, outlet_key = ?,
			title = ?, authors = ?, published = ?, published_precision = ?, published_source = ?, captured = ?,
			captured_source = ?, page_type = ?, language = ?, forwarded = ?, translation = ?, truncated = ?, text = ?, packed = ?, simhash = ?,
			source = iif(source = '', ?, source)
		WHERE id = ?`, append(articleValues(a, text), source, id)...)
	return err
}

// articleValues are the columns that both statements above begin with.
func articleValues(a *tenor.Article, text storedText) []any {
	authors, _ := json.Marshal(append([]string{}, a.Authors...)) // strings always marshal
	return []any{
		a.Key(), a.File, a.URL, a.Outlet, tenor.OutletKey(a.Outlet), a.Title, string(authors),
		a.Published.String(), string(a.Published.Precision), a.Published.Source,
		a.Captured.String(), a.Captured.Source, string(a.PageType), a.Language,
		a.Forwarded, string(a.Translation), a.Truncated, text.plain, text.packed, text.simhash,
	}
}

const articleColumns = `id, file, url, outlet, title, authors, published, published_source, captured, captured_source,
	page_type, language, forwarded, translation, truncated, known_at, text, packed`

// scanArticle reads articleColumns from a row.
func scanArticle(row interface{ Scan(...any) error }) (a tenor.Article, err error) {
	var authors, published, publishedSource, captured, capturedSource string
	var known int64
	var packed []byte
	if err := row.Scan(&a.ID, &a.File, &a.URL, &a.Outlet, &a.Title, &authors, &published, &publishedSource,
		&captured, &capturedSource, &a.PageType, &a.Language, &a.Forwarded, &a.Translation, &a.Truncated,
		&known, &a.Text, &packed); err != nil {
		return tenor.Article{}, err
	}
	if a.Text, err = unpackText(a.Text, packed); err != nil {
		return tenor.Article{}, fmt.Errorf("article %d: %w", a.ID, err)
	}
	a.KnownAt = instant(known)
	if err := json.Unmarshal([]byte(authors), &a.Authors); err != nil {
		return tenor.Article{}, fmt.Errorf("article %d: authors: %w", a.ID, err)
	}
	if len(a.Authors) == 0 {
		a.Authors = nil
	}
	if a.Published, err = tenor.ParseDate(published, publishedSource); err != nil {
		return tenor.Article{}, fmt.Errorf("article %d: %w", a.ID, err)
	}
	if a.Captured, err = tenor.ParseDate(captured, capturedSource); err != nil {
		return tenor.Article{}, fmt.Errorf("article %d: %w", a.ID, err)
	}
	return a, nil
}

// Article is an article with its quotes in the order of the text, or
// tenor.ErrNotFound.
func (s *Store) Article(ctx context.Context, id int64) (tenor.Article, []tenor.Record, error) {
	tx, err := s.read.BeginTx(ctx, nil) // one state of the store for both
	if err != nil {
		return tenor.Article{}, nil, fmt.Errorf("article %d: %w", id, err)
	}
	defer tx.Rollback()
	a, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, id))
	if err != nil {
		return tenor.Article{}, nil, fmt.Errorf("article %d: %w", id, noRows(err))
	}
	records, err := readRecords(ctx, tx, `WHERE q.article_id = ?`, id)
	if err != nil {
		return tenor.Article{}, nil, fmt.Errorf("article %d: %w", id, err)
	}
	for i := range records {
		if err := inText(a.Text, &records[i]); err != nil {
			return tenor.Article{}, nil, fmt.Errorf("article %d: %w", id, err)
		}
	}
	slices.SortStableFunc(records, func(x, y tenor.Record) int {
		return cmp.Or(cmp.Compare(x.Spans[0].Start(), y.Spans[0].Start()), cmp.Compare(x.ID, y.ID))
	})
	return a, records, nil
}

// articleBatch is how many articles Articles holds at a time.
const articleBatch = 20

// Articles are all articles, text included, in the order in which they were
// first stored. Nothing is held open between two batches, so that the loop may
// write and take its time.
func (s *Store) Articles(ctx context.Context) iter.Seq2[tenor.Article, error] {
	return func(yield func(tenor.Article, error) bool) {
		var last int64
		for {
			rows, err := s.read.QueryContext(ctx, `SELECT `+articleColumns+` FROM articles
				WHERE id > ? ORDER BY id LIMIT ?`, last, articleBatch)
			batch, err := collect(rows, err, func(r *sql.Rows, a *tenor.Article) (err error) {
				*a, err = scanArticle(r)
				return err
			})
			if err != nil {
				yield(tenor.Article{}, fmt.Errorf("read articles after %d: %w", last, err))
				return
			}
			for _, a := range batch {
				if !yield(a, nil) {
					return
				}
				last = a.ID
			}
			if len(batch) < articleBatch {
				return
			}
		}
	}
}
