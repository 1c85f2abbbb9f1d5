package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"tenor"
	"tenor/store"
)

// post sends a form as a browser on this machine does from a page of the server.
func post(h http.Handler, address string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", "http://127.0.0.1:8080")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return send(h, r)
}

// formOf is what the correcting form on a page sends, before anybody touches it.
func formOf(t *testing.T, doc *goquery.Document) (action string, form url.Values) {
	t.Helper()
	f := doc.Find("form.correct")
	if f.Length() != 1 {
		t.Fatalf("%d forms correct", f.Length())
	}
	form = url.Values{}
	f.Find("input, select").Each(func(_ int, in *goquery.Selection) {
		name, value := in.AttrOr("name", ""), in.AttrOr("value", "")
		if in.Is("[type=checkbox]:not([checked])") {
			return
		}
		if in.Is("select") {
			value = in.Find("option[selected]").AttrOr("value", "?")
		}
		form.Add(name, value)
	})
	return f.AttrOr("action", ""), form
}

// doubted is a store with one quote of a fresh day, of which the tagger is not sure.
func doubted(t *testing.T) (*store.Store, tenor.Record) {
	t.Helper()
	s := seeded(t)
	a := tenor.Article{URL: "https://news.example/doubt", Outlet: "Market Lantern", Title: "Thin trading", Published: onDay("2025-10-15"), KnownAt: today}
	words := sayings[tenor.Neutral][0]
	a.Text = "It was quiet.\n\n“" + strings.ReplaceAll(words, "~", "") + "” said Ada Quill."
	q := quoteOf(a.Text, words, people[0], tenor.Neutral)
	q.Confidence = 0.4
	save(t, s, a, q)
	r, err := s.Record(t.Context(), tenor.QuoteID(a.Key(), q.Speaker, q.Segments(a.Text)))
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

func record(t testing.TB, s *store.Store, id string) tenor.Record {
	t.Helper()
	r, err := s.Record(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every button and field of the form does what it says, and nothing that was not touched is
// said.
func TestCorrectForm(t *testing.T) {
	for name, c := range map[string]struct {
		set   url.Values
		check func(r tenor.Record) bool
		n     int // labels given
	}{
		"stance":    {url.Values{"do": {"bullish"}}, func(r tenor.Record) bool { return r.Stance == tenor.Bullish }, 1},
		"right":     {url.Values{"do": {"right"}}, func(r tenor.Record) bool { return r.Stance == tenor.Neutral }, 1},
		"nothing":   {url.Values{"do": {"save"}}, func(r tenor.Record) bool { return r.LabelSource == tenor.LabelModel }, 0},
		"speaker":   {url.Values{"do": {"save"}, "speaker": {" Una  Marsh "}, "firm": {"Pell"}}, func(r tenor.Record) bool { return r.Speaker == "Una Marsh" && r.Firm == "Pell" }, 2},
		"no firm":   {url.Values{"do": {"save"}, "firm": {""}}, func(r tenor.Record) bool { return r.Firm == "" }, 1},
		"type":      {url.Values{"do": {"save"}, "speaker_type": {"official"}}, func(r tenor.Record) bool { return r.SpeakerType == tenor.Official }, 1},
		"subject":   {url.Values{"do": {"save"}, "subject": {"gold"}}, func(r tenor.Record) bool { return r.Subject == "gold" }, 1},
		"themes":    {url.Values{"do": {"save"}, "themes": {"growth", "rates"}}, func(r tenor.Record) bool { return fmt.Sprint(r.Themes) == "[rates growth]" }, 1},
		"no themes": {url.Values{"do": {"save"}, "themes": nil}, func(r tenor.Record) bool { return len(r.Themes) == 0 }, 1},
		"claim, too": {url.Values{"do": {"fragile"}, "claim": {"position"}, "horizon": {"year"}}, func(r tenor.Record) bool {
			return r.Claim == "position" && r.Horizon == "year" && r.Stance == tenor.Fragile
		}, 3},
		"who, and why": {url.Values{"do": {"fragile"}, "who": {"Odo Ünwin"}, "why": {"<b>so</b> he says"}}, func(r tenor.Record) bool { return r.Stance == tenor.Fragile }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, q := doubted(t)
			h := handlerOf(t, s, Options{Corrector: s, Who: "nell"})
			action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
			for field, values := range c.set {
				form[field] = values
			}
			w := post(h, action, form)
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/quotes/"+q.ID {
				t.Fatalf("answered %d, to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
			}
			r := record(t, s, q.ID)
			said, err := s.Corrections(t.Context(), q.ID)
			if err != nil || len(said) != c.n || !c.check(r) || c.n > 0 && r.LabelSource != tenor.LabelHuman {
				t.Fatalf("said %+v (%v), which makes %+v", said, err, r)
			}
			if c.n == 0 {
				return
			}
			if want := or(c.set.Get("who"), "nell"); said[0].Who != want || said[0].Why != c.set.Get("why") {
				t.Errorf("said by %q, since %q", said[0].Who, said[0].Why)
			}
			if cookies := w.Result().Cookies(); (len(cookies) == 1) != c.set.Has("who") {
				t.Errorf("cookies: %v", cookies)
			} else if len(cookies) == 1 {
				again := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/quotes/"+q.ID, nil)
				again.AddCookie(cookies[0])
				if body := send(h, again).Body.String(); !strings.Contains(body, `value="Odo Ünwin"`) || !strings.Contains(body, "&lt;b&gt;so&lt;/b&gt; he says") {
					t.Error("the name is forgotten, or the reason is not shown as text")
				}
			}
			undo := page(t, h, "/quotes/"+q.ID).Find(".acts form").First().AttrOr("action", "")
			if w := post(h, undo, url.Values{}); w.Code != http.StatusSeeOther {
				t.Fatalf("undo answered %d: %s", w.Code, w.Body)
			}
			q.Voice, r = "", record(t, s, q.ID)
			r.Voice = "" // the row of a person who was gone for a while has another number
			if fmt.Sprintf("%+v", r) != fmt.Sprintf("%+v", q) {
				t.Errorf("undo leaves %+v, want %+v", r, q)
			}
			if text := page(t, h, "/quotes/"+q.ID).Find(".acts").Text(); !strings.Contains(text, "undone by nell") {
				t.Errorf("the history says %q", text)
			}
		})
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// A field that somebody else corrected meanwhile is left alone by a form that did not touch
// it.
func TestStaleFormUndoesNothing(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, Options{Corrector: s})
	action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
	if _, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "firm", Value: "Pell"}}, "odo", ""); err != nil {
		t.Fatal(err)
	}
	form.Set("do", "bullish")
	post(h, action, form)
	if r := record(t, s, q.ID); r.Firm != "Pell" || r.Stance != tenor.Bullish {
		t.Errorf("%s of %q", r.Stance, r.Firm)
	}
}

