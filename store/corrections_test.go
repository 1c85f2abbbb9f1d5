package store

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

// contents are the quotes of a store and what it counts, whatever their order within a day.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	lines := strings.Split(dump(t, s), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func byWords(t *testing.T, s *Store, words string) tenor.Record {
	t.Helper()
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{})) {
		if strings.HasPrefix(r.Text(), words) {
			return r
		}
	}
	t.Fatalf("no quote begins with %q", words)
	return tenor.Record{}
}

// well fails where the store's own examination finds anything.
func well(t *testing.T, s *Store) {
	t.Helper()
	checkIndex(t, s)
	// By a connection of its own, as tenor doctor has one: SQLite's check of a full-text
	// index looks at it as this connection saw it last.
	fresh := must[*Store](t)(Open(t.Context(), s.path, Options{ReadOnly: true}))
	defer fresh.Close()
	if d := must[Diagnosis](t)(fresh.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("the doctor finds: %+v", d)
	}
}

// tagAgain puts the articles' quotes in as retag does, as somebody else's tagger gives them.
func tagAgain(t *testing.T, s *Store, quotes func(a *tenor.Article) []tenor.Quote) {
	t.Helper()
	for a, err := range s.Articles(t.Context()) {
		if err == nil {
			err = s.ReplaceQuotes(t.Context(), a.ID, quotes(&a), "test-2")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every field is corrected, counts as corrected wherever quotes are read, outlives tagging
// and collecting again, and comes back by undo as it was.
func TestCorrectAndUndoEveryField(t *testing.T) {
	for _, c := range []struct {
		words   string
		changes []tenor.Label
		finds   tenor.Filter // the corrected quote, and before not
	}{
		{"small-cap earnings", []tenor.Label{{Field: "stance", Value: "fragile"}}, tenor.Filter{Query: "earnings", Stances: []tenor.Stance{tenor.Fragile}}},
		{"small-cap earnings", []tenor.Label{{Field: "themes", Value: "rates|credit"}}, tenor.Filter{Query: "earnings", Themes: []tenor.Theme{"credit"}}},
		{"small-cap earnings", []tenor.Label{{Field: "subject", Value: "gold"}, {Field: "claim", Value: "recap"}, {Field: "horizon", Value: ""}},
			tenor.Filter{Query: "earnings", Subjects: []tenor.Subject{"gold"}}},
		{"small-cap earnings", []tenor.Label{{Field: "speaker", Value: "Tomas Rehn"}, {Field: "firm", Value: "Norrgate"}},
			tenor.Filter{Query: "earnings", Analysts: []string{"Tomas Rehn"}, Firms: []string{"Norrgate"}}},
		{"small-cap earnings", []tenor.Label{{Field: "speaker", Value: "Quilla Ashdown"}}, tenor.Filter{Query: "quilla earnings", Analysts: []string{"Quilla Ashdown"}}},
		{"we stay neutral", []tenor.Label{{Field: "speaker_type", Value: "analyst"}, {Field: "speaker", Value: "Una Marsh"}, {Field: "firm", Value: "Norrgate"}},
			tenor.Filter{Analysts: []string{"Una Marsh"}, SpeakerTypes: []tenor.SpeakerType{tenor.Analyst}, Firms: []string{"Norrgate"}}},
		{"tariffs work", []tenor.Label{{Field: "speaker_type", Value: "analyst"}}, tenor.Filter{Query: "tariffs work", SpeakerTypes: []tenor.SpeakerType{tenor.Analyst}}},
		{"smalls again", []tenor.Label{{Field: "firm", Value: "Pell"}}, tenor.Filter{Query: "smalls", Firms: []string{"Pell"}}},
	} {
		t.Run(c.words+" "+c.changes[0].Field, func(t *testing.T) {
			s := newsroom(t)
			before, q := contents(t, s), byWords(t, s, c.words)
			models := map[int64][]tenor.Quote{}
			for a := range s.Articles(t.Context()) {
				_, records, _ := s.Article(t.Context(), a.ID)
				for _, r := range records {
					models[a.ID] = append(models[a.ID], r.Quote)
				}
			}
			later := known.Add(96 * time.Hour)
			s.now = func() time.Time { return later }
			act := must[int64](t)(s.Correct(t.Context(), q.ID, c.changes, "nell", "I was there"))
			check := func(when string) {
				t.Helper()
				got := drain(t, s.Records(t.Context(), c.finds))
				if len(got) != 1 || got[0].ID != q.ID || got[0].LabelSource != tenor.LabelHuman || !got[0].KnownAt.Equal(later) {
					t.Fatalf("%s: found %+v, want %s by a person, known at %s", when, got, q.ID, later)
				}
				if r := must[tenor.Results](t)(s.Search(t.Context(), c.finds, "", 10)); r.Total != 1 {
					t.Errorf("%s: a search counts %d, want 1", when, r.Total)
				}
				well(t, s)
			}
			check("corrected")
			if again := must[int64](t)(s.Correct(t.Context(), q.ID, c.changes, "nell", "")); again != act || len(must[[]tenor.Correction](t)(s.Corrections(t.Context(), q.ID))) != len(c.changes) {
				t.Errorf("said twice: act %d after %d", again, act)
			}
			tagAgain(t, s, func(a *tenor.Article) []tenor.Quote { return models[a.ID] })
			check("tagged again")
			a, _, _ := s.Article(t.Context(), q.ArticleID)
			save(t, s, &a, models[a.ID])
			check("collected again")
			a.Text += "\n\nCorrected on Monday."
			save(t, s, &a, models[a.ID])
			check("collected again, with another text")

			s2 := newsroom(t) // undo, where nothing else happened
			s2.now = s.now
			act = must[int64](t)(s2.Correct(t.Context(), q.ID, c.changes, "nell", "I was there"))
			if id, err := s2.Undo(t.Context(), act, "odo"); err != nil || id != q.ID {
				t.Fatal(id, err)
			}
			if after := contents(t, s2); after != before {
				t.Errorf("undo leaves\n%s\nof\n%s", after, before)
			}
			well(t, s2)
			history := must[[]tenor.Correction](t)(s2.Corrections(t.Context(), q.ID))
			for _, h := range history {
				if h.Who != "nell" || h.Why != "I was there" || h.UndoneBy != "odo" || !h.At.Equal(later) || !h.Undone() {
					t.Errorf("history: %+v", h)
				}
			}
			if len(history) != len(c.changes) {
				t.Errorf("%d corrections in history, want %d", len(history), len(c.changes))
			}
			if _, err := s2.Undo(t.Context(), act, "odo"); !errors.Is(err, tenor.ErrNotFound) {
				t.Errorf("undone twice: %v", err)
			}
		})
	}
}

// What is not a quote counts nowhere, is kept, stays away when the article is tagged or
// collected again, and comes back by undo as it was.
func TestNotAQuote(t *testing.T) {
	s := newsroom(t)
	before, q := contents(t, s), byWords(t, s, "small-cap earnings")
	_, records, err := s.Article(t.Context(), q.ArticleID)
	if err != nil {
		t.Fatal(err)
	}
	var model []tenor.Quote
	for _, r := range records {
		model = append(model, r.Quote)
	}
	s.now = func() time.Time { return known.Add(48 * time.Hour) }
	act := must[int64](t)(s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "quote", Value: "no"}}, "nell", ""))
	gone := func(when string) {
		t.Helper()
		if _, err := s.Record(t.Context(), q.ID); !errors.Is(err, tenor.ErrNotFound) {
			t.Errorf("%s: the record is still read: %v", when, err)
		}
		if r := must[tenor.Results](t)(s.Search(t.Context(), tenor.Filter{Query: "earnings beat"}, "", 0)); r.Total != 0 {
			t.Errorf("%s: found by its words", when)
		}
		if strings.Contains(dump(t, s), q.ID) {
			t.Errorf("%s: exported", when)
		}
		if n := must[tenor.Totals](t)(s.Totals(t.Context())).Quotes; n != 8 {
			t.Errorf("%s: %d quotes in all, want 8", when, n)
		}
		kept := must[tenor.Record](t)(s.Removed(t.Context(), q.ID))
		if kept.Text() != q.Text() || kept.Speaker != q.Speaker || kept.ArticleID != q.ArticleID || !kept.KnownAt.Equal(q.KnownAt) {
			t.Errorf("%s: kept as %+v", when, kept)
		}
		well(t, s)
	}
	gone("removed")
	if err := s.ReplaceQuotes(t.Context(), q.ArticleID, model, "test-2"); err != nil {
		t.Fatal(err)
	}
	gone("tagged again")
	a, _, _ := s.Article(t.Context(), q.ArticleID)
	save(t, s, &a, model)
	gone("collected again")
	if _, err := s.Undo(t.Context(), act, "nell"); err != nil {
		t.Fatal(err)
	}
	if after := strings.ReplaceAll(contents(t, s), "test-2", "test-1"); after != before {
		t.Errorf("undo leaves\n%s\nof\n%s", after, before)
	}
	well(t, s)
}

