package nlp

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tenor"
)

var shared *Tagger

func TestMain(m *testing.M) {
	var err error
	if shared, err = New(); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// checkSpans fails where a span is not a place in the text, or spans of a quote
// are empty, out of order or overlapping.
func checkSpans(t *testing.T, text string, quotes []tenor.Quote) {
	t.Helper()
	for _, q := range quotes {
		last := 0
		if len(q.Spans) == 0 || q.Speaker == "" || q.ID == "" {
			t.Errorf("quote without words, speaker or identifier: %+v", q)
		}
		for _, s := range q.Spans {
			if s.Start() < last || s.Len() <= 0 || s.End() > len(text) {
				t.Fatalf("span %v of %q after %d in a text of %d bytes", s, q.Speaker, last, len(text))
			}
			last = s.End()
		}
		for _, e := range q.Evidence {
			if e.Span.Start() < 0 || e.Span.Len() <= 0 || e.Span.End() > len(text) {
				t.Fatalf("evidence %v in a text of %d bytes", e, len(text))
			}
		}
	}
}

func TestTagRefusesWhatItCannotRead(t *testing.T) {
	if _, err := shared.Tag(&tenor.Article{Text: "x", Truncated: true}); !errors.Is(err, tenor.ErrTruncated) {
		t.Errorf("cut page: %v", err)
	}
	if _, err := shared.Tag(&tenor.Article{Text: "x", Language: "zh"}); !errors.Is(err, tenor.ErrNotEnglish) {
		t.Errorf("Chinese page: %v", err)
	}
	for _, l := range []string{"", "en", "en-GB", "EN-us"} {
		if _, err := shared.Tag(&tenor.Article{Text: "x", Language: l}); err != nil {
			t.Errorf("language %q: %v", l, err)
		}
	}
}

func TestTagIsDeterministic(t *testing.T) {
	a := &tenor.Article{File: "a.txt", Text: strings.Repeat("“It may last,” said Odo Quill, strategist at Pell Research. Quill said that more is to come.\n\n", 20)}
	first, err := shared.Tag(a)
	if err != nil || len(first) != 40 {
		t.Fatalf("%d quotes, %v", len(first), err)
	}
	for range 5 {
		again, err := shared.Tag(a)
		if err != nil || !reflect.DeepEqual(first, again) {
			t.Fatalf("tagging again differs: %v", err)
		}
	}
}

func FuzzTag(f *testing.F) {
	files, _ := filepath.Glob("testdata/attribution/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("“““ ” said Mr. ’s \xff\x00 \"\n\n“x” he said: ``a'' «b» ‘c’\n")
	f.Fuzz(func(t *testing.T, text string) {
		quotes, err := shared.Tag(&tenor.Article{File: "f", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		checkSpans(t, text, quotes)
	})
}
