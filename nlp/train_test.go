package nlp

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tenor"
	"tenor/internal/race"
)

// TestTrainIsReproducible trains twice on the invented sentences and reads the
// weights back.
func TestTrainIsReproducible(t *testing.T) {
	var texts LabelledTexts
	for _, in := range readInvented(t) {
		line, err := json.Marshal(map[string]any{"title": in.Title, "text": in.Quote, "stance": in.Stance, "subject": in.Subject, "themes": in.Themes})
		if err != nil {
			t.Fatal(err)
		}
		if err := texts.AddQuotes(bytes.NewReader(line)); err != nil {
			t.Fatal(err)
		}
	}
	o := DefaultTrainOptions()
	o.MinCount, o.Epochs = 2, 30
	var models, topics [2]bytes.Buffer
	for i := range models {
		if err := TrainStance(&texts, o, &models[i]); err != nil {
			t.Fatal(err)
		}
		if err := TrainTopics(&texts, &topics[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(models[0].Bytes(), models[1].Bytes()) || !bytes.Equal(topics[0].Bytes(), topics[1].Bytes()) {
		t.Error("training twice gives two models")
	}
	l, err := newRules()
	if err != nil {
		t.Fatal(err)
	}
	if l.topics, err = parseTopics("trained", topics[0].Bytes(), l.lexicon.words); err != nil {
		t.Fatal(err)
	}
	if l.model, err = parseModel("trained", models[0].Bytes(), l.lexicon.words); err != nil {
		t.Fatal(err)
	}
	l.lexicon.seal()
	var score labelScore
	for _, in := range readInvented(t) {
		_, q := labelOne(l, &in)
		score.add(&goldQuote{Stance: in.Stance, Subject: in.Subject, Themes: in.Themes}, &q)
	}
	atLeast(t, "accuracy on what it was trained on", score.accuracy(), 0.9)
	atLeast(t, "subjects of what it was trained on", score.subject(), 0.9)
}

// meaningTexts reads the texts from which stance and topics are learned, or skips.
func meaningTexts(t *testing.T) *LabelledTexts {
	t.Helper()
	var texts LabelledTexts
	add := func(name string, to func(io.Reader) error) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := to(f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	const sentences = "../../shared/data/stance_silver.jsonl"
	if _, err := os.Stat(sentences); err != nil {
		t.Skipf("no training data here: %v", err)
	}
	add(sentences, texts.AddSentences)
	for _, from := range []struct {
		folder string
		to     func(io.Reader) error
	}{{"train/quotes", texts.AddQuotes}, {"train/attribution/passages", texts.AddPassages}} {
		names, err := filepath.Glob(from.folder + "/*.jsonl")
		if err != nil || len(names) == 0 {
			t.Fatalf("nothing in %s: %v", from.folder, err)
		}
		for _, name := range names {
			add(name, from.to)
		}
	}
	unpack := exec.Command("xz", "-dc", "../../shared/data/newswire.txt.xz")
	stories, err := unpack.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := unpack.Start(); err != nil {
		t.Fatal(err)
	}
	add("train/labels/newswire.jsonl", func(labels io.Reader) error { return texts.AddStories(labels, stories) })
	if err := unpack.Wait(); err != nil {
		t.Fatal(err)
	}
	return &texts
}

// TestModelsAreThoseOfTheirData: the embedded weights are what training writes today,
// so that no change of the features leaves them behind. Other processors fuse
// multiplications and may differ in the last digit.
func TestModelsAreThoseOfTheirData(t *testing.T) {
	switch _, err := exec.LookPath("xz"); {
	case err != nil:
		t.Skip("xz is not installed")
	case runtime.GOARCH != "amd64":
		t.Skip("the weights were trained on amd64")
	case race.Detector:
		t.Skip("too slow under the race detector")
	}
	texts := meaningTexts(t)
	var stance, topics bytes.Buffer
	if err := TrainStance(texts, DefaultTrainOptions(), &stance); err != nil {
		t.Fatal(err)
	}
	if err := TrainTopics(texts, &topics); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stance.Bytes(), stanceModel) {
		t.Error("nlp/model/stance.txt is not what training writes; run make train")
	}
	if !bytes.Equal(topics.Bytes(), topicModel) {
		t.Error("nlp/model/topics.txt is not what training writes; run make train")
	}
}

// TestMalformedLabels: what is wrong with labelled texts and models is said, with the line.
func TestMalformedLabels(t *testing.T) {
	for line, want := range map[string]string{
		`not JSON`: "line 1",
		`{"text": "It may last.", "stance": "sunny", "subject": "economy"}`:                                    `no stance "sunny"`,
		`{"text": "It may last.", "stance": "bullish", "subject": "tulips"}`:                                   `no subject "tulips"`,
		`{"text": "It may last.", "stance": "bullish", "subject": "economy", "themes": ["tulips"], "sure": 2}`: `no theme "tulips"`,
	} {
		var texts LabelledTexts
		if err := texts.AddSentences(strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
	var texts LabelledTexts
	if err := texts.AddStories(strings.NewReader(`{"story": 7, "quotes": []}`), strings.NewReader("one\n\ntwo\n")); err == nil {
		t.Error("a story that is not there was read")
	}
	if err := texts.AddStories(strings.NewReader(`{"story": 1, "quotes": [{"spans": [[0, 99]], "stance": "neutral", "subject": "economy"}]}`), strings.NewReader("one\n\ntwo\n")); err == nil {
		t.Error("a quote outside of its story was read")
	}
	for _, model := range []string{"in rates", "in rates\t1", "in rates\t99:1", "in rates\t1:2:3", "under rates\t1:2", "=9999\t1:2", "in\t1:2"} {
		l, err := newRules()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseTopics("m", []byte("# a comment\n"+model+"\n"), l.lexicon.words); err == nil || !strings.Contains(err.Error(), "m:2") {
			t.Errorf("%q: %v", model, err)
		}
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
