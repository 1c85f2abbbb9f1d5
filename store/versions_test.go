package store

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

// day is a filter for what was known at the end of a day.
func asOf(t *testing.T, day string) tenor.Filter {
	t.Helper()
	d, err := tenor.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	return tenor.Filter{AsOf: &d}
}

// visit saves the words of an article as they were found on a day.
func visit(t *testing.T, s *Store, day, title, published string, quotes ...said) int64 {
	t.Helper()
	a, list := newArticle(t, "https://ledger.example/caps", "The Ledger", title, published, quotes...)
	a.KnownAt = must[time.Time](t)(time.Parse(time.DateOnly, day))
	page := &tenor.Page{URL: a.URL, Status: 200, Header: http.Header{}, Body: []byte("<p>" + a.Text), FetchedAt: a.KnownAt}
	id, err := s.SaveArticle(t.Context(), a, page, list, "test-1", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func ids(records []tenor.Record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.Speaker+": "+r.Text())
	}
	slices.Sort(list)
	return list
}

var (
	okafor  = said{speaker: "Ines Okafor", firm: "Tallow Bank", words: "the rally has much further to run", stance: tenor.Bullish, themes: "rates"}
	calmer  = said{speaker: "Ines Okafor", firm: "Tallow Bank", words: "the rally has a little further to run", stance: tenor.Neutral, themes: "rates"}
	brandt  = said{speaker: "Uwe Brandt", firm: "Quill Research", words: "zugzwang is what small caps are in", stance: tenor.Fragile, themes: "valuation"}
	newcome = said{speaker: "Mara Ost", words: "we sold everything", stance: tenor.Fragile}
)

// Relevance as of a day ranks what stood then, in pages too.
func TestRelevanceOfPastQuotes(t *testing.T) {
	s := newStore(t)
	visit(t, s, "2026-03-01", "Small caps jump", "2026-02-20", okafor, brandt)
	visit(t, s, "2026-03-05", "Small caps stumble", "2026-02-20", calmer, newcome)
	f := asOf(t, "2026-03-02")
	f.Query, f.Sort = "caps", tenor.SortRelevance
	var got []tenor.Record
	for cursor := ""; ; {
		res := must[tenor.Results](t)(s.Search(t.Context(), f, cursor, 1))
		if res.Unsorted || res.Total != 2 {
			t.Fatalf("%d quotes, unsorted %v", res.Total, res.Unsorted)
		}
		got = append(got, res.Records...)
		if cursor = res.Next; cursor == "" {
			break
		}
	}
	if len(got) != 2 || got[0].Speaker != brandt.speaker || got[1].Speaker != okafor.speaker || got[0].Title != "Small caps jump" {
		t.Errorf("got %q, want Brandt, who says caps, before Okafor", ids(got))
	}
}

