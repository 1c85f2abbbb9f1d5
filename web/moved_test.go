package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tenor"
)

// The page and the API say who moved the net, and the points add up.
func TestWhoMovedIt(t *testing.T) {
	s := seeded(t)
	h := handlerOf(t, s, Options{})
	w := ask(t, h, "/api/v1/moved?moved=2025-07-01..2025-09-01")
	var m struct {
		From, To struct{ Net *float64 }
		Delta    *float64
		Movers   []struct {
			Change string
			Points float64
			After  *struct{ URL string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &m); w.Code != http.StatusOK || err != nil {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	sum := 0.0
	for _, one := range m.Movers {
		sum += one.Points
		if one.After != nil && one.After.URL == "" {
			t.Errorf("a mover's article has no address: %s", w.Body)
		}
	}
	if len(m.Movers) == 0 || m.Delta == nil || math.Abs(sum-*m.Delta) > 1e-9 || math.Abs(*m.To.Net-*m.From.Net-*m.Delta) > 1e-9 {
		t.Errorf("points add up to %g: %s", sum, w.Body)
	}
	page := ask(t, h, "/?day=2025-09-01&moved=2025-07-01..2025-09-01").Body.String()
	for _, want := range []string{`id="moved"`, "which the points add up to", "/api/v1/moved?moved=2025-07-01..2025-09-01", "moved=2025-08-02..2025-09-01#moved"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(page[strings.Index(page, `id="moved"`):], `<th scope="row"><a class="name"`); n != len(m.Movers) {
		t.Errorf("the page lists %d movers, the API %d", n, len(m.Movers))
	}
	if body := ask(t, h, "/?moved=2024-07-10..2030-01-01").Body.String(); !strings.Contains(body, "nobody’s part can be told") {
		t.Error("a day outside the series has a part told")
	}
	for _, bad := range []string{"/api/v1/moved", "/api/v1/moved?moved=2025-09-01", "/?moved=2025-09-01..2025-07-01", "/quotes?moved=2025-07-01..2025-09-01"} {
		if w := ask(t, h, bad); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
}

// An analyst's page has all their names and firms, with the days.
func TestAnalystsFirmsAndSpellings(t *testing.T) {
	s := emptyStore(t)
	for i, c := range []struct{ name, firm, day string }{
		{"Mike Quillon", "Reed Bank", "2024-03-01"}, {"Michael <b>Quillon", "Reed Bank", "2024-05-01"}, {"Michael <b>Quillon", "Harbor Fund", "2025-02-01"},
	} {
		text := "“We like them.” said " + c.name + "."
		q := quoteOf(text, "We like them.", struct{ name, firm, role string }{c.name, c.firm, "strategist"}, tenor.Bullish)
		save(t, s, tenor.Article{URL: "https://news.example/p" + string(rune('0'+i)), Text: text, Published: onDay(c.day), KnownAt: today}, q)
	}
	h := handlerOf(t, s, Options{})
	body := ask(t, h, "/analysts/"+url.PathEscape("Mike Quillon")).Body.String()
	for _, want := range []string{"3 quotes", "also written <bdi>Michael &lt;b&gt;Quillon</bdi>", `<a href="/firms/Reed%20Bank">Reed Bank</a>`, `datetime="2024-03-01"`, `to <time datetime="2024-05-01">`, "Harbor Fund"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Of thousands of movers the page lists those that moved it most, and their points and those
// of the rest still add up to the move.
func TestManyMovers(t *testing.T) {
	var records []tenor.Record
	for i := range maxMovers + 60 {
		date, stance, published := onDay("2025-05-01"), tenor.Bullish, onDay("2025-07-01")
		if i%3 == 0 {
			stance = tenor.Fragile
		}
		for j, d := range []tenor.Date{date, published} {
			if j == 0 && i >= 10 {
				continue // they enter
			}
			records = append(records, tenor.Record{
				Quote: tenor.Quote{ID: fmt.Sprint(i, j), Speaker: fmt.Sprintf("Ada Quill%d", i), SpeakerType: tenor.Analyst,
					Stance: stance, Claim: tenor.Forecast, Spans: []tenor.Span{{0, 5}}},
				Voice: fmt.Sprint(i), Cluster: fmt.Sprint(i, j), ArticleKey: fmt.Sprint(i, j), Published: d,
			})
		}
	}
	line := tenor.Consensus(records, tenor.Filter{})
	day := func(s string) tenor.Day { d, _ := onDay(s).Day(tenor.Market); return d }
	part := newMovedPart(line, period{day("2025-06-01"), day("2025-07-02")}, tenor.Filter{})
	sum, last := part.Rest, math.Inf(1)
	for _, row := range part.Rows {
		if sum += row.Points; math.Abs(row.Points) > last+1e-9 {
			t.Errorf("%g points stand behind %g", row.Points, last)
		}
		last = math.Abs(row.Points)
	}
	if len(part.Rows) != maxMovers || part.More != 50 || !part.Number || math.Abs(sum-part.Delta) > 1e-6 {
		t.Errorf("%d listed, %d more; points add up to %g of %g", len(part.Rows), part.More, sum, part.Delta)
	}
}
