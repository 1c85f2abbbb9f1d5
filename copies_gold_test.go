package tenor

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goldQuotes reads labelled quotes as records by article, all of one day, which is
// harder than life: an identifier is the file and the quote's number in it. The
// title holds the label of the utterance where the file has one.
func goldQuotes(t *testing.T, name string) map[string][]Record {
	t.Helper()
	path := filepath.Join("..", "shared", "gold", name)
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("%s is not here: the copies in it are not scored", path)
	}
	defer file.Close()
	articles := map[string][]Record{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var a struct {
			File   string
			Quotes []struct {
				Segments    []string
				Speaker     string
				SpeakerType SpeakerType `json:"speaker_type"`
				Firm        string
				Stance      Stance
				Claim       Claim
				Cluster     string
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		for i, q := range a.Quotes {
			r := said(q.Speaker, "2025-09-18", q.Stance, words(strings.Join(q.Segments, " ")))
			r.ID, r.ArticleKey, r.Spans = fmt.Sprintf("%s/%02d", a.File, i), a.File, []Span{{i * 1000, i*1000 + 1}}
			r.Firm, r.SpeakerType, r.Title = q.Firm, q.SpeakerType, q.Cluster
			articles[a.File] = append(articles[a.File], r)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return articles
}

func allOf(articles map[string][]Record) []Record {
	var all []Record
	for _, records := range articles {
		all = append(all, records...)
	}
	return all
}

// patternFloor is the pairwise F1 on the invented passages, never to be lowered.
const patternFloor = 0.86

func TestCopiesOfGoldPatterns(t *testing.T) {
	all := allOf(goldQuotes(t, "patterns/patterns.jsonl"))
	FoldCopies(all)
	var hit, missed, wrong int
	for i := range all {
		for j := range all[:i] {
			gold := all[i].Title != "" && all[i].Title == all[j].Title
			switch got := all[i].Cluster == all[j].Cluster; {
			case gold && got:
				hit++
			case gold:
				missed++
			case got:
				wrong++
				if FoldText(all[i].Text()) != FoldText(all[j].Text()) {
					t.Logf("joined wrongly: %s and %s", all[i].ID, all[j].ID)
				}
			}
		}
	}
	f1 := 2 * float64(hit) / float64(2*hit+missed+wrong)
	t.Logf("pairs: %d right, %d missed, %d wrong, F1 %.3f", hit, missed, wrong, f1)
	if f1 < patternFloor {
		t.Errorf("pairwise F1 %.3f, floor %.2f", f1, patternFloor)
	}
}

// Every group of the seeds is one cluster, and nothing else is joined.
func TestCopiesOfGoldSeeds(t *testing.T) {
	all := allOf(goldQuotes(t, "seeds.jsonl"))
	data, err := os.ReadFile(filepath.Join("..", "shared", "gold", "same_quote.json"))
	if err != nil {
		t.Skip("same_quote.json is not here")
	}
	var gold struct{ Groups [][][2]any }
	if err := json.Unmarshal(data, &gold); err != nil {
		t.Fatal(err)
	}
	group := map[string]int{}
	for i, g := range gold.Groups {
		for _, m := range g {
			group[fmt.Sprintf("%v/%02.0f", m[0], m[1])] = i + 1
		}
	}
	FoldCopies(all)
	of := func(r *Record) int { return group[r.ID[:3]+r.ID[strings.Index(r.ID, "/"):]] }
	for i := range all {
		for j := range all[:i] {
			a, b := &all[i], &all[j]
			want := of(a) > 0 && of(a) == of(b)
			if got := a.Cluster == b.Cluster; got != want {
				t.Errorf("%s and %s are one utterance: %v, want %v", a.ID, b.ID, got, want)
			}
		}
	}
}

// r056 and r058 are one story run twice, and so are two other pairs; nobody else
// says anything twice.
func TestCopiesOfGoldReuters(t *testing.T) {
	articles := goldQuotes(t, "reuters.jsonl")
	all := allOf(articles)
	FoldCopies(all)
	for i := range articles["r056.txt"] {
		a, b := fmt.Sprintf("r056.txt/%02d", i), fmt.Sprintf("r058.txt/%02d", i)
		if of := clusterOf(all, b); of != a {
			t.Errorf("%s is a copy of %s, want %s", b, of, a)
		}
	}
	for i := range all {
		for j := range all[:i] {
			a, b := &all[i], &all[j]
			if a.Cluster != b.Cluster {
				continue
			}
			if s, _ := similarity(newFeatures(a.Text()), newFeatures(b.Text())); a.ArticleKey == b.ArticleKey || s < 0.9 {
				t.Errorf("%s and %s are joined", a.ID, b.ID)
			}
		}
	}
}

func clusterOf(records []Record, id string) string {
	for i := range records {
		if records[i].ID == id {
			return records[i].Cluster
		}
	}
	return ""
}