func TestCorrectRefusals(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, Options{Corrector: s})
	action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
	with := func(set ...string) url.Values {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		for i := 0; i < len(set); i += 2 {
			f[set[i]] = []string{set[i+1]}
		}
		return f
	}
	act, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "firm", Value: "Pell"}}, "odo", "")
	if err != nil {
		t.Fatal(err)
	}
	before, _ := s.Corrections(t.Context(), q.ID)
	for name, w := range map[string]*httptest.ResponseRecorder{
		"400 no button":   post(h, action, with()),
		"400 button":      post(h, action, with("do", "sunny")),
		"400 subject":     post(h, action, with("do", "save", "subject", "weather")),
		"400 theme":       post(h, action, with("do", "save", "themes", "rates|weather")),
		"400 type":        post(h, action, with("do", "save", "speaker_type", "guru")),
		"400 no name":     post(h, action, with("do", "save", "speaker", "…")),
		"400 long":        post(h, action, with("do", "bullish", "why", strings.Repeat("y", 5000))),
		"400 control":     post(h, action, with("do", "bullish", "why", "a\x00b")),
		"400 why alone":   post(h, action, with("do", "save", "why", "as I heard it")),
		"400 who":         post(h, action, with("do", "bullish", "who", strings.Repeat("n", 200))),
		"400 too much":    post(h, action, with("do", "bullish", "x", strings.Repeat("n", 100_000))),
		"404 quote":       post(h, "/quotes/0000000000000000/corrections", with("do", "bullish")),
		"404 act":         post(h, "/corrections/999/undo", nil),
		"404 no act":      post(h, "/corrections/x/undo", nil),
		"400 at":          ask(t, h, "/review?at=-1"),
		"400 param":       ask(t, h, "/review?colour=red"),
		"400 filter":      ask(t, h, "/review?filter=some"),
		"404 review":      ask(t, h, "/review?quote=0000000000000000"),
		"404 get":         ask(t, h, action),
		"403 cross site":  post(h, action, with("do", "bullish"), "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"),
		"403 same site":   post(h, action, with("do", "bullish"), "Sec-Fetch-Site", "same-site", "Origin", "http://other.localhost"),
		"403 old browser": post(h, action, with("do", "bullish"), "Sec-Fetch-Site", "", "Origin", "https://elsewhere.example"),
		"403 null origin": post(h, action, with("do", "bullish"), "Sec-Fetch-Site", "", "Origin", "null"),
		"403 cross undo":  post(h, fmt.Sprintf("/corrections/%d/undo", act), nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"),
		"403 other host": send(h, func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "http://evil.example"+action, nil)
			return r
		}()),
		"401 no token":     post(handlerOf(t, s, Options{Corrector: s, Token: "abc"}), action, with("do", "bullish")),
		"403 token, cross": post(handlerOf(t, s, Options{Corrector: s, Token: "abc"}), action, with("do", "bullish"), "Authorization", "Bearer abc", "Sec-Fetch-Site", "cross-site"),
		"405 reader":       post(handlerOf(t, s, Options{}), action, with("do", "bullish")),
		"405 reader undo":  post(handlerOf(t, s, Options{}), fmt.Sprintf("/corrections/%d/undo", act), nil),
	} {
		if fmt.Sprint(w.Code) != name[:3] {
			t.Errorf("%s: answered %d: %s", name, w.Code, w.Body)
		}
		if body := w.Body.String(); w.Code == http.StatusBadRequest && strings.Contains(body, "Correct the address") == strings.Contains(body, "go back, change it") {
			t.Errorf("%s: the page does not say how to go on: %s", name, body)
		}
		if body := w.Body.String(); strings.HasPrefix(name, "400 wh") && strings.Contains(body, "Correct the address") {
			t.Errorf("%s: there is no address to correct", name)
		}
	}
	if after, _ := s.Corrections(t.Context(), q.ID); len(after) != len(before) || after[0].Undone() {
		t.Errorf("something was corrected: %+v", after)
	}
	if w := post(handlerOf(t, s, Options{Corrector: s, Token: "abc"}), action, with("do", "bullish"), "Authorization", "Bearer abc"); w.Code != http.StatusSeeOther {
		t.Errorf("with the token: %d", w.Code)
	}
}

