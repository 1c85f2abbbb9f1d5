package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

// said is a quote of a test article, as short as a test can say it. What is left
// out is filled in by newArticle.
type said struct {
	speaker, firm, words string
	stance               tenor.Stance
	themes               string // joined by |
	subject              tenor.Subject
	kind                 tenor.Kind
	as                   tenor.SpeakerType
}

// known is when test articles are collected, unless a test says otherwise.
var known = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// newArticle composes an article and its quotes, with true spans.
func newArticle(t testing.TB, url, outlet, title, published string, quotes ...said) (*tenor.Article, []tenor.Quote) {
	t.Helper()
	date, err := tenor.ParseDate(published, "json-ld")
	if err != nil {
		t.Fatal(err)
	}
	a := &tenor.Article{
		URL: url, Outlet: outlet, Title: title, Authors: []string{"Nell Brandvold"}, Published: date,
		PageType: tenor.PageArticle, Language: "en", KnownAt: known,
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s — what strategists say.", title)
	var list []tenor.Quote
	for _, s := range quotes {
		q := tenor.Quote{
			Speaker: s.speaker, Firm: s.firm, Role: "strategist", SpeakerType: s.as, Kind: s.kind,
			Stance: s.stance, Claim: tenor.Forecast, Confidence: 0.75, Horizon: tenor.HorizonNear, Subject: s.subject,
		}
		q.Kind, q.SpeakerType = or(q.Kind, tenor.Direct), or(q.SpeakerType, tenor.Analyst)
		q.Stance, q.Subject = or(q.Stance, tenor.Neutral), or(q.Subject, "small-caps")
		q.Themes = splitThemes(s.themes)
		text.WriteString("\n\n“")
		for part := range strings.SplitSeq(s.words, " … ") { // a quote in two parts
			if len(q.Spans) > 0 {
				text.WriteString(",” she added, “")
			}
			start := text.Len()
			text.WriteString(part)
			q.Spans = append(q.Spans, tenor.Span{start, text.Len()})
		}
		q.Evidence = []tenor.Evidence{{Tag: "stance:" + string(q.Stance), Span: q.Spans[0]}}
		fmt.Fprintf(&text, ",” said %s.", s.speaker)
		list = append(list, q)
	}
	a.Text = text.String()
	for i := range list {
		list[i].ID = tenor.QuoteID(a.Key(), list[i].Speaker, list[i].Segments(a.Text))
	}
	return a, list
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{Create: true, Now: func() time.Time { return known }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newStore(t testing.TB) *Store { return open(t, filepath.Join(t.TempDir(), "test.db")) }

func save(t testing.TB, s *Store, a *tenor.Article, quotes []tenor.Quote) int64 {
	t.Helper()
	id, err := s.SaveArticle(t.Context(), a, nil, quotes, "test-1", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func drain(t testing.TB, records iter.Seq2[tenor.Record, error]) []tenor.Record {
	t.Helper()
	var list []tenor.Record
	for r, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// dump is everything in the store that a user can see, for comparison.
func dump(t testing.TB, s *Store) string {
	t.Helper()
	var b strings.Builder
	if _, err := tenor.WriteCSV(&b, s.Records(t.Context(), tenor.Filter{}), tenor.DialectRaw); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"analyst", "firm", "outlet"} {
		fmt.Fprintln(&b, name, must[[]string](t)(s.Values(t.Context(), name, 0)))
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", must[tenor.Totals](t)(s.Totals(t.Context())), must[[]tenor.SourceHealth](t)(s.Sources(t.Context())))
	return b.String()
}

// checkIndex fails when the full-text index and the quotes do not agree.
func checkIndex(t testing.TB, s *Store) {
	t.Helper()
	if _, err := s.write.ExecContext(context.Background(), `INSERT INTO quotes_fts (quotes_fts, rank) VALUES ('integrity-check', 1)`); err != nil {
		t.Errorf("full-text index: %v", err)
	}
	var bad int
	if err := s.write.QueryRow(`SELECT count(*) FROM pragma_foreign_key_check`).Scan(&bad); err != nil || bad > 0 {
		t.Errorf("%d rows refer to nothing (%v)", bad, err)
	}
}

func TestPathsOfAnyName(t *testing.T) {
	for _, name := range []string{"with space.db", "what?.db", "a#b.db", "50%25.db", "semi;colon&x=1.db", "ünïcode 市.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, path)
		a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
			said{speaker: "Ines Okafor", words: "we like them"})
		save(t, s, a, quotes)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		ro, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := len(drain(t, ro.Records(t.Context(), tenor.Filter{}))); n != 1 {
			t.Errorf("%s: %d quotes, want 1", name, n)
		}
		if _, err := ro.SaveArticle(t.Context(), a, nil, quotes, "t", ""); err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s: saved through a store opened for reading: %v", name, err)
		}
		ro.Close()
		files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
		for _, f := range files {
			if !strings.HasPrefix(filepath.Base(f), name) {
				t.Errorf("%s: there is also a file %s", name, f)
			}
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		writeFile(t, path, content)
		return path
	}
	other := filepath.Join(dir, "other.db")
	execFile(t, other, `CREATE TABLE recipes (name TEXT)`)
	recipes, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	open(t, newer).Close()
	execFile(t, newer, `PRAGMA user_version = 99`)
	older := filepath.Join(dir, "older.db")
	execFile(t, older, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID))
	damaged := file("damaged.db", append([]byte(sqliteMagic), make([]byte, 5000)...))

	for _, test := range []struct {
		path string
		o    Options
		want string
	}{
		{filepath.Join(dir, "none.db"), Options{}, "does not exist: collect something first with tenor crawl or tenor import"},
		{filepath.Join(dir, "none.db"), Options{ReadOnly: true, Create: true}, "does not exist"},
		{filepath.Join(dir, "no", "folder.db"), Options{Create: true}, "there is no folder"},
		{dir, Options{Create: true}, "is a folder"},
		{file("letter.txt", []byte("Dear reader, this is no database at all.")), Options{Create: true}, "is not a Tenor store"},
		{file("short.txt", []byte("Hi")), Options{}, "is not a Tenor store"},
		{damaged, Options{Create: true}, "is damaged"},
		{other, Options{Create: true}, "is a database of another program"},
		{newer, Options{Create: true}, fmt.Sprintf("was written by a newer Tenor (schema 99, this one knows %d): update Tenor", len(must[[]string](t)(migrations())))},
		{newer, Options{ReadOnly: true}, "was written by a newer Tenor"},
		{older, Options{ReadOnly: true}, "open it once for writing"},
		{":memory:", Options{Create: true}, "a store is a file"},
	} {
		s, err := Open(t.Context(), test.path, test.o)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) {
			t.Errorf("Open(%s, %+v):\n got %v\nwant …%s…", test.path, test.o, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%s): more than one line: %q", test.path, err)
		}
	}
	if now, err := os.ReadFile(other); err != nil || !bytes.Equal(now, recipes) {
		t.Errorf("another program's database was changed (%v)", err)
	}
	if _, err := Open(t.Context(), "", Options{}); !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("an empty path: %v, want wrong usage", err)
	}
}

func TestOpenTwiceAndFromEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.db")
	writeFile(t, path, nil)
	first := open(t, path)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", words: "we like them"})
	save(t, first, a, quotes)
	second := open(t, path) // another process, as far as SQLite can tell
	b, more := newArticle(t, "https://ledger.example/2", "The Ledger", "Small caps", "2025-09-19",
		said{speaker: "Ines Okafor", words: "we still do"})
	save(t, second, b, more)
	if n := len(drain(t, first.Records(t.Context(), tenor.Filter{}))); n != 2 {
		t.Errorf("%d quotes, want 2: the migration must run once", n)
	}
}

// A process that dies in the middle of an article leaves nothing of it behind.
func TestUncommittedArticleIsGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "killed.db")
	s := open(t, path)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", words: "we like them"})
	save(t, s, a, quotes)
	before := dump(t, s)

	tx, err := s.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, more := newArticle(t, "https://ledger.example/2", "The Gazette", "Banks", "2025-09-19",
		said{speaker: "Tomas Rehn", words: "avoid them"})
	id, err := insertArticle(t.Context(), tx, b, must[storedText](t)(storeText(b)), "ledger", known)
	if err != nil {
		t.Fatal(err)
	}
	if err := alone(t.Context(), tx, func(ba *batch) error {
		ba.unindexed[id] = struct{}{}
		return ba.saveQuotes(id, true, b, must[readyQuotes](t)(makeReady(b, more, "test-1")), "test-1", known, nil)
	}); err != nil {
		t.Fatal(err)
	}
	crashed := filepath.Join(t.TempDir(), "copy.db") // as the disk is at this moment
	for _, suffix := range []string{"", "-wal"} {
		copyFile(t, path+suffix, crashed+suffix)
	}
	after := open(t, crashed)
	if got := dump(t, after); got != before {
		t.Errorf("after the crash:\n%s\nwant:\n%s", got, before)
	}
	checkIndex(t, after)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}
