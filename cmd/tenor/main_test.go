package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

// tenorRun runs the command line as main does, on streams of its own.
func tenorRun(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, now: testClock}
	code = run(t.Context(), a, args)
	return out.String(), errs.String(), code
}

func testClock() time.Time { return time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC) }

// wants runs a command that must end with the status.
func wants(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, code := tenorRun(t, "", args...)
	if code != status {
		t.Fatalf("tenor %s: status %d, want %d\n%s", strings.Join(args, " "), code, status, stderr)
	}
	return stdout, stderr
}

const story = `Small caps wake up

By Nell Harrow
September 18, 2025

“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research. “We are buyers.”

Bo Reed, an economist at Marsh Bank, warned that falling profits could end the rebound.
`

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMistakesAreOneSentenceAndStatus2(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	for want, args := range map[string][]string{
		`there is no command "serach"; did you mean search?`: {"serach"},
		`unknown flag: --stanc`:                              {"search", "--stanc", "x"},
		`stance: "bearish" is not one of: bullish`:           {"search", "--stance", "bearish"},
		`"weather" is not one of: rates`:                     {"timeline", "--theme", "weather"},
		`from: "yesterday" is not a day like`:                {"export", "--from", "yesterday"},
		`from 2025-02-01 is after to 2025-01-01`:             {"timeline", "--from", "2025-02-01", "--to", "2025-01-01"},
		`--format: "xml" is not one of: jsonl, csv, table`:   {"tag", "--format", "xml", "x.txt"},
		`name at least one file or folder`:                   {"tag"},
		`--from can be given once only`:                      {"search", "--from", "2025-01-01", "--from", "2025-02-01"},
		`--dialect: "tsv" is not one of: excel, raw`:         {"export", "--dialect", "tsv"},
		`--format: "parquet" is not one of: csv, json, `:     {"export", "--dictionary", "--format", "parquet"},
		`--limit: "ten" is not a whole number`:               {"search", "--limit", "ten"},
		`--delay: "soon" is not a length of time like 2s`:    {"crawl", "--delay", "soon"},
		`unknown flag: -oil; words to search for that begin`: {"search", "gold", "-oil"},
		`no command "serach"; did you mean search?`:          {"help", "serach"},
		`"now": this command takes no arguments`:             {"serve", "now"},
		`ftp`:                                                {"crawl", "ftp://ledger.example/feed", "--db", db},
		`there is no tenor.toml here: name an address`:       {"crawl", "--db", db},
		`--max-pages must be from 1`:                         {"crawl", "https://a.example/", "--max-pages", "0", "--db", db},
		`--delay must not be below 0`:                        {"crawl", "https://a.example/", "--delay", "-1s", "--db", db},
	} {
		t.Run(want, func(t *testing.T) {
			t.Chdir(t.TempDir())
			stdout, stderr := wants(t, exitUsage, args...)
			if !strings.Contains(stderr, want) {
				t.Errorf("it says %q, want %q in it", stderr, want)
			}
			if lines := strings.Count(strings.TrimSpace(stderr), "\n"); lines > 1 || stdout != "" || strings.Contains(stderr, "wrong usage") {
				t.Errorf("more than a sentence and a pointer:\n%s%s", stderr, stdout)
			}
		})
	}
}

func TestMissingThingsAreNamedAndStatus1(t *testing.T) {
	t.Chdir(t.TempDir())
	for want, args := range map[string][]string{
		"none.db does not exist: collect something first": {"search", "rates", "--db", "none.db"},
		"gone.txt":     {"tag", "gone.txt"},
		"page.html":    {"extract", "page.html"},
		"labels.jsonl": {"eval", "labels.jsonl"},
	} {
		if _, stderr := wants(t, exitFailed, args...); !strings.Contains(stderr, want) {
			t.Errorf("tenor %v says %q, want %q in it", args, stderr, want)
		}
	}
}

