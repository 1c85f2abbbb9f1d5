package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenor"
	"tenor/nlp"
)

const ownTopics = `
[[theme]]
name       = "buybacks"
phrases    = ["buyback(s)", "(share|stock) repurchase(s)"]
exclusions = ["buyback ban"]
parent     = "earnings"

[[subject]]
name    = "regional-banks"
phrases = ["regional (bank|lender)(s)"]
parent  = "banks"
`

const bankStory = `A quiet day

By Nell Harrow
September 18, 2025

“Regional banks are cheap and buybacks will help the rally run,” said Ada Quill, chief strategist at Quill Research.

Bo Reed, an economist at Marsh Bank, warned that a buyback ban could end the rebound in gold.

“Small caps will rally,” said Ines Okafor, a strategist at Halden Research.
`

// Each mistake in a user's themes and subjects is one sentence with file and line, by
// every command that reads them, before anything is done.
func TestTopicMistakesNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"[[theme]]\nname = \"a\"\nphrases = []\n":                                                    "tenor.toml, line 3: theme a has no phrases",
		"[[theme]]\nname = \"a\"\n":                                                                  "tenor.toml, line 1: theme a has no phrases",
		"[[theme]]\nphrases = [\"x\"]\n":                                                             "tenor.toml, line 1: this theme has no name",
		"[[theme]]\nname = \"Odd Näme\"\nphrases = [\"x\"]\n":                                        `tenor.toml, line 2: the name "Odd Näme" may hold small letters`,
		"[[theme]]\nname = \"rates\"\nphrases = [\"x\"]\n":                                           "tenor.toml, line 2: rates is a built-in theme",
		"[[subject]]\nname = \"gold\"\nphrases = [\"x\"]\n":                                          "tenor.toml, line 2: gold is a built-in subject",
		"[[theme]]\nname = \"a\"\nphrases = [\"x\"]\n\n[[theme]]\nphrases = [\"y\"]\nname = \"a\"\n": "tenor.toml, line 7: two themes are named a",
		"[[theme]]\nname = \"a\"\nphrases = [\"x\"]\nparent = \"b\"\n":                               "tenor.toml, line 4: the parent \"b\" of theme a",
		"[[theme]]\nname = \"a\"\nphrases = [\"x\"]\nparent = \"b\"\n[[theme]]\nname = \"b\"\nphrases = [\"x\"]\nparent = \"a\"\n": "tenor.toml, line 4: the parents go round in a circle: a → b → a",
		"[[theme]]\nname = \"a\"\nphrases = [\n  \"good\",\n  \"" + strings.Repeat("x", 201) + "\",\n]\n":                          "tenor.toml, line 5: theme a has a phrase of 201 characters; at most 200",
		"[[theme]]\nname = \"a\"\nphrases = [\"good\",\n  \"\",\n]\n":                                                              "tenor.toml, line 4: theme a has an empty phrase",
		"[[theme]]\nname = \"a\"\nphrases = [\"good\",\n# share (buyback\n  'share (buyback',\n]\n":                                `tenor.toml, line 5: theme a: "share (buyback" has a bracket that is not closed`,
		"[[theme]]\nname = \"a\"\nphrases = [\"x\"]\nexclusions = [\n\"St. x\"]\n":                                                 `tenor.toml, line 5: theme a: "St. x" runs over a comma`,
		"[[theme]]\nname = \"a\"\nphrases = [\"x\"]\n[[subject]]\nname = \"s\"\nphrases = [\"_ x\"]\n":                             `tenor.toml, line 6: subject s: "_ x" begins with _`,
		"[[theme]]\nname = \"a\"\nphrase = [\"x\"]\n":                                                                              "tenor.toml, line 3: unknown key theme.phrase; did you mean phrases?",
		"[[theem]]\nname = \"a\"\n":                           "tenor.toml, line 1: unknown key theem; did you mean theme?",
		"[theme]\nname = \"a\"\n":                             "tenor.toml, line 1: key theme: must be a list of tables, each under [[theme]], and is a table",
		"[[theme]]\nname = \"a\"\nphrases = \"x\"\n":          `tenor.toml, line 3: key theme.phrases: must be a list like ["buyback(s)"], and is a text`,
		"[[theme]]\nname = 3\n":                               "tenor.toml, line 2: key theme.name: must be a text in quotation marks",
		"theme = [{name = \"a\", phrases = [\"x\", \"\"]}]\n": "tenor.toml, line 1: theme a has an empty phrase",
		"[[theme]\n": "tenor.toml, line 2: expected end of table",
	} {
		t.Chdir(t.TempDir())
		if err := os.WriteFile("tenor.toml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"tag", "x.txt"}, {"search", "x"}, {"crawl", "https://news.example/"}, {"import", "x.txt"}} {
			_, stderr := wants(t, exitUsage, args...)
			if !strings.Contains(stderr, want) || strings.Count(strings.TrimSpace(stderr), "\n") > 1 {
				t.Errorf("tenor %v with %q says %q, want %q", args, text, stderr, want)
			}
		}
		if _, err := os.Stat(defaultDB); err == nil {
			t.Errorf("%q: a store was made", text)
		}
	}
}