// Where nobody can write there is nothing to press; the history stays.
func TestReaderHasNoForms(t *testing.T) {
	s, q := doubted(t)
	if _, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "firm", Value: "Pell"}}, "odo", ""); err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, s, Options{})
	for _, address := range []string{"/quotes/" + q.ID, "/review?filter=corrected", "/review?quote=" + q.ID, "/review"} {
		doc := page(t, h, address)
		if n := doc.Find("form[method=post]").Length(); n != 0 {
			t.Errorf("%s has %d forms", address, n)
		}
		if doc.Find("nav a[href='/review']").Length() != 0 {
			t.Errorf("%s leads to the review", address)
		}
	}
	if text := page(t, h, "/quotes/"+q.ID).Find(".acts").Text(); !strings.Contains(text, "Pell") || !strings.Contains(text, "odo") {
		t.Errorf("the history says %q", text)
	}
}

// The queue is judged to its end, one after the other; what is removed counts nowhere, is
// listed, and comes back.
func TestReviewFlow(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, Options{Corrector: s})
	doc := page(t, h, "/review")
	if got := doc.Find(".progress").Text(); !strings.Contains(got, "0 judged, 1 doubtful left") {
		t.Errorf("progress: %q", got)
	}
	if got := doc.Find(".card").Text(); !strings.Contains(got, "doubt is 60") || !strings.Contains(got, "stands today") {
		t.Errorf("the card says %q", got)
	}
	action, form := formOf(t, doc)
	form.Set("do", "not-a-quote")
	w := post(h, action, form)
	back := w.Header().Get("Location")
	doc = page(t, h, back)
	if doc.Find(".done form").Length() != 1 || !strings.Contains(doc.Text(), "Nothing is doubtful") {
		t.Errorf("after it %s says %q", back, doc.Find("main").Text())
	}
	counts := func(want bool) {
		t.Helper()
		for _, address := range []string{"/quotes.csv?outlet=Market+Lantern", "/api/v1/quotes?outlet=Market+Lantern", "/api/v1/timeline?analyst=Ada+Quill", "/voices.csv?day=2025-10-16", "/quotes.jsonl"} {
			if got := strings.Contains(ask(t, h, address).Body.String(), q.ID); got != want {
				t.Errorf("%s has it: %t, want %t", address, got, want)
			}
		}
	}
	counts(false)
	if text := page(t, h, "/quotes/"+q.ID).Find("main").Text(); !strings.Contains(text, "not a quote: it counts nowhere") {
		t.Errorf("its page says %q", text)
	}
	if code := ask(t, h, "/api/v1/quotes/"+q.ID).Code; code != http.StatusNotFound {
		t.Errorf("the API answers %d", code)
	}
	list := page(t, h, "/review?filter=removed")
	undo := list.Find(".log form")
	if undo.Length() != 1 || list.Find("a[href='/quotes/"+q.ID+"']").Length() != 1 {
		t.Fatalf("the list says %q", list.Find("main").Text())
	}
	if w := post(h, undo.AttrOr("action", ""), url.Values{"from": {"removed"}}); w.Header().Get("Location") != "/review?filter=removed" {
		t.Errorf("undo leads to %q", w.Header().Get("Location"))
	}
	counts(true)
}

