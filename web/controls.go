package web

import (
	"context"
	"slices"
	"strconv"

	"tenor"
)

// maxNames bounds the names that a field suggests.
const maxNames = 500

// formOrder are the filters in the order of the form, what is asked most first.
// The kind of a quote is hardly a question here; the address takes it still.
var formOrder = []string{"subject", "theme", "stance", "speaker_type", "analyst", "firm", "outlet", "q", "from", "to", "asof"}

// field is one control of the form above the chart.
type field struct {
	Name, Label string
	Kind        string // select, text or date
	Value       string
	Options     []option // of a select, or suggestions for a text
}

type option struct {
	Value, Label string
	Chosen       bool
}

// form is the filter as controls, and as hidden ones what they cannot hold: a
// filter with several values keeps them and offers to add one more, and the
// chips above the form remove them.
func (v *view) form(ctx context.Context, f tenor.Filter) (fields []field, keep []hidden, err error) {
	values := f.Values()
	params := map[string]tenor.Param{}
	for _, p := range tenor.Params(v.topics) {
		params[p.Name] = p
		set := values[p.Name]
		if len(set) > 1 || len(set) == 1 && !slices.Contains(formOrder, p.Name) {
			for _, value := range set {
				keep = append(keep, hidden{p.Name, value})
			}
			values.Del(p.Name)
		}
	}
	for _, name := range formOrder {
		one := field{Name: name, Label: label(name), Kind: "text", Value: values.Get(name)}
		switch allowed := params[name].Allowed; {
		case name == "from" || name == "to" || name == "asof":
			one.Kind = "date"
		case len(allowed) > 0:
			one.Kind = "select"
			none := "any"
			if f.Values().Has(name) && one.Value == "" {
				none = "add one"
			}
			one.Options = []option{{Label: none}}
			for _, a := range allowed {
				one.Options = append(one.Options, option{a, valueLabel(name, a), a == one.Value})
			}
		case name != "q":
			names, err := v.store.Values(ctx, name, maxNames)
			if err != nil {
				return nil, nil, err
			}
			for _, n := range names {
				one.Options = append(one.Options, option{Value: n, Label: n})
			}
		}
		fields = append(fields, one)
	}
	return fields, keep, nil
}

// choice is one of a few settings, switched by a link.
type choice struct {
	Label, Href string
	Chosen      bool
}

// windows and counts are the ways to draw the same voices, as links. The day
// that is looked at stays.
func windows(f tenor.Filter, day *tenor.Day) []choice {
	used := f.Window
	if used == 0 {
		used = tenor.DefaultWindow
	}
	offered := tenor.Windows()
	if !slices.Contains(offered, used) {
		offered = append(offered, used)
		slices.Sort(offered)
	}
	var list []choice
	for _, days := range offered {
		one := f
		one.Window = days
		if days == tenor.DefaultWindow {
			one.Window = 0
		}
		list = append(list, choice{strconv.Itoa(days) + " d", onDayOf(one, day), days == used})
	}
	return list
}

func counts(f tenor.Filter, day *tenor.Day) []choice {
	var list []choice
	for _, c := range []tenor.Count{tenor.CountVoices, tenor.CountQuotes, tenor.CountArticles} {
		one := f
		one.Count = c
		if c == tenor.CountVoices {
			one.Count = ""
		}
		chosen := f.Count == c || f.Count == "" && c == tenor.CountVoices
		list = append(list, choice{string(c), onDayOf(one, day), chosen})
	}
	return list
}

// onDayOf is the page of a filter, on the day if one was asked for.
func onDayOf(f tenor.Filter, day *tenor.Day) string {
	values := f.Values()
	if day != nil {
		values.Set("day", day.String())
	}
	return address("/", values)
}
