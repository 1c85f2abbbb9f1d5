package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tenor"
)

// Without any script the price stands in the table, the events are listed, and the
// picture shows both. What was read before stays while a file is broken.
func TestOverlayWithoutScripts(t *testing.T) {
	over := overlaid(t)
	h := handlerOf(t, seeded(t), Options{Overlay: func() (tenor.Overlay, error) {
		o, _ := over()
		return o, fmt.Errorf("%w: prices.csv, line 3: no", tenor.ErrUsage)
	}})
	page := ask(t, h, "/?subject=small-caps&day=2025-08-04&window=60").Body.String()
	for what, want := range map[string]string{
		"the column": `<bdi>Small &amp; Sons &lt;img`, "a figure": `<td class="n">2413</td>`,
		"the event":        `<a href="https://bank.example/cut" rel="noopener noreferrer"><bdi>Cut &lt;img`,
		"the other series": `series=Spread`, "the problem": "prices.csv, line 3: no",
		"the filter in the form of who moved it": `<input type="hidden" name="window" value="60">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s: %s", what, want)
		}
	}
	picture := ask(t, h, "/timeline.svg?subject=small-caps&zoom=2025-07-01..2025-09-30")
	content := textOf(t, picture.Body.Bytes())
	for _, want := range []string{"Consensus: subject small caps", "2025-07-01 to 2025-09-30", "n = ", "Small & Sons <img", "Cut <img"} {
		if !strings.Contains(content, want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
	if got := picture.Header().Get("Content-Disposition"); got != `inline; filename="tenor-consensus-small-caps-2025-07-01-2025-09-30.svg"` {
		t.Errorf("the picture's file: %s", got)
	}
	if none := textOf(t, ask(t, h, "/timeline.svg?subject=small-caps&series=none").Body.Bytes()); strings.Contains(none, "Small & Sons") {
		t.Error("series=none draws one")
	}
	for address, want := range map[string]int{
		"/?series=Nobody": 400, "/?scale=square": 400, "/?zoom=2025-01-01": 400, "/?zoom=2025-02-01..2025-01-01": 400, "/timeline.svg?zoom=x..y": 400,
		"/?series=Spread&scale=log&zoom=1999-01-01..1999-12-31": 200, "/timeline.svg?series=Spread&scale=log": 200,
		"/timeline.svg?zoom=1999-01-01..1999-12-31": 200, "/timeline.svg?analyst=nobody": 200, "/timeline.svg?from=2025-08-04&to=2025-08-04": 200,
		"/api/v1/overlay": 200, "/api/v1/overlay?stance=bullish": 400,
	} {
		if w := ask(t, h, address); w.Code != want {
			t.Errorf("%s: status %d, want %d", address, w.Code, want)
		}
	}
	// The two days of the form, in whatever order, make an address to share.
	moved := ask(t, h, "/?subject=small-caps&moved=2025-09-30&moved=2025-07-01")
	if to := moved.Header().Get("Location"); moved.Code != http.StatusSeeOther || to != "/?moved=2025-07-01..2025-09-30&subject=small-caps#moved" {
		t.Errorf("the form of who moved it leads to %s (%d)", to, moved.Code)
	}
}

// A gap stays one in the picture: no line of the net crosses the winter in which no view
// stands.
func TestPictureKeepsGaps(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	svg := ask(t, h, "/timeline.svg?subject=small-caps").Body.String()
	csv := ask(t, h, "/timeline.csv?subject=small-caps").Body.String()
	stretches, before := 0, false
	for _, line := range strings.Split(csv, "\n")[1:] {
		cells := strings.Split(line, ",")
		number := len(cells) > 5 && cells[5] != ""
		if number && !before {
			stretches++
		}
		before = number
	}
	band := regexp.MustCompile(`<path class="band" d="([^"]*)"`).FindStringSubmatch(svg)
	if band == nil || strings.Count(band[1], "Z") != stretches || stretches < 2 {
		t.Errorf("%d stretches have a number, and the picture draws %v", stretches, band)
	}
}
