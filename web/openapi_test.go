package web

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tenor"
)

// describedAPI is the document that a server gives, valid, and so strict that an answer
// may have no field that it does not name.
func describedAPI(t *testing.T, h http.Handler) *openapi3.T {
	t.Helper()
	w := ask(t, h, "/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("it is OpenAPI %s", doc.OpenAPI)
	}
	no := false
	var strict func(s *openapi3.Schema)
	strict = func(s *openapi3.Schema) {
		if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil {
			s.AdditionalProperties.Has = &no
		}
		for _, p := range s.Properties {
			if p.Ref == "" {
				strict(p.Value)
			}
		}
		if s.Items != nil && s.Items.Ref == "" {
			strict(s.Items.Value)
		}
	}
	for _, s := range doc.Components.Schemas {
		strict(s.Value)
	}
	return doc
}

// fits holds an answer against what the document says of its route.
func fits(t *testing.T, doc *openapi3.T, path, address string, code int, mediaType string, body []byte) {
	t.Helper()
	responses := doc.Paths.Value(path).Get.Responses
	response := responses.Default()
	if code == http.StatusOK {
		response = responses.Status(code)
	}
	mediaType, _, _ = strings.Cut(mediaType, ";")
	content := response.Value.Content[mediaType]
	if content == nil {
		t.Errorf("%s answers %d with %s, which is not described", address, code, mediaType)
		return
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Errorf("%s: %v", address, err)
		return
	}
	if err := content.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("%s is not as described: %.600s", address, err)
	}
}

// Every described route answers, as described, and so does its refusal.
func TestAPIIsAsDescribed(t *testing.T) {
	s := seeded(t)
	if err := s.SaveSearch(t.Context(), tenor.SavedSearch{Name: "Doubted / not", Query: "stance=fragile", Who: "nell"}, false); err == nil {
		t.Fatal("a name with a slash is saved")
	}
	if err := s.SaveSearch(t.Context(), tenor.SavedSearch{Name: "Small caps, doubted", Query: "q=small&stance=fragile", Who: "nell"}, false); err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, s, Options{Explainer: sureOf{s}, Overlay: overlaid(t)})
	doc := describedAPI(t, h)
	addresses := map[string][]string{
		"/quotes":                  {"", "?stance=fragile&limit=3", "?q=smid&sort=relevance", "?q=nothing+like+this", "?asof=2025-08-01&limit=500"},
		"/quotes/{id}":             {"/" + firstQuote},
		"/quotes/{id}/explanation": {"/" + firstQuote + "/explanation"},
		"/facets":                  {"", "?theme=rates"},
		"/timeline":                {"", "?subject=gold", "?count=quotes&window=30"},
		"/voices":                  {"?day=2025-07-01", "?day=1999-01-01", "?day=2025-09-20&speaker_type=institution"},
		"/moved":                   {"?moved=2025-06-01..2025-08-30", "?moved=1999-01-01..1999-02-01"},
		"/articles/{id}":           {"/1"},
		"/analysts/{name}":         {"/Ada%20Quill", "/Marit%20Solberg", "/Jonas%20Ferro"},
		"/firms/{name}":            {"/Meridian%20Ash", "/Voss%20&%20Sons"},
		"/overlay":                 {""},
		"/sources":                 {""},
		"/searches":                {""},
		"/searches/{name}":         {"/small%20caps%20doubted"},
		"/dictionary":              {""},
		"/openapi.json":            {""},
	}
	for _, path := range doc.Paths.InMatchingOrder() {
		if len(addresses[path]) == 0 {
			t.Errorf("%s is described and not tried", path)
		}
		base, _, _ := strings.Cut("/api/v1"+path, "/{")
		for _, rest := range addresses[path] {
			w := ask(t, h, base+rest)
			if w.Code != http.StatusOK {
				t.Errorf("%s%s answers %d: %s", base, rest, w.Code, w.Body)
				continue
			}
			fits(t, doc, path, base+rest, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes())
		}
		bad := base
		if strings.Contains(path, "{") {
			bad += "/none/"
			bad = strings.TrimSuffix(bad, "/")
		}
		for _, query := range []string{"?stance=glum", "?nonsense=1", "?cursor=%ff"} {
			w := ask(t, h, bad+query)
			if w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s%s answers %d", bad, query, w.Code)
			}
			fits(t, doc, path, bad+query, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes())
		}
	}
	if w := ask(t, h, "/api/v1/nothing"); w.Code != http.StatusNotFound {
		t.Errorf("what is not described answers %d", w.Code)
	}
}

