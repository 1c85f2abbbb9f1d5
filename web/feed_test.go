package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"tenor"
)

// A feed parser that other programs use reads both feeds alike.
func TestFeeds(t *testing.T) {
	s := seeded(t)
	h := handlerOf(t, s, Options{})
	for _, query := range []string{"", "stance=fragile&subject=small-caps", "q=small+companies", "outlet=Copy+Cat+Finance&limit=3", "q=nothing+like+this"} {
		wanted, err := s.Latest(t.Context(), mustFilter(t, query), map[bool]int{true: 3}[strings.Contains(query, "limit=3")])
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/quotes.atom", "/quotes.json"} {
			w := ask(t, h, strings.TrimSuffix(path+"?"+query, "?"))
			f, err := gofeed.NewParser().ParseString(w.Body.String())
			if err != nil {
				t.Fatalf("%s?%s: %v\n%s", path, query, err, w.Body)
			}
			if len(f.Items) != len(wanted) {
				t.Errorf("%s?%s: %d items, want %d", path, query, len(f.Items), len(wanted))
			}
			clusters := map[string]bool{}
			for i, item := range f.Items {
				r := &wanted[i]
				at := item.UpdatedParsed
				if at == nil {
					at = item.PublishedParsed
				}
				if item.GUID != "urn:tenor:quote:"+r.ID || item.Content != r.Text() || !at.Equal(r.KnownAt) || item.Link != "http://127.0.0.1:8080/quotes/"+r.ID {
					t.Errorf("%s?%s: item %+v\nof %+v", path, query, item, r)
				}
				if clusters[r.Cluster] {
					t.Errorf("%s?%s: one utterance twice", path, query)
				}
				clusters[r.Cluster] = true
				if i > 0 && r.KnownAt.After(wanted[i-1].KnownAt) {
					t.Errorf("%s?%s: not the latest first", path, query)
				}
			}
			if !strings.HasPrefix(f.Title, "Tenor: Quotes") || strings.Contains(query, "fragile") && f.Title != "Tenor: Quotes: stance fragile, subject small-caps" {
				t.Errorf("%s?%s: title %q", path, query, f.Title)
			}
		}
	}
	head := page(t, h, "/quotes?stance=fragile").Find("head link[rel=alternate]")
	if head.Length() != 2 || head.First().AttrOr("href", "") != "/quotes.atom?stance=fragile" || head.First().AttrOr("type", "") != "application/atom+xml" {
		t.Errorf("the page names %d feeds", head.Length())
	}
}

