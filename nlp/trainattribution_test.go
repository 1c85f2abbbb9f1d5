package nlp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tenor/internal/race"
)

// addPassages adds invented passages, those of the named files or all.
func addPassages(t *testing.T, texts *AttributionTexts, names ...string) {
	t.Helper()
	if len(names) == 0 {
		names, _ = filepath.Glob("train/attribution/passages/*.jsonl")
	}
	if len(names) == 0 {
		t.Fatal("no passages of our own")
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := texts.AddPassages(f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// TestTrainAttributionIsReproducible trains twice on a part of the passages and
// reads the weights back.
func TestTrainAttributionIsReproducible(t *testing.T) {
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		var texts AttributionTexts
		addPassages(t, &texts, "train/attribution/passages/q.jsonl", "train/attribution/passages/r.jsonl")
		if err := TrainAttribution(&texts, out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("training twice gives two models")
	}
	w, err := loadWeights(first.Bytes())
	if err != nil || len(w.keys) < 1000 {
		t.Errorf("read back: %v", err)
	}
}

// TestAttributionModelIsThatOfItsData: the embedded weights are what training
// writes today, so that no change of the facts leaves them behind.
func TestAttributionModelIsThatOfItsData(t *testing.T) {
	const polnear, newswire = "../../shared/gold/polnear/train.articles.jsonl.gz", "../../shared/data/newswire.txt.xz"
	switch _, err := exec.LookPath("xz"); {
	case err != nil:
		t.Skip("xz is not installed")
	case runtime.GOARCH != "amd64":
		t.Skip("the weights were trained on amd64")
	case race.Detector:
		t.Skip("too slow under the race detector")
	}
	f, err := os.Open(polnear)
	if err != nil {
		t.Skipf("no training data here: %v", err)
	}
	defer f.Close()
	articles, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var texts AttributionTexts
	if err := texts.AddPolNeAR(articles); err != nil {
		t.Fatal(err)
	}
	labels, err := os.Open("train/attribution/newswire.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer labels.Close()
	unpack := exec.Command("xz", "-dc", newswire)
	stories, err := unpack.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := unpack.Start(); err != nil {
		t.Fatal(err)
	}
	if err := texts.AddNewswire(labels, stories); err != nil {
		t.Fatal(err)
	}
	if err := unpack.Wait(); err != nil {
		t.Fatal(err)
	}
	addPassages(t, &texts)
	var out bytes.Buffer
	if err := TrainAttribution(&texts, &out); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), attributionModel) {
		t.Error("nlp/model/attribution.txt is not what training writes; run make train")
	}
}

// TestPassages: the invented passages are whole, each once, and name whom they quote.
func TestPassages(t *testing.T) {
	var texts AttributionTexts
	addPassages(t, &texts)
	seen := map[string]bool{}
	quotes := 0
	for _, text := range texts.texts {
		if seen[text.text] {
			t.Errorf("twice: %.60q", text.text)
		}
		seen[text.text] = true
		for _, q := range text.quotes {
			quotes++
			if len(q.spans) == 0 || q.names[0] == "" || q.kind == "" {
				t.Errorf("a quote without words, speaker or kind in %.60q", text.text)
			}
		}
	}
	if texts.Len() < 1150 || quotes < 7500 {
		t.Errorf("%d passages, %d quotes; there were more", texts.Len(), quotes)
	}
}

func TestMalformedLessons(t *testing.T) {
	for in, want := range map[string]string{
		`{"text": "It may last.", "quotes": [{"speaker": "Odo Quill", "segments": ["It will last"]}]}`: "line 1",
		`not JSON`: "line 1",
	} {
		var texts AttributionTexts
		if err := texts.AddPassages(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", in, err)
		}
	}
	var texts AttributionTexts
	if err := texts.AddNewswire(strings.NewReader(`{"story": 7, "quotes": []}`), strings.NewReader("one\n\ntwo\n")); err == nil {
		t.Error("a story that is not there was read")
	}
	if err := texts.AddPolNeAR(strings.NewReader(`{"text": "a", "quotes": [{"start": 0, "end": 9}]}`)); err == nil {
		t.Error("a quote outside of its text was read")
	}
}

func TestMalformedWeights(t *testing.T) {
	for _, in := range []string{"1f", "xyz 3", "1f 3x", "1f -", "123456789 1", "2 1"} {
		if _, err := loadWeights([]byte(in)); err == nil {
			t.Errorf("%q was read", in)
		}
	}
	w, err := loadWeights([]byte("# a comment\n\n1f -250\nffffffff 7"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.sum(facts{0x1f}), w.sum(facts{0xffffffff, 0x21})); got != "-2.5 0.07000000029802322" {
		t.Errorf("weights %s", got)
	}
}
