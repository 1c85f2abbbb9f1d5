package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tenor/crawler"
)

const testBase = "http://127.0.0.1:8099"

// get asks the newsroom for a path and returns status, header and body.
func get(t *testing.T, path string, header ...string) (int, http.Header, []byte) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler(testBase).ServeHTTP(w, r)
	return w.Code, w.Header(), w.Body.Bytes()
}

var href = regexp.MustCompile(`href="([^"#]*)[^"]*"`)

func TestEveryPageAnswersAndEveryLinkLeadsSomewhere(t *testing.T) {
	pages := newSite(testBase).pages
	handler := Handler(testBase)
	for path, p := range pages {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		want := http.StatusOK
		if p.redirect != "" {
			want = http.StatusMovedPermanently
		}
		if w.Code != want || w.Header().Get("Content-Type") == "" {
			t.Errorf("GET %s: %d %s, want %d", path, w.Code, w.Header().Get("Content-Type"), want)
		}
		if !strings.HasPrefix(p.mime, "text/html") {
			continue
		}
		for _, m := range href.FindAllSubmatch(w.Body.Bytes(), -1) {
			target := strings.TrimPrefix(strings.ReplaceAll(string(m[1]), "&amp;", "&"), testBase)
			at, query, _ := strings.Cut(target, "?")
			if strings.HasPrefix(query, "page=") {
				at = target
			}
			if _, ok := pages[at]; !ok && at != "" && at != withdrawn {
				t.Errorf("%s links to %s, which is not there", path, target)
			}
		}
	}
}

func TestServingIsDeterministic(t *testing.T) {
	one, two := newSite(testBase), newSite(testBase)
	for path, p := range one.pages {
		if !bytes.Equal(p.body, two.pages[path].body) {
			t.Errorf("%s differs from one start to the next", path)
		}
	}
}

func TestTrackingParametersAndConditionalRequests(t *testing.T) {
	a := loaded(t).articles[0]
	_, header, plain := get(t, a.outlet.path(a))
	if _, _, tracked := get(t, a.outlet.path(a)+"?utm_source=rss&fbclid=1"); !bytes.Equal(plain, tracked) {
		t.Error("a tracking parameter changes the page")
	}
	if code, _, _ := get(t, a.outlet.path(a), "If-None-Match", header.Get("ETag")); code != http.StatusNotModified {
		t.Errorf("an unchanged page is answered with %d", code)
	}
	if code, _, _ := get(t, withdrawn); code != http.StatusNotFound {
		t.Errorf("the withdrawn story is answered with %d", code)
	}
}

func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestFeedsListEveryStory(t *testing.T) {
	stories := func(slug string) (n int) {
		for _, a := range loaded(t).articles {
			if a.outlet.Slug == slug {
				n++
			}
		}
		return n
	}
	_, _, data := get(t, "/harbor-ledger/feed.xml")
	var r rss
	if err := xml.Unmarshal(data, &r); err != nil || len(r.Channel.Items) != stories("harbor-ledger")+1 {
		t.Errorf("RSS: %d items, %v; want every story and the newest twice", len(r.Channel.Items), err)
	}
	_, _, data = get(t, "/kestrel-street/atom.xml")
	var f atomFeed
	if err := xml.Unmarshal(data, &f); err != nil || len(f.Entries) != stories("kestrel-street") {
		t.Errorf("Atom: %d entries, %v", len(f.Entries), err)
	}
	_, _, data = get(t, "/ashgrove-post/feed.json")
	var j struct{ Items []struct{ URL string } }
	if err := json.Unmarshal(data, &j); err != nil || len(j.Items) != stories("ashgrove-post") {
		t.Errorf("JSON Feed: %d items, %v", len(j.Items), err)
	}
	_, _, data = get(t, "/lantern-markets/sitemap.xml")
	var index sitemapIndex
	if err := xml.Unmarshal(data, &index); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for _, s := range index.Sitemaps {
		_, _, data := get(t, strings.TrimPrefix(s.Loc, testBase))
		if strings.HasSuffix(s.Loc, ".gz") {
			zr, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if data, err = io.ReadAll(zr); err != nil {
				t.Fatal(err)
			}
		}
		var set urlSet
		if err := xml.Unmarshal(data, &set); err != nil {
			t.Fatal(err)
		}
		listed += len(set.URLs)
	}
	if want := stories("lantern-markets") + 2; listed != want {
		t.Errorf("sitemaps list %d addresses, want %d", listed, want)
	}
}

func TestTrapsAreSet(t *testing.T) {
	if _, _, data := get(t, brokenFeed); wellFormed(data) == nil {
		t.Error("the broken feed is not broken")
	}
	if _, _, data := get(t, "/robots.txt"); !strings.Contains(string(data), "\nDisallow: "+membersDir+"\n") {
		t.Error("robots.txt does not close the members' pages")
	}
	pages := newSite(testBase).pages
	for _, name := range NeverQuoted() {
		seen := false
		for _, p := range pages {
			seen = seen || bytes.Contains(p.body, []byte(name))
		}
		if !seen {
			t.Errorf("%s is on no page, so not finding them proves nothing", name)
		}
		for _, a := range loaded(t).articles {
			if strings.Contains(a.text(), name) {
				t.Errorf("%s: %s stands in the body", a.key, name)
			}
		}
	}
}

func TestConfigIsReadByTheCrawler(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tenor.toml")
	if err := os.WriteFile(path, []byte(Config(testBase)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := crawler.LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Sources) != len(sources) {
		t.Errorf("%d sources, want %d", len(cfg.Sources), len(sources))
	}
	for _, s := range cfg.Sources {
		if code, _, _ := get(t, strings.TrimPrefix(s.URL, testBase)); code != http.StatusOK {
			t.Errorf("%s: %s is answered with %d", s.Name, s.URL, code)
		}
	}
}

func TestGoldHasALineForEachEnglishArticle(t *testing.T) {
	var b bytes.Buffer
	if err := WriteGold(&b, testBase); err != nil {
		t.Fatal(err)
	}
	lines, quotes := 0, 0
	for d := json.NewDecoder(&b); d.More(); lines++ {
		var g goldArticle
		if err := d.Decode(&g); err != nil {
			t.Fatal(err)
		}
		for _, q := range g.Quotes {
			quotes++
			for _, s := range q.Segments {
				if !strings.Contains(g.Text, s) {
					t.Errorf("%s: %q is not in the text", g.File, s)
				}
			}
		}
	}
	if all := loaded(t); lines != len(all.articles)-1 {
		t.Errorf("%d lines for %d articles, one of them German", lines, len(all.articles))
	}
	t.Logf("%d articles, %d labelled quotes", lines, quotes)
}
