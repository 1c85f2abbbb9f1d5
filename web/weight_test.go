package web

import (
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenor"
)

// What a page may weigh with all that it loads, compressed.
const (
	mostWithChart = 250_000
	mostWithout   = 40_000
)

var (
	assetAddress = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)
	chartAddress = regexp.MustCompile(`data-(?:src|overlay)="([^"]+)"`)
)

func TestPagesAreLight(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	s := seeded(t)
	server := httptest.NewServer(handlerOf(t, s, Options{Overlay: overlaid(t)}))
	defer server.Close()
	var id string
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		id = r.ID
		break
	}
	weigh(t, server.URL, "/", mostWithChart)
	for _, address := range []string{"/quotes", "/quotes/" + id, "/articles/1", "/analysts/Ada%20Quill", "/firms/Harrow%20Lane%20Capital", "/sources", "/about", "/review"} {
		weigh(t, server.URL, address, mostWithout)
	}
}

// Ten years of news in which every day differs from the one before, and a price and events
// over all of them.
func TestDecadeIsLight(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	const days = 3650
	s := emptyStore(t)
	dice := rand.New(rand.NewPCG(1, 2))
	first := today.AddDate(0, 0, -days)
	var prices, events strings.Builder
	prices.WriteString("date,value\n")
	price := 2000.0
	for d := range days {
		day := first.AddDate(0, 0, d)
		a := tenor.Article{URL: fmt.Sprintf("https://news.example/%d", d), Outlet: "Market Lantern", Title: "The day", Published: onDay(day.Format(time.DateOnly)), KnownAt: day}
		var text strings.Builder
		var said []string
		for i := range 3 {
			stance := tenor.Stances()[dice.IntN(3)]
			who := people[0]
			who.name = fmt.Sprintf("%s %s", forenames[dice.IntN(len(forenames))], surnames[dice.IntN(len(surnames))])
			words := fmt.Sprintf("%s That is remark %d of day %d.", sayings[stance][0], i, d)
			fmt.Fprintf(&text, "“%s” said %s.\n\n", strings.ReplaceAll(words, "~", ""), who.name)
			said = append(said, string(stance), words, who.name)
		}
		a.Text = text.String()
		var quotes []tenor.Quote
		for ; len(said) > 0; said = said[3:] {
			who := people[0]
			who.name = said[2]
			quotes = append(quotes, quoteOf(a.Text, said[1], who, tenor.Stance(said[0])))
		}
		save(t, s, a, quotes...)
		price *= 1 + dice.NormFloat64()/100
		fmt.Fprintf(&prices, "%s,%.2f\n", day.Format(time.DateOnly), price)
		if d%60 == 0 {
			fmt.Fprintf(&events, "%s,Meeting number %d of the bank\n", day.Format(time.DateOnly), d/60)
		}
	}
	curves, err := tenor.ParseCurves("prices.csv", "prices", []byte(prices.String()))
	if err != nil {
		t.Fatal(err)
	}
	happened, err := tenor.ParseEvents("events.csv", []byte(events.String()))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handlerOf(t, s, Options{Overlay: func() (tenor.Overlay, error) { return tenor.Overlay{Curves: curves, Events: happened}, nil }}))
	defer server.Close()
	weigh(t, server.URL, "/", mostWithChart)
}

var (
	forenames = strings.Fields("Ada Bertil Clara Dmitri Esme Farid Gwen Hugo Ines Jonas")
	surnames  = strings.Fields("Quill Okonjo Halloran Tanaka Lindqvist Marchetti Sandoval Achterberg Pell Osei")
)

// weigh compares what a page and all that it loads weigh with a bound.
func weigh(t *testing.T, server, address string, most int) {
	t.Helper()
	total, page := fetchZipped(t, server+address)
	parts := []string{fmt.Sprintf("%d of the page", total)}
	loads := assetAddress.FindAllStringSubmatch(page, -1)
	for _, m := range append(loads, chartAddress.FindAllStringSubmatch(page, -1)...) {
		size, _ := fetchZipped(t, server+strings.ReplaceAll(m[1], "&amp;", "&"))
		total += size
		parts = append(parts, fmt.Sprintf("%d of %s", size, m[1]))
	}
	t.Logf("%s: %d bytes: %s", address, total, strings.Join(parts, ", "))
	if total > most {
		t.Errorf("%s weighs %d bytes compressed, more than %d", address, total, most)
	}
}

// fetchZipped is how many bytes are sent for an address, and its text.
func fetchZipped(t *testing.T, address string) (size int, text string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", address, res.StatusCode, err)
	}
	size = len(body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		in, err := gzip.NewReader(strings.NewReader(string(body)))
		if err == nil {
			body, err = io.ReadAll(in)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return size, string(body)
}