// Quotes that a publisher took back or reworded are no longer counted, and an earlier
// day still sees what stood then: words, themes, speakers, titles and totals.
func TestChangedArticleKeepsBothWordings(t *testing.T) {
	s := newStore(t)
	id := visit(t, s, "2026-03-01", "Small caps jump", "2026-02-20", okafor, brandt)
	before := ids(drain(t, s.Records(t.Context(), asOf(t, "2026-03-02"))))
	series := must[*tenor.Timeline](t)(s.Timeline(t.Context(), asOf(t, "2026-03-02"))).Points
	if got := visit(t, s, "2026-03-05", "Small caps stumble", "2026-02-20", calmer, newcome); got != id {
		t.Fatalf("row %d, was %d", got, id)
	}
	checkIndex(t, s)
	now := ids(drain(t, s.Records(t.Context(), tenor.Filter{})))
	if want := []string{"Ines Okafor: " + calmer.words, "Mara Ost: " + newcome.words}; !slices.Equal(now, want) {
		t.Errorf("now: %q", now)
	}
	if got := ids(drain(t, s.Records(t.Context(), asOf(t, "2026-03-02")))); !slices.Equal(got, before) || len(got) != 2 {
		t.Errorf("as of the day after the first visit: %q, was %q", got, before)
	}
	if got := must[*tenor.Timeline](t)(s.Timeline(t.Context(), asOf(t, "2026-03-02"))).Points; !slices.Equal(got, series) {
		t.Error("the series as of an earlier day has changed")
	}
	if got := ids(drain(t, s.Records(t.Context(), asOf(t, "2026-03-06")))); !slices.Equal(got, now) {
		t.Errorf("as of today: %q", got)
	}
	for name, f := range map[string]tenor.Filter{
		"words": {Query: "zugzwang"}, "title": {Query: "jump", Analysts: []string{"Uwe Brandt"}}, "theme": {Themes: []tenor.Theme{"valuation"}},
		"analyst": {Analysts: []string{"Uwe Brandt"}}, "firm": {Firms: []string{"Quill Research"}}, "all words but": {Query: "-rally"},
	} {
		if got := must[tenor.Results](t)(s.Search(t.Context(), f, "", 0)); name != "all words but" && got.Total != 0 {
			t.Errorf("%s finds what is gone: %q", name, ids(got.Records))
		}
		f.AsOf = asOf(t, "2026-03-02").AsOf
		got := must[tenor.Results](t)(s.Search(t.Context(), f, "", 0))
		if got.Total != 1 || len(got.Records) != 1 || got.Records[0].Speaker != "Uwe Brandt" || got.Records[0].Title != "Small caps jump" || got.Records[0].Version != 1 {
			t.Errorf("as of then %s finds %d: %+v", name, got.Total, got.Records)
		}
	}
	if totals := must[tenor.Totals](t)(s.Totals(t.Context())); totals.Quotes != 2 || totals.People != 2 || totals.Firms != 1 {
		t.Errorf("totals %+v", totals)
	}
	if names := must[[]string](t)(s.Values(t.Context(), "analyst", 0)); slices.Contains(names, "Uwe Brandt") {
		t.Errorf("%q are offered", names)
	}

	versions := must[[]tenor.Version](t)(s.Versions(t.Context(), id))
	if len(versions) != 2 || versions[0].Number != 1 || versions[1].Number != 2 || versions[0].Title != "Small caps jump" ||
		!strings.Contains(versions[0].Text, brandt.words) || !versions[0].Until.Equal(versions[1].KnownAt) || versions[0].Tagger != "test-1" {
		t.Fatalf("%+v", versions)
	}
	c := tenor.Compare(&versions[0], &versions[1])
	if len(c.Reworded) != 1 || c.Reworded[0][1].Stance != tenor.Neutral || len(c.Gone) != 1 || c.Gone[0].Speaker != "Uwe Brandt" ||
		len(c.New) != 1 || c.New[0].Speaker != "Mara Ost" || c.Title == nil || len(c.Paragraphs) == 0 {
		t.Errorf("%+v", c)
	}
	gone := c.Gone[0]
	if got := gone.Segments(versions[0].Text); got[0] != brandt.words {
		t.Errorf("its words are %q", got)
	}
	r := must[tenor.Record](t)(s.Record(t.Context(), gone.ID))
	if r.Version != 1 || r.Until.IsZero() || r.Text() != brandt.words {
		t.Errorf("the quote that is gone: %+v", r)
	}
	var page int
	if err := s.read.QueryRow(`SELECT count(*) FROM versions WHERE page IS NOT NULL AND page_sha256 <> ''`).Scan(&page); err != nil || page != 1 {
		t.Errorf("%d pages of earlier versions (%v)", page, err)
	}
}

