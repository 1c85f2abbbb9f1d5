package web

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"tenor"
)

// loaded is an expression that is true once the page of an address is there.
func loaded(condition string) string { return `document.readyState === "complete" && ` + condition }

// Somebody without scripts searches, narrows, turns the page, goes back, reads a quote,
// corrects it, and asks the timeline for something else.
func TestPagesWithoutScripts(t *testing.T) {
	s := seeded(t)
	b := openWith(t, s, Options{Corrector: s})
	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do := func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(b, steps...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	total := func() string { return js[string](t, b, `document.querySelector(".total strong").innerText`) }
	first := func() string {
		return js[string](t, b, `document.querySelector(".quotes a[href^='/quotes/']").getAttribute("href")`)
	}

	b.visit(t, "/quotes?limit=7")
	all := total()
	do("search", chromedp.SendKeys(chromedp.ID("top-q"), "small\r"))
	until(t, b, loaded(`location.search === "?q=small"`))
	if total() == all {
		t.Errorf("the search finds %s of %s", total(), all)
	}
	do("unfold the facets", chromedp.Click(chromedp.CSS(".facets-on")))
	do("facet", chromedp.Click(chromedp.CSS(`.facets a[href*="stance=bullish"]`)))
	until(t, b, loaded(`location.search.includes("stance=bullish") && document.querySelectorAll(".chips li").length === 2`))
	if n := js[int](t, b, `document.querySelectorAll(".lead .stance:not(.bullish)").length`); n != 0 {
		t.Errorf("%d of those found are not bullish", n)
	}

	b.visit(t, "/quotes?limit=7")
	newest := first()
	do("next page", chromedp.Click(chromedp.CSS(`.pager a[rel=next]`)))
	until(t, b, loaded(`location.search.includes("cursor=")`))
	if first() == newest {
		t.Error("the next page is the same")
	}
	do("back", chromedp.Click(chromedp.CSS(`.list > .pager:first-child a.quiet`)))
	until(t, b, loaded(`!location.search.includes("cursor=")`))
	if first() != newest {
		t.Error("the way back leads elsewhere")
	}

	do("open a quote", chromedp.Click(chromedp.CSS(`.quotes a[href="`+newest+`"]`)))
	until(t, b, loaded(`location.pathname === "`+newest+`" && document.querySelector(".context").checkVisibility()`))
	id := strings.TrimPrefix(newest, "/quotes/")
	stance := "fragile"
	if record(t, s, id).Stance == tenor.Fragile {
		stance = "bullish"
	}
	do("correct", chromedp.Click(chromedp.CSS(`button[value=`+stance+`]`)))
	until(t, b, loaded(`document.querySelectorAll(".acts > li").length === 1`))
	if got := record(t, s, id); string(got.Stance) != stance || got.LabelSource != tenor.LabelHuman {
		t.Errorf("the correction left it %s by %s", got.Stance, got.LabelSource)
	}
	if n := js[int](t, b, `[...document.querySelectorAll("kbd, .keys-button")].filter((e) => e.checkVisibility()).length`); n != 0 {
		t.Errorf("%d keys are offered that do nothing", n)
	}

	b.visit(t, "/")
	do("controls", chromedp.Click(chromedp.CSS(`.controls summary`)), chromedp.SetValue(chromedp.ID("f-stance"), "bullish"), chromedp.Click(chromedp.CSS(`.controls form button`)))
	until(t, b, loaded(`location.search.includes("stance=bullish")`))
	do("table", chromedp.Click(chromedp.CSS(`.data > summary`)))
	until(t, b, `document.querySelector("#figures tbody tr").checkVisibility()`)
	do("window", chromedp.Click(chromedp.CSS(`.switch a[href*="window=30"]`)))
	until(t, b, loaded(`location.search.includes("window=30") && location.search.includes("stance=bullish")`))
	b.quiet(t)
}
