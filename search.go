package tenor

// Results is one page of a search, newest first or as the filter sorts.
type Results struct {
	Records []Record
	Total   int    // quotes that match, over all pages
	Next    string // cursor of the next page; empty on the last
	Prev    string // of the page before; empty on the first
	Facets  []Facet
	Also    []Synonym // what was searched for besides the words of the query
	// Unsorted: the filter asked for relevance, and so many match that they come newest
	// first.
	Unsorted bool
}

// Synonym is what a search finds besides some words of its query: what means the same.
type Synonym struct {
	Words string
	Added []string
}

// Facet is how the matching quotes spread over the values of one filter.
type Facet struct {
	Name   string // the filter's name: "analyst", "stance", …; "month" for days of publication
	Values []FacetValue
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string
	Count int
}

// Totals says how much a store holds.
type Totals struct {
	Articles int
	Quotes   int
	People   int
	Firms    int
	Undated  int // quotes of articles without a date that can enter a series
}
