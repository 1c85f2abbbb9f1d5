package crawler

import (
	"strings"
	"time"
	"unicode/utf8"

	"tenor"
)

// minTextRunes is the least text that a file must hold to be an article.
const minTextRunes = 40

// extractText turns a saved text into an article. The text is kept line for
// line, so that byte offsets stay those of the file; headline, outlet, byline and
// date are read out of it and left in place. The date is not looked for in the
// running text where dated is false, which takes most of the time.
func extractText(body []byte, known time.Time, dated bool) (tenor.Article, error) {
	a := tenor.Article{PageType: tenor.PageArticle, KnownAt: known}
	text, err := decodeText(body, "")
	if err != nil {
		return a, noArticle("%v", err)
	}
	a.Text = text
	if n := utf8.RuneCountInString(strings.TrimSpace(text)); n < minTextRunes {
		a.PageType = tenor.PageOther
		return a, noArticle("the text is too short (%d letters)", n)
	}
	h := readHeader(text)
	a.Title, a.Authors, a.Outlet, a.URL = h.title, h.authors, h.outlet, h.url
	latest := latestDate(known)
	if plausible(h.captured, latest) {
		a.Captured = h.captured
	}
	if plausible(h.published, latest) {
		a.Published = h.published
	} else if dated {
		a.Published = dateText(text, a.Captured, latest)
	}
	a.Forwarded, a.Translation = provenance(text)
	a.Language = guessLanguage(text)
	return a, nil
}

// header is what the lines above the body of a text say.
type header struct {
	title     string
	authors   []string
	outlet    string
	url       string
	published tenor.Date
	captured  tenor.Date
}

const (
	maxHeaderLines = 14
	maxTitleBytes  = 220
)

// readHeader reads the lines above the body: outlet, date, byline, banners and
// the headline, in any order.
func readHeader(text string) header {
	var h header
	lines := headerLines(text)
	for i, line := range lines {
		if h.readField(line) {
			continue
		}
		h.readDate(lines, i)
		if names, ok := bylineOf(line); ok && h.authors == nil {
			h.authors = names
		}
	}
	if !h.published.Known() {
		for line := range strings.Lines(text[:min(len(text), 8000)]) {
			if m, ok := datelineOf(strings.TrimSpace(line)); ok {
				h.published = m.date("header")
				break
			}
		}
	}
	if h.title == "" {
		h.title = titleLine(lines)
	}
	if h.outlet == "" && len(lines) > 1 && lines[0] != h.title {
		h.outlet = outletLine(lines[0], lines[1])
	}
	return h
}

// headerLines are the lines before the first that is running text, without blank
// ones. A text that begins with its body has none.
func headerLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text[:min(len(text), 8000)]) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if isBody(line) || len(lines) == maxHeaderLines {
			break
		}
		lines = append(lines, line)
	}
	return lines
}

// isBody: the line is running text: long, or more than one sentence, or one
// that ends as a sentence does and is longer than a banner.
func isBody(line string) bool {
	switch n := len(line); {
	case n > maxTitleBytes:
		return true
	case n < 70:
		return false
	case endsSentence(line), reportsSpeech(line):
		return true
	}
	return strings.Count(line, ". ") >= 2
}

// endsSentence: a full stop ends the line. One inside closing quotation marks
// may as well end a headline, unless that is very long.
func endsSentence(line string) bool {
	if bare := strings.TrimRight(line, "\"”’'"); len(line) > 130 && len(bare) < len(line) {
		line = bare
	}
	return strings.HasSuffix(line, ".") && !strings.HasSuffix(line, "...")
}

// readField reads "Title: …", "URL: …" and the like, as tools that save articles
// write them, and a Markdown heading.
func (h *header) readField(line string) bool {
	if title, ok := strings.CutPrefix(line, "# "); ok && h.title == "" {
		h.title = strings.TrimSpace(title)
		return true
	}
	key, value, ok := strings.Cut(line, ":")
	value = strings.Trim(strings.TrimSpace(value), `"`)
	if !ok || value == "" {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "title", "headline":
		h.title = value
	case "url", "link", "source url":
		h.url = pageAddress(value)
	case "outlet", "publisher", "site", "source":
		h.outlet = value
	case "author", "authors":
		h.authors = cleanAuthors([]string{value}, h.outlet)
	default:
		return false
	}
	return true
}

// readDate takes the date of line i. Beside the weather or "today" it is the day
// on which the page was captured; alone on its line, or beside "published" or a
// byline, it is the day of publication. "Updated" counts only where nothing better
// stands, and a date inside a headline not at all.
func (h *header) readDate(lines []string, i int) {
	mentions := findDates(lines[i])
	if len(mentions) == 0 {
		return
	}
	m := mentions[0]
	d := m.date("header")
	if !d.Known() {
		return
	}
	around := strings.ToLower(strings.Join(lines[max(0, i-2):min(len(lines), i+2)], "\n"))
	rest := strings.ToLower(lines[i][:m.start] + " " + lines[i][m.end:])
	switch {
	case isWeather(lines[max(0, i-3):min(len(lines), i+3)]), containsAny(around, "today"):
		if !h.captured.Known() {
			h.captured = dayDate(m.year, m.month, m.day, "header")
		}
	case containsAny(rest, "revised") && !containsAny(rest, "dated"):
		if !h.published.Known() {
			h.published = d
		}
	case len(words(rest)) <= 6 || containsAny(rest, "dated") && len(words(rest)) <= 12:
		if !h.published.Known() || containsAny(rest, "dated") {
			h.published = d
		}
	}
}

func containsAny(s, kind string) bool {
	for phrase := range headerRules[kind] {
		if strings.Contains(s, phrase) {
			return true
		}
	}
	return false
}

var headerRules = loadRules("data/headers.txt")