func mustFilter(t *testing.T, query string) tenor.Filter {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, err := tenor.ParseFilter(values, tenor.Topics{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A reader that asks again gets nothing anew until something is.
func TestFeedsAreAskedConditionally(t *testing.T) {
	s := seeded(t)
	h := handlerOf(t, s, Options{})
	for path, words := range map[string]string{"/quotes.atom?stance=bullish": "We buy banks with both hands", "/quotes.json?stance=bullish": "Copper miners will surprise everybody"} {
		first := ask(t, h, path)
		again := func(header, value string) int {
			r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
			r.Header.Set(header, value)
			return send(h, r).Code
		}
		if code := again("If-None-Match", first.Header().Get("ETag")); code != http.StatusNotModified {
			t.Errorf("%s: the same ETag answers %d", path, code)
		}
		if code := again("If-Modified-Since", first.Header().Get("Last-Modified")); code != http.StatusNotModified {
			t.Errorf("%s: the same time %q answers %d", path, first.Header().Get("Last-Modified"), code)
		}
		if code := again("If-None-Match", `W/"other"`); code != http.StatusOK {
			t.Errorf("%s: another ETag answers %d", path, code)
		}
		a := tenor.Article{URL: "https://news.example/" + url.PathEscape(words), Outlet: "Market Lantern", Title: "Found late", Published: onDay("2019-03-04"), KnownAt: today.Add(-time.Hour)}
		a.Text = "“" + words + ",” said Ada Quill."
		save(t, s, a, quoteOf(a.Text, words, people[0], tenor.Bullish))
		if code := again("If-None-Match", first.Header().Get("ETag")); code != http.StatusOK {
			t.Errorf("%s: with a new quote the old ETag answers %d", path, code)
		}
		if body := ask(t, h, path).Body.String(); !strings.Contains(body, words) || strings.Index(body, words) > 2500 {
			t.Errorf("%s: what was found late is not first", path)
		}
	}
}

// Text from strangers is text in a feed, whatever it holds, and addresses that are no web
// addresses are none of its links.
func TestFeedTextStaysText(t *testing.T) {
	s := emptyStore(t)
	savePayloads(t, s)
	h := handlerOf(t, s, Options{})
	body := ask(t, h, "/quotes.atom?limit=500").Body.Bytes()
	var f struct {
		Entries []struct {
			Title   string `xml:"title"`
			Content struct {
				Type  string `xml:"type,attr"`
				Inner string `xml:",innerxml"`
				Text  string `xml:",chardata"`
			} `xml:"content"`
			Links []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(body, &f); err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Entries {
		if !slices.ContainsFunc(payloads, func(p string) bool { return inXML(p) == e.Content.Text }) {
			t.Errorf("%q is no payload as it was", e.Content.Text)
		}
		if strings.ContainsAny(e.Content.Inner, "<>") || e.Content.Type != "text" {
			t.Errorf("markup in %s", e.Content.Inner)
		}
		for _, l := range e.Links {
			if !strings.HasPrefix(l.Href, "http://") && !strings.HasPrefix(l.Href, "https://") {
				t.Errorf("a link to %q", l.Href)
			}
		}
	}
	if n := len(f.Entries); n < len(payloads)*4/5 { // some are copies of others by their words
		t.Errorf("%d entries for %d payloads", n, len(payloads))
	}
	var items struct {
		Items []struct{ Content_Text string }
	}
	if err := json.Unmarshal(ask(t, h, "/quotes.json?limit=500").Body.Bytes(), &items); err != nil || len(items.Items) != len(f.Entries) {
		t.Errorf("%d items (%v)", len(items.Items), err)
	}
}

// inXML is a text with a mark for each character that XML cannot hold.
func inXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return '\ufffd'
		}
		return r
	}, s)
}

// saving is a server that may write.
func saving(t *testing.T) http.Handler {
	s := seeded(t)
	return handlerOf(t, s, Options{Corrector: s, Keeper: s})
}

// A search is saved from its page by a form, has an address and feeds, and is removed.
func TestSavedSearchesOnPages(t *testing.T) {
	h := saving(t)
	doc := page(t, h, "/quotes?stance=fragile&q=rally")
	form := doc.Find("form[action='/searches']")
	query := form.Find("input[name=query]").AttrOr("value", "")
	if form.AttrOr("method", "") != "post" || query != "q=rally&stance=fragile" {
		t.Fatalf("the form saves %q", query)
	}
	w := post(h, "/searches", url.Values{"query": {query}, "name": {" Rallies,  doubted "}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/searches/Rallies%2C%20doubted" {
		t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	permalink := ask(t, h, "/searches/rallies%20doubted")
	if permalink.Code != http.StatusFound || permalink.Header().Get("Location") != "/quotes?q=rally&stance=fragile" {
		t.Errorf("the permanent address answers %d, %q", permalink.Code, permalink.Header().Get("Location"))
	}
	if text := page(t, h, "/quotes?q=rally&stance=fragile").Find(".downloads").Text(); !strings.Contains(text, "saved as Rallies, doubted") {
		t.Errorf("the page of the quotes says %q", text)
	}
	for _, suffix := range []string{".atom", ".json"} {
		f, err := gofeed.NewParser().ParseString(ask(t, h, "/searches/Rallies%2C%20doubted"+suffix).Body.String())
		if err != nil || f.Title != "Tenor: Rallies, doubted" || len(f.Items) == 0 {
			t.Errorf("%s: %+v (%v)", suffix, f, err)
		}
	}
	list := page(t, h, "/searches").Find(".searches li")
	if list.Length() != 1 || !strings.Contains(list.Text(), "“rally”, stance fragile") {
		t.Errorf("the list has %q", list.Text())
	}
	if w := post(h, "/searches", url.Values{"query": {"stance=bullish"}, "name": {"rallies doubted"}}); w.Code != http.StatusConflict {
		t.Errorf("a name that is taken answers %d", w.Code)
	}
	remove := list.Find("form").AttrOr("action", "")
	if w := post(h, remove, url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("removing at %q answers %d", remove, w.Code)
	}
	if w := post(h, remove, url.Values{}); w.Code != http.StatusNotFound {
		t.Errorf("removing twice answers %d", w.Code)
	}
	for _, address := range []string{"/searches/x", "/searches/x.atom", "/searches/Rallies%2C%20doubted.json"} {
		if w := ask(t, h, address); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", address, w.Code)
		}
	}
}

// Nobody saves or removes a search where the server only shows, nor from another site, nor
// what is none.
func TestSavingIsGuarded(t *testing.T) {
	s := seeded(t)
	if err := s.SaveSearch(t.Context(), tenor.SavedSearch{Name: "kept", Query: "stance=bullish", Who: "nell"}, false); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"query": {"stance=fragile"}, "name": {"mine"}}
	shows := handlerOf(t, s, Options{})
	for _, path := range []string{"/searches", "/searches/kept/remove"} {
		if w := post(shows, path, form); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
			t.Errorf("POST %s on a server that only shows answers %d", path, w.Code)
		}
		if w := post(handlerOf(t, s, Options{Keeper: s}), path, form, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"); w.Code != http.StatusForbidden {
			t.Errorf("POST %s from elsewhere answers %d", path, w.Code)
		}
	}
	if n := page(t, shows, "/quotes?stance=fragile").Find("form[action='/searches']").Length() + page(t, shows, "/searches").Find("main form").Length(); n != 0 {
		t.Errorf("%d forms on pages that only show", n)
	}
	h := handlerOf(t, s, Options{Keeper: s})
	for _, bad := range []url.Values{
		{"query": {"stance=glum"}, "name": {"x"}}, {"query": {"%zz"}, "name": {"x"}}, {"query": {"cursor=1"}, "name": {"x"}}, {"query": {"a=b"}, "name": {"x"}},
		{"query": {"stance=fragile"}}, {"query": {"stance=fragile"}, "name": {"a/b"}}, {"query": {"stance=fragile"}, "name": {"a.atom"}},
		{"query": {"stance=fragile"}, "name": {strings.Repeat("a", 99)}}, {"query": {"stance=fragile"}, "name": {"\x00a"}}, {"query": {"q=%ff"}, "name": {"x"}},
		{"query": {"stance=fragile"}, "name": {"x"}, "who": {strings.Repeat("w", 99)}},
	} {
		if w := post(h, "/searches", bad); w.Code != http.StatusBadRequest {
			t.Errorf("%v answers %d", bad, w.Code)
		}
	}
	list, err := s.Searches(t.Context())
	if err != nil || len(list) != 1 {
		t.Errorf("%+v (%v)", list, err)
	}
}

