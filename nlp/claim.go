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
