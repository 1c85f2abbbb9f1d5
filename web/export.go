package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"tenor"
)

// export makes a handler of a download: one at a time for each client, with more
// time than a page. A failure after the first byte breaks the connection off, so
// that half a file never looks whole.
func (v *view) export(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := clientOf(r)
		if !v.exports.enter(client) {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "One export at a time: another one to this address is under way.", http.StatusTooManyRequests)
			return
		}
		defer v.exports.leave(client)
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime))
		err := h(w, r)
		var broken *brokenExport
		switch {
		case err == nil || v.gone(r):
		case errors.As(err, &broken):
			v.log.Error("export broke off", "path", r.URL.Path, "error", err)
			panic(http.ErrAbortHandler)
		default:
			status := v.report(r, err)
			_, sentence := explain(err)
			http.Error(w, sentence, status)
		}
	})
}

// brokenExport is an error after the answer began.
type brokenExport struct{ err error }

func (e *brokenExport) Error() string { return e.err.Error() }
func (e *brokenExport) Unwrap() error { return e.err }

// quotesCSV sends every quote that /quotes shows under the same filter.
func (v *view) quotesCSV(w http.ResponseWriter, r *http.Request) error {
	return v.stream(w, r, "text/csv; charset=utf-8", "quotes.csv",
		func(out io.Writer, records iter.Seq2[tenor.Record, error], req request) error {
			_, err := tenor.WriteCSV(out, records, req.Dialect)
			return err
		}, "dialect")
}

// quotesJSONL sends the same quotes, an object a line.
func (v *view) quotesJSONL(w http.ResponseWriter, r *http.Request) error {
	return v.stream(w, r, "application/x-ndjson", "quotes.jsonl",
		func(out io.Writer, records iter.Seq2[tenor.Record, error], _ request) error {
			lines := json.NewEncoder(out)
			lines.SetEscapeHTML(false)
			for record, err := range records {
				if err != nil {
					return err
				}
				if err := lines.Encode(record); err != nil {
					return err
				}
			}
			return nil
		})
}

// quotesParquet sends the same quotes as Parquet.
func (v *view) quotesParquet(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set(gzhttp.HeaderNoCompression, "compressed already")
	return v.stream(w, r, "application/vnd.apache.parquet", "quotes.parquet",
		func(out io.Writer, records iter.Seq2[tenor.Record, error], req request) error {
			_, err := WriteParquet(out, records, req.Filter)
			return err
		})
}

type recordWriter func(io.Writer, iter.Seq2[tenor.Record, error], request) error

// stream sends the records of the request's filter. The first one is fetched
// before anything is sent, so that a filter the store refuses is still a plain 400.
func (v *view) stream(w http.ResponseWriter, r *http.Request, contentType, name string, write recordWriter, own ...string) error {
	req, err := v.parse(r, own...)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(v.store.Records(r.Context(), req.Filter))
	defer stop()
	first, err, any := next()
	if err != nil {
		return err
	}
	records := func(yield func(tenor.Record, error) bool) {
		for record, err, ok := first, error(nil), any; ok; record, err, ok = next() {
			if !yield(record, err) {
				return
			}
		}
	}
	return sendFile(w, r, contentType, name, func(out io.Writer) error { return write(out, records, req) })
}

// timelineCSV sends the days of the chart.
func (v *view) timelineCSV(w http.ResponseWriter, r *http.Request) error {
	req, err := v.parse(r, "dialect")
	if err != nil {
		return err
	}
	t, err := v.store.Timeline(r.Context(), req.Filter)
	if err != nil {
		return err
	}
	return sendFile(w, r, "text/csv; charset=utf-8", "timeline.csv", func(out io.Writer) error {
		return tenor.WriteTimelineCSV(out, t.Points)
	})
}

// sendFile answers with a file. An error of write is a brokenExport: the answer has begun.
func sendFile(w http.ResponseWriter, r *http.Request, contentType, name string, write func(io.Writer) error) error {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="tenor-`+name+`"`)
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if err := write(w); err != nil {
		return &brokenExport{fmt.Errorf("export %s: %w", name, err)}
	}
	return nil
}

// storeFile sends the store itself as it is at one moment. One copy is made at a time: it
// takes as much of the disk as the store does, until it is sent.
func (v *view) storeFile(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	send := func(write func(io.Writer) error) error {
		return sendFile(w, r, "application/vnd.sqlite3", "store.db", write)
	}
	w.Header().Set(gzhttp.HeaderNoCompression, "its size is said")
	if r.Method == http.MethodHead {
		return send(nil)
	}
	if !v.copying.TryLock() {
		w.Header().Set("Retry-After", "60")
		return &httpError{status: http.StatusTooManyRequests, sentence: "One copy of the store at a time: another one is being made or sent."}
	}
	defer v.copying.Unlock()
	file, size, err := v.store.Snapshot(r.Context())
	if err != nil {
		return err
	}
	defer file.Close()
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	control := http.NewResponseController(w)
	return send(func(out io.Writer) error {
		for { // a large store may take long, as long as it moves
			control.SetWriteDeadline(time.Now().Add(writeTime))
			switch _, err := io.CopyN(out, file, 1<<20); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
		}
	})
}
