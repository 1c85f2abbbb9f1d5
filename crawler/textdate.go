package crawler

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tenor"
)

// Dating a text by what it says. Every hint ("yesterday, September 17", "June
// inflation data", "the first cut since 2020") makes some days likelier than
// others; together they leave one day, one month, one year, or nothing certain.
// A hint may be misread, so none rules a day out: each has a doubt, the share of
// such hints that mean something else, which could then be any day.

// How much of the likelihood a day, two days on end, a month or a year must hold
// to be the answer.
const (
	sureDay   = 0.60
	surePair  = 0.72
	sureMonth = 0.72
	sureYear  = 0.90
)

// maxDatedBytes bounds the text that is read for hints; what dates a story stands early.
const maxDatedBytes = 24 << 10

// dateText is when a text was written, as far as its own words tell: source
// "text", the zero Date when they do not settle even the year. captured, when
// known, and latest are days by which it was written.
func dateText(text string, captured tenor.Date, latest time.Time) tenor.Date {
	last := tenor.DayOf(latest)
	if captured.Known() {
		last = min(last, tenor.DayOf(captured.Time))
	}
	d := newDating(tenor.DayOf(earliestDate), last)
	if d == nil {
		return tenor.Date{}
	}
	body := datedBody(text)
	d.fed = strictFed.MatchString(body)
	d.eras(body)
	d.dateline(body)
	for _, s := range sentences(body) {
		d.sentence(s)
	}
	d.bounds()
	return d.answer()
}

// fitToText reconciles the date that a page states with what its text says. A
// page without one, or with a bare year, gets the text's. A stated date stands, unless the text tells
// of days after it as past: then the page has taken on an older one's date, and
// the text's own is used where it is known.
func fitToText(stated tenor.Date, text string, latest time.Time) tenor.Date {
	if !stated.Known() || stated.Precision == tenor.PrecisionYear {
		if d := dateText(text, tenor.Date{}, latest); d.Known() {
			return d
		}
		return stated
	}
	if !tellsOfLater(text, tenor.DayOf(stated.Time)) {
		return stated
	}
	if d := dateText(text, tenor.Date{}, latest); d.Known() && d.Precision != tenor.PrecisionYear && d.Time.After(stated.Time) {
		return d
	}
	return stated
}

// tellsOfLater: the text names a day, with its year, that lies more than two days
// after the given one, and speaks of it as past.
func tellsOfLater(text string, day tenor.Day) bool {
	for _, s := range sentences(datedBody(text)) {
		if !strings.Contains(s, "19") && !strings.Contains(s, "20") || !bareYear.MatchString(s) {
			continue
		}
		for _, m := range findDates(s) {
			if m.year == 0 || futureCue.MatchString(s) || !pastCue.MatchString(s) {
				continue
			}
			if tenor.DayOf(time.Date(m.year, m.month, m.day, 0, 0, 0, 0, time.UTC)) > day+2 {
				return true
			}
		}
	}
	return false
}

// dating weighs the days from first on.
type dating struct {
	first tenor.Day
	logs  []float64 // of each day's likelihood
	seen  map[string]bool
	fed   bool // the text names the Federal Reserve, so its policy makers are the Fed's
	// past collects the days that the text speaks of as past, with their year.
	past   []tenor.Day
	recent tenor.Day // the latest of them that is told as news, not as a yardstick
}

func newDating(first, last tenor.Day) *dating {
	if last < first {
		return nil
	}
	return &dating{first: first, logs: make([]float64, last-first+1), seen: map[string]bool{}}
}

// step gives a weight to the days from..to, counted from an anchor.
type step struct {
	from, to int
	weight   float64
}

// anchor is a day that a hint may refer to, and how well it fits, 0 to 1.
type anchor struct {
	day tenor.Day
	fit float64
}

// hint weighs all days: by the best step of any anchor, and elsewhere by the
// doubt, spread over all days. The same hint given again, as a text repeats
// itself, counts once.
func (d *dating) hint(doubt float64, anchors []anchor, steps []step) {
	key := fmt.Sprint(doubt, anchors, steps)
	if len(anchors) == 0 || d.seen[key] {
		return
	}
	d.seen[key] = true
	weights := make([]float64, len(d.logs))
	for _, a := range anchors {
		at := int(a.day - d.first)
		for _, s := range steps {
			for i := max(at+s.from, 0); i <= min(at+s.to, len(weights)-1); i++ {
				weights[i] = max(weights[i], s.weight*a.fit)
			}
		}
	}
	mean := 0.0
	for _, w := range weights {
		mean += w / float64(len(weights))
	}
	if mean == 0 {
		return
	}
	for i, w := range weights {
		d.logs[i] += math.Log(max(w, doubt*mean))
	}
}

