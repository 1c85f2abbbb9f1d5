package store

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
)

// A takedown leaves nothing behind: of no file in the folder does any byte hold words
// that only the article had, in its text, quotes, names, versions, pages or in what a
// feed said; and nothing collects it again until that is undone.
func TestForgetLeavesNoByte(t *testing.T) {
	s := newStore(t)
	address := "https://ledger.example/caps"
	feed := tenor.Fetch{URL: address, Source: "ledger", Kind: tenor.FetchPage, Depth: 1, Title: "Quokkas jump"}
	other := tenor.Fetch{URL: "https://ledger.example/other", Source: "ledger", Kind: tenor.FetchPage, Depth: 1, Title: "Other"}
	must[int](t)(s.Enqueue(t.Context(), feed, other))
	must[[]tenor.Fetch](t)(s.Next(t.Context(), 9))
	kept, keptQuotes := newArticle(t, other.URL, "The Ledger", "Other", "2026-02-20",
		said{speaker: "Ines Okafor", firm: "Tallow Bank", words: "banks are cheap"})
	save(t, s, kept, keptQuotes)
	save := func(words, title string) error {
		a, quotes := newArticle(t, address, "The Ledger", title, "2026-02-20",
			said{speaker: "Ines Xylander Okafor", firm: "Tallow Bank", words: words}, said{speaker: "Uwe Brzezinka", firm: "Zyzzyva Research", words: "plain words"})
		page := &tenor.Page{URL: address + "?amp=vexillology", Status: 200, Header: http.Header{"X-Note": {"haruspex"}}, Body: []byte(a.Text), FetchedAt: known}
		_, err := s.SaveArticle(t.Context(), a, page, quotes, "test-1", "ledger")
		return err
	}
	for i, words := range []string{"zugzwang is what small caps are in", "borborygmus is what small caps are in"} {
		if err := save(words, []string{"Quokkas jump", "Quokkas stumble"}[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 40 { // segments of the index, pages of the file
		a, quotes := newArticle(t, "https://ledger.example/more/"+strings.Repeat("x", i+1), "The Ledger", "More", "2026-02-21",
			said{speaker: "Ines Okafor", words: "zebras are cheap " + strings.Repeat("x", i)}, said{speaker: "Mara Ost", words: "and so are bonds"})
		if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "test-1", "ledger"); err != nil {
			t.Fatal(err)
		}
	}
	id := must[int64](t)(s.FindArticle(t.Context(), address))
	_, records, err := s.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	must[int64](t)(s.Correct(t.Context(), records[0].ID, []tenor.Label{{Field: "stance", Value: "neutral"}, {Field: "speaker", Value: "Zyzzyva Mnemosyne"}}, "mnemosyne", "a haruspex told me"))
	must[int64](t)(s.Correct(t.Context(), records[1].ID, []tenor.Label{{Field: "quote", Value: "no"}}, "mnemosyne", ""))

	// Stems too: the index keeps "zugzwang" and "vexillolog".
	rare := []string{"quokka", "zugzwang", "borborygm", "xylander", "brzezinka", "zyzzyva", "haruspex", "mnemosyne"}
	if found := grep(t, s.path, rare...); len(found) < 3 {
		t.Fatalf("before, only %q are found", found)
	}
	down := tenor.Takedown{Article: address, Reason: "the publisher asked"}
	h := must[tenor.Holding](t)(s.Holding(t.Context(), down))
	if h.Articles != 1 || h.Quotes != 1 || h.Versions != 1 || h.Pages != 1 || h.Title != "Quokkas stumble" {
		t.Errorf("it would remove %+v", h)
	}
	if got := must[tenor.Holding](t)(s.Forget(t.Context(), down)); got != h {
		t.Errorf("it removed %+v", got)
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkIndex(t, s)
	if found := grep(t, s.path, rare...); len(found) > 0 {
		t.Errorf("%q are still in the folder", found)
	}
	if names := must[[]string](t)(s.Values(t.Context(), "analyst", 0)); strings.Join(names, ",") != "Ines Okafor,Mara Ost" {
		t.Errorf("analysts %q", names)
	}
	if n := len(drain(t, s.Records(t.Context(), tenor.Filter{Query: "cheap"}))); n != 41 {
		t.Errorf("%d of the other quotes are found", n)
	}

	// Nobody takes it again.
	if err := save("zugzwang", "Quokkas"); !errors.Is(err, tenor.ErrForgotten) {
		t.Errorf("saved again: %v", err)
	}
	entry := feed
	entry.Entry, entry.Depth = true, 0
	if n := must[int](t)(s.Enqueue(t.Context(), feed, entry)); n != 0 {
		t.Error("queued again")
	}
	if err := s.Finish(t.Context(), tenor.Fetch{URL: address, Source: "ledger", State: tenor.Queued, Title: "Quokkas jump"}); err != nil {
		t.Fatal(err)
	}
	if got := must[[]tenor.Fetch](t)(s.Next(t.Context(), 9)); len(got) != 0 {
		t.Errorf("leased: %+v", got)
	}
	if found := grep(t, s.path, rare...); len(found) > 0 {
		t.Errorf("%q are in the folder again", found)
	}
	list := must[[]tenor.Forgotten](t)(s.Forgotten(t.Context()))
	if len(list) != 1 || list[0].Name != address || list[0].Reason != "the publisher asked" || !list[0].At.Equal(known) {
		t.Errorf("%+v", list)
	}
	if err := s.Remember(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if err := save("zugzwang", "Quokkas"); err != nil {
		t.Errorf("after it was undone: %v", err)
	}
	if n := must[int](t)(s.Enqueue(t.Context(), feed)); n != 1 {
		t.Error("not queued after it was undone")
	}
	if err := s.Remember(t.Context(), address); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("undone twice: %v", err)
	}
}

// An outlet goes with all its articles, however it is spelled, and new ones are refused.
func TestForgetAnOutlet(t *testing.T) {
	s := newsroom(t)
	before := must[tenor.Totals](t)(s.Totals(t.Context()))
	outlet := must[[]string](t)(s.Values(t.Context(), "outlet", 1))[0]
	h := must[tenor.Holding](t)(s.Forget(t.Context(), tenor.Takedown{Outlet: strings.ToUpper(outlet)}))
	after := must[tenor.Totals](t)(s.Totals(t.Context()))
	if h.Articles == 0 || after.Articles != before.Articles-h.Articles || after.Quotes != before.Quotes-h.Quotes {
		t.Errorf("%+v, then %+v, removed %+v", before, after, h)
	}
	checkIndex(t, s)
	a, quotes := newArticle(t, "https://elsewhere.example/1", outlet, "Caps", "2026-02-20", okafor)
	if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "t", ""); !errors.Is(err, tenor.ErrForgotten) {
		t.Errorf("a new article of it: %v", err)
	}
	if list := must[[]tenor.Forgotten](t)(s.Forgotten(t.Context())); len(list) != 1 || !list[0].Outlet {
		t.Errorf("%+v", list)
	}
	if err := s.Remember(t.Context(), outlet); err != nil {
		t.Error(err)
	}
	save(t, s, a, quotes)
}

// An address can be forbidden before anything of it is here; words that name nothing
// are a mistake.
func TestForgetWhatIsNotHere(t *testing.T) {
	s := newStore(t)
	if h := must[tenor.Holding](t)(s.Forget(t.Context(), tenor.Takedown{Article: "https://ledger.example/caps"})); h.Articles != 0 {
		t.Errorf("%+v", h)
	}
	a, quotes := newArticle(t, "https://ledger.example/caps", "The Ledger", "Caps", "2026-02-20", okafor)
	if _, err := s.SaveArticle(t.Context(), a, nil, quotes, "t", ""); !errors.Is(err, tenor.ErrForgotten) {
		t.Error(err)
	}
	for _, name := range []string{"77", "caps", ""} {
		if _, err := s.Forget(t.Context(), tenor.Takedown{Article: name}); !errors.Is(err, tenor.ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// grep are those of the words that any file of the store's folder holds, small or
// capital.
func grep(t *testing.T, path string, words ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, bytes.ToLower(content)...)
	}
	var found []string
	for _, w := range words {
		if bytes.Contains(all, []byte(w)) {
			found = append(found, w)
		}
	}
	return found
}

// The ledger forgets whom a takedown leaves nothing of, and nobody else.
func TestForgetTakesNamesOutOfTheLedger(t *testing.T) {
	s := newStore(t)
	put(t, s, 1, "2025-03-01", said{speaker: "Zelda Quorn", firm: "Quill Bank", words: "one"}, said{speaker: "Zelda Vexley", firm: "Quill Bank", words: "two"})
	put(t, s, 2, "2025-03-02", said{speaker: "Nell Oakes", firm: "Reed Bank", words: "three"}, said{speaker: "Nell Dunn", firm: "Reed Bank", words: "four"})
	must[int64](t)(s.MergePeople(t.Context(), []string{"Zelda Vexley"}, "Zelda Quorn", Reason{"nell", "Vexley married"}))
	must[int64](t)(s.MergePeople(t.Context(), []string{"Nell Dunn"}, "Nell Oakes", Reason{"nell", "likewise"}))
	must[tenor.Holding](t)(s.Forget(t.Context(), tenor.Takedown{Article: "https://site.example/1"}))
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Vexley", "Quorn", "vexley", "quorn"} {
		for _, file := range []string{s.path, s.path + "-wal"} {
			if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), name) {
				t.Errorf("%s is still in %s", name, filepath.Base(file))
			}
		}
	}
	log := must[[]tenor.Decision](t)(s.PeopleLog(t.Context(), 0))
	if len(log) != 2 || log[0].What != "Nell Dunn #4 into Nell Oakes #3" || log[1].Who != "nell" {
		t.Errorf("%+v", log)
	}
	if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("%+v", d.Checks)
	}
	must[tenor.Decision](t)(s.UndoPeople(t.Context(), 2, Reason{}))
}
