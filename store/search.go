package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// Bounds of a page of results.
const (
	defaultPage = 50
	maxPageRows = 500
)

// maxFacetValues bounds how many analysts, firms or outlets a facet lists.
const maxFacetValues = 50

// Search is one page of the quotes that match, newest first, with how many match
// in all and how they spread. The cursor is the Next of the page before, or empty
// for the first; a page has 50 rows unless limit says otherwise, and at most 500.
func (s *Store) Search(ctx context.Context, f tenor.Filter, cursor string, limit int) (tenor.Results, error) {
	res, err := s.search(ctx, f, cursor, limit)
	if err != nil {
		return tenor.Results{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

func (s *Store) search(ctx context.Context, f tenor.Filter, cursor string, limit int) (res tenor.Results, err error) {
	switch {
	case limit <= 0:
		limit = defaultPage
	case limit > maxPageRows:
		limit = maxPageRows
	}
	sel, err := selectQuotes(f)
	if err != nil {
		return res, err
	}
	page := sel
	if cursor != "" {
		below, err := strconv.ParseInt(cursor, 36, 64)
		if err != nil || below < 0 {
			return res, fmt.Errorf("cursor: %q is not one that a page of results gave (%w)", cursor, tenor.ErrUsage)
		}
		page.where, page.args = slices.Clip(page.where), slices.Clip(page.args)
		page.add(page.seq()+" < ?", below)
	}
	if sel.none {
		return res, nil
	}
	tx, err := s.read.BeginTx(ctx, nil) // one state of the store for page, total and facets
	if err != nil {
		return res, err
	}
	defer tx.Rollback()
	query, args := page.query(recordColumns, true)
	rows, err := tx.QueryContext(ctx, query+` LIMIT ?`, append(slices.Clip(args), limit+1)...)
	places, err := collect(rows, err, scanRecord)
	if err != nil {
		return res, err
	}
	if len(places) > limit {
		places = places[:limit]
		res.Next = strconv.FormatInt(places[limit-1].seq, 36)
	}
	res.Records = make([]tenor.Record, len(places))
	for i := range places {
		res.Records[i] = places[i].Record
	}
	res.Total, res.Facets, err = facets(ctx, tx, sel, f.Topics)
	return res, err
}

// facets counts the matching quotes, and by each filter's values: as many as the
// filter would find, so a topic counts what is below it too. One pass
// gathers them; what is then grouped are short rows in memory.
func facets(ctx context.Context, tx *sql.Tx, sel selection, topics tenor.Topics) (total int, list []tenor.Facet, err error) {
	matching, args := sel.query(`q.stance, q.themes, q.subject, q.person_id, q.firm_id, a.outlet, a.outlet_key, q.speaker_type, q.kind`, false)
	rows, err := tx.QueryContext(ctx, `WITH m AS MATERIALIZED (`+matching+`)
		SELECT 'stance', stance, count(*) FROM m GROUP BY stance
		UNION ALL SELECT 'theme', themes, count(*) FROM m WHERE themes <> '' GROUP BY themes
		UNION ALL SELECT 'subject', subject, count(*) FROM m GROUP BY subject
		UNION ALL SELECT 'analyst', p.name, n FROM (SELECT person_id, count(*) AS n FROM m GROUP BY person_id) JOIN people p ON p.id = person_id
		UNION ALL SELECT 'firm', f.name, n FROM (SELECT firm_id, count(*) AS n FROM m GROUP BY firm_id) JOIN firms f ON f.id = firm_id
		UNION ALL SELECT 'outlet', max(outlet), count(*) FROM m GROUP BY outlet_key
		UNION ALL SELECT 'speaker_type', speaker_type, count(*) FROM m GROUP BY speaker_type
		UNION ALL SELECT 'kind', kind, count(*) FROM m GROUP BY kind`, args...)
	type count struct {
		facet, value string
		n            int
	}
	counts, err := collect(rows, err, func(r *sql.Rows, c *count) error { return r.Scan(&c.facet, &c.value, &c.n) })
	if err != nil {
		return 0, nil, err
	}
	tally := map[string]map[string]int{}
	for _, name := range facetNames {
		tally[name] = map[string]int{}
	}
	for _, c := range counts {
		if c.facet == "stance" {
			total += c.n // every quote has one
		}
		for _, v := range found(c.facet, c.value, topics) {
			if v != "" {
				tally[c.facet][v] += c.n // two people of one name are one value, as in the filter
			}
		}
	}
	for _, name := range facetNames {
		f := tenor.Facet{Name: name}
		for v, n := range tally[name] {
			f.Values = append(f.Values, tenor.FacetValue{Value: v, Count: n})
		}
		slices.SortFunc(f.Values, func(a, b tenor.FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		f.Values = f.Values[:min(len(f.Values), maxFacetValues)]
		list = append(list, f)
	}
	return total, list, nil
}

// found are the values of a facet by which a quote is found that has this one.
func found(facet, value string, topics tenor.Topics) []string {
	switch facet {
	case "theme":
		values := strings.Split(value, "|")
		for _, v := range values {
			for _, up := range topics.ThemesAbove(tenor.Theme(v)) {
				if !slices.Contains(values, string(up)) {
					values = append(values, string(up))
				}
			}
		}
		return values
	case "subject":
		return append([]string{value}, plain(topics.SubjectsAbove(tenor.Subject(value)))...)
	}
	return []string{value}
}

// facetNames are the facets of a page of results, in their order.
var facetNames = []string{"stance", "theme", "subject", "analyst", "firm", "outlet", "speaker_type", "kind"}
