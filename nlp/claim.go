package nlp

import "tenor"

// Sections of claims.txt.
const (
	claimPosition = iota
	claimForecast
)

var claimSections = []string{"position", "forecast"}

// claimOf tells what sort of statement a quote is. A position beats a forecast,
// which beats a recap.
func claimOf(p *passage, q *tenor.Quote) {
	q.Claim = tenor.Recap
	for _, m := range p.found {
		switch e := p.entryOf(m); {
		case e.family != familyClaim:
		case e.class == claimPosition:
			q.Claim = tenor.Position
			return
		default:
			q.Claim = tenor.Forecast
		}
	}
}

// judges makes a forecast of a recap that leans and speaks of what stands now:
// "this rally is fragile" looks ahead, where "stocks rose on the news" does not.
func judges(p *passage, q *tenor.Quote) {
	if q.Claim != tenor.Recap || q.Stance == tenor.Neutral {
		return
	}
	for i := range p.words {
		if p.lex.standing.has(p.words[i].word) {
			q.Claim = tenor.Forecast
			return
		}
	}
}
