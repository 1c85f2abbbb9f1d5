// Package newsroom is the invented press that `tenor demo` crawls: six outlets
// that report on markets and copy, rewrite and translate each other, served
// under one address. Every person, firm, outlet and figure in it is invented.
//
//	newsroom.go   Handler and Config: what a caller needs
//	content.go    the articles and people, read from embedded files
//	body.go       the light markup of an article's body
//	outlets.go    the outlets: their addresses, feeds and habits
//	site.go       every page, made once
//	feeds.go      RSS, Atom, JSON Feed, sitemaps
//	traps.go      pages that a crawler must survive or leave alone
//	gold.go       the quotes that the articles hold, as labelled articles
package newsroom

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Handler serves every outlet under its own path ("/harbor-ledger/") and one
// robots.txt for all. base is the address at which it will be reached, without a
// final slash ("http://127.0.0.1:8099"); links, feeds and sitemaps carry it. The
// same base always gives the same bytes.
func Handler(base string) http.Handler {
	pages := newSite(strings.TrimSuffix(base, "/")).pages
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.Path
		// Every other parameter is a tracking one and changes nothing.
		if n := r.URL.Query().Get("page"); n != "" {
			key += "?page=" + n
		}
		p, ok := pages[key]
		switch {
		case !ok:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<!doctype html><html lang=\"en\"><title>Page not found</title><h1>Page not found</h1><p>The story may have been moved or withdrawn.</p></html>")
		case p.redirect != "":
			http.Redirect(w, r, p.redirect, http.StatusMovedPermanently)
		default:
			w.Header().Set("Content-Type", p.mime)
			w.Header().Set("ETag", p.etag)
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.body))
		}
	})
}

// Config is the text of a tenor.toml that collects the newsroom at base.
func Config(base string) string {
	base = strings.TrimSuffix(base, "/")
	var b strings.Builder
	b.WriteString("# Sources of the invented newsroom: every outlet, person and firm in it is made up.\n")
	// One machine plays six publishers, so the usual second between requests to
	// one host would only make the demo slow.
	fmt.Fprintf(&b, "\n[crawl]\ndelay = \"10ms\"\nallow_private = [%q]\n", strings.TrimPrefix(base, "http://"))
	for _, s := range sources {
		fmt.Fprintf(&b, "\n[[source]]\nname = %q\nurl = %q\nkind = %q\noutlet = %q\n", s.name, base+s.path, s.kind, s.outlet)
		if s.links != "" {
			fmt.Fprintf(&b, "links = '%s'\n", s.links)
		}
	}
	return b.String()
}
