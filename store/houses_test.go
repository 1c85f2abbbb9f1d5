package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenor"
)

// facetOf is a facet's values as "name×count".
func facetOf(t *testing.T, s *Store, name string) string {
	t.Helper()
	var list []string
	for _, f := range must[tenor.Results](t)(s.Search(t.Context(), tenor.Filter{}, "", 1)).Facets {
		for _, v := range f.Values {
			if f.Name == name {
				list = append(list, fmt.Sprintf("%s×%d", v.Value, v.Count))
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func put(t *testing.T, s *Store, i int, day string, quotes ...said) int64 {
	t.Helper()
	a, list := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", fmt.Sprint("Caps ", i), day, quotes...)
	return save(t, s, a, list)
}

// A firm that goes by two names is one in counts, filters and lists, wherever they come
// from; every quote keeps the one of its article.
func TestJoinedFirmsCountAsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path)
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", firm: "Quill Financial Group", words: "one"})
	put(t, s, 2, "2025-04-01", said{speaker: "Ada Marsh", firm: "Quill", words: "two"})
	put(t, s, 3, "2025-04-02", said{speaker: "Mike Oakes", firm: "Quill", words: "three"}, said{speaker: "Nell Reed", firm: "Reed Bank", words: "four"})
	put(t, s, 4, "2025-04-03", said{speaker: "Quill Financial", as: tenor.Institution, words: "five"}, said{speaker: "Quill", as: tenor.Institution, words: "six"})
	resident := openResident(t, path)
	for _, st := range []*Store{s, resident} {
		if got, want := facetOf(t, st, "firm"), "Quill×5 Reed Bank×1"; got != want {
			t.Errorf("firms %s, want %s", got, want)
		}
		for _, name := range []string{"Quill", "Quill Financial", "quill financial group"} {
			records := drain(t, st.Records(t.Context(), tenor.Filter{Firms: []string{name}}))
			if len(records) != 5 {
				t.Errorf("%s: %d quotes, want 5", name, len(records))
			}
			if total := must[tenor.Results](t)(st.Search(t.Context(), tenor.Filter{Firms: []string{name}}, "", 50)).Total; total != 5 {
				t.Errorf("%s: total %d, want 5", name, total)
			}
		}
		if got := fmt.Sprint(must[[]string](t)(st.Values(t.Context(), "firm", 0))); got != "[Quill Reed Bank]" {
			t.Errorf("values %s", got)
		}
		if n := must[tenor.Totals](t)(st.Totals(t.Context())).Firms; n != 2 {
			t.Errorf("%d firms, want 2", n)
		}
	}
	firms := map[string]bool{}
	voices := map[string]bool{}
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{Firms: []string{"Quill"}})) {
		firms[r.Firm] = true
		if r.SpeakerType == tenor.Institution {
			voices[r.Voice] = true
		}
	}
	if !firms["Quill Financial Group"] || !firms["Quill"] {
		t.Errorf("the firms of that day are gone: %v", firms)
	}
	if len(voices) != 1 {
		t.Errorf("the firm speaks with %d voices", len(voices))
	}
	if got := must[tenor.Person](t)(s.Person(t.Context(), "Ada Marsh")).Affiliations; len(got) != 1 || got[0].Quotes != 2 {
		t.Errorf("affiliations %+v", got)
	}
	h := must[tenor.House](t)(s.House(t.Context(), tenor.KindFirm, "Quill Financial"))
	if h.Name != "Quill" || h.Quotes != 5 || len(h.Names) < 3 || len(h.Ties) != 1 || h.Ties[0].For == 0 {
		t.Errorf("%+v", h)
	}
}

