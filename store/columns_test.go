package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tenor"
	"tenor/internal/race"
)

// openResident is a store whose columns are read.
func openResident(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{ReadOnly: true, Resident: true, Now: func() time.Time { return known }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.resident.series.mu.Lock()
	s.resident.series.long = time.Hour // however slow the machine, nothing old is shown
	s.resident.series.mu.Unlock()
	s.resident.readers.Wait()
	return s
}

// randomFilter asks for some of what a paper has.
func randomFilter(r *rand.Rand, p *paper) tenor.Filter {
	var f tenor.Filter
	some := func(n int) bool { return r.IntN(n) == 0 }
	if some(2) {
		f.Query = []string{"market", "market rates", `"small caps"`, "-market", "market -rates", "rat*", "Okafor", "capital market", "refinery", "&", "S&P", "number"}[r.IntN(12)]
	}
	if f.Query != "" && some(3) {
		f.Sort = tenor.SortRelevance
	}
	if some(4) {
		f.Analysts = []string{p.people[r.IntN(len(p.people)/4)].speaker, "Nobody"}
	}
	if some(4) {
		f.Firms = []string{p.people[r.IntN(8)].firm}
	}
	if some(5) {
		f.Outlets = []string{fmt.Sprintf("OUTLET %d", r.IntN(60)), "Outlet 1"}
	}
	if some(3) {
		f.Stances = tenor.Stances()[r.IntN(2):]
	}
	if some(3) {
		f.Themes = tenor.Themes()[:1+r.IntN(3)]
	}
	if some(3) {
		f.Subjects = tenor.Subjects()[:1+r.IntN(3)]
	}
	if some(6) {
		f.Kinds = tenor.Kinds()[:1]
	}
	if some(5) {
		f.SpeakerTypes = []tenor.SpeakerType{tenor.Analyst, tenor.Institution}[:1+r.IntN(2)]
	}
	day := func() *tenor.Day {
		d := tenor.DayOf(time.Date(2016, 1, 1+r.IntN(3700), 0, 0, 0, 0, time.UTC))
		return &d
	}
	if some(4) {
		f.From = day()
	}
	if some(4) {
		f.To = day()
	}
	if some(8) {
		f.AsOf = day()
	}
	f.Count = []tenor.Count{"", tenor.CountQuotes, tenor.CountArticles}[r.IntN(3)]
	f.Window = []int{0, 30, 180}[r.IntN(3)]
	return f
}

// checkSame fails when the store with columns and the one without answer otherwise:
// pages, totals, facets, series, the views behind them.
func checkSame(t *testing.T, fast, plain *Store, f tenor.Filter) {
	t.Helper()
	total := 0
	for cursor := ""; ; {
		want, err := plain.Search(t.Context(), f, cursor, 300)
		if err != nil {
			t.Fatal(err)
		}
		got := must[tenor.Results](t)(fast.Search(t.Context(), f, cursor, 300))
		if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
			t.Fatalf("%v after %q:\n got %d of %d, %v\nwant %d of %d, %v", f.Values(), cursor, len(got.Records), got.Total, got.Facets, len(want.Records), want.Total, want.Facets)
		}
		if total += len(got.Records); got.Next == "" {
			if total != got.Total {
				t.Fatalf("%v: counted %d, listed %d", f.Values(), got.Total, total)
			}
			break
		}
		cursor = got.Next
	}
	streamed := 0
	for _, err := range fast.Records(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		streamed++
	}
	if streamed != total {
		t.Fatalf("%v: counted %d, streamed %d", f.Values(), total, streamed)
	}
	for _, limit := range []int{3, 60} {
		if g, w := must[[]tenor.Record](t)(fast.Latest(t.Context(), f, limit)), must[[]tenor.Record](t)(plain.Latest(t.Context(), f, limit)); fmt.Sprintf("%+v", g) != fmt.Sprintf("%+v", w) {
			t.Fatalf("%v: the latest differ: %d and %d", f.Values(), len(g), len(w))
		}
	}
	want := must[*tenor.Timeline](t)(plain.Timeline(t.Context(), f))
	got := must[*tenor.Timeline](t)(fast.Timeline(t.Context(), f))
	if !slices.Equal(got.Points, want.Points) || got.Undated != want.Undated {
		t.Fatalf("%v: the series differ: %d points and %d", f.Values(), len(got.Points), len(want.Points))
	}
	views := got.Views()
	if err := fast.Fill(t.Context(), views); err != nil {
		t.Fatal(err)
	}
	if g, w := written(views), written(want.Views()); g != w {
		t.Fatalf("%v: the views differ:\n got %.3000s\nwant %.3000s", f.Values(), g, w)
	}
}

