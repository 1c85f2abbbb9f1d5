package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// tally counts the matching quotes, and by each filter's values: as many as the filter
// would find, so a topic counts what is below it too.
type tally struct {
	total  int
	values map[string]map[string]int // by facet
	topics tenor.Topics
}

func newTally(topics tenor.Topics) tally {
	t := tally{values: map[string]map[string]int{}, topics: topics}
	for _, name := range facetNames {
		t.values[name] = map[string]int{}
	}
	return t
}

// add counts n quotes with this value of a facet.
func (t *tally) add(facet, value string, n int) {
	if facet == "stance" {
		t.total += n // every quote has one
	}
	for _, v := range found(facet, value, t.topics) {
		if v != "" {
			t.values[facet][v] += n // two people of one name are one value, as in the filter
		}
	}
}

// addNames counts quotes by names, the first of which is nobody's.
func (t *tally) addNames(facet string, counts []int32, names []string) {
	for i, n := range counts[1:] {
		if name := names[i+1]; n > 0 && name != "" {
			t.values[facet][name] += int(n)
		}
	}
}

// addDay counts n quotes of the day of a seq, by month.
func (t *tally) addDay(seq int64, n int) {
	if seq >= firstSeq {
		t.values["month"][seqDay(seq).String()[:len("2006-01")]] += n
	}
}

// facets are the commonest values of each, but the latest months.
func (t *tally) facets() []tenor.Facet {
	var list []tenor.Facet
	for _, name := range facetNames {
		values := t.ordered(name)
		list = append(list, tenor.Facet{Name: name, Values: values[:min(len(values), maxFacetValues)]})
	}
	return list
}

// ordered are all values of a facet.
func (t *tally) ordered(name string) []tenor.FacetValue {
	list := make([]tenor.FacetValue, 0, len(t.values[name]))
	for v, n := range t.values[name] {
		list = append(list, tenor.FacetValue{Value: v, Count: n})
	}
	slices.SortFunc(list, func(a, b tenor.FacetValue) int {
		if name == "month" {
			return cmp.Compare(b.Value, a.Value)
		}
		if a.Count != b.Count {
			return cmp.Compare(b.Count, a.Count)
		}
		return cmp.Compare(a.Value, b.Value)
	})
	return list
}

// count is the tally of a selection. One pass gathers what it counts; what is then
// grouped are short rows in memory.
func count(ctx context.Context, tx *sql.Tx, sel selection, topics tenor.Topics) (tally, error) {
	t := newTally(topics)
	joined, err := readOutlets(ctx, tx)
	if err != nil {
		return t, err
	}
	matching, args := sel.query(`q.seq AS seq, q.stance, q.themes, q.subject, q.person_id, q.firm_id, a.outlet, a.outlet_key, q.speaker_type, q.kind`, false)
	rows, err := tx.QueryContext(ctx, `WITH m AS MATERIALIZED (`+matching+`)
		SELECT 'stance', stance, count(*) FROM m GROUP BY stance
		UNION ALL SELECT 'theme', themes, count(*) FROM m WHERE themes <> '' GROUP BY themes
		UNION ALL SELECT 'subject', subject, count(*) FROM m GROUP BY subject
		UNION ALL SELECT 'analyst', p.name, n FROM (SELECT person_id, count(*) AS n FROM m GROUP BY person_id) JOIN people p ON p.id = person_id
		UNION ALL SELECT 'firm', f.name, n FROM (SELECT firm_id, count(*) AS n FROM m GROUP BY firm_id) JOIN firms_shown f ON f.id = firm_id
		UNION ALL SELECT 'outlet', outlet_key || char(0) || max(outlet), count(*) FROM m GROUP BY outlet_key
		UNION ALL SELECT 'speaker_type', speaker_type, count(*) FROM m GROUP BY speaker_type
		UNION ALL SELECT 'kind', kind, count(*) FROM m GROUP BY kind
		UNION ALL SELECT 'month', min(seq), count(*) FROM m GROUP BY seq >> 24`, args...)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	outlets := joined.tally()
	for rows.Next() {
		var facet, value string
		var n int
		if err := rows.Scan(&facet, &value, &n); err != nil {
			return t, err
		}
		if facet == "outlet" {
			key, name, _ := strings.Cut(value, "\x00")
			outlets.add(key, name, n)
			continue
		}
		if facet != "month" {
			t.add(facet, value, n)
			continue
		}
		seq, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return t, err
		}
		t.addDay(seq, n)
	}
	outlets.each(func(name string, n int) { t.add("outlet", name, n) })
	return t, rows.Err()
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
var facetNames = []string{"stance", "theme", "subject", "analyst", "firm", "outlet", "speaker_type", "kind", "month"}
