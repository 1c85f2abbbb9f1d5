package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

var importedAt = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func importAll(t *testing.T, stdin string, paths ...string) (articles []tenor.Article, errs []error) {
	t.Helper()
	for item, err := range Import(context.Background(), paths, strings.NewReader(stdin), importedAt, nil) {
		articles, errs = append(articles, item.Article), append(errs, err)
		if !item.Article.KnownAt.Equal(importedAt) {
			t.Errorf("%s: known at %s", item.Article.File, item.Article.KnownAt)
		}
	}
	return articles, errs
}

const note = `Fern & Dale Wire
Tue Jun 3, 2025 6:39pm EDT

Minnows swim upstream as yields fall

By Mina Holt and Oren Vasquez

Shares of the smallest companies rose on Tuesday for the fifth day in a row. “It is early,” said Orla Penn of Marsh Lane.
`

func TestImportText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note.txt")
	write(t, path, note)
	articles, errs := importAll(t, "", path)
	if len(articles) != 1 || errs[0] != nil {
		t.Fatal(len(articles), errs)
	}
	a := articles[0]
	if a.File != path || a.Title != "Minnows swim upstream as yields fall" || a.Outlet != "Fern & Dale Wire" ||
		strings.Join(a.Authors, "|") != "Mina Holt|Oren Vasquez" || a.Language != "en" || a.PageType != tenor.PageArticle {
		t.Errorf("got %+v", a)
	}
	if a.Published.String() != "2025-06-03T18:39:00-04:00" || a.Published.Source != "header" {
		t.Errorf("published %s by %s", a.Published, a.Published.Source)
	}
	if a.Text != note {
		t.Errorf("the text was not kept line for line: %q", a.Text)
	}
}

// The date beside the weather is the day on which the page was saved.
func TestImportTextCaptured(t *testing.T) {
	for _, head := range []string{
		"11.4 C\nLeeds\nMonday, March 4, 2024\n\n",
		"Today is March 4, 2024\n\n",
		"Partly cloudy\n72°F\nMarch 4, 2024\n",
	} {
		articles, errs := importAll(t, head+"Minnows swim upstream as yields fall\n\nShares of the smallest companies rose for the fifth day in a row, and nobody knew why. “It is early,” said Orla Penn.\n", "-")
		if errs[0] != nil {
			t.Fatal(errs[0])
		}
		a := articles[0]
		if a.Captured.String() != "2024-03-04" || a.Published.Known() || a.Title != "Minnows swim upstream as yields fall" {
			t.Errorf("%q: captured %s, published %s, title %q", head, a.Captured, a.Published, a.Title)
		}
	}
}

// A wire story carries its date between the place and the dash.
func TestImportDateline(t *testing.T) {
	for text, want := range map[string]string{
		"PORT ELLEN (June 3, 2025) – Sales of small tools will gain 6%, said Mina Holt of Fern & Co. at a meeting of the trade.":                           "2025-06-03 header",
		"Minnows swim upstream\n\nLEEDS, England, March 4, 2024 (Dale Wire) - Shares of the smallest companies rose for the fifth day in a row.":           "2024-03-04 header",
		"He recalled that in LEEDS (June 3, 2025) nobody – not one broker – had been willing to buy anything at all from anybody, said Mina Holt of Fern.": "2025 text",
	} {
		articles, errs := importAll(t, text, "-")
		if got := strings.TrimSpace(articles[0].Published.String() + " " + articles[0].Published.Source); errs[0] != nil || got != want {
			t.Errorf("%q: %v, published %q, want %q", text, errs[0], got, want)
		}
	}
}

// A text that begins with its first paragraph has no headline.
func TestImportTextWithoutTitle(t *testing.T) {
	for _, body := range []string{
		"Shares of the smallest companies rose for the fifth day in a row on hopes of cheaper money.\n\n“It is early,” said Orla Penn of Marsh Lane.\n",
		"The little index briefly touched a record. By the close it had given up the gain. Fern notes that hopes drove it.\n\nDetails\n\nNone of it lasted.\n",
		"“Of all the shares that we follow, not one is cheap,” said Orla Penn of Marsh Lane. “And of those that are dear, not one is worth the price that is asked for it today.”\n\nThe index fell.\n",
		"“Of all the shares that we follow, not one is cheap to us.”\n\nThe index fell, said Orla Penn of Marsh Lane.\n",
	} {
		articles, _ := importAll(t, body, "-")
		if articles[0].Title != "" {
			t.Errorf("took %q for a headline", articles[0].Title)
		}
	}
}

