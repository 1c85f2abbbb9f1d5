package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tenor"
)

// labelFields are what people may correct.
var labelFields = []string{"stance", "claim", "horizon", "subject", "themes"}

// Label notes what somebody says a field of a quote is; it wins over the model until it
// is labelled again. It is on the disk when Label returns: unlike what a crawl fetches,
// nobody can fetch it again. Themes are joined by |.
func (s *Store) Label(ctx context.Context, quoteID, field, value, who string) error {
	if !slices.Contains(labelFields, field) {
		return fmt.Errorf("label quote %s: %q is no field; people label %s (%w)", quoteID, field, strings.Join(labelFields, ", "), tenor.ErrUsage)
	}
	if field == "stance" && !slices.Contains(tenor.Stances(), tenor.Stance(value)) {
		return fmt.Errorf("label quote %s: stance %q is none of bullish, neutral, fragile (%w)", quoteID, value, tenor.ErrUsage)
	}
	err := s.durable(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var seq int64
		if err := tx.QueryRowContext(ctx, `SELECT seq FROM quotes WHERE id = ?`, quoteID).Scan(&seq); err != nil {
			return noRows(err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO labels (quote_id, field, value, who, at) VALUES (?, ?, ?, ?, ?)`,
			quoteID, field, value, who, unix(s.now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("label quote %s: %w", quoteID, err)
	}
	return nil
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
		return inTx(ctx, conn, fn)
	})
}
