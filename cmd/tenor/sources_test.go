package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tenor"
)

// press is a publisher on loopback whose pages can change.
type press struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]string
	hits  map[string]int
}

func newPress(t *testing.T) *press {
	p := &press{pages: map[string]string{}, hits: map[string]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		body, ok := p.pages[r.URL.Path]
		p.hits[r.URL.Path]++
		p.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasPrefix(body, "<?xml") {
			w.Header().Set("Content-Type", "application/xml")
		} else if strings.HasPrefix(body, "<") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *press) host() string { return strings.TrimPrefix(p.URL, "http://") }

func (p *press) set(path, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = body
}

func (p *press) asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hits[path]
}

// feed publishes a feed of the paths, each with a story behind it.
func (p *press) feed(path string, stories ...string) {
	var items strings.Builder
	for _, s := range stories {
		fmt.Fprintf(&items, "<item><title>Small caps wake up</title><link>%s%s</link></item>", p.URL, s)
		p.set(s, pressPage)
	}
	p.set(path, `<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>`+items.String()+`</channel></rss>`)
}

const pressPage = `<!doctype html><html lang="en"><head><title>Small caps wake up</title><meta property="article:published_time" content="2025-09-18T10:00:00Z"></head><body><article><h1>Small caps wake up</h1>
<p>“Small caps are cheap and the rally has room to run,” said Ada Quill, chief strategist at Quill Research. “We are buyers.”</p>
<p class="promo">“Everybody should read our weekly letter, which is out now,” said Nell Harrow, publisher of the letter.</p>
<p>Bo Reed, an economist at Marsh Bank, warned that falling profits could end the rebound.</p><p class="stamp">17 September 2025</p></article></body></html>`

// config writes a tenor.toml that may ask the press, without pauses, and goes into its
// folder.
func (p *press) config(t *testing.T, sources string) (path string) {
	t.Helper()
	t.Chdir(t.TempDir())
	text := fmt.Sprintf("# ours\n[crawl]\ndelay = \"0s\"\nallow_private = [%q]\n%s", p.host(), strings.ReplaceAll(sources, "PRESS", p.URL))
	if err := os.WriteFile("tenor.toml", []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	return "tenor.toml"
}

func listed(t *testing.T, args ...string) map[string]tenor.SourceJSON {
	t.Helper()
	stdout, _ := wants(t, exitDone, append([]string{"sources", "--format", "json"}, args...)...)
	var list []tenor.SourceJSON
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatalf("%v in %s", err, stdout)
	}
	byName := map[string]tenor.SourceJSON{}
	for _, r := range list {
		byName[r.Name] = r
	}
	return byName
}

