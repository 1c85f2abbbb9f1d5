package store

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"tenor"
)

func TestLabel(t *testing.T) {
	s := newsroom(t)
	q := drain(t, s.Records(t.Context(), tenor.Filter{}))[0]
	stance := tenor.Fragile
	if q.Stance == stance {
		stance = tenor.Bullish
	}
	if err := s.Label(t.Context(), q.ID, "stance", string(stance), "nell"); err != nil {
		t.Fatal(err)
	}
	if r := must[tenor.Record](t)(s.Record(t.Context(), q.ID)); r.Stance != stance || r.LabelSource != tenor.LabelHuman {
		t.Errorf("%s by %s, want %s by a person", r.Stance, r.LabelSource, stance)
	}
	for _, c := range []struct {
		id, field, value string
		want             error
	}{
		{"0000000000000000", "stance", "bullish", tenor.ErrNotFound},
		{q.ID, "mood", "sunny", tenor.ErrUsage},
		{q.ID, "stance", "sunny", tenor.ErrUsage},
	} {
		if err := s.Label(t.Context(), c.id, c.field, c.value, "nell"); !errors.Is(err, c.want) {
			t.Errorf("%s = %s: %v, want %v", c.field, c.value, err, c.want)
		}
	}
	ro := must[*Store](t)(Open(t.Context(), s.path, Options{ReadOnly: true}))
	defer ro.Close()
	if err := ro.Label(t.Context(), q.ID, "stance", "bullish", "nell"); err == nil {
		t.Error("labelled through a store opened for reading")
	}
}

// What people say is on the disk when it is acknowledged; what a crawl can fetch again
// need not be.
func TestLabelsSurviveALossOfPower(t *testing.T) {
	s := newsroom(t)
	const normal, full = 1, 2
	synchronous := func(ctx context.Context, tx *sql.Tx) (level int) {
		if err := tx.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&level); err != nil {
			t.Error(err)
		}
		return level
	}
	failed := errors.New("failed")
	for _, result := range []error{nil, failed} {
		err := s.durable(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			if got := synchronous(ctx, tx); got != full {
				t.Errorf("a person's correction is written with synchronous = %d, want %d", got, full)
			}
			return result
		})
		if err != result {
			t.Fatal(err)
		}
		err = s.tx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			if got := synchronous(ctx, tx); got != normal {
				t.Errorf("a crawl writes with synchronous = %d afterwards, want %d", got, normal)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
