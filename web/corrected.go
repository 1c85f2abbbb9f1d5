package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// undo is POST /corrections/{act}/undo.
func (v *view) undo(w http.ResponseWriter, r *http.Request) error {
	who, err := v.readForm(w, r)
	if err != nil {
		return err
	}
	act, err := strconv.ParseInt(r.PathValue("act"), 10, 64)
	if err != nil {
		return &httpError{status: http.StatusNotFound, sentence: "There is no such correction."}
	}
	id, err := v.corrector.Undo(r.Context(), act, who)
	if errors.Is(err, tenor.ErrNotFound) {
		return &httpError{status: http.StatusNotFound, sentence: "There is no such correction, or it is undone already."}
	}
	if err != nil {
		return plainRefusal(err)
	}
	to := "/quotes/" + url.PathEscape(id)
	switch r.PostForm.Get("from") {
	case "review":
		to = "/review?quote=" + url.QueryEscape(id)
	case "corrected", "removed":
		to = "/review?filter=" + r.PostForm.Get("from")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// act is what somebody said of a quote at one stroke.
type act struct {
	tenor.Correction
	Changes  []tenor.Correction
	Undoable bool
	Key      bool   // a key undoes it: the latest of a list that stands
	From     string // the list in which it stands; empty: the quote's page
}

// acts gathers corrections, which come the latest first, by the stroke at which they were
// made.
func (v *view) acts(list []tenor.Correction, from string) []act {
	var all []act
	for _, c := range list {
		if n := len(all); n > 0 && c.Act != 0 && all[n-1].Act == c.Act && all[n-1].QuoteID == c.QuoteID {
			all[n-1].Changes = append([]tenor.Correction{c}, all[n-1].Changes...)
			continue
		}
		all = append(all, act{Correction: c, Changes: []tenor.Correction{c}, Undoable: v.corrector != nil && c.Act != 0 && !c.Undone(), From: from})
	}
	if i := slices.IndexFunc(all, func(a act) bool { return a.Undoable }); i >= 0 {
		all[i].Key = true
	}
	return all
}

// fieldValue is a corrected value as readers take it in.
func fieldValue(field, value string) string {
	switch {
	case field == tenor.FieldQuote:
		return "not a quote"
	case value == "":
		return "none"
	case field == tenor.FieldThemes:
		return human(strings.ReplaceAll(value, "|", ", "))
	case field == tenor.FieldSubject:
		return human(value)
	case field == tenor.FieldStance:
		return shape(value) + " " + value
	}
	return value
}

// removedQuote is the page of a quote that a person said is none; nil where it is another,
// found or not.
func (v *view) removedQuote(r *http.Request, found *tenor.Record, err error) (*quotePage, error) {
	id := r.PathValue("id")
	if err == nil && found.Version == 0 || len(id) > longestID {
		return nil, nil
	}
	record, err := v.store.Removed(r.Context(), id)
	if errors.Is(err, tenor.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	article, _, err := v.store.Article(r.Context(), record.ArticleID)
	if err != nil {
		return nil, err
	}
	history, err := v.store.Corrections(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return &quotePage{
		chrome: chrome{Title: "Removed: " + opening(record.Text()), Nav: "/quotes"},
		Quote:  record, Article: article, Context: around(article.Text, &record),
		At: "/articles/" + strconv.FormatInt(record.ArticleID, 10), History: v.acts(history, ""), Removed: true,
	}, nil
}
