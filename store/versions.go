package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// pastVersion is the wording of an article that is being replaced.
type pastVersion struct {
	article int64
	number  int
	until   int64
	next    int64 // seq of the next past quote; 0 until asked for
}

// pastSeq is where the seqs of past quotes of a day begin: above all that quotes of the
// day can have.
const pastSeq = 1 << (seqBits - 1)

// keepVersion keeps the wording that an article has, with its page, before a replaces
// it. It is nil where the two differ in white space alone.
func keepVersion(ctx context.Context, tx *sql.Tx, id int64, a *tenor.Article, now time.Time) (*pastVersion, error) {
	old, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, id))
	if err != nil || tenor.SameWording(old.Title, old.Text, a.Title, a.Text) {
		return nil, err
	}
	last, since, err := lastVersion(ctx, tx, &old)
	if err != nil {
		return nil, err
	}
	quotes, tagger, err := packQuotes(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	enc, err := encoder()
	if err != nil {
		return nil, err
	}
	was := &pastVersion{article: id, number: last + 1, until: max(unix(now), unix(since))}
	_, err = tx.ExecContext(ctx, `INSERT INTO versions (article_id, version, title, published, published_source,
			known_at, until, tagger, quotes, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, was.number, old.Title, old.Published.String(), old.Published.Source, unix(since), was.until, tagger, quotes,
		enc.EncodeAll([]byte(old.Text), nil))
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE versions SET page_fetched_at = fetched_at, page_sha256 = sha256, page_size = size, page = body
		FROM pages p WHERE p.article_id = versions.article_id AND versions.article_id = ? AND version = ?`, id, was.number)
	return was, err
}

// lastVersion is the number of the last version that was replaced, and since when the
// current wording is known.
func lastVersion(ctx context.Context, tx *sql.Tx, a *tenor.Article) (last int, since time.Time, err error) {
	var until int64
	err = tx.QueryRowContext(ctx, `SELECT version, until FROM versions WHERE article_id = ? ORDER BY version DESC LIMIT 1`, a.ID).
		Scan(&last, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, a.KnownAt, nil
	}
	return last, instant(until), err
}

// packQuotes writes an article's quotes as versions.quotes, and names their tagger.
func packQuotes(ctx context.Context, tx *sql.Tx, id int64) (packed, tagger string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, speaker, firm, stance, spans, tagger FROM quotes
		WHERE article_id = ? ORDER BY spans ->> '$[0][0]', id`, id)
	list, err := collect(rows, err, func(r *sql.Rows, q *tenor.Quote) error {
		var spans sql.RawBytes
		var by string
		if err := r.Scan(&q.ID, &q.Speaker, &q.Firm, &q.Stance, &spans, &by); err != nil {
			return err
		}
		tagger = max(tagger, by)
		return json.Unmarshal(spans, &q.Spans)
	})
	if err != nil {
		return "", "", err
	}
	packed, err = marshalQuotes(list)
	return packed, tagger, err
}

func marshalQuotes(list []tenor.Quote) (string, error) {
	quotes := make([][5]any, len(list))
	for i := range list {
		q := &list[i]
		quotes[i] = [5]any{q.ID, q.Speaker, q.Firm, q.Stance, q.Spans}
	}
	text, err := json.Marshal(quotes)
	return string(text), err
}

// unpackQuotes reads what packQuotes wrote.
func unpackQuotes(packed string) ([]tenor.Quote, error) {
	var list [][5]json.RawMessage
	if err := json.Unmarshal([]byte(packed), &list); err != nil {
		return nil, err
	}
	quotes := make([]tenor.Quote, len(list))
	for i := range list {
		q := &quotes[i]
		for j, to := range []any{&q.ID, &q.Speaker, &q.Firm, &q.Stance, &q.Spans} {
			if err := json.Unmarshal(list[i][j], to); err != nil {
				return nil, err
			}
		}
	}
	return quotes, nil
}

// keep makes a stored quote, as it is, a past one. Of an article that was not changed
// there is nothing to keep.
func (v *pastVersion) keep(ctx context.Context, tx *sql.Tx, seq int64) error {
	if v == nil {
		return nil
	}
	if day := seq >> seqBits << seqBits; v.next < day || v.next >= day+1<<seqBits || v.next == 0 {
		if err := tx.QueryRowContext(ctx, `SELECT 1 + coalesce(max(seq), ?) FROM past_quotes WHERE seq >= ? AND seq < ?`,
			day+pastSeq, day, day+1<<seqBits).Scan(&v.next); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO past_quotes (seq, written_id, speaker_fold, version, until, title, published, published_source, `+pastColumns+`)
		SELECT ?, id, coalesce((SELECT fold FROM aliases WHERE person_id = quotes.person_id AND spelling = quotes.speaker LIMIT 1), ''),
			v.version, v.until, v.title, v.published, v.published_source, `+pastColumns+`
		FROM quotes CROSS JOIN (SELECT version, until, title, published, published_source FROM versions
			WHERE article_id = ? AND version = ?) v WHERE seq = ?`, v.next, v.article, v.number, seq)
	v.next++
	return err
}

