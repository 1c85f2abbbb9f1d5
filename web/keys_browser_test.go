package web

import (
	"strings"
	"testing"

	"tenor"
)

// In a list j and k lead from quote to quote, and Enter opens one; there its citation is
// copied by a button.
func TestListByKeysInBrowser(t *testing.T) {
	b := open(t, seeded(t))
	b.visit(t, "/quotes?limit=5")
	const here = `[...document.querySelectorAll("[data-item]")].indexOf(document.activeElement)`
	for _, step := range []struct {
		key  string
		want int
	}{{"k", 0}, {"j", 1}, {"j", 2}, {"k", 1}, {"k", 0}, {"k", 0}} {
		press(t, b, step.key)
		if got := js[int](t, b, here); got != step.want {
			t.Errorf("after %s the cursor is on %d, want %d", step.key, got, step.want)
		}
	}
	want := js[string](t, b, `document.activeElement.querySelector("[data-open]").getAttribute("href")`)
	press(t, b, "\r")
	until(t, b, `document.readyState === "complete" && location.pathname === "`+want+`"`)
	until(t, b, `!document.querySelector("[data-copy=cite-bibtex]").hidden`)
	if got := js[string](t, b, `document.querySelector("[data-copy=cite-bibtex]").click(), getSelection().toString()`); !strings.HasPrefix(got, "@misc{tenor-") {
		t.Errorf("to copy: %q", got)
	}
	until(t, b, `["Copied", "Press Ctrl+C"].includes(document.querySelector("[data-copy=cite-bibtex]").textContent)`)
	b.quiet(t)

	b.visit(t, "/quotes?limit=5")
	press(t, b, "/")
	js[bool](t, b, `document.activeElement.value = "", true`) // chromedp types the letter of a key that a page took
	press(t, b, "jk")
	if got := js[string](t, b, `document.activeElement.value + `+here); got != "jk-1" {
		t.Errorf("typing is taken for keys: %s", got)
	}
	b.quiet(t)
}

// Each key on a quote's page does what it says, and u takes it back.
func TestEachKeyCorrectsInBrowser(t *testing.T) {
	g := newTagged(t)
	q := g.of(t, "We would not chase")
	b := openWith(t, g.Store, Options{Corrector: g.Store, Who: "nell"})
	b.visit(t, "/quotes/"+q.ID)
	acts := 0
	done := func(what string) {
		t.Helper()
		acts++
		until(t, b, `document.readyState === "complete" && document.querySelectorAll(".acts > li").length === `+string(rune('0'+acts)))
		if got := js[string](t, b, `document.querySelector(".acts > li").innerText`); !strings.Contains(got, what) {
			t.Errorf("the history says %q, want %q", got, what)
		}
	}
	now := func() tenor.Record { t.Helper(); return record(t, g.Store, q.ID) }
	press(t, b, "b")
	done("bullish")
	js[bool](t, b, `window.before = true`)
	press(t, b, "y") // as it is now
	if r := now(); r.Stance != tenor.Bullish {
		t.Errorf("b makes it %s", r.Stance)
	}
	until(t, b, `document.readyState === "complete" && !window.before`)
	press(t, b, "o")
	until(t, b, `document.activeElement.id === "c-firm"`)
	js[bool](t, b, `document.activeElement.value = "", true`)
	press(t, b, "Pell\r")
	done("Pell")
	press(t, b, "m")
	until(t, b, `document.activeElement.id === "c-subject"`)
	js[bool](t, b, `document.activeElement.value = "gold", document.activeElement.form.requestSubmit(document.querySelector(".more button[value=save]")), true`)
	done("gold")
	press(t, b, "t")
	until(t, b, `document.activeElement.name === "themes"`)
	js[bool](t, b, `document.activeElement.form.querySelectorAll("[name=themes]").forEach((c) => { c.checked = c.value === "crypto"; }), true`)
	press(t, b, "\r")
	done("crypto")
	if r := now(); r.Firm != "Pell" || r.Subject != "gold" || len(r.Themes) != 1 || r.Themes[0] != "crypto" || r.LabelSource != tenor.LabelHuman {
		t.Errorf("it is %+v", r.Quote)
	}
	press(t, b, "x")
	until(t, b, `document.readyState === "complete" && document.body.innerText.includes("this is not a quote")`)
	press(t, b, "u")
	until(t, b, `document.readyState === "complete" && !!document.querySelector("form.correct")`)
	if r := now(); r.Subject != "gold" || r.Stance != tenor.Bullish {
		t.Errorf("brought back it is %+v", r.Quote)
	}
	b.quiet(t)
}
