package crawler

import (
	"crypto/md5"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenor"
)

var fit = flag.Bool("fit", false, "fit data/weights.txt anew on half of the shared pages")

// How many log odds the bias is set below what was fitted: a page's score suffers
// more from a stray block than from a missing one. Found on the same half.
const strictness = 0.4

// lesson is a block with its label and how much it counts.
type lesson struct {
	features features
	kept     float64 // 1 when it is the article's
	weight   float64
}

// TestFitWeights writes data/weights.txt (go test -run TestFitWeights -fit): ridge
// logistic regression by Newton's method over the blocks of the half of the shared
// pages that isDevelopment picks. A block counts by its share of its article.
func TestFitWeights(t *testing.T) {
	if !*fit {
		t.Skip("run with -fit to fit the weights anew")
	}
	var lessons []lesson
	for set := range bodyFloors {
		truths := pageTruths(t, set)
		for _, file := range slices.Sorted(maps.Keys(truths)) {
			if isDevelopment(file) {
				lessons = append(lessons, lessonsOf(t, filepath.Join(sharedPages, set, file), truths[file])...)
			}
		}
	}
	w := regress(lessons, 0.1)
	w[fBias] -= strictness
	old, err := os.ReadFile("data/weights.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(old)) {
		if strings.HasPrefix(line, "#") {
			out.WriteString(line)
		}
	}
	for i, name := range featureNames {
		fmt.Fprintf(&out, "%s: %.2f\n", name, w[i])
	}
	if err := os.WriteFile("data/weights.txt", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("fitted on %d blocks", len(lessons))
}

// isDevelopment picks half of the pages, all of a publisher's or none.
func isDevelopment(file string) bool {
	publisher, _, _ := strings.Cut(file, "_")
	return md5.Sum([]byte(publisher))[0]%2 == 0
}

func lessonsOf(t *testing.T, path, truth string) []lesson {
	page := sharedPage(t, path)
	doc, err := parsePage(page)
	if err != nil {
		t.Logf("%s: %v", path, err)
		return nil
	}
	graph := readJSONLD(doc)
	meta := readMetadata(doc, graph, graph.article())
	a := tenor.Article{URL: pageAddress(meta.url), Title: meta.title, Authors: meta.authors}
	p, err := readBlocks(doc.Get(0), a.URL, meta.body)
	if err != nil {
		t.Logf("%s: %v", path, err)
		return nil
	}
	first, all := p.describe(&a, meta.summary)
	groups := fours(truth)
	flat := " " + strings.Join(wordOfText.FindAllString(truth, -1), " ") + " "
	size := 0
	for _, n := range groups {
		size += n
	}
	var lessons []lesson
	for i := range all {
		text := p.list[first+i].text
		list := wordOfText.FindAllString(text, -1)
		if len(list) == 0 {
			continue
		}
		own := max(len(list)-3, 1)
		l := lesson{features: all[i], weight: float64(max(own, 2)) / float64(max(size, 50))}
		if len(list) < 8 { // too short to be told by its groups
			if strings.Contains(flat, " "+strings.Join(list, " ")+" ") {
				l.kept = 1
			}
		} else {
			hits := 0
			for group, n := range fours(text) {
				if groups[group] > 0 {
					hits += n
				}
			}
			if hits*2 > own {
				l.kept = 1
			}
		}
		lessons = append(lessons, l)
	}
	return lessons
}

// regress minimises the weighted log loss plus ridge/2 times the squared weights, but
// for the bias.
func regress(lessons []lesson, ridge float64) (w features) {
	for range 12 {
		var system [numFeatures][numFeatures + 1]float64
		for i := range w {
			system[i][i], system[i][numFeatures] = ridge, -ridge*w[i]
		}
		system[fBias][fBias], system[fBias][numFeatures] = 1e-6, 0
		for _, l := range lessons {
			odds := 0.0
			for i, v := range l.features {
				odds += v * w[i]
			}
			chance := 1 / (1 + math.Exp(-odds))
			slope, curve := l.weight*(l.kept-chance), l.weight*chance*(1-chance)+1e-9
			for i, v := range l.features {
				if v == 0 {
					continue
				}
				system[i][numFeatures] += slope * v
				for j, u := range l.features {
					system[i][j] += curve * v * u
				}
			}
		}
		for i, step := range solve(&system) {
			w[i] += min(max(step, -3), 3)
		}
	}
	return w
}

// solve is the solution of a system of linear equations, by elimination; 0 for
// what it does not determine.
func solve(m *[numFeatures][numFeatures + 1]float64) (x features) {
	for i := range m {
		pivot := i
		for r := i + 1; r < len(m); r++ {
			if math.Abs(m[r][i]) > math.Abs(m[pivot][i]) {
				pivot = r
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		if math.Abs(m[i][i]) < 1e-12 {
			continue
		}
		for r := range m {
			if f := m[r][i] / m[i][i]; r != i && f != 0 {
				for c := i; c <= numFeatures; c++ {
					m[r][c] -= f * m[i][c]
				}
			}
		}
	}
	for i := range m {
		if math.Abs(m[i][i]) > 1e-12 {
			x[i] = m[i][numFeatures] / m[i][i]
		}
	}
	return x
}
