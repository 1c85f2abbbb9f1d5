package crawler

import (
	"errors"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tenor"
)

func TestCanonical(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"HTTP://News.Example.COM:80/A/b#top", "http://news.example.com/A/b"},
		{"https://example.com:443", "https://example.com/"},
		{"https://example.com:8443/", "https://example.com:8443/"},
		{"https://example.com./a", "https://example.com/a"},
		{"https://example.com/a/./b/../c", "https://example.com/a/c"},
		{"https://example.com/a/%2e%2e/c", "https://example.com/c"},
		{"https://example.com/%7ejoe/%e4%b8%ad", "https://example.com/~joe/%E4%B8%AD"},
		{"https://example.com/中", "https://example.com/%E4%B8%AD"},
		{"https://example.com/a%2Fb", "https://example.com/a%2Fb"},
		{"https://example.com/a?utm_source=x&id=7&UTM_Medium=y", "https://example.com/a?id=7"},
		{"https://example.com/a?fbclid=1", "https://example.com/a"},
		{"https://example.com/a?", "https://example.com/a"},
		{"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"},
		{"https://example.com/a/", "https://example.com/a/"},
		{"https://example.com/a;jsessionid=9F/b;v=1", "https://example.com/a/b;v=1"},
		{"https://example.com/a?PHPSESSID=abc&x=1", "https://example.com/a?x=1"},
		{"https://example.com\\a\\b", "https://example.com/a/b"},
		{"  https://example.com/a\n", "https://example.com/a"},
		{"https://müller.example/", "https://xn--mller-kva.example/"},
		{"http://2130706433/", "http://127.0.0.1/"},
		{"http://0x7f.1/", "http://127.0.0.1/"},
		{"http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"},
	} {
		got, err := Canonical(test.in)
		if err != nil || got != test.want {
			t.Errorf("Canonical(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, in := range []string{
		"", "/a", "example.com", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x",
		"ftp://example.com/", "gopher://example.com/", "mailto:a@example.com", "ws://example.com/", "blob:https://example.com/1",
		"http://", "http://user:secret@example.com/", "http://exa mple.com/", "http://[::1/", "http://a:99999/",
		"https://example.com/" + strings.Repeat("a", maxURL),
	} {
		got, err := Canonical(in)
		if !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("Canonical(%q) = %q, %v; want an error of usage", in, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the message shows a password: %v", err)
		}
	}
}

func TestPreferredAddress(t *testing.T) {
	const own = "https://www.example.com/amp/markets/small-caps-find-a-floor"
	for _, test := range []struct{ page, link, want string }{
		{own, "https://example.com/markets/small-caps-find-a-floor?utm_source=amp", "https://example.com/markets/small-caps-find-a-floor"},
		{own, "/markets/small-caps-find-a-floor", "https://www.example.com/markets/small-caps-find-a-floor"},
		{own, "", own},
		{own, "/", own},                  // the front page
		{own, "/markets/", own},          // the section
		{own, "/markets/story.php", own}, // without what chose the story
		{own, "https://elsewhere.example/markets/small-caps-find-a-floor", own},
		{own, "javascript:alert(1)", own},
		{own + "?page=2", "/markets/small-caps-find-a-floor", own + "?page=2"},
		{own + "/page/2", "/markets/small-caps-find-a-floor", own + "/page/2"},
	} {
		if got := preferredAddress(test.page, test.link); got != test.want {
			t.Errorf("%s calls itself %q: kept as %s, want %s", test.page, test.link, got, test.want)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"https://www.example.com/", "https://news.example.com/", true},
		{"https://a.co.uk/", "https://b.co.uk/", false},
		{"https://a.github.io/", "https://b.github.io/", false},
		{"http://127.0.0.1:80/", "http://127.0.0.1:81/", false},
		{"http://10.0.0.1/", "http://9.0.0.1/", false},
		{"http://localhost:1/", "http://localhost:1/x", true},
	} {
		a, _ := url.Parse(test.a)
		b, _ := url.Parse(test.b)
		if sameSite(a, b) != test.want {
			t.Errorf("sameSite(%s, %s) = %t", test.a, test.b, !test.want)
		}
	}
}

func TestLooksEndless(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.com/2025/09/09/09/story":                    false,
		"https://example.com/a/b/a/b/a/b":                            true,
		"https://example.com/news/markets/news/markets/up":           false,
		"https://example.com" + strings.Repeat("/x1", 1) + "/y":      false,
		"https://example.com/" + strings.Repeat("a/b/c/d/e/f/g/", 3): true,
		"https://example.com/?" + strings.Repeat("a=1&", 30):         true,
	} {
		u, _ := url.Parse(address)
		if looksEndless(u) != want {
			t.Errorf("looksEndless(%s) = %t", address, !want)
		}
	}
}

