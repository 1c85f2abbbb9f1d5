package store

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tenor"
)

func TestSavedSearches(t *testing.T) {
	s := newStore(t)
	save := func(name, query string, replace bool) error {
		return s.SaveSearch(t.Context(), tenor.SavedSearch{Name: name, Query: query, Who: "nell"}, replace)
	}
	for _, name := range []string{"Small caps, doubted", "Rates", "Łódź & co."} {
		if err := save(name, "stance=fragile", false); err != nil {
			t.Fatal(err)
		}
	}
	if err := save("small CAPS doubted", "stance=bullish", false); !errors.Is(err, tenor.ErrTaken) {
		t.Errorf("a name that is taken: %v", err)
	}
	if one := must[tenor.SavedSearch](t)(s.SavedSearch(t.Context(), "rates!")); one.Name != "Rates" || one.Query != "stance=fragile" || one.Who != "nell" || !one.At.Equal(known) {
		t.Errorf("%+v", one)
	}
	if err := save("small caps doubted", "stance=bullish", true); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", " ", "…", "a/b", "x.atom", "x.JSON", "two\nlines", string(make([]byte, 99)), "\xff"} {
		if err := save(name, "", false); !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := s.RemoveSearch(t.Context(), "RATES"); err != nil {
		t.Error(err)
	}
	if _, err := s.RemoveSearch(t.Context(), "Rates"); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	var names []string
	for _, one := range must[[]tenor.SavedSearch](t)(s.Searches(t.Context())) {
		names = append(names, one.Name+" "+one.Query)
	}
	if want := []string{"Łódź & co. stance=fragile", "small caps doubted stance=bullish"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	// They are in a backup, and come back with it.
	path, m := makeBackup(t, s)
	if m.Rows["searches"] != 2 {
		t.Errorf("%v", m.Rows)
	}
	restored := filepath.Join(t.TempDir(), "new.db")
	must[Restored](t)(Restore(t.Context(), path, restored, false, known, nil))
	if list := must[[]tenor.SavedSearch](t)(open(t, restored).Searches(t.Context())); len(list) != 2 {
		t.Errorf("%d are restored", len(list))
	}
}

// A feed says an utterance once, when it became known first, and what is found late is new
// however old.
func TestLatest(t *testing.T) {
	s := newStore(t)
	hour := 0
	add := func(url, outlet, published, speaker, words string) {
		a, quotes := newArticle(t, url, outlet, "Title", published, said{speaker: speaker, words: words, stance: tenor.Bullish})
		hour++
		a.KnownAt = known.Add(time.Duration(hour) * time.Hour)
		if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "test-1", "ledger"); err != nil {
			t.Fatal(err)
		}
	}
	const words = "small companies are primed for a long climb once borrowing gets cheaper"
	add("https://a.example/1", "The Ledger", "2025-09-18", "Ada Quill", words)
	add("https://b.example/1", "Gazette", "2025-09-17", "Bo Reed", "the profits of banks will fall again next year")
	add("https://c.example/1", "Dockside Wire", "2025-09-16", "Ada Quill", words) // printed before, found after
	add("https://d.example/1", "Gazette", "2019-01-02", "Kofi Lund", "gold is dear and will be dearer still")
	latest := func(f tenor.Filter, limit int) (list []string) {
		for _, r := range must[[]tenor.Record](t)(s.Latest(t.Context(), f, limit)) {
			list = append(list, r.Speaker+" "+r.Outlet)
		}
		return list
	}
	if got, want := latest(tenor.Filter{}, 0), []string{"Kofi Lund Gazette", "Bo Reed Gazette", "Ada Quill The Ledger"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := latest(tenor.Filter{Outlets: []string{"Dockside Wire"}}, 0), []string{"Ada Quill Dockside Wire"}; !slices.Equal(got, want) {
		t.Errorf("of one outlet: %q", got)
	}
	if got := latest(tenor.Filter{}, 1); !slices.Equal(got, []string{"Kofi Lund Gazette"}) {
		t.Errorf("one: %q", got)
	}
	day := tenor.DayOf(known.In(tenor.Market)) - 1
	if got := latest(tenor.Filter{AsOf: &day}, 0); len(got) != 0 {
		t.Errorf("nothing was known then: %q", got)
	}
	if got := latest(tenor.Filter{Query: "&"}, 0); len(got) != 0 {
		t.Errorf("no word: %q", got)
	}
}