// Whatever stands in the file is read, or refused in one line; never with a panic.
func FuzzTopicsFile(f *testing.F) {
	f.Add(ownTopics)
	f.Add("[[theme]]\nname = \"a\"\nphrases = [\"x\",\n\"share (buyback\"]\n[[subject]]\nparent = \"a\"")
	f.Fuzz(func(t *testing.T, text string) {
		topics, err := parseTopics("f", []byte(text))
		if err == nil {
			err = nlp.CheckTopics(topics)
		}
		if err != nil && (!errors.Is(err, tenor.ErrUsage) || strings.ContainsAny(err.Error(), "\n\r")) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// The configuration of sources and that of topics are one file, and each part reads
// its own tables.
func TestSourcesAndTopicsShareAFile(t *testing.T) {
	text := "[crawl]\ndelay = \"2s\"\n[[source]]\nname = \"ledger\"\nurl = \"https://ledger.example/\"\n" + ownTopics
	path := writeFile(t, "mine.toml", text)
	var o crawlOptions
	cfg, sources, err := o.sources(path, true, nil)
	if err != nil || len(sources) != 1 || cfg.Delay == 0 {
		t.Errorf("%+v, %v, %v", cfg, sources, err)
	}
	topics, err := (&app{config: path}).topics()
	if err != nil || len(topics.OwnThemes()) != 1 || len(topics.OwnSubjects()) != 1 {
		t.Errorf("%+v, %v", topics, err)
	}
	if _, err := (&app{config: path + ".none"}).topics(); err == nil || !strings.Contains(err.Error(), "mine.toml.none") {
		t.Errorf("a configuration that is named and missing: %v", err)
	}
}

func TestTagWithOwnTopics(t *testing.T) {
	t.Chdir(t.TempDir())
	os.WriteFile("story.txt", []byte(bankStory), 0o644)
	os.WriteFile("tenor.toml", []byte(ownTopics), 0o644)
	stdout, _ := wants(t, exitDone, "tag", "story.txt")
	got := map[string]tenor.Record{}
	for line := range strings.Lines(stdout) {
		var r tenor.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		got[r.Speaker] = r
		if !strings.HasPrefix(r.Tagger, "tenor-nlp/") || !strings.Contains(r.Tagger, "+topics.") {
			t.Errorf("the tagger is %s", r.Tagger)
		}
	}
	quill, reed := got["Ada Quill"], got["Bo Reed"]
	if quill.Subject != "regional-banks" || !slices.Contains(quill.Themes, "buybacks") {
		t.Errorf("%s, %v", quill.Subject, quill.Themes)
	}
	shown := map[string]string{}
	for _, e := range quill.Evidence {
		shown[e.Tag] = e.Text
	}
	if shown["theme:buybacks"] != "buybacks" || shown["subject:regional-banks"] != "Regional banks" {
		t.Errorf("shown by %v", shown)
	}
	if reed.Subject == "regional-banks" || slices.Contains(reed.Themes, "buybacks") {
		t.Errorf("inside an exclusion: %s, %v", reed.Subject, reed.Themes)
	}
}

// A theme that is added reaches what is stored already: the preview names the labels
// that would change, tagging again changes them, and every way out knows the theme.
func TestAddedTopicsReachTheStore(t *testing.T) {
	t.Chdir(t.TempDir())
	os.WriteFile("story.txt", []byte(bankStory), 0o644)
	wants(t, exitDone, "import", "story.txt")
	if _, stderr := wants(t, exitUsage, "search", "--theme", "buybacks"); !strings.Contains(stderr, `"buybacks" is not one of: rates`) {
		t.Errorf("before it is configured: %s", stderr)
	}
	config := filepath.Join(t.TempDir(), "mine.toml")
	os.WriteFile(config, []byte(ownTopics), 0o644)
	t.Setenv("TENOR_CONFIG", config)

	stdout, stderr := wants(t, exitDone, "retag", "--preview")
	if strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, "Ada Quill") || !strings.Contains(stdout, "→ bullish regional-banks") ||
		!strings.Contains(stdout, "buybacks") || !strings.Contains(stderr, "1 with other labels") {
		t.Errorf("the preview says %q %q", stdout, stderr)
	}
	if stdout, _ = wants(t, exitDone, "search", "--theme", "buybacks"); stdout != "" {
		t.Errorf("the preview changed the store: %s", stdout)
	}
	wants(t, exitDone, "retag")
	for _, args := range [][]string{
		{"search", "--theme", "buybacks", "--format", "jsonl"}, {"search", "--theme", "earnings", "--format", "jsonl"}, {"search", "--subject", "banks", "--format", "jsonl"},
		{"export", "--theme", "buybacks", "--format", "jsonl"},
	} {
		stdout, _ := wants(t, exitDone, args...)
		if strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, `"buybacks"`) || !strings.Contains(stdout, "+topics.") {
			t.Errorf("%v: %s", args, stdout)
		}
	}
	if stdout, _ = wants(t, exitDone, "timeline", "--subject", "regional-banks", "--format", "csv"); !strings.Contains(stdout, "2025-09-18,1,1,0,0") {
		t.Errorf("the timeline of the subject:\n%s", stdout)
	}
	stdout, _ = wants(t, exitDone, "search", "--theme", "buybacks")
	card := strings.Fields(stdout)
	stdout, _ = wants(t, exitDone, "explain", card[len(card)-1])
	for _, want := range []string{"regional-banks, in place of banks", "shown for it: Regional banks", "buybacks\n         shown for it: buybacks\n         a phrase of yours stands in the quote"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}

	// Configured no longer: still there, and tagging again takes it away.
	t.Setenv("TENOR_CONFIG", "")
	if stdout, _ = wants(t, exitDone, "export", "--dialect", "raw"); !strings.Contains(stdout, "regional-banks") || !strings.Contains(stdout, "buybacks") {
		t.Errorf("the export lost what is configured no longer:\n%s", stdout)
	}
	if stdout, _ = wants(t, exitDone, "retag", "--preview"); strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, "regional-banks") {
		t.Errorf("the preview of going back says %q", stdout)
	}
}
