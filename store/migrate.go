package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"sort"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks a SQLite file as Tenor's ("Tenr"), so that another
// program's database is never migrated by mistake.
const applicationID = 0x54656e72

// migrations are the files' contents in order of their names. The n-th leads to
// schema n, which the file keeps in its user_version.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	list := make([]string, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list[i] = string(text)
	}
	return list, nil
}

// migrate brings the file to the newest schema, each step in a transaction of
// its own. Two programs that open a file at once do not step on each other: the
// version is read again under the write lock. say is told of each step of a file that has
// one already.
func migrate(ctx context.Context, db *sql.DB, say func(format string, args ...any)) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	for {
		at, err := schema(ctx, db)
		if err != nil {
			return err
		}
		if at >= len(steps) {
			return tooNew(at, len(steps))
		}
		if at > 0 {
			say("bringing it to schema %d of %d", at+1, len(steps))
		}
		if err := step(ctx, db, at, steps[at]); err != nil {
			return fmt.Errorf("migrate to schema %d: %w", at+1, err)
		}
	}
}

func step(ctx context.Context, db *sql.DB, from int, text string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var now int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&now); err != nil || now != from {
		return err // another program was faster; the caller looks again
	}
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	mark := fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, from+1)
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return err
	}
	return tx.Commit()
}

// schema is the number of migrations that the file has seen.
func schema(ctx context.Context, db *sql.DB) (int, error) {
	var version, app, tables int
	err := db.QueryRowContext(ctx, `SELECT (SELECT user_version FROM pragma_user_version),
		(SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)`).Scan(&version, &app, &tables)
	if err != nil {
		return 0, err
	}
	if app != applicationID && (tables > 0 || version > 0) {
		return 0, &OpenError{Problem: "is a database of another program", Remedy: "name another file with --db"}
	}
	return version, nil
}

// upToDate refuses a file whose schema is not this program's.
func upToDate(ctx context.Context, db *sql.DB) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	at, err := schema(ctx, db)
	if err != nil {
		return err
	}
	if at < len(steps) {
		return &OpenError{
			Problem: fmt.Sprintf("has schema %d and this Tenor needs %d", at, len(steps)),
			Remedy:  "open it once for writing, for example with tenor doctor --repair, to bring it up to date",
		}
	}
	return tooNew(at, len(steps))
}

func tooNew(at, known int) error {
	if at <= known {
		return nil
	}
	return &OpenError{
		Problem: fmt.Sprintf("was written by a newer Tenor (schema %d, this one knows %d)", at, known),
		Remedy:  "update Tenor, or name another store with --db",
	}
}
