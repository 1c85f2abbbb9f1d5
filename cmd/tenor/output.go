package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"

	"tenor"
)

// formatOf checks a --format flag.
func formatOf(value string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, value) {
		return "", &tenor.ValueError{Name: "--format", Value: value, Allowed: allowed}
	}
	return value, nil
}

// writeRecords prints records in a format: jsonl, csv (raw) or table. It says how
// many it wrote.
func writeRecords(w io.Writer, records iter.Seq2[tenor.Record, error], format string, dialect tenor.Dialect, width int) (int, error) {
	switch format {
	case "csv":
		return tenor.WriteCSV(w, records, dialect)
	case "table":
		return writeCards(w, records, width)
	}
	return writeJSONL(w, records)
}

func writeJSONL(w io.Writer, records iter.Seq2[tenor.Record, error]) (n int, err error) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for r, err := range records {
		if err != nil {
			return n, err
		}
		if err := encoder.Encode(r); err != nil {
			return n, fmt.Errorf("write quote %s: %w", r.ID, err)
		}
		n++
	}
	return n, nil
}

// stanceSign marks a stance by its shape, so that it is told without colour.
func stanceSign(s tenor.Stance) string {
	switch s {
	case tenor.Bullish:
		return "▲"
	case tenor.Fragile:
		return "▼"
	}
	return "●"
}

// defaultWidth is how wide a card is where there is no terminal to ask.
const defaultWidth = 100

// writeCards prints each record as a short card: date, stance, who, the words, and
// where they stand.
func writeCards(w io.Writer, records iter.Seq2[tenor.Record, error], width int) (n int, err error) {
	if width <= 0 {
		width = defaultWidth
	}
	width = min(max(width, 40), 140)
	for r, err := range records {
		if err != nil {
			return n, err
		}
		date := r.Published.String()
		if r.Published.Precision == tenor.PrecisionTime {
			date = r.Published.Time.Format("2006-01-02")
		}
		if date == "" {
			date = "no date"
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%-10s  %s %-7s  %s\n", date, stanceSign(r.Stance), r.Stance, who(r.Speaker, r.Firm, r.SpeakerType))
		for _, line := range wrap(oneLine(strings.Join(r.Segments, " … ")), width-12) {
			fmt.Fprintf(&b, "%12s%s\n", "", line)
		}
		about := []string{string(r.Subject)}
		if len(r.Themes) > 0 {
			about = append(about, strings.Join(themeNames(r.Themes), ", "))
		}
		if r.Copies > 1 {
			about = append(about, fmt.Sprintf("reported %d times", r.Copies))
		}
		where := cmp.Or(r.URL, r.File, r.Title)
		fmt.Fprintf(&b, "%12s[%s]  %s  %s\n\n", "", strings.Join(about, " · "), oneLine(where), r.ID)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func themeNames(themes []tenor.Theme) []string {
	list := make([]string, len(themes))
	for i, t := range themes {
		list[i] = string(t)
	}
	return list
}

// oneLine makes crawled text safe for a terminal and folds its spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// printable replaces what could move the cursor, colour what follows or turn the
// direction of a line: control characters and the marks of bidirectional text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == 0x2028, r == 0x2029, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return ' '
		}
		return r
	}, s)
}

// wrap breaks text at spaces into lines of at most width runes; a longer word
// gets a line of its own.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for word := range strings.FieldsSeq(text) {
		n := len([]rune(word))
		if length > 0 && length+1+n > width {
			lines = append(lines, line)
			line, length = "", 0
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+n
	}
	if length > 0 {
		lines = append(lines, line)
	}
	return lines
}

// each yields the records of a slice, as a stream that never fails.
func each(records []tenor.Record) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// plural is a count with its noun: 1 quote, 2 quotes.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// pluralIs is a count with its noun and verb: 1 source is, 2 sources are.
func pluralIs(n int, noun string) string {
	if n == 1 {
		return plural(n, noun) + " is"
	}
	return plural(n, noun) + " are"
}

// shellWord is a name as it can be pasted into a shell.
func shellWord(s string) string {
	s = oneLine(s)
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_./:", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
