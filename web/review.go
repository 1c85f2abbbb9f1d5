package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tenor"
)

// loggedActs is how many corrections the lists of /review show.
const loggedActs = 200

type reviewPage struct {
	chrome
	Filter  string // doubtful, corrected or removed
	Reader  bool   // nobody can correct here
	Left    int
	Judged  int
	Share   int // judged, in percent of all that is or was doubtful
	Place   int // 1 is the first
	Latest  int
	Prev    string
	Next    string
	Card    *reviewCard
	Done    *act // that led here
	Log     []logged
	LogFull bool
}

// reviewCard is one quote to judge.
type reviewCard struct {
	Quote   tenor.Record
	Item    tenor.ReviewItem
	Listed  bool // it is in the queue
	Context []excerpt
	At      string // the article at the quote
	Correct *correctForm
}

// logged is a correction with its quote.
type logged struct {
	Act    act
	Quote  *tenor.Record // nil where it is gone
	Opened string
}

func reviewAt(n int) string { return "/review?at=" + strconv.Itoa(n) }

// review shows the doubtful quotes, one at a time, or what was corrected.
func (v *view) review(w http.ResponseWriter, r *http.Request) error {
	q, err := reviewQuery(r)
	if err != nil {
		return err
	}
	page := &reviewPage{chrome: chrome{Title: "Review", Nav: "/review"}, Filter: q.Get("filter"), Reader: v.corrector == nil}
	switch page.Filter {
	case "":
		page.Filter = "doubtful"
	case "doubtful":
	case "corrected", "removed":
		if page.Log, err = v.logOf(r.Context(), page.Filter); err != nil {
			return err
		}
		page.LogFull = len(page.Log) >= loggedActs
		return v.render(w, http.StatusOK, "review", page)
	default:
		return &tenor.ValueError{Name: "filter", Value: page.Filter, Allowed: []string{"doubtful", "corrected", "removed"}}
	}
	queue, err := v.store.Review(r.Context())
	if err != nil {
		return err
	}
	page.Left, page.Judged, page.Latest = queue.Left, queue.Judged, queue.Latest
	if all := page.Left + page.Judged; all > 0 {
		page.Share = 100 * page.Judged / all
	}
	at := min(atoi(q.Get("at")), len(queue.Items)-1)
	item := tenor.ReviewItem{QuoteID: q.Get("quote")}
	if item.QuoteID != "" {
		if at = slices.IndexFunc(queue.Items, func(i tenor.ReviewItem) bool { return i.QuoteID == item.QuoteID }); at < 0 {
			page.Next = reviewAt(0)
		}
	}
	if at >= 0 {
		item = queue.Items[at]
		page.Place = at + 1
		if at > 0 {
			page.Prev = reviewAt(at - 1)
		}
		if at+1 < len(queue.Items) {
			page.Next = reviewAt(at + 1)
		}
	}
	if page.Card, err = v.newCard(r, item, at); err != nil {
		return err
	}
	if done := int64(atoi(q.Get("done"))); done != 0 {
		if page.Done, err = v.doneAct(r.Context(), done); err != nil {
			return err
		}
	}
	return v.render(w, http.StatusOK, "review", page)
}

// reviewQuery reads the address's query.
func reviewQuery(r *http.Request) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("the address holds a broken %%-escape or a semicolon (%w)", tenor.ErrUsage)
	}
	for name, list := range q {
		if !slices.Contains([]string{"filter", "at", "quote", "done"}, name) || len(list) > 1 {
			return nil, fmt.Errorf("%s means nothing at this address, which takes filter, at, quote and done, once each (%w)", strconv.Quote(name), tenor.ErrUsage)
		}
		if _, err := strconv.ParseUint(list[0], 10, 31); err != nil && (name == "at" || name == "done") {
			return nil, fmt.Errorf("%s: %q is not a number (%w)", name, list[0], tenor.ErrUsage)
		}
	}
	return q, nil
}

// newCard is the quote to judge; nil where there is none.
func (v *view) newCard(r *http.Request, item tenor.ReviewItem, at int) (*reviewCard, error) {
	if item.QuoteID == "" {
		return nil, nil
	}
	record, err := v.store.Record(r.Context(), item.QuoteID)
	if errors.Is(err, tenor.ErrNotFound) {
		return nil, &httpError{status: http.StatusNotFound, sentence: "This quote is not in the store any more. The queue begins at /review."}
	}
	if err != nil {
		return nil, err
	}
	article, _, err := v.store.Article(r.Context(), record.ArticleID)
	if err != nil {
		return nil, err
	}
	card := &reviewCard{Quote: record, Item: item, Listed: at >= 0, At: articlePath(&record), Correct: v.newCorrectForm(r, &record)}
	if record.Version == 0 {
		card.Context = around(article.Text, &record)
	}
	if card.Correct != nil {
		card.Correct.Review, card.Correct.At = true, max(at, 0)
	}
	return card, nil
}

// doneAct is what was just done, for its undo; nil where it does not stand.
func (v *view) doneAct(ctx context.Context, number int64) (*act, error) {
	list, err := v.store.LatestCorrections(ctx, false, loggedActs)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c tenor.Correction) bool { return c.Act != number })
	if acts := v.acts(list, "review"); len(acts) > 0 {
		return &acts[0], nil
	}
	return nil, nil
}

func (v *view) logOf(ctx context.Context, filter string) ([]logged, error) {
	list, err := v.store.LatestCorrections(ctx, filter == "removed", loggedActs)
	if err != nil {
		return nil, err
	}
	var lines []logged
	for _, a := range v.acts(list, filter) {
		line := logged{Act: a}
		record, err := v.store.Removed(ctx, a.QuoteID)
		if errors.Is(err, tenor.ErrNotFound) {
			record, err = v.store.Record(ctx, a.QuoteID)
		}
		switch {
		case err == nil:
			line.Quote, line.Opened = &record, opening(record.Text())
		case !errors.Is(err, tenor.ErrNotFound):
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}