// A tagger that names another speaker, or cuts the words a little otherwise, makes another
// identifier; what people said goes with it.
func TestCorrectionsFollowTheWords(t *testing.T) {
	s := newsroom(t)
	q, removed := byWords(t, s, "small-cap earnings"), byWords(t, s, "a tariff is a tax")
	must[int64](t)(s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "stance", Value: "fragile"}}, "nell", ""))
	must[int64](t)(s.Correct(t.Context(), removed.ID, []tenor.Label{{Field: "quote", Value: "no"}}, "nell", ""))
	again := func(a *tenor.Article) (quotes []tenor.Quote) {
		_, records, _ := s.Article(t.Context(), a.ID)
		if a.ID == removed.ArticleID {
			records = append(records, must[tenor.Record](t)(s.Removed(t.Context(), removed.ID)))
		}
		for _, r := range records {
			r.Spans = slices.Clone(r.Spans)
			r.Evidence = nil
			if r.ID == q.ID || r.ID == removed.ID {
				r.Speaker, r.Spans[0][0] = "Wanda Pike", r.Spans[0][0]+2
			}
			r.Quote.ID = tenor.QuoteID(a.Key(), r.Speaker, r.Quote.Segments(a.Text))
			quotes = append(quotes, r.Quote)
		}
		return quotes
	}
	tagAgain(t, s, again)
	got := byWords(t, s, "all-cap earnings")
	if got.ID == q.ID || got.Speaker != "Wanda Pike" || got.Stance != tenor.Fragile || got.LabelSource != tenor.LabelHuman {
		t.Errorf("the correction did not follow: %+v", got)
	}
	if n := must[tenor.Totals](t)(s.Totals(t.Context())).Quotes; n != 8 {
		t.Errorf("%d quotes in all, want 8: what is no quote is back", n)
	}
	well(t, s)
}