// A merge of firms of other names makes people one whom only that firm tells to be one;
// undone, all is as it was.
func TestMergedFirmsAreEvidenceForPeople(t *testing.T) {
	s := newStore(t)
	put(t, s, 1, "2025-03-01", said{speaker: "Mike Marsh", firm: "Quill Bank", words: "one", subject: "bonds"})
	put(t, s, 2, "2025-04-01", said{speaker: "Michael Marsh", firm: "Harbor Fund", words: "two", subject: "gold"})
	before := tables(t, s)
	must[int64](t)(s.MergeHouses(t.Context(), tenor.KindFirm, []string{"Quill Bank"}, "Harbor Fund", Reason{"nell", "it was bought"}))
	people := must[[]tenor.Person](t)(s.People(t.Context(), "", 0))
	if len(people) != 1 || people[0].Quotes != 2 {
		t.Errorf("%+v", people)
	}
	if got := facetOf(t, s, "firm"); got != "Harbor Fund×2" {
		t.Errorf("firms %s", got)
	}
	must[tenor.Decision](t)(s.UndoHouse(t.Context(), tenor.KindFirm, 0, Reason{"nell", ""}))
	if after := tables(t, s); after != before {
		t.Errorf("undone\n%s\nwant\n%s", after, before)
	}
}

// someFirms are invented articles whose firms' names meet.
func someFirms(r *rand.Rand) [][]said {
	firms := []string{"Quill", "Quill Securities", "Quill Capital LLC", "Quill Wealth Management", "Reed Bank", "Reed", ""}
	speakers := []string{"Ada Marsh", "Bo Reed", "Nell Oakes", "Mike Dunn", "Michael Dunn", "Dunn"}
	stories := make([][]said, 3+r.IntN(8))
	for i := range stories {
		for range 1 + r.IntN(3) {
			stories[i] = append(stories[i], said{speaker: speakers[r.IntN(len(speakers))], firm: firms[r.IntN(len(firms))], words: retold[r.IntN(2)][r.IntN(2)], subject: []tenor.Subject{"bonds", "gold"}[r.IntN(2)]})
		}
	}
	return stories
}

// joinedRows is which keys are counted under which.
func joinedRows(t *testing.T, s *Store) string {
	t.Helper()
	return fmt.Sprint(must[map[string]string](t)(joinedKeys(t.Context(), s.read, tenor.KindFirm)), must[map[string]string](t)(joinedKeys(t.Context(), s.read, tenor.KindOutlet)))
}

// Which names are one firm's depends on what is stored and not on how it came.
func TestFirmsDoNotDependOnOrder(t *testing.T) {
	joined := 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 15))
		stories := someFirms(r)
		var want string
		for trial := range 3 {
			s := newStore(t)
			day := func(i int) string { return fmt.Sprintf("20%d-03-%02d", 20+i%3, 1+i) }
			for _, i := range r.Perm(len(stories)) {
				if trial > 0 && r.IntN(2) == 0 { // at first it was read wrongly
					put(t, s, i, day(i), someFirms(r)[0]...)
				}
				put(t, s, i, day(i), stories[i]...)
			}
			got := joinedRows(t, s) + "\n" + whose(drain(t, s.Records(t.Context(), tenor.Filter{})))
			if want == "" {
				want = got
				if !strings.HasPrefix(want, "map[] ") {
					joined++
				}
			}
			if got != want {
				t.Fatalf("seed %d, trial %d:\n%s\nwant\n%s", seed, trial, got, want)
			}
			if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
				t.Fatalf("seed %d, trial %d: %+v", seed, trial, d.Checks)
			}
			s.Close()
		}
	}
	if joined < 3 {
		t.Errorf("only %d stores had firms to join", joined)
	}
}

