package store

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// released makes a store as the release with this schema left it, with one quote, by
// that release's own migrations.
func released(t testing.TB, path string, version int) (quoteID string) {
	t.Helper()
	db, err := sql.Open("sqlite3", writerDSN(path, true))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	steps := must[[]string](t)(migrations())
	for at := range version {
		if err := step(t.Context(), db, at, steps[at]); err != nil {
			t.Fatal(err)
		}
	}
	const words = "we like them"
	id := tenor.QuoteID("https://ledger.example/1", "Ines Okafor", []string{words})
	_, err = db.Exec(`
		INSERT INTO sources (name) VALUES ('ledger');
		INSERT INTO fetches (url, source, kind, depth, entry, state) VALUES ('https://ledger.example/2', 'ledger', 'page', 0, 0, 'queued');
		INSERT INTO articles (key, file, url, outlet, outlet_key, title, authors, published, published_precision, published_source,
				captured, captured_source, page_type, language, forwarded, translation, truncated, source, known_at, text)
			VALUES ('https://ledger.example/1', '', 'https://ledger.example/1', 'The Ledger', 'the ledger', 'Small caps', '[]', '2025-09-18', 'day', 'json-ld',
				'', '', 'article', 'en', '', '', 0, 'ledger', 1767225600, '“we like them,” said Ines Okafor.');
		INSERT INTO people (name, institution) VALUES ('Ines Okafor', 0)`)
	var firms int // a later schema tells names apart by firm, and fills them by itself
	if err == nil {
		err = db.QueryRow(`SELECT count(*) FROM pragma_table_info('aliases') WHERE name = 'firm'`).Scan(&firms)
	}
	if err == nil && firms == 0 {
		_, err = db.Exec(`INSERT INTO aliases (key, spelling, fold, person_id) VALUES ('ines okafor', 'Ines Okafor', 'ines okafor', 1)`)
	}
	if err == nil {
		columns, values := `label_source, cluster_id, model_stance, model_claim, model_horizon, model_subject, model_themes, model_at`,
			`'model', ?2, 'bullish', 'forecast', 'near', 'small-caps', 'valuation', 1767225600`
		var lean bool // a later schema has these from others of its columns
		if err := db.QueryRow(`SELECT count(*) FROM pragma_table_info('quotes') WHERE name = 'copy_of'`).Scan(&lean); err != nil {
			t.Fatal(err)
		}
		if lean {
			columns, values = `copy_of`, `NULL`
		}
		_, err = db.Exec(`INSERT INTO quotes (seq, id, article_id, person_id, kind, speaker_type, stance, claim, horizon, subject, themes,
				confidence, copies, known_at, copy_key, tagger, speaker, firm, role, spans, evidence, text, `+columns+`)
			VALUES (?1, ?2, 1, 1, 'direct', 'analyst', 'bullish', 'forecast', 'near', 'small-caps', 'valuation',
				0.75, 1, 1767225600, ?3, 'test-0', 'Ines Okafor', '', 'strategist', '[[3,15]]', '[]', ?4, `+values+`)`,
			dateSeq(must[tenor.Date](t)(tenor.ParseDate("2025-09-18", "json-ld")))+1, id, tenor.CopyKeyOf(words), words)
	}
	if err == nil {
		_, err = db.Exec(`INSERT INTO quotes_fts (rowid, quote, speaker, firm, title) SELECT seq, quote, speaker, firm, title FROM quotes_text`)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Every store of an earlier release opens, with all that is in it, and was kept as it
// was before.
func TestReleasedStoresOpen(t *testing.T) {
	steps := must[[]string](t)(migrations())
	for version := 1; version <= len(steps); version++ {
		path := filepath.Join(t.TempDir(), "old.db")
		id := released(t, path, version)
		var told []string
		s := must[*Store](t)(Open(t.Context(), path, Options{Now: func() time.Time { return known }, Upgrading: func(doing string) { told = append(told, doing) }}))
		defer s.Close()
		if version < len(steps) && (len(told) < 2 || told[0] != fmt.Sprintf("keeping it as it is in old-before-schema-%04d.backup.db", len(steps)) ||
			!slices.Contains(told, fmt.Sprintf("bringing it to schema %d of %d", len(steps), len(steps)))) || version == len(steps) && slices.ContainsFunc(told, func(s string) bool { return !strings.HasPrefix(s, "finding out") }) {
			t.Errorf("schema %d: told %q", version, told)
		}
		r := must[tenor.Record](t)(s.Record(t.Context(), id))
		if r.Text() != "we like them" || r.Stance != tenor.Bullish || r.Published.String() != "2025-09-18" {
			t.Errorf("schema %d: %+v", version, r)
		}
		if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() || d.Schema != len(steps) {
			t.Errorf("schema %d: %+v", version, d)
		}
		if got := must[tenor.Totals](t)(s.Totals(t.Context())); got.Articles != 1 || got.Quotes != 1 {
			t.Errorf("schema %d: %+v", version, got)
		}
		if next := must[[]tenor.Fetch](t)(s.Next(t.Context(), 5)); len(next) != 1 {
			t.Errorf("schema %d: %d addresses queued, want 1", version, len(next))
		}
		backup, m, ok := LastBackup(path)
		if version == len(steps) {
			if ok {
				t.Errorf("schema %d: kept as %s for nothing", version, backup)
			}
			continue
		}
		want := fmt.Sprintf("old-before-schema-%04d.backup.db", len(steps))
		if !ok || filepath.Base(backup) != want || m.Schema != version || m.Rows["quotes"] != 1 {
			t.Errorf("schema %d: kept as %s, want %s: %+v", version, backup, want, m)
		}
		again := filepath.Join(t.TempDir(), "again.db")
		if r, err := Restore(t.Context(), backup, again, false, known, nil); err != nil || r.Schema != version || r.Known != len(steps) {
			t.Errorf("schema %d: %+v, %v", version, r, err)
		}
	}
}

// Several programs may meet at an old store: it is kept once, as it was.
func TestUpgradedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	released(t, path, 1)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			s, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	group.Wait()
	first := filepath.Join(filepath.Dir(path), fmt.Sprintf("old-before-schema-%04d.backup.db", len(must[[]string](t)(migrations()))))
	if m, err := readManifest(first); err != nil || m.Schema != 1 {
		t.Errorf("schema %d (%v): %s", m.Schema, err, files(t, filepath.Dir(path)))
	}
}

func TestNewStoresNeedNoBackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.db")
	db, err := sql.Open("sqlite3", writerDSN(path, true))
	if err != nil {
		t.Fatal(err)
	}
	if err := step(t.Context(), db, 0, must[[]string](t)(migrations())[0]); err != nil {
		t.Fatal(err)
	}
	db.Close()
	open(t, path).Close()
	if got := files(t, filepath.Dir(path)); got != "empty.db" {
		t.Errorf("files: %s", got)
	}
}

