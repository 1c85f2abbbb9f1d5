package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"tenor"
)

// readParquet reads a file back, by the names of its columns.
func readParquet(t *testing.T, data []byte) (columns []string, rows []parquetRow) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range f.Schema().Fields() {
		columns = append(columns, field.Name())
	}
	rows, err = parquet.Read[parquetRow](bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return columns, rows
}

// Parquet has the CSV's columns and rows, in their order, typed and exact, and the
// dictionary says so.
func TestParquetIsTheCSV(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for _, query := range []string{"", "stance=fragile", "from=2025-06-01&to=2025-08-31", "q=nothing+like+this"} {
		w := ask(t, h, "/quotes.parquet?"+query)
		columns, rows := readParquet(t, w.Body.Bytes())
		table, err := csv.NewReader(ask(t, h, "/quotes.csv?dialect=raw&"+query).Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(columns[:len(columns)-1], table[0]) {
			t.Errorf("%q: columns %v", query, columns)
		}
		var named []string
		for _, c := range tenor.DictionaryOf("quotes", tenor.Topics{}).Columns {
			named = append(named, c.Name)
		}
		if !slices.Equal(columns, named) {
			t.Errorf("%q: the dictionary has %v", query, named)
		}
		if len(rows) != len(table)-1 {
			t.Fatalf("%q: %d rows, the CSV has %d", query, len(rows), len(table)-1)
		}
		for i, r := range rows {
			known := time.UnixMilli(r.KnownAt).UTC().Format(time.RFC3339)
			got := []string{r.QuoteID, r.Published, r.PublishedPrecision, r.Analyst, r.SpeakerType, r.Firm, r.Role, r.Stance,
				strconv.FormatFloat(r.Confidence, 'g', 4, 64), r.Horizon, r.Subject, strings.Join(r.Themes, "|"), r.Kind, r.Quote, r.Outlet, r.Title,
				r.URL, r.ClusterID, strconv.Itoa(int(r.Copies)), known, r.LabelSource, r.Tagger}
			if !slices.Equal(got, table[i+1]) {
				t.Errorf("%q: row %d is\n%q, the CSV has\n%q", query, i, got, table[i+1])
			}
			day := ""
			if r.PublishedDay != nil {
				day = tenor.Day(*r.PublishedDay).String()
			}
			if want := r.Published; len(want) >= len(time.DateOnly) && day != want[:len(time.DateOnly)] || len(want) < len(time.DateOnly) && day != "" {
				t.Errorf("published %q on day %q", want, day)
			}
		}
		if again := ask(t, h, "/quotes.parquet?"+query); !bytes.Equal(again.Body.Bytes(), w.Body.Bytes()) {
			t.Errorf("%q: the same quotes give other bytes", query)
		}
	}
}

// The types are those of the dictionary, and the file says what it is.
func TestParquetTypes(t *testing.T) {
	data := ask(t, handlerOf(t, seeded(t), Options{}), "/quotes.parquet?stance=bullish").Body.Bytes()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if by := f.Metadata().CreatedBy; !strings.HasPrefix(by, "tenor") {
		t.Errorf("created by %q", by)
	}
	if filter, _ := f.Lookup("tenor.filter"); filter != "stance=bullish" {
		t.Errorf("filter %q", filter)
	}
	for _, c := range tenor.DictionaryOf("quotes", tenor.Topics{}).Columns {
		node := f.Root().Column(c.Name)
		want := map[tenor.ColumnType]string{tenor.TypeString: "STRING", tenor.TypeNumber: "DOUBLE", tenor.TypeInteger: "INT(32,true)",
			tenor.TypeDate: "DATE", tenor.TypeDatetime: "TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)", tenor.TypeList: "LIST"}[c.Type]
		if got := node.Type().String(); got != want {
			t.Errorf("%s is %s, want %s", c.Name, got, want)
		}
		if c.Optional && !node.Optional() && c.Type != tenor.TypeList || !c.Optional && node.Optional() {
			t.Errorf("%s: optional is %v, the dictionary says %v", c.Name, node.Optional(), c.Optional)
		}
	}
}

// Rows are written in groups, and memory holds one of them.
func TestParquetGroups(t *testing.T) {
	var many iter.Seq2[tenor.Record, error] = func(yield func(tenor.Record, error) bool) {
		for i := range 2*parquetGroup + 7 {
			if !yield(tenor.Record{Quote: tenor.Quote{ID: strconv.Itoa(i)}, Segments: []string{strconv.Itoa(i * 7919)}}, nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	n, err := WriteParquet(&b, many, tenor.Filter{})
	if err != nil || n != 2*parquetGroup+7 {
		t.Fatalf("%d rows: %v", n, err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if groups := f.RowGroups(); len(groups) != 3 || groups[2].NumRows() != 7 {
		t.Errorf("%d groups", len(groups))
	}
	broken := errors.New("disk on fire")
	if n, err := WriteParquet(io.Discard, func(yield func(tenor.Record, error) bool) { yield(tenor.Record{}, broken) }, tenor.Filter{}); n != 0 || !errors.Is(err, broken) {
		t.Errorf("%d rows, error %v", n, err)
	}
}
