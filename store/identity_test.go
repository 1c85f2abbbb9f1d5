package store

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"tenor"
)

// someStories are invented articles by people whose names meet.
func someStories(r *rand.Rand) [][]said {
	speakers := []string{"Mike Marsh", "Michael Marsh", "M. Marsh", "Mary Marsh", "Marsh", "MIKE MARSH", "Dora Hallowith", "Dora Halloweth", "Hallowith", "Dr. Dora A. Hallowith", "Chris Marsh", "Quill Capital"}
	firms := []string{"", "Quill", "Quill Capital LLC", "Reed Bank"}
	if r.IntN(3) == 0 { // full names at firms alone: of these more is remembered
		speakers, firms = []string{"Mike Marsh", "Michael Marsh", "Mary Marsh", "Dora Hallowith", "Dora Halloweth", "Chris Marsh"}, firms[1:]
	}
	stories := make([][]said, 4+r.IntN(8))
	for i := range stories {
		for range 1 + r.IntN(2) {
			q := said{
				speaker: speakers[r.IntN(len(speakers))], firm: firms[r.IntN(len(firms))],
				words: retold[r.IntN(2)][r.IntN(2)], subject: []tenor.Subject{"bonds", "gold"}[r.IntN(2)],
			}
			if q.speaker == "Quill Capital" {
				q.as, q.firm = tenor.Institution, ""
			}
			stories[i] = append(stories[i], q)
		}
	}
	return stories
}

// whose is who said what, under no names that depend on the order of collection.
func whose(records []tenor.Record) string {
	people := map[string][]string{}
	for _, r := range records {
		people[r.Voice] = append(people[r.Voice], fmt.Sprintf("%s(%s ×%d)", r.ID, r.Cluster, r.Copies))
	}
	var list []string
	for _, quotes := range people {
		sort.Strings(quotes)
		list = append(list, strings.Join(quotes, " "))
	}
	sort.Strings(list)
	return strings.Join(list, "\n")
}

// Whose quotes are depends on what is stored and not on how it came: in any order, with
// articles tagged otherwise and back, and as if all were looked at at once.
func TestIdentityDoesNotDependOnOrder(t *testing.T) {
	merged := 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 8))
		stories := someStories(r)
		var want, names string
		for trial := range 3 {
			s := newStore(t)
			put := func(i int, quotes []said) {
				a, list := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", fmt.Sprint("Caps ", i), fmt.Sprintf("20%d-03-%02d", 20+i%3, 1+i), quotes...)
				save(t, s, a, list)
			}
			for _, i := range r.Perm(len(stories)) {
				if trial > 0 && r.IntN(3) == 0 { // at first it was read wrongly
					put(i, someStories(r)[0])
				}
				put(i, stories[i])
			}
			records := drain(t, s.Records(t.Context(), tenor.Filter{}))
			got := whose(records)
			var spelled []string
			for _, p := range must[[]tenor.Person](t)(s.People(t.Context(), "", 0)) {
				spelled = append(spelled, fmt.Sprintf("%s ×%d", p.Name, p.Quotes))
			}
			slices.Sort(spelled)
			if want == "" {
				want, names = got, fmt.Sprint(spelled)
			}
			if got != want || fmt.Sprint(spelled) != names {
				t.Fatalf("seed %d, trial %d:\n%s\n%s\nwant\n%s\n%s", seed, trial, got, spelled, want, names)
			}
			if people := must[tenor.Totals](t)(s.Totals(t.Context())).People; people > len(spelled) {
				t.Errorf("%d people of %d have quotes", len(spelled), people)
			}
			all := slices.Clone(records)
			for i := range all {
				all[i].Voice = ""
			}
			tenor.JoinVoices(all, must[tenor.Decided](t)(s.Decided(t.Context())))
			tenor.FoldCopies(all)
			for i := range all { // institutions keep their names
				if all[i].Voice == "" {
					all[i].Voice = all[i].VoiceKey()
				}
			}
			if at := whose(all); at != got {
				t.Fatalf("seed %d: one by one\n%s\nall at once\n%s", seed, got, at)
			}
			spellings := map[string]map[string]bool{}
			for _, r := range records {
				if spellings[r.Voice] == nil {
					spellings[r.Voice] = map[string]bool{}
				}
				spellings[r.Voice][r.VoiceKey()] = true
			}
			for _, keys := range spellings {
				if len(keys) > 1 {
					merged++
				}
			}
			checkIndex(t, s)
			s.Close()
		}
	}
	if merged < 20 {
		t.Errorf("only %d people had names to join", merged)
	}
}

