package store

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

func urls(fetches []tenor.Fetch) []string {
	list := make([]string, len(fetches))
	for i, f := range fetches {
		list[i] = f.URL
	}
	return list
}

func TestFrontier(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frontier.db")
	s := open(t, path)
	enqueue := func(want int, fetches ...tenor.Fetch) {
		t.Helper()
		if got := must[int](t)(s.Enqueue(t.Context(), fetches...)); got != want {
			t.Errorf("queued %d of %v, want %d", got, urls(fetches), want)
		}
	}
	next := func(n int, want ...string) []tenor.Fetch {
		t.Helper()
		got := must[[]tenor.Fetch](t)(s.Next(t.Context(), n))
		if !slices.Equal(urls(got), append([]string{}, want...)) {
			t.Errorf("next %v, want %v", urls(got), want)
		}
		return got
	}
	finish := func(url string, state tenor.FetchState, status int) {
		t.Helper()
		if err := s.Finish(t.Context(), tenor.Fetch{URL: url, Source: "ledger", Depth: 1, State: state, Status: status, Reason: "a reason"}); err != nil {
			t.Fatal(err)
		}
	}
	resume := func(want int) {
		t.Helper()
		if got := must[int](t)(s.Resume(t.Context())); got != want {
			t.Errorf("resumed %d, want %d", got, want)
		}
	}

	resume(0)
	feed := tenor.Fetch{URL: "https://l.example/feed", Source: "ledger", Kind: tenor.FetchFeed, Entry: true}
	page := func(n int) tenor.Fetch {
		return tenor.Fetch{URL: fmt.Sprintf("https://l.example/%d", n), Source: "ledger", Kind: tenor.FetchPage, Depth: 1}
	}
	enqueue(1, feed, feed)
	if got := next(5, feed.URL); len(got) == 1 {
		feed.State = tenor.Leased
		if !reflect.DeepEqual(got[0], feed) {
			t.Errorf("leased %+v, want %+v", got[0], feed)
		}
	}
	finish(feed.URL, tenor.Done, 200)
	dated := page(1)
	dated.Title, dated.Depth = "Small caps", 2
	dated.Published, _ = tenor.ParseDate("2025-09-18", "feed")
	enqueue(4, dated, page(2), page(3), page(4))
	enqueue(0, page(3), feed) // known; and the feed was already read in this crawl
	got := next(1, page(1).URL)
	if dated.State = tenor.Leased; !reflect.DeepEqual(got[0], dated) {
		t.Errorf("leased %+v, want %+v", got[0], dated)
	}
	next(2, page(2).URL, page(3).URL)
	finish(page(1).URL, tenor.Done, 200)
	finish(page(2).URL, tenor.Failed, 503)
	enqueue(0, page(2)) // failed for now, but once a crawl is enough
	finish("https://l.example/moved", tenor.Skipped, 0)
	if err := s.Finish(t.Context(), tenor.Fetch{URL: "https://l.example/1", State: tenor.Leased}); err == nil {
		t.Error("a lease is no way to finish")
	}

	// The process is killed; page 3 was leased, page 4 still queued.
	s.Close()
	s = open(t, path)
	resume(1)
	enqueue(2, feed, page(1), page(2), page(3), page(4), tenor.Fetch{URL: "https://l.example/moved", Depth: 1}) // feed and page 2
	next(9, feed.URL, page(2).URL, page(3).URL, page(4).URL)
	next(9)
	finish(page(2).URL, tenor.Failed, 404)
	finish(page(3).URL, tenor.Failed, 0)
	finish(page(4).URL, tenor.Skipped, 0)
	finish(feed.URL, tenor.Failed, 500)
	resume(0)
	enqueue(1, page(2), page(3), page(4)) // only the one without an answer
	next(9, page(3).URL)

	health := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))
	want := tenor.SourceHealth{Name: "ledger", Queued: 1, Done: 1, Skipped: 2, Failed: 2, Reasons: []tenor.ReasonCount{
		{State: tenor.Done, Reason: "a reason", Count: 1, Example: page(1).URL},
		{State: tenor.Failed, Reason: "a reason", Count: 2, Example: page(2).URL}, {State: tenor.Skipped, Reason: "a reason", Count: 2, Example: page(4).URL}}}
	if len(health) != 1 || !reflect.DeepEqual(health[0], want) {
		t.Errorf("health %+v, want %+v", health, want)
	}
}

