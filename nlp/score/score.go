package score

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"tenor"
)

// Report is how well quotes were found and labelled. Shares are from 0 to 1.
type Report struct {
	Articles  int
	Quotes    int // labelled, optional ones left out
	Predicted int
	Unplaced  int // predictions whose words stand nowhere in the text

	Precision, Recall, F1 float64 // of attribution: the right words by the right speaker
	Firm                  float64
	Stance                float64 // accuracy
	StanceF1              float64 // mean over the three stances
	ThemeF1               float64 // over all theme labels
	Subject               float64
	EndToEnd              float64 // F1 where a quote counts only if its stance is right too

	Errors []Error

	subjects  int                   // found quotes whose subject is labelled
	intervals map[string][2]float64 // of the shares, by name; see Measures
}

// Error is one way in which a prediction differs from the labels.
type Error struct {
	Kind    string // MISSED, FALSE, STANCE
	File    string
	Speaker string
	Detail  string
	Words   string
}

// tally gathers what the figures are made of.
type tally struct {
	required, found, right        int
	predicted, good, goodStance   int
	unplaced                      int
	firm, subject, subjectSeen    int
	themeTrue, themeFalse, missed int
	pairs                         map[[2]tenor.Stance]int // labelled, predicted
	errors                        []Error
}

type placed[T any] struct {
	value T
	spot  map[int]bool
}

// Score compares predictions with labelled articles. Passages are compared by the
// characters they cover, so that splitting and merging cost nothing: a labelled
// quote is found when predictions of its speaker cover at least half of it, and a
// prediction is right when at least half of it lies in quotes of its speaker.
// Articles are matched by the last part of their file's path.
func Score(gold []Article, predicted []tenor.Record) Report {
	byFile := map[string][]*tenor.Record{}
	for i := range predicted {
		name := filepath.Base(predicted[i].File)
		byFile[name] = append(byFile[name], &predicted[i])
	}
	t := newTally()
	each := make([]*tally, len(gold))
	for i := range gold {
		each[i] = newTally()
		each[i].article(&gold[i], byFile[filepath.Base(gold[i].File)])
		t.merge(each[i])
	}
	r := t.report()
	r.Articles = len(gold)
	r.intervals = intervals(each)
	return r
}

func newTally() *tally { return &tally{pairs: map[[2]tenor.Stance]int{}} }

// merge adds what another one gathered.
func (t *tally) merge(o *tally) {
	for _, sum := range []struct {
		to   *int
		more int
	}{
		{&t.required, o.required}, {&t.found, o.found}, {&t.right, o.right}, {&t.predicted, o.predicted}, {&t.good, o.good},
		{&t.goodStance, o.goodStance}, {&t.unplaced, o.unplaced}, {&t.firm, o.firm}, {&t.subject, o.subject},
		{&t.subjectSeen, o.subjectSeen}, {&t.themeTrue, o.themeTrue}, {&t.themeFalse, o.themeFalse}, {&t.missed, o.missed},
	} {
		*sum.to += sum.more
	}
	for pair, n := range o.pairs {
		t.pairs[pair] += n
	}
	t.errors = append(t.errors, o.errors...)
}

func (t *tally) article(a *Article, predictions []*tenor.Record) {
	text := string(normal(a.Text))
	labelled := make([]placed[*Quote], len(a.Quotes))
	for i := range a.Quotes {
		labelled[i] = placed[*Quote]{&a.Quotes[i], place(text, a.Quotes[i].Segments)}
	}
	mine := make([]placed[*tenor.Record], len(predictions))
	for i, p := range predictions {
		mine[i] = placed[*tenor.Record]{p, place(text, p.Segments)}
		if len(mine[i].spot) == 0 {
			t.unplaced++
		}
	}
	for _, g := range labelled {
		t.labelled(a.File, g, mine)
	}
	for _, p := range mine {
		t.prediction(a.File, p, labelled)
	}
}

