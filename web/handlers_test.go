package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// routes are all routes, each with an address that answers 200 on a seeded store.
var routes = []string{
	"/", "/?day=2025-07-01", "/quotes", "/quotes.csv", "/quotes.jsonl", "/quotes.parquet", "/store.db", "/quotes.atom", "/quotes.json", "/searches", "/dictionary.csv", "/dictionary.json", "/datapackage.json", "/timeline.csv", "/voices.csv?day=2025-07-01", "/articles/1", "/analysts/Ada%20Quill",
	"/firms/Meridian%20Ash", "/outlets/Market%20Lantern", "/sources", "/about", "/api/v1/quotes", "/api/v1/timeline", "/api/v1/articles/1", "/healthz",
	"/quotes/" + firstQuote, "/api/v1/quotes/" + firstQuote, "/quotes?q=small&limit=5",
}

// firstQuote is the identifier of the first quote of a seeded store.
var firstQuote = tenor.QuoteID("https://news.example/0", people[0].name, []string{strings.ReplaceAll(sayings[tenor.Bullish][0], "~", "")})

func page(t *testing.T, h http.Handler, address string) *goquery.Document {
	t.Helper()
	w := ask(t, h, address)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d: %s", address, w.Code, w.Body)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEveryRouteAnswersGuarded(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, address := range append(slices.Clone(routes), "/nothing", "/quotes?stance=glum", "/api/nothing", "/static/none.css") {
		w := ask(t, h, address)
		if slices.Contains(routes, address) && w.Code != http.StatusOK {
			t.Errorf("%s answers %d: %s", address, w.Code, w.Body)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		} {
			if got := w.Header().Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", address, name, got)
			}
		}
		if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", address, csp)
		}
	}
}

func TestBadAddressesGetASentence(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	bad := []string{
		"stance=glum", "theme=weather", "subject=tulips", "kind=sung", "speaker_type=ghost", "from=yesterday", "to=2025-13-01",
		"from=2025-09-01&to=2025-08-01", "asof=0000", "window=0", "window=-5", "window=99999999999999999999", "window=x", "count=sheep",
		"stance=bullish&stance=x", "analist=Ada", "q=%zz", "q=&%zz=1", "q=a&q=b", "from=2025-01-01&from=2025-02-01", "count=voices&count=quotes", "q=%ff%fe", "q=%00", "q=a;b=c", "limit=0", "limit=501", "limit=x", "day=never",
		"dialect=latin", "from=99999-01-01", "from=-0001-01-01", "stance=bullish'--", "day=2025-02-30",
	}
	for _, path := range []string{"/", "/quotes", "/quotes.csv", "/quotes.jsonl", "/quotes.parquet", "/quotes.atom", "/quotes.json", "/timeline.csv", "/api/v1/quotes", "/api/v1/timeline"} {
		for _, query := range bad {
			w := ask(t, h, path+"?"+query)
			body := w.Body.String()
			if w.Code != http.StatusBadRequest {
				t.Errorf("%s?%s answers %d", path, query, w.Code)
			}
			if strings.Contains(body, "goroutine") || strings.Contains(body, "wrong usage") {
				t.Errorf("%s?%s shows more than a sentence: %s", path, query, body)
			}
			if strings.HasPrefix(path, "/api/") || strings.Contains(path, ".atom") {
				var answer problem
				if err := json.Unmarshal([]byte(body), &answer); err != nil || !strings.HasSuffix(answer.Detail, ".") || answer.Status != w.Code || w.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s?%s answers %q", path, query, body)
				}
			}
		}
	}
	// What means nothing at an address is refused there, not passed over.
	for _, address := range []string{"/quotes?day=2025-07-01", "/quotes.csv?limit=5", "/quotes.jsonl?cursor=x", "/?limit=5", "/api/v1/timeline?day=2025-07-01", "/quotes?dialect=raw", "/quotes.jsonl?dialect=raw", "/quotes.parquet?dialect=raw"} {
		if w := ask(t, h, address); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "means nothing at this address") {
			t.Errorf("%s answers %d", address, w.Code)
		}
	}
	for _, query := range []string{"cursor=x!", "cursor=-1", "cursor=99999999999999999999999"} {
		for _, path := range []string{"/quotes", "/api/v1/quotes"} {
			if w := ask(t, h, path+"?"+query); w.Code != http.StatusBadRequest {
				t.Errorf("%s?%s answers %d", path, query, w.Code)
			}
		}
	}
	for _, address := range []string{"/articles/0", "/articles/x", "/articles/999999", "/articles/99999999999999999999", "/analysts/Nobody", "/firms/x", "/quotes/none", "/analysts/%20", "/analysts/%ff", "/firms/%00", "/nothing"} {
		w := ask(t, h, address)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `href="/quotes"`) {
			t.Errorf("%s answers %d without a way on", address, w.Code)
		}
		if address == "/articles/999999" && !strings.Contains(w.Body.String(), "No article 999999 is in this store") {
			t.Errorf("%s does not say what is not there", address)
		}
	}
}