func TestEveryCommandHasHelpWithExamples(t *testing.T) {
	for _, c := range newRoot(newApp()).Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if help, _ := wants(t, exitDone, c.Name(), "--help"); !strings.Contains(help, "Examples:\n  tenor "+c.Name()) {
			t.Errorf("%s --help has no example:\n%s", c.Name(), help)
		}
	}
}

func TestTagPrintsQuotesThatStandInTheText(t *testing.T) {
	path := writeFile(t, "story.txt", story)
	stdout, _ := wants(t, exitDone, "tag", path)
	speakers := map[string]tenor.Record{}
	for line := range strings.Lines(stdout) {
		var r tenor.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		for i, s := range r.Spans {
			if got := s.In(story); got != r.Segments[i] {
				t.Errorf("span %v is %q, segment is %q", s, got, r.Segments[i])
			}
		}
		speakers[r.Speaker] = r
	}
	if r := speakers["Ada Quill"]; r.Firm != "Quill Research" || r.Stance != tenor.Bullish || r.File != path || r.Published.String() != "2025-09-18" {
		t.Errorf("Ada Quill came out as %+v", r)
	}
	if r := speakers["Bo Reed"]; r.Stance != tenor.Fragile || r.Firm != "Marsh Bank" {
		t.Errorf("Bo Reed came out as %+v", r)
	}
	again, _ := wants(t, exitDone, "tag", path)
	if again != stdout {
		t.Error("tagging twice gave two outputs")
	}
	fromStdin, _, code := tenorRun(t, story, "tag", "--format", "csv", "-")
	if code != exitDone || strings.Count(fromStdin, "\n") != strings.Count(stdout, "\n")+1 {
		t.Errorf("from standard input, as CSV, it is\n%s", fromStdin)
	}
}

