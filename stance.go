package tenor

// Stance is which way the speaker leans on the subject.
type Stance string

const (
	// Bullish: sees it rising, outperforming, cheap, a buy; a rally with room.
	Bullish Stance = "bullish"
	// Fragile: doubts it or sees it falling; outright bearish views too.
	Fragile Stance = "fragile"
	// Neutral: explains, waits, or balances both sides with no lean.
	Neutral Stance = "neutral"
)

// Stances are all stances, from one end to the other.
func Stances() []Stance { return []Stance{Bullish, Neutral, Fragile} }

// Claim is what sort of statement a quote makes. It ranks quotes of one voice
// within an episode: a position beats a forecast, which beats a recap.
type Claim string

const (
	Position Claim = "position" // "we favor", "would not chase", "overweight"
	Forecast Claim = "forecast" // "is likely to", "expects", "will"
	Recap    Claim = "recap"    // what has happened and why
)

// rank orders claims by how much they say about the speaker's view.
func (c Claim) rank() int {
	switch c {
	case Position:
		return 2
	case Forecast:
		return 1
	}
	return 0
}

// Horizon is the time over which the speaker looks.
type Horizon string

const (
	HorizonNone Horizon = ""
	HorizonNear Horizon = "near" // days to a few months
	HorizonYear Horizon = "year" // up to about twelve months
	HorizonLong Horizon = "long" // beyond
)