// HEAD says what GET would, without the work of an export.
func TestHead(t *testing.T) {
	server := httptest.NewServer(handlerOf(t, seeded(t), Options{}))
	defer server.Close()
	for _, address := range routes {
		answer, err := http.Head(server.URL + address)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") == "" {
			t.Errorf("HEAD %s answers %d, %v", address, answer.StatusCode, answer.Header)
		}
	}
}

func TestFormsLeaveShortAddresses(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for address, want := range map[string]string{
		"/?subject=small-caps&theme=&firm=&from=&window=90": "/?subject=small-caps&window=90",
		"/quotes?q=&from=":        "/quotes",
		"/quotes?q=rates&stance=": "/quotes?q=rates",
		"/firms/A%2FB?q=":         "/firms/A%2FB",
	} {
		w := ask(t, h, address)
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%s answers %d to %q, want %q", address, w.Code, got, want)
		}
	}
}

// brokenStore fails as a store might.
type brokenStore struct {
	Store
	err   error
	panic bool
}

func (s brokenStore) Totals(context.Context) (tenor.Totals, error) { return tenor.Totals{}, s.err }
func (s brokenStore) Search(ctx context.Context, _ tenor.Filter, _ string, _ int) (tenor.Results, error) {
	if s.panic {
		panic("no such luck in /home/secret")
	}
	return tenor.Results{}, s.err
}

func (s brokenStore) Records(context.Context, tenor.Filter) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		for i := range 5000 {
			if !yield(tenor.Record{Quote: tenor.Quote{ID: strconv.Itoa(i)}, Segments: []string{strings.Repeat("x", 100)}}, nil) {
				return
			}
		}
		yield(tenor.Record{}, s.err)
	}
}

func TestFailuresSayLittle(t *testing.T) {
	for _, s := range []brokenStore{{err: errors.New("disk on fire in /home/secret")}, {panic: true}} {
		for _, address := range []string{"/quotes", "/api/v1/quotes"} {
			w := ask(t, handlerOf(t, s, Options{}), address)
			if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "Internal error") || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s answers %d: %s", address, w.Code, w.Body)
			}
		}
	}
	slow := handlerOf(t, brokenStore{err: fmt.Errorf("search: %w", context.DeadlineExceeded)}, Options{})
	if w := ask(t, slow, "/quotes"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "narrow it") {
		t.Errorf("a query out of time answers %d: %s", w.Code, w.Body)
	}
}

func TestAssetsAreKeptForEver(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	href := page(t, h, "/about").Find("link[rel=stylesheet]").AttrOr("href", "")
	w := ask(t, h, href)
	if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Fatalf("%s answers %d with %v", href, w.Code, w.Header())
	}
	again := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+href, nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	if w := send(h, again); w.Code != http.StatusNotModified {
		t.Errorf("the same again answers %d", w.Code)
	}
}

// Without the bundle the page still shows every figure, and says what to do.
func TestConsensusWithoutChart(t *testing.T) {
	assets, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	delete(assets.hashed, chartBundle)
	pages, err := parsePages(assets)
	if err != nil {
		t.Fatal(err)
	}
	v := &view{store: seeded(t), pages: pages, assets: assets, now: func() time.Time { return today }}
	w := httptest.NewRecorder()
	if err := v.consensus(w, httptest.NewRequest(http.MethodGet, "/", nil)); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("#chart").Length() != 0 || doc.Find("details.data[open] tbody tr").Length() < 20 || !strings.Contains(doc.Text(), "make chart") {
		t.Error("the page without a chart lacks its table or the way to build the chart")
	}
}

// An official is found and read like an analyst, and is never called one.
func TestProfileSaysInWhichCapacity(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for address, want := range map[string]string{
		"/analysts/Marit%20Solberg": "official · no view here enters the consensus",
		"/analysts/Ada%20Quill":     "analyst · consensus of this analyst alone",
		"/firms/Meridian%20Ash":     "firm · consensus of this firm alone",
	} {
		if got := page(t, h, address).Find(".head .sub").Text(); got != want {
			t.Errorf("%s says %q, want %q", address, got, want)
		}
	}
}

func TestEmptyStoreSaysWhatToDo(t *testing.T) {
	h := handlerOf(t, emptyStore(t), Options{})
	for _, address := range []string{"/", "/quotes"} {
		if !strings.Contains(page(t, h, address).Find(".empty").Text(), "tenor import") {
			t.Errorf("%s of an empty store does not say how to begin", address)
		}
	}
	for _, address := range []string{"/sources", "/about", "/quotes.csv", "/timeline.csv", "/api/v1/timeline", "/api/v1/quotes"} {
		if w := ask(t, h, address); w.Code != http.StatusOK {
			t.Errorf("%s of an empty store answers %d", address, w.Code)
		}
	}
	if w := ask(t, h, "/?day=2025-01-01"); w.Code != http.StatusOK {
		t.Errorf("a day of an empty store answers %d", w.Code)
	}
}
