package web

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
	"tenor/internal/race"
)

// shown is the text of an article's page, paragraphs rejoined.
func shown(t testing.TB, text string, quotes []tenor.Record) (string, *goquery.Document) {
	t.Helper()
	assets, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := parsePages(assets)
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	data := &articlePage{Article: tenor.Article{Text: text}, Paragraphs: markArticle(text, quotes, false)}
	if err := pages["article"].ExecuteTemplate(&page, "layout", data); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.String()))
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []string
	doc.Find(".para > p").Each(func(_ int, p *goquery.Selection) { paragraphs = append(paragraphs, p.Text()) })
	return strings.Join(paragraphs, "\n"), doc
}

// How many line ends stand between two paragraphs is not shown.
var runsOfLineEnds = regexp.MustCompile(`\n+`)

// Whatever the spans, the page shows the article's text and nothing else, and
// each quote's mark begins once.
func TestMarkedTextIsTheText(t *testing.T) {
	words := []string{"rates", "“we", "think”", "é", "🙂", "<b>", "&amp;", "\n\n", "\n", " ", "  ", "'", "small-caps", "日本", "\n\n\n", "</p>", strings.Repeat("long ", 40)}
	random := rand.New(rand.NewPCG(7, 11))
	for range 300 / race.Nth(3) {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(words[random.IntN(len(words))])
		}
		text := b.String()
		var quotes []tenor.Record
		for i := range random.IntN(6) {
			r := tenor.Record{Quote: tenor.Quote{ID: string(rune('a' + i)), Stance: tenor.Stances()[i%3]}}
			for range 1 + random.IntN(3) {
				from := random.IntN(len(text)+4) - 2
				r.Spans = append(r.Spans, tenor.Span{from, from + random.IntN(30)})
				r.Evidence = append(r.Evidence, tenor.Evidence{Tag: "stance:bullish", Span: tenor.Span{from + 1, from + 4}})
			}
			quotes = append(quotes, r)
		}
		got, doc := shown(t, text, quotes)
		if lines := runsOfLineEnds.ReplaceAllString; strings.Trim(lines(got, "\n"), "\n") != strings.Trim(lines(text, "\n"), "\n") {
			t.Fatalf("shown as %q, stored as %q, quotes %v", got, text, quotes)
		}
		for _, q := range quotes {
			if n := doc.Find("[id='q-" + q.ID + "']").Length(); n > 1 {
				t.Fatalf("quote %s begins %d times in %q", q.ID, n, text)
			}
		}
	}
}

func TestMarksCoverTheQuotes(t *testing.T) {
	text := "One.\n\n“Up we go,” she said. “And soon.”\n\nTwo."
	quote := func(id string, s tenor.Stance, parts ...string) tenor.Record {
		r := tenor.Record{Quote: tenor.Quote{ID: id, Stance: s}}
		for _, p := range parts {
			at := strings.Index(text, p)
			r.Spans = append(r.Spans, tenor.Span{at, at + len(p)})
		}
		return r
	}
	up := quote("up", tenor.Bullish, "Up we go,", "And soon.")
	up.Evidence = []tenor.Evidence{{Tag: "stance:bullish", Span: tenor.Span{up.Spans[0].Start(), up.Spans[0].Start() + 2}}}
	inner := quote("inner", tenor.Fragile, "we go")
	got, doc := shown(t, text, []tenor.Record{up, inner})
	if got != strings.ReplaceAll(text, "\n\n", "\n") {
		t.Fatalf("shown as %q", got)
	}
	if words := doc.Find("mark.bullish").Not("mark mark").Text(); words != "Up we go,And soon." {
		t.Errorf("marked: %q", words)
	}
	if words := doc.Find("mark em.why").Text(); words != "Up" {
		t.Errorf("evidence: %q", words)
	}
	if words := doc.Find("mark.bullish mark#q-inner").Text(); words != "we go" {
		t.Errorf("inner quote: %q", words)
	}
	if n := doc.Find(".para").Eq(1).Find(".notes li").Length(); n != 2 {
		t.Errorf("%d notes beside the paragraph, want 2", n)
	}
}

func TestFindLightsFormsOfAWord(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"rally", "The rally rallied; rallies end.", "rally rallied rallies"},
		{"cut", "Cut the cute cuts.", "Cut cuts"},
		{"AND small-caps", "Small caps and SMALL CAP firms", "Small caps SMALL CAP"},
		{"pena", "José Peña spoke", "Peña"},
	} {
		var got []string
		for _, s := range find(c.text, wordsOf(c.query)) {
			got = append(got, s.In(c.text))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q in %q lights %q, want %q", c.query, c.text, got, c.want)
		}
	}
}
