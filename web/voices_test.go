package web

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tenor"
)

// A number on the page leads to its parts: the votes of a day are the voices
// listed and the rows of their file, the quotes behind them are listed to the
// last, and each leads to its words.
func TestEveryNumberOfADayLeadsToItsParts(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	articles := map[string]*goquery.Document{}
	for _, query := range []string{"", "count=quotes", "count=articles", "window=180&speaker_type=institution&speaker_type=analyst", "firm=Harrow+Lane+Capital"} {
		for _, day := range []string{"2024-07-10", "2024-08-20", "2025-01-15", "2025-08-31", "2025-10-20"} {
			doc := page(t, h, "/?day="+day+"&"+query)
			figures := map[string]string{}
			doc.Find(".figures div").Each(func(_ int, e *goquery.Selection) {
				figures[e.Find("dt").Text()] = strings.Fields(e.Find("dd").Text())[0]
			})
			votes, behind := "", figures["Behind them"]
			for _, name := range []string{"voices", "quotes", "voices per article"} {
				votes += figures[name]
			}
			listed := doc.Find("#voices > li")
			rows, err := csv.NewReader(ask(t, h, "/voices.csv?dialect=raw&day="+day+"&"+query).Body).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if votes != strconv.Itoa(listed.Length()) || votes != strconv.Itoa(len(rows)-1) {
				t.Errorf("%s %q: %s votes, %d voices listed, %d rows", day, query, votes, listed.Length(), len(rows)-1)
			}
			stances := map[string]int{}
			for _, row := range rows[1:] {
				stances[row[7]]++
			}
			for stance, shape := range map[string]string{"bullish": "▲", "neutral": "●", "fragile": "▼"} {
				if figures[shape+" "+stance] != strconv.Itoa(stances[stance]) {
					t.Errorf("%s %q: %s %s and %d rows", day, query, figures[shape+" "+stance], stance, stances[stance])
				}
			}
			var links []string
			listed.Each(func(_ int, e *goquery.Selection) {
				all := e.Find(".behind li a")
				if all.Length() == 0 {
					all = e.Find(".meta a[href^='/articles/']")
				}
				all.Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
			})
			if behind != strconv.Itoa(len(links)) {
				t.Errorf("%s %q: %s quotes behind the voices, %d listed", day, query, behind, len(links))
			}
			for _, link := range links {
				article, id, _ := strings.Cut(link, "#")
				if articles[article] == nil {
					articles[article] = page(t, h, article)
				}
				if id == "" || articles[article].Find("mark#"+id).Length() != 1 {
					t.Errorf("%s leads to no words", link)
				}
			}
		}
	}
}

// Views stand before the first day that is drawn and after the last; outside the
// series no point counts them, so none may be listed.
func TestDayOutsideTheSeries(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"from=2025-08-01&day=2025-07-20", "to=2025-08-01&day=2025-08-20", "day=2025-10-21", "day=1990-01-01", "day=9999-12-31"} {
		doc := page(t, h, "/?"+query)
		if n := doc.Find(".voice").Length(); n != 0 || doc.Find(".figures").Length() != 0 {
			t.Errorf("%s lists %d voices", query, n)
		}
		links := doc.Find(".day .note a")
		if links.Length() != 2 {
			t.Fatalf("%s does not say from when to when the series runs", query)
		}
		links.Each(func(_ int, a *goquery.Selection) {
			there, err := url.Parse(a.AttrOr("href", ""))
			if err != nil || page(t, h, there.RequestURI()).Find(".figures").Length() != 1 {
				t.Errorf("%s leads to %s, which has no figures", query, there)
			}
		})
		if body := ask(t, h, "/voices.csv?"+query).Body.String(); strings.Count(body, "\n") != 1 {
			t.Errorf("%s: the file of voices has rows: %s", query, body)
		}
	}
	if w := ask(t, h, "/voices.csv"); w.Code != 400 || !strings.Contains(w.Body.String(), "which day") {
		t.Errorf("/voices.csv without a day answers %d: %s", w.Code, w.Body)
	}
}

// A date known to the month must not pass for a day.
func TestVoiceOfAMonthSaysSo(t *testing.T) {
	doc := page(t, handlerOf(t, seeded(t), Options{}), "/?day=2025-09-10&firm=Low+Tide+Research")
	if said := doc.Find(".voice .by").Text(); !strings.Contains(said, "2025-08 (month only), counts from 2025-08-31") {
		t.Errorf("the voice's date reads %q", said)
	}
}