// What a person writes is text wherever it is shown.
func TestCorrectionsAreText(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, Options{Corrector: s})
	for _, p := range payloads {
		if strings.ContainsFunc(p, unicode.IsControl) || strings.Contains(p, "\u2028") {
			continue // no line of text, so it is refused
		}
		if _, err := s.Correct(t.Context(), q.ID, []tenor.Label{{Field: "speaker", Value: "Eve " + p}, {Field: "firm", Value: p}}, "n"+p[:min(len(p), 60)], p); err != nil {
			t.Fatal(err)
		}
	}
	for _, address := range []string{"/quotes/" + q.ID, "/review?filter=corrected", "/review?quote=" + q.ID} {
		body := ask(t, h, address).Body.String()
		for _, bad := range []string{"<script>window", "<img src=x", "<svg onload", "<iframe", "<body onload", "<base ", "<form action=https", `" autofocus`} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %s", address, bad)
			}
		}
	}
}

// One correction moves the point of the chart by as much as one voice is worth.
func TestChartMovesWithACorrection(t *testing.T) {
	s, q := doubted(t)
	h := handlerOf(t, s, Options{Corrector: s})
	point := func(query string) (bullish, neutral int) {
		var answer struct {
			Points []struct {
				Date             string
				Bullish, Neutral int
			}
		}
		if err := json.Unmarshal(ask(t, h, "/api/v1/timeline"+query).Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		for _, p := range answer.Points {
			if p.Date == "2025-10-16" {
				return p.Bullish, p.Neutral
			}
		}
		return 0, 0
	}
	b0, n0 := point("")
	action, form := formOf(t, page(t, h, "/quotes/"+q.ID))
	form.Set("do", "bullish")
	post(h, action, form)
	if b, n := point(""); b != b0+1 || n != n0-1 {
		t.Errorf("%d bullish and %d neutral became %d and %d", b0, n0, b, n)
	}
}

// Whatever a form holds, it is taken or refused; the store stays readable, and what was said
// of the quote can all be undone.
func FuzzCorrect(f *testing.F) {
	f.Add("bullish", "Una Marsh", "Pell", "gold", "rates", "near", "nell", "so it is")
	f.Add("save", "\u202eeve", "", "weather", "rates|credit", "soon", "", "\x00")
	f.Add("not-a-quote", "<b>", "\xff", "", "", "", "x", strings.Repeat("y", 3000))
	f.Add("save", "...", "a\tb", "small-caps", "|", "year", " ", "")
	s := emptyStore(f)
	a := tenor.Article{URL: "https://news.example/1", Title: "Notes", Published: onDay("2025-10-15"), KnownAt: today, Text: "“We favor the little ones here” said Ada Quill."}
	q := quoteOf(a.Text, "We favor the little ones here", people[0], tenor.Bullish)
	save(f, s, a, q)
	id := tenor.QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
	h := handlerOf(f, s, Options{Corrector: s})
	f.Fuzz(func(t *testing.T, do, speaker, firm, subject, themes, horizon, who, why string) {
		form := url.Values{"do": {do}, "stance_was": {"bullish"}, "speaker": {speaker}, "speaker_was": {"Ada Quill"}, "firm": {firm}, "firm_was": {""},
			"subject": {subject}, "subject_was": {"small-caps"}, "themes": {themes}, "themes_was": {"rates|earnings"},
			"horizon": {horizon}, "horizon_was": {""}, "who": {who}, "why": {why}}
		if w := post(h, "/quotes/"+id+"/corrections", form); w.Code != http.StatusSeeOther && w.Code != http.StatusBadRequest {
			t.Fatalf("answered %d: %s", w.Code, w.Body)
		}
		for _, address := range []string{"/quotes/" + id, "/review", "/review?filter=corrected", "/quotes.csv"} {
			if w := ask(t, h, address); w.Code != http.StatusOK {
				t.Fatalf("%s answers %d", address, w.Code)
			}
		}
		said, err := s.Corrections(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range said {
			if !c.Undone() {
				s.Undo(t.Context(), c.Act, "fuzz")
			}
		}
		if r := record(t, s, id); r.LabelSource != tenor.LabelModel || r.Speaker != "Ada Quill" || r.Stance != tenor.Bullish {
			t.Fatalf("undone it is %+v", r)
		}
	})
}
