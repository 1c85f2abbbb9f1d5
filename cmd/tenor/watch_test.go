package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// watched collects what a watch hands over and says. Its paths are relative.
type watched struct {
	dir   string
	mu    sync.Mutex
	taken []string
	said  []string
}

func (w *watched) take(_ context.Context, files []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range files {
		name, _ := filepath.Rel(w.dir, f)
		w.taken = append(w.taken, filepath.ToSlash(name))
	}
	return nil
}

func (w *watched) say(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, strings.ReplaceAll(fmt.Sprintf(format, args...), w.dir+string(filepath.Separator), ""))
}

// is takes what came since the last call and compares it.
func (w *watched) is(t *testing.T, when string, taken, said []string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.Sort(w.said)
	if !slices.Equal(w.taken, taken) || !slices.Equal(w.said, said) {
		t.Errorf("%s: took %q, said %q; want %q and %q", when, w.taken, w.said, taken, said)
	}
	w.taken, w.said = nil, nil
}

func put(t *testing.T, path, text string, changed time.Time) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, changed, changed); err != nil {
		t.Fatal(err)
	}
}

// The life of a folder, by looking only, on a clock of its own.
func TestWatchByLooking(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	file := func(name string) string { return filepath.Join(in, name) }
	synctest.Test(t, func(t *testing.T) {
		day := time.Now()
		put(t, file("a.txt"), "a", day)
		put(t, file("deep/b.html"), "b", day)
		put(t, file("c.pdf"), "c", day)
		for _, name := range []string{".hidden.txt", ".git/d.txt", "e.txt~", "f.html.part", "g.txt.crdownload"} {
			put(t, file(name), "x", day)
		}
		w := &watched{dir: dir}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- watchFolders(ctx, folderWatch{folders: []string{in}, poll: 10 * time.Second, pollOnly: true, take: w.take, say: w.say})
		}()
		pass := func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		}
		pass(time.Second)
		w.is(t, "before they are known to be whole", nil, []string{"in/c.pdf: not taken: only text, HTML, JSON Lines and WARC files can be read"})
		pass(5 * time.Second)
		w.is(t, "what is there", []string{"in/a.txt", "in/deep/b.html"}, nil)
		pass(time.Minute)
		w.is(t, "nothing new", nil, nil)

		// A file that grows for half a minute is taken when it has stopped.
		for i := range 30 {
			put(t, file("news.jsonl"), strings.Repeat("{}\n", i+1), time.Now())
			pass(time.Second)
		}
		w.is(t, "while it grows", nil, nil)
		pass(15 * time.Second)
		w.is(t, "when it is whole", []string{"in/news.jsonl"}, nil)

		put(t, file("a.txt"), "changed", day.Add(time.Hour))
		os.Rename(file("f.html.part"), file("f.html"))
		os.Rename(file("deep"), file("deeper"))
		pass(15 * time.Second)
		w.is(t, "changed, finished and renamed", []string{"in/a.txt", "in/f.html"}, []string{"in/deeper/b.html: was b.html, and is not read again"})

		os.Rename(in, filepath.Join(dir, "away"))
		pass(time.Minute)
		w.is(t, "gone", nil, []string{"in: the folder is gone; it is watched again when it is back"})
		put(t, file("new.txt"), "new", day)
		pass(15 * time.Second)
		w.is(t, "back", []string{"in/new.txt"}, nil)

		for i := range 3000 {
			put(t, file(fmt.Sprintf("many/%04d.txt", i)), "x", day)
		}
		pass(15 * time.Second)
		w.mu.Lock()
		if len(w.taken) != 3000 || w.taken[0] != "in/many/0000.txt" {
			t.Errorf("of 3000 files %d were taken", len(w.taken))
		}
		w.mu.Unlock()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestWatchEndsWhereTakingFails(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a.txt"), "a", time.Now())
	full := errors.New("the disk is full")
	synctest.Test(t, func(t *testing.T) {
		err := watchFolders(t.Context(), folderWatch{folders: []string{dir}, pollOnly: true, say: t.Logf,
			take: func(context.Context, []string) error { return full }})
		if !errors.Is(err, full) {
			t.Error(err)
		}
	})
}

// The command itself, told of changes by the system: what comes is read, a renamed
// file is not read twice, and the end is a summary and status 0.
func TestImportWatch(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(t.TempDir(), "t.db")
	put(t, filepath.Join(dir, "story.txt"), story, time.Now())
	var errs lockedBuffer
	a := &app{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &errs, now: testClock}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan int)
	go func() { done <- run(ctx, a, []string{"import", "--watch", dir, "--db", db}) }()
	await := func(words string) {
		t.Helper()
		for range 3000 {
			if strings.Contains(errs.String(), words) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%q is not among\n%s", words, errs.String())
	}
	await("story.txt: 1 article, 2 quotes")
	put(t, filepath.Join(dir, "deep", "down", "new.txt"), story, time.Now())
	await("new.txt: 1 article, 2 quotes")
	put(t, filepath.Join(dir, "short.txt"), "x", time.Now())
	await("short.txt: no article: the text is too short")
	cancel()
	if code := <-done; code != exitDone || !strings.Contains(errs.String(), "2 articles with 4 quotes; 1 skipped, 0 failed.") {
		t.Errorf("status %d\n%s", code, errs.String())
	}
	wants(t, exitUsage, "import", "--watch", filepath.Join(dir, "story.txt"), "--db", db)
	wants(t, exitFailed, "import", "--watch", filepath.Join(dir, "missing"), "--db", db)
	wants(t, exitUsage, "import", "--poll", "5s", dir, "--db", db)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
