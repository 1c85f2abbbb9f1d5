package tenor

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Timeline is the consensus day by day, with the views behind each day.
type Timeline struct {
	Filter  Filter
	Points  []Point // one a day, without holes; empty when no view ever stood
	Undated int     // quotes that would have counted but have no day

	views []View // by day of publication; nil where lean has them
	lean  views
}

// Point is one day of the consensus.
type Point struct {
	Day   Day
	Tally // of the voices that count
	// Number says whether there are enough votes for Net, Low, High and
	// Agreement to be shown. Where it is false they are zero and mean nothing.
	Number         bool
	Hollow         bool // so few votes that the net is drawn as a hollow marker
	Net, Low, High float64
	Agreement      float64
	Disputed       int // voices left out because copies of their words contradict each other
	Quotes         int // behind the views, copies included
	Articles       int // that carried them
}

// DisputedNet is between which values the net would lie if the disputed voices
// counted.
func (p Point) DisputedNet() (low, high float64) {
	worst, best := p.Tally, p.Tally
	worst.Fragile += p.Disputed
	best.Bullish += p.Disputed
	return worst.Net(), best.Net()
}

// Standing are the views behind the point of a day, disputed ones last: those
// that are not disputed are exactly the votes that the point counts.
func (t *Timeline) Standing(d Day) []View { return t.standing(d, true) }

// standing is Standing; not whole, a view may have of its quotes only the one that decided.
func (t *Timeline) standing(d Day, whole bool) []View {
	standing := t.lean.made(t.lean.standing(d), whole)
	for i := range t.views {
		if t.views[i].stands(d) {
			standing = append(standing, t.views[i])
		}
	}
	return settle(standing, t.Filter.Houses)
}

// LatestStanding are the views behind the point of a day as a page lists them: the votes by
// stance, the latest first, of each stance at most n where there are more than n in all, and
// more says how many that leaves out; and the disputed. Of a million quotes some thousands
// stand on a day, and a page need not wait until all are made.
func (t *Timeline) LatestStanding(d Day, n int) (counted, disputed []View, more int) {
	var total int
	if t.views == nil {
		counted, disputed, total = t.lean.latestStanding(d, n)
	} else {
		for _, v := range t.Standing(d) {
			if v.Disputed {
				disputed = append(disputed, v)
			} else {
				counted = append(counted, v)
			}
		}
		total = len(counted)
	}
	slices.SortStableFunc(counted, func(a, b View) int {
		return cmp.Or(cmp.Compare(slices.Index(Stances(), a.Stance), slices.Index(Stances(), b.Stance)), cmp.Compare(b.Published, a.Published))
	})
	if total <= n {
		return counted, disputed, 0
	}
	listed := counted[:0]
	of := map[Stance]int{}
	for _, v := range counted {
		if of[v.Stance]++; of[v.Stance] <= n {
			listed = append(listed, v)
		}
	}
	return listed, disputed, total - len(listed)
}

// Views are all views of the series, by day of publication, disputed ones too.
// They belong to the timeline: callers must not change them. Of a store with a million
// quotes they are hundreds of thousands: Latest gives some.
func (t *Timeline) Views() []View {
	if t.views == nil {
		return t.lean.full(t.lean.list)
	}
	return t.views
}

// Latest are the latest n views that were published between two days, both included, in
// order; more says how many there are besides.
func (t *Timeline) Latest(first, last Day, n int) (latest []View, more int) {
	if t.views == nil {
		return t.lean.latest(first, last, n)
	}
	from, _ := slices.BinarySearchFunc(t.views, first, byPublished)
	to, _ := slices.BinarySearchFunc(t.views, last+1, byPublished)
	to = max(from, to)
	cut := max(from, to-n)
	return t.views[cut:to], cut - from
}

func byPublished(v View, d Day) int { return cmp.Compare(v.Published, d) }

// settle drops institutions for which a person of the firm speaks, and puts
// disputed views last.
func settle(standing []View, houses map[string]string) []View {
	if slices.ContainsFunc(standing, func(v View) bool { return v.SpeakerType == Institution }) {
		house := func(firm string) string {
			key := FirmKey(firm)
			return cmp.Or(houses[key], key)
		}
		people := map[string]bool{}
		for i := range standing {
			if v := &standing[i]; v.SpeakerType != Institution && v.Firm != "" {
				people[house(v.Firm)] = true
			}
		}
		standing = slices.DeleteFunc(standing, func(v View) bool {
			return v.SpeakerType == Institution && people[house(v.Speaker)]
		})
	}
	slices.SortStableFunc(standing, func(a, b View) int {
		switch {
		case a.Disputed == b.Disputed:
			return 0
		case a.Disputed:
			return 1
		}
		return -1
	})
	return standing
}

// At is the point of a day, or an empty one outside the series.
func (t *Timeline) At(d Day) Point {
	if len(t.Points) > 0 {
		if i := int(d - t.Points[0].Day); i >= 0 && i < len(t.Points) {
			return t.Points[i]
		}
	}
	return Point{Day: d}
}

// Until drops the points after a day: that a view will still stand tomorrow is a
// guess.
func (t *Timeline) Until(d Day) {
	if n := len(t.Points); n > 0 && t.Points[n-1].Day > d {
		t.Points = t.Points[:max(0, int(d-t.Points[0].Day)+1)]
	}
}

// timelineColumns are the columns of a series, in the order that scripts rely on.
var timelineColumns = []string{
	"date", "voices", "bullish", "neutral", "fragile", "net", "low", "high", "agreement",
	"disputed", "quotes", "articles",
}

// WriteTimelineCSV writes points as CSV, one row a day under a row of names. Net,
// low, high and agreement are empty where too few voices stand for a number.
func WriteTimelineCSV(w io.Writer, points []Point) error {
	buffered := bufio.NewWriter(w)
	out := csv.NewWriter(buffered)
	out.Write(timelineColumns)
	for _, p := range points {
		number := func(x float64, digits int) string {
			if !p.Number {
				return ""
			}
			return strconv.FormatFloat(x, 'f', digits, 64)
		}
		out.Write([]string{
			p.Day.String(), strconv.Itoa(p.N()), strconv.Itoa(p.Bullish), strconv.Itoa(p.Neutral),
			strconv.Itoa(p.Fragile), number(p.Net, 1), number(p.Low, 1), number(p.High, 1),
			number(p.Agreement, 2), strconv.Itoa(p.Disputed), strconv.Itoa(p.Quotes), strconv.Itoa(p.Articles),
		})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	return buffered.Flush()
}

// MarshalJSON writes the point under the names of the CSV's columns; net, low,
// high and agreement are null where too few voices stand for a number.
func (p Point) MarshalJSON() ([]byte, error) {
	number := func(x float64) *float64 {
		if !p.Number {
			return nil
		}
		return &x
	}
	return json.Marshal(struct {
		Date      string   `json:"date"`
		Voices    int      `json:"voices"`
		Bullish   int      `json:"bullish"`
		Neutral   int      `json:"neutral"`
		Fragile   int      `json:"fragile"`
		Net       *float64 `json:"net"`
		Low       *float64 `json:"low"`
		High      *float64 `json:"high"`
		Agreement *float64 `json:"agreement"`
		Disputed  int      `json:"disputed"`
		Quotes    int      `json:"quotes"`
		Articles  int      `json:"articles"`
	}{
		p.Day.String(), p.N(), p.Bullish, p.Neutral, p.Fragile, number(p.Net), number(p.Low),
		number(p.High), number(p.Agreement), p.Disputed, p.Quotes, p.Articles,
	})
}
