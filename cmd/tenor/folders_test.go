package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor/crawler"
	"tenor/store"
)

const savedStory = "Small caps wake up\n\n“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.\n"

// A crawl reads of a folder what is new or has changed, and says of one that is not there
// what is wrong.
func TestCrawlReadsWhatIsNewInFolders(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "tenor.toml"), "[[source]]\nname = \"saved\"\npath = \"in\"\noutlet = \"The Ledger\"\n\n[[source]]\nname = \"away\"\npath = \"none\"\n", time.Now())
	day := time.Now().Add(-time.Hour)
	put(t, filepath.Join(dir, "in", "a.txt"), savedStory, day)
	put(t, filepath.Join(dir, "in", "deep", "b.html"), pressPage, day)
	put(t, filepath.Join(dir, "in", "empty.html"), "<p>", day)
	cfg, err := crawler.LoadConfig(filepath.Join(dir, "tenor.toml"))
	if err != nil {
		t.Fatal(err)
	}
	folders, others := partFolders(cfg.Sources)
	if len(folders) != 2 || len(others) != 0 || folders[0].Path != filepath.Join(dir, "in") {
		t.Fatalf("%+v", cfg.Sources)
	}
	var stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stderr: &stderr, now: time.Now, db: filepath.Join(dir, "t.db"), config: filepath.Join(dir, "tenor.toml")}
	says := func(want ...string) {
		t.Helper()
		stderr.Reset()
		s, err := a.openStore(t.Context(), store.CheckSome)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := a.readFolders(t.Context(), s, folders, time.Millisecond); err == nil || !strings.Contains(err.Error(), "not read: away") {
			t.Errorf("of the folder that is not there: %v", err)
		}
		for _, w := range append(want, "source away: "+filepath.Join(dir, "none")+": the folder is not there") {
			if !strings.Contains(stderr.String(), w) {
				t.Errorf("it does not say %q:\n%s", w, stderr.String())
			}
		}
	}
	says("saved: 2 articles with", "from 3 files; 1 skipped, 0 failed", "empty.html")
	says("saved: 0 articles with 0 quotes from 0 files")
	put(t, filepath.Join(dir, "in", "a.txt"), savedStory+"\n“We are buyers,” Quill said.\n", time.Now())
	put(t, filepath.Join(dir, "in", "c.txt"), "Another\n\n"+savedStory, day)
	says("saved: 2 articles with", "from 2 files; 0 skipped, 0 failed")

	t.Chdir(dir) // where the file is called by another path than in the store
	if out, _ := wants(t, exitDone, "history", filepath.Join("in", "a.txt"), "--db", a.db); !strings.Contains(out, "version 2") {
		t.Errorf("%s", out)
	}
	list := listed(t, "--db", a.db, "--config", a.config)
	if r := list["saved"]; r.State != "ok" || r.Kind != "folder" || r.Articles != 3 || r.Skipped != 1 || r.NextVisit != "" || r.URL != filepath.Join(dir, "in") {
		t.Errorf("saved: %+v", r)
	}
	if r := list["away"]; r.State != "failing" || r.ErrorStreak != 3 || !strings.Contains(r.Why, "not there") {
		t.Errorf("away: %+v", r)
	}
	if out, _ := wants(t, exitDone, "export", "--dialect", "raw", "--db", a.db); strings.Count(out, "The Ledger") != strings.Count(out, "\n")-1 {
		t.Errorf("the outlet of the source is not on all quotes:\n%s", out)
	}
}

// A scheduler watches folders beside its visits, one that comes later too.
func TestSchedulerWatchesFolders(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1")
	path := p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\n\n[[source]]\nname = \"saved\"\npath = \"in\"\n")
	s, stderr, stop := scheduling(t)
	wait(t, "the complaint", func() bool { return strings.Contains(stderr.String(), "the folder is not there; it is tried again") })
	put(t, filepath.Join("in", "a.txt"), savedStory, time.Now())
	wait(t, "the file", func() bool { return articlesOf(t, s, "saved") == 1 && articlesOf(t, s, "ledger") == 1 })
	if n := strings.Count(stderr.String(), "not there"); n != 1 {
		t.Errorf("the missing folder is told of %d times", n)
	}
	text, _ := os.ReadFile(path)
	os.WriteFile(path, bytes.Replace(text, []byte(`"in"`), []byte(`"later"`), 1), 0o644)
	put(t, filepath.Join("later", "b.txt"), "Another\n\n"+savedStory, time.Now())
	wait(t, "the file of the other folder", func() bool { return articlesOf(t, s, "saved") == 2 })
	stop()
	if !strings.HasSuffix(stderr.String(), "Stopped.\n") {
		t.Errorf("it says\n%s", stderr.String())
	}
}

// A folder is added by its path, and what is for fetched pages alone is refused.
func TestFolderAsSource(t *testing.T) {
	t.Chdir(t.TempDir())
	os.Mkdir("in", 0o755)
	wants(t, exitDone, "sources", "add", "in", "--name", "saved")
	if text, _ := os.ReadFile("tenor.toml"); !strings.HasPrefix(string(text), "[[source]]\nname = \"saved\"\npath = ") {
		t.Errorf("%s", text)
	}
	for want, args := range map[string][]string{
		"already, as source saved":         {"sources", "add", "in", "--name", "x"},
		"keep of source":                   {"sources", "add", "in", "--name", "x", "--keep", "p"},
		"saved is a folder; tenor extract": {"sources", "test", "saved"},
		"in is here on this machine":       {"crawl", "in"},
		`kind "feed" of source x`:          {"sources", "add", "in", "--name", "x", "--kind", "feed"},
		"a source has a url or a path":     {"sources", "add", "https://a.example/", "--kind", "folder"},
	} {
		if _, stderr := wants(t, exitUsage, args...); !strings.Contains(stderr, want) {
			t.Errorf("%q: %q does not say %q", args, stderr, want)
		}
	}
}
