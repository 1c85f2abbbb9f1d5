package web

import (
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	_ "github.com/mattn/go-sqlite3"

	"tenor"
)

// A quote's page shows what tenor explain would: each label, its runner-up and the
// words with their weights.
func TestQuotePageExplains(t *testing.T) {
	g := newTagged(t)
	h := handlerOf(t, g, Options{Explainer: tagger()})
	q := g.of(t, "Small caps have room")
	doc := page(t, h, "/quotes/"+q.ID)
	e, err := tagger().Explain(&tenor.Article{URL: q.URL, Title: q.Title, Text: crossroads}, q.ID)
	if err != nil {
		t.Fatal(err)
	}
	grounds := doc.Find(".ground")
	if grounds.Length() != len(e.Labels) || len(e.Labels) < 3 {
		t.Fatalf("%d labels are explained, want %d", grounds.Length(), len(e.Labels))
	}
	for i, l := range e.Labels {
		text := strings.Join(strings.Fields(grounds.Eq(i).Text()), " ")
		want := []string{l.Label, human(l.Value), percent(l.Share), "all else", logOdds(l.Rest)}
		if l.RunnerUp != "" {
			want = append(want, "before "+human(l.RunnerUp)+" "+percent(l.Second))
		}
		for _, r := range l.Reasons {
			want = append(want, r.Span.In(crossroads), logOdds(r.Weight))
		}
		for _, w := range want {
			if w = strings.Join(strings.Fields(w), " "); !strings.Contains(text, w) {
				t.Errorf("%s lacks %q: %s", l.Label, w, text)
			}
		}
		// A bar on the other side of the middle for what speaks against.
		grounds.Eq(i).Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			against := strings.HasPrefix(row.Find("td.n").Text(), "−")
			if left := strings.HasPrefix(row.Find("rect").AttrOr("x", ""), "-"); left && !against {
				t.Errorf("the bar of %s", row.Text())
			}
		})
	}
	if spoke := doc.Find(".spoke").Text(); !strings.Contains(spoke, "named in full: Odo Quill; reported by said") {
		t.Errorf("the speaker is explained by %q", spoke)
	}
	context := doc.Find(".context").Text()
	if !strings.Contains(context, "rose for a fourth week") || !strings.Contains(context, "Not everybody") || strings.Contains(context, "Trading was thin") {
		t.Errorf("the context is %q", context)
	}
	if words := doc.Find(".context mark").Text(); words != q.Text() {
		t.Errorf("marked is %q", words)
	}
	if doc.Find(".context mark em.why").Length() == 0 {
		t.Error("no deciding words are marked")
	}
	want := "Odo Quill, strategist, Pell Research: “Small caps have room to run, since rate cuts lower their interest costs and earnings are turning up”. " +
		"In: Ines Calder, “Small caps at a crossroads”, The Tidewater Post, 2025-09-18, https://news.example/crossroads."
	if got := doc.Find("#cite-text").Text(); got != want {
		t.Errorf("to cite:\n %s\nwant:\n %s", got, want)
	}
	for _, href := range []string{articlePath(&q), "https://news.example/crossroads", "/api/v1/quotes/" + q.ID, "/quotes/" + q.ID} {
		if doc.Find("main a[href='"+href+"']").Length() == 0 {
			t.Errorf("no link to %s", href)
		}
	}
}

// counting counts how often articles are tagged to explain their quotes.
type counting struct {
	Explainer
	asked atomic.Int32
}

func (c *counting) ExplainAll(a *tenor.Article) ([]tenor.Explanation, error) {
	c.asked.Add(1)
	return c.Explainer.ExplainAll(a)
}

func TestArticleMarginExplains(t *testing.T) {
	g := newTagged(t)
	c := &counting{Explainer: tagger()}
	doc := page(t, handlerOf(t, g, Options{Explainer: c}), "/articles/1")
	if n := c.asked.Load(); n != 1 {
		t.Errorf("the article was tagged %d times", n)
	}
	details := doc.Find(".notes details.reasons")
	if details.Length() != len(g.quotes) || len(g.quotes) < 3 {
		t.Fatalf("%d of %d quotes are explained", details.Length(), len(g.quotes))
	}
	details.Each(func(_ int, d *goquery.Selection) {
		if d.Find(".weights tbody tr").Length() < 2 || d.Find("a[href^='/quotes/']").Length() != 1 {
			t.Errorf("a margin without weights or a link: %s", d.Text())
		}
	})
	q := g.of(t, "We would not chase")
	if page(t, handlerOf(t, g, Options{}), "/quotes").Find("a[href='/quotes/"+q.ID+"']").Length() != 1 {
		t.Error("the list does not lead to the quote")
	}
}

