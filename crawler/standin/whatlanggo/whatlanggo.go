// Package whatlanggo stands in for the fork of whatlanggo by which go-trafilatura
// guesses the language of each page, and no option keeps it from that: an eighth of
// the work of a crawl, for a field that Tenor does not read. The language of an
// article is told by abadojack/whatlanggo, where the page does not say it.
package whatlanggo

type Lang struct{}

// DetectLang leaves the language open.
func DetectLang(string) Lang { return Lang{} }

// Iso6391 is the code of the language: none.
func (Lang) Iso6391() string { return "" }
