package tenor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Change says what a voice did between two days.
type Change string

const (
	Entered    Change = "entered"    // counts on the later day and not on the earlier
	Expired    Change = "expired"    // the other way round: its view grew old, or a person speaks for the firm now
	Flipped    Change = "flipped"    // says something else now
	Relabelled Change = "relabelled" // the same words, under another label by what is known now
	Disputed   Change = "disputed"   // counted before, and now its copies contradict each other
	Cleared    Change = "cleared"    // the other way round
)

// Mover is a voice that moved the net, or might have. Its views may have of their quotes only
// the one that decided.
type Mover struct {
	Change Change
	Before *View // that counted on the earlier day; nil: none
	After  *View // that counts on the later day; nil: none
	// Points of net that it moved; they add up to the move. Zero where there is no
	// number to explain.
	Points float64
}

// View is the one that tells most of the voice: that of the later day, or else of the
// earlier.
func (m *Mover) View() *View {
	if m.After != nil {
		return m.After
	}
	return m.Before
}

// Move is who moved the net between two days.
type Move struct {
	From, To Point
	// Number says whether both days have a net; without, there is no sum to explain.
	Number bool
	Delta  float64 // To.Net − From.Net
	Movers []Mover // those that moved it most first
	Stayed int     // votes that were the same on both days
}

// Moved explains the change of the net between a day of one timeline and a day of
// another, which is most often the same one. A timeline as of an earlier day also
// shows what is only known since.
//
// With B − F = s and n votes, the net is 100·s/n. Between s₀/n₀ and s₁/n₁ the points
// of a vote x (bullish +1, neutral 0, fragile −1) are
//
//	entered   50·((x − s₀/n₀)/n₁ + (x − s₁/n₁)/n₀)
//	left      the same, negative
//	changed   50·(x₁ − x₀)·(1/n₀ + 1/n₁)
//
// They add up to the change of the net exactly, whatever the order in which votes are
// thought to have moved: each is the mean of moving first and moving last, where what
// it does to s is weighed with the mean of 1/n, and what it does to 1/n with the mean
// of s. A neutral voice that enters pulls the net toward 0.
func Moved(before *Timeline, from Day, after *Timeline, to Day) Move {
	m := Move{From: before.At(from), To: after.At(to)}
	m.Number = m.From.Number && m.To.Number
	was, disputedBefore := votes(before, from)
	is, disputedAfter := votes(after, to)
	// A voice may be told apart otherwise by what is known now: its words are the same.
	said := map[string]string{}
	for key, b := range was {
		if is[key] == nil {
			said[b.Quote.ID] = key
		}
	}
	for key, a := range is {
		if old, ok := said[a.Quote.ID]; ok && was[key] == nil {
			is[old] = a
			delete(is, key)
		}
	}
	for key, b := range was {
		a := is[key]
		switch {
		case a == nil && disputedAfter[key]:
			m.Movers = append(m.Movers, Mover{Change: Disputed, Before: b})
		case a == nil:
			m.Movers = append(m.Movers, Mover{Change: Expired, Before: b})
		case a.Stance == b.Stance:
			m.Stayed++
		case a.Quote.ID == b.Quote.ID && a.Quote.Stance != b.Quote.Stance:
			m.Movers = append(m.Movers, Mover{Change: Relabelled, Before: b, After: a})
		default:
			m.Movers = append(m.Movers, Mover{Change: Flipped, Before: b, After: a})
		}
	}
	for key, a := range is {
		switch {
		case was[key] != nil:
		case disputedBefore[key]:
			m.Movers = append(m.Movers, Mover{Change: Cleared, After: a})
		default:
			m.Movers = append(m.Movers, Mover{Change: Entered, After: a})
		}
	}
	if m.Number {
		m.Delta = m.To.Net - m.From.Net
		for i := range m.Movers {
			m.Movers[i].Points = m.points(&m.Movers[i])
		}
	}
	slices.SortFunc(m.Movers, func(a, b Mover) int {
		v, w := a.View(), b.View()
		return cmp.Or(cmp.Compare(max(b.Points, -b.Points), max(a.Points, -a.Points)), cmp.Compare(v.Speaker, w.Speaker),
			cmp.Compare(v.Voice, w.Voice), cmp.Compare(v.Quote.ID, w.Quote.ID))
	})
	return m
}

