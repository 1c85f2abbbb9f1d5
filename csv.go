package tenor

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Dialect is a way of writing CSV.
type Dialect string

const (
	// DialectExcel opens in a spreadsheet as it should: a byte order mark, line
	// ends folded to spaces, and cells that a spreadsheet would run as a formula
	// guarded by an apostrophe. The text comes from strangers.
	DialectExcel Dialect = "excel"
	// DialectRaw is exact: RFC 4180, every cell as stored.
	DialectRaw Dialect = "raw"
)

// ParseDialect reads a dialect's name; empty means excel.
func ParseDialect(s string) (Dialect, error) {
	switch Dialect(s) {
	case "", DialectExcel:
		return DialectExcel, nil
	case DialectRaw:
		return DialectRaw, nil
	}
	return "", &ValueError{"dialect", s, []string{string(DialectExcel), string(DialectRaw)}}
}

// csvColumns are the columns of quotes, in the order that scripts rely on.
var csvColumns = []string{
	"quote_id", "published", "published_precision", "analyst", "speaker_type", "firm", "role",
	"stance", "confidence", "horizon", "subject", "themes", "kind", "quote", "outlet", "title",
	"url", "cluster_id", "copies", "known_at", "label_source", "tagger",
}

// byteOrderMark tells Excel that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV streams records as CSV, one row a quote under a row of names, and
// says how many rows it wrote. It stops at the first error of either side.
func WriteCSV(w io.Writer, records iter.Seq2[Record, error], d Dialect) (rows int, err error) {
	buffered := bufio.NewWriter(w)
	if d == DialectExcel {
		buffered.WriteString(byteOrderMark)
	}
	out := csv.NewWriter(buffered)
	out.UseCRLF = d == DialectExcel
	if err := out.Write(csvColumns); err != nil {
		return 0, fmt.Errorf("write CSV: %w", err)
	}
	row := make([]string, len(csvColumns))
	for r, err := range records {
		if err != nil {
			return rows, fmt.Errorf("write CSV after row %d: %w", rows, err)
		}
		r.cells(row)
		if d == DialectExcel {
			GuardCells(row)
		}
		if err := out.Write(row); err != nil {
			return rows, fmt.Errorf("write CSV row %d: %w", rows+1, err)
		}
		rows++
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return rows, fmt.Errorf("write CSV: %w", err)
	}
	return rows, buffered.Flush()
}

// cells fills row with the record, in the order of csvColumns.
func (r *Record) cells(row []string) {
	themes := ""
	for i, t := range r.Themes {
		if i > 0 {
			themes += "|"
		}
		themes += string(t)
	}
	for i, cell := range [...]string{
		r.ID, r.Published.String(), string(r.Published.Precision), r.Speaker, string(r.SpeakerType),
		r.Firm, r.Role, string(r.Stance), strconv.FormatFloat(r.Confidence, 'g', 4, 64),
		string(r.Horizon), string(r.Subject), themes, string(r.Kind), r.Text(),
		r.Outlet, r.Title, r.URL, r.Cluster, strconv.Itoa(r.Copies), formatTime(r.KnownAt),
		string(r.LabelSource), r.Tagger,
	} {
		row[i] = cell
	}
}

// GuardCells makes the cells of a row safe and whole in a spreadsheet. Numbers stay
// numbers: a cell that parses as one is untouched, even after a minus sign.
func GuardCells(row []string) {
	for i, cell := range row {
		if strings.ContainsAny(cell, "\r\n") {
			cell = strings.Join(strings.FieldsFunc(cell, func(r rune) bool { return r == '\r' || r == '\n' }), " ")
		}
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			if _, err := strconv.ParseFloat(cell, 64); err != nil {
				cell = "'" + cell
			}
		}
		row[i] = cell
	}
}

func joinSpace(parts []string) string { return strings.Join(parts, " ") }
