package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// house is a store with a firm whose people disagree, and one that speaks for itself.
func house(t *testing.T) http.Handler {
	s := emptyStore(t)
	n := 0
	say := func(day, name string, kind tenor.SpeakerType, stance tenor.Stance) {
		n++
		words := sayings[stance][n%len(sayings[stance])] + " Mark " + strconv.Itoa(n) + "."
		a := tenor.Article{URL: "https://news.example/" + strconv.Itoa(n), Outlet: "Market <b>Lantern", Title: "Caps", Published: onDay(day), KnownAt: today, Text: strings.ReplaceAll(words, "~", "")}
		who := people[0]
		who.name = name
		q := quoteOf(a.Text, words, who, stance)
		q.SpeakerType = kind
		save(t, s, a, q)
	}
	say("2025-07-01", "Ada Quill", tenor.Analyst, tenor.Bullish)
	say("2025-07-20", "Esme <i>Tanaka", tenor.Analyst, tenor.Fragile)
	say("2025-08-10", "Ada Quill", tenor.Analyst, tenor.Fragile)
	say("2025-09-20", "Esme <i>Tanaka", tenor.Analyst, tenor.Bullish)
	say("2025-09-25", "Bo Reed", tenor.Analyst, tenor.Neutral)
	say("2025-09-26", people[0].firm, tenor.Institution, tenor.Bullish)
	return handlerOf(t, s, Options{})
}

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestFirmSideBySide(t *testing.T) {
	h := house(t)
	doc := page(t, h, "/firms/Harrow%20Lane%20Capital")
	var lines []string
	doc.Find(".strips tbody tr").Each(func(_ int, tr *goquery.Selection) {
		lines = append(lines, words(tr.Find("th"))+" | "+words(tr.Find("td").First()))
		strip := tr.Find("svg.strip")
		if strip.AttrOr("role", "") != "img" || !strings.Contains(strip.AttrOr("aria-label", ""), " from 2025-") || strip.Find("rect").Length() == 0 {
			t.Errorf("a strip says %q", strip.AttrOr("aria-label", ""))
		}
		if words(tr.Find("td").Last().Find("a")) == "" {
			t.Error("a line lacks its last quote")
		}
		tr.Find("a").Each(func(_ int, a *goquery.Selection) {
			if w := ask(t, h, a.AttrOr("href", "")); w.Code != http.StatusOK {
				t.Errorf("%s answers %d", a.AttrOr("href", ""), w.Code)
			}
		})
	})
	want := "Harrow Lane Capital the firm itself | ▲ bullish since 2025-09-26; Bo Reed | ● neutral since 2025-09-25; " +
		"Esme <i>Tanaka | ▲ bullish since 2025-09-20; Ada Quill | ▼ fragile since 2025-08-10"
	if got := strings.Join(lines, "; "); got != want {
		t.Errorf("lines\n %s, want\n %s", got, want)
	}
	if got := words(doc.Find("section .note").Eq(1)); !strings.Contains(got, "3 people stand today: 1 bullish, 1 neutral, 1 fragile; agreement 0.") || !strings.Contains(got, "contradicted each other") {
		t.Errorf("it says %q", got)
	}
	disputes := doc.Find(".disputes li")
	if got := words(disputes.Last()); disputes.Length() != 2 || !strings.HasPrefix(got, "small caps 2025-07-20 to 2025-08-09: ▲ bullish Ada Quill against ▼ fragile Esme <i>Tanaka") {
		t.Errorf("%d disputes, the first %q", disputes.Length(), got)
	}
	disputes.Find("a").Each(func(_ int, a *goquery.Selection) {
		if w := ask(t, h, a.AttrOr("href", "")); w.Code != http.StatusOK {
			t.Errorf("%s answers %d", a.AttrOr("href", ""), w.Code)
		}
	})
	if got := doc.Find(".turns li").Length(); got != 2 {
		t.Errorf("%d changes of mind, want 2", got)
	}
}

func TestAnalystOverTime(t *testing.T) {
	doc := page(t, house(t), "/analysts/Ada%20Quill")
	if got := words(doc.Find(".turns li")); got != "2025-08-10 small caps: ▲ bullish → ▼ fragile after 40 days" {
		t.Errorf("it says %q", got)
	}
	if got := words(doc.Find(".themes")); got != "Speaks of earnings 2, rates 2" && got != "Speaks of rates 2, earnings 2" {
		t.Errorf("themes: %q", got)
	}
	if doc.Find(".strips tbody tr").Length() != 1 || doc.Find("#disagree").Length() != 0 {
		t.Error("an analyst has other lines than one for a subject")
	}
}

