package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

func TestScheduleIsKeptWithTheVisits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, path)
	feed := tenor.Fetch{URL: "https://ledger.example/feed", Source: "ledger", Kind: tenor.FetchFeed, Entry: true, State: tenor.Failed, Reason: "no answer"}
	finish := func(at time.Time, f tenor.Fetch) {
		t.Helper()
		f.FetchedAt = at
		if err := s.Finish(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	finish(known, feed)
	next := tenor.Schedule{Next: known.Add(time.Hour), Interval: 20 * time.Minute}
	if err := s.SetSchedule(t.Context(), map[string]tenor.Schedule{"ledger": next, "unseen": next}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = open(t, path)
	next.Last = known
	visits := must[map[string]SourceVisits](t)(s.Visits(t.Context()))
	if want := (SourceVisits{Schedule: next, Failures: 1}); visits["ledger"] != want || len(visits) != 2 {
		t.Errorf("%+v, want %+v", visits, want)
	}

	// A page below the feed is no visit; the feed's answer is.
	feed.State, feed.Reason = tenor.Done, ""
	finish(known.Add(2*time.Hour), feed)
	finish(known.Add(3*time.Hour), tenor.Fetch{URL: "https://ledger.example/1", Source: "ledger", Kind: tenor.FetchPage, Depth: 1, State: tenor.Done})
	finish(known.Add(4*time.Hour), feed)
	h := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))[0]
	if h.Kind != "feed" || !h.FirstSuccess.Equal(known.Add(2*time.Hour)) || !h.LastSuccess.Equal(known.Add(4*time.Hour)) ||
		!h.Schedule.Last.Equal(known.Add(4*time.Hour)) || !h.Schedule.Next.Equal(next.Next) || h.Schedule.Interval != next.Interval {
		t.Errorf("%+v", h)
	}
}

// A store of the schema before is brought up to date with what it knows.
func TestScheduleOfAnOlderStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	db := must[*sql.DB](t)(sql.Open("sqlite3", writerDSN(path, true)))
	all, names := must[[]string](t)(migrations()), must[[]string](t)(fs.Glob(migrationFiles, "migrations/*.sql"))
	slices.Sort(names)
	before := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(n, "_schedule.sql") })
	for from := range before {
		if err := step(t.Context(), db, from, all[from]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`INSERT INTO sources (name, last_success) VALUES ('ledger', 1000), ('import', 2000), ('never', NULL);
		INSERT INTO fetches (url, source, kind, depth, entry, state) VALUES ('https://l.example/feed', 'ledger', 'feed', 0, 1, 'done'),
			('https://l.example/1', 'ledger', 'page', 1, 0, 'done'), ('file:a.txt', 'import', 'page', 0, 0, 'done')`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	health := map[string]tenor.SourceHealth{}
	for _, h := range must[[]tenor.SourceHealth](t)(open(t, path).Sources(t.Context())) {
		health[h.Name] = h
	}
	if h := health["ledger"]; !h.FirstSuccess.Equal(time.Unix(1000, 0)) || !h.LastSuccess.Equal(time.Unix(1000, 0)) || !h.Schedule.Next.IsZero() {
		t.Errorf("ledger: %+v", h)
	}
	if h := health["import"]; !h.FirstSuccess.IsZero() || len(health) != 3 {
		t.Errorf("import: %+v", h)
	}
}

func TestDaysOnWhichArticlesCame(t *testing.T) {
	s := newStore(t) // known is 2026-03-01 12:00
	two := []said{{speaker: "Ines Okafor", words: "one"}, {speaker: "Tomas Rehn", words: "two"}}
	for url, published := range map[string]string{
		"1": "2026-02-26", "2": "2026-02-26T23:30:00-05:00", "3": "2026-02", "4": "", "5": "2027-01-01",
	} {
		a, quotes := newArticle(t, "https://ledger.example/"+url, "The Ledger", "Caps", published, two...)
		save(t, s, a, quotes)
	}
	h := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))[0]
	want := []tenor.SourceDay{
		{Day: must[tenor.Day](t)(tenor.ParseDay("2026-02-26")), Articles: 2, Quotes: 4},
		{Day: tenor.DayOf(known), Articles: 3, Quotes: 6}, // no day known, and one in the future
	}
	if !reflect.DeepEqual(h.Days, want) || h.Articles != 5 || h.Quotes != 10 {
		t.Errorf("%+v, want days %+v", h, want)
	}
	newest := must[int64](t)(s.NewestArticle(t.Context()))
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Caps", "2026-02-26", two...)
	save(t, s, a, quotes) // known already
	for after, want := range map[int64]int{0: 5, newest - 1: 1, newest: 0} {
		if got := must[map[string]int](t)(s.CollectedAfter(t.Context(), after)); got["ledger"] != want {
			t.Errorf("collected after %d: %v, want %d", after, got, want)
		}
	}
}

