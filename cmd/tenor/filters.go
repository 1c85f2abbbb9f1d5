package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"tenor"
)

// filterFlags are the filters as flags, under the names that the web view's
// addresses use.
type filterFlags struct {
	app    *app
	values map[string]*given
}

// given are the values of one filter. It is not a slice flag of the flag package:
// those split a name at its comma, or call themselves stringArray in the help.
type given []string

func (g *given) Set(v string) error { *g = append(*g, v); return nil }
func (g *given) String() string     { return strings.Join(*g, ", ") }
func (g *given) Type() string       { return "value" }

// addFilters gives the command a flag for each filter; those for the timeline
// only where it draws one.
func addFilters(a *app, c *cobra.Command, timeline bool) *filterFlags {
	f := &filterFlags{a, map[string]*given{}}
	for _, p := range tenor.Params(tenor.Topics{}) { // the configuration is read when the flags are
		if p.Timeline && !timeline {
			continue
		}
		text := p.Usage
		if len(p.Allowed) > 0 && !p.Switch {
			text += ": " + strings.Join(p.Allowed, ", ")
		}
		if p.Name == "theme" || p.Name == "subject" {
			text += ", or one of your own"
		}
		if p.Repeated {
			text += " (repeat for \"or\")"
		}
		f.values[p.Name] = new(given)
		c.Flags().Var(f.values[p.Name], p.Name, text)
		if p.Switch {
			c.Flags().Lookup(p.Name).NoOptDefVal = p.Allowed[0]
		}
	}
	return f
}

// filter reads the flags; words are a query given as arguments.
func (f *filterFlags) filter(words []string) (tenor.Filter, error) {
	topics, err := f.app.topics()
	if err != nil {
		return tenor.Filter{}, err
	}
	v := url.Values{}
	for name, values := range f.values {
		if len(*values) > 0 {
			v[name] = *values
		}
	}
	if query := strings.Join(words, " "); strings.TrimSpace(query) != "" {
		if v.Get("q") != "" {
			return tenor.Filter{}, usage("give the words to search for either as --q or as an argument")
		}
		v.Set("q", query)
	}
	for _, p := range tenor.Params(topics) {
		if !p.Repeated && len(v[p.Name]) > 1 {
			return tenor.Filter{}, usage("--%s can be given once only", p.Name)
		}
	}
	filter, err := tenor.ParseFilter(v, topics)
	if err != nil {
		return tenor.Filter{}, fmt.Errorf("--%w", err)
	}
	return filter, nil
}