// written is all that views say.
func written(views []tenor.View) string {
	var b strings.Builder
	for _, v := range views {
		quote, quotes := *v.Quote, v.Quotes
		v.Quote, v.Quotes = nil, nil
		fmt.Fprintf(&b, "%+v %+v", v, quote)
		for _, q := range quotes {
			fmt.Fprintf(&b, " %+v", *q)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// checkSameProfiles fails when they answer otherwise of an outlet, a firm, a person, or of
// how the sources fare.
func checkSameProfiles(t *testing.T, fast, plain *Store, p *paper, r *rand.Rand) {
	t.Helper()
	copied := 0
	for i := range 12 / race.Nth(3) {
		outlet := fmt.Sprint("OUTLET ", []int{1, r.IntN(60)}[min(i, 1)])
		want := must[tenor.Copying](t)(plain.Copying(t.Context(), outlet))
		if got := must[tenor.Copying](t)(fast.Copying(t.Context(), outlet)); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("copies of %s:\n got %v\nwant %v", outlet, got, want)
		}
		copied += want.First + want.Copied
	}
	if copied == 0 {
		t.Error("nothing was copied in this store")
	}
	said := func(s *Store, f tenor.Filter) string {
		o := must[tenor.Outlook](t)(s.Outlook(t.Context(), f))
		var b strings.Builder
		fmt.Fprintln(&b, o.First, o.Last)
		view := func(v *tenor.View) {
			fmt.Fprint(&b, " ", v.Voice, v.Speaker, v.Stance, v.Split, v.Disputed, v.Published, v.Quote.ID)
		}
		for i := range o.Subjects {
			one := &o.Subjects[i]
			fmt.Fprint(&b, "\n", one.Subject, one.Tally, one.Number, one.Shared, one.Split)
			for k := range one.Lines {
				for j := range one.Lines[k].Views {
					view(&one.Lines[k].Views[j].View)
				}
			}
		}
		for i := range o.Turns {
			fmt.Fprint(&b, "\n", o.Turns[i].Subject, o.Turns[i].Silent)
			view(&o.Turns[i].Before)
			view(&o.Turns[i].After)
		}
		for _, one := range o.Disputes {
			fmt.Fprint(&b, "\n", one.Subject, one.From, one.To)
			for _, v := range slices.Concat(one.Bullish, one.Fragile) {
				view(&v)
			}
		}
		return b.String()
	}
	for i := range 8 {
		f := tenor.Filter{Firms: []string{p.people[r.IntN(8)].firm}}
		if i > 4 {
			f = tenor.Filter{Analysts: []string{p.people[r.IntN(len(p.people)/4)].speaker}}
		}
		if got, want := said(fast, f), said(plain, f); got != want {
			t.Fatalf("outlook of %v:\n got %.2000s\nwant %.2000s", f.Values(), got, want)
		}
	}
	want := must[[]tenor.SourceHealth](t)(plain.Sources(t.Context()))
	if got := must[[]tenor.SourceHealth](t)(fast.Sources(t.Context())); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Fatalf("sources:\n got %.2000v\nwant %.2000v", got, want)
	}
}

// Whatever is asked, columns and SQL give the same, and go on doing so while the store
// changes in every way.
func TestColumnsAnswerAsSQL(t *testing.T) {
	plain := newStore(t)
	p := newPaper(900)
	type story struct {
		a      *tenor.Article
		quotes []tenor.Quote
	}
	var stories []story
	p.ofQuotes(t, 900, func(a *tenor.Article, quotes []tenor.Quote) bool {
		stories = append(stories, story{a, quotes})
		return true
	})
	first := stories[:70]
	for _, i := range rand.New(rand.NewPCG(1, 1)).Perm(len(first)) {
		save(t, plain, first[i].a, first[i].quotes)
		if i%2 > 0 {
			continue
		}
		a, quotes := *first[i].a, slices.Clone(first[i].quotes) // copied by others, of another source or none
		a.URL, a.Outlet = a.URL+"/copied", fmt.Sprint("Outlet ", i%7)
		for j := range quotes {
			quotes[j].ID = tenor.QuoteID(a.Key(), quotes[j].Speaker, quotes[j].Segments(a.Text))
		}
		if i%5 == 0 {
			quotes = nil
		}
		if _, err := plain.SaveArticle(t.Context(), &a, nil, quotes, "test-1", []string{"wire", "", "ledger"}[i%3]); err != nil {
			t.Fatal(err)
		}
	}
	fast := openResident(t, plain.path)
	r := rand.New(rand.NewPCG(5, 5))
	check := func() {
		t.Helper()
		checkSame(t, fast, plain, tenor.Filter{})
		for range 8 / race.Nth(2) {
			checkSame(t, fast, plain, randomFilter(r, p))
		}
		checkSameProfiles(t, fast, plain, p, r)
		tx, c, err := fast.begin(t.Context())
		if err != nil || c == nil {
			t.Fatalf("there are no columns: %v", err)
		}
		tx.Rollback()
	}
	check()
	fast.resident.found.from = 1 // words are looked for on two connections
	for _, st := range stories[70:] {
		save(t, plain, st.a, st.quotes)
	}
	check()
	for i, st := range stories[:30] { // other dates, outlets, fewer quotes, other names
		a := *st.a
		a.Outlet = "OUTLET 1"
		a.Published = tenor.Date{}
		if i%3 > 0 {
			a.Published = stories[(i*7)%len(stories)].a.Published
		}
		quotes := slices.Clone(st.quotes[:len(st.quotes)-1])
		quotes[0].Speaker = "Dr. " + quotes[0].Speaker
		quotes[0].ID = tenor.QuoteID(a.Key(), quotes[0].Speaker, quotes[0].Segments(a.Text))
		save(t, plain, &a, quotes)
	}
	check()
	for i, st := range stories[30:50] { // reworded, so that versions are kept and quotes are past
		other := stories[60+i]
		a := *other.a
		a.URL, a.KnownAt = st.a.URL, st.a.KnownAt.AddDate(0, 2, 0)
		quotes := slices.Clone(other.quotes)
		for j := range quotes {
			quotes[j].ID = tenor.QuoteID(a.Key(), quotes[j].Speaker, quotes[j].Segments(a.Text))
		}
		save(t, plain, &a, quotes)
	}
	check()
	for range 8 { // as of days that see them
		f := randomFilter(r, p)
		day := tenor.DayOf(stories[30].a.KnownAt) + tenor.Day(r.IntN(300))
		f.AsOf = &day
		checkSame(t, fast, plain, f)
	}
	why := Reason{Who: "ed", Why: "known"}
	must[int64](t)(plain.MergePeople(t.Context(), []string{p.people[0].speaker}, p.people[1].speaker, why))
	check()
	must[int64](t)(plain.RenamePerson(t.Context(), p.people[1].speaker, "Given Name", why))
	check()
	checkSame(t, fast, plain, tenor.Filter{Analysts: []string{"given name"}})
	must[tenor.Decision](t)(plain.UndoPeople(t.Context(), 2, why))
	must[tenor.Decision](t)(plain.UndoPeople(t.Context(), 1, why))
	check()
	id := stories[55].quotes[0].ID
	for _, c := range []tenor.Label{{Field: tenor.FieldSpeaker, Value: "Odile Corrected"}, {Field: tenor.FieldStance, Value: "fragile"}, {Field: tenor.FieldQuote, Value: tenor.NotAQuote}} {
		if err := plain.Label(t.Context(), id, c.Field, c.Value, "ed"); err != nil {
			t.Fatal(err)
		}
		check()
	}
	for _, change := range []string{
		`INSERT INTO labels (quote_id, field, value, who, at) VALUES ('` + id + `', 'stance', 'bullish', 'ed', 1), ('` + id + `', 'themes', 'rates|credit', 'ed', 1)`,
		`DELETE FROM labels`,
		`UPDATE people SET name = 'Somebody Else' WHERE id = (SELECT person_id FROM quotes WHERE id = '` + id + `')`,
		`UPDATE firms SET name = 'Another House' WHERE id = 1`,
		`UPDATE quotes SET person_id = (SELECT min(id) FROM people) WHERE person_id = (SELECT max(person_id) FROM quotes)`,
		`UPDATE articles SET source = 'wire' WHERE id % 7 = 0`,
		`UPDATE articles SET known_at = known_at - 200000, source = '' WHERE id % 11 = 0`,
		`DELETE FROM articles WHERE id % 5 = 0`,
	} {
		if _, err := plain.write.Exec(change); err != nil {
			t.Fatal(err)
		}
		check()
	}
}

// Who falls too far behind reads all anew, and SQL answers meanwhile.
func TestColumnsFarBehind(t *testing.T) {
	plain := newsroom(t)
	fast := openResident(t, plain.path)
	if _, err := plain.write.Exec(`WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < 30000)
		INSERT INTO changes (seq) SELECT 1 FROM many`); err != nil {
		t.Fatal(err)
	}
	checkSame(t, fast, plain, tenor.Filter{Query: "tariff"})
	fast.resident.readers.Wait()
	checkSame(t, fast, plain, tenor.Filter{Query: "tariff"})
	if _, c, err := fast.begin(t.Context()); err != nil || c == nil {
		t.Errorf("the columns are not read again (%v)", err)
	}
}

// A damaged quote is in no count from memory: SQL answers, which says what is wrong.
func TestNoColumnsOfDamage(t *testing.T) {
	plain := newsroom(t)
	fast := openResident(t, plain.path)
	if _, err := plain.write.Exec(`UPDATE quotes SET speaker = 'Somebody Else' WHERE seq = (SELECT min(seq) FROM quotes WHERE speaker_type = 'analyst')`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := fast.Timeline(t.Context(), tenor.Filter{}); !isDamage(err) {
			t.Errorf("the series has a damaged quote in it (%v)", err)
		}
		fast.resident.readers.Wait()
	}
}

// While articles come readers with columns get answers, each of one state.
func TestColumnsWhileWriting(t *testing.T) {
	plain := newStore(t)
	fast := openResident(t, plain.path)
	done := make(chan struct{})
	go func() {
		defer close(done)
		newPaper(600).ofQuotes(t, 600, func(a *tenor.Article, quotes []tenor.Quote) bool {
			_, err := plain.SaveArticle(context.Background(), a, nil, quotes, "test-1", "")
			return err == nil
		})
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		res := must[tenor.Results](t)(fast.Search(t.Context(), tenor.Filter{Query: "market"}, "", 500))
		if res.Next == "" && res.Total != len(res.Records) {
			t.Fatalf("counted %d, listed %d", res.Total, len(res.Records))
		}
	}
	checkSame(t, fast, plain, tenor.Filter{})
}

// What is written of the places of a quote is read again, whatever the words.
func FuzzPlaces(f *testing.F) {
	f.Add("stance:bullish", `a "word" \ and <tag>`, 3, 9)
	f.Add("", "\x00\u2028é🚀", 0, 0)
	f.Fuzz(func(t *testing.T, tag, words string, from, to int) {
		if !utf8.ValidString(tag) || !utf8.ValidString(words) || from < 0 || to < 0 {
			t.Skip() // no tagger gives such, and JSON has them not
		}
		q := tenor.Quote{Spans: []tenor.Span{{from, to}, {to, from}}, Evidence: []tenor.Evidence{{Tag: tag, Span: tenor.Span{from, to}, Text: words}, {Tag: tag}}}
		spans, evidence, err := encodePlaces(&q, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got tenor.Quote
		if err := decodePlaces(&got, spans, evidence); err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", q) {
			t.Errorf("%+v became %+v (%v)", q, got, err)
		}
		for cut := range len(evidence) {
			if decodePlaces(&got, spans, evidence[:cut]) == nil {
				t.Errorf("%q was read", evidence[:cut])
			}
		}
	})
}
