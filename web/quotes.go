package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tenor"
)

type quotesPage struct {
	Unknown []string // why nothing was found, where that is known
	chrome
	Filter   tenor.Filter
	Chips    []chip
	Hidden   []hidden
	Facets   []facet
	Items    []item
	Total    int
	Also     []tenor.Synonym // found besides the words
	Exactly  string          // address without them
	Sorts    []choice        // newest first, or by relevance; nil where there are no words
	Unsorted bool            // too many for relevance
	Totals   tenor.Totals
	Latest   string // address of the first page, when this is a later one
	Newer    string
	Folded   int    // quotes of this page that stand under a copy
	Near     []link // names like the words, where nothing has them
	Older    string
	CSV      string
	Raw      string
	JSONL    string
	Parquet  string
	Chart    string
	Saved    *savedSearch // the search under which this filter is saved
	Saves    bool         // whoever looks at the page may save it
	Profile  *profile     // set on the page of a person or a firm
}

// hidden keeps a filter value while a form asks for others.
type hidden struct{ Name, Value string }

// facet is how the quotes found spread over one filter's values.
type facet struct {
	Name, Label string
	Open        bool
	Values      []facetValue
}

type facetValue struct {
	Value  string
	Label  string
	Count  int
	Chosen bool
	// Href is the page with this value added, or taken away when it is chosen; empty for
	// a topic that was stored and is configured no longer, which no filter takes.
	Href string
}

// item is a quote in a list.
type item struct {
	tenor.Record
	Snippets [][]piece
	Headline []piece
	Copied   []tenor.Record // reports of the same utterance on this page, folded under it
	Reach    int            // outlets that carried it; 0 where only one did
}

// newItem is a quote with the words lit that decided its stance or were searched for.
func newItem(r *tenor.Record, words []string) item {
	return item{Record: *r, Snippets: snippets(r, words), Headline: lit(r.Title, words)}
}

// quotes shows the quotes that pass the filter, newest first.
func (v *view) quotes(w http.ResponseWriter, r *http.Request) error {
	if tidy(w, r) {
		return nil
	}
	req, err := v.parse(r, "cursor", "limit")
	if err != nil {
		return err
	}
	page, err := v.list(r, req, "/quotes")
	if err != nil {
		return err
	}
	page.Title, page.Nav = titleOf(req.Filter), "/quotes"
	if err := v.offerSearch(r, page); err != nil {
		return err
	}
	return v.render(w, http.StatusOK, "quotes", page)
}

// offerSearch says under which name the filter of a page is saved, or lets it be saved.
func (v *view) offerSearch(r *http.Request, page *quotesPage) error {
	list, err := v.store.Searches(r.Context())
	if err != nil {
		return err
	}
	query := page.Filter.Values().Encode()
	for _, one := range list {
		if one.Query == query {
			saved := v.newSavedSearch(one)
			page.Saved = &saved
			return nil
		}
	}
	page.Saves = v.keeper != nil && query != ""
	return nil
}

// list searches and makes the page of what was found. The path is the page's own.
func (v *view) list(r *http.Request, req request, path string) (*quotesPage, error) {
	f := req.Filter
	found, err := v.store.Search(r.Context(), f, req.Cursor, req.limit())
	if err != nil {
		return nil, err
	}
	totals, err := v.store.Totals(r.Context())
	if err != nil {
		return nil, err
	}
	page := &quotesPage{
		chrome: chrome{Query: f.Query},
		Filter: f, Chips: chips("/quotes", f), Facets: facets("/quotes", f, found.Facets),
		Total: found.Total, Totals: totals,
		CSV:   address("/quotes.csv", f.Values()),
		Raw:   address("/quotes.csv", merge(f.Values(), "dialect", string(tenor.DialectRaw))),
		JSONL: address("/quotes.jsonl", f.Values()), Parquet: address("/quotes.parquet", f.Values()),
		Chart: address("/", f.Values()),
	}
	page.Feeds = feedsOf("/quotes", titleOf(f), f.Values())
	if found.Total == 0 {
		if page.Unknown, err = v.store.Unknown(r.Context(), f); err != nil {
			return nil, err
		}
	}
	if len(found.Also) > 0 {
		page.Also, page.Exactly = found.Also, address(path, with(f, "exact", "1"))
	}
	if f.Query != "" {
		page.Unsorted = found.Unsorted
		page.Sorts = []choice{
			{"newest first", address(path, with(f, "sort")), f.Sort != tenor.SortRelevance},
			{"by relevance", address(path, with(f, "sort", string(tenor.SortRelevance))), f.Sort == tenor.SortRelevance},
		}
	}
	for name, list := range f.Values() {
		if name == "q" || name == "from" || name == "to" {
			continue
		}
		for _, value := range list {
			page.Hidden = append(page.Hidden, hidden{name, value})
		}
	}
	slices.SortFunc(page.Hidden, func(a, b hidden) int { return strings.Compare(a.Name+a.Value, b.Name+b.Value) })
	words := wordsOf(f.Query)
	for _, also := range found.Also {
		for _, added := range also.Added {
			words = append(words, wordsOf(added)...)
		}
	}
	if err := v.fold(r.Context(), page, found.Records, words); err != nil {
		return nil, err
	}
	if page.Total == 0 {
		if page.Near, err = v.nearWords(r.Context(), f); err != nil {
			return nil, err
		}
	}
	next := f.Values()
	if req.Limit != 0 {
		next.Set("limit", r.URL.Query().Get("limit"))
	}
	if req.Cursor != "" {
		page.Latest = address(path, next)
	}
	if found.Next != "" {
		page.Older = address(path, merge(next, "cursor", found.Next))
	}
	if found.Prev != "" {
		page.Newer = address(path, merge(next, "cursor", found.Prev))
	}
	return page, nil
}

