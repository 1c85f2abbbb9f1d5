package web

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// pageSet holds a parsed template for each page, by name.
type pageSet map[string]*template.Template

// chrome is what every page has around its content.
type chrome struct {
	Title  string
	Nav    string // the path of the current entry of the navigation
	Query  string // what stands in the search field
	Chart  bool   // the page draws the chart
	Copies bool   // the page has texts to copy
	Feeds  []feedLink

	// Filled in by render.
	Style, Icon, Keys, ChartScript, CopyScript string
	Corrects                                   bool // there is somebody who writes corrections
}

func (c *chrome) frame() *chrome { return c }

// framed is a page's data: a typed struct that embeds chrome.
type framed interface{ frame() *chrome }

// parsePages parses every page over the layout; a broken one fails at start.
func parsePages(assets *assetSet) (pageSet, error) {
	base, err := template.New("layout").Funcs(functions).ParseFS(pageFiles, "pages/layout.html", "pages/parts*.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout: %w", err)
	}
	files, err := pageFiles.ReadDir("pages")
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	set := pageSet{}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
		if name == "layout" || strings.HasPrefix(name, "parts") {
			continue
		}
		page, err := base.Clone()
		if err == nil {
			page, err = page.ParseFS(pageFiles, "pages/"+f.Name())
		}
		if err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		set[name] = page
	}
	return set, nil
}

// render writes a page whole or, when its template fails, an error.
func (v *view) render(w http.ResponseWriter, status int, name string, data framed) error {
	c := data.frame()
	c.Style, c.Icon, c.Keys = v.assets.path("style.css"), v.assets.path("favicon.svg"), v.assets.path("keys.js")
	c.Corrects = v.corrector != nil
	if c.Copies {
		c.CopyScript = v.assets.path("copy.js")
	}
	if c.Chart {
		c.ChartScript = v.assets.path(chartBundle)
	}
	var buffer bytes.Buffer
	if err := v.pages[name].ExecuteTemplate(&buffer, "layout", data); err != nil {
		err = fmt.Errorf("render %s: %w", name, err)
		if name == "error" {
			v.log.Error("error page failed", "error", err)
			http.Error(w, "Internal error", http.StatusInternalServerError)
			return nil
		}
		return err
	}
	if c.ChartScript != "" {
		w.Header().Set("Content-Security-Policy", chartPolicy)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buffer.Bytes()) // an error here is the client's having left
	return nil
}

// functions are what templates may call.
var functions = template.FuncMap{
	"figure":   figure,
	"signed":   signed,
	"fixed":    fixed,
	"percent":  percent,
	"logOdds":  logOdds,
	"count":    count,
	"plural":   plural,
	"size":     size,
	"date":     dateText,
	"source":   sourceURL,
	"person":   personPath,
	"article":  articlePlace,
	"firm":     firmPath,
	"outlet":   outletPath,
	"human":    human,
	"stance":   stanceMark,
	"who":      speakerMark,
	"words":    wordsMark,
	"pieces":   piecesMark,
	"day":      dateMark,
	"on":       dayMark,
	"shape":    shape,
	"stamp":    stamp,
	"list":     func(values ...string) []string { return values },
	"value":    fieldValue,
	"choose":   newSelect,
	"add":      func(a, b int) int { return a + b },
	"quotesOf": func(name, value string) string { return address("/quotes", url.Values{name: {value}}) },
}

// signed is a number with its sign and one digit, as the net is written.
func signed(x float64) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', 1, 64)
	switch {
	case s == "0.0":
		return s
	case x < 0:
		return "−" + s
	}
	return "+" + s
}

func fixed(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// count writes 1234567 as 1,234,567.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size is a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < 1e6:
		return strconv.FormatFloat(float64(n)/1e3, 'f', 0, 64) + " kB"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
}

// plural is "1 voice" or "3 voices".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// dateText is a publication date with no more than is known.
func dateText(d tenor.Date) string {
	switch d.Precision {
	case tenor.PrecisionTime:
		return d.Time.Format(time.DateOnly)
	case tenor.PrecisionNone:
		return "undated"
	}
	return d.String()
}

// stamp is a moment as pages show it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// human writes a value of a list as people read it: "small-caps" as "small caps".
func human(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "-", " ") }

// shape is the sign of a stance, so that it never rests on colour alone.
func shape(s any) string {
	switch tenor.Stance(fmt.Sprint(s)) {
	case tenor.Bullish:
		return "▲"
	case tenor.Fragile:
		return "▼"
	}
	return "●"
}
