package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tenor"
)

// Page sizes of lists of quotes.
const (
	defaultLimit = 50
	maxLimit     = 500
)

// request is an address's query, read.
type request struct {
	Filter  tenor.Filter
	Cursor  string
	Limit   int // 0 when not given
	Day     *tenor.Day
	Moved   *period
	Look    look
	Dialect tenor.Dialect
}

// parse reads the query of an address: the filter, and what else this address
// takes (cursor, limit, day, moved, dialect, a look). A name that means nothing here is an error, and
// so is a second value where one is taken: whoever is silently ignored trusts the
// wrong quotes.
func (v *view) parse(r *http.Request, own ...string) (request, error) {
	var req request
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return req, fmt.Errorf("the address holds a broken %%-escape or a semicolon (%w)", tenor.ErrUsage)
	}
	var known, single []string
	for _, p := range tenor.Params(v.topics) {
		known = append(known, p.Name)
		if !p.Repeated {
			single = append(single, p.Name)
		}
	}
	known, single = append(known, own...), append(single, own...)
	for name, list := range values {
		if !slices.Contains(known, name) {
			return req, fmt.Errorf("%s means nothing at this address, which takes %s (%w)",
				strconv.Quote(name), strings.Join(known, ", "), tenor.ErrUsage)
		}
		given := slices.DeleteFunc(slices.Clone(list), blank)
		if len(given) > 1 && slices.Contains(single, name) {
			return req, fmt.Errorf("%s takes one value, and %d are given (%w)", name, len(given), tenor.ErrUsage)
		}
		values[name] = given
		for _, value := range list {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return req, fmt.Errorf("%s: the value is not text (%w)", name, tenor.ErrUsage)
			}
		}
	}
	if req.Filter, err = tenor.ParseFilter(values, v.topics); err != nil {
		return req, err
	}
	req.Cursor = values.Get("cursor")
	if s := values.Get("limit"); s != "" {
		if req.Limit, err = strconv.Atoi(s); err != nil || req.Limit < 1 || req.Limit > maxLimit {
			return req, fmt.Errorf("limit: %q is not a number from 1 to %d (%w)", s, maxLimit, tenor.ErrUsage)
		}
	}
	if s := values.Get("day"); s != "" {
		day, err := tenor.ParseDay(s)
		if err != nil {
			return req, fmt.Errorf("day: %w (%w)", err, tenor.ErrUsage)
		}
		req.Day = &day
	}
	if req.Moved, err = movedOf(values); err != nil {
		return req, err
	}
	if req.Look, err = lookOf(values); err != nil {
		return req, err
	}
	if req.Dialect, err = tenor.ParseDialect(values.Get("dialect")); err != nil {
		return req, err
	}
	return req, nil
}

// limit is the page size asked for, or the default.
func (r *request) limit() int {
	if r.Limit == 0 {
		return defaultLimit
	}
	return r.Limit
}

// tidy sends a form's address with empty fields to the same one without them,
// so that addresses stay short enough to share. It reports whether it did. A broken
// address stays as it is, for parse to refuse.
func tidy(w http.ResponseWriter, r *http.Request) bool {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return false
	}
	empty := false
	for name, list := range values {
		kept := slices.DeleteFunc(slices.Clone(list), blank)
		if len(kept) == len(list) {
			continue
		}
		empty = true
		if values[name] = kept; len(kept) == 0 {
			values.Del(name)
		}
	}
	if empty {
		// The path as it came: decoded, a name with a slash would be another address.
		here := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: values.Encode()}
		http.Redirect(w, r, here.String(), http.StatusSeeOther)
	}
	return empty
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// address is a path with a query.
func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// with is a copy of the filter's query in which name has these values.
func with(f tenor.Filter, name string, values ...string) url.Values {
	v := f.Values()
	if v.Del(name); len(values) > 0 {
		v[name] = values
	}
	return v
}

// without is a copy of the filter's query that lacks one value of name.
func without(f tenor.Filter, name, value string) url.Values {
	v := f.Values()
	v[name] = slices.DeleteFunc(slices.Clone(v[name]), func(s string) bool { return s == value })
	if len(v[name]) == 0 {
		v.Del(name)
	}
	return v
}

// forQuotes is the filter without what only the timeline reads.
func forQuotes(f tenor.Filter) tenor.Filter {
	f.Window, f.Count = 0, ""
	return f
}

// chip is one active filter value, with the address of the page without it.
type chip struct {
	Name, Value, Without string
}

// chips are the filter's active values, in the order of tenor.Params.
func chips(path string, f tenor.Filter) []chip {
	var list []chip
	values := f.Values()
	for _, p := range tenor.Params(f.Topics) {
		if p.Timeline {
			continue // switches show those
		}
		for _, value := range values[p.Name] {
			list = append(list, chip{label(p.Name), valueLabel(p.Name, value), address(path, without(f, p.Name, value))})
		}
	}
	return list
}

// label is a filter's name as people read it.
func label(name string) string {
	switch name {
	case "q":
		return "words"
	case "analyst": // officials and the rest are found by it too
		return "speaker"
	case "speaker_type":
		return "speaker type"
	case "asof":
		return "as known on"
	case "exact":
		return "words"
	}
	return name
}

// valueLabel is a filter's value as people read it. Names and days stay as they
// are: "Voss-Lind" is no "Voss Lind".
func valueLabel(name, value string) string {
	switch name {
	case "stance":
		return shape(value) + " " + value
	case "theme", "subject", "speaker_type":
		return human(value)
	case "exact":
		return "only these"
	}
	return value
}

// personPath, firmPath and outletPath are the pages of a person, a firm and an outlet. A name that a
// path cannot hold ("..") is looked up among the quotes instead.
func personPath(name string) string { return namePath("/analysts/", "analyst", name) }
func firmPath(name string) string   { return namePath("/firms/", "firm", name) }

func outletPath(name string) string { return namePath("/outlets/", "outlet", name) }

func namePath(prefix, param, name string) string {
	if name == "." || name == ".." || strings.Contains(name, "/") {
		return address("/quotes", url.Values{param: {name}})
	}
	return prefix + url.PathEscape(name)
}

// sourceURL is the address of the article at its publisher, or empty when it is
// not one that a browser should follow from here (javascript:, data:, file:).
func sourceURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}
