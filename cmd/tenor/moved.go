package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"tenor"
)

// whoMoved prints who moved the net between two days. Where asKnown is set each day is
// taken as it was known at its end, so that labels corrected since show as that.
func (a *app) whoMoved(ctx context.Context, f tenor.Filter, from, to tenor.Day, asKnown bool, format string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	f.From, f.To = nil, nil
	before, after := f, f
	if asKnown {
		before.AsOf, after.AsOf = &from, &to
	}
	first, err := s.Timeline(ctx, before)
	if err != nil {
		return fmt.Errorf("timeline: %w", err)
	}
	last := first
	if asKnown {
		if last, err = s.Timeline(ctx, after); err != nil {
			return fmt.Errorf("timeline: %w", err)
		}
	}
	m := tenor.Moved(first, from, last, to)
	switch format {
	case "csv":
		return moversCSV(a.stdout, &m)
	case "jsonl":
		encoder := json.NewEncoder(a.stdout)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(m)
	}
	return moversTable(a.stdout, &m)
}

func stanceOf(v *tenor.View) string {
	if v == nil {
		return ""
	}
	return string(v.Stance)
}

func moversTable(out io.Writer, m *tenor.Move) error {
	net := func(p tenor.Point) string {
		if !p.Number {
			return fmt.Sprintf("no number (%s)", plural(p.N(), "vote"))
		}
		return fmt.Sprintf("%+.1f (%s)", p.Net, plural(p.N(), "vote"))
	}
	fmt.Fprintf(out, "%s  %s\n%s  %s\n", m.From.Day, net(m.From), m.To.Day, net(m.To))
	if m.Number {
		fmt.Fprintf(out, "moved %+.1f; %s as before\n", m.Delta, plural(m.Stayed, "vote"))
	} else {
		fmt.Fprintf(out, "A net needs three votes on both days, so nobody's part can be told; %s as before.\n", plural(m.Stayed, "vote"))
	}
	if len(m.Movers) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "points\twho\tfirm\tchange\tbefore\tafter\tsaid\tquote")
	for i := range m.Movers {
		one := &m.Movers[i]
		v := one.View()
		points := "-"
		if m.Number {
			points = fmt.Sprintf("%+.1f", one.Points)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", points, oneLine(v.Speaker), dash(oneLine(v.Firm)), one.Change,
			dash(stanceOf(one.Before)), dash(stanceOf(one.After)), v.Published, v.Quote.ID)
	}
	return w.Flush()
}

func moversCSV(out io.Writer, m *tenor.Move) error {
	w := csv.NewWriter(out)
	w.Write([]string{"analyst", "firm", "change", "points", "before", "after", "published", "quote_id", "url"})
	for i := range m.Movers {
		one := &m.Movers[i]
		v := one.View()
		points := ""
		if m.Number {
			points = strconv.FormatFloat(one.Points, 'f', 4, 64)
		}
		w.Write([]string{v.Speaker, v.Firm, string(one.Change), points, stanceOf(one.Before), stanceOf(one.After),
			v.Published.String(), v.Quote.ID, v.Quote.URL})
	}
	w.Flush()
	return w.Error()
}
