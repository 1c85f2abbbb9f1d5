package web

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

func TestQuotePageListsReports(t *testing.T) {
	g := newTagged(t)
	g.addCopy(t, "https://copy.example/1", "Copy Cat Finance", "2025-09-19")
	g.addCopy(t, "https://first.example/1", "Dockside Wire", "2025-09-17")
	g.addCopy(t, "https://late.example/1", "No Date Daily", "")
	h := handlerOf(t, g, Options{Explainer: tagger()})
	var found struct{ Quotes []tenor.Record }
	if err := json.Unmarshal(ask(t, h, "/api/v1/quotes?q=room&outlet=Copy+Cat+Finance").Body.Bytes(), &found); err != nil || len(found.Quotes) != 1 {
		t.Fatalf("%d quotes (%v)", len(found.Quotes), err)
	}
	doc := page(t, h, "/quotes/"+found.Quotes[0].ID)
	var outlets []string
	doc.Find(".reports li").Each(func(_ int, li *goquery.Selection) {
		outlets = append(outlets, li.Find("bdi").First().Text())
		href, linked := li.Find("a").Attr("href")
		if this := li.Find("bdi").First().Text() == "Copy Cat Finance"; linked == this {
			t.Errorf("%s: linked %t", li.Text(), linked)
		} else if linked && ask(t, h, href).Code != http.StatusOK {
			t.Errorf("%s leads nowhere", href)
		}
	})
	if got := strings.Join(outlets, ", "); got != "Dockside Wire, The Tidewater Post, Copy Cat Finance, No Date Daily" {
		t.Errorf("reports: %s", got)
	}
	if !strings.Contains(doc.Find("#reports").Text(), "4 reports") {
		t.Errorf("the heading says %q", doc.Find("#reports").Text())
	}
}

// Reports that contradict each other are said to, in one sentence, and rewritten ones
// are listed with what they were made from.
func TestQuotePageShowsContradiction(t *testing.T) {
	s := emptyStore(t)
	who := people[0]
	print := func(url, outlet, published, words string, stance tenor.Stance, more string) tenor.Quote {
		a := tenor.Article{URL: url, Outlet: outlet, Title: "Caps", Published: onDay(published), KnownAt: today, Text: words + "\n\n" + more}
		q := quoteOf(a.Text, words, who, stance)
		q.ID = tenor.QuoteID(a.Key(), q.Speaker, q.Segments(a.Text))
		save(t, s, a, q)
		return q
	}
	first := print("https://a.example/1", "Market Lantern", "2025-09-18", "She does not think that this rebound will go on over the next 12 months", tenor.Fragile, "")
	print("https://b.example/1", "Copy <i>Cat</i>", "2025-09-19", "She does think this rally will go on for the next 12 months", tenor.Bullish, "")
	doc := page(t, handlerOf(t, s, Options{}), "/quotes/"+first.ID)
	if got, want := doc.Find(".contradiction").Text(), "Reports of these words contradict each other: Market Lantern has them fragile, "+
		"Copy <i>Cat</i> bullish, for one of them has lost a “not”; the consensus follows the first as the better copy."; got != want {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(strings.Fields(doc.Find(".reports li").Last().Text()), " "); !strings.Contains(got, "reworded") || !strings.Contains(got, "Copy <i>Cat</i>") {
		t.Errorf("the copy is listed as %q", got)
	}
	if got := doc.Find("section[aria-labelledby=reports] .note").First().Text(); !strings.Contains(got, "2 outlets") {
		t.Errorf("reach: %q", got)
	}
}

func TestArticlePageNamesReprints(t *testing.T) {
	s := emptyStore(t)
	story := strings.Repeat("Freight rates rose in the harbor towns while lenders there counted their losses and waited for spring. ", 3)
	var last int64
	for i, outlet := range []string{"Market Lantern", "Copy Cat Finance"} {
		last = save(t, s, tenor.Article{URL: fmt.Sprint("https://news.example/", i), Outlet: outlet, Title: "Harbor", Published: onDay("2025-09-18"), KnownAt: today, Text: story})
	}
	doc := page(t, handlerOf(t, s, Options{}), fmt.Sprint("/articles/", last))
	if got := strings.Join(strings.Fields(doc.Find(".reprints").Text()), " "); !strings.HasPrefix(got, "Also printed by Market Lantern (") {
		t.Errorf("got %q", got)
	}
	if href, _ := doc.Find(".reprints a").Attr("href"); href != fmt.Sprint("/articles/", last-1) {
		t.Errorf("it leads to %s", href)
	}
}

func TestUnknownQuoteHelps(t *testing.T) {
	g := newTagged(t)
	h := handlerOf(t, g, Options{Explainer: tagger()})
	for _, id := range []string{"0123456789abcdef", "none", "%3Cscript%3E", "%ff", "%00", strings.Repeat("a", 3000)} {
		w := ask(t, h, "/quotes/"+id)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "identifier") || !strings.Contains(w.Body.String(), `href="/quotes"`) || w.Body.Len() > 8000 {
			t.Errorf("/quotes/%.40s answers %d: %.300s", id, w.Code, w.Body)
		}
		for _, path := range []string{"", "/explanation"} {
			if w := ask(t, h, "/api/v1/quotes/"+id+path); w.Code != http.StatusNotFound || !json.Valid(w.Body.Bytes()) {
				t.Errorf("/api/v1/quotes/%.40s%s answers %d", id, path, w.Code)
			}
		}
	}
}

