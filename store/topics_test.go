package store

import (
	"net/url"
	"testing"

	"tenor"
)

// A filter for a topic finds the quotes of those below it, in lists, counts, facets
// and the timeline alike; what was stored under a name that nobody configures any
// longer is kept and counted.
func TestTopicsBelowOthers(t *testing.T) {
	s := newStore(t)
	a, quotes := newArticle(t, "https://ledger.example/1", "The Ledger", "Payouts", "2025-03-03",
		said{speaker: "Ines Okafor", words: "buybacks will go on", stance: tenor.Bullish, themes: "earnings|buybacks", subject: "regional-banks"},
		said{speaker: "Tomas Rehn", words: "the special dividend was the last", stance: tenor.Fragile, themes: "payouts", subject: "banks"},
		said{speaker: "Lena Brandt", words: "profits rise", stance: tenor.Bullish, themes: "earnings", subject: "energy"},
		said{speaker: "Kofi Lund", words: "the weather decides", themes: "weather", subject: "umbrellas"},
	)
	save(t, s, a, quotes)
	topics, err := tenor.NewTopics(
		[]tenor.Topic{{Name: "payouts", Phrases: []string{"dividend"}, Parent: "earnings"}, {Name: "buybacks", Phrases: []string{"buybacks"}, Parent: "payouts"}},
		[]tenor.Topic{{Name: "regional-banks", Phrases: []string{"x"}, Parent: "banks"}})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"theme=earnings": 3, "theme=payouts": 2, "theme=buybacks": 1, "theme=rates": 0, "theme=buybacks&theme=rates": 1,
		"subject=banks": 2, "subject=regional-banks": 1, "theme=earnings&subject=energy": 1, "": 4,
	} {
		v, _ := url.ParseQuery(query)
		f, err := tenor.ParseFilter(v, topics)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(drain(t, s.Records(t.Context(), f))); got != want {
			t.Errorf("%q finds %d quotes, want %d", query, got, want)
		}
		if res := must[tenor.Results](t)(s.Search(t.Context(), f, "", 0)); res.Total != want {
			t.Errorf("%q counts %d quotes, want %d", query, res.Total, want)
		}
		line := must[*tenor.Timeline](t)(s.Timeline(t.Context(), f))
		if got := len(line.Views()); got != want {
			t.Errorf("%q draws %d views, want %d", query, got, want)
		}
	}
	res := must[tenor.Results](t)(s.Search(t.Context(), tenor.Filter{Topics: topics}, "", 0))
	got := map[string]int{}
	for _, facet := range res.Facets {
		for _, v := range facet.Values {
			got[facet.Name+" "+v.Value] = v.Count
		}
	}
	for value, want := range map[string]int{
		"theme earnings": 3, "theme payouts": 2, "theme buybacks": 1, "theme weather": 1,
		"subject banks": 2, "subject regional-banks": 1, "subject umbrellas": 1,
	} {
		if got[value] != want {
			t.Errorf("the facet counts %d of %s, want %d", got[value], value, want)
		}
	}
}
