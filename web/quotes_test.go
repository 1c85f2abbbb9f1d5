package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// What a search finds besides the words is said, and can be left out.
func TestSynonymsAreSaid(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	doc := page(t, h, "/quotes?q=smaller+companies&stance=bullish")
	if text := doc.Text(); !strings.Contains(text, "also found small caps, russell 2000, smid") {
		t.Error("the page does not say what else was searched for")
	}
	exact := doc.Find(`a:contains("Find only these words")`).AttrOr("href", "")
	if exact != "/quotes?exact=1&q=smaller+companies&stance=bullish" {
		t.Fatalf("the link to the exact search is %q", exact)
	}
	doc = page(t, h, exact)
	if text := doc.Text(); strings.Contains(text, "also found") {
		t.Error("an exact search finds more than its words")
	}
	if back := doc.Find(`.chips a:contains("only these")`).AttrOr("href", ""); back != "/quotes?q=smaller+companies&stance=bullish" {
		t.Errorf("the chip leads to %q", back)
	}
	var found struct {
		Also map[string][]string
	}
	if err := json.Unmarshal(ask(t, h, "/api/v1/quotes?q=smid").Body.Bytes(), &found); err != nil || len(found.Also["smid"]) != 3 {
		t.Errorf("the API says %v (%v)", found.Also, err)
	}
}

// A month's count leads to as many quotes, and away from them again.
func TestMonths(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	month := page(t, h, "/quotes?stance=bullish").Find(`.facets a:contains("2025-06")`)
	href := month.AttrOr("href", "")
	if href != "/quotes?from=2025-06-01&stance=bullish&to=2025-06-30" {
		t.Fatalf("June leads to %q", href)
	}
	doc := page(t, h, href)
	if total, want := doc.Find(".total strong").Text(), month.Find(".n").Text(); !strings.HasPrefix(total, want+" quote") {
		t.Errorf("June counts %s, its page %s", want, total)
	}
	if back := doc.Find(`.facets a.chosen:contains("2025-06")`).AttrOr("href", ""); back != "/quotes?stance=bullish" {
		t.Errorf("June leads back to %q", back)
	}
}

func TestSorting(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	if n := page(t, h, "/quotes").Find(`a:contains("by relevance")`).Length(); n != 0 {
		t.Error("without words there is nothing to sort by")
	}
	href := page(t, h, "/quotes?q=rally").Find(`a:contains("by relevance")`).AttrOr("href", "")
	if href != "/quotes?q=rally&sort=relevance" {
		t.Fatalf("relevance is at %q", href)
	}
	if doc := page(t, h, href); doc.Find(".quotes li").Length() == 0 {
		t.Error("nothing is sorted")
	}
	if w := ask(t, h, "/quotes?q=rally&sort=best"); w.Code != http.StatusBadRequest {
		t.Errorf("an unknown order answers %d", w.Code)
	}
}

// A cursor past the last quote is no search that finds nothing.
func TestPastTheLastQuote(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	doc := page(t, h, "/quotes?stance=bullish&cursor=1")
	text := doc.Find(".empty").Text()
	if !strings.Contains(text, "past the last") || strings.Contains(text, "these filters") {
		t.Errorf("the page says %q", text)
	}
	if href := doc.Find(".empty a").AttrOr("href", ""); href != "/quotes?stance=bullish" || page(t, h, href).Find(".quotes li").Length() == 0 {
		t.Errorf("it leads back to %q", href)
	}
}