// An article that comes twice in one transaction is one all the same: its names meet those
// that are like them.
func TestNamesOfAnArticleThatComesTwiceAtOnce(t *testing.T) {
	s := newStore(t)
	put(t, s, 1, "2025-03-01", said{speaker: "Mike Marsh", firm: "Quill", words: "one"})
	busy, free := make(chan struct{}), make(chan struct{})
	var writers sync.WaitGroup
	writers.Go(func() {
		if err := s.together(t.Context(), func(*batch) error { close(busy); <-free; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-busy
	for range 2 {
		writers.Go(func() { put(t, s, 2, "2025-03-02", said{speaker: "Michael Marsh", firm: "Quill", words: "two"}) })
	}
	for waiting := 0; waiting < 2; {
		s.group.mu.Lock()
		waiting = len(s.group.waiting)
		s.group.mu.Unlock()
		runtime.Gosched()
	}
	close(free)
	writers.Wait()
	if n := must[tenor.Totals](t)(s.Totals(t.Context())).People; n != 1 {
		t.Errorf("%d people, want 1", n)
	}
}

// A name heard of by turns at two firms is two people's however the articles came in, and
// with years between them.
func TestHomonymsDoNotDependOnOrder(t *testing.T) {
	split := 0
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		type story struct {
			day string
			said
		}
		var stories []story
		for i := range 14 + r.IntN(10) {
			q := said{speaker: "Dora Hallowith", firm: "Quill Capital", subject: "bonds", words: fmt.Sprint("words ", i)}
			if r.IntN(2) == 0 {
				q.firm, q.subject = "Reed Bank", "gold"
			}
			if r.IntN(12) == 0 {
				q.subject = "stocks"
			}
			if r.IntN(5) == 0 { // it goes where it fits best
				q.firm = ""
			}
			stories = append(stories, story{fmt.Sprintf("20%02d-%02d-11", 10+r.IntN(15), 1+r.IntN(12)), q})
		}
		s := newStore(t)
		for _, i := range r.Perm(len(stories)) {
			put(t, s, i, stories[i].day, stories[i].said)
		}
		records := drain(t, s.Records(t.Context(), tenor.Filter{}))
		got := whose(records)
		for i := range records {
			records[i].Voice = ""
		}
		tenor.JoinVoices(records, must[tenor.Decided](t)(s.Decided(t.Context())))
		if want := whose(records); got != want {
			t.Errorf("seed %d: one by one\n%s\nall at once\n%s", seed, got, want)
		}
		split += strings.Count(got, "\n")
		s.Close()
	}
	if split < 5 {
		t.Errorf("only %d names were split", split)
	}
}

// tables are the rows that a decision must put back, byte for byte.
func tables(t *testing.T, s *Store) string {
	t.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT * FROM quotes ORDER BY seq`, `SELECT * FROM aliases ORDER BY key, firm, spelling`, `SELECT * FROM sightings ORDER BY key, firm, year, subject`,
		`SELECT * FROM people_fixed ORDER BY key, firm`, `SELECT id, name, institution, given, given_fold FROM people p WHERE EXISTS (SELECT 1 FROM quotes WHERE person_id = p.id) ORDER BY id`,
	} {
		rows, err := s.read.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(any)
			}
			if err := rows.Scan(row...); err != nil {
				t.Fatal(err)
			}
			for _, v := range row {
				fmt.Fprintf(&b, "%v|", *v.(*any))
			}
			b.WriteByte('\n')
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// Decisions at random, all taken back: every row is as it was.
func TestUndoPutsEveryQuoteBack(t *testing.T) {
	why := Reason{"nell", "a test"}
	decided := 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 9))
		s := newStore(t)
		for i, quotes := range someStories(r) {
			a, list := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", fmt.Sprint("Caps ", i), fmt.Sprintf("20%d-03-%02d", 20+i%3, 1+i), quotes...)
			save(t, s, a, list)
		}
		var states []string
		for range 6 {
			before := tables(t, s)
			people := must[[]tenor.Person](t)(s.People(t.Context(), "", 0))
			someone := func() string { return fmt.Sprint("#", people[r.IntN(len(people))].ID) }
			var err error
			who := someone()
			switch r.IntN(3) {
			case 0:
				_, err = s.MergePeople(t.Context(), []string{who}, someone(), why)
			case 1:
				p := must[tenor.Person](t)(s.Person(t.Context(), who))
				n := p.Spellings[r.IntN(len(p.Spellings))]
				_, err = s.SplitPerson(t.Context(), who, []string{n.Name + "@" + n.Firm}, why)
			case 2:
				_, err = s.RenamePerson(t.Context(), who, fmt.Sprint("Person ", r.IntN(100)), why)
			}
			if err != nil { // with themselves, all of them: nothing changed
				if after := tables(t, s); after != before {
					t.Fatalf("seed %d: %v, and yet\n%s\nis\n%s", seed, err, before, after)
				}
				continue
			}
			decided++
			states = append(states, before)
		}
		for i := len(states) - 1; i >= 0; i-- {
			d, err := s.UndoPeople(t.Context(), 0, why)
			if err != nil {
				t.Fatal(err)
			}
			if after := tables(t, s); after != states[i] {
				t.Fatalf("seed %d: %s %s undone, and\n%s\nis\n%s", seed, d.Action, d.What, states[i], after)
			}
		}
		checkIndex(t, s)
		s.Close()
	}
	if decided < 50 {
		t.Errorf("only %d decisions were made", decided)
	}
}

// mapped are the people of a store as "name: spellings".
func mapped(t *testing.T, s *Store) string {
	t.Helper()
	var list []string
	for _, p := range must[[]tenor.Person](t)(s.People(t.Context(), "", 0)) {
		p = must[tenor.Person](t)(s.Person(t.Context(), fmt.Sprint("#", p.ID)))
		var names []string
		for _, n := range p.Spellings {
			names = append(names, fmt.Sprintf("%s@%s×%d", n.Name, n.Firm, n.Quotes))
		}
		slices.Sort(names)
		list = append(list, p.Name+": "+strings.Join(names, ", "))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// What somebody decided holds when articles are tagged again, gone and collected again,
// and for names that are new.
func TestDecisionsSurviveCollection(t *testing.T) {
	why := Reason{"nell", "she married"}
	s := newStore(t)
	stories := [][]said{
		{{speaker: "Ada Quill", firm: "Halden Research", words: retold[0][0]}},
		{{speaker: "Ada Brandt", firm: "Halden Research", words: retold[0][1]}},
		{{speaker: "Bo Reed", firm: "Reed Bank", words: "one"}},
		{{speaker: "Bo Reed", firm: "Harbor Fund", words: "another"}},
	}
	put := func(i int) int64 {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", fmt.Sprint("Caps ", i), fmt.Sprintf("2025-09-1%d", i), stories[i]...)
		return save(t, s, a, quotes)
	}
	for i := range stories {
		put(i)
	}
	must[int64](t)(s.MergePeople(t.Context(), []string{"Ada Quill"}, "Ada Brandt", why))
	must[int64](t)(s.SplitPerson(t.Context(), "Bo Reed", []string{"@Harbor Fund"}, why))
	must[int64](t)(s.RenamePerson(t.Context(), "Bo Reed@Harbor Fund", "Bo Reed junior", why))
	want := "Ada Brandt: Ada Brandt@Halden Research×1, Ada Quill@Halden Research×1\nBo Reed junior: Bo Reed@Harbor Fund×1\nBo Reed: Bo Reed@Reed Bank×1"
	if got := mapped(t, s); got != want {
		t.Fatalf("decided:\n%s\nwant\n%s", got, want)
	}
	for _, r := range drain(t, s.Records(t.Context(), tenor.Filter{Analysts: []string{"Ada Quill"}})) {
		if r.Copies != 2 {
			t.Errorf("%s: one voice said it, in %d reports, want 2", r.Speaker, r.Copies)
		}
	}
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{Analysts: []string{"bo reed JUNIOR"}}))); n != 1 {
		t.Errorf("%d quotes under the name that was given, want 1", n)
	}
	for i := range stories {
		if err := s.ReplaceQuotes(t.Context(), put(i), nil, "test-2"); err != nil {
			t.Fatal(err)
		}
	}
	if people := must[[]tenor.Person](t)(s.People(t.Context(), "", 0)); len(people) > 0 {
		t.Errorf("%d people without a quote are listed", len(people))
	}
	stories = append(stories, []said{{speaker: "Dr. Ada Quill", words: "with no firm"}, {speaker: "Bo Reed", firm: "Elsewhere", words: "third"}, {speaker: "A. Quill", firm: "Halden Research", words: "fourth"}})
	for i := range stories {
		put(i)
	}
	want = "Ada Brandt: A. Quill@Halden Research×1, Ada Brandt@Halden Research×1, Ada Quill@Halden Research×1, Dr. Ada Quill@×1\n" +
		"Bo Reed junior: Bo Reed@Harbor Fund×1\nBo Reed: Bo Reed@Elsewhere×1, Bo Reed@Reed Bank×1"
	if got := mapped(t, s); got != want {
		t.Errorf("collected again:\n%s\nwant\n%s", got, want)
	}
	log := must[[]tenor.Decision](t)(s.PeopleLog(t.Context(), 0))
	if len(log) != 3 || log[2].Action != "merge" || log[2].Who != "nell" || log[2].Why != "she married" || !log[2].At.Equal(known) {
		t.Errorf("ledger %+v", log)
	}
}

// The firm of a day stays with the quote, and the person has all of them with dates.
func TestAffiliations(t *testing.T) {
	s := newStore(t)
	for i, c := range []struct{ day, firm string }{{"2021-02-03", "Reed Bank"}, {"2023-05-06", "Halden Research"}, {"2021-11-12", "Reed Bank"}, {"2024-01-02", "Halden Research"}, {"", "Reed Bank"}} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "Caps", c.day, said{speaker: "Ada Quill", firm: c.firm, words: "one"})
		save(t, s, a, quotes)
	}
	p := must[tenor.Person](t)(s.Person(t.Context(), "ada quill"))
	var got []string
	for _, a := range p.Affiliations {
		got = append(got, fmt.Sprintf("%s %s–%s ×%d", a.Firm, a.First, a.Last, a.Quotes))
	}
	if want := []string{"Reed Bank 2021-02-03–2021-11-12 ×3", "Halden Research 2023-05-06–2024-01-02 ×2"}; !slices.Equal(got, want) {
		t.Errorf("affiliations %q, want %q", got, want)
	}
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{Analysts: []string{"Ada Quill"}, Firms: []string{"Reed Bank"}}))); n != 3 {
		t.Errorf("%d quotes from Reed Bank, want 3", n)
	}
}

// A wrong decision is one sentence, and changes nothing.
func TestWrongDecisions(t *testing.T) {
	s := newStore(t)
	for i, q := range []said{
		{speaker: "Mike Marsh", firm: "Quill Bank", words: "one"}, {speaker: "Michael Marsh", firm: "Quill Bank", words: "two"},
		{speaker: "Marsh", firm: "Reed Bank", words: "three"}, {speaker: "Marsh", firm: "Harbor Fund", words: "four"},
		{speaker: "Quill Bank", as: tenor.Institution, words: "five"},
	} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "Caps", "2025-09-10", q)
		save(t, s, a, quotes)
	}
	why := Reason{Who: "nell"}
	merge := func(from, into string) error {
		_, err := s.MergePeople(t.Context(), []string{from}, into, why)
		return err
	}
	split := func(name string, parts ...string) error {
		_, err := s.SplitPerson(t.Context(), name, parts, why)
		return err
	}
	undo := func(id int64) error {
		_, err := s.UndoPeople(t.Context(), id, why)
		return err
	}
	rename := func(name, to string) error {
		_, err := s.RenamePerson(t.Context(), name, to, why)
		return err
	}
	before := tables(t, s)
	for want, err := range map[string]error{
		"are one person here already": merge("Mike Marsh", "Michael Marsh"),
		`nobody here is called "Nell`: merge("Nell Marsh", "Mike Marsh"),
		`nobody here is called ""`:    merge("", "Mike Marsh"),
		`nobody here is called "#99"`: merge("#99", "Mike Marsh"),
		`"Marsh" may be Marsh #`:      merge("Marsh", "Mike Marsh"),
		"Quill Bank is a firm speaking for itself and Michael Marsh a person": merge("Quill Bank", "Mike Marsh"),
		"Quill Bank is a firm speaking for itself and Michael Marsh a pers":   merge("Mike Marsh", "Quill Bank"),
		"that is all of":            split("Mike Marsh", "Mike Marsh", "Michael Marsh"),
		"is no name of":             split("Mike Marsh", "Marsh@Reed Bank"),
		"there is nothing to undo":  undo(0),
		"the ledger has no entry 7": undo(7),
		"is called that already":    rename("Mike Marsh", "Michael Marsh"),
		"it has neither letter":     rename("Mike Marsh", " … "),
		"no text":                   rename("Mike Marsh", "a\x1b[31m"),
		"longer than":               rename("Mike Marsh", strings.Repeat("a", 600)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if after := tables(t, s); after != before {
		t.Errorf("something changed:\n%s", after)
	}
	if log := must[[]tenor.Decision](t)(s.PeopleLog(t.Context(), 0)); len(log) > 0 {
		t.Errorf("the ledger has %v", log)
	}
	// Undone out of order: what builds on a decision comes first.
	if err := merge("Marsh@Reed Bank", "Marsh@Harbor Fund"); err != nil {
		t.Fatal(err)
	}
	if err := merge("Marsh", "Mike Marsh"); err != nil {
		t.Fatal(err)
	}
	if err := undo(1); err == nil || !strings.Contains(err.Error(), "entry 2 (merge Marsh #3 into Michael Marsh #1) builds on it") &&
		!strings.Contains(err.Error(), "builds on it: undo that first") {
		t.Errorf("undone out of order: %v", err)
	}
	for _, id := range []int64{2, 1} {
		if err := undo(id); err != nil {
			t.Error(err)
		}
	}
	if err := undo(1); err == nil || !strings.Contains(err.Error(), "undone already") {
		t.Errorf("undone twice: %v", err)
	}
	if after := tables(t, s); after != before {
		t.Errorf("not as it was:\n%s", after)
	}
}

// A store from before there were sightings learns who its people are when it is opened.
func TestOlderStoresLearnWhoIsWho(t *testing.T) {
	s := newStore(t)
	for i, name := range []string{"Mike Marsh", "Michael Marsh", "Nell Reed"} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "Caps", fmt.Sprintf("2025-09-1%d", i), said{speaker: name, firm: "Quill Bank", words: "one thing"})
		save(t, s, a, quotes)
	}
	want := mapped(t, s)
	for _, change := range []string{
		`INSERT INTO people (id, name, institution) VALUES (77, 'Michael Marsh', 0)`, `UPDATE quotes SET person_id = 77 WHERE speaker = 'Michael Marsh'`,
		`DELETE FROM aliases`, `DELETE FROM heard`, `DELETE FROM heard_names`, `UPDATE firms SET key = 'the quill bank'`, `UPDATE articles SET outlet_key = 'the ledger'`,
	} {
		if _, err := s.write.Exec(change); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s = open(t, s.path)
	if got := mapped(t, s); got != want {
		t.Errorf("opened:\n%s\nwant\n%s", got, want)
	}
	if r := drain(t, s.Records(t.Context(), tenor.Filter{Analysts: []string{"Mike Marsh"}, Firms: []string{"Quill Bank"}, Outlets: []string{"Ledger"}})); len(r) != 2 || r[0].Copies != 2 {
		t.Errorf("%d quotes, want 2 of one utterance", len(r))
	}
}
