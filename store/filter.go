package store

import (
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
}

// selectQuotes turns a filter into SQL. Every value is a bound parameter.
func selectQuotes(f tenor.Filter) (selection, error) {
	s := selection{from: "quotes q JOIN articles a ON a.id = q.article_id"}
	if strings.TrimSpace(f.Query) != "" {
		match, without, err := matchQuery(f.Query)
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
		// A person by any spelling; one that no article used still has the key.
		spelled := keys(f.Analysts, tenor.FoldText)
		person := keys(f.Analysts, func(name string) string { return tenor.PersonKey(name, "") })
		firm := keys(f.Analysts, func(name string) string {
			q := tenor.Quote{Speaker: name, SpeakerType: tenor.Institution}
			return q.VoiceKey()
		})
		s.add(`q.person_id IN (SELECT person_id FROM aliases WHERE fold IN (SELECT value FROM json_each(?))
			UNION SELECT person_id FROM aliases WHERE key IN (SELECT value FROM json_each(?)))`,
			jsonList(spelled), jsonList(append(person, firm...)))
	}
	if len(f.Firms) > 0 {
		s.add(`q.firm_id IN (SELECT id FROM firms WHERE key IN (SELECT value FROM json_each(?)))`,
			jsonList(keys(f.Firms, tenor.FirmKey)))
	}
	if len(f.Outlets) > 0 {
		s.add(`a.outlet_key IN (SELECT value FROM json_each(?))`, jsonList(keys(f.Outlets, tenor.FoldText)))
	}
	anyOf(&s, "q.stance", f.Stances)
	anyOf(&s, "q.subject", f.WantedSubjects())
	anyOf(&s, "q.kind", f.Kinds)
	anyOf(&s, "q.speaker_type", f.SpeakerTypes)
	if len(f.Themes) > 0 {
		s.add(`EXISTS (SELECT 1 FROM json_each(?) WHERE instr('|' || q.themes || '|', '|' || value || '|'))`,
			jsonList(plain(f.WantedThemes())))
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
		s.add("q.known_at < ?", time.Date(y, m, d+1, 0, 0, 0, 0, tenor.Market).Unix())
	}
	return s, nil
}

// seq is the column that sorts by publication day, in the table that leads.
func (s *selection) seq() string {
	if strings.HasPrefix(s.from, "quotes_fts") {
		return "t.rowid"
	}
	return "q.seq"
}

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
