package web

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Search by keys alone: into the field, along the list, over to the next page, into a
// quote, and back; what the CSV holds is what the page counts.
func TestSearchInBrowser(t *testing.T) {
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	active := func() string {
		return js[string](t, b, `document.activeElement.closest("li")?.querySelector("a[href^='/quotes/']")?.getAttribute("href") ?? ""`)
	}
	hrefs := func() []string {
		return js[[]string](t, b, `[...document.querySelectorAll(".quotes > li")].map((li) => li.querySelector("a[href^='/quotes/']").getAttribute("href"))`)
	}
	b.visit(t, "/")
	press(t, b, "/")
	until(t, b, `document.activeElement.id === "top-q"`)
	js[bool](t, b, `document.activeElement.value = "", true`) // chromedp types the letter of a key that a page took
	press(t, b, "small")
	press(t, b, "\r")
	until(t, b, loaded(`location.pathname === "/quotes" && location.search === "?q=small"`))
	list := hrefs()
	press(t, b, "j")
	press(t, b, "j")
	if got := active(); got != list[1] {
		t.Errorf("after j j the focus is on %q, want %q", got, list[1])
	}
	press(t, b, "k")
	if got := active(); got != list[0] {
		t.Errorf("after k the focus is on %q, want %q", got, list[0])
	}
	press(t, b, "\r")
	until(t, b, loaded(`location.pathname === "`+list[0]+`"`))
	if err := chromedp.Do(b, chromedp.NavigateBack()); err != nil {
		t.Fatal(err)
	}
	until(t, b, loaded(`location.search === "?q=small"`))

	// A facet narrows, its chip widens again. In a window this narrow the facets wait folded.
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(".facets-on"))); err != nil {
		t.Fatal(err)
	}
	before := js[string](t, b, `document.querySelector(".total strong").innerText`)
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(`.facets a[href*="stance=bullish"]`))); err != nil {
		t.Fatal(err)
	}
	until(t, b, loaded(`document.querySelectorAll(".chips li").length === 2`))
	said := js[string](t, b, `document.querySelector(".total strong").innerText`)
	file, err := chromedp.Run(b, chromedp.Evaluate[string](`fetch([...document.querySelectorAll(".downloads a")].find((a) => a.textContent === "CSV").href).then((r) => r.text())`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strconv.Itoa(len(rows)-1) + " quotes"; got != said {
		t.Errorf("the CSV holds %s, the page says %s", got, said)
	}
	for _, row := range rows[1:] {
		if row[7] != "bullish" {
			t.Errorf("the CSV holds a %s quote", row[7])
		}
	}
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(`.chips a[href="/quotes?q=small"]`))); err != nil {
		t.Fatal(err)
	}
	until(t, b, loaded(`document.querySelector(".total strong").innerText === "`+before+`"`))

	// Past the end of a list j turns the page.
	b.visit(t, "/quotes?limit=2")
	for range 3 {
		press(t, b, "j")
	}
	until(t, b, loaded(`location.search.includes("cursor=")`))
	b.quiet(t)
}

// "?" shows the keys of the page, keeps the focus among them and gives it back.
func TestHelpByKey(t *testing.T) {
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	const open, listed = `document.querySelector("dialog.keys").open`, `[...document.querySelectorAll("dialog.keys dl > div")].filter((d) => d.checkVisibility()).map((d) => d.innerText.replace(/\s+/g, " ").trim()).join("|")`
	for address, want := range map[string]string{
		"/about": "/ search|Esc leave a field, close this|? these keys", "/quotes": "j k next, previous", "/quotes/" + r.corrected: "b n f bullish, neutral, fragile",
	} {
		b.visit(t, address)
		js[bool](t, b, `document.querySelector("nav a").focus(), true`)
		press(t, b, "?")
		until(t, b, open)
		if got := js[string](t, b, listed); !strings.Contains(got, want) || strings.Contains(got, "bullish") != strings.Contains(want, "bullish") {
			t.Errorf("%s lists %q", address, got)
		}
		for range 5 {
			press(t, b, "\t")
			if !js[bool](t, b, `document.querySelector("dialog.keys").contains(document.activeElement) || document.activeElement === document.body`) {
				t.Errorf("%s: the focus left the keys", address)
			}
		}
		press(t, b, "b") // means nothing beneath
		press(t, b, "\x1b")
		until(t, b, `!`+open)
		if got := js[string](t, b, `document.activeElement.innerText + location.pathname`); got != "Consensus"+address {
			t.Errorf("%s: the focus comes back to %q", address, got)
		}
	}
	// By mouse too, and where the keys are turned off.
	b.visit(t, "/about")
	js[bool](t, b, `localStorage.setItem("tenor-keys-off", "1"), true`)
	press(t, b, "?")
	if js[bool](t, b, open) {
		t.Error("a key that was turned off works")
	}
	if err := chromedp.Do(b, chromedp.Click(chromedp.CSS(".keys-button"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, open)
	b.quiet(t)
}