// A voice whose copies contradict each other is shown beside the count, with the
// bounds between which the net would lie, and is in no file of the votes.
func TestDisputedVoiceStandsBeside(t *testing.T) {
	s := emptyStore(t)
	tell := func(url string, who int, stance tenor.Stance, words string) {
		a := tenor.Article{URL: "https://news.example/" + url, Title: "Small shares", Text: "“" + words + "” said " + people[who].name + ".", Published: onDay("2025-10-01"), KnownAt: today}
		save(t, s, a, quoteOf(a.Text, words, people[who], stance))
	}
	tell("a", 0, tenor.Bullish, "Small shares are where the next leg of this comes from.")
	tell("b", 1, tenor.Bullish, "The smallest firms have the most to gain from here on.")
	tell("c", 2, tenor.Fragile, "Most of them cannot pay what they will owe next year.")
	for i, stance := range []tenor.Stance{tenor.Bullish, tenor.Fragile} {
		tell("copy"+strconv.Itoa(i), 3, stance, "They have run a long way and may run a good deal further yet.")
	}
	h := handlerOf(t, s, Options{})
	doc := page(t, h, "/?day=2025-10-10")
	if n := doc.Find("#voices > li").Length(); n != 3 {
		t.Errorf("%d voices counted, want 3", n)
	}
	if n := doc.Find(".voices.disputed > li").Length(); n != 1 {
		t.Errorf("%d voices disputed, want 1", n)
	}
	if text := doc.Find(".day").Text(); !strings.Contains(text, "1 disputed: net would lie between 0.0 and +50.0.") {
		t.Errorf("the bounds are missing: %s", text)
	}
	if body := ask(t, h, "/voices.csv?day=2025-10-10").Body.String(); strings.Contains(body, people[3].name) || strings.Count(body, "\n") != 4 {
		t.Errorf("the file of votes: %s", body)
	}
}

// surname gives a hundred that nobody takes for one another.
func surname(i int) string {
	parts := []string{"Bal", "Cor", "Dun", "Fen", "Gam", "Hol", "Jur", "Kel", "Mot", "Nip"}
	return parts[i/10] + strings.ToLower(parts[i%10]) + "stow"
}

// Of a day on which many stand the page lists some, says how many more there are, and leads
// to all of them, disputed ones too.
func TestCrowdedDayLeadsToAll(t *testing.T) {
	s := emptyStore(t)
	tell := func(url, name string, stance tenor.Stance, words string) {
		a := tenor.Article{URL: "https://news.example/" + url, Title: "Small shares", Text: "“" + words + "” said " + name + ".", Published: onDay("2025-10-01"), KnownAt: today}
		one := people[0]
		one.name = name
		save(t, s, a, quoteOf(a.Text, words, one, stance))
	}
	const bulls, split = maxVoices + 7, maxVoices + 2
	tell("f", "Wren Averill", tenor.Fragile, "Most of them cannot pay what they will owe next year.")
	for i := range bulls {
		tell("b"+strconv.Itoa(i), "Bram "+surname(i), tenor.Bullish, "The smallest firms have the most to gain from here on.")
	}
	for i := range split {
		for j, stance := range []tenor.Stance{tenor.Bullish, tenor.Fragile} {
			tell("d"+strconv.Itoa(i)+"-"+strconv.Itoa(j), "Dee "+surname(i), stance, "They have run a long way and may run a good deal further yet.")
		}
	}
	h := handlerOf(t, s, Options{})
	doc := page(t, h, "/?day=2025-10-10")
	if n, d := doc.Find("#voices > li").Length(), doc.Find(".voices.disputed > li").Length(); n != maxVoices+1 || d != maxVoices {
		t.Errorf("%d voices and %d disputed are listed", n, d)
	}
	text := strings.Join(strings.Fields(doc.Find(".day").Text()), " ")
	for _, want := range []string{"The 58 voices counted", "7 more are in the CSV", "2 more are in the JSON"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if body := ask(t, h, doc.Find(`a[href^="/voices.csv"]`).AttrOr("href", "")).Body.String(); strings.Count(body, "\n") != bulls+2 {
		t.Errorf("the file of voices has %d lines", strings.Count(body, "\n"))
	}
	var all struct{ Voices, Disputed []any }
	if err := json.Unmarshal(ask(t, h, doc.Find(`.note a[href^="/api/v1/voices"]`).AttrOr("href", "")).Body.Bytes(), &all); err != nil || len(all.Voices) != bulls+1 || len(all.Disputed) != split {
		t.Errorf("the API has %d voices and %d disputed (%v)", len(all.Voices), len(all.Disputed), err)
	}
}
