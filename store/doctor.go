package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// Diagnosis is what the doctor found.
type Diagnosis struct {
	Store  string           `json:"store"`
	Size   int64            `json:"size"` // bytes
	Schema int              `json:"schema"`
	Known  int              `json:"known_schema"` // of this program
	Rows   map[string]int64 `json:"rows"`         // by table; empty where they cannot be counted
	Checks []CheckResult    `json:"checks"`
	// The newest backup beside the store that still has its hash; empty where there is none.
	Backup   string    `json:"backup"`
	Manifest *Manifest `json:"backup_manifest,omitempty"`
	// Files beside the store that a backup or restore left which was killed, or is running.
	Leftovers []string `json:"leftovers,omitempty"`
}

// CheckResult is what one check found.
type CheckResult struct {
	Name     string   `json:"name"`
	Wrong    int      `json:"wrong"`              // 0: all is well
	Examples []string `json:"examples,omitempty"` // of what is wrong, a few
	Note     string   `json:"note,omitempty"`     // of what is worth knowing and not wrong
	Repair   string   `json:"repair,omitempty"`   // what --repair does about it; empty: nothing, restore a backup
}

// Well reports whether nothing is wrong.
func (d *Diagnosis) Well() bool {
	return !slices.ContainsFunc(d.Checks, func(c CheckResult) bool { return c.Wrong > 0 })
}

// Repairable reports whether all that is wrong can be repaired.
func (d *Diagnosis) Repairable() bool {
	return !slices.ContainsFunc(d.Checks, func(c CheckResult) bool { return c.Wrong > 0 && c.Repair == "" })
}

// MaxExamples is how many examples of one kind are given.
const MaxExamples = 5

func (c *CheckResult) found(n int, format string, args ...any) {
	c.Wrong += n
	if len(c.Examples) < MaxExamples {
		c.Examples = append(c.Examples, fmt.Sprintf(format, args...))
	}
}

// Names of the checks, in their order.
const (
	checkStructure  = "structure"
	checkReferences = "references"
	checkOrphans    = "orphans"
	checkQuotes     = "quotes"
	checkClusters   = "copies"
	checkNames      = "people and firms"
	checkSources    = "sources"
	checkFullText   = "full-text index"
)

// Doctor compares everything in the store that is there twice, and looks for rows that
// belong to nothing. It reads the whole store, and changes nothing. An error means that
// it could not go on; what is wrong with the store is in the diagnosis.
func (s *Store) Doctor(ctx context.Context, progress Progress) (Diagnosis, error) {
	d := Diagnosis{Store: s.path}
	if info, err := os.Stat(s.path); err == nil {
		d.Size = info.Size()
	}
	steps, err := migrations()
	if err != nil {
		return d, err
	}
	d.Known = len(steps)
	if d.Schema, err = schema(ctx, s.read); err != nil && !isDamage(err) {
		return d, fmt.Errorf("examine %s: %w", s.path, err)
	}
	if d.Rows, err = countRows(ctx, s.read); err != nil && !isDamage(err) {
		return d, fmt.Errorf("examine %s: %w", s.path, err)
	}
	for _, check := range []struct {
		name string
		run  func(context.Context, *CheckResult, Progress) error
	}{
		{checkStructure, s.examineStructure}, {checkReferences, s.examineReferences}, {checkOrphans, s.examineOrphans},
		{checkQuotes, s.examineQuotes}, {checkClusters, s.examineClusters}, {checkNames, s.examineNames},
		{checkSources, s.examineSources}, {checkFullText, s.examineIndex},
	} {
		progress.at(check.name, 0, 0)
		c := CheckResult{Name: check.name}
		err := check.run(ctx, &c, progress)
		switch {
		case ctx.Err() != nil:
			return d, ctx.Err()
		case isDamage(err):
			c.found(1, "%s", err)
			c.Repair = ""
		case err != nil:
			return d, fmt.Errorf("examine %s: %s: %w", s.path, check.name, err)
		}
		d.Checks = append(d.Checks, c)
	}
	// Where pages are damaged, rows that look like orphans may only have lost those
	// that refer to them.
	if d.Checks[0].Wrong > 0 && d.Checks[0].Repair == "" {
		for i := range d.Checks {
			d.Checks[i].Repair = ""
		}
	}
	if path, m, ok := LastBackup(s.path); ok {
		d.Backup, d.Manifest = path, &m
	}
	d.Leftovers = leftovers(s.path)
	return d, nil
}