// Line ends and composition are normalised; nothing else of the text is touched.
func TestImportEncodings(t *testing.T) {
	want := "The café of the exchange was empty, said José Núñez of Fern & Dale — “nobody buys”.\n"
	utf16 := []byte{0xff, 0xfe}
	for _, r := range want {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	latin := strings.NewReplacer("é", "\xe9", "ú", "\xfa", "ñ", "\xf1", "—", "\x97", "“", "\x93", "”", "\x94").Replace(want)
	for name, raw := range map[string]string{
		"utf-8": want, "with a byte order mark": "\ufeff" + want, "crlf": strings.ReplaceAll(want, "\n", "\r\n"),
		"decomposed": strings.NewReplacer("é", "e\u0301", "ú", "u\u0301", "ñ", "n\u0303").Replace(want),
		"utf-16":     string(utf16), "utf-16 without mark": string(utf16[2:]), "windows-1252": latin, "NUL bytes": "\x00" + want + "\x00",
	} {
		articles, errs := importAll(t, raw, "-")
		if errs[0] != nil || articles[0].Text != want {
			t.Errorf("%s: %v %q", name, errs[0], articles[0].Text)
		}
	}
}

func TestImportFolder(t *testing.T) {
	dir := t.TempDir()
	page, err := os.ReadFile("testdata/meadow-2025-03-11.html")
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	zw.Write(page)
	zw.Close()
	write(t, filepath.Join(dir, "b", "page.html.gz"), zipped.String())
	write(t, filepath.Join(dir, "a.txt"), note)
	write(t, filepath.Join(dir, "c.jsonl"), `{"url":"HTTPS://Example.org:443/x?utm_source=feed","title":"One","published":"2024-05","text":"Shares of the smallest companies rose for the fifth day in a row."}
not json

{"text":"Shares of the smallest companies rose for the sixth day in a row.","published":"2031-01-01"}
{"text":"Shares of the smallest companies rose for the seventh day in a row."}`)
	write(t, filepath.Join(dir, "d.warc.gz"), "")
	write(t, filepath.Join(dir, "e.txt"), "")
	write(t, filepath.Join(dir, "f.html.gz"), "no gzip")
	write(t, filepath.Join(dir, "g.pdf"), "%PDF")
	write(t, filepath.Join(dir, ".hidden.txt"), note)

	articles, errs := importAll(t, "", dir, filepath.Join(dir, "missing.txt"), filepath.Join(dir, "g.pdf"))
	var got []string
	for i, a := range articles {
		line := strings.TrimPrefix(a.Key(), "file:"+dir+string(filepath.Separator))
		if a.Published.Known() {
			line += " " + a.Published.String()
		}
		if errs[i] != nil {
			line += " failed"
		}
		got = append(got, line)
	}
	want := []string{
		"a.txt 2025-06-03T18:39:00-04:00", "b/page.html.gz 2025-03-11T07:30:00+01:00", "https://example.org/x 2024-05",
		"c.jsonl:2 failed", "c.jsonl:4 failed", "c.jsonl:5", "d.warc.gz failed", "e.txt failed", "f.html.gz failed",
		"missing.txt failed", "g.pdf failed",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i, err := range errs {
		if err != nil && !strings.HasPrefix(err.Error(), dir) {
			t.Errorf("%s: the error does not name the file: %v", articles[i].File, err)
		}
	}
}

// What cannot be an article is told in words that name the place and not the program.
func TestImportRefusals(t *testing.T) {
	dir := t.TempDir()
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	for name, test := range map[string]struct{ text, want string }{
		"image.txt":    {string(noise), "image.txt: no article: it is not text"},
		"image.html":   {string(noise), "image.html: no article: it is not text"},
		"list.jsonl":   {"[1, 2]", `list.jsonl:1: it is a JSON array; a line is an object like {"url"`},
		"number.jsonl": {`{"text": "` + strings.Repeat("Minnows swim upstream. ", 4) + `", "published": 2025}`, `number.jsonl:1: "published" is a number, which is not what it should be`},
		"cut.jsonl":    {`{"text": "`, "cut.jsonl:1: it is not JSON ("},
		"short.txt":    {"Nothing.", "short.txt: no article: the text is too short (8 letters)"},
	} {
		write(t, filepath.Join(dir, name), test.text)
		_, errs := importAll(t, "", filepath.Join(dir, name))
		if len(errs) != 1 || errs[0] == nil || !strings.Contains(errs[0].Error(), test.want) || strings.Contains(errs[0].Error(), "savedArticle") {
			t.Errorf("%s: %q, want %q", name, errs, test.want)
		}
	}
}

// A record's own date stands, and days told in its text do not move it.
func TestImportKeepsTheDateOfARecord(t *testing.T) {
	line, _ := json.Marshal(map[string]string{"published": "2025-02-03", "text": "June 3, 2025\n\n" + note})
	articles, errs := importAll(t, string(line), "-")
	if errs[0] != nil || articles[0].Published.String() != "2025-02-03" || articles[0].Published.Source != "record" {
		t.Errorf("%v %v", articles[0].Published, errs[0])
	}
}

func TestImportStandardInput(t *testing.T) {
	page, err := os.ReadFile("testdata/meadow-2025-03-11.html")
	if err != nil {
		t.Fatal(err)
	}
	line, _ := json.Marshal(map[string]string{"title": "Minnows swim", "text": note})
	for name, test := range map[string]struct{ in, title string }{
		"text": {note, "Minnows swim upstream as yields fall"}, "html": {string(page), "Little stocks find their feet as yields slip"},
		"json lines": {string(line) + "\n", "Minnows swim"},
	} {
		articles, errs := importAll(t, test.in, "-")
		if len(articles) != 1 || errs[0] != nil || articles[0].Title != test.title {
			t.Errorf("%s: %v %v", name, errs, articles)
		}
	}
}

func TestImportStops(t *testing.T) {
	n := 0
	for range Import(context.Background(), []string{"-", "-", "-"}, strings.NewReader(note), importedAt, nil) {
		n++
		break
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range Import(ctx, []string{"testdata"}, nil, importedAt, nil) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled import says %v", err)
		}
	}
	if n != 2 {
		t.Errorf("%d articles after a break and a cancel, want one each", n)
	}
}

// A line of a JSON Lines file that is longer than an article can be costs no
// memory and does not end the file.
func TestLineReader(t *testing.T) {
	r := newLineReader(strings.NewReader("one\r\n"+strings.Repeat("x", 200_000)+"\nthree"), 100)
	var got []string
	for {
		line, err := r.next()
		if errors.Is(err, errLongLine) {
			got = append(got, "too long")
			continue
		}
		if err != nil {
			break
		}
		got = append(got, string(line))
	}
	if strings.Join(got, "|") != "one|too long|three" || cap(r.buf) > 1000 {
		t.Errorf("read %q with a buffer of %d", got, cap(r.buf))
	}
}

func TestImportHugeText(t *testing.T) {
	line := strings.Repeat("word, June 3, and the Fed cut rates on Wednesday ", maxImportBytes/49)
	articles, errs := importAll(t, line, "-")
	if errs[0] != nil || len(articles[0].Text) != len(line) {
		t.Errorf("%v: %d bytes of %d", errs[0], len(articles[0].Text), len(line))
	}
	if _, errs = importAll(t, line+line, "-"); errs[0] == nil || !strings.Contains(errs[0].Error(), "larger than 10 MiB") {
		t.Errorf("20 MB: %v", errs[0])
	}
}

// The documents that Tenor began with, where they are at hand.
func TestImportSeeds(t *testing.T) {
	const seeds, gold = "../../shared/seeds", "../../shared/gold/seeds.jsonl"
	raw, err := os.ReadFile(gold)
	if err != nil {
		t.Skip("the seed documents are not beside this repository")
	}
	type label struct{ File, Title, Published string }
	labels := map[string]label{}
	for line := range strings.Lines(string(raw)) {
		var l label
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		labels[l.File] = l
	}
	articles, errs := importAll(t, "", seeds)
	for i, a := range articles {
		want := labels[filepath.Base(a.File)]
		if errs[i] != nil || a.Title != want.Title {
			t.Errorf("%s: %v, title %q, want %q", a.File, errs[i], a.Title, want.Title)
		}
		if got := a.Published.String(); len(got) < 7 || !strings.HasPrefix(want.Published, got) {
			t.Errorf("%s: published %q, want %s", a.File, got, want.Published)
		}
		body, _ := os.ReadFile(a.File)
		if a.Text != string(body) {
			t.Errorf("%s: the text is not the file's", a.File)
		}
	}
	if len(articles) != len(labels) {
		t.Errorf("%d articles, %d labels", len(articles), len(labels))
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
