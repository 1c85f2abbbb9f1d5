package crawler

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenor"
)

// Whatever the order in which a page states its dates, the same one is chosen, and
// never one after latest or before the web.
func TestChooseDateIgnoresOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 30))
	latest := latestDate(importedAt)
	for range 3000 {
		list := make([]statement, 1+rng.IntN(7))
		for i := range list {
			d := tenor.Date{
				Time:      importedAt.Add(time.Duration(rng.IntN(400)-200) * 6 * time.Hour).In(time.FixedZone("", (rng.IntN(27)-12)*3600)),
				Precision: []tenor.Precision{tenor.PrecisionNone, tenor.PrecisionMonth, tenor.PrecisionDay, tenor.PrecisionTime}[rng.IntN(4)],
				Source:    []string{"json-ld", "opengraph", "meta"}[rng.IntN(3)],
			}
			list[i] = statement{d, rng.IntN(4)}
		}
		want, wantLate := chooseDate(list, latest)
		if want.Known() && (want.Time.After(latest) || want.Time.Before(earliestDate)) {
			t.Fatalf("chose %s, latest is %s", want, latest)
		}
		for range 5 {
			rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if got, late := chooseDate(list, latest); got.String() != want.String() || got.Precision != want.Precision || late.String() != wantLate.String() {
				t.Fatalf("%v: chose %s and %s, in another order %s and %s", list, got, late, want, wantLate)
			}
		}
	}
}

func TestChooseDate(t *testing.T) {
	stamp := func(s, source string, rank int) statement { return statement{parseStamp(s, source), rank} }
	for _, test := range []struct {
		name string
		list []statement
		want string
	}{
		{"the most trusted", []statement{stamp("2025-09-18T10:00:00Z", "meta", rankMeta), stamp("2025-09-16T10:00:00Z", "json-ld", rankJSONLD)}, "2025-09-16T10:00:00Z json-ld"},
		{"a day gets its time from another of that day", []statement{stamp("2025-09-18", "json-ld", rankJSONLD), stamp("2025-09-18T14:30:00-04:00", "opengraph", rankOpenGraph)}, "2025-09-18T14:30:00-04:00 opengraph"},
		{"and not from one of another day", []statement{stamp("2025-09-18", "json-ld", rankJSONLD), stamp("2025-09-19T14:30:00-04:00", "opengraph", rankOpenGraph)}, "2025-09-18 json-ld"},
		{"a clock that is a year fast", []statement{stamp("2027-01-10T10:00:00Z", "json-ld", rankJSONLD), stamp("2026-01-10", "meta", rankMeta)}, "2026-01-10 meta"},
		{"before the web", []statement{stamp("1970-01-01T00:00:00Z", "json-ld", rankJSONLD), stamp("2012-05-03", "time", rankTime)}, "2012-05-03 time"},
		{"none", []statement{stamp("", "json-ld", rankJSONLD)}, " "},
	} {
		got, _ := chooseDate(test.list, latestDate(importedAt))
		if s := got.String() + " " + got.Source; s != test.want {
			t.Errorf("%s: %s, want %s", test.name, s, test.want)
		}
	}
}

// H30: a collecting machine whose clock is a year fast or slow stores no date after
// its own day, and says which one it left out.
func TestExtractWithWrongClocks(t *testing.T) {
	for hours := -365 * 24; hours <= 365*24; hours += 73 {
		fetched := importedAt.Add(time.Duration(hours) * time.Hour)
		a, err := Extract(&tenor.Page{FetchedAt: fetched, Body: []byte(datedPage(
			`<meta property="article:published_time" content="2026-01-10T09:00:00Z"><meta property="article:modified_time" content="2026-01-12T09:00:00Z">`))})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []tenor.Date{a.Published, a.Modified} {
			if d.Known() && d.Time.After(fetched.Add(24*time.Hour)) {
				t.Errorf("fetched %s, dated %s", fetched, d)
			}
		}
		if a.Published.Known() == (a.DateNote != "") {
			t.Errorf("fetched %s: published %q, note %q", fetched, a.Published, a.DateNote)
		}
	}
}

