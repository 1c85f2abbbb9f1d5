package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
	"tenor/nlp"
	"tenor/store"
)

// A fault in the tagger costs an article its quotes and nothing else: the article is
// kept, with the reason, and what the store had of it before stays.
func TestFaultInTheTaggerIsRecorded(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), store.Options{Create: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	broken := newIntake(s, &nlp.Tagger{}, testClock)
	whole, err := nlp.New()
	if err != nil {
		t.Fatal(err)
	}
	page := func(in *intake, path, words string) error {
		html := "<!doctype html><title>Small caps wake up</title><article><h1>Small caps wake up</h1><p>“" + words + " and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.</p>" +
			strings.Repeat("<p>The index of small companies rose again on Thursday, for the fourth day in a row.</p>", 3) + "</article>"
		u := "https://ledger.example/" + path
		return in.page(t.Context(), tenor.Fetch{URL: u, Source: "ledger"}, &tenor.Page{URL: u, Status: 200, Body: []byte(html), FetchedAt: testClock()})
	}
	if err := page(broken, "new", "Small caps are cheap"); err == nil || !strings.Contains(err.Error(), "a fault in the tagger") {
		t.Errorf("it says %v", err)
	}
	good := newIntake(s, whole, testClock)
	if err := page(good, "known", "Small caps are cheap"); err != nil {
		t.Fatal(err)
	}
	if err := page(broken, "known", "Large caps are cheap"); err == nil {
		t.Error("no reason is given")
	}
	totals, err := s.Totals(t.Context())
	if err != nil || totals.Articles != 2 || totals.Quotes != 1 {
		t.Errorf("%+v, %v", totals, err)
	}
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil || r.Tagger != whole.Version() {
			t.Errorf("a quote tagged by %q, %v", r.Tagger, err)
		}
	}
}

// A feed's date in the future, or a clock that is a year behind, makes no point in the
// future: the date is dropped, and that is said.
func TestDatesInTheFutureAreNotUsed(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "t.db"), store.Options{Create: true, Now: testClock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tagger, err := nlp.New()
	if err != nil {
		t.Fatal(err)
	}
	in := newIntake(s, tagger, testClock)
	html := "<!doctype html><title>Small caps wake up</title><article><h1>Small caps wake up</h1><p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research.</p>" +
		strings.Repeat("<p>The index of small companies rose again, for the fourth day in a row.</p>", 3) + "</article>"
	now := testClock()
	for i, at := range []string{"2027-01-15", "2026-01-17", "2026-01-16", "2025-01-15"} {
		feed, err := tenor.ParseDate(at, "feed")
		if err != nil {
			t.Fatal(err)
		}
		u := fmt.Sprintf("https://ledger.example/%d", i)
		fetched := now.AddDate(i%2, 0, 0) // the clock of the fetch may be a year ahead of ours
		if err := in.page(t.Context(), tenor.Fetch{URL: u, Source: "ledger", Published: feed}, &tenor.Page{URL: u, Status: 200, Body: []byte(html), FetchedAt: fetched}); err != nil {
			t.Fatal(err)
		}
	}
	if n := in.ahead.Load(); n != 2 {
		t.Errorf("%d dates are called too late", n)
	}
	for r := range s.Records(t.Context(), tenor.Filter{}) {
		if !r.Published.Credible(now) {
			t.Errorf("%s has %s", r.URL, r.Published)
		}
	}
	a, _, err := s.Article(t.Context(), 1)
	if err != nil || a.Published.Known() || a.Captured.String() != "2027-01-15" || a.Captured.Source != "feed, in the future" {
		t.Errorf("%v %v %v", a.Published, a.Captured, err)
	}
	var told strings.Builder
	in.warnAhead(func(format string, args ...any) { fmt.Fprintf(&told, format, args...) })
	if !strings.HasPrefix(told.String(), "2 articles with a date more than a day after") {
		t.Errorf("it says %q", told.String())
	}
}
