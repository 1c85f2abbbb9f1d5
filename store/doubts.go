package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"tenor"
)

// Doubts are people of whom a human may say whether they are one: pairs whose names can be
// one person's and that something else ties, and names that may be two people's. Those
// with most quotes come first; limit 0 means all.
func (s *Store) Doubts(ctx context.Context, limit int) ([]tenor.Doubt, error) {
	list, err := s.doubts(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for doubtful people: %w", err)
	}
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, nil
}

func (s *Store) doubts(ctx context.Context) ([]tenor.Doubt, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	names, err := namesByPerson(ctx, tx, nil)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT p.id, p.name, count(*), EXISTS (SELECT 1 FROM people_fixed WHERE person_id = p.id)
		FROM quotes q JOIN people p ON p.id = q.person_id WHERE p.institution = 0 GROUP BY q.person_id ORDER BY 3 DESC, 1`)
	type known struct {
		tenor.Person
		fixed bool
	}
	people, err := collect(rows, err, func(r *sql.Rows, p *known) error { return r.Scan(&p.ID, &p.Name, &p.Quotes, &p.fixed) })
	if err != nil {
		return nil, err
	}
	bySurname := map[string][]int{}
	for i, p := range people {
		for _, n := range names[p.ID] {
			if _, surname := tenor.SplitPersonKey(n.Key); surname != "" && !slices.Contains(bySurname[surname], i) {
				bySurname[surname] = append(bySurname[surname], i)
			}
		}
	}
	var list []tenor.Doubt
	seen := map[[2]int]bool{}
	for _, same := range bySurname {
		for i, a := range same {
			for _, b := range same[i+1:] {
				p, o := people[a], people[b]
				if seen[[2]int{a, b}] || p.fixed && o.fixed { // somebody said so
					continue
				}
				seen[[2]int{a, b}] = true
				d := tenor.Doubt{A: p.Person, B: o.Person}
				if d.For, d.Against = tenor.NamesEvidence(names[p.ID], names[o.ID]); len(d.For) > 1 {
					list = append(list, d)
				}
			}
		}
	}
	for _, p := range people {
		if p.fixed {
			continue
		}
		for _, n := range names[p.ID] {
			if one, other, speaksFor, against := n.MayBeTwo(); one != "" {
				list = append(list, tenor.Doubt{A: p.Person, B: p.Person, Parts: [2]string{one, other}, For: speaksFor, Against: against})
			}
		}
	}
	slices.SortFunc(list, func(a, b tenor.Doubt) int {
		switch {
		case a.A.Quotes+a.B.Quotes != b.A.Quotes+b.B.Quotes:
			return b.A.Quotes + b.B.Quotes - a.A.Quotes - a.B.Quotes
		case a.A.ID != b.A.ID:
			return int(a.A.ID - b.A.ID)
		}
		return int(a.B.ID - b.B.ID)
	})
	return list, nil
}

// namesByPerson are the names of people, each with what was heard of it as theirs; nil
// people are all.
func namesByPerson(ctx context.Context, tx *sql.Tx, people []int64) (map[int64][]tenor.Name, error) {
	clause, args := ``, []any{}
	if people != nil {
		clause, args = ` AND a.person_id IN (SELECT value FROM json_each(?))`, []any{jsonList(people)}
	}
	rows, err := tx.QueryContext(ctx, `SELECT a.person_id, s.key, coalesce(j.main, s.firm), s.year, s.subject, s.months, s.roles, s.quotes
		FROM (SELECT DISTINCT person_id, key, firm FROM aliases) a JOIN sightings s ON s.key = a.key AND s.firm = a.firm
			LEFT JOIN joined j ON j.kind = 'firm' AND j.key = s.firm
		WHERE a.key NOT LIKE 'firm:%'`+clause+` ORDER BY 1, 2`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[int64][]tenor.Name{}
	for rows.Next() {
		var person int64
		var key string
		var s tenor.Sighting
		if err := rows.Scan(&person, &key, &s.Firm, &s.Year, &s.Subject, &s.Months, &s.Roles, &s.Quotes); err != nil {
			return nil, err
		}
		list := names[person]
		if len(list) == 0 || list[len(list)-1].Key != key {
			list = append(list, tenor.Name{Key: key})
		}
		last := &list[len(list)-1]
		last.Seen = append(last.Seen, s)
		names[person] = list
	}
	return names, rows.Err()
}

// WhyPeople says of two people what speaks for and against it that they are one, with what
// was decided of the first.
func (s *Store) WhyPeople(ctx context.Context, one, other string) (d tenor.Doubt, err error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return d, err
	}
	defer tx.Rollback()
	if d.A, err = findPerson(ctx, tx, one); err == nil {
		d.B, err = findPerson(ctx, tx, other)
	}
	if err == nil {
		err = describePerson(ctx, tx, &d.A)
	}
	if err == nil {
		err = describePerson(ctx, tx, &d.B)
	}
	var names map[int64][]tenor.Name
	if err == nil {
		names, err = namesByPerson(ctx, tx, []int64{d.A.ID, d.B.ID})
	}
	var refused *refusal
	if err != nil && !errors.As(err, &refused) {
		return d, fmt.Errorf("compare %q with %q: %w", one, other, err)
	}
	if err != nil {
		return d, err
	}
	if d.A.ID != d.B.ID {
		d.For, d.Against = tenor.NamesEvidence(names[d.A.ID], names[d.B.ID])
		return d, nil
	}
	for _, n := range names[d.A.ID] {
		if first, second, speaksFor, against := n.MayBeTwo(); first != "" {
			d.Parts, d.For, d.Against = [2]string{first, second}, speaksFor, against
		}
	}
	if all := names[d.A.ID]; len(all) > 1 && d.Parts[0] == "" {
		d.For, d.Against = tenor.NamesEvidence(all[:1], all[1:])
	}
	return d, nil
}
