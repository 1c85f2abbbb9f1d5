package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"

	"tenor"
)

// hostileName would run in a page, or break a picture, that took it for markup.
const hostileName = `<img src=x onerror="pwned=1">&]]>`

// overlaid is a price and events of the seeded store's summer.
func overlaid(t testing.TB) Overlay {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("date,value,name\n")
	for d := 0; d < 60; d++ {
		rows.WriteString(onDay("2025-07-01").Time.AddDate(0, 0, d).Format(time.DateOnly) + "," + strconv.Itoa(2000+7*d) + ",\"Small & Sons " + strings.ReplaceAll(hostileName, `"`, `""`) + "\"\n")
	}
	rows.WriteString("2025-07-01,-3,Spread\n2025-07-02,4,Spread\n")
	curves, err := tenor.ParseCurves("prices.csv", "prices", []byte(rows.String()))
	if err != nil {
		t.Fatal(err)
	}
	events, err := tenor.ParseEvents("events.csv", []byte("2025-08-04,\"Cut "+strings.ReplaceAll(hostileName, `"`, `""`)+"\",https://bank.example/cut\n"))
	if err != nil {
		t.Fatal(err)
	}
	return func() (tenor.Overlay, error) { return tenor.Overlay{Curves: curves, Events: events}, nil }
}

// choose gives a file to a field of the page.
func (b *browser) choose(t *testing.T, field, name, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(b, chromedp.SetUploadFiles(chromedp.ID(field), []string{path})); err != nil {
		t.Fatal(err)
	}
}

// What the server was given is drawn, as text; a file that is chosen in the page takes
// its place, leaves the page's machine by no request, is there again after a reload, and
// can be removed. Both can be saved as pictures.
func TestOverlayInBrowser(t *testing.T) {
	if !HasChart() {
		t.Skip("built without the chart: npm ci --prefix web/chart && go run ./web/build")
	}
	b := openWith(t, seeded(t), Options{Overlay: overlaid(t)})
	if err := chromedp.Do(b, chromedp.EmulateViewport(1280, 900)); err != nil {
		t.Fatal(err)
	}
	b.visit(t, "/?subject=small-caps")
	until(t, b, chartDrawn)
	const drawn = `[...document.querySelectorAll("#chart text")].map((t) => t.textContent).join("\n")`
	if got := js[string](t, b, drawn); !strings.Contains(got, "Small & Sons <img") || !strings.Contains(got, "Cut <img") {
		t.Errorf("price and event are not drawn: %s", got)
	}

	folder := t.TempDir()
	allow := cdpbrowser.SetDownloadBehaviorParams{Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder}
	if _, err := chromedp.Call(b, cdpbrowser.SetDownloadBehavior, allow); err != nil {
		t.Fatal(err)
	}
	svg, name := b.saved(t, folder, "svg")
	if !strings.HasPrefix(name, "tenor-consensus-small-caps-20") {
		t.Errorf("the picture is saved as %s", name)
	}
	content := textOf(t, svg)
	for _, want := range []string{"subject small caps", "one voice per analyst", "90 days", "n = ", "Small & Sons <img", "Cut <img"} {
		if !strings.Contains(content, want) {
			t.Errorf("the saved picture does not say %q", want)
		}
	}
	dots, name := b.saved(t, folder, "png")
	if config, err := png.DecodeConfig(bytes.NewReader(dots)); err != nil || config.Width != 2400 || !strings.HasPrefix(name, "tenor-consensus-small-caps-20") {
		t.Errorf("%s is no picture of 2400 dots: %+v, %v", name, config, err)
	}

	js[bool](t, b, `document.querySelector("#own").open = true`)
	requests := js[int](t, b, `performance.getEntriesByType("resource").length`)
	b.choose(t, "own-series", "mine.csv", "date;value\n2025-07-01;1.234,5\n2025-08-01;2.345,6\n2025-08-02;n/a\n")
	until(t, b, `document.querySelector("#key-curve").textContent.includes("mine")`)
	b.choose(t, "own-events", "days.csv", "2025-08-01,A day of mine\n")
	until(t, b, drawn+`.includes("A day of mine")`)
	if now := js[int](t, b, `performance.getEntriesByType("resource").filter((e) => !e.name.startsWith("blob:")).length`); now > requests {
		t.Errorf("%d requests followed the choice of a file", now-requests)
	}
	b.visit(t, "/?subject=small-caps&window=180")
	until(t, b, chartDrawn+` && document.querySelector("#key-curve").textContent.includes("mine")`)
	b.choose(t, "own-series", "bad.csv", "2025-07-01,1\n2025-07-01,2\n")
	until(t, b, `document.querySelector("#own-note").textContent.includes("bad.csv, line 2: 2025-07-01 has a figure on line 1 already")`)
	if err := chromedp.Do(b, chromedp.Click(chromedp.ID("own-series-off"))); err != nil {
		t.Fatal(err)
	}
	until(t, b, `document.querySelector("#key-curve").textContent.includes("Small & Sons")`)
	// On paper stands a picture, in light colours.
	if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	until(t, b, `!document.querySelector("#chart").checkVisibility() && document.querySelector(".paper").checkVisibility() && document.querySelector(".paper").naturalWidth === 1200`)
	if js[bool](t, b, `"pwned" in window`) {
		t.Error("a label ran")
	}
	b.quiet(t)
}

// saved presses a button and waits for the file that it makes.
func (b *browser) saved(t *testing.T, folder, kind string) (content []byte, name string) {
	t.Helper()
	if err := chromedp.Do(b, chromedp.Click(chromedp.ID("save-"+kind))); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		found, err := filepath.Glob(filepath.Join(folder, "*."+kind))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			if content, err = os.ReadFile(found[0]); err != nil {
				t.Fatal(err)
			}
			if len(content) > 0 {
				return content, filepath.Base(found[0])
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nothing was saved as %s", kind)
	return nil, ""
}

// textOf is the text of a picture, which must be well-formed XML.
func textOf(t *testing.T, svg []byte) string {
	t.Helper()
	var text strings.Builder
	for in := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v\n%.2000s", err, svg)
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
			text.WriteByte('\n')
		case xml.StartElement:
			if token.Name.Local == "script" || token.Name.Local == "img" {
				t.Errorf("the picture has an element %s", token.Name.Local)
			}
		}
	}
}

// The page reads a file by the rules by which the server does.
func TestOverlayFilesInBrowser(t *testing.T) {
	source, err := os.ReadFile("chart/src/csv.ts")
	if err != nil {
		t.Fatal(err)
	}
	script := api.Transform(string(source), api.TransformOptions{Loader: api.LoaderTS, Format: api.FormatIIFE, GlobalName: "read"})
	if len(script.Errors) > 0 {
		t.Fatal(script.Errors)
	}
	data, err := os.ReadFile("../testdata/overlay.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Case, Kind, Text, Error string
		Want                    any
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	b := open(t, emptyStore(t))
	b.visit(t, "/about")
	answers := js[string](t, b, string(script.Code)+`
		JSON.stringify(`+string(data)+`.map(({kind, text}) => {
			try {
				return {want: kind === "events" ? read.parseEvents("file.csv", text) : read.parseCurves("file.csv", "file", text)};
			} catch (error) {
				return {error: error.message};
			}
		}))`)
	var got []struct {
		Error string
		Want  any
	}
	if err := json.Unmarshal([]byte(answers), &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if got[i].Error != c.Error || !reflect.DeepEqual(got[i].Want, c.Want) {
			t.Errorf("%s: %v %s, want %v %s", c.Case, got[i].Want, got[i].Error, c.Want, c.Error)
		}
	}
}
