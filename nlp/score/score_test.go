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
