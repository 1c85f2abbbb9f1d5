package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
	"tenor/internal/race"
	"tenor/store"
)

// route is an address that is served: found from the mux, so that a new one is tested
// unasked.
type route struct {
	method, pattern, address string
	names                    []string // what its query takes
}

// examples are what stands for the parts of a path; another part is a 1.
var examples = map[string]string{"/quotes/{id}": firstQuote, "/analysts/{name}": "Ada Quill", "/firms/{name}": "Meridian Ash", "/outlets/{name}": "Market Lantern"}

var namesIn = regexp.MustCompile(`which takes ([a-z_, ]+?)(, once each)?\.`)

// everything is a web view with all that it may have.
func everything(s *store.Store) Options {
	return Options{Corrector: s, Keeper: s, Archiver: plainArchiver{}}
}

// routesOf are all routes of a web view that corrects.
func routesOf(t testing.TB, s *store.Store) []route {
	t.Helper()
	v, err := newView(s, everything(s))
	if err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, s, everything(s))
	var list []route
	for _, p := range v.routes().patterns {
		r := route{pattern: p, method: http.MethodGet}
		if method, path, ok := strings.Cut(p, " "); ok {
			r.method, p = method, path
		}
		p = strings.TrimSuffix(p, "{$}")
		for shape, value := range examples {
			before, after, _ := strings.Cut(shape, "{")
			name, _, _ := strings.Cut(after, "}")
			p = strings.Replace(p, before+"{"+name+"}", before+url.PathEscape(value), 1)
		}
		r.address = regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(p, "1")
		if r.method == http.MethodGet {
			if m := namesIn.FindStringSubmatch(sentenceOf(ask(t, h, r.address+"?nonsense=1"))); m != nil {
				r.names = strings.Split(strings.ReplaceAll(m[1], " and ", ", "), ", ")
			}
		}
		list = append(list, r)
	}
	if len(list) < 20 {
		t.Fatalf("%d routes", len(list))
	}
	return list
}

// sentenceOf is the sentence of an answer, whatever its form.
func sentenceOf(w *httptest.ResponseRecorder) string {
	switch kind := w.Header().Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/json"), strings.HasPrefix(kind, "application/problem+json"):
		var answer struct{ Error, Detail string }
		json.Unmarshal(w.Body.Bytes(), &answer)
		return cmp.Or(answer.Detail, answer.Error)
	case strings.HasPrefix(kind, "text/html"):
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(doc.Find(".empty h1 + p").First().Text())
	}
	return strings.TrimSpace(w.Body.String())
}

// leaks are signs that an answer shows more than is meant for a reader.
var leaks = regexp.MustCompile(`(?i)goroutine \d|\.go:\d|runtime error|sqlite|no such (column|table)|syntax error|wrong usage|%!|/home/|/tmp/`)

// checkAnswer fails when an answer to nonsense is the server's fault, or no sentence. What
// a reader sent may stand in it.
func checkAnswer(t testing.TB, what string, sent string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 {
		t.Errorf("%s answers %d: %.300s", what, w.Code, w.Body)
	}
	if w.Header().Get("Set-Cookie") != "" && !strings.HasPrefix(what, "POST") {
		t.Errorf("%s sets a cookie: %q", what, w.Header().Get("Set-Cookie"))
	}
	if w.Code < 400 || w.Code == http.StatusMethodNotAllowed && w.Header().Get("Allow") != "" {
		return
	}
	sentence := sentenceOf(w)
	if !strings.ContainsAny(sentence[max(0, len(sentence)-1):], ".?") && w.Code != http.StatusNotFound {
		t.Errorf("%s answers %d with %q, which is no sentence", what, w.Code, sentence)
	}
	if leak := leaks.FindString(sentence); leak != "" && !strings.Contains(strings.ToLower(sent), strings.ToLower(leak)) {
		t.Errorf("%s answers %d and shows %q: %.300s", what, w.Code, leak, sentence)
	}
}

