package web

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tenor"
)

// turned begins with a mark that sets all that follows it from right to left, up to the end
// of what isolates it.
const turned = "\u202e"

// A mark that turns the direction, in any field of an article, turns nothing else on a page:
// a stance, a date or another name beside it would read backwards.
func TestDirectionMarksTurnTheirOwnWordsOnly(t *testing.T) {
	s := emptyStore(t)
	for i, day := range []string{"2025-09-17", "2025-09-18"} {
		words := turned + "small caps have room to run " + strings.Repeat("further ", i+1)
		a := tenor.Article{
			URL: fmt.Sprintf("https://news.example/%d", i), File: turned + "file", Outlet: turned + "Outlet", Title: turned + "Title", Authors: []string{turned + "Author"},
			Forwarded: turned + "Forwarded", Published: onDay(day), KnownAt: today, Text: "Before.\n\nShe said " + words + " and left.",
		}
		q := quoteOf(a.Text, words, struct{ name, firm, role string }{turned + "Eve Quarrel", turned + "Firm", turned + "role"}, tenor.Bullish)
		q.Confidence = 0.4
		save(t, s, a, q)
	}
	o := everything(s)
	day := tenor.DayOf(onDay("2025-09-18").Time)
	curve := tenor.Curve{Name: turned + "Curve", Points: []tenor.CurvePoint{{Day: day - 1, Value: 1}, {Day: day, Value: 2}}}
	o.Explainer, o.Overlay = sureOf{s}, func() (tenor.Overlay, error) {
		return tenor.Overlay{Curves: []tenor.Curve{curve}, Events: []tenor.Event{{Day: day, Label: turned + "Event"}}}, nil
	}
	h := handlerOf(t, s, o)
	addresses := []string{"/", "/?day=2025-09-18", "/?moved=2025-09-16..2025-09-18", "/quotes", "/review", "/review?filter=corrected", "/sources", "/searches", "/articles/1", personPath(turned + "Eve Quarrel"), firmPath(turned + "Firm"), outletPath(turned + "Outlet"), "/quotes?q=%E2%80%AEsmall"}
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, "/quotes/"+r.ID)
	}
	seen := 0
	for _, address := range addresses {
		doc := page(t, h, address)
		for _, root := range doc.Nodes {
			for n := range root.Descendants() {
				if n.Type == html.TextNode && strings.Contains(n.Data, turned) {
					seen++
					if !isolated(n) {
						t.Errorf("%s: %.60q in <%s> turns what stands beside it", address, n.Data, n.Parent.Data)
					}
				}
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d texts were seen", seen)
	}
}

// isolated reports whether something around a text keeps its direction to itself: bdi,
// dir=auto, what stands alone in its box, and by the stylesheet links.
func isolated(n *html.Node) bool {
	for at := n.Parent; at != nil; at = at.Parent {
		switch at.Data {
		case "bdi", "a", "pre", "option", "title", "h1", "th":
			return true
		}
		for _, attribute := range at.Attr {
			if attribute.Key == "dir" && attribute.Val == "auto" {
				return true
			}
		}
	}
	return false
}
