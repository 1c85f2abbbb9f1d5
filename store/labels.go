package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// Label is Correct for one field and no reason.
func (s *Store) Label(ctx context.Context, quoteID, field, value, who string) error {
	_, err := s.Correct(ctx, quoteID, []tenor.Label{{Field: field, Value: value}}, who, "")
	return err
}

// Correct notes what somebody says fields of a quote are; it wins over the model until it
// is undone or corrected again. It is on the disk when Correct returns: unlike what a
// crawl fetches, nobody can fetch it again. It gives the act, by which all of it is
// undone; what stands already is not said twice, and where that is all, act is that of it.
func (s *Store) Correct(ctx context.Context, quoteID string, changes []tenor.Label, who, why string) (act int64, err error) {
	for i := range changes {
		if err = changes[i].Check(); err != nil {
			return 0, fmt.Errorf("label quote %s: %w", quoteID, err)
		}
	}
	if err = tenor.CheckSigned(who, why); err != nil {
		return 0, fmt.Errorf("label quote %s: %w", quoteID, err)
	}
	err = s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now, err := shownFields(ctx, tx, quoteID)
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT 1 + coalesce(max(id), 0) FROM labels`).Scan(&act); err != nil {
			return err
		}
		var said int64 // the act that said it before
		var fresh []string
		for _, c := range changes {
			var before int64
			err := tx.QueryRowContext(ctx, `SELECT coalesce(max(act), 0) FROM labels_standing
				WHERE quote_id = ? AND field = ? AND value = ?`, quoteID, c.Field, c.Value).Scan(&before)
			if err != nil {
				return err
			}
			if before != 0 {
				said = before
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO labels (act, quote_id, field, value, was, who, why, at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, act, quoteID, c.Field, c.Value, now[c.Field], who, why, unix(s.now())); err != nil {
				return err
			}
			fresh = append(fresh, c.Field)
		}
		if len(fresh) == 0 {
			act = said
			return nil
		}
		return s.settle(ctx, tx, quoteID, fresh)
	})
	if err != nil {
		return 0, fmt.Errorf("label quote %s: %w", quoteID, err)
	}
	return act, nil
}

// shownFields are the values of a stored quote that people correct, or tenor.ErrNotFound.
func shownFields(ctx context.Context, tx *sql.Tx, quoteID string) (map[string]string, error) {
	fields := []string{tenor.FieldStance, tenor.FieldClaim, tenor.FieldHorizon, tenor.FieldSubject, tenor.FieldThemes,
		tenor.FieldSpeaker, tenor.FieldSpeakerType, tenor.FieldFirm}
	values := make([]string, len(fields))
	to := make([]any, len(fields))
	for i := range values {
		to[i] = &values[i]
	}
	err := tx.QueryRowContext(ctx, `SELECT stance, claim, horizon, subject, themes, speaker, speaker_type, firm
		FROM quotes WHERE id = ?`, quoteID).Scan(to...)
	if err != nil {
		return nil, noRows(err)
	}
	now := make(map[string]string, len(fields))
	for i, f := range fields {
		now[f] = values[i]
	}
	return now, nil
}

// Undo takes back all that an act corrected, or gives tenor.ErrNotFound where nothing of it
// stands. What stood before stands again, the day on which it was known included.
func (s *Store) Undo(ctx context.Context, act int64, who string) (quoteID string, err error) {
	if err = tenor.CheckSigned(who, ""); err != nil {
		return "", fmt.Errorf("undo: %w", err)
	}
	err = s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `UPDATE labels SET undone_by = ?, undone_at = ? WHERE act = ? AND act <> 0 AND undone_at IS NULL
			RETURNING quote_id, field`, who, unix(s.now()), act)
		fields, err := collect(rows, err, func(r *sql.Rows, field *string) error { return r.Scan(&quoteID, field) })
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			return tenor.ErrNotFound
		}
		return s.settle(ctx, tx, quoteID, fields)
	})
	if err != nil {
		return "", fmt.Errorf("undo correction %d: %w", act, err)
	}
	return quoteID, nil
}

// settle does what the triggers of labels cannot: who speaks, and whether there is a quote,
// decide persons, firms, copies and the full-text index.
func (s *Store) settle(ctx context.Context, tx *sql.Tx, quoteID string, fields []string) error {
	for _, f := range fields {
		switch f {
		case tenor.FieldSpeaker, tenor.FieldSpeakerType, tenor.FieldFirm, tenor.FieldQuote:
			return s.saveAgain(ctx, tx, quoteID)
		}
	}
	return nil
}

// saveAgain saves the quotes of a quote's article as its tagger gave them, so that what
// people say of them is settled as at every save. A quote that is gone has no article.
func (s *Store) saveAgain(ctx context.Context, tx *sql.Tx, quoteID string) error {
	var article int64
	err := tx.QueryRowContext(ctx, `SELECT article_id FROM quotes WHERE id = ?1
		UNION ALL SELECT article_id FROM removed_quotes WHERE id = ?1 LIMIT 1`, quoteID).Scan(&article)
	if err != nil {
		if noRows(err) == tenor.ErrNotFound {
			return nil
		}
		return err
	}
	a, err := scanArticle(tx.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id = ?`, article))
	if err != nil {
		return noRows(err)
	}
	quotes, tagger, err := modelQuotes(ctx, tx, article)
	if err != nil {
		return err
	}
	if err := checkSpans(a.Text, quotes); err != nil {
		return err
	}
	ready, err := makeReady(&a, quotes, tagger)
	if err != nil {
		return err
	}
	return alone(ctx, tx, func(b *batch) error {
		if err := b.unindex(article); err != nil {
			return err
		}
		return b.saveQuotes(article, false, &a, ready, tagger, s.now(), nil)
	})
}

// durable runs fn in a write transaction that survives a loss of power once it has
// returned. Other transactions survive the end of the program, but those of the last
// seconds may be lost with the power: waiting for the disk at each article would cost a
// crawl more than it could lose.
//
// The setting belongs to the connection, cannot change inside a transaction, and is
// taken back for those after. There is one writing connection, so nobody else's
// transaction runs under it.
func (s *Store) durable(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	return s.writing(ctx, func(ctx context.Context) error {
		conn, err := s.write.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = FULL`); err != nil {
			return err
		}
		defer conn.ExecContext(ctx, `PRAGMA synchronous = NORMAL`)
		return inTx(ctx, conn, s.forgetting(fn))
	})
}
