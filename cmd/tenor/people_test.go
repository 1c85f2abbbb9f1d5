package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// peopleStore holds what four invented strategists say, one of them under two names.
func peopleStore(t *testing.T) string {
	t.Helper()
	db := filepath.Join(t.TempDir(), "t.db")
	var lines strings.Builder
	for i, a := range []struct{ day, text string }{
		{"2025-09-01", "“Small caps are cheap and we are buyers of small caps,” said Ada Quill, chief strategist at Quill Research."},
		{"2025-09-02", "“Small caps look primed for a long rally,” said Nell Marsh, a strategist at Reed Bank."},
		{"2025-09-03", "“Small caps are heading for a painful selloff and investors should avoid small caps,” said Bo Voss, a strategist at Harbor Fund."},
		{"2025-09-20", "“Small caps are overvalued and we would avoid small caps now,” said Ada Brandt, chief strategist at Halden Capital."},
	} {
		line, err := json.Marshal(map[string]string{"url": fmt.Sprintf("https://ledger.example/%d", i), "title": fmt.Sprintf("Small caps, part %d", i), "published": a.day, "text": a.text})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	wants(t, 0, "import", "--db", db, writeFile(t, "articles.jsonl", lines.String()))
	return db
}

// A merge, the consensus after it, and back.
func TestPeople(t *testing.T) {
	db := peopleStore(t)
	people := func(args ...string) string {
		out, _ := wants(t, 0, append([]string{"people", "--db", db}, args...)...)
		return out
	}
	moved := func() string {
		out, _ := wants(t, 0, "timeline", "--db", db, "--moved", "2025-09-10..2025-09-25", "--subject", "small-caps")
		return out
	}
	list, before, quotes := people("list"), moved(), people("list", "--format", "json")
	for _, name := range []string{"Ada Quill", "Ada Brandt", "Nell Marsh", "Bo Voss"} {
		if !strings.Contains(list, name) {
			t.Errorf("no %s in\n%s", name, list)
		}
	}
	if !strings.Contains(before, "Ada Brandt  Halden Capital  entered") || !strings.Contains(before, "2025-09-25") {
		t.Errorf("who moved it:\n%s", before)
	}
	people("merge", "Ada Brandt", "Ada Quill", "--why", "married in 2025", "--who", "nell")
	if after := moved(); !strings.Contains(after, "flipped  bullish  fragile") || strings.Contains(after, "entered") {
		t.Errorf("one voice now, and who moved it:\n%s", after)
	}
	shown := people("show", "ada brandt")
	for _, want := range []string{"Ada Quill  #", "2 quotes", "Quill Research  2025-09-01  2025-09-01", "Halden Capital  2025-09-20", "married in 2025", "nell"} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %q in\n%s", want, shown)
		}
	}
	people("rename", "Ada Quill", "Ada Brandt-Quill")
	if found := people("list", "brandt-quill", "--format", "csv"); !strings.Contains(found, "Ada Brandt-Quill,person,2,2025-09-01,2025-09-20") {
		t.Errorf("found\n%s", found)
	}
	people("undo")
	people("undo", "1", "--why", "it was her sister")
	if again := people("list", "--format", "json"); again != quotes {
		t.Errorf("undone:\n%s\nwant\n%s", again, quotes)
	}
	if again := moved(); again != before {
		t.Errorf("undone, and who moved it:\n%s\nwant\n%s", again, before)
	}
	log := people("log")
	for _, want := range []string{"merge Ada Brandt #4 into Ada Quill #1 (undone by 4)", "it was her sister", "2026-01-15 12:00"} {
		if !strings.Contains(log, want) {
			t.Errorf("no %q in\n%s", want, log)
		}
	}
}

func TestMistakesWithPeople(t *testing.T) {
	db := peopleStore(t)
	before, _ := wants(t, 0, "people", "list", "--db", db, "--format", "json")
	for _, c := range []struct {
		status int
		want   string
		args   []string
	}{
		{2, `"Ada Quill" and "ada QUILL" are one person here already`, []string{"people", "merge", "Ada Quill", "ada QUILL"}},
		{1, `nobody here is called "Ada Reed"`, []string{"people", "merge", "Ada Reed", "Ada Quill"}},
		{1, `nobody here is called "Ada"`, []string{"people", "show", "Ada"}},
		{2, "name at least two people", []string{"people", "merge", "Ada Quill"}},
		{2, "that is all of Ada Quill", []string{"people", "split", "Ada Quill", "Ada Quill"}},
		{2, "there is nothing to undo", []string{"people", "undo"}},
		{1, "the ledger has no entry 9", []string{"people", "undo", "9"}},
		{2, `"last" is no number`, []string{"people", "undo", "last"}},
		{2, "give the name of one person, and the new name", []string{"people", "rename", "Ada", "Quill", "Junior"}},
		{2, "quotation marks", []string{"people", "list", "Ada", "Quill"}},
		{2, `there is no command "mrege"; did you mean merge?`, []string{"people", "mrege"}},
		{2, "2025-09-25 is not before 2025-09-10", []string{"timeline", "--moved", "2025-09-25..2025-09-10"}},
		{2, "is not two days", []string{"timeline", "--moved", "2025-09-25"}},
		{2, "--as-known goes with --moved", []string{"timeline", "--as-known"}},
		{2, "leave them out", []string{"timeline", "--moved", "2025-09-01..2025-09-10", "--from", "2025-09-01"}},
	} {
		out, stderr := wants(t, c.status, append(c.args, "--db", db)...)
		if first, _, _ := strings.Cut(stderr, "\n"); !strings.Contains(first, c.want) || out != "" {
			t.Errorf("%s: %s, want %s", strings.Join(c.args, " "), stderr, c.want)
		}
	}
	if after, _ := wants(t, 0, "people", "list", "--db", db, "--format", "json"); after != before {
		t.Errorf("something changed:\n%s", after)
	}
	missing := filepath.Join(t.TempDir(), "none.db")
	if _, stderr := wants(t, 1, "people", "merge", "a", "b", "--db", missing); !strings.Contains(stderr, "none.db") {
		t.Errorf("no store: %s", stderr)
	}
}

