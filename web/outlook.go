package web

import (
	"context"
	"fmt"
	"math"
	"strings"

	"tenor"
)

// Bounds on what a profile shows before its quotes.
const (
	mostPanels   = 6
	mostLines    = 30 // voices of a panel
	mostTurns    = 12
	mostDisputes = 12
)

// panel are lines of views over the same days.
type panel struct {
	tenor.SubjectOutlook // of a firm; zero for an analyst
	First, Last          tenor.Day
	Lines                []line
	More                 int    // lines left out
	Chart                string // the subject on the chart, of those who are here
}

// Agree is the share of the days on which two people or more stood and none contradicted
// another.
func (p *panel) Agree() float64 { return p.Unanimity() }

// line is what one voice thought of one subject.
type line struct {
	Name, Href string // of the voice, or of the subject
	House      bool   // a firm speaking for itself
	Now        *tenor.Stretch
	Latest     *tenor.Stretch
	Opened     string // how the quote of that begins
	Bars       []bar
	Told       string // the bars in words
}

// bar is a view on a strip that is 1000 wide and 12 high. The place tells the stance, too:
// bullish above, fragile below.
type bar struct {
	Stance     tenor.Stance
	X, W, Y, H int
	Open       bool // disputed: drawn hollow
}

// turn is a change of mind.
type turn struct {
	tenor.Turn
	Days int // since the view before was published
}

// dispute are people of one firm who stand against each other.
type dispute struct {
	tenor.Opposing
	Chart string // its first day there
	Still bool
}

// outlook adds to a profile what its voices think, as far as they count.
func (v *view) outlook(ctx context.Context, p *profile, only tenor.Filter) error {
	o, err := v.store.Outlook(ctx, only)
	if err != nil || len(o.Subjects) == 0 {
		return err
	}
	p.Chart = address("/", only.Values())
	var latest []string // quotes of the lines that are shown
	var whole panel     // of an analyst
	for i := range o.Subjects {
		s := &o.Subjects[i]
		one := panel{SubjectOutlook: *s, First: o.First, Last: o.Last, Chart: address("/", with(only, "subject", string(s.Subject)))}
		for k := range s.Lines {
			if len(one.Lines) == mostLines {
				one.More = len(s.Lines) - mostLines
				break
			}
			l := newLine(&s.Lines[k], o.First, o.Last)
			if p.Kind == "analyst" {
				l.Name, l.Href = human(s.Subject), address("/quotes", with(only, "subject", string(s.Subject)))
				whole.Lines = append(whole.Lines, l)
			} else {
				one.Lines = append(one.Lines, l)
			}
			latest = append(latest, l.Latest.Quote.ID)
		}
		switch {
		case p.Kind == "analyst":
		case len(p.Panels) < mostPanels:
			p.Panels = append(p.Panels, one)
		default:
			p.Rest = append(p.Rest, one)
		}
	}
	if p.Kind == "analyst" {
		whole.First, whole.Last = o.First, o.Last
		p.Panels = []panel{whole}
	}
	for i := range o.Turns[:min(mostTurns, len(o.Turns))] {
		t := &o.Turns[i]
		p.Turns = append(p.Turns, turn{*t, int(t.After.Published - t.Before.Published)})
	}
	for i := range o.Disputes[:min(mostDisputes, len(o.Disputes))] {
		d := &o.Disputes[i]
		at := with(only, "subject", string(d.Subject))
		at.Set("day", d.From.String())
		p.Disputes = append(p.Disputes, dispute{*d, address("/", at), d.To == o.Last})
	}
	p.MoreTurns, p.MoreDisputes = len(o.Turns)-len(p.Turns), len(o.Disputes)-len(p.Disputes)
	return v.openLines(ctx, p, latest)
}

// openLines gives the lines of a profile the words with which their latest quotes begin.
func (v *view) openLines(ctx context.Context, p *profile, latest []string) error {
	words, err := v.store.Words(ctx, latest)
	if err != nil {
		return err
	}
	for _, panels := range [][]panel{p.Panels, p.Rest} {
		for i := range panels {
			for k := range panels[i].Lines {
				l := &panels[i].Lines[k]
				l.Opened = opening(words[l.Latest.Quote.ID])
			}
		}
	}
	return nil
}

func newLine(of *tenor.Line, first, last tenor.Day) line {
	latest := *of.Latest()
	l := line{
		Name: of.Speaker, Href: personPath(of.Speaker), House: of.SpeakerType == tenor.Institution,
		Now: of.Now(last), Latest: &latest,
	}
	if l.House {
		l.Href = firmPath(of.Speaker)
	}
	days := max(1, int(last-first)+1)
	at := func(d tenor.Day) int {
		return int(math.Round(1000 * float64(min(max(d, first), last+1)-first) / float64(days)))
	}
	var told []string
	for i := range of.Views {
		s := &of.Views[i]
		b := bar{Stance: s.Stance, X: at(s.Published), Open: s.Disputed, Y: 4, H: 4}
		b.W = max(2, at(s.Until)-b.X) // a day must be seen on a strip of ten years
		switch s.Stance {
		case tenor.Bullish:
			b.Y, b.H = 0, 6
		case tenor.Fragile:
			b.Y, b.H = 6, 6
		}
		l.Bars = append(l.Bars, b)
		if len(told) < mostTold {
			told = append(told, fmt.Sprintf("%s from %s to %s", s.Stance, s.Published, min(s.Until-1, last)))
		}
	}
	if n := len(of.Views) - len(told); n > 0 {
		told = append(told, fmt.Sprintf("and %d more", n))
	}
	l.Told = l.Name + ": " + strings.Join(told, ", ")
	return l
}

// mostTold is how many views of a strip are read out.
const mostTold = 12
