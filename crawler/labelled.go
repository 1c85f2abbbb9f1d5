package crawler

import (
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"tenor"
)

// labelled lists what stands beside the labels of a kind in data/names.txt, as in
// "<dt>Author</dt><dd>NAME</dd>" or "<b>Datum:</b> 28.04.2023". Older content systems
// state author and date in such rows and nowhere else.
func labelled(doc *goquery.Document, kind string) []string {
	var values []string
	doc.Find("dt, th, td, strong, b, span").Each(func(_ int, s *goquery.Selection) {
		n := s.Get(0)
		if n.FirstChild == nil || n.FirstChild.NextSibling != nil || n.FirstChild.Type != html.TextNode || len(n.FirstChild.Data) > 60 {
			return
		}
		label := strings.TrimSpace(strings.TrimRight(strings.ToLower(strings.TrimSpace(n.FirstChild.Data)), ":： "))
		if rules.has(kind, label) && s.Closest(readersWords).Length() == 0 {
			if v := besideLabel(n); v != "" && len(v) <= 120 {
				values = append(values, v)
			}
		}
	})
	return values
}

// besideLabel is the first text behind a label within the same row; the label may
// be the whole of a cell.
func besideLabel(n *html.Node) string {
	for up := n.Parent; up != nil && up.FirstChild == n && up.LastChild == n; up = up.Parent {
		n = up
	}
	for v := n.NextSibling; v != nil; v = v.NextSibling {
		text := ""
		switch v.Type {
		case html.TextNode:
			text = plainText(v.Data)
		case html.ElementNode:
			text = textOf(v)
		}
		if text = strings.TrimLeft(text, ":： "); text != "" {
			return text
		}
	}
	return ""
}

// labelledAuthors are the people whom a row "Author NAME" names.
func labelledAuthors(doc *goquery.Document, outlet string) []string {
	for _, v := range labelled(doc, "author label") {
		if names := cleanAuthors([]string{v}, outlet); len(names) > 0 && !containsOther(names) {
			return names
		}
	}
	return nil
}

// containsOther: one of the names is neither a person's nor an agency's.
func containsOther(names []string) bool {
	for _, name := range names {
		if !isCredit(name) {
			return true
		}
	}
	return false
}

// labelledDate is the date of a row "Date 28.04.2023".
func labelledDate(doc *goquery.Document, latest time.Time) tenor.Date {
	for _, v := range labelled(doc, "date label") {
		if dates := findDates(v); len(dates) > 0 && dates[0].year > 0 && dates[0].start < 15 {
			if d := dates[0].date("header"); plausible(d, latest) {
				return d
			}
		}
	}
	return tenor.Date{}
}
