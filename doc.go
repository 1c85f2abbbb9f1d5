// Package tenor holds the nouns of Tenor: what an article, a quote and a
// consensus are. It imports the standard library only, so that every other
// package can import it and none of them needs another.
//
//	article.go    Article: a page reduced to its text, title, byline and date
//	date.go       Date: a publication date with its precision and source; Day
//	quote.go      Quote: what one speaker said, as byte spans of an article
//	stance.go     Stance, Claim, Horizon: which way the speaker leans, and how
//	theme.go      Theme and Subject: by which arguments, about which market
//	topics.go     Topics: the themes and subjects that a user adds
//	record.go     Record: a quote with what its article says about it
//	csv.go        records as CSV, in two dialects
//	dictionary.go what every column of an export is, from dictionary.json
//	filter.go     Filter: one set of filters for terminal, web and CSV
//	identity.go   keys under which spellings of a person or firm are one
//	fetch.go      Fetch and Page: an address to collect, and what came back
//	source.go     Source: where articles come from, and how it fares; sourcejson.go: for scripts
//	search.go     a page of search results; saved.go: a filter with a name
//	index.go      net, interval and agreement of a tally of stances
//	cluster.go    copies of one utterance, folded
//	similar.go    how alike two quotes are; synonyms.go reads synonyms.txt for it
//	chain.go      how copies came from each other, and which is the better
//	simhash.go    fingerprints of articles, for near-duplicates
//	consensus.go  one voice per analyst, its latest view, while it stands
//	timeline.go   the consensus day by day
//
// Data flows one way: fetch → extract → tag → store → show. Package crawler
// turns addresses and files into articles, nlp turns articles into quotes,
// store keeps both, web shows them, and cmd/tenor wires the four.
package tenor