// What the document says of parameters is what addresses take: each filter of the pages.
func TestAPIDescribesEveryFilter(t *testing.T) {
	topics, err := tenor.NewTopics([]tenor.Topic{{Name: "buybacks", Phrases: []string{"buyback"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc := describedAPI(t, handlerOf(t, seeded(t), Options{Topics: topics}))
	var named []string
	for _, p := range doc.Paths.Value("/quotes").Get.Parameters {
		named = append(named, p.Value.Name)
	}
	var want []string
	for _, p := range tenor.Params(topics) {
		want = append(want, p.Name)
	}
	if want = append(want, "cursor", "limit"); !slices.Equal(named, want) {
		t.Errorf("described are %v, taken %v", named, want)
	}
	if themes := doc.Components.Parameters["theme"].Value.Schema.Value.Items.Value.Enum; !slices.Contains(themes, any("buybacks")) {
		t.Errorf("a theme of one's own is not among %v", themes)
	}
}

// No route under /api/v1 is served outside of the table.
func TestAPIHasOneTable(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), `Handle("GET /api/`); n > 0 && (name != "server.go" || n > 1) && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s serves %d routes of its own", name, n)
		}
	}
}

// Whoever follows the cursors gets every quote once, in the order of the CSV, whatever
// the page.
func TestAPICursorsGiveEverything(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"", "stance=bullish&subject=small-caps", "q=small", "asof=2025-08-01"} {
		rows, err := csv.NewReader(ask(t, h, "/quotes.csv?dialect=raw&"+query).Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, row := range rows[1:] {
			want = append(want, row[0])
		}
		for _, limit := range []int{1, 7, 500} {
			var got []string
			for cursor := ""; ; {
				var answer struct {
					Total  int
					Next   string
					Quotes []tenor.Record
				}
				address := "/api/v1/quotes?limit=" + strconv.Itoa(limit) + "&cursor=" + url.QueryEscape(cursor) + "&" + query
				if err := json.Unmarshal(ask(t, h, address).Body.Bytes(), &answer); err != nil {
					t.Fatal(err)
				}
				if answer.Total != len(want) {
					t.Fatalf("%q: the total is %d, the CSV has %d", query, answer.Total, len(want))
				}
				for _, r := range answer.Quotes {
					got = append(got, r.ID)
				}
				if cursor = answer.Next; cursor == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q in pages of %d: %d quotes, the CSV has %d, or in another order", query, limit, len(got), len(want))
			}
		}
	}
}

// The voices of a day are those that its point counts, as /voices.csv has them.
func TestAPIVoices(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"day=2025-07-01", "day=2025-09-20&count=quotes", "day=2025-08-15&stance=fragile"} {
		var answer struct {
			Point  struct{ Voices, Disputed int }
			Voices []struct {
				Quote  tenor.Record
				Stance tenor.Stance
			}
			Disputed []any
		}
		if err := json.Unmarshal(ask(t, h, "/api/v1/voices?"+query).Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(ask(t, h, "/voices.csv?dialect=raw&"+query).Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if answer.Point.Voices != len(answer.Voices) || answer.Point.Disputed != len(answer.Disputed) || len(rows)-1 != len(answer.Voices) || len(rows) < 2 {
			t.Fatalf("%s: %d counted, %d listed, %d in the CSV", query, answer.Point.Voices, len(answer.Voices), len(rows)-1)
		}
		for i, voice := range answer.Voices {
			if voice.Quote.ID != rows[i+1][0] || string(voice.Stance) != rows[i+1][7] || voice.Quote.Text() == "" {
				t.Errorf("%s: voice %d is %+v", query, i, voice)
			}
		}
	}
}
