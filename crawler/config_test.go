package crawler

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

func TestLoadConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tenor.toml")
	os.WriteFile(path, []byte(`
[crawl]
delay = "2s"
max_bytes = "3 MiB"
max_pages = 40
allow_private = ["127.0.0.1:8080"]

[[source]]
name = "Harbor Ledger"
url = "https://HarborLedger.example/markets?utm_source=x"
kind = "listing"
links = '/markets/\d{4}/'
outlet = "Harbor Ledger"

[[source]]
url = "https://pinecone.example/feed.xml"
`), 0o600)
	cfg, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Delay != 2*time.Second || cfg.MaxBytes != 3<<20 || cfg.MaxPages != 40 || len(cfg.AllowPrivate) != 1 || len(cfg.Sources) != 2 {
		t.Errorf("%+v", cfg)
	}
	if s := cfg.Sources[0]; s.Name != "Harbor Ledger" || s.URL != "https://harborledger.example/markets" || s.Kind != "listing" || s.Outlet != "Harbor Ledger" {
		t.Errorf("%+v", s)
	}
	if s := cfg.Sources[1]; s.Name != "pinecone.example/feed.xml" || s.Kind != "" {
		t.Errorf("%+v", s)
	}
	if d := cfg.withDefaults(); d.Timeout != 20*time.Second || d.Depth != 5 || d.Workers != 16 {
		t.Errorf("defaults %+v", d)
	}
	if _, err := LoadConfig(path + ".none"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("missing file: %v", err)
	}
}

// Themes and subjects stand in the same file, and are not the crawler's to check.
func TestConfigLeavesTopicsAlone(t *testing.T) {
	cfg, err := ParseConfig("tenor.toml", []byte("[[theme]]\nname = 3\n[[source]]\nurl = \"https://a.example\"\n[[subject]]\nanything = 1\n"))
	if err != nil || len(cfg.Sources) != 1 {
		t.Errorf("%+v, %v", cfg, err)
	}
}

