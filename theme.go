package tenor

// Theme is an argument that a quote makes. The built-in list is that of the labelling
// guide; a theme's phrases are data of package nlp. Users add their own: Topics.
type Theme string

// Themes are the built-in themes, in the order in which they are listed to users.
func Themes() []Theme {
	return []Theme{
		"rates", "inflation", "growth", "earnings", "valuation", "trump-trade",
		"tariffs", "rotation", "positioning", "credit", "dealmaking", "ai",
		"commodities", "currency", "geopolitics", "crypto",
	}
}

// Subject is the market or asset that a stance is about.
type Subject string

// Subjects are the built-in subjects, in the order in which they are listed to users.
func Subjects() []Subject {
	return []Subject{
		"small-caps", "large-caps", "us-stocks", "tech", "value", "banks", "energy",
		"housing", "bonds", "credit", "gold", "oil", "commodities", "dollar", "crypto",
		"china", "japan", "europe", "emerging-markets", "global-stocks", "economy",
		"company", "other",
	}
}
