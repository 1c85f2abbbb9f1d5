package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
	"tenor/store"
)

// judgedStore is the story, with one quote corrected, one removed and none left.
func judgedStore(t *testing.T, path string) (db string) {
	t.Helper()
	db = imported(t, path)
	s, err := store.Open(t.Context(), db, store.Options{Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, r := range recordsOf(t, s) {
		labels := []tenor.Label{{Field: "stance", Value: "neutral"}, {Field: "firm", Value: "Quill & Sons"}}
		if strings.HasPrefix(r.Speaker, "Bo") {
			labels = []tenor.Label{{Field: "quote", Value: "no"}}
		}
		if _, err := s.Correct(t.Context(), r.ID, labels, "nell", "as I heard it"); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func recordsOf(t *testing.T, s *store.Store) (list []tenor.Record) {
	t.Helper()
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// What people corrected is written as tenor eval reads it, measures the tagger, and comes
// into another store with its names and times.
func TestLabelsExportIsGoldAndComesBack(t *testing.T) {
	path := writeFile(t, "story.txt", story)
	db := judgedStore(t, path)
	file := filepath.Join(t.TempDir(), "corrected.jsonl")
	if _, stderr := wants(t, exitDone, "labels", "export", "--db", db, "--out", file); !strings.Contains(stderr, "2 quotes that people judged, in 1 article") {
		t.Errorf("export says %q", stderr)
	}
	stdout, _ := wants(t, exitDone, "eval", file, "--errors")
	for _, want := range []string{"attribution_recall      1.000", "stance_accuracy         0.000", "FALSE    story.txt: Bo Reed"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("eval does not say %q:\n%s", want, stdout)
		}
	}

	other := imported(t, path)
	if _, stderr := wants(t, exitDone, "labels", "import", file, "--db", other); !strings.Contains(stderr, "3 corrections new, 0 here already") {
		t.Errorf("import says %q", stderr)
	}
	if _, stderr := wants(t, exitDone, "labels", "import", file, "--db", other); !strings.Contains(stderr, "0 corrections new, 3 here already") {
		t.Errorf("importing again says %q", stderr)
	}
	again, _ := wants(t, exitDone, "labels", "export", "--db", other)
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if again != string(first) {
		t.Errorf("comes back as\n%s\nand went as\n%s", again, first)
	}
	csv, _ := wants(t, exitDone, "export", "--dialect", "raw", "--db", other)
	if strings.Contains(csv, "Bo Reed") || !strings.Contains(csv, ",human,") || !strings.Contains(csv, "Quill & Sons") {
		t.Errorf("the export holds\n%s", csv)
	}
	unrelated := imported(t, writeFile(t, "other.txt", strings.ReplaceAll(story, "Quill", "Marsh")))
	if _, stderr := wants(t, exitDone, "labels", "import", file, "--db", unrelated); !strings.Contains(stderr, "3 corrections of quotes that this store does not have") {
		t.Errorf("import into another store says %q", stderr)
	}
	if _, stderr := wants(t, exitDone, "labels", "export", "--db", unrelated); !strings.Contains(stderr, "Nobody corrected anything yet") {
		t.Errorf("an export of nothing says %q", stderr)
	}
	wants(t, exitFailed, "labels", "import", writeFile(t, "bad.jsonl", "{"), "--db", other)
	wants(t, exitFailed, "labels", "import", writeFile(t, "none.jsonl", ""), "--db", other)
	wants(t, exitUsage, "labels", "import", "--db", other)
	wants(t, exitUsage, "labels", "burn")
}

// A quote that people found right is right when it is measured, too: eval reads the headline
// that the tagger read, which stands in no line of a stored text.
func TestEvalReadsTheHeadline(t *testing.T) {
	line, err := json.Marshal(map[string]string{"url": "https://news.example/gold", "title": "Gold climbs as buyers come back", "published": "2025-09-18",
		"text": "It was a long week on the exchange.\n\n“There is room to run from here, and we are buyers,” said Ada Quill, chief strategist at Quill Research."})
	if err != nil {
		t.Fatal(err)
	}
	db := imported(t, writeFile(t, "gold.jsonl", string(line)+"\n"))
	s, err := store.Open(t.Context(), db, store.Options{Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, r := range recordsOf(t, s) {
		if r.Subject != "gold" {
			t.Fatalf("the subject is %s", r.Subject)
		}
		if _, err := s.Correct(t.Context(), r.ID, []tenor.Label{{Field: "stance", Value: string(r.Stance)}}, "nell", ""); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "right.jsonl")
	wants(t, exitDone, "labels", "export", "--db", db, "--out", file)
	stdout, _ := wants(t, exitDone, "eval", file)
	for _, want := range []string{"attribution_recall      1.000", "stance_accuracy         1.000", "subject_accuracy        1.000"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("eval does not say %q:\n%s", want, stdout)
		}
	}
}

// Tagging again keeps what people said, and its preview counts what was removed as unchanged.
func TestRetagKeepsCorrections(t *testing.T) {
	db := judgedStore(t, writeFile(t, "story.txt", story))
	before, _ := wants(t, exitDone, "labels", "export", "--db", db)
	if _, stderr := wants(t, exitDone, "retag", "--preview", "--db", db); !strings.Contains(stderr, "0 quotes new, 0 gone, 0 with another stance, 0 with other labels, 2 unchanged") {
		t.Errorf("the preview says %q", stderr)
	}
	wants(t, exitDone, "retag", "--db", db)
	if after, _ := wants(t, exitDone, "labels", "export", "--db", db); after != before {
		t.Errorf("after tagging again\n%s\nbefore\n%s", after, before)
	}
}

// serve corrects where it may write, signs with --who, and with --read-only only shows.
func TestServeCorrects(t *testing.T) {
	db := imported(t, writeFile(t, "story.txt", story))
	for _, readOnly := range []bool{true, false} {
		ctx, stop := context.WithCancel(t.Context())
		out, w := io.Pipe()
		var errs strings.Builder
		a := &app{stdin: strings.NewReader(""), stdout: w, stderr: &errs, now: testClock}
		args := []string{"serve", "--db", db, "--addr", "127.0.0.1:0", "--who", "Nell Harrow"}
		if readOnly {
			args = append(args, "--read-only")
		}
		ended := make(chan int)
		go func() { ended <- run(ctx, a, args) }()
		line := make([]byte, 200)
		n, err := out.Read(line)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(strings.TrimSpace(string(line[:n])), "/")
		get := func(path string) string {
			t.Helper()
			res, err := http.Get(base + path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, _ := io.ReadAll(res.Body)
			return string(body)
		}
		var found struct{ Quotes []tenor.Record }
		if err := json.Unmarshal([]byte(get("/api/v1/quotes?analyst=Ada+Quill")), &found); err != nil || len(found.Quotes) != 1 {
			t.Fatalf("%d quotes (%v)", len(found.Quotes), err)
		}
		id := found.Quotes[0].ID
		if has := strings.Contains(get("/quotes/"+id), `value="bullish"`); has == readOnly {
			t.Errorf("read-only %t: a button is there: %t", readOnly, has)
		}
		res, err := http.PostForm(base+"/quotes/"+id+"/corrections", url.Values{"do": {"fragile"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if want := map[bool]int{true: http.StatusMethodNotAllowed, false: http.StatusOK}[readOnly]; res.StatusCode != want {
			t.Errorf("read-only %t: correcting answers %d, want %d", readOnly, res.StatusCode, want)
		}
		stop()
		go io.Copy(io.Discard, out)
		if code := <-ended; code != exitDone {
			t.Errorf("status %d: %s", code, errs.String())
		}
	}
	if labels, _ := wants(t, exitDone, "labels", "export", "--db", db); !strings.Contains(labels, `"value":"fragile"`) || !strings.Contains(labels, `"who":"Nell Harrow"`) {
		t.Errorf("labels: %s", labels)
	}
	wants(t, exitUsage, "serve", "--db", db, "--read-only", "--crawl")
	wants(t, exitUsage, "serve", "--db", db, "--who", strings.Repeat("n", 100))
}
