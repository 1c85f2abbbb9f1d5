package tenor

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Fields of a quote that people correct. Claims, horizons and subjects are corrected as
// they are exported, themes joined by |.
const (
	FieldStance      = "stance"
	FieldClaim       = "claim"
	FieldHorizon     = "horizon"
	FieldSubject     = "subject"
	FieldThemes      = "themes"
	FieldSpeaker     = "speaker"
	FieldSpeakerType = "speaker_type"
	FieldFirm        = "firm"
	FieldQuote       = "quote" // with the one value NotAQuote
)

// NotAQuote is the value of FieldQuote: it counts nowhere, and is kept.
const NotAQuote = "no"

// CorrectionFields are all that people may correct, in the order in which they are shown.
func CorrectionFields() []string {
	return []string{FieldStance, FieldSpeaker, FieldSpeakerType, FieldFirm, FieldSubject, FieldThemes, FieldClaim, FieldHorizon, FieldQuote}
}

// Label is what a person says a field is.
type Label struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Correction is a label that somebody gave a quote.
type Correction struct {
	Label
	Act     int64     `json:"-"` // equal for those made, and undone, at one stroke
	QuoteID string    `json:"-"`
	Was     string    `json:"was,omitempty"` // what was shown before
	Who     string    `json:"who"`
	Why     string    `json:"why,omitempty"`
	At      time.Time `json:"at"`

	UndoneBy string    `json:"-"`
	UndoneAt time.Time `json:"-"` // zero: it stands
}

// Undone reports whether it counts no more.
func (c *Correction) Undone() bool { return !c.UndoneAt.IsZero() }

// Bounds on what a person writes, in bytes.
const (
	maxValue = 400
	maxWho   = 80
	maxWhy   = 2000
)

// Check is an ErrUsage where no field can be that. Which themes and subjects there are
// it does not know.
func (c *Label) Check() error {
	allowed, known := map[string][]string{
		FieldStance:      names(Stances()),
		FieldClaim:       {string(Position), string(Forecast), string(Recap)},
		FieldHorizon:     {string(HorizonNone), string(HorizonNear), string(HorizonYear), string(HorizonLong)},
		FieldSpeakerType: names(SpeakerTypes()),
		FieldQuote:       {NotAQuote},
	}[c.Field]
	switch {
	case !slices.Contains(CorrectionFields(), c.Field):
		return fmt.Errorf("%q is no field; people correct %s (%w)", c.Field, strings.Join(CorrectionFields(), ", "), ErrUsage)
	case known && !slices.Contains(allowed, c.Value):
		return &ValueError{c.Field, c.Value, allowed}
	case c.Field == FieldSpeaker && FoldText(c.Value) == "":
		return fmt.Errorf("speaker: a name has letters (%w)", ErrUsage)
	}
	return checkLine(c.Field, c.Value, maxValue)
}

// CheckSigned is an ErrUsage where the name of whoever corrects, or the reason, is none.
func CheckSigned(who, why string) error {
	if strings.TrimSpace(who) == "" {
		return fmt.Errorf("who: a correction is signed, with any name (%w)", ErrUsage)
	}
	if err := checkLine("who", who, maxWho); err != nil {
		return err
	}
	return checkLine("why", why, maxWhy)
}

// checkLine refuses what is no line of text, or too long a one.
func checkLine(name, value string, most int) error {
	switch {
	case len(value) > most:
		return fmt.Errorf("%s: %d bytes are too many, write at most %d (%w)", name, len(value), most, ErrUsage)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("%s: this is not one line of text (%w)", name, ErrUsage)
	}
	return nil
}

// ReviewItem is a quote whose labels are doubtful.
type ReviewItem struct {
	QuoteID  string
	Doubt    float64 // how likely it is that stance or speaker are wrong, as the tagger sees it, 0 to 1
	Days     int     // for which the view that rests on it stands
	Standing bool    // it stands today
}

// Review is what people should look at first, and how far they are.
type Review struct {
	Items  []ReviewItem // by effect on the consensus, the greatest first
	Left   int          // doubtful quotes, those beyond Items included
	Judged int          // that people judged already, among the same latest quotes
	Latest int          // how many of the latest quotes with a day are looked at, at most
}