// TestMain turns the test binary into the program that is killed inside a migration.
func TestMain(m *testing.M) {
	if path := os.Getenv("TENOR_TEST_MIGRATE"); path != "" {
		if err := migrateForEver(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// migrateForEver makes the next step of a store, and never comes to its end. Its cache
// is so small that what it changed is in the log by then, uncommitted.
func migrateForEver(path string) error {
	db, err := sql.Open("sqlite3", strings.Replace(writerDSN(path, false), "_cache_size=-64000", "_cache_size=1", 1))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	ctx := context.Background()
	at, err := schema(ctx, db)
	if err != nil {
		return err
	}
	steps, err := migrations()
	if err != nil {
		return err
	}
	fmt.Println("begins")
	return step(ctx, db, at, steps[at]+`;
		CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 20000) SELECT i, hex(randomblob(100)) AS x FROM n;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n`)
}

// A program that is killed inside a migration leaves the store as it was.
func TestKilledMigration(t *testing.T) {
	steps := must[[]string](t)(migrations())
	path := filepath.Join(t.TempDir(), "old.db")
	id := released(t, path, len(steps)-1)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), "TENOR_TEST_MIGRATE="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "begins\n" {
		t.Fatalf("the migration did not begin: %q, %v", line, err)
	}
	for { // until it has written a good part of what it changes
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 1<<20 {
			break
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite3", dsn(path, map[string][]string{"_txlock": {"immediate"}}, 0))
	if err != nil {
		t.Fatal(err)
	}
	var busy sqlite3.Error
	if _, err := db.Begin(); !errors.As(err, &busy) || busy.Code != sqlite3.ErrBusy {
		t.Errorf("it is not inside the migration: %v", err)
	}
	db.Close()
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()

	db, err = sql.Open("sqlite3", readerDSN(path, false))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var half int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).Scan(&half); err != nil || half > 0 {
		t.Errorf("something of the migration is left (%v)", err)
	}
	if at := must[int](t)(schema(t.Context(), db)); at != len(steps)-1 {
		t.Errorf("schema %d, want %d", at, len(steps)-1)
	}
	s := open(t, path)
	if r := must[tenor.Record](t)(s.Record(t.Context(), id)); r.Text() != "we like them" {
		t.Errorf("%+v", r)
	}
	if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("%+v", d.Checks)
	}
}
