package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
)

// What eval measures is written as JSON and kept in the store, where the page /about finds
// it; a store is never made for it.
func TestEvalKeepsItsFigures(t *testing.T) {
	label := `{"file":"story.txt","text":` + string(mustJSON(t, story)) + `,"quotes":[{"segments":["Small caps are cheap and the rally has room to run,","We are buyers."],
		"kind":"direct","speaker":"Ada Quill","speaker_type":"analyst","firm":"Quill Research","stance":"bullish"}]}`
	gold := writeFile(t, "ours.jsonl", strings.ReplaceAll(label, "\n", " "))
	db := imported(t, writeFile(t, "story.txt", story))
	stdout, stderr := wants(t, exitDone, "eval", gold, "--format", "json", "--save", "--db", db)
	var printed []tenor.Accuracy
	if err := json.Unmarshal([]byte(stdout), &printed); err != nil || len(printed) != 1 {
		t.Fatalf("it prints %s (%v)", stdout, err)
	}
	if one := printed[0]; one.Set != "ours" || one.Articles != 1 || one.Quotes != 1 || one.Tagger == "" || one.Check() != nil {
		t.Errorf("%+v", one)
	}
	if strings.Contains(stdout, "subject_accuracy") || !strings.Contains(stderr, "/about") {
		t.Errorf("it prints a figure of what is not labelled, or does not say where to look: %s%s", stdout, stderr)
	}
	s, err := (&app{db: db, now: testClock}).readStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if kept, err := s.Accuracy(t.Context()); err != nil || len(kept) != 1 || kept[0].Set != "ours" || len(kept[0].Measures) != len(printed[0].Measures) {
		t.Errorf("kept: %+v (%v)", kept, err)
	}
	wants(t, exitFailed, "eval", gold, "--save", "--db", filepath.Join(t.TempDir(), "none.db"))
	wants(t, exitUsage, "eval", gold, "--format", "xml")
	wants(t, exitUsage, "eval", gold, "--format", "json", "--errors")
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
