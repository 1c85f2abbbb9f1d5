package nlp

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"tenor"
)

// TestTrainIsReproducible trains twice on the invented sentences and reads the
// weights back.
func TestTrainIsReproducible(t *testing.T) {
	var data bytes.Buffer
	for _, in := range readInvented(t) {
		line, err := json.Marshal(trainingLine{Title: in.Title, Text: in.Quote, Stance: in.Stance})
		if err != nil {
			t.Fatal(err)
		}
		data.Write(append(line, '\n'))
	}
	o := DefaultTrainOptions()
	o.MinCount = 2
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := TrainStance(bytes.NewReader(data.Bytes()), o, out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("training twice gives two models")
	}
	l, err := newRules()
	if err != nil {
		t.Fatal(err)
	}
	if l.model, err = parseModel("trained", first.Bytes(), l.lexicon.words); err != nil {
		t.Fatal(err)
	}
	l.lexicon.seal()
	var score labelScore
	for _, in := range readInvented(t) {
		_, q := labelOne(l, &in)
		score.add(&goldQuote{Stance: in.Stance}, &q)
	}
	atLeast(t, "accuracy on what it was trained on", score.accuracy(), 0.9)
}

// TestModelIsThatOfItsData: the embedded weights are what training writes today,
// so that no change of the features leaves them behind. Other processors fuse
// multiplications and may differ in the last digit.
func TestModelIsThatOfItsData(t *testing.T) {
	f, err := os.Open("../../shared/data/stance_silver.jsonl")
	if err != nil {
		t.Skipf("no training data here: %v", err)
	}
	defer f.Close()
	if runtime.GOARCH != "amd64" {
		t.Skip("the weights were trained on amd64")
	}
	own, err := filepath.Glob("train/quotes/*.jsonl")
	if err != nil || len(own) == 0 {
		t.Fatalf("no quotes of our own: %v", err)
	}
	all := []io.Reader{f}
	for _, name := range own {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		all = append(all, f)
	}
	var out bytes.Buffer
	if err := TrainStance(io.MultiReader(all...), DefaultTrainOptions(), &out); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), stanceModel) {
		t.Error("nlp/model/stance.txt is not what training writes; run the command in nlp/train")
	}
}

// TestOwnQuotes: the quotes of our own are whole, each once, and lean every way
// on each topic.
func TestOwnQuotes(t *testing.T) {
	names, err := filepath.Glob("train/quotes/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatalf("no quotes of our own: %v", err)
	}
	seen := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		count := map[tenor.Stance]int{}
		for line := range bytes.Lines(data) {
			var q struct {
				Text, Title string
				Stance      tenor.Stance
				Subject     tenor.Subject
				Themes      []tenor.Theme
			}
			if err := json.Unmarshal(line, &q); err != nil {
				t.Fatalf("%s: %v: %s", name, err, line)
			}
			count[q.Stance]++
			if at, ok := seen[q.Text]; ok || q.Text == "" {
				t.Errorf("%s: %q stands in %s too", name, q.Text, at)
			}
			seen[q.Text] = name
			if !slices.Contains(tenor.Subjects(), q.Subject) {
				t.Errorf("%s: subject %q: %s", name, q.Subject, q.Text)
			}
			for _, th := range q.Themes {
				if !slices.Contains(tenor.Themes(), th) {
					t.Errorf("%s: theme %q: %s", name, th, q.Text)
				}
			}
		}
		total := 0
		for _, n := range count {
			total += n
		}
		for _, stance := range tenor.Stances() {
			if n := count[stance]; n*10 < total {
				t.Errorf("%s: %d of %d quotes are %s", name, n, total, stance)
			}
		}
	}
	if len(seen) < 1400 {
		t.Errorf("%d quotes; there were 1,432", len(seen))
	}
}