// pastColumns are the columns of quotes that past quotes have as well, seq aside.
const pastColumns = `id, article_id, person_id, firm_id, kind, speaker, speaker_type, firm, role, resolved, attribution,
	stance, confidence, claim, horizon, subject, themes, spans, evidence, text, known_at, cluster_id, copies, label_source, tagger, model_speaker`

// goneByWords are the old quotes that have no new one of their identifier, by voice and
// words: one that comes again with other white space or marks is the same quote.
func goneByWords(old map[string]oldQuote, quotes []tenor.Quote) map[saidBy]oldQuote {
	here := make(map[string]bool, len(quotes))
	for i := range quotes {
		here[quotes[i].ID] = true
	}
	gone := map[saidBy]oldQuote{}
	for id, o := range old {
		if !here[id] {
			gone[o.said] = o
		}
	}
	return gone
}

// renumber gives a quote another identifier, and with it what it was before and the labels
// that people gave it.
func renumber(ctx context.Context, tx *sql.Tx, was oldQuote, id string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE quotes SET id = ? WHERE seq = ?`, id, was.seq); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE quotes INDEXED BY quotes_by_cluster SET copy_of = ? WHERE copy_of = ?`, id, was.id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE past_quotes SET id = ? WHERE id = ?`, id, was.id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE labels SET quote_id = ? WHERE quote_id = ?`, id, was.id)
	return err
}

// Versions are all wordings of an article, the first first and the current one last,
// or tenor.ErrNotFound.
func (s *Store) Versions(ctx context.Context, articleID int64) ([]tenor.Version, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("versions of article %d: %w", articleID, err)
	}
	defer tx.Rollback()
	list, err := readVersions(ctx, tx, articleID)
	if err != nil {
		return nil, fmt.Errorf("versions of article %d: %w", articleID, err)
	}
	return list, nil
}

func readVersions(ctx context.Context, tx *sql.Tx, articleID int64) ([]tenor.Version, error) {
	a, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, articleID))
	if err != nil {
		return nil, noRows(err)
	}
	dec, err := decoder()
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT version, title, published, published_source, known_at, until, tagger, quotes, text,
			coalesce(page_fetched_at, 0) FROM versions WHERE article_id = ? ORDER BY version`, articleID)
	list, err := collect(rows, err, func(r *sql.Rows, v *tenor.Version) error {
		var published, source, quotes string
		var known, until, captured int64
		var text []byte
		if err := r.Scan(&v.Number, &v.Title, &published, &source, &known, &until, &v.Tagger, &quotes, &text, &captured); err != nil {
			return err
		}
		v.KnownAt, v.Until, v.Captured = instant(known), instant(until), instant(captured)
		if text, err = dec.DecodeAll(text, nil); err != nil {
			return fmt.Errorf("version %d: %w", v.Number, err)
		}
		v.Text = string(text)
		if v.Published, err = tenor.ParseDate(published, source); err != nil {
			return err
		}
		v.Quotes, err = unpackQuotes(quotes)
		return err
	})
	if err != nil {
		return nil, err
	}
	last, since, err := lastVersion(ctx, tx, &a)
	if err != nil {
		return nil, err
	}
	quotes, tagger, err := packQuotes(ctx, tx, articleID)
	if err != nil {
		return nil, err
	}
	now := tenor.Version{Number: last + 1, Title: a.Title, Text: a.Text, Published: a.Published, KnownAt: since, Tagger: tagger}
	if now.Quotes, err = unpackQuotes(quotes); err != nil {
		return nil, err
	}
	var captured int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(fetched_at), 0) FROM pages WHERE article_id = ?`, articleID).Scan(&captured); err != nil {
		return nil, err
	}
	now.Captured = instant(captured)
	return append(list, now), nil
}

// FindArticle is the row of the article that a user means by its number, its address,
// an address that leads to it, or the path of an imported file; or tenor.ErrNotFound.
func (s *Store) FindArticle(ctx context.Context, ref string) (int64, error) {
	id, err := findArticle(ctx, s.read, ref)
	if err != nil {
		return 0, fmt.Errorf("article %s: %w", strings.TrimSpace(ref), err)
	}
	return id, nil
}

func findArticle(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, ref string) (id int64, err error) {
	ref = strings.TrimSpace(ref)
	number, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		number = 0
	}
	err = db.QueryRowContext(ctx, `SELECT id FROM articles WHERE id = ?1 OR key = ?2 OR key = 'file:' || ?2
		UNION ALL SELECT article_id FROM pages WHERE url = ?2 LIMIT 1`, number, ref).Scan(&id)
	return id, noRows(err)
}
