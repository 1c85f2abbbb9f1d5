package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tenor"
)

// Corrector writes what people say of quotes; *store.Store that was opened for writing is
// one.
type Corrector interface {
	Correct(ctx context.Context, quoteID string, labels []tenor.Label, who, why string) (act int64, err error)
	Undo(ctx context.Context, act int64, who string) (quoteID string, err error)
}

// correctForm is what corrects a quote. Fields are sent with what they were, so that one
// that nobody touched never undoes what somebody else said meanwhile.
type correctForm struct {
	ID                               string
	Stances                          []stanceButton
	Stance                           tenor.Stance
	Speaker, Firm                    string
	Types, Subjects, Claims, Horizon []option
	Themes                           []option
	ThemesWas                        string
	Who                              string
	Review                           bool // sent from the queue, back to which it leads
	At                               int  // place in the queue
}

// selectField is a field of which one value is chosen.
type selectField struct {
	Name, Label, Key string
	Choices          []option
}

func newSelect(name, label, key string, choices []option) selectField {
	return selectField{name, label, key, choices}
}

type stanceButton struct {
	Stance tenor.Stance
	Key    string
	Now    bool
}

// newCorrectForm is the form of a quote; nil where nobody may correct it.
func (v *view) newCorrectForm(r *http.Request, q *tenor.Record) *correctForm {
	if v.corrector == nil || q.Version != 0 {
		return nil
	}
	f := &correctForm{ID: q.ID, Stance: q.Stance, Speaker: q.Speaker, Firm: q.Firm, Who: v.who(r)}
	for i, s := range tenor.Stances() {
		f.Stances = append(f.Stances, stanceButton{s, []string{"b", "n", "f"}[i], s == q.Stance})
	}
	f.Types = fieldOptions(tenor.SpeakerTypes(), q.SpeakerType)
	f.Subjects = fieldOptions(v.topics.Subjects(), q.Subject)
	f.Claims = fieldOptions([]tenor.Claim{tenor.Position, tenor.Forecast, tenor.Recap}, q.Claim)
	f.Horizon = fieldOptions([]tenor.Horizon{tenor.HorizonNone, tenor.HorizonNear, tenor.HorizonYear, tenor.HorizonLong}, q.Horizon)
	f.Themes = fieldOptions(v.topics.Themes(), q.Themes...)
	f.ThemesWas = strings.Join(plainNames(q.Themes), "|")
	return f
}

// fieldOptions are values, with those of a quote chosen, which stay even where they are
// configured no longer.
func fieldOptions[T ~string](all []T, now ...T) []option {
	var list []option
	add := func(value T) {
		label := human(value)
		if value == "" {
			label = "none"
		}
		list = append(list, option{string(value), label, slices.Contains(now, value)})
	}
	for _, value := range all {
		add(value)
	}
	for _, value := range now {
		if !slices.Contains(all, value) {
			add(value)
		}
	}
	return list
}

// maxForm bounds, in bytes, what a form may send.
const maxForm = 64 << 10

// whoCookie keeps the name under which a reader corrects.
const whoCookie = "tenor_who"

// who is the name under which the reader corrects, unless the form says another.
func (v *view) who(r *http.Request) string {
	if c, err := r.Cookie(whoCookie); err == nil {
		if name, err := url.QueryUnescape(c.Value); err == nil && tenor.CheckSigned(name, "") == nil {
			return name
		}
	}
	return v.defaultWho
}

// readForm reads a form, and who sends it; a name of their own is remembered.
func (v *view) readForm(w http.ResponseWriter, r *http.Request) (who string, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return "", fmt.Errorf("this form cannot be read; it takes at most %d kB (%w)", maxForm>>10, tenor.ErrUsage)
	}
	who = v.who(r)
	if name := strings.TrimSpace(r.PostForm.Get("who")); name != "" && name != who {
		if err := tenor.CheckSigned(name, ""); err != nil {
			return "", err
		}
		who = name
		http.SetCookie(w, &http.Cookie{
			Name: whoCookie, Value: url.QueryEscape(name), Path: "/", MaxAge: 365 * 24 * 3600,
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
		})
	}
	return who, nil
}

