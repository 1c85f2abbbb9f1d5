package web

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tenor"
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

// Under every range the axis says which month or year a label means, and none twice.
func TestAxisNamesMonths(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	b := open(t, seeded(t))
	labels := `[...document.querySelectorAll("#chart text")].map((t) => t.textContent).filter((t) => /^([A-Z][a-z]{2}\b|\d{4}$)/.test(t)).join()`
	for _, c := range []struct {
		width    int64
		zoom     string
		want     []string // labels among them
		at, most int      // how many at least and at most
	}{
		{1280, "2025-06-03..2025-06-09", []string{"Jun 3", "Jun 9"}, 7, 7},
		{360, "2025-06-03..2025-06-09", []string{"Jun 3"}, 3, 6},
		{1280, "2025-06-20..2025-07-20", []string{"Jun 20"}, 8, 18},
		{1280, "2025-04-10..2025-08-10", []string{"May 2025,Jun 2025,Jul 2025,Aug 2025"}, 4, 4},
		{1280, "2024-11-10..2025-08-10", []string{"Dec,2025,Feb,Mar,Apr,May,Jun,Jul,Aug"}, 9, 9},
	} {
		if err := chromedp.Do(b, chromedp.EmulateViewport(c.width, 900)); err != nil {
			t.Fatal(err)
		}
		b.visit(t, "/?subject=small-caps&zoom="+c.zoom)
		until(t, b, chartDrawn)
		got := js[string](t, b, labels)
		for _, want := range c.want {
			if !strings.Contains(","+got+",", ","+want+",") {
				t.Errorf("%d wide, %s: the axis says %s, not %s", c.width, c.zoom, got, want)
			}
		}
		if n := strings.Count(got, ",") + 1; n < c.at || n > c.most {
			t.Errorf("%d wide, %s: the axis says %s", c.width, c.zoom, got)
		}
	}
	b.quiet(t)
}

// The chart says of a day what the page and the CSV say, to the last digit: of sixteen voices
// a net of 31.25 is a tie, and so are the bounds of a disputed one.
func TestChartRoundsAsThePage(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	s := emptyStore(t)
	tell := func(url, day string, who int, stance tenor.Stance) {
		one := people[0]
		one.name = "Bram " + surname(who)
		words := "Small firms have " + surname(who) + " to thank for what comes next."
		a := tenor.Article{URL: "https://news.example/" + url, Title: "Small shares", Text: "“" + words + "” said " + one.name + ".", Published: onDay(day), KnownAt: today}
		save(t, s, a, quoteOf(a.Text, words, one, stance))
	}
	for i := range 16 {
		stance := tenor.Bullish
		if i > 8 {
			stance = tenor.Fragile
		}
		if i > 12 {
			stance = tenor.Neutral
		}
		tell(strconv.Itoa(i), "2025-09-20", i, stance)
	}
	tell("again", "2025-10-05", 0, tenor.Bullish)
	tell("against", "2025-10-05", 0, tenor.Fragile)
	b := open(t, s)
	for day, want := range map[string][]string{"2025-09-25": {"+31.2"}, "2025-10-05": {"+18.8", "+31.2"}} {
		b.visit(t, "/?day="+day)
		until(t, b, chartDrawn)
		js[bool](t, b, `document.querySelector("#chart").focus(), true`)
		if err := chromedp.Do(b, chromedp.KeyEvent(kb.ArrowLeft), chromedp.KeyEvent(kb.ArrowRight)); err != nil {
			t.Fatal(err)
		}
		until(t, b, `document.querySelector("#chart-said").textContent.startsWith("`+day+`")`)
		for _, place := range []string{"#chart-said", ".tip", "#day"} {
			text := js[string](t, b, `document.querySelector("`+place+`").textContent`)
			for _, figure := range want {
				if !strings.Contains(text, figure) {
					t.Errorf("%s, %s does not say %s: %s", day, place, figure, text)
				}
			}
		}
	}
	b.quiet(t)
}
