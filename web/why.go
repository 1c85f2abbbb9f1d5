package web

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"tenor"
)

// Explainer tells why the quotes of an article have their labels; the tagger does. It
// must be safe for concurrent use.
type Explainer interface {
	ExplainAll(a *tenor.Article) ([]tenor.Explanation, error)
}

// Bounds on what is explained while somebody waits for the page.
const (
	longestExplained = 100_000 // bytes of text, which take a fifth of a second where every other sentence is a quote
	mostExplained    = 40      // quotes on the page of an article; more make it heavy
)

// explained is why the quotes of an article have their labels, by quote. Nothing where
// no tagger is at hand or the article is too long; a failure is logged, since pages
// do without.
func (v *view) explained(a *tenor.Article) map[string]*tenor.Explanation {
	if v.explainer == nil || len(a.Text) > longestExplained {
		return nil
	}
	list, err := v.explainer.ExplainAll(a)
	if err != nil {
		if !errors.Is(err, tenor.ErrNotEnglish) && !errors.Is(err, tenor.ErrTruncated) {
			v.log.Error("explaining failed", "article", a.ID, "error", err)
		}
		return nil
	}
	all := make(map[string]*tenor.Explanation, len(list))
	for i := range list {
		all[list[i].Quote.ID] = &list[i]
	}
	return all
}

// why is what speaks for the labels of a stored quote.
type why struct {
	ID, Speaker string
	Attribution float64 // 0 when the store does not know it
	Known       string  // by what the article names the speaker there
	Cue         string  // the words that report
	Mention     string  // and those that name the speaker
	Labels      []labelWhy
	Weighed     bool // the tagger's weights are at hand; if not, Labels are as stored
	Human       bool // a person's label stands
	Stale       bool // the tagger would label it otherwise today
	Gone        bool // the tagger does not find it today
}

type labelWhy struct {
	Label, Value string
	Share        float64 // 0 when it is not known
	RunnerUp     string
	Second       float64
	Stored       string // what the store has instead
	Shown        []string
	Rule         string // what gave a user's topic, which no model weighs
	Weighed      bool   // Weights and Rest are at hand
	Weights      []weight
	Rest         float64
	HeldBack     bool
}

// weight is what words weigh for a label, in log odds, and its bar.
type weight struct {
	Words string
	Value float64
	X, W  int // of the bar, which reaches from -100 to 100
}

// newWhy joins a stored quote to what today's tagger says of it, where it has been asked.
func newWhy(a *tenor.Article, r *tenor.Record, all map[string]*tenor.Explanation) *why {
	w := &why{ID: r.ID, Speaker: r.Speaker, Attribution: r.Attribution, Known: knownBy[r.Resolved], Human: r.LabelSource == tenor.LabelHuman}
	for _, ev := range r.Evidence {
		switch ev.Tag {
		case "cue":
			w.Cue = ev.Text
		case "speaker":
			w.Mention = ev.Text
		}
	}
	e := all[r.ID]
	w.Gone = e == nil && all != nil
	if e == nil {
		w.stored(r)
		return w
	}
	w.Weighed = true
	q := &e.Quote
	w.Stale = !w.Human && (q.Stance != r.Stance || q.Subject != r.Subject || !slices.Equal(q.Themes, r.Themes))
	most := 0.0 // all bars of a quote are drawn to one scale
	for i := range e.Labels {
		for _, reason := range e.Labels[i].Reasons {
			most = max(most, math.Abs(reason.Weight))
		}
	}
	for i := range e.Labels {
		w.Labels = append(w.Labels, newLabelWhy(a, r, e, &e.Labels[i], most))
	}
	return w
}

// stored has the labels with the words that the store keeps for each.
func (w *why) stored(r *tenor.Record) {
	add := func(label, value string, share float64) {
		l := labelWhy{Label: label, Value: value, Share: share}
		for _, ev := range r.Evidence {
			if ev.Tag == label+":"+value {
				l.Shown = append(l.Shown, ev.Text)
			}
		}
		w.Labels = append(w.Labels, l)
	}
	confidence := r.Confidence
	if w.Human {
		confidence = 0 // it is the tagger's, of its own label
	}
	add("stance", string(r.Stance), confidence)
	if r.Subject != "" {
		add("subject", string(r.Subject), 0)
	}
	for _, th := range r.Themes {
		add("theme", string(th), 0)
	}
}

func newLabelWhy(a *tenor.Article, r *tenor.Record, e *tenor.Explanation, l *tenor.LabelReasons, most float64) labelWhy {
	one := labelWhy{Label: l.Label, Value: l.Value, Share: l.Share, RunnerUp: l.RunnerUp, Second: l.Second, Rule: l.Rule, Weighed: l.Rule == "", Rest: l.Rest, HeldBack: l.HeldBack()}
	switch {
	case l.Label == "stance" && string(r.Stance) != l.Value:
		one.Stored = string(r.Stance)
	case l.Label == "subject" && string(r.Subject) != l.Value:
		one.Stored = string(r.Subject)
	case l.Label == "theme" && !slices.Contains(r.Themes, tenor.Theme(l.Value)):
		one.Stored = "not a theme"
	}
	for _, ev := range e.Shown(l) {
		one.Shown = append(one.Shown, ev.Span.In(a.Text))
	}
	for _, reason := range l.Reasons {
		one.Weights = append(one.Weights, newWeight(reason.Span.In(a.Text), reason.Weight, most))
	}
	return one
}

// newWeight is a weight with its bar, as long as its share of the most.
func newWeight(words string, value, most float64) weight {
	w := weight{Words: words, Value: value}
	if most > 0 {
		w.W = int(math.Round(100 * math.Abs(value) / most))
	}
	if value < 0 {
		w.X = -w.W
	}
	return w
}

// knownBy says to readers by what an article names a speaker where the words stand.
var knownBy = map[tenor.Resolution]string{
	tenor.ByName:         "named in full",
	tenor.BySurname:      "named by surname",
	tenor.ByPronoun:      "named by a pronoun",
	tenor.ByTitle:        "named by title or office",
	tenor.ByTeam:         "named by team or firm",
	tenor.ByContinuing:   "going on from the words before",
	tenor.ByAnnouncement: "announced before the words",
	tenor.ByLabel:        "named beside the words",
	tenor.BySignature:    "by the article’s signature",
}

// percent is a share as readers take it in, never surer than it is.
func percent(share float64) string {
	switch {
	case share > 0.99 && share < 1:
		return "over 99\u00a0%"
	case share > 0 && share < 0.01:
		return "under 1\u00a0%"
	}
	return strconv.Itoa(int(math.Round(100*share))) + "\u00a0%"
}

// logOdds is a weight with its sign and two digits.
func logOdds(x float64) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', 2, 64)
	switch {
	case s == "0.00":
		return s
	case x < 0:
		return "−" + s
	}
	return "+" + s
}
