package store

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

// newsroom is a store with quotes of every sort.
func newsroom(t testing.TB) *Store {
	s := newStore(t)
	for i, story := range []struct {
		outlet, title, published string
		later                    int // days after known at which it was collected
		quotes                   []said
	}{
		{"The Ledger", "Small caps leap", "2024-07-15", 0, []said{
			{speaker: "Ines Okafor", firm: "Halden Research LLC", words: "small-cap earnings beat the S&P 500’s", stance: tenor.Bullish, themes: "earnings"},
			{speaker: "Tomas Rehn", firm: "Norrgate", words: "it’s a soft landing … if rates fall", stance: tenor.Bullish, themes: "rates|growth", kind: tenor.Mixed},
		}},
		{"the ledger", "Tariffs bite", "2024-09-02", 0, []said{
			{speaker: "Inés Okafor", firm: "Halden Research", words: "a tariff is a tax on small caps", stance: tenor.Fragile, themes: "tariffs"},
			{speaker: "Ada Voss", firm: "Treasury", words: "tariffs work", as: tenor.Official, subject: "economy", kind: tenor.Indirect},
		}},
		{"Gazeta Łódź", "Crédit and the café index", "2025-09-18T23:30:00-04:00", 3, []said{
			{speaker: "Lena Brandt", firm: "Oakmoor & Sons", words: "the landing was soft, the crédit is not", stance: tenor.Fragile, themes: "credit|rates", subject: "bonds"},
			{speaker: "Norrgate", firm: "", words: "we stay neutral", as: tenor.Institution},
		}},
		{"Dockside Wire", "Undated", "", 0, []said{{speaker: "Tomas Rehn", firm: "Norrgate", words: "smalls again"}}},
		{"Dockside Wire", "Only a year", "2023", 0, []said{{speaker: "Kofi Lund", words: "100% certain_ly not"}}},
		{"", "Only a month", "2025-02", 0, []said{{speaker: "Kofi Lund", firm: "Pell", words: "wait and see", subject: "gold"}}},
	} {
		a, quotes := newArticle(t, fmt.Sprintf("https://site.example/%d", i), story.outlet, story.title, story.published, story.quotes...)
		a.KnownAt = known.Add(time.Duration(story.later) * 24 * time.Hour)
		save(t, s, a, quotes)
	}
	return s
}

func TestFilters(t *testing.T) {
	s := newsroom(t)
	for _, test := range []struct {
		filter string
		want   int
	}{
		{"", 9},
		{"analyst=Ines+Okafor", 2},
		{"analyst=ines+okafor&analyst=LENA+BRANDT", 3},
		{"analyst=Nobody", 0},
		{"analyst=%25", 0},
		{"firm=halden+research", 2},
		{"firm=Halden+Research+Inc&firm=The+Norrgate", 5},
		{"firm=Norrgate&analyst=Tomas+Rehn", 2},
		{"outlet=THE+LEDGER", 4},
		{"outlet=gazeta+lodz", 2},
		{"stance=bullish", 2},
		{"stance=bullish&stance=fragile", 4},
		{"theme=rates", 2},
		{"theme=rates&theme=credit", 2},
		{"theme=tariffs&stance=bullish", 0},
		{"subject=bonds&subject=gold", 2},
		{"kind=mixed", 1},
		{"speaker_type=official&speaker_type=institution", 2},
		{"from=2024-07-15&to=2024-07-15", 2},
		{"from=2024-07-16", 5},
		{"to=2024-07-15", 2},
		{"to=2024-07-14", 0},
		{"from=2025-09-18&to=2025-09-18", 2}, // half past eleven in New York
		{"from=2025-09-19", 0},
		{"from=2025-02-28&to=2025-02-28", 1}, // a month enters on its last day
		{"asof=2026-02-28", 0},
		{"asof=2026-03-01", 7},
		{"asof=2026-03-04", 9},
		{"q=tariff&stance=fragile&from=2024-01-01", 1},
		{"q=tariff&asof=2026-02-28", 0},
		{"q=Okafor", 2},               // the speaker is searched too, accents folded
		{"q=norrgate", 3},             // the firm
		{"q=undated", 1},              // the title
		{"window=30&count=quotes", 9}, // for the timeline only
	} {
		v, err := url.ParseQuery(test.filter)
		if err != nil {
			t.Fatal(err)
		}
		f, err := tenor.ParseFilter(v, tenor.Topics{})
		if err != nil {
			t.Fatal(err)
		}
		records := drain(t, s.Records(t.Context(), f))
		if len(records) != test.want {
			t.Errorf("%s: %d records, want %d", test.filter, len(records), test.want)
		}
		checkResults(t, s, f, records)
	}
}