// on is the anchors of one day.
func on(day tenor.Day) []anchor { return []anchor{{day, 1}} }

// bounds uses the days that the text speaks of as past: it was written after
// them, and more often than not soon after the latest that it tells of for its
// own sake. "The best since March 2009" says nothing of how long ago that was.
func (d *dating) bounds() {
	for _, day := range d.past {
		d.hint(0.15, on(day), []step{{0, len(d.logs), 1}})
	}
	if d.recent > d.first {
		d.hint(0.3, on(d.recent), []step{{0, 200, 1}, {201, 500, 0.6}, {501, 1000, 0.3}, {1001, len(d.logs), 0.15}})
	}
}

// answer is the finest date whose likelihood suffices. Of two days on end between
// which the text does not decide ("as of Monday" is written on Monday or Tuesday)
// the later is taken: by then the words had been said.
func (d *dating) answer() tenor.Date {
	if len(d.seen) == 0 {
		return tenor.Date{}
	}
	top := math.Inf(-1)
	for _, l := range d.logs {
		top = max(top, l)
	}
	var total, before, bestDay, bestPair, bestMonth, bestYear float64
	var day, later, month, year time.Time
	months, years := map[time.Time]float64{}, map[int]float64{}
	for i, l := range d.logs {
		p := math.Exp(l - top)
		t := (d.first + tenor.Day(i)).Time()
		m := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		total += p
		months[m] += p
		years[t.Year()] += p
		if p > bestDay {
			bestDay, day = p, t
		}
		if p+before > bestPair {
			bestPair, later = p+before, t
		}
		before = p
		if months[m] > bestMonth {
			bestMonth, month = months[m], m
		}
		if years[t.Year()] > bestYear {
			bestYear, year = years[t.Year()], time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	switch {
	case bestDay >= sureDay*total:
		return tenor.Date{Time: day, Precision: tenor.PrecisionDay, Source: "text"}
	case bestPair >= surePair*total:
		return tenor.Date{Time: later, Precision: tenor.PrecisionDay, Source: "text"}
	case bestMonth >= sureMonth*total:
		return tenor.Date{Time: month, Precision: tenor.PrecisionMonth, Source: "text"}
	case bestYear >= sureYear*total:
		return tenor.Date{Time: year, Precision: tenor.PrecisionYear, Source: "text"}
	}
	return tenor.Date{}
}

// datedBody is the part of the text that the story itself fills: without the
// lines of its header, which hold the capture date and the weather, and without
// what follows "Latest stories" and the like, which is of another day.
func datedBody(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), maxDatedBytes)], "")
	var kept []string
	header := len(headerLines(text))
	seen, size := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if seen++; seen <= header && len(findDates(line)) > 0 {
			continue
		}
		if size > 400 && headerRules.has("tail", strings.Trim(strings.ToLower(line), " :.")) {
			break
		}
		size += len(line)
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// sentences splits text roughly; abbreviations such as "Sept." and "U.S." do not
// end a sentence.
func sentences(text string) []string {
	var list []string
	start := 0
	for i := 0; i < len(text); i++ {
		end := text[i] == '\n'
		if (text[i] == '.' || text[i] == '!' || text[i] == '?') && i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '"') {
			end = text[i] != '.' || !isAbbreviation(text[start:i])
		}
		if end || i-start > 1200 {
			if s := strings.TrimSpace(text[start : i+1]); s != "" {
				list = append(list, strings.ToValidUTF8(s, ""))
			}
			start = i + 1
		}
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		list = append(list, s)
	}
	return list
}

func isAbbreviation(before string) bool {
	word := before[strings.LastIndexAny(before, " (\"“")+1:]
	if len(word) == 1 || strings.Contains(word, ".") {
		return true
	}
	w := strings.ToLower(word)
	if _, ok := months[w[:min(len(w), 3)]]; ok && len(w) <= 4 {
		return true
	}
	switch w {
	case "mr", "ms", "mrs", "dr", "inc", "corp", "co", "ltd", "vs", "st", "no":
		return true
	}
	return false
}
