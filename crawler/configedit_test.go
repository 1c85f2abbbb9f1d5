package crawler

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"tenor"
)

const handwritten = `# Our sources. Ask Nell before adding wires!

[crawl]
delay = "2s"   # be kind

# The morning paper.
[[source]]
name = "ledger"
url = "https://ledger.example/feed.xml"
links = '''
/markets/
[[source]]
'''
# (not the sports pages)
drop = [
  ".promo", # they moved it twice
  "aside",
]

# A weekly.
[[source]]
  url    = "https://pinecone.example/letters"   # the name is the address
  "kind" = "listing"

[ [ nonsense
`

// valid is handwritten without its broken end.
var valid = strings.TrimSuffix(handwritten, "\n[ [ nonsense\n")

func TestAddedSourceStandsAtTheEndAndNothingElseChanges(t *testing.T) {
	delay := 5 * time.Second
	s := Source{Name: `the "Harbor"`, URL: "https://Harbor.example/markets?utm_source=x", Kind: "listing", Links: `/\d{4}/`, Outlet: "Harbor’s Ledger",
		Keep: []string{"div.story > p"}, Drop: []string{".promo", `a[title="x"]`}, Date: ".byline time", Delay: &delay,
		Every: tenor.Pace{Min: 30 * time.Minute, Max: 6 * time.Hour}, Robots: "ignore", Paused: true}
	want := "\n" + `[[source]]
name = 'the "Harbor"'
url = "https://harbor.example/markets"
kind = "listing"
links = '/\d{4}/'
outlet = "Harbor’s Ledger"
keep = ["div.story > p"]
drop = [".promo", 'a[title="x"]']
date = ".byline time"
delay = "5s"
every = ["30m", "6h"]
robots = "ignore"
paused = true
`
	for _, file := range []string{valid, "", "# nothing yet\n", strings.ReplaceAll(valid, "\n", "\r\n"), strings.TrimSuffix(valid, "\n")} {
		got, err := AddSources("tenor.toml", []byte(file), s)
		if err != nil {
			t.Fatalf("%q: %v", file, err)
		}
		begin, end := file, want
		switch {
		case file == "":
			end = strings.TrimPrefix(want, "\n")
		case strings.Contains(file, "\r"):
			end = strings.ReplaceAll(want, "\n", "\r\n")
		case !strings.HasSuffix(file, "\n"):
			begin += "\n"
		}
		if string(got) != begin+end {
			t.Errorf("got\n%q\nwant\n%q", got, begin+end)
		}
		back, err := RemoveSource("tenor.toml", got, s.Name)
		if err != nil || string(back) != begin {
			t.Errorf("added and removed again it is\n%q (%v), and was\n%q", back, err, begin)
		}
	}
	for want, s := range map[string]Source{
		"has a source named ledger already":               {Name: "ledger", URL: "https://other.example"},
		"already, as source ledger":                       {URL: "https://ledger.example/feed.xml"},
		"not an http or https":                            {URL: "ftp://ledger.example"},
		`kind "rss" of source`:                            {URL: "https://other.example", Kind: "rss"},
		"keep of source other.example: \"div[\" is not a": {URL: "https://other.example", Keep: []string{"div["}},
	} {
		if _, err := AddSources("tenor.toml", []byte(valid), s); !errors.Is(err, tenor.ErrUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := AddSources("tenor.toml", []byte(handwritten), s); err == nil || !strings.Contains(err.Error(), "line 25") {
		t.Errorf("a broken file was edited, or its line is not named: %v", err)
	}
}

func TestRemovedSourceTakesItsTableOnly(t *testing.T) {
	for _, newline := range []string{"\n", "\r\n"} {
		file := strings.ReplaceAll(valid, "\n", newline)
		got, err := RemoveSource("tenor.toml", []byte(file), "ledger")
		want := strings.ReplaceAll(`# Our sources. Ask Nell before adding wires!

[crawl]
delay = "2s"   # be kind

# The morning paper.

# A weekly.
[[source]]
  url    = "https://pinecone.example/letters"   # the name is the address
  "kind" = "listing"
`, "\n", newline)
		if err != nil || string(got) != want {
			t.Errorf("it left (%v)\n%q\nwant\n%q", err, got, want)
		}
		got, err = RemoveSource("tenor.toml", []byte(file), "pinecone.example/letters")
		before, _, _ := strings.Cut(file, "[[source]]"+newline+"  url")
		if err != nil || string(got) != before {
			t.Errorf("it left (%v)\n%q\nwant\n%q", err, got, before)
		}
	}
	if _, err := RemoveSource("tenor.toml", []byte(valid), "harbor"); !errors.Is(err, tenor.ErrNotFound) {
		t.Errorf("a source that is not there: %v", err)
	}
	// Written as no table of its own, it cannot be cut out.
	inline := `source = [{name = "a", url = "https://a.example"}, {url = "https://b.example"}]`
	for _, edit := range []func() ([]byte, error){
		func() ([]byte, error) { return RemoveSource("tenor.toml", []byte(inline), "a") },
		func() ([]byte, error) { return PauseSource("tenor.toml", []byte(inline), "a", true) },
		func() ([]byte, error) {
			return AddSources("tenor.toml", []byte(inline), Source{URL: "https://c.example"})
		},
	} {
		if out, err := edit(); err == nil || !strings.Contains(err.Error(), "edit it by hand") {
			t.Errorf("%q, %v", out, err)
		}
	}
}

func TestPausedSourceSaysSoInItsTable(t *testing.T) {
	paused, err := PauseSource("tenor.toml", []byte(valid), "ledger", true)
	want := strings.Replace(valid, "  \"aside\",\n]\n", "  \"aside\",\n]\npaused = true\n", 1)
	if err != nil || string(paused) != want {
		t.Errorf("paused it is (%v)\n%s", err, paused)
	}
	if resumed, err := PauseSource("tenor.toml", paused, "ledger", false); err != nil || string(resumed) != valid {
		t.Errorf("resumed it is (%v)\n%s", err, resumed)
	}
	if same, err := PauseSource("tenor.toml", []byte(valid), "ledger", false); err != nil || string(same) != valid {
		t.Errorf("resumed without being paused it is (%v)\n%s", err, same)
	}
	commented := "[[source]]\npaused = true # till Nell is back\nurl = \"https://a.example\""
	resumed, err := PauseSource("f", []byte(commented), "a.example", false)
	if err != nil || string(resumed) != strings.Replace(commented, "true", "false", 1) {
		t.Errorf("resumed it is (%v)\n%s", err, resumed)
	}
	if again, err := PauseSource("f", resumed, "a.example", true); err != nil || string(again) != commented {
		t.Errorf("paused again it is (%v)\n%s", err, again)
	}
	last := "[[source]]\nurl = \"https://a.example\""
	if got, err := PauseSource("f", []byte(last), "a.example", true); err != nil || string(got) != last+"\npaused = true" {
		t.Errorf("paused it is (%v)\n%s", err, got)
	}
}

// Whatever a valid file looks like, an edit gives what was asked for or refuses; and
// what is added and removed again leaves the file as it was.
func FuzzConfigEdit(f *testing.F) {
	f.Add(valid, "Harbor", "https://harbor.example")
	f.Add("source = [{url = \"https://a.example\"}]\n", "x", "https://x.example")
	f.Add("[[source]]\nurl = \"\"\"https://a.example\"\"\"\r\n\r\n[crawl]\r\n", "a\"b\\", "https://x.example/?q='")
	f.Add("[[ \"source\" ]]#\nurl='https://a.example'\npaused=true#x\n\n\n", "'", "https://x.example")
	f.Add("[[\"source\"]]\nurl='https://a.example'", "\xff", "https://x.example/00$0")
	f.Fuzz(func(t *testing.T, text, name, address string) {
		cfg, err := ParseConfig("f", []byte(text))
		if err != nil {
			return
		}
		s, err := NewSource(Source{Name: name, URL: address})
		if err != nil {
			return
		}
		if added, err := AddSources("f", []byte(text), s); err == nil {
			back, err := RemoveSource("f", added, s.Name)
			if err != nil {
				t.Errorf("added and then not removed: %v\n%q", err, added)
			} else if strings.HasSuffix(text, "\n") && string(back) != text {
				t.Errorf("%q became %q", text, back)
			}
		}
		for _, old := range cfg.Sources {
			paused, err := PauseSource("f", []byte(text), old.Name, !old.Paused)
			if err == nil && bytes.Equal(paused, []byte(text)) {
				t.Errorf("pausing %q changed nothing in %q", old.Name, text)
			}
			if _, err := RemoveSource("f", []byte(text), old.Name); err != nil && !strings.Contains(err.Error(), "by hand") {
				t.Errorf("remove %q from %q: %v", old.Name, text, err)
			}
		}
	})
}
