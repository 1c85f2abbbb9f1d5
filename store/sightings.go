package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tenor"
)

// sighting is the key of a row of sightings.
type sighting struct {
	heardName
	year    int
	subject string
}

// heardBits are the months and roles of a sighting.
type heardBits struct{ months, roles int64 }

// sighted is what an article adds to a row, and takes away.
type sighted struct {
	quotes     int
	came, went heardBits
}

// seen is what an article adds to what is known of names, and takes away.
type seen struct {
	counts map[sighting]sighted
	gone   map[spelledName]bool // that may be written so nowhere any longer
}

// spelledName is a name as articles write it.
type spelledName struct {
	heardName
	spelling string
}

func newSeen() seen { return seen{map[sighting]sighted{}, map[spelledName]bool{}} }

func (s seen) add(q *tenor.Quote, seq int64, count int) {
	n, ok := nameOf(q)
	if !ok {
		return
	}
	year, month := seqMonth(seq)
	at := sighting{n, year, string(q.Subject)}
	row, bits := s.counts[at], heardBits{month, int64(tenor.RoleBit(q.Role))}
	if row.quotes += count; count > 0 {
		row.came.add(bits)
	} else {
		row.went.add(bits)
		s.gone[spelledName{n, q.Speaker}] = true
	}
	s.counts[at] = row
}

func (b *heardBits) add(o heardBits) { b.months, b.roles = b.months|o.months, b.roles|o.roles }

// seqMonth is the year of a seq and the bit of its month, both 0 where it has no day.
func seqMonth(seq int64) (year int, month int64) {
	if seq < firstSeq {
		return 0, 0
	}
	at := seqDay(seq).Time()
	return at.Year(), 1 << (at.Month() - 1)
}

// changedNames is of what more or less is known than before.
type changedNames struct {
	keys  map[string][]string // each with the firms at which it was heard of and is no longer
	jobs  map[string]bool     // keys heard of at several firms around one time
	roots map[string]bool     // of firms at which one person was heard of under several names
}

func newChangedNames() changedNames {
	return changedNames{map[string][]string{}, map[string]bool{}, map[string]bool{}}
}

// saveSightings writes what was heard of, and notes what may have to be settled because
// of it. People of whom a name is gone are called by what is left of theirs.
func saveSightings(ctx context.Context, tx *sql.Tx, seen seen, changed *changedNames) error {
	for s, row := range seen.counts {
		if row.quotes == 0 && row.came == row.went {
			continue
		}
		if row.went == (heardBits{}) || row.came == row.went && row.quotes > 0 { // nearly always nothing else is new
			res, err := tx.ExecContext(ctx, `UPDATE sightings SET quotes = quotes + ?5 WHERE key = ?1 AND firm = ?2 AND year = ?3 AND subject = ?4
				AND months | ?6 = months AND roles | ?7 = roles`, s.key, s.firm, s.year, s.subject, row.quotes, row.came.months, row.came.roles)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n > 0 {
				if err != nil {
					return err
				}
				continue
			}
		}
		var total int
		if err := tx.QueryRowContext(ctx, `INSERT INTO sightings (key, firm, year, subject, quotes, months, roles) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET quotes = quotes + excluded.quotes, months = months | excluded.months, roles = roles | excluded.roles
			RETURNING quotes`, s.key, s.firm, s.year, s.subject, row.quotes, row.came.months, row.came.roles).Scan(&total); err != nil {
			return err
		}
		var err error
		switch _, known := changed.keys[s.key]; {
		case total <= 0:
			changed.keys[s.key] = append(changed.keys[s.key], s.firm)
			_, err = tx.ExecContext(ctx, `DELETE FROM sightings WHERE key = ? AND firm = ? AND year = ? AND subject = ?`, s.key, s.firm, s.year, s.subject)
		case row.went != heardBits{}:
			err = recountSighting(ctx, tx, s)
		case total == row.quotes && !known:
			changed.keys[s.key] = nil
		}
		if err == nil {
			err = changed.jobsOf(ctx, tx, s, row.went != heardBits{})
		}
		if err != nil {
			return err
		}
	}
	for n := range seen.gone {
		rows, err := tx.QueryContext(ctx, `DELETE FROM aliases WHERE key = ?1 AND firm = ?2 AND spelling = ?3
			AND NOT EXISTS (SELECT 1 FROM quotes q INDEXED BY quotes_by_person WHERE q.person_id = aliases.person_id AND q.speaker = ?3
				AND q.firm_id IS (SELECT id FROM firms WHERE key = ?2) AND (q.speaker_type = ?4) = ?5) RETURNING person_id`,
			n.key, n.firm, n.spelling, string(tenor.Institution), strings.HasPrefix(n.key, "firm:"))
		people, err := collect(rows, err, func(r *sql.Rows, id *int64) error { return r.Scan(id) })
		if err != nil {
			return err
		}
		if err := renamePeople(ctx, tx, people); err != nil {
			return err
		}
	}
	return nil
}

