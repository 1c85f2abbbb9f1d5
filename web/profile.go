package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"tenor"
)

// profile is what the page of a person or a firm says above its quotes.
type profile struct {
	Kind    string // analyst or firm
	Name    string
	As      []string      // the capacities in which they speak here, the commonest first
	History []tenor.View  // latest first
	More    int           // views left out
	Person  *tenor.Person // of an analyst: firms with dates, spellings; nil where the name may be several people's
	Chart   string        // address of their consensus; empty when they never count
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

// maxHistory bounds the views listed on a profile.
const maxHistory = 24

func (v *view) analyst(w http.ResponseWriter, r *http.Request) error {
	return v.profile(w, r, "analyst", "/analysts/")
}

func (v *view) firm(w http.ResponseWriter, r *http.Request) error {
	return v.profile(w, r, "firm", "/firms/")
}

// profile shows one person's or one firm's views over time and their quotes.
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
		return &httpError{http.StatusNotFound, "This address names nobody."}
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
		return &httpError{http.StatusNotFound, fmt.Sprintf("No quote in this store is by the %s “%s”.", kind, name)}
	}
	f := tenor.Filter{SpeakerTypes: []tenor.SpeakerType{tenor.Analyst, tenor.Institution}}
	if kind == "analyst" {
		f.Analysts = []string{name}
	} else {
		f.Firms = []string{name}
	}
	t, err := v.store.Timeline(r.Context(), f)
	if err != nil {
		return err
	}
	page.Profile = &profile{Kind: kind, Name: name}
	if kind == "analyst" {
		p, err := v.store.Person(r.Context(), name)
		switch {
		case err == nil:
			page.Profile.Person = &p
		case !errors.Is(err, tenor.ErrUsage) && !errors.Is(err, tenor.ErrNotFound):
			return err
		}
	}
	for _, one := range page.Facets {
		for _, value := range one.Values {
			if one.Name == "speaker_type" && value.Count > 0 {
				page.Profile.As = append(page.Profile.As, value.Label)
			}
		}
	}
	views := t.Views()
	if len(views) > 0 {
		page.Profile.Chart = address("/", with(tenor.Filter{}, kind, name))
	}
	for i := len(views) - 1; i >= 0; i-- {
		if len(page.Profile.History) == maxHistory {
			page.Profile.More = i + 1
			break
		}
		page.Profile.History = append(page.Profile.History, views[i])
	}
	page.Title, page.Nav = name, "/quotes"
	return v.render(w, http.StatusOK, "quotes", page)
}