// Copies fold by who spoke: a corrected speaker leaves the cluster, and joins another.
func TestCorrectedSpeakerRefolds(t *testing.T) {
	s := newStore(t)
	words := "the smallest firms will lead the next leg of this market higher"
	for i, who := range []string{"Ines Okafor", "Ines Okafor", "Tomas Rehn"} {
		a, quotes := newArticle(t, "https://site.example/"+string(rune('a'+i)), "Outlet", "Title", "2025-09-1"+string(rune('1'+i)), said{speaker: who, words: words, stance: tenor.Bullish})
		save(t, s, a, quotes)
	}
	copies := func() (list []string) {
		for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{})) {
			list = append(list, r.Speaker+" "+string(rune('0'+r.Copies)))
		}
		return list
	}
	before := copies()
	third := drain(t, s.Records(t.Context(), tenor.Filter{Analysts: []string{"Tomas Rehn"}}))[0]
	act := must[int64](t)(s.Correct(t.Context(), third.ID, []tenor.Label{{Field: "speaker", Value: "Ines Okafor"}}, "nell", ""))
	if got := copies(); !slices.Equal(got, []string{"Ines Okafor 3", "Ines Okafor 3", "Ines Okafor 3"}) {
		t.Errorf("corrected: %v", got)
	}
	if got := must[[]string](t)(s.Values(t.Context(), "analyst", 0)); !slices.Equal(got, []string{"Ines Okafor"}) {
		t.Errorf("the analysts are %v: nobody else speaks", got)
	}
	must[string](t)(s.Undo(t.Context(), act, "nell"))
	if got := copies(); !slices.Equal(got, before) {
		t.Errorf("undone: %v, want %v", got, before)
	}
	well(t, s)
}

// A corrected quote that its article has no longer is still read as it stood.
func TestCorrectedQuoteOfThePast(t *testing.T) {
	s := newsroom(t)
	q := byWords(t, s, "small-cap earnings")
	must[int64](t)(s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "speaker", Value: "Una Marsh"}}, "nell", ""))
	a, records, err := s.Article(t.Context(), q.ArticleID)
	if err != nil {
		t.Fatal(err)
	}
	var kept []tenor.Quote
	for _, r := range records {
		if r.ID != q.ID {
			kept = append(kept, r.Quote)
		}
	}
	a.Text += "\n\nAn earlier version had another quote."
	s.now = func() time.Time { return known.Add(96 * time.Hour) }
	a.KnownAt = s.now()
	save(t, s, &a, kept)
	if r := must[tenor.Record](t)(s.Record(t.Context(), q.ID)); r.Version == 0 || r.Speaker != "Una Marsh" {
		t.Errorf("it is %+v", r)
	}
	day := tenor.DayOf(known)
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{AsOf: &day, Analysts: []string{"Una Marsh"}}))); n != 1 {
		t.Errorf("as of a day on which it stood %d are found", n)
	}
	if _, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "stance", Value: "neutral"}}, "nell", ""); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("a quote of the past was corrected: %v", err)
	}
	well(t, s)
}

