package store

import (
	"context"
	"database/sql"

	"tenor"
)

// misnamed counts anew what is known of people, firms and outlets, and yields what is
// stored otherwise.
func (s *Store) misnamed(ctx context.Context, progress Progress, yield func(what string, args ...any)) error {
	tx, err := s.read.BeginTx(ctx, nil) // of one state
	if err != nil {
		return err
	}
	defer tx.Rollback()
	counts, owners, err := heardNames(ctx, tx)
	if err != nil {
		return err
	}
	type row struct {
		sighting
		sighted
	}
	rows, err := tx.QueryContext(ctx, `SELECT key, firm, year, subject, quotes, months, roles FROM sightings`)
	_, err = collect(rows, err, func(r *sql.Rows, s *row) error {
		err := r.Scan(&s.key, &s.firm, &s.year, &s.subject, &s.quotes, &s.came.months, &s.came.roles)
		if want := counts.counts[s.sighting]; want != s.sighted {
			yield("%q at %q in %d on %s: %d quotes are noted, and there are %d, or the months or roles are others", s.key, s.firm, s.year, s.subject, s.quotes, want.quotes)
		}
		delete(counts.counts, s.sighting)
		return err
	})
	if err != nil {
		return err
	}
	for at, want := range counts.counts {
		yield("%q at %q in %d on %s: no quote is noted, and there are %d", at.key, at.firm, at.year, at.subject, want.quotes)
	}
	type alias struct {
		spelledName
		person int64
	}
	rows, err = tx.QueryContext(ctx, `SELECT key, firm, spelling, person_id FROM aliases`)
	_, err = collect(rows, err, func(r *sql.Rows, a *alias) error {
		err := r.Scan(&a.key, &a.firm, &a.spelling, &a.person)
		if want := owners[a.spelledName]; want != a.person {
			yield("%q at %q is person %d by the list of names, and %d by the quotes", a.spelling, a.firm, a.person, want)
		}
		delete(owners, a.spelledName)
		return err
	})
	if err != nil {
		return err
	}
	for a := range owners {
		yield("%q at %q is missing from the list of names", a.spelling, a.firm)
	}
	if err := mistied(ctx, tx, progress, yield); err != nil {
		return err
	}
	for _, j := range []*joiner{&firmJoiner, &outletJoiner} {
		if err := j.misjoined(ctx, tx, yield); err != nil {
			return err
		}
	}
	return nil
}

// mistied compares what articles say of firms and outlets.
func mistied(ctx context.Context, tx *sql.Tx, progress Progress, yield func(what string, args ...any)) error {
	type said struct {
		article int64
		tenor.Tie
	}
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM articles`).Scan(&last); err != nil {
		return err
	}
	want := map[said]bool{}
	unread, err := eachTies(ctx, tx, func(article int64, ties []tenor.Tie) error {
		progress.at("people and firms", article, last)
		for _, t := range ties {
			want[said{article, t}] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT article_id, a, b, 1 - against, against FROM firm_ties`)
	_, err = collect(rows, err, func(r *sql.Rows, s *said) error {
		err := r.Scan(&s.article, &s.A, &s.B, &s.For, &s.Against)
		if !want[*s] && !unread[s.article] {
			yield("article %d says nothing of that kind of %q and %q", s.article, s.A, s.B)
		}
		delete(want, *s)
		return err
	})
	if err != nil {
		return err
	}
	for s := range want {
		yield("what article %d says of %q and %q is missing", s.article, s.A, s.B)
	}
	outlets, err := outletsRead(ctx, tx)
	if err != nil {
		return err
	}
	rows, err = tx.QueryContext(ctx, `SELECT key, host FROM outlets`)
	_, err = collect(rows, err, func(r *sql.Rows, o *tenor.OutletAt) error {
		err := r.Scan(&o.Key, &o.Host)
		if !outlets[*o] {
			yield("no article of %q is from %q", o.Key, o.Host)
		}
		delete(outlets, *o)
		return err
	})
	if err != nil {
		return err
	}
	for o := range outlets {
		yield("that %q was read at %q is missing", o.Key, o.Host)
	}
	return nil
}

// misjoined compares what is counted under another key with what the evidence says.
func (j *joiner) misjoined(ctx context.Context, tx *sql.Tx, yield func(what string, args ...any)) error {
	keys, err := j.joinable(ctx, tx)
	if err != nil {
		return err
	}
	_, want, err := j.mains(ctx, tx, keys)
	if err != nil {
		return err
	}
	is, err := joinedKeys(ctx, tx, j.kind)
	if err != nil {
		return err
	}
	for key, main := range want {
		if other, ok := is[key]; ok && other != main || !ok && main != key {
			yield("the %s %q is not counted under %q", j.noun, key, main)
		}
		delete(is, key)
	}
	for key, main := range is {
		yield("the %s %q, counted under %q, is not there", j.noun, key, main)
	}
	return nil
}

// gatherNames gathers all of it anew.
func gatherNames(ctx context.Context, tx *sql.Tx) error {
	for _, table := range []string{"heard", "heard_names", "aliases", "firm_ties", "outlets", "joined"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	if err := rekey(ctx, tx); err != nil {
		return err
	}
	return adopt(ctx, tx)
}
