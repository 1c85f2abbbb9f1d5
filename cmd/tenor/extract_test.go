package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExtractSaysWhatEachPageIs(t *testing.T) {
	folder := t.TempDir()
	sentence := "<p>Small caps rose on Thursday as bond yields eased, and strategists told clients that the group had further to run.</p>"
	for name, text := range map[string]string{
		"a-story.html": "<html lang=en><head><title>Small caps wake up | The Ledger</title></head><body><article><h1>Small caps wake up</h1>" + strings.Repeat(sentence, 8) + "</article></body></html>",
		"b-stub.html":  "<html lang=en><head><title>Quotes of the day</title></head><body><p>Nothing yet.</p></body></html>",
		"truth.jsonl":  `{"file":"a-story.html","text":"Another text altogether, which is no page."}`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr := wants(t, exitFailed, "extract", folder)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"page_type":"article","title":"Small caps wake up"`) ||
		!strings.Contains(lines[1], `"page_type":"other","title":"Quotes of the day"`) {
		t.Errorf("it prints\n%s", stdout)
	}
	if !strings.Contains(stderr, "b-stub.html: no article") || !strings.Contains(stderr, "1 of 2 pages gave no article") {
		t.Errorf("it says %q", stderr)
	}
}

// An address is asked for by the rules of tenor.toml, as a crawl asks for it.
func TestExtractKeepsToTheConfiguration(t *testing.T) {
	p := newPress(t)
	p.set("/ledger/1", pressPage)
	p.config(t, "")
	if out, _ := wants(t, exitDone, "extract", p.URL+"/ledger/1"); !strings.Contains(out, "Small caps wake up") {
		t.Errorf("%s", out)
	}
	if _, stderr := wants(t, exitFailed, "extract", strings.Replace(p.URL, "://", "://reader:secret@", 1)+"/ledger/1"); strings.Contains(stderr, "secret") || strings.Contains(stderr, "wrong usage") {
		t.Errorf("%s", stderr)
	}
	os.WriteFile("broken.toml", []byte("[crawl\n"), 0o644)
	wants(t, exitUsage, "extract", p.URL+"/ledger/1", "--config", "broken.toml")
}
