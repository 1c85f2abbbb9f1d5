package tenor

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestFilterSurvivesItsAddress(t *testing.T) {
	for _, query := range []string{
		"", "q=soft+landing", "analyst=Ada+Quill&analyst=Bo+Reed&stance=fragile",
		"firm=Quill+%26+Sons&theme=rates&theme=ai&subject=small-caps&kind=mixed&speaker_type=analyst",
		"from=2024-07-01&to=2025-09-30&asof=2025-10-01&window=30&count=quotes&outlet=Ledger",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		f, err := ParseFilter(v, Topics{})
		if err != nil {
			t.Errorf("%q: %v", query, err)
			continue
		}
		if back := f.Values(); !reflect.DeepEqual(back, v) {
			t.Errorf("%q came back as %q", query, back.Encode())
		}
	}
}

func TestFilterTakesEmptyFieldsOfForms(t *testing.T) {
	f, err := ParseFilter(url.Values{"q": {" "}, "stance": {""}, "from": {""}, "window": {""}, "count": {""}, "page": {"2"}}, Topics{})
	if err != nil || !reflect.DeepEqual(f, Filter{}) {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestFilterMistakes(t *testing.T) {
	for query, want := range map[string]string{
		"stance=bearish":                `stance: "bearish" is not one of: bullish, neutral, fragile`,
		"theme=weather":                 `theme: "weather" is not one of: rates,`,
		"subject=tulips":                `subject: "tulips"`,
		"kind=rumour":                   `kind: "rumour"`,
		"speaker_type=ghost":            `speaker_type: "ghost"`,
		"from=yesterday":                `from: "yesterday" is not a day like 2025-09-18`,
		"to=2025-02-30":                 `to: "2025-02-30" is not a day`,
		"asof=1":                        `asof: "1" is not a day`,
		"window=0":                      `window: "0" is not a number of days`,
		"window=many":                   `window: "many"`,
		"count=noses":                   `count: "noses" is not one of: voices, quotes, articles`,
		"from=2025-02-01&to=2025-01-01": `from 2025-02-01 is after to 2025-01-01`,
	} {
		v, _ := url.ParseQuery(query)
		_, err := ParseFilter(v, Topics{})
		if !errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want a usage error that says %q", query, err, want)
		}
	}
}

func TestEveryFilterIsDescribedAndParsed(t *testing.T) {
	for _, p := range Params(Topics{}) {
		value := "2025-01-01"
		switch {
		case len(p.Allowed) > 0:
			value = p.Allowed[0]
		case p.Name == "window":
			value = "30"
		}
		f, err := ParseFilter(url.Values{p.Name: {value}}, Topics{})
		if err != nil || f.Values().Get(p.Name) != value {
			t.Errorf("%s=%s: parsed to %q, %v", p.Name, value, f.Values().Encode(), err)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	f.Add("q=a&from=2025-01-01&window=30")
	f.Add("stance=bullish&stance=%00&analyst=%ff")
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		filter, err := ParseFilter(v, Topics{})
		if err != nil {
			if !errors.Is(err, ErrUsage) {
				t.Errorf("%q: %v is not a usage error", query, err)
			}
			return
		}
		again, err := ParseFilter(filter.Values(), Topics{})
		if err != nil || !reflect.DeepEqual(filter, again) {
			t.Errorf("%q: read back as %+v, %v", query, again, err)
		}
	})
}
