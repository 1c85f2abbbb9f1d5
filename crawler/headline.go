package crawler

import (
	"regexp"
	"strings"
	"unicode"
)

// temperature: "-1.8 C", "72°F".
var temperature = regexp.MustCompile(`^[-+−–]?\d{1,3}(?:[.,]\d)?\s?°?\s?[CF]\b|\d\s?°`)

func isWeather(lines []string) bool {
	for _, line := range lines {
		if len(line) < 40 && (temperature.MatchString(line) || containsAny(strings.ToLower(line), "weather")) {
			return true
		}
	}
	return false
}

var (
	bylineStart = regexp.MustCompile(`^(?i:(?:(?:written|analysis|reporting) )?by:?)\s+(\p{Lu}.*)$`)
	nameTail    = regexp.MustCompile(`\s+[-–—|]\s.*$`)
)

// bylineOf reads "By NAME and NAME - Analysis".
func bylineOf(line string) ([]string, bool) {
	if len(line) > 120 {
		return nil, false
	}
	m := bylineStart.FindStringSubmatch(line)
	if m == nil {
		return nil, false
	}
	rest := nameTail.ReplaceAllString(m[1], "")
	for _, d := range findDates(rest) {
		rest = rest[:d.start]
		break
	}
	names := cleanAuthors([]string{rest}, "")
	return names, len(names) > 0
}

// titleLine picks the headline among the lines above the body: the first that
// reads like one. A text that begins at once with its body has no headline.
func titleLine(lines []string) string {
	for i, line := range lines {
		if !couldBeTitle(line) {
			continue
		}
		// A name, place or outlet above the date line is not a headline however
		// long it is, unless nothing else could be one.
		if len(words(line)) < 4 && hasBetterTitle(lines[i+1:]) {
			continue
		}
		return line
	}
	return ""
}

func hasBetterTitle(lines []string) bool {
	for _, line := range lines {
		if couldBeTitle(line) && len(words(line)) >= 4 {
			return true
		}
	}
	return false
}

func couldBeTitle(line string) bool {
	w := words(line)
	lower := strings.ToLower(line)
	switch {
	case len(w) < 3 && !hasWideScript(line), len(line) > maxTitleBytes, endsSentence(line), reportsSpeech(line), isQuotation(line):
		return false
	case strings.ContainsAny(line, "▲▼%") && strings.ContainsAny(line, "0123456789") && len(w) < 10:
		return false
	case strings.HasPrefix(line, "•"), strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "), strings.HasPrefix(line, "http"):
		return false
	case temperature.MatchString(line), containsAny(lower, "banner"), isLabel(lower):
		return false
	case strings.Contains(line, " / ") && len(w) < 6:
		return false
	}
	if _, ok := bylineOf(line); ok {
		return false
	}
	if dates := findDates(line); len(dates) > 0 && dates[0].year > 0 &&
		(containsAny(lower, "dated") || len(words(line[:dates[0].start]+" "+line[dates[0].end:])) < 4) {
		return false
	}
	return unicode.IsUpper(firstLetter(line)) || !unicode.IsLower(firstLetter(line))
}

var speechVerb = regexp.MustCompile(`(?i)\b(?:said|told|wrote|added|noted|stated|stating|saying|according to)\b`)

// reportsSpeech: the line quotes somebody and says whom, as paragraphs do and
// headlines do not ("saying" and "said" are for the story).
func reportsSpeech(line string) bool {
	return len(line) > 70 && strings.ContainsAny(line, "\"“”") && speechVerb.MatchString(line)
}

// isQuotation: the line is somebody's words and nothing else, to the stop or the
// comma before the marks that end it.
func isQuotation(line string) bool {
	bare := strings.TrimRight(line, "\"”")
	return strings.IndexAny(line, "\"“") == 0 && len(bare) < len(line) && (strings.HasSuffix(bare, ".") || strings.HasSuffix(bare, ","))
}

func isLabel(lower string) bool {
	before, _, _ := strings.Cut(lower, ":")
	return headerRules.has("label", strings.TrimSpace(before)) && len(words(lower)) < 6
}

func firstLetter(s string) rune {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
	}
	return 0
}

// hasWideScript: the line is in a script that needs few letters for a headline.
func hasWideScript(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n++
		}
	}
	return n >= 6
}

var (
	datelinePlace = regexp.MustCompile(`^\p{Lu}[\p{Lu}.'’ -]{2,}(?:[,/ ]+[\p{L}.]+){0,3}[\s,(/–—-]*$`)
	datelineEnd   = regexp.MustCompile(`^[\s).,]*(?:\([^()\n]{2,40}\)|/[^/\n]{2,40}/|\p{Lu}[\p{L} ]{2,25})?[\s).,]*(?:--|[-–—:]|/)`)
)

// datelineOf reads the date between the place and the dash that open a wire
// story: "WASHINGTON (June 3, 2025) – ", "TORONTO, Sept 20 (Agency) - ".
func datelineOf(text string) (dateMention, bool) {
	line := text[:min(len(text), 160)]
	dates := findDates(line)
	if len(dates) == 0 {
		return dateMention{}, false
	}
	m := dates[0]
	return m, m.start <= 60 && datelinePlace.MatchString(line[:m.start]) && datelineEnd.MatchString(line[m.end:])
}

// outletLine is the first line when it names the outlet: a word or three right
// above the date line.
func outletLine(first, second string) string {
	w := words(first)
	if len(w) == 0 || len(w) > 4 || len(first) > 40 || temperature.MatchString(first) || isLabel(strings.ToLower(first)) {
		return ""
	}
	if _, ok := bylineOf(first); ok || len(findDates(first)) > 0 {
		return ""
	}
	dates := findDates(second)
	if len(dates) == 0 || dates[0].year == 0 {
		return ""
	}
	return first
}
