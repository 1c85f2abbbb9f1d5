package tenor

import (
	"cmp"
	"slices"
)

// CopyDays is for how many days after its first report the same utterance is a
// copy of it rather than said again.
const CopyDays = 7

// FoldCopies finds the records that are one utterance reported more than once
// and sets Cluster and Copies of each. Two records are copies when the same voice
// says the same within CopyDays of the first report, in the same words or in
// words that a rewriter or translator would put for them (similarity). The result
// depends neither on the order of the records nor on what Cluster and Copies were
// before.
func FoldCopies(records []Record) {
	voices := map[string][]*Report{}
	reports := make([]Report, len(records))
	for i := range records {
		reports[i] = NewReport(&records[i])
		key := records[i].voice()
		if key == "" { // nobody is named: only the words can tell
			key = "\x00" + FoldText(reports[i].Text)
		}
		voices[key] = append(voices[key], &reports[i])
	}
	copies := map[string]int{}
	for _, voice := range voices {
		FoldVoice(voice)
		for _, r := range voice {
			copies[r.Cluster]++
		}
	}
	for i := range records {
		records[i].Cluster = reports[i].Cluster
		records[i].Copies = copies[reports[i].Cluster]
	}
}

// voice is the identity of whoever speaks: the store's where it knows one, for
// it also knows which spellings people have joined.
func (r *Record) voice() string {
	if r.Voice != "" {
		return r.Voice
	}
	return r.VoiceKey()
}

// CopyKey is equal for records with the same words, letters and digits compared.
func (r *Record) CopyKey() string { return CopyKeyOf(r.Text()) }

// CopyKeyOf is the CopyKey of a record with this text.
func CopyKeyOf(text string) string { return digest(FoldText(text)) }

// Report is what has to be known of a quote to find its copies among others of
// the same voice.
type Report struct {
	ID      string
	Article string // equal for quotes of one article
	Day     Day
	Dated   bool
	Text    string
	Speaker string
	Firm    string
	Cluster string // ID of the first report of the utterance
	// Settled: Cluster is known and does not change, since it depends on
	// earlier reports only.
	Settled bool

	known *features
}

// NewReport is the record as FoldVoice needs it.
func NewReport(r *Record) Report {
	article := r.ArticleKey
	if article == "" {
		article = r.ID
	}
	day, dated := r.Published.Day(Market)
	return Report{
		ID: r.ID, Article: article, Day: day, Dated: dated, Text: r.Text(),
		Speaker: r.Speaker, Firm: r.Firm, Cluster: r.ID,
	}
}

func (r *Report) features() *features {
	if r.known == nil {
		r.known = newFeatures(r.Text, r.Speaker, r.Firm)
	}
	return r.known
}

// FoldVoice sets the Cluster of every report of one voice that is not settled.
//
// Reports are taken by day, then identifier. Each joins that first report of at
// most CopyDays before which it repeats most closely, the earliest of equals, or
// else is a first report itself: so a cluster depends on nothing later, and not on
// the order of collection. One without a day joins the earliest of its very words.
func FoldVoice(reports []*Report) {
	var dated, undated []*Report
	for _, r := range reports {
		if r.Dated {
			dated = append(dated, r)
		} else {
			undated = append(undated, r)
		}
	}
	order := func(a, b *Report) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(dated, order)
	slices.SortFunc(undated, order)

	v := voiceFold{articles: map[string][]*Report{}}
	for _, r := range dated {
		v.articles[r.Article] = append(v.articles[r.Article], r)
	}
	var firsts []*Report
	for _, r := range dated {
		for len(firsts) > 0 && (firsts[0].Day+CopyDays < r.Day || len(firsts) > mostFirsts) {
			firsts = firsts[1:]
		}
		if !r.Settled {
			r.Cluster = r.ID
			closest := 0.0
			for _, f := range firsts {
				if s := v.repeats(r, f); s > closest {
					r.Cluster, closest = f.ID, s
				}
			}
		}
		if r.Cluster == r.ID {
			firsts = append(firsts, r)
		}
	}
	if len(undated) == 0 {
		return
	}
	byWords := map[string]string{}
	for _, r := range append(dated, undated...) {
		words := FoldText(r.Text)
		if byWords[words] == "" {
			byWords[words] = r.Cluster
		}
		if !r.Dated {
			r.Cluster = byWords[words]
		}
	}
}

// mostFirsts bounds how many first reports of one voice within CopyDays a report
// is compared with, so that a page of a thousand forged quotes stays cheap.
const mostFirsts = 256

// voiceFold is one voice being folded.
type voiceFold struct {
	articles map[string][]*Report // the voice's reports in each
}

// From which similarity on two reports of one voice within CopyDays are one
// utterance. An article says a thing once, so a report repeats at most one of
// another article, the closest; and where one of the voice's quotes is surely
// retold the others of the two articles need less. In one article only a headline's
// or summary's repetition is a copy.
const (
	sameFrom        = 0.80
	closestFrom     = 0.44
	sameArticleFrom = 0.85

	// Where the closest pair of the two articles is at least so similar …
	surelyRetoldFrom, retoldFrom = 0.60, 0.44
	// … this is enough for the next.
	besideSureFrom, besideFrom = 0.21, 0.30
)

// repeats is how similar r is to an earlier report if they are one utterance,
// else 0.
func (v *voiceFold) repeats(r, first *Report) float64 {
	inOne := r.Article == first.Article
	if inOne && (2*len(r.Text) < len(first.Text) || 2*len(first.Text) < len(r.Text)) {
		return 0
	}
	s, thin := similarity(r.features(), first.features())
	switch {
	case inOne && s < sameArticleFrom:
		return 0
	case s >= sameFrom:
		return s
	case s < besideSureFrom || (s < closestFrom || thin) && !v.retoldBeside(s, r, first):
		return 0
	}
	for _, other := range v.articles[r.Article] {
		if closer, _ := similarity(other.features(), first.features()); closer > s {
			return 0
		}
	}
	for _, other := range v.articles[first.Article] {
		if closer, _ := similarity(r.features(), other.features()); closer > s {
			return 0
		}
	}
	return s
}

// retoldBeside reports whether s is enough for two quotes whose articles share
// another of the voice.
func (v *voiceFold) retoldBeside(s float64, one, other *Report) bool {
	least := retoldFrom
	if s < besideFrom {
		least = surelyRetoldFrom
	}
	for _, a := range v.articles[one.Article] {
		for _, b := range v.articles[other.Article] {
			if s, thin := similarity(a.features(), b.features()); s >= least && !thin {
				return true
			}
		}
	}
	return false
}

// earlier orders records by day of publication, then by identifier, so that the
// order is the same in every run. Undated ones have day 0.
func earlier(a, b *Record) int {
	dayA, _ := a.Published.Day(Market)
	dayB, _ := b.Published.Day(Market)
	return cmp.Or(cmp.Compare(dayA, dayB), cmp.Compare(a.ID, b.ID))
}
