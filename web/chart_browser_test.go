package web

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Where no day has a number the chart is low and has no empty rows; a pointer on it shows
// the day's votes all the same.
func TestChartWithoutNumbersIsLow(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	r := openShowroom(t)
	b := openWith(t, r, r.options())
	b.look(t, 1280, "light")
	const height = `document.querySelector("#chart").clientHeight`
	const rows = `[...document.querySelectorAll("#chart text")].map((t) => t.textContent).filter((t) => /^(net|agreement|voices|views)$/.test(t)).join()`
	b.visit(t, "/?analyst=Ada+Quill")
	until(t, b, chartDrawn)
	if got := js[string](t, b, rows); got != "voices,views" || js[int](t, b, height) > 300 {
		t.Errorf("a chart without numbers has the rows %s", got)
	}
	box := js[[]float64](t, b, `(({x, y, width, height}) => [x, y, width, height])(document.querySelector("#chart").getBoundingClientRect())`)
	if err := chromedp.Do(b, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, box[0]+box[2]/2, box[1]+box[3]*0.25)); err != nil {
		t.Fatal(err)
	}
	until(t, b, `document.querySelector(".tip")?.checkVisibility() && document.querySelector(".pointer").clientHeight > 50`)
	b.visit(t, "/")
	until(t, b, chartDrawn)
	if got := js[string](t, b, rows); got != "net,agreement,voices,views" || js[int](t, b, height) < 500 {
		t.Errorf("a chart with numbers has the rows %s", got)
	}
	b.quiet(t)
}
