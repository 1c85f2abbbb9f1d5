package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
	"tenor/store"
)

// runningOutput takes the output of a command that is still running.
type runningOutput struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *runningOutput) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *runningOutput) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// scheduling runs a scheduler of the tenor.toml here until stop, which waits for its end.
func scheduling(t *testing.T) (s *store.Store, stderr *runningOutput, stop func()) {
	t.Helper()
	stderr = &runningOutput{}
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: stderr, now: time.Now, db: "t.db"}
	s, err := a.openStore(t.Context(), store.CheckSome)
	if err != nil {
		t.Fatal(err)
	}
	w, err := a.newScheduler(t.Context(), s, &crawlOptions{every: time.Hour}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.look = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-ended
		s.Close()
	})
	t.Cleanup(stop)
	return s, stderr, stop
}

func articlesOf(t *testing.T, s *store.Store, source string) int {
	t.Helper()
	counts, err := s.CollectedAfter(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return counts[source]
}

// makeDue moves the next visit of a source to now.
func makeDue(t *testing.T, s *store.Store, source string) {
	t.Helper()
	if err := s.SetSchedule(t.Context(), map[string]tenor.Schedule{source: {Next: time.Now().Add(-time.Minute), Interval: 4 * time.Hour}}); err != nil {
		t.Fatal(err)
	}
}

func visitsOf(t *testing.T, s *store.Store, source string) store.SourceVisits {
	t.Helper()
	visits, err := s.Visits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return visits[source]
}

func TestSchedulerVisitsWhatIsDueAndFollowsItsFile(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1")
	path := p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\n\n[[source]]\nname = \"gone\"\nurl = \"PRESS/gone.xml\"\n")
	s, stderr, stop := scheduling(t)
	wait(t, "the first visit", func() bool {
		return visitsOf(t, s, "ledger").Next.After(time.Now()) && visitsOf(t, s, "gone").Failures == 1
	})
	if n := articlesOf(t, s, "ledger"); n != 1 {
		t.Errorf("%d articles", n)
	}
	if v := visitsOf(t, s, "ledger"); v.Interval != time.Hour {
		t.Errorf("after the first visit: %+v", v)
	}
	if wait := time.Until(visitsOf(t, s, "gone").Next); wait > 6*time.Minute {
		t.Errorf("what failed once is tried again in %s", wait)
	}

	// Nothing is due: nothing is asked. New articles halve the interval, within --every.
	asked := p.asked("/ledger.xml")
	p.feed("/ledger.xml", "/ledger/1", "/ledger/2")
	p.feed("/gone.xml", "/gone/1")
	makeDue(t, s, "ledger")
	wait(t, "the second visit", func() bool { return visitsOf(t, s, "ledger").Interval == 2*time.Hour })
	if got := p.asked("/ledger.xml") - asked; got != 1 || articlesOf(t, s, "ledger") != 2 || p.asked("/ledger/1") != 1 {
		t.Errorf("visited %d times, and found %d articles", got, articlesOf(t, s, "ledger"))
	}
	// Nothing new lengthens it. What failed recovers.
	makeDue(t, s, "ledger")
	makeDue(t, s, "gone")
	wait(t, "the third visit", func() bool { return visitsOf(t, s, "ledger").Interval == 6*time.Hour })
	wait(t, "the recovery", func() bool { return articlesOf(t, s, "gone") == 1 && visitsOf(t, s, "gone").Failures == 0 })

	// The file is read again when it changes; a broken one is told of and changes nothing.
	text, _ := os.ReadFile(path)
	os.WriteFile(path, []byte("[[source]]\nurl = 3\n"), 0o644)
	wait(t, "the complaint", func() bool { return strings.Contains(stderr.String(), "tenor.toml, line 2") })
	makeDue(t, s, "ledger")
	wait(t, "a visit under the old file", func() bool {
		return visitsOf(t, s, "ledger").Interval == 6*time.Hour && visitsOf(t, s, "ledger").Next.After(time.Now())
	})
	if n := strings.Count(stderr.String(), "the sources stay as they were"); n != 1 {
		t.Errorf("the broken file is told of %d times", n)
	}
	p.feed("/harbor.xml", "/harbor/1")
	os.WriteFile(path, append(text, "\n[[source]]\nname = \"harbor\"\nurl = \""+p.URL+"/harbor.xml\"\n"...), 0o644)
	wait(t, "the source that was added", func() bool { return articlesOf(t, s, "harbor") == 1 })

	// Paused, it is due and left alone.
	if err := run(t.Context(), &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: time.Now}, []string{"sources", "pause", "ledger"}); err != exitDone {
		t.Fatal(err)
	}
	wait(t, "the pause", func() bool { return strings.Count(stderr.String(), "was read again: 3 sources") == 2 })
	asked = p.asked("/ledger.xml")
	makeDue(t, s, "ledger")
	makeDue(t, s, "harbor")
	wait(t, "the others", func() bool { return visitsOf(t, s, "harbor").Next.After(time.Now()) })
	if got := p.asked("/ledger.xml"); got != asked {
		t.Error("a paused source was visited")
	}

	// The last source gone, there is nothing to visit, and no complaint.
	for _, name := range []string{"ledger", "gone", "harbor"} {
		if code := run(t.Context(), &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: time.Now}, []string{"sources", "remove", name, "--db", "t.db"}); code != exitDone {
			t.Fatalf("%s could not be removed", name)
		}
	}
	wait(t, "the removal", func() bool { return strings.Contains(stderr.String(), "was read again: 0 sources") })
	if v := visitsOf(t, s, "harbor"); !v.Next.IsZero() || strings.Count(stderr.String(), "stay as they were") != 1 {
		t.Errorf("%+v\n%s", v, stderr.String())
	}
	stop()
	if !strings.HasSuffix(stderr.String(), "Stopped.\n") {
		t.Errorf("it says\n%s", stderr.String())
	}
}

