package store

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

func TestRoundTrip(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/caps?x=1", "The Ledger", "Small caps & co", "2025-09-18T14:30:00-04:00",
		said{speaker: "Inés B. Okafor", firm: "Halden Research", words: "we would add here … on any dip", stance: tenor.Bullish,
			themes: "rates|earnings", kind: tenor.Mixed},
		said{speaker: "Halden Research", words: "risks remain", as: tenor.Institution, stance: tenor.Fragile})
	a.Captured, _ = tenor.ParseDate("2025-09-20", "header")
	a.Forwarded, a.Translation, a.File = "The Gazette", tenor.TranslationMachine, "saved/caps.html"
	page := &tenor.Page{
		URL: "https://ledger.example/caps", Status: 200, Body: []byte(strings.Repeat("<p>caps</p>\x00\xff", 500)),
		Header:    http.Header{"Content-Type": {"text/html"}, "Set-Cookie": {"session=secret"}},
		FetchedAt: known,
	}
	id, err := s.SaveArticle(t.Context(), a, page, quotes, "test-1", "ledger")
	if err != nil {
		t.Fatal(err)
	}

	got, records, err := s.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := *a
	want.ID = id
	if got.Published.String() != want.Published.String() {
		t.Errorf("published %s, want %s", got.Published, want.Published)
	}
	got.Published.Time, want.Published.Time = time.Time{}, time.Time{} // zones of one offset differ in name
	if !reflect.DeepEqual(got, want) {
		t.Errorf("article:\n got %+v\nwant %+v", got, want)
	}
	if len(records) != 2 {
		t.Fatalf("%d quotes, want 2", len(records))
	}
	for i, r := range records {
		w := tenor.NewRecord(a, quotes[i], "test-1")
		w.ArticleID, w.Voice = id, r.Voice // the row of the person
		w.Published.Time, r.Published.Time = time.Time{}, time.Time{}
		if !reflect.DeepEqual(r, w) {
			t.Errorf("quote %d:\n got %+v\nwant %+v", i, r, w)
		}
		one, err := s.Record(t.Context(), r.ID)
		if err != nil || one.ID != r.ID || one.Text() != r.Text() {
			t.Errorf("Record(%s) = %s, %v", r.ID, one.Text(), err)
		}
	}

	p, err := s.Page(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if p.URL != page.URL || p.Status != 200 || string(p.Body) != string(page.Body) || !p.FetchedAt.Equal(known) ||
		p.Header.Get("Content-Type") != "text/html" || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("page: %+v", p)
	}
	if _, err := s.write.Exec(`UPDATE pages SET sha256 = 'forged'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Page(t.Context(), id); err == nil {
		t.Error("a page that is not what was stored was served")
	}

	for what, err := range map[string]error{
		"article": second3(s.Article(t.Context(), id+1)),
		"quote":   second(s.Record(t.Context(), "none")),
		"page":    second(s.Page(t.Context(), id+1)),
		"retag":   s.ReplaceQuotes(t.Context(), id+1, nil, "t"),
	} {
		if !errors.Is(err, tenor.ErrNotFound) {
			t.Errorf("missing %s: %v, want not found", what, err)
		}
	}
	checkIndex(t, s)
}

func second[T any](_ T, err error) error          { return err }
func second3[T, U any](_ T, _ U, err error) error { return err }

func TestSavingAgainChangesNothing(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", firm: "Halden", words: "we like them", themes: "rates"},
		said{speaker: "Tomas Rehn", words: "too early to chase"})
	id := save(t, s, a, quotes)
	before := dump(t, s)
	a.KnownAt = known.Add(48 * time.Hour)
	if again := save(t, s, a, slices.Concat(quotes, quotes[:1])); again != id {
		t.Errorf("row %d, then %d", id, again)
	}
	if got := dump(t, s); got != before {
		t.Errorf("after saving again:\n%s\nbefore:\n%s", got, before)
	}
	got, _, err := s.Article(t.Context(), id)
	if err != nil || !got.KnownAt.Equal(known) {
		t.Errorf("known at %s (%v), want %s: it was collected first then", got.KnownAt, err, known)
	}
	checkIndex(t, s)
}

// An article that changed: new title, new date, one quote gone, one new, one
// labelled otherwise, one as it was.
func TestSavingAChangedArticle(t *testing.T) {
	s := newStore(t)
	url := "https://ledger.example/1"
	a, quotes := newArticle(t, url, "The Ledger", "Small caps rally", "2025-09-18",
		said{speaker: "Ines Okafor", firm: "Halden", words: "we like them"},
		said{speaker: "Tomas Rehn", firm: "Norrgate", words: "too early to chase", themes: "rates"},
		said{speaker: "Ada Voss", firm: "Pell Street", words: "the move has legs"})
	id := save(t, s, a, quotes)
	b, again := newArticle(t, url, "The Ledger", "Small caps stall", "2025-09-19",
		said{speaker: "Ines Okafor", firm: "Halden", words: "we like them"},
		said{speaker: "Tomas Rehn", firm: "Norrgate", words: "too early to chase", stance: tenor.Fragile, themes: "earnings"},
		said{speaker: "Lena Brandt", firm: "Oakmoor", words: "credit is the tell"})
	b.KnownAt = known.Add(time.Hour)
	if got := save(t, s, b, again); got != id {
		t.Errorf("row %d, then %d", id, got)
	}
	_, records, err := s.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, strings.Join([]string{r.Speaker, r.Title, r.Published.String(), string(r.Stance), joinThemes(r.Themes), r.KnownAt.Sub(known).String()}, ", "))
	}
	want := []string{
		"Ines Okafor, Small caps stall, 2025-09-19, neutral, , 0s",
		"Tomas Rehn, Small caps stall, 2025-09-19, fragile, earnings, 1h0m0s",
		"Lena Brandt, Small caps stall, 2025-09-19, neutral, , 1h0m0s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for query, n := range map[string]int{"rally": 0, "stall": 3, "legs": 0, "tell": 1, "Voss": 0, "Rehn": 1} {
		if got := len(drain(t, s.Records(t.Context(), tenor.Filter{Query: query}))); got != n {
			t.Errorf("search %s: %d quotes, want %d", query, got, n)
		}
	}
	day, _ := tenor.ParseDay("2025-09-19")
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{From: &day, Themes: []tenor.Theme{"earnings"}}))); n != 1 {
		t.Errorf("the new date and theme find %d quotes, want 1", n)
	}
	if firms := must[[]string](t)(s.Values(t.Context(), "firm", 0)); slices.Contains(firms, "Pell Street") {
		t.Errorf("firms %v: nobody of Pell Street is quoted any more", firms)
	}
	checkIndex(t, s)
}

func TestSaveRefusesSpansOutsideTheText(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", words: "we like them"})
	for _, spans := range [][]tenor.Span{nil, {{0, len(a.Text) + 1}}, {{5, 5}}, {{-1, 3}}, {{10, 20}, {15, 25}}} {
		q := quotes[0]
		q.Spans = spans
		if _, err := s.SaveArticle(t.Context(), a, nil, []tenor.Quote{q}, "t", ""); err == nil {
			t.Errorf("spans %v were saved", spans)
		}
	}
	if n := must[tenor.Totals](t)(s.Totals(t.Context())).Articles; n != 0 {
		t.Errorf("%d articles are left behind", n)
	}
}

func TestLabelsOfPeopleWin(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", firm: "Halden", words: "we like them", stance: tenor.Bullish, themes: "rates"},
		said{speaker: "Tomas Rehn", words: "too early to chase"})
	id := save(t, s, a, quotes)
	label := func(field, value string, hours int) {
		t.Helper()
		if _, err := s.write.Exec(`INSERT INTO labels (quote_id, field, value, who, at) VALUES (?, ?, ?, 'nell', ?)`,
			quotes[0].ID, field, value, known.Add(time.Duration(hours)*time.Hour).Unix()); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string, stance tenor.Stance, themes string, source tenor.LabelSource, hours int) {
		t.Helper()
		r, err := s.Record(t.Context(), quotes[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stance != stance || joinThemes(r.Themes) != themes || r.LabelSource != source || r.KnownAt.Sub(known) != time.Duration(hours)*time.Hour {
			t.Errorf("%s: %s, %s, %s, known %s later; want %s, %s, %s, %d h", when, r.Stance, joinThemes(r.Themes), r.LabelSource,
				r.KnownAt.Sub(known), stance, themes, source, hours)
		}
		f := tenor.Filter{Stances: []tenor.Stance{stance}, Themes: r.Themes, Analysts: []string{"Ines Okafor"}}
		if n := len(drain(t, s.Records(t.Context(), f))); n != 1 {
			t.Errorf("%s: the filter finds %d quotes, want 1", when, n)
		}
		checkIndex(t, s)
	}
	check("the model", tenor.Bullish, "rates", tenor.LabelModel, 0)
	label("stance", "neutral", 5)
	label("stance", "fragile", 7)
	label("stance", "bullish", 6) // arrives late, and is older
	check("labelled", tenor.Fragile, "rates", tenor.LabelHuman, 7)
	label("themes", "credit|earnings", 8)
	check("themes too", tenor.Fragile, "credit|earnings", tenor.LabelHuman, 8)

	if err := s.ReplaceQuotes(t.Context(), id, quotes, "test-2"); err != nil {
		t.Fatal(err)
	}
	check("tagged again", tenor.Fragile, "credit|earnings", tenor.LabelHuman, 8)
	if err := s.ReplaceQuotes(t.Context(), id, quotes[1:], "test-2"); err != nil {
		t.Fatal(err)
	}
	save(t, s, a, quotes)
	check("gone and found again", tenor.Fragile, "credit|earnings", tenor.LabelHuman, 8)
	if _, err := s.write.Exec(`DELETE FROM labels WHERE field = 'themes' OR value = 'fragile'`); err != nil {
		t.Fatal(err)
	}
	check("two undone", tenor.Bullish, "rates", tenor.LabelHuman, 6)
	if _, err := s.write.Exec(`DELETE FROM labels`); err != nil {
		t.Fatal(err)
	}
	check("all undone", tenor.Bullish, "rates", tenor.LabelModel, 0)
}

func TestReplaceQuotes(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Small caps", "2025-09-18",
		said{speaker: "Ines Okafor", words: "we like them"}, said{speaker: "Tomas Rehn", words: "too early"})
	id := save(t, s, a, quotes)
	s.now = func() time.Time { return known.Add(24 * time.Hour) }
	quotes[1].Stance = tenor.Fragile
	quotes[0].Confidence = 0.99 // no change of a label
	if err := s.ReplaceQuotes(t.Context(), id, quotes, "test-2"); err != nil {
		t.Fatal(err)
	}
	_, records, err := s.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if r := records[0]; r.Tagger != "test-2" || r.Confidence != 0.99 || !r.KnownAt.Equal(known) {
		t.Errorf("same label: %+v", r)
	}
	if r := records[1]; r.Stance != tenor.Fragile || !r.KnownAt.Equal(known.Add(24*time.Hour)) {
		t.Errorf("another label: %+v", r)
	}
}

// The loop over all articles may write, as a re-tag does.
func TestArticlesWhileWriting(t *testing.T) {
	s := newStore(t)
	for i := range articleBatch*2 + 3 {
		a, quotes := newArticle(t, "https://ledger.example/"+string(rune('A'+i)), "The Ledger", "Small caps", "2025-09-18",
			said{speaker: "Ines Okafor", words: "we like them"})
		save(t, s, a, quotes)
	}
	n := 0
	for a, err := range s.Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Text, "we like them") {
			t.Errorf("article %d has lost its text", a.ID)
		}
		if err := s.ReplaceQuotes(t.Context(), a.ID, nil, "test-2"); err != nil {
			t.Fatal(err)
		}
		n++
	}
	total := must[tenor.Totals](t)(s.Totals(t.Context()))
	if n != articleBatch*2+3 || total.Quotes != 0 || total.People != 0 {
		t.Errorf("%d articles read, %+v left", n, total)
	}
	checkIndex(t, s)
}