// A source that is a single page is asked again until it was taken, whatever refused it.
func TestSinglePageIsAskedUntilItWasTaken(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "page.db"))
	page := tenor.Fetch{URL: "https://l.example/only", Source: "only", Kind: tenor.FetchPage}
	for i, state := range []tenor.FetchState{tenor.Skipped, tenor.Failed, tenor.Done} {
		must[int](t)(s.Resume(t.Context()))
		if n := must[int](t)(s.Enqueue(t.Context(), page)); n != 1 {
			t.Errorf("visit %d: not queued", i+1)
		}
		must[[]tenor.Fetch](t)(s.Next(t.Context(), 1))
		f := page
		f.State, f.Reason = state, map[bool]string{true: "a reason"}[state != tenor.Done]
		if err := s.Finish(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		v := must[map[string]SourceVisits](t)(s.Visits(t.Context()))["only"]
		if want := (i + 1) % 3; v.Failures != want || v.Last.IsZero() || v.LastSuccess.IsZero() != (want > 0) {
			t.Errorf("visit %d: %+v", i+1, v)
		}
	}
	must[int](t)(s.Resume(t.Context()))
	if n := must[int](t)(s.Enqueue(t.Context(), page)); n != 0 {
		t.Error("a page that was taken is queued again")
	}
}

