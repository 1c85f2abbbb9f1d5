package tenor

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// web/chart/src/csv.ts reads the same files by the same rules where they never leave
// the browser; testdata/overlay.json holds both to it.

// Bounds of a CSV file that is drawn beside the consensus.
const (
	MaxOverlayBytes = 10 << 20
	MaxOverlayRows  = 100_000
	maxCurves       = 24
	maxLabel        = 200 // letters of an event's label or a series' name
	maxFigure       = 1e15
)

// ParseCurves reads "date,value" or "date,value,name", a row a day, into one curve for
// each name. A first row of titles may stand above; without a name, the title over the
// figures is the curve's, unless it is a word like "close", and then name is.
//
// Days are written 2025-09-18, also with a time behind, of which only the day as written
// counts. Columns are parted by commas, semicolons or tabs. The decimal mark is the one
// that the file shows, a point where it leaves that open: 1,234 alone is a thousand and
// more. An empty cell, or one like "n/a" or ".", is a gap. A day twice is refused.
// Errors are one sentence with the line, and wrap ErrUsage.
func ParseCurves(file, name string, data []byte) ([]Curve, error) {
	rows, err := readRows(file, data)
	if err != nil {
		return nil, err
	}
	if title, ok := titled(rows); ok {
		if rows = rows[1:]; len(title.cells) == 2 && title.cells[1] != "" && !slices.Contains(plainTitles, strings.ToLower(title.cells[1])) {
			name = title.cells[1]
		}
	}
	if len(rows) == 0 {
		return nil, wrong(file, 0, "there is no row of figures in it; write date,value, like 2025-09-18,4742.83")
	}
	comma, err := decimalComma(file, rows)
	if err != nil {
		return nil, err
	}
	type place struct {
		name string
		day  Day
	}
	lines := map[place]int{}
	byName := map[string]int{}
	var curves []Curve
	for _, r := range rows {
		if len(r.cells) < 2 || len(r.cells) > 3 {
			return nil, wrong(file, r.line, "it has %s, and date,value or date,value,name are read", columns(len(r.cells)))
		}
		day, err := dayAsWritten(r.cells[0])
		if err != nil {
			return nil, wrong(file, r.line, "%s", err)
		}
		p := CurvePoint{Day: day, Gap: isGap(r.cells[1])}
		if !p.Gap {
			if p.Value, err = figure(r.cells[1], comma); err != nil {
				return nil, wrong(file, r.line, "%s", err)
			}
		}
		one := name
		if len(r.cells) == 3 && r.cells[2] != "" {
			one = r.cells[2]
		}
		if utf8.RuneCountInString(one) > maxLabel {
			return nil, wrong(file, r.line, "a name has more than %d letters", maxLabel)
		}
		if before := lines[place{one, day}]; before > 0 {
			return nil, wrong(file, r.line, "%s has a figure on line %d already", day, before)
		}
		lines[place{one, day}] = r.line
		i, known := byName[one]
		if !known {
			if i = len(curves); i == maxCurves {
				return nil, wrong(file, r.line, "it has more than %d series", maxCurves)
			}
			byName[one] = i
			curves = append(curves, Curve{Name: one})
		}
		curves[i].Points = append(curves[i].Points, p)
	}
	for i := range curves {
		slices.SortFunc(curves[i].Points, func(a, b CurvePoint) int { return cmp.Compare(a.Day, b.Day) })
	}
	return curves, nil
}