func TestSourcesLiveInTheirFile(t *testing.T) {
	p := newPress(t)
	path := p.config(t, "")
	before, _ := os.ReadFile(path)
	_, stderr := wants(t, exitDone, "sources", "add", p.URL+"/feed.xml", "--name", "the ledger", "--links", `/\d+$`, "--every", "30m,6h", "--keep", "article > p", "--delay", "0s")
	if !strings.Contains(stderr, "Added the ledger to tenor.toml. See what it offers: tenor sources test 'the ledger'") {
		t.Errorf("it says %q", stderr)
	}
	after, _ := os.ReadFile(path)
	if want := string(before) + "\n[[source]]\nname = \"the ledger\"\nurl = \"" + p.URL + "/feed.xml\"\nlinks = '/\\d+$'\nkeep = [\"article > p\"]\ndelay = \"0s\"\nevery = [\"30m\", \"6h\"]\n"; string(after) != want {
		t.Errorf("the file is\n%s\nwant\n%s", after, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is %v (%v)", info.Mode(), err)
	}
	if r := listed(t)["the ledger"]; r.State != "new" || r.URL != p.URL+"/feed.xml" || r.NextVisit != "" { // and no store yet
		t.Errorf("listed as %+v", r)
	}
	wants(t, exitDone, "sources", "pause", "the ledger")
	if r := listed(t)["the ledger"]; r.State != "paused" {
		t.Errorf("paused, it is listed as %+v", r)
	}
	if _, stderr, code := tenorRun(t, "", "crawl"); code != exitDone || p.asked("/feed.xml") > 0 || !strings.Contains(stderr, "1 source is paused") {
		t.Errorf("a paused source was visited, or there is an error: %d, %s", code, stderr)
	}
	wants(t, exitDone, "sources", "resume", "the ledger")
	if again, _ := os.ReadFile(path); !bytes.Equal(again, after) {
		t.Errorf("paused and resumed, the file is\n%s", again)
	}
	for want, args := range map[string][]string{
		"there is no source \"the legder\"; did you mean the ledger?":        {"pause", "the legder"},
		"there is no source \"ledger\"; did you mean the ledger?":            {"remove", "ledger"},
		"has a source named the ledger already":                              {"add", p.URL + "/other.xml", "--name", "the ledger"},
		"already, as source the ledger":                                      {"add", p.URL + "/feed.xml"},
		"the time between two visits must be from 1m":                        {"add", p.URL + "/b.xml", "--every", "1s"},
		`is not a CSS selector`:                                              {"add", p.URL + "/b.xml", "--drop", "p["},
		"delay -1s of source":                                                {"add", p.URL + "/b.xml", "--delay", "-1s"},
		`kind "rss" of source`:                                               {"add", p.URL + "/b.xml", "--kind", "rss"},
		"--name is for one source, and there are 2 addresses":                {"add", p.URL + "/b.xml", p.URL + "/c.xml", "--name", "x"},
		"an address must be written in full: https://ledger.example/feed":    {"add", "ledger.example/feed"},
		"name at least one address":                                          {"add"},
		"name one source or address":                                         {"test"},
		`there is no command "ad"; did you mean add?`:                        {"ad"},
		`there is no none.toml here; name the file of sources with --config`: {"pause", "x", "--config", "none.toml"},
		`"xml" is not one of: table, json, csv`:                              {"--format", "xml"},
	} {
		if _, stderr := wants(t, exitUsage, append([]string{"sources"}, args...)...); !strings.Contains(stderr, want) {
			t.Errorf("sources %v says %q, want %q", args, stderr, want)
		}
	}
	wants(t, exitDone, "sources", "remove", "the ledger")
	if end, _ := os.ReadFile(path); !bytes.Equal(end, before) {
		t.Errorf("removed, the file is\n%s", end)
	}
	if left, _ := filepath.Glob(".tenor.toml*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	// Without a file add makes one; a broken one is left alone, with its line named.
	t.Chdir(t.TempDir())
	wants(t, exitDone, "sources", "add", "https://ledger.example/feed.xml", "https://harbor.example/")
	if r := listed(t); len(r) != 2 {
		t.Errorf("listed: %v", r)
	}
	broken := []byte("[[source]]\nurl = 3\n")
	os.WriteFile("broken.toml", broken, 0o644)
	if _, stderr := wants(t, exitUsage, "sources", "add", "https://x.example", "-c", "broken.toml"); !strings.Contains(stderr, "broken.toml, line 2") {
		t.Errorf("it says %q", stderr)
	}
	if text, _ := os.ReadFile("broken.toml"); !bytes.Equal(text, broken) {
		t.Errorf("a broken file was changed: %s", text)
	}
}

func TestSourcesTellHowEachFares(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1", "/ledger/2")
	p.set("/robots.txt", "User-agent: *\nDisallow: /own\n")
	p.set("/ledger/3", pressPage)
	p.feed("/own.xml", "/own/1")
	p.config(t, `
[[source]]
name = "ledger"
url = "PRESS/ledger.xml"
outlet = "The Ledger"
drop = [".promo"]
date = ".stamp"

[[source]]
name = "gone"
url = "PRESS/gone.xml"

[[source]]
name = "once"
url = "PRESS/ledger/3"
kind = "page"

[[source]]
name = "own"
url = "PRESS/own.xml"
robots = "ignore"
delay = "0s"
`)
	_, stderr := wants(t, exitDone, "crawl")
	if !strings.Contains(stderr, "source own: robots.txt of "+p.host()+" is not asked") {
		t.Errorf("the report does not tell the exception:\n%s", stderr)
	}
	stdout, _ := wants(t, exitDone, "export", "--dialect", "raw")
	if strings.Count(stdout, "weekly letter") != 2 /* of own and once, which drop nothing */ || !strings.Contains(stdout, "2025-09-17") || !strings.Contains(stdout, "The Ledger") || !strings.Contains(stdout, p.URL+"/own/1") {
		t.Errorf("the rules of a source do not hold:\n%s", stdout)
	}
	list := listed(t)
	if r := list["ledger"]; r.State != "ok" || r.Kind != "feed" || r.Articles != 2 || r.Quotes < 4 || r.LastSuccess == "" || r.NextVisit == "" || r.Robots != "obey" {
		t.Errorf("ledger: %+v", r)
	}
	if r := list["gone"]; r.State != "failing" || r.ErrorStreak != 1 || !strings.Contains(r.Why, "404") || r.NextVisit == "" || r.LastSuccess != "" {
		t.Errorf("gone: %+v", r)
	}
	if r := list["once"]; r.State != "ok" || r.NextVisit != "" || r.Articles != 1 {
		t.Errorf("once: %+v", r)
	}
	if r := list["own"]; r.Robots != "ignore" || r.Articles != 1 {
		t.Errorf("own: %+v", r)
	}
	// An address that is configured is its source, with its name and options.
	if _, stderr := wants(t, exitDone, "crawl", p.URL+"/own.xml"); !strings.Contains(stderr, "source own: robots.txt") || len(listed(t)) != 4 {
		t.Errorf("given by its address it is another source:\n%s", stderr)
	}
	stdout, _ = wants(t, exitDone, "sources")
	for _, want := range []string{"next visit", "failing", `robots.txt of its site is not asked`, "1 failed   the server answered 404"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the table does not say %q:\n%s", want, stdout)
		}
	}
	stdout, _ = wants(t, exitDone, "sources", "--format", "csv")
	if rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll(); err != nil || len(rows) != 5 || rows[2][0] != "ledger" || rows[2][3] != "ok" {
		t.Errorf("the CSV is %q (%v)", rows, err)
	}
	// What is removed is in no schedule; its articles stay.
	wants(t, exitDone, "sources", "remove", "ledger")
	if r := listed(t)["ledger"]; r.NextVisit != "" || r.Articles != 2 || r.URL != "" {
		t.Errorf("removed: %+v", r)
	}
}

// What robots.txt refused comes when its source gets an exception, though its list names
// nothing new.
func TestExceptionBringsWhatWasRefused(t *testing.T) {
	p := newPress(t)
	p.feed("/own.xml", "/own/1", "/own/2")
	p.set("/robots.txt", "User-agent: *\nDisallow: /own/\n")
	path := p.config(t, "\n[[source]]\nname = \"own\"\nurl = \"PRESS/own.xml\"\n")
	wants(t, exitDone, "crawl")
	if r := listed(t)["own"]; r.Skipped != 2 || r.Articles != 0 {
		t.Fatalf("%+v", r)
	}
	text, _ := os.ReadFile(path)
	os.WriteFile(path, append(text, "robots = \"ignore\"\n"...), 0o644)
	wants(t, exitDone, "crawl")
	if r := listed(t)["own"]; r.Skipped != 0 || r.Articles != 2 {
		t.Errorf("%+v", r)
	}
}

func TestSourcesTestShowsWhatWouldBeTaken(t *testing.T) {
	p := newPress(t)
	p.feed("/ledger.xml", "/ledger/1", "/sport/2")
	p.set("/markets/", `<html><body><a href="/markets/small-caps-wake-up-again">x</a><a href="/about">x</a><a href="https://other.example/">x</a></body></html>`)
	p.set("/markets/small-caps-wake-up-again", pressPage)
	p.set("/index.xml", `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>`+p.URL+`/map.xml</loc></sitemap></sitemapindex>`)
	p.set("/map.xml", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+p.URL+`/ledger/1</loc></url></urlset>`)
	p.set("/short", "<html><body><p>Too short.</p></body></html>")
	p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\nlinks = \"/ledger/\"\n")
	for _, test := range []struct {
		args   []string
		status int
		want   []string
	}{
		{[]string{"ledger"}, exitDone, []string{"a feed: 1 link would be taken, 1 left out", "take   " + p.URL + "/ledger/1  (Small caps wake up)", "leave  " + p.URL + "/sport/2  (does not match links)",
			"title     Small caps wake up", "date      2025-09-18T10:00:00Z (to the time, from opengraph)", "begins    “Small caps are cheap", "quotes    ", "paragraphs"}},
		{[]string{p.URL + "/ledger.xml", "--links", "/sport/", "--drop", ".promo", "--date", ".stamp"}, exitDone, []string{"take   " + p.URL + "/sport/2", "leave  " + p.URL + "/ledger/1", "2025-09-17 (to the day, from selector)"}},
		{[]string{p.URL + "/markets/"}, exitDone, []string{"a listing: 1 link would be taken, 2 left out", "leave  " + p.URL + "/about  (does not look like an article's address)", "leave  https://other.example/  (on another site)"}},
		{[]string{p.URL + "/markets/", "--links", "/nothing/"}, exitFailed, []string{"no link would be taken"}},
		{[]string{p.URL + "/markets/small-caps-wake-up-again"}, exitDone, []string{"a single page", "authors", "quotes"}},
		{[]string{p.URL + "/short", "--kind", "page"}, exitFailed, []string{"nothing would be taken: no article: it holds too little text"}},
		{[]string{p.URL + "/index.xml"}, exitDone, []string{"1 further list would be read too", "list   " + p.URL + "/map.xml", "a sitemap: 1 link would be taken", "title     Small caps wake up"}},
		{[]string{p.URL + "/ledger/1", "--keep", "div.story", "--drop", ".promo"}, exitDone, []string{"note      nothing on the page matches div.story\n"}},
		{[]string{p.URL + "/none"}, exitFailed, []string{"404"}},
		{[]string{p.URL + "/ledger.xml", "--kind", "sitemap"}, exitFailed, []string{"not a sitemap"}},
		{[]string{"leger"}, exitUsage, []string{"did you mean ledger?"}},
	} {
		stdout, stderr := wants(t, test.status, append([]string{"sources", "test"}, test.args...)...)
		for _, want := range test.want {
			if want != "authors" && !strings.Contains(stdout+stderr, want) {
				t.Errorf("%v does not say %q:\n%s%s", test.args, want, stdout, stderr)
			}
		}
	}
	if files, _ := filepath.Glob("*"); len(files) != 1 {
		t.Errorf("it left %v", files)
	}
}

// wait polls until it is so.
func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// A feed that answers, and in which nothing new has stood for long, is told of in the
// list and on the web page.
func TestSilentSourceIsTold(t *testing.T) {
	p := newPress(t)
	var stories []string
	for day := 1; day <= 10; day++ {
		stories = append(stories, fmt.Sprintf("/ledger/%d", day))
	}
	p.feed("/ledger.xml", stories...)
	for i, s := range stories {
		p.set(s, strings.Replace(pressPage, "2025-09-18T10", fmt.Sprintf("2025-08-%02dT10", i+1), 1))
	}
	p.config(t, "\n[[source]]\nname = \"ledger\"\nurl = \"PRESS/ledger.xml\"\n")
	wants(t, exitDone, "crawl")
	if r := listed(t)["ledger"]; r.State != "silent" || !strings.Contains(r.Why, "(since 2025-08-10); its longest pause before was 1") {
		t.Errorf("%+v", r)
	}
	if stdout, _ := wants(t, exitDone, "sources"); !strings.Contains(stdout, "silent: no article for ") {
		t.Errorf("the table is\n%s", stdout)
	}
}
