package web

import (
	"context"
	"fmt"
	"net/url"
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
	// Elements that load, move or open by themselves.
	`<img src=x onerror=window.pwned=1>`,
	`<img src="x" OnErRoR="window.pwned=1">`,
	`<img/src=x/onerror=window.pwned=1>`,
	"<img src=x\nonerror\n=\nwindow.pwned=1>",
	"<img src=x\tonerror=window.pwned=1>",
	"<img src=x\x0conerror=window.pwned=1>",
	`<img src=x onerror=&#119;indow.pwned=1>`,
	`<img src=x onerror="eval(atob('d2luZG93LnB3bmVkPTE='))">`,
	`<img srcset="x 1x" onerror=window.pwned=1>`,
	`<image src=x onerror=window.pwned=1>`,
	`<video src=x onerror=window.pwned=1></video>`,
	`<video><source onerror=window.pwned=1></video>`,
	`<audio src=x onerror=window.pwned=1>`,
	`<audio autoplay oncanplay=window.pwned=1 src="data:audio/wav;base64,UklGRiQAAABXQVZF">`,
	`<select autofocus onfocus=window.pwned=1>`,
	`<textarea autofocus onfocus=window.pwned=1>`,
	`<button autofocus onfocus=window.pwned=1>x`,
	`<a href=# autofocus onfocus=window.pwned=1>x`,
	`<marquee onstart=window.pwned=1>x</marquee>`,
	`<div onpointerrawupdate=window.pwned=1>x</div>`,
	`<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart=window.pwned=1>x`,
	`<b style="transition:color 1s" ontransitionend=window.pwned=1>x`,
	`<dialog open onclose=window.pwned=1><form method=dialog><button autofocus>x`,
	`<div popover id=x onbeforetoggle=window.pwned=1>x</div>`,
	`<input type=image src=x onerror=window.pwned=1>`,
	`<isindex type=image src=x onerror=window.pwned=1>`,
	`<frameset onload=window.pwned=1><frame src=x>`,
	`<iframe src="javascript:parent.pwned=1"></iframe>`,
	`<iframe src="data:text/html,<script>parent.pwned=1</script>"></iframe>`,
	`<portal src="javascript:window.pwned=1">`,
	`<applet code=x></applet>`,
	`<keygen autofocus onfocus=window.pwned=1>`,
	`<body/onpageshow=window.pwned=1>`,
	`<html onmousemove=window.pwned=1>`,
	// SVG and MathML, where other rules of parsing hold.
	`<svg/onload=window.pwned=1>`,
	`<svg><script>window.pwned=1</script></svg>`,
	`<svg><script href="data:,window.pwned=1"></script></svg>`,
	`<svg><a xlink:href="javascript:window.pwned=1"><text x=20 y=20>x</text></a></svg>`,
	`<svg><set attributeName=onload to=window.pwned=1>`,
	`<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='window.pwned=1'/></svg>#x">`,
	`<svg><foreignObject><iframe srcdoc="<script>parent.pwned=1</script>"></iframe></foreignObject></svg>`,
	`<svg><style><img src=x onerror=window.pwned=1></style></svg>`,
	`<math href="javascript:window.pwned=1">x</math>`,
	`<math><annotation-xml encoding="text/html"><img src=x onerror=window.pwned=1></annotation-xml></math>`,
	// Ways out of where the text stands: attributes, comments, templates, lists.
	`'"><svg onload=window.pwned=1>`,
	`"><option><img src=x onerror=window.pwned=1>`,
	`</option></select><img src=x onerror=window.pwned=1>`,
	`</datalist><img src=x onerror=window.pwned=1>`,
	`</time></p></li></ol><script>window.pwned=1</script>`,
	`--><script>window.pwned=1</script>`,
	`<template><script>window.pwned=1</script></template>`,
	`<xmp><p title="</xmp><img src=x onerror=window.pwned=1>">`,
	`<plaintext><script>window.pwned=1</script>`,
	`<a href="&#106;avascript:window.pwned=1">x</a>`,
	`<a href="java&#x0A;script:window.pwned=1">x</a>`,
	`<a href="data:text/html;base64,PHNjcmlwdD5vcGVuZXIucHduZWQ9MTwvc2NyaXB0Pg==">x</a>`,
	`<script src="data:text/javascript,window.pwned=1"></script>`,
	`<script type=module>window.pwned=1</script>`,
	`<script src=/quotes.jsonl></script>`,
	`<script>/*</script><script>*/window.pwned=1</script>`,
	// Text that another reader might decode once more, or that hides itself.
	"+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-",
	"\xef\xbc\x9cscript\xef\xbc\x9ewindow.pwned=1\xef\xbc\x9c/script\xef\xbc\x9e",
	"\u202e<script>window.pwned=1</script>\u202c",
	"<scr\u200bipt>window.pwned=1</scr\u200bipt><script>window.pwned=1</script>",
	"\x1b]8;;javascript:window.pwned=1\x07x\x1b]8;;\x07<script>window.pwned=1</script>",
	`[x](javascript:window.pwned=1) ![x](x"onerror="window.pwned=1)`,
	`<<script>window.pwned=1//<</script>`,
	`<ScRiPt >window.pwned=1</sCrIpT >`,
	`<script x>window.pwned=1</script y>`,
	`javascript:/*--></title></style></textarea></script><svg/onload='window.pwned=1'>`,
	`';window.pwned=1//`,
	`\";window.pwned=1;//`,
	`</script><script>window.pwned=1</script>`,
	`<link rel=prefetch href=https://elsewhere.example/x>`,
	`<img src=https://elsewhere.example/x.png>`,
	`<meta name=referrer content=unsafe-url><a ping=https://elsewhere.example/ href=/>x</a>`,
	`<div style=width:expression(window.pwned=1)>`,
	`<a id=pwned></a><a id=defaultView name=pwned>`,
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
			Outlet: "Outlet " + p, Title: "Title " + p, Authors: []string{p},
			Forwarded: p, Published: onDay("2025-09-18"), KnownAt: today,
			Text: "Before.\n\nShe said " + p + " and left.\n\nAfter " + p,
		}
		if a.URL = "https://news.example/?x=" + p; i < len(urlPayloads) {
			a.URL, a.File = urlPayloads[i], fmt.Sprintf("%d %s", i, p)
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
	name := strings.ReplaceAll(payloads[2], "/", "")
	if err := s.SaveSearch(t.Context(), tenor.SavedSearch{Name: name, Query: url.Values{"firm": {"Firm " + payloads[2]}}.Encode(), Who: payloads[3], At: today}, false); err != nil {
		t.Fatal(err)
	}
	o := everything(s)
	o.Explainer, o.Overlay = sureOf{s}, hostileOverlay(t)
	h := handlerOf(t, s, o)
	addresses := []string{"/", "/quotes?limit=500", "/sources", "/about", "/review", "/searches", "/?day=2025-09-18&series=" + url.QueryEscape(payloads[2]), "/?moved=2025-09-17..2025-09-18"}
	for r, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, "/quotes/"+r.ID)
	}
	for i, id := range ids {
		addresses = append(addresses, fmt.Sprintf("/articles/%d", id), personPath("Eve "+payloads[i]), firmPath("Firm "+payloads[i]), outletPath("Outlet "+payloads[i]))
		addresses = append(addresses, "/?"+url.Values{"day": {"2025-09-18"}, "analyst": {"Eve " + payloads[i]}}.Encode(), "/quotes?"+url.Values{"q": {payloads[i]}}.Encode())
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

// hostileOverlay are a price and an event under a name that is markup.
func hostileOverlay(t testing.TB) Overlay {
	t.Helper()
	name := `"` + strings.ReplaceAll(payloads[2], `"`, `""`) + `"`
	curves, err := tenor.ParseCurves("prices.csv", "prices", []byte("date,value,name\n2025-09-17,1,"+name+"\n2025-09-18,2,"+name+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	events, err := tenor.ParseEvents("events.csv", []byte("2025-09-18,"+name+",https://bank.example/'onfocus=1\n"))
	if err != nil {
		t.Fatal(err)
	}
	return func() (tenor.Overlay, error) { return tenor.Overlay{Curves: curves, Events: events}, nil }
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