// What a server said of the version that was read is kept, through failures and
// restarts, and given out unless a page of the source is to be asked for again.
func TestValidatorsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	s := open(t, path)
	feed := tenor.Fetch{URL: "https://l.example/feed", Source: "ledger", Kind: tenor.FetchFeed, Entry: true}
	page := tenor.Fetch{URL: "https://l.example/1", Source: "ledger", Kind: tenor.FetchPage, Depth: 1}
	know := tenor.Validators{ETag: `"1"`, LastModified: "Thu, 18 Sep 2025 14:30:00 GMT", URL: "https://l.example/feed.xml", ReadAs: "feed 1"}
	crawl := func(finish tenor.Fetch, want tenor.Validators) {
		t.Helper()
		must[int](t)(s.Resume(t.Context()))
		must[int](t)(s.Enqueue(t.Context(), feed))
		for _, f := range must[[]tenor.Fetch](t)(s.Next(t.Context(), 1)) {
			if f.URL != feed.URL || f.Validators != want {
				t.Errorf("leased %s with %+v, want %+v", f.URL, f.Validators, want)
			}
		}
		if err := s.Finish(t.Context(), finish); err != nil {
			t.Fatal(err)
		}
		if err := s.LeftOut(t.Context(), feed.Source, nil, false); err != nil {
			t.Fatal(err)
		}
	}
	done, failed := feed, feed
	done.State, done.Validators = tenor.Done, know
	failed.State, failed.Status = tenor.Failed, 503
	crawl(done, tenor.Validators{})
	crawl(failed, know)
	s.Close()
	s = open(t, path)
	crawl(done, know)

	page.State, page.Status = tenor.Failed, 503
	if err := s.Finish(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	crawl(done, tenor.Validators{})
	page.Status = 404
	if err := s.Finish(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	crawl(done, know)
	page.Status, page.FetchedAt = 503, known.Add(-8*24*time.Hour)
	if err := s.Finish(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	crawl(done, know)
	// A crawl that was broken off has read the feed, and noted nothing.
	must[int](t)(s.Resume(t.Context()))
	if err := s.Finish(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	done.Validators = tenor.Validators{}
	crawl(done, tenor.Validators{})
	crawl(done, tenor.Validators{})
}

func TestPagesSince(t *testing.T) {
	s := newStore(t)
	for i, f := range []tenor.Fetch{
		{URL: "https://l.example/1", State: tenor.Done, Status: 200}, {URL: "https://l.example/2", State: tenor.Skipped, Status: 200},
		{URL: "https://l.example:8443/3", State: tenor.Failed, Status: 404},
		{URL: "https://l.example/robots-says-no", State: tenor.Skipped}, {URL: "https://l.example/feed", State: tenor.Done, Status: 200, Entry: true},
		{URL: "https://l.example/old", State: tenor.Done, Status: 200, FetchedAt: known.Add(-48 * time.Hour)},
	} {
		if err := s.Finish(t.Context(), f); err != nil {
			t.Fatal(i, err)
		}
	}
	got := must[map[string]int](t)(s.PagesSince(t.Context(), known.Add(-24*time.Hour)))
	if want := map[string]int{"l.example": 2, "l.example:8443": 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestSourceHealth(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Caps", "2025-09-18",
		said{speaker: "Ines Okafor", words: "one"}, said{speaker: "Tomas Rehn", words: "two"})
	save(t, s, a, quotes)
	visit := func(state tenor.FetchState, reason string) tenor.SourceHealth {
		t.Helper()
		f := tenor.Fetch{URL: "https://ledger.example/feed", Source: "ledger", Kind: tenor.FetchFeed, Entry: true, State: state, Reason: reason}
		if err := s.Finish(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		return must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))[0]
	}
	if h := visit(tenor.Failed, "no answer"); h.ErrorStreak != 1 || h.LastError != "no answer" || !h.LastSuccess.IsZero() || h.Articles != 1 || h.Quotes != 2 {
		t.Errorf("after a failure: %+v", h)
	}
	visit(tenor.Failed, "no answer")
	if h := visit(tenor.Failed, "it answered 500"); h.ErrorStreak != 3 || h.LastError != "it answered 500" {
		t.Errorf("after three: %+v", h)
	}
	s.now = func() time.Time { return known.Add(time.Hour) }
	if h := visit(tenor.Done, ""); h.ErrorStreak != 0 || h.LastError != "" || !h.LastSuccess.Equal(known.Add(time.Hour)) {
		t.Errorf("after a good visit: %+v", h)
	}
	if h := visit(tenor.Failed, "no answer"); h.ErrorStreak != 1 || !h.LastSuccess.Equal(known.Add(time.Hour)) {
		t.Errorf("after one more failure: %+v", h)
	}
}

// What a crawl leaves out stands in place of what the crawl before it left out.
func TestLeftOut(t *testing.T) {
	s := newStore(t)
	left := tenor.ReasonCount{State: tenor.Skipped, Reason: "too deep", Count: 7, Example: "https://ledger.example/deep"}
	for _, list := range [][]tenor.ReasonCount{{{Reason: "a trap", Count: 3}, {Reason: "too deep", Count: 2}}, {left}} {
		if err := s.LeftOut(t.Context(), "ledger", list, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.LeftOut(t.Context(), "ledger", nil, true); err != nil { // what was not looked at stays
		t.Fatal(err)
	}
	h := must[[]tenor.SourceHealth](t)(s.Sources(t.Context()))
	if len(h) != 1 || h[0].Skipped != 7 || !reflect.DeepEqual(h[0].Reasons, []tenor.ReasonCount{left}) {
		t.Errorf("health %+v", h)
	}
}

func TestOneCrawlAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	first, second := open(t, path), open(t, path)
	release, err := first.LockCrawl(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.LockCrawl(t.Context()); err == nil || !strings.Contains(err.Error(), path+" is being filled by another crawl: wait for it to end") {
		t.Errorf("a second crawl was let in: %v", err)
	}
	if _, err := second.Enqueue(t.Context(), tenor.Fetch{URL: "https://l.example/1", Kind: tenor.FetchPage}); err != nil {
		t.Errorf("the lock keeps others from writing: %v", err)
	}
	release()
	release, err = second.LockCrawl(t.Context())
	if err != nil {
		t.Fatalf("after the first crawl ended: %v", err)
	}
	release()
	if left, _ := filepath.Glob(path + "-crawl*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
