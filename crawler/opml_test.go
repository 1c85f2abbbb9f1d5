package crawler

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const readerExport = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.0">
<head><title>Subscriptions</title></head>
<body>
<outline text="Markets" title="Markets">
  <outline text="The Ledger" title="The Ledger &#8211; Markets" type="rss" xmlUrl="https://ledger.example/feed.xml?a=1&b=2" htmlUrl="https://ledger.example/"/>
  <outline text="Deeper"><outline text="Caf` + "\xe9" + ` Wire" type="atom" XMLURL="feed://cafe.example/atom"/></outline>
</outline>
<outline text="The Mill" xmlUrl="HTTPS://Mill.Example:443/rss"></outline>
<outline text="The Mill" xmlUrl="https://mill.example/funds/rss" category="/Finance/Funds"/>
<outline text="Again" xmlUrl="https://mill.example/rss"/>
<outline text="No address" type="rss"/>
<outline text="A link" type="link" url="https://fern.example/"/>
<outline text="More" type="include" url="https://fern.example/more.opml"/>
<outline text="Bad" xmlUrl="javascript:alert(1)"/>
<outline xmlUrl="https://nameless.example/rss"/>
<outline/>
</body></opml>`

func TestParseOPML(t *testing.T) {
	sources, problems, err := ParseOPML(strings.NewReader(readerExport))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sources {
		got = append(got, s.Name+" "+s.Kind+" "+s.URL)
	}
	if want := []string{
		"The Ledger – Markets feed https://ledger.example/feed.xml?a=1&b=2",
		"Café Wire feed https://cafe.example/atom",
		"The Mill feed https://mill.example/rss",
		"The Mill (2) feed https://mill.example/funds/rss",
		"nameless.example/rss feed https://nameless.example/rss",
	}; !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	for i, want := range []string{`"Again": "https://mill.example/rss" is in the list twice`, `"No address": it has no address`, `"A link": it is a link`, `"More": it stands for another list`, `"Bad": "javascript:alert(1)" is not`} {
		if len(problems) != 5 || !strings.HasPrefix(problems[i], want) {
			t.Fatalf("problems %q, want %q", problems, want)
		}
	}
}

func TestParseOPMLRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "the list is empty",
		"Subscriptions":                         "not an OPML file: it holds no XML",
		"<html><body>Log in</body>":             "not an OPML file: it begins with <html>",
		"<opml " + strings.Repeat(" ", maxOPML): "the list is larger than 10 MiB",
		`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;" xmlUrl="https://a.example/"/></body></opml>`: "XML entities",
		"<opml><body>" + strings.Repeat("<outline text=\"x\">", 5000):                                                                       "",
	} {
		if _, _, err := ParseOPML(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	sources, problems, err := ParseOPML(strings.NewReader("<opml><body>\n<outline text=\"One\" xmlUrl=\"https://one.example/rss\"/>\n<outline text=\"Tw"))
	if err != nil || len(sources) != 1 || len(problems) != 1 || !strings.Contains(problems[0], "line 3") {
		t.Errorf("a file that breaks off: %v %v %v", sources, problems, err)
	}
}

func TestOPMLRoundTrip(t *testing.T) {
	in := []Source{
		{Name: `The "Ledger" & <Mill>`, URL: "https://ledger.example/feed.xml?a=1&b=2", Kind: "feed", Outlet: "The Ledger"},
		{Name: "mill", URL: "https://mill.example/markets", Kind: "listing", Links: `/markets/\d{4}/`},
		{Name: "map", URL: "https://fern.example/news.xml", Kind: "sitemap"},
		{Name: "unseen", URL: "https://fern.example/all.xml"}, // as feed it could not be read
	}
	for i := range in {
		if err := in[i].complete(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, in); err != nil {
		t.Fatal(err)
	}
	out, problems, err := ParseOPML(bytes.NewReader(b.Bytes()))
	if err != nil || len(problems) > 0 || !reflect.DeepEqual(in, out) {
		t.Errorf("%v %v\n%s\ngot %+v", err, problems, b.String(), out)
	}
	if strings.Count(b.String(), `type="rss"`) != 2 {
		t.Errorf("readers would subscribe to pages:\n%s", b.String())
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(readerExport))
	f.Add([]byte("<opml><body><outline text='a' xmlUrl='https://a.example/'>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		sources, problems, err := ParseOPML(bytes.NewReader(body))
		for _, p := range problems {
			if strings.ContainsAny(p, "\n\x1b") {
				t.Errorf("a problem of two lines: %q", p)
			}
		}
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, sources); err != nil {
			t.Fatal(err)
		}
		again, problems, err := ParseOPML(&b)
		if err != nil || len(problems) > 0 || len(again) != len(sources) {
			t.Fatalf("%v %v: %d sources, then %d", err, problems, len(sources), len(again))
		}
	})
}