func (m *Move) points(v *Mover) float64 {
	n0, n1 := float64(m.From.N()), float64(m.To.N())
	mean0, mean1 := m.From.Tally.Net()/100, m.To.Tally.Net()/100
	switch {
	case v.Before == nil:
		x := v.After.Stance.vote()
		return 50 * ((x-mean0)/n1 + (x-mean1)/n0)
	case v.After == nil:
		x := v.Before.Stance.vote()
		return -50 * ((x-mean0)/n1 + (x-mean1)/n0)
	}
	return 50 * (v.After.Stance.vote() - v.Before.Stance.vote()) * (1/n0 + 1/n1)
}

// vote is what a stance counts in the net.
func (s Stance) vote() float64 {
	var t Tally
	t.Add(s, 1)
	return float64(t.Bullish - t.Fragile)
}

// votes are the views that count on a day by what makes them the same vote on another:
// the voice, or where a voice has several votes the quote that decided. Days outside
// the series have none.
func votes(t *Timeline, d Day) (counted map[string]*View, disputed map[string]bool) {
	counted, disputed = map[string]*View{}, map[string]bool{}
	if t.At(d).N()+t.At(d).Disputed == 0 {
		return counted, disputed
	}
	standing := t.standing(d, false)
	for i := range standing {
		v := &standing[i]
		key := v.Voice
		if t.Filter.Count == CountQuotes || t.Filter.Count == CountArticles {
			key += "\x00" + v.Quote.ID
		}
		if v.Disputed {
			disputed[key] = true
		} else {
			counted[key] = v
		}
	}
	return counted, disputed
}

// moverView is a view as MarshalJSON writes it.
type moverView struct {
	Date    string `json:"date"`
	Stance  Stance `json:"stance"`
	Quote   string `json:"quote"`
	Article int64  `json:"article,omitempty"`
	Outlet  string `json:"outlet"`
	URL     string `json:"url"`
}

type moverJSON struct {
	Change  Change     `json:"change"`
	Speaker string     `json:"speaker"`
	Firm    string     `json:"firm"`
	Points  *float64   `json:"points"`
	Before  *moverView `json:"before"`
	After   *moverView `json:"after"`
}

// MarshalJSON writes the two points, the move and who made it; delta and points are null
// where a day has no net.
func (m Move) MarshalJSON() ([]byte, error) {
	number := func(x float64) *float64 {
		if !m.Number {
			return nil
		}
		return &x
	}
	view := func(v *View) *moverView {
		if v == nil {
			return nil
		}
		return &moverView{v.Published.String(), v.Stance, v.Quote.ID, v.Quote.ArticleID, v.Quote.Outlet, v.Quote.URL}
	}
	movers := []moverJSON{}
	for i := range m.Movers {
		one := &m.Movers[i]
		v := one.View()
		movers = append(movers, moverJSON{one.Change, v.Speaker, v.Firm, number(one.Points), view(one.Before), view(one.After)})
	}
	return json.Marshal(struct {
		From   Point       `json:"from"`
		To     Point       `json:"to"`
		Delta  *float64    `json:"delta"`
		Stayed int         `json:"stayed"`
		Movers []moverJSON `json:"movers"`
	}{m.From, m.To, number(m.Delta), m.Stayed, movers})
}

// ParseMoved reads the two days of a Move: "2024-07-01..2024-09-30". Errors are ErrUsage.
func ParseMoved(s string) (from, to Day, err error) {
	first, last, ok := strings.Cut(s, "..")
	if !ok {
		return 0, 0, fmt.Errorf("moved: %q is not two days like 2024-07-01..2024-09-30 (%w)", s, ErrUsage)
	}
	if from, err = ParseDay(strings.TrimSpace(first)); err == nil {
		to, err = ParseDay(strings.TrimSpace(last))
	}
	switch {
	case err != nil:
		return 0, 0, fmt.Errorf("moved: %w (%w)", err, ErrUsage)
	case from >= to:
		return 0, 0, fmt.Errorf("moved: %s is not before %s: name the earlier day first (%w)", from, to, ErrUsage)
	}
	return from, to, nil
}