// injections mean something to SQL, to the search, to JSON, to a path or to a shell.
var injections = []string{
	`'`, `"`, `''`, `"'`, "`", `a"b`, `' OR 1=1 --`, `" OR ""="`, `') OR ('1'='1`, `'; DROP TABLE quotes; --`, `"; DROP TABLE quotes; --`,
	`1; DELETE FROM quotes`, `' UNION SELECT 1,2,3 --`, `%' UNION SELECT name FROM sqlite_master --`, `") UNION SELECT 1 --`, `1 OR 1=1`, `-1`, `0`,
	`1e309`, `NaN`, `99999999999999999999`, `-99999999999999999999`, `0x1f`, `1_000`, `NULL`, `null`, `true`, `[1,2]`, `{"a":1}`, `?1`, `:name`, `@x`, `$1`,
	`--`, `/*`, `*/`, `||`, `;`, `\`, `\'`, `%`, `_`, `%00`, "\x00", "\xff\xfe", "\t\r\n", `*`, `a*`, `^a`, `-a`, `NEAR(a b)`, `AND`, `a AND`, `(`, `{a b}`, `quote:x`,
	`load_extension('x')`, `randomblob(1e9)`, `2025-06-01..2025-06-30'`, "a\r\nSet-Cookie: x=1", `../../etc/passwd`, `..\..\x`, `$(id)`, "`id`", `{{.}}`, `${7*7}`, `%s%n%d`, "\u202e", "🙂", strings.Repeat("a ", 60), strings.Repeat(`"`, 99), strings.Repeat("(", 200), strings.Repeat("é", 3000),
}

// H15: 60 payloads in every parameter and every part of the path of every route, and in
// every field of the form that corrects: no answer is the server's fault, and the store
// is what it was.
func TestH15NoInjection(t *testing.T) {
	if len(injections) < 60 {
		t.Fatalf("%d payloads", len(injections))
	}
	s, q := doubted(t)
	h := handlerOf(t, s, everything(s))
	total := func() (answer struct{ Total int }) {
		if err := json.Unmarshal(ask(t, h, "/api/v1/quotes").Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	before, count := ask(t, h, "/quotes.csv?dialect=raw").Body.String(), total()
	asked, parameters := 0, 0
	get := func(address, payload string) {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/", nil)
		to, err := url.ParseRequestURI(address)
		if err != nil {
			return // no server would take it
		}
		r.URL = to
		asked++
		checkAnswer(t, "GET "+address, payload, send(h, r))
	}
	for _, r := range routesOf(t, s) {
		if r.method != http.MethodGet {
			continue
		}
		parameters += len(r.names)
		for i, p := range injections {
			for j, name := range append(slices.Clone(r.names), p) {
				if (i+j)%race.Nth(6) != 0 { // each payload and each parameter still
					continue
				}
				get(r.address+"?"+url.Values{name: {p}}.Encode(), p)
			}
			if i := strings.Index(r.pattern, "{"); i > 0 && !strings.HasSuffix(r.pattern, "{$}") {
				get(strings.TrimPrefix(r.pattern[:i], "GET ")+url.PathEscape(p), p)
			}
		}
	}
	if parameters < 100 {
		t.Errorf("only %d parameters were found", parameters)
	}
	if after := ask(t, h, "/quotes.csv?dialect=raw").Body.String(); after != before {
		t.Error("reading changed the store")
	}
	action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
	fields := 0
	for name := range form {
		fields++
		for _, p := range injections {
			sent := url.Values{}
			for k, v := range form {
				sent[k] = v
			}
			sent.Set("do", "save")
			sent.Set(name, p)
			asked++
			checkAnswer(t, fmt.Sprintf("POST %s with %s=%q", action, name, p), p, post(h, action, sent))
		}
	}
	if after := total(); after != count || count.Total == 0 {
		t.Errorf("%d quotes are left of %d", after.Total, count.Total)
	}
	t.Logf("%d payloads, %d parameters, %d fields: %d requests", len(injections), parameters, fields, asked)
}

// FuzzAddress asks any route with anything: a page, a refusal in a sentence or nothing
// there, and never the server's fault.
func FuzzAddress(f *testing.F) {
	s := seeded(f)
	routes := slices.DeleteFunc(routesOf(f, s), func(r route) bool { return r.method != http.MethodGet })
	h := handlerOf(f, s, everything(s))
	for i := range routes {
		f.Add(uint8(i), uint8(i), injections[i], "1", false)
		f.Add(uint8(i), uint8(i+3), injections[i+20], injections[i], true)
	}
	f.Fuzz(func(t *testing.T, which, name uint8, value, part string, raw bool) {
		r := routes[int(which)%len(routes)]
		query := value
		if !raw {
			key := "q"
			if len(r.names) > 0 {
				key = r.names[int(name)%len(r.names)]
			}
			query = url.Values{key: {value}}.Encode()
		}
		q := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/", nil)
		q.URL.Path, q.URL.RawQuery = r.address, query
		if i := strings.Index(r.pattern, "{"); i > 0 {
			q.URL.Path = strings.TrimPrefix(r.pattern[:i], "GET ") + part
		}
		checkAnswer(t, fmt.Sprintf("%q ? %q", q.URL.Path, query), value+part, send(h, q))
	})
}

// H20: whatever another site sends to any route is answered 403, with and without a
// token, and nothing is written.
func TestH20WritesFromElsewhereAreRefused(t *testing.T) {
	s, q := doubted(t)
	const secret = "correct horse"
	elsewhere := []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
		{"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"}, {"Origin": "http://127.0.0.1:9999"},
	}
	writing, asked := 0, 0
	routes := routesOf(t, s)
	for _, r := range routes {
		if r.method != http.MethodGet {
			writing++
		}
		for _, token := range []string{"", secret} {
			o := everything(s)
			o.Token = token
			h := handlerOf(t, s, o)
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				for _, headers := range elsewhere {
					sent := httptest.NewRequest(method, "http://127.0.0.1:8080"+strings.ReplaceAll(r.address, firstQuote, q.ID), strings.NewReader("do=bullish"))
					sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					sent.Header.Set("Authorization", "Bearer "+secret)
					for name, value := range headers {
						sent.Header.Set(name, value)
					}
					asked++
					w := send(h, sent)
					if w.Code != http.StatusForbidden {
						t.Errorf("%s %s with %v answers %d", method, r.address, headers, w.Code)
					}
					checkAnswer(t, method+" "+r.address, "", w)
				}
			}
		}
		// From here, what only shows takes no writing.
		shows := !slices.ContainsFunc(routes, func(o route) bool { return o.address == r.address && o.method != http.MethodGet })
		if sent := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+r.address, nil); shows {
			sent.Header.Set("Sec-Fetch-Site", "same-origin")
			if w := send(handlerOf(t, s, everything(s)), sent); w.Code != http.StatusMethodNotAllowed {
				t.Errorf("POST %s from here answers %d", r.address, w.Code)
			}
		}
	}
	if writing < 4 {
		t.Errorf("%d writing routes were found", writing)
	}
	if r := record(t, s, q.ID); r.LabelSource != tenor.LabelModel {
		t.Error("another site corrected a quote")
	}
	t.Logf("%d writing routes, %d requests from elsewhere", writing, asked)
}

