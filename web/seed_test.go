package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
	"tenor/store"
)

// The invented people of the tests.
var people = []struct{ name, firm, role string }{
	{"Ada Quill", "Harrow Lane Capital", "chief strategist"},
	{"Bertil Okonjo", "Meridian Ash", "portfolio manager"},
	{"Clara Voss-Lind", "Voss & Sons", "head of research"},
	{"Dmitri Halloran", "Pelham Grove", "small-cap analyst"},
	{"Esme Tanaka-Ruiz", "Harrow Lane Capital", "economist"},
	{"Farid Lindqvist", "Copper Quay", "strategist"},
	{"Gwen O’Dell", "Northmoor Trust", "chief investment officer"},
	{"Hugo Marchetti", "Seven Elms", "portfolio manager"},
}

// What they say, by stance; the words between ~ decided it.
var sayings = map[tenor.Stance][]string{
	tenor.Bullish: {
		"We think small companies are ~primed for a long climb~ once borrowing gets cheaper.",
		"Valuations of smaller shares are ~the most inviting in a decade~, and earnings are turning.",
		"We ~favor the little ones here~: the rate cuts do more for them than for anybody.",
	},
	tenor.Fragile: {
		"I ~would not chase this rally~; too many of these firms live on borrowed money.",
		"The move ~looks like a sugar high~ and the debt comes due next spring.",
		"Tariffs fall hardest on the small, so we ~stay away for now~.",
	},
	tenor.Neutral: {
		"There is ~a case on both sides~, and we wait for the next round of earnings.",
		"Small shares moved because yields moved; ~it says little about the rest~.",
	},
}

// quoteOf is the words of somebody in a text, as a tagger would give them.
func quoteOf(text, words string, who struct{ name, firm, role string }, s tenor.Stance) tenor.Quote {
	plain := strings.ReplaceAll(words, "~", "")
	at := strings.Index(text, plain)
	why := strings.Split(words, "~")
	q := tenor.Quote{
		Spans: []tenor.Span{{at, at + len(plain)}}, Kind: tenor.Direct,
		Speaker: who.name, SpeakerType: tenor.Analyst, Firm: who.firm, Role: who.role,
		Stance: s, Confidence: 0.8, Claim: tenor.Forecast, Subject: "small-caps",
		Themes: []tenor.Theme{"rates", "earnings"},
	}
	if len(why) == 3 {
		from := at + len(why[0])
		q.Evidence = []tenor.Evidence{{Tag: "stance:" + string(s), Span: tenor.Span{from, from + len(why[1])}}}
	}
	return q
}

// save stores an article with its quotes and gives its number.
func save(t testing.TB, s *store.Store, a tenor.Article, quotes ...tenor.Quote) int64 {
	t.Helper()
	for i := range quotes {
		quotes[i].ID = tenor.QuoteID(a.Key(), quotes[i].Speaker, quotes[i].Segments(a.Text))
	}
	if a.PageType == "" {
		a.PageType, a.Language = tenor.PageArticle, "en"
	}
	id, err := s.SaveArticle(context.Background(), &a, nil, quotes, "test-1", "Test wire")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func onDay(s string) tenor.Date {
	d, err := tenor.ParseDate(s, "json-ld")
	if err != nil {
		panic(err)
	}
	return d
}

// today is the day on which the tests' clock stands.
var today = time.Date(2025, 10, 20, 15, 0, 0, 0, time.UTC)

// emptyStore is a store without anything in it.
func emptyStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "web.db"), store.Options{Create: true, Resident: true, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// seeded is a store with some seventy quotes: July to September 2024, nothing
// until May 2025, then to October 2025; copies, an official, an institution, an
// article known to the month and one without a date.
func seeded(t testing.TB) *store.Store {
	t.Helper()
	s := emptyStore(t)
	seed(t, s)
	return s
}

func seed(t testing.TB, s *store.Store) {
	t.Helper()
	stances := []tenor.Stance{tenor.Bullish, tenor.Bullish, tenor.Fragile, tenor.Bullish, tenor.Neutral, tenor.Fragile, tenor.Bullish}
	n := 0
	for _, season := range []struct {
		start    string
		articles int
		step     int
	}{{"2024-07-03", 12, 6}, {"2025-05-12", 22, 7}} {
		day := onDay(season.start)
		for i := range season.articles {
			a := tenor.Article{
				URL: fmt.Sprintf("https://news.example/%d", n), Outlet: []string{"The Tidewater Post", "Market Lantern", "Daily Ledger"}[n%3],
				Title:     []string{"Small shares take the stage", "The little guys wake up", "A rally with thin legs", "Rate hopes lift the smallest"}[n%4],
				Authors:   []string{"Ines Calder"},
				Published: day, KnownAt: day.Time.Add(6 * time.Hour),
			}
			var said []string
			var quotes []tenor.Quote
			a.Text = "The smallest listed companies moved again on Tuesday, and strategists could not agree why.\n\n"
			for k := range 2 {
				who := people[(n*3+k*5+i/4)%len(people)]
				stance := stances[(n*2+k*3+i)%len(stances)]
				words := sayings[stance][(n+k)%len(sayings[stance])]
				said = append(said, words)
				a.Text += fmt.Sprintf("“%s” said %s, %s at %s.\n\n", strings.ReplaceAll(words, "~", ""), who.name, who.role, who.firm)
				quotes = append(quotes, quoteOf(a.Text, said[k], who, stance))
			}
			a.Text += "Trading was thin ahead of the holiday."
			save(t, s, a, quotes...)
			if n%5 == 0 { // another outlet prints the same
				a.URL, a.Outlet = a.URL+"-again", "Copy Cat Finance"
				save(t, s, a, quotes...)
			}
			n++
			day.Time = day.Time.AddDate(0, 0, season.step)
		}
	}
	other := func(url, published string, kind tenor.SpeakerType, name, firm, words string, stance tenor.Stance) {
		a := tenor.Article{URL: url, Outlet: "Market Lantern", Title: "Notes from the floor", Text: "“" + words + "” said " + name + ".", Published: onDay(published), KnownAt: today}
		q := quoteOf(a.Text, words, struct{ name, firm, role string }{name, firm, ""}, stance)
		q.SpeakerType = kind
		save(t, s, a, q)
	}
	other("https://news.example/official", "2025-09-17", tenor.Official, "Marit Solberg", "Central Bank of Norland", "Policy is in a good place.", tenor.Neutral)
	other("https://news.example/house", "2025-09-18", tenor.Institution, "Granite Bay Bank", "", "We expect smaller shares to lag.", tenor.Fragile)
	other("https://news.example/month", "2025-08", tenor.Analyst, "Iris Penhaligon", "Low Tide Research", "Cheap is not the same as safe.", tenor.Fragile)
	other("https://news.example/undated", "", tenor.Analyst, "Jonas Ferro", "Ferro & Daughters", "Nobody knows, and small shares least of all.", tenor.Neutral)
}

// handlerOf is the web view of a store with the tests' clock.
func handlerOf(t testing.TB, s Store, o Options) http.Handler {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return today }
	}
	if o.QueryTime == 0 {
		o.QueryTime = time.Minute // a busy machine must not fail a test
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	h, err := New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a GET as a browser on this machine would.
func ask(t testing.TB, h http.Handler, address string) *httptest.ResponseRecorder {
	t.Helper()
	return send(h, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+address, nil))
}

func send(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
