package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"tenor"
)

// press hits a key with nothing in focus.
func press(t *testing.T, b *browser, key string) {
	t.Helper()
	if err := chromedp.Do(b, chromedp.KeyEvent(key)); err != nil {
		t.Fatal(err)
	}
}

// One key corrects a stance on the quote's page; the chart's data moves, the correction
// survives tagging again, and one key takes it back.
func TestOneKeyCorrectsInBrowser(t *testing.T) {
	g := newTagged(t)
	q := g.of(t, "We would not chase")
	b := openWith(t, g.Store, Options{Explainer: tagger(), Corrector: g.Store, Who: "nell"})
	const points = `fetch("/api/v1/timeline").then((r) => r.json()).then((t) => { const p = t.points.at(-1); return [p.bullish, p.neutral, p.fragile].join("/") })`
	tally := func() string {
		t.Helper()
		v, err := chromedp.Run(b, chromedp.Evaluate[string](points, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	b.visit(t, "/quotes/"+q.ID)
	before := tally()
	press(t, b, "n")
	until(t, b, `document.readyState === "complete" && document.querySelectorAll(".acts > li").length === 1`)
	if got := js[string](t, b, `document.querySelector(".acts").innerText`); !strings.Contains(got, "neutral") || !strings.Contains(got, "nell") {
		t.Errorf("the history says %q", got)
	}
	if after := tally(); before != "1/0/1" || after != "1/1/0" {
		t.Errorf("the chart's last day went from %s to %s", before, after)
	}
	b.quiet(t)

	article, _, err := g.Article(t.Context(), q.ArticleID)
	if err != nil {
		t.Fatal(err)
	}
	again, err := tagger().Tag(&article)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.ReplaceQuotes(t.Context(), article.ID, again, "test-2"); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/quotes/"+q.ID)
	if after := tally(); after != "1/1/0" {
		t.Errorf("after tagging again: %s", after)
	}
	press(t, b, "u")
	until(t, b, `document.readyState === "complete" && !!document.querySelector(".act.gone")`)
	if after := tally(); after != before {
		t.Errorf("after undo: %s, want %s", after, before)
	}

	// Fields take the cursor, and typing in them is no key.
	press(t, b, "s")
	until(t, b, `document.activeElement.id === "c-speaker" && document.querySelector(".more").open`)
	js[bool](t, b, `document.activeElement.value = "", true`) // chromedp types the letter of a key that a page took
	press(t, b, "xbn")
	if got := js[string](t, b, `document.activeElement.value`); got != "xbn" {
		t.Errorf("the field holds %q", got)
	}
	press(t, b, "\r") // Enter saves, and gives no stance
	until(t, b, `document.readyState === "complete" && document.querySelector("h1").innerText === "xbn"`)
	if r, err := g.Record(t.Context(), q.ID); err != nil || r.Speaker != "xbn" || r.Stance != q.Stance {
		t.Errorf("%+v (%v)", r, err)
	}

	// Whoever turns the keys off has none.
	js[bool](t, b, `document.querySelector(".keys").open = true, document.querySelector("#keys-on").click(), true`)
	press(t, b, "x")
	b.visit(t, "/quotes/"+q.ID)
	if got := js[string](t, b, `document.querySelector("h1").innerText + document.querySelector("#keys-on").checked`); got != "xbnfalse" {
		t.Errorf("with keys off: %s", got)
	}
	b.quiet(t)
}

// The queue goes on by itself, and back by one key; without scripts the buttons do the same.
func TestReviewInBrowser(t *testing.T) {
	s, q := doubted(t)
	a := tenor.Article{URL: "https://news.example/doubt-2", Outlet: "Market Lantern", Title: "Thin trading", Published: onDay("2025-10-16"), KnownAt: today}
	words := sayings[tenor.Neutral][1]
	a.Text = "“" + strings.ReplaceAll(words, "~", "") + "” said Hugo Marchetti."
	second := quoteOf(a.Text, words, people[7], tenor.Neutral)
	second.Confidence = 0.6
	save(t, s, a, second)
	b := openWith(t, s, Options{Corrector: s})
	const who = `document.readyState === "complete" && document.querySelector(".card .name")?.innerText === `
	b.visit(t, "/review")
	until(t, b, who+`"Ada Quill"`)
	press(t, b, "j")
	until(t, b, who+`"Hugo Marchetti"`)
	press(t, b, "k")
	until(t, b, who+`"Ada Quill"`)
	press(t, b, "f")
	until(t, b, who+`"Hugo Marchetti" && document.querySelector(".progress").innerText.includes("1 judged")`)
	if r := record(t, s, q.ID); r.Stance != tenor.Fragile {
		t.Errorf("it is %s", r.Stance)
	}
	press(t, b, "u")
	until(t, b, who+`"Ada Quill"`)
	if r := record(t, s, q.ID); r.Stance != tenor.Neutral || r.LabelSource != tenor.LabelModel {
		t.Errorf("undone it is %s by %s", r.Stance, r.LabelSource)
	}
	press(t, b, "?")
	until(t, b, `document.querySelector(".keys").open`)
	b.quiet(t)

	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/review")
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS("button[value=bullish]"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, `document.readyState === "complete" && document.querySelector(".progress").innerText.includes("1 judged")`)
	if r := record(t, s, q.ID); r.Stance != tenor.Bullish {
		t.Errorf("without scripts it is %s", r.Stance)
	}
	b.quiet(t)
}

// A page elsewhere cannot correct through a reader's browser.
func TestOtherSitesCannotCorrect(t *testing.T) {
	s, q := doubted(t)
	b := openWith(t, s, Options{Corrector: s})
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<!DOCTYPE html><form id=f method=post action="%s/quotes/%s/corrections"><input name=do value=bullish></form><script>f.submit()</script>`, b.server.URL, q.ID)
	}))
	defer elsewhere.Close()
	if err := chromedp.Do(b, chromedp.Navigate(strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1))); err != nil {
		t.Fatal(err)
	}
	until(t, b, `location.pathname.endsWith("/corrections") && document.readyState === "complete"`)
	if r := record(t, s, q.ID); r.LabelSource != tenor.LabelModel {
		t.Error("another site corrected a quote")
	}
}