func TestRemovedSourceLeavesTheQueue(t *testing.T) {
	s := newStore(t)
	must[int](t)(s.Resume(t.Context()))
	page := func(source, url string) tenor.Fetch {
		return tenor.Fetch{URL: "https://l.example/" + url, Source: source, Kind: tenor.FetchPage, Depth: 1}
	}
	must[int](t)(s.Enqueue(t.Context(), page("ledger", "1"), page("ledger", "2"), page("ledger", "3"), page("other", "4")))
	must[[]tenor.Fetch](t)(s.Next(t.Context(), 1))
	done := page("ledger", "1")
	done.State = tenor.Done
	if err := s.Finish(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSchedule(t.Context(), map[string]tenor.Schedule{"ledger": {Next: known, Interval: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	if dropped := must[int](t)(s.Unschedule(t.Context(), "ledger")); dropped != 2 {
		t.Errorf("%d dropped, want 2", dropped)
	}
	if v := must[map[string]SourceVisits](t)(s.Visits(t.Context()))["ledger"]; !v.Next.IsZero() || v.Interval != 0 {
		t.Errorf("it is still scheduled: %+v", v)
	}
	if added := must[int](t)(s.Enqueue(t.Context(), page("ledger", "1"), page("ledger", "2"))); added != 1 {
		t.Errorf("added again, %d of its addresses are new, want 1", added)
	}
}

// A source that never gave anything, as one whose address was mistyped, is gone from the
// list when it is removed; one that gave articles stays there with them, and fails no more.
func TestRemovedSourceIsNoLongerFailing(t *testing.T) {
	s := newStore(t)
	fail := func(source string) {
		t.Helper()
		f := tenor.Fetch{URL: "https://" + source + ".example/feed", Source: source, Kind: tenor.FetchFeed, Entry: true, State: tenor.Failed, Reason: "no answer"}
		if err := s.Finish(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	fail("mistyped")
	fail("ledger")
	a := tenor.Article{URL: "https://ledger.example/1", Title: "Small caps", Text: "Shares rose.", KnownAt: known}
	if _, err := s.SaveArticle(t.Context(), &a, nil, nil, "t", "ledger"); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{"mistyped", "ledger"} {
		must[int](t)(s.Unschedule(t.Context(), source))
	}
	list := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))
	if len(list) != 1 || list[0].Name != "ledger" || list[0].Articles != 1 || list[0].LastError != "" || list[0].ErrorStreak != 0 || list[0].Failed != 0 {
		t.Errorf("%+v", list)
	}
}

// A reason names its source where a crawl of many tells it, and not under its own heading.
func TestReasonsOfASourceDoNotNameIt(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "reason.db"))
	f := tenor.Fetch{URL: "https://l.example/feed", Source: "ledger", Kind: tenor.FetchFeed, Entry: true, State: tenor.Failed, Reason: "source ledger: no answer"}
	if err := s.Finish(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	h := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))[0]
	f = tenor.Fetch{URL: "https://l.example/1", Source: "ledger", Kind: tenor.FetchPage, Depth: 1, State: tenor.Queued, Reason: "its host asks to be left alone"}
	if err := s.Finish(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if all := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))[0]; all.Queued != 1 || len(all.Reasons) != 2 || all.Reasons[1].Reason != f.Reason {
		t.Errorf("what waits is not told of: %+v", all)
	}
	if h.LastError != "no answer" || len(h.Reasons) != 1 || h.Reasons[0].Reason != "no answer" || h.Untold() != "" {
		t.Errorf("%+v, untold %q", h, h.Untold())
	}
}
