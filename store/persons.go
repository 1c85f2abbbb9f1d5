package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tenor"
)

// nameMatches chooses rows of aliases x by what a user typed: a spelling (?1), a
// person's key (?2), a firm's key as a voice (?3), at a firm or any (?4, ?5: which).
const nameMatches = `(?1 = '' OR x.fold = ?1 OR x.key IN (?2, ?3)) AND (?4 = 0 OR x.firm = ?5)`

// typedName takes apart NAME, NAME@FIRM, NAME@ and @FIRM.
func typedName(s string) (args []any) {
	name, firm := s, ""
	i := strings.LastIndex(s, "@")
	if i >= 0 {
		name, firm = s[:i], s[i+1:]
	}
	fold := tenor.FoldText(name)
	if fold == "" && (i < 0 || tenor.FirmKey(firm) == "") {
		fold = "\x00" // that is nobody's
	}
	voice := tenor.Quote{Speaker: name, SpeakerType: tenor.Institution}
	return []any{fold, tenor.PersonKey(name, ""), voice.VoiceKey(), i >= 0, tenor.FirmKey(firm)}
}

// findPerson is the one person whom a user means: by a spelling or the name that
// was given, by NAME@FIRM, or by number, as #12.
func findPerson(ctx context.Context, tx *sql.Tx, name string) (tenor.Person, error) {
	found, err := lookUp(ctx, tx, name)
	switch {
	case err != nil:
		return tenor.Person{}, err
	case len(found) == 0:
		return tenor.Person{}, &refusal{fmt.Sprintf("nobody here is called %q: tenor people list shows who is", name), tenor.ErrNotFound}
	case len(found) == 1:
		return found[0], nil
	}
	var list []string
	for i, p := range found {
		if i == 5 {
			list = append(list, "…")
			break
		}
		list = append(list, numbered(p))
	}
	return tenor.Person{}, refuse("%q may be %s: say which by number, or as NAME@FIRM", name, strings.Join(list, " or "))
}

// lookUp are the people whom a name may mean, by number.
func lookUp(ctx context.Context, q querier, name string) ([]tenor.Person, error) {
	scan := func(r *sql.Rows, p *tenor.Person) error { return r.Scan(&p.ID, &p.Name, &p.Institution) }
	if number, ok := strings.CutPrefix(strings.TrimSpace(name), "#"); ok {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, nil
		}
		rows, err := q.QueryContext(ctx, `SELECT id, name, institution FROM people WHERE id = ?1
			AND EXISTS (SELECT 1 FROM quotes WHERE person_id = ?1)`, id)
		return collect(rows, err, scan)
	}
	rows, err := q.QueryContext(ctx, `SELECT id, name, institution FROM people WHERE id IN
			(SELECT person_id FROM aliases x WHERE `+nameMatches+`
			UNION SELECT id FROM people p WHERE given_fold = ?1 AND given_fold <> ''
				AND EXISTS (SELECT 1 FROM aliases x WHERE person_id = p.id AND (?4 = 0 OR x.firm = ?5)))
		ORDER BY id`, typedName(name)...)
	return collect(rows, err, scan)
}

// namesLike are those names of a person that a user means.
func namesLike(ctx context.Context, tx *sql.Tx, person int64, part string) ([]heardName, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key, firm FROM aliases x WHERE `+nameMatches+` AND person_id = ?6`,
		append(typedName(part), person)...)
	return collect(rows, err, func(r *sql.Rows, n *heardName) error { return r.Scan(&n.key, &n.firm) })
}

// namesOf are all names of some people.
func namesOf(ctx context.Context, tx *sql.Tx, people []int64) ([]ownedName, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key, firm, person_id FROM aliases
		WHERE person_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2`, jsonList(people))
	return collect(rows, err, scanOwned)
}

func scanOwned(r *sql.Rows, n *ownedName) error { return r.Scan(&n.key, &n.firm, &n.person) }

