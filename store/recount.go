package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// storedQuote is a quote as the file has it, with its article's text.
type storedQuote struct {
	place
	unread     error // it cannot even be read
	text       string
	textUnread error // likewise
	asSaid     bool  // the labels shown are the model's where no person gave one
}

func (q *storedQuote) wrong() error {
	switch {
	case q.unread != nil:
		return q.unread
	case q.textUnread != nil:
		return q.textUnread
	case !q.asSaid:
		return fmt.Errorf("quote %s: its labels are neither the model's nor a person's; tenor retag writes them anew: %w", q.ID, errDamaged)
	}
	if err := intact(&q.place); err != nil {
		return err
	}
	if err := inText(q.text, &q.Record); err != nil {
		return err
	}
	for _, e := range q.Evidence {
		if e.Span.Start() < 0 || e.Span.End() > len(q.text) || e.Span.Len() < 0 || e.Span.In(q.text) != e.Text {
			return fmt.Errorf("quote %s: the article does not have the words of its evidence at %v; tenor retag writes it anew: %w", q.ID, e.Span, errDamaged)
		}
	}
	return nil
}

// eachStored gives every quote as it is stored, an article after the other.
func (s *Store) eachStored(ctx context.Context, progress Progress, yield func(*storedQuote)) error {
	var total, done int64
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM quotes`).Scan(&total); err != nil {
		return err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT id, text, packed FROM articles WHERE id IN (SELECT article_id FROM quotes) ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	read, err := s.read.PrepareContext(ctx, `SELECT `+recordColumns+`, coalesce(q.model_stance, q.stance), coalesce(q.model_claim, q.claim),
			coalesce(q.model_horizon, q.horizon), coalesce(q.model_subject, q.subject), coalesce(q.model_themes, q.themes),
			coalesce(q.model_speaker, q.speaker), coalesce(q.model_speaker_type, q.speaker_type), coalesce(q.model_firm, q.firm)
		FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.article_id = ?`)
	if err != nil {
		return err
	}
	defer read.Close()
	for rows.Next() {
		var id int64
		var text string
		var packed []byte
		if err := rows.Scan(&id, &text, &packed); err != nil {
			return err
		}
		text, unread := unpackText(text, packed)
		list, err := read.QueryContext(ctx, id)
		quotes, err := collect(list, err, func(r *sql.Rows, q *storedQuote) error {
			q.text = text
			var said tenor.Quote
			var themes string
			err := scanStored(longer{r, []any{&said.Stance, &said.Claim, &said.Horizon, &said.Subject, &themes,
				&said.Speaker, &said.SpeakerType, &said.Firm}}, &q.place)
			q.asSaid = q.asTagged(&said, themes)
			if isDamage(err) {
				q.unread, err = err, nil
			}
			if unread != nil {
				q.textUnread = fmt.Errorf("article %d: %w", id, unread)
			}
			return err
		})
		if err != nil {
			return err
		}
		for i := range quotes {
			yield(&quotes[i])
		}
		done += int64(len(quotes))
		progress.at(checkQuotes, done, total)
	}
	return rows.Err()
}

// asTagged reports whether a quote is shown as its tagger gave it, but for what people say,
// and that is what was written.
func (q *storedQuote) asTagged(model *tenor.Quote, themes string) bool {
	if q.LabelSource == tenor.LabelModel && (q.Stance != model.Stance || q.Claim != model.Claim || q.Horizon != model.Horizon ||
		q.Subject != model.Subject || joinThemes(q.Themes) != themes) {
		return false
	}
	said := q.Quote
	said.Stance, said.Claim, said.Horizon, said.Subject = model.Stance, model.Claim, model.Horizon, model.Subject
	said.Speaker, said.SpeakerType, said.Firm = model.Speaker, model.SpeakerType, model.Firm
	return !q.sum.Valid || q.sum.Int64 == checksum(&said, q.Tagger, themes, q.places[0], q.places[1])
}

// longer is a row with columns after those of a record.
type longer struct {
	*sql.Rows
	to []any
}

func (r longer) Scan(to ...any) error { return r.Rows.Scan(append(to, r.to...)...) }

// misfolded folds all quotes anew, a person after the other, and yields those that are
// stored otherwise, as they are and as they should be. No two people share a cluster;
// of quotes whose speaker is not named only equal words are copies.
func misfolded(ctx context.Context, db querier, progress Progress, yield func(is, want *tenor.Record) error) error {
	var total, done int64
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM quotes`).Scan(&total); err != nil {
		return err
	}
	fold := func(clause string, arg any) error {
		rows, err := db.QueryContext(ctx, `SELECT `+recordColumns+` FROM quotes q JOIN articles a ON a.id = q.article_id `+clause, arg)
		records, err := collect(rows, err, func(r *sql.Rows, to *tenor.Record) error {
			var p place
			err := scanStored(r, &p)
			*to = p.Record
			return err
		})
		if err != nil {
			return err
		}
		is := make([]tenor.Record, len(records))
		copy(is, records)
		tenor.FoldCopies(records)
		for i := range records {
			if is[i].Cluster != records[i].Cluster || is[i].Copies != records[i].Copies {
				if err := yield(&is[i], &records[i]); err != nil {
					return err
				}
			}
		}
		done += int64(len(records))
		progress.at(checkClusters, done, total)
		return nil
	}
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT person_id FROM quotes WHERE person_id IS NOT NULL`)
	people, err := collect(rows, err, func(r *sql.Rows, id *int64) error { return r.Scan(id) })
	if err != nil {
		return err
	}
	for _, id := range people {
		if err := fold(`WHERE q.person_id = ?`, id); err != nil {
			return err
		}
	}
	rows, err = db.QueryContext(ctx, `SELECT copy_key FROM quotes WHERE person_id IS NULL
		GROUP BY copy_key HAVING count(*) > 1 OR max(copies) > 1 OR max(cluster_id) <> max(id)`)
	keys, err := collect(rows, err, func(r *sql.Rows, key *string) error { return r.Scan(key) })
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := fold(`WHERE q.person_id IS NULL AND q.copy_key = ?`, key); err != nil {
			return err
		}
	}
	return nil
}

// cameOn is source_days as the articles have it.
const cameOn = `SELECT source, coalesce(day, '') AS day, count(*) AS articles FROM articles WHERE source <> '' GROUP BY 1, 2`

// miscounted yields the days of sources that are noted with other than their articles.
func miscounted(ctx context.Context, db querier, yield func(source, day string, is, want int)) error {
	rows, err := db.QueryContext(ctx, `SELECT source, day, coalesce(n.articles, 0), coalesce(c.articles, 0)
		FROM source_days n FULL JOIN (`+cameOn+`) c USING (source, day) WHERE n.articles IS NOT c.articles ORDER BY 1, 2`)
	_, err = collect(rows, err, func(r *sql.Rows, _ *struct{}) error {
		var source, day string
		var is, want int
		err := r.Scan(&source, &day, &is, &want)
		if err == nil {
			yield(source, day, is, want)
		}
		return err
	})
	return err
}

// countSources writes what miscounted compares.
func countSources(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM source_days; INSERT INTO source_days (source, day, articles) `+cameOn)
	return err
}