// H21: neither a form nor the Host header names where the next page, or any link, leads.
func TestH21NothingLeadsElsewhere(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, everything(s))
	action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
	leaves := func(to string) bool {
		return to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`))
	}
	for _, place := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/%2fevil.example", "javascript:alert(1)", "review//evil.example"} {
		for _, field := range []string{"from", "at"} {
			sent := url.Values{}
			for k, v := range form {
				sent[k] = v
			}
			sent.Set("do", "right")
			sent.Set(field, place)
			if to := post(h, action, sent).Header().Get("Location"); leaves(to) || strings.Contains(to, "evil.example") {
				t.Errorf("%s=%s leads to %q", field, place, to)
			}
		}
	}
	guarded := handlerOf(t, s, Options{Corrector: s, Token: "t"})
	for _, r := range routesOf(t, s) {
		sent := httptest.NewRequest(http.MethodGet, "http://evil.example"+r.address, nil)
		sent.Header.Set("Authorization", "Bearer t")
		sent.Header.Set("X-Forwarded-Host", "evil.example")
		sent.Header.Set("Forwarded", "host=evil.example")
		w := send(guarded, sent)
		html := strings.HasPrefix(w.Header().Get("Content-Type"), "text/html")
		if leaves(w.Header().Get("Location")) || html && strings.Contains(w.Body.String(), "evil.example") {
			t.Errorf("%s takes the name of its host from the request", r.address)
		}
	}
}

// H22: no secret is compared by ==, which takes longer the more of it is right.
func TestH22ComparesInConstantTime(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "token.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constant := 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.CallExpr:
			if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "ConstantTimeCompare" {
				constant++
			}
		case *ast.BinaryExpr:
			if e.Op != token.EQL && e.Op != token.NEQ {
				break
			}
			for _, side := range [][2]ast.Expr{{e.X, e.Y}, {e.Y, e.X}} {
				name, ok := side[0].(*ast.Ident)
				empty, isText := side[1].(*ast.BasicLit)
				if ok && (name.Name == "token" || name.Name == "session" || name.Name == "bearer") && (!isText || empty.Value != `""`) {
					t.Errorf("%s is compared by %s", name.Name, e.Op)
				}
			}
		}
		return true
	})
	if constant != 1 {
		t.Errorf("%d constant-time comparisons", constant)
	}
	for _, pair := range [][2]string{{"", "a"}, {"a", "b"}, {"a", "ab"}, {"ab", "a"}, {"secret", "secreT"}} {
		if same(pair[0], pair[1]) || !same(pair[0], pair[0]) {
			t.Error("compared wrongly: " + strconv.Quote(pair[0]) + " and " + strconv.Quote(pair[1]))
		}
	}
}