// jobsOf notes a name that was heard of at other firms around that time: it may be two
// people's, or the firms one. gone says that some of what was heard is no more.
func (c *changedNames) jobsOf(ctx context.Context, tx *sql.Tx, s sighting, gone bool) error {
	if s.firm == "" {
		return nil
	}
	var others bool // at any time: of most names there are none
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sightings WHERE key = ?1 AND firm > ?2)
		OR EXISTS (SELECT 1 FROM sightings WHERE key = ?1 AND firm > '' AND firm < ?2)`, s.key, s.firm).Scan(&others); err != nil || !others {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT firm FROM sightings WHERE key = ?1 AND firm NOT IN (?2, '') AND year BETWEEN ?3 - 1 AND ?3 + 1`,
		s.key, s.firm, s.year)
	firms, err := collect(rows, err, scanText)
	if err != nil || len(firms) == 0 {
		return err
	}
	c.jobs[s.key] = true
	for _, other := range firms {
		if !tenor.MayBeOneFirm(s.firm, other) {
			continue
		}
		if one, err := oneFirm(ctx, tx, s.firm, other); err != nil {
			return err
		} else if !one || gone {
			c.roots[tenor.FirmRoot(s.firm)] = true
		}
	}
	return nil
}

// recountSighting reads the months and roles of a row from its quotes: some are gone.
func recountSighting(ctx context.Context, tx *sql.Tx, s sighting) error {
	from, to := int64(0), firstSeq
	if s.year != 0 {
		from, to = daySeq(newYear(s.year)), daySeq(newYear(s.year+1))
	}
	rows, err := tx.QueryContext(ctx, `SELECT seq, role FROM quotes INDEXED BY quotes_by_person
		WHERE person_id IN (SELECT person_id FROM aliases WHERE key = ?1 AND firm = ?2) AND seq >= ?3 AND seq < ?4
			AND speaker IN (SELECT spelling FROM aliases WHERE key = ?1 AND firm = ?2) AND model_subject = ?5
			AND firm_id IS (SELECT id FROM firms WHERE key = ?2) AND (speaker_type = ?6) = ?7`,
		s.key, s.firm, from, to, s.subject, string(tenor.Institution), strings.HasPrefix(s.key, "firm:"))
	var bits heardBits
	_, err = collect(rows, err, func(r *sql.Rows, _ *struct{}) error {
		var seq int64
		var role string
		err := r.Scan(&seq, &role)
		_, month := seqMonth(seq)
		bits.add(heardBits{month, int64(tenor.RoleBit(role))})
		return err
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE sightings SET months = ?, roles = ? WHERE key = ? AND firm = ? AND year = ? AND subject = ?`,
		bits.months, bits.roles, s.key, s.firm, s.year, s.subject)
	return err
}

func newYear(year int) tenor.Day { return tenor.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) }
