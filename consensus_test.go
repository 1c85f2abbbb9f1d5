package tenor

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// said is a record of an invented analyst, in an article of its own unless the
// test puts it elsewhere.
func said(who string, day string, stance Stance, change ...func(*Record)) Record {
	d, err := ParseDay(day)
	if err != nil {
		panic(err)
	}
	text := fmt.Sprintf("%s on %s is %s", who, day, stance)
	r := Record{
		Quote: Quote{
			ID: digest(who, day, string(stance)), Speaker: who, SpeakerType: Analyst, Firm: who + " & Sons",
			Stance: stance, Claim: Forecast, Subject: "small-caps", Spans: []Span{{0, len(text)}},
		},
		Segments: []string{text}, ArticleKey: "https://ledger.example/" + who + day + string(stance),
		Outlet: "Ledger", Published: Date{d.Time(), PrecisionDay, "json-ld"}, KnownAt: d.Time(),
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func in(article string, at int) func(*Record) {
	return func(r *Record) {
		r.ArticleKey = article
		r.Spans = []Span{{at, at + len(r.Segments[0])}}
		r.ID = digest(r.ID, article)
	}
}

func over(h Horizon) func(*Record)                { return func(r *Record) { r.Horizon = h } }
func claim(c Claim) func(*Record)                 { return func(r *Record) { r.Claim = c } }
func speaking(as SpeakerType) func(*Record)       { return func(r *Record) { r.SpeakerType = as } }
func words(text string) func(*Record)             { return func(r *Record) { r.Segments = []string{text} } }
func series(records []Record, f Filter) *Timeline { FoldCopies(records); return Consensus(records, f) }

func day(s string) Day {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dayp(s string) *Day { d := day(s); return &d }

// commentary is a random but repeatable year of commentary by a dozen analysts.
func commentary(seed uint64) []Record {
	rng := rand.New(rand.NewPCG(seed, 1))
	var records []Record
	for range 120 {
		who := fmt.Sprintf("Analyst %c", 'A'+rng.IntN(12))
		d := day("2025-01-01") + Day(rng.IntN(300))
		stance := Stances()[rng.IntN(3)]
		r := said(who, d.String(), stance, claim([]Claim{Position, Forecast, Recap}[rng.IntN(3)]))
		r.ArticleKey = fmt.Sprintf("https://ledger.example/%d", d)
		r.ID = digest(r.ID, fmt.Sprint(len(records)))
		r.Segments[0] += fmt.Sprint(" ", len(records))
		r.Spans = []Span{{len(records) * 100, len(records)*100 + len(r.Segments[0])}}
		records = append(records, r)
	}
	return records
}

// figures are what of a point must not change when nothing new is said.
func figures(t *Timeline) []string {
	var list []string
	for _, p := range t.Points {
		list = append(list, fmt.Sprint(p.Day, p.Tally, p.Net, p.Low, p.High, p.Agreement, p.Disputed))
	}
	return list
}

func TestCopiesOfAnArticleChangeNothing(t *testing.T) {
	for seed := range uint64(20) {
		records := commentary(seed)
		before := figures(series(slices.Clone(records), Filter{}))
		copied := slices.Clone(records)
		for _, r := range records {
			if r.ArticleKey != records[0].ArticleKey {
				continue
			}
			for i := range 5 {
				c := r
				c.ArticleKey = fmt.Sprintf("https://copy%d.example/x", i)
				c.ID = digest(r.ID, c.ArticleKey)
				c.Published.Time = r.Published.Time.AddDate(0, 0, i)
				copied = append(copied, c)
			}
		}
		if after := figures(series(copied, Filter{})); !slices.Equal(before, after) {
			t.Errorf("seed %d: five copies of an article changed the series", seed)
		}
	}
}

func TestOrderOfCollectionDoesNotMatter(t *testing.T) {
	for seed := range uint64(20) {
		records := commentary(seed)
		before := series(slices.Clone(records), Filter{})
		rng := rand.New(rand.NewPCG(seed, 2))
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		after := series(records, Filter{})
		if !reflect.DeepEqual(before, after) {
			t.Errorf("seed %d: another order of collection gave another series", seed)
		}
	}
}

func TestFlippingEveryLabelNegatesNet(t *testing.T) {
	records := commentary(3)
	before := series(slices.Clone(records), Filter{})
	for i := range records {
		switch records[i].Stance {
		case Bullish:
			records[i].Stance = Fragile
		case Fragile:
			records[i].Stance = Bullish
		}
	}
	after := series(records, Filter{})
	for i, p := range before.Points {
		if q := after.Points[i]; p.Net != -q.Net || p.N() != q.N() {
			t.Fatalf("%s: net %v became %v", p.Day, p.Net, q.Net)
		}
	}
}

func TestNeutralVoiceMovesNetTowardZero(t *testing.T) {
	records := commentary(4)
	before := series(slices.Clone(records), Filter{})
	after := series(append(records, said("Quiet Newcomer", "2025-03-01", Neutral)), Filter{})
	for _, p := range before.Points {
		q := after.At(p.Day)
		if p.Number && q.N() > p.N() && abs(q.Net) > abs(p.Net) {
			t.Errorf("%s: a neutral voice moved net from %v to %v", p.Day, p.Net, q.Net)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }

func TestViewStandsThroughDayNAndNotLonger(t *testing.T) {
	for _, window := range []int{30, 60, 90, 180} {
		s := series([]Record{said("Ada Quill", "2025-01-10", Bullish)}, Filter{Window: window})
		spoken := day("2025-01-10")
		if n := s.At(spoken - 1).N(); n != 0 {
			t.Errorf("window %d: counted before it was said", window)
		}
		if n := s.At(spoken + Day(window)).N(); n != 1 {
			t.Errorf("window %d: %d voices on day %d, want 1", window, n, window)
		}
		if n := s.At(spoken + Day(window) + 1).N(); n != 0 {
			t.Errorf("window %d: still counted on day %d", window, window+1)
		}
	}
}

func TestPointCountsExactlyTheVoicesListed(t *testing.T) {
	for _, count := range []Count{CountVoices, CountQuotes, CountArticles} {
		s := series(commentary(5), Filter{Count: count})
		for _, p := range s.Points {
			listed := 0
			for _, v := range s.Standing(p.Day) {
				if !v.Disputed {
					listed++
				}
			}
			if listed != p.N() {
				t.Fatalf("%s by %s: the point counts %d, %d are listed", p.Day, count, p.N(), listed)
			}
		}
	}
}

func TestForgedCopiesMoveTheIndexByOneVoiceAtMost(t *testing.T) {
	records := commentary(6)
	before := series(slices.Clone(records), Filter{}).At(day("2025-06-01"))
	for i := range 1000 {
		records = append(records, said("Analyst A", "2025-05-30", Fragile, in(fmt.Sprintf("https://farm%d.example/", i), 0)))
	}
	after := series(records, Filter{}).At(day("2025-06-01"))
	moved := max(after.Bullish-before.Bullish, before.Bullish-after.Bullish,
		after.Fragile-before.Fragile, before.Fragile-after.Fragile)
	if moved > 1 || after.N()-before.N() > 1 {
		t.Errorf("a thousand forged articles moved %v to %v", before.Tally, after.Tally)
	}
}

func TestSeriesAsOfADayIgnoresWhatWasCollectedLater(t *testing.T) {
	records := commentary(7)
	asof := Filter{AsOf: dayp("2025-06-30")}
	before := figures(series(slices.Clone(records), asof))
	late := said("Late Find", "2025-02-01", Fragile)
	late.KnownAt = day("2025-12-01").Time()
	// An earlier printing of words already known, found later: today it is the
	// first of its cluster, but it was not known then.
	earlierCopy := records[0]
	earlierCopy.ID, earlierCopy.ArticleKey = digest("earlier"), "https://archive.example/1"
	earlierCopy.Published.Time = earlierCopy.Published.Time.AddDate(0, 0, -5)
	earlierCopy.KnownAt = late.KnownAt
	if after := figures(series(append(records, late, earlierCopy), asof)); !slices.Equal(before, after) {
		t.Error("what was collected in December changed the series as of June")
	}
}

func TestEpisode(t *testing.T) {
	const who = "Ada Quill"
	tests := map[string]struct {
		records []Record
		stance  Stance
		split   bool
	}{
		"a position beats a forecast after it": {[]Record{
			said(who, "2025-01-10", Fragile, in("a", 0), claim(Position)),
			said(who, "2025-01-10", Bullish, in("a", 500), claim(Forecast))}, Fragile, false},
		"a forecast beats a recap": {[]Record{
			said(who, "2025-01-10", Bullish, in("a", 0), claim(Forecast)),
			said(who, "2025-01-10", Fragile, in("a", 500), claim(Recap))}, Bullish, false},
		"among equals the last in the article": {[]Record{
			said(who, "2025-01-10", Fragile, in("a", 500)),
			said(who, "2025-01-10", Bullish, in("a", 0))}, Fragile, false},
		"articles that disagree make a split": {[]Record{
			said(who, "2025-01-10", Fragile, in("a", 0)),
			said(who, "2025-01-11", Bullish, in("b", 0))}, Neutral, true},
		"up near term, not over twelve months": {[]Record{
			said(who, "2025-01-10", Bullish, in("a", 0), over(HorizonNear)),
			said(who, "2025-01-10", Fragile, in("a", 45), over(HorizonYear))}, Neutral, true},
		"two horizons pages apart": {[]Record{
			said(who, "2025-01-10", Bullish, in("a", 0), over(HorizonNear)),
			said(who, "2025-01-10", Fragile, in("a", 900), over(HorizonYear))}, Fragile, false},
		"four days later is a new episode": {[]Record{
			said(who, "2025-01-10", Fragile, in("a", 0)),
			said(who, "2025-01-14", Bullish, in("b", 0))}, Bullish, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			views := series(test.records, Filter{}).Standing(day("2025-01-20"))
			if len(views) != 1 || views[0].Stance != test.stance || views[0].Split != test.split {
				t.Errorf("got %+v, want one view %s, split %v", views, test.stance, test.split)
			}
		})
	}
}

func TestViewKnowsNothingOfTomorrow(t *testing.T) {
	s := series([]Record{
		said("Ada Quill", "2025-01-10", Fragile, in("a", 0)),
		said("Ada Quill", "2025-01-11", Bullish, in("b", 0), claim(Position)),
	}, Filter{})
	if got := s.At(day("2025-01-10")).Tally; got != (Tally{Fragile: 1}) {
		t.Errorf("on the first day the tally is %v: it looks ahead", got)
	}
	if got := s.At(day("2025-01-11")).Tally; got != (Tally{Bullish: 1}) {
		t.Errorf("on the second day the tally is %v", got)
	}
}

func TestWhoCounts(t *testing.T) {
	records := []Record{
		said("Ada Quill", "2025-01-10", Bullish),
		said("Governor Stone", "2025-01-10", Fragile, speaking(Official)),
		said("Chief Baker", "2025-01-10", Fragile, speaking(Executive)),
		said("Reporter Finch", "2025-01-10", Fragile, speaking(Other)),
		said("Ada Quill & Sons", "2025-01-10", Fragile, speaking(Institution)),
		said("Nobody's Bank", "2025-01-10", Fragile, speaking(Institution)),
	}
	on := day("2025-01-10")
	if got := series(records, Filter{}).At(on).Tally; got != (Tally{Bullish: 1}) {
		t.Errorf("by default %v count, want the analyst only", got)
	}
	both := Filter{SpeakerTypes: []SpeakerType{Analyst, Institution}}
	if got := series(records, both).At(on).Tally; got != (Tally{Bullish: 1, Fragile: 1}) {
		t.Errorf("with institutions %v count: a firm speaks only where none of its people does", got)
	}
	if got := series(records, Filter{SpeakerTypes: []SpeakerType{Official}}).At(on).N(); got != 0 {
		t.Errorf("%d officials count", got)
	}
}

func TestFewVoicesHaveNoNumberAndGapsStay(t *testing.T) {
	s := series([]Record{
		said("Ada Quill", "2025-01-10", Bullish), said("Bo Reed", "2025-01-10", Bullish),
		said("Cy Marsh", "2025-01-12", Fragile), said("Ada Quill", "2025-12-01", Bullish),
	}, Filter{})
	if p := s.At(day("2025-01-11")); p.Number || p.N() != 2 {
		t.Errorf("two voices show a net: %+v", p)
	}
	if p := s.At(day("2025-01-12")); !p.Number || !p.Hollow {
		t.Errorf("three voices are not a hollow number: %+v", p)
	}
	if p := s.At(day("2025-08-01")); p.Number || p.N() != 0 || p.Net != 0 {
		t.Errorf("the gap is not empty: %+v", p)
	}
	if got, want := len(s.Points), int(day("2025-12-01")+DefaultWindow-day("2025-01-10"))+1; got != want {
		t.Errorf("%d points, want a row a day: %d", got, want)
	}
}

func TestContradictingCopiesLeaveTheCount(t *testing.T) {
	lost := words("The rally will not last beyond the spring")
	records := []Record{
		said("Ada Quill", "2025-01-10", Fragile, in("https://a.example", 0), lost),
		said("Ada Quill", "2025-01-10", Bullish, in("https://b.example", 0), lost),
		said("Bo Reed", "2025-01-10", Bullish), said("Cy Marsh", "2025-01-10", Bullish),
	}
	p := series(records, Filter{}).At(day("2025-01-12"))
	if p.Disputed != 1 || p.Tally != (Tally{Bullish: 2}) {
		t.Fatalf("got %+v, want one disputed voice beside two", p)
	}
	if low, high := p.DisputedNet(); low >= high {
		t.Errorf("bounds are %v and %v", low, high)
	}
}

func TestCountingSwitch(t *testing.T) {
	var records []Record
	for i := range 4 {
		records = append(records, said("Ada Quill", "2025-01-10", Bullish, in(fmt.Sprintf("https://copy%d.example", i), 0)))
	}
	records = append(records, said("Ada Quill", "2025-01-10", Fragile, in("https://copy0.example", 500)))
	for count, want := range map[Count]Tally{
		CountVoices: {Fragile: 1}, CountQuotes: {Bullish: 4, Fragile: 1}, CountArticles: {Bullish: 3, Fragile: 1},
	} {
		if got := series(slices.Clone(records), Filter{Count: count}).At(day("2025-01-10")).Tally; got != want {
			t.Errorf("counting %s gives %v, want %v", count, got, want)
		}
	}
}

func TestUndatedQuotesNeverEnter(t *testing.T) {
	vague := said("Ada Quill", "2025-01-10", Bullish)
	vague.Published.Precision = PrecisionYear
	s := series([]Record{vague}, Filter{})
	if len(s.Points) != 0 || s.Undated != 1 {
		t.Errorf("%d points and %d undated, want none and 1", len(s.Points), s.Undated)
	}
}

func TestSeriesCanBeCutAtToday(t *testing.T) {
	for today, want := range map[string]int{"2025-01-09": 0, "2025-01-10": 1, "2025-01-20": 11, "2026-01-01": DefaultWindow + 1} {
		s := series([]Record{said("Ada Quill", "2025-01-10", Bullish)}, Filter{})
		if s.Until(day(today)); len(s.Points) != want {
			t.Errorf("cut at %s there are %d points, want %d", today, len(s.Points), want)
		}
	}
}

func TestMonthEntersOnItsLastDay(t *testing.T) {
	d := Date{time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), PrecisionMonth, "text"}
	if got, ok := d.Day(Market); !ok || got.String() != "2024-02-29" {
		t.Errorf("February 2024 enters on %s", got)
	}
}

func TestTimelineCSV(t *testing.T) {
	s := series([]Record{
		said("Ada Quill", "2025-01-10", Bullish), said("Bo Reed", "2025-01-11", Bullish),
		said("Cy Marsh", "2025-01-11", Fragile),
	}, Filter{To: dayp("2025-01-11")})
	var b strings.Builder
	if err := WriteTimelineCSV(&b, s.Points); err != nil {
		t.Fatal(err)
	}
	want := `date,voices,bullish,neutral,fragile,net,low,high,agreement,disputed,quotes,articles
2025-01-10,1,1,0,0,,,,,0,1,1
2025-01-11,3,2,0,1,33.3,-42.0,86.5,0.08,0,3,3
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
