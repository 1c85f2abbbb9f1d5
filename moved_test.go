package tenor

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// viewsOf are records of random people, of whom some speak again and some contradict
// copies of their own words.
func viewsOf(r *rand.Rand) []Record {
	var records []Record
	for i := range 4 + r.IntN(40) {
		day := 10 + r.IntN(300)
		published, _ := ParseDate(DayOf(DayOf(known2025).Time().AddDate(0, 0, day)).String(), "x")
		who := r.IntN(12)
		q := Quote{
			ID: fmt.Sprint("q", i), Speaker: fmt.Sprintf("Person %c", 'A'+who), SpeakerType: Analyst,
			Stance: Stances()[r.IntN(3)], Claim: Forecast, Subject: "bonds",
		}
		if r.IntN(8) == 0 {
			q.SpeakerType, q.Speaker, q.Firm = Institution, "Quill Bank", ""
		} else if r.IntN(3) == 0 {
			q.Firm = "Quill Bank"
		}
		words := fmt.Sprintf("said %d times of %d", r.IntN(4), who)
		records = append(records, Record{Quote: q, Segments: []string{words}, ArticleKey: fmt.Sprint("a", i), Published: published, KnownAt: known2025})
	}
	FoldCopies(records)
	return records
}

var known2025 = must(ParseDate("2025-01-01", "x")).Time

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The points of the movers add up to the move, forward and back, whatever is counted.
func TestMoversAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	changes := map[Change]int{}
	for range 400 {
		records := viewsOf(r)
		f := Filter{Count: []Count{"", CountQuotes, CountArticles}[r.IntN(3)]}
		if r.IntN(2) == 0 {
			f.SpeakerTypes = []SpeakerType{Analyst, Institution}
		}
		line := Consensus(records, f)
		if len(line.Points) == 0 {
			continue
		}
		from := line.Points[r.IntN(len(line.Points))].Day
		to := line.Points[r.IntN(len(line.Points))].Day
		m, back := Moved(line, from, line, to), Moved(line, to, line, from)
		if m.Number != (m.From.Number && m.To.Number) || len(m.Movers) != len(back.Movers) {
			t.Fatalf("move %+v, back %+v", m, back)
		}
		var sum, sumBack float64
		votes := m.From.N()
		for i, one := range m.Movers {
			changes[one.Change]++
			sum += one.Points
			sumBack += back.Movers[i].Points
			if one.Before == nil {
				votes++
			}
			if one.After == nil {
				votes--
			}
			if !m.Number && one.Points != 0 {
				t.Fatalf("%s %s has points where there is no net", one.View().Speaker, one.Change)
			}
		}
		if votes != m.To.N() {
			t.Fatalf("%d votes after all movers, want %d", votes, m.To.N())
		}
		if m.Number && (math.Abs(sum-(m.To.Net-m.From.Net)) > 1e-9 || math.Abs(sum-m.Delta) > 1e-9 || math.Abs(sum+sumBack) > 1e-9) {
			t.Fatalf("from %+v to %+v: movers add up to %g, back to %g", m.From, m.To, sum, sumBack)
		}
		shuffled := slices.Clone(records)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		other := Consensus(shuffled, f)
		if again := Moved(other, from, other, to); string(must(json.Marshal(again))) != string(must(json.Marshal(m))) {
			t.Fatalf("the order of the records matters: %+v, %+v", m, again)
		}
	}
	for _, c := range []Change{Entered, Expired, Flipped} {
		if changes[c] < 50 {
			t.Errorf("%d movers %s", changes[c], c)
		}
	}
}

func TestWhoMovedIt(t *testing.T) {
	say := func(id, day, who string, s Stance) Record {
		return Record{
			Quote:    Quote{ID: id, Speaker: who, SpeakerType: Analyst, Stance: s, Claim: Forecast, Subject: "bonds"},
			Segments: []string{id + " is what " + who + " says"}, ArticleKey: id, Published: must(ParseDate(day, "x")), KnownAt: known2025,
		}
	}
	records := []Record{
		say("1", "2025-01-01", "Ada Quill", Bullish), say("2", "2025-03-01", "Bo Reed", Bullish), say("3", "2025-03-02", "Cleo Marsh", Fragile),
		say("4", "2025-04-20", "Dario Voss", Neutral), say("5", "2025-04-21", "Bo Reed", Fragile),
	}
	FoldCopies(records)
	line := Consensus(records, Filter{})
	day := func(s string) Day { return must(ParseDay(s)) }
	m := Moved(line, day("2025-03-10"), line, day("2025-04-25"))
	var got []string
	for _, one := range m.Movers {
		got = append(got, fmt.Sprintf("%s %s %+.1f", one.View().Speaker, one.Change, one.Points))
	}
	// +33.3 of three becomes −66.7 of three.
	if want := "Bo Reed flipped -66.7, Ada Quill expired -38.9, Dario Voss entered +5.6"; strings.Join(got, ", ") != want || m.Stayed != 1 {
		t.Errorf("%s, %d stayed; want %s", strings.Join(got, ", "), m.Stayed, want)
	}
	// A day in a gap has no net to explain, and still its voices.
	gap := Moved(line, day("2025-03-10"), line, day("2026-01-01"))
	if gap.Number || gap.Delta != 0 || len(gap.Movers) != 3 {
		t.Errorf("into a gap: %+v", gap)
	}
	// What was labelled otherwise at the time.
	relabelled := slices.Clone(records)
	relabelled[2].Stance = Neutral
	m = Moved(Consensus(relabelled, Filter{}), day("2025-03-10"), line, day("2025-03-11"))
	if len(m.Movers) != 1 || m.Movers[0].Change != Relabelled || math.Abs(m.Movers[0].Points-m.Delta) > 1e-9 {
		t.Errorf("relabelled: %+v", m.Movers)
	}
	text := string(must(json.Marshal(gap)))
	if !strings.Contains(text, `"delta":null`) || !strings.Contains(text, `"points":null`) || !strings.Contains(text, `"change":"expired"`) {
		t.Errorf("JSON %s", text)
	}
}

func TestParseMoved(t *testing.T) {
	for _, bad := range []string{"2025-03-02..2025-03-01", "2025-03-02..2025-03-02", "spring..2025-03-01", "2025-03-01", "2025-03-01..", ""} {
		if _, _, err := ParseMoved(bad); !errors.Is(err, ErrUsage) || !strings.HasPrefix(err.Error(), "moved: ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if from, to, err := ParseMoved("2025-03-01..2025-03-02"); err != nil || to-from != 1 {
		t.Errorf("%s to %s, %v", from, to, err)
	}
}
