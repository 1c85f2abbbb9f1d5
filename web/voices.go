package web

import (
	"io"
	"iter"
	"math"
	"net/http"

	"tenor"
)

// voice is a view that stands on the chosen day.
type voice struct {
	tenor.View
	Age      int // days since it was published
	Snippets [][]piece
	Behind   []item // all its quotes in the order said, when there are several
	All      string // address of all quotes of the speaker under this filter
}

func newVoice(v tenor.View, day tenor.Day, f tenor.Filter) voice {
	f = forQuotes(f)
	f.Query, f.Stances = "", nil
	f.From, f.To = nil, nil
	if v.SpeakerType == tenor.Institution {
		f.SpeakerTypes = []tenor.SpeakerType{tenor.Institution}
	}
	one := voice{
		View: v, Age: int(day - v.Published), Snippets: snippets(v.Quote, nil),
		All: address("/quotes", with(f, "analyst", v.Speaker)),
	}
	if len(v.Quotes) > 1 {
		for i := range v.Quotes {
			one.Behind = append(one.Behind, newItem(v.Quotes[i], nil))
		}
	}
	return one
}

// standing are the views behind the point of a day (tenor.Timeline.LatestStanding); none
// outside the series, where no point counts them.
func standing(t *tenor.Timeline, day tenor.Day, most int) (counted, disputed []tenor.View, more int) {
	if !inSeries(t, day) {
		return nil, nil, 0
	}
	return t.LatestStanding(day, most)
}

// inSeries reports whether the series has a point of the day.
func inSeries(t *tenor.Timeline, day tenor.Day) bool {
	return len(t.Points) > 0 && t.Points[0].Day <= day && day <= t.Points[len(t.Points)-1].Day
}

// voicesCSV sends the votes of one day, a row each: the quote that decided, under
// the stance as which the voice counts (neutral where its quotes split).
func (v *view) voicesCSV(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, "day", "dialect")
	if err != nil {
		return err
	}
	if req.Day == nil {
		return &httpError{status: http.StatusBadRequest, sentence: "Say which day's voices, like /voices.csv?day=2025-06-30."}
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	counted, _, _ := standing(t, *req.Day, math.MaxInt)
	if err := v.store.Fill(r.Context(), counted); err != nil {
		return err
	}
	return sendFile(w, r, "text/csv; charset=utf-8", "voices-"+req.Day.String()+".csv", func(out io.Writer) error {
		_, err := tenor.WriteCSV(out, decisive(counted), req.Dialect)
		return err
	})
}

// decisive are the quotes that decided the views, labelled as the views count.
func decisive(views []tenor.View) iter.Seq2[tenor.Record, error] {
	return func(yield func(tenor.Record, error) bool) {
		for i := range views {
			r := *views[i].Quote
			r.Stance = views[i].Stance
			if !yield(r, nil) {
				return
			}
		}
	}
}