// Decisions at random, all taken back: every row is as it was.
func TestUndoOfFirmsPutsEveryQuoteBack(t *testing.T) {
	why := Reason{"nell", "a test"}
	decided := 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 16))
		s := newStore(t)
		for i, quotes := range someFirms(r) {
			put(t, s, i, fmt.Sprintf("20%d-03-%02d", 20+i%3, 1+i), quotes...)
		}
		state := func() string {
			return tables(t, s) + joinedRows(t, s) + facetOf(t, s, "firm") + fmt.Sprint(must[map[string]string](t)(givenNames(t.Context(), s.read, tenor.KindFirm)))
		}
		var states []string
		for range 6 {
			before := state()
			firms := must[[]tenor.House](t)(s.Houses(t.Context(), tenor.KindFirm, "", 0))
			if len(firms) == 0 {
				break
			}
			one, other := firms[r.IntN(len(firms))], firms[r.IntN(len(firms))]
			var err error
			switch r.IntN(3) {
			case 0:
				_, err = s.MergeHouses(t.Context(), tenor.KindFirm, []string{one.Names[0].Name}, other.Names[0].Name, why)
			case 1:
				_, err = s.SplitHouse(t.Context(), tenor.KindFirm, one.Names[0].Name, []string{one.Names[len(one.Names)-1].Name}, why)
			case 2:
				_, err = s.RenameHouse(t.Context(), tenor.KindFirm, one.Names[0].Name, fmt.Sprint("Firm ", r.IntN(5)), why)
			}
			if err != nil {
				if after := state(); after != before {
					t.Fatalf("seed %d: %v, and yet\n%s\nis\n%s", seed, err, before, after)
				}
				continue
			}
			decided++
			states = append(states, before)
		}
		for i := len(states) - 1; i >= 0; i-- {
			d, err := s.UndoHouse(t.Context(), tenor.KindFirm, 0, why)
			if err != nil {
				t.Fatal(err)
			}
			if after := state(); after != states[i] {
				t.Fatalf("seed %d: %s %s undone, and\n%s\nis\n%s", seed, d.Action, d.What, states[i], after)
			}
		}
		s.Close()
	}
	if decided < 15 {
		t.Errorf("only %d decisions were made", decided)
	}
}

// What somebody decided of firms holds for what is collected later.
func TestDecisionsOfFirmsHold(t *testing.T) {
	s := newStore(t)
	why := Reason{"nell", ""}
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", firm: "Quill Securities", words: "one"})
	put(t, s, 2, "2025-03-02", said{speaker: "Ada Marsh", firm: "Quill", words: "two"})
	must[int64](t)(s.SplitHouse(t.Context(), tenor.KindFirm, "Quill", []string{"Quill Securities"}, why))
	must[int64](t)(s.RenameHouse(t.Context(), tenor.KindFirm, "Quill", "The Quill House", why))
	put(t, s, 3, "2025-03-03", said{speaker: "Ada Marsh", firm: "Quill Securities", words: "three"}, said{speaker: "Ada Marsh", firm: "Quill", words: "four"})
	if got, want := facetOf(t, s, "firm"), "Quill Securities×2 The Quill House×2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{Firms: []string{"Quill House"}}))); n != 2 {
		t.Errorf("%d quotes by the given name", n)
	}
	for _, c := range []struct {
		want string
		err  error
	}{
		{"are one firm here already", errOf(s.MergeHouses(t.Context(), tenor.KindFirm, []string{"Quill"}, "The Quill House", why))},
		{"no firm here is called", errOf(s.MergeHouses(t.Context(), tenor.KindFirm, []string{"Nobody"}, "Quill", why))},
		{"that is all of", errOf(s.SplitHouse(t.Context(), tenor.KindFirm, "Quill", []string{"The Quill"}, why))},
		{"is no name of", errOf(s.SplitHouse(t.Context(), tenor.KindFirm, "Quill", []string{"Reed"}, why))},
		{"another firm is called", errOf(s.RenameHouse(t.Context(), tenor.KindFirm, "Quill", "Quill Securities", why))},
		{"is no name: it has neither", errOf(s.RenameHouse(t.Context(), tenor.KindFirm, "Quill", "…", why))},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%v, want %q", c.err, c.want)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestJoinedOutletsCountAsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path)
	for i, o := range [][2]string{{"Courier", "https://www.courier.example/1"}, {"Courier News", "https://m.courier.example/2"}, {"www.courier.example", "https://courier.example/3"}, {"The Ledger", "https://ledger.example/4"}} {
		a, quotes := newArticle(t, o[1], o[0], "Caps", "2025-09-01", said{speaker: "Ada Marsh", words: fmt.Sprint("words ", i)})
		save(t, s, a, quotes)
	}
	resident := openResident(t, path)
	for _, st := range []*Store{s, resident} {
		if got, want := facetOf(t, st, "outlet"), "Courier×2 The Ledger×1 www.courier.example×1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		for _, name := range []string{"Courier", "courier news"} {
			if n := len(drain(t, st.Records(t.Context(), tenor.Filter{Outlets: []string{name}}))); n != 2 {
				t.Errorf("%s: %d quotes, want 2", name, n)
			}
		}
	}
	must[int64](t)(s.MergeHouses(t.Context(), tenor.KindOutlet, []string{"courier.example"}, "Courier", Reason{}))
	for _, st := range []*Store{s, resident} {
		if got, want := facetOf(t, st, "outlet"), "Courier×3 The Ledger×1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := fmt.Sprint(must[[]string](t)(st.Values(t.Context(), "outlet", 0))); got != "[Courier The Ledger]" {
			t.Errorf("values %s", got)
		}
	}
	// A takedown takes the outlet under all its names.
	h := must[tenor.Holding](t)(s.Forget(t.Context(), tenor.Takedown{Outlet: "Courier"}))
	if h.Articles != 3 {
		t.Errorf("%d articles taken down, want 3", h.Articles)
	}
	a, quotes := newArticle(t, "https://courier.example/9", "Courier News", "Caps", "2025-09-01", said{speaker: "Ada Marsh", words: "again"})
	if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "test-1", ""); err == nil {
		t.Error("what was taken down is taken again under its other name")
	}
}