// examineStructure has SQLite look at every page, row and index, over a connection of its
// own: on one that checked before FTS5 still has its index as it was then, and takes what
// was merged since for damage.
func (s *Store) examineStructure(ctx context.Context, c *CheckResult, _ Progress) error {
	db, err := sql.Open("sqlite3", readerDSN(s.path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := pragmaCheck(ctx, db, "integrity_check(100)")
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrCantOpen { // nobody can write to it, so nothing changes
		list, err = pragmaCheck(ctx, s.read, "integrity_check(100)")
	}
	if err != nil {
		return err
	}
	indexOnly := true
	for _, line := range list {
		c.found(1, "%s", line)
		indexOnly = indexOnly && (strings.Contains(line, "missing from index") || strings.Contains(line, "wrong # of entries in index") ||
			strings.Contains(line, "quotes_fts") || strings.Contains(line, "past_fts"))
	}
	if len(list) > 0 && indexOnly { // the rows themselves are whole
		c.Repair = "builds the indexes anew"
	}
	return nil
}

func (s *Store) examineReferences(ctx context.Context, c *CheckResult, _ Progress) error {
	c.Repair = "removes what belonged to rows that are gone"
	rows, err := s.read.QueryContext(ctx, `SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY "table", parent`)
	type loose struct {
		table, parent string
		n             int
	}
	list, err := collect(rows, err, func(r *sql.Rows, l *loose) error { return r.Scan(&l.table, &l.parent, &l.n) })
	for _, l := range list {
		c.found(l.n, "%d rows of %s refer to rows of %s that are not there", l.n, l.table, l.parent)
	}
	return err
}

// orphan is a kind of row that belongs to nothing: it can be removed and nobody will
// miss it.
type orphan struct{ table, where string }

// orphans finds whom to look for in the schema itself, so that a table that comes to
// refer to people or firms keeps them.
func orphans(ctx context.Context, db querier) ([]orphan, error) {
	var list []orphan
	for _, table := range []string{"people", "firms"} {
		rows, err := db.QueryContext(ctx, `SELECT t.name, k."from" FROM pragma_table_list t, pragma_foreign_key_list(t.name) k
			WHERE t.schema = 'main' AND k."table" = ? AND t.name <> 'aliases' ORDER BY 1, 2`, table)
		type column struct{ table, name string }
		columns, err := collect(rows, err, func(r *sql.Rows, c *column) error { return r.Scan(&c.table, &c.name) })
		if err != nil {
			return nil, err
		}
		var where []string
		for _, c := range columns {
			where = append(where, fmt.Sprintf(`NOT EXISTS (SELECT 1 FROM "%s" WHERE "%s" = %s.id)`, c.table, c.name, table))
		}
		if table == "people" { // whom the ledger names stays, so that a decision can be undone
			where = append(where, "kept = 0")
		}
		list = append(list, orphan{table, strings.Join(where, " AND ")})
	}
	return list, nil
}

func (s *Store) examineOrphans(ctx context.Context, c *CheckResult, _ Progress) error {
	c.Repair = "removes rows that belong to nothing"
	list, err := orphans(ctx, s.read)
	if err != nil {
		return err
	}
	for _, o := range list {
		var n int
		if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM `+o.table+` WHERE `+o.where).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			c.found(n, "%d of %s", n, o.table)
		}
	}
	var labels int
	err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM labels WHERE quote_id NOT IN (SELECT id FROM quotes UNION ALL SELECT id FROM removed_quotes)`).Scan(&labels)
	if labels > 0 {
		c.Note = fmt.Sprintf("%d labels of people are for quotes that are gone; they are kept, in case these come again", labels)
	}
	return err
}

// examineQuotes holds every quote against its identifier, its article's text and day,
// and the model's labels against those that are shown.
func (s *Store) examineQuotes(ctx context.Context, c *CheckResult, progress Progress) error {
	c.Repair = "writes the words anew from where they are still right"
	return s.eachStored(ctx, progress, func(q *storedQuote) {
		if err := q.wrong(); err != nil {
			c.found(1, "%s", strings.TrimSuffix(err.Error(), ": "+errDamaged.Error()))
			if q.mend() == "" {
				c.Repair = ""
			}
		}
	})
}

func (s *Store) examineClusters(ctx context.Context, c *CheckResult, progress Progress) error {
	c.Repair = "folds the copies anew"
	return misfolded(ctx, s.read, progress, func(is, want *tenor.Record) error {
		c.found(1, "quote %s is one of %d reports in %s, and should be one of %d in %s", is.ID, is.Copies, is.Cluster, want.Copies, want.Cluster)
		return nil
	})
}

// examineNames counts anew what is known of people, firms and outlets.
func (s *Store) examineNames(ctx context.Context, c *CheckResult, progress Progress) error {
	c.Repair = "gathers it anew from the quotes"
	return s.misnamed(ctx, progress, func(what string, args ...any) { c.found(1, what, args...) })
}

// examineSources counts anew how many articles came from each source on each day.
func (s *Store) examineSources(ctx context.Context, c *CheckResult, _ Progress) error {
	c.Repair = "counts its articles anew"
	return miscounted(ctx, s.read, func(source, day string, is, want int) {
		c.found(1, "%d articles of %s on %s are noted, and there are %d", is, source, day, want)
	})
}

// examineIndex compares the full-text indexes, of today's quotes and of past ones, with
// the rows. FTS5 is asked through a writing statement, which keeps others from writing for
// as long as it takes; a crawl would not wait that long, so while one is running the
// question is left out.
func (s *Store) examineIndex(ctx context.Context, c *CheckResult, _ Progress) error {
	c.Repair = "builds the index anew"
	release, err := lockCrawl(ctx, s.path)
	if err != nil {
		c.Note = "not compared with the rows, since a crawl is running or the folder cannot be written to"
		return nil
	}
	defer release()
	db, err := sql.Open("sqlite3", writerDSN(s.path, false))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, table := range []string{"quotes_fts", "past_fts"} {
		if err == nil {
			_, err = db.ExecContext(ctx, `INSERT INTO `+table+` (`+table+`, rank) VALUES ('integrity-check', 1)`)
		}
	}
	var e sqlite3.Error
	switch {
	case isDamage(err):
		c.found(1, "it does not hold the words of the rows")
		return nil
	case errors.As(err, &e) && (e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrCantOpen || e.Code == sqlite3.ErrBusy):
		c.Note = "not compared with the rows, since the file cannot be written to now"
		return nil
	}
	return err
}