// Without a tagger at hand the pages show what the store keeps.
func TestPagesWithoutExplainer(t *testing.T) {
	g := newTagged(t)
	h := handlerOf(t, g, Options{})
	q := g.of(t, "Small caps have room")
	doc := page(t, h, "/quotes/"+q.ID)
	if doc.Find(".weights").Length() != 0 || doc.Find(".ground").First().Find("q").Length() == 0 {
		t.Errorf("shown without a tagger: %s", doc.Find(".grounds").Text())
	}
	if !strings.Contains(doc.Text(), "tenor explain "+q.ID) {
		t.Error("the page does not say what weighs the words")
	}
	if doc.Find(".warn").Length() != 0 {
		t.Error("it warns of a tagger that was not asked")
	}
	if w := ask(t, h, "/api/v1/quotes/"+q.ID+"/explanation"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "tenor explain") {
		t.Errorf("the API answers %d: %s", w.Code, w.Body)
	}
}

// A store that an older tagger filled says so, and keeps what it has in sight.
func TestQuoteThatTheTaggerReadsOtherwise(t *testing.T) {
	g := newTagged(t)
	h := handlerOf(t, g, Options{Explainer: tagger()})
	a, _, err := g.Article(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	quotes, err := tagger().Tag(&a)
	if err != nil {
		t.Fatal(err)
	}
	kept := quotes[0]
	kept.Stance = other(quotes[0].Stance)
	at := strings.Index(crossroads, "Trading was thin")
	gone := tenor.Quote{
		Spans: []tenor.Span{{at, at + 16}}, Kind: tenor.Indirect, Speaker: "Vera Umber", SpeakerType: tenor.Analyst,
		Stance: tenor.Fragile, Claim: tenor.Recap, Subject: "us-stocks", Attribution: 0.7, Resolved: tenor.ByPronoun,
		Evidence: []tenor.Evidence{{Tag: "stance:fragile", Span: tenor.Span{at + 12, at + 16}}},
	}
	gone.ID = tenor.QuoteID(a.Key(), gone.Speaker, gone.Segments(a.Text))
	if err := g.ReplaceQuotes(t.Context(), 1, []tenor.Quote{kept, gone}, "old-1"); err != nil {
		t.Fatal(err)
	}
	doc := page(t, h, "/quotes/"+gone.ID)
	if !strings.Contains(doc.Find(".warn").Text(), "does not find this quote") || !strings.Contains(doc.Find(".warn").Text(), "tenor retag") {
		t.Errorf("a quote that is gone warns: %q", doc.Find(".warn").Text())
	}
	if text := doc.Find("#main").Text(); !strings.Contains(text, "▼ fragile") || !strings.Contains(doc.Find(".ground q").Text(), "thin") || !strings.Contains(text, "old-1") {
		t.Errorf("what the store keeps is not shown: %s", text)
	}
	if w := ask(t, h, "/api/v1/quotes/"+gone.ID+"/explanation"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "retag") {
		t.Errorf("the API answers %d: %s", w.Code, w.Body)
	}
	doc = page(t, h, "/quotes/"+kept.ID)
	if !strings.Contains(doc.Find(".warn").Text(), "other labels") || !strings.Contains(doc.Find(".ground .warn").Text(), "stored: "+string(kept.Stance)) {
		t.Errorf("a quote that would be labelled otherwise warns: %q", doc.Find(".warn").Text())
	}
	if page(t, h, "/articles/1").Find(".reasons .warn").Length() < 2 {
		t.Error("the article does not warn")
	}
}

// other is another stance.
func other(s tenor.Stance) tenor.Stance {
	if s == tenor.Fragile {
		return tenor.Bullish
	}
	return tenor.Fragile
}

func TestHumanLabelIsSaid(t *testing.T) {
	g := newTagged(t)
	q := g.of(t, "Small caps have room")
	db, err := sql.Open("sqlite3", g.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO labels (quote_id, field, value, who, at) VALUES (?, 'stance', ?, 'nell', ?)`, q.ID, other(q.Stance), today.Unix()); err != nil {
		t.Fatal(err)
	}
	h := handlerOf(t, g, Options{Explainer: tagger()})
	doc := page(t, h, "/quotes/"+q.ID)
	text := strings.Join(strings.Fields(doc.Find("#main").Text()), " ")
	for _, want := range []string{"A person labelled this quote", "Labelled bya person", "stored: " + string(other(q.Stance)), "stance " + shape(q.Stance) + " " + string(q.Stance)} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "tenor retag") {
		t.Error("it asks for a retag, which would not touch a person's label")
	}
	var r tenor.Record
	if err := json.Unmarshal(ask(t, h, "/api/v1/quotes/"+q.ID).Body.Bytes(), &r); err != nil || r.LabelSource != tenor.LabelHuman || r.Stance != other(q.Stance) {
		t.Errorf("the API says %s by %s (%v)", r.Stance, r.LabelSource, err)
	}
}

func TestExplanationAsJSON(t *testing.T) {
	g := newTagged(t)
	h := handlerOf(t, g, Options{Explainer: tagger()})
	q := g.of(t, "We would not chase")
	w := ask(t, h, "/api/v1/quotes/"+q.ID+"/explanation")
	var got struct {
		Quote  tenor.Record
		Labels []struct {
			Label, Value, Runner_Up      string
			Share, Rest, Runner_Up_Share float64
			Evidence                     []struct{ Text string }
			Reasons                      []struct {
				Span   tenor.Span
				Text   string
				Weight float64
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || got.Quote.ID != q.ID || len(got.Labels) < 2 {
		t.Fatalf("answers %d (%v): %s", w.Code, err, w.Body)
	}
	for _, l := range got.Labels {
		odds, sum := math.Log(l.Share/l.Runner_Up_Share), l.Rest
		if l.Label == "theme" {
			odds = math.Log(l.Share / (1 - l.Share))
		}
		for _, r := range l.Reasons {
			sum += r.Weight
			if r.Span.In(crossroads) != r.Text {
				t.Errorf("%v is %q, not %q", r.Span, r.Span.In(crossroads), r.Text)
			}
		}
		if math.Abs(sum-odds) > 0.05 {
			t.Errorf("%s %s: the weights come to %.3f, its odds to %.3f", l.Label, l.Value, sum, odds)
		}
	}
	if got.Labels[0].Label != "stance" || got.Labels[0].Value != string(q.Stance) || got.Labels[0].Runner_Up == "" || len(got.Labels[0].Evidence) == 0 {
		t.Errorf("the stance: %+v", got.Labels[0])
	}
}

// The pages stay light: ask as a browser does and weigh what comes.
func TestPagesWithReasonsAreLight(t *testing.T) {
	g := newTagged(t)
	id := g.addLong(t, mostExplained)
	h := handlerOf(t, g, Options{Explainer: tagger()})
	for _, address := range []string{"/articles/1", fmt.Sprintf("/articles/%d", id), "/quotes/" + g.of(t, "Small caps have room").ID} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+address, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := send(h, r)
		size := w.Body.Len()
		if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "gzip" || size > 40_000 {
			t.Errorf("%s answers %d with %d bytes", address, w.Code, size)
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := io.Copy(io.Discard, z)
		t.Logf("%s: %d bytes, %d unpacked", address, size, plain)
	}
}

// Of very many quotes the weights are on their own pages, to which the margin leads.
func TestManyQuotesAreNotWeighedAtOnce(t *testing.T) {
	g := newTagged(t)
	for n, weighed := range map[int]bool{mostExplained: true, mostExplained + 1: false} {
		doc := page(t, handlerOf(t, g, Options{Explainer: tagger()}), fmt.Sprintf("/articles/%d", g.addLong(t, n)))
		details := doc.Find(".notes .reasons")
		if details.Length() != n || (details.Find(".weights").Length() > 0) != weighed || details.Find("a[href^='/quotes/']").Length() != n || details.Find("q").Length() == 0 {
			t.Errorf("of %d quotes %d are explained with %d tables", n, details.Length(), details.Find(".weights").Length())
		}
	}
}

// The reasons open without scripts, and show their words, bars and links.
func TestReasonsInBrowser(t *testing.T) {
	g := newTagged(t)
	b := openWith(t, g, Options{Explainer: tagger()})
	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/articles/1")
	const table = `document.querySelector(".reasons .weights")`
	if js[bool](t, b, table+`.checkVisibility()`) {
		t.Error("the reasons stand open unasked")
	}
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(".reasons summary"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, table+`.checkVisibility()`)
	if !js[bool](t, b, `[...document.querySelectorAll(".reasons[open] rect")].some(r => r.getBoundingClientRect().width > 10)`) {
		t.Error("no bar can be seen")
	}
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(".reasons[open] a[href^='/quotes/']"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, `location.pathname.startsWith("/quotes/") && !!document.querySelector("#why")`)
	b.quiet(t)
}
