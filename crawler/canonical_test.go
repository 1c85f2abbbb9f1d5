package crawler

import (
	"errors"
	"net/url"
	"strings"
	"testing"

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
		if u, err := url.Parse(once); err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
			t.Errorf("%q → %q, which is no plain web address (%v)", in, once, err)
		}
	})
}