// merge is values with one name set.
func merge(v url.Values, name, value string) url.Values {
	v.Set(name, value)
	return v
}

// openFacets are those shown open; the others wait folded.
var openFacets = []string{"stance", "theme", "subject", "analyst", "firm"}

// facets are the counts of a search as links that add or remove a value. Chosen
// values stay in sight even when nothing is left of them.
func facets(path string, f tenor.Filter, counted []tenor.Facet) []facet {
	chosen := f.Values()
	var list []facet
	for _, c := range counted {
		one := facet{Name: c.Name, Label: label(c.Name), Open: slices.Contains(openFacets, c.Name)}
		seen := map[string]bool{}
		for _, value := range c.Values {
			seen[value.Value] = true
			one.Values = append(one.Values, newFacetValue(path, f, c.Name, value.Value, value.Count))
		}
		for _, value := range chosen[c.Name] {
			if !seen[value] {
				one.Values = append(one.Values, newFacetValue(path, f, c.Name, value, 0))
			}
		}
		if len(one.Values) > 0 {
			list = append(list, one)
		}
	}
	return list
}

func newFacetValue(path string, f tenor.Filter, name, value string, n int) facetValue {
	if name == "month" {
		return monthValue(path, f, value, n)
	}
	chosen := slices.Contains(f.Values()[name], value)
	href := address(path, without(f, name, value))
	switch {
	case chosen:
	case name == "theme" && !slices.Contains(f.Topics.Themes(), tenor.Theme(value)),
		name == "subject" && !slices.Contains(f.Topics.Subjects(), tenor.Subject(value)):
		href = ""
	default:
		href = address(path, with(f, name, append(slices.Clone(f.Values()[name]), value)...))
	}
	return facetValue{value, valueLabel(name, value), n, chosen, href}
}

// monthValue is a month as the days that it has.
func monthValue(path string, f tenor.Filter, month string, n int) facetValue {
	one := facetValue{Value: month, Label: month, Count: n}
	begin, err := time.Parse("2006-01", month)
	if err != nil {
		return one
	}
	first, last := tenor.DayOf(begin), tenor.DayOf(begin.AddDate(0, 1, -1))
	if one.Chosen = f.From != nil && f.To != nil && *f.From == first && *f.To == last; one.Chosen {
		f.From, f.To = nil, nil
	} else {
		f.From, f.To = &first, &last
	}
	one.Href = address(path, f.Values())
	return one
}

// fold puts reports of one utterance that stand on the same page under the first of them.
// Every quote that is counted stands on some page all the same.
func (v *view) fold(ctx context.Context, page *quotesPage, records []tenor.Record, words []string) error {
	at := map[string]int{}
	var copied []string
	for i := range records {
		r := &records[i]
		if k, ok := at[r.Cluster]; ok && r.Version == 0 {
			page.Items[k].Copied = append(page.Items[k].Copied, *r)
			page.Folded++
			continue
		}
		if r.Copies > 1 && r.Version == 0 {
			at[r.Cluster] = len(page.Items)
			copied = append(copied, r.Cluster)
		}
		page.Items = append(page.Items, newItem(r, words))
	}
	reach, err := v.store.Reach(ctx, copied)
	for cluster, outlets := range reach {
		page.Items[at[cluster]].Reach = outlets
	}
	return err
}

// nearWords are people, firms and outlets whose names are like those that a search which
// finds nothing asks for, or like its words.
func (v *view) nearWords(ctx context.Context, f tenor.Filter) ([]link, error) {
	var list []link
	for _, kind := range []string{"analyst", "firm", "outlet"} {
		asked := map[string][]string{"analyst": f.Analysts, "firm": f.Firms, "outlet": f.Outlets}[kind]
		if f.Query != "" {
			asked = append(slices.Clip(asked), f.Query)
		}
		for _, name := range asked[:min(len(asked), mostNear)] {
			near, err := v.near(ctx, kind, name)
			if err != nil {
				return nil, err
			}
			for _, one := range near {
				if !slices.Contains(list, one) && one.Name != name && len(list) < mostNear {
					list = append(list, one)
				}
			}
		}
	}
	return list, nil
}
