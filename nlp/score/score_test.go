package score

import (
	"strings"
	"testing"

	"tenor"
)

const labelled = `{"file":"ledger.txt","text":"“Small caps are cheap,” said Ada Quill of Quill & Sons. “We are buyers.”\n\nMarsh Bank expects a slow spring.","quotes":[
{"segments":["Small caps are cheap,","We are buyers."],"kind":"direct","speaker":"Ada Quill","speaker_type":"analyst","firm":"Quill & Sons","stance":"bullish","themes":["valuation"],"themes_maybe":["positioning"],"subject":"small-caps"},
{"segments":["Marsh Bank expects a slow spring."],"kind":"indirect","speaker":"Marsh Bank","speaker_type":"institution","firm":"Marsh Bank","stance":"fragile","themes":["growth"],"subject":"economy"}]}`

func read(t *testing.T) []Article {
	t.Helper()
	articles, err := Read(strings.NewReader(strings.ReplaceAll(labelled, "\n{", "{")))
	if err != nil {
		t.Fatal(err)
	}
	return articles
}

func predicted(speaker string, stance tenor.Stance, segments ...string) tenor.Record {
	return tenor.Record{File: "some/folder/ledger.txt", Segments: segments,
		Quote: tenor.Quote{Speaker: speaker, Stance: stance, Themes: []tenor.Theme{"valuation", "positioning"}}}
}

func TestScore(t *testing.T) {
	quill := predicted("Quill", tenor.Bullish, "Small caps are cheap,", "We are buyers.")
	quill.Firm, quill.Subject = "Quill", "small-caps"
	tests := map[string]struct {
		predicted         []tenor.Record
		precision, recall float64
	}{
		"nothing found":             {nil, 0, 0},
		"one of two":                {[]tenor.Record{quill}, 1, 0.5},
		"straight marks and spaces": {[]tenor.Record{predicted("Ada  QUILL", tenor.Bullish, "Small  caps are cheap,", "We are buyers.")}, 1, 0.5},
		"a half is enough":          {[]tenor.Record{predicted("Quill", tenor.Bullish, "Small caps are cheap,")}, 1, 0.5},
		"less than a half is not":   {[]tenor.Record{predicted("Quill", tenor.Bullish, "We are")}, 1, 0},
		"the wrong speaker":         {[]tenor.Record{predicted("Marsh", tenor.Bullish, "Small caps are cheap,")}, 0, 0},
		"an abbreviated firm":       {[]tenor.Record{quill, predicted("Marsh", tenor.Fragile, "Marsh Bank expects a slow spring.")}, 1, 1},
		"words that stand nowhere":  {[]tenor.Record{quill, predicted("Quill", tenor.Bullish, "Small caps are dear")}, 0.5, 0.5},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := Score(read(t), test.predicted)
			if r.Precision != test.precision || r.Recall != test.recall {
				t.Errorf("precision %.2f and recall %.2f, want %.2f and %.2f\n%v", r.Precision, r.Recall, test.precision, test.recall, r.Errors)
			}
		})
	}
	r := Score(read(t), []tenor.Record{quill})
	if r.Firm != 1 || r.Stance != 1 || r.ThemeF1 != 1 || r.Subject != 1 {
		t.Errorf("labels of a perfect find score %+v", r)
	}
}

func TestSameFirm(t *testing.T) {
	for _, pair := range [][2]string{
		{"Marsh Bank", "Marsh Investment Institute"}, {"Mars", "Marsgroup"}, {"RBM", "Royal Bank of Marshland"}, {"", ""},
	} {
		if !sameFirm(pair[0], pair[1]) || !sameFirm(pair[1], pair[0]) {
			t.Errorf("%q and %q should be one firm", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"Marsh Bank", "Quill Bank"}, {"Marsh Bank", ""}} {
		if sameFirm(pair[0], pair[1]) {
			t.Errorf("%q and %q should be two firms", pair[0], pair[1])
		}
	}
}

func TestReadNamesTheBrokenLine(t *testing.T) {
	for input, want := range map[string]string{
		"{\"file\":\"a\"}\n\n{\"file\":": "line 3", "{}\n": "line 1 names no",
	} {
		if _, err := Read(strings.NewReader(input)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("reading %q gives %v, want an error that says %q", input, err, want)
		}
	}
}

// Intervals hold their figures, are the same each time, and shrink as articles are added;
// what is not labelled has no figure.
func TestIntervals(t *testing.T) {
	width := func(n int) float64 {
		var gold []Article
		var found []tenor.Record
		for i := range n {
			a := read(t)[0]
			a.File = strings.Repeat("x", i+1) + ".txt"
			stance := tenor.Bullish
			if i%3 == 0 {
				stance = tenor.Fragile
			}
			p := predicted("Quill", stance, "Small caps are cheap,", "We are buyers.")
			p.File = a.File
			gold, found = append(gold, a), append(found, p)
		}
		r, again := Score(gold, found), Score(gold, found)
		first, second := r.Measures(), again.Measures()
		for i, m := range first {
			if m != second[i] || m.Low > m.Value || m.High < m.Value || m.Low < 0 || m.High > 1 {
				t.Errorf("%d articles: %+v and %+v", n, m, second[i])
			}
		}
		return first[4].High - first[4].Low
	}
	if few, many := width(6), width(60); few <= many || many == 0 {
		t.Errorf("stance is within %.3f of 6 articles and %.3f of 60", few, many)
	}
	gold := read(t)
	gold[0].Quotes[0].Subject, gold[0].Quotes[1].Subject = "", ""
	r := Score(gold, []tenor.Record{predicted("Quill", tenor.Bullish, "Small caps are cheap,", "We are buyers.")})
	for _, m := range r.Measures() {
		if m.Name == "subject_accuracy" {
			t.Errorf("no subject is labelled, and there is a figure: %+v", m)
		}
	}
	if shipped, err := Shipped(); err != nil || len(shipped) == 0 || shipped[0].Check() != nil {
		t.Errorf("shipped: %+v (%v)", shipped, err)
	}
}
