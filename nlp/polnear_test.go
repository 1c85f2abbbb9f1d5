package nlp

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"tenor"
)

// polnear reads the articles of the corpus that are kept for development, or skips.
func polnear(t *testing.T) []lessonText {
	t.Helper()
	f, err := os.Open("../../shared/gold/polnear/dev.articles.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the articles of ../../shared/gold/polnear are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	texts, err := readPolNeAR(f)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestPolNeAR holds the tagger to political news, which it meets rarely and was
// labelled by others: the spans of all kinds, and of indirect quotes, that overlap
// by four fifths of what either covers.
func TestPolNeAR(t *testing.T) {
	type figure struct{ gold, found, predicted, good int }
	var all, indirect figure
	for _, text := range polnear(t) {
		quotes, err := shared.Tag(&tenor.Article{File: "p", Text: text.text})
		if err != nil {
			t.Fatal(err)
		}
		for n := range text.quotes {
			for _, s := range text.quotes[n].spans {
				if text.quotes[n].optional {
					continue
				}
				hit := false
				for _, q := range quotes {
					for _, p := range q.Spans {
						hit = hit || similar(s, p)
					}
				}
				all.gold, all.found = all.gold+1, all.found+b2i(hit)
				if text.quotes[n].kind == tenor.Indirect {
					indirect.gold, indirect.found = indirect.gold+1, indirect.found+b2i(hit)
				}
			}
		}
		for _, q := range quotes {
			for _, p := range q.Spans {
				hit, optional := false, false
				for n := range text.quotes {
					for _, s := range text.quotes[n].spans {
						hit = hit || similar(s, p) && !text.quotes[n].optional
						optional = optional || overlap(s, p) > 0 && text.quotes[n].optional
					}
				}
				if !hit && optional {
					continue
				}
				all.predicted, all.good = all.predicted+1, all.good+b2i(hit)
				if q.Kind == tenor.Indirect {
					indirect.predicted, indirect.good = indirect.predicted+1, indirect.good+b2i(hit)
				}
			}
		}
	}
	for _, f := range []struct {
		name string
		figure
		floor float64
	}{{"all kinds", all, 0.72}, {"indirect", indirect, 0.53}} {
		p, r := float64(f.good)/float64(f.predicted), float64(f.found)/float64(f.gold)
		atLeast(t, f.name, 2*p*r/(p+r), f.floor)
	}
}

// similar reports whether two spans share four fifths of what they cover together.
func similar(a, b tenor.Span) bool {
	shared := overlap(a, b)
	return 10*shared >= 8*(a.Len()+b.Len()-shared)
}

// TestConfidenceMeansSomething: the surer the tagger, the more often it is right,
// on articles that had no part in training.
func TestConfidenceMeansSomething(t *testing.T) {
	var bands [4]Band // from 0.4, 0.6, 0.8 and 0.9
	for _, text := range polnear(t) {
		r := shared.lex.read(&tenor.Article{File: "p", Text: text.text})
		w := &lookOver{reading: r}
		for _, q := range r.sayings() {
			confidence := r.confidence(&q)
			if q.spans = inOrder(q.spans); len(q.spans) == 0 || confidence < leastConfidence {
				continue
			}
			words, mine := 0, 0
			for _, p := range q.spans {
				words += p.Len()
				for n := range text.quotes {
					for _, s := range text.quotes[n].spans {
						if goesBy(text.quotes[n].names, w.name(q.who)) {
							mine += overlap(s, p)
						}
					}
				}
			}
			band := &bands[b2i(confidence >= 0.6)+b2i(confidence >= 0.8)+b2i(confidence >= 0.9)]
			band.Predicted, band.Good = band.Predicted+1, band.Good+b2i(2*mine >= words)
		}
	}
	last := 0.0
	for n, band := range bands {
		precision := float64(band.Good) / float64(band.Predicted)
		t.Logf("from %.1f: %.2f of %d", []float64{0.4, 0.6, 0.8, 0.9}[n], precision, band.Predicted)
		if precision < last {
			t.Errorf("surer quotes are right less often: %.2f after %.2f", precision, last)
		}
		last = precision
	}
	atLeast(t, "precision of quotes of which the tagger is sure", last, 0.85)
}