// Two of one name are two voices; a move from one firm to the next is none.
func TestHomonymsAreTwoVoices(t *testing.T) {
	s := newStore(t)
	for i := range 8 {
		firm, subject := "Quill Bank", tenor.Subject("gold")
		if i%2 == 1 {
			firm, subject = "Harbor Fund", "bonds"
		}
		put(t, s, i, fmt.Sprintf("2025-%02d-10", i+1), said{speaker: "Bo Reed", firm: firm, subject: subject, words: fmt.Sprint("words ", i)},
			said{speaker: "Ada Marsh", firm: []string{"Quill Bank", "Harbor Fund"}[i/4], subject: []tenor.Subject{"gold", "bonds"}[i/4], words: fmt.Sprint("others ", i)})
	}
	if got := len(must[[]tenor.Person](t)(s.People(t.Context(), "Reed", 0))); got != 2 {
		t.Errorf("%d people called Bo Reed, want 2", got)
	}
	if got := len(must[[]tenor.Person](t)(s.People(t.Context(), "Marsh", 0))); got != 1 {
		t.Errorf("%d people called Ada Marsh, want 1", got)
	}
	if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("%+v", d.Checks)
	}
	must[int64](t)(s.MergePeople(t.Context(), []string{"Bo Reed@Quill Bank"}, "Bo Reed@Harbor Fund", Reason{}))
	if got := len(must[[]tenor.Person](t)(s.People(t.Context(), "Reed", 0))); got != 1 {
		t.Errorf("merged, they are %d", got)
	}
	must[tenor.Decision](t)(s.UndoPeople(t.Context(), 0, Reason{}))
	if got := len(must[[]tenor.Person](t)(s.People(t.Context(), "Reed", 0))); got != 2 {
		t.Errorf("undone, they are %d", got)
	}
}

// A firm that speaks for itself under one name is silent where a person speaks for it under
// another.
func TestJoinedFirmsSpeakOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path)
	put(t, s, 1, "2026-02-01", said{speaker: "Ada Marsh", firm: "Quill Financial Group", words: "one"})
	put(t, s, 2, "2026-02-01", said{speaker: "Ada Marsh", firm: "Quill", words: "two"})
	put(t, s, 3, "2026-02-02", said{speaker: "Quill", as: tenor.Institution, words: "three"})
	for _, st := range []*Store{s, openResident(t, path)} {
		line := must[*tenor.Timeline](t)(st.Timeline(t.Context(), tenor.Filter{SpeakerTypes: []tenor.SpeakerType{tenor.Analyst, tenor.Institution}}))
		if n := line.At(tenor.DayOf(known)).N(); n != 1 {
			t.Errorf("%d voices, want 1", n)
		}
	}
}
