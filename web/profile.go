package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"tenor"
)

// profile is what the page of a person, a firm or an outlet says above its quotes.
type profile struct {
	Kind   string // analyst, firm or outlet
	Name   string
	As     []string      // the capacities in which they speak here, the commonest first
	Themes []facetValue  // of which they speak most
	Person *tenor.Person // of an analyst: firms with dates, spellings; nil where the name may be several people's
	Chart  string        // address of their consensus; empty when they never count

	Copying  tenor.Copying // of an outlet
	Panels   []panel       // who thinks what, side by side; of an analyst, one
	Rest     []panel       // of more subjects, folded
	Turns    []turn        // changes of mind, the latest first
	Disputes []dispute
	// What is left out of each.
	MoreTurns, MoreDisputes int
}

// Spelled are the other names under which articles have them.
func (p *profile) Spelled() (names []string) {
	if p.Person == nil {
		return nil
	}
	for _, s := range p.Person.Spellings {
		if s.Name != p.Name && !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// mostThemes is of how many themes the head of a profile tells.
const mostThemes = 6

func (v *view) analyst(w http.ResponseWriter, r *http.Request) error {
	return v.profile(w, r, "analyst", "/analysts/")
}

func (v *view) firm(w http.ResponseWriter, r *http.Request) error {
	return v.profile(w, r, "firm", "/firms/")
}

func (v *view) outlet(w http.ResponseWriter, r *http.Request) error {
	return v.profile(w, r, "outlet", "/outlets/")
}

// profile shows one person's or one firm's views over time and their quotes, or whom an
// outlet copies.
func (v *view) profile(w http.ResponseWriter, r *http.Request, kind, prefix string) error {
	if tidy(w, r) {
		return nil
	}
	req, err := v.parse(r, "cursor", "limit")
	if err != nil {
		return err
	}
	name := strings.TrimSpace(r.PathValue("name"))
	if name == "" || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return &httpError{status: http.StatusNotFound, sentence: "This address names nobody."}
	}
	values := req.Filter.Values()
	values[kind] = []string{name}
	if req.Filter, err = tenor.ParseFilter(values, v.topics); err != nil {
		return err
	}
	page, err := v.list(r, req, namePath(prefix, kind, name))
	if err != nil {
		return err
	}
	if page.Total == 0 && len(page.Chips) == 1 {
		near, err := v.near(r.Context(), kind, name)
		if err != nil {
			return err
		}
		return &httpError{status: http.StatusNotFound, sentence: fmt.Sprintf("No quote in this store is %s “%s”.", map[string]string{"analyst": "by the analyst", "firm": "by the firm", "outlet": "from the outlet"}[kind], name), near: near}
	}
	p := &profile{Kind: kind, Name: name}
	switch kind {
	case "outlet":
		if p.Copying, err = v.store.Copying(r.Context(), name); err != nil {
			return err
		}
	case "analyst":
		known, err := v.store.Person(r.Context(), name)
		switch {
		case err == nil:
			p.Person = &known
		case !errors.Is(err, tenor.ErrUsage) && !errors.Is(err, tenor.ErrNotFound):
			return err
		}
	}
	for _, one := range page.Facets {
		switch one.Name {
		case "speaker_type":
			for _, value := range one.Values {
				if value.Count > 0 {
					p.As = append(p.As, value.Label)
				}
			}
		case "theme":
			p.Themes = one.Values[:min(mostThemes, len(one.Values))]
		}
	}
	only, err := tenor.ParseFilter(url.Values{kind: {name}}, v.topics)
	if err != nil {
		return err
	}
	if kind == "outlet" {
		p.Chart = address("/", only.Values())
	} else if err := v.outlook(r.Context(), p, only); err != nil {
		return err
	}
	page.Profile = p
	page.Title, page.Nav = name, "/quotes"
	return v.render(w, http.StatusOK, "quotes", page)
}
