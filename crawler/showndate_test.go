package crawler

import (
	"strings"
	"testing"
	"time"

	"tenor"
)

// Many pages state their date to readers only, each in its own language.
func TestExtractShownDate(t *testing.T) {
	for _, test := range []struct{ lang, head, below, want string }{
		{"en-GB", "", `<p>Published: 11 March 2025 | Updated: 12 March 2025</p>`, "2025-03-11"},
		{"en", "", `<p>Updated: 12 March 2025 | Published: 11 March 2025</p>`, "2025-03-11"},
		{"en", "", `<p>Updated 12 March 2025</p><p>Published 11 March 2025</p>`, "2025-03-11"},
		{"en", "", `<p>Published March 11, 2025 at 6:40 p.m. EDT</p>`, "2025-03-11T18:40:00-04:00"},
		{"en", "", `<p>Today is Thursday, January 1, 2026</p><p>11 March 2025</p>`, "2025-03-11"},
		{"en", "", `<aside><p>12 April 2025</p></aside><p>11 March 2025</p>`, "2025-03-11"},
		{"en", "", `<p>The exchange has been shut since 12 April 2024, when its owners lost their keys and with them the trust of all who traded there.</p><p>11 March 2025</p>`, "2025-03-11"},
		{"en", "", `<p>An empty room of the exchange on 12 April 2024</p><p>By Rosa Holm, 11 March 2025</p>`, "2025-03-11"},
		{"en-GB", "", `<p>03/04/2025</p>`, "2025-04-03"},
		{"en-US", "", `<p>03/04/2025</p>`, "2025-03-04"},
		{"fr", `<meta name="date" content="03/04/2025 10:00">`, "", "2025-04-03"},
		{"de", "", `<span>11. März 2025, 10:00 Uhr</span>`, "2025-03-11"},
		{"fr", "", `<p>Mis à jour le 12 mars 2025 - Publié le 11 mars 2025 à 10h00</p>`, "2025-03-11"},
		{"fr", "", `<p>Le 1er févr. 2025</p>`, "2025-02-01"},
		{"es", "", `<p>11 de marzo de 2025</p>`, "2025-03-11"},
		{"pl", "", `<p>11 marca 2025</p>`, "2025-03-11"},
		{"ru", "", `<p>11 марта 2025, 10:00</p>`, "2025-03-11"},
		{"tr", "", `<p>11 Mart 2025</p>`, "2025-03-11"},
		{"hu", "", `<p>2025. március 11.</p>`, "2025-03-11"},
		{"ja", "", `<p>2025年3月11日 10時00分</p>`, "2025-03-11"},
		{"ko", "", `<p>2025년 3월 11일</p>`, "2025-03-11"},
		{"ar", "", `<p>11 مارس 2025</p>`, "2025-03-11"},
		{"en", `<meta name="pubdate" content="1741678200">`, "", "2025-03-11T07:30:00Z"},
		{"en", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":1741678200000}</script>`, "", "2025-03-11T07:30:00Z"},
	} {
		page := strings.Replace(strings.Replace(datedPage(test.head), "<html>", `<html lang="`+test.lang+`">`, 1), "</h1>", "</h1>"+test.below, 1)
		a, err := Extract(&tenor.Page{Body: []byte(page), FetchedAt: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)})
		if got := a.Published.String(); err != nil || got != test.want {
			t.Errorf("%s %s%s: %v %q, want %q", test.lang, test.head, test.below, err, got, test.want)
		}
	}
}

func FuzzReadDates(f *testing.F) {
	f.Add("Publié le 11 mars 2025 à 10h00", "fr")
	f.Add("2025. március 11. 03/04/2025", "hu")
	f.Fuzz(func(t *testing.T, text, tag string) {
		end := 0
		for _, m := range readDates(text, tag) {
			if m.start < end || m.end > len(text) || m.month < 1 || m.month > 12 || m.day < 1 {
				t.Errorf("%q gives %+v", text, m)
			}
			end = m.end
		}
	})
}