// Another program's crawl into the store is waited for; at the start it is an error.
func TestSchedulerWaitsForAnotherCrawl(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1")
	p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\n")
	s, stderr, _ := scheduling(t)
	wait(t, "the first visit", func() bool { return visitsOf(t, s, "ledger").Next.After(time.Now()) })
	var release func()
	wait(t, "the end of the round", func() (ok bool) {
		var err error
		release, err = s.LockCrawl(t.Context())
		return err == nil
	})
	makeDue(t, s, "ledger")
	wait(t, "the complaint", func() bool { return strings.Contains(stderr.String(), "is being filled by another crawl") })
	for want, args := range map[string][]string{
		"t.db is being filled by another crawl":            {"crawl", "--every", "1h", "--db", "t.db"},
		"t.db is being filled by another crawl: wait for ": {"serve", "--crawl", "--db", "t.db", "--addr", "127.0.0.1:0"},
	} {
		if _, said := wants(t, exitFailed, args...); !strings.Contains(said, want) {
			t.Errorf("%v says %q", args, said)
		}
	}
	if p.asked("/ledger.xml") != 1 {
		t.Error("it crawled beside another crawl")
	}
	release()
	wait(t, "the visit after it", func() bool { return visitsOf(t, s, "ledger").Next.After(time.Now()) && p.asked("/ledger.xml") == 2 })
}

func TestEveryIsChecked(t *testing.T) {
	p := newPress(t)
	p.config(t, "\n[[source]]\nurl = \"PRESS/ledger.xml\"\n")
	for _, args := range [][]string{{"crawl", "--every", "1s"}, {"crawl", "--every", "0s"}, {"serve", "--crawl", "--every", "10000h"}} {
		if _, said := wants(t, exitUsage, args...); !strings.Contains(said, "must be from 1m to 720h") {
			t.Errorf("%v says %q", args, said)
		}
	}
	if _, said := wants(t, exitUsage, "serve", "--every", "1h"); !strings.Contains(said, "give both, or neither") {
		t.Errorf("--every without --crawl: %q", said)
	}
	t.Chdir(t.TempDir())
	if _, said := wants(t, exitUsage, "serve", "--crawl"); !strings.Contains(said, "tenor.toml") {
		t.Errorf("without sources it says %q", said)
	}
}

func TestServeCrawlsWhileItShows(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1")
	p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\n\n[[source]]\nname = \"resting\"\nurl = \"PRESS/resting.xml\"\npaused = true\n")
	var stdout, stderr runningOutput
	a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, now: time.Now}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, a, []string{"serve", "--crawl", "--every", "1h", "--addr", "127.0.0.1:0", "--db", "s.db"})
	}()
	wait(t, "its address", func() bool { return strings.HasSuffix(stdout.String(), "/\n") })
	page := func(path string) string {
		resp, err := http.Get(strings.TrimSpace(stdout.String()) + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	wait(t, "the article on the page", func() bool { return strings.Contains(page("quotes"), "Ada Quill") })
	wait(t, "the next visit on the page", func() bool {
		text := page("sources")
		return strings.Contains(text, "✓ ok") && strings.Contains(text, "‖ paused") && strings.Contains(text, time.Now().UTC().Format("2006-"))
	})
	cancel()
	select {
	case code := <-ended:
		if code != exitDone {
			t.Errorf("it ended with %d: %s", code, stderr.String())
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it does not stop")
	}
}