// ParseEvents reads "date,label" or "date,label,url", a row an event, in the same forms.
// Of addresses only http and https are taken. The same label twice on a day is refused.
func ParseEvents(file string, data []byte) ([]Event, error) {
	rows, err := readRows(file, data)
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		if _, err := dayAsWritten(rows[0].cells[0]); err != nil && !strings.ContainsFunc(rows[0].cells[0], unicode.IsDigit) {
			rows = rows[1:]
		}
	}
	if len(rows) == 0 {
		return nil, wrong(file, 0, "there is no event in it; write date,label, like 2025-09-17,Rate cut")
	}
	lines := map[Event]int{}
	events := make([]Event, 0, len(rows))
	for _, r := range rows {
		if len(r.cells) < 2 || len(r.cells) > 3 {
			return nil, wrong(file, r.line, "it has %s, and date,label or date,label,url are read (put a label with a comma in quotation marks)", columns(len(r.cells)))
		}
		day, err := dayAsWritten(r.cells[0])
		if err != nil {
			return nil, wrong(file, r.line, "%s", err)
		}
		e := Event{Day: day, Label: r.cells[1]}
		switch {
		case e.Label == "":
			return nil, wrong(file, r.line, "the event has no label")
		case utf8.RuneCountInString(e.Label) > maxLabel:
			return nil, wrong(file, r.line, "the label has more than %d letters", maxLabel)
		case lines[e] > 0:
			return nil, wrong(file, r.line, "the event stands on line %d already", lines[e])
		}
		lines[e] = r.line
		if len(r.cells) == 3 && r.cells[2] != "" {
			if !webAddress(r.cells[2]) {
				return nil, wrong(file, r.line, "%.80q is no address that begins with https:// or http://", r.cells[2])
			}
			e.URL = r.cells[2]
		}
		events = append(events, e)
	}
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.Day, b.Day) })
	return events, nil
}

// csvRow is a row with the line on which it begins; its cells are trimmed, on one line.
type csvRow struct {
	line  int
	cells []string
}

// readRows splits a file into rows, those without any content left out.
func readRows(file string, data []byte) ([]csvRow, error) {
	if len(data) > MaxOverlayBytes {
		return nil, wrong(file, 0, "it is larger than 10 MiB")
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if !utf8.Valid(data) {
		line := 1
		for len(data) > 0 {
			r, size := utf8.DecodeRune(data)
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			data = data[size:]
		}
		return nil, wrong(file, line, "it is not written in UTF-8; save it as CSV UTF-8")
	}
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord, in.ReuseRecord = delimiter(data), -1, true
	var rows []csvRow
	for {
		cells, err := in.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.As(err, &broken):
			return nil, wrong(file, broken.StartLine, "a quotation mark stands where none may: a cell is in quotation marks as a whole, and one inside is written twice")
		case err != nil:
			return nil, wrong(file, 0, "%s", err)
		}
		line, _ := in.FieldPos(0)
		row := csvRow{line: line}
		for _, cell := range cells {
			row.cells = append(row.cells, oneLine(cell))
		}
		for n := len(row.cells); n > 0 && row.cells[n-1] == "" && n > 2; n-- { // spreadsheets pad rows
			row.cells = row.cells[:n-1]
		}
		if !slices.ContainsFunc(row.cells, func(c string) bool { return c != "" }) {
			continue
		}
		if rows = append(rows, row); len(rows) > MaxOverlayRows+1 {
			return nil, wrong(file, line, "it has more than 100,000 rows")
		}
	}
}

// delimiter is what parts the columns, as the first line that has any shows.
func delimiter(data []byte) rune {
	quoted := false
	for _, c := range data {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ';' || c == '\t'):
			return rune(c)
		case !quoted && c == ',':
			return ','
		}
	}
	return ','
}

// oneLine folds white space and control characters into single spaces: the cells are
// strangers' text, and are shown on one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// plainTitles are titles over figures that name no series.
var plainTitles = []string{"value", "close", "price", "adj close", "level", "last"}

// titled reports whether the first row holds titles: neither a day nor a figure.
func titled(rows []csvRow) (csvRow, bool) {
	if len(rows) == 0 {
		return csvRow{}, false
	}
	first := rows[0]
	if strings.ContainsFunc(first.cells[0], unicode.IsDigit) || len(first.cells) < 2 {
		return csvRow{}, false
	}
	_, ok := decimalMark(first.cells[1])
	return first, !ok
}

func columns(n int) string {
	if n == 1 {
		return "one column"
	}
	return strconv.Itoa(n) + " columns"
}

var momentForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| ?[+-]\d{2}:?\d{2})?)?$`)

// dayAsWritten is the day of a cell. A time of day and its zone change nothing: the
// closing price of a day is written as its midnight in whatever zone.
func dayAsWritten(s string) (Day, error) {
	m := momentForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%.40q is no day like 2025-09-18", s)
	}
	day, err := ParseDay(m[1])
	if err != nil || day < -365_000 { // before the year 970
		return 0, fmt.Errorf("%.40q is no day of the calendar", s)
	}
	return day, nil
}

var gaps = []string{"", ".", "-", "–", "—", "na", "n/a", "#n/a", "nan", "null", "none"}

func isGap(s string) bool { return slices.Contains(gaps, strings.ToLower(s)) }

// bare is a figure without spaces and apostrophes, which group digits in many countries,
// and its sign.
func bare(s string) (digits string, negative bool) {
	s = strings.NewReplacer(" ", "", "'", "", "’", "", "−", "-").Replace(s)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest, true
	}
	return strings.TrimPrefix(s, "+"), false
}

// decimalMark is the decimal mark that a figure shows: '.', ',', or 0 where it leaves
// that open. It is not ok for what is no figure.
func decimalMark(s string) (mark byte, ok bool) {
	s, _ = bare(s)
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' }) || strings.Trim(s, ".,") == "" {
		return 0, false
	}
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch last := strings.LastIndexAny(s, ".,"); {
	case last < 0:
		return 0, true
	case points > 1 && commas > 1:
		return 0, false
	case points > 0 && commas > 0:
		mark = s[last]
		return mark, strings.Count(s, string(mark)) == 1
	case points > 1:
		return ',', true
	case commas > 1:
		return '.', true
	case len(s)-last-1 == 3 && last > 0 && last <= 3 && s[0] != '0':
		return 0, true
	default:
		return s[last], true
	}
}

// decimalComma reports whether the figures of a file have a decimal comma. A file that
// shows both marks is refused.
func decimalComma(file string, rows []csvRow) (bool, error) {
	seen := map[byte]int{}
	for _, r := range rows {
		if len(r.cells) < 2 || isGap(r.cells[1]) {
			continue
		}
		mark, ok := decimalMark(r.cells[1])
		if !ok || mark == 0 || seen[mark] > 0 {
			continue
		}
		seen[mark] = r.line
		if seen['.'] > 0 && seen[','] > 0 {
			return false, wrong(file, r.line, "%.40q has another decimal mark than line %d", r.cells[1], seen['.']+seen[',']-r.line)
		}
	}
	return seen[','] > 0, nil
}

// figure is the number of a cell.
func figure(s string, comma bool) (float64, error) {
	no := fmt.Errorf("%.40q is no number", s)
	if _, ok := decimalMark(s); !ok {
		return 0, no
	}
	digits, negative := bare(s)
	group, decimal := ",", "."
	if comma {
		group, decimal = decimal, group
	}
	whole, fraction, _ := strings.Cut(digits, decimal)
	for i, part := range strings.Split(whole, group) {
		if strings.Contains(whole, group) && (i == 0 && (len(part) == 0 || len(part) > 3) || i > 0 && len(part) != 3) {
			return 0, no
		}
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(whole, group, "")+"."+fraction, 64)
	if err != nil {
		return 0, no
	}
	if value > maxFigure {
		return 0, fmt.Errorf("%.40q is too large to draw", s)
	}
	if negative {
		value = math.Copysign(value, -1) + 0 // no minus zero
	}
	return value, nil
}

// webAddress reports whether a link may lead there: other schemes run scripts.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// wrong is a mistake on a line of a file, 0 for none.
func wrong(file string, line int, format string, args ...any) error {
	at := file
	if line > 0 {
		at += ", line " + strconv.Itoa(line)
	}
	return fmt.Errorf("%w: %s: %s", ErrUsage, at, fmt.Sprintf(format, args...))
}
