package store

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"time"

	"tenor"
)

// selection is a filter as SQL: what follows FROM, with its bound parameters.
// The tables are q (quotes) and a (articles).
type selection struct {
	from  string
	where []string
	args  []any
	none  bool // nothing can match
	// past says that quotes are chosen as they stood at this moment, those that an
	// article has no longer included; 0: as they stand.
	past int64
}

// selectQuotes turns a filter into SQL. Every value is a bound parameter.
func selectQuotes(f tenor.Filter) (selection, error) {
	s := selection{from: "quotes q JOIN articles a ON a.id = q.article_id"}
	if strings.TrimSpace(f.Query) != "" {
		match, without, _, err := matchQuery(f.Query, f.Exact)
		if err != nil {
			return selection{}, err
		}
		if match == "" { // "&", "…": there is no such word anywhere
			s.none = true
		}
		if without {
			s.add("q.seq NOT IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)", match)
		} else {
			// CROSS JOIN fixes the order: the index first, whose rows come sorted.
			s.from = "quotes_fts t CROSS JOIN quotes q ON q.seq = t.rowid JOIN articles a ON a.id = q.article_id"
			s.add("quotes_fts MATCH ?", match)
		}
	}
	if len(f.Analysts) > 0 {
		s.add(byAnalyst, namesOfPeople(f.Analysts)...)
	}
	if len(f.Firms) > 0 {
		s.add(`q.firm_id IN (`+firmsNamed+`)`, jsonList(keys(f.Firms, tenor.FirmKey)))
	}
	if len(f.Outlets) > 0 {
		s.add(`a.outlet_key IN (`+outletsNamed+`)`, jsonList(keys(f.Outlets, tenor.OutletKey)))
	}
	anyOf(&s, "q.stance", f.Stances)
	anyOf(&s, "q.subject", f.WantedSubjects())
	anyOf(&s, "q.kind", f.Kinds)
	anyOf(&s, "q.speaker_type", f.SpeakerTypes)
	if len(f.Themes) > 0 {
		s.add(withTheme, jsonList(plain(f.WantedThemes())))
	}
	if f.From != nil {
		s.add(s.seq()+" >= ?", daySeq(*f.From))
	}
	if f.To != nil {
		s.add(s.seq()+" < ?", daySeq(*f.To+1))
		s.add(s.seq()+" >= ?", firstSeq) // an undated quote is on no side of a day
	}
	if f.AsOf != nil {
		y, m, d := f.AsOf.Time().Date()
		s.past = time.Date(y, m, d+1, 0, 0, 0, 0, tenor.Market).Unix()
		s.add("q.known_at < ?", s.past)
	}
	return s, nil
}

// peopleNamed are the rows of people by any spelling or the name that somebody gave;
// a spelling that no article used still has the key. Its parameters are namesOfPeople.
const peopleNamed = `SELECT person_id FROM aliases WHERE fold IN (SELECT value FROM json_each(?))
	UNION SELECT id FROM people WHERE given_fold IN (SELECT value FROM json_each(?))
	UNION SELECT person_id FROM aliases WHERE key IN (SELECT value FROM json_each(?))`

// namesOfPeople are JSON lists of folded names, twice, and of voices' keys.
func namesOfPeople(names []string) []any {
	spelled := keys(names, tenor.FoldText)
	person := keys(names, func(name string) string { return tenor.PersonKey(name, "") })
	firm := keys(names, func(name string) string {
		q := tenor.Quote{Speaker: name, SpeakerType: tenor.Institution}
		return q.VoiceKey()
	})
	return []any{jsonList(spelled), jsonList(spelled), jsonList(append(person, firm...))}
}

// firmsNamed are the rows of firms by the keys of any of their names, outletsNamed are
// all keys of outlets likewise.
var (
	firmsNamed   = `SELECT id FROM firms WHERE key IN (` + keysNamed("firm") + `)`
	outletsNamed = keysNamed("outlet")
)

// picker is the same filter for rows in memory. A nil list takes all.
type picker struct {
	from, to       int64 // seq, the last one not included
	labels, themes []bool
	people, firms  []bool
	outlets        []bool
	outletOf       []uint32 // of articles, where outlets are wanted
	match          string   // for FTS5; empty: no words
	without        bool     // and what it finds is not wanted
	none           bool
}

// pickQuotes turns a filter into a picker of columns: what selectQuotes chooses. AsOf is
// not for it.
func pickQuotes(ctx context.Context, tx *sql.Tx, c *columns, f tenor.Filter) (p picker, err error) {
	p.to = math.MaxInt64
	if strings.TrimSpace(f.Query) != "" {
		if p.match, p.without, _, err = matchQuery(f.Query, f.Exact); err != nil {
			return p, err
		}
		p.none = p.match == ""
	}
	if len(f.Analysts) > 0 {
		if p.people, err = pickRows(ctx, tx, c.people, peopleNamed, namesOfPeople(f.Analysts)...); err != nil {
			return p, err
		}
	}
	if len(f.Firms) > 0 {
		if p.firms, err = pickRows(ctx, tx, c.firms, firmsNamed, jsonList(keys(f.Firms, tenor.FirmKey))); err != nil {
			return p, err
		}
	}
	if len(f.Outlets) > 0 {
		rows, err := tx.QueryContext(ctx, outletsNamed, jsonList(keys(f.Outlets, tenor.OutletKey)))
		outlets, err := collect(rows, err, scanText)
		if err != nil {
			return p, err
		}
		p.outlets = mark(c.outlets, func(o *outletName) bool { return slices.Contains(outlets, o.key) })
		p.outletOf = c.outletOf
	}
	subjects := f.WantedSubjects()
	if len(f.Stances)+len(subjects)+len(f.Kinds)+len(f.SpeakerTypes) > 0 {
		p.labels = mark(c.labels, func(l *labelRow) bool {
			return oneOf(f.Stances, l.stance) && oneOf(subjects, l.subject) && oneOf(f.Kinds, l.kind) && oneOf(f.SpeakerTypes, l.speakerType)
		})
	}
	if themes := f.WantedThemes(); len(themes) > 0 {
		p.themes = mark(c.themes, func(joined *word) bool {
			return slices.ContainsFunc(splitThemes(string(*joined)), func(t tenor.Theme) bool { return slices.Contains(themes, t) })
		})
	}
	if f.From != nil {
		p.from = daySeq(*f.From)
	}
	if f.To != nil {
		p.from, p.to = max(p.from, firstSeq), daySeq(*f.To+1)
	}
	return p, nil
}

