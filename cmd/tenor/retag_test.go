package main

import (
	"cmp"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
	"tenor/store"
)

// turned stores the story, with every quote labelled the wrong way by an older tagger.
func turned(t *testing.T) (db string) {
	t.Helper()
	db = filepath.Join(t.TempDir(), "old.db")
	wants(t, exitDone, "import", writeFile(t, "story.txt", story), "--db", db)
	s, err := store.Open(t.Context(), db, store.Options{Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for article, err := range s.Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		_, records, err := s.Article(t.Context(), article.ID)
		if err != nil {
			t.Fatal(err)
		}
		var quotes []tenor.Quote
		for _, r := range records {
			q := r.Quote
			if q.Stance = tenor.Fragile; r.Stance == tenor.Fragile {
				q.Stance = tenor.Bullish
			}
			quotes = append(quotes, q)
		}
		if err := s.ReplaceQuotes(t.Context(), article.ID, quotes[:len(quotes)-1], "tenor-nlp/0"); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// A preview names each quote that would change and how far the consensus would
// move, and writes nothing; tagging again then does what it said.
func TestRetagPreviewSaysWhatRetagDoes(t *testing.T) {
	db := turned(t)
	stdout, stderr := wants(t, exitDone, "retag", "--preview", "--db", db)
	for _, want := range []string{"fragile small-caps", "→ bullish small-caps", "Ada Quill", "“Small caps are cheap", "new: fragile", "Bo Reed"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if !strings.Contains(stderr, "1 quote") && !strings.Contains(stderr, "quotes new") || !strings.Contains(stderr, "The consensus would differ on") || !strings.Contains(stderr, "instead of -100.0 of 1 voice.") {
		t.Errorf("the preview says %q", stderr)
	}
	if again, _ := wants(t, exitDone, "retag", "--preview", "--db", db); again != stdout {
		t.Error("a preview changed the store")
	}
	wants(t, exitDone, "retag", "--db", db)
	stdout, stderr = wants(t, exitDone, "retag", "--preview", "--db", db)
	if stdout != "" || !strings.Contains(stderr, "The consensus would not move.") {
		t.Errorf("after tagging again: %q %q", stdout, stderr)
	}
}

// A text that cannot be read ends it with one sentence, which names that article and no
// other; one in another language keeps its quotes.
func TestRetagWhatCannotBeTagged(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	wants(t, exitDone, "import", writeFile(t, "story.txt", story), "--db", db)
	change := func(statement string) {
		t.Helper()
		file, err := sql.Open("sqlite3", db)
		if err == nil {
			_, err = file.Exec(statement)
			err = cmp.Or(err, file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before, _ := wants(t, exitDone, "export", "--db", db)
	change(`UPDATE articles SET language = 'de'`)
	if _, stderr := wants(t, exitDone, "retag", "--db", db); !strings.Contains(stderr, "Tagged 0 articles again") {
		t.Errorf("in another language: %s", stderr)
	}
	if after, _ := wants(t, exitDone, "export", "--db", db); after != before {
		t.Errorf("quotes of an article in another language changed:\n%s", after)
	}
	change(`UPDATE articles SET text = '', packed = x'28b52ffd04ff'`)
	_, stderr := wants(t, exitFailed, "retag", "--db", db)
	if !strings.HasPrefix(stderr, "tenor: retag: read articles") || !strings.Contains(stderr, "article 1: the text cannot be read") || strings.Contains(stderr, "text:") {
		t.Errorf("a damaged text: %s", stderr)
	}
}

// Explain shows what decided for each label, and says what to do where it cannot.
func TestExplainAQuote(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	wants(t, exitDone, "import", writeFile(t, "story.txt", story), "--db", db)
	stdout, _ := wants(t, exitDone, "search", "cheap", "--db", db)
	card := strings.Fields(stdout)
	id := card[len(card)-1]
	stdout, _ = wants(t, exitDone, "explain", id, "--db", db)
	for _, want := range []string{"Ada Quill, Quill Research", `cue "said"`, "bullish, before ", "shown for it: Small caps are cheap and the rally has room to run", "subject", "small-caps", "all else"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if _, stderr := wants(t, exitFailed, "explain", "0000", "--db", db); !strings.Contains(stderr, "not found") {
		t.Errorf("an unknown quote: %s", stderr)
	}
	wants(t, exitUsage, "explain", "--db", db)
}