// A search for a theme that is configured no longer says so, and breaks nothing.
func TestSavedSearchOfATopicThatIsGone(t *testing.T) {
	s := seeded(t)
	if err := s.SaveSearch(t.Context(), tenor.SavedSearch{Name: "<b>buybacks", Query: "theme=buybacks", Who: "nell"}, false); err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, s, Options{})
	if text := page(t, h, "/searches").Find(".searches .warn").Text(); !strings.Contains(text, `"buybacks" is not one of`) {
		t.Errorf("the list says %q", text)
	}
	for _, path := range []string{"/searches/%3Cb%3Ebuybacks", "/searches/%3Cb%3Ebuybacks.atom"} {
		if w := ask(t, h, path); w.Code != http.StatusBadRequest {
			t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
		}
	}
	if w := ask(t, h, "/quotes"); w.Code != http.StatusOK {
		t.Errorf("the quotes answer %d", w.Code)
	}
}

// Saved searches are found from every page, without having searched before.
func TestNavigationLeadsToSavedSearches(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, address := range []string{"/", "/about", "/searches"} {
		link := page(t, h, address).Find(`header nav a[href="/searches"]`)
		if link.Text() != "Saved searches" || (link.AttrOr("aria-current", "") == "page") != (address == "/searches") {
			t.Errorf("the navigation of %s leads to saved searches by %q", address, link.Text())
		}
	}
}
