package nlp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
)

// expected is a quote as the .json beside a fixture's .txt gives it.
type expected struct {
	Speaker  string            `json:"speaker"`
	Type     tenor.SpeakerType `json:"type"`
	Firm     string            `json:"firm"`
	Kind     tenor.Kind        `json:"kind"`
	Segments []string          `json:"segments"`
}

// words is what a quote says, its segments joined: what a fixture is compared by.
func (e expected) words() string { return strings.Join(e.Segments, " … ") }

// TestFixtures reads every text in testdata/attribution and compares its quotes
// with the .json of its name, which a person has checked. A bug found is a new
// pair. Each figure may not fall below its floor; hard.txt holds what is still
// missed, so they are below 1.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/attribution/*.txt")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	var want, got, found, kinds, types, firms int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(strings.TrimSuffix(file, ".txt") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var list []expected
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatalf("read the quotes of %s: %v", file, err)
		}
		quotes, err := shared.Tag(&tenor.Article{File: file, Text: string(text)})
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, string(text), quotes)
		want, got = want+len(list), got+len(quotes)
		byWords := map[string]tenor.Quote{}
		for _, q := range quotes {
			byWords[q.Speaker+": "+expected{Segments: q.Segments(string(text))}.words()] = q
		}
		for _, e := range list {
			key := e.Speaker + ": " + e.words()
			q, ok := byWords[key]
			if !ok {
				t.Logf("%s: missed %s", file, key)
				continue
			}
			delete(byWords, key)
			found++
			kinds += b2i(q.Kind == e.Kind)
			types += b2i(q.SpeakerType == e.Type)
			firms += b2i(q.Firm == e.Firm)
			if q.Kind != e.Kind || q.SpeakerType != e.Type || q.Firm != e.Firm {
				t.Logf("%s: %s is %s, %s of %q", file, key, q.Kind, q.SpeakerType, q.Firm)
			}
		}
		for key := range byWords {
			t.Logf("%s: false %s", file, key)
		}
	}
	for _, figure := range []struct {
		name        string
		part, whole int
		floor       float64
	}{
		{"precision", found, got, 0.90},
		{"recall", found, want, 0.90},
		{"kind", kinds, found, 0.98},
		{"type", types, found, 0.97},
		{"firm", firms, found, 0.95},
	} {
		if value := float64(figure.part) / float64(figure.whole); value < figure.floor {
			t.Errorf("%s %.3f (%d of %d), below its floor %.2f", figure.name, value, figure.part, figure.whole, figure.floor)
		} else {
			t.Logf("%s %.3f (%d of %d)", figure.name, value, figure.part, figure.whole)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
