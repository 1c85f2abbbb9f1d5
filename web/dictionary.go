package web

import (
	"io"
	"net/http"
	"strings"

	"tenor"
)

// dictionaryCSV, dictionaryJSON and dataPackage send what the columns of the exports hold.
func (v *view) dictionaryCSV(w http.ResponseWriter, r *http.Request) error {
	return v.describe(w, r, "text/csv; charset=utf-8", tenor.WriteDictionaryCSV)
}

func (v *view) dictionaryJSON(w http.ResponseWriter, r *http.Request) error {
	return v.describe(w, r, "application/json; charset=utf-8", tenor.WriteDictionaryJSON)
}

// dataPackage names the files by their addresses here, so that a program that is given
// the package finds them.
func (v *view) dataPackage(w http.ResponseWriter, r *http.Request) error {
	return v.describe(w, r, "application/json; charset=utf-8", func(out io.Writer, tables []tenor.Table) error {
		return tenor.WriteDataPackage(out, tables, func(file string) string {
			address := origin(r) + "/" + file
			if file == "quotes.csv" {
				address += "?dialect=" + string(tenor.DialectRaw)
			}
			return address
		})
	})
}

func (v *view) describe(w http.ResponseWriter, r *http.Request, contentType string, write func(io.Writer, []tenor.Table) error) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	w.Header().Set("Content-Type", contentType)
	return write(w, tenor.Dictionary(v.topics))
}

// takesNothing refuses a query where an address has none.
func takesNothing(r *http.Request) error {
	if r.URL.RawQuery != "" {
		return &httpError{status: http.StatusBadRequest, sentence: "This address takes no parameters."}
	}
	return nil
}

// origin is the address of this server as the client asked for it.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