func TestTagGoesOnAfterABadFile(t *testing.T) {
	good := writeFile(t, "story.txt", story)
	stdout, stderr := wants(t, exitFailed, "tag", "missing.txt", good)
	if !strings.Contains(stdout, "Ada Quill") || !strings.Contains(stderr, "missing.txt") {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
}

func TestImportThenAskInEveryWay(t *testing.T) {
	db := filepath.Join(t.TempDir(), "my store?.db")
	path := writeFile(t, "story.txt", story)
	wants(t, exitDone, "import", path, "--db", db)
	_, stderr := wants(t, exitDone, "import", path, "--db", db)
	if !strings.Contains(stderr, "1 article with") {
		t.Errorf("the second import says %q", stderr)
	}

	stdout, _ := wants(t, exitDone, "search", "rebound", "--db", db)
	if !strings.Contains(stdout, "Bo Reed, Marsh Bank") || strings.Contains(stdout, "Ada Quill") {
		t.Errorf("search found\n%s", stdout)
	}
	stdout, _ = wants(t, exitDone, "export", "--dialect", "raw", "--db", db, "--stance", "bullish")
	rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	if err != nil || len(rows) < 2 || rows[1][3] != "Ada Quill" {
		t.Errorf("export gave %q (%v)", rows, err)
	}
	out := filepath.Join(t.TempDir(), "quotes.jsonl")
	wants(t, exitDone, "export", "--format", "jsonl", "--out", out, "--db", db)
	if data, err := os.ReadFile(out); err != nil || !bytes.Contains(data, []byte(`"speaker":"Bo Reed"`)) {
		t.Errorf("the exported file holds %s (%v)", data, err)
	}
	out = filepath.Join(t.TempDir(), "quotes.parquet")
	if _, stderr := wants(t, exitDone, "export", "--format", "parquet", "--out", out, "--db", db); stderr != "2 quotes.\n" {
		t.Errorf("the export says %q", stderr)
	}
	if data, err := os.ReadFile(out); err != nil || !bytes.HasPrefix(data, []byte("PAR1")) || !bytes.HasSuffix(data, []byte("PAR1")) {
		t.Errorf("the exported file is no Parquet (%v)", err)
	}
	if stdout, _ = wants(t, exitDone, "export", "--dictionary", "--format", "json"); !strings.Contains(stdout, `"name": "quote_id"`) {
		t.Errorf("the dictionary is %s", stdout)
	}
	stdout, _ = wants(t, exitDone, "timeline", "--format", "csv", "--db", db)
	if lines := strings.Split(stdout, "\n"); lines[1] != "2025-09-18,2,1,0,1,,,,,0,"+strings.SplitN(lines[1], ",", 11)[10] {
		t.Errorf("the timeline begins %q", lines[:2])
	}
	if stdout, _ = wants(t, exitDone, "timeline", "--db", db); !strings.Contains(stdout, "2025-09-18") {
		t.Errorf("the chart is\n%s", stdout)
	}
	if stdout, _ = wants(t, exitDone, "sources", "--db", db); !strings.Contains(stdout, "import") {
		t.Errorf("sources are\n%s", stdout)
	}
	if _, stderr := wants(t, exitDone, "retag", "--preview", "--db", db); !strings.Contains(stderr, "0 quotes new, 0 gone") {
		t.Errorf("an unchanged tagger would change: %s", stderr)
	}
}

// What stands under the name of an export and is no plain file stays what it is.
func TestExportReplacesPlainFilesOnly(t *testing.T) {
	db, folder := imported(t, writeFile(t, "story.txt", story)), t.TempDir()
	file, link := filepath.Join(folder, "quotes.csv"), filepath.Join(folder, "latest.csv")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	wants(t, exitDone, "export", "--out", link, "--db", db)
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "Ada Quill") {
		t.Errorf("the file behind the link holds %q (%v)", text, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	wants(t, exitDone, "export", "--out", os.DevNull, "--db", db)
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s has become a file", os.DevNull)
	}
	for path, want := range map[string]string{folder: "is a folder; name a file in it", filepath.Join(folder, "none", "q.csv"): "there is no folder"} {
		if _, stderr, code := tenorRun(t, "", "export", "--out", path, "--db", db); code == exitDone || !strings.Contains(stderr, want) {
			t.Errorf("status %d, %q, want %q", code, stderr, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A line of JSON Lines is named once, by file and number, whatever address it has.
func TestBadLineIsNamedOnce(t *testing.T) {
	path := writeFile(t, "saved.jsonl", `{"url": "https://ledger.example/1", "published": "soon", "text": "Small caps are cheap and the rally has room to run."}`)
	if _, stderr := wants(t, exitFailed, "tag", path); !strings.HasPrefix(stderr, path+`:1: "soon" is not a date`) {
		t.Errorf("it says %q", stderr)
	}
}

func TestWhatIsNotTakenIsCountedWithItsReason(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	german := writeFile(t, "german.txt", "Die Aktien der kleinen Unternehmen sind in dieser Woche deutlich gestiegen, "+
		"sagte der Chefstratege der Bank am Donnerstag in Frankfurt. Die Anleger hoffen auf sinkende Zinsen und bessere Gewinne im nächsten Jahr.")
	_, stderr := wants(t, exitFailed, "import", german, "missing.txt", "--db", db)
	if !strings.Contains(stderr, "1 skipped, 1 failed") {
		t.Errorf("the summary is %q", stderr)
	}
	stdout, _ := wants(t, exitDone, "sources", "--db", db)
	for _, want := range []string{"skipped  not in English (it is written in \"de\") (" + german, "failed   no such file or directory (missing.txt)"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("sources do not say %q:\n%s", want, stdout)
		}
	}
}

// The same words of the same speaker twice on a page are one quote everywhere.
func TestRepeatedQuoteIsOne(t *testing.T) {
	path := writeFile(t, "story.txt", story+"\n“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research. “We are buyers.”\n")
	stdout, _ := wants(t, exitDone, "tag", path)
	seen := map[string]bool{}
	for line := range strings.Lines(stdout) {
		var r struct{ ID string }
		if err := json.Unmarshal([]byte(line), &r); err != nil || seen[r.ID] {
			t.Errorf("%v, or twice: %s", err, line)
		}
		seen[r.ID] = true
	}
	if _, stderr := wants(t, exitDone, "retag", "--preview", "--db", imported(t, path)); !strings.Contains(stderr, "0 quotes new") {
		t.Errorf("retag sees new quotes: %s", stderr)
	}
}

func imported(t *testing.T, path string) (db string) {
	t.Helper()
	db = filepath.Join(t.TempDir(), "t.db")
	wants(t, exitDone, "import", path, "--db", db)
	return db
}

func TestEvalScoresLabelledArticles(t *testing.T) {
	label := map[string]any{"file": "story.txt", "text": story, "quotes": []map[string]any{{
		"segments": []string{"Small caps are cheap and the rally has room to run,", "We are buyers."},
		"kind":     "direct", "speaker": "Ada Quill", "speaker_type": "analyst", "firm": "Quill Research", "stance": "bullish",
	}}}
	line, err := json.Marshal(label)
	if err != nil {
		t.Fatal(err)
	}
	stdout, _ := wants(t, exitDone, "eval", writeFile(t, "labels.jsonl", string(line)), "--errors")
	for _, want := range []string{"attribution_recall      1.000", "stance_accuracy         1.000", "FALSE    story.txt: Bo Reed"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("eval does not say %q:\n%s", want, stdout)
		}
	}
}

func TestTerminalNeverSeesControlCharacters(t *testing.T) {
	if got := oneLine("Ada\x1b[31m Quill\r\nrose\u202e\u0085 up"); strings.ContainsAny(got, "\x1b\r\n\u202e\u0085") {
		t.Errorf("got %q", got)
	}
}

func TestInterruptedWorkEndsWithStatus1(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: testClock}
	if code := run(ctx, a, []string{"tag", writeFile(t, "story.txt", story)}); code != exitFailed || !strings.Contains(errs.String(), "stopped") {
		t.Errorf("status %d, %q", code, errs.String())
	}
}

// Help prints the defaults of flags, and the token is one that comes from the environment.
func TestHelpKeepsTheSecret(t *testing.T) {
	t.Setenv("TENOR_TOKEN", "a-secret-of-ours")
	if out, _ := wants(t, exitDone, "serve", "--help"); strings.Contains(out, "a-secret-of-ours") {
		t.Errorf("%s", out)
	}
}

// Whoever gets nothing hears why, in whatever form they asked.
func TestWhyNothingIsDrawn(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	undated := writeFile(t, "undated.txt", strings.Replace(story, "September 18, 2025\n", "", 1))
	wants(t, exitDone, "import", undated, "--db", db)
	for _, c := range []struct {
		want string
		args []string
	}{
		{"No view of an analyst has a day: 2 quotes without one", []string{"timeline"}},
		{"No view of an analyst has a day: 2 quotes without one", []string{"timeline", "--format", "csv"}},
		{"Nothing was known on 1999-01-01", []string{"timeline", "--asof", "1999-01-01"}},
		{"Nothing was known on 1999-01-01", []string{"timeline", "--asof", "1999-01-01", "--format", "jsonl"}},
		{"Nothing was known on 1999-01-01", []string{"export", "--asof", "1999-01-01"}},
		{"Nothing was known on 1999-01-01", []string{"search", "rally", "--asof", "1999-01-01"}},
		{`Nobody here is called "Nell Nobody"`, []string{"export", "--analyst", "Nell Nobody"}},
	} {
		if _, stderr := wants(t, exitDone, append(c.args, "--db", db)...); !strings.Contains(stderr, c.want) {
			t.Errorf("%v: %q, want %q", c.args, stderr, c.want)
		}
	}
}
