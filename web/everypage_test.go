package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"tenor/internal/race"
)

// Every page has what a reader without eyes or mouse needs, and comes with its status.
func TestEveryPageHasLandmarks(t *testing.T) {
	r := openShowroom(t)
	h := handlerOf(t, r, r.options())
	for _, s := range r.scenes() {
		w := ask(t, h, s.address)
		if w.Code != max(s.status, http.StatusOK) {
			t.Errorf("%s (%s) answers %d", s.name, s.address, w.Code)
		}
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Find("h1").Length() != 1 || doc.Find("main").Length() != 1 || doc.Find("a.skip[href='#main']").Length() != 1 || doc.Find("nav[aria-label]").Length() == 0 {
			t.Errorf("%s lacks a heading, a main part, a named navigation or a skip link", s.address)
		}
		doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, e *goquery.Selection) {
			id, named := e.Attr("id")
			if e.Closest("label").Length() == 0 && (!named || doc.Find("label[for='"+id+"']").Length() != 1) {
				t.Errorf("%s: the field %q has no label", s.address, e.AttrOr("name", ""))
			}
		})
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
			if id := e.AttrOr("id", ""); ids[id] {
				t.Errorf("%s has two elements with the id %s", s.address, id)
			} else {
				ids[id] = true
			}
		})
	}
}

// mostBytes is what a page may weigh as it is sent, stylesheet and scripts included; the
// chart's own bundle has a bound of its own.
const mostBytes = 40_000

func TestEveryPageIsLight(t *testing.T) {
	r := openShowroom(t)
	h := handlerOf(t, r, r.options())
	sent := func(address string) (*httptest.ResponseRecorder, int) {
		q := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+address, nil)
		q.Header.Set("Accept-Encoding", "gzip")
		w := send(h, q)
		return w, w.Body.Len()
	}
	for _, s := range r.scenes() {
		w, size := sent(s.address)
		z, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			t.Errorf("%s is not compressed: %v", s.address, err)
			continue
		}
		doc, err := goquery.NewDocumentFromReader(z)
		if err != nil {
			t.Fatal(err)
		}
		html := size
		doc.Find("link[href], script[src]").Each(func(_ int, e *goquery.Selection) {
			address := e.AttrOr("href", e.AttrOr("src", ""))
			if !strings.HasPrefix(address, "/static/") || strings.Contains(address, "/chart.") {
				return
			}
			_, n := sent(address)
			size += n
		})
		t.Logf("%-14s %6d bytes, %6d of them HTML", s.name, size, html)
		if size > mostBytes {
			t.Errorf("%s weighs %d bytes, more than %d", s.address, size, mostBytes)
		}
	}
}

// axePath is where npm puts axe-core: make chart.
const axePath = "chart/node_modules/axe-core/axe.min.js"

// The rules of WCAG 2.2, level AA, and axe's own best practice; what is serious or
// critical fails, the rest is logged.
const axeRules = `{
	runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]},
	rules: {"target-size": {enabled: true}}, resultTypes: ["violations"],
}`

// Contrast alone depends on the colour scheme; what stands beside what, on the width.
const axeContrast = `{runOnly: ["color-contrast"], resultTypes: ["violations"]}`

const axeRun = `axe.run(document, %s).then((r) => r.violations.map((v) => v.impact + " " + v.id + ": " + v.help + ": " +
	v.nodes.slice(0, 4).map((n) => n.target.join(" ") + " (" + n.failureSummary.replace(/\s+/g, " ").slice(0, 300) + ")").join("; ")))`