// correct is POST /quotes/{id}/corrections.
func (v *view) correct(w http.ResponseWriter, r *http.Request) error {
	who, err := v.readForm(w, r)
	if err != nil {
		return err
	}
	labels, err := v.sentLabels(r.PostForm)
	if err != nil {
		return err
	}
	id, why := r.PathValue("id"), strings.TrimSpace(r.PostForm.Get("why"))
	var act int64
	switch {
	case len(labels) == 0 && why != "": // a reason alone would be lost in silence
		return &httpError{status: http.StatusBadRequest, sentence: "No label was changed, so there is nothing that this would be the reason of: change one, or say that it is right as it is."}
	case len(labels) > 0:
		act, err = v.corrector.Correct(r.Context(), id, labels, who, why)
		if errors.Is(err, tenor.ErrNotFound) {
			return &httpError{status: http.StatusNotFound, sentence: "No quote of that name stands in this store any more, so there is nothing to correct."}
		}
		if err != nil {
			return plainRefusal(err)
		}
	}
	to := "/quotes/" + url.PathEscape(id)
	if r.PostForm.Get("from") == "review" {
		to = reviewAt(atoi(r.PostForm.Get("at")))
		if act != 0 {
			to += "&done=" + strconv.FormatInt(act, 10)
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// plainRefusal is an error of usage without the identifier that the store puts before it,
// which the reader of a page has no use for.
func plainRefusal(err error) error {
	var value *tenor.ValueError
	if errors.As(err, &value) {
		return value
	}
	if inner := errors.Unwrap(err); errors.Is(err, tenor.ErrUsage) && inner != nil && errors.Is(inner, tenor.ErrUsage) && inner != tenor.ErrUsage {
		return inner
	}
	return err
}

// sentLabels are what a form says: the fields that were changed, and what its button means.
func (v *view) sentLabels(form url.Values) ([]tenor.Label, error) {
	if list := form["do"]; len(list) != 1 {
		return nil, fmt.Errorf("do: say once what to do: save, right, not-a-quote, or a stance (%w)", tenor.ErrUsage)
	}
	var labels []tenor.Label
	do := form.Get("do")
	switch {
	case slices.Contains(tenor.Stances(), tenor.Stance(do)):
		labels = append(labels, tenor.Label{Field: tenor.FieldStance, Value: do})
	case do == "right":
		labels = append(labels, tenor.Label{Field: tenor.FieldStance, Value: form.Get("stance_was")})
	case do == "not-a-quote":
		return []tenor.Label{{Field: tenor.FieldQuote, Value: tenor.NotAQuote}}, nil
	case do != "save":
		return nil, &tenor.ValueError{Name: "do", Value: do, Allowed: []string{"save", "right", "not-a-quote", "bullish", "neutral", "fragile"}}
	}
	for _, field := range []string{tenor.FieldSpeaker, tenor.FieldSpeakerType, tenor.FieldFirm, tenor.FieldSubject, tenor.FieldThemes, tenor.FieldClaim, tenor.FieldHorizon} {
		if !form.Has(field + "_was") {
			continue // the page did not offer it
		}
		was, value := form.Get(field+"_was"), strings.Join(strings.Fields(form.Get(field)), " ")
		switch field {
		case tenor.FieldThemes:
			var err error
			if value, err = v.sentThemes(form["themes"], was); err != nil {
				return nil, err
			}
		case tenor.FieldSubject:
			if value != was && !slices.Contains(v.topics.Subjects(), tenor.Subject(value)) {
				return nil, &tenor.ValueError{Name: field, Value: value, Allowed: plainNames(v.topics.Subjects())}
			}
		}
		if value != was {
			labels = append(labels, tenor.Label{Field: field, Value: value})
		}
	}
	return labels, nil
}

// sentThemes joins themes in their order; one that is configured no longer may stay.
func (v *view) sentThemes(sent []string, was string) (string, error) {
	known := plainNames(v.topics.Themes())
	for _, old := range strings.Split(was, "|") {
		if old != "" && !slices.Contains(known, old) {
			known = append(known, old)
		}
	}
	for _, t := range sent {
		if !slices.Contains(known, t) {
			return "", &tenor.ValueError{Name: "themes", Value: t, Allowed: plainNames(v.topics.Themes())}
		}
	}
	chosen := slices.DeleteFunc(known, func(t string) bool { return !slices.Contains(sent, t) })
	if before := strings.Split(was, "|"); was != "" && len(before) == len(chosen) &&
		!slices.ContainsFunc(before, func(t string) bool { return !slices.Contains(chosen, t) }) {
		return was, nil // the same ones, stored in another order
	}
	return strings.Join(chosen, "|"), nil
}

func plainNames[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// atoi is a number of the form, 0 where it is none.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