// Who is not here gets names that are.
func TestUnknownNamesAreGuessed(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for address, want := range map[string]string{
		"/analysts/Ada%20Quil":     "/analysts/Ada%20Quill",
		"/analysts/Okonjo":         "/analysts/Bertil%20Okonjo",
		"/firms/Meridan%20Ash":     "/firms/Meridian%20Ash",
		"/quotes?analyst=Quil":     "/analysts/Ada%20Quill",
		"/quotes?q=lantren":        "/outlets/Market%20Lantern",
		"/quotes?outlet=Lantern":   "/outlets/Market%20Lantern",
		"/analysts/Ada%20Q%3Ci%3E": "",
	} {
		w := ask(t, h, address)
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		link := doc.Find(`.empty p:contains("Did you mean") a`).First()
		if got := link.AttrOr("href", ""); got != want {
			t.Errorf("%s (%d) proposes %q, want %q", address, w.Code, got, want)
		}
	}
}

// Copies stand under the report that comes first, each quote once, so that the list has as
// many as the total says.
func TestCopiesAreFolded(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	doc := page(t, h, "/quotes?limit=500")
	total := strings.Fields(doc.Find(".total strong").Text())[0]
	items, folded := doc.Find("li.quote").Length(), doc.Find(".copied li").Length()
	if folded == 0 || strconv.Itoa(items+folded) != total {
		t.Errorf("%d quotes and %d copies under them, the total says %s", items, folded, total)
	}
	seen := map[string]bool{}
	doc.Find("li.quote a[data-open], .copied a").Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); seen[href] {
			t.Errorf("%s stands twice", href)
		} else {
			seen[href] = true
		}
	})
	if got := doc.Find(`.tag:contains("outlets")`).First().Text(); got != "2 reports in 2 outlets" {
		t.Errorf("the reach is %q", got)
	}
	// And page by page, there and back.
	second := page(t, h, "/quotes?limit=20").Find("a[rel=next]").First().AttrOr("href", "")
	if back := page(t, h, second).Find("a[rel=prev]").First().AttrOr("href", ""); words(page(t, h, back).Find(".quotes")) != words(page(t, h, "/quotes?limit=20").Find(".quotes")) {
		t.Errorf("%s does not lead back to the first page", back)
	}
}

func TestAboutTellsAccuracy(t *testing.T) {
	s := seeded(t)
	figure := tenor.Measure{Name: "stance_accuracy", Value: 0.62, Low: 0.56, High: 0.68}
	came := tenor.Accuracy{Set: "newswire", At: today, Tagger: "t-1", Articles: 60, Quotes: 419, Measures: []tenor.Measure{figure, {Name: "own_<b>", Value: 1, Low: 1, High: 1}}}
	h := handlerOf(t, s, Options{Tagger: "t-1", Accuracy: []tenor.Accuracy{came}})
	text := words(page(t, h, "/about").Find("main"))
	if !strings.Contains(text, "60 articles, 419 quotes") || !strings.Contains(text, "stance62 %[56 %, 68 %]") || !strings.Contains(text, "own_<b>") || strings.Contains(text, "another tagger") || strings.Contains(text, "measured here") {
		t.Errorf("it says %.3000s", text)
	}
	own := came
	own.Tagger, own.Articles = "t-0+topics.1", 3
	if err := s.SaveAccuracy(t.Context(), []tenor.Accuracy{own}); err != nil {
		t.Fatal(err)
	}
	if err := s.Label(t.Context(), firstQuote, "stance", "neutral", "nell"); err != nil {
		t.Fatal(err)
	}
	doc := page(t, h, "/about")
	text = words(doc.Find("main"))
	if !strings.Contains(text, "newswire measured here") || !strings.Contains(text, "another tagger") || !strings.Contains(text, "intervals are rough") || strings.Contains(text, "60 articles") {
		t.Errorf("it says %s", text)
	}
	if got := words(doc.Find(`table:contains("judged") tbody`)); got != "stance11 is a quote10" {
		t.Errorf("people said %q", got)
	}
	if text := words(page(t, handlerOf(t, emptyStore(t), Options{}), "/about").Find("main")); !strings.Contains(text, "Nothing is measured yet") {
		t.Error("without figures it does not say how to measure")
	}
}

func TestOutletSaysWhomItCopies(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	doc := page(t, h, "/outlets/Copy%20Cat%20Finance")
	if got := words(doc.Find("section[aria-labelledby=copies]")); !strings.Contains(got, "repeated 8 reports") || !strings.Contains(got, "It repeatsDaily Ledger 4 reports") {
		t.Errorf("it says %q", got)
	}
	href := doc.Find(".sides a").First().AttrOr("href", "")
	if got := words(page(t, h, href).Find(".sides")); !strings.Contains(got, "It is repeated by") || !strings.Contains(got, "Copy Cat Finance") {
		t.Errorf("%s says %q", href, got)
	}
	if w := ask(t, h, "/outlets/Nobody"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown outlet answers %d", w.Code)
	}
}