// checkResults compares the pages of a search, its total and its facets with the
// records that the same filter streams.
func checkResults(t testing.TB, s *Store, f tenor.Filter, records []tenor.Record) {
	t.Helper()
	var listed []string
	var res tenor.Results
	for cursor := ""; ; cursor = res.Next {
		var err error
		if res, err = s.Search(t.Context(), f, cursor, 2); err != nil {
			t.Fatalf("%v: %v", f.Values(), err)
		}
		for _, r := range res.Records {
			listed = append(listed, r.ID)
		}
		if res.Total != len(records) {
			t.Errorf("%v: total %d, records %d", f.Values(), res.Total, len(records))
		}
		if res.Next == "" {
			break
		}
	}
	streamed := make([]string, len(records))
	byStance, byTheme := map[string]int{}, map[string]int{}
	for i, r := range records {
		streamed[i] = r.ID
		byStance[string(r.Stance)]++
		for _, theme := range r.Themes {
			byTheme[string(theme)]++
		}
	}
	if !slices.Equal(listed, streamed) {
		t.Errorf("%v: the pages list %v, the stream %v", f.Values(), listed, streamed)
	}
	for _, facet := range res.Facets {
		got := map[string]int{}
		for _, v := range facet.Values {
			got[v.Value] = v.Count
		}
		switch facet.Name {
		case "stance":
			if fmt.Sprint(got) != fmt.Sprint(byStance) {
				t.Errorf("%v: facet %v, want %v", f.Values(), got, byStance)
			}
		case "theme":
			if fmt.Sprint(got) != fmt.Sprint(byTheme) {
				t.Errorf("%v: facet %v, want %v", f.Values(), got, byTheme)
			}
		}
	}
}

