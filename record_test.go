package tenor

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// sample is an invented article with one quote, every field set.
func sample() (*Article, Quote) {
	a := &Article{
		ID: 7, URL: "https://ledger.example/1", Outlet: "The Ledger", Title: "Small caps wake up",
		Published: Date{time.Date(2025, 9, 18, 14, 30, 0, 0, time.FixedZone("", -4*3600)), PrecisionTime, "json-ld"},
		Text:      "“Small caps are cheap,” said Ada Quill. “We are buyers.”",
		KnownAt:   time.Date(2025, 9, 18, 20, 0, 0, 0, time.UTC),
	}
	q := Quote{
		Spans: []Span{{3, 24}, {47, 61}}, Kind: Direct, Speaker: "Ada Quill", SpeakerType: Analyst,
		Firm: "Quill & Sons", Role: "strategist", Resolved: ByName, Attribution: 0.97, Stance: Bullish, Confidence: 0.91, Claim: Position,
		Horizon: HorizonYear, Subject: "small-caps", Themes: []Theme{"valuation"},
		Evidence: []Evidence{{Tag: "stance:bullish", Span: Span{18, 23}}, {Tag: "cue", Span: Span{28, 32}}},
	}
	q.Spans[1] = Span{strings.Index(a.Text, "We are"), strings.Index(a.Text, "We are") + len("We are buyers.")}
	q.ID = QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
	return a, q
}

func TestRecordJSON(t *testing.T) {
	a, q := sample()
	got, err := json.Marshal(NewRecord(a, q, "test/1"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"` + q.ID + `","article_id":7,"url":"https://ledger.example/1","outlet":"The Ledger",` +
		`"title":"Small caps wake up","published":"2025-09-18T14:30:00-04:00","published_precision":"time",` +
		`"published_source":"json-ld","known_at":"2025-09-18T20:00:00Z",` +
		`"segments":["Small caps are cheap,","We are buyers."],"spans":[[3,24],[47,61]],` +
		`"text":"Small caps are cheap, We are buyers.","kind":"direct","speaker":"Ada Quill",` +
		`"speaker_type":"analyst","firm":"Quill \u0026 Sons","role":"strategist","resolved":"name","attribution":0.97,"stance":"bullish",` +
		`"confidence":0.91,"claim":"position","horizon":"year","subject":"small-caps","themes":["valuation"],` +
		`"evidence":[{"tag":"stance:bullish","span":[18,23],"text":"cheap"},{"tag":"cue","span":[28,32],"text":"said"}],` +
		`"cluster":"` + q.ID + `","copies":1,"label_source":"model","tagger":"test/1"}`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var back Record
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != want {
		t.Errorf("read back and written again it is\n%s (%v)", again, err)
	}
}

func TestEmptyRecordHasNoNulls(t *testing.T) {
	got, err := json.Marshal(Record{})
	if err != nil || strings.Contains(string(got), "null") {
		t.Errorf("got %s (%v), want empty lists", got, err)
	}
}

func TestQuoteIDOutlivesChangesElsewhere(t *testing.T) {
	a, q := sample()
	moved := "A new first paragraph.\n\n"
	before := QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
	for i := range q.Spans {
		q.Spans[i][0] += len(moved)
		q.Spans[i][1] += len(moved)
	}
	if after := QuoteID(a.Key(), q.Speaker, q.Segments(moved+a.Text)); after != before {
		t.Errorf("a paragraph above changed the identifier from %s to %s", before, after)
	}
	if other := QuoteID("https://copy.example/1", q.Speaker, q.Segments(moved+a.Text)); other == before {
		t.Error("two articles share an identifier")
	}
}

func TestArticleKeyIsNeverEmpty(t *testing.T) {
	for want, a := range map[string]Article{
		"https://ledger.example/1": {URL: "https://ledger.example/1", File: "a.txt"},
		"file:a.txt":               {File: "a.txt"},
	} {
		if got := a.Key(); got != want {
			t.Errorf("key %q, want %q", got, want)
		}
	}
	one, two := Article{Text: "one"}, Article{Text: "two"}
	if one.Key() == two.Key() || one.Key() == "" {
		t.Errorf("texts without address have keys %q and %q", one.Key(), two.Key())
	}
}

// CSV and JSON say one number for the confidence.
func TestConfidenceIsTheSameInEveryForm(t *testing.T) {
	a := &Article{URL: "https://ledger.example/1", Text: "Buy."}
	r := NewRecord(a, Quote{ID: "1", Spans: []Span{{0, 4}}, Confidence: 0.97910665}, "t")
	if line, err := json.Marshal(r); err != nil || r.Confidence != 0.9791 || !strings.Contains(string(line), `"confidence":0.9791,`) {
		t.Errorf("%v, %s, %v", r.Confidence, line, err)
	}
}