// labelled looks for a labelled quote among the predictions.
func (t *tally) labelled(file string, g placed[*Quote], mine []placed[*tenor.Record]) {
	covered := map[int]bool{}
	var best *tenor.Record
	most := 0
	for _, p := range mine {
		if !sameSpeaker(g.value, p.value.Speaker) {
			continue
		}
		if n := overlap(g.spot, p.spot); n > most {
			best, most = p.value, n
		}
		for i := range p.spot {
			if g.spot[i] {
				covered[i] = true
			}
		}
	}
	hit := len(g.spot) > 0 && 2*len(covered) >= len(g.spot)
	if !g.value.Optional {
		t.required++
		if !hit {
			t.fail("MISSED", file, g.value.Speaker, "", g.value.Segments)
		}
	}
	if !hit || g.value.Optional {
		return
	}
	t.found++
	t.pairs[[2]tenor.Stance{g.value.Stance, best.Stance}]++
	if g.value.Stance == best.Stance {
		t.right++
	} else {
		t.fail("STANCE", file, g.value.Speaker, fmt.Sprintf("%s for %s", best.Stance, g.value.Stance), g.value.Segments)
	}
	t.themes(g.value, best.Themes)
	if g.value.Firm == "" || sameFirm(g.value.Firm, best.Firm) {
		t.firm++
	}
	if g.value.Subject != "" {
		t.subjectSeen++
		if g.value.Subject == best.Subject {
			t.subject++
		}
	}
}

func (t *tally) themes(gold *Quote, predicted []tenor.Theme) {
	for _, theme := range predicted {
		switch {
		case slices.Contains(gold.ThemesMaybe, theme):
		case slices.Contains(gold.Themes, theme):
			t.themeTrue++
		default:
			t.themeFalse++
		}
	}
	for _, theme := range gold.Themes {
		if !slices.Contains(predicted, theme) || slices.Contains(gold.ThemesMaybe, theme) {
			t.missed++
		}
	}
}

// prediction looks for a prediction among the labelled quotes.
func (t *tally) prediction(file string, p placed[*tenor.Record], labelled []placed[*Quote]) {
	t.predicted++
	inside, most := 0, 0
	var best *Quote
	for _, g := range labelled {
		if !sameSpeaker(g.value, p.value.Speaker) {
			continue
		}
		n := overlap(g.spot, p.spot)
		inside += n
		if n > most {
			best, most = g.value, n
		}
	}
	if best == nil || 2*inside < len(p.spot) {
		t.fail("FALSE", file, p.value.Speaker, "", p.value.Segments)
		return
	}
	t.good++
	if best.Optional || best.Stance == p.value.Stance {
		t.goodStance++
	}
}

func (t *tally) fail(kind, file, speaker, detail string, segments []string) {
	words := ""
	if len(segments) > 0 {
		words = segments[0]
	}
	t.errors = append(t.errors, Error{kind, file, speaker, detail, words})
}

func (t *tally) report() Report {
	r := Report{
		Quotes: t.required, Predicted: t.predicted, Unplaced: t.unplaced,
		Precision: share(t.good, t.predicted), Recall: share(t.found, t.required),
		Firm: share(t.firm, t.found), Stance: share(t.right, t.found), Subject: share(t.subject, t.subjectSeen),
		ThemeF1:  f1(share(t.themeTrue, t.themeTrue+t.themeFalse), share(t.themeTrue, t.themeTrue+t.missed)),
		EndToEnd: f1(share(t.goodStance, t.predicted), share(t.right, t.required)),
		Errors:   t.errors,
		subjects: t.subjectSeen,
	}
	r.F1 = f1(r.Precision, r.Recall)
	for _, s := range tenor.Stances() {
		both, labelled, predicted := t.pairs[[2]tenor.Stance{s, s}], 0, 0
		for pair, n := range t.pairs {
			if pair[0] == s {
				labelled += n
			}
			if pair[1] == s {
				predicted += n
			}
		}
		r.StanceF1 += f1(share(both, predicted), share(both, labelled)) / 3
	}
	return r
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func f1(precision, recall float64) float64 {
	if precision+recall == 0 {
		return 0
	}
	return 2 * precision * recall / (precision + recall)
}

// Write prints the figures, a name and a value a line.
func (r *Report) Write(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "%-24s%d\n%-24s%d\n%-24s%d\n", "quotes", r.Quotes, "predicted", r.Predicted, "unplaced", r.Unplaced); err != nil {
		return err
	}
	for _, m := range r.shares() {
		if _, err := fmt.Fprintf(w, "%-24s%.3f\n", m.Name, m.Value); err != nil {
			return err
		}
	}
	return nil
}

// String is the error as one line.
func (e Error) String() string {
	detail := e.Detail
	if detail != "" {
		detail += ": "
	}
	return fmt.Sprintf("%-8s %s: %s: %s%.90s", e.Kind, e.File, e.Speaker, detail, e.Words)
}
