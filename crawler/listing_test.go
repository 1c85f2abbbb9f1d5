package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

func page(address, body string) *tenor.Page {
	return &tenor.Page{URL: address, Status: 200, Body: []byte(body), FetchedAt: time.Date(2025, 9, 20, 0, 0, 0, 0, time.UTC)}
}

func urlsOf(entries []entry) (out []string) {
	for _, e := range entries {
		out = append(out, e.url)
	}
	return out
}

func TestArticleLike(t *testing.T) {
	for path, want := range map[string]bool{
		"/": false, "/markets": false, "/markets/": false, "/markets/stocks": false, "/about-us": false,
		"/2025/09/18/": false, "/2025/09/": false, "/page/2": false, "/markets/page/3/": false, "/archive/2025-09-18": false,
		"/tag/small-caps-and-mid-caps": false, "/author/someone-with-a-long-name": false, "/video/markets-close-higher-today": false,
		"/privacy-policy":                         false,
		"/markets/small-caps-rally":               true,
		"/small-caps-rally-as-fed-cuts":           true,
		"/2025/09/18/rally":                       true,
		"/20250918/rally":                         true,
		"/markets/2025-09-18/rally.html":          true,
		"/story/84213377":                         true,
		"/news/idUSL1N2ABC84213":                  true,
		"/markets/rally.html":                     true,
		"/index.html":                             false,
		"/markets/index.html":                     false,
		"/a/%E5%B0%8F%E7%9B%98-1234567":           true,
		"/markets/small_caps_rally_on":            true,
		"/events/what-to-expect-from-the-meeting": false,
	} {
		u, err := url.Parse("https://example.com" + path)
		if err != nil {
			t.Fatal(err)
		}
		if got := articleLike(u); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

func TestReadListing(t *testing.T) {
	const body = `<html><head><base href="/markets/"><link rel="alternate" type="application/rss+xml" href="/comments/feed">
		<link rel="alternate" type="application/atom+xml" href="/feed.atom"></head><body>
		<a href="small-caps-rally-again#c">one</a> <a href="small-caps-rally-again?utm_source=x">the same</a>
		<a href="https://news.example.com/2025/09/18/second">on a subdomain</a>
		<a href="https://other.example/2025/09/18/third">elsewhere</a>
		<a href="/files/report-on-small-caps.pdf">file</a> <a href="javascript:go()">script</a> <a href="mailto:a@example.com">mail</a>
		<a href="">empty</a> <a href="#top">top</a> <a>none</a> <a href="/about">about</a> <a href="http://[">broken</a>
		<a href="/markets/?page=2">Next »</a> <a href="/markets/?page=9">last</a></body></html>`
	l, err := readListing(page("https://www.example.com/markets/", body), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"https://www.example.com/markets/small-caps-rally-again", "https://news.example.com/2025/09/18/second"}
	if got := urlsOf(l.articles); !slices.Equal(got, want) {
		t.Errorf("articles %q", got)
	}
	if l.next != "https://www.example.com/markets/?page=2" || l.feed != "https://www.example.com/feed.atom" {
		t.Errorf("next %q, feed %q", l.next, l.feed)
	}
	l, _ = readListing(page("https://www.example.com/markets/", body), regexp.MustCompile(`/about$`), nil)
	if got := urlsOf(l.articles); !slices.Equal(got, []string{"https://www.example.com/about"}) {
		t.Errorf("by pattern: %q", got)
	}
}

func TestListingIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `<a href="/story/%d">x</a>`, 100000+i)
	}
	l, err := readListing(page("https://example.com/", b.String()), nil, nil)
	if err != nil || len(l.articles) != maxLinks {
		t.Errorf("%d links, %v", len(l.articles), err)
	}
	if _, err := readListing(page("https://example.com/", strings.Repeat("<div>", 200_000)), nil, nil); err != nil {
		t.Logf("deep nesting: %v", err)
	}
}

