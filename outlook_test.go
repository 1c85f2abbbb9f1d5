package tenor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// saidOf is a quote by somebody on a day, counted from the first.
func saidOf(t testing.TB, who string, kind SpeakerType, day int, subject Subject, stance Stance) Record {
	t.Helper()
	published, err := ParseDate((outlookFirst + Day(day)).String(), "test")
	if err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprintf("%s-%d-%s", who, day, subject)
	return Record{
		Quote:    Quote{ID: id, Speaker: who, SpeakerType: kind, Firm: "Harrow Lane Capital", Stance: stance, Subject: subject, Claim: Forecast},
		Segments: []string{id}, ArticleKey: id, Published: published, Cluster: id, Copies: 1,
	}
}

var outlookFirst = func() Day {
	d, err := ParseDay("2025-01-01")
	if err != nil {
		panic(err)
	}
	return d
}()

func TestOutlookOfAFirm(t *testing.T) {
	records := []Record{
		saidOf(t, "Ada Quill", Analyst, 0, "small-caps", Bullish),
		saidOf(t, "Ada Quill", Analyst, 40, "small-caps", Fragile),
		saidOf(t, "Ada Quill", Analyst, 10, "gold", Bullish),
		saidOf(t, "Bo Reed", Analyst, 20, "small-caps", Fragile),
		saidOf(t, "Bo Reed", Analyst, 45, "small-caps", Fragile), // says it again: no new dispute, and no turn
		saidOf(t, "Bo Reed", Analyst, 200, "small-caps", Bullish),
		saidOf(t, "Harrow Lane Capital", Institution, 30, "small-caps", Bullish),
		saidOf(t, "Marit Solberg", Official, 30, "small-caps", Bullish),
		saidOf(t, "Ada Quill", Analyst, 400, "small-caps", Bullish), // after today
	}
	FoldCopies(records)
	o := NewOutlook(records, outlookFirst+210)
	if len(o.Subjects) != 2 || o.Subjects[0].Subject != "small-caps" || o.First != outlookFirst || o.Last != outlookFirst+210 {
		t.Fatalf("%d subjects from %s: %+v", len(o.Subjects), o.First, o.Subjects)
	}
	small := &o.Subjects[0]
	var lines []string
	for i := range small.Lines {
		lines = append(lines, fmt.Sprint(small.Lines[i].Speaker, " ", small.Lines[i].Now(o.Last) != nil, " ", len(small.Lines[i].Views)))
	}
	if want := []string{"Bo Reed true 3", "Ada Quill false 2", "Harrow Lane Capital false 1"}; !slices.Equal(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
	if small.N() != 1 || small.Number {
		t.Errorf("%d people stand, a number: %t", small.N(), small.Number)
	}
	// Both stand from day 20; opposite until Ada turns on day 40, at one until hers ends on day 130.
	if small.Shared != 111 || small.Split != 20 {
		t.Errorf("%d of %d shared days are split, want 20 of 111", small.Split, small.Shared)
	}
	if len(o.Disputes) != 1 || o.Disputes[0].From != outlookFirst+20 || o.Disputes[0].To != outlookFirst+39 ||
		o.Disputes[0].Bullish[0].Speaker != "Ada Quill" || o.Disputes[0].Fragile[0].Speaker != "Bo Reed" {
		t.Errorf("disputes: %+v", o.Disputes)
	}
	var turns []string
	for _, turn := range o.Turns {
		turns = append(turns, fmt.Sprintf("%s %s to %s on %d, silent %d", turn.After.Speaker, turn.Before.Stance, turn.After.Stance, turn.After.Published-outlookFirst, turn.Silent))
	}
	if want := []string{"Ada Quill fragile to bullish on 400, silent 269", "Bo Reed fragile to bullish on 200, silent 64", "Ada Quill bullish to fragile on 40, silent 0"}; !slices.Equal(turns, want[1:]) {
		t.Errorf("turns %q, want %q", turns, want[1:])
	}
}

// What the sweep says of each day is what looking at each day says, and the order of the
// records does not matter.
func TestOutlookCountsDaysAsTheyAre(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var records []Record
		for i := range 30 {
			r := saidOf(t, string(rune('A'+rng.IntN(4)))+"nn Quill", Analyst, rng.IntN(500), "gold", Stances()[rng.IntN(3)])
			r.ID = fmt.Sprint(r.ID, i)
			r.Cluster = r.ID
			records = append(records, r)
		}
		today := outlookFirst + 400
		o := NewOutlook(records, today)
		g := &o.Subjects[0]
		shared, split, disputed := 0, 0, 0
		for d := outlookFirst; d <= today; d++ {
			var standing []*View
			for i := range g.Lines {
				for k := range g.Lines[i].Views {
					if v := &g.Lines[i].Views[k].View; v.stands(d) {
						standing = append(standing, v)
					}
				}
			}
			if len(standing) > 1 {
				shared++
			}
			if b, f := sides(standing, nil, nil); len(b) > 0 && len(f) > 0 {
				split++
			}
		}
		for _, one := range o.Disputes {
			disputed += int(one.To-one.From) + 1
		}
		if g.Shared != shared || g.Split != split || disputed != split {
			t.Fatalf("seed %d: shared %d, split %d, in disputes %d; day by day %d and %d", seed, g.Shared, g.Split, disputed, shared, split)
		}
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		again := NewOutlook(records, today)
		if fmt.Sprintf("%v", again.Subjects[0].Tally) != fmt.Sprintf("%v", g.Tally) || len(again.Disputes) != len(o.Disputes) || len(again.Turns) != len(o.Turns) || again.Subjects[0].Split != split {
			t.Fatalf("seed %d: another order gives another outlook", seed)
		}
	}
}
