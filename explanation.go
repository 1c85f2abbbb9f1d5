package tenor

// Explanation is why a quote has the labels that it has, as its tagger sees it.
type Explanation struct {
	Quote  Quote
	Labels []LabelReasons
}

// Shown are the places of the quote's evidence that can be shown for a label.
func (e *Explanation) Shown(l *LabelReasons) []Evidence {
	var shown []Evidence
	for _, ev := range e.Quote.Evidence {
		if ev.Tag == l.Label+":"+l.Value || ev.Tag == "negation" && l.Label == "stance" {
			shown = append(shown, ev)
		}
	}
	return shown
}

// LabelReasons are what spoke for a label, and against.
type LabelReasons struct {
	Label    string // stance, subject or theme
	Value    string
	Share    float64 // how likely the value is among those that it was chosen from, 0 to 1
	RunnerUp string  // the next likeliest; empty for a theme, which is or is not
	Second   float64 // and how likely that is
	Reasons  []Reason
	Rest     float64 // what all else weighs for the value, against the runner-up
	Rule     string  // what gave a user's topic, which no model weighs; empty where reasons decide
}

// Reason is a stretch of the text with what it weighs for a value, against the
// runner-up: in units of log odds, below zero where it speaks against.
type Reason struct {
	Span   Span
	Weight float64
}

// HeldBack reports whether the runner-up was likelier and yet not taken: no words can
// be shown for it, or the view turns with time.
func (l *LabelReasons) HeldBack() bool { return l.Label == "stance" && l.Second > l.Share }