// The movers of a day as scripts read them.
func TestMovedFormats(t *testing.T) {
	db := peopleStore(t)
	args := []string{"timeline", "--db", db, "--moved", "2025-09-10..2025-09-25"}
	out, _ := wants(t, 0, append(args, "--format", "jsonl")...)
	var m struct {
		Delta  float64
		Movers []struct {
			Points float64
			After  *struct{ Quote, URL string }
		}
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, one := range m.Movers {
		sum += one.Points
	}
	if d := sum - m.Delta; len(m.Movers) != 1 || m.Delta == 0 || d > 1e-9 || d < -1e-9 || m.Movers[0].After.URL != "https://ledger.example/3" {
		t.Errorf("movers of %g add up to %g: %s", m.Delta, sum, out)
	}
	out, _ = wants(t, 0, append(args, "--format", "csv")...)
	if !strings.HasPrefix(out, "analyst,firm,change,points,before,after,published,quote_id,url\nAda Brandt,Halden Capital,entered,-") {
		t.Errorf("CSV %s", out)
	}
	out, _ = wants(t, 0, append(args, "--as-known")...)
	if !strings.Contains(out, "nobody's part can be told") { // all was collected later
		t.Errorf("as known then:\n%s", out)
	}
}

// Firms and outlets: joined by what articles say, decided otherwise, and back.
func TestFirms(t *testing.T) {
	db := filepath.Join(t.TempDir(), "t.db")
	var lines strings.Builder
	for i, a := range []struct{ day, text string }{
		{"2025-09-01", "“Small caps are cheap and we are buyers of small caps,” said Ada Marsh, chief strategist at Quill Financial Group."},
		{"2025-09-08", "“Small caps look primed for a long rally,” said Ada Marsh, chief strategist at Quill."},
		{"2025-09-20", "“Small caps are overvalued and we would avoid small caps now,” said Bo Voss, a strategist at Harbor Fund."},
	} {
		line, err := json.Marshal(map[string]string{"url": fmt.Sprintf("https://ledger.example/%d", i), "title": fmt.Sprintf("Small caps, part %d", i), "published": a.day, "text": a.text, "outlet": []string{"Ledger", "Ledger News", "Courier"}[i]})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	wants(t, 0, "import", "--db", db, writeFile(t, "articles.jsonl", lines.String()))
	run := func(status int, args ...string) string {
		out, log := wants(t, status, append([]string{args[0], "--db", db}, args[1:]...)...)
		return out + log
	}
	for _, c := range []struct {
		status int
		want   string
		args   string
	}{
		{0, "also written Quill 2 ", "firms list"},
		{0, "quill quill financial 1 0", "firms why Quill|Quill Financial"},
		{0, "are two firms here", "firms why Quill|Harbor Fund"},
		{2, "there is nothing to merge", "firms merge Quill|Quill Financial"},
		{1, `no firm here is called "Reed"`, "firms merge Reed|Quill"},
		{0, "tenor firms undo 1", "firms split Quill|Quill Financial Group"},
		{0, "Quill Financial Group 1 ", "firms list"},
		{0, "Took back entry 1", "firms undo"},
		{0, "Quill Financial Group 1", "firms show Quill"},
		{2, "there is nothing to undo", "firms undo"},
		{1, "has no entry 9", "firms undo 9"},
		{0, "(undone by 2)", "firms log"},
		{0, "Ledger 2 ", "outlets list"},
		{0, "tenor outlets undo 3", "outlets merge Courier|Ledger"},
		{0, "Courier 1", "outlets show Ledger"},
		{0, "Nobody is doubtful", "people list --doubtful"},
		{0, "are two people here", "people why Ada Marsh|Bo Voss"},
		{1, "nobody here is called", "people why Ada Marsh|Reed"},
		{0, `No firm here is called "Reed".`, "search small --firm Reed"},
		{0, "Nothing was known on 2001-01-01", "search small --asof 2001-01-01"},
		{0, "Nothing was known on 2001-01-01", "timeline --asof 2001-01-01"},
	} {
		words := strings.SplitN(c.args, " ", 3)
		args := words[:min(2, len(words))]
		if len(words) > 2 {
			if strings.HasPrefix(words[2], "--") {
				args = append(args, strings.Fields(words[2])...)
			} else {
				args = append(args, strings.Split(words[2], "|")...)
			}
		}
		if got := strings.Join(strings.Fields(run(c.status, args...)), " "); !strings.Contains(got, c.want) {
			t.Errorf("tenor %s: no %q in\n%s", c.args, c.want, got)
		}
	}
}
