package tenor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// A point has the figures of the views that stand on its day, whoever speaks for whom,
// in whatever order and however late they were said.
func TestPointIsTheSumOfItsViews(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		records := commentary(seed)
		for i := range records {
			q := &records[i]
			q.Firm = []string{"", "House One", "House One LLC", "Two"}[r.IntN(4)]
			if r.IntN(4) == 0 {
				q.SpeakerType, q.Speaker, q.Firm = Institution, []string{"House One", "Two", "Three"}[r.IntN(3)], ""
			}
			if r.IntN(3) == 0 { // the words of another, in another article
				other := records[r.IntN(i+1)]
				q.Segments, q.Spans, q.Speaker, q.SpeakerType, q.Firm = other.Segments, other.Spans, other.Speaker, other.SpeakerType, other.Firm
			}
		}
		f := Filter{
			Count:        []Count{CountVoices, CountQuotes, CountArticles}[seed%3],
			Window:       []int{0, 3, 30}[r.IntN(3)],
			SpeakerTypes: []SpeakerType{Analyst, Institution},
		}
		if r.IntN(3) == 0 {
			f.From, f.To = dayp("2025-03-01"), dayp("2025-12-31")
		}
		if r.IntN(4) == 0 {
			f.Stances = []Stance{Bullish, Fragile}
		}
		line := series(records, f)
		lean := newBallot((&Timeline{Filter: f}).choose(records), nil).Series(f)
		for _, p := range line.Points {
			if p.Day%7 == 0 {
				latestStanding(t, lean, p.Day, int(p.Day)%4)
			}
			var sum Point
			articles := map[string]bool{}
			for _, v := range line.Standing(p.Day) {
				if v.Disputed {
					sum.Disputed++
				} else {
					sum.Tally.Add(v.Stance, 1)
				}
				for _, q := range v.Quotes {
					sum.Quotes++
					articles[q.ArticleKey] = true
				}
			}
			got := fmt.Sprint(p.Tally, p.Disputed, p.Quotes, p.Articles)
			if want := fmt.Sprint(sum.Tally, sum.Disputed, sum.Quotes, len(articles)); got != want {
				t.Fatalf("seed %d, %s: the point has %s, its views %s", seed, p.Day, got, want)
			}
		}
	}
}

// latestStanding holds LatestStanding of a day against Standing.
func latestStanding(t *testing.T, line *Timeline, d Day, n int) {
	t.Helper()
	counted, disputed, more := line.LatestStanding(d, n)
	all := line.Standing(d)
	of, total, apart := map[Stance][]View{}, 0, 0
	for _, v := range all {
		if v.Disputed {
			apart++
		} else {
			of[v.Stance] = append(of[v.Stance], v)
			total++
		}
	}
	var want []string
	for _, stance := range Stances() {
		slices.SortStableFunc(of[stance], func(a, b View) int { return int(b.Published - a.Published) })
		if total > n {
			of[stance] = of[stance][:min(n, len(of[stance]))]
		}
		for _, v := range of[stance] {
			want = append(want, v.Quote.ID)
		}
	}
	var ids []string
	for _, v := range counted {
		ids = append(ids, v.Quote.ID)
	}
	if !slices.Equal(ids, want) || more != total-len(want) || len(disputed) != apart {
		t.Errorf("%s: the latest %d of each stance are %v and %d more, %d disputed; want %v and %d, %d", d, n, ids, more, len(disputed), want, total-len(want), apart)
	}
}

// The series of a ballot is that of the records it was made from, and gives the same
// views: all, those of a day, the latest.
func TestBallotAnswersAsRecords(t *testing.T) {
	records := commentary(11)
	for i := range records {
		if i%3 == 1 {
			records[i].Segments = records[i-1].Segments
			records[i].Speaker = records[i-1].Speaker
		}
	}
	want := series(records, Filter{})
	pointers := make([]*Record, len(records))
	for i := range records {
		pointers[i] = &records[i]
	}
	got := newBallot(pointers, nil).Series(Filter{})
	same := func(what string, a, b []View) {
		t.Helper()
		if !slices.EqualFunc(a, b, func(a, b View) bool {
			return slices.Equal(a.Quotes, b.Quotes) && a.Quote == b.Quote && a.Stance == b.Stance && a.Published == b.Published && a.until == b.until && a.Voice == b.Voice
		}) {
			t.Errorf("%s: %d views, want %d others", what, len(a), len(b))
		}
	}
	if !slices.Equal(got.Points, want.Points) || len(want.Points) == 0 {
		t.Errorf("%d points, want %d", len(got.Points), len(want.Points))
	}
	same("all", got.Views(), want.Views())
	for d := day("2025-01-01"); d < day("2026-02-01"); d += 5 {
		same(d.String(), got.Standing(d), want.Standing(d))
		for _, n := range []int{0, 1, 3, 1000} {
			latestStanding(t, got, d, n)
			latestStanding(t, want, d, n)
			a, moreA := got.Latest(d, d+30, n)
			b, moreB := want.Latest(d, d+30, n)
			same(fmt.Sprint("latest from ", d), a, b)
			if moreA != moreB || len(b) == 1000 {
				t.Errorf("%s: %d more, want %d", d, moreA, moreB)
			}
		}
	}
}