func TestExtractModified(t *testing.T) {
	const published = `<meta property="article:published_time" content="2025-09-18T09:00:00Z">`
	for name, test := range map[string]struct{ head, body, want string }{
		"opengraph":               {published + `<meta property="article:modified_time" content="2025-09-20T10:00:00Z">`, "", "2025-09-20T10:00:00Z opengraph"},
		"json-ld first":           {published + `<meta property="og:updated_time" content="2025-09-21T10:00:00Z"><script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2025-09-19T11:00:00+02:00"}</script>`, "", "2025-09-19T11:00:00+02:00 json-ld"},
		"stamped with both":       {published + `<meta property="article:modified_time" content="2025-09-18T09:00:20Z">`, "", " "},
		"before its publication":  {published + `<meta property="article:modified_time" content="2025-09-11T09:00:20Z">`, "", " "},
		"in the future":           {published + `<meta property="article:modified_time" content="2029-09-11T09:00:20Z">`, "", " "},
		"the word before a time":  {published, `<p>Updated <time datetime="2025-09-19T08:00:00Z">19 September</time></p>`, "2025-09-19T08:00:00Z time"},
		"the class of a time":     {published, `<time class="entry-date updated" datetime="2025-09-19T08:00:00Z">19 September</time>`, "2025-09-19T08:00:00Z time"},
		"a time that says posted": {published, `<p>Updated daily. Posted <time datetime="2025-09-19T08:00:00Z">19 September</time></p>`, " "},
	} {
		a, err := Extract(&tenor.Page{FetchedAt: importedAt, Body: []byte(strings.Replace(datedPage(test.head), "<article>", "<article>"+test.body, 1))})
		if err != nil || a.Modified.String()+" "+a.Modified.Source != test.want || a.Published.String() != "2025-09-18T09:00:00Z" {
			t.Errorf("%s: %v, published %s, modified %s %s, want %s", name, err, a.Published, a.Modified, a.Modified.Source, test.want)
		}
	}
}

// Of a publication and a change the <time> of the change is not the publication.
func TestExtractPassesOverUpdatedTime(t *testing.T) {
	page := strings.Replace(datedPage(""), "<article>", `<article><header><p>Updated: <time datetime="2025-10-02">2 October</time></p><p>Published: <time datetime="2025-09-30">30 September</time></p></header>`, 1)
	a, err := Extract(&tenor.Page{FetchedAt: importedAt, Body: []byte(page)})
	if err != nil || a.Published.String() != "2025-09-30" || a.Modified.String() != "2025-10-02" {
		t.Errorf("%v: published %s, modified %s", err, a.Published, a.Modified)
	}
}

// H31: what is said at any minute of the two days on which clocks change falls on
// one day, the market's, in whatever zone the page states it, and stays there when
// stored and read again.
func TestEveryMinuteHasOneDay(t *testing.T) {
	for _, day := range []time.Time{time.Date(2025, 3, 9, 0, 0, 0, 0, tenor.Market), time.Date(2025, 11, 2, 0, 0, 0, 0, tenor.Market)} {
		next := day.AddDate(0, 0, 1)
		minutes := 0
		for at := day; at.Before(next); at = at.Add(7 * time.Minute) {
			minutes++
			for _, offset := range []int{-10, -5, -4, 0, 1, 9} {
				stamp := at.In(time.FixedZone("", offset*3600)).Format(time.RFC3339)
				d := parseStamp(stamp, "json-ld")
				if d.Precision != tenor.PrecisionTime { // midnight of that zone: the day alone
					continue
				}
				stored, err := tenor.ParseDate(d.String(), d.Source)
				got, ok := stored.Day(tenor.Market)
				if err != nil || !ok || got != tenor.DayOf(day) {
					t.Errorf("%s of %s is on %s (%v)", stamp, day.Format(time.DateOnly), got, err)
				}
			}
		}
		if hours := next.Sub(day).Hours(); minutes == 0 || hours == 24 {
			t.Errorf("%s has %v hours: no clock changes then", day, hours)
		}
	}
}

func FuzzParseStamp(f *testing.F) {
	for _, s := range []string{"2025-09-18T10:00:00+02:00[Europe/Berlin]", "20250918", "2025-09", "Thu, 18 Sep 2025 10:00:00 GMT", "18.09.2025 10:00", "0000-00-00", "99999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := parseStamp(s, "meta")
		if _, err := tenor.ParseDate(d.String(), "meta"); d.Known() && d.Time.Year() > 0 && d.Time.Year() < 10000 && err != nil {
			t.Errorf("%q became %s: %v", s, d, err)
		}
	})
}

func datedPage(head string) string {
	return fmt.Sprintf("<html><head>%s</head><body><article><h1>Rooms of the exchange stay empty</h1><p>%s</p></article></body></html>",
		head, strings.Repeat("The rooms of the exchange were empty, and nobody was there to say why. ", 6))
}
