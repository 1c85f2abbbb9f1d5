package tenor

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func columnNames(t Table, format string) (list []string) {
	for _, c := range t.Columns {
		if c.Only == "" || c.Only == format {
			list = append(list, c.Name)
		}
	}
	return list
}

// Every column of every export is in the dictionary, in the order of the file.
func TestDictionaryHasEveryColumn(t *testing.T) {
	var fields []string
	for f := range reflect.TypeFor[recordJSON]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields = append(fields, name)
	}
	for table, want := range map[string][]string{"quotes": csvColumns, "voices": csvColumns, "timeline": timelineColumns, "json": fields} {
		if got := columnNames(DictionaryOf(table, Topics{}), "csv"); !slices.Equal(got, want) {
			t.Errorf("%s: the dictionary has\n%v, the file\n%v", table, got, want)
		}
	}
	var point map[string]any
	data, err := json.Marshal(Point{})
	if err == nil {
		err = json.Unmarshal(data, &point)
	}
	if err != nil || len(point) != len(timelineColumns) {
		t.Errorf("a point as JSON has %d fields (%v)", len(point), err)
	}
	for _, name := range timelineColumns {
		if _, ok := point[name]; !ok {
			t.Errorf("a point as JSON lacks %s", name)
		}
	}
}

// The values that the dictionary allows are all that a quote can have.
func TestDictionaryHasEveryValue(t *testing.T) {
	topics, err := NewTopics([]Topic{{Name: "buybacks", Phrases: []string{"buyback(s)"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"published_precision": names([]Precision{PrecisionYear, PrecisionMonth, PrecisionDay, PrecisionTime}),
		"horizon":             names([]Horizon{HorizonNear, HorizonYear, HorizonLong}),
		"label_source":        names([]LabelSource{LabelModel, LabelHuman}),
		"claim":               names([]Claim{Position, Forecast, Recap}),
		"resolved":            names([]Resolution{ByName, BySurname, ByPronoun, ByTitle, ByTeam, ByContinuing, ByAnnouncement, ByLabel, BySignature}),
		"stance":              names(Stances()), "kind": names(Kinds()), "speaker_type": names(SpeakerTypes()),
		"themes": names(topics.Themes()), "subject": names(topics.Subjects()),
	}
	if !slices.Contains(want["themes"], "buybacks") {
		t.Fatal("the theme of one's own is missing")
	}
	for _, table := range Dictionary(topics) {
		for _, c := range table.Columns {
			if !slices.Equal(c.Values, want[c.Name]) {
				t.Errorf("%s.%s: %v, want %v", table.Name, c.Name, c.Values, want[c.Name])
			}
			if c.Meaning == "" || c.Type == "" || (c.Type == TypeArray) != (c.Of != "") {
				t.Errorf("%s.%s: %+v", table.Name, c.Name, c)
			}
		}
	}
}

// The README's table is the dictionary's, in its order.
func TestREADMEHasTheDictionary(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "| column | holds |")
	table, _, end := strings.Cut(rest, "\n\n")
	if !ok || !end {
		t.Fatal("README.md has no table of columns")
	}
	var got []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
				got = append(got, m[1])
			}
		}
	}
	if !slices.Equal(got, csvColumns) {
		t.Errorf("README.md has\n%v, the CSV\n%v", got, csvColumns)
	}
}

func TestDictionaryFiles(t *testing.T) {
	var b bytes.Buffer
	if err := WriteDictionaryCSV(&b, Dictionary(Topics{})); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, table := range Dictionary(Topics{}) {
		n += len(table.Columns)
	}
	if len(rows) != n+1 || rows[8][1] != "stance" || rows[8][4] != "bullish|neutral|fragile" {
		t.Errorf("%d rows, the eighth %q", len(rows), rows[8])
	}
	b.Reset()
	if err := WriteDataPackage(&b, Dictionary(Topics{}), func(file string) string { return "data/" + file }); err != nil {
		t.Fatal(err)
	}
	var p struct {
		Resources []struct {
			Path   string
			Schema struct {
				Fields []struct{ Name, Type string }
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &p); err != nil || len(p.Resources) != 2 {
		t.Fatalf("%d resources (%v)", len(p.Resources), err)
	}
	for i, want := range [][]string{csvColumns, timelineColumns} {
		var got []string
		for _, f := range p.Resources[i].Schema.Fields {
			got = append(got, f.Name)
		}
		if !slices.Equal(got, want) || !strings.HasPrefix(p.Resources[i].Path, "data/") {
			t.Errorf("%s: fields %v", p.Resources[i].Path, got)
		}
	}
}