// A count beside a value is what a click on it finds.
func TestFacetsLeadToWhatTheyCount(t *testing.T) {
	s := newsroom(t)
	res, err := s.Search(t.Context(), tenor.Filter{}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, facet := range res.Facets {
		for i, v := range facet.Values {
			asked := url.Values{facet.Name: {v.Value}}
			if facet.Name == "month" {
				last := must[time.Time](t)(time.Parse("2006-01", v.Value)).AddDate(0, 1, -1)
				asked = url.Values{"from": {v.Value + "-01"}, "to": {last.Format(time.DateOnly)}}
			}
			f, err := tenor.ParseFilter(asked, tenor.Topics{})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(drain(t, s.Records(t.Context(), f))); got != v.Count {
				t.Errorf("%s %s: counted %d, found %d", facet.Name, v.Value, v.Count, got)
			}
			if i > 0 && facet.Name != "month" && v.Count > facet.Values[i-1].Count {
				t.Errorf("%s: %v is not in order", facet.Name, facet.Values)
			}
			n++
		}
	}
	if len(res.Facets) != 9 || n < 30 {
		t.Errorf("%d facets with %d values: %v", len(res.Facets), n, res.Facets)
	}
}

func TestSearchSyntax(t *testing.T) {
	s := newsroom(t)
	for query, want := range map[string]int{
		"small-cap": 3, "small cap": 3, `"small cap"`: 3, "smallcap": 0, "SMALL-CAPS": 3,
		"S&P": 1, "s&p 500": 1, "it's": 1, "it’s": 1, "its soft": 1,
		"soft landing": 2, `"soft landing"`: 1, "“soft landing”": 1, `"landing soft"`: 0, "soft -landing": 0,
		"tariff": 2, "tariff -tax": 1, `tariff -"tax on"`: 1, "-tax tariff": 1, "-tariff": 7, "-tariff -landing": 5, "tariff --tax": 1, "tariff - tax": 1,
		"tarif*": 2, "tar*": 2, "tar": 0, "small-ca*": 3, "*": 0, "tariff *": 2,
		"credit": 2, "crédit": 2, "CAFE": 2, "500": 1, "100%": 1, "certain_ly": 1,
		`"`: 0, `""`: 0, `"soft`: 2, `soft"`: 2, `so"ft`: 0, `tariff"`: 2, "&&&": 0, "…": 0, "-": 0, "--": 0, "🚀": 0, "🚀 tariff": 2,
		"AND": 3, "OR": 0, "NOT": 2, "soft AND landing": 1, "NEAR(soft landing)": 0, "title:undated": 0,
		"quote : soft": 0, "(soft": 2, "soft)": 2, "^soft": 2, "soft + landing": 2, "{soft}": 2, "a;DROP TABLE quotes": 0,
		"\x00": 0, "soft\x00landing": 2, "\xff": 0, "soft\xfflanding": 2, "'": 0, "soft'": 2, `\`: 0, "soft\tlanding\n": 2,
	} {
		f := tenor.Filter{Query: query}
		res, err := s.Search(t.Context(), f, "", 0)
		if err != nil {
			t.Errorf("%q: %v", query, err)
			continue
		}
		if res.Total != want || len(res.Records) != want {
			t.Errorf("%q: %d quotes of %d, want %d", query, len(res.Records), res.Total, want)
		}
	}
	_, err := s.Search(t.Context(), tenor.Filter{Query: strings.Repeat("word ", maxTerms+1)}, "", 0)
	if !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("too many words: %v, want wrong usage", err)
	}
}

func TestRelevance(t *testing.T) {
	s := newStore(t)
	for i, text := range []string{
		"credit and much else that is said at length by people who like to talk of everything under the sun", "credit, credit, credit",
		"credit is tight", "rates", "nothing of the sort",
	} {
		a, quotes := newArticle(t, fmt.Sprint("https://site.example/", i), "The Ledger", "News", fmt.Sprintf("2025-09-%d", 11+i), said{speaker: "Ines Okafor", words: text})
		save(t, s, a, quotes)
	}
	words := func(f tenor.Filter) (list []string) {
		for cursor := ""; ; {
			res := must[tenor.Results](t)(s.Search(t.Context(), f, cursor, 1))
			for _, r := range res.Records {
				list = append(list, r.Text()[:10])
			}
			if cursor = res.Next; cursor == "" {
				return list
			}
		}
	}
	if got, want := words(tenor.Filter{Query: "credit"}), []string{"credit is ", "credit, cr", "credit and"}; !slices.Equal(got, want) {
		t.Errorf("newest first: %q, want %q", got, want)
	}
	if got, want := words(tenor.Filter{Query: "credit", Sort: tenor.SortRelevance}), []string{"credit, cr", "credit is ", "credit and"}; !slices.Equal(got, want) {
		t.Errorf("by relevance: %q, want %q", got, want)
	}
	res := must[tenor.Results](t)(s.Search(t.Context(), tenor.Filter{Query: "-credit", Sort: tenor.SortRelevance}, "", 0))
	if !res.Unsorted || len(res.Records) != 2 {
		t.Errorf("without words to rank by: %d quotes, unsorted %v", len(res.Records), res.Unsorted)
	}
	if _, err := s.Search(t.Context(), tenor.Filter{Query: "credit", Sort: tenor.SortRelevance}, "zzz", 0); !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("a cursor of nobody: %v", err)
	}
}

// Whatever is typed or sent, SQLite never sees it as SQL or as search syntax.
func TestHostileValues(t *testing.T) {
	s := newsroom(t)
	for _, p := range []string{
		`' OR 1=1 --`, `"; DROP TABLE quotes; --`, `%' UNION SELECT 1,2,3 --`, `") OR 1`, "\x00", `\`, `{"a":1}`, `[1,2]`, "?1", ":name", "@x", "$1",
	} {
		list := []string{p}
		for _, f := range []tenor.Filter{
			{Query: p}, {Analysts: list}, {Firms: list}, {Outlets: list}, {Stances: []tenor.Stance{tenor.Stance(p)}},
			{Themes: []tenor.Theme{tenor.Theme(p)}}, {Subjects: []tenor.Subject{tenor.Subject(p)}},
			{Kinds: []tenor.Kind{tenor.Kind(p)}}, {SpeakerTypes: []tenor.SpeakerType{tenor.SpeakerType(p)}},
		} {
			res, err := s.Search(t.Context(), f, "", 0)
			if err != nil || res.Total != 0 && f.Query == "" {
				t.Errorf("%+v: %d quotes, %v", f, res.Total, err)
			}
			if _, err := s.Timeline(t.Context(), f); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
		if _, err := s.Search(t.Context(), tenor.Filter{}, p, 0); !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("cursor %q: %v, want wrong usage", p, err)
		}
		if _, err := s.Values(t.Context(), p, 0); !errors.Is(err, tenor.ErrUsage) {
			t.Errorf("values of %q: %v, want wrong usage", p, err)
		}
	}
}
