package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
)

// shown is what a reader learns from a quote, but for its article's title and outlet.
func shown(r *tenor.Record) string {
	return fmt.Sprint(r.ID, r.ArticleKey, r.URL, r.File, r.Speaker, r.SpeakerType, r.Kind, r.Stance, r.Published, r.Spans, r.Segments, r.LabelSource,
		r.Firm, r.Role, r.Claim, r.Horizon, r.Subject, r.Themes, r.Confidence, r.Attribution, r.Resolved, r.Evidence, r.Tagger)
}

// Wherever one byte of the file changes, a quote is served as it was, or not at all.
func TestFlippedBytesAreNeverServed(t *testing.T) {
	s := newsroom(t)
	right := map[string]string{}
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{})) {
		right[r.ID] = shown(&r)
	}
	s.Close()
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "flipped.db")
	check := func(records []tenor.Record, offset int) {
		for _, r := range records {
			if got := shown(&r); got != right[r.ID] {
				t.Errorf("with byte %d changed, served\n %s\nwas\n %s", offset, got, right[r.ID])
			}
		}
	}
	refused, failed := 0, 0
	rnd := rand.New(rand.NewPCG(6, 28))
	for range *flipRuns {
		offset := rnd.IntN(len(whole))
		for whole[offset] == 0 { // most of a small file is empty pages
			offset = rnd.IntN(len(whole))
		}
		changed := append([]byte{}, whole...)
		changed[offset] ^= byte(1 + rnd.IntN(255))
		removeDatabase(path)
		writeFile(t, path, changed)
		if w, err := Open(t.Context(), path, Options{}); err == nil {
			w.Close()
		} else if refused++; strings.Contains(err.Error(), "\n") {
			t.Errorf("byte %d: more than one line: %v", offset, err)
		}
		ro, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			continue
		}
		bad := false
		note := func(err error) { bad = bad || err != nil }
		res, err := ro.Search(t.Context(), tenor.Filter{}, "", 500)
		note(err)
		check(res.Records, offset)
		res, err = ro.Search(t.Context(), tenor.Filter{Query: "small"}, "", 500)
		note(err)
		check(res.Records, offset)
		for r, err := range ro.Records(t.Context(), tenor.Filter{}) {
			if note(err); err != nil {
				break
			}
			check([]tenor.Record{r}, offset)
		}
		for id := range right {
			r, err := ro.Record(t.Context(), id)
			note(err)
			if err == nil {
				check([]tenor.Record{r}, offset)
			}
		}
		for id := int64(1); id < 12; id++ {
			a, records, err := ro.Article(t.Context(), id)
			if err != nil {
				continue
			}
			check(records, offset)
			for _, r := range records {
				for i, span := range r.Spans {
					if span.In(a.Text) != r.Segments[i] {
						t.Errorf("with byte %d changed, the article shows %q for %q", offset, span.In(a.Text), r.Segments[i])
					}
				}
			}
		}
		if bad {
			failed++
		}
		ro.Close()
	}
	t.Logf("%d flips in %d bytes: %d times refused to write, %d times refused to serve something", *flipRuns, len(whole), refused, failed)
	if refused == 0 || failed == 0 {
		t.Error("no damage was found at all")
	}
}

// Damage is named with what to do, and stops the one who would write.
func TestDamageSaysWhatToDo(t *testing.T) {
	s := newsroom(t)
	backup, _ := makeBackup(t, s)
	path := s.path
	s.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < 4096+400; i++ { // into the middle of a page
		content[i] ^= 0xff
	}
	writeFile(t, path, content)
	_, err = Open(t.Context(), path, Options{})
	want := path + " is damaged: tenor doctor --db " + path + " says what is wrong; the last good backup, of 2026-03-01 12:00 UTC, comes back with: tenor restore " + backup + " --db " + path + " --force"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(content) {
		t.Error("the damaged file was written to")
	}
	os.Remove(backup)
	if _, err = Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "no backup of it lies beside it") {
		t.Errorf("without a backup: %v", err)
	}
	if err := Explain(path, fmt.Errorf("search: %w", errDamaged)); !strings.Contains(err.Error(), "search: the store is damaged; no backup of it lies beside it") {
		t.Error(err)
	}
	if err := Explain(path, context.Canceled); err != context.Canceled {
		t.Error(err)
	}
}
