package web

import (
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// contentSecurityPolicy lets a page load its own stylesheet, scripts and data and
// nothing else. ECharts sets styles through the object model, which style-src
// does not touch, so no inline style is allowed anywhere.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// chartPolicy is that of a page with the chart, which makes pictures of itself: to print,
// and to be saved as PNG.
var chartPolicy = strings.Replace(contentSecurityPolicy, "img-src 'self'", "img-src 'self' blob:", 1)

const (
	writeTime      = 30 * time.Second // to send a page
	exportTime     = 10 * time.Minute // to send an export
	maxQueryLength = 8 << 10          // bytes of an address's query
)

// guard sets the headers of every answer and turns a panic into a plain 500.
func (v *view) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// The address of a page holds what somebody is researching.
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "private, no-cache")

		begin := time.Now()
		out := &statusWriter{ResponseWriter: w}
		defer func() {
			caught := recover()
			if caught == http.ErrAbortHandler {
				panic(caught) // an export that broke off: the client must see it
			}
			if caught != nil {
				v.log.Error("panic while answering", "path", r.URL.Path, "panic", caught, "stack", string(debug.Stack()))
				if out.status != 0 {
					panic(http.ErrAbortHandler)
				}
				http.Error(out, "Internal error", http.StatusInternalServerError)
			}
			v.log.Debug("answered", "method", r.Method, "path", r.URL.Path, "status", out.status, "took", time.Since(begin))
		}()
		if len(r.URL.RawQuery) > maxQueryLength {
			http.Error(out, "The address is too long.", http.StatusRequestURITooLong)
			return
		}
		http.NewResponseController(w).SetWriteDeadline(begin.Add(writeTime))
		next.ServeHTTP(out, r)
	})
}

// ownOrigin refuses what a page of another site makes a browser send here.
func ownOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "This was sent from a page of another site, so nothing was done: send it from a page of this server.", http.StatusForbidden)
	}))
	return protection.Handler(next)
}

// statusWriter remembers whether an answer has begun, and with which status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap gives http.ResponseController the writer beneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// busyClients are the addresses for which an export is under way.
type busyClients struct {
	mu   sync.Mutex
	busy map[string]bool
}

// enter reports whether the client may begin; if so it must leave.
func (b *busyClients) enter(client string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy[client] {
		return false
	}
	if b.busy == nil {
		b.busy = map[string]bool{}
	}
	b.busy[client] = true
	return true
}

func (b *busyClients) leave(client string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.busy, client)
}

// clientOf is the address of the client, without its port.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
