package crawler

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Real pages with truth, where they are at hand. The floors are what was measured
// here, rounded down; they are never lowered. A good part of the misses is the truth's: it
// holds the headline made for sharing, and places behind names.
func TestNewsFloors(t *testing.T) {
	const pages = "../../shared/pages/news"
	raw, err := os.ReadFile(filepath.Join(pages, "truth.jsonl"))
	if err != nil {
		t.Skip("the news pages of ../shared are not here")
	}
	floors := map[string]float64{"title": 0.90, "authors": 0.90, "date": 0.99}
	judged, right := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(raw)) {
		var truth struct {
			File, Title, Published string
			Authors                []string
		}
		if err := json.Unmarshal([]byte(line), &truth); err != nil {
			t.Fatal(err)
		}
		a := sharedArticle(t, filepath.Join(pages, truth.File))
		judge := func(field string, known, ok bool) {
			if known {
				judged[field]++
				if ok {
					right[field]++
				}
			}
		}
		judge("title", truth.Title != "", foldName(a.Title) == foldName(truth.Title))
		judge("authors", truth.Authors != nil, slices.Equal(foldNames(a.Authors), foldNames(truth.Authors)))
		judge("date", truth.Published != "", strings.HasPrefix(a.Published.String(), truth.Published))
	}
	for field, floor := range floors {
		share := float64(right[field]) / float64(judged[field])
		t.Logf("%s: %d of %d right, %.3f", field, right[field], judged[field], share)
		if share < floor {
			t.Errorf("%s: %.3f right, the floor is %.3f", field, share, floor)
		}
	}
}

func foldNames(names []string) []string {
	var list []string
	for _, name := range names {
		list = append(list, foldName(name))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func foldName(s string) string {
	s = strings.NewReplacer("’", "'", "“", `"`, "”", `"`).Replace(norm.NFKC.String(s))
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