// takes reports whether a row passes, words and days aside.
func (p *picker) takes(c *chunk, i int) bool {
	return (p.labels == nil || p.labels[c.label[i]]) && (p.themes == nil || p.themes[c.themes[i]]) &&
		(p.people == nil || p.people[c.person[i]]) && (p.firms == nil || p.firms[c.firm[i]]) &&
		(p.outlets == nil || p.outlets[p.outletOf[c.article[i]]])
}

func mark[T any](list []T, wanted func(*T) bool) []bool {
	marks := make([]bool, len(list))
	for i := range list {
		marks[i] = wanted(&list[i])
	}
	return marks
}

func oneOf[T ~string](wanted []T, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, T(value))
}

// pickRows marks those of the rows that a query finds.
func pickRows(ctx context.Context, tx *sql.Tx, list []rowID, query string, args ...any) ([]bool, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	ids, err := collect(rows, err, func(r *sql.Rows, id *int64) error { return r.Scan(id) })
	if err != nil {
		return nil, err
	}
	wanted := map[rowID]bool{}
	for _, id := range ids {
		wanted[rowID(id)] = true
	}
	return mark(list, func(id *rowID) bool { return wanted[*id] }), nil
}

// seq is the column that sorts by publication day, in the table that leads.
func (s *selection) seq() string {
	if strings.HasPrefix(s.from, "quotes_fts") {
		return "t.rowid"
	}
	return "q.seq"
}

// query is the SELECT of columns, the first of which is q.seq where it is to be
// ordered by newest, with its parameters. It is the one place that knows what an "as
// of" sees: of each quote that was known then, the state in which it stood, which is the
// past one that ended first after that moment, or else that of today. Both parts come in
// order of their index and are merged.
func (s *selection) query(columns string, newest bool) (string, []any) {
	text := "SELECT " + columns + " FROM " + s.from + s.clause()
	if s.past == 0 {
		if newest {
			text += " ORDER BY " + s.seq() + " DESC"
		}
		return text, s.args
	}
	columns = strings.Replace(columns, "q.seq", s.seq(), 1)
	const earlier = " AND NOT EXISTS (SELECT 1 FROM past_quotes p WHERE p.id = q.id AND p.known_at < ? AND p.until >= ?"
	text = "SELECT " + columns + " FROM " + s.from + s.clause()
	text = text + earlier + ") UNION ALL " + inPast.Replace(text) + " AND q.until >= ?" + earlier + " AND p.until < q.until)"
	if newest {
		text += " ORDER BY 1 DESC"
	}
	args := append(slices.Clone(s.args), s.past, s.past)
	return text, append(append(args, s.args...), s.past, s.past, s.past)
}

// inPast turns a selection of quotes into the same of past quotes, which keep the
// title and date that their version had.
var inPast = strings.NewReplacer(
	"quotes_fts", "past_fts", "quotes q", "past_quotes q",
	"a.title", "q.title", "a.published_source", "q.published_source", "a.published", "q.published",
	standing, "q.until, q.version, q.written_id, NULL", byAnalyst, pastAnalyst,
)

// byAnalyst and pastAnalyst choose quotes by namesOfPeople. Names that no quote of today
// has are gone from aliases.
const (
	byAnalyst   = `q.person_id IN (` + peopleNamed + `)`
	pastAnalyst = `(q.speaker_fold IN (SELECT value FROM json_each(?)) OR q.person_id IN (
			SELECT id FROM people WHERE given_fold IN (SELECT value FROM json_each(?))
			UNION SELECT person_id FROM aliases WHERE key IN (SELECT value FROM json_each(?))))`
)

// withTheme chooses quotes by a JSON list of themes.
const withTheme = "EXISTS (SELECT 1 FROM json_each(?) h WHERE instr('|' || q.themes || '|', '|' || h.value || '|') > 0)"

func (s *selection) add(condition string, args ...any) {
	s.where = append(s.where, condition)
	s.args = append(s.args, args...)
}

// clause is the WHERE clause, or nothing.
func (s *selection) clause() string {
	if len(s.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(s.where, " AND ")
}

// keys folds names. One that folds to nothing names nobody, and must not find
// the articles without an outlet.
func keys(names []string, fold func(string) string) []string {
	list := []string{}
	for _, name := range names {
		if key := fold(name); key != "" {
			list = append(list, key)
		}
	}
	return list
}

func anyOf[T ~string](s *selection, column string, values []T) {
	if len(values) > 0 {
		s.add(column+" IN (SELECT value FROM json_each(?))", jsonList(plain(values)))
	}
}

func plain[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}
