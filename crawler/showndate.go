package crawler

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"tenor"
)

// How many blocks before and after the headline a date line may stand, and how much
// else it may say.
const (
	maxBlocksAbove = 3
	maxBlocksBelow = 12
	maxDateLine    = 160
	maxBesideDate  = 10 // words
)

// shownDate is the date in a line at the headline, for readers of the page's
// language: "11 mars 2025 à 10h00", "Published 11/03/2025". Of several the first that
// is not said to be of a change; one of a change where there is no other.
func shownDate(doc *goquery.Document, headline string, latest time.Time) tenor.Date {
	blocks := blocksOf(doc.Get(0))
	at := slices.IndexFunc(blocks, func(b block) bool { return b.text == headline })
	if at < 0 || headline == "" {
		return tenor.Date{}
	}
	near := slices.Clone(blocks[at+1 : min(at+1+maxBlocksBelow, len(blocks))])
	above := slices.Clone(blocks[max(0, at-maxBlocksAbove):at])
	slices.Reverse(above)
	tag := localeTag(doc)
	if tag == "" {
		var text strings.Builder
		for _, b := range near {
			text.WriteString(b.text + "\n")
		}
		tag = guessLanguage(text.String())
	}
	traits := traitReader{own: map[*html.Node]trait{}, under: map[*html.Node]trait{}}
	lines := slices.DeleteFunc(append(near, above...), func(b block) bool {
		lower := strings.ToLower(b.text)
		return len(b.text) > maxDateLine || b.linked*2 > len(b.text) || traits.within(b.node)&besideText != 0 ||
			containsAny(lower, "today") || containsAny(lower, "weather")
	})
	var change tenor.Date
	// Captions end in a date too, so a line that says little else comes first.
	for _, beside := range []int{maxBesideDate / 2, maxBesideDate} {
		for _, b := range lines {
			list := readDates(b.text, tag)
			if len(list) == 0 || besideDates(b.text, list) > beside {
				continue
			}
			end := 0
			for _, m := range list {
				d := m.date("header")
				changed := containsAny(strings.ToLower(b.text[end:m.start]), "revised")
				end = m.end
				switch {
				case !plausible(d, latest):
				case !changed:
					return d
				case !change.Known():
					change = d
				}
			}
		}
	}
	return change
}

// besideDates counts the words of a line outside of its dates.
func besideDates(text string, list []dateMention) (n int) {
	end := 0
	for _, m := range list {
		n += len(words(text[end:m.start]))
		end = m.end
	}
	return n + len(words(text[end:]))
}

var (
	dayMonthYear = regexp.MustCompile(`(?:^|[^\d.,/-])(\d{1,2})(?:\.|er|º|ª|-)?\s*(?:de\s+|di\s+)?(\p{L}[\p{L}\p{M}]{2,})\.?,?\s+(?:de\s+|del\s+)?((?:19|20)\d\d)`)
	yearMonthDay = regexp.MustCompile(`((?:19|20)\d\d)\.?\s+(\p{L}{3,})\.?\s+(\d{1,2})`)
	hangulDate   = regexp.MustCompile(`((?:19|20)\d\d)년\s*(\d{1,2})월\s*(\d{1,2})일`)
	slashedDate  = regexp.MustCompile(`(?:^|[^\d./-])(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d\d)(?:$|[^\d./-])`)
)

// readDates lists the dates with a year in a line of a page in the language tag.
// 03/04/2025 is the fourth of March in American pages only.
func readDates(text, tag string) (list []dateMention) {
	add := func(form *regexp.Regexp, year, month, day int) {
		for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
			group := func(i int) string { return text[at[2*i]:at[2*i+1]] }
			m := dateMention{start: at[2], end: at[7], month: monthNamed(group(month))}
			m.year, _ = strconv.Atoi(group(year))
			m.day, _ = strconv.Atoi(group(day))
			t := time.Date(m.year, m.month, m.day, 0, 0, 0, 0, time.UTC)
			if m.month >= 1 && m.month <= 12 && t.Day() == m.day && !overlaps(list, m) {
				list = append(list, m)
			}
		}
	}
	add(dayMonthYear, 3, 2, 1)
	add(yearMonthDay, 1, 2, 3)
	add(hangulDate, 1, 2, 3)
	if !monthFirst(tag) {
		add(slashedDate, 3, 2, 1)
	}
	for _, m := range findDates(text) {
		if m.year > 0 && !overlaps(list, m) {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b dateMention) int { return a.start - b.start })
	return list
}

// localeTag is the language of a page with its country, in lower case: "en-gb".
func localeTag(doc *goquery.Document) string {
	return strings.ReplaceAll(strings.ToLower(firstOf(attr(doc, "html", "lang"), metaContent(doc, "og:locale"))), "_", "-")
}

// monthFirst: pages with this tag may write the month before the day.
func monthFirst(tag string) bool {
	return tag == "" || tag == "en" || strings.HasSuffix(tag, "-us")
}

var monthNames = loadRules("data/months.txt")

// monthNamed is the month of a number or of a name, or its beginning, in any of the
// languages of data/months.txt; 0 for none, or several.
func monthNamed(s string) (month time.Month) {
	if n, err := strconv.Atoi(s); err == nil {
		return time.Month(n)
	}
	s = strings.ToLower(s)
	short := utf8.RuneCountInString(s) >= 3
	for number, names := range monthNames {
		n, _ := strconv.Atoi(number)
		if names[s] {
			return time.Month(n)
		}
		for name := range names {
			if short && strings.HasPrefix(name, s) {
				if month != 0 && month != time.Month(n) {
					short = false
				}
				month = time.Month(n)
			}
		}
	}
	if !short {
		return 0
	}
	return month
}