// An as-of series never changes, whatever happens to an article later: quotes come
// back, go again, change their labels, and the article its date.
func TestAsOfNeverChanges(t *testing.T) {
	s := newStore(t)
	bearish := okafor
	bearish.stance = tenor.Fragile
	spaced := bearish
	spaced.words = strings.ReplaceAll(bearish.words, " ", "  ")
	visits := []struct {
		published string
		quotes    []said
	}{
		{"2026-02-20", []said{okafor, brandt}}, {"2026-02-20", []said{brandt}}, {"2026-02-20", []said{okafor, newcome}},
		{"2026-02-20", []said{bearish}}, {"2026-02-25", []said{bearish, brandt}}, {"2026-02-25", []said{spaced, brandt}}, {"2026-02-25", []said{bearish}},
	}
	seen := map[string]string{}
	look := func(day string) string {
		var lines []string
		for _, r := range drain(t, s.Records(t.Context(), asOf(t, day))) {
			lines = append(lines, r.Speaker+" "+string(r.Stance)+" "+r.Published.String())
		}
		slices.Sort(lines)
		var b strings.Builder
		b.WriteString(strings.Join(lines, "\n") + "\n")
		p := must[*tenor.Timeline](t)(s.Timeline(t.Context(), asOf(t, day)))
		for _, p := range p.Points {
			b.WriteString(p.Day.String() + " " + string(rune('0'+p.Bullish)) + string(rune('0'+p.Fragile)) + "\n")
		}
		return b.String()
	}
	for i, v := range visits {
		day := time.Date(2026, 3, 1+2*i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		visit(t, s, day, "Caps "+day, v.published, v.quotes...)
		checkIndex(t, s)
		seen[day] = look(day)
		for then, was := range seen {
			if got := look(then); got != was {
				t.Fatalf("after the visit of %s, as of %s:\n%s\nwas:\n%s", day, then, got, was)
			}
		}
	}
	if n := len(must[[]tenor.Version](t)(s.Versions(t.Context(), 1))); n != len(visits) {
		t.Errorf("%d versions", n)
	}
}

// White space is no change of an article: no version, and its quotes keep when they
// became known and what people said of them.
func TestWhiteSpaceIsNoVersion(t *testing.T) {
	s := newStore(t)
	id := visit(t, s, "2026-03-01", "Small caps jump", "2026-02-20", okafor)
	was := drain(t, s.Records(t.Context(), tenor.Filter{}))[0]
	execFile(t, s.path, `INSERT INTO labels (quote_id, field, value, who, at) VALUES ('`+was.ID+`', 'stance', 'neutral', 'nell', 1)`)
	spaced := okafor
	spaced.words = strings.Replace(okafor.words, " ", "  ", 1)
	visit(t, s, "2026-03-05", "Small  caps jump", "2026-02-20", spaced)
	got := drain(t, s.Records(t.Context(), tenor.Filter{}))
	if len(got) != 1 || !got[0].KnownAt.Equal(was.KnownAt) || got[0].ID == was.ID || got[0].Cluster != got[0].ID || got[0].LabelSource != tenor.LabelHuman {
		t.Errorf("%+v", got)
	}
	if n := len(must[[]tenor.Version](t)(s.Versions(t.Context(), id))); n != 1 {
		t.Errorf("%d versions", n)
	}
	checkIndex(t, s)
}

// An archive may hold what a page said before it was collected: that is an earlier
// version and changes nothing of today, in whatever order and however often it is read.
func TestOlderCapturesAreEarlierVersions(t *testing.T) {
	s := newStore(t)
	id := visit(t, s, "2026-03-05", "Now", "2026-02-20", okafor)
	visit(t, s, "2026-03-09", "Later", "2026-02-20", calmer)
	before := dump(t, s)
	capture := func(day, title string, quotes ...said) {
		t.Helper()
		a, list := newArticle(t, "https://ledger.example/caps", "The Ledger", title, "2026-02-20", quotes...)
		a.KnownAt = known.AddDate(0, 1, 0)
		page := &tenor.Page{URL: a.URL, Status: 200, Body: []byte(a.Text), FetchedAt: must[time.Time](t)(time.Parse(time.DateOnly, day))}
		if got, err := s.SaveArticle(t.Context(), a, page, list, "test-1", "archive"); err != nil || got != id {
			t.Fatal(got, err)
		}
	}
	for range 2 {
		capture("2026-02-25", "Second", brandt, newcome)
		capture("2026-02-21", "First", brandt)
		capture("2026-03-07", "Between", brandt)
		capture("2026-03-08", "Later", calmer) // the words of today, a day earlier
	}
	var titles []string
	for _, v := range must[[]tenor.Version](t)(s.Versions(t.Context(), id)) {
		titles = append(titles, v.Title+" "+v.Seen().Format(time.DateOnly))
	}
	if want := []string{"First 2026-02-21", "Second 2026-02-25", "Now 2026-03-05", "Between 2026-03-07", "Later 2026-03-09"}; !slices.Equal(titles, want) {
		t.Errorf("versions %q", titles)
	}
	execFile(t, s.path, `DELETE FROM sources WHERE name = 'archive'`)
	if got := dump(t, s); got != before {
		t.Errorf("now:\n%s\nbefore:\n%s", got, before)
	}
	if r := drain(t, s.Records(t.Context(), asOf(t, "2026-03-06"))); len(r) != 1 || r[0].Version != 3 {
		t.Errorf("as of the first visit: %+v", r)
	}
	checkIndex(t, s)
}

// What is read of a quote can be read of a past one.
func TestPastQuotesHaveTheColumnsOfQuotes(t *testing.T) {
	s := newStore(t)
	sel := must[selection](t)(selectQuotes(asOf(t, "2026-03-01")))
	query, args := sel.query(recordColumns, true)
	rows, err := s.read.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	rows.Close()
}

func TestEveryQuoteOfADayOfClockChangeIsOnOneDay(t *testing.T) {
	s := newStore(t)
	n, okafor := 0, okafor
	for _, day := range []string{"2025-03-09", "2025-11-02"} {
		noon := must[time.Time](t)(time.ParseInLocation("2006-01-02 15:04", day+" 12:00", tenor.Market))
		for at := noon.Add(-18 * time.Hour); at.Before(noon.Add(18 * time.Hour)); at = at.Add(30 * time.Minute) {
			for _, zone := range []*time.Location{time.UTC, time.FixedZone("", 9*3600)} {
				n++
				okafor.words = fmt.Sprintf("clock %d", n) // copies are not the point, and slow
				a, quotes := newArticle(t, "https://ledger.example/"+at.Format(time.RFC3339)+zone.String()+at.In(zone).Format("Z07:00"), "The Ledger", "Clocks", at.In(zone).Format(time.RFC3339), okafor)
				save(t, s, a, quotes)
			}
		}
	}
	sum := 0
	for _, first := range []string{"2025-03-08", "2025-11-01"} {
		d := must[tenor.Day](t)(tenor.ParseDay(first))
		for i := range tenor.Day(3) {
			day := d + i
			for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{From: &day, To: &day})) {
				sum++
				if got := r.Published.Time.In(tenor.Market).Format(time.DateOnly); got != day.String() {
					t.Errorf("%s is listed on %s", r.Published, day)
				}
			}
		}
	}
	if sum != n {
		t.Errorf("%d quotes on the days, %d stored", sum, n)
	}
}