// The words around a quote are bounded where a text has no paragraphs.
func TestContextOfAWallOfText(t *testing.T) {
	text := "A title.\n\n" + strings.Repeat("Überall words and more words. ", 400) + "“We like them,” said Ada. " + strings.Repeat("And then märkte moved on. ", 400) + "\n\nMore to read."
	at := strings.Index(text, "We like them")
	list := around(text, &tenor.Record{Quote: tenor.Quote{ID: "x", Spans: []tenor.Span{{at, at + 12}}}})
	var b strings.Builder
	for _, e := range list {
		for _, p := range e.Pieces {
			b.WriteString(p.Text)
		}
	}
	got := b.String()
	if len(got) > 2*aside+100 || !strings.Contains(got, "“We like them,” said Ada") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") {
		t.Errorf("%d bytes: %.60q to %.60q", len(got), got, got[max(0, len(got)-60):])
	}
	if strings.ToValidUTF8(got, "") != got {
		t.Error("a character is cut in two")
	}
}

// Whatever the text and the spans, the context has all words of the quote, marked.
func TestContextHasTheQuote(t *testing.T) {
	words := []string{"rates", "“we", "é", "🙂", "\n\n", "\n", " ", "日本", "\n\n\n", strings.Repeat("long ", 90), strings.Repeat("x", 500)}
	random := rand.New(rand.NewPCG(3, 5))
	marked := func(pieces []piece) string {
		var b strings.Builder
		for _, p := range pieces {
			if len(p.Marks) > 0 {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	for range 500 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(words[random.IntN(len(words))])
		}
		text := b.String()
		r := tenor.Record{Quote: tenor.Quote{ID: "x"}}
		for range 1 + random.IntN(3) {
			from := random.IntN(len(text)+4) - 2
			r.Spans = append(r.Spans, tenor.Span{from, from + random.IntN(60)})
			r.Evidence = append(r.Evidence, tenor.Evidence{Tag: "theme:rates", Span: tenor.Span{random.IntN(len(text) + 1), random.IntN(len(text) + 1)}})
		}
		var want, got string
		for _, p := range markArticle(text, []tenor.Record{r}, true) {
			want += marked(p.Pieces)
		}
		for _, e := range around(text, &r) {
			got += marked(e.Pieces)
		}
		if got != want {
			t.Fatalf("%q shows %q, want %q", text, got, want)
		}
	}
}
