package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tenor"
	"tenor/internal/race"
)

// chromium is the one browser of all tests; each test has a tab with a profile of its own.
var chromium struct {
	sync.Once
	context.Context
	path string
	err  error
}

// startChromium starts it on the first call.
func startChromium() {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			chromium.path = found
			break
		}
	}
	if chromium.path == "" {
		return
	}
	// The sandbox needs rights that root in a container does not have.
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium.path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-back-forward-cache", true)) // chromedp loses a page that comes back whole
	ctx, _ := chromedp.NewExecAllocator(context.Background(), options...)
	chromium.Context, _ = chromedp.NewContext(ctx)
	chromium.err = chromedp.Do(chromium.Context)
}

func TestMain(m *testing.M) {
	status := m.Run()
	if chromium.Context != nil {
		chromedp.Cancel(chromium.Context)
	}
	closeShowroom()
	os.Exit(status)
}

// browser is a tab of a real Chromium that notes everything it complains about.
type browser struct {
	context.Context
	server *httptest.Server

	mu         sync.Mutex
	complaints []string
}

// open opens a tab on a server for the store.
func open(t *testing.T, s Store) *browser { return openWith(t, s, Options{}) }

func openWith(t *testing.T, s Store, o Options) *browser {
	t.Helper()
	chromium.Do(startChromium)
	if chromium.path == "" {
		t.Skip("no Chromium on this machine: apt-get install chromium runs this test")
	}
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	b := &browser{server: httptest.NewServer(handlerOf(t, s, o))}
	t.Cleanup(b.server.Close)
	ctx, cancel := chromedp.NewContext(chromium.Context, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 15*time.Minute) // a busy machine must not fail a test
	t.Cleanup(cancel)
	b.Context = ctx
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	return b
}

// listen notes errors of scripts, refusals of the Content-Security-Policy, and
// requests to anywhere but the server.
func (b *browser) listen(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			complaint += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			complaint = fmt.Sprintf("console.%s", e.Type)
			for _, arg := range e.Args {
				complaint += " " + string(arg.Value)
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			complaint = "log: " + e.Entry.Text
		}
	case *network.EventRequestWillBeSent:
		// Chromium's own date fields fetch an icon of theirs from a data: address.
		// A blob is made by the page itself: its pictures.
		if !strings.HasPrefix(strings.TrimPrefix(e.Request.URL, "blob:"), b.server.URL+"/") && !strings.HasPrefix(e.Request.URL, "data:image/svg+xml") {
			complaint = "request to " + e.Request.URL
		}
	}
	if complaint != "" {
		b.mu.Lock()
		b.complaints = append(b.complaints, complaint)
		b.mu.Unlock()
	}
}

// quiet fails the test for each complaint so far.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		t.Error("the browser complains:", c)
	}
	b.complaints = nil
}

func (b *browser) visit(t *testing.T, address string) {
	t.Helper()
	if err := chromedp.Do(b, chromedp.Navigate(b.server.URL+address)); err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
}

// js evaluates an expression in the page.
func js[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// until waits for an expression to be true; it survives a change of page. It asks again and
// again from here, since nothing waits in a page without scripts. It waits as long as a
// loaded machine may need for a page under the race detector.
func until(t *testing.T, b *browser, expression string) {
	t.Helper()
	var err error
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end) && b.Err() == nil; time.Sleep(20 * time.Millisecond) {
		var value bool
		if value, err = chromedp.Run(b, chromedp.Evaluate[bool](expression)); err == nil && value {
			return
		}
	}
	where, _ := chromedp.Run(b, chromedp.Evaluate[string](`location.href + ", with the focus on " + document.activeElement?.outerHTML.slice(0, 200)`))
	t.Fatalf("never true: %s (%v), at %s", expression, err, where)
}

const chartDrawn = `document.querySelector("#chart")?.dataset.drawn > 0 && !!document.querySelector("#chart svg path")`

// shownDays are the first and last day in sight, joined by a slash.
const shownDays = `document.querySelector("#chart").dataset.shown`

// drag presses the mouse at one share of the chart's width and lets go at another.
func drag(t *testing.T, b *browser, at func(float64) (float64, float64), from, to float64) {
	t.Helper()
	x, y := at(from)
	pressed := chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft)
	moves := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y), pressed}
	for i := range 5 {
		x, y = at(from + (to-from)*float64(i+1)/5)
		moves = append(moves, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y, chromedp.ButtonLeft))
	}
	moves = append(moves, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x, y, chromedp.ButtonLeft))
	if err := chromedp.Do(b, moves...); err != nil {
		t.Fatal(err)
	}
}

