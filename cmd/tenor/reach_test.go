package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"tenor"
	"tenor/crawler"
	"tenor/internal/race"
	"tenor/nlp"
)

// Floors of the share of quotes that lie inside one extracted paragraph, never to
// be lowered.
var quoteFloors = map[string]float64{"aeb": 0.99, "news": 0.99}

// Of the quotes that the tagger finds in an article's true text, how many lie, from
// their first word to their last, inside one paragraph of what is extracted from
// its page (one that goes on over several true paragraphs: each part of it): a quote
// that is torn apart or missing there is lost or misattributed.
func TestQuotesStayInOneParagraph(t *testing.T) {
	const shared = "../../../shared/pages"
	tagger, err := nlp.New()
	if err != nil {
		t.Fatal(err)
	}
	for set, floor := range quoteFloors {
		t.Run(set, func(t *testing.T) {
			f, err := os.Open(filepath.Join(shared, set, "truth.jsonl"))
			if err != nil {
				t.Skipf("%s is absent: %v", shared, err)
			}
			defer f.Close()
			texts := map[string]string{}
			lines := bufio.NewScanner(f)
			lines.Buffer(nil, 1<<24)
			for lines.Scan() {
				var truth struct{ File, Text string }
				if err := json.Unmarshal(lines.Bytes(), &truth); err != nil {
					t.Fatal(err)
				}
				texts[truth.File] = truth.Text
			}
			pages, err := filepath.Glob(filepath.Join(shared, set, "*.html.gz"))
			if err != nil {
				t.Fatal(err)
			}
			var some []string
			for i := 0; i < len(pages); i += race.Nth(5) {
				some = append(some, pages[i])
			}
			total, inside := 0, 0
			now := time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)
			for in := range crawler.ImportPages(t.Context(), some, nil, now, nil) {
				file := filepath.Base(in.Article.File)
				text := texts[file]
				quotes, err := tagger.Tag(&tenor.Article{File: file, Language: in.Article.Language, Text: text})
				if err != nil && !errors.Is(err, tenor.ErrNotEnglish) {
					t.Fatal(err)
				}
				var paragraphs []string
				for p := range strings.SplitSeq(in.Article.Text, "\n\n") {
					paragraphs = append(paragraphs, lettersOf(p))
				}
				for _, q := range quotes {
					words := text[q.Spans[0].Start():q.Spans[len(q.Spans)-1].End()]
					total++
					if keeps(paragraphs, words) {
						inside++
					} else if testing.Verbose() {
						t.Logf("%s: %.150q", file, words)
					}
				}
			}
			share := float64(inside) / float64(total)
			t.Logf("%s: %d of %d quotes inside one paragraph, %.4f", set, inside, total, share)
			if share < floor {
				t.Errorf("%.4f of the quotes lie inside one paragraph, below %.4f", share, floor)
			}
		})
	}
}

// keeps: each paragraph of the words stands within one of the paragraphs.
func keeps(paragraphs []string, words string) bool {
	for line := range strings.Lines(words) {
		letters := lettersOf(line)
		if !slices.ContainsFunc(paragraphs, func(p string) bool { return strings.Contains(p, letters) }) {
			return false
		}
	}
	return true
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
