package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
	"tenor/store"
)

// payloads try each way out of text: elements, attributes, entities, addresses,
// broken markup, other encodings.
var payloads = []string{
	`<script>window.pwned=1</script>`,
	`"><script>window.pwned=1</script>`,
	`'><img src=x onerror="window.pwned=1">`,
	`<svg onload=window.pwned=1>`,
	`<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>`,
	`</title><script>window.pwned=1</script>`,
	`</textarea><script>window.pwned=1</script>`,
	`</style><script>window.pwned=1</script>`,
	`<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
	`<body onload=window.pwned=1>`,
	`<details open ontoggle=window.pwned=1>`,
	`<input autofocus onfocus=window.pwned=1>`,
	`<a href="javascript:window.pwned=1">x</a>`,
	`<math><mtext></p><style><img src=x onerror=window.pwned=1>`,
	`<!--><script>window.pwned=1</script>-->`,
	`<![CDATA[<script>window.pwned=1</script>]]>`,
	`" autofocus onfocus="window.pwned=1" x="`,
	`' onmouseover='window.pwned=1`,
	"`-window.pwned=1-`",
	`{{.Secret}}{{printf "%s" "x"}}`,
	`${window.pwned=1}`,
	`&lt;script&gt;window.pwned=1&lt;/script&gt;`,
	`&#60;script&#62;window.pwned=1&#60;/script&#62;`,
	`%3Cscript%3Ewindow.pwned=1%3C/script%3E`,
	`\u003cscript\u003ewindow.pwned=1\u003c/script\u003e`,
	"<scr\x00ipt>window.pwned=1</scr\x00ipt>",
	`<meta http-equiv="refresh" content="0;url=javascript:window.pwned=1">`,
	`<base href="https://elsewhere.example/">`,
	`<link rel=stylesheet href=https://elsewhere.example/x.css>`,
	`<form action=https://elsewhere.example><button>x`,
	`<object data="data:text/html,<script>window.pwned=1</script>">`,
	`<embed src="data:text/html,<script>window.pwned=1</script>">`,
	`<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">`,
	`<x contenteditable onblur=window.pwned=1>`,
	`<style>@import "https://elsewhere.example/x.css";</style>`,
	`<div style="background:url(https://elsewhere.example/x)">`,
	"\u2028<script>window.pwned=1</script>\u2029",
	`</mark></p></article><script>window.pwned=1</script>`,
}

// urlPayloads are addresses that must never become links.
var urlPayloads = []string{
	"javascript:window.pwned=1", "JaVaScRiPt:window.pwned=1", " javascript:window.pwned=1", "java\nscript:window.pwned=1",
	"data:text/html,<script>window.pwned=1</script>", "vbscript:x", "file:///etc/passwd", "//elsewhere.example/x", "about:blank",
	"blob:https://elsewhere.example/x", "https:", "http:///x", "ftp://elsewhere.example/x",
}

// savePayloads stores an article for each payload with it in every text field.
func savePayloads(t testing.TB, s *store.Store) []int64 {
	t.Helper()
	var ids []int64
	for i, p := range payloads {
		a := tenor.Article{
			File: fmt.Sprintf("%d %s", i, p), Outlet: "Outlet " + p, Title: "Title " + p, Authors: []string{p},
			Forwarded: p, Published: onDay("2025-09-18"), KnownAt: today,
			Text: "Before.\n\nShe said " + p + " and left.\n\nAfter " + p,
		}
		if i < len(urlPayloads) {
			a.URL = urlPayloads[i]
		}
		from := strings.Index(a.Text, p)
		save(t, s, a, tenor.Quote{
			Spans: []tenor.Span{{from, from + len(p)}}, Kind: tenor.Direct, Speaker: "Eve " + p, SpeakerType: tenor.Analyst,
			Firm: "Firm " + p, Role: "role " + p, Stance: tenor.Bullish, Claim: tenor.Forecast, Subject: "small-caps",
			Evidence: []tenor.Evidence{{Tag: "stance:bullish", Span: tenor.Span{from, from + len(p)/2}}},
		})
	}
	for i := range payloads {
		ids = append(ids, int64(i+1))
	}
	return ids
}

// Text from strangers must stay text on every page, and no address of theirs
// that is not http or https may become a link.
func TestTextStaysText(t *testing.T) {
	s := emptyStore(t)
	ids := savePayloads(t, s)
	h := handlerOf(t, s, Options{Explainer: sureOf{s}})
	addresses := []string{"/", "/quotes?limit=500", "/sources", "/about"}
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, "/quotes/"+r.ID)
	}
	for i, id := range ids {
		addresses = append(addresses, fmt.Sprintf("/articles/%d", id), namePath("/analysts/", "analyst", "Eve "+payloads[i]))
	}
	for _, address := range addresses {
		w := ask(t, h, address)
		if w.Code >= 500 {
			t.Errorf("%s answers %d", address, w.Code)
		}
		doc, err := goquery.NewDocumentFromReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find("iframe, object, embed, base, style, math, img, script:not([src^='/static/']), meta[http-equiv], link:not([href^='/static/']):not([rel=alternate][href^='/quotes.'])").Length(); n > 0 {
			t.Errorf("%s holds %d elements that no template has", address, n)
		}
		doc.Find("*").Each(func(_ int, e *goquery.Selection) {
			for _, attribute := range e.Get(0).Attr {
				if strings.HasPrefix(attribute.Key, "on") || attribute.Key == "style" {
					t.Errorf("%s: <%s %s=…>", address, goquery.NodeName(e), attribute.Key)
				}
			}
			if href, ok := e.Attr("href"); ok && !strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "#") {
				if !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
					t.Errorf("%s links to %q", address, href)
				}
				if rel, _ := e.Attr("rel"); !strings.Contains(rel, "noopener") || !strings.Contains(rel, "noreferrer") {
					t.Errorf("%s links to %q with rel=%q", address, href, rel)
				}
			}
			if strings.HasPrefix(e.AttrOr("href", ""), "//") {
				t.Errorf("%s links to %q", address, e.AttrOr("href", ""))
			}
		})
	}
}

// sureOf explains each stored quote by its own first words, so that text from strangers
// reaches every place that a reason has.
type sureOf struct{ *store.Store }

func (s sureOf) ExplainAll(a *tenor.Article) ([]tenor.Explanation, error) {
	_, records, err := s.Article(context.Background(), a.ID)
	var all []tenor.Explanation
	for _, r := range records {
		q := r.Quote
		q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "theme:rates", Span: q.Spans[0]})
		reasons := []tenor.Reason{{Span: q.Spans[0], Weight: 0.5}, {Span: q.Spans[0], Weight: -1}}
		all = append(all, tenor.Explanation{Quote: q, Labels: []tenor.LabelReasons{
			{Label: "stance", Value: "bullish", Share: 0.6, RunnerUp: "neutral", Second: 0.3, Reasons: reasons},
			{Label: "theme", Value: "rates", Share: 0.6, Reasons: reasons},
		}})
	}
	return all, err
}
