package tenor

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
)

func stream(records []Record, err error) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(Record{}, err)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	a, q := sample()
	var b bytes.Buffer
	n, err := WriteCSV(&b, stream([]Record{NewRecord(a, q, "test/1")}, nil), DialectRaw)
	if err != nil || n != 1 {
		t.Fatalf("wrote %d rows: %v", n, err)
	}
	want := `quote_id,published,published_precision,analyst,speaker_type,firm,role,stance,confidence,horizon,subject,themes,kind,quote,outlet,title,url,cluster_id,copies,known_at,label_source,tagger
` + q.ID + `,2025-09-18T14:30:00-04:00,time,Ada Quill,analyst,Quill & Sons,strategist,bullish,0.91,year,small-caps,valuation,direct,"Small caps are cheap, We are buyers.",The Ledger,Small caps wake up,https://ledger.example/1,` + q.ID + `,1,2025-09-18T20:00:00Z,model,test/1
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// The ways in which a cell can become a formula, from spreadsheets' own lists.
var formulas = []string{
	"=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1",
	"=HYPERLINK(\"http://x\",\"y\")", "-2+3+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "= 1",
}

func TestSpreadsheetDialectGuardsFormulas(t *testing.T) {
	for _, payload := range formulas {
		r := Record{Quote: Quote{Speaker: payload, Firm: payload, Role: payload}, Segments: []string{payload}, Title: payload, URL: payload, Outlet: payload}
		var excel, raw bytes.Buffer
		if _, err := WriteCSV(&excel, stream([]Record{r}, nil), DialectExcel); err != nil {
			t.Fatal(err)
		}
		if _, err := WriteCSV(&raw, stream([]Record{r}, nil), DialectRaw); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(excel.String(), byteOrderMark))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q: column %s begins a formula: %q", payload, csvColumns[i], cell)
			}
		}
		exact, err := csv.NewReader(&raw).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		// encoding/csv reads \r\n as \n and nothing else differently.
		if got := exact[1][slices.Index(csvColumns, "quote")]; got != payload {
			t.Errorf("raw dialect changed %q to %q", payload, got)
		}
	}
}

func TestSpreadsheetDialectLeavesNumbers(t *testing.T) {
	row := []string{"-0.5", "+3", "1e-7", "0.91"}
	want := slices.Clone(row)
	if GuardCells(row); !slices.Equal(row, want) {
		t.Errorf("numbers became %q", row)
	}
}

func TestWriteCSVStopsAtAnError(t *testing.T) {
	broken := errors.New("disk on fire")
	n, err := WriteCSV(&bytes.Buffer{}, stream(make([]Record, 2), broken), DialectRaw)
	if n != 2 || !errors.Is(err, broken) || !strings.Contains(err.Error(), "after row 2") {
		t.Errorf("wrote %d rows with error %v", n, err)
	}
}
