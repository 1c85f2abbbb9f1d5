package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"unicode/utf8"

	"tenor"
)

// facetsJSON are counts by filter and value.
type facetsJSON map[string]map[string]int

func newFacetsJSON(facets []tenor.Facet) facetsJSON {
	counts := facetsJSON{}
	for _, f := range facets {
		counts[f.Name] = map[string]int{}
		for _, value := range f.Values {
			counts[f.Name][value.Value] = value.Count
		}
	}
	return counts
}

// apiFacets is /api/v1/facets: how many quotes match, and how they spread.
func (v *view) apiFacets(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r)
	if err != nil {
		return err
	}
	found, err := v.store.Search(r.Context(), req.Filter, "", 1)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, struct {
		Total  int        `json:"total"`
		Facets facetsJSON `json:"facets"`
	}{found.Total, newFacetsJSON(found.Facets)})
	return nil
}

// voteJSON is a view that stands on a day, with the quote that decided it.
type voteJSON struct {
	viewJSON
	Age   int          `json:"age"` // days since date
	Quote tenor.Record `json:"quote"`
}

func newVotes(views []tenor.View, day tenor.Day) []voteJSON {
	votes := []voteJSON{}
	for i := range views {
		votes = append(votes, voteJSON{newViewJSON(&views[i]), int(day - views[i].Published), *views[i].Quote})
	}
	return votes
}

// apiVoices is /api/v1/voices: the point of a day and the votes behind it.
func (v *view) apiVoices(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, "day")
	if err != nil {
		return err
	}
	if req.Day == nil {
		return &httpError{status: http.StatusBadRequest, sentence: "Say which day's voices, like /api/v1/voices?day=2025-06-30."}
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	counted, disputed, _ := standing(t, *req.Day, math.MaxInt)
	for _, views := range [][]tenor.View{counted, disputed} {
		if err := v.store.Fill(r.Context(), views); err != nil {
			return err
		}
	}
	writeJSON(w, http.StatusOK, struct {
		Point    tenor.Point `json:"point"`
		Voices   []voteJSON  `json:"voices"`
		Disputed []voteJSON  `json:"disputed"`
	}{t.At(*req.Day), newVotes(counted, *req.Day), newVotes(disputed, *req.Day)})
	return nil
}

// profileJSON is who somebody is, or a firm, by the quotes of this store.
type profileJSON struct {
	Name      string            `json:"name"`
	Quotes    int               `json:"quotes"`
	Facets    facetsJSON        `json:"facets"`
	Spellings []spellingJSON    `json:"spellings"` // of one person
	Firms     []affiliationJSON `json:"firms"`     // of one person, by the first day
	Views     []viewJSON        `json:"views"`     // that entered the consensus, the earliest first
	Undated   int               `json:"undated"`
}

type spellingJSON struct {
	Name   string `json:"name"`
	Firm   string `json:"firm"`
	Quotes int    `json:"quotes"`
}

type affiliationJSON struct {
	Firm   string  `json:"firm"`
	First  *string `json:"first"`
	Last   *string `json:"last"`
	Quotes int     `json:"quotes"`
}

// apiAnalyst is /api/v1/analysts/{name}, apiFirm /api/v1/firms/{name}.
func (v *view) apiAnalyst(w http.ResponseWriter, r *http.Request) error {
	p, err := v.apiProfile(r, "analyst")
	if err != nil {
		return err
	}
	person, err := v.store.Person(r.Context(), p.Name)
	switch {
	case errors.Is(err, tenor.ErrUsage), errors.Is(err, tenor.ErrNotFound): // several of that name, or a firm
	case err != nil:
		return err
	}
	for _, s := range person.Spellings {
		p.Spellings = append(p.Spellings, spellingJSON(s))
	}
	for _, f := range person.Affiliations {
		one := affiliationJSON{Firm: f.Firm, Quotes: f.Quotes}
		if f.Dated {
			first, last := f.First.String(), f.Last.String()
			one.First, one.Last = &first, &last
		}
		p.Firms = append(p.Firms, one)
	}
	writeJSON(w, http.StatusOK, p)
	return nil
}

func (v *view) apiFirm(w http.ResponseWriter, r *http.Request) error {
	p, err := v.apiProfile(r, "firm")
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, p)
	return nil
}

func (v *view) apiProfile(r *http.Request, kind string) (*profileJSON, error) {
	if err := takesNothing(r); err != nil {
		return nil, err
	}
	name := strings.TrimSpace(r.PathValue("name"))
	if name == "" || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return nil, &httpError{status: http.StatusNotFound, sentence: "This address names nobody."}
	}
	f := tenor.Filter{Topics: v.topics}
	if kind == "analyst" {
		f.Analysts = []string{name}
	} else {
		f.Firms = []string{name}
	}
	found, err := v.store.Search(r.Context(), f, "", 1)
	if err != nil {
		return nil, err
	}
	if found.Total == 0 {
		return nil, &httpError{status: http.StatusNotFound, sentence: fmt.Sprintf("No quote in this store is by the %s “%s”.", kind, name)}
	}
	f.SpeakerTypes = []tenor.SpeakerType{tenor.Analyst, tenor.Institution}
	t, err := v.store.Timeline(r.Context(), f)
	if err != nil {
		return nil, err
	}
	p := &profileJSON{
		Name: name, Quotes: found.Total, Facets: newFacetsJSON(found.Facets), Spellings: []spellingJSON{}, Firms: []affiliationJSON{},
		Views: []viewJSON{}, Undated: t.Undated,
	}
	views := t.Views()
	for i := range views {
		p.Views = append(p.Views, newViewJSON(&views[i]))
	}
	return p, nil
}

// apiSources is /api/v1/sources: how each source fares.
func (v *view) apiSources(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	list, err := v.store.Sources(r.Context())
	if err != nil {
		return err
	}
	sources := []tenor.SourceJSON{}
	for i := range list {
		sources = append(sources, list[i].JSON(v.now()))
	}
	writeJSON(w, http.StatusOK, map[string]any{"sources": sources})
	return nil
}

// searchJSON is a saved search with the addresses that it has here.
type searchJSON struct {
	Name   string `json:"name"`
	Query  string `json:"query"`
	Who    string `json:"who"`
	At     string `json:"at"`
	Quotes string `json:"quotes"` // address of what it finds, from /api/v1/quotes
	Page   string `json:"page"`
	Atom   string `json:"atom"`
	Feed   string `json:"json_feed"`
}

func newSearchJSON(one tenor.SavedSearch) searchJSON {
	path := searchPath(one.Name)
	return searchJSON{
		one.Name, one.Query, one.Who, one.At.UTC().Format("2006-01-02T15:04:05Z"), strings.TrimSuffix("/api/v1/quotes?"+one.Query, "?"),
		path, path + atomFeed.suffix, path + jsonFeed.suffix,
	}
}

// apiSearches is /api/v1/searches: the saved searches.
func (v *view) apiSearches(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	list, err := v.store.Searches(r.Context())
	if err != nil {
		return err
	}
	searches := []searchJSON{}
	for _, one := range list {
		searches = append(searches, newSearchJSON(one))
	}
	writeJSON(w, http.StatusOK, map[string]any{"searches": searches})
	return nil
}

// apiSearch is /api/v1/searches/{name}: one of them.
func (v *view) apiSearch(w http.ResponseWriter, r *http.Request) error {
	one, _, err := v.savedFilter(r, r.PathValue("name"))
	if err != nil && one.Name == "" {
		return err
	}
	writeJSON(w, http.StatusOK, newSearchJSON(one))
	return nil
}