// Every page, wide and narrow, light and dark: no error on the console, no request to
// elsewhere, nothing to scroll sideways to at 360 px, and no serious finding of axe.
func TestEveryPageInBrowser(t *testing.T) {
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Log("axe-core is not here, so its rules are not checked: npm ci --prefix web/chart fetches it")
	}
	for _, look := range []struct {
		width  int64
		scheme string
		rules  string
	}{{1280, "light", axeRules}, {360, "dark", axeRules}, {1280, "dark", axeContrast}, {360, "light", axeContrast}} {
		b.look(t, look.width, look.scheme)
		for i, s := range r.scenes() {
			if look.rules == axeContrast && i%race.Nth(3) != 0 {
				continue
			}
			b.visit(t, s.address)
			b.settle(t)
			where := fmt.Sprintf("%s (%s) at %d px, %s", s.name, s.address, look.width, look.scheme)
			narrow := func(state string) {
				if wide := js[int](t, b, `document.documentElement.scrollWidth`); wide > int(look.width) {
					t.Errorf("%s%s is %d px wide", where, state, wide)
				}
			}
			narrow("")
			js[bool](t, b, `document.querySelectorAll("details").forEach((d) => d.open = true), true`)
			narrow(", all opened,")
			if axe != nil {
				for _, f := range b.axe(t, string(axe), look.rules) {
					if serious(f) {
						t.Errorf("%s: %s", where, f)
					} else {
						t.Logf("%s: %s", where, f)
					}
				}
			}
			b.quietBut(t, s.status)
		}
	}
}

// Were axe not at work, every page would be fine.
func TestAxeFinds(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Skip("axe-core is not here: npm ci --prefix web/chart fetches it")
	}
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	b.visit(t, "/about")
	js[bool](t, b, `document.querySelector("main").insertAdjacentHTML("beforeend", "<p class=bad>pale</p><button></button><input>"), document.querySelector(".bad").style.color = "#ccc", true`)
	found := strings.Join(slices.DeleteFunc(b.axe(t, string(axe), axeRules), func(f string) bool { return !serious(f) }), "\n")
	for _, rule := range []string{"color-contrast", "button-name", "label"} {
		if !strings.Contains(found, rule) {
			t.Errorf("axe does not find %s: %s", rule, found)
		}
	}
}

// axe gives what axe-core finds in the page. It comes in by the debugger, which the
// Content-Security-Policy does not bind.
func (b *browser) axe(t *testing.T, script, rules string) []string {
	t.Helper()
	if err := chromedp.Do(b, chromedp.Evaluate[chromedp.Void](script+"\n;void 0")); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(b, chromedp.Evaluate[[]string](fmt.Sprintf(axeRun, rules), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func serious(finding string) bool {
	return strings.HasPrefix(finding, "serious") || strings.HasPrefix(finding, "critical")
}

// look sets the size of the window and the colour scheme.
func (b *browser) look(t *testing.T, width int64, scheme string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(b, chromedp.EmulateViewport(width, 900)); err != nil {
		t.Fatal(err)
	}
}

// settle waits until the chart is drawn, where there is one.
func (b *browser) settle(t *testing.T) {
	t.Helper()
	if HasChart() && js[bool](t, b, `!!document.querySelector("#chart")`) {
		until(t, b, chartDrawn)
	}
}

// quietBut is quiet, for a page that is answered with a status that Chromium reports.
func (b *browser) quietBut(t *testing.T, status int) {
	t.Helper()
	b.mu.Lock()
	var rest []string
	for _, c := range b.complaints {
		if status == 0 || !strings.Contains(c, fmt.Sprintf("status of %d", status)) {
			rest = append(rest, c)
		}
	}
	b.complaints = rest
	b.mu.Unlock()
	b.quiet(t)
}

// On paper stands the page, without what only a screen has.
func TestPrint(t *testing.T) {
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.scenes() {
		b.visit(t, s.address)
		shown := js[[]string](t, b, `[...document.querySelectorAll("nav, form, button, input, select, .skip, .facets, dialog")].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80))`)
		if len(shown) > 0 {
			t.Errorf("%s prints %q", s.address, shown)
		}
		if !js[bool](t, b, `document.querySelector("h1").checkVisibility()`) {
			t.Errorf("%s prints no heading", s.address)
		}
	}
}
