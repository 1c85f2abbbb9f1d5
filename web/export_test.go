package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// The number of quotes said, those listed over all pages, and the rows of each
// export are one number, and the order is the same. Copies that stand on one page are folded
// under the first of them: each page has the quotes that come next, and their heads in order.
func TestCountEqualsListEqualsFiles(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"", "stance=bullish", "q=small", "analyst=Ada+Quill&stance=fragile", "from=2025-06-01&to=2025-08-31", "speaker_type=official", "outlet=Copy+Cat+Finance", "q=nothing+like+this"} {
		var listed [][]string // of each page, heads first
		var heads []string
		count := 0
		total := -1
		for address := "/quotes?limit=7&" + query; address != ""; {
			doc := page(t, h, strings.TrimSuffix(address, "&"))
			n, _ := strconv.Atoi(strings.Fields(strings.ReplaceAll(doc.Find(".total strong").Text(), ",", ""))[0])
			if total >= 0 && n != total {
				t.Errorf("%q: the total changes from %d to %d", query, total, n)
			}
			total = n
			var here []string
			add := func(_ int, e *goquery.Selection) {
				here = append(here, strings.TrimPrefix(e.AttrOr("href", ""), "/quotes/"))
			}
			doc.Find(".quotes a[data-open]").Each(add)
			heads = append(heads, here...)
			doc.Find(".quotes .copied a").Each(add)
			listed = append(listed, here)
			count += len(here)
			address = doc.Find(".pager a[rel=next]").AttrOr("href", "")
		}
		rows, err := csv.NewReader(ask(t, h, "/quotes.csv?dialect=raw&"+query).Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var exported []string
		for _, row := range rows[1:] {
			exported = append(exported, row[0])
		}
		var lines []string
		for scan := bufio.NewScanner(ask(t, h, "/quotes.jsonl?"+query).Body); scan.Scan(); {
			var r tenor.Record
			if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, r.ID)
		}
		if total != count || total != len(exported) || !slices.Equal(exported, lines) {
			t.Errorf("%q: %d quotes said, %d listed, %d in the CSV, %d in JSON Lines, or in another order", query, total, count, len(exported), len(lines))
			continue
		}
		rest := exported
		for i, here := range listed {
			if want := slices.Sorted(slices.Values(rest[:len(here)])); !slices.Equal(slices.Sorted(slices.Values(here)), want) {
				t.Errorf("%q: page %d lists %v, the CSV has there %v", query, i, here, want)
			}
			rest = rest[len(here):]
		}
		if inOrder := slices.DeleteFunc(exported, func(id string) bool { return !slices.Contains(heads, id) }); !slices.Equal(inOrder, heads) {
			t.Errorf("%q: the list has %v, the CSV %v", query, heads, inOrder)
		}
	}
}

// What the chart counts on a day is what the page of that day lists and what the
// CSV says, every day, under every way of counting.
func TestVoicesListedAreVoicesCounted(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"", "subject=small-caps", "count=quotes", "count=articles", "window=30", "speaker_type=analyst&speaker_type=institution", "stance=fragile"} {
		rows, err := csv.NewReader(ask(t, h, "/timeline.csv?"+query).Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if last := rows[len(rows)-1][0]; last > "2025-10-20" {
			t.Errorf("%q: the series runs to %s, after today", query, last)
		}
		gap := 0
		for i, row := range rows[1:] {
			if row[1] == "0" {
				gap++
			}
			if i%9 != 0 {
				continue
			}
			doc := page(t, h, "/?day="+row[0]+"&"+query)
			if n := doc.Find("#voices > li").Length(); strconv.Itoa(n) != row[1] {
				t.Errorf("%q on %s: %s counted, %d listed", query, row[0], row[1], n)
			}
			big := doc.Find(".figures .big dd").Text()
			if hasNumber := row[5] != ""; hasNumber == strings.Contains(big, "no number") {
				t.Errorf("%q on %s: the page says %q and the CSV %q", query, row[0], big, row[5])
			}
		}
		if gap < 100 {
			t.Errorf("%q: the winter without voices is a gap of %d days", query, gap)
		}
	}
}

func TestCSVGuardsFormulas(t *testing.T) {
	s := emptyStore(t)
	formulas := []string{"=1+1", "+1+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=HYPERLINK(\"https://elsewhere.example\")"}
	for i, f := range formulas {
		a := tenor.Article{File: strconv.Itoa(i), Title: f, Outlet: f, Text: f + " x", Published: onDay("2025-09-18"), KnownAt: today}
		save(t, s, a, tenor.Quote{Spans: []tenor.Span{{0, len(f)}}, Kind: tenor.Direct, Speaker: f, SpeakerType: tenor.Analyst, Firm: f, Role: f, Stance: tenor.Neutral, Subject: "gold"})
	}
	h := handlerOf(t, s, Options{})
	excel, err := csv.NewReader(ask(t, h, "/quotes.csv").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(excel) != len(formulas)+1 || !strings.HasPrefix(excel[0][0], "\ufeff") {
		t.Fatalf("%d rows, first cell %q", len(excel), excel[0][0])
	}
	for _, row := range excel[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	raw, err := csv.NewReader(ask(t, h, "/quotes.csv?dialect=raw").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range raw[1:] {
		if row[3] != row[13] && strings.TrimSpace(row[3]) != strings.TrimSpace(row[13]) {
			t.Errorf("the raw dialect changed %q or %q", row[3], row[13])
		}
	}
}

// An export that fails half-way must not look like a whole file.
func TestBrokenExportBreaksOff(t *testing.T) {
	server := httptest.NewServer(handlerOf(t, brokenStore{err: errors.New("disk gone")}, Options{}))
	defer server.Close()
	for _, path := range []string{"/quotes.csv", "/quotes.jsonl"} {
		answer, err := http.Get(server.URL + path)
		if err != nil {
			continue // broken off before the header: as good
		}
		var rows int
		scan := bufio.NewScanner(answer.Body)
		for scan.Scan() {
			rows++
		}
		answer.Body.Close()
		if scan.Err() == nil {
			t.Errorf("%s ends after %d rows as if whole", path, rows)
		}
	}
}

// endlessStore holds an export open until it is let go.
type endlessStore struct {
	Store
	begun, let chan struct{}
}

func (s endlessStore) Records(context.Context, tenor.Filter) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		s.begun <- struct{}{}
		<-s.let
	}
}

func TestOneExportAtATime(t *testing.T) {
	s := endlessStore{begun: make(chan struct{}), let: make(chan struct{})}
	h := handlerOf(t, s, Options{})
	done := make(chan int)
	go func() { done <- ask(t, h, "/quotes.csv").Code }()
	<-s.begun
	if w := ask(t, h, "/quotes.csv"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("a second export answers %d", w.Code)
	}
	close(s.let)
	if code := <-done; code != http.StatusOK {
		t.Errorf("the first export answers %d", code)
	}
	go func() { <-s.begun }()
	if w := ask(t, h, "/quotes.csv"); w.Code != http.StatusOK {
		t.Errorf("the next export answers %d", w.Code)
	}
}