// Each mistake is told in one line that names file, line and key.
func TestConfigMistakes(t *testing.T) {
	const source = "[[source]]\nurl = \"https://a.example\"\n"
	for text, want := range map[string]string{
		"[crawl]\ndelay = 2s\n":                      "line 2",
		"[crawl\n":                                   "line 2",
		"[crawl]\ndelay = \"soon\"\n":                `"soon" is not a length of time`,
		"[crawl]\n\nmax_pages = \"many\"\n":          "tenor.toml, line 3: key crawl.max_pages: must be a whole number, and is a text",
		"[source]\nurl = \"https://a.example\"\n":    "line 1: key source: must be a list of tables, each under [[source]], and is a table",
		"[[source]]\nurl = 3\n":                      "line 2: key source.url: must be a text in quotation marks, like \"…\", and is a number",
		"[crawl]\nallow_private = \"10.0.0.1\"\n":    "line 2: key crawl.allow_private: must be a list like [\"127.0.0.1:8080\"], and is a text",
		"crawl = 1\n":                                "line 1: key crawl: must be one table, under [crawl], and is a number",
		"[[crawl]]\ndelay = \"1s\"\n":                "line 1: key crawl: must be one table",
		"[crawl]\ndelay =\n":                         "line 2: key crawl.delay: expected value but found the end of the line",
		"[crawl]\nmax_pages = 0\n":                   "line 2: key crawl.max_pages: must be from 1",
		"[crawl]\ndealy = \"1s\"\n":                  "line 2: unknown key crawl.dealy; did you mean delay?",
		"[[sources]]\nurl = \"https://a.example\"\n": "line 1: unknown key sources; did you mean source?",
		"[[source]]\nname = \"x\"\n":                 "line 1: source 1 has no url",
		"[[source]]\nurl = \"https://a.example\"\n\n[[source]]\nurl = \"a.example\"\n":     "line 5: key url",
		"[[source]]\nurl = \"https://a.example\"\nkind = \"rss\"\n":                        `line 3: key kind: kind "rss" of source a.example is not one of feed, sitemap, listing, page`,
		"[[source]]\nurl = \"https://a.example\"\nlinks = \"(\"\n":                         "line 3: key links",
		"[[source]]\nurl = \"https://a.example\"\n[[source]]\nurl = \"https://A.example\"": "line",
		"[[source]]\nurl = \"https://a.example\"\ntitel = \"x\"\n":                         "line 3: unknown key source.titel",
		"[[source]]\npath = \"in\"\n[[source]]\nname = \"x\"\npath = \"./in\"\n":           "line 5: two sources have the path",
		"[[source]]\nkind = \"folder\"\n":                                                  "line 1: source 1 has no url; add url = \"https://…\" (or, for a folder, path = \"…\")",
		source + "path = \"in\"\n":                                                         "line 3: key path: path of source",
		"[[source]]\npath = \"in\"\nevery = \"1h\"\n":                                      "line 3: key every: every of source",
		source + "keep = \"div\"\n":                                                        "line 3: key source.keep: must be a list of CSS selectors like [\"div.story\"], and is a text",
		source + "keep = [\"div\", \"p[\"]\n":                                              `line 3: key keep: keep of source a.example: "p[" is not a CSS selector`,
		source + "drop = [\"p::before\"]\n":                                                "line 3: key drop: drop of source a.example: \"p::before\" chooses no element",
		source + "date = \"\"\"\n..x\"\"\"\n":                                              "line 3: key date: date of source a.example",
		source + "delay = \"-1s\"\n":                                                       `"-1s" is not a length of time`,
		source + "delay = \"1h\"\n":                                                        "line 3: key delay: delay 1h0m0s of source a.example: must be from 0s to 5m",
		source + "every = 30\n":                                                            `must be a length of time like "1h", or two, like ["30m", "6h"]`,
		source + "every = [\"1h\"]\n":                                                      `must be a length of time like "1h", or two`,
		source + "every = \"10s\"\n":                                                       "the time between two visits must be from 1m to 720h",
		source + "every = [\"6h\", \"30m\"]\n":                                             `the shorter time comes first: every = ["30m", "6h"]`,
		source + "robots = \"off\"\n":                                                      `line 3: key robots: robots "off" of source a.example: the only exception is "ignore"`,
		source + "paused = \"yes\"\n":                                                      "line 3: key source.paused: must be true or false, and is a text",
		source + "pasued = true\n":                                                         "line 3: unknown key source.pasued; did you mean paused?",
		source + "links = \"\"\"\n[crawl]\n(\"\"\"\nx = 1\n":                               "line 6: unknown key source.x",
		"[crawl]\nallow_private = [\"here\"]\n":                                            "line 2: key crawl.allow_private",
		"[crawl]\nmax_bytes = \"5 parsecs\"\n":                                             "is not a size",
		"x = 1\n":                                                                          "line 1: unknown key x; known keys: crawl, source, theme, subject, chart",
	} {
		_, err := ParseConfig("tenor.toml", []byte(text))
		if !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := err.Error(); !strings.Contains(got, want) || !strings.Contains(got, "tenor.toml") || strings.Contains(got, "\n") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSourceFromArgument(t *testing.T) {
	s, err := SourceFromArgument("https://Pinecone.example/feed.xml#x")
	if err != nil || s.URL != "https://pinecone.example/feed.xml" || s.Name != "pinecone.example/feed.xml" {
		t.Errorf("%+v, %v", s, err)
	}
	for arg, want := range map[string]string{
		"ledger":                 "begins with http",
		"pinecone.example/feed":  "https://pinecone.example/feed",
		"ftp://pinecone.example": "not an http or https",
	} {
		if _, err := SourceFromArgument(arg); !errors.Is(err, tenor.ErrUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", arg, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add("[crawl]\ndelay = \"1s\"\n[[source]]\nurl = \"https://a.example\"")
	f.Fuzz(func(t *testing.T, text string) {
		if cfg, err := ParseConfig("f", []byte(text)); err == nil {
			if _, err := New(cfg, nil, nil, nil); err != nil {
				t.Errorf("read and then refused: %v", err)
			}
		}
	})
}