func TestChartInBrowser(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	s := seeded(t)
	b := open(t, s)
	if err := chromedp.Do(b, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/?subject=small-caps")
	until(t, b, chartDrawn)
	b.quiet(t)

	// A click on a day opens exactly the voices that its point counts.
	box := js[[]float64](t, b, `(({x, y, width, height}) => [x, y, width, height])(document.querySelector("#chart").getBoundingClientRect())`)
	if err := chromedp.Do(b, chromedp.MouseClickXY(box[0]+box[2]*0.93, box[1]+box[3]*0.25)); err != nil {
		t.Fatal(err)
	}
	until(t, b, `new URL(location.href).searchParams.has("day") && document.readyState === "complete"`)
	here, err := url.Parse(js[string](t, b, `location.href`))
	if err != nil {
		t.Fatal(err)
	}
	if here.Query().Get("subject") != "small-caps" {
		t.Errorf("the click lost the filter: %s", here)
	}
	day := here.Query().Get("day")
	counted := -1
	var answer struct {
		Points []struct {
			Date   string
			Voices int
		}
	}
	if err := json.Unmarshal(ask(t, handlerOf(t, s, Options{}), "/api/v1/timeline?subject=small-caps").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	for _, p := range answer.Points {
		if p.Date == day {
			counted = p.Voices
		}
	}
	listed := js[int](t, b, `document.querySelectorAll("#voices > li").length`)
	if counted != listed || counted == 0 {
		t.Errorf("on %s the chart counts %d voices and the page lists %d", day, counted, listed)
	}

	// A drag over a stretch of the chart zooms to it and opens no day. The address, the
	// links and a page loaded anew keep it; back undoes it, and so does a button.
	until(t, b, chartDrawn)
	js[bool](t, b, `document.querySelector("#chart").scrollIntoView({block: "start"}), true`)
	box = js[[]float64](t, b, `(({x, y, width, height}) => [x, y, width, height])(document.querySelector("#chart").getBoundingClientRect())`)
	all, address := js[string](t, b, shownDays), js[string](t, b, `location.href`)
	at := func(x float64) (float64, float64) { return box[0] + box[2]*x, box[1] + box[3]*0.25 }
	drag(t, b, at, 0.6, 0.9)
	until(t, b, shownDays+` !== "`+all+`"`)
	shown := js[string](t, b, shownDays)
	if first, _, _ := strings.Cut(shown, "/"); first < "2025-01" || first > "2025-07" {
		t.Errorf("a drag over the right part of %s shows from %s", all, first)
	}
	zoom := strings.Replace(shown, "/", "..", 1)
	if got := js[string](t, b, `new URL(location.href).searchParams.get("zoom")`); got != zoom {
		t.Errorf("the address has zoom=%s, and %s is in sight", got, zoom)
	}
	if got := js[int](t, b, `[...document.querySelectorAll(".switches a, .between input[name=zoom]")].filter((e) => (e.value ?? e.href).includes("`+zoom+`")).length`); got != 8 {
		t.Errorf("%d of the 7 switches and the form keep the days in sight", got)
	}
	if err := chromedp.Do(b, chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	until(t, b, chartDrawn+` && `+shownDays+` === "`+shown+`"`)
	js[bool](t, b, `history.back(), true`)
	until(t, b, shownDays+` === "`+all+`" && location.href === "`+address+`"`)
	js[bool](t, b, `history.forward(), true`)
	until(t, b, shownDays+` === "`+shown+`"`)
	if err := chromedp.Do(b, chromedp.Click(chromedp.ID("chart-all"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, shownDays+` === "`+all+`" && !new URL(location.href).searchParams.has("zoom")`)

	// The arrows say each day's figures, and Enter opens it.
	js[bool](t, b, `document.querySelector("#chart").focus(), true`)
	if err := chromedp.Do(b, chromedp.KeyEvent(kb.ArrowLeft)); err != nil {
		t.Fatal(err)
	}
	until(t, b, `/^20.*voices/.test(document.querySelector("#chart-said").textContent) && document.querySelector(".tip")?.checkVisibility()`)
	said := js[string](t, b, `document.querySelector("#chart-said").textContent`)
	if err := chromedp.Do(b, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	until(t, b, `new URL(location.href).searchParams.get("day") === "`+said[:10]+`" && document.readyState === "complete"`)
	b.quiet(t)
}

// Without scripts no empty frame stands where the chart would, and the link to the
// table opens it.
func TestConsensusWithoutScripts(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	b := open(t, seeded(t))
	if _, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/")
	if js[bool](t, b, `document.querySelector("#chart").checkVisibility()`) {
		t.Error("the frame of the chart stands empty")
	}
	b.visit(t, "/#figures")
	if !js[bool](t, b, `document.querySelector("#figures tbody tr").checkVisibility()`) {
		t.Error("the link to the table does not open it")
	}
	b.quiet(t)
}

// H13: of 100 payloads in title, author, outlet, quote, speaker, firm, role and address,
// and in what is asked for, none runs.
func TestH13NothingRunsInBrowser(t *testing.T) {
	if len(payloads) < 100 {
		t.Fatalf("%d payloads", len(payloads))
	}
	s := emptyStore(t)
	ids := savePayloads(t, s)
	b := openWith(t, s, Options{Explainer: sureOf{s}})
	addresses, pages := []string{"/", "/quotes?limit=500", "/sources"}, []string{}
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, "/quotes/"+r.ID)
	}
	for i, id := range ids {
		pages = append(pages, fmt.Sprintf("/articles/%d", id), []string{
			"/quotes?" + url.Values{"q": {payloads[i]}}.Encode(), personPath("Eve " + payloads[i]), firmPath("Firm " + payloads[i]),
		}[i%3])
	}
	for i := 0; i < len(pages); i += race.Nth(3) {
		addresses = append(addresses, pages[i])
	}
	for _, a := range addresses {
		b.visit(t, a)
		if js[bool](t, b, `"pwned" in window || document.title.includes("pwned!")`) {
			t.Errorf("%s ran a payload", a)
		}
	}
	t.Logf("%d payloads on %d pages", len(payloads), len(addresses))
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		if !strings.Contains(c, "status of 40") { // a page may refuse, it must not run
			t.Error("the browser complains:", c)
		}
	}
}