func TestFeedForms(t *testing.T) {
	for _, test := range []struct{ name, body, want, date string }{
		{"rss", `<rss version="2.0"><channel><item><link>/a?utm_medium=rss</link><pubDate>Thu, 18 Sep 2025 09:30:00 +0200</pubDate></item></channel></rss>`, "https://example.com/a", "2025-09-18T09:30:00+02:00"},
		{"guid alone", `<rss version="2.0"><channel><item><guid isPermaLink="true">https://example.com/b</guid></item></channel></rss>`, "https://example.com/b", ""},
		{"a day", `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><link>/a</link><dc:date>2025-09-18</dc:date></item></channel></rss>`, "https://example.com/a", "2025-09-18"},
		{"zone by name", `<rss version="2.0"><channel><item><link>/a</link><pubDate>Thu, 18 Sep 2025 09:30:00 EST</pubDate></item></channel></rss>`, "https://example.com/a", "2025-09-18T14:30:00Z"},
		{"tomorrow's date and later is none", `<rss version="2.0"><channel><item><link>/a</link><pubDate>Thu, 18 Sep 2031 09:30:00 GMT</pubDate></item></channel></rss>`, "https://example.com/a", ""},
		{"atom", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title><link href="/c"/><updated>2025-09-18T12:00:00Z</updated></entry></feed>`, "https://example.com/c", "2025-09-18T12:00:00Z"},
		{"script in a link", `<rss version="2.0"><channel><item><link>javascript:alert(1)</link></item><item><link>/ok</link></item></channel></rss>`, "https://example.com/ok", ""},
	} {
		entries, err := feedEntries(page("https://example.com/feed", test.body))
		if err != nil || len(entries) != 1 || entries[0].url != test.want || entries[0].published.String() != test.date {
			t.Errorf("%s: %+v, %v", test.name, entries, err)
		}
	}
}

func TestSitemapForms(t *testing.T) {
	s, err := readSitemap(page("https://www.example.com/sitemap.xml", `<?xml version="1.0" encoding="ISO-8859-1"?>
		<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
		<url><loc> https://www.example.com/old </loc><lastmod>2020-01-02</lastmod><image><loc>https://www.example.com/x.jpg</loc></image></url>
		<url><loc>https://www.example.com/new</loc><lastmod>2025-09-18T10:00:00+00:00</lastmod></url>
		<other><loc>https://www.example.com/not</loc></other>
		<url><loc>https://www.example.com/undated</loc></url>
		<url><loc>https://elsewhere.example/x</loc></url></urlset>`))
	want := []string{"https://www.example.com/new", "https://www.example.com/old", "https://www.example.com/undated"}
	if err != nil || !slices.Equal(urlsOf(s.pages), want) || s.pages[1].published.String() != "2020-01-02" {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = readSitemap(page("https://example.com/s.txt", "https://example.com/a\n\nhttps://example.com/b\n"))
	if err != nil || len(s.pages) != 2 {
		t.Errorf("a list: %+v, %v", s, err)
	}
	s, err = readSitemap(page("https://example.com/s.xml", `<urlset><url><loc>https://example.com/a</loc></url><url><loc>https://exam`))
	if err != nil || len(s.pages) != 1 || !strings.Contains(s.note, "broken XML") {
		t.Errorf("broken in the middle: %+v, %v", s, err)
	}
	for _, body := range []string{"", "hello", "<html></html>", "<rss></rss>", "<urlset", `<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>`,
		`<urlset><url><loc>&undeclared;</loc></url></urlset>`} {
		if s, err := readSitemap(page("https://example.com/s.xml", body)); err == nil {
			t.Errorf("%q is read as %+v", body, s)
		}
	}
}

func FuzzFeed(f *testing.F) {
	f.Add(`<rss version="2.0"><channel><item><link>/a</link><pubDate>x</pubDate></item></channel></rss>`)
	f.Add(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/c"/></entry></feed>`)
	f.Add(`{"version":"https://jsonfeed.org/version/1","items":[{"url":"/x"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		entries, _ := feedEntries(page("https://example.com/feed", body))
		checkEntries(t, entries)
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add(`<urlset><url><loc>https://example.com/a</loc><lastmod>2020</lastmod></url></urlset>`)
	f.Add("https://example.com/a\nhttps://example.com/b")
	f.Fuzz(func(t *testing.T, body string) {
		if s, err := readSitemap(page("https://example.com/s", body)); err == nil {
			checkEntries(t, s.pages)
			checkEntries(t, s.sitemaps)
		}
	})
}

func FuzzListing(f *testing.F) {
	f.Add(`<base href="//x"><a rel=next href="?p=2">n</a><a href="/2025/09/18/x">y</a>`)
	f.Fuzz(func(t *testing.T, body string) {
		if l, err := readListing(page("https://example.com/l", body), nil, nil); err == nil {
			checkEntries(t, l.articles)
		}
	})
}

func checkEntries(t *testing.T, entries []entry) {
	t.Helper()
	for _, e := range entries {
		if again, err := Canonical(e.url); err != nil || again != e.url {
			t.Errorf("%q is not canonical (%q, %v)", e.url, again, err)
		}
		if strings.ContainsAny(e.title, "\n\r\x1b") {
			t.Errorf("title %q", e.title)
		}
	}
}

// What is text, whatever it looks like, holds no links; attributes come in all
// forms; of two the first counts.
func TestScanLinks(t *testing.T) {
	l := scanLinks([]byte(`<!doctype html><title><a href=/title></title><BASE HREF='/base/'><base href=/other>
		<link type="application/rss+xml" href="/feed?a=1&amp;b=2" rel="ALTERNATE home"><link rel=next href=/next>
		<script>document.write('<a href="/script">x</a>')</script><!-- <a href=/comment> > --><!--><style>a>b{}</style>
		<a class="x>y" href="/quoted>end">one</a><A HREF = /bare/>two</A><a data-href=/not href=/first href=/second>t<b>hr</b>ee
		<a href='/unclosed'>four<a href="#top">top</a><a>none</a><abbr href=/abbr><textarea><a href=/area></textarea><noscript><a href=/ns></noscript>
		<a href="/cut`))
	var hrefs []string
	for _, a := range l.anchors {
		hrefs = append(hrefs, a.href)
	}
	if want := []string{"/quoted>end", "/bare/", "/first", "/unclosed", "/cut"}; !slices.Equal(hrefs, want) {
		t.Errorf("links %q, want %q", hrefs, want)
	}
	if l.base != "/base/" || l.next != "/next" || !slices.Equal(l.feeds, []string{"/feed?a=1&b=2"}) {
		t.Errorf("base %q, next %q, feeds %q", l.base, l.next, l.feeds)
	}
	if a := l.anchors[2]; !strings.HasPrefix(string(a.text[:a.size]), "three") {
		t.Errorf("text %q", a.text)
	}
}

func FuzzScanLinks(f *testing.F) {
	f.Add([]byte(`<a href="x'>y<a href=/a b=c</script><script>`))
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, a := range scanLinks(page).anchors {
			if a.href == "" || a.size > len(a.text) {
				t.Errorf("%+v", a)
			}
		}
	})
}
