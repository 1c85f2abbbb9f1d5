package crawler

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
)

// Floors of the body's F1 on the shared pages, never to be lowered.
var bodyFloors = map[string]float64{"aeb": 0.980, "news": 0.966}

// Of each set of shared pages, how much of the articles' text is extracted, and how
// much of what is extracted is theirs: precision and recall over groups of four
// words, averaged over pages, as the public benchmark of article extraction counts.
func TestBodyReach(t *testing.T) {
	for set, floor := range bodyFloors {
		t.Run(set, func(t *testing.T) {
			var all, unseen mean // unseen: the half that the weights were not fitted on
			for file, truth := range pageTruths(t, set) {
				a := sharedArticle(t, filepath.Join(sharedPages, set, file))
				precision, recall := overlap(truth, a.Text)
				if testing.Verbose() && precision+recall < 1.8 {
					t.Logf("%.3f %.3f %s %s", precision, recall, a.PageType, file)
				}
				all.add(precision, recall, a.Text != "")
				if !isDevelopment(file) {
					unseen.add(precision, recall, a.Text != "")
				}
			}
			f := all.f1()
			t.Logf("%s: F1 %.4f of %.0f pages, %.4f of the %.0f unseen", set, f, all.pages, unseen.f1(), unseen.pages)
			if f < floor {
				t.Errorf("body F1 of %s is %.4f, below %.4f", set, f, floor)
			}
		})
	}
}

// mean sums precision, of the pages with any text, and recall.
type mean struct{ precision, recall, texts, pages float64 }

func (m *mean) add(precision, recall float64, text bool) {
	if m.precision, m.recall, m.pages = m.precision+precision, m.recall+recall, m.pages+1; text {
		m.texts++
	}
}

func (m *mean) f1() float64 {
	p, r := m.precision/m.texts, m.recall/m.pages
	return 2 * p * r / (p + r)
}

const sharedPages = "../../shared/pages"

// pageTruths are the true texts of a set's pages by file name.
func pageTruths(t *testing.T, set string) map[string]string {
	f, err := os.Open(filepath.Join(sharedPages, set, "truth.jsonl"))
	if err != nil {
		t.Skipf("%s is absent: %v", sharedPages, err)
	}
	defer f.Close()
	truths := map[string]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line struct {
			File string
			Text *string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Text != nil {
			truths[line.File] = *line.Text
		}
	}
	return truths
}

// sharedArticles are those of the shared pages, by path: two tests look at each, and to
// read them takes long under the race detector.
var sharedArticles sync.Map

func sharedArticle(t testing.TB, path string) tenor.Article {
	if a, ok := sharedArticles.Load(path); ok {
		return a.(tenor.Article)
	}
	a, _ := Extract(sharedPage(t, path))
	sharedArticles.Store(path, a)
	return a
}

func sharedPage(t testing.TB, path string) *tenor.Page {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return &tenor.Page{Body: body, FetchedAt: time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)}
}

func overlap(truth, text string) (precision, recall float64) {
	want, got := fours(truth), fours(text)
	all, hits := 0, 0
	for group, n := range got {
		all += n
		hits += min(n, want[group])
	}
	size := 0
	for _, n := range want {
		size += n
	}
	return float64(hits) / float64(max(all, 1)), float64(hits) / float64(max(size, 1))
}

var wordOfText = regexp.MustCompile(`[\p{L}\p{N}_]+`)

func fours(text string) map[string]int {
	groups := map[string]int{}
	list := wordOfText.FindAllString(text, -1)
	for i := 0; i < max(len(list)-3, min(len(list), 1)); i++ {
		groups[strings.Join(list[i:min(i+4, len(list))], " ")]++
	}
	return groups
}
