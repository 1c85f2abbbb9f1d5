package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
	"tenor/store"
)

// scene is something to see in the web view: a page in one state. What holds for every
// page is tested on all of them, and each is photographed.
type scene struct {
	name    string
	address string
	status  int // 0 means 200
}

// scenes are all of them. A new page is a line here.
func (p places) scenes() []scene {
	return []scene{
		{"consensus", "/?subject=" + p.subject, 0},
		{"day", "/?day=" + p.day, 0},
		{"moved", "/?moved=" + p.moved, 0},
		{"no-voices", "/?subject=gold&theme=credit", 0},
		{"quotes", "/quotes", 0},
		{"search", "/quotes?q=" + p.word + "&stance=bullish", 0},
		{"none-found", "/quotes?q=nothing+like+this", 0},
		{"quote", "/quotes/" + p.copied, 0},
		{"contradiction", "/quotes/" + p.contradicted, 0},
		{"corrected", "/quotes/" + p.corrected, 0},
		{"removed", "/quotes/" + p.removed, 0},
		{"article", fmt.Sprintf("/articles/%d", p.article), 0},
		{"versions", fmt.Sprintf("/articles/%d", p.changed), 0},
		{"analyst", namePath("/analysts/", "analyst", p.analyst), 0},
		{"firm", namePath("/firms/", "firm", p.firm), 0},
		{"outlet", outletPath(p.outlet), 0},
		{"review", fmt.Sprintf("/review?at=1&done=%d", p.done), 0},
		{"review-log", "/review?filter=corrected", 0},
		{"searches", "/searches", 0},
		{"sources", "/sources", 0},
		{"about", "/about", 0},
		{"refused", "/quotes?stance=glum", 400},
		{"unknown-quote", "/quotes/none", 404},
		{"nothing", "/nothing/here", 404},
	}
}

// places are what the addresses of the scenes need to know of a store.
type places struct {
	copied, contradicted, corrected, removed string // quotes
	article, changed                         int64  // articles
	done                                     int64  // a correction
	analyst, firm, outlet, day, moved        string
	subject, word                            string // that many quotes have
}

// showroom is a store in which every page has something to show. It is made once for all
// tests, which only read it.
type showroom struct {
	*store.Store
	places
}

var shared struct {
	sync.Once
	*showroom
	dir string
}

func openShowroom(t testing.TB) *showroom {
	t.Helper()
	shared.Do(func() { makeShowroom(t) })
	if shared.showroom == nil {
		t.Fatal("the showroom could not be made: see the first test that asked for it")
	}
	return shared.showroom
}

func closeShowroom() {
	if shared.showroom != nil {
		shared.Close()
	}
	if shared.dir != "" {
		os.RemoveAll(shared.dir)
	}
}

func makeShowroom(t testing.TB) {
	var err error
	if shared.dir, err = os.MkdirTemp("", "tenor-showroom-"); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), filepath.Join(shared.dir, "showroom.db"), store.Options{Create: true, Resident: true, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	seed(t, s)
	r := &showroom{s, places{analyst: "Ada Quill", firm: "Harrow Lane Capital", outlet: "Market Lantern", day: "2025-07-01", moved: "2025-06-15..2025-09-30", subject: "small-caps", word: "small"}}
	g := &tagged{s, "", map[string]tenor.Record{}}
	r.article = g.addCrossroads(t)
	g.addCopy(t, "https://copy.example/1", "Copy Cat Finance", "2025-09-19")
	r.copied, r.corrected = g.of(t, "Small caps have room").ID, g.of(t, "We would not chase").ID
	for _, labels := range [][]tenor.Label{{{Field: "stance", Value: "neutral"}, {Field: "themes", Value: "rates|credit"}}, {{Field: "speaker", Value: "Mira Sandoval-Holt"}}} {
		if _, err := s.Correct(t.Context(), r.corrected, labels, "nell", "She says “would not chase”, and later that she holds what she has"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		a := tenor.Article{URL: fmt.Sprintf("https://news.example/doubt/%d", i), Outlet: "Market Lantern", Title: "Thin trading", Published: onDay(fmt.Sprintf("2025-10-1%d", i)), KnownAt: today}
		words := sayings[tenor.Neutral][0]
		a.Text = "It was a quiet day on the exchange.\n\n“" + strings.ReplaceAll(words, "~", "") + "” said " + people[i].name + "."
		q := quoteOf(a.Text, words, people[i], tenor.Neutral)
		q.Confidence = 0.4 + float64(i)/10
		save(t, s, a, q)
	}
	r.removed = g.of(t, "The debt comes due").ID
	if r.done, err = s.Correct(t.Context(), r.removed, []tenor.Label{{Field: "quote", Value: "no"}}, "odo", ""); err != nil {
		t.Fatal(err)
	}
	// An article that came back in other words, and a copy that says the opposite.
	a := tenor.Article{URL: "https://news.example/changed", Outlet: "The Tidewater Post", Title: "A fourth week of gains", Published: onDay("2025-09-22"), KnownAt: today}
	for _, words := range []string{"I ~would chase this rally~; few of these firms live on borrowed money.", "I ~would not chase this rally~; few of these firms live on borrowed money at all."} {
		a.Text = "Shares rose.\n\n“" + strings.ReplaceAll(words, "~", "") + "” said Bertil Okonjo.\n\nTrading was thin."
		stance := tenor.Bullish
		if strings.Contains(words, "not") {
			stance = tenor.Fragile
		}
		r.changed = save(t, s, a, quoteOf(a.Text, words, people[1], stance))
	}
	for i, words := range []string{"She does not think that this rebound will go on over the next 12 months", "She does think this rally will go on for the next 12 months"} {
		a := tenor.Article{URL: fmt.Sprintf("https://news.example/lost-not/%d", i), Outlet: []string{"Market Lantern", "Copy Cat Finance"}[i], Title: "Caps", Published: onDay(fmt.Sprintf("2025-09-1%d", 8+i)), KnownAt: today, Text: words + "."}
		q := quoteOf(a.Text, words, people[2], []tenor.Stance{tenor.Fragile, tenor.Bullish}[i])
		save(t, s, a, q)
		if i == 0 {
			r.contradicted = tenor.QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
		}
	}
	r.saveSearch(t)
	shared.showroom = r
}

func (r *showroom) saveSearch(t testing.TB) {
	if err := r.SaveSearch(t.Context(), tenor.SavedSearch{Name: "Small caps, doubted", Query: "stance=fragile&subject=small-caps", Who: "nell", At: today}, false); err != nil {
		t.Fatal(err)
	}
}

// options are what its web view is made with.
func (r *showroom) options() Options {
	return Options{Explainer: tagger(), Corrector: r.Store, Keeper: r.Store}
}
