package main

import (
	"os"
	"strings"
	"testing"
)

func TestSourcesGoThroughOPML(t *testing.T) {
	t.Chdir(t.TempDir())
	wants(t, exitDone, "sources", "add", "https://ledger.example/feed.xml", "--name", "ledger", "--kind", "feed")
	wants(t, exitDone, "sources", "add", "https://harbor.example/markets/", "--name", "harbor", "--kind", "listing", "--links", `/\d+/`)
	opml, _ := wants(t, exitDone, "sources", "export")
	wants(t, exitDone, "sources", "export", "--out", "out.opml")
	if file, err := os.ReadFile("out.opml"); err != nil || string(file) != opml || !strings.Contains(opml, "https://ledger.example/feed.xml") {
		t.Errorf("%v\n%s\n%s", err, file, opml)
	}
	before, _ := os.ReadFile("tenor.toml")
	t.Chdir(t.TempDir())
	if _, stderr, code := tenorRun(t, opml, "sources", "import", "-"); code != exitDone || !strings.Contains(stderr, "2 sources added to tenor.toml; 0 stood") {
		t.Errorf("%d, %s", code, stderr)
	}
	if after, _ := os.ReadFile("tenor.toml"); string(after) != string(before) {
		t.Errorf("it came back as\n%s\nand was\n%s", after, before)
	}
	os.WriteFile("other.opml", []byte(`<opml version="1.0"><body><outline text="ledger" type="rss" xmlUrl="https://pinecone.example/rss"/><outline text="x" type="rss" xmlUrl="https://ledger.example/feed.xml"/><outline text="lost" type="rss"/></body></opml>`), 0o644)
	if _, stderr := wants(t, exitDone, "sources", "import", "other.opml"); !strings.Contains(stderr, "1 source added to tenor.toml; 1 stood") || !strings.Contains(stderr, `"lost"`) {
		t.Errorf("it says %s", stderr)
	}
	if text, _ := os.ReadFile("tenor.toml"); !strings.HasPrefix(string(text), string(before)) || !strings.Contains(string(text), `name = "ledger (2)"`) {
		t.Errorf("the file is\n%s", text)
	}
	for want, args := range map[string][]string{"none.opml": {"none.opml"}, "not an OPML file": {"tenor.toml"}} {
		if _, stderr := wants(t, exitFailed, append([]string{"sources", "import"}, args...)...); !strings.Contains(stderr, want) {
			t.Errorf("%v says %s", args, stderr)
		}
	}
}
