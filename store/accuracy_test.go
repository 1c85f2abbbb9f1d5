package store

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

// The latest measurement of each set is given, and one that is none is refused.
func TestAccuracyIsKept(t *testing.T) {
	s := newStore(t)
	one := tenor.Accuracy{Set: "ours", At: known, Tagger: "t-1", Articles: 3, Quotes: 9, Measures: []tenor.Measure{{Name: "stance_accuracy", Value: 0.5, Low: 0.25, High: 0.75}}}
	later := one
	later.At, later.Tagger = known.Add(time.Hour), "t-2"
	other := one
	other.Set = "theirs"
	if err := s.SaveAccuracy(t.Context(), []tenor.Accuracy{later, one, other}); err != nil {
		t.Fatal(err)
	}
	list := must[[]tenor.Accuracy](t)(s.Accuracy(t.Context()))
	if len(list) != 2 || list[0].Tagger != "t-2" || !list[0].At.Equal(later.At) || !slices.Equal(list[0].Measures, one.Measures) || list[1].Set != "theirs" {
		t.Errorf("%+v", list)
	}
	for _, bad := range []tenor.Accuracy{{}, {Set: "a\nb"}, {Set: "x", Measures: []tenor.Measure{{Value: 2, High: 2}}}, {Set: "x", Measures: []tenor.Measure{{Value: 0.5, Low: 0.6, High: 1}}}} {
		if err := s.SaveAccuracy(t.Context(), []tenor.Accuracy{bad}); !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// What people confirm, change, take back and remove is told apart.
func TestJudged(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://site.example/1", "The Ledger", "Caps", "2025-09-18",
		said{speaker: "Ines Okafor", firm: "Pell", words: "we like them", stance: tenor.Bullish},
		said{speaker: "Tomas Rehn", words: "we do not like them", stance: tenor.Fragile},
		said{speaker: "Lena Brandt", words: "no view at all here", stance: tenor.Neutral})
	save(t, s, a, quotes)
	correct := func(i int, field, value string) {
		t.Helper()
		if err := s.Label(t.Context(), quotes[i].ID, field, value, "nell"); err != nil {
			t.Fatal(err)
		}
	}
	correct(0, "stance", "bullish") // confirmed
	correct(1, "stance", "bullish")
	correct(1, "stance", "neutral") // again: the tagger was wrong once
	correct(0, "firm", "Pell & Sons")
	correct(2, "quote", "no")
	act := must[int64](t)(s.Correct(t.Context(), quotes[0].ID, []tenor.Label{{Field: "subject", Value: "gold"}}, "nell", ""))
	must[string](t)(s.Undo(t.Context(), act, "nell"))
	want := []tenor.Judged{{Field: "stance", Quotes: 2, Changed: 1}, {Field: "firm", Quotes: 1, Changed: 1}, {Field: "quote", Quotes: 3, Changed: 1}}
	if got := must[[]tenor.Judged](t)(s.Judged(t.Context())); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestCaptureAndReach(t *testing.T) {
	s := newStore(t)
	words := "we like the small ones for the next twelve months and the rate cuts to come"
	var first tenor.Quote
	for i, outlet := range []string{"The Ledger", "Wire", "the ledger", ""} {
		a, quotes := newArticle(t, "https://site.example/"+string(rune('a'+i)), outlet, "Caps", "2025-09-18", said{speaker: "Ines Okafor", words: words})
		page := &tenor.Page{URL: a.URL, Status: 200, Header: http.Header{}, Body: []byte("<p>" + a.Text), FetchedAt: known}
		id, err := s.SaveArticle(t.Context(), a, page, quotes, "test-1", "")
		if err != nil {
			t.Fatal(err)
		}
		if c := must[tenor.Capture](t)(s.Capture(t.Context(), id)); c.URL != a.URL || c.Status != 200 || c.Size != int64(len(page.Body)) || len(c.SHA256) != 64 || !c.FetchedAt.Equal(known) {
			t.Errorf("%+v", c)
		}
		first = quotes[0]
	}
	if _, err := s.Capture(t.Context(), 999); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("of no article: %v", err)
	}
	cluster := must[tenor.Record](t)(s.Record(t.Context(), first.ID)).Cluster
	if got := must[map[string]int](t)(s.Reach(t.Context(), []string{cluster, strings.Repeat("0", 16)})); len(got) != 1 || got[cluster] != 3 {
		t.Errorf("reach %v, want 3 outlets", got)
	}
}

// From memory and from the file the outlook is the same.
func TestOutlookFromMemory(t *testing.T) {
	s := newsroom(t)
	fresh := must[tenor.Outlook](t)(s.Outlook(t.Context(), tenor.Filter{Firms: []string{"Halden Research"}}))
	held := must[tenor.Outlook](t)(openResident(t, s.path).Outlook(t.Context(), tenor.Filter{Firms: []string{"Halden Research"}}))
	for _, o := range []tenor.Outlook{fresh, held} {
		if len(o.Subjects) != 1 || len(o.Subjects[0].Lines) != 1 || len(o.Subjects[0].Lines[0].Views) != 2 || len(o.Turns) != 1 || o.Turns[0].After.Stance != tenor.Fragile {
			t.Errorf("%+v", o)
		}
	}
}