// quoteCounts are, over quotes q: how many, how many with a day, the first and the
// last seq of those.
var quoteCounts = fmt.Sprintf(`count(*), coalesce(sum(q.seq >= %[1]d), 0), coalesce(min(iif(q.seq >= %[1]d, q.seq, NULL)), 0), max(q.seq)`, firstSeq)

func setDays(dated int, first, last int64, from, to *tenor.Day) bool {
	if dated == 0 {
		return false
	}
	*from, *to = seqDay(first), seqDay(last)
	return true
}

// People are those who are called so by one of their spellings, or a part of it, the
// most quoted first; an empty name means everybody, limit 0 no limit.
func (s *Store) People(ctx context.Context, name string, limit int) ([]tenor.Person, error) {
	if limit <= 0 {
		limit = -1
	}
	fold := tenor.FoldText(name)
	if fold == "" && strings.TrimSpace(name) != "" {
		return nil, nil
	}
	rows, err := s.read.QueryContext(ctx, `SELECT p.id, p.name, p.institution, `+quoteCounts+` FROM quotes q
		JOIN people p ON p.id = q.person_id
		WHERE ?1 = '' OR p.id IN (SELECT person_id FROM aliases WHERE instr(fold, ?1) UNION SELECT id FROM people WHERE instr(given_fold, ?1))
		GROUP BY q.person_id ORDER BY count(*) DESC, p.name, p.id LIMIT ?2`, fold, limit)
	list, err := collect(rows, err, func(r *sql.Rows, p *tenor.Person) error {
		var dated int
		var first, last int64
		err := r.Scan(&p.ID, &p.Name, &p.Institution, &p.Quotes, &dated, &first, &last)
		p.Dated = setDays(dated, first, last, &p.First, &p.Last)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return list, nil
}

// Person is one person with all that is known: spellings, affiliations, decisions. The
// name is a spelling, NAME@FIRM, or a number as #12; that it may be several people
// is an ErrUsage, nobody an ErrNotFound.
func (s *Store) Person(ctx context.Context, name string) (tenor.Person, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return tenor.Person{}, fmt.Errorf("person %q: %w", name, err)
	}
	defer tx.Rollback()
	p, err := findPerson(ctx, tx, name)
	if err == nil {
		err = describePerson(ctx, tx, &p)
	}
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("person %q: %w", name, err)
	}
	return p, err
}

func describePerson(ctx context.Context, tx *sql.Tx, p *tenor.Person) error {
	rows, err := tx.QueryContext(ctx, `SELECT q.speaker, coalesce(f.name, ''), count(*) FROM quotes q
		LEFT JOIN firms f ON f.id = q.firm_id WHERE q.person_id = ? GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`, p.ID)
	p.Spellings, err = collect(rows, err, func(r *sql.Rows, s *tenor.Spelling) error { return r.Scan(&s.Name, &s.Firm, &s.Quotes) })
	if err != nil {
		return err
	}
	for _, s := range p.Spellings {
		p.Quotes += s.Quotes
	}
	rows, err = tx.QueryContext(ctx, `SELECT f.name, `+quoteCounts+` FROM quotes q
		JOIN firms_shown f ON f.id = q.firm_id WHERE q.person_id = ? GROUP BY f.main ORDER BY 4, f.name`, p.ID)
	p.Affiliations, err = collect(rows, err, func(r *sql.Rows, a *tenor.Affiliation) error {
		var dated int
		var first, last int64
		err := r.Scan(&a.Firm, &a.Quotes, &dated, &first, &last)
		a.Dated = setDays(dated, first, last, &a.First, &a.Last)
		return err
	})
	if err != nil {
		return err
	}
	list, err := entries(ctx, tx, `WHERE ? IN (SELECT value FROM json_each(l.people)) ORDER BY id DESC`, p.ID)
	p.Decisions = decisions(list)
	return err
}
