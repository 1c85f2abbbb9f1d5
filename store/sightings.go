package store

import (
	"context"
	"database/sql"
	"errors"
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
	keys  map[string]changedName
	jobs  map[string]bool // keys heard of at several firms
	roots map[string]bool // of firms at which one person was heard of under several names
}

// changedName is what changed for a key.
type changedName struct {
	lost    []string // firms at which it was heard of and is no longer
	newFirm bool     // it was heard of where it never was
}

func newChangedNames() changedNames {
	return changedNames{map[string]changedName{}, map[string]bool{}, map[string]bool{}}
}

// saveSightings writes what was heard of, and notes what may have to be settled because
// of it. People of whom a name is gone are called by what is left of theirs.
func saveSightings(ctx context.Context, tx *sql.Tx, k *nameMemory, seen seen, changed *changedNames) error {
	for s, row := range seen.counts {
		if row.quotes == 0 && row.came == row.went {
			continue
		}
		name, isNew, err := k.heardName(ctx, tx, s.heardName)
		if err != nil {
			return err
		}
		told, err := noteSighting(ctx, tx, name, s, row)
		if err != nil {
			return err
		}
		c := changed.keys[s.key]
		switch {
		case told == nothingNew:
		case told == heardNoMore:
			c.lost = append(c.lost, s.firm)
			changed.keys[s.key] = c
			err = k.unheard(ctx, tx, name, s)
		default:
			if told == heardFirst { // even where some of it went again in the same batch
				c.newFirm = c.newFirm || isNew
				changed.keys[s.key] = c
			}
			if row.went != (heardBits{}) {
				err = recountSighting(ctx, tx, name, s)
			}
		}
		if err == nil {
			err = changed.jobsOf(ctx, tx, k, s, told, row.went != heardBits{})
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

// What noting a sighting changes in what is known of a name.
type newsOfName int

const (
	nothingNew  newsOfName = iota
	heardMore              // in another month or role, or less than before
	heardFirst             // in this year on this subject
	heardNoMore            // likewise
)

// noteSighting writes a row, with as few statements as nearly all need. Months and roles of
// quotes that went are left for recountSighting.
func noteSighting(ctx context.Context, tx *sql.Tx, name int64, s sighting, row sighted) (newsOfName, error) {
	did := func(query string, args ...any) (bool, error) {
		res, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return false, err
		}
		n, err := res.RowsAffected()
		return n > 0, err
	}
	const this = ` WHERE name = ? AND year = ? AND subject = ?`
	if row.went == (heardBits{}) || row.came == row.went && row.quotes > 0 {
		ok, err := did(`UPDATE heard SET quotes = quotes + ?`+this+` AND months | ? = months AND roles | ? = roles`,
			row.quotes, name, s.year, s.subject, row.came.months, row.came.roles)
		if err != nil || ok {
			return nothingNew, err
		}
	}
	if row.quotes > 0 {
		first, err := did(`INSERT OR IGNORE INTO heard (name, year, subject, quotes, months, roles) VALUES (?, ?, ?, ?, ?, ?)`,
			name, s.year, s.subject, row.quotes, row.came.months, row.came.roles)
		if err != nil || first {
			return heardFirst, err
		}
	}
	had, err := did(`UPDATE heard SET quotes = quotes + ?, months = months | ?, roles = roles | ?`+this,
		row.quotes, row.came.months, row.came.roles, name, s.year, s.subject)
	if err != nil || row.quotes > 0 {
		return heardMore, err
	}
	if gone, err := did(`DELETE FROM heard`+this+` AND quotes <= 0`, name, s.year, s.subject); err != nil || gone || !had {
		return heardNoMore, err
	}
	return heardMore, nil
}

// heardName is the row of a name, made where it is new.
func (k *nameMemory) heardName(ctx context.Context, tx *sql.Tx, n heardName) (id int64, isNew bool, err error) {
	if id, ok := k.heard[n]; ok {
		return id, false, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT id FROM heard_names WHERE key = ? AND firm = ?`, n.key, n.firm).Scan(&id)
	if isNew = errors.Is(err, sql.ErrNoRows); isNew {
		delete(k.several, n.key)
		var res sql.Result
		if res, err = tx.ExecContext(ctx, `INSERT INTO heard_names (key, firm) VALUES (?, ?)`, n.key, n.firm); err == nil {
			id, err = res.LastInsertId()
		}
	}
	if err == nil {
		k.heard[n] = id
	}
	return id, isNew, err
}

// unheard drops a name whose last sighting is gone.
func (k *nameMemory) unheard(ctx context.Context, tx *sql.Tx, name int64, s sighting) error {
	delete(k.heard, s.heardName)
	delete(k.several, s.key)
	_, err := tx.ExecContext(ctx, `DELETE FROM heard_names WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM heard WHERE name = ?1)`, name)
	return err
}

// jobsOf notes a name that was heard of at several firms: it may be two people's, or the
// firms one, which depends on how often it was heard of there. gone says that some of what
// was heard is no more.
func (c *changedNames) jobsOf(ctx context.Context, tx *sql.Tx, k *nameMemory, s sighting, told newsOfName, gone bool) error {
	several, err := k.severalFirms(ctx, tx, s.key)
	if err != nil || !several && told != heardNoMore { // which may have been at the second one
		return err
	}
	if several {
		c.jobs[s.key] = true
	}
	if told == nothingNew || s.firm == "" {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT firm FROM sightings WHERE key = ?1 AND firm NOT IN (?2, '') AND year BETWEEN ?3 - 1 AND ?3 + 1`,
		s.key, s.firm, s.year)
	firms, err := collect(rows, err, scanText)
	if err != nil {
		return err
	}
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
func recountSighting(ctx context.Context, tx *sql.Tx, name int64, s sighting) error {
	from, to := int64(0), firstSeq
	if s.year != 0 {
		from, to = daySeq(newYear(s.year)), daySeq(newYear(s.year+1))
	}
	rows, err := tx.QueryContext(ctx, `SELECT seq, role FROM quotes INDEXED BY quotes_by_person
		WHERE person_id IN (SELECT person_id FROM aliases WHERE key = ?1 AND firm = ?2) AND seq >= ?3 AND seq < ?4
			AND speaker IN (SELECT spelling FROM aliases WHERE key = ?1 AND firm = ?2) AND coalesce(model_subject, subject) = ?5
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
	_, err = tx.ExecContext(ctx, `UPDATE heard SET months = ?, roles = ? WHERE name = ? AND year = ? AND subject = ?`,
		bits.months, bits.roles, name, s.year, s.subject)
	return err
}

func newYear(year int) tenor.Day { return tenor.DayOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)) }
