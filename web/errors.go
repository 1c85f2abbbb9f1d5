package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"tenor"
)

// httpError is an error with its status and one sentence for the reader.
type httpError struct {
	status   int
	sentence string
	near     []link // what may have been meant
}

// link is a name with its page.
type link struct{ Name, Href string }

func (e *httpError) Error() string { return e.sentence }

// explain is the status of an error and the sentence that a reader may see.
// Anything unforeseen is "Internal error": its text may hold paths or SQL.
func explain(err error) (status int, sentence string) {
	var known *httpError
	var noRoom *tenor.NoRoomError
	switch {
	case errors.As(err, &known):
		return known.status, known.sentence
	case errors.Is(err, tenor.ErrUsage):
		return http.StatusBadRequest, asSentence(err)
	case errors.Is(err, tenor.ErrNotFound):
		return http.StatusNotFound, "There is nothing at this address."
	case errors.As(err, &noRoom):
		return http.StatusInsufficientStorage, asSentence(noRoom)
	case errors.Is(err, tenor.ErrDiskFull):
		return http.StatusInsufficientStorage, "The disk is full, so nothing was written: free some space there, then try again."
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, "That took too long and was stopped: narrow it by a filter, a day or a rarer word."
	}
	return http.StatusInternalServerError, "Internal error"
}

// asSentence is an error of usage without the sentinel's own words.
func asSentence(err error) string {
	s := strings.TrimSuffix(err.Error(), " ("+tenor.ErrUsage.Error()+")")
	s = strings.TrimSuffix(s, ": "+tenor.ErrUsage.Error())
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// handler answers a request or says why it cannot, before writing anything.
type handler func(w http.ResponseWriter, r *http.Request) error

// page makes a handler of HTML: bounded in time, its errors shown as a page.
func (v *view) page(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := v.work(w, r, h)
		if err == nil || v.gone(r) {
			return
		}
		status := v.report(r, err)
		_, sentence := explain(err)
		page := &errorPage{chrome: chrome{Title: headline(r.Method, status)}, Status: status, Sentence: sentence, Sent: r.Method == http.MethodPost && status < 500}
		if known := (*httpError)(nil); errors.As(err, &known) {
			page.Near = known.near
		}
		v.render(w, status, "error", page)
	})
}

// headline says what became of a request, above the sentence that says why.
func headline(method string, status int) string {
	switch status {
	case http.StatusBadRequest:
		if method == http.MethodPost {
			return "That cannot be done"
		}
		return "That address cannot be read"
	case http.StatusNotFound:
		return "Nothing is here"
	case http.StatusConflict:
		return "That name is taken"
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return "Too much at once"
	case http.StatusInsufficientStorage:
		return "The disk is full"
	case http.StatusInternalServerError:
		return "Something went wrong here"
	}
	return http.StatusText(status)
}

type errorPage struct {
	chrome
	Status   int
	Sentence string
	Sent     bool // a form was refused
	Near     []link
}

// near are the people, firms or outlets that somebody who wrote name may have meant.
func (v *view) near(ctx context.Context, kind, name string) ([]link, error) {
	names, err := v.store.Values(ctx, kind, 0)
	if err != nil {
		return nil, err
	}
	var list []link
	for _, one := range tenor.Nearest(name, names, mostNear) {
		href := personPath(one)
		switch kind {
		case "firm":
			href = firmPath(one)
		case "outlet":
			href = outletPath(one)
		}
		list = append(list, link{one, href})
	}
	return list, nil
}

// mostNear is how many names are proposed.
const mostNear = 6

// problem is an error as the API gives it: RFC 9457, its detail one sentence.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// api makes a handler of JSON: bounded in time, its errors problems.
func (v *view) api(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := v.work(w, r, h); err != nil && !v.gone(r) {
			status := v.report(r, err)
			_, sentence := explain(err)
			writeAs(w, status, "application/problem+json", problem{"about:blank", http.StatusText(status), status, sentence})
		}
	})
}

// gone reports whether the client left, so that nobody reads an error.
func (v *view) gone(r *http.Request) bool { return r.Context().Err() != nil }

// report logs what is the server's own fault and gives the status.
func (v *view) report(r *http.Request, err error) int {
	status, _ := explain(err)
	if status >= 500 {
		v.log.Error("request failed", "path", r.URL.Path, "query", r.URL.RawQuery, "error", err)
	}
	return status
}

// nothingHere answers addresses that no route has.
func (v *view) nothingHere(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return &httpError{status: http.StatusMethodNotAllowed, sentence: "This address only shows: it takes GET and HEAD."}
	}
	return &httpError{status: http.StatusNotFound, sentence: "There is no page at this address."}
}

func (v *view) healthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), v.queryTime)
	defer cancel()
	if _, err := v.store.Totals(ctx); err != nil {
		v.log.Error("health check failed", "error", err)
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "the store does not answer"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// writeJSON answers with a value that is known to marshal.
func writeJSON(w http.ResponseWriter, status int, value any) {
	writeAs(w, status, "application/json; charset=utf-8", value)
}

func writeAs(w http.ResponseWriter, status int, contentType string, value any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true)
	e.Encode(value) // an error here is the client's having left
}