func TestCorrectRefuses(t *testing.T) {
	s := newsroom(t)
	q := byWords(t, s, "small-cap earnings")
	for _, c := range []struct{ field, value, who, why string }{
		{"speaker", "…", "nell", ""}, {"speaker", "A\nB", "nell", ""}, {"firm", strings.Repeat("x", 500), "nell", ""}, {"quote", "yes", "nell", ""},
		{"horizon", "soon", "nell", ""}, {"claim", "", "nell", ""}, {"speaker_type", "guru", "nell", ""}, {"stance", "bullish", " ", ""},
		{"stance", "bullish", "n\x1bell", ""}, {"stance", "bullish", "nell", strings.Repeat("why ", 1000)}, {"stance", "bullish", "nell", "\xff"},
	} {
		if _, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: c.field, Value: c.value}}, c.who, c.why); !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("%+v: %v, want it refused", c, err)
		}
	}
	if n := len(must[[]tenor.Correction](t)(s.Corrections(t.Context(), q.ID))); n != 0 {
		t.Errorf("%d corrections were noted", n)
	}
}

// The queue holds what moves the consensus most: a view of today before one that passed,
// the less sure and the longer standing first. What was judged leaves it.
func TestReview(t *testing.T) {
	s := newStore(t) // 2026-03-01
	add := func(url, day, who string, confidence float64) string {
		a, quotes := newArticle(t, "https://site.example/"+url, "Outlet", "Title", day, said{speaker: who, words: url + " words of " + who})
		quotes[0].Confidence = confidence
		save(t, s, a, quotes)
		return quotes[0].ID
	}
	past := add("past", "2025-01-10", "Ines Okafor", 0.4)        // stood 90 days
	brief := add("brief", "2026-02-20", "Tomas Rehn", 0.4)       // spoke again after two
	standing := add("standing", "2026-02-22", "Tomas Rehn", 0.7) // stands
	doubtful := add("doubtful", "2026-02-10", "Una Marsh", 0.5)  // stands
	sure := add("sure", "2026-02-11", "Kofi Lund", 0.95)         // no doubt
	list := func() (ids []string) {
		v := must[tenor.Review](t)(s.Review(t.Context()))
		for _, item := range v.Items {
			ids = append(ids, item.QuoteID)
		}
		if v.Left != len(ids) {
			t.Errorf("%d left, %d listed", v.Left, len(ids))
		}
		return ids
	}
	if got, want := list(), []string{doubtful, standing, past, brief}; !slices.Equal(got, want) {
		t.Errorf("the queue is %v, want %v (sure: %s)", got, want, sure)
	}
	must[int64](t)(s.Correct(t.Context(), doubtful, []tenor.Label{{Field: "stance", Value: "neutral"}}, "nell", ""))
	must[int64](t)(s.Correct(t.Context(), past, []tenor.Label{{Field: "quote", Value: "no"}}, "nell", ""))
	if got, want := list(), []string{standing, brief}; !slices.Equal(got, want) {
		t.Errorf("after two judgements the queue is %v, want %v", got, want)
	}
	if v := must[tenor.Review](t)(s.Review(t.Context())); v.Judged != 1 {
		t.Errorf("%d judged, want 1", v.Judged)
	}
}

// Labels of a store of the release before are corrections here, and can be undone.
func TestOldLabelsAreCorrections(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	id := released(t, path, 7)
	execFile(t, path, `INSERT INTO labels (quote_id, field, value, who, at) VALUES ('`+id+`', 'stance', 'fragile', 'nell', 1767300000),
		('`+id+`', 'stance', 'neutral', 'odo', 1767400000)`)
	s := open(t, path)
	said := must[[]tenor.Correction](t)(s.Corrections(t.Context(), id))
	if r := must[tenor.Record](t)(s.Record(t.Context(), id)); len(said) != 2 || r.Stance != tenor.Neutral || r.LabelSource != tenor.LabelHuman {
		t.Fatalf("%+v, by %+v", r, said)
	}
	for i, want := range []tenor.Stance{tenor.Fragile, tenor.Bullish} { // the latest first
		must[string](t)(s.Undo(t.Context(), said[i].Act, "una"))
		if r := must[tenor.Record](t)(s.Record(t.Context(), id)); r.Stance != want {
			t.Errorf("after %d undone: %s, want %s", i+1, r.Stance, want)
		}
	}
	well(t, s)
}
