package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenor"
)

// Longer runs than a change needs: go test ./store -backups 50 -flips 10000.
var (
	backupRuns = flag.Int("backups", 4, "backups under load to restore")
	flipRuns   = flag.Int("flips", 200, "bytes of a store to damage, one at a time")
)

func makeBackup(t testing.TB, s *Store) (path string, m Manifest) {
	t.Helper()
	path = filepath.Join(filepath.Dir(s.path), "kept.db")
	return path, must[Manifest](t)(s.Backup(t.Context(), path, "test-1", nil))
}

func files(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestBackupAndRestore(t *testing.T) {
	s := newsroom(t)
	want := dump(t, s)
	path, m := makeBackup(t, s)
	totals := must[tenor.Totals](t)(s.Totals(t.Context()))
	if m.Rows["articles"] != int64(totals.Articles) || m.Rows["quotes"] != int64(totals.Quotes) || m.Tenor != "test-1" ||
		m.Store != "test.db" || !m.Created.Equal(known) || m.Newest == "" || m.Schema == 0 {
		t.Errorf("manifest %+v, store %+v", m, totals)
	}
	if list := Backups(s.path); len(list) != 1 || list[0].Path != path || list[0].SHA256 != m.SHA256 {
		t.Errorf("backups beside the store: %+v", list)
	}
	restored := filepath.Join(t.TempDir(), "new.db")
	r := must[Restored](t)(Restore(t.Context(), path, restored, false, known, nil))
	if r.Aside != "" || r.Schema != r.Known {
		t.Errorf("%+v", r)
	}
	after := open(t, restored)
	if got := dump(t, after); got != want {
		t.Errorf("restored:\n%s\nwant:\n%s", got, want)
	}
	checkIndex(t, after)
}

// A backup is all or nothing.
func TestBackupLeavesNothingHalf(t *testing.T) {
	s := newsroom(t)
	path, _ := makeBackup(t, s)
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before := files(t, filepath.Dir(path))
	if _, err := s.Backup(t.Context(), path, "test-2", nil); err == nil || !strings.Contains(err.Error(), path+" is there already; name another file") {
		t.Errorf("onto an existing file: %v", err)
	}
	if _, err := s.Backup(t.Context(), filepath.Join(filepath.Dir(path), "none", "b.db"), "", nil); err == nil || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("into no folder: %v", err)
	}
	for _, at := range []string{"copying", "checking", "hashing"} { // Ctrl-C
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.Backup(ctx, filepath.Join(filepath.Dir(path), "half.db"), "", func(step string, _, _ int64) {
			if step == at {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) && at != "copying" { // a copy may be ready before it hears of it
			t.Errorf("stopped while %s: %v", at, err)
		}
		for _, name := range []string{"half.db", "half.db.json"} { // of one that came to its end
			if err == nil {
				os.Remove(filepath.Join(filepath.Dir(path), name))
			}
		}
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, was) {
		t.Errorf("the first backup changed (%v)", err)
	}
	if after := files(t, filepath.Dir(path)); after != before {
		t.Errorf("files before: %s\nafter: %s", before, after)
	}
}

func TestBackupNamesAndOldOnes(t *testing.T) {
	s := newsroom(t)
	dir := filepath.Dir(s.path)
	other, _ := makeBackup(t, s)
	var names []string
	for i := range 4 {
		at := known.Add(time.Duration(i) * 30 * time.Second) // two within each minute
		s.now = func() time.Time { return at }
		path := BackupName(s.path, at)
		must[Manifest](t)(s.Backup(t.Context(), path, "", nil))
		names = append(names, filepath.Base(path))
	}
	if got := strings.Join(names, " "); got != "test-2026-03-01T1200.backup.db test-2026-03-01T120030.backup.db test-2026-03-01T1201.backup.db test-2026-03-01T120130.backup.db" {
		t.Error(got)
	}
	if last, _, ok := LastBackup(s.path); !ok || filepath.Base(last) != names[3] {
		t.Errorf("last backup %s", last)
	}
	flip(t, filepath.Join(dir, names[3]), 3000)
	if last, _, ok := LastBackup(s.path); !ok || filepath.Base(last) != names[2] {
		t.Errorf("last good backup %s, want that before the damaged one", last)
	}
	if removed := must[[]string](t)(DropOldBackups(s.path, 3)); len(removed) != 1 || filepath.Base(removed[0]) != names[0] {
		t.Errorf("removed %v", removed)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("a backup with a name of its own was removed")
	}
}

// Of two backups of one second the one that was just made stays.
func TestTheLatestBackupStays(t *testing.T) {
	s := newsroom(t)
	var path string
	for range 2 {
		path = BackupName(s.path, known)
		must[Manifest](t)(s.Backup(t.Context(), path, "", nil))
	}
	must[[]string](t)(DropOldBackups(s.path, 1))
	if list := Backups(s.path); len(list) != 1 || list[0].Path != path {
		t.Errorf("%v stay, want %s", list, path)
	}
}

// flip changes one bit of a file.
func flip(t testing.TB, path string, at int64) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[at] ^= 1 << (at % 8)
	writeFile(t, path, content)
}

func TestRestoreRefuses(t *testing.T) {
	s := newsroom(t)
	dir := filepath.Dir(s.path)
	path, _ := makeBackup(t, s)
	want := dump(t, s)
	file := func(name string, change func(path string)) string {
		p := filepath.Join(dir, name)
		copyFile(t, path, p)
		copyFile(t, manifestOf(path), manifestOf(p))
		change(p)
		return p
	}
	newer := file("newer.db", func(p string) {
		execFile(t, p, `PRAGMA user_version = 99`)
		os.Remove(manifestOf(p))
	})
	changed := file("changed.db", func(p string) { flip(t, p, 5000) })
	short := file("short.db", func(p string) { os.Truncate(p, 8192) })
	bare := file("bare.db", func(p string) { os.Truncate(p, 8192); os.Remove(manifestOf(p)) })
	logged := file("logged.db", func(p string) { writeFile(t, p+"-wal", []byte("frames")) })
	letter := filepath.Join(dir, "letter.txt")
	writeFile(t, letter, []byte("Dear reader, this is no database at all."))
	target := filepath.Join(t.TempDir(), "target.db")
	for _, c := range []struct{ backup, path, want string }{
		{path, s.path, "is there already: name another store with --db, or give --force"},
		{filepath.Join(dir, "none.db"), target, "does not exist"},
		{newer, target, "was written by a newer Tenor"},
		{changed, target, "is damaged: its hash is not the one in its manifest"},
		{short, target, "is damaged"},
		{bare, target, "is damaged"},
		{logged, target, "a log lies beside it"},
		{letter, target, "is not a Tenor store"},
		{path, path, "it is the store itself"},
		{path, filepath.Join(dir, "none", "t.db"), "there is no folder"},
		{path, dir, "is a folder"},
	} {
		_, err := Restore(t.Context(), c.backup, c.path, false, known, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("restore %s to %s:\n got %v\nwant …%s…", c.backup, c.path, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than one line: %q", err)
		}
	}
	if got := files(t, filepath.Dir(target)); got != "" {
		t.Errorf("left behind: %s", got)
	}
	if got := dump(t, s); got != want {
		t.Error("the store changed")
	}
}

// The old store is moved aside with all that is in it, and only while nobody uses it.
func TestRestoreInPlace(t *testing.T) {
	s := newsroom(t)
	path, _ := makeBackup(t, s)
	want := dump(t, s)
	a, quotes := newArticle(t, "https://ledger.example/late", "The Ledger", "Late", "2025-09-30", said{speaker: "Ines Okafor", words: "it came after the backup"})
	save(t, s, a, quotes)
	late := dump(t, s)
	restore := func() (Restored, error) { return Restore(t.Context(), path, s.path, true, known, nil) }
	if _, err := restore(); err == nil || !strings.Contains(err.Error(), "is in use by another program") {
		t.Fatalf("under an open store: %v", err)
	}
	if got := dump(t, s); got != late {
		t.Fatal("a refused restore changed the store")
	}
	release, err := s.LockCrawl(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restore(); err == nil || !strings.Contains(err.Error(), "is being filled by another crawl") {
		t.Fatalf("under a crawl: %v", err)
	}
	release()
	s.Close()

	// A log that its writer left, as after kill -9: it belongs to the old store.
	aside := open(t, s.path)
	b, more := newArticle(t, "https://ledger.example/later", "The Ledger", "Later", "2025-09-30", said{speaker: "Ines Okafor", words: "it stands in the log only"})
	save(t, aside, b, more)
	later := dump(t, aside)
	crashed := filepath.Join(t.TempDir(), "test.db")
	for _, suffix := range []string{"", "-wal"} {
		copyFile(t, s.path+suffix, crashed+suffix)
	}
	r := must[Restored](t)(Restore(t.Context(), path, crashed, true, known, nil))
	if filepath.Base(r.Aside) != "test-2026-03-01T120000.replaced.db" {
		t.Errorf("moved aside to %s", r.Aside)
	}
	if got := dump(t, open(t, crashed)); got != want {
		t.Errorf("restored:\n%s\nwant:\n%s", got, want)
	}
	if got := dump(t, open(t, r.Aside)); got != later {
		t.Errorf("aside:\n%s\nwant:\n%s", got, later)
	}
}

// A store that is damaged beyond opening is moved aside as it is.
func TestRestoreOverDamage(t *testing.T) {
	s := newsroom(t)
	path, _ := makeBackup(t, s)
	want := dump(t, s)
	s.Close()
	ruin := strings.Repeat("not a database any more ", 1000)
	writeFile(t, s.path, []byte(ruin))
	r := must[Restored](t)(Restore(t.Context(), path, s.path, true, known, nil))
	if got := dump(t, open(t, s.path)); got != want {
		t.Error("the backup did not come back")
	}
	if got, _ := os.ReadFile(r.Aside); string(got) != ruin {
		t.Errorf("aside: %d bytes", len(got))
	}
}

// Backups that are made while articles are saved and tagged again are each one state
// of the store: as many quotes as its articles have, all well.
func TestBackupsUnderLoad(t *testing.T) {
	s := newStore(t)
	ctx := context.WithoutCancel(t.Context())
	var done atomic.Bool
	var writer sync.WaitGroup
	saved := make(chan struct{}, 1)
	writer.Go(func() {
		for i := 0; !done.Load(); i++ {
			a, quotes := newArticle(t, fmt.Sprint("https://l.example/", i%3000), "The Ledger", "Caps", "2025-09-18",
				said{speaker: "Ines Okafor", words: fmt.Sprint("we like number ", i)}, said{speaker: "Tomas Rehn", words: fmt.Sprint("we do not like number ", i)})
			id, err := s.SaveArticle(ctx, a, nil, quotes, "test-1", "ledger")
			if err == nil && i%3 == 0 {
				err = s.ReplaceQuotes(ctx, id, quotes, "test-2")
			}
			if err != nil {
				t.Error(err)
				return
			}
			select {
			case saved <- struct{}{}:
			default:
			}
		}
	})
	for i := range *backupRuns {
		<-saved
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		must[Manifest](t)(s.Backup(t.Context(), path, "", nil))
		to := filepath.Join(t.TempDir(), "restored.db")
		must[Restored](t)(Restore(t.Context(), path, to, false, known, nil))
		r := must[*Store](t)(Open(t.Context(), to, Options{Create: true}))
		totals := must[tenor.Totals](t)(r.Totals(t.Context()))
		if totals.Quotes != 2*totals.Articles || totals.Articles == 0 {
			t.Errorf("backup %d has %d quotes in %d articles", i, totals.Quotes, totals.Articles)
		}
		if d := must[Diagnosis](t)(r.Doctor(t.Context(), nil)); !d.Well() {
			t.Errorf("backup %d is not well: %+v", i, d.Checks)
		}
		r.Close()
		os.Remove(to)
		os.Remove(path)
	}
	done.Store(true)
	writer.Wait()
}
