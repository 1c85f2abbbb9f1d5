package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tenor"
)

// Keeper saves and removes searches; *store.Store that was opened for writing is one.
type Keeper interface {
	SaveSearch(ctx context.Context, one tenor.SavedSearch, replace bool) error
	RemoveSearch(ctx context.Context, name string) (tenor.SavedSearch, error)
}

// savedSearch is a search in the list and beside its quotes.
type savedSearch struct {
	tenor.SavedSearch
	Path   string // permanent address
	Words  string // the filter, as people read it
	Broken string // why it finds nothing any longer; one sentence
	Feeds  []feedLink
}

func (v *view) newSavedSearch(one tenor.SavedSearch) savedSearch {
	s := savedSearch{SavedSearch: one, Path: searchPath(one.Name)}
	f, err := one.Filter(v.topics)
	if err != nil {
		s.Broken = asSentence(err)
		return s
	}
	if s.Words = f.Words(); s.Words == "" {
		s.Words = "all quotes"
	}
	s.Feeds = feedsOf(s.Path, one.Name, nil)
	return s
}

func searchPath(name string) string { return "/searches/" + url.PathEscape(name) }

type searchesPage struct {
	chrome
	Searches []savedSearch
	Removes  bool // whoever looks at the page may remove them
}

// searches lists the saved searches.
func (v *view) searches(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	list, err := v.store.Searches(r.Context())
	if err != nil {
		return err
	}
	page := &searchesPage{chrome: chrome{Title: "Saved searches", Nav: "/searches"}, Removes: v.keeper != nil}
	for _, one := range list {
		page.Searches = append(page.Searches, v.newSavedSearch(one))
	}
	return v.render(w, http.StatusOK, "searches", page)
}

// search is /searches/NAME, which leads to the quotes that it finds today, and
// /searches/NAME.atom and .json, its feeds.
func (v *view) search(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	var kind *feedKind
	for _, k := range []feedKind{atomFeed, jsonFeed} {
		if cut, ok := strings.CutSuffix(name, k.suffix); ok {
			name, kind = cut, &k
		}
	}
	one, f, err := v.savedFilter(r, name)
	if err != nil {
		return err
	}
	if kind == nil {
		http.Redirect(w, r, address("/quotes", f.Values()), http.StatusFound)
		return nil
	}
	path := searchPath(one.Name)
	return v.sendFeed(w, r, *kind, request{Filter: f}, feed{
		ID: "urn:tenor:search:" + url.PathEscape(one.Key()), Title: "Tenor: " + one.Name, Self: path + kind.suffix, Page: path,
	})
}

// savedFilter is the search of that name, and what it takes today.
func (v *view) savedFilter(r *http.Request, name string) (one tenor.SavedSearch, f tenor.Filter, err error) {
	if err := takesNothing(r); err != nil {
		return one, f, err
	}
	one, err = v.store.SavedSearch(r.Context(), name)
	switch {
	case errors.Is(err, tenor.ErrNotFound):
		return one, f, &httpError{status: http.StatusNotFound, sentence: "No search is saved under that name."}
	case err != nil:
		return one, f, err
	}
	f, err = one.Filter(v.topics)
	return one, f, err
}

// saveSearch is POST /searches: the filter that a page of quotes has, under a name.
func (v *view) saveSearch(w http.ResponseWriter, r *http.Request) error {
	who, err := v.readForm(w, r)
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(r.PostForm.Get("query"))
	if err != nil {
		return fmt.Errorf("query: this is not the query of an address (%w)", tenor.ErrUsage)
	}
	// As an address is read: what means nothing is refused, and order does not matter.
	read, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address("/quotes", values), nil)
	if err != nil {
		return fmt.Errorf("query: this is not the query of an address (%w)", tenor.ErrUsage)
	}
	req, err := v.parse(read)
	if err != nil {
		return err
	}
	one := tenor.SavedSearch{Name: strings.Join(strings.Fields(r.PostForm.Get("name")), " "), Query: req.Filter.Values().Encode(), Who: who}
	err = v.keeper.SaveSearch(r.Context(), one, false)
	switch {
	case errors.Is(err, tenor.ErrTaken):
		return &httpError{status: http.StatusConflict, sentence: fmt.Sprintf("Another search is saved as “%s”: choose another name, or remove that one on /searches first.", one.Name)}
	case err != nil:
		return plainRefusal(err)
	}
	http.Redirect(w, r, searchPath(one.Name), http.StatusSeeOther)
	return nil
}

// removeSearch is POST /searches/{name}/remove.
func (v *view) removeSearch(w http.ResponseWriter, r *http.Request) error {
	if _, err := v.readForm(w, r); err != nil {
		return err
	}
	_, err := v.keeper.RemoveSearch(r.Context(), r.PathValue("name"))
	if errors.Is(err, tenor.ErrNotFound) {
		return &httpError{status: http.StatusNotFound, sentence: "No search is saved under that name, so there is nothing to remove."}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/searches", http.StatusSeeOther)
	return nil
}