// What an address may be dressed in, none of which changes which page it is.
var dressings = []struct {
	name string
	on   func(u *url.URL)
}{
	{"fragment", func(u *url.URL) { u.Fragment = "section-2" }},
	{"default port", func(u *url.URL) { u.Host += map[string]string{"http": ":80", "https": ":443"}[u.Scheme] }},
	{"case of the host", func(u *url.URL) { u.Host = strings.ToUpper(u.Host) }},
	{"case of the scheme", func(u *url.URL) { u.Scheme = strings.ToUpper(u.Scheme) }},
	{"a dot after the host", func(u *url.URL) { u.Host = strings.Replace(u.Host, u.Hostname(), u.Hostname()+".", 1) }},
	{"escapes of plain letters", func(u *url.URL) { u.RawPath = strings.ReplaceAll(u.EscapedPath(), "a", "%61") }},
	{"escapes in lower case", func(u *url.URL) { u.RawPath = escape.ReplaceAllStringFunc(u.EscapedPath(), strings.ToLower) }},
	{"dot segments", func(u *url.URL) { u.RawPath = "/x/.." + u.EscapedPath(); u.Path = "/x/.." + u.Path }},
	{"tracking before", func(u *url.URL) { u.RawQuery = "utm_source=x&" + u.RawQuery }},
	{"tracking behind", func(u *url.URL) { u.RawQuery += "&fbclid=abc&gclid=" }},
	{"empty parameters", func(u *url.URL) { u.RawQuery = "&" + u.RawQuery + "&&" }},
}

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

// The canonical form of an address is the same in each dress and in any of them at
// once, and parameters keep their order: servers may go by it.
func TestCanonicalOfDressedAddresses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for range 5000 {
		plain := &url.URL{Scheme: pick("http", "https"), Host: pick("example.com", "news.example.co.uk", "xn--mller-kva.example", "192.0.2.7")}
		for range random.IntN(4) {
			plain.Path += "/" + pick("markets", "small-caps", "2025", "café", "a b", "~joe", "x%y", "story.html", "Über")
		}
		plain.Path += pick("", "/", "/a")
		if plain.Path == "" {
			plain.Path = "/"
		}
		var query []string
		for range random.IntN(4) {
			query = append(query, pick("id=7", "b=2", "a=1", "q=small%20caps", "empty", "x="))
		}
		plain.RawQuery = strings.Join(query, "&")
		want, err := Canonical(plain.String())
		if err != nil {
			t.Fatalf("%s: %v", plain, err)
		}
		if got := want[strings.Index(want, "/")+2:]; plain.RawQuery != "" && !strings.HasSuffix(got, "?"+plain.RawQuery) {
			t.Fatalf("%s became %s: its parameters are others", plain, want)
		}
		dressed, worn := *plain, []string(nil)
		for _, i := range random.Perm(len(dressings))[:1+random.IntN(3)] {
			if d := dressings[i]; !strings.HasPrefix(d.name, "escapes") && d.name != "dot segments" || len(worn) == 0 {
				d.on(&dressed)
				worn = append(worn, d.name)
			}
		}
		if got, err := Canonical(dressed.String()); err != nil || got != want {
			t.Fatalf("%s (%s) → %s, want %s, %v", &dressed, strings.Join(worn, ", "), got, want, err)
		}
	}
}

// The short way to a canonical address leads where the long one does.
func FuzzPlainLinks(f *testing.F) {
	for _, seed := range []string{"/a/b-c?d=e&utm_source=x#f", "/?&", "/a//b/./", "/..", "//host/a", "/a?b/../c", "/%61", "/a;b", "/a=b&c"} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://example.com:8443/x/y?z")
	f.Fuzz(func(t *testing.T, link string) {
		b := &baseURL{url: base}
		short := b.plain(link)
		if short == nil {
			return
		}
		if long, err := b.parsedLink(link); err != nil || *short != *long {
			t.Errorf("%q → %#v, the long way %#v, %v", link, short, long, err)
		}
	})
}

// A canonical address must stay what it is when it is made canonical again:
// otherwise one page could enter the store twice.
func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/a?utm_x=1&b=%2", "http://[::1]:80/../;jsessionid=1/%zz", "http://0x7f.1/?&&=", "https://a.b/%25%37%65;x;y#z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once, err := Canonical(in)
		if err != nil {
			return
		}
		twice, err := Canonical(once)
		if err != nil || once != twice {
			t.Errorf("%q → %q → %q, %v", in, once, twice, err)
		}
		if bare, _, _ := strings.Cut(in, "#"); bare != in && bare == strings.TrimRightFunc(bare, func(r rune) bool { return r <= ' ' || unicode.IsSpace(r) }) {
			if same, err := Canonical(bare); err != nil || same != once {
				t.Errorf("%q → %q, without its fragment %q, %v", in, once, same, err)
			}
		}
		if strings.ContainsAny(once, "# \t\n") || once != strings.ToValidUTF8(once, "") {
			t.Errorf("%q → %q", in, once)
		}
		if u, err := url.Parse(once); err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
			t.Errorf("%q → %q, which is no plain web address (%v)", in, once, err)
		}
	})
}

// The short way to the host of an address leads where the parser does.
func TestHostOf(t *testing.T) {
	for _, address := range []string{
		"https://ledger.example/markets/1", "http://ledger.example:8080/", "https://ledger.example", "http://[::1]:80/x", "http://a@b/c",
		"http://ledger.example?x=/", "http://ledger.example#/x", "http://led%67er.example/", "//ledger.example/x", "ledger", "", "://x/", "http:///x",
		"http://b\\c/d", "https://xn--bcher-kva.example/a?b=http://c/",
	} {
		want := ""
		if u, err := url.Parse(address); err == nil {
			want = u.Host
		}
		if got := hostOf(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
