package store

import (
	"encoding/csv"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenor"
)

// The view for readers of the file has the columns of the CSV, and the same
// values.
func TestQuotesFlat(t *testing.T) {
	s := newsroom(t)
	var b strings.Builder
	if _, err := tenor.WriteCSV(&b, s.Records(t.Context(), tenor.Filter{}), tenor.DialectRaw); err != nil {
		t.Fatal(err)
	}
	want, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want[1:], slices.Compare)

	rows, err := s.read.Query(`SELECT * FROM quotes_flat ORDER BY quote_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	if w := append(want[0], "article_id", "resolved", "attribution"); !slices.Equal(columns, w) {
		t.Fatalf("columns\n%v, want\n%v", columns, w)
	}
	n := 0
	for rows.Next() {
		row := make([]string, len(columns))
		dest := make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		own := len(want[0])
		if _, err := strconv.Atoi(row[own]); err != nil {
			t.Errorf("article_id %q", row[own])
		}
		n++
		if n >= len(want) || !slices.Equal(row[:own], want[n]) {
			t.Fatalf("row %d\n got %q\nwant %q", n, row, want[min(n, len(want)-1)])
		}
	}
	if err := rows.Err(); err != nil || n != len(want)-1 {
		t.Errorf("%d rows (%v), want %d", n, err, len(want)-1)
	}
}

// The file is of use without Tenor: an older sqlite3 reads views and index.
func TestQuotesFlatInTheShell(t *testing.T) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("no sqlite3 shell on this machine")
	}
	s := newsroom(t)
	for query, want := range map[string]string{
		`SELECT count(*), count(DISTINCT analyst) FROM quotes_flat`:                                        "9|7",
		`SELECT analyst, themes FROM quotes_flat WHERE stance = 'fragile' AND firm LIKE 'Oak%'`:            "Lena Brandt|credit|rates",
		`SELECT q.speaker FROM quotes_fts t JOIN quotes q ON q.seq = t.rowid WHERE quotes_fts MATCH 'tax'`: "Inés Okafor",
		`SELECT theme, count(*) FROM quote_themes GROUP BY theme ORDER BY 2 DESC, 1 LIMIT 1`:               "rates|2",
		`PRAGMA integrity_check`: "ok",
		`SELECT date('1899-12-31', (seq >> 24) || ' days') FROM quotes WHERE text LIKE '%soft landing%'`: "2024-07-15",
	} {
		out, err := exec.Command(shell, "-readonly", s.path, query).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s:\n got %s (%v)\nwant %s", query, got, err, want)
		}
	}
}
