package web

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
	"tenor/nlp"
	"tenor/store"
)

var tagger = sync.OnceValue(func() *nlp.Tagger {
	t, err := nlp.New()
	if err != nil {
		panic(err)
	}
	return t
})

// tagged is a store of articles that the real tagger has tagged.
type tagged struct {
	*store.Store
	path   string
	quotes map[string]tenor.Record // by the beginning of their words
}

const crossroads = "Small caps at a crossroads\n\n" +
	"Shares of the smallest companies rose for a fourth week while bond yields fell.\n\n" +
	"“Small caps have room to run, since rate cuts lower their interest costs and earnings are turning up,” said Odo Quill, strategist at Pell Research.\n\n" +
	"Not everybody is convinced. “We would not chase this rally, because valuations are stretched and too many of these firms lose money,” " +
	"said Mira Sandoval, chief investment officer at Low Tide Partners. “The debt comes due in spring,” she added.\n\n" +
	"Trading was thin ahead of the holiday."

func newTagged(t testing.TB) *tagged {
	t.Helper()
	path := filepath.Join(t.TempDir(), "why.db")
	s, err := store.Open(context.Background(), path, store.Options{Create: true, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	g := &tagged{s, path, map[string]tenor.Record{}}
	g.addCrossroads(t)
	return g
}

func (g *tagged) addCrossroads(t testing.TB) int64 {
	return g.add(t, tenor.Article{URL: "https://news.example/crossroads", Outlet: "The Tidewater Post", Title: "Small caps at a crossroads",
		Authors: []string{"Ines Calder"}, Published: onDay("2025-09-18"), KnownAt: today, Text: crossroads})
}

// addLong stores an article of n quotes.
func (g *tagged) addLong(t testing.TB, n int) int64 {
	var b strings.Builder
	b.WriteString("A long day\n\n")
	for i := range n {
		who := people[i%len(people)]
		s := tenor.Stances()[i%3]
		words := strings.TrimSuffix(strings.ReplaceAll(sayings[s][i%len(sayings[s])], "~", ""), ".")
		fmt.Fprintf(&b, "“%s in %d,” said %s, %s at %s.\n\n", words, 2026+i, who.name, who.role, who.firm)
	}
	return g.add(t, tenor.Article{URL: fmt.Sprintf("https://news.example/long-%d", n), Title: "A long day", Published: onDay("2025-09-18"), KnownAt: today, Text: b.String()})
}

// addCopy stores another report of what is said there first.
func (g *tagged) addCopy(t testing.TB, url, outlet, published string) {
	_, text, _ := strings.Cut(crossroads, "“")
	text, _, _ = strings.Cut(text, "\n")
	g.add(t, tenor.Article{URL: url, Outlet: outlet, Title: "Heard again", Published: onDay(published), KnownAt: today, Text: "Heard again\n\n“" + text})
}

// add tags an article and stores it.
func (g *tagged) add(t testing.TB, a tenor.Article) int64 {
	t.Helper()
	quotes, err := tagger().Tag(&a)
	if err != nil {
		t.Fatal(err)
	}
	id := save(t, g.Store, a, quotes...)
	_, records, err := g.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		g.quotes[opening(r.Text())] = r
	}
	return id
}

// of is the stored quote whose words begin so.
func (g *tagged) of(t testing.TB, beginning string) tenor.Record {
	t.Helper()
	for words, r := range g.quotes {
		if strings.HasPrefix(words, beginning) {
			return r
		}
	}
	t.Fatalf("the tagger found no quote %q among %d", beginning, len(g.quotes))
	return tenor.Record{}
}
